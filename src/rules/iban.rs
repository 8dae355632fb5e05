//! IBAN, BIC and payment references: form and check digits (ISO 13616, ISO 9362, ISO 11649, national ones).

use super::reference::{IBAN_LENGTHS, rows};

/// What is wrong with an IBAN.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum IbanFault {
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
    pub(super) const fn text(self) -> &'static str {
        match self {
            IbanFault::Form => "it does not have the form of one",
            IbanFault::Country => "its country has no IBANs",
            IbanFault::Length => "its length is not that of its country",
            IbanFault::CheckDigits => "its check digits do not fit",
        }
    }
}

/// Checks a compact IBAN.
pub(super) fn iban(iban: &str) -> Result<(), IbanFault> {
    let bytes = iban.as_bytes();
    let formed = bytes.len() > 4
        && bytes[..2].iter().all(u8::is_ascii_uppercase)
        && bytes[2..4].iter().all(u8::is_ascii_digit)
        && bytes.iter().all(u8::is_ascii_alphanumeric);
    if !formed {
        return Err(IbanFault::Form);
    }
    let length = rows(IBAN_LENGTHS)
        .find_map(|[country, length]: [&str; 2]| (country == &iban[..2]).then_some(length));
    let Some(length) = length.and_then(|length| length.parse::<usize>().ok()) else {
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

/// ISO 7064 mod 97-10, letters as 10 to 35.
fn mod97(bytes: impl Iterator<Item = u8>) -> Option<u32> {
    let mut rest = 0;
    for byte in bytes {
        let value = char::from(byte).to_digit(36)?;
        rest = (rest * if value > 9 { 100 } else { 10 } + value) % 97;
    }
    Some(rest)
}

/// Tells whether a compact BIC has the form of ISO 9362.
pub(super) fn bic(bic: &str) -> bool {
    let bytes = bic.as_bytes();
    matches!(bytes.len(), 8 | 11)
        && bytes[..6].iter().all(u8::is_ascii_uppercase)
        && bytes[6..].iter().all(u8::is_ascii_alphanumeric)
}

/// Checks a payment reference of a form that has check digits; `None` where it has none that we know.
pub(super) fn reference(printed: &str) -> Option<bool> {
    let compact = crate::model::compact(printed);
    let digits = compact.bytes().all(|byte| byte.is_ascii_digit());
    if compact.len() >= 5
        && compact.len() <= 25
        && compact.starts_with("RF")
        && compact[2..4].bytes().all(|byte| byte.is_ascii_digit())
        && compact.is_ascii()
    {
        return Some(mod97(compact[4..].bytes().chain(compact[..4].bytes())) == Some(1));
    }
    if digits && compact.len() == 27 {
        return Some(swiss(&compact));
    }
    if digits && compact.len() == 12 && printed.contains('/') && printed.contains(['+', '*']) {
        let body: u64 = compact[..10].parse().ok()?;
        let check: u64 = compact[10..].parse().ok()?;
        return Some(match body % 97 {
            0 => check == 97,
            rest => check == rest,
        });
    }
    None
}

/// The check digit of a Swiss QR or ISR reference: modulo 10, recursive.
fn swiss(digits: &str) -> bool {
    const TABLE: [u8; 10] = [0, 9, 4, 6, 8, 2, 7, 1, 3, 5];
    let mut carry = 0_usize;
    let bytes = digits.as_bytes();
    for byte in &bytes[..bytes.len() - 1] {
        carry = usize::from(TABLE[(carry + usize::from(byte - b'0')) % 10]);
    }
    (10 - carry) % 10 == usize::from(bytes[bytes.len() - 1] - b'0')
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
            assert_eq!(iban(number), outcome, "{number}");
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
            assert_eq!(bic(code), valid, "{code}");
        }
    }

    #[test]
    fn references() {
        for (text, outcome) in [
            ("RF18 5390 0754 7034", Some(true)),
            ("RF19 5390 0754 7034", Some(false)),
            ("21 00000 00003 13947 14300 09017", Some(true)),
            ("21 00000 00003 13947 14300 09018", Some(false)),
            ("+++090/9337/55493+++", Some(true)),
            ("+++090/9337/55494+++", Some(false)),
            ("INV-2026-0042", None),
            ("RFQ 12", None),
            ("", None),
        ] {
            assert_eq!(reference(text), outcome, "{text}");
        }
    }
}
