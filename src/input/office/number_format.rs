//! Numbers as the cells of a workbook show them (ECMA-376 part 1, 18.8.30).
//!
//! Digits, decimals, thousands, percent, currency, signs and literal text are those of the format, with the point as decimal
//! mark; a date with its day is written as ISO writes it, since a cell knows its date and readers of `03/04/2026` do not.
//! Fractions and powers of ten are shown as plain numbers.

use rust_decimal::RoundingStrategy;

use crate::model::{Date, Decimal};

/// Formats with a number of their own, as far as they are no plain numbers.
pub(super) fn built_in(id: u32) -> Option<&'static str> {
    Some(match id {
        1 => "0",
        2 => "0.00",
        3 | 37 | 38 | 41 | 42 => "#,##0",
        4 | 39 | 40 | 43 | 44 => "#,##0.00",
        9 => "0%",
        10 => "0.00%",
        14 | 27..=31 | 36 | 50..=54 | 57 | 58 => "yyyy-mm-dd",
        15 => "d-mmm-yy",
        16 => "d-mmm",
        17 => "mmm-yy",
        18..=21 | 45..=47 => "h:mm",
        22 => "yyyy-mm-dd h:mm",
        _ => return None,
    })
}

/// Significant digits that a workbook's numbers have, and that a cell without a format shows.
const DIGITS: u32 = 15;
const GENERAL: u32 = 11;
/// More decimals than any format has.
const MOST_DECIMALS: usize = 20;

/// What a cell with this number and this format shows; the number itself where it cannot be told.
pub(super) fn shown(number: &str, format: Option<&str>, from_1904: bool) -> String {
    let parsed = number
        .parse::<Decimal>()
        .or_else(|_| Decimal::from_scientific(number));
    let Some(value) = parsed.ok().and_then(|value| value.round_sf(DIGITS)) else {
        return number.to_owned();
    };
    let general = || {
        let short = value.round_sf(GENERAL).unwrap_or(value);
        short.normalize().to_string()
    };
    let Some(format) = format.filter(|format| !format.eq_ignore_ascii_case("general")) else {
        return general();
    };
    let sections = sections(format);
    if let Some(parts) = sections.first().and_then(|section| DateParts::of(section)) {
        return dated(value, parts, from_1904).unwrap_or_else(general);
    }
    let (section, signed) = match (sections.as_slice(), value.is_sign_negative()) {
        ([_, negative, ..], true) if !value.is_zero() => (negative, false),
        ([_, _, zero, ..], _) if value.is_zero() => (zero, false),
        ([first, ..], negative) => (first, negative && !value.is_zero()),
        ([], _) => return general(),
    };
    printed(value.abs(), section, signed).unwrap_or_else(general)
}

/// A piece of a format.
#[derive(Clone, Debug, PartialEq)]
enum Token {
    /// A character that stands for itself.
    Literal(char),
    /// A digit (`0`), or one that is left out (`#`, `?`).
    Digit(bool),
    Point,
    Comma,
    Percent,
    /// Any other character with a meaning.
    Code(char),
}

/// The sections of a format, parted by semicolons, as tokens.
fn sections(format: &str) -> Vec<Vec<Token>> {
    let mut sections = vec![Vec::new()];
    let mut chars = format.chars();
    while let Some(c) = chars.next() {
        let last = sections.len() - 1;
        let section = &mut sections[last];
        match c {
            ';' => sections.push(Vec::new()),
            '"' => section.extend(chars.by_ref().take_while(|c| *c != '"').map(Token::Literal)),
            '\\' => section.extend(chars.next().map(Token::Literal)),
            // Room as wide as a character; a character that fills.
            '_' => {
                chars.next();
                section.push(Token::Literal(' '));
            }
            '*' => {
                chars.next();
            }
            '[' => {
                let inside: String = chars.by_ref().take_while(|c| *c != ']').collect();
                if let Some(currency) = inside.strip_prefix('$') {
                    let sign = currency.split('-').next().unwrap_or_default();
                    section.extend(sign.chars().map(Token::Literal));
                } else if inside.chars().all(|c| "hHmMsS".contains(c)) {
                    // Time that has passed.
                    section.extend(inside.chars().map(Token::Code));
                }
            }
            '0' => section.push(Token::Digit(true)),
            '#' | '?' => section.push(Token::Digit(false)),
            '.' => section.push(Token::Point),
            ',' => section.push(Token::Comma),
            '%' => section.push(Token::Percent),
            'd' | 'D' | 'm' | 'M' | 'y' | 'Y' | 'h' | 'H' | 's' | 'S' | 'E' | 'e' | '/' | '@'
            | 'g' | 'b' => {
                section.push(Token::Code(c.to_ascii_lowercase()));
            }
            c => section.push(Token::Literal(c)),
        }
    }
    sections
}

/// What a date format shows.
#[derive(Clone, Copy)]
struct DateParts {
    day: bool,
    month: bool,
    year: bool,
    time: bool,
}

impl DateParts {
    /// `None` if the section is a number's.
    fn of(section: &[Token]) -> Option<Self> {
        let has = |code: char| section.contains(&Token::Code(code));
        if section
            .iter()
            .any(|token| matches!(token, Token::Digit(false)))
        {
            return None;
        }
        let time = has('h') || has('s');
        let parts = Self {
            day: has('d'),
            // Minutes are written like months.
            month: has('m') && (has('d') || has('y') || !time),
            year: has('y'),
            time,
        };
        (parts.day || parts.month || parts.year || time).then_some(parts)
    }
}

/// A date from the number of days since the beginning of its calendar.
fn dated(value: Decimal, parts: DateParts, from_1904: bool) -> Option<String> {
    let days = value.trunc();
    let minutes = ((value - days) * Decimal::from(1440)).round();
    let mut count = i64::try_from(days).ok()?;
    let mut minutes = i64::try_from(minutes).ok()?;
    if minutes == 1440 {
        (count, minutes) = (count + 1, 0);
    }
    let first = if from_1904 {
        Date::new(1904, 1, 1)?
    } else if count < 60 {
        // A day that never was, 29 February 1900, is the sixtieth.
        Date::new(1899, 12, 31)?
    } else {
        Date::new(1899, 12, 30)?
    };
    let time = format!(
        "{:02}:{:02}",
        minutes.div_euclid(60),
        minutes.rem_euclid(60)
    );
    if !parts.day && !parts.month && !parts.year {
        return Some(time);
    }
    let date = first.plus_days(count)?;
    let shown = match (parts.day, parts.month || parts.year) {
        (true, true) => date.to_string(),
        _ if parts.month && parts.year => date.0.strftime("%B %Y").to_string(),
        _ if parts.month => date.0.strftime("%B").to_string(),
        _ if parts.year => date.0.strftime("%Y").to_string(),
        _ => date.0.strftime("%-d").to_string(),
    };
    Some(if parts.time && minutes > 0 {
        format!("{shown} {time}")
    } else {
        shown
    })
}

/// A number without its sign in a section of a format.
fn printed(value: Decimal, section: &[Token], signed: bool) -> Option<String> {
    let is_digit = |token: &Token| matches!(token, Token::Digit(_));
    if section
        .iter()
        .any(|token| matches!(token, Token::Code('e' | '/')))
    {
        return None;
    }
    let literal = |tokens: &[Token]| -> String {
        tokens
            .iter()
            .map(|token| match token {
                Token::Literal(c) | Token::Code(c) => *c,
                Token::Percent => '%',
                Token::Point => '.',
                Token::Comma => ',',
                Token::Digit(_) => '0',
            })
            .collect()
    };
    let sign = if signed { "-" } else { "" };
    let Some(first) = section.iter().position(is_digit) else {
        return Some(format!("{sign}{}", literal(section)).trim().to_owned());
    };
    let last = section.iter().rposition(is_digit)?;
    let figure = &section[first..=last];
    let scales = section[last + 1..]
        .iter()
        .take_while(|token| **token == Token::Comma)
        .count();
    let point = figure.iter().position(|token| *token == Token::Point);
    let (whole, fraction) = figure.split_at(point.unwrap_or(figure.len()));
    let count = |tokens: &[Token], needed: bool| {
        let digits = tokens
            .iter()
            .filter(|token| **token == Token::Digit(true) || !needed && is_digit(token));
        digits.count().min(MOST_DECIMALS)
    };
    let mut value = value;
    for _ in 0..section
        .iter()
        .filter(|token| **token == Token::Percent)
        .count()
    {
        value = value.checked_mul(Decimal::ONE_HUNDRED)?;
    }
    for _ in 0..scales {
        value = value.checked_div(Decimal::ONE_THOUSAND)?;
    }
    let (most, least) = (count(fraction, false), count(fraction, true));
    let mut rounded =
        value.round_dp_with_strategy(most as u32, RoundingStrategy::MidpointAwayFromZero);
    rounded.rescale(most as u32);
    let digits = rounded.to_string();
    let (mut integer, decimals) = match digits.split_once('.') {
        Some((integer, decimals)) => (integer.to_owned(), decimals.to_owned()),
        None => (digits, String::new()),
    };
    while integer.len() < count(whole, true) {
        integer.insert(0, '0');
    }
    if whole.contains(&Token::Comma) {
        integer = grouped(&integer);
    }
    let kept = decimals
        .trim_end_matches('0')
        .len()
        .max(least)
        .min(decimals.len());
    let mut number = integer;
    if kept > 0 {
        number.push('.');
        number.push_str(&decimals[..kept]);
    }
    let behind = &section[last + 1 + scales..];
    let text = format!(
        "{}{sign}{number}{}",
        literal(&section[..first]),
        literal(behind)
    );
    Some(text.trim().to_owned())
}

fn grouped(digits: &str) -> String {
    let mut grouped = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_their_formats() {
        for (number, format, expected) in [
            ("1234.5", "General", "1234.5"),
            ("33.333333333333336", "General", "33.333333333"),
            ("1058.7500000000001", "General", "1058.75"),
            ("1234.5", "0", "1235"),
            ("1234.565", "#,##0.00", "1,234.57"),
            ("-1234.5", "#,##0.00", "-1,234.50"),
            ("-1234.5", "#,##0.00;(#,##0.00)", "(1,234.50)"),
            ("-5", "0.00;[Red]-0.00", "-5.00"),
            ("0", "0.00;-0.00;\"-\"", "-"),
            ("0.21", "0%", "21%"),
            ("0.055", "0.0 %", "5.5 %"),
            ("1234.5", "#,##0.00\\ \"€\"", "1,234.50 €"),
            ("1234.5", "[$€-407] #,##0.00", "€ 1,234.50"),
            ("1234.5", "_-* #,##0.00\\ [$USD]_-", "1,234.50 USD"),
            ("7", "000", "007"),
            ("1.5", "0.###", "1.5"),
            ("1500000", "0.0,,", "1.5"),
            ("0.5", "# ?/?", "0.5"),
            ("12345", "0.00E+00", "12345"),
            ("5", "\"No. \"0", "No. 5"),
            ("1e3", "0", "1000"),
            ("x", "0", "x"),
            ("5", ";;;", ""),
            (
                "79228162514264337593543950335000",
                "0.00",
                "79228162514264337593543950335000",
            ),
        ] {
            assert_eq!(
                shown(number, Some(format), false),
                expected,
                "{number} {format}"
            );
        }
    }

    #[test]
    fn dates_are_what_the_cell_knows() {
        for (number, format, expected) in [
            ("46034", "dd/mm/yyyy", "2026-01-12"),
            ("46034", "m/d/yy", "2026-01-12"),
            ("46034.5", "yyyy\\-mm\\-dd\\ hh:mm", "2026-01-12 12:00"),
            (
                "46034",
                "[$-F800]dddd\\,\\ mmmm\\ dd\\,\\ yyyy",
                "2026-01-12",
            ),
            ("46034", "mmmm yyyy", "January 2026"),
            ("46034", "yyyy", "2026"),
            ("0.75", "h:mm", "18:00"),
            ("1", "yyyy-mm-dd", "1900-01-01"),
            ("61", "yyyy-mm-dd", "1900-03-01"),
            ("99999999999", "yyyy-mm-dd", "99999999999"),
        ] {
            assert_eq!(
                shown(number, Some(format), false),
                expected,
                "{number} {format}"
            );
        }
        assert_eq!(shown("44572", Some("dd.mm.yyyy"), true), "2026-01-12");
        let id = |id| shown("46034", built_in(id), false);
        assert_eq!(
            (id(14), id(4), id(0)),
            (
                "2026-01-12".to_owned(),
                "46,034.00".to_owned(),
                "46034".to_owned()
            )
        );
    }
}
