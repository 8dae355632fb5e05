//! Net sum and total that the VAT and its rates imply, where they are printed.

use super::candidate::Candidate;
use super::sums::printed;
use super::view::View;
use crate::model::Decimal;

/// Names the sums that the VAT and its rates imply, where they are printed: net sum and total, or a total with the VAT in it.
pub(super) fn imply(
    view: &View<'_>,
    parts: &[(Decimal, Candidate<Decimal>)],
    net: &mut Vec<Candidate<Decimal>>,
    gross: &mut Vec<Candidate<Decimal>>,
) {
    /// Points of a sum that is implied and printed.
    const IMPLIED: f64 = 2.0;
    if parts.is_empty() {
        return;
    }
    let hundred = Decimal::ONE_HUNDRED;
    // A cent of VAT is rounded, for each rate.
    let (mut base, mut slack) = (Decimal::ZERO, Decimal::new(1, 2));
    for (rate, part) in parts {
        base += part.value * hundred / rate;
        slack += Decimal::new(6, 3) * hundred / rate;
    }
    let vat: Decimal = parts.iter().map(|(_, part)| part.value).sum();
    let amounts: Vec<Decimal> = (view.pages.iter())
        .flat_map(|page| &page.money)
        .filter(|money| money.is_priced())
        .map(|money| money.value)
        .collect();
    let near = |wanted: Decimal| {
        let near = amounts
            .iter()
            .filter(|value| (**value - wanted).abs() <= slack);
        near.min_by_key(|value| (**value - wanted).abs()).copied()
    };
    let name = |list: &mut Vec<Candidate<Decimal>>, value: Decimal| {
        match list.iter_mut().find(|known| known.value == value) {
            Some(known) => known.points = known.points.max(IMPLIED),
            None => list.extend(printed(view, value, IMPLIED)),
        }
        list.sort_by(|a, b| b.points.total_cmp(&a.points));
    };
    let sum = near(base).filter(|sum| amounts.contains(&(sum + vat)));
    if let Some(sum) = sum {
        name(net, sum);
        name(gross, sum + vat);
    } else if let Some(total) = near(base + vat) {
        name(gross, total);
    }
}
