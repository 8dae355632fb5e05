//! VAT by rate: the rows that name a rate, and what they come to together.
//!
//! Where several rates are printed their sum often is not. It is offered to the solver beside what is printed, if the
//! parts have rates of their own.

use super::amounts::Money;
use super::candidate::{Candidate, Place};
use super::implied;
use super::solve::is_rate_of;
use super::sums::{Claimed, Role, triple};
use super::view::{PageView, View};
use crate::lang::Label;
use crate::model::Decimal;

/// A row of VAT by rate.
#[derive(Clone, Debug)]
pub(super) struct Row {
    /// Rate in percent.
    pub(super) rate: Decimal,
    /// What it is levied on.
    pub(super) base: Decimal,
    /// The VAT.
    pub(super) vat: Decimal,
    /// Where the rate stands.
    pub(super) place: Place,
}

/// A sum that is not printed: its parts, and where it stands among the readings of its role.
#[derive(Clone, Debug)]
pub(super) struct Composed {
    /// Its place in the list.
    pub(super) id: usize,
    /// What it is the sum of.
    pub(super) parts: Vec<Decimal>,
}

/// What was added to the readings.
#[derive(Clone, Debug, Default)]
pub(super) struct Added {
    /// To those of the net sum.
    pub(super) net: Option<Composed>,
    /// To those of the VAT.
    pub(super) vat: Option<Composed>,
}

/// Tells whether an amount is a rate: a percentage, or a small number in a column of rates.
pub(super) fn is_rate(page: &PageView<'_>, money: &Money) -> bool {
    let column = || {
        (money.decimals <= 1 || money.value.fract().is_zero())
            && page.owner(money.words.start).is_some_and(|(label, _)| {
                label.strength(Label::VatRate) > 0.0 || label.strength(Label::ColVatRate) > 0.0
            })
    };
    money.value >= Decimal::ZERO
        && money.value <= Decimal::from(30)
        && (money.percent || money.currency.is_none() && column())
}

/// Rows with a rate and two amounts of which one is that share of the other; unlike rates only. `total` is the VAT
/// where it is known: no row has more.
pub(super) fn rows(view: &View<'_>, total: Option<Decimal>) -> Vec<Row> {
    let mut found: Vec<Row> = Vec::new();
    for (number, page) in view.pages.iter().enumerate() {
        for line in &page.sheet.lines {
            let row = &page.money[page.money_in(line.words.clone())];
            for rate in row.iter().filter(|money| is_rate(page, money)) {
                let Some((base, vat)) = pair(row, rate) else {
                    continue;
                };
                match found.iter_mut().find(|known| known.rate == rate.value) {
                    // A line of the table, then the sum of its rate: the larger.
                    Some(known) => {
                        let within = total.is_none_or(|total| vat.abs() <= total.abs());
                        if base.abs() > known.base.abs() && within {
                            (known.base, known.vat) = (base, vat);
                        }
                    }
                    None => found.push(Row {
                        rate: rate.value,
                        base,
                        vat,
                        place: Place {
                            page: number,
                            words: rate.words.clone(),
                        },
                    }),
                }
            }
        }
    }
    found
}

/// Rows in which a base and its VAT make a third amount, whatever their rate; `rate` is what the two make of it.
fn unrated(view: &View<'_>) -> Vec<Row> {
    let mut found: Vec<Row> = Vec::new();
    for (number, page) in view.pages.iter().enumerate() {
        for line in &page.sheet.lines {
            let priced: Vec<usize> = page
                .money_in(line.words.clone())
                .filter(|money| {
                    page.money[*money].is_priced() && !page.money[*money].value.is_zero()
                })
                .collect();
            let Some([base, vat, _]) = triple(page, &priced) else {
                continue;
            };
            let (base, vat) = (&page.money[base], &page.money[vat]);
            let known = found
                .iter()
                .any(|row| row.base == base.value && row.vat == vat.value);
            if !known {
                found.push(Row {
                    rate: (vat.value * Decimal::ONE_HUNDRED / base.value).round_dp(1),
                    base: base.value,
                    vat: vat.value,
                    place: Place {
                        page: number,
                        words: vat.words.clone(),
                    },
                });
            }
        }
    }
    found
}

/// Base and VAT of a row with a rate.
fn pair(row: &[Money], rate: &Money) -> Option<(Decimal, Decimal)> {
    let priced = || row.iter().filter(|money| money.is_priced());
    if rate.value.is_zero() {
        // Nothing is levied on it, and that is printed.
        let base = priced().find(|money| !money.value.is_zero())?;
        let nought = priced().find(|money| money.value.is_zero())?;
        return Some((base.value, nought.value));
    }
    priced().find_map(|base| {
        priced()
            .find(|vat| {
                !vat.value.is_zero()
                    && vat.value.abs() < base.value.abs()
                    && is_rate_of(base.value, rate.value, vat.value)
            })
            .map(|vat| (base.value, vat.value))
    })
}

/// Adds the sums of the rates to the readings of net and VAT, where they are not printed themselves.
pub(super) fn compose(
    view: &View<'_>,
    claims: &[Claimed],
    net: &mut Vec<Candidate<Decimal>>,
    vat: &mut Vec<Candidate<Decimal>>,
    gross: &mut Vec<Candidate<Decimal>>,
) -> Added {
    /// Points of a VAT, and of a net sum, that make one of the totals.
    const PROVEN_VAT: f64 = 2.5;
    const PROVEN_NET: f64 = 1.0;
    /// Points of a total that may prove anything.
    const NAMED: f64 = 1.0;
    /// What the sum has over its parts.
    const OVER_PARTS: f64 = 0.5;

    let totals: Vec<Decimal> = (gross.iter())
        .filter(|total| total.points >= NAMED)
        .map(|total| total.value)
        .collect();
    let named: Vec<Decimal> = (net.iter())
        .filter(|sum| sum.points > 0.0)
        .map(|sum| sum.value)
        .collect();
    let proves = |net: Decimal, vat: Decimal| totals.contains(&(net + vat));
    let mut added = Added::default();
    let rows = rows(view, None);
    let levied: Vec<&Row> = rows.iter().filter(|row| !row.vat.is_zero()).collect();
    let parts: Vec<Decimal> = levied.iter().map(|row| row.vat).collect();
    if let [first, _, ..] = levied.as_slice() {
        let bases: Vec<Decimal> = rows.iter().map(|row| row.base).collect();
        let (base, sum) = (bases.iter().sum(), parts.iter().sum());
        if proves(base, sum) {
            added.net = offer(net, &first.place, (base, PROVEN_NET), bases);
            added.vat = offer(vat, &first.place, (sum, PROVEN_VAT), parts);
            return added;
        }
        if named.iter().any(|net| proves(*net, sum)) {
            added.vat = offer(vat, &first.place, (sum, PROVEN_VAT), parts);
            return added;
        }
    }
    let rows = unrated(view);
    if let [first, _, ..] = rows.as_slice() {
        let bases: Vec<Decimal> = rows.iter().map(|row| row.base).collect();
        let parts: Vec<Decimal> = rows.iter().map(|row| row.vat).collect();
        let (base, sum) = (bases.iter().sum(), parts.iter().sum());
        if proves(base, sum) {
            parts_of(gross, &rows, base + sum);
            added.net = offer(net, &first.place, (base, PROVEN_NET), bases);
            added.vat = offer(vat, &first.place, (sum, PROVEN_VAT), parts);
            return added;
        }
    }
    let named_parts = by_rate(view, claims);
    implied::imply(view, &named_parts, net, gross);
    if let [(_, first), _, ..] = named_parts.as_slice() {
        let parts: Vec<Decimal> = named_parts.iter().map(|(_, part)| part.value).collect();
        let sum = parts.iter().sum();
        let least = (named_parts.iter())
            .map(|(_, part)| part.points)
            .fold(f64::INFINITY, f64::min);
        let proven = (net.iter().filter(|net| net.points > 0.0)).any(|net| {
            let total = net.value + sum;
            (gross.iter()).any(|gross| gross.points >= NAMED && gross.value == total)
        });
        let points = if proven {
            PROVEN_VAT.max(least + OVER_PARTS)
        } else {
            least + OVER_PARTS
        };
        added.vat = offer(vat, &first.place, (sum, points), parts);
    } else if let Some((first, parts)) = between(view, net, gross) {
        let sum = parts.iter().sum();
        added.vat = offer(vat, &first, (sum, PROVEN_VAT), parts);
    }
    added
}

/// Gives the total of several rows the lead over the rows.
fn parts_of(gross: &mut [Candidate<Decimal>], rows: &[Row], total: Decimal) {
    /// Points of a total that its rows make, and what a row of it loses.
    const MADE: f64 = 2.5;
    const PART: f64 = 1.5;
    for reading in gross.iter_mut() {
        if reading.value == total {
            reading.points = reading.points.max(MADE);
        } else if rows.iter().any(|row| row.base + row.vat == reading.value) {
            reading.points -= PART;
        }
    }
    gross.sort_by(|a, b| b.points.total_cmp(&a.points));
}

/// Amounts of unlike rates that stand between a net sum and a total and make up what lies between them, whatever their
/// labels say.
fn between(
    view: &View<'_>,
    net: &[Candidate<Decimal>],
    gross: &[Candidate<Decimal>],
) -> Option<(Place, Vec<Decimal>)> {
    /// Points of a net sum and a total that may prove it, and how many of each are looked at.
    const NAMED: f64 = 2.0;
    const MOST: usize = 3;
    let best = |list: &[Candidate<Decimal>]| -> Vec<Candidate<Decimal>> {
        let named = list.iter().filter(|reading| reading.points >= NAMED);
        named.take(MOST).cloned().collect()
    };
    for total in best(gross) {
        let page = &view.pages[total.place.page];
        let line = |word: usize| page.sheet.segments[page.segment_of[word]].line;
        for net in best(net)
            .iter()
            .filter(|net| net.place.page == total.place.page)
        {
            let (first, last) = (line(net.place.words.start), line(total.place.words.start));
            let mut parts: Vec<(Decimal, Decimal)> = Vec::new();
            for money in page.money.iter().filter(|money| {
                let plain = money.is_priced() && !money.value.is_zero();
                plain && (first..=last).contains(&line(money.words.start))
            }) {
                if [net.value, total.value].contains(&money.value) {
                    continue;
                }
                if let Some(Rated { rate, .. }) = rate_of(page, money)
                    && !parts.contains(&(rate, money.value))
                {
                    parts.push((rate, money.value));
                }
            }
            let apart = (parts.iter().enumerate())
                .all(|(at, (rate, _))| parts[..at].iter().all(|(other, _)| other != rate));
            let values: Vec<Decimal> = parts.iter().map(|(_, value)| *value).collect();
            let sum: Decimal = values.iter().sum();
            if apart && parts.len() > 1 && net.value + sum == total.value {
                return Some((total.place, values));
            }
        }
    }
    None
}

/// Adds a sum to the readings of a role; one that is printed gains the points instead, if it has fewer.
fn offer(
    list: &mut Vec<Candidate<Decimal>>,
    place: &Place,
    (value, points): (Decimal, f64),
    parts: Vec<Decimal>,
) -> Option<Composed> {
    if let Some(printed) = list.iter_mut().find(|reading| reading.value == value) {
        printed.points = printed.points.max(points);
        return None;
    }
    list.push(Candidate::new(
        value,
        place.page,
        place.words.clone(),
        points,
    ));
    Some(Composed {
        id: list.len() - 1,
        parts,
    })
}

/// The VAT that labels name, one amount for each rate. Empty where a rate has two amounts.
fn by_rate(view: &View<'_>, claims: &[Claimed]) -> Vec<(Decimal, Candidate<Decimal>)> {
    /// Points from which on a label names an amount.
    const NAMED: f64 = 1.0;
    /// Points by which the best of a rate leads what is its base, or a line's.
    const LEAD: f64 = 0.5;
    let mut parts: Vec<(Decimal, Candidate<Decimal>)> = Vec::new();
    let mut sorted: Vec<&Claimed> = (claims.iter())
        .filter(|claim| claim.role == Role::Vat && claim.points >= NAMED)
        .collect();
    sorted.sort_by(|a, b| b.points.total_cmp(&a.points));
    let mut rated: Vec<(&Claimed, Rated)> = Vec::new();
    for claim in sorted {
        let page = &view.pages[claim.at.0];
        let money = &page.money[claim.at.1];
        if money.is_priced() && !money.value.is_zero() && money.value == claim.value {
            rated.extend(rate_of(page, money).map(|rate| (claim, rate)));
        }
    }
    // What stands behind its rate is surer than what stands under it.
    rated.sort_by_key(|(_, rated)| !rated.beside);
    let mut beside = false;
    for (claim, rated) in rated {
        let money = &view.pages[claim.at.0].money[claim.at.1];
        let rate = rated.rate;
        beside |= rated.beside;
        if beside && !rated.beside {
            break;
        }
        match parts.iter().find(|(known, _)| *known == rate) {
            Some((_, part)) if part.value == money.value => {}
            Some((_, part)) if part.points > claim.points + LEAD => {}
            Some(_) => return Vec::new(),
            None => {
                let words = money.words.clone();
                let part = Candidate::new(money.value, claim.at.0, words, claim.points);
                parts.push((rate, part));
            }
        }
    }
    parts
}

/// The rate that an amount is named with.
struct Rated {
    /// In percent.
    rate: Decimal,
    /// It stands before the amount in its line, not in a label over it.
    beside: bool,
}

/// The rate that an amount of VAT is named with: before it in its line, or in the label over it.
fn rate_of(page: &PageView<'_>, money: &Money) -> Option<Rated> {
    let word = money.words.start;
    let line = &page.sheet.lines[page.sheet.segments[page.segment_of[word]].line];
    let rate = |words: std::ops::Range<usize>, beside: bool| {
        (page.money[page.money_in(words)].iter())
            .rfind(|other| other.percent && other.value > Decimal::ZERO)
            .map(|other| Rated {
                rate: other.value,
                beside,
            })
    };
    let label = || {
        let (label, _) = page.owner(word)?;
        rate(page.sheet.segments[label.segment].words.clone(), false)
    };
    rate(line.words.start..word, true).or_else(label)
}
