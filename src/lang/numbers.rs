//! Numbers as invoices print them: decimal comma or point, thousands by dots, commas, blanks or apostrophes, signs in
//! front, behind or as brackets, currency glued to either side.
//!
//! `1.234` is a thousand or one and a bit: [`read`] returns every reading, and the caller decides by the document's own
//! arithmetic. What cannot be an amount (a date, a telephone number, an address of the network) has no reading.

use crate::model::Decimal;

use super::lexicon;

/// The decimal mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mark {
    /// `1.234,56`
    Comma,
    /// `1,234.56`
    Point,
}

/// One way to read a number.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    /// Its value, with the decimals that were printed.
    pub value: Decimal,
    /// Decimals printed.
    pub decimals: u32,
    /// The decimal mark this reading takes for granted; `None` where nothing in the number tells.
    pub mark: Option<Mark>,
    /// It carries a percent sign.
    pub percent: bool,
    /// ISO 4217 code of the currency sign or code that was glued to it, the most likely one.
    pub currency: Option<&'static str>,
}

/// Most digits a number may have: more are article numbers, accounts, telephone numbers.
const MOST_DIGITS: usize = 12;
/// Most decimals a price may have.
const MOST_DECIMALS: usize = 6;

/// Reads a number with whatever is glued to it; `prefer` is the document's decimal mark where it is known. Best first,
/// empty if it is no number.
pub fn read(text: &str, prefer: Option<Mark>) -> Vec<Reading> {
    let clean: String = text
        .chars()
        .map(|c| match c {
            '\u{a0}' | '\u{202f}' | '\u{2009}' | '\u{2007}' => ' ',
            '’' | '‘' | '`' | '´' | 'ʼ' => '\'',
            '−' | '–' | '—' | '‐' | '‑' => '-',
            c => c,
        })
        .collect();
    let Some(dressed) = undress(clean.trim()) else {
        return Vec::new();
    };
    let mut readings = bare(dressed.digits, prefer);
    for reading in &mut readings {
        // `(19%)` is a rate in brackets, no negative one.
        let rate = dressed.bracketed && dressed.percent;
        if dressed.negative && !rate {
            reading.value.set_sign_negative(!reading.value.is_zero());
        }
        reading.percent = dressed.percent;
        reading.currency = dressed.currency;
    }
    // `(1)`, `(2024)`: a bracketed whole number is a footnote, not a negative amount.
    if dressed.bracketed
        && readings.iter().all(|reading| reading.mark.is_none())
        && dressed.currency.is_none()
        && !dressed.percent
    {
        readings.clear();
    }
    readings
}

/// The best reading.
pub fn best(text: &str, prefer: Option<Mark>) -> Option<Reading> {
    read(text, prefer).into_iter().next()
}

/// Tells whether two words, set close together, may be one number grouped by a blank (`1 234,56`). Only the distance on
/// the page can tell a group from two columns: ask this after it.
pub fn may_join(left: &str, right: &str) -> bool {
    let tail = left
        .rsplit([' ', '\u{a0}', '\u{202f}'])
        .next()
        .unwrap_or(left);
    let tail = tail.trim_start_matches(|c: char| !c.is_ascii_digit());
    let head: usize = right.chars().take_while(char::is_ascii_digit).count();
    (1..=3).contains(&tail.len())
        && tail.bytes().all(|byte| byte.is_ascii_digit())
        && (tail.len() < left.len() || !tail.starts_with('0'))
        && head == 3
        // A group may begin with zeros (`3 069,00`), a number may not.
        && !read(&format!("1{right}"), None).is_empty()
}

/// A number without what surrounds it.
struct Dressed<'a> {
    digits: &'a str,
    negative: bool,
    bracketed: bool,
    percent: bool,
    currency: Option<&'static str>,
}

/// Takes off sign, brackets, currency, percent sign and the marks that receipts set behind a price.
fn undress(text: &str) -> Option<Dressed<'_>> {
    let mut rest = text;
    let mut dressed = Dressed {
        digits: "",
        negative: false,
        bracketed: false,
        percent: false,
        currency: None,
    };
    if let Some(inner) = rest
        .strip_prefix('(')
        .and_then(|rest| rest.strip_suffix(')'))
    {
        rest = inner.trim();
        dressed.negative = true;
        dressed.bracketed = true;
    }
    for _ in 0..4 {
        let before = rest;
        rest = rest.trim();
        if let Some(after) = rest.strip_prefix('-') {
            dressed.negative = true;
            rest = after;
        }
        if let Some(after) = rest.strip_prefix('+') {
            rest = after;
        }
        if let Some(front) = rest.strip_suffix('%') {
            dressed.percent = true;
            rest = front;
        }
        // `12,-` and `12.--` are whole amounts; a lone trailing minus is a sign.
        if let Some(front) = rest.strip_suffix('-') {
            let front = front.trim_end_matches('-');
            if !front.ends_with([',', '.']) {
                dressed.negative = true;
            }
            rest = front;
        }
        rest = rest.trim_end_matches(['*', ';', ':', '.', ',']);
        let (stripped, code) = strip_currency(rest);
        rest = stripped;
        dressed.currency = dressed.currency.or(code);
        if rest == before {
            break;
        }
    }
    rest = strip_tax_letter(rest);
    dressed.digits = rest;
    (rest.chars().any(|c| c.is_ascii_digit())).then_some(dressed)
}

/// Takes a currency sign or code off either end.
fn strip_currency(text: &str) -> (&str, Option<&'static str>) {
    let is_number = |c: char| c.is_ascii_digit();
    let Some(first) = text.find(is_number) else {
        return (text, None);
    };
    let last = text.rfind(is_number).unwrap_or(first) + 1;
    let (front, back) = (
        text.get(..first).unwrap_or(""),
        text.get(last..).unwrap_or(""),
    );
    let bare_front = front
        .trim_end_matches(['-', '.', ',', ' ', ':', '+', '('])
        .trim();
    let code = |word: &str| {
        (!word.is_empty())
            .then(|| lexicon().currencies(word).first().copied())
            .flatten()
    };
    if let Some(code) = code(bare_front) {
        // The sign may stand between currency and digits; the point of `Rs.` is none of the digits'.
        let rest = text.get(bare_front.len()..).unwrap_or(text);
        let rest = rest.trim_start_matches([' ', ':']);
        let abbreviated = bare_front.ends_with(char::is_alphabetic);
        let rest = if abbreviated {
            rest.trim_start_matches(['.', ' '])
        } else {
            rest
        };
        return (rest, Some(code));
    }
    let bare_back = back.trim_start_matches(['-', ',', '.', ' ']).trim();
    if let Some(code) = code(bare_back) {
        let cut = text.len() - back.len();
        let kept =
            back.trim_start().starts_with('-') || back.starts_with(",-") || back.starts_with(".-");
        let end = if kept {
            cut + back.find(bare_back).unwrap_or(0)
        } else {
            cut
        };
        return (text.get(..end).unwrap_or(text).trim_end(), Some(code));
    }
    (text, None)
}

/// Takes the tax letter of a receipt off a price: `12.99A`, `1,99 B`.
fn strip_tax_letter(text: &str) -> &str {
    let Some(front) = text.strip_suffix(|c: char| c.is_ascii_uppercase()) else {
        return text;
    };
    let front = front.trim_end();
    let priced = front
        .rfind([',', '.'])
        .is_some_and(|at| front.len() - at == 3 && front.ends_with(|c: char| c.is_ascii_digit()));
    if priced { front } else { text }
}

/// Reads digits with separators only.
fn bare(text: &str, prefer: Option<Mark>) -> Vec<Reading> {
    let text = text.trim();
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    if digits == 0 || digits > MOST_DIGITS || !text.ends_with(|c: char| c.is_ascii_digit()) {
        return Vec::new();
    }
    if !text
        .chars()
        .all(|c| c.is_ascii_digit() || matches!(c, '.' | ',' | '\'' | ' '))
    {
        return Vec::new();
    }
    let groups: Vec<&str> = text.split(['.', ',', '\'', ' ']).collect();
    let separators: Vec<char> = text.chars().filter(|c| !c.is_ascii_digit()).collect();
    let Some((last, earlier)) = separators.split_last() else {
        // A leading zero makes it a code.
        let code = text.len() > 1 && text.starts_with('0');
        return if code {
            Vec::new()
        } else {
            whole(&groups, None).into_iter().collect()
        };
    };
    let mark = match last {
        ',' => Some(Mark::Comma),
        '.' => Some(Mark::Point),
        _ => None,
    };
    let uniform = earlier.windows(2).all(|pair| pair.first() == pair.last());
    let grouped_decimal = !earlier.is_empty() && uniform && earlier.first() != Some(last);
    let mut readings = Vec::new();
    if mark.is_some() && (earlier.is_empty() || grouped_decimal) {
        readings.extend(fraction(&groups, mark));
    }
    if earlier.iter().all(|c| c == last) && grouping(&groups) {
        // Grouping by points means decimals by commas, and the other way round.
        let other = mark.map(|mark| {
            if mark == Mark::Comma {
                Mark::Point
            } else {
                Mark::Comma
            }
        });
        let thousands = whole(&groups, other);
        let first = prefer.is_none() || prefer != mark;
        if first {
            readings.splice(0..0, thousands);
        } else {
            readings.extend(thousands);
        }
    }
    readings
}

/// Tells whether the groups are thousands: three digits each behind the first, or two in India's manner.
fn grouping(groups: &[&str]) -> bool {
    let Some((first, rest)) = groups.split_first() else {
        return false;
    };
    let Some((last, middle)) = rest.split_last() else {
        return false;
    };
    let western = first.len() <= 3 && middle.iter().all(|group| group.len() == 3);
    let indian =
        first.len() <= 2 && !middle.is_empty() && middle.iter().all(|group| group.len() == 2);
    !first.is_empty() && !first.starts_with('0') && last.len() == 3 && (western || indian)
}

/// The groups as a whole number.
fn whole(groups: &[&str], mark: Option<Mark>) -> Option<Reading> {
    let value = groups.concat().parse::<Decimal>().ok()?;
    Some(reading(value, 0, mark))
}

/// The groups as a number whose last group are decimals.
fn fraction(groups: &[&str], mark: Option<Mark>) -> Option<Reading> {
    let (decimals, rest) = groups.split_last()?;
    let plain = rest.len() == 1;
    let integer = rest.concat();
    if !(plain || grouping(rest)) || decimals.len() > MOST_DECIMALS {
        return None;
    }
    if plain && integer.len() > 1 && integer.starts_with('0') {
        return None;
    }
    let value = format!(
        "{}.{decimals}",
        if integer.is_empty() { "0" } else { &integer }
    );
    let value = value.parse::<Decimal>().ok()?;
    Some(reading(value, u32::try_from(decimals.len()).ok()?, mark))
}

/// A reading without what was glued to it.
fn reading(value: Decimal, decimals: u32, mark: Option<Mark>) -> Reading {
    Reading {
        value,
        decimals,
        mark,
        percent: false,
        currency: None,
    }
}

#[cfg(test)]
mod tests;
