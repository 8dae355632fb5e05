//! Is another reading worth its time? Told by the words of those before.
//!
//! A page is settled when it has an amount beside a total's label that the page itself confirms, a date, and figures
//! that were read with confidence. A pure check on words: it decides nothing about the invoice.

use super::rows::rows;
use crate::lang::{Label, dates, lexicon, numbers};
use crate::model::{Decimal, Word};

/// Confidence below which a figure is doubted.
const SURE: f64 = 0.8;
/// Mean confidence of words with digits below which a page is doubted.
const LEGIBLE: f64 = 0.75;

/// What the words of a page leave open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Doubt {
    /// No amount beside a label of a total.
    pub(super) no_total: bool,
    /// The total stands there once and no sum leads to it.
    pub(super) unproven: bool,
    /// No date.
    pub(super) no_date: bool,
    /// Date or total were read with little confidence, or figures in general.
    pub(super) unsure: bool,
}

impl Doubt {
    /// Nothing is left open.
    pub(super) fn none(self) -> bool {
        self == Self::default()
    }

    /// Something is not there at all.
    pub(super) fn missing(self) -> bool {
        self.no_total || self.no_date
    }
}

/// An amount on the page.
struct Amount {
    row: usize,
    value: Decimal,
    confidence: f64,
}

/// What is left open by these words.
pub(super) fn doubt(words: &[Word], slope: f64) -> Doubt {
    let rows = rows(words, slope);
    let mut amounts: Vec<Amount> = Vec::new();
    let mut labelled: Vec<usize> = Vec::new();
    let mut date: Option<f64> = None;
    for (n, row) in rows.iter().enumerate() {
        let texts: Vec<&str> = row.iter().map(|at| words[*at].text.as_str()).collect();
        for found in dates::find(&texts) {
            let least = row[found.at..found.at + found.len]
                .iter()
                .map(|at| words[*at].confidence)
                .fold(1.0, f64::min);
            date = Some(date.map_or(least, |best| best.max(least)));
        }
        if (0..texts.len()).any(|at| is_total(&texts[at..])) {
            labelled.push(n);
        }
        amounts.extend(row.iter().filter_map(|at| {
            let value = amount(&words[*at].text)?;
            let confidence = words[*at].confidence;
            Some(Amount {
                row: n,
                value,
                confidence,
            })
        }));
    }
    // The amount of a label stands in its row, or alone in the next.
    let totals: Vec<&Amount> = labelled
        .iter()
        .filter_map(|row| {
            let last = |row: usize| amounts.iter().rev().find(|amount| amount.row == row);
            last(*row).or_else(|| last(row + 1))
        })
        .collect();
    let proven = |total: &Amount| proven(total, &amounts);
    let sure = |total: &&&Amount| total.confidence >= SURE;
    let legible = {
        let figures: Vec<f64> = words
            .iter()
            .filter(|word| word.text.contains(|char: char| char.is_ascii_digit()))
            .map(|word| word.confidence)
            .collect();
        figures.iter().sum::<f64>() / figures.len().max(1) as f64 >= LEGIBLE
    };
    Doubt {
        no_total: totals.is_empty(),
        unproven: !totals.is_empty() && !totals.iter().any(|total| proven(total)),
        no_date: date.is_none(),
        unsure: !legible
            || date.is_some_and(|confidence| confidence < SURE)
            || (!totals.is_empty() && !totals.iter().any(|total| sure(&total))),
    }
}

/// Whether the words begin with what a language calls the total.
fn is_total(words: &[&str]) -> bool {
    lexicon().label_at(words, None).first().is_some_and(|hit| {
        matches!(hit.label, Label::Total | Label::AmountDue) && hit.strength >= 0.5
    })
}

/// A word as an amount of money: a number with two decimals.
pub(super) fn amount(text: &str) -> Option<Decimal> {
    let text = text.trim_matches(|char: char| matches!(char, '*' | ':' | ';' | '|' | '=' | '~'));
    numbers::best(text, None)
        .filter(|reading| reading.decimals == 2 && !reading.percent && !reading.value.is_zero())
        .map(|reading| reading.value)
}

/// Whether the page says the same amount again, or has two that make it up.
fn proven(total: &Amount, amounts: &[Amount]) -> bool {
    let others = || amounts.iter().filter(|other| !std::ptr::eq(*other, total));
    if others().any(|other| other.value == total.value && other.row != total.row) {
        return true;
    }
    // Lines before it that add up to it, one after the other.
    let mut sum = Decimal::default();
    let mut count = 0;
    for other in others().filter(|other| other.row < total.row).rev() {
        sum += other.value;
        count += 1;
        if count > 1 && sum == total.value {
            return true;
        }
    }
    // Cash less change, net and tax.
    let near: Vec<&Amount> = others()
        .filter(|other| other.row.abs_diff(total.row) <= 8)
        .collect();
    near.iter().enumerate().any(|(at, one)| {
        near[..at].iter().any(|two| {
            let (less, more) = (one.value.min(two.value), one.value.max(two.value));
            less + more == total.value || more - less == total.value
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Rect;

    /// Words of lines, all read with one confidence.
    fn page(lines: &[&str], confidence: f64) -> Vec<Word> {
        let mut words = Vec::new();
        for (row, line) in lines.iter().enumerate() {
            for (column, text) in line.split(' ').enumerate() {
                let (x0, y0) = (column as f64 * 60.0, row as f64 * 20.0);
                words.push(Word {
                    text: text.to_owned(),
                    rect: Rect {
                        x0,
                        y0,
                        x1: x0 + 50.0,
                        y1: y0 + 12.0,
                    },
                    confidence,
                });
            }
        }
        words
    }

    #[test]
    fn a_page_says_what_it_leaves_open() {
        let sums = Doubt::default();
        for (lines, confidence, expected) in [
            // The sum of the lines, net and tax, cash less change, and the same again.
            (
                &["Tea 2.50", "Cake 4.00", "Total 6.50", "Date 12/03/2024"][..],
                0.95,
                sums,
            ),
            (
                &[
                    "Netto 10,00",
                    "MwSt 1,90",
                    "Summe 11,90",
                    "Datum 12.03.2024",
                ],
                0.95,
                sums,
            ),
            (
                &["Total 6.50", "Cash 10.00", "Change 3.50", "12/03/2024"],
                0.95,
                sums,
            ),
            (&["Total 6.50", "Visa 6.50", "12/03/2024"], 0.95, sums),
            // An amount below its label.
            (&["Total", "6.50", "Visa 6.50", "12/03/2024"], 0.95, sums),
            (
                &["Tea 2.50", "Cake 4.00", "Total 6.60", "Date 12/03/2024"],
                0.95,
                Doubt {
                    unproven: true,
                    ..sums
                },
            ),
            (
                &["Tea 2.50", "T0t 2.50"],
                0.95,
                Doubt {
                    no_total: true,
                    no_date: true,
                    ..sums
                },
            ),
            (
                &["Total 6.50", "Visa 6.50", "12/03/2024"],
                0.6,
                Doubt {
                    unsure: true,
                    ..sums
                },
            ),
        ] {
            let found = doubt(&page(lines, confidence), 0.0);
            assert_eq!(found, expected, "{lines:?}");
            assert_eq!(found.none(), expected == sums);
        }
    }

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
