//! IBAN and BIC: form, length per country, remainder.
//!
//! Lengths: the SWIFT IBAN registry, release 99. The remainder rule is ISO 13616 (ISO 7064 MOD 97-10).

use super::vat_id::remainder_97;

/// Country and length of its IBANs.
const LENGTHS: &[(&str, usize)] = &[
    ("AD", 24),
    ("AE", 23),
    ("AL", 28),
    ("AT", 20),
    ("AZ", 28),
    ("BA", 20),
    ("BE", 16),
    ("BG", 22),
    ("BH", 22),
    ("BR", 29),
    ("BY", 28),
    ("CH", 21),
    ("CR", 22),
    ("CY", 28),
    ("CZ", 24),
    ("DE", 22),
    ("DK", 18),
    ("DO", 28),
    ("EE", 20),
    ("EG", 29),
    ("ES", 24),
    ("FI", 18),
    ("FO", 18),
    ("FR", 27),
    ("GB", 22),
    ("GE", 22),
    ("GI", 23),
    ("GL", 18),
    ("GR", 27),
    ("GT", 28),
    ("HR", 21),
    ("HU", 28),
    ("IE", 22),
    ("IL", 23),
    ("IQ", 23),
    ("IS", 26),
    ("IT", 27),
    ("JO", 30),
    ("KW", 30),
    ("KZ", 20),
    ("LB", 28),
    ("LC", 32),
    ("LI", 21),
    ("LT", 20),
    ("LU", 20),
    ("LV", 21),
    ("MC", 27),
    ("MD", 24),
    ("ME", 22),
    ("MK", 19),
    ("MR", 27),
    ("MT", 31),
    ("MU", 30),
    ("NL", 18),
    ("NO", 15),
    ("PK", 24),
    ("PL", 28),
    ("PS", 29),
    ("PT", 25),
    ("QA", 29),
    ("RO", 24),
    ("RS", 22),
    ("SA", 24),
    ("SC", 31),
    ("SE", 24),
    ("SI", 19),
    ("SK", 24),
    ("SM", 27),
    ("ST", 25),
    ("SV", 28),
    ("TL", 23),
    ("TN", 24),
    ("TR", 26),
    ("UA", 29),
    ("VA", 22),
    ("VG", 24),
    ("XK", 20),
];

/// The length of an IBAN of the country whose code `text` begins with.
pub(super) fn length(text: &str) -> Option<usize> {
    let country = text.get(..2)?;
    LENGTHS
        .iter()
        .find(|(code, _)| *code == country)
        .map(|(_, length)| *length)
}

/// Tells whether text without blanks has the form and length of an IBAN: country, two digits, letters and digits.
pub(super) fn is_form(text: &str) -> bool {
    length(text) == Some(text.len())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
        && text.as_bytes()[2..4].iter().all(u8::is_ascii_digit)
}

/// Tells whether the remainder agrees.
pub(super) fn is_right(iban: &str) -> bool {
    iban.is_ascii()
        && iban.len() > 4
        && remainder_97(&format!("{}{}", &iban[4..], &iban[..4])) == Some(1)
}

/// Tells whether text has the form of a BIC: bank, country, place, and perhaps branch.
pub(super) fn is_bic(text: &str) -> bool {
    let bytes = text.as_bytes();
    (bytes.len() == 8 || bytes.len() == 11)
        && bytes[..6].iter().all(u8::is_ascii_uppercase)
        && bytes[6..]
            .iter()
            .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn form_and_remainder() {
        for (iban, form, right) in [
            ("DE89370400440532013000", true, true),
            ("DE89370400440532013001", true, false),
            ("GB82WEST12345698765432", true, true),
            ("NL91ABNA0417164300", true, true),
            ("NO9386011117947", true, true),
            ("DE8937040044053201300", false, false),
            ("XX00", false, false),
        ] {
            assert_eq!((is_form(iban), is_right(iban)), (form, right), "{iban}");
        }
        assert!(is_bic("COBADEFFXXX") && is_bic("DEUTDEMM") && !is_bic("RECHNUNG1"));
    }
}
