//! What is certainly on a generated document, in the form scorers of extraction read: one JSON line a document.
//!
//! A value is there if it was printed; `null` says that it is certainly not on the page; a key that is missing says nothing.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use crate::model::{Amount, Field, Invoice};

/// The `truth` of a document of which these keys were printed.
pub(super) fn truth(invoice: &Invoice, printed: &BTreeSet<&'static str>) -> Value {
    let mut truth = Map::new();
    let texts = [
        (
            "invoice_number",
            invoice.invoice_number.text().map(str::to_owned),
        ),
        (
            "invoice_date",
            invoice.invoice_date.get().map(|date| date.to_string()),
        ),
        (
            "due_date",
            invoice.due_date.get().map(|date| date.to_string()),
        ),
        ("currency", invoice.currency.text().map(str::to_owned)),
        ("vendor_name", invoice.vendor_name.text().map(str::to_owned)),
        ("vendor_vat", invoice.vendor_vat.text().map(str::to_owned)),
        ("buyer_name", invoice.buyer_name.text().map(str::to_owned)),
        ("subtotal", amount(&invoice.subtotal)),
        ("vat_amount", amount(&invoice.vat_amount)),
        ("total", amount(&invoice.total)),
        ("amount_due", amount(&invoice.amount_due)),
        (
            "po_reference",
            invoice.po_reference.text().map(str::to_owned),
        ),
        ("iban", invoice.iban.text().map(str::to_owned)),
    ];
    for (key, value) in texts {
        if printed.contains(key) {
            truth.insert(key.to_owned(), value.map_or(Value::Null, Value::String));
        } else if certainly_absent(key, printed) {
            truth.insert(key.to_owned(), Value::Null);
        }
    }
    // Nothing else is due than the total, where nothing is paid.
    if !printed.contains("amount_due")
        && !invoice.paid_amount.is_value()
        && printed.contains("total")
    {
        truth.insert("amount_due".to_owned(), truth["total"].clone());
    }
    if printed.contains("description") && printed.contains("line_total") {
        truth.insert("line_items".to_owned(), lines(invoice, printed));
    }
    Value::Object(truth)
}

/// Tells what is `null`: where nothing on the page could be read as the value. Sums and dates follow from others and names
/// from addresses of mail, so that they say nothing where they are not printed.
fn certainly_absent(key: &str, printed: &BTreeSet<&'static str>) -> bool {
    match key {
        "vendor_vat" | "iban" | "po_reference" => true,
        "due_date" => !printed.contains("terms"),
        _ => false,
    }
}

fn amount(amount: &Field<Amount>) -> Option<String> {
    amount.get().map(|amount| amount.0.to_string())
}

fn lines(invoice: &Invoice, printed: &BTreeSet<&'static str>) -> Value {
    invoice
        .line_items
        .iter()
        .map(|line| {
            let mut item =
                json!({ "description": line.description.text(), "total": amount(&line.total) });
            if printed.contains("quantity") {
                item["quantity"] =
                    json!(line.quantity.get().map(|quantity| quantity.0.to_string()));
            }
            if printed.contains("unit_price") {
                item["unit_price"] = json!(line.unit_price.get().map(|price| price.0.to_string()));
            }
            item
        })
        .collect()
}
