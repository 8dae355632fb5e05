//! Number, type, dates, references and terms.

use super::{Edi, Part, Sections};
use crate::input::derived;
use crate::input::edi::{self, Datum, Segment};
use crate::input::xml::fields::Place as _;
use crate::model::{DiscountTerm, Field, Invoice, PrecedingInvoice};

/// What belongs to terms of payment.
const OF_TERMS: &[&str] = &["DTM", "PCD", "MOA", "PAI"];

pub(super) fn read<'t>(f: &mut Edi<'t>, parts: &Sections<'t>, invoice: &mut Invoice) {
    let header = parts.header;
    let beginning = header.all("BGM").next();
    let at = |element| beginning.and_then(|segment| Datum::text(segment, element, 1));
    invoice.invoice_number = f.text("invoice_number", at(2));
    invoice.document_type = f.parsed("document_type", at(1), "a document type", document_type);
    dates(f, header, invoice);
    references(f, parts, invoice);
    terms(f, header, invoice);
    let texts = header.all("FTX").filter(|text| !is_terms(text));
    let notes: Vec<Vec<Option<Datum<'t>>>> = texts.map(free_text).collect();
    for note in &notes {
        let field = format!("notes[{}]", invoice.notes.len());
        if let Some(text) = f.joined(&field, note, "\n").value() {
            invoice.notes.push(text.clone());
        }
    }
    let profile = header.all("UNH").next();
    invoice.profile = f.text(
        "profile",
        profile.and_then(|message| Datum::whole(message, 2)),
    );
}

/// A code of UNTDID 1001; own codes of partners are none.
fn document_type(code: &str) -> Option<String> {
    let is_code = (2..=3).contains(&code.len())
        && !code.starts_with('0')
        && code.bytes().all(|byte| byte.is_ascii_digit());
    is_code.then(|| code.to_owned())
}

fn dates<'t>(f: &mut Edi<'t>, header: Part<'t>, invoice: &mut Invoice) {
    let mut date =
        |field: &str, codes: &[&str]| f.parsed(field, header.date(codes), "a date", edi::dated);
    invoice.invoice_date = date("invoice_date", &["137", "3"]);
    invoice.due_date = date("due_date", &["13", "140"]);
    invoice.tax_point_date = date("tax_point_date", &["131"]);
    invoice.delivery_date = date("delivery_date", &["35"]);
    invoice.period_start = date("period_start", &["194", "167"]);
    invoice.period_end = date("period_end", &["206", "168"]);
    let both = header.date(&["263"]);
    if both.is_some() && !invoice.period_start.is_value() {
        let start = |text: &str| edi::period(text, false);
        let end = |text: &str| edi::period(text, true);
        invoice.period_start = f.parsed("period_start", both, "a period", start);
        invoice.period_end = f.parsed("period_end", both, "a period", end);
    }
}

fn references<'t>(f: &mut Edi<'t>, parts: &Sections<'t>, invoice: &mut Invoice) {
    let header = parts.header;
    let orders = |part: &Part<'t>| -> Vec<Datum<'t>> {
        part.all("RFF")
            .filter(|segment| segment.is("RFF", &["ON"]))
            .filter_map(|segment| Datum::text(segment, 1, 2))
            .collect()
    };
    let mut all = orders(&header);
    all.extend(parts.lines.iter().flat_map(orders));
    derived::purchase_orders(f, invoice, all);
    let groups = header.groups("RFF", &["DTM"]);
    let of = |codes: &'static [&str]| {
        let groups = groups.iter().copied();
        groups.filter(move |group| group.0[0].is("RFF", codes))
    };
    let ordered = of(&["ON"]).find_map(|group| group.date(&["171", "4"]));
    invoice.order_date = f.parsed("order_date", ordered, "a date", edi::dated);
    let before: Vec<Part<'t>> = of(&["IV", "OI"])
        .filter(|group| group.reference(&["IV", "OI"]).is_some())
        .collect();
    for (index, group) in before.into_iter().enumerate() {
        let one = f.within(&format!("preceding_invoices[{index}]"), |f| {
            PrecedingInvoice {
                number: f.text("number", group.reference(&["IV", "OI"])),
                date: f.parsed(
                    "date",
                    group.date(&["171", "137", "3"]),
                    "a date",
                    edi::dated,
                ),
            }
        });
        invoice.preceding_invoices.push(one);
    }
    let mut text = |field: &str, codes: &[&str]| f.text(field, header.reference(codes));
    invoice.contract_reference = text("contract_reference", &["CT"]);
    invoice.project_reference = text("project_reference", &["AEP"]);
    invoice.sales_order_reference = text("sales_order_reference", &["VN"]);
    invoice.despatch_reference = text("despatch_reference", &["AAK", "DQ"]);
    invoice.receipt_reference = text("receipt_reference", &["ALO"]);
    invoice.buyer_reference = text("buyer_reference", &["CR"]);
    invoice.buyer_accounting_reference = text("buyer_accounting_reference", &["AOU"]);
}

/// Texts about terms of payment.
fn is_terms(text: &Segment) -> bool {
    ["AAB", "PMT", "PMD"].contains(&text.get(1, 1))
}

/// The parts of a free text, of `FTX` or of terms.
pub(super) fn free_text(segment: &Segment) -> Vec<Option<Datum<'_>>> {
    let element = if segment.tag == "FTX" { 4 } else { 2 };
    let first = if segment.tag == "FTX" { 1 } else { 4 };
    let last = segment.components(element);
    (first..=last)
        .map(|component| Datum::text(segment, element, component))
        .collect()
}

/// Terms with a discount are discounts; those without say when to pay, where no date does.
fn terms<'t>(f: &mut Edi<'t>, header: Part<'t>, invoice: &mut Invoice) {
    let told = header.all("FTX").find(|text| is_terms(text));
    let (discounts, net): (Vec<_>, Vec<_>) = header
        .groups("PAT", OF_TERMS)
        .into_iter()
        .partition(|terms| terms.0[0].get(1, 1) == "22");
    let words = told.or_else(|| net.first().map(|terms| &terms.0[0]));
    if let Some(words) = words {
        invoice.payment_terms = f.joined("payment_terms", &free_text(words), "\n");
    } else {
        invoice.payment_terms = Field::Null;
    }
    if let (None, Some(issued)) = (invoice.due_date.get(), invoice.invoice_date.get()) {
        // 20 is a penalty for paying late.
        let term = net.iter().find(|terms| terms.0[0].get(1, 1) != "20");
        let days = term.and_then(|terms| days(&terms.0[0]));
        if let Some((place, n)) = days
            && let Some(due) = issued.plus_days(n)
        {
            let operands = format!("invoice_date + {}", f.path(place));
            f.computed("due_date", operands);
            invoice.due_date = Field::Value(due);
        }
    }
    for (index, group) in discounts.into_iter().enumerate() {
        let one = f.within(&format!("discount_terms[{index}]"), |f| {
            let percent = group.one("PCD", &["12", "1", "3"]);
            let count = days(&group.0[0]);
            if let Some((place, _)) = count {
                f.read_from("days", place);
            }
            DiscountTerm {
                percent: f.rate("percent", percent.and_then(|p| Datum::number(p, 1, 2))),
                days: Field::found(count.and_then(|(_, n)| u32::try_from(n).ok())),
                due: f.parsed("due", group.date(&["12", "13"]), "a date", edi::dated),
                base: f.amount("base", group.amount(&["25", "129"])),
            }
        });
        invoice.discount_terms.push(one);
    }
}

/// A number of days from the invoice's date on (C112: reference, relation, kind of period, number).
fn days(terms: &Segment) -> Option<(Datum<'_>, i64)> {
    let reference = terms.get(3, 1);
    let place = Datum::number(terms, 3, 4)?;
    let from_invoice = ["", "1", "5", "24"].contains(&reference);
    let count: i64 = place.text().parse().ok()?;
    match terms.get(3, 3) {
        "D" | "CD" | "" if from_invoice => Some((place, count)),
        "W" if from_invoice => Some((place, count.checked_mul(7)?)),
        _ => None,
    }
}
