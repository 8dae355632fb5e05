//! Plain text as a page: words get the places they would have in a typewriter's print.

use super::{Context, limits, text};
use crate::lang::lexicon;
use crate::model::{Document, Ocr, Page, PageMethod, Rect, Word};
use crate::stage::StageError;

/// Width of a character and height of a line in points: ten characters an inch, six lines an inch, as typewriters print.
const CHARACTER: f64 = 7.2;
const LINE: f64 = 12.0;
/// Where the first line begins, in points from the left and the top.
const MARGIN: f64 = 36.0;
/// Columns a tab stop is apart.
const TAB: usize = 8;

/// The document of one page that a text makes; the page is as long and as wide as the text.
///
/// # Errors
/// `TOO_MUCH_TEXT`.
pub(super) fn document(text: &str, context: &mut Context<'_>) -> Result<Document, StageError> {
    limits::glyphs(text.chars().count(), 1)?;
    (context.page)(1);
    let mut document = Document::new(context.id.clone());
    document.source.pages = Some(1);
    document.source.media_type = Some("text/plain".to_owned());
    document.ocr = Some(Ocr {
        engine: Some("text".to_owned()),
        pages: vec![typed(text)],
        ..Ocr::default()
    });
    Ok(document)
}

/// The page that a typewriter would make of a text.
pub(super) fn typed(text: &str) -> Page {
    let mut words = Vec::new();
    let (mut lines, mut widest) = (0, 0);
    for (n, line) in text.lines().enumerate() {
        lines = n + 1;
        widest = widest.max(words_of(line, n, &mut words));
    }
    let text = text::order(&mut words);
    Page {
        n: 1,
        width: (2.0 * MARGIN + widest as f64 * CHARACTER).max(595.0),
        height: (2.0 * MARGIN + lines as f64 * LINE).max(842.0),
        rotation: None,
        method: Some(PageMethod::PdfText),
        text: Some(text),
        words,
    }
}

/// Adds the words of a line and returns its width in columns.
fn words_of(line: &str, n: usize, words: &mut Vec<Word>) -> usize {
    let (mut column, mut start, mut word) = (0, 0, String::new());
    for char in line.chars().chain([' ']) {
        if char.is_whitespace() {
            let clean = text::clean(&word);
            word.clear();
            if !clean.is_empty() {
                let y0 = MARGIN + n as f64 * LINE;
                words.push(Word {
                    text: clean,
                    rect: Rect {
                        x0: MARGIN + start as f64 * CHARACTER,
                        y0,
                        x1: MARGIN + column as f64 * CHARACTER,
                        y1: y0 + LINE * 0.8,
                    },
                    confidence: 1.0,
                });
            }
            column = if char == '\t' {
                (column / TAB + 1) * TAB
            } else {
                column + 1
            };
            start = column;
        } else {
            word.push(char);
            column += 1;
        }
    }
    column
}

/// Tells whether a text has anything like an amount: a figure with two decimals, or one beside a currency. No invoice is without.
pub(super) fn has_amount(text: &str) -> bool {
    has_cents(text) || has_currency(text)
}

fn has_currency(text: &str) -> bool {
    let figure = |word: &str| word.contains(|c: char| c.is_ascii_digit());
    // A letter or two in small print is more likely a word of the language than a currency.
    let currency = |word: &str| {
        let small = word.len() < 3 && word.chars().all(|c| c.is_ascii_lowercase());
        !small && !lexicon().currencies(word).is_empty()
    };
    let glued = |word: &str| {
        let sign = word.trim_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | ',' | '-'));
        figure(word) && !sign.is_empty() && currency(sign)
    };
    let words: Vec<&str> = text.split_whitespace().collect();
    words.iter().any(|word| glued(word))
        || words.windows(2).any(|pair| {
            figure(pair[0]) && currency(pair[1]) || currency(pair[0]) && figure(pair[1])
        })
}

fn has_cents(text: &str) -> bool {
    text.split(|c: char| !c.is_ascii_digit() && c != '.' && c != ',')
        .map(|figure| figure.trim_matches(['.', ',']))
        .any(|figure| {
            figure
                .rsplit_once(['.', ','])
                .is_some_and(|(whole, cents)| {
                    let date = whole.contains('.') && whole.split('.').all(|part| part.len() <= 2);
                    !whole.is_empty() && cents.len() == 2 && !date
                })
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_told_from_dates_and_counts() {
        for (text, is) in [
            ("Total 1.234,56 EUR", true),
            ("pay 12.50.", true),
            ("Total 95,000 JPY", true),
            ("Fee: ¥1500", true),
            ("EUR 1500", true),
            ("on 01.02.26 we met", false),
            ("version 2.0, 17 pages", false),
            ("", false),
        ] {
            assert_eq!(has_amount(text), is, "{text}");
        }
    }

    #[test]
    fn columns_stay_below_each_other() {
        let mut words = Vec::new();
        words_of("Net\t10.00", 0, &mut words);
        words_of("Total   11.00", 1, &mut words);
        let left: Vec<f64> = words.iter().map(|word| word.rect.x0).collect();
        assert!((left[1] - left[3]).abs() < 0.01, "{left:?}");
    }
}
