//! VAT ids and IBANs that no one has and that pass the checks of their countries.

use super::dice::Dice;
use crate::model::{check_vat_body, mod97};

/// Draws of digits until one passes: the rarest check digits fit one in a thousand.
const DRAWS: usize = 200_000;

/// A VAT id after a pattern with its prefix, `9` for a digit; check digits as the country has them.
pub(super) fn vat_id(dice: &mut Dice, pattern: &str) -> String {
    let (prefix, body) = pattern.split_at(2);
    (0..DRAWS)
        .map(|_| dice.digits(body))
        .find(|body| check_vat_body(prefix, body).is_ok())
        .map_or_else(
            || pattern.replace('9', "1"),
            |body| format!("{prefix}{body}"),
        )
}

/// An IBAN of a country from the pattern of what follows the check digits.
pub(super) fn iban(dice: &mut Dice, country: &str, pattern: &str) -> String {
    let account = dice.digits(pattern);
    let rest = mod97(account.bytes().chain(country.bytes()).chain(*b"00")).unwrap_or(0);
    format!("{country}{:02}{account}", 98 - rest)
}

/// An IBAN in groups of four, as paper has it.
pub(super) fn grouped(iban: &str) -> String {
    let mut text = String::new();
    for (place, c) in iban.chars().enumerate() {
        if place > 0 && place % 4 == 0 {
            text.push(' ');
        }
        text.push(c);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generate::languages;
    use crate::model::{check_iban, check_vat_id};

    #[test]
    fn ids_of_every_country_pass_its_checks() {
        for words in languages() {
            for seed in 0..20 {
                let mut dice = Dice::named(seed, "ids");
                let vat = vat_id(&mut dice, &words.vat);
                assert_eq!(check_vat_id(&vat, None), Some(Ok(())), "{vat}");
                for (_, bic, pattern) in &words.banks {
                    let iban = iban(&mut dice, &words.country, pattern);
                    assert_eq!(check_iban(&iban), Ok(()), "{iban}");
                    assert!(crate::model::is_bic(bic), "{bic}");
                }
            }
        }
    }
}
