//! The files of the vocabularies as they are written.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::discount::DiscountWords;
use super::label::Label;

/// A language's file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LanguageFile {
    /// Frequent small words that tell the language.
    pub stop_words: Vec<String>,
    /// Twelve lists: the names of the months, their inflected and abbreviated forms.
    pub months: Vec<Vec<String>>,
    /// Terms of payment with `{n}` for the number of days.
    pub net_days: Vec<String>,
    /// Terms of payment that mean at once.
    pub due_now: Vec<String>,
    /// Words that give a number to the reader of the invoice: possessives, and names for the buyer.
    pub yours: Vec<String>,
    /// Words that say "number" and no more.
    pub number_words: Vec<String>,
    /// Words of headings, thanks and remarks: they stand where names do, and names seldom have them.
    pub no_names: Vec<String>,
    /// Words before the name of a person or company in an address.
    pub salutations: Vec<String>,
    /// Words before "VAT" that say of an amount that it is in it.
    pub vat_included: Vec<String>,
    /// Countries whose VAT ids are printed without their prefix behind the language's labels, the likeliest first.
    pub vat_countries: Vec<String>,
    /// Words around discounts for early payment.
    pub discount: DiscountWords,
    /// Phrases that announce a label and little else.
    pub labels: BTreeMap<String, Vec<String>>,
    /// Phrases that announce a label only where the place agrees.
    pub weak: BTreeMap<String, Vec<String>>,
}

/// The file of what belongs to no language.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WorldFile {
    /// Legal forms of companies.
    pub legal_forms: Vec<String>,
    /// Second-level domains that say nothing of a company.
    pub shared_domains: Vec<String>,
    /// Codes of tax rates that could be taken for signs of currencies.
    pub tax_codes: Vec<String>,
    /// ISO 4217 code to the countries whose currency it is.
    pub country_currencies: BTreeMap<String, Vec<String>>,
    /// ISO 3166-1 code to the telephone code, without `+`.
    pub phone_codes: BTreeMap<String, String>,
    /// ISO 3166-1 code to the legal forms that no other country has.
    pub legal_form_countries: BTreeMap<String, Vec<String>>,
    /// ISO 3166-1 code to names of cities and regions, and words of addresses there.
    pub places: BTreeMap<String, Vec<String>>,
    /// ISO 4217 code to the words and signs for it, most usual meaning first where several codes share one.
    pub currencies: BTreeMap<String, Vec<String>>,
    /// Signs that several currencies share: sign to codes, most frequent first.
    pub shared_signs: BTreeMap<String, Vec<String>>,
    /// ISO 3166-1 code to the country's names in the languages of the vocabularies.
    pub countries: BTreeMap<String, Vec<String>>,
}

/// What is wrong with a vocabulary.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SourceError {
    /// It is no TOML of the expected shape.
    #[error("parse vocabulary `{file}`")]
    Syntax {
        /// Which.
        file: &'static str,
        /// Why.
        #[source]
        source: Box<toml::de::Error>,
    },
    /// It lists phrases for a label that is none.
    #[error("find label `{key}` of vocabulary `{file}`")]
    UnknownLabel {
        /// Which.
        file: &'static str,
        /// The key.
        key: String,
    },
    /// It does not have twelve months.
    #[error("find twelve months in vocabulary `{file}`")]
    Months {
        /// Which.
        file: &'static str,
    },
}

/// Reads a file.
pub(super) fn parse<T: serde::de::DeserializeOwned>(
    file: &'static str,
    text: &str,
) -> Result<T, SourceError> {
    toml::from_str(text).map_err(|error| SourceError::Syntax {
        file,
        source: Box::new(error),
    })
}

/// The label of a key.
pub(super) fn label(file: &'static str, key: &str) -> Result<Label, SourceError> {
    Label::from_key(key).ok_or_else(|| SourceError::UnknownLabel {
        file,
        key: key.to_owned(),
    })
}
