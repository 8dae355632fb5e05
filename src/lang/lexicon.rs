//! All vocabularies compiled into one, and what can be looked up in it.

use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

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
    legal: HashSet<String>,
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

    /// Adds a phrase; a label keeps its first language and its greatest strength.
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
        match entries.iter_mut().find(|known| known.label == entry.label) {
            Some(known) => known.strength = known.strength.max(entry.strength),
            None => entries.push(entry),
        }
    }

    /// Adds what belongs to no language.
    fn add_world(&mut self, world: WorldFile) {
        self.legal = world.legal_forms.iter().map(|form| fold(form)).collect();
        for (code, words) in world.currencies {
            let code = intern(&code);
            for word in words.iter().map(String::as_str).chain([code]) {
                let codes = self.currencies.entry(currency_key(word)).or_default();
                if !codes.contains(&code) {
                    codes.push(code);
                }
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
    pub fn label_at(&self, words: &[&str]) -> Vec<Hit> {
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
                    return self.either_side(words);
                }
            }
            if count > LONGEST {
                break;
            }
            if let Some(entries) = self.phrases.get(&joined) {
                for entry in entries {
                    hits.push(entry.hit(i + 1));
                }
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
            return self.either_side(words);
        }
        hits
    }

    /// The hits of a word such as `Facture/Invoice` that says the same twice.
    fn either_side(&self, words: &[&str]) -> Vec<Hit> {
        let Some((left, right)) = words.first().and_then(|word| word.split_once('/')) else {
            return Vec::new();
        };
        if left.len() < 3 || right.len() < 3 || right.contains('/') {
            return Vec::new();
        }
        let hits = self.label_at(&[left]);
        if hits.is_empty() {
            self.label_at(&[right])
        } else {
            hits
        }
    }

    /// The first of [`Lexicon::label_at`].
    pub fn best_label(&self, words: &[&str]) -> Option<Hit> {
        self.label_at(words).into_iter().next()
    }

    /// A label glued to its value in one word, as `Invoice#:12345` or `Nr.4711`: the hit and the value.
    pub fn label_prefix<'a>(&self, word: &'a str) -> Option<(Hit, &'a str)> {
        self.label_glued(&[word])
    }

    /// As [`Lexicon::label_prefix`], for a phrase whose last word carries the value: `Invoice`, `No.:12345`. The longest
    /// phrase wins; `words` of the hit counts the glued word too.
    pub fn label_glued<'a>(&self, words: &[&'a str]) -> Option<(Hit, &'a str)> {
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
                    .label_at(&phrase)
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
        let (best, i) = votes
            .iter()
            .enumerate()
            .map(|(i, vote)| (*vote, std::cmp::Reverse(i)))
            .max()?;
        (best >= 24)
            .then(|| LANGUAGES.get(i.0).map(|language| language.code))
            .flatten()
    }

    /// The days until payment that a text of terms grants: 0 for at once, the longest where several are named.
    pub fn net_days(&self, text: &str) -> Option<u32> {
        self.terms.net_days(text)
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
    word.trim_matches(|c: char| {
        matches!(c, '.' | ',' | ':' | '(' | ')' | '[' | ']' | ' ' | '\u{a0}')
    })
    .to_lowercase()
}

/// A code of the world file as a static text; the file is read once, so nothing is leaked twice.
fn intern(code: &str) -> &'static str {
    WORLD
        .find(code)
        .and_then(|at| WORLD.get(at..at + code.len()))
        .unwrap_or("")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::lang::dates::{self, Order};
    use crate::lang::numbers;

    /// The best labels of a text: label and number of words.
    fn best(text: &str) -> Option<(Label, usize)> {
        let words: Vec<&str> = text.split_whitespace().collect();
        lexicon()
            .best_label(&words)
            .map(|hit| (hit.label, hit.words))
    }

    #[test]
    fn every_vocabulary_loads_and_has_no_empty_list() {
        Lexicon::build().expect("the vocabularies load");
        for language in LANGUAGES {
            let file: LanguageFile = source::parse(language.code, language.toml).expect("parses");
            assert!(
                !file.stop_words.is_empty()
                    && !file.net_days.is_empty()
                    && !file.due_now.is_empty()
            );
            assert!(
                file.months.iter().all(|names| !names.is_empty()),
                "{}",
                language.code
            );
            for (key, phrases) in file.labels.iter().chain(&file.weak) {
                assert!(!phrases.is_empty(), "{} {key}", language.code);
                for phrase in phrases {
                    let tokens: Vec<String> = phrase.split_whitespace().flat_map(keys).collect();
                    assert!(
                        !tokens.is_empty() && tokens.len() <= LONGEST,
                        "{} {key} {phrase}",
                        language.code
                    );
                }
            }
        }
        let codes: Vec<&str> = LANGUAGES.iter().map(|language| language.code).collect();
        let mut unique = codes.clone();
        unique.dedup();
        assert_eq!(codes, unique);
    }

    #[test]
    fn an_unknown_label_or_key_is_refused() {
        assert!(matches!(
            source::label("xx", "invoice_nunber"),
            Err(SourceError::UnknownLabel { .. })
        ));
        assert!(source::parse::<LanguageFile>("xx", "surprise = 1").is_err());
    }

    /// A phrase of the strong table announces one field of a language; columns, titles and what needs a place to be
    /// understood may share it.
    #[test]
    fn no_phrase_contradicts_itself_within_a_language() {
        let alike = |a: Label, b: Label| {
            use Label::*;
            let group = |label: Label| match label {
                VatId | TaxNumber | VatAmount | VatRate => 1,
                OrderNumber | SalesOrder => 2,
                PaymentTerms | DueDate | PaymentMeans | CashDiscount => 3,
                BankName | AccountNumber | RemitTo | Vendor | BankCode | Iban => 4,
                other => 100 + other as u32,
            };
            group(a) == group(b)
        };
        let mut clashes = Vec::new();
        for language in LANGUAGES {
            let file: LanguageFile = source::parse(language.code, language.toml).expect("parses");
            let mut seen: BTreeMap<String, Label> = BTreeMap::new();
            for (key, phrases) in &file.labels {
                let label = source::label(language.code, key).expect("a label");
                if label.is_column() || label.is_title() {
                    continue;
                }
                for phrase in phrases {
                    let folded = phrase
                        .split_whitespace()
                        .flat_map(keys)
                        .collect::<Vec<_>>()
                        .join(" ");
                    if let Some(other) = seen.insert(folded, label) {
                        if other != label && !alike(other, label) {
                            clashes.push(format!(
                                "{}: `{phrase}` {} {key}",
                                language.code,
                                other.key()
                            ));
                        }
                    }
                }
            }
        }
        assert!(clashes.is_empty(), "{}", clashes.join("\n"));
    }

    #[test]
    fn phrases_of_real_invoices() {
        use Label::*;
        for (text, expected) in [
            ("Invoice No.: 123", Some((InvoiceNumber, 2))),
            ("Invoice # 123", Some((InvoiceNumber, 2))),
            ("INVOICE NUMBER", Some((InvoiceNumber, 2))),
            ("lnvoice No", Some((InvoiceNumber, 2))),
            ("Rechnungs-Nr.:", Some((InvoiceNumber, 1))),
            ("Rechnungsnummer", Some((InvoiceNumber, 1))),
            ("Rechnung Nr. 4711", Some((InvoiceNumber, 2))),
            ("Facture N° 12", Some((InvoiceNumber, 2))),
            ("N° de facture", Some((InvoiceNumber, 3))),
            ("Número de factura:", Some((InvoiceNumber, 3))),
            ("Fattura n. 12", Some((InvoiceNumber, 2))),
            ("Factuurnummer :", Some((InvoiceNumber, 2))),
            ("Faktura VAT nr FV/1", Some((InvoiceNumber, 3))),
            ("Fatura n.º 12", Some((InvoiceNumber, 2))),
            ("Tax Invoice", Some((TitleInvoice, 2))),
            ("Balance due", Some((AmountDue, 2))),
            ("Grand Total:", Some((Total, 2))),
            ("TOTAL RM 12.90", Some((Total, 2))),
            ("CASH", Some((Cash, 1))),
            ("CHANGE", Some((Change, 1))),
            ("Gegeben", Some((Cash, 1))),
            ("Rückgeld", Some((Change, 1))),
            ("SUMME EUR", Some((Total, 2))),
            ("Gesamtbetrag", Some((Total, 1))),
            ("zu zahlen", Some((AmountDue, 2))),
            ("GSTIN: 27AAACR", Some((TaxNumber, 1))),
            ("ABN 12 345", Some((TaxNumber, 1))),
            ("Termin płatności:", Some((DueDate, 2))),
            ("Razem do zapłaty", Some((AmountDue, 3))),
            ("DATE D’ÉCHÉANCE", Some((DueDate, 2))),
            ("P.O. Number", Some((OrderNumber, 2))),
            ("P.IVA", Some((VatId, 1))),
            ("Ust-IdNr.:", Some((VatId, 1))),
            ("Sub-Total", Some((Subtotal, 1))),
            ("Total(EUR)", Some((Total, 1))),
            ("Facture/Invoice", Some((TitleInvoice, 1))),
            ("Montag 12", None),
            ("", None),
        ] {
            assert_eq!(best(text), expected, "{text}");
        }
    }

    #[test]
    fn one_phrase_may_announce_several_labels() {
        let labels: Vec<Label> = lexicon()
            .label_at(&["Total"])
            .iter()
            .map(|hit| hit.label)
            .collect();
        assert!(
            labels.contains(&Label::Total) && labels.contains(&Label::ColNet),
            "{labels:?}"
        );
    }

    #[test]
    fn labels_glued_to_their_values() {
        for (words, expected) in [
            (
                vec!["Invoice#:12345"],
                Some((Label::InvoiceNumber, 1, "12345")),
            ),
            (
                vec!["Rechnungsnummer:4711"],
                Some((Label::InvoiceNumber, 1, "4711")),
            ),
            (
                vec!["Invoice", "#12345"],
                Some((Label::InvoiceNumber, 2, "12345")),
            ),
            (
                vec!["Invoice", "No.:12345"],
                Some((Label::InvoiceNumber, 2, "12345")),
            ),
            (
                vec!["Rechnung", "Nr.4711"],
                Some((Label::InvoiceNumber, 2, "4711")),
            ),
            (
                vec!["Date:01/15/2026"],
                Some((Label::InvoiceDate, 1, "01/15/2026")),
            ),
            (
                vec!["Total:€1.500,00"],
                Some((Label::Total, 1, "€1.500,00")),
            ),
            (vec!["12:30"], None),
            (vec!["www.example.com"], None),
            (vec!["Invoice#"], None),
        ] {
            let found = lexicon()
                .label_glued(&words)
                .map(|(hit, value)| (hit.label, hit.words, value));
            assert_eq!(found, expected, "{words:?}");
        }
    }

    #[test]
    fn terms_currencies_countries_and_forms() {
        let lexicon = lexicon();
        for (text, days) in [
            ("Payable within 30 days", Some(30)),
            ("zahlbar innerhalb von 14 Tagen", Some(14)),
            ("netto 30 Tage", Some(30)),
            ("10 Tage 2 % Skonto, 30 Tage netto", Some(30)),
            ("30 jours", Some(30)),
            ("Net 30", Some(30)),
            ("due upon receipt", Some(0)),
            ("sofort fällig", Some(0)),
            ("przelew 14 dni", Some(14)),
            ("60 gg d.f.", Some(60)),
            ("binnen 30 dagen", Some(30)),
            ("Thank you", None),
            ("within 9999 days", None),
        ] {
            assert_eq!(lexicon.net_days(text), days, "{text}");
        }
        for (word, code) in [
            ("€", Some("EUR")),
            ("EUR", Some("EUR")),
            ("zł", Some("PLN")),
            ("CHF", Some("CHF")),
            ("Rs.", Some("INR")),
            ("RM", Some("MYR")),
            ("£", Some("GBP")),
            ("$", Some("USD")),
            ("Euro", Some("EUR")),
            ("Total", None),
        ] {
            assert_eq!(lexicon.currencies(word).first().copied(), code, "{word}");
        }
        assert!(lexicon.currencies("kr").len() > 2);
        for (name, code) in [
            ("Deutschland", Some("DE")),
            ("PAYS-BAS", Some("NL")),
            ("Polska", Some("PL")),
            ("Berlin", None),
        ] {
            assert_eq!(lexicon.country(name), code, "{name}");
        }
        assert!(
            lexicon.is_legal_form("GmbH")
                && lexicon.is_legal_form("S.r.l.")
                && !lexicon.is_legal_form("Muster")
        );
        assert_eq!(lexicon.legal_form_at(&["Sp.", "z", "o.o.", "ul."]), Some(3));
    }

    #[test]
    fn codes_of_the_world_are_codes() {
        let world: WorldFile = source::parse("world", WORLD).expect("parses");
        for code in world
            .currencies
            .keys()
            .chain(world.shared_signs.values().flatten())
        {
            assert!(crate::model::minor_units(code).is_some(), "{code}");
            assert_eq!(intern(code), code);
        }
        for (code, names) in &world.countries {
            assert!(code.len() == 2 && !names.is_empty(), "{code}");
            assert_eq!(intern(code), code);
        }
    }

    #[test]
    fn the_language_of_a_page() {
        for (text, code) in [
            (
                "Thank you for your order. Please pay the amount due within 30 days",
                Some("en"),
            ),
            (
                "Bitte überweisen Sie den Rechnungsbetrag innerhalb von 14 Tagen auf unser Konto",
                Some("de"),
            ),
            (
                "Veuillez régler votre facture dans les 30 jours",
                Some("fr"),
            ),
            (
                "El importe de la factura se cargará en su cuenta",
                Some("es"),
            ),
            (
                "Il pagamento della fattura con bonifico entro la scadenza",
                Some("it"),
            ),
            (
                "Wij verzoeken u het bedrag binnen 14 dagen over te maken",
                Some("nl"),
            ),
            ("Prosimy o zapłatę na konto w terminie do dnia", Some("pl")),
            (
                "Os pagamentos da fatura são feitos até ao vencimento",
                Some("pt"),
            ),
            ("12345 67890", None),
        ] {
            let words: Vec<&str> = text.split_whitespace().collect();
            assert_eq!(lexicon().language(&words), code, "{text}");
        }
    }

    /// S3's few-shot example, verbatim: a date in the American order beside an amount in the European one.
    #[test]
    fn the_few_shot_example() {
        let text = "Invoice #12345\nDate: 01/15/2026\nTotal: €1.500,00";
        let lines: Vec<Vec<&str>> = text
            .lines()
            .map(|line| line.split_whitespace().collect())
            .collect();
        let (hit, number) = lexicon().label_glued(&lines[0]).expect("a number");
        assert_eq!((hit.label, number), (Label::InvoiceNumber, "12345"));
        assert_eq!(
            lexicon().best_label(&lines[1]).map(|hit| hit.label),
            Some(Label::InvoiceDate)
        );
        let found = &dates::find(&lines[1])[0];
        assert_eq!(found.readings.len(), 1);
        assert_eq!(
            (found.readings[0].0.to_string(), found.readings[0].1),
            ("2026-01-15".to_owned(), Order::Mdy)
        );
        assert_eq!(
            lexicon().best_label(&lines[2]).map(|hit| hit.label),
            Some(Label::Total)
        );
        let total = numbers::best(lines[2][1], None).expect("an amount");
        assert_eq!(
            (total.value.to_string(), total.currency),
            ("1500.00".to_owned(), Some("EUR"))
        );
    }
}
