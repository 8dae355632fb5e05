//! Is another reading worth its time? Told by the words of those before.
//!
//! A page is settled when it has an amount beside a total's label that the page itself confirms, a date, and figures
//! that were read with confidence. A pure check on words: it decides nothing about the invoice.

use super::ledger::{Ledger, amount};
use crate::lang::{Label, dates, lexicon};
use crate::model::{Rect, Word};

/// Confidence below which a figure is doubted.
const SURE: f64 = 0.8;
/// Mean confidence of words with digits below which a page is doubted.
const LEGIBLE: f64 = 0.75;

/// Rows of a kind that are read closely.
const ROWS: usize = 4;

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

/// What is left open by these words.
pub(super) fn doubt(words: &[Word], slope: f64) -> Doubt {
    let ledger = Ledger::new(words, slope);
    let date = ledger
        .rows
        .iter()
        .flat_map(|row| {
            let texts: Vec<&str> = row.iter().map(|at| words[*at].text.as_str()).collect();
            dates::find(&texts).into_iter().map(move |found| {
                row[found.at..found.at + found.len]
                    .iter()
                    .map(|at| words[*at].confidence)
                    .fold(1.0, f64::min)
            })
        })
        .max_by(f64::total_cmp);
    let totals = ledger.totals();
    let figures: Vec<f64> = words
        .iter()
        .filter(|word| word.text.contains(|char: char| char.is_ascii_digit()))
        .map(|word| word.confidence)
        .collect();
    let mean = figures.iter().sum::<f64>() / figures.len().max(1) as f64;
    let sure = totals
        .iter()
        .any(|total| words[total.at].confidence >= SURE);
    Doubt {
        no_total: totals.is_empty(),
        unproven: !totals.is_empty() && !totals.iter().any(|total| ledger.proven(total)),
        no_date: date.is_none(),
        unsure: mean < LEGIBLE
            || date.is_some_and(|confidence| confidence < SURE)
            || (!totals.is_empty() && !sure),
    }
}

/// The rows to look at closely: those that name a total or a date, or have a time, and lack the figure or its proof. Not
/// more than [`ROWS`] of each kind.
pub(super) fn open_rows(words: &[Word], slope: f64) -> Vec<Rect> {
    let left = doubt(words, slope);
    let ledger = Ledger::new(words, slope);
    let mut rows: Vec<usize> = Vec::new();
    if left.no_total || left.unproven {
        rows.extend(ledger.labelled.iter().rev().take(ROWS));
    }
    if left.no_date || left.unsure {
        let dated = ledger.rows.iter().enumerate().filter(|(_, row)| {
            let texts: Vec<&str> = row.iter().map(|at| words[*at].text.as_str()).collect();
            (0..texts.len()).any(|at| is_date(&texts[at..])) || texts.iter().any(|text| timed(text))
        });
        rows.extend(dated.map(|(n, _)| n).take(ROWS));
    }
    rows.sort_unstable();
    rows.dedup();
    rows.iter()
        .filter_map(|row| {
            ledger.rows[*row]
                .iter()
                .map(|at| words[*at].rect)
                .reduce(Rect::union)
        })
        .collect()
}

/// Whether the words begin with what a language calls the date of the document.
fn is_date(words: &[&str]) -> bool {
    let hits = lexicon().label_at(words, None);
    hits.first()
        .is_some_and(|hit| matches!(hit.label, Label::InvoiceDate | Label::DeliveryDate))
}

/// Whether a word has a time of day in it, or what may be left of a date.
fn timed(text: &str) -> bool {
    let bytes = text.as_bytes();
    let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let time = (0..bytes.len()).any(|at| {
        bytes[at] == b':'
            && at >= 2
            && digit(at - 1)
            && digit(at - 2)
            && digit(at + 1)
            && digit(at + 2)
    });
    let parts = text
        .split(['/', '-', '.'])
        .filter(|part| part.bytes().filter(u8::is_ascii_digit).count() >= 2)
        .count();
    time || (parts >= 2 && text.len() >= 7 && amount(text).is_none())
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
    fn rows_that_lack_their_figure_are_looked_at_closely() {
        let tops = |lines: &[&str]| -> Vec<usize> {
            open_rows(&page(lines, 0.95), 0.0)
                .iter()
                .map(|row| (row.y0 / 20.0) as usize)
                .collect()
        };
        // No amount and no date, though there is a time.
        assert_eq!(tops(&["Shop", "Total ~~", "3182 19:59", "Thanks"]), [1, 2]);
        // What is left of a date.
        assert_eq!(tops(&["14/durn/2017", "Total 6.50", "Visa 6.50"]), [0]);
        assert!(tops(&["Total 6.50", "Visa 6.50", "12/03/2024 19:59"]).is_empty());
    }
}
