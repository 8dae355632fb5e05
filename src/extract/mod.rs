//! A document's words to the fields of an invoice, each with its evidence.
#[expect(dead_code)]
mod iban_check;
#[expect(dead_code)]
mod vat_id;
