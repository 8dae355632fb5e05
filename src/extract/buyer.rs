//! The buyer: what speaks for a name.
//!
//! Points: a label says so (5), the window of an envelope under a sender's line (3.5), an address under it in the upper
//! part of the first page (2.2), the label of a recipient of goods (1.5), a legal form (0.4); less for a sender's line (4)
//! and for the lower part of the page (3).

use super::candidate::confidence;
use super::choose::{Context, is_addressed};
use super::draft::Draft;
use super::names::Name;
use super::supplier::{address_of, shape};
use super::view::View;
use crate::lang::Label;
use crate::model::Field;

/// Writes the buyer that was chosen, and the address under its name.
pub(super) fn find(view: &View<'_>, draft: &mut Draft) {
    let buyers = &draft.parties.buyer;
    if let Some(evidence) = view.evidence_of(buyers, |name| name.text.clone()) {
        draft.evidence.insert("buyer_name".to_owned(), evidence);
    }
    draft.invoice.buyer_name = Field::found(buyers.first().map(|buyer| buyer.value.text.clone()));
    let address = buyers
        .first()
        .and_then(|buyer| address_of(view, &buyer.value));
    if let Some((_, place)) = &address {
        let evidence = view.evidence(place, confidence(view.read(place), 3.0, 1.0));
        draft.evidence.insert("buyer_address".to_owned(), evidence);
    }
    draft.invoice.buyer_address = Field::found(address.map(|(address, _)| address));
}

/// Points for a name as the buyer's.
pub(super) fn points(view: &View<'_>, context: &Context, name: &Name) -> f64 {
    let page = &view.pages[name.page];
    let sheet = &page.sheet;
    let rect = sheet.rect(name.words.clone());
    let depth = page.depth(name.words.start);
    let label = context.strength(name, Label::Buyer);
    let seller = context
        .strength(name, Label::Vendor)
        .max(context.strength(name, Label::RemitTo));
    let mut points = 5.0 * label + 1.5 * context.strength(name, Label::ShipTo) - 4.0 * seller;
    let addressed = is_addressed(page, name);
    let upper = name.page == 0 && (0.05..0.48).contains(&depth);
    if context.under_sender(name.page, rect, sheet.em) && upper && !name.sender {
        points += if addressed { 3.5 } else { 2.6 };
    }
    if addressed && upper {
        points += 2.2;
    }
    if name.legal {
        points += 0.4;
    }
    if name.sender {
        points -= 4.0;
    }
    if label < 0.3 {
        if depth > 0.48 || name.page > 0 {
            points -= 3.0;
        }
        // Inside an address, not at its head.
        if !context.is_theirs(name.page, rect) && is_inside(view, name) {
            points -= 1.2;
        }
    }
    points - shape(name) - (1.0 - sheet.confidence(name.words.clone())).clamp(0.0, 0.7)
}

/// Tells whether a line of the same block stands over the name: then it is the second line of an address.
fn is_inside(view: &View<'_>, name: &Name) -> bool {
    let page = &view.pages[name.page];
    let block = &page.sheet.blocks[page.sheet.segments[name.segment].block];
    block
        .segments
        .first()
        .is_some_and(|first| *first != name.segment)
}
