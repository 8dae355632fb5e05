//! Discounts for early payment as terms print them: `3 % 8 Tage, 2 % 14 Tage, 30 Tage netto`, `2/10 net 30`.
//!
//! A text is parted into clauses at punctuation and at words like "or". A percentage belongs to the days or the date of
//! its own clause, else to those of the clause beside it. Days after which nothing may be taken off end no discount, and
//! a percentage of interest, tax or deposit is none. The words are data, those of all languages at once.

use std::collections::HashSet;

use serde::Deserialize;

use super::dates::{self, Order};
use super::fold::fold;
use super::numbers;
use crate::model::{Amount, Date, Rate};

/// A percentage above this is no discount for early payment, whatever stands beside it.
const LARGEST: i64 = 25;
/// A percentage above this is one only if a word says so: deposits are printed the same way.
const LARGEST_BARE: i64 = 6;
/// More days than any terms grant: a larger number is a year or a reference.
const MOST_DAYS: u32 = 365;
/// Longest phrase of the vocabularies, in words.
const LONGEST: usize = 4;

/// The words of a language.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DiscountWords {
    /// Behind the number of days.
    pub days: Vec<String>,
    /// A percentage beside them is a discount for early payment.
    pub words: Vec<String>,
    /// Beside the days after which nothing may be taken off.
    pub net: Vec<String>,
    /// Before the last day of a discount.
    pub until: Vec<String>,
    /// Before the amount that a discount is taken of.
    pub base: Vec<String>,
    /// A percentage beside them is something else.
    pub other: Vec<String>,
    /// Between two steps.
    pub joins: Vec<String>,
}

/// One step of a discount.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// In percent.
    pub percent: Rate,
    /// Within this many days.
    pub days: Option<u32>,
    /// Until this day: its readings, the most usual first, empty where none is printed.
    pub until: Vec<(Date, Order)>,
    /// Taken of this amount.
    pub base: Option<Amount>,
}

/// What a word or a phrase means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Meaning {
    Discount,
    Net,
    Until,
    Base,
    Other,
    Join,
}

/// The words of all languages.
#[derive(Default)]
pub(super) struct Discounts {
    days: HashSet<String>,
    phrases: [HashSet<String>; 6],
}

/// A piece of the text.
#[derive(Clone, Debug, PartialEq)]
enum Piece {
    Percent(Rate),
    Days(u32),
    Day(Vec<(Date, Order)>),
    Amount(Amount),
    Said(Meaning),
    Break,
    Word,
}

/// The order of [`Discounts::phrases`]; where a phrase means several things, the earlier is taken.
const MEANINGS: [Meaning; 6] = [
    Meaning::Other,
    Meaning::Discount,
    Meaning::Net,
    Meaning::Until,
    Meaning::Base,
    Meaning::Join,
];

impl Discounts {
    /// Adds the words of a language.
    pub(super) fn add(&mut self, words: &DiscountWords) {
        self.days.extend(words.days.iter().map(|word| fold(word)));
        let lists = [
            &words.other,
            &words.words,
            &words.net,
            &words.until,
            &words.base,
            &words.joins,
        ];
        for (list, into) in lists.into_iter().zip(&mut self.phrases) {
            into.extend(list.iter().map(|phrase| fold(phrase)));
        }
    }

    /// The steps of a text, in the order printed. `terms` says that the text is known to be terms of payment; of any
    /// other text a word has to say that there is a discount.
    pub(super) fn steps(&self, text: &str, terms: bool) -> Vec<Step> {
        if !text.contains(|c: char| c.is_ascii_digit()) {
            return Vec::new();
        }
        let pieces = self.pieces(text);
        let said = pieces.contains(&Piece::Said(Meaning::Discount));
        let clauses: Vec<Clause<'_>> = pieces
            .split(|piece| matches!(piece, Piece::Break | Piece::Said(Meaning::Join)))
            .map(Clause::new)
            .collect();
        let mut steps: Vec<Step> = Vec::new();
        for (index, clause) in clauses.iter().enumerate() {
            for (number, (at, percent)) in clause.percents.iter().enumerate() {
                let size = percent.0;
                let largest = if said { LARGEST } else { LARGEST_BARE };
                if clause.is_other || size <= 0.into() || size > largest.into() {
                    continue;
                }
                let mut limit = clause.limit(*at, number);
                if limit.is_none() && clause.percents.len() == 1 {
                    let lends = |other: &usize| -> Option<Limit> {
                        let other = &clauses[*other];
                        let lends = other.percents.is_empty() && !other.is_other;
                        lends.then(|| other.lends()).flatten()
                    };
                    let after = (index + 1..clauses.len()).find(|other| !clauses[*other].is_bare());
                    // What has been lent to the step before is not lent again.
                    let before = (0..index)
                        .rev()
                        .find(|other| !clauses[*other].is_bare())
                        .filter(|before| {
                            steps.is_empty()
                                || clauses[..*before].iter().all(|c| c.percents.is_empty())
                        });
                    limit = after
                        .as_ref()
                        .and_then(lends)
                        .or_else(|| before.as_ref().and_then(lends));
                }
                let (days, until) = limit.unwrap_or_default();
                let known = days.is_some() || !until.is_empty();
                if (known && (terms || said)) || (!known && clause.says_discount) {
                    steps.push(Step {
                        percent: *percent,
                        days,
                        until,
                        base: clause.base,
                    });
                }
            }
        }
        let limited: Vec<Rate> = steps
            .iter()
            .filter(|step| step.days.is_some() || !step.until.is_empty())
            .map(|step| step.percent)
            .collect();
        steps.retain(|step| {
            step.days.is_some() || !step.until.is_empty() || !limited.contains(&step.percent)
        });
        steps
    }

    /// Reads the pieces of a text.
    fn pieces(&self, text: &str) -> Vec<Piece> {
        let spaced = spaced(text);
        let words: Vec<&str> = spaced.split_whitespace().collect();
        let dates = dates::find(&words);
        let mut pieces = Vec::new();
        let mut at = 0;
        while at < words.len() {
            if let Some(date) = dates.iter().find(|date| date.at == at) {
                pieces.push(Piece::Day(date.readings.clone()));
                at += date.len;
            } else {
                at += self.piece(&words[at..], &mut pieces);
            }
            if ends_clause(words[at - 1], words.get(at).copied()) {
                pieces.push(Piece::Break);
            }
        }
        pieces
    }

    /// Reads the piece that begins at the first word; returns how many words it takes.
    fn piece(&self, words: &[&str], pieces: &mut Vec<Piece>) -> usize {
        let word = words[0].trim_matches(['(', ')', ',', ';', ':', '.', '/', '*']);
        let next = words.get(1).copied().unwrap_or_default();
        if let Some(rate) = word.strip_suffix('%').and_then(rate) {
            pieces.push(Piece::Percent(rate));
            return 1;
        }
        if next.starts_with('%')
            && let Some(rate) = rate(word)
        {
            pieces.push(Piece::Percent(rate));
            return 2;
        }
        // `2/10 net 30`, `2/10, n/30`.
        if let Some((percent, days)) = word.split_once('/')
            && let (Some(percent), Some(days)) = (rate(percent), days_in(days))
            && words[1..]
                .iter()
                .take(2)
                .any(|word| self.means(word, Meaning::Net) || self.is_days(word))
        {
            // The form itself says that it is a discount.
            pieces.extend([
                Piece::Percent(percent),
                Piece::Days(days),
                Piece::Said(Meaning::Discount),
                Piece::Break,
            ]);
            return 1;
        }
        if let Some(days) = days_in(word) {
            if let Some(Piece::Percent(_)) = pieces.last()
                && words[0].starts_with('/')
            {
                pieces.push(Piece::Days(days));
                return 1;
            }
            // `10 calendar days`: one word may stand between.
            let unit = words[1..]
                .iter()
                .take(2)
                .take_while(|word| !word.contains(|c: char| c.is_ascii_digit() || c == '%'))
                .position(|word| self.is_days(word));
            if let Some(unit) = unit {
                pieces.push(Piece::Days(days));
                return unit + 2;
            }
        }
        if word.starts_with(|c: char| c.is_ascii_digit()) {
            let amount = numbers::best(word, None).filter(|number| number.decimals == 2);
            pieces.push(amount.map_or(Piece::Word, |number| Piece::Amount(Amount(number.value))));
            return 1;
        }
        for len in (1..=LONGEST.min(words.len())).rev() {
            let phrase = fold(&words[..len].join(" "));
            let meaning = MEANINGS
                .into_iter()
                .zip(&self.phrases)
                .find(|(_, phrases)| phrases.contains(&phrase));
            if let Some((meaning, _)) = meaning {
                pieces.push(Piece::Said(meaning));
                return len;
            }
        }
        pieces.push(Piece::Word);
        1
    }

    fn means(&self, word: &str, meaning: Meaning) -> bool {
        MEANINGS.iter().zip(&self.phrases).any(|(other, phrases)| {
            *other == meaning && phrases.contains(&fold(word.split('/').next().unwrap_or(word)))
        })
    }

    fn is_days(&self, word: &str) -> bool {
        self.days.contains(&fold(word))
    }
}

/// Days or a date that a percentage is granted until.
type Limit = (Option<u32>, Vec<(Date, Order)>);

/// A date by its place, whether a word says that it is the last day, and its readings.
type Until<'a> = (usize, bool, &'a [(Date, Order)]);

/// What stands between two marks.
struct Clause<'a> {
    percents: Vec<(usize, Rate)>,
    /// Days that end a discount, by their place.
    days: Vec<(usize, u32)>,
    dates: Vec<Until<'a>>,
    base: Option<Amount>,
    says_discount: bool,
    is_other: bool,
}

impl<'a> Clause<'a> {
    fn new(pieces: &'a [Piece]) -> Self {
        let said = |at: Option<usize>, meaning: Meaning| {
            at.and_then(|at| pieces.get(at)) == Some(&Piece::Said(meaning))
        };
        let mut clause = Self {
            percents: Vec::new(),
            days: Vec::new(),
            dates: Vec::new(),
            base: None,
            says_discount: pieces.contains(&Piece::Said(Meaning::Discount)),
            is_other: pieces.contains(&Piece::Said(Meaning::Other)),
        };
        for (at, piece) in pieces.iter().enumerate() {
            match piece {
                Piece::Percent(rate) => clause.percents.push((at, *rate)),
                Piece::Days(days) => {
                    let net =
                        said(Some(at + 1), Meaning::Net) || said(at.checked_sub(1), Meaning::Net);
                    if !net {
                        clause.days.push((at, *days));
                    }
                }
                Piece::Day(readings) => {
                    let until = (1..=2).any(|back| said(at.checked_sub(back), Meaning::Until));
                    clause.dates.push((at, until, readings));
                }
                Piece::Amount(amount) if said(at.checked_sub(1), Meaning::Base) => {
                    clause.base = Some(*amount);
                }
                _ => {}
            }
        }
        clause
    }

    /// The limit of the percentage at a place: with as many days as percentages they pair in their order, else the
    /// nearest is taken.
    fn limit(&self, at: usize, number: usize) -> Option<Limit> {
        let days = if self.days.len() == self.percents.len() {
            self.days.get(number)
        } else {
            self.days.iter().min_by_key(|(place, _)| place.abs_diff(at))
        };
        let days = days.map(|(_, days)| *days);
        let date = self
            .dates
            .iter()
            .filter(|(_, until, _)| *until || days.is_none())
            .min_by_key(|(place, _, _)| place.abs_diff(at));
        let until = date.map_or_else(Vec::new, |(_, _, readings)| readings.to_vec());
        (days.is_some() || !until.is_empty()).then_some((days, until))
    }

    /// Says neither how much nor until when.
    fn is_bare(&self) -> bool {
        self.percents.is_empty() && self.days.is_empty() && self.dates.is_empty()
    }

    /// The limit of a clause without a percentage, for the one beside it.
    fn lends(&self) -> Option<Limit> {
        self.limit(0, 0)
    }
}

/// Sets blanks between what is printed without: `30days`, `2%Skonto`, `2%/10`.
fn spaced(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    let mut last = ' ';
    for c in text.chars() {
        let border = (last.is_ascii_digit() && c.is_alphabetic())
            || (last.is_alphabetic() && c.is_ascii_digit())
            || (last == '%' && !c.is_whitespace())
            || (last == ',' && c.is_alphabetic());
        if border {
            out.push(' ');
        }
        if c == '\n' {
            out.push_str(" ;");
        }
        out.push(c);
        last = c;
    }
    out
}

/// Tells whether a clause ends behind a word: a full stop only where a new sentence begins.
fn ends_clause(word: &str, next: Option<&str>) -> bool {
    if word == "|" || word.ends_with([',', ';', '•']) {
        return true;
    }
    let begins =
        next.is_some_and(|next| next.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit()));
    let letters = word.chars().filter(|c| c.is_alphabetic()).count();
    word.ends_with('.') && letters > 3 && begins
}

/// A percentage in digits: `2`, `2,5`, `2.25`.
fn rate(text: &str) -> Option<Rate> {
    let plain = text.replace(',', ".");
    let digits = plain
        .bytes()
        .all(|byte| byte.is_ascii_digit() || byte == b'.');
    (digits && plain.len() <= 5)
        .then(|| plain.parse().ok())
        .flatten()
}

/// A number of days in digits.
fn days_in(text: &str) -> Option<u32> {
    let digits = text.trim_matches(|c: char| !c.is_alphanumeric());
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    digits
        .parse()
        .ok()
        .filter(|days| (1..=MOST_DAYS).contains(days))
}

#[cfg(test)]
mod tests {
    use crate::lang::lexicon;

    /// Steps as `percent/days`, `percent@date`, with `of base`.
    fn shown(text: &str, terms: bool) -> Vec<String> {
        let steps = lexicon().discount_steps(text, terms);
        steps
            .iter()
            .map(|step| {
                let days = step.days.map(|days| format!("/{days}"));
                let until = step.until.first().map(|(date, _)| format!("@{date}"));
                let base = step.base.as_ref().map(|base| format!(" of {base}"));
                let of = |part: Option<String>| part.unwrap_or_default();
                format!("{}{}{}{}", step.percent, of(days), of(until), of(base))
            })
            .collect()
    }

    #[test]
    fn steps_in_all_languages() {
        for (text, expected) in [
            // German
            (
                "3 % 8 Tage, 2 % 14 Tage, 30 Tage netto",
                &["3/8", "2/14"][..],
            ),
            (
                "Zahlbar innerhalb 14 Tagen mit 2,5% Skonto oder 30 Tagen netto",
                &["2.5/14"],
            ),
            ("8 Tage 3%, 30 Tage netto", &["3/8"]),
            (
                "2% Skonto bis 12.05.2024, ohne Abzug bis 28.05.2024",
                &["2@2024-05-12"],
            ),
            (
                "Bei Zahlung innerhalb von 10 Tagen, abzgl. 2% Skonto. 30 Tage ohne Abzug",
                &["2/10"],
            ),
            ("10 Tage 2%Skonto von 1.190,00 EUR", &["2/10 of 1190.00"]),
            (
                "Zahlbar in 30 Tagen. Danach 9 % Verzugszinsen ab 40 Tagen",
                &[],
            ),
            ("30 % Anzahlung, Rest 14 Tage netto", &[]),
            // English
            ("2/10 net 30", &["2/10"]),
            ("3/10, n/30", &["3/10"]),
            ("2%/10, net 30 days", &["2/10"]),
            (
                "2% discount if paid within 10 days, otherwise net 30",
                &["2/10"],
            ),
            ("Net 30. 1.5% interest per month after 30 days", &[]),
            ("Net 30 days", &[]),
            ("5% discount until 12 May 2024", &["5@2024-05-12"]),
            // French
            ("escompte 2% sous 10 jours", &["2/10"]),
            ("2 % d'escompte sous 8 j, 30 jours net", &["2/8"]),
            ("Pénalités de retard : 10 % à partir de 30 jours", &[]),
            // Spanish
            ("3% de descuento por pronto pago a 10 días", &["3/10"]),
            ("2% a 15 días, 60 días netos", &["2/15"]),
            // Italian
            ("sconto 2% entro 10 giorni", &["2/10"]),
            ("3% 8 gg, 30 gg netto", &["3/8"]),
            // Dutch
            ("2% korting binnen 8 dagen, 30 dagen netto", &["2/8"]),
            (
                "Bij betaling binnen 10 dgn 1,5 % betalingskorting",
                &["1.5/10"],
            ),
            // Polish
            (
                "2% skonta przy płatności w ciągu 7 dni, 30 dni netto",
                &["2/7"],
            ),
            ("skonto 3% do 12.05.2024", &["3@2024-05-12"]),
            // Portuguese
            ("2% de desconto a 8 dias, 30 dias líquidos", &["2/8"]),
            ("desconto de 3% até 12/05/2024", &["3@2024-05-12"]),
            // Danish
            (
                "2% kontantrabat ved betaling inden 8 dage, netto 30 dage",
                &["2/8"],
            ),
            ("3 % 10 dage, netto 30 dage", &["3/10"]),
        ] {
            assert_eq!(shown(text, true), expected, "{text}");
        }
    }

    #[test]
    fn outside_of_terms_a_word_has_to_say_it() {
        for (text, expected) in [
            ("19 % 14 Tage", &[][..]),
            ("3 % 8 Tage", &[]),
            ("3 % Skonto 8 Tage", &["3/8"]),
            ("Skonto 2%: 35,70", &["2"]),
            ("Rabatt 10 %", &[]),
            ("2/10 net 30", &["2/10"]),
            ("40 % discount within 10 days", &[]),
            ("", &[]),
        ] {
            assert_eq!(shown(text, false), expected, "{text}");
        }
    }
}
