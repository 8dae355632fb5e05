//! The lines: `IT1` and what stands behind it. Their sums are computed.

use super::totals::{charge, sum_of};
use super::{Edi, all, number, one, text};
use crate::input::edi::{Datum, Segment};
use crate::model::{Amount, Decimal, Field, LineItem, Quantity};
use rust_decimal::RoundingStrategy;

/// `IT105` (data element 639): the price is for a hundred, for a thousand.
const BASES: &[(&str, u32)] = &[("HP", 100), ("HF", 100), ("TP", 1000), ("TF", 1000)];

pub(super) fn read<'t>(f: &mut Edi<'t>, lines: &[&'t [Segment]]) -> Vec<LineItem> {
    lines
        .iter()
        .enumerate()
        .map(|(index, line)| f.within(&format!("line_items[{index}]"), |f| item(f, line)))
        .collect()
}

/// The purchase order of a line.
pub(super) fn order<'t>(line: &&'t [Segment]) -> Option<Datum<'t>> {
    let reference = one(line, "REF", &["PO"]).and_then(|reference| text(reference, 2));
    reference.or_else(|| article(&line[0], &["PO"]))
}

/// Article numbers: pairs of a kind and a number from `IT106` on.
fn article<'t>(head: &'t Segment, kinds: &[&str]) -> Option<Datum<'t>> {
    let mut pairs = (6..head.elements()).step_by(2);
    let at = pairs.find(|at| kinds.contains(&head.get(*at, 1)))?;
    text(head, at + 1)
}

fn item<'t>(f: &mut Edi<'t>, line: &'t [Segment]) -> LineItem {
    let head = &line[0];
    let texts: Vec<_> = all(line, "PID").map(|text_of| text(text_of, 5)).collect();
    let tax = all(line, "TXI").next();
    let mut item = LineItem {
        line: f.text("line", text(head, 1)),
        description: f.joined("description", &texts, "\n"),
        quantity: f.quantity("quantity", number(head, 2)),
        unit: f.text("unit", text(head, 3)),
        unit_price: f.quantity("unit_price", number(head, 4)),
        product_code: f.text(
            "product_code",
            article(head, &["VP", "VN", "VC", "VA", "MG", "SK"]),
        ),
        buyer_code: f.text("buyer_code", article(head, &["BP", "IN", "PI", "CB"])),
        gtin: f.text("gtin", article(head, &["UP", "UI", "UK", "UA", "EN", "EO"])),
        po_reference: f.text("po_reference", order(&line)),
        po_line: f.text("po_line", article(head, &["PL"])),
        vat_rate: f.rate("vat_rate", tax.and_then(|tax| number(tax, 3))),
        vat_amount: f.amount("vat_amount", tax.and_then(|tax| number(tax, 2))),
        ..LineItem::default()
    };
    let base = BASES.iter().find(|(basis, _)| head.get(5, 1) == *basis);
    if let (Some((_, count)), Some(place)) = (base, text(head, 5)) {
        f.read_from("price_base_quantity", place);
        item.price_base_quantity = Field::Value(Quantity(Decimal::from(*count)));
    }
    for segment in all(line, "SAC") {
        let (list, part) = match segment.get(1, 1) {
            "C" => (&mut item.charges, "charges"),
            "A" => (&mut item.allowances, "allowances"),
            _ => continue,
        };
        let part = format!("{part}[{}]", list.len());
        list.push(f.within(&part, |f| charge(f, segment)));
    }
    total(f, head, &mut item);
    item
}

/// Quantity times price with what is added and taken off, to cents.
fn total<'t>(f: &mut Edi<'t>, head: &'t Segment, item: &mut LineItem) {
    item.total = Field::Null;
    let (Some(quantity), Some(price)) = (item.quantity.get(), item.unit_price.get()) else {
        return;
    };
    let per = item
        .price_base_quantity
        .get()
        .map_or(Decimal::ONE, Quantity::decimal);
    let net = quantity
        .decimal()
        .checked_mul(price.decimal())
        .and_then(|product| product.checked_div(per))
        .and_then(|product| product.checked_add(sum_of(&item.charges)?))
        .and_then(|product| product.checked_sub(sum_of(&item.allowances)?));
    let Some(net) = net else { return };
    let cents = net.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero);
    let places = [number(head, 2), number(head, 4)].into_iter().flatten();
    let mut operands: Vec<String> = places.map(|place| f.path(place)).collect();
    operands = vec![operands.join(" × ")];
    if !item.charges.is_empty() {
        operands.push("charges".to_owned());
    }
    let mut operands = operands.join(" + ");
    if !item.allowances.is_empty() {
        operands.push_str(" - allowances");
    }
    item.total = f.sum("total", Amount(cents), operands);
}
