//! A document's words to the fields of an invoice, each with its evidence.
