//! VAT ids as they are printed: with a prefix, or beside a label of one country.
//!
//! An id whose check digits disagree is still what is printed: the check only ranks.

use crate::model::{VatIdFault, check_vat_body, compact, vat_id_prefix};

/// Whether the check digits agree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Check {
    /// They do.
    Right,
    /// They do not.
    Wrong,
    /// There are none that are known.
    Unknown,
}

/// A VAT id as it is compared: prefix and body without blanks, dots and dashes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct VatId {
    /// Country prefix, such as `DE`, `EL`, `CH`.
    country: &'static str,
    /// Prefix and body.
    pub(super) text: String,
    /// The check digits.
    pub(super) check: Check,
}

/// Digits of an id of the One-Stop Shop for sellers from outside the Union, behind `EU`.
const ONE_STOP_SHOP: usize = 9;
/// What Swiss and Norwegian ids say behind the number: that it is registered for VAT.
const REGISTERED: [&str; 6] = ["MWST", "TVA", "IVA", "TPV", "VAT", "MVA"];

impl VatId {
    /// Reads an id with its prefix; blanks, dots, dashes and slashes inside are passed over.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let compact = compact(text);
        let (prefix, body) = compact.split_at_checked(2)?;
        let digits = body.bytes().all(|byte| byte.is_ascii_digit());
        if prefix == "EU" && body.len() == ONE_STOP_SHOP && digits {
            return Some(Self {
                country: "EU",
                check: Check::Unknown,
                text: compact,
            });
        }
        let country = vat_id_prefix(prefix)?;
        let check = checked(country, body)?;
        let bare = REGISTERED
            .iter()
            .find_map(|word| compact.strip_suffix(word));
        Some(Self {
            country,
            text: bare.unwrap_or(&compact).to_owned(),
            check,
        })
    }

    /// Reads an id that is printed without its prefix beside a label of that country.
    pub(super) fn parse_local(country: &str, text: &str) -> Option<Self> {
        let text = compact(text);
        let country = vat_id_prefix(country)?;
        let check = checked(country, &text)?;
        Some(Self {
            country,
            text,
            check,
        })
    }

    /// The country as ISO 3166 writes it.
    pub(super) fn iso(&self) -> Option<&'static str> {
        match self.country {
            "EL" => Some("GR"),
            "XI" => Some("GB"),
            "EU" => None,
            other => Some(other),
        }
    }
}

/// Checks a body; `None` if it does not have the form of the country's ids.
fn checked(country: &str, body: &str) -> Option<Check> {
    match check_vat_body(country, body) {
        Ok(()) => Some(Check::Right),
        Err(VatIdFault::CheckDigits) => Some(Check::Wrong),
        Err(VatIdFault::Form) => None,
    }
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
            ("CHE-116.281.710 MWST", "CH", Check::Right),
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
