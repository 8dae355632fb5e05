//! Words made comparable: case, accents and punctuation taken off, and what OCR confuses made equal.
//!
//! Two levels. [`fold`] is for names and stop words. `keys` is for the phrases of the vocabularies: it also makes
//! the ways to write "number" one (`No.`, `Nr`, `N°`, `#`) and the letters that OCR takes for one another.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Stands for every way to write "number" in a phrase.
pub(super) const NUMBER: &str = "#";

/// Folds a text for comparison: lower case, no accents, `ß` as `ss`, `ł` as `l`, hyphens and slashes as blanks, dots
/// between letters dropped (`S.r.l.` is `srl`), punctuation at either end trimmed.
pub fn fold(text: &str) -> String {
    let plain = plain(text);
    let mut out = String::with_capacity(plain.len());
    for token in split(&plain) {
        if token == NUMBER {
            continue;
        }
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(&token);
    }
    out
}

/// Lower case without accents and ligatures.
fn plain(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let mut out = String::with_capacity(text.len());
    // The degree sign is what people type for the ordinal of "N°"; it has no decomposition.
    let ordinals = text.chars().map(|c| if c == '°' { 'o' } else { c });
    for c in ordinals.nfkd().filter(|c| !is_combining_mark(*c)) {
        match c {
            'ß' | 'ẞ' => out.push_str("ss"),
            'ł' | 'Ł' => out.push('l'),
            'ø' | 'Ø' => out.push('o'),
            'æ' | 'Æ' => out.push_str("ae"),
            'œ' | 'Œ' => out.push_str("oe"),
            'đ' | 'Đ' => out.push('d'),
            '’' | '‘' | '´' | '`' => out.push('\''),
            '–' | '—' | '‐' | '‑' | '−' => out.push('-'),
            c => out.extend(c.to_lowercase()),
        }
    }
    out
}

/// Splits a plain text into tokens: runs of letters and digits, `#` for itself.
fn split(plain: &str) -> Vec<String> {
    let mut tokens: Vec<String> = Vec::new();
    let mut token = String::new();
    let mut before: Option<char> = None;
    let mut rest = plain.chars().peekable();
    while let Some(c) = rest.next() {
        let after = rest.peek().copied();
        let last = before.replace(c);
        let between = |test: fn(char) -> bool| last.is_some_and(test) && after.is_some_and(test);
        match c {
            c if c.is_alphanumeric() => token.push(c),
            '.' if between(char::is_alphabetic) => {}
            '.' | ',' if between(|c| c.is_ascii_digit()) => token.push(c),
            '&' | '@' | '%' | '€' | '$' | '£' => token.push(c),
            c => {
                if !token.is_empty() {
                    tokens.push(std::mem::take(&mut token));
                }
                if c == '#' {
                    tokens.push(NUMBER.to_owned());
                }
            }
        }
    }
    if !token.is_empty() {
        tokens.push(token);
    }
    tokens
}

/// The tokens of a word as the phrases are keyed: what follows an opening bracket inside it is cut, so that
/// `Total(EUR)` is `total`.
pub(super) fn keys(word: &str) -> Vec<String> {
    let word = match word.find(['(', '[']) {
        Some(at) if at > 0 => word.get(..at).unwrap_or(word),
        _ => word,
    };
    split(&plain(word)).into_iter().map(key).collect()
}

/// The key of one token: ways to write "number" are one, and so are the letters OCR confuses.
fn key(token: String) -> String {
    match token.as_str() {
        "no" | "nr" | "n" | "nos" | "nro" | "nbr" | "num" | "number" | "numbers" | "nummer"
        | "numero" | "numer" | "nrs" => return NUMBER.to_owned(),
        _ => {}
    }
    if token.len() < 4 || !token.chars().any(char::is_alphabetic) {
        return token;
    }
    let mut out = String::with_capacity(token.len());
    for c in token.chars() {
        match c {
            'n' if out.ends_with('r') => {
                out.pop();
                out.push('m');
            }
            'v' if out.ends_with('v') => {
                out.pop();
                out.push('w');
            }
            'i' | '1' => out.push('l'),
            '0' => out.push('o'),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folding() {
        for (text, folded) in [
            ("Rechnungs-Nr.:", "rechnungs nr"),
            ("Straße", "strasse"),
            ("Wrocław", "wroclaw"),
            ("S.r.l.", "srl"),
            ("Sp. z o.o.", "sp z oo"),
            ("N°", "no"),
            ("nº", "no"),
            ("Invoice#", "invoice"),
            ("DATE D’ÉCHÉANCE :", "date d echeance"),
            ("1.234,56", "1.234,56"),
            ("Müller & Söhne", "muller & sohne"),
            ("", ""),
            ("::", ""),
        ] {
            assert_eq!(fold(text), folded, "{text}");
        }
    }

    #[test]
    fn numbers_and_confusable_letters_share_a_key() {
        assert_eq!(keys("Invoice#:"), keys("lnvo1ce-No."));
        assert_eq!(keys("N°"), keys("Number"));
        assert_eq!(keys("Total(EUR)"), keys("TOTAL:"));
        assert_ne!(keys("Total"), keys("Subtotal"));
    }
}
