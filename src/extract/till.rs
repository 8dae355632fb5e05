//! Totals of tills: what is paid after rounding, what cash less change makes, and what stands on a receipt twice.

use super::candidate::Candidate;
use super::sums::{self, Claimed, Role};
use super::totals::LEAST;
use super::view::View;
use crate::model::Decimal;

/// On a receipt the total is what is paid after rounding, where that is printed below it: its place among the totals.
pub(super) fn rounded(
    view: &View<'_>,
    claims: &[Claimed],
    gross: &[Candidate<Decimal>],
    total: &Candidate<Decimal>,
) -> Option<usize> {
    let roundings = sums::ranked_role(view, claims, Role::Rounding);
    let small = roundings
        .iter()
        .filter(|rounding| !rounding.value.is_zero() && rounding.value.abs() < Decimal::ONE);
    small
        .flat_map(|rounding| [(rounding, rounding.value), (rounding, -rounding.value)])
        .find_map(|(rounding, by)| {
            gross.iter().position(|paid| {
                paid.points >= LEAST
                    && paid.value == total.value + by
                    // What stands below the rounding is rounded already.
                    && total.place.words.start < rounding.place.words.start
                    && paid.place.words.start > rounding.place.words.start
            })
        })
}

/// The amount to pay in coins, where the smallest coin is of five cents and the total of the lines is not: printed below it and at
/// most two cents off.
pub(super) fn to_coins(
    view: &View<'_>,
    claims: &[Claimed],
    total: &Candidate<Decimal>,
) -> Option<Candidate<Decimal>> {
    let coin = Decimal::new(5, 2);
    let most = Decimal::new(2, 2);
    if (total.value % coin).is_zero() {
        return None;
    }
    let page = &view.pages[total.place.page];
    let line = |word: usize| page.sheet.segments[page.segment_of[word]].line;
    // What was given in cash is round anyway.
    let given = sums::ranked_role(view, claims, Role::Cash);
    let given = |value: Decimal| given.iter().any(|cash| cash.value == value);
    page.money
        .iter()
        .filter(|money| {
            money.is_priced()
                && !given(money.value)
                && line(money.words.start) > line(total.place.words.start)
        })
        .find(|money| (money.value % coin).is_zero() && (money.value - total.value).abs() <= most)
        .map(|money| {
            Candidate::new(
                money.value,
                total.place.page,
                money.words.clone(),
                total.points,
            )
        })
}

/// The largest amount that stands in several lines of a receipt whose total has no legible label: what was to be paid is
/// what was paid.
pub(super) fn repeated(view: &View<'_>) -> Option<Candidate<Decimal>> {
    let mut seen: Vec<(Decimal, usize, usize, std::ops::Range<usize>, usize)> = Vec::new();
    for (number, page) in view.pages.iter().enumerate() {
        for money in page
            .money
            .iter()
            .filter(|money| money.is_priced() && money.value > Decimal::ZERO)
        {
            let line = page.sheet.segments[page.segment_of[money.words.start]].line;
            match seen.iter_mut().find(|(value, ..)| *value == money.value) {
                Some((_, _, last, _, times)) => {
                    if *last != line {
                        *times += 1;
                        *last = line;
                    }
                }
                None => seen.push((money.value, number, line, money.words.clone(), 1)),
            }
        }
    }
    seen.into_iter()
        .filter(|(.., times)| *times >= 2)
        .max_by_key(|(value, ..)| *value)
        .map(|(value, page, _, words, _)| Candidate::new(value, page, words, LEAST + 0.2))
}

/// Total = cash given less change, where that is printed as well.
pub(super) fn paid_in_cash(
    view: &View<'_>,
    claims: &[Claimed],
    gross: &mut Vec<Candidate<Decimal>>,
) {
    /// Points for a total that cash and change agree on.
    const AGREES: f64 = 1.5;
    let cash = sums::ranked_role(view, claims, Role::Cash);
    let change = sums::ranked_role(view, claims, Role::Change);
    for given in &cash {
        for back in &change {
            let paid = given.value - back.value.abs();
            if !back.value.is_zero()
                && paid > Decimal::ZERO
                && !gross.iter().any(|total| total.value == paid)
            {
                gross.extend(sums::printed(view, paid, LEAST));
            }
        }
        let differences = change
            .iter()
            .map(|back| (given.value - back.value.abs(), AGREES));
        for (value, points) in differences.chain([(given.value, AGREES / 3.0)]) {
            if let Some(total) = gross.iter_mut().find(|total| total.value == value) {
                total.points += points;
            }
        }
    }
    gross.sort_by(|a, b| b.points.total_cmp(&a.points));
}
