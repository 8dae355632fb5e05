//! VAT ids: which country's, whether the form is right, and the check digits.
//!
//! The forms are data (`data/vat_id_forms.csv`); the check digits are a function a country, in the table at the end. What is not
//! a VAT id of a country listed there is not judged: a local tax number is no wrong VAT id.

use super::reference::{VAT_ID_FORMS, rows};
use super::vat_digits::{self as digits, Digits};
use crate::model::compact;

/// What is wrong with a VAT id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// Not one of its country's forms.
    Form,
    /// The check digits do not fit.
    CheckDigits,
}

impl Fault {
    pub(super) const fn text(self) -> &'static str {
        match self {
            Fault::Form => "it does not have the form of its country",
            Fault::CheckDigits => "its check digits do not fit",
        }
    }
}

/// The country an id's own prefix names, as ISO 3166 has it; `None` where it names none whose ids are known.
pub(super) fn country(id: &str) -> Option<&'static str> {
    let compact = compact(id);
    let prefix = compact.get(..2)?;
    if !compact.bytes().skip(2).any(|byte| byte.is_ascii_digit()) {
        return None;
    }
    known(prefix).map(|prefix| if prefix == "EL" { "GR" } else { prefix })
}

fn known(prefix: &str) -> Option<&'static str> {
    // Some write Greece as ISO 3166 does.
    let prefix = if prefix == "GR" { "EL" } else { prefix };
    rows(VAT_ID_FORMS)
        .map(|[country, _]: [&str; 2]| country)
        .find(|country| *country == prefix)
}

/// Checks an id; one without a prefix by the country given. `None` where it cannot be told whose it is.
pub(super) fn check(id: &str, by_address: Option<&str>) -> Option<Result<(), Fault>> {
    let compact = compact(id);
    if !compact.is_ascii() {
        return None;
    }
    let prefixed = compact
        .get(..2)
        .filter(|_| country(id).is_some())
        .and_then(known);
    if let Some(country) = prefixed {
        return Some(judge(country, &compact[2..]));
    }
    let address = by_address.map(str::to_ascii_uppercase);
    let country = known(address.as_deref()?)?;
    // Without a prefix it may be a local tax number of another form: only what looks like the country's VAT id is judged.
    formed(country, &compact).then(|| judge(country, &compact))
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

fn judge(country: &str, body: &str) -> Result<(), Fault> {
    if !formed(country, body) {
        return Err(Fault::Form);
    }
    let check = CHECKS.iter().find(|(of, _)| *of == country);
    if check.is_none_or(|(_, check)| check(&Digits(body.as_bytes()))) {
        Ok(())
    } else {
        Err(Fault::CheckDigits)
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
            ("DE136695978", None, Some(Err(Fault::CheckDigits))),
            ("DE13669597", None, Some(Err(Fault::Form))),
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
            assert_eq!(check(id, country), outcome, "{id}");
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
            if (check(id, None) == Some(Ok(()))) != (valid == "valid") {
                differ.push(format!("{id} {valid}"));
            }
        }
        assert_eq!(differ, [""; 0]);
        assert!(count > 1000, "{count}");
    }
}
