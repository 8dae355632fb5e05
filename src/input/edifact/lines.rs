//! The lines.

use super::totals::{allowance, rate_of};
use super::{Edi, OF_ALLOWANCE, Part};
use crate::input::edi::{self, Datum, Segment};
use crate::model::{Amount, Decimal, Field, LineItem, Quantity};

/// Invoiced, delivered, despatched quantity, and those of credit notes.
const QUANTITIES: &[&str] = &["47", "46", "12", "61", "192"];
/// Net price; prices that a guideline uses instead.
const PRICES: &[&str] = &["AAA", "INV", "NTP", "CAL", "AAB"];

pub(super) fn read<'t>(f: &mut Edi<'t>, lines: &[Part<'t>]) -> Vec<LineItem> {
    lines
        .iter()
        .enumerate()
        .map(|(index, line)| f.within(&format!("line_items[{index}]"), |f| item(f, *line)))
        .collect()
}

fn item<'t>(f: &mut Edi<'t>, line: Part<'t>) -> LineItem {
    let head = &line.0[0];
    let outside = line.outside("ALC", OF_ALLOWANCE);
    let quantity = one(&outside, "QTY", QUANTITIES);
    let order = line.one("RFF", &["ON"]);
    let texts: Vec<_> = line.all("IMD").flat_map(description).collect();
    let mut item = LineItem {
        line: f.text("line", Datum::text(head, 1, 1)),
        description: f.joined("description", &texts, "\n"),
        quantity: f.quantity("quantity", quantity.and_then(|q| Datum::number(q, 1, 2))),
        unit_code: f.text("unit_code", quantity.and_then(|q| Datum::text(q, 1, 3))),
        total: f.amount("total", money(&outside, &["203", "66", "38"])),
        po_reference: f.text("po_reference", order.and_then(|o| Datum::text(o, 1, 2))),
        po_line: f.text(
            "po_line",
            order
                .and_then(|o| Datum::text(o, 1, 3))
                .or_else(|| line.reference(&["LI"])),
        ),
        receipt_reference: f.text("receipt_reference", line.reference(&["ALO"])),
        date: f.parsed("date", line.date(&["35"]), "a date", edi::dated),
        vat_amount: f.amount("vat_amount", money(&outside, &["124"])),
        ..LineItem::default()
    };
    price(f, line, &mut item);
    if let Some(tax) = outside.iter().find(|segment| segment.is("TAX", &["7"])) {
        item.vat_rate = f.rate("vat_rate", rate_of(tax));
        item.vat_category = f.text("vat_category", Datum::text(tax, 6, 1));
    } else {
        (item.vat_rate, item.vat_category) = (Field::Null, Field::Null);
    }
    article(f, line, &mut item);
    allowances(f, line, &mut item);
    let notes: Vec<_> = line.all("FTX").flat_map(super::header::free_text).collect();
    item.notes = f.joined("notes", &notes, "\n");
    item
}

fn one<'t>(segments: &[&'t Segment], tag: &str, codes: &[&str]) -> Option<&'t Segment> {
    codes.iter().find_map(|code| {
        let mut all = segments.iter().copied();
        all.find(|segment| segment.is(tag, &[code]))
    })
}

fn money<'t>(segments: &[&'t Segment], codes: &[&str]) -> Option<Datum<'t>> {
    Datum::number(one(segments, "MOA", codes)?, 1, 2)
}

/// The texts of a description (C273): two of them, which some split in the middle of a word and most do not.
fn description(segment: &Segment) -> [Option<Datum<'_>>; 2] {
    [4, 5].map(|component| Datum::text(segment, 3, component))
}

/// Price and what it is for. A price before discounts is one beside the net price only.
fn price<'t>(f: &mut Edi<'t>, line: Part<'t>, item: &mut LineItem) {
    let net = line.one("PRI", PRICES);
    let gross = line
        .one("PRI", &["AAB"])
        .filter(|gross| net.is_some_and(|net| !std::ptr::eq(net, *gross)));
    item.unit_price = f.quantity("unit_price", net.and_then(|p| Datum::number(p, 1, 2)));
    item.price_base_quantity = f.quantity(
        "price_base_quantity",
        net.and_then(|p| Datum::number(p, 1, 5)),
    );
    item.gross_price = f.quantity("gross_price", gross.and_then(|p| Datum::number(p, 1, 2)));
}

/// Article numbers: of `LIN`, and of each `PIA`; the kind of number stands behind it.
fn article<'t>(f: &mut Edi<'t>, line: Part<'t>, item: &mut LineItem) {
    let of_head = [(&line.0[0], 3)];
    let of_pia = line
        .all("PIA")
        .flat_map(|pia| (2..=pia.elements()).map(move |element| (pia, element)));
    let numbers: Vec<(&'t Segment, usize)> = of_head.into_iter().chain(of_pia).collect();
    let mut of = |field: &str, kinds: &[&str]| {
        let mut same = numbers
            .iter()
            .filter(|(segment, element)| kinds.contains(&segment.get(*element, 2)));
        f.text(
            field,
            same.find_map(|(segment, element)| Datum::text(segment, *element, 1)),
        )
    };
    item.gtin = of("gtin", &["EN", "SRV", "UP"]);
    item.product_code = of("product_code", &["SA", "VN", "MF"]);
    item.buyer_code = of("buyer_code", &["IN", "BP"]);
}

/// Allowances and charges. Where quantity and price already give the sum of the line, they are contained in the price.
fn allowances<'t>(f: &mut Edi<'t>, line: Part<'t>, item: &mut LineItem) {
    let groups = line.groups("ALC", OF_ALLOWANCE);
    let contained = product(item).is_some_and(|product| {
        let total = item.total.get().map(Amount::decimal);
        total.is_some_and(|total| (product - total).abs() < Decimal::new(5, 3))
    });
    if contained {
        let discount = groups.iter().find(|group| group.0[0].is("ALC", &["A"]));
        let percent = discount.and_then(|group| group.one("PCD", &["3", "1"]));
        item.discount_percent = f.rate(
            "discount_percent",
            percent.and_then(|p| Datum::number(p, 1, 2)),
        );
        return;
    }
    for group in groups {
        let (list, part) = match group.0[0].get(1, 1) {
            "C" => (&mut item.charges, "charges"),
            "A" => (&mut item.allowances, "allowances"),
            _ => continue,
        };
        let part = format!("{part}[{}]", list.len());
        list.push(f.within(&part, |f| allowance(f, group)));
    }
}

/// Quantity times price.
fn product(item: &LineItem) -> Option<Decimal> {
    let per = item.price_base_quantity.get().map(Quantity::decimal);
    let quantity = item.quantity.get()?.decimal();
    let product = quantity.checked_mul(item.unit_price.get()?.decimal())?;
    match per.filter(|per| !per.is_zero()) {
        Some(per) => product.checked_div(per),
        None => Some(product),
    }
}
