//! Figures put right that an engine is known to read wrong: broken at the decimal mark, letters for digits, a digit for
//! one that looks like it, no decimal mark at all.
//!
//! Broken and dirty figures are mended by their form. Digits and marks are changed only where the page proves it: the
//! amount beside a total's label that nothing confirms gives way to a look-alike that sums or repetitions do confirm.

use super::ledger::{Amount, Ledger, amount};
use super::merge::on_each_other;
use super::rows::rows;
use crate::lang::dates;
use crate::model::{Decimal, Word};

/// Confidence of an amount that the page's arithmetic settled.
const SETTLED: f64 = 0.85;
/// Digits that are taken for each other.
const ALIKE: [&str; 5] = ["0689", "147", "3589", "56", "27"];

/// Mends the words of a page; `readings` are those they were merged from.
pub(super) fn mend(words: Vec<Word>, readings: &[Vec<Word>], slope: f64) -> Vec<Word> {
    let mut words = joined(words, slope);
    for word in &mut words {
        if let Some(text) = cleaned(&word.text) {
            word.text = text;
        }
    }
    settle(&mut words, readings, slope);
    words
}

/// Puts amounts together that were broken behind their decimal mark: `RM96.` and `20`.
fn joined(words: Vec<Word>, slope: f64) -> Vec<Word> {
    let mut words: Vec<Option<Word>> = words.into_iter().map(Some).collect();
    let read: Vec<Word> = words.iter().flatten().cloned().collect();
    for row in rows(&read, slope) {
        let mut before: Option<usize> = None;
        for at in row {
            let pair =
                before.and_then(|left| Some((left, words[left].as_ref()?, words[at].as_ref()?)));
            let whole = pair.and_then(|(left, a, b)| Some((left, together(a, b)?)));
            if let Some((left, whole)) = whole {
                words[left] = Some(whole);
                words[at] = None;
            } else {
                before = Some(at);
            }
        }
    }
    words.into_iter().flatten().collect()
}

/// Two words as one amount, where the break is at the decimal mark and hardly wider than a letter.
fn together(left: &Word, right: &Word) -> Option<Word> {
    let gap = right.rect.x0 - left.rect.x1;
    let letter = left.rect.height().max(right.rect.height());
    if gap > 0.9 * letter {
        return None;
    }
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let last = left.text.strip_suffix(['.', ',']);
    let cents = right.text.strip_prefix(['.', ',']);
    let broken = match (last, cents) {
        (Some(whole), None) => {
            whole.ends_with(|char: char| char.is_ascii_digit())
                && right.text.len() == 2
                && digits(&right.text)
        }
        (None, Some(cents)) => {
            left.text.ends_with(|char: char| char.is_ascii_digit())
                && cents.len() == 2
                && digits(cents)
        }
        _ => false,
    };
    let text = format!("{}{}", left.text, right.text);
    (broken && amount(&text).is_some()).then(|| Word {
        text,
        rect: left.rect.union(right.rect),
        confidence: left.confidence.min(right.confidence),
    })
}

/// A figure without the dirt around it and with digits for the letters that look like them; `None` if it is fine, or no
/// figure.
fn cleaned(text: &str) -> Option<String> {
    let figure = |text: &str| amount(text).is_some() || !dates::find(&[text]).is_empty();
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    if digits < 2 || figure(text) {
        return None;
    }
    let bare = text.trim_matches(|char: char| {
        matches!(
            char,
            '"' | '\''
                | '`'
                | '’'
                | '‘'
                | '“'
                | '”'
                | ')'
                | ']'
                | '}'
                | '|'
                | '_'
                | '~'
                | '°'
                | '»'
                | '.'
                | ','
        )
    });
    if figure(bare) {
        return Some(bare.to_owned());
    }
    let letters = bare.chars().filter(|char| char.is_alphabetic()).count();
    if letters == 0 || letters > digits {
        return None;
    }
    let mended: String = bare
        .chars()
        .enumerate()
        .map(|(at, char)| match char {
            'O' | 'o' | 'Q' | 'D' => '0',
            'l' | 'I' | 'i' => '1',
            'Z' => '2',
            // In front they may be a sign of currency.
            'S' if at > 0 => '5',
            'B' if at > 0 => '8',
            other => other,
        })
        .collect();
    let clean = mended.chars().all(|char| !char.is_alphabetic());
    (clean && figure(&mended)).then_some(mended)
}

/// Settles the amounts beside labels of totals that nothing on the page confirms.
fn settle(words: &mut [Word], readings: &[Vec<Word>], slope: f64) {
    let ledger = Ledger::new(words, slope);
    let mut settled: Vec<(usize, String)> = Vec::new();
    for total in ledger.totals() {
        if !ledger.proven(&total) {
            settled
                .extend(alternative(words, readings, &ledger, &total).map(|text| (total.at, text)));
        }
    }
    for row in &ledger.labelled {
        if ledger.amounts.iter().all(|amount| amount.row != *row) {
            settled.extend(unmarked(words, &ledger, *row));
        }
    }
    for (at, text) in settled {
        words[at].text = text;
        words[at].confidence = words[at].confidence.max(SETTLED);
    }
}

/// What the page confirms in place of an amount: what another reading had there, or what differs from it by one digit
/// that looks alike. Only if there is one such amount.
fn alternative(
    words: &[Word],
    readings: &[Vec<Word>],
    ledger: &Ledger,
    total: &Amount,
) -> Option<String> {
    let here = words[total.at].rect;
    let read = readings
        .iter()
        .flatten()
        .filter(|word| on_each_other(word.rect, here))
        .filter_map(|word| Some((amount(&word.text)?, word.text.as_str())))
        .filter(|(value, _)| {
            ledger.repeated(*value, total.row) > 0 || ledger.adds_up(*value, total.row, total.at)
        });
    let seen = ledger
        .amounts
        .iter()
        .filter(|other| other.row != total.row && alike(other.value, total.value))
        .map(|other| (other.value, words[other.at].text.as_str()))
        .filter(|(value, _)| {
            ledger.repeated(*value, total.row) > 1 || ledger.adds_up(*value, total.row, total.at)
        });
    // Leading digits are lost more often than any are seen that are not there.
    let mut found = read.chain(seen).filter(|(value, _)| {
        *value != total.value && value.to_string().len() >= total.value.to_string().len()
    });
    let (value, text) = found.next()?;
    found
        .all(|(other, _)| other == value)
        .then(|| text.to_owned())
}

/// Whether amounts differ by one digit, not the last, that is taken for the other: totals are rounded in the last.
fn alike(one: Decimal, two: Decimal) -> bool {
    let (one, two) = (one.to_string(), two.to_string());
    if one.len() != two.len() {
        return false;
    }
    let mut differing = one
        .chars()
        .zip(two.chars())
        .enumerate()
        .filter(|(_, (a, b))| a != b);
    match (differing.next(), differing.next()) {
        (Some((at, (a, b))), None) => {
            at + 1 < one.len() && ALIKE.iter().any(|set| set.contains(a) && set.contains(b))
        }
        _ => false,
    }
}

/// A whole number beside a total's label that the page confirms once it has a decimal mark.
fn unmarked(words: &[Word], ledger: &Ledger, row: usize) -> Option<(usize, String)> {
    let commas = ledger
        .amounts
        .iter()
        .filter(|amount| {
            words[amount.at]
                .text
                .trim_end_matches(|char: char| !char.is_ascii_digit())
                .rfind(',')
                > words[amount.at].text.rfind('.')
        })
        .count();
    let mark = if 2 * commas > ledger.amounts.len() {
        ','
    } else {
        '.'
    };
    let at = *ledger.rows[row].last()?;
    let digits = words[at]
        .text
        .trim_matches(|char: char| !char.is_alphanumeric());
    if digits.len() < 3 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let (whole, cents) = digits.split_at(digits.len() - 2);
    let text = format!("{whole}{mark}{cents}");
    let value = amount(&text)?;
    (ledger.repeated(value, row) > 0 || ledger.adds_up(value, row, at)).then_some((at, text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Rect;

    /// Words of lines, each letter 6 wide and 10 high.
    fn page(lines: &[&str]) -> Vec<Word> {
        let mut words = Vec::new();
        for (row, line) in lines.iter().enumerate() {
            let mut x0 = 0.0;
            for text in line.split(' ') {
                let (width, y0) = (text.chars().count() as f64 * 6.0, row as f64 * 20.0);
                if !text.is_empty() {
                    words.push(Word {
                        text: text.to_owned(),
                        rect: Rect {
                            x0,
                            y0,
                            x1: x0 + width,
                            y1: y0 + 10.0,
                        },
                        confidence: 0.7,
                    });
                }
                x0 += width + 6.0;
            }
        }
        words
    }

    fn mended(lines: &[&str]) -> String {
        let words = mend(page(lines), &[], 0.0);
        words
            .iter()
            .map(|word| word.text.as_str())
            .collect::<Vec<_>>()
            .join(" ")
    }

    #[test]
    fn figures_are_mended_by_their_form() {
        for (line, expected) in [
            ("SUBTOTAL RM96. 20", "SUBTOTAL RM96.20"),
            ("12 ,50", "12,50"),
            // Too far away, or no cents.
            ("96.    20", "96. 20"),
            ("No. 20", "No. 20"),
            ("2. 200", "2. 200"),
            ("9.00) 64.60\"", "9.00 64.60"),
            ("O7/01/18 1O,5O", "07/01/18 10,50"),
            // No figures, or a sign of currency.
            ("S1.00 B12 OLIO 4O7X", "S1.00 B12 OLIO 4O7X"),
        ] {
            assert_eq!(mended(&[line]), expected);
        }
    }

    #[test]
    fn totals_are_settled_by_the_page() {
        for (lines, expected) in [
            // Lines add up to 19.46.
            (
                &["Tea 15.47", "Cake 3.99", "Total 19.16", "Visa 19.46"][..],
                "Total 19.46",
            ),
            // Said twice elsewhere.
            (&["Fee 39.35", "Total 39.95", "Visa 39.35"], "Total 39.35"),
            // Said once elsewhere proves nothing; rounding is in the last digit; 3 and 7 are not taken for each other.
            (&["Fee 39.35", "Total 39.95"], "Total 39.95"),
            (&["Fee 60.36", "Again 60.36", "Total 60.35"], "Total 60.35"),
            (&["Fee 30.35", "Again 30.35", "Total 70.35"], "Total 70.35"),
            // Cash less change.
            (&["Total 3145", "Cash 50.00", "Change 18.55"], "Total 31.45"),
            (&["Total 3145", "Cash 50.00", "Change 18.56"], "Total 3145"),
        ] {
            let text = mended(lines);
            assert!(text.contains(expected), "{text}");
        }
    }

    #[test]
    fn another_reading_is_taken_where_the_page_confirms_it() {
        let words = page(&["Total 17.45", "Cash 50.00", "Change 18.55"]);
        let other = page(&["Total 31.45"]);
        let mended = mend(words, &[other], 0.0);
        assert_eq!(
            (mended[1].text.as_str(), mended[1].confidence),
            ("31.45", SETTLED)
        );
    }
}
