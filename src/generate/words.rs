//! What a language's invoices are made of: labels in several wordings, forms of dates and numbers, names, goods. Data only.
//!
//! Some wordings are in the vocabularies of `lang`, some are on purpose not: what reads only labels it has seen must show it.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use super::dice::Dice;

/// A language with its country, as `words/*.toml` has it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Words {
    /// BCP 47.
    #[serde(skip)]
    pub language: &'static str,
    pub(super) country: String,
    pub(super) currency: String,
    pub(super) sign: String,
    /// Where the sign stands, if the language leaves the layout no choice.
    pub(super) sign_place: Option<SignPlace>,
    pub(super) decimal: String,
    pub(super) group: String,
    /// `{d} {dd} {m} {mm} {month} {mon} {yy} {yyyy}`.
    pub(super) dates: Vec<String>,
    pub(super) months: Vec<String>,
    /// Percent: the standard rate, then the reduced one.
    pub(super) rates: Vec<String>,
    /// With its prefix; `9` is a digit.
    pub(super) vat: String,
    /// VAT ids stand on the page without their prefix.
    #[serde(default)]
    pub(super) vat_plain: bool,
    pub(super) tax_number: String,
    pub(super) register: String,
    pub(super) phone: String,
    pub(super) tld: String,
    pub(super) street: String,
    pub(super) place: String,
    pub(super) country_name: String,
    /// Name, BIC, and the part of the IBAN behind its check digits.
    pub(super) banks: Vec<(String, String, String)>,
    /// Post code and name.
    pub(super) cities: Vec<(String, String)>,
    pub(super) streets: Vec<String>,
    pub(super) firms: Vec<String>,
    pub(super) trades: Vec<String>,
    pub(super) legal: Vec<String>,
    pub(super) people: Vec<String>,
    /// Description, unit, lowest and highest net price, which of the rates.
    pub(super) goods: Vec<(String, String, String, String, usize)>,
    labels: BTreeMap<String, Vec<String>>,
    texts: BTreeMap<String, Vec<String>>,
}

/// On which side of an amount its sign stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum SignPlace {
    Before,
    After,
}

/// What belongs to no language.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::struct_field_names, reason = "they are numbers, all four")]
pub(super) struct World {
    pub(super) invoice_numbers: Vec<String>,
    pub(super) order_numbers: Vec<String>,
    pub(super) customer_numbers: Vec<String>,
    pub(super) article_numbers: Vec<String>,
}

macro_rules! files {
    ($($language:literal),*) => {
        [$(($language, include_str!(concat!("words/", $language, ".toml")))),*]
    };
}

/// The files of the languages, sorted.
const FILES: [(&str, &str); 9] = files!["da", "de", "en", "es", "fr", "it", "nl", "pl", "pt"];

static WORDS: LazyLock<Vec<Words>> = LazyLock::new(|| {
    FILES
        .iter()
        .map(|(language, text)| {
            let words: Words =
                toml::from_str(text).expect("the word files parse, a test reads each");
            Words { language, ..words }
        })
        .collect()
});

static WORLD: LazyLock<World> = LazyLock::new(|| {
    toml::from_str(include_str!("words/world.toml"))
        .expect("the word files parse, a test reads each")
});

/// Every language invoices can be made in, sorted.
pub fn languages() -> &'static [Words] {
    &WORDS
}

/// The words of a language.
pub fn words(language: &str) -> Option<&'static Words> {
    languages().iter().find(|words| words.language == language)
}

pub(super) fn world() -> &'static World {
    &WORLD
}

impl Words {
    /// A label's wording in one document.
    pub(super) fn label(&self, seed: u64, key: &str) -> &str {
        choose(&self.labels, seed, key)
    }

    /// A sentence's wording in one document.
    pub(super) fn text(&self, seed: u64, key: &str) -> &str {
        choose(&self.texts, seed, key)
    }

    /// Tells whether there are wordings for a label.
    pub(super) fn has_label(&self, key: &str) -> bool {
        self.labels.get(key).is_some_and(|list| !list.is_empty())
    }

    /// Tells whether there are wordings for a sentence.
    pub(super) fn has_text(&self, key: &str) -> bool {
        self.texts.get(key).is_some_and(|list| !list.is_empty())
    }
}

fn choose<'a>(lists: &'a BTreeMap<String, Vec<String>>, seed: u64, key: &str) -> &'a str {
    lists
        .get(key)
        .filter(|list| !list.is_empty())
        .map_or("", |list| Dice::named(seed, key).pick(list).as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::LANGUAGES;

    #[test]
    fn every_language_of_the_vocabularies_is_there_and_complete() {
        let german = words("de").expect("German");
        for words in languages() {
            let language = words.language;
            assert_eq!(words.months.len(), 12, "{language}");
            assert_eq!(words.dates.len(), 4, "{language}");
            assert!(
                words.labels.keys().eq(german.labels.keys()),
                "{language}: labels differ from German"
            );
            assert!(
                words.texts.keys().eq(german.texts.keys()),
                "{language}: texts differ from German"
            );
            for list in words.labels.values().chain(words.texts.values()) {
                assert!(!list.is_empty(), "{language}");
            }
            assert!(
                words.goods.iter().all(|good| good.4 < words.rates.len()),
                "{language}"
            );
            assert!(
                [
                    &words.firms,
                    &words.trades,
                    &words.legal,
                    &words.people,
                    &words.streets
                ]
                .iter()
                .all(|list| list.len() > 2),
                "{language}"
            );
        }
        assert_eq!(languages().len(), LANGUAGES.len());
        assert!(!world().invoice_numbers.is_empty());
    }
}
