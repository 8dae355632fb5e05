//! Number, type, dates, references and terms.

use super::{Edi, Sections, all, number, one, text};
use crate::input::derived;
use crate::input::edi::{Datum, Segment};
use crate::input::xml::fields::{self, Place as _};
use crate::model::{Date, DiscountTerm, Field, Invoice, PrecedingInvoice};

/// `BIG07` (data element 640) as UNTDID 1001; any other is an invoice.
const TYPES: &[(&str, &str)] = &[("CN", "381"), ("CR", "381"), ("DC", "381"), ("DR", "383")];

pub(super) fn read<'t>(f: &mut Edi<'t>, parts: &Sections<'t>, invoice: &mut Invoice) {
    let beginning = all(parts.header, "BIG").next();
    let at = |element| beginning.and_then(|segment| text(segment, element));
    invoice.invoice_date = f.parsed("invoice_date", at(1), "a date", date);
    invoice.invoice_number = f.text("invoice_number", at(2));
    invoice.order_date = f.parsed("order_date", at(3), "a date", date);
    invoice.document_type = f.code("document_type", at(7), TYPES);
    if !invoice.document_type.is_value() {
        // The transaction set is an invoice unless it says otherwise.
        invoice.document_type = Field::Value("380".to_owned());
        if let Some(kind) = parts.header.first().and_then(|set| text(set, 1)) {
            f.read_from("document_type", at(7).unwrap_or(kind));
        }
    }
    references(f, parts, at(4), invoice);
    dates(f, parts.header, invoice);
    terms(f, parts.header, invoice);
    let notes = all(parts.header, "NTE").filter_map(|note| text(note, 2));
    let messages = all(parts.header, "MSG").filter_map(|message| text(message, 1));
    invoice.notes = f.texts("notes", notes.chain(messages).collect());
}

/// A date of eight digits, in old versions six.
fn date(text: &str) -> Option<Date> {
    match text.len() {
        6 => {
            let century = if text.get(..2)?.parse::<u8>().ok()? < 80 {
                "20"
            } else {
                "19"
            };
            fields::date(&format!("{century}{text}"))
        }
        _ => fields::date(text),
    }
}

fn references<'t>(
    f: &mut Edi<'t>,
    parts: &Sections<'t>,
    order: Option<Datum<'t>>,
    invoice: &mut Invoice,
) {
    let mut orders: Vec<Datum<'t>> = order.into_iter().collect();
    orders.extend(one(parts.header, "REF", &["PO"]).and_then(|r| text(r, 2)));
    let of_lines = parts.lines.iter().filter_map(super::lines::order);
    orders.extend(of_lines);
    derived::purchase_orders(f, invoice, orders);
    let mut reference = |field: &str, codes: &[&str]| {
        f.text(
            field,
            one(parts.header, "REF", codes).and_then(|reference| text(reference, 2)),
        )
    };
    invoice.contract_reference = reference("contract_reference", &["CT"]);
    invoice.sales_order_reference = reference("sales_order_reference", &["VN", "CO"]);
    invoice.despatch_reference = reference("despatch_reference", &["PK", "SI"]);
    invoice.receipt_reference = reference("receipt_reference", &["RV"]);
    invoice.buyer_reference = reference("buyer_reference", &["CR"]);
    invoice.buyer_accounting_reference = reference("buyer_accounting_reference", &["12"]);
    let before = one(parts.header, "REF", &["OI", "I5"]).and_then(|r| text(r, 2));
    if before.is_some() {
        let one = f.within("preceding_invoices[0]", |f| PrecedingInvoice {
            number: f.text("number", before),
            date: Field::Null,
        });
        invoice.preceding_invoices.push(one);
    }
}

fn dates<'t>(f: &mut Edi<'t>, header: &'t [Segment], invoice: &mut Invoice) {
    let mut dated = |field: &str, codes: &[&str]| {
        let place = one(header, "DTM", codes).and_then(|segment| text(segment, 2));
        f.parsed(field, place, "a date", date)
    };
    if !invoice.invoice_date.is_value() {
        invoice.invoice_date = dated("invoice_date", &["003"]);
    }
    // Delivered, shipped; service period.
    invoice.delivery_date = dated("delivery_date", &["035", "011"]);
    invoice.period_start = dated("period_start", &["186", "150", "434"]);
    invoice.period_end = dated("period_end", &["187", "151", "435"]);
    invoice.due_date = dated("due_date", &["814", "895"]);
}

/// `ITD`: discount in percent, until a date or within days; net date or days. Days count from the invoice's date unless
/// `ITD02` says otherwise.
fn terms<'t>(f: &mut Edi<'t>, header: &'t [Segment], invoice: &mut Invoice) {
    let terms: Vec<&Segment> = all(header, "ITD").collect();
    let words = terms.iter().find_map(|terms| text(terms, 12));
    invoice.payment_terms = f.text("payment_terms", words);
    if !invoice.due_date.is_value() {
        let told = terms.iter().find_map(|terms| text(terms, 6));
        invoice.due_date = f.parsed("due_date", told, "a date", date);
    }
    let days = terms
        .iter()
        .filter(|terms| ["", "3"].contains(&terms.get(2, 1)))
        .find_map(|terms| number(terms, 7));
    if let (false, Some(days), Some(issued)) = (
        invoice.due_date.is_value(),
        days,
        invoice.invoice_date.get(),
    ) && let Some(due) = days.text().parse().ok().and_then(|n| issued.plus_days(n))
    {
        let operands = format!("invoice_date + {}", f.path(days));
        f.computed("due_date", operands);
        invoice.due_date = Field::Value(due);
    }
    for terms in terms {
        let rate = number(terms, 3);
        let is_zero = rate.is_none_or(|rate| rate.text().trim_matches(['0', '.']).is_empty());
        if is_zero {
            continue;
        }
        let index = invoice.discount_terms.len();
        let one = f.within(&format!("discount_terms[{index}]"), |f| DiscountTerm {
            percent: f.rate("percent", rate),
            days: f.parsed("days", number(terms, 5), "a number of days", |text| {
                text.parse().ok()
            }),
            due: f.parsed("due", text(terms, 4), "a date", date),
            base: Field::Null,
        });
        invoice.discount_terms.push(one);
    }
}
