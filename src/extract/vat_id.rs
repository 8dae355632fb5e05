//! VAT ids: which texts look like one, and whether the check digits agree.
//!
//! Forms and algorithms: the European Commission's VIES documentation of "VAT identification number structure" and the
//! national descriptions it refers to; Switzerland UID (BFS), Norway organisasjonsnummer (Brønnøysund). An id whose
//! check digits disagree is still what is printed: the check only ranks.

/// Whether the check digits agree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Check {
    /// They do.
    Right,
    /// They do not.
    Wrong,
    /// The country has none that we know.
    Unknown,
}

/// A VAT id as it is compared: prefix and body without blanks, dots and dashes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct VatId {
    /// Country prefix, such as `DE`, `EL`, `CHE`.
    pub(super) country: &'static str,
    /// Prefix and body.
    pub(super) text: String,
    /// The check digits.
    pub(super) check: Check,
}

/// Forms per prefix: `9` a digit, `A` a letter, `X` either, anything else itself.
const FORMS: &[(&str, &[&str])] = &[
    ("AT", &["U99999999"]),
    ("BE", &["0999999999", "1999999999"]),
    ("BG", &["999999999", "9999999999"]),
    (
        "CHE",
        &["999999999", "999999999MWST", "999999999TVA", "999999999IVA"],
    ),
    ("CY", &["99999999A"]),
    ("CZ", &["99999999", "999999999", "9999999999"]),
    ("DE", &["999999999"]),
    ("DK", &["99999999"]),
    ("EE", &["999999999"]),
    ("EL", &["999999999"]),
    ("ES", &["A99999999", "99999999A", "A9999999A"]),
    ("EU", &["999999999"]),
    ("FI", &["99999999"]),
    (
        "FR",
        &["99999999999", "A9999999999", "9A999999999", "AA999999999"],
    ),
    ("GB", &["999999999", "999999999999", "GD999", "HA999"]),
    ("HR", &["99999999999"]),
    ("HU", &["99999999"]),
    (
        "IE",
        &["9999999A", "9999999AA", "9A99999A", "9+99999A", "9*99999A"],
    ),
    ("IT", &["99999999999"]),
    ("LT", &["999999999", "999999999999"]),
    ("LU", &["99999999"]),
    ("LV", &["99999999999"]),
    ("MT", &["99999999"]),
    ("NL", &["999999999B99"]),
    ("NO", &["999999999", "999999999MVA"]),
    ("PL", &["9999999999"]),
    ("PT", &["999999999"]),
    (
        "RO",
        &[
            "99",
            "999",
            "9999",
            "99999",
            "999999",
            "9999999",
            "99999999",
            "999999999",
            "9999999999",
        ],
    ),
    ("SE", &["999999999901"]),
    ("SI", &["99999999"]),
    ("SK", &["9999999999"]),
    ("XI", &["999999999", "999999999999"]),
];

impl VatId {
    /// Reads an id with its prefix; blanks, dots, dashes and slashes inside are passed over.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let compact = compact(text);
        FORMS.iter().find_map(|(country, forms)| {
            let body = compact.strip_prefix(country)?;
            forms.iter().any(|form| fits(body, form)).then(|| Self {
                country,
                check: check(country, body),
                // `MWST`, `MVA` say that the number is registered for VAT.
                text: compact
                    .trim_end_matches("MWST")
                    .trim_end_matches("TVA")
                    .trim_end_matches("IVA")
                    .trim_end_matches("MVA")
                    .to_owned(),
            })
        })
    }

    /// Reads an id that is printed without its prefix beside a label of that country.
    pub(super) fn parse_local(country: &str, text: &str) -> Option<Self> {
        let body = compact(text);
        let (country, forms) = FORMS.iter().find(|(prefix, _)| *prefix == country)?;
        forms.iter().any(|form| fits(&body, form)).then(|| Self {
            country,
            check: check(country, &body),
            text: body,
        })
    }

    /// The country as ISO 3166 writes it.
    pub(super) fn iso(&self) -> Option<&'static str> {
        match self.country {
            "EL" => Some("GR"),
            "CHE" => Some("CH"),
            "XI" => Some("GB"),
            "EU" => None,
            other => Some(other),
        }
    }
}

/// Letters in upper case and digits; `+` and `*` belong to old Irish ids.
pub(super) fn compact(text: &str) -> String {
    text.chars()
        .filter(|c| c.is_alphanumeric() || matches!(c, '+' | '*'))
        .flat_map(char::to_uppercase)
        .collect()
}

fn fits(body: &str, form: &str) -> bool {
    body.len() == form.len()
        && body
            .bytes()
            .zip(form.bytes())
            .all(|(byte, want)| match want {
                b'9' => byte.is_ascii_digit(),
                b'A' => byte.is_ascii_uppercase(),
                b'X' => byte.is_ascii_alphanumeric(),
                other => byte == other,
            })
}

/// How a check digit comes of a weighted sum.
enum Rule {
    /// The sum of all digits with these weights is divisible.
    Zero(&'static [u32], u32),
    /// The last digit is the weighted sum of the others, modulo 11, ten counting as 0.
    Mod11(&'static [u32]),
    /// The last digit is 11 less that remainder, ten and eleven counting as 0.
    From11(&'static [u32]),
    /// ISO 7064, MOD 11,10.
    Iso7064,
    /// Luhn.
    Luhn,
}

const RULES: &[(&str, usize, Rule)] = &[
    ("CHE", 9, Rule::From11(&[5, 4, 3, 2, 7, 6, 5, 4])),
    ("CZ", 8, Rule::From11(&[8, 7, 6, 5, 4, 3, 2])),
    ("DE", 9, Rule::Iso7064),
    ("DK", 8, Rule::Zero(&[2, 7, 6, 5, 4, 3, 2, 1], 11)),
    ("EE", 9, Rule::Zero(&[3, 7, 1, 3, 7, 1, 3, 7, 1], 10)),
    ("EL", 9, Rule::Mod11(&[256, 128, 64, 32, 16, 8, 4, 2])),
    ("FI", 8, Rule::Zero(&[7, 9, 10, 5, 8, 4, 2, 1], 11)),
    ("HR", 11, Rule::Iso7064),
    ("HU", 8, Rule::Zero(&[9, 7, 3, 1, 9, 7, 3, 1], 10)),
    ("IT", 11, Rule::Luhn),
    ("MT", 8, Rule::Zero(&[3, 4, 6, 7, 8, 9, 10, 1], 37)),
    ("NO", 9, Rule::From11(&[3, 2, 7, 6, 5, 4, 3, 2])),
    ("PL", 10, Rule::Mod11(&[6, 5, 7, 2, 3, 4, 5, 6, 7])),
    ("PT", 9, Rule::From11(&[9, 8, 7, 6, 5, 4, 3, 2])),
    ("SI", 8, Rule::From11(&[8, 7, 6, 5, 4, 3, 2])),
];

fn check(country: &str, body: &str) -> Check {
    let digits: Vec<u32> = body.chars().filter_map(|c| c.to_digit(10)).collect();
    let number = |range: std::ops::Range<usize>| {
        digits[range]
            .iter()
            .fold(0_u64, |sum, digit| sum * 10 + u64::from(*digit))
    };
    let agrees = match country {
        "AT" => {
            let sum: u32 = (0..7)
                .map(|i| {
                    if i % 2 == 1 {
                        digits[i] / 5 + digits[i] * 2 % 10
                    } else {
                        digits[i]
                    }
                })
                .sum();
            (10 - (sum + 4) % 10) % 10 == digits[7]
        }
        "BE" => 97 - number(0..8) % 97 == number(8..10),
        "ES" => return spanish(body),
        "FR" if digits.len() == 11 => (12 + 3 * (number(2..11) % 97)) % 97 == number(0..2),
        "GB" | "XI" if digits.len() >= 9 => {
            let sum: u32 = digits[..7]
                .iter()
                .zip([8, 7, 6, 5, 4, 3, 2])
                .map(|(d, w)| d * w)
                .sum();
            let sum = u64::from(sum) + number(7..9);
            sum % 97 == 0 || (sum + 55) % 97 == 0
        }
        "IE" => return irish(body),
        "LU" => number(0..6) % 89 == number(6..8),
        "NL" => return dutch(body),
        "RO" => {
            let (last, front) = digits.split_last().unwrap_or((&0, &[]));
            let weights = [7, 5, 3, 2, 1, 7, 5, 3, 2];
            let sum: u32 = front
                .iter()
                .rev()
                .zip(weights.iter().rev())
                .map(|(d, w)| d * w)
                .sum();
            sum * 10 % 11 % 10 == *last
        }
        "SE" => luhn(&digits[..10]),
        "SK" => number(0..10) % 11 == 0,
        _ => {
            let rule = RULES
                .iter()
                .find(|(prefix, length, _)| *prefix == country && *length == digits.len());
            match rule {
                Some((_, _, rule)) => by_rule(rule, &digits),
                None => return Check::Unknown,
            }
        }
    };
    if agrees { Check::Right } else { Check::Wrong }
}

fn by_rule(rule: &Rule, digits: &[u32]) -> bool {
    let sum = |weights: &[u32]| -> u32 { digits.iter().zip(weights).map(|(d, w)| d * w).sum() };
    let last = digits.last().copied().unwrap_or_default();
    match rule {
        Rule::Zero(weights, modulus) => sum(weights) % modulus == 0,
        Rule::Mod11(weights) => sum(weights) % 11 % 10 == last,
        Rule::From11(weights) => (11 - sum(weights) % 11) % 11 % 10 == last,
        Rule::Iso7064 => {
            let product = digits[..digits.len() - 1]
                .iter()
                .fold(10, |product, digit| {
                    let sum = (digit + product) % 10;
                    (if sum == 0 { 10 } else { sum }) * 2 % 11
                });
            (11 - product) % 10 == last
        }
        Rule::Luhn => luhn(digits),
    }
}

/// The Luhn sum of all digits is divisible by ten.
fn luhn(digits: &[u32]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(place, digit)| {
            if place % 2 == 1 {
                digit * 2 / 10 + digit * 2 % 10
            } else {
                *digit
            }
        })
        .sum();
    sum.is_multiple_of(10)
}

/// NIF and NIE of persons by the remainder of 23; CIF of companies by a Luhn-like sum.
fn spanish(body: &str) -> Check {
    const LETTERS: &[u8] = b"TRWAGMYFPDXBNJZSQVHLCKE";
    const COMPANY: &[u8] = b"JABCDEFGHI";
    let bytes = body.as_bytes();
    let first = bytes[0];
    let last = bytes[8];
    let digits: Vec<u32> = body[1..8].chars().filter_map(|c| c.to_digit(10)).collect();
    if digits.len() != 7 {
        return Check::Wrong;
    }
    let person = match first {
        b'0'..=b'9' => Some(u32::from(first - b'0')),
        b'X' | b'K' | b'L' | b'M' => Some(0),
        b'Y' => Some(1),
        b'Z' => Some(2),
        _ => None,
    };
    let agrees = if let Some(lead) = person {
        let number = digits.iter().fold(lead, |sum, digit| sum * 10 + digit);
        LETTERS[(number % 23) as usize] == last
    } else {
        let sum: u32 = digits
            .iter()
            .enumerate()
            .map(|(i, d)| {
                if i % 2 == 0 {
                    d * 2 / 10 + d * 2 % 10
                } else {
                    *d
                }
            })
            .sum();
        let key = (10 - sum % 10) % 10;
        last == COMPANY[key as usize] || u32::from(last.wrapping_sub(b'0')) == key
    };
    if agrees { Check::Right } else { Check::Wrong }
}

fn irish(body: &str) -> Check {
    let bytes = body.as_bytes();
    if !bytes[1].is_ascii_digit() {
        return Check::Unknown;
    }
    let sum: u32 = bytes[..7]
        .iter()
        .zip([8, 7, 6, 5, 4, 3, 2])
        .map(|(b, w)| u32::from(b - b'0') * w)
        .sum();
    let extra = bytes.get(8).map_or(0, |letter| {
        if letter.is_ascii_uppercase() {
            u32::from(letter - b'A' + 1) * 9
        } else {
            0
        }
    });
    let key = (sum + extra) % 23;
    let letter = if key == 0 {
        b'W'
    } else {
        b'A' + u8::try_from(key - 1).unwrap_or_default()
    };
    if bytes[7] == letter {
        Check::Right
    } else {
        Check::Wrong
    }
}

/// Companies by the weighted sum of the nine digits, sole traders since 2020 by the remainder of 97 of the whole.
fn dutch(body: &str) -> Check {
    let digits: Vec<u32> = body[..9].chars().filter_map(|c| c.to_digit(10)).collect();
    let sum: u32 = digits[..8]
        .iter()
        .zip([9, 8, 7, 6, 5, 4, 3, 2])
        .map(|(d, w)| d * w)
        .sum();
    let company = sum % 11 == digits[8];
    let trader = remainder_97(&format!("NL{body}")) == Some(1);
    if company || trader {
        Check::Right
    } else {
        Check::Wrong
    }
}

/// The remainder of 97 of digits and letters, `A` standing for 10; `None` if there is anything else.
pub(super) fn remainder_97(text: &str) -> Option<u32> {
    text.chars().try_fold(0, |rest, c| {
        let value = c.to_digit(36)?;
        Some(
            if value < 10 {
                rest * 10 + value
            } else {
                rest * 100 + value
            } % 97,
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_and_check_digits() {
        // Ids that the tax offices or the companies themselves publish, and one changed digit.
        for (text, country, check) in [
            ("ATU13585627", "AT", Check::Right),
            ("ATU13585626", "AT", Check::Wrong),
            ("BE 0428.759.497", "BE", Check::Right),
            ("DE136695976", "DE", Check::Right),
            ("DE 136 695 977", "DE", Check::Wrong),
            ("DK13585628", "DK", Check::Right),
            ("EL094259216", "EL", Check::Right),
            ("ESB58378431", "ES", Check::Right),
            ("ESX2482300W", "ES", Check::Right),
            ("FI20774740", "FI", Check::Right),
            ("FR 40 303 265 045", "FR", Check::Right),
            ("GB980780684", "GB", Check::Right),
            ("IE6433435F", "IE", Check::Right),
            ("IT00743110157", "IT", Check::Right),
            ("LU15027442", "LU", Check::Right),
            ("NL004495445B01", "NL", Check::Right),
            ("PL8567346215", "PL", Check::Right),
            ("PT501964843", "PT", Check::Right),
            ("RO18547290", "RO", Check::Right),
            ("SE123456789701", "SE", Check::Right),
            ("SI50223054", "SI", Check::Right),
            ("SK2022749619", "SK", Check::Right),
            ("CHE-116.281.710 MWST", "CHE", Check::Right),
            ("NO 923 609 016 MVA", "NO", Check::Right),
            ("EU203000373", "EU", Check::Unknown),
        ] {
            let id = VatId::parse(text).unwrap_or_else(|| panic!("{text} is an id"));
            assert_eq!((id.country, id.check), (country, check), "{text}");
        }
    }

    #[test]
    fn what_is_none() {
        for text in [
            "DE12345678",
            "IBAN",
            "DE89370400440532013000",
            "2026-01-15",
            "FR",
            "",
        ] {
            assert_eq!(VatId::parse(text), None, "{text}");
        }
        assert!(VatId::parse_local("PL", "574-199-78-74").is_some());
        assert!(VatId::parse_local("PL", "574-199-78").is_none());
    }
}
