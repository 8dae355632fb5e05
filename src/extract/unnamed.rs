//! Amounts that no label names and that arithmetic finds: a total that is net + VAT, net and VAT that make a total.

use std::collections::BTreeSet;

use super::candidate::Candidate;
use super::solve::is_rate_of;
use super::sums::{is_tender, printed, rates};
use super::view::View;
use crate::model::Decimal;

/// Adds to the totals what nothing names but is the sum of a named net amount and its VAT.
pub(super) fn unnamed_total(view: &View<'_>, [net, vat, gross]: [&mut Vec<Candidate<Decimal>>; 3]) {
    /// Points of net amount and VAT that may prove a total, and of the total.
    const NAMED: f64 = 2.0;
    const PROVEN: f64 = 1.5;
    let rates = rates(view);
    for net in net.iter().filter(|net| net.points >= NAMED).take(3) {
        for vat in vat.iter().filter(|vat| vat.points >= NAMED).take(4) {
            let total = net.value + vat.value;
            let apart = !vat.value.is_zero() && net.place != vat.place;
            let levied = rates
                .iter()
                .any(|rate| is_rate_of(net.value, *rate, vat.value));
            let known = gross
                .iter()
                .any(|known| known.value == total && known.points >= PROVEN);
            if !apart || known || !(levied || rates.len() > 1) {
                continue;
            }
            gross.retain(|known| known.value != total);
            gross.extend(printed(view, total, PROVEN));
        }
    }
    gross.sort_by(|a, b| b.points.total_cmp(&a.points));
}

/// Adds to net and VAT what nothing names but adds up to one of the best totals.
pub(super) fn unnamed(
    view: &View<'_>,
    net: &mut Vec<Candidate<Decimal>>,
    vat: &mut Vec<Candidate<Decimal>>,
    gross: &[Candidate<Decimal>],
) {
    let mut priced: Vec<(Decimal, usize, usize)> = Vec::new();
    let mut seen = BTreeSet::new();
    for (number, page) in view.pages.iter().enumerate() {
        for (index, money) in page.money.iter().enumerate() {
            let plain = money.is_priced() && !money.value.is_zero() && !is_tender(page, index);
            if plain && seen.insert(money.value) {
                priced.push((money.value, number, index));
            }
        }
    }
    let place = |value: Decimal| priced.iter().find(|(other, _, _)| *other == value);
    for total in gross.iter().take(3) {
        for (value, number, index) in &priced {
            let rest = total.value - value;
            let plausible = !rest.is_zero()
                && rest.is_sign_negative() == value.is_sign_negative()
                && rest.abs() * Decimal::from(10) < value.abs() * Decimal::from(3);
            let Some((_, rest_page, rest_index)) = place(rest).filter(|_| plausible) else {
                continue;
            };
            for (list, value, page, money) in [
                (&mut *net, *value, number, index),
                (&mut *vat, rest, rest_page, rest_index),
            ] {
                if list.iter().all(|known| known.value != value) {
                    let words = view.pages[*page].money[*money].words.clone();
                    list.push(Candidate::new(value, *page, words, 0.0));
                }
            }
        }
    }
}
