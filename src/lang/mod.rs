//! Vocabularies as data: what a language calls the fields of an invoice, and how it writes numbers and dates.
//!
//! A language is one TOML file and one line in [`LANGUAGES`]; what belongs to no language (currencies, countries, legal
//! forms) is in `world.toml`. They are compiled into one [`Lexicon`] on first use. Documents mix languages, so a phrase is
//! looked up in all of them at once; each hit says which language it came from.

mod countries;
pub mod dates;
mod discount;
mod fold;
mod label;
mod lexicon;
pub mod numbers;
mod source;
mod terms;

pub use discount::Step;
pub use fold::fold;
pub use label::Label;
pub use lexicon::{Hit, Lexicon, lexicon};
pub use source::SourceError;

use crate::model::Digest;

/// A vocabulary.
pub struct Language {
    /// ISO 639-1 code.
    pub code: &'static str,
    /// Its file.
    pub toml: &'static str,
}

/// All vocabularies; where two know the same phrase, the earlier gives its name to the hit.
#[rustfmt::skip]
pub const LANGUAGES: &[Language] = &[
    Language { code: "en", toml: include_str!("en.toml") },
    Language { code: "de", toml: include_str!("de.toml") },
    Language { code: "fr", toml: include_str!("fr.toml") },
    Language { code: "es", toml: include_str!("es.toml") },
    Language { code: "it", toml: include_str!("it.toml") },
    Language { code: "nl", toml: include_str!("nl.toml") },
    Language { code: "pl", toml: include_str!("pl.toml") },
    Language { code: "pt", toml: include_str!("pt.toml") },
    Language { code: "da", toml: include_str!("da.toml") },
];

/// Digest of all vocabularies, for the settings of the stages that read with them.
pub fn digest() -> Digest {
    let languages = LANGUAGES.iter().map(|language| language.toml);
    Digest::of_parts(languages.chain([WORLD]).map(str::as_bytes))
}

/// What belongs to no language: currencies, countries, legal forms.
pub(crate) const WORLD: &str = include_str!("world.toml");
