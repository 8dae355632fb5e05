//! When a value counts as right.
//!
//! Amounts as decimals, dates as days, names without accents, legal forms and small misreadings, everything else by letters
//! and digits alone. Where the truth is a list, any of its values will do.

use std::str::FromStr as _;

use rust_decimal::Decimal;
use serde_json::Value;
use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::canonical_combining_class;

use super::similar::ratio;

/// Fields that are names of companies.
const NAMES: [&str; 2] = ["vendor_name", "buyer_name"];
/// Fields that are days.
const DATES: [&str; 2] = ["invoice_date", "due_date"];
/// Fields that are sums of money; `total` is also that of a line.
const AMOUNTS: [&str; 4] = ["subtotal", "vat_amount", "total", "amount_due"];

/// Words of a company's name that say only what sort of company it is, of the countries whose invoices are read.
#[rustfmt::skip]
const LEGAL: [&str; 60] = [
    "gmbh", "mbh", "ag", "kg", "kgaa", "ohg", "ug", "ev", "eg", "se", "ltd", "limited", "plc", "llc", "llp", "inc",
    "incorporated", "corp", "corporation", "co", "company", "sa", "sarl", "sas", "sasu", "srl", "srls", "spa", "sl", "slu",
    "sau", "sc", "nv", "bv", "vof", "cv", "sprl", "bvba", "oy", "oyj", "ab", "as", "asa", "aps", "sp", "zoo", "spzoo", "z",
    "o", "lda", "ltda", "pty", "pvt", "private", "und", "and", "et", "y", "e", "the",
];

/// Names that are alike to this degree are the same, misread.
const SAME_NAME: f64 = 0.9;
/// A name inside a longer one is the same up to this ratio of lengths: `Acme` is not `Acme Bank of Somewhere Else`.
const LONGER: usize = 3;
/// Descriptions that are alike to this degree are of the same line; lines also agree in their totals.
const SAME_LINE: f64 = 0.7;

/// Tells whether a value says what the truth says.
pub(super) fn same(field: &str, got: &Value, want: &Value) -> bool {
    if let Value::Array(any) = want {
        return any.iter().any(|want| same(field, got, want));
    }
    let (got, want) = (text(got), text(want));
    if AMOUNTS.contains(&field) {
        return decimal(&got).is_some_and(|got| Some(got) == decimal(&want));
    }
    if DATES.contains(&field) {
        return day(&got) == day(&want);
    }
    if NAMES.contains(&field) {
        return same_name(&got, &want);
    }
    let (got, want) = (code(&got), code(&want));
    // The country's letters before a VAT id are optional: many documents leave them out.
    got == want || field == "vendor_vat" && without_country(&got) == without_country(&want)
}

/// Tells whether two lines' descriptions are of the same thing.
pub(super) fn alike(got: Option<&Value>, want: Option<&Value>) -> bool {
    let joined = |value: Option<&Value>| words(&value.map(text).unwrap_or_default()).concat();
    let (got, want) = (joined(got), joined(want));
    !got.is_empty()
        && !want.is_empty()
        && (got.contains(&want) || want.contains(&got) || ratio(&got, &want) >= SAME_LINE)
}

/// Tells whether nothing was found: absent and `null` alike.
pub(super) fn empty(value: Option<&Value>) -> bool {
    match value {
        None | Some(Value::Null) => true,
        Some(Value::String(text)) => text.is_empty(),
        Some(Value::Array(items)) => items.is_empty(),
        Some(_) => false,
    }
}

/// A value's text.
pub(super) fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn decimal(text: &str) -> Option<Decimal> {
    let text = text.trim();
    Decimal::from_str(text)
        .or_else(|_| Decimal::from_scientific(text))
        .ok()
}

/// `2026-01-15` of `20260115`, `2026-01-15T10:00:00Z` and itself; any other text as it is.
fn day(text: &str) -> String {
    let text = text.trim();
    let digits = |text: &str, count: usize| {
        text.get(..count)
            .filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))
            .map(str::to_owned)
    };
    let after = |text: &'_ str, count: usize| {
        let rest = &text[count..];
        rest.strip_prefix('-').unwrap_or(rest).to_owned()
    };
    let parts = || {
        let year = digits(text, 4)?;
        let rest = after(text, 4);
        let month = digits(&rest, 2)?;
        let day = digits(&after(&rest, 2), 2)?;
        Some(format!("{year}-{month}-{day}"))
    };
    parts().unwrap_or_else(|| text.to_owned())
}

fn same_name(a: &str, b: &str) -> bool {
    let (words_a, words_b) = (words(a), words(b));
    if words_a.is_empty() || words_b.is_empty() {
        return a.trim() == b.trim();
    }
    let (a, b) = (telling(&words_a), telling(&words_b));
    let (len_a, len_b) = (a.chars().count(), b.chars().count());
    let (short, long) = if len_b < len_a { (&b, &a) } else { (&a, &b) };
    let contained = len_a.min(len_b) >= 3
        && long.contains(short.as_str())
        && len_a.max(len_b) <= LONGER * len_a.min(len_b);
    a == b || contained || ratio(&a, &b) >= SAME_NAME
}

/// The words that tell one company from another, joined; all of them if none is left.
fn telling(words: &[String]) -> String {
    let telling: String = words
        .iter()
        .filter(|word| !LEGAL.contains(&word.as_str()))
        .map(String::as_str)
        .collect();
    if telling.is_empty() {
        words.concat()
    } else {
        telling
    }
}

/// The words of a text without case and accents; `S.R.L.` is one word.
fn words(text: &str) -> Vec<String> {
    let letters: Vec<char> = folded(text.nfkd())
        .filter(|&letter| canonical_combining_class(letter) == 0)
        .collect();
    let in_word = |place: Option<usize>| {
        place
            .and_then(|place| letters.get(place))
            .is_some_and(|&c| c.is_alphanumeric() || c == '_')
    };
    let mut words = vec![String::new()];
    for (place, &letter) in letters.iter().enumerate() {
        let single = |at: Option<usize>, beyond: Option<usize>| in_word(at) && !in_word(beyond);
        if letter == '.'
            && single(place.checked_sub(1), place.checked_sub(2))
            && single(Some(place + 1), Some(place + 2))
        {
            continue;
        }
        if letter.is_alphanumeric() {
            if let Some(word) = words.last_mut() {
                word.push(letter);
            }
        } else {
            words.push(String::new());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// Letters and digits alone, without case.
fn code(text: &str) -> String {
    folded(text.chars().filter(|letter| letter.is_alphanumeric())).collect()
}

fn without_country(code: &str) -> &str {
    let letters = code.bytes().take_while(u8::is_ascii_lowercase).count();
    if letters >= 2 { &code[2..] } else { code }
}

/// Letters without case; the letters of our languages whose lower case is not yet their folded form are named.
fn folded(letters: impl Iterator<Item = char>) -> impl Iterator<Item = char> {
    letters.flat_map(char::to_lowercase).flat_map(|letter| {
        let (one, two) = match letter {
            'ß' => ('s', Some('s')),
            'ſ' => ('s', None),
            'ς' => ('σ', None),
            'ﬁ' => ('f', Some('i')),
            'ﬂ' => ('f', Some('l')),
            'ﬀ' => ('f', Some('f')),
            other => (other, None),
        };
        std::iter::once(one).chain(two)
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_are_compared_by_what_they_mean() {
        for (field, got, want, right) in [
            // Amounts.
            ("total", json!("12.50"), json!("12.5"), true),
            ("total", json!(12.5), json!("12.50"), true),
            ("total", json!("1e3"), json!("1000"), true),
            ("total", json!(" 7 "), json!("7.00"), true),
            ("total", json!("-12.50"), json!("12.50"), false),
            ("total", json!("1.234,56"), json!("1.234,56"), false),
            // Dates.
            ("due_date", json!("20260115"), json!("2026-01-15"), true),
            (
                "due_date",
                json!("2026-01-15T00:00:00Z"),
                json!("2026-01-15"),
                true,
            ),
            ("due_date", json!("202601-15"), json!("2026-01-15"), true),
            ("due_date", json!("2026-01-16"), json!("2026-01-15"), false),
            ("due_date", json!("202601--15"), json!("2026-01-15"), false),
            ("due_date", json!("15.01.2026"), json!("2026-01-15"), false),
            ("due_date", json!("January"), json!("January"), true),
            // Names.
            (
                "vendor_name",
                json!("ACME GmbH & Co. KG"),
                json!("Acme"),
                true,
            ),
            (
                "vendor_name",
                json!("Rossi S.r.l."),
                json!("ROSSI SRL"),
                true,
            ),
            ("vendor_name", json!("Müller"), json!("Muller AG"), true),
            ("vendor_name", json!("Straße AG"), json!("STRASSE"), true),
            (
                "vendor_name",
                json!("Acme Trading Ltd"),
                json!("Acme Tradng Ltd"),
                true,
            ),
            (
                "vendor_name",
                json!("Acme"),
                json!("Acme Bank of Somewhere"),
                false,
            ),
            ("vendor_name", json!("AB"), json!("ABCDEF"), false),
            ("vendor_name", json!("The Company"), json!("company"), false),
            ("vendor_name", json!("Beta"), json!("Acme"), false),
            ("vendor_name", json!("***"), json!(" *** "), true),
            (
                "buyer_name",
                json!("Halden & Marsh B.V."),
                json!("Halden and Marsh"),
                true,
            ),
            // Codes.
            (
                "invoice_number",
                json!("INV-2026/42"),
                json!("inv 2026 42"),
                true,
            ),
            (
                "invoice_number",
                json!("INV-2026/43"),
                json!("inv 2026 42"),
                false,
            ),
            ("currency", json!("eur"), json!("EUR"), true),
            (
                "vendor_vat",
                json!("NL816042731B01"),
                json!("816042731B01"),
                true,
            ),
            (
                "vendor_vat",
                json!("NL816042731B01"),
                json!("DE 816042731 B01"),
                true,
            ),
            ("iban", json!("NL89 NOVB 0417"), json!("NL89NOVB0417"), true),
            ("iban", json!("89NOVB0417"), json!("NL89NOVB0417"), false),
            // Any of a list.
            ("total", json!("2"), json!(["1", "2.00"]), true),
            (
                "vendor_name",
                json!("Beta"),
                json!(["Acme", "Gamma"]),
                false,
            ),
        ] {
            assert_eq!(same(field, &got, &want), right, "{field}: {got} {want}");
        }
    }

    #[test]
    fn lines_are_alike_in_one_anothers_words_or_nearly() {
        for (got, want, expected) in [
            ("Widget, blue (5 pcs)", "Widget blue", true),
            ("Consulting May", "Consultinq May", true),
            ("Consulting", "Travel costs", false),
            ("", "Widget", false),
            ("---", "---", false),
        ] {
            let (got, want) = (json!(got), json!(want));
            assert_eq!(alike(Some(&got), Some(&want)), expected, "{got} {want}");
        }
        assert!(!alike(None, Some(&json!("Widget"))));
    }
}
