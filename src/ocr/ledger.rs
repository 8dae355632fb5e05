//! The amounts of a page, and what on the page confirms them.

use super::rows::rows;
use crate::lang::{Label, lexicon, numbers};
use crate::model::{Decimal, Word};

/// Rows between a total and the sums that lead to it.
const NEAR: usize = 8;

/// An amount on the page.
#[derive(Clone, Copy, Debug)]
pub(super) struct Amount {
    /// Its word.
    pub(super) at: usize,
    /// Its row.
    pub(super) row: usize,
    /// What it says, without sign.
    pub(super) value: Decimal,
}

/// The amounts of a page.
pub(super) struct Ledger {
    /// Words of each row.
    pub(super) rows: Vec<Vec<usize>>,
    /// All amounts, from above.
    pub(super) amounts: Vec<Amount>,
    /// Rows that name a total.
    pub(super) labelled: Vec<usize>,
}

impl Ledger {
    /// Takes the amounts of a page together.
    pub(super) fn new(words: &[Word], slope: f64) -> Self {
        let rows = rows(words, slope);
        let mut amounts = Vec::new();
        let mut labelled = Vec::new();
        for (n, row) in rows.iter().enumerate() {
            let texts: Vec<&str> = row.iter().map(|at| words[*at].text.as_str()).collect();
            if (0..texts.len()).any(|at| is_total(&texts[at..])) {
                labelled.push(n);
            }
            amounts.extend(row.iter().filter_map(|at| {
                let value = amount(&words[*at].text)?;
                Some(Amount {
                    at: *at,
                    row: n,
                    value,
                })
            }));
        }
        Self {
            rows,
            amounts,
            labelled,
        }
    }

    /// The amounts beside labels of totals: the last one of the label's row, or of the next where that has none.
    pub(super) fn totals(&self) -> Vec<Amount> {
        let last = |row: usize| self.amounts.iter().rev().find(|amount| amount.row == row);
        self.labelled
            .iter()
            .filter_map(|row| last(*row).or_else(|| last(row + 1)))
            .copied()
            .collect()
    }

    /// In how many rows other than that one the page says the amount.
    pub(super) fn repeated(&self, value: Decimal, row: usize) -> usize {
        let mut rows: Vec<usize> = self
            .amounts
            .iter()
            .filter(|amount| amount.value == value && amount.row != row)
            .map(|amount| amount.row)
            .collect();
        rows.dedup();
        rows.len()
    }

    /// Whether sums on the page lead to that amount in that row: lines before it, or two amounts near it whose sum or
    /// difference it is (net and tax, cash less change). `at` is the word it stands for.
    pub(super) fn adds_up(&self, value: Decimal, row: usize, at: usize) -> bool {
        let mut sum = Decimal::default();
        let mut count = 0;
        let mut line = usize::MAX;
        for other in self.amounts.iter().rev().filter(|other| other.row < row) {
            // The last amount of a line is what it costs.
            if other.row == line {
                continue;
            }
            line = other.row;
            sum += other.value;
            count += 1;
            if count > 1 && sum == value {
                return true;
            }
        }
        let near: Vec<Decimal> = self
            .amounts
            .iter()
            .filter(|other| other.at != at && other.row.abs_diff(row) <= NEAR)
            .map(|other| other.value)
            .collect();
        near.iter().enumerate().any(|(n, one)| {
            near[..n]
                .iter()
                .any(|two| one + two == value || (one - two).abs() == value)
        })
    }

    /// Whether the page confirms an amount.
    pub(super) fn proven(&self, amount: &Amount) -> bool {
        self.repeated(amount.value, amount.row) > 0
            || self.adds_up(amount.value, amount.row, amount.at)
    }
}

/// Whether the words begin with what a language calls the total.
fn is_total(words: &[&str]) -> bool {
    lexicon().label_at(words, None).first().is_some_and(|hit| {
        matches!(hit.label, Label::Total | Label::AmountDue) && hit.strength >= 0.5
    })
}

/// A word as an amount of money, without sign: a number with two decimals.
pub(super) fn amount(text: &str) -> Option<Decimal> {
    let text = text.trim_matches(|char: char| matches!(char, '*' | ':' | ';' | '|' | '=' | '~'));
    numbers::best(text, None)
        .filter(|reading| reading.decimals == 2 && !reading.percent && !reading.value.is_zero())
        .map(|reading| reading.value.abs())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_have_two_decimals() {
        for (text, value) in [
            ("12.50", Some("12.50")),
            ("*1.234,56", Some("1234.56")),
            ("RM12.50", Some("12.50")),
            ("12", None),
            ("0.00", None),
            ("19.00%", None),
            ("12.03.2024", None),
        ] {
            let value = value.map(|value| value.parse().expect("is a number"));
            assert_eq!(amount(text), value, "{text}");
        }
    }
}
