//! The same invoice again: by keys that the journal and the earlier lines of the input are asked for.
//!
//! A key is made of what identifies an invoice, and an invoice has several: its vendor may be known by number in one copy and by
//! name only in another. The keys of the first kind say "the same invoice", those of the second "look at both".

use super::context::{Kind, Need};
use super::findings::Draft;
use super::{Context, Findings, Rule};
use crate::model::{Document, Hundredths, Invoice, Questions, Severity, compact, fold};

pub(super) const RULES: &[Rule] = &[
    Rule {
        code: "DUPLICATE",
        name: "the same invoice was taken in before",
        severity: Severity::Error,
        weight: Hundredths(50),
        needs: &[Need::InvoiceNumber],
        check: duplicate,
        doc: doc!(
            "Whether the same vendor (by its id, VAT id or name) sent a document of the same kind with the same number in the same year, among all accepted documents of the journal and \
             the earlier ones of this input; or whoever it was, one with the same number, day and amount. A credit note with the number of its invoice is another document, and the same file at \
             two paths is one.",
            "The commonest way to pay twice: once from the mail, once from the scanner.",
            "`INV-42` as PDF in March and as a scan in April.",
            "Reject one of the two with `vouch reject ID`. If they are different invoices with one number, approve it with a note."
        ),
    },
    Rule {
        code: "NEAR_DUPLICATE",
        name: "an invoice was taken in before that is nearly the same",
        severity: Severity::Warning,
        weight: Hundredths(35),
        needs: &[Need::Total],
        check: near,
        doc: doc!(
            "Whether the same vendor sent a document of the same kind with the same amount on the same day under another number, or with the same number and amount on another day.",
            "A second copy often differs in a digit that was misread, or in a date that was printed anew.",
            "`INV-42` and `INV-4Z`, both over 119.00 of 2026-01-15.",
            "Compare both pages; reject the copy, or approve both."
        ),
    },
];

/// Marks the keys that say "the same invoice".
const SAME: &str = "same";
/// Marks the keys that say "look at both".
const NEAR: &str = "near";

/// What is asked about other documents: the duplicate keys, strictest first, and the vendor's history.
pub(super) fn questions(document: &Document, invoice: &Invoice) -> Questions {
    let vendors = identities(document, invoice);
    let kind = Kind::of(invoice.document_type.text()).name();
    let number = number(invoice);
    let total = invoice
        .total
        .get()
        .map(|total| total.decimal().abs().normalize().to_string());
    let date = invoice.invoice_date.get();
    let currency = invoice.currency.text().map(compact).unwrap_or_default();
    let mut keys = Vec::new();
    if let Some(number) = &number {
        let year = date.map_or_else(|| "undated".to_owned(), |date| date.0.year().to_string());
        keys.extend(
            vendors
                .iter()
                .map(|vendor| format!("{SAME}|{vendor}|{number}|{kind}|{year}")),
        );
        // Whoever sent it: a number that is long enough, the day and the amount together are no accident.
        if let (Some(total), Some(date), true) = (&total, date, telling(number)) {
            keys.push(format!("{SAME}||{number}|{kind}|{date}|{total}|{currency}"));
        }
    }
    if let Some(total) = &total {
        for vendor in &vendors {
            if let Some(number) = &number {
                keys.push(format!(
                    "{NEAR}|{vendor}|{number}|{kind}||{total}|{currency}"
                ));
            }
            if let Some(date) = date {
                keys.push(format!("{NEAR}|{vendor}||{kind}|{date}|{total}|{currency}"));
            }
        }
    }
    Questions {
        duplicate_keys: keys,
        vendor: vendors
            .into_iter()
            .next()
            .zip(invoice.currency.text().map(str::to_owned)),
    }
}

/// By what the vendor can be recognised, the surest first.
fn identities(document: &Document, invoice: &Invoice) -> Vec<String> {
    let id = document
        .vendor
        .as_ref()
        .and_then(|vendor| vendor.vendor_id.as_deref());
    let vat = invoice
        .vendor_vat
        .text()
        .map(compact)
        .filter(|vat| vat.len() >= 6);
    let name = invoice
        .vendor_name
        .text()
        .map(fold)
        .filter(|name| !name.is_empty());
    [
        // A separator in a foreign id must not make two keys one.
        id.map(|id| format!("id:{}", id.replace('|', "/"))),
        vat.map(|vat| format!("vat:{vat}")),
        name.map(|name| format!("name:{name}")),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The number as it is compared.
fn number(invoice: &Invoice) -> Option<String> {
    let normalised = invoice
        .invoice_number_norm
        .text()
        .or(invoice.invoice_number.text());
    normalised.map(compact).filter(|number| !number.is_empty())
}

/// Tells whether a number is long enough to mean something without its vendor.
fn telling(number: &str) -> bool {
    number.chars().count() >= 4 && number.bytes().any(|byte| byte.is_ascii_digit())
}

fn duplicate(context: &Context<'_>, findings: &mut Findings<'_>) {
    let number = context.invoice.invoice_number.text().unwrap_or_default();
    let mut found = false;
    for earlier in &context.past.duplicates {
        if earlier.key.starts_with(SAME) {
            found = true;
            let draft = Draft::new(format!(
                "Invoice {number} already exists (ref: {})",
                earlier.path
            ));
            findings.add(
                draft
                    .field("invoice_number")
                    .compare("a number not used before", earlier.id.short())
                    .suggest("Reject one of the two"),
            );
        }
    }
    if !found && !context.past.journal {
        findings.skip("without a journal only the earlier documents of this input are known");
    }
    if !found && identities(context.document, context.invoice).is_empty() {
        findings.skip("the vendor cannot be told");
    }
}

fn near(context: &Context<'_>, findings: &mut Findings<'_>) {
    for earlier in &context.past.duplicates {
        if earlier.key.starts_with(NEAR) {
            let amount = context.money(context.invoice.total.get().unwrap_or_default().decimal());
            let draft = Draft::new(format!(
                "An invoice of this vendor over {amount} already exists (ref: {})",
                earlier.path
            ));
            findings.add(
                draft
                    .field("total")
                    .compare("an invoice not taken in before", earlier.id.short())
                    .suggest("Compare both pages"),
            );
        }
    }
    if !context.past.journal && context.past.duplicates.is_empty() {
        findings.skip("without a journal only the earlier documents of this input are known");
    }
}
