//! IBAN and BIC: form, length per country, check digits (ISO 13616, ISO 9362).

use super::table::rows;

/// Length of the IBANs of each country: `country,length`. Source: SWIFT IBAN registry, release 99.
pub const IBAN_LENGTHS: &str = include_str!("data/iban_lengths.csv");

/// What is wrong with an IBAN.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IbanFault {
    /// Not two letters, two digits, then letters and digits.
    Form,
    /// The country does not use IBANs.
    Country,
    /// Not as long as that country's are.
    Length,
    /// The check digits do not fit.
    CheckDigits,
}

impl IbanFault {
    /// The fault in words that end a sentence.
    pub const fn text(self) -> &'static str {
        match self {
            IbanFault::Form => "it does not have the form of one",
            IbanFault::Country => "its country has no IBANs",
            IbanFault::Length => "its length is not that of its country",
            IbanFault::CheckDigits => "its check digits do not fit",
        }
    }
}

/// The length of the IBANs of the country whose code a text begins with.
pub fn iban_length(text: &str) -> Option<usize> {
    let code = text.get(..2)?;
    rows(IBAN_LENGTHS)
        .find_map(|[country, length]: [&str; 2]| (country == code).then_some(length))
        .and_then(|length| length.parse().ok())
}

/// Checks an IBAN without blanks.
///
/// # Errors
/// What is wrong with it.
pub fn check_iban(iban: &str) -> Result<(), IbanFault> {
    let bytes = iban.as_bytes();
    let formed = bytes.len() > 4
        && bytes[..2].iter().all(u8::is_ascii_uppercase)
        && bytes[2..4].iter().all(u8::is_ascii_digit)
        && bytes.iter().all(u8::is_ascii_alphanumeric);
    if !formed {
        return Err(IbanFault::Form);
    }
    let Some(length) = iban_length(iban) else {
        return Err(IbanFault::Country);
    };
    if bytes.len() != length {
        return Err(IbanFault::Length);
    }
    if mod97(iban[4..].bytes().chain(iban[..4].bytes())) == Some(1) {
        Ok(())
    } else {
        Err(IbanFault::CheckDigits)
    }
}

/// The remainder of ISO 7064 MOD 97-10, letters as 10 to 35; `None` if there is anything else.
pub fn mod97(bytes: impl Iterator<Item = u8>) -> Option<u32> {
    let mut rest = 0;
    for byte in bytes {
        let value = char::from(byte).to_digit(36)?;
        rest = (rest * if value > 9 { 100 } else { 10 } + value) % 97;
    }
    Some(rest)
}

/// Tells whether a text without blanks has the form of a BIC (ISO 9362): bank, country, place, and perhaps branch.
pub fn is_bic(bic: &str) -> bool {
    let bytes = bic.as_bytes();
    matches!(bytes.len(), 8 | 11)
        && bytes[..6].iter().all(u8::is_ascii_uppercase)
        && bytes[6..].iter().all(u8::is_ascii_alphanumeric)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ibans() {
        for (number, outcome) in [
            ("DE89370400440532013000", Ok(())),
            ("GB29NWBK60161331926819", Ok(())),
            ("NO9386011117947", Ok(())),
            ("MT84MALT011000012345MTLCAST001S", Ok(())),
            ("DE89370400440532013001", Err(IbanFault::CheckDigits)),
            ("DE8937040044053201300", Err(IbanFault::Length)),
            ("US89370400440532013000", Err(IbanFault::Country)),
            ("8937040044", Err(IbanFault::Form)),
            ("DE89ÄÖ", Err(IbanFault::Form)),
            ("", Err(IbanFault::Form)),
        ] {
            assert_eq!(check_iban(number), outcome, "{number}");
        }
    }

    #[test]
    fn bics() {
        for (code, valid) in [
            ("COBADEFF", true),
            ("COBADEFFXXX", true),
            ("COBADEFFXX", false),
            ("C0BADEFF", false),
            ("", false),
        ] {
            assert_eq!(is_bic(code), valid, "{code}");
        }
    }
}
