//! The amounts on a page: words joined to numbers, read with the document's decimal mark.
//!
//! The mark is decided once per document, by the numbers that can only be read in one way; a number that can be read in
//! two keeps the other reading, and the solver may prefer it.

use std::ops::Range;

use super::view::PageView;
use crate::lang::lexicon;
use crate::lang::numbers::{self, Mark, Reading};
use crate::model::Decimal;

/// A number on a page.
#[derive(Clone, Debug)]
pub(super) struct Money {
    /// Its words, a currency beside it left out.
    pub(super) words: Range<usize>,
    /// Its value.
    pub(super) value: Decimal,
    /// Its value with the other decimal mark, if it can be read so.
    pub(super) other: Option<Decimal>,
    /// Decimals printed.
    pub(super) decimals: u32,
    /// A percentage.
    pub(super) percent: bool,
    /// Currency beside it or glued to it.
    pub(super) currency: Option<&'static str>,
}

impl Money {
    /// Tells whether it is printed as money: with a currency or with the decimals of one.
    pub(super) fn is_priced(&self) -> bool {
        !self.percent && (self.currency.is_some() || self.decimals == 2)
    }
}

/// Readings of the document's numbers that leave no doubt about the mark: comma and point.
fn votes(page: &PageView<'_>) -> (usize, usize) {
    let mut votes = (0, 0);
    for text in &page.texts {
        // Two decimals behind a single mark, or two kinds of marks: nothing else tells.
        if let [
            Reading {
                mark: Some(mark),
                decimals: 2,
                percent: false,
                ..
            },
        ] = numbers::read(text, None).as_slice()
        {
            match mark {
                Mark::Comma => votes.0 += 1,
                Mark::Point => votes.1 += 1,
            }
        }
    }
    votes
}

/// The document's decimal mark by majority, `None` where nothing tells.
pub(super) fn mark(pages: &[PageView<'_>]) -> Option<Mark> {
    let (comma, point) = pages
        .iter()
        .map(votes)
        .fold((0, 0), |sum, page| (sum.0 + page.0, sum.1 + page.1));
    match comma.cmp(&point) {
        std::cmp::Ordering::Greater => Some(Mark::Comma),
        std::cmp::Ordering::Less => Some(Mark::Point),
        std::cmp::Ordering::Equal => None,
    }
}

/// Finds the numbers of a page.
pub(super) fn find(page: &PageView<'_>, mark: Option<Mark>) -> Vec<Money> {
    let mut found: Vec<Money> = Vec::new();
    for segment in &page.sheet.segments {
        let mut at = segment.words.start;
        while at < segment.words.end {
            let Some((taken, readings)) = number_at(page, at, segment.words.end, mark) else {
                at += 1;
                continue;
            };
            let words = at..at + taken;
            at = words.end;
            let mut readings = readings.into_iter();
            let Some(first) = readings.next() else {
                continue;
            };
            let next = page.texts[..segment.words.end].get(words.end);
            let percent = first.percent
                || next.is_some_and(|next| matches!(*next, "%" | "%)" | "%:" | "%):"));
            let minus = words.start > segment.words.start
                && matches!(page.texts[words.start - 1], "-" | "–" | "−")
                && gap(page, words.start - 1) < 0.4 * segment.em
                && !first.value.is_zero();
            let sign = |value: Decimal| if minus { -value } else { value };
            found.push(Money {
                value: sign(first.value),
                other: readings.next().map(|reading| sign(reading.value)),
                decimals: first.decimals,
                percent,
                currency: first.currency.or_else(|| currency_beside(page, &words)),
                words,
            });
        }
    }
    found
}

/// The number that begins at a word: how many words it takes, and its readings.
fn number_at(
    page: &PageView<'_>,
    at: usize,
    end: usize,
    mark: Option<Mark>,
) -> Option<(usize, Vec<Reading>)> {
    let text = clean(page.texts[at]);
    if !text.contains(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let em = page.sheet.words[at].rect.height();
    let mut joined = if page.is_ocr() && numbers::read(text, mark).is_empty() {
        text.trim_start_matches(|c: char| c.is_ascii_alphabetic())
            .to_owned()
    } else {
        text.to_owned()
    };
    let mut taken = 1;
    let mut best = None;
    while at + taken < end && taken < 4 {
        let gap = gap(page, at + taken - 1);
        let next = clean(page.texts[at + taken]);
        let groups = gap < 0.7 * em && numbers::may_join(&joined, next);
        // A scan parts `20. 40` behind the mark.
        let torn = page.is_ocr()
            && gap < 1.2 * em
            && joined.ends_with(['.', ','])
            && next.len() == 2
            && next.bytes().all(|byte| byte.is_ascii_digit());
        if !groups && !torn {
            break;
        }
        if groups {
            joined.push(' ');
        }
        joined.push_str(next);
        taken += 1;
        let readings = numbers::read(&joined, mark);
        if !readings.is_empty() {
            best = Some((taken, readings));
        }
    }
    best.or_else(|| {
        let mut readings = numbers::read(text, mark);
        if readings.is_empty() && page.is_ocr() {
            // A scan misreads the letters of a currency before a price: `RN15.00`.
            let digits = text.trim_start_matches(|c: char| c.is_ascii_alphabetic());
            if text.len() - digits.len() <= 3 {
                readings = numbers::read(digits, mark);
                readings.retain(|reading| reading.decimals == 2);
            }
        }
        (!readings.is_empty()).then_some((1, readings))
    })
}

/// A word without what a scan or a layout leaves around a number.
fn clean(text: &str) -> &str {
    // `(23 %)` comes in two words, `(23%):` with a colon.
    let text = text.trim_end_matches([':', ';']);
    let text = match (text.starts_with('('), text.ends_with(')')) {
        (true, false) => text.trim_start_matches('('),
        (false, true) => text.trim_end_matches(')'),
        _ => text,
    };
    text.trim_matches(|c: char| {
        matches!(
            c,
            '"' | '“'
                | '”'
                | '„'
                | '‘'
                | '’'
                | '\''
                | '|'
                | '='
                | ':'
                | ';'
                | '_'
                | '~'
                | '#'
                | '>'
                | '<'
                | '['
                | ']'
                | '{'
                | '}'
        )
    })
}

/// The gap behind a word, in points.
fn gap(page: &PageView<'_>, word: usize) -> f64 {
    page.sheet.words[word + 1].rect.x0 - page.sheet.words[word].rect.x1
}

/// The currency in the word before or behind a number in its line.
fn currency_beside(page: &PageView<'_>, words: &Range<usize>) -> Option<&'static str> {
    let line = page.sheet.segments[page.segment_of[words.start]].line;
    let line = &page.sheet.lines[line].words;
    let of = |word: usize| {
        let text = page.texts[word];
        if lexicon().is_tax_code(text) {
            return None;
        }
        // A letter or two in small print is more likely a word of the language than a currency.
        let sign = !text.chars().all(|c| c.is_ascii_lowercase()) || text.len() > 2;
        sign.then(|| lexicon().currencies(text).first().copied())
            .flatten()
    };
    let behind = (words.end < line.end).then(|| of(words.end)).flatten();
    let before = (words.start > line.start)
        .then(|| of(words.start - 1))
        .flatten();
    behind.or(before)
}
