//! Dates as invoices print them, in the forms of all languages.
//!
//! `01/02/2026` is the first of February or the second of January: [`find`] returns every reading, and the caller decides
//! once for the whole document. A date needs its year; a time of day behind it is left alone.

use crate::model::Date;

use super::lexicon;

/// The order of a date's parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Order {
    /// Day, month, year.
    Dmy,
    /// Month, day, year.
    Mdy,
    /// Year, month, day.
    Ymd,
}

/// A date in a run of words.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// Index of its first word.
    pub at: usize,
    /// How many words it takes.
    pub len: usize,
    /// Its readings, most usual first; never empty.
    pub readings: Vec<(Date, Order)>,
    /// Its readings are different days.
    pub ambiguous: bool,
}

/// Years before are no dates of invoices.
const FIRST_YEAR: i16 = 1980;
/// Years after are no dates of invoices.
const LAST_YEAR: i16 = 2099;
/// Most words a date takes: `15 . 01 . 2026`, `15 de enero de 2026`.
const MOST_WORDS: usize = 7;
/// Words and endings that stand between the parts of a date and say nothing.
const FILLERS: &[&str] = &[
    "de", "of", "del", "di", "du", "do", "the", "den", "d", "st", "nd", "rd", "th", "er", "o", "a",
    "e", "le", "el", "il", "am", "dnia", "ten",
];

/// All dates in the words, from left to right, none inside another.
pub fn find(words: &[&str]) -> Vec<Found> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let rest = words.get(at..).unwrap_or_default();
        match starting(rest) {
            Some((len, readings)) => {
                let ambiguous = readings
                    .iter()
                    .any(|(date, _)| Some(date) != readings.first().map(|(date, _)| date));
                found.push(Found {
                    at,
                    len,
                    readings,
                    ambiguous,
                });
                at += len;
            }
            None => at += 1,
        }
    }
    found
}

/// Reads `20260115` or `15012026`: only where a label says that it is a date.
pub fn compact(word: &str) -> Option<Date> {
    let word = trim(word);
    if word.len() != 8 || !word.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let part = |from: usize, to: usize| word.get(from..to).unwrap_or("");
    date(part(0, 4), part(4, 6), part(6, 8)).or_else(|| date(part(4, 8), part(2, 4), part(0, 2)))
}

/// The date that begins at the first word, and how many words it takes.
fn starting(words: &[&str]) -> Option<(usize, Vec<(Date, Order)>)> {
    numeric(words).or_else(|| named(words))
}

/// Takes off what surrounds a date in its word, also a label glued to it (`Date:01/15/2026`).
fn trim(word: &str) -> &str {
    let word = word.trim_matches(|c: char| !c.is_alphanumeric());
    match word.split_once(':') {
        Some((label, value)) if label.ends_with(|c: char| c.is_alphabetic()) => {
            value.trim_matches(|c: char| !c.is_alphanumeric())
        }
        _ => word,
    }
}

/// `15.01.2026`, `01/15/26`, `2026-01-15`, also split by OCR into `15 . 01 . 2026` or `15. 01. 2026`.
fn numeric(words: &[&str]) -> Option<(usize, Vec<(Date, Order)>)> {
    let mut joined = String::new();
    for (i, word) in words.iter().enumerate().take(5) {
        let part = if i == 0 { trim_front(word) } else { word };
        let part = part.trim_end_matches([',', ';', ')', ':']);
        if part.is_empty()
            || !part
                .chars()
                .next()
                .is_some_and(|c| c.is_ascii_digit() || is_separator(c))
        {
            return None;
        }
        // Two bare groups beside each other are joined by nothing: no date.
        let bare = joined.ends_with(|c: char| c.is_ascii_digit())
            && part.starts_with(|c: char| c.is_ascii_digit());
        if bare {
            return spaced(words);
        }
        joined.push_str(part);
        if let Some(readings) = parts(&joined) {
            return Some((i + 1, readings));
        }
        if joined.chars().filter(char::is_ascii_digit).count() > 8 {
            return None;
        }
    }
    None
}

/// As [`trim`], the end left alone.
fn trim_front(word: &str) -> &str {
    let word = word.trim_start_matches(|c: char| !c.is_alphanumeric());
    match word.split_once(':') {
        Some((label, value))
            if label.ends_with(|c: char| c.is_alphabetic()) && !value.is_empty() =>
        {
            value.trim_start_matches(|c: char| !c.is_alphanumeric())
        }
        _ => word,
    }
}

/// `15 01 2026`: three bare groups of two, two and four digits (or four, two and two).
fn spaced(words: &[&str]) -> Option<(usize, Vec<(Date, Order)>)> {
    let [a, b, c, ..] = words else {
        return None;
    };
    let c = c.trim_end_matches([',', ';', '.', ')']);
    let digits = |word: &str| word.bytes().all(|byte| byte.is_ascii_digit());
    if !(digits(a) && digits(b) && digits(c)) || b.len() != 2 {
        return None;
    }
    match (a.len(), c.len()) {
        (2, 4) => parts(&format!("{a}.{b}.{c}")),
        (4, 2) => parts(&format!("{a}-{b}-{c}")),
        _ => None,
    }
    .map(|readings| (3, readings))
}

/// Tells whether a character parts a date.
fn is_separator(c: char) -> bool {
    matches!(c, '.' | '/' | '-' | '–' | '‐' | '‑' | '−' | '\\')
}

/// The readings of a date in digits; what follows the date must be no digit and no further part.
fn parts(text: &str) -> Option<Vec<(Date, Order)>> {
    let text = text.trim_end_matches(|c: char| !c.is_alphanumeric());
    let end = text.find(['T', ' ']).unwrap_or(text.len());
    let text = text.get(..end)?;
    let mut split = text.split(is_separator);
    let (a, b, c) = (split.next()?, split.next()?, split.next()?);
    let kinds: Vec<char> = text.chars().filter(|c| is_separator(*c)).collect();
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if split.next().is_some() || !digits(a) || !digits(b) || !digits(c) {
        return None;
    }
    if kinds.first() != kinds.last() {
        // Denmark and Norway write `24/12-2023`: day and month belong together, the year stands apart.
        let apart = c.len() == 4 && matches!(kinds.as_slice(), ['/' | '.', '-']);
        let day = apart.then(|| date(c, b, a)).flatten()?;
        return Some(vec![(day, Order::Dmy)]);
    }
    let mut readings = Vec::new();
    match (a.len(), b.len(), c.len()) {
        (4, 1..=2, 1..=2) => readings.extend(date(a, b, c).map(|date| (date, Order::Ymd))),
        (1..=2, 1..=2, 2 | 4) => {
            readings.extend(date(c, b, a).map(|date| (date, Order::Dmy)));
            // With points the month never comes first, unless nothing else is possible.
            if kinds.first() != Some(&'.') || readings.is_empty() {
                readings.extend(date(c, a, b).map(|date| (date, Order::Mdy)));
            }
            if c.len() == 2 && a.len() == 2 && kinds.first() == Some(&'-') {
                readings.extend(date(a, b, c).map(|date| (date, Order::Ymd)));
            }
        }
        _ => {}
    }
    (!readings.is_empty()).then_some(readings)
}

/// A date of year, month and day in digits; two digits of a year are 2000 to 2079 or 1980 to 1999.
fn date(year: &str, month: &str, day: &str) -> Option<Date> {
    let mut full = year.parse::<i16>().ok()?;
    if year.len() <= 2 {
        full += if full < 80 { 2000 } else { 1900 };
    }
    if !(FIRST_YEAR..=LAST_YEAR).contains(&full) {
        return None;
    }
    Date::new(full, month.parse().ok()?, day.parse().ok()?)
}

/// A piece of a date with the month's name.
#[derive(Clone, Copy, PartialEq)]
enum Piece<'a> {
    Digits(&'a str),
    Month(u8),
}

/// `15. Januar 2026`, `January 15th, 2026`, `15-Jan-26`, `15 de enero de 2026`, `2026 January 15`.
fn named(words: &[&str]) -> Option<(usize, Vec<(Date, Order)>)> {
    let mut pieces = Vec::new();
    for (i, word) in words.iter().enumerate().take(MOST_WORDS) {
        let word = if i == 0 { trim(word) } else { word };
        for run in runs(word) {
            if run.starts_with(|c: char| c.is_ascii_digit()) {
                pieces.push(Piece::Digits(run));
            } else if let Some(month) = lexicon().month(run) {
                pieces.push(Piece::Month(month));
            } else if pieces.is_empty() || !FILLERS.contains(&run.to_lowercase().as_str()) {
                return None;
            }
        }
        if let [first, second, third] = *pieces.as_slice() {
            return assemble(first, second, third).map(|reading| (i + 1, vec![reading]));
        }
        if pieces.len() > 3 {
            return None;
        }
    }
    None
}

/// The runs of letters and of digits in a word.
fn runs(word: &str) -> Vec<&str> {
    let mut runs = Vec::new();
    let mut start = 0;
    let mut last: Option<char> = None;
    for (i, c) in word.char_indices() {
        let border = last.is_some_and(|last| {
            last.is_alphanumeric() != c.is_alphanumeric()
                || last.is_ascii_digit() != c.is_ascii_digit()
        });
        if border {
            runs.push(word.get(start..i).unwrap_or(""));
            start = i;
        }
        last = Some(c);
    }
    runs.push(word.get(start..).unwrap_or(""));
    runs.retain(|run| run.starts_with(char::is_alphanumeric) && !matches!(*run, "º" | "ª"));
    runs
}

/// Three pieces, one of them the month, in an order that is used.
fn assemble(first: Piece<'_>, second: Piece<'_>, third: Piece<'_>) -> Option<(Date, Order)> {
    let (year, month, day, order) = match (first, second, third) {
        (Piece::Digits(day), Piece::Month(month), Piece::Digits(year)) if day.len() <= 2 => {
            (year, month, day, Order::Dmy)
        }
        (Piece::Digits(year), Piece::Month(month), Piece::Digits(day)) => {
            (year, month, day, Order::Ymd)
        }
        (Piece::Month(month), Piece::Digits(day), Piece::Digits(year)) => {
            (year, month, day, Order::Mdy)
        }
        _ => return None,
    };
    if day.len() > 2 || !matches!(year.len(), 2 | 4) {
        return None;
    }
    Some((date(year, &month.to_string(), day)?, order))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The dates as `at+len date order`.
    fn shown(text: &str) -> String {
        let words: Vec<&str> = text.split_whitespace().collect();
        find(&words)
            .iter()
            .map(|found| {
                let readings: Vec<String> = found
                    .readings
                    .iter()
                    .map(|(date, order)| format!("{date} {order:?}"))
                    .collect();
                format!(
                    "{}+{} {}{}",
                    found.at,
                    found.len,
                    readings.join(" or "),
                    if found.ambiguous { " ?" } else { "" }
                )
            })
            .collect::<Vec<_>>()
            .join(", ")
    }

    #[test]
    fn forms_of_all_languages() {
        for (text, expected) in [
            ("15.01.2026", "0+1 2026-01-15 Dmy"),
            ("15/01/26", "0+1 2026-01-15 Dmy"),
            ("15/1-2026", "0+1 2026-01-15 Dmy"),
            ("01/15/2026", "0+1 2026-01-15 Mdy"),
            ("01/02/2026", "0+1 2026-02-01 Dmy or 2026-01-02 Mdy ?"),
            ("02/02/2026", "0+1 2026-02-02 Dmy or 2026-02-02 Mdy"),
            ("2026-01-15", "0+1 2026-01-15 Ymd"),
            ("2026.01.15.", "0+1 2026-01-15 Ymd"),
            ("2026/1/5", "0+1 2026-01-05 Ymd"),
            ("2026-01-15T10:00:00Z", "0+1 2026-01-15 Ymd"),
            ("20260115", ""),
            ("15-Jan-2026", "0+1 2026-01-15 Dmy"),
            ("15JAN26", "0+1 2026-01-15 Dmy"),
            ("January 15, 2026", "0+3 2026-01-15 Mdy"),
            ("Jan 15th 2026", "0+3 2026-01-15 Mdy"),
            ("15th of January, 2026", "0+4 2026-01-15 Dmy"),
            ("Jan. 15 '26", "0+3 2026-01-15 Mdy"),
            ("15. Januar 2026", "0+3 2026-01-15 Dmy"),
            ("15 de enero de 2026", "0+5 2026-01-15 Dmy"),
            ("1er janvier 2026", "0+3 2026-01-01 Dmy"),
            ("15 février 2026", "0+3 2026-02-15 Dmy"),
            ("15 stycznia 2026 r.", "0+3 2026-01-15 Dmy"),
            ("15 gennaio 2026", "0+3 2026-01-15 Dmy"),
            ("15 maart 2026", "0+3 2026-03-15 Dmy"),
            ("15 de Março de 2026", "0+5 2026-03-15 Dmy"),
            ("15 . 01 . 2026", "0+5 2026-01-15 Dmy"),
            ("15. 1. 2026", "0+3 2026-01-15 Dmy"),
            ("15 / 01 / 2026", "0+5 2026-01-15 Dmy"),
            ("15 01 2026", "0+3 2026-01-15 Dmy"),
            ("Date:01/15/2026", "0+1 2026-01-15 Mdy"),
            ("31.12.99", "0+1 1999-12-31 Dmy"),
            ("26-01-15", "0+1 2015-01-26 Dmy or 2026-01-15 Ymd ?"),
            (
                "from 01.01.2026 - 31.01.2026",
                "1+1 2026-01-01 Dmy, 3+1 2026-01-31 Dmy",
            ),
            ("Berlin, den 15.01.2026", "2+1 2026-01-15 Dmy"),
            // None of these is a date.
            ("192.168.1.1", ""),
            ("1.234,56", ""),
            ("31.02.2026", ""),
            ("45.13.2026", ""),
            ("030/123/4567", ""),
            ("1 may 3", ""),
            ("5 10 15", ""),
            ("15.01.1815", ""),
            ("", ""),
        ] {
            assert_eq!(shown(text), expected, "{text}");
        }
    }

    #[test]
    fn eight_digits_are_a_date_only_on_request() {
        for (word, expected) in [
            ("20260115", Some("2026-01-15")),
            ("15012026", Some("2026-01-15")),
            ("99999999", None),
            ("2026011", None),
        ] {
            assert_eq!(
                compact(word).map(|date| date.to_string()).as_deref(),
                expected,
                "{word}"
            );
        }
    }

    proptest::proptest! {
        #[test]
        fn every_day_is_read_back(days in 0_i64..40_000, form in 0_usize..5) {
            let date = Date::new(1980, 1, 1).expect("a date").plus_days(days).expect("a date");
            let (y, m, d) = (date.0.year(), date.0.month(), date.0.day());
            let text = match form {
                0 => format!("{d:02}.{m:02}.{y}"),
                1 => format!("{y}-{m:02}-{d:02}"),
                2 => format!("{d}/{m}/{y}"),
                3 => format!("{m:02}/{d:02}/{y}"),
                _ => format!("{d} {} {y}", ["jan", "février", "marzo", "april", "maja", "giugno", "julio", "agosto", "setembro", "oktober", "listopada", "dicembre"][usize::try_from(m - 1).expect("a month")]),
            };
            let words: Vec<&str> = text.split(' ').collect();
            let found = find(&words);
            proptest::prop_assert_eq!(found.len(), 1);
            proptest::prop_assert!(found[0].readings.iter().any(|(read, _)| *read == date), "{}", text);
        }

        #[test]
        fn any_words_have_dates_or_none(text in ".{0,40}") {
            let words: Vec<&str> = text.split_whitespace().collect();
            let _ = find(&words);
        }
    }
}
