//! Several readings of a page made one, word by word.
//!
//! Words of different readings that lie on each other are one place of the page. Where readings agree on a place they
//! are believed more than either alone; where they differ, the more readings, the better form (an amount, a date), the
//! page's own repetition and the higher confidence decide, in this sum. What only a later reading saw is taken if it was
//! read with confidence.

use std::collections::BTreeMap;

use super::ledger::amount;
use crate::lang::dates;
use crate::model::{Rect, Word};

/// Confidence from which on a word that only a later reading has is believed.
const BELIEVED: f64 = 0.6;
/// What a form that means something is worth beside confidence.
const FORM: f64 = 0.15;
/// What an amount that the page repeats elsewhere is worth.
const REPEATED: f64 = 0.15;
/// What remains of the confidence of a figure that another reading contradicts.
const CONTRADICTED: f64 = 0.85;

/// A place of the page: for each reading the words it has there, from the left.
type Place = Vec<Vec<usize>>;

/// One reading out of several, the first of them the one that counts where nothing else decides.
pub(super) fn merge(readings: &[Vec<Word>]) -> Vec<Word> {
    let places = places(readings);
    let repeated = repeated(readings, &places);
    places
        .iter()
        .flat_map(|place| settle(readings, place, &repeated))
        .collect()
}

/// What the words of a reading in a place say, without the blanks between them.
fn said(reading: &[Word], words: &[usize]) -> String {
    words.iter().map(|at| reading[*at].text.as_str()).collect()
}

/// Confidence of words, each counted by its length.
fn confidence(reading: &[Word], words: &[usize]) -> f64 {
    let length = |at: &usize| reading[*at].text.chars().count() as f64;
    let whole: f64 = words.iter().map(length).sum();
    words
        .iter()
        .map(|at| reading[*at].confidence * length(at))
        .sum::<f64>()
        / whole.max(1.0)
}

/// The amounts of each place, by how many places some reading has them in.
fn repeated(readings: &[Vec<Word>], places: &[Place]) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for place in places {
        let mut here: Vec<String> = place
            .iter()
            .zip(readings)
            .filter_map(|(words, reading)| Some(amount(&said(reading, words))?.to_string()))
            .collect();
        here.sort_unstable();
        here.dedup();
        for value in here {
            *counts.entry(value).or_insert(0) += 1;
        }
    }
    counts
}

/// What readings say of a place.
struct Saying {
    text: String,
    /// How much speaks for it.
    weight: f64,
    /// The reading that says it best, and with what confidence any does.
    by: usize,
    best: f64,
    votes: usize,
}

/// The words of a place.
fn settle(readings: &[Vec<Word>], place: &Place, repeated: &BTreeMap<String, usize>) -> Vec<Word> {
    let mut options: Vec<Saying> = Vec::new();
    let present = place.iter().filter(|words| !words.is_empty()).count();
    for (by, words) in place
        .iter()
        .enumerate()
        .filter(|(_, words)| !words.is_empty())
    {
        let text = said(&readings[by], words);
        let sure = confidence(&readings[by], words);
        if let Some(option) = options.iter_mut().find(|option| option.text == text) {
            option.weight += sure;
            option.votes += 1;
            let whole = words.len() < place[option.by].len();
            if whole || (words.len() == place[option.by].len() && sure > option.best) {
                option.by = by;
            }
            option.best = option.best.max(sure);
        } else {
            let value = amount(&text);
            let form = value.is_some() || !dates::find(&[&text]).is_empty();
            let again = value
                .and_then(|value| repeated.get(&value.to_string()))
                .is_some_and(|count| *count > 1);
            options.push(Saying {
                weight: sure + if form { FORM } else { 0.0 } + if again { REPEATED } else { 0.0 },
                text,
                by,
                best: sure,
                votes: 1,
            });
        }
    }
    let Some(chosen) = options.iter().reduce(|best, option| {
        if option.weight > best.weight {
            option
        } else {
            best
        }
    }) else {
        return Vec::new();
    };
    // Seen by a later reading alone.
    if present == 1 && chosen.by > 0 && !believed(&chosen.text, chosen.best) {
        return Vec::new();
    }
    let figures = chosen.text.contains(|char: char| char.is_ascii_digit());
    place[chosen.by]
        .iter()
        .map(|at| {
            let word = &readings[chosen.by][*at];
            let confidence = if chosen.votes > 1 {
                // Readings of the same print err together: half of what is left is won.
                let most = word.confidence.max(chosen.best);
                f64::midpoint(most, 1.0)
            } else if present > 1 && figures {
                word.confidence * CONTRADICTED
            } else {
                word.confidence
            };
            Word {
                confidence,
                ..word.clone()
            }
        })
        .collect()
}

/// Whether words that only a later reading has are more than noise.
fn believed(text: &str, confidence: f64) -> bool {
    let sound = text.chars().filter(|char| char.is_alphanumeric()).count();
    confidence >= BELIEVED && sound >= 2 && 2 * sound >= text.chars().count()
}

/// The places of the page, in the order of their first word.
fn places(readings: &[Vec<Word>]) -> Vec<Place> {
    let all: Vec<(usize, usize)> = readings
        .iter()
        .enumerate()
        .flat_map(|(reading, words)| (0..words.len()).map(move |word| (reading, word)))
        .collect();
    let rect = |at: usize| readings[all[at].0][all[at].1].rect;
    let mut parent: Vec<usize> = (0..all.len()).collect();
    // Only words near each other from above to below are compared.
    let mut order: Vec<usize> = (0..all.len()).collect();
    order.sort_by(|a, b| rect(*a).y0.total_cmp(&rect(*b).y0));
    for (n, one) in order.iter().enumerate() {
        let bottom = rect(*one).y1;
        for two in order[n + 1..]
            .iter()
            .take_while(|two| rect(**two).y0 < bottom)
        {
            if all[*one].0 != all[*two].0 && on_each_other(rect(*one), rect(*two)) {
                let (a, b) = (root(&mut parent, *one), root(&mut parent, *two));
                // The first word of a place names it.
                parent[a.max(b)] = a.min(b);
            }
        }
    }
    let mut places: BTreeMap<usize, Place> = BTreeMap::new();
    for (at, (reading, word)) in all.iter().enumerate() {
        places
            .entry(root(&mut parent, at))
            .or_insert_with(|| vec![Vec::new(); readings.len()])[*reading]
            .push(*word);
    }
    for place in places.values_mut() {
        for (words, reading) in place.iter_mut().zip(readings) {
            words.sort_by(|a, b| reading[*a].rect.x0.total_cmp(&reading[*b].rect.x0));
        }
    }
    places.into_values().collect()
}

fn root(parent: &mut [usize], mut at: usize) -> usize {
    while parent[at] != at {
        parent[at] = parent[parent[at]];
        at = parent[at];
    }
    at
}

/// Two boxes of one place: of about one height, in one row, the narrower mostly within the other.
pub(super) fn on_each_other(a: Rect, b: Rect) -> bool {
    let across = a.x1.min(b.x1) - a.x0.max(b.x0);
    let down = a.y1.min(b.y1) - a.y0.max(b.y0);
    let (low, high) = (a.height().min(b.height()), a.height().max(b.height()));
    across > 0.4 * a.width().min(b.width()) && down > 0.5 * low && high < 3.0 * low
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Words with place (left, right) and confidence, in one row.
    fn reading(words: &[(&str, f64, f64, f64)]) -> Vec<Word> {
        words
            .iter()
            .map(|(text, x0, x1, confidence)| Word {
                text: (*text).to_owned(),
                rect: Rect {
                    x0: *x0,
                    y0: 0.0,
                    x1: *x1,
                    y1: 10.0,
                },
                confidence: *confidence,
            })
            .collect()
    }

    fn texts(words: &[Word]) -> Vec<&str> {
        words.iter().map(|word| word.text.as_str()).collect()
    }

    #[test]
    fn places_are_settled_one_by_one() {
        for (readings, expected) in [
            // The more confident one.
            (
                vec![
                    reading(&[("Iotal", 0.0, 40.0, 0.5)]),
                    reading(&[("Total", 1.0, 41.0, 0.9)]),
                ],
                vec!["Total"],
            ),
            // A form that means something outweighs a little confidence.
            (
                vec![
                    reading(&[("12;5O", 0.0, 40.0, 0.8)]),
                    reading(&[("12,50", 1.0, 41.0, 0.75)]),
                ],
                vec!["12,50"],
            ),
            // Two readings outweigh one.
            (
                vec![
                    reading(&[("12,90", 0.0, 40.0, 0.8)]),
                    reading(&[("12,50", 1.0, 41.0, 0.6)]),
                    reading(&[("12,50", 1.0, 41.0, 0.6)]),
                ],
                vec!["12,50"],
            ),
            // What the page says again elsewhere.
            (
                vec![
                    reading(&[("12,90", 0.0, 40.0, 0.8), ("12,50", 100.0, 140.0, 0.9)]),
                    reading(&[("12,50", 1.0, 41.0, 0.75)]),
                ],
                vec!["12,50", "12,50"],
            ),
            // The same in fewer pieces.
            (
                vec![
                    reading(&[("12", 0.0, 18.0, 0.9), (",50", 20.0, 40.0, 0.9)]),
                    reading(&[("12,50", 1.0, 41.0, 0.8)]),
                ],
                vec!["12,50"],
            ),
            // Words of the second alone: only confident ones that are no noise.
            (
                vec![
                    reading(&[("Total", 0.0, 40.0, 0.9)]),
                    reading(&[
                        ("12,50", 100.0, 140.0, 0.8),
                        ("3,10", 200.0, 240.0, 0.4),
                        ("|", 300.0, 304.0, 0.9),
                    ]),
                ],
                vec!["Total", "12,50"],
            ),
        ] {
            assert_eq!(texts(&merge(&readings)), expected);
        }
    }

    #[test]
    fn agreement_raises_confidence_and_contradiction_lowers_it() {
        let agreed = merge(&[
            reading(&[("12,50", 0.0, 40.0, 0.8)]),
            reading(&[("12,50", 0.0, 40.0, 0.6)]),
        ]);
        assert!((agreed[0].confidence - 0.9).abs() < 1e-9);
        let differing = merge(&[
            reading(&[("12,50", 0.0, 40.0, 0.8)]),
            reading(&[("12,60", 0.0, 40.0, 0.6)]),
        ]);
        assert_eq!(differing[0].text, "12,50");
        assert!((differing[0].confidence - 0.68).abs() < 1e-9);
    }

    #[test]
    fn one_reading_stays_as_it_is() {
        let words = reading(&[("b", 50.0, 60.0, 0.2), ("a", 0.0, 10.0, 0.9)]);
        assert_eq!(merge(std::slice::from_ref(&words)), words);
    }
}
