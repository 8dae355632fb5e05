//! The arithmetic solver: which of the amounts on the page are net, VAT and total.
//!
//! It takes every reading that has some claim to a role and looks for the combination whose claims and sums agree best:
//! net + VAT = total (with a printed rounding, discount, charge or withholding between), VAT = net × a rate. It chooses
//! among what is printed and never makes an amount up.

use crate::model::Decimal;

/// An amount with its claims.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Reading {
    /// The amount.
    pub(super) value: Decimal,
    /// Which of the page's amounts it is; what the solver returns.
    pub(super) id: usize,
    /// Points in favour: 0 for an amount that nothing names.
    pub(super) points: f64,
}

/// What the solver works with.
#[derive(Default)]
pub(super) struct Sums {
    /// Readings for the total without VAT.
    pub(super) net: Vec<Reading>,
    /// Readings for the VAT.
    pub(super) vat: Vec<Reading>,
    /// Readings for the total.
    pub(super) gross: Vec<Reading>,
    /// Amounts that may stand between net + VAT and total, with their sign.
    pub(super) between: Vec<Decimal>,
    /// VAT rates that are printed, in percent.
    pub(super) rates: Vec<Decimal>,
}

/// The combination that fits best.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Solution {
    /// Total without VAT.
    pub(super) net: Option<Reading>,
    /// VAT.
    pub(super) vat: Option<Reading>,
    /// Total.
    pub(super) gross: Option<Reading>,
    /// Net and VAT make the total.
    pub(super) adds_up: bool,
    /// Points of the whole.
    pub(super) points: f64,
}

/// Readings of a role that are looked at, best first.
const MOST: usize = 14;
/// Points for net + VAT = total.
const ADDS_UP: f64 = 4.0;
/// Points for the same where there is no VAT, which happens by chance more often.
const ADDS_UP_WITHOUT_VAT: f64 = 1.5;
/// Points for the same with another printed amount between.
const ADDS_UP_BETWEEN: f64 = 2.5;
/// Points for a VAT that is a printed rate of its base.
const AT_RATE: f64 = 1.5;
/// Points of a total from which on its sums count in full.
const NAMED: f64 = 2.0;
/// Points against three amounts that do not add up.
const DOES_NOT: f64 = -1.5;
/// Points against a VAT that is no share of anything.
const NO_SHARE: f64 = -4.0;
/// Points against using an amount that nothing names.
const UNNAMED: f64 = -1.0;

/// Finds the best combination; empty if there is none with a total or net in it.
pub(super) fn solve(sums: &Sums) -> Solution {
    let net = choices(&sums.net);
    let vat = choices(&sums.vat);
    let gross = choices(&sums.gross);
    let mut best = Solution::default();
    for g in &gross {
        for n in &net {
            for v in &vat {
                let Some((points, adds_up)) = judge(sums, *n, *v, *g) else {
                    continue;
                };
                if points > best.points + 1e-9 {
                    best = Solution {
                        net: n.cloned(),
                        vat: v.cloned(),
                        gross: g.cloned(),
                        adds_up,
                        points,
                    };
                }
            }
        }
    }
    best
}

/// Nothing, and the best readings.
fn choices(readings: &[Reading]) -> Vec<Option<&Reading>> {
    let mut sorted: Vec<&Reading> = readings.iter().collect();
    sorted.sort_by(|a, b| b.points.total_cmp(&a.points).then(a.id.cmp(&b.id)));
    sorted.truncate(MOST);
    std::iter::once(None)
        .chain(sorted.into_iter().map(Some))
        .collect()
}

/// The points of a combination and whether it adds up; `None` if it cannot be.
fn judge(
    sums: &Sums,
    net: Option<&Reading>,
    vat: Option<&Reading>,
    gross: Option<&Reading>,
) -> Option<(f64, bool)> {
    let mut points: f64 = [net, vat, gross]
        .iter()
        .flatten()
        .map(|reading| reading.points)
        .sum();
    let unnamed = [net, vat, gross]
        .iter()
        .flatten()
        .filter(|reading| reading.points <= 0.0)
        .count();
    points += UNNAMED * unnamed as f64;
    // Sums speak for a total that something names: the rows of a VAT table add up as well.
    let named = gross.map_or(0.0, |gross| (gross.points / NAMED).clamp(0.1, 1.0));
    let mut adds_up = false;
    match (net, vat, gross) {
        (Some(n), Some(v), Some(g)) => {
            let rest = g.value - n.value - v.value;
            if rest.is_zero() {
                adds_up = true;
                let sum = if v.value.is_zero() {
                    ADDS_UP_WITHOUT_VAT
                } else {
                    ADDS_UP
                };
                points += named * sum;
            } else if is_between(&sums.between, rest) {
                adds_up = true;
                points += named
                    * if v.value.is_zero() {
                        ADDS_UP_BETWEEN / 4.0
                    } else {
                        ADDS_UP_BETWEEN
                    };
            } else {
                points += DOES_NOT;
            }
            let share = share(sums, n.value, v.value);
            points += if share > 0.0 { named * share } else { share };
            // A sum of three that repeats one of them says nothing.
            if !v.value.is_zero() && (n.value == g.value || v.value == g.value) {
                points += NO_SHARE;
            }
        }
        (Some(n), None, Some(g)) => {
            if n.value == g.value {
                points += 0.3;
            } else if n.value.abs() > g.value.abs() && !is_between(&sums.between, g.value - n.value)
            {
                points -= 1.0;
            }
        }
        (None, Some(v), Some(g)) => {
            points += share(sums, g.value - v.value, v.value);
        }
        (Some(n), Some(v), None) => points += share(sums, n.value, v.value),
        _ => {}
    }
    (unnamed == 0 || adds_up).then_some((points, adds_up))
}

/// Whether one or two of the amounts make up the rest.
fn is_between(between: &[Decimal], rest: Decimal) -> bool {
    between.iter().enumerate().any(|(i, first)| {
        *first == rest || between[i + 1..].iter().any(|second| first + second == rest)
    })
}

/// Points for a VAT that is a plausible share of its base.
fn share(sums: &Sums, base: Decimal, vat: Decimal) -> f64 {
    if vat.is_zero() {
        return 0.0;
    }
    if base.is_zero() || base.is_sign_negative() != vat.is_sign_negative() {
        return NO_SHARE;
    }
    let percent = vat * Decimal::ONE_HUNDRED / base;
    if percent > Decimal::from(40) {
        return NO_SHARE;
    }
    let at_rate = sums.rates.iter().any(|rate| {
        !rate.is_zero() && (base * rate / Decimal::ONE_HUNDRED - vat).abs() <= Decimal::new(2, 2)
    });
    if at_rate {
        AT_RATE
    } else if percent > Decimal::from(28) {
        -1.0
    } else {
        0.0
    }
}

/// Tells whether `vat` is `rate` percent of `base`, to a cent or two.
pub(super) fn is_rate_of(base: Decimal, rate: Decimal, vat: Decimal) -> bool {
    let exact = base * rate / Decimal::ONE_HUNDRED;
    (exact - vat).abs() <= Decimal::new(15, 3) + base.abs() / Decimal::from(100_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn readings(of: &[(&str, f64)]) -> Vec<Reading> {
        of.iter()
            .enumerate()
            .map(|(id, (value, points))| Reading {
                value: value.parse().expect("a decimal"),
                id,
                points: *points,
            })
            .collect()
    }

    fn texts(solution: &Solution) -> [Option<String>; 3] {
        [&solution.net, &solution.vat, &solution.gross]
            .map(|role| role.as_ref().map(|reading| reading.value.to_string()))
    }

    #[test]
    fn what_adds_up_wins_over_what_is_named() {
        let sums = Sums {
            net: readings(&[("875.00", 3.0), ("500.00", 0.5)]),
            vat: readings(&[("21.00", 3.0), ("183.75", 2.0)]),
            gross: readings(&[("375.00", 2.5), ("1058.75", 2.0)]),
            rates: vec![Decimal::from(21)],
            ..Sums::default()
        };
        let solution = solve(&sums);
        assert!(solution.adds_up);
        assert_eq!(
            texts(&solution),
            [Some("875.00"), Some("183.75"), Some("1058.75")].map(|text| text.map(str::to_owned))
        );
    }

    #[test]
    fn a_rounding_stands_between() {
        let sums = Sums {
            net: readings(&[("103.49", 3.0)]),
            vat: readings(&[("6.21", 3.0)]),
            gross: readings(&[("109.75", 3.0), ("109.60", 3.2)]),
            between: vec![Decimal::new(5, 2)],
            ..Sums::default()
        };
        assert_eq!(texts(&solve(&sums))[2].as_deref(), Some("109.75"));
    }

    #[test]
    fn unnamed_amounts_count_only_where_they_add_up() {
        let named = [("447.88", 3.0)];
        let sums = Sums {
            net: readings(&[("376.37", 0.0), ("12.00", 0.0)]),
            vat: readings(&[("71.51", 0.0), ("9.00", 0.0)]),
            gross: readings(&named),
            rates: vec![Decimal::from(19)],
            ..Sums::default()
        };
        assert_eq!(texts(&solve(&sums))[1].as_deref(), Some("71.51"));
        let sums = Sums {
            net: readings(&[("300.00", 0.0)]),
            vat: readings(&[("71.51", 0.0)]),
            gross: readings(&named),
            ..Sums::default()
        };
        assert_eq!(
            texts(&solve(&sums)),
            [None, None, Some("447.88".to_owned())]
        );
    }

    #[test]
    fn nothing_comes_of_nothing() {
        assert_eq!(solve(&Sums::default()), Solution::default());
    }
}
