//! When a predicted value is right: the comparison rules of a benchmark.
//!
//! A wanted value is a text, a list (any of it is right) or null (the document has no such value, so that every
//! prediction is wrong). Amounts are compared as exact decimals, dates as calendar dates, names without accents, legal
//! forms and small misreadings, everything else without punctuation and case. What a benchmark calls right is wider than
//! what a check may take for equal; nothing that decides about an invoice may use these rules.

use serde_json::Value;
use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::canonical_combining_class;

use super::ratio::ratio;

/// Fields that are compared as names.
const NAMES: &[&str] = &["vendor_name", "buyer_name"];
/// Fields that are compared as dates.
const DATES: &[&str] = &["invoice_date", "due_date"];
/// Fields that are compared as amounts.
const AMOUNTS: &[&str] = &["subtotal", "vat_amount", "total", "amount_due"];

/// Least likeness of two names that are the same.
const NAME_LIKENESS: f64 = 0.9;
/// Least likeness of the descriptions of one invoice line.
const LINE_LIKENESS: f64 = 0.7;

/// Words of a name that say what kind of company it is or only join others.
const LEGAL: &[&str] = &[
    "gmbh",
    "mbh",
    "ag",
    "kg",
    "kgaa",
    "ohg",
    "ug",
    "ev",
    "eg",
    "se",
    "ltd",
    "limited",
    "plc",
    "llc",
    "llp",
    "inc",
    "incorporated",
    "corp",
    "corporation",
    "co",
    "company",
    "sa",
    "sarl",
    "sas",
    "sasu",
    "srl",
    "srls",
    "spa",
    "sl",
    "slu",
    "sau",
    "sc",
    "nv",
    "bv",
    "vof",
    "cv",
    "sprl",
    "bvba",
    "oy",
    "oyj",
    "ab",
    "as",
    "asa",
    "aps",
    "sp",
    "zoo",
    "spzoo",
    "z",
    "o",
    "lda",
    "ltda",
    "pty",
    "pvt",
    "private",
    "und",
    "and",
    "et",
    "y",
    "e",
    "the",
];

/// Whether a prediction says nothing: null, an empty text or an empty list.
pub fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(list) => list.is_empty(),
        _ => false,
    }
}

/// Whether a predicted value of a field of the record is right.
///
/// A wanted null is for the caller to judge, since no value is right then.
pub fn same(field: &str, predicted: &Value, wanted: &Value) -> bool {
    if let Value::Array(any) = wanted {
        return any.iter().any(|wanted| same(field, predicted, wanted));
    }
    let (predicted, wanted) = (text(predicted), text(wanted));
    if AMOUNTS.contains(&field) {
        let amount = Amount::parse(&predicted);
        return amount.is_some() && amount == Amount::parse(&wanted);
    }
    if DATES.contains(&field) {
        return date(&predicted) == date(&wanted);
    }
    if NAMES.contains(&field) {
        return same_name(&predicted, &wanted);
    }
    let (predicted, wanted) = (code(&predicted), code(&wanted));
    // The country's prefix of a VAT id may be missing.
    predicted == wanted
        || field == "vendor_vat" && without_country(&predicted) == without_country(&wanted)
}

/// Whether two names are those of one company, as a reader of both would say.
///
/// Without accents, punctuation and legal forms one of them is in the other (which is at most three times as long), or they
/// are alike to nine tenths.
pub fn same_name(one: &str, other: &str) -> bool {
    let (first, second) = (words(one), words(other));
    if first.is_empty() || second.is_empty() {
        return one.trim() == other.trim();
    }
    let (first, second) = (core(&first), core(&second));
    let (lengths, lengths_other) = (first.chars().count(), second.chars().count());
    let (short, long, least, most) = if lengths <= lengths_other {
        (&first, &second, lengths, lengths_other)
    } else {
        (&second, &first, lengths_other, lengths)
    };
    first == second
        || least >= 3 && long.contains(short.as_str()) && most <= 3 * least
        || ratio(&first, &second) >= NAME_LIKENESS
}

/// How many of the wanted invoice lines are among the predicted ones: same amount, alike in their description.
///
/// Each predicted line counts once.
pub fn matching_lines(predicted: &[&Value], wanted: &[Value]) -> usize {
    let mut left = predicted.to_vec();
    let mut hits = 0;
    for line in wanted {
        let found = left.iter().position(|candidate| {
            same("total", &candidate["total"], &line["total"])
                && alike(
                    &text(&candidate["description"]),
                    &text(&line["description"]),
                )
        });
        if let Some(found) = found {
            left.remove(found);
            hits += 1;
        }
    }
    hits
}

fn alike(one: &str, other: &str) -> bool {
    let (one, other) = (words(one).concat(), words(other).concat());
    !one.is_empty()
        && !other.is_empty()
        && (other.contains(&one) || one.contains(&other) || ratio(&one, &other) >= LINE_LIKENESS)
}

/// A JSON value as text: a number as it is written, null as nothing.
pub(super) fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// An exact decimal of any length: sign, digits without zeros at either end, power of ten.
#[derive(Debug, PartialEq, Eq)]
struct Amount {
    negative: bool,
    digits: String,
    exponent: i64,
}

impl Amount {
    /// Reads `-12.50`, `.5`, `5.`, `1.2e3`, `1_000`; no thousands separators but the underscore, as Python's `Decimal`.
    fn parse(text: &str) -> Option<Self> {
        let text = text.trim().replace('_', "");
        let text = text.as_str();
        let (negative, text) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let (mantissa, exponent) = match text.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, exponent.parse::<i64>().ok()?),
            None => (text, 0),
        };
        let (whole, part) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let digits = format!("{whole}{part}");
        if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let exponent = exponent.checked_sub(i64::try_from(part.len()).ok()?)?;
        let kept = digits.trim_end_matches('0');
        let dropped = i64::try_from(digits.len() - kept.len()).ok()?;
        let kept = kept.trim_start_matches('0');
        Some(if kept.is_empty() {
            Self {
                negative: false,
                digits: String::new(),
                exponent: 0,
            }
        } else {
            Self {
                negative,
                digits: kept.to_owned(),
                exponent: exponent.checked_add(dropped)?,
            }
        })
    }
}

/// A date that begins the text, as `2026-01-15`; other text as it is.
fn date(text: &str) -> String {
    let text = text.trim();
    let mut rest = text;
    let mut parts = Vec::new();
    for (index, length) in [4, 2, 2].into_iter().enumerate() {
        if index > 0 {
            rest = rest.strip_prefix('-').unwrap_or(rest);
        }
        match rest.get(..length) {
            Some(digits) if digits.bytes().all(|byte| byte.is_ascii_digit()) => {
                parts.push(digits);
                rest = &rest[length..];
            }
            _ => return text.to_owned(),
        }
    }
    parts.join("-")
}

/// Letters and digits without case: `RE-2026/0042` becomes `re20260042`.
fn code(text: &str) -> String {
    let kept: String = text.chars().filter(|c| c.is_alphanumeric()).collect();
    without_case(&kept)
}

fn without_country(code: &str) -> &str {
    let country = code.bytes().take(2).filter(u8::is_ascii_lowercase).count() == 2;
    if country { &code[2..] } else { code }
}

/// The words of a text without accents and case; initials are one word, `S.r.l.` is `srl`.
fn words(text: &str) -> Vec<String> {
    let folded: String = text.nfkd().collect();
    let folded: Vec<char> = without_case(&folded)
        .chars()
        .filter(|&c| canonical_combining_class(c) == 0)
        .collect();
    let in_word = |index: Option<usize>| {
        index
            .and_then(|index| folded.get(index))
            .is_some_and(|&c| c.is_alphanumeric() || c == '_')
    };
    let mut words = vec![String::new()];
    for (index, &character) in folded.iter().enumerate() {
        let before = |distance| index.checked_sub(distance);
        let joins = character == '.'
            && in_word(before(1))
            && !in_word(before(2))
            && in_word(Some(index + 1))
            && !in_word(Some(index + 2));
        if joins {
            continue;
        }
        if !character.is_alphanumeric() {
            words.push(String::new());
        } else if let Some(word) = words.last_mut() {
            word.push(character);
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// A name without its legal forms; all of it if there is nothing else.
fn core(words: &[String]) -> String {
    let core: String = words
        .iter()
        .filter(|word| !LEGAL.contains(&word.as_str()))
        .map(String::as_str)
        .collect();
    if core.is_empty() {
        words.concat()
    } else {
        core
    }
}

/// Full case folding of the letters that decomposed text can have.
fn without_case(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            'ß' | 'ẞ' => folded.push_str("ss"),
            'ς' => folded.push('σ'),
            'ſ' => folded.push('s'),
            'µ' => folded.push('μ'),
            '\u{345}' => folded.push('ι'),
            other => folded.extend(other.to_lowercase()),
        }
    }
    folded
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_are_compared_by_the_rules_of_their_field() {
        for (field, predicted, wanted, right) in [
            ("total", json!("1058.750"), json!("1058.75"), true),
            ("total", json!(2000), json!("2000.00"), true),
            ("total", json!("1e3"), json!("1000"), true),
            ("total", json!("-0.00"), json!("0"), true),
            (
                "total",
                json!("0.1"),
                json!("0.10000000000000000000000000000000001"),
                false,
            ),
            ("total", json!("1,058.75"), json!("1058.75"), false),
            ("total", json!("1_000.0"), json!("1000"), true),
            ("total", json!("-5"), json!("5"), false),
            ("total", json!("5"), json!(["4", "5.0"]), true),
            ("total", json!("much"), json!("much"), false),
            ("invoice_date", json!("20260115"), json!("2026-01-15"), true),
            (
                "invoice_date",
                json!("2026-01-15T10:00"),
                json!("2026-01-15"),
                true,
            ),
            (
                "invoice_date",
                json!("2026-15-01"),
                json!("2026-01-15"),
                false,
            ),
            (
                "invoice_date",
                json!("15. Jänner"),
                json!("15. Jänner"),
                true,
            ),
            (
                "invoice_number",
                json!("re 2026/42"),
                json!("RE-2026-42"),
                true,
            ),
            (
                "invoice_number",
                json!("2026-42"),
                json!("RE-2026-42"),
                false,
            ),
            (
                "vendor_vat",
                json!("123456789"),
                json!("DE 123 456 789"),
                true,
            ),
            (
                "vendor_vat",
                json!("AT123456789"),
                json!("DE123456789"),
                true,
            ),
            (
                "vendor_vat",
                json!("123456780"),
                json!("DE123456789"),
                false,
            ),
            (
                "iban",
                json!("DE89 3704 0044 0532 0130 00"),
                json!("de89370400440532013000"),
                true,
            ),
            (
                "iban",
                json!("3704 0044 0532 0130 00"),
                json!("de89370400440532013000"),
                false,
            ),
            ("currency", json!("eur"), json!("EUR"), true),
            (
                "vendor_name",
                json!("Mueller"),
                json!(["Müller", "Mueller GmbH"]),
                true,
            ),
        ] {
            assert_eq!(
                same(field, &predicted, &wanted),
                right,
                "{field} {predicted} {wanted}"
            );
        }
    }

    #[test]
    fn names_are_compared_as_a_reader_would() {
        for (one, other, right) in [
            ("Müller & Söhne GmbH", "MULLER SOHNE", true),
            ("Straßenbau AG", "STRASSENBAU", true),
            ("Esempio S.r.l.", "esempio srl", true),
            ("Firma krzak sp.z.o.o", "Firma Krzak", true),
            ("Acme", "Acme Trading International", false),
            ("Acme Ltd", "Acme Works", true),
            ("AB", "AB Volvo", false),
            ("Northwind Traders", "Northwlnd Traders", true),
            ("Northwind Traders", "Southwind Trading", false),
            ("The Limited", "the limited", true),
            ("---", " --- ", true),
            ("---", "Acme", false),
        ] {
            assert_eq!(same_name(one, other), right, "{one} / {other}");
            assert_eq!(same_name(other, one), right, "{other} / {one}");
        }
    }

    #[test]
    fn lines_match_once_by_amount_and_description() {
        let line = |total: &str, text: &str| json!({ "total": total, "description": text });
        let predicted = [
            line("10.00", "Widget, blue"),
            line("10.00", "Hosting"),
            json!({ "total": "7" }),
        ];
        let predicted: Vec<&Value> = predicted.iter().collect();
        for (wanted, hits) in [
            (
                vec![line("10", "Widget blue 4 mm"), line("10", "Hosting May")],
                2,
            ),
            (vec![line("10", "Hosting"), line("10", "Hosting")], 1),
            (vec![line("10.01", "Hosting")], 0),
            (vec![line("7", "Postage")], 0),
        ] {
            assert_eq!(matching_lines(&predicted, &wanted), hits, "{wanted:?}");
        }
    }
}
