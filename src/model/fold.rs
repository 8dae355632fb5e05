//! Names in the form in which they are compared.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The letters and digits of a name, in lower case and without accents.
///
/// `Müller & Söhne, S.A.` becomes `mullersohnesa`. Legal forms stay: `Example GmbH` and `Example AG` are two companies.
/// Letters that Unicode does not decompose are written as the two they stand for.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for letter in text.nfkd().filter(|&letter| !is_combining_mark(letter)) {
        for letter in letter.to_lowercase() {
            match letter {
                'ß' => folded.push_str("ss"),
                'æ' => folded.push_str("ae"),
                'œ' => folded.push_str("oe"),
                'ø' => folded.push('o'),
                'ł' => folded.push('l'),
                'đ' | 'ð' => folded.push('d'),
                'ı' => folded.push('i'),
                'þ' => folded.push_str("th"),
                _ if letter.is_alphanumeric() => folded.push(letter),
                _ => {}
            }
        }
    }
    folded
}

/// The letters and digits of a number or an identifier, in upper case: `INV-2026/42` becomes `INV202642`.
pub fn compact(text: &str) -> String {
    text.nfkc()
        .filter(|letter| letter.is_alphanumeric())
        .flat_map(char::to_uppercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_compared_without_accents_case_and_punctuation() {
        for (name, folded) in [
            ("Müller & Söhne, S.A.", "mullersohnesa"),
            ("STRASSE", "strasse"),
            ("Straße", "strasse"),
            ("Łódź Sp. z o.o.", "lodzspzoo"),
            ("Ørsted", "orsted"),
            ("İstanbul", "istanbul"),
            ("ＡＣＭＥ", "acme"),
            ("--", ""),
        ] {
            assert_eq!(fold(name), folded, "{name}");
        }
    }

    #[test]
    fn numbers_are_compared_without_punctuation() {
        for (number, compacted) in [
            ("inv-2026/42", "INV202642"),
            ("FV 1/05/2021", "FV1052021"),
            ("０１", "01"),
        ] {
            assert_eq!(compact(number), compacted, "{number}");
        }
    }
}
