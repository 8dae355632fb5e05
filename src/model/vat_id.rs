//! VAT ids: which country's, whether the form is right, and the check digits.
//!
//! The forms are data (`data/vat_id_forms.csv`); the check digits are a function a country, in the table at the end. What is not
//! a VAT id of a country listed there is not judged: a local tax number is no wrong VAT id.

use super::fold::compact;
use super::table::rows;
use super::vat_digits::{self as digits, Digits};

/// Forms of VAT ids: `country,form`; `9` a digit, `A` a letter, `X` either, anything else itself.
pub const VAT_ID_FORMS: &str = include_str!("data/vat_id_forms.csv");

/// What is wrong with a VAT id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VatIdFault {
    /// Not one of its country's forms.
    Form,
    /// The check digits do not fit.
    CheckDigits,
}

impl VatIdFault {
    /// The fault in words that end a sentence.
    pub const fn text(self) -> &'static str {
        match self {
            VatIdFault::Form => "it does not have the form of its country",
            VatIdFault::CheckDigits => "its check digits do not fit",
        }
    }
}

/// The country an id's own prefix names, as ISO 3166 has it; `None` where it names none whose ids are known.
pub fn vat_id_country(id: &str) -> Option<&'static str> {
    let compact = compact(id);
    let prefix = compact.get(..2)?;
    if !compact.bytes().skip(2).any(|byte| byte.is_ascii_digit()) {
        return None;
    }
    vat_id_prefix(prefix).map(|prefix| if prefix == "EL" { "GR" } else { prefix })
}

/// The prefix as the European Commission writes it (`EL`), of a country whose ids are known.
pub fn vat_id_prefix(prefix: &str) -> Option<&'static str> {
    // Some write Greece as ISO 3166 does.
    let prefix = if prefix == "GR" { "EL" } else { prefix };
    rows(VAT_ID_FORMS)
        .map(|[country, _]: [&str; 2]| country)
        .find(|country| *country == prefix)
}

/// Checks a VAT id; one without a prefix by the country given. `None` where it cannot be told whose it is.
pub fn check_vat_id(id: &str, by_address: Option<&str>) -> Option<Result<(), VatIdFault>> {
    let compact = compact(id);
    if !compact.is_ascii() {
        return None;
    }
    let prefixed = compact
        .get(..2)
        .filter(|_| vat_id_country(id).is_some())
        .and_then(vat_id_prefix);
    if let Some(country) = prefixed {
        return Some(check_vat_body(country, &compact[2..]));
    }
    let address = by_address.map(str::to_ascii_uppercase);
    let country = vat_id_prefix(address.as_deref()?)?;
    // Without a prefix it may be a local tax number of another form: only what looks like the country's VAT id is judged.
    formed(country, &compact).then(|| check_vat_body(country, &compact))
}

fn formed(country: &str, body: &str) -> bool {
    let fits = |form: &str| {
        form.len() == body.len()
            && form
                .bytes()
                .zip(body.bytes())
                .all(|(form, byte)| match form {
                    b'9' => byte.is_ascii_digit(),
                    b'A' => byte.is_ascii_uppercase(),
                    b'X' => byte.is_ascii_alphanumeric(),
                    _ => form == byte,
                })
    };
    rows(VAT_ID_FORMS).any(|[of, form]: [&str; 2]| of == country && fits(form))
}

/// Checks the part behind the prefix, in capitals and without separators.
///
/// # Errors
/// What is wrong with it.
pub fn check_vat_body(country: &str, body: &str) -> Result<(), VatIdFault> {
    if !formed(country, body) {
        return Err(VatIdFault::Form);
    }
    let check = CHECKS.iter().find(|(of, _)| *of == country);
    if check.is_none_or(|(_, check)| check(&Digits(body.as_bytes()))) {
        Ok(())
    } else {
        Err(VatIdFault::CheckDigits)
    }
}

type Check = fn(&Digits<'_>) -> bool;

/// The check digits of each country; each function gets an id that has the right form.
const CHECKS: [(&str, Check); 31] = [
    ("AT", digits::austria),
    ("BE", digits::belgium),
    ("BG", digits::bulgaria),
    ("CH", digits::switzerland),
    ("CY", digits::cyprus),
    ("CZ", digits::czechia),
    ("DE", digits::germany),
    ("DK", digits::denmark),
    ("EE", digits::estonia),
    ("EL", digits::greece),
    ("ES", digits::spain),
    ("FI", digits::finland),
    ("FR", digits::france),
    ("GB", digits::britain),
    ("HR", digits::germany),
    ("HU", digits::hungary),
    ("IE", digits::ireland),
    ("IT", digits::italy),
    ("LT", digits::lithuania),
    ("LU", digits::luxembourg),
    ("LV", digits::latvia),
    ("MT", digits::malta),
    ("NL", digits::netherlands),
    ("NO", digits::norway),
    ("PL", digits::poland),
    ("PT", digits::portugal),
    ("RO", digits::romania),
    ("SE", digits::sweden),
    ("SI", digits::slovenia),
    ("SK", digits::slovakia),
    ("XI", digits::britain),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_judged_by_their_country() {
        for (id, country, outcome) in [
            ("DE 136,695 976", None, Some(Ok(()))),
            ("DE136695978", None, Some(Err(VatIdFault::CheckDigits))),
            ("DE13669597", None, Some(Err(VatIdFault::Form))),
            ("136695976", Some("de"), Some(Ok(()))),
            ("136695976", None, None),
            ("29/815/08151", Some("DE"), None),
            ("CHE-123.456.788 MWST", None, Some(Ok(()))),
            ("NO 995 525 828 MVA", None, Some(Ok(()))),
            ("GR023456780", None, Some(Ok(()))),
            ("US12-3456789", None, None),
            ("DEPOSIT", None, None),
            ("", None, None),
        ] {
            assert_eq!(check_vat_id(id, country), outcome, "{id}");
        }
    }

    #[test]
    fn every_country_with_a_form_has_check_digits() {
        for [country, form] in rows(VAT_ID_FORMS) {
            assert!(CHECKS.iter().any(|(of, _)| *of == country), "{country}");
            assert!(
                form.bytes()
                    .all(|byte| byte.is_ascii_uppercase() || byte == b'9'),
                "{form}"
            );
        }
    }

    /// Ids with the verdict of another implementation, country by country.
    #[test]
    fn verdicts_agree_with_a_peer() {
        let table = include_str!("data/vat_ids_peer.csv");
        let mut count = 0;
        let mut differ = Vec::new();
        for [id, valid] in rows(table) {
            count += 1;
            if (check_vat_id(id, None) == Some(Ok(()))) != (valid == "valid") {
                differ.push(format!("{id} {valid}"));
            }
        }
        assert_eq!(differ, [""; 0]);
        assert!(count > 1000, "{count}");
    }
}
