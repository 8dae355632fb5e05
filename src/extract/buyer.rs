//! The buyer: its name and address.

use super::calibration::sure;
use super::draft::Draft;
use super::names;
use super::supplier::address_of;
use super::view::View;
use crate::model::Field;

/// Writes the buyer that was chosen, and the address under its name.
pub(super) fn find(view: &View<'_>, draft: &mut Draft) {
    let parties = std::mem::take(&mut draft.parties);
    let buyers = &parties.buyer;
    names::explain(
        view,
        draft,
        ("buyer_name", parties.leads[1]),
        buyers,
        &parties.considered[1],
    );
    draft.invoice.buyer_name = Field::found(buyers.first().map(|buyer| buyer.value.text.clone()));
    let address = buyers
        .first()
        .and_then(|buyer| address_of(view, &buyer.value));
    if let Some((_, place)) = &address {
        let evidence = view.evidence(place, sure("buyer_address", view.signals(place, 3.0, 1.0)));
        draft.evidence.insert("buyer_address".to_owned(), evidence);
    }
    draft.invoice.buyer_address = Field::found(address.map(|(address, _)| address));
    draft.parties = parties;
}
