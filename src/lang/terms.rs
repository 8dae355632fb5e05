//! Terms of payment: how many days a phrase grants.

use super::fold::fold;

/// Stands for the number of days in a phrase.
const DAYS: &str = "{n}";
/// More days than any terms grant: a larger number is a year or a reference.
const MOST: u32 = 365;

/// The phrases of all languages.
#[derive(Default)]
pub(super) struct Terms {
    patterns: Vec<Vec<String>>,
    now: Vec<Vec<String>>,
}

impl Terms {
    /// Adds the phrases of a language.
    pub(super) fn add(&mut self, net_days: &[String], due_now: &[String]) {
        self.patterns.extend(net_days.iter().map(|phrase| {
            phrase
                .split_whitespace()
                .map(|word| {
                    if word == DAYS {
                        word.to_owned()
                    } else {
                        fold(word)
                    }
                })
                .collect()
        }));
        self.now.extend(due_now.iter().map(|phrase| tokens(phrase)));
    }

    /// The days a text grants; the longest where several are named, since the shorter ones earn a discount.
    pub(super) fn net_days(&self, text: &str) -> Option<u32> {
        let words = tokens(text);
        let mut days = None;
        for at in 0..words.len() {
            let rest = words.get(at..).unwrap_or_default();
            for pattern in &self.patterns {
                days = days.max(matches(pattern, rest));
            }
        }
        days.or_else(|| {
            let at_once = self.now.iter().any(|phrase| {
                words
                    .windows(phrase.len().max(1))
                    .any(|window| window == phrase)
            });
            at_once.then_some(0)
        })
    }
}

/// Folded words, with digits apart from letters (`30days`).
fn tokens(text: &str) -> Vec<String> {
    let mut spaced = String::with_capacity(text.len() + 8);
    let mut last = ' ';
    for c in text.chars() {
        if (last.is_ascii_digit() && c.is_alphabetic())
            || (last.is_alphabetic() && c.is_ascii_digit())
        {
            spaced.push(' ');
        }
        spaced.push(c);
        last = c;
    }
    spaced
        .split_whitespace()
        .flat_map(|word| fold(word).split(' ').map(str::to_owned).collect::<Vec<_>>())
        .filter(|word| !word.is_empty())
        .collect()
}

/// The number of days if the words begin with the pattern.
fn matches(pattern: &[String], words: &[String]) -> Option<u32> {
    let mut days = None;
    for (i, part) in pattern.iter().enumerate() {
        let word = words.get(i)?;
        if part == DAYS {
            days = Some(word.parse::<u32>().ok().filter(|n| *n <= MOST)?);
        } else if part != word {
            return None;
        }
    }
    days
}
