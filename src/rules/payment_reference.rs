//! Payment references with check digits: ISO 11649, Swiss, Belgian.

use crate::model::{compact, mod97};

/// Checks a payment reference of a form that has check digits; `None` where it has none that we know.
pub(super) fn check(printed: &str) -> Option<bool> {
    let compact = compact(printed);
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
    use super::check;

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
            assert_eq!(check(text), outcome, "{text}");
        }
    }
}
