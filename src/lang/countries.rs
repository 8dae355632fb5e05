//! What tells a country without naming it, and what is paid with there.

use std::collections::HashMap;

use super::fold::fold;

/// Countries by their signs.
#[derive(Default)]
pub(super) struct Countries {
    /// ISO 3166-1 code to ISO 4217 code.
    pub(super) currency: HashMap<String, &'static str>,
    /// Telephone codes without `+`, longest first, to ISO 3166-1 code.
    pub(super) phone: Vec<(String, &'static str)>,
    /// Folded city or region to ISO 3166-1 code.
    pub(super) place: HashMap<String, &'static str>,
    /// Folded legal form to ISO 3166-1 code.
    pub(super) legal_form: HashMap<String, &'static str>,
}

impl Countries {
    /// The country of an international telephone number (`+60 3 …`, `0060 3 …`).
    pub(super) fn of_phone(&self, number: &str) -> Option<&'static str> {
        let digits = number
            .strip_prefix('+')
            .or_else(|| number.strip_prefix("00"))?;
        let digits: String = digits.chars().filter(char::is_ascii_digit).collect();
        self.phone
            .iter()
            .find(|(code, _)| digits.starts_with(code.as_str()))
            .map(|(_, country)| *country)
    }

    /// The place that words begin with, as its country and how many words it takes.
    pub(super) fn place_at(&self, words: &[&str]) -> Option<(&'static str, usize)> {
        /// Words of the longest name.
        const LONGEST: usize = 3;
        (1..=words.len().min(LONGEST)).rev().find_map(|n| {
            self.place
                .get(&fold(&words[..n].join(" ")))
                .map(|country| (*country, n))
        })
    }

    /// The country whose companies alone have the legal form that words begin with.
    pub(super) fn of_legal_form(&self, words: &[&str]) -> Option<&'static str> {
        /// Words of the longest form.
        const LONGEST: usize = 4;
        (1..=words.len().min(LONGEST))
            .rev()
            .find_map(|n| self.legal_form.get(&fold(&words[..n].join(" "))).copied())
    }
}
