//! An e-invoice with its visible page: what the page says beside the XML, and what only the page says.
//!
//! The page of a hybrid PDF is read like any other. Where its reading of a field that money hangs on differs from the XML's
//! value, the reading is laid beside that value as an alternative with page and box; whether the two contradict each
//! other is for the rules to judge. The XML stays the invoice: only what it cannot hold is taken from the page, which is
//! the lines where its profile has none (MINIMUM and BASIC WL of Factur-X), and with them VAT by rate, due date and account.

use super::draft::Draft;
use crate::model::{
    Alternative, Amount, Date, Document, Evidence, Field, Invoice, Payment, Warning,
};

/// Code of the note that the lines are the page's.
pub(super) const WITHOUT_LINES: &str = "PROFILE_WITHOUT_LINES";

/// A field that is compared, and what an invoice says in it.
type Compared = (&'static str, fn(&Invoice) -> Option<String>);

/// The fields that money hangs on. Names are left out: pages spell them in too many ways.
const COMPARED: &[Compared] = &[
    ("invoice_number", |invoice| text(&invoice.invoice_number)),
    ("invoice_date", |invoice| {
        invoice
            .invoice_date
            .get()
            .map(|date: Date| date.to_string())
    }),
    ("vendor_vat", |invoice| text(&invoice.vendor_vat)),
    ("currency", |invoice| text(&invoice.currency)),
    ("total", |invoice| amount(invoice, &invoice.total)),
    ("amount_due", |invoice| amount(invoice, &invoice.amount_due)),
    ("iban", |invoice| text(&invoice.iban)),
];

fn text(field: &Field<String>) -> Option<String> {
    field.text().map(str::to_owned)
}

fn amount(invoice: &Invoice, field: &Field<Amount>) -> Option<String> {
    let amount = field.get()?;
    Some(amount.in_currency(invoice.currency.text()).to_string())
}

/// Lays what the page says beside the XML, and completes what the XML's profile cannot hold.
pub(super) fn beside(document: &mut Document, page: Draft) {
    let Some(invoice) = document.invoice.as_mut() else {
        return;
    };
    for (field, value) in COMPARED {
        let Some(evidence) = document.evidence.get_mut(*field) else {
            continue;
        };
        let (Some(xml), Some(printed)) = (value(invoice), value(&page.invoice)) else {
            continue;
        };
        if let Some(read) = page.evidence.get(*field).filter(|_| xml != printed) {
            evidence.alternatives.push(Alternative {
                value: printed,
                page: read.page,
                bbox: read.bbox,
                method: read.method,
                confidence: read.confidence,
            });
        }
    }
    if header_only(invoice)
        && complete(invoice, &mut document.evidence, page)
        && let Some(ocr) = &mut document.ocr
    {
        ocr.warnings.push(Warning {
            code: WITHOUT_LINES.to_owned(),
            message: "the XML's profile has no lines: they are read from the page".to_owned(),
            page: None,
        });
    }
}

/// Tells whether the XML is of a profile that has a header and no lines.
fn header_only(invoice: &Invoice) -> bool {
    let Some(profile) = invoice.profile.text() else {
        return false;
    };
    let letters = crate::lang::fold(profile);
    let profile = letters.replace(' ', "");
    profile.ends_with("minimum") || profile.ends_with("basicwl")
}

/// Takes from the page what the XML does not say; tells whether the lines are among it.
fn complete(
    invoice: &mut Invoice,
    evidence: &mut std::collections::BTreeMap<String, Evidence>,
    page: Draft,
) -> bool {
    let Draft {
        invoice: printed,
        evidence: read,
        ..
    } = page;
    let mut taken: Vec<&str> = Vec::new();
    let lines = invoice.line_items.is_empty() && !printed.line_items.is_empty();
    if lines {
        invoice.line_items = printed.line_items;
        taken.push("line_items[");
    }
    if invoice.vat_breakdown.is_empty() && !printed.vat_breakdown.is_empty() {
        invoice.vat_breakdown = printed.vat_breakdown;
        taken.push("vat_breakdown[");
    }
    if !invoice.due_date.is_value() && printed.due_date.is_value() {
        invoice.due_date = printed.due_date;
        taken.push("due_date");
    }
    if !invoice.iban.is_value() && printed.iban.is_value() {
        invoice.iban = printed.iban;
        invoice.bic = printed.bic;
        let accounts = printed
            .payment
            .value()
            .map(|payment| payment.accounts.clone());
        let mut payment = invoice.payment.value().cloned().unwrap_or_default();
        payment.accounts = accounts.unwrap_or_default();
        invoice.payment = Field::<Payment>::Value(payment);
        taken.extend(["iban", "bic", "payment.accounts["]);
    }
    let ours = |path: &str| {
        taken
            .iter()
            .any(|part| path == *part || part.ends_with('[') && path.starts_with(part))
    };
    evidence.extend(read.into_iter().filter(|(path, _)| ours(path)));
    lines
}
