//! A line of the invoice with its evidence.

use std::ops::Range;

use super::{Item, Proof, Read};
use crate::extract::draft::Draft;
use crate::extract::view::View;
use crate::model::{
    Amount, Confidence, Decimal, Evidence, Field, LineItem, Method, PageMethod, Quantity, Rate,
    Rect, RowEvidence,
};

/// Writes a line with its evidence.
pub(super) fn write(
    view: &View<'_>,
    draft: &mut Draft,
    index: usize,
    item: &Item,
    gross: bool,
    proof: Proof,
) {
    let mut line = LineItem {
        position: Field::Value(u32::try_from(index + 1).unwrap_or(u32::MAX)),
        ..LineItem::default()
    };
    let text = item
        .description
        .iter()
        .map(|(page, words)| view.pages[*page].sheet.text(words.clone()))
        .collect::<Vec<_>>()
        .join(" ");
    line.description = Field::found((!text.is_empty()).then_some(text));
    line.line = item.line.clone().map_or(Field::Absent, Field::Value);
    line.product_code = item.code.clone().map_or(Field::Absent, Field::Value);
    line.unit = item.unit.clone().map_or(Field::Absent, Field::Value);
    let value = |read: &Option<Read<Decimal>>| read.as_ref().map(|read| read.value);
    let total = if item.net.is_some() {
        &item.net
    } else {
        &item.gross
    };
    line.quantity = Field::found(value(&item.quantity).map(Quantity));
    line.unit_price = Field::found(value(&item.unit_price).map(Quantity));
    line.total = Field::found(value(total).map(Amount));
    line.discount_percent =
        value(&item.discount_percent).map_or(Field::Absent, |rate| Field::Value(Rate(rate.abs())));
    line.vat_rate = value(&item.vat_rate).map_or(Field::Absent, |rate| Field::Value(Rate(rate)));
    line.vat_amount =
        value(&item.vat_amount).map_or(Field::Absent, |vat| Field::Value(Amount(vat)));
    line.prices_include_vat = if gross {
        Field::Value(true)
    } else {
        Field::Absent
    };

    let fields = [
        ("quantity", &item.quantity),
        ("unit_price", &item.unit_price),
        ("discount_percent", &item.discount_percent),
        ("vat_rate", &item.vat_rate),
        ("vat_amount", &item.vat_amount),
        ("total", total),
    ];
    let mut places: Vec<(usize, Range<usize>)> = item.description.clone();
    for (field, read) in fields {
        if let Some(read) = read {
            places.push((read.page, read.words.clone()));
            let evidence = evidence(view, &[(read.page, read.words.clone())], item.proven, proof);
            draft
                .evidence
                .insert(format!("line_items[{index}].{field}"), evidence);
        }
    }
    if !item.description.is_empty() {
        let evidence = evidence(view, &item.description, item.proven, proof);
        draft
            .evidence
            .insert(format!("line_items[{index}].description"), evidence);
    }
    line.evidence_row = Field::found(row_evidence(view, &places));
    draft.invoice.line_items.push(line);
}

/// Evidence of a value: the box around its words on the first of their pages.
fn evidence(
    view: &View<'_>,
    places: &[(usize, Range<usize>)],
    proven: bool,
    proof: Proof,
) -> Evidence {
    let mut evidence = Evidence::default();
    let Some((first, _)) = places.first() else {
        return evidence;
    };
    let page = &view.pages[*first];
    let read = places
        .iter()
        .map(|(page, words)| view.pages[*page].sheet.confidence(words.clone()))
        .fold(1.0, f64::min);
    let sure = match (proven, proof) {
        (true, Proof::Both) => 0.99,
        (true, _) => 0.95,
        (_, Proof::Plain) => 0.8,
        _ => 0.9,
    };
    evidence.page = Some(page.sheet.n);
    evidence.bbox = around(view, places, *first);
    evidence.text = Some(
        places
            .iter()
            .map(|(page, words)| view.pages[*page].sheet.text(words.clone()))
            .collect::<Vec<_>>()
            .join(" "),
    );
    evidence.method = Some(if page.sheet.method == Some(PageMethod::Ocr) {
        Method::Ocr
    } else {
        Method::PdfText
    });
    evidence.confidence = Some(Confidence(sure * read));
    evidence
}

/// The box around words of one page.
fn around(view: &View<'_>, places: &[(usize, Range<usize>)], page: usize) -> Option<Rect> {
    places
        .iter()
        .filter(|(on, _)| *on == page)
        .map(|(on, words)| view.pages[*on].sheet.rect(words.clone()))
        .reduce(Rect::union)
}

/// Where the row stands.
fn row_evidence(view: &View<'_>, places: &[(usize, Range<usize>)]) -> Option<RowEvidence> {
    let first = places.iter().map(|(page, _)| *page).min()?;
    let mut row = RowEvidence {
        page: Some(view.pages[first].sheet.n),
        bbox: around(view, places, first),
        ..RowEvidence::default()
    };
    row.spans_pages = places
        .iter()
        .any(|(page, _)| *page != first)
        .then_some(true);
    Some(row)
}
