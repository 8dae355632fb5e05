//! In which language is the page? Told by a few words of a first reading.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::Word;

/// Different marks from which on a language is taken to be the page's.
const ENOUGH: usize = 4;

/// The words by which languages are known.
pub(super) struct Marks(BTreeMap<String, BTreeSet<String>>);

impl Marks {
    /// Loads the list of this build.
    pub(super) fn load() -> Self {
        Self(toml::from_str(include_str!("marks.toml")).expect("the list in the source is valid"))
    }

    /// The language most marks of which stand on the page, if there are enough of them and more than of `first`, in
    /// which it was read. Of equals the first in the alphabet.
    pub(super) fn language(&self, words: &[Word], first: &str) -> Option<&str> {
        let page: BTreeSet<String> = words
            .iter()
            .map(|word| {
                word.text
                    .trim_matches(|char: char| !char.is_alphanumeric())
                    .to_lowercase()
            })
            .collect();
        let count = |marks: &BTreeSet<String>| marks.intersection(&page).count();
        let own = self.0.get(first).map_or(0, count);
        let mut best: Option<(&str, usize)> = None;
        for (language, marks) in &self.0 {
            let found = count(marks);
            if language != first
                && found >= ENOUGH
                && found > own
                && best.is_none_or(|(_, most)| found > most)
            {
                best = Some((language, found));
            }
        }
        best.map(|(language, _)| language)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Rect;

    #[test]
    fn pages_are_known_by_their_words() {
        let marks = Marks::load();
        for (text, language) in [
            ("Summe EUR 3,20 MwSt Datum Uhr Kasse Total", Some("deu")),
            ("Facture TVA Montant TTC client", Some("fra")),
            ("Invoice date Total amount due Datum", None),
            ("GmbH 12,50", None),
        ] {
            let words: Vec<Word> = text
                .split(' ')
                .map(|text| Word {
                    text: text.to_owned(),
                    rect: Rect::default(),
                    confidence: 1.0,
                })
                .collect();
            assert_eq!(marks.language(&words, "eng"), language, "{text}");
        }
    }
}
