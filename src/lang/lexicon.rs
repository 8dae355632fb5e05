//! All vocabularies compiled into one, and what can be looked up in it.

use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

use super::countries::Countries;
use super::discount::{Discounts, Step};
use super::fold::{fold, keys};
use super::label::Label;
use super::source::{self, LanguageFile, SourceError, WorldFile};
use super::terms::Terms;
use super::{LANGUAGES, WORLD};

/// The longest phrase, in tokens.
const LONGEST: usize = 8;
/// How much a phrase of the `weak` table tells.
const WEAK: f32 = 0.5;

/// A phrase that was recognised.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hit {
    /// What it announces.
    pub label: Label,
    /// How many of the words it took.
    pub words: usize,
    /// Language it came from, the first of [`LANGUAGES`] that has it.
    pub lang: &'static str,
    /// 1, or less where the phrase announces it only if the place agrees.
    pub strength: f32,
}

/// A phrase's meaning in one language.
#[derive(Clone, Copy)]
struct Entry {
    label: Label,
    lang: &'static str,
    strength: f32,
}

/// The compiled vocabularies.
#[derive(Default)]
pub struct Lexicon {
    phrases: HashMap<String, Vec<Entry>>,
    starts: HashSet<String>,
    months: HashMap<String, u8>,
    /// Word to the languages that know it, as bits in the order of [`LANGUAGES`], and whether it is a stop word.
    known: HashMap<String, u32>,
    stops: HashMap<String, u32>,
    terms: Terms,
    discounts: Discounts,
    yours: HashSet<String>,
    number_words: HashSet<String>,
    no_names: HashSet<String>,
    salutations: HashSet<String>,
    vat_included: HashSet<String>,
    shared_domains: HashSet<String>,
    tax_codes: HashSet<String>,
    /// Language to the countries of VAT ids without prefix.
    vat_countries: HashMap<&'static str, Vec<String>>,
    legal: HashSet<String>,
    home: Countries,
    currencies: HashMap<String, Vec<&'static str>>,
    countries: HashMap<String, &'static str>,
}

/// The vocabularies, compiled on first use.
///
/// # Panics
/// Never: a test loads them.
pub fn lexicon() -> &'static Lexicon {
    static LEXICON: OnceLock<Lexicon> = OnceLock::new();
    LEXICON.get_or_init(|| {
        Lexicon::build().expect("the vocabularies are part of the program and load in a test")
    })
}

/// Adds what a phrase of so many words means: in the page's language if that has it, else in any. A label keeps its first
/// language and its greatest strength.
fn meanings(entries: &[Entry], language: Option<&str>, words: usize, hits: &mut Vec<Hit>) {
    let spoken = entries.iter().any(|entry| Some(entry.lang) == language);
    let first = hits.len();
    for entry in entries
        .iter()
        .filter(|entry| !spoken || Some(entry.lang) == language)
    {
        match hits[first..]
            .iter_mut()
            .find(|hit| hit.label == entry.label)
        {
            Some(hit) => hit.strength = hit.strength.max(entry.strength),
            None => hits.push(entry.hit(words)),
        }
    }
}

impl Lexicon {
    /// Compiles the vocabularies.
    fn build() -> Result<Self, SourceError> {
        let mut lexicon = Self::default();
        for (i, language) in LANGUAGES.iter().enumerate() {
            let file: LanguageFile = source::parse(language.code, language.toml)?;
            if file.months.len() != 12 {
                return Err(SourceError::Months {
                    file: language.code,
                });
            }
            for (month, names) in (1..).zip(&file.months) {
                for name in names {
                    lexicon.months.entry(fold(name)).or_insert(month);
                }
            }
            for word in &file.stop_words {
                *lexicon.stops.entry(fold(word)).or_default() |= 1 << i;
            }
            lexicon.terms.add(&file.net_days, &file.due_now);
            lexicon.discounts.add(&file.discount);
            for (words, into) in [
                (&file.yours, &mut lexicon.yours),
                (&file.number_words, &mut lexicon.number_words),
                (&file.no_names, &mut lexicon.no_names),
                (&file.salutations, &mut lexicon.salutations),
                (&file.vat_included, &mut lexicon.vat_included),
            ] {
                into.extend(words.iter().map(|word| fold(word)));
            }
            lexicon
                .vat_countries
                .insert(language.code, file.vat_countries);
            for (table, strength) in [(&file.labels, 1.0), (&file.weak, WEAK)] {
                for (key, phrases) in table {
                    let label = source::label(language.code, key)?;
                    for phrase in phrases {
                        let entry = Entry {
                            label,
                            lang: language.code,
                            strength,
                        };
                        lexicon.add_phrase(phrase, entry, i);
                    }
                }
            }
        }
        lexicon.add_world(source::parse("world", WORLD)?);
        Ok(lexicon)
    }

    /// Adds a phrase; each language has its own word on what it means.
    fn add_phrase(&mut self, phrase: &str, entry: Entry, language: usize) {
        let tokens: Vec<String> = phrase.split_whitespace().flat_map(keys).collect();
        let Some(first) = tokens.first() else {
            return;
        };
        self.starts.insert(first.clone());
        for token in &tokens {
            if token.chars().count() > 3 {
                *self.known.entry(token.clone()).or_default() |= 1 << language;
            }
        }
        let entries = self.phrases.entry(tokens.join(" ")).or_default();
        let same = |known: &&mut Entry| known.label == entry.label && known.lang == entry.lang;
        match entries.iter_mut().find(same) {
            Some(known) => known.strength = known.strength.max(entry.strength),
            None => entries.push(entry),
        }
    }

    /// Adds what belongs to no language.
    fn add_world(&mut self, world: WorldFile) {
        self.legal = world.legal_forms.iter().map(|form| fold(form)).collect();
        self.shared_domains = world.shared_domains.into_iter().collect();
        self.tax_codes = world.tax_codes.into_iter().collect();
        for (code, words) in world.currencies {
            let code = intern(&code);
            for word in words.iter().map(String::as_str).chain([code]) {
                let codes = self.currencies.entry(currency_key(word)).or_default();
                if !codes.contains(&code) {
                    codes.push(code);
                }
            }
        }
        for (currency, countries) in world.country_currencies {
            let currency = intern(&currency);
            for country in countries {
                self.home.currency.insert(country, currency);
            }
        }
        for (country, code) in world.phone_codes {
            self.home.phone.push((code, intern(&country)));
        }
        self.home
            .phone
            .sort_by_key(|(code, _)| std::cmp::Reverse(code.len()));
        for (country, places) in world.places {
            let country = intern(&country);
            for place in places {
                self.home.place.insert(fold(&place), country);
            }
        }
        for (country, forms) in world.legal_form_countries {
            let country = intern(&country);
            for form in forms {
                self.home.legal_form.insert(fold(&form), country);
            }
        }
        for (sign, codes) in world.shared_signs {
            let codes = codes.iter().map(|code| intern(code)).collect();
            self.currencies.insert(currency_key(&sign), codes);
        }
        for (code, names) in world.countries {
            let code = intern(&code);
            for name in names {
                self.countries.entry(fold(&name)).or_insert(code);
            }
        }
    }

    /// All phrases that begin at the first of the words: the longest first, then fields before columns, then the strongest.
    ///
    /// A phrase that the page's language has means what it means there, whatever it may mean in another.
    pub fn label_at(&self, words: &[&str], language: Option<&str>) -> Vec<Hit> {
        let mut hits = Vec::new();
        let mut joined = String::new();
        let mut count = 0;
        for (i, word) in words.iter().enumerate().take(LONGEST) {
            for token in keys(word) {
                if count > 0 {
                    joined.push(' ');
                }
                joined.push_str(&token);
                count += 1;
                if count == 1 && !self.starts.contains(&joined) {
                    return self.either_side(words, language);
                }
            }
            if count > LONGEST {
                break;
            }
            if let Some(entries) = self.phrases.get(&joined) {
                meanings(entries, language, i + 1, &mut hits);
            }
        }
        // Columns last: a header is recognised by its company, a field by itself.
        hits.sort_by(|a: &Hit, b| {
            (b.words.cmp(&a.words))
                .then(a.label.is_column().cmp(&b.label.is_column()))
                .then(b.strength.total_cmp(&a.strength))
                .then(a.label.cmp(&b.label))
        });
        if hits.is_empty() {
            return self.either_side(words, language);
        }
        hits
    }

    /// The hits of a word such as `Facture/Invoice` that says the same twice.
    fn either_side(&self, words: &[&str], language: Option<&str>) -> Vec<Hit> {
        let Some((left, right)) = words.first().and_then(|word| word.split_once('/')) else {
            return Vec::new();
        };
        if left.len() < 3 || right.len() < 3 || right.contains('/') {
            return Vec::new();
        }
        let hits = self.label_at(&[left], language);
        if hits.is_empty() {
            self.label_at(&[right], language)
        } else {
            hits
        }
    }

    /// A label glued to its value, as `Invoice#:12345`, `Nr.4711` or `Invoice`, `No.:12345`: the hit and the value. The
    /// longest phrase wins; `words` of the hit counts the glued word too.
    pub fn label_glued<'a>(
        &self,
        words: &[&'a str],
        language: Option<&str>,
    ) -> Option<(Hit, &'a str)> {
        for last in (0..words.len().min(LONGEST)).rev() {
            let (whole, glued) = (words.get(..last)?, words.get(last)?);
            for (at, c) in glued.char_indices().rev() {
                if !matches!(c, ':' | '#' | '=' | '.' | '°' | 'º') {
                    continue;
                }
                let (left, right) = glued.split_at(at + c.len_utf8());
                let value = right.trim_start_matches([':', '#', '=', '.', ' ']);
                if value.is_empty() || right.starts_with(|c: char| c == '.' || c.is_lowercase()) {
                    continue;
                }
                let mut phrase: Vec<&str> = whole.to_vec();
                phrase.push(left);
                if let Some(hit) = self
                    .label_at(&phrase, language)
                    .into_iter()
                    .find(|hit| hit.words == last + 1)
                {
                    return Some((hit, value));
                }
            }
        }
        None
    }

    /// The month a word names, 1 to 12, in any of the languages, inflected or abbreviated.
    pub fn month(&self, word: &str) -> Option<u8> {
        self.months.get(&fold(word)).copied()
    }

    /// The language of a page, by its small words and its labels; `None` where nothing tells.
    pub fn language(&self, words: &[&str]) -> Option<&'static str> {
        let [(best, code), _] = self.two_languages(words);
        code.filter(|_| best >= 24)
    }

    /// The language of a page where it is beyond doubt: a handful of its small words, and half as many again as of any
    /// other language.
    pub fn certain_language(&self, words: &[&str]) -> Option<&'static str> {
        let [(best, code), (second, _)] = self.two_languages(words);
        code.filter(|_| best >= 120 && 2 * best >= 3 * second)
    }

    /// The two languages that most words speak for, each with its votes: 24 for a small word, 12 for one of a label.
    fn two_languages(&self, words: &[&str]) -> [(u32, Option<&'static str>); 2] {
        let mut votes = vec![0_u32; LANGUAGES.len()];
        for word in words {
            let stop = self
                .stops
                .get(&fold(word))
                .map_or((0, 0), |bits| (*bits, 24));
            let known = keys(word)
                .iter()
                .filter_map(|token| self.known.get(token))
                .map(|bits| (*bits, 12))
                .collect::<Vec<_>>();
            for (bits, weight) in known.into_iter().chain([stop]) {
                for (i, vote) in votes.iter_mut().enumerate() {
                    if bits & (1 << i) != 0 {
                        // A word that several languages share tells less of each.
                        *vote += weight / bits.count_ones();
                    }
                }
            }
        }
        let mut ranked: Vec<(u32, Option<&'static str>)> = votes
            .into_iter()
            .zip(LANGUAGES.iter().map(|language| Some(language.code)))
            .collect();
        // The order of the registry decides between equals.
        ranked.sort_by_key(|(votes, _)| std::cmp::Reverse(*votes));
        let at = |place: usize| ranked.get(place).copied().unwrap_or_default();
        [at(0), at(1)]
    }

    /// The discounts for early payment in a text, in the order printed. `terms` says that it is known to be terms of payment;
    /// of any other text a word has to say that there is a discount.
    pub fn discount_steps(&self, text: &str, terms: bool) -> Vec<Step> {
        self.discounts.steps(text, terms)
    }

    /// The days until payment that a text of terms grants: 0 for at once, the longest where several are named.
    pub fn net_days(&self, text: &str) -> Option<u32> {
        self.terms.net_days(text)
    }

    /// Tells whether a folded word gives a number to the reader of the invoice (`your`, `Kunde`).
    pub fn is_yours(&self, folded: &str) -> bool {
        self.yours.contains(folded)
    }

    /// Tells whether a folded word says "number" and no more (`Nr.`), or is none at all (`#`).
    pub fn is_number_word(&self, folded: &str) -> bool {
        folded.is_empty() || self.number_words.contains(folded)
    }

    /// Tells whether a folded word is one of headings and remarks rather than of names (`Duplicate`).
    pub fn is_no_name(&self, folded: &str) -> bool {
        self.no_names.contains(folded)
    }

    /// Tells whether a folded word stands before names in addresses (`Mr`).
    pub fn is_salutation(&self, folded: &str) -> bool {
        self.salutations.contains(folded)
    }

    /// Tells whether a folded word before "VAT" says that it is in the amount (`inkl.`).
    pub fn is_vat_included(&self, folded: &str) -> bool {
        self.vat_included.contains(folded)
    }

    /// Tells whether a second-level domain, in lower case, is shared by many companies (`gmail`).
    pub fn is_shared_domain(&self, name: &str) -> bool {
        self.shared_domains.contains(name)
    }

    /// Tells whether a word is the code of a tax rate (`SR`) rather than the sign of a currency (`S/`).
    pub fn is_tax_code(&self, word: &str) -> bool {
        let bare = word.trim_matches(['*', '.', ':', '(', ')']);
        self.tax_codes.contains(&bare.to_lowercase())
    }

    /// The countries whose VAT ids are printed without their prefix behind a language's labels, the likeliest first.
    pub fn vat_countries(&self, language: &str) -> &[String] {
        self.vat_countries.get(language).map_or(&[], Vec::as_slice)
    }

    /// Tells whether the words are a legal form (`GmbH`, `Ltd.`, `Sp. z o.o.`); a form may take several words.
    pub fn is_legal_form(&self, text: &str) -> bool {
        self.legal.contains(&fold(text))
    }

    /// How many of the first words are a legal form, the most that fit.
    pub fn legal_form_at(&self, words: &[&str]) -> Option<usize> {
        (1..=words.len().min(5)).rev().find(|n| {
            words
                .get(..*n)
                .is_some_and(|form| self.is_legal_form(&form.join(" ")))
        })
    }

    /// The ISO 4217 codes a word or sign may stand for, most likely first; empty if it is none.
    pub fn currencies(&self, word: &str) -> &[&'static str] {
        self.currencies
            .get(&currency_key(word))
            .map_or(&[], Vec::as_slice)
    }

    /// Tells whether a sign stands for either of two currencies (`$`).
    pub fn share_a_sign(&self, a: &str, b: &str) -> bool {
        self.currencies
            .values()
            .any(|codes| codes.len() > 1 && codes.contains(&a) && codes.contains(&b))
    }

    /// The ISO 4217 code of the currency of a country (ISO 3166-1).
    pub fn currency_of(&self, country: &str) -> Option<&'static str> {
        self.home.currency.get(country).copied()
    }

    /// The country of a code (ISO 3166-1) whose telephone code is known too: one whose domains are used by those who live there.
    pub fn country_code(&self, code: &str) -> Option<&'static str> {
        self.home
            .phone
            .iter()
            .map(|(_, country)| *country)
            .find(|country| *country == code)
    }

    /// The country (ISO 3166-1) of an international telephone number that begins with `+` or `00`.
    pub fn country_of_phone(&self, number: &str) -> Option<&'static str> {
        self.home.of_phone(number)
    }

    /// The well-known city or region that the words begin with: its country (ISO 3166-1), and how many words it takes.
    pub fn place_at(&self, words: &[&str]) -> Option<(&'static str, usize)> {
        self.home.place_at(words)
    }

    /// The country (ISO 3166-1) whose companies alone have the legal form that the words begin with (`Sdn. Bhd.`).
    pub fn country_of_legal_form(&self, words: &[&str]) -> Option<&'static str> {
        self.home.of_legal_form(words)
    }

    /// The ISO 3166-1 code of a country's name in any of the languages.
    pub fn country(&self, name: &str) -> Option<&'static str> {
        self.countries.get(&fold(name)).copied()
    }
}

impl Entry {
    /// The hit of a phrase that took so many words.
    fn hit(self, words: usize) -> Hit {
        Hit {
            label: self.label,
            words,
            lang: self.lang,
            strength: self.strength,
        }
    }
}

/// The key of a currency word: lower case, trimmed of dots and brackets; signs stay.
fn currency_key(word: &str) -> String {
    let bare = word.trim_matches(|c: char| {
        matches!(c, '.' | ',' | ':' | '(' | ')' | '[' | ']' | ' ' | '\u{a0}')
    });
    // `:-` is kroner in Sweden, a dash alone is nothing.
    let kept = if bare.chars().all(|c| c == '-') {
        word.trim()
    } else {
        bare
    };
    kept.to_lowercase()
}

/// A code of the world file as a static text; the file is read once, so nothing is leaked twice.
fn intern(code: &str) -> &'static str {
    WORLD
        .find(code)
        .and_then(|at| WORLD.get(at..at + code.len()))
        .unwrap_or("")
}

#[cfg(test)]
mod tests;
