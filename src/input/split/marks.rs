//! What a page shows of where an invoice begins and ends: numbers, title, date, total, page numbers.

use crate::lang::{Hit, Label, dates, fold, lexicon, numbers};
use crate::model::{Page, Rect, Warning, Word};

/// Words a phrase has at most.
const LONGEST: usize = 8;
/// Room before a word, in heights of its line, from which on it stands by itself.
const APART: f64 = 1.5;
/// The last lines of a page, as a share of all, where a sum is carried to the next.
const FOOT: f64 = 0.7;
/// The shares of a page above which a number is that of the page, and a title the page's.
const UPPER: f64 = 0.5;
const TOP: f64 = 0.35;
/// Letters that a number may begin with, apart from its figures: `FV 1/05/2026`.
const SERIES: usize = 4;

/// What a page shows.
#[derive(Default)]
pub(super) struct Marks {
    /// The invoice numbers under their labels, each once and the first one first, without what separates their parts.
    pub(super) numbers: Vec<String>,
    /// The first number stands in the upper half.
    pub(super) high: bool,
    /// The first number's label stands at another one too: a list of invoices.
    pub(super) list: bool,
    /// A title such as `Invoice`.
    pub(super) title: bool,
    /// A title of something else at the top, such as `Delivery note`.
    pub(super) other: bool,
    /// A labelled date of issue.
    pub(super) date: bool,
    /// A labelled total with its amount.
    pub(super) total: bool,
    /// A sum is carried to the next page.
    pub(super) carries_on: bool,
    /// `page 2 of 3`: which, and of how many, if that is told.
    pub(super) counted: Option<(u32, Option<u32>)>,
}

/// A labelled thing on a page.
struct Mark {
    kind: Kind,
    rect: Rect,
}

enum Kind {
    /// The number and the phrase that announces it.
    Number(String, String),
    Title,
    /// The title of something else.
    Other,
    Date,
    Total,
    Carried,
    Counted(u32, Option<u32>),
}

impl Marks {
    /// Looks at a page.
    pub(super) fn of(page: &Page) -> Self {
        let lines = lines(page);
        let foot = page
            .words
            .iter()
            .map(|word| word.rect.y1)
            .fold(0.0, f64::max)
            * FOOT;
        let mut marks = Self::default();
        let mut label = None;
        for mark in found(&lines) {
            match mark.kind {
                Kind::Number(number, phrase) => {
                    if label.is_none() {
                        marks.high = mark.rect.y0 < page.height * UPPER;
                        label = Some(phrase);
                    } else if label == Some(phrase) {
                        marks.list |= marks.numbers.first() != Some(&number);
                    }
                    if !marks.numbers.contains(&number) {
                        marks.numbers.push(number);
                    }
                }
                Kind::Title => marks.title = true,
                Kind::Other => marks.other |= mark.rect.y0 < page.height * TOP,
                Kind::Date => marks.date = true,
                Kind::Total => marks.total = true,
                Kind::Carried => marks.carries_on |= mark.rect.y0 > foot,
                Kind::Counted(k, n) => {
                    marks.counted.get_or_insert((k, n));
                }
            }
        }
        marks
    }
}

/// Warns of a page that shows more than one invoice or receipt: they cannot be told apart there, and only one is read.
pub(super) fn several(page: &Page) -> Option<Warning> {
    let lines = lines(page);
    let found = found(&lines);
    let beside = found
        .iter()
        .filter(|mark| matches!(mark.kind, Kind::Total))
        .any(|left| {
            found.iter().any(|right| {
                matches!(right.kind, Kind::Total)
                    && left.rect.x1 < right.rect.x0
                    && parted(page, left.rect.x1, right.rect.x0)
            })
        });
    if !beside && !stacked(found) {
        return None;
    }
    Some(Warning {
        code: "SEVERAL_INVOICES".to_owned(),
        message: "the page shows more than one invoice or receipt; only one of them is read"
            .to_owned(),
        page: Some(page.n),
    })
}

/// Tells whether a gap runs down the whole page between two places, with dates on both sides of it.
fn parted(page: &Page, left: f64, right: f64) -> bool {
    let mut edges: Vec<(f64, f64)> = page
        .words
        .iter()
        .map(|word| (word.rect.x0, word.rect.x1))
        .collect();
    edges.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut reach = f64::NEG_INFINITY;
    for (x0, x1) in edges {
        // The gap: nothing reaches into it, and it is wider than between words.
        if reach > left && x0 <= right && x0 - reach > 12.0 {
            return dated(page, |word| word.rect.x1 <= reach)
                && dated(page, |word| word.rect.x0 >= x0);
        }
        reach = reach.max(x1);
    }
    false
}

fn dated(page: &Page, side: impl Fn(&Word) -> bool) -> bool {
    let words = page.words.iter().filter(|word| side(word));
    let texts: Vec<&str> = words.map(|word| word.text.as_str()).collect();
    !dates::find(&texts).is_empty()
}

/// Tells whether a page has a whole invoice over another: number, total, another number, another total.
fn stacked(mut found: Vec<Mark>) -> bool {
    found.sort_by(|a, b| a.rect.y0.total_cmp(&b.rect.y0));
    let (mut first, mut totalled, mut second, mut titles) = (None, false, false, 0);
    for mark in found {
        match mark.kind {
            Kind::Title => titles += 1,
            Kind::Number(number, _) if first.is_none() => first = Some(number),
            Kind::Number(number, _) => second |= totalled && first.as_ref() != Some(&number),
            Kind::Total if second => return titles > 1,
            Kind::Total => totalled = first.is_some(),
            _ => {}
        }
    }
    false
}

/// The printed lines of a page, from its text and the words that make it.
fn lines(page: &Page) -> Vec<&[Word]> {
    let text = page.text.as_deref().unwrap_or_default();
    let (mut at, mut lines) = (0, Vec::new());
    for line in text.lines() {
        let count = line.split(' ').count();
        // A page whose words were changed since has no lines for us.
        let Some(words) = page.words.get(at..at + count) else {
            return Vec::new();
        };
        lines.push(words);
        at += count;
    }
    lines
}

fn found(lines: &[&[Word]]) -> Vec<Mark> {
    let mut found = Vec::new();
    for (n, line) in lines.iter().enumerate() {
        let below = lines.get(n + 1).copied().unwrap_or_default();
        let texts: Vec<&str> = line.iter().map(|word| word.text.as_str()).collect();
        let mut at = 0;
        while at < line.len() {
            let phrase = &texts[at..(at + LONGEST).min(line.len())];
            let glued = lexicon().label_glued(phrase, None);
            let (hits, value) = match glued {
                Some((hit, value)) => (vec![hit], Some(value)),
                None => (lexicon().label_at(phrase, None), None),
            };
            let words = hits.first().map_or(1, |hit| hit.words);
            let hits: Vec<&Hit> = hits.iter().filter(|hit| hit.words == words).collect();
            let place = Place {
                line,
                below,
                at,
                after: at + words,
                glued: value,
            };
            for kind in hits.iter().filter_map(|hit| place.kind(hit, &hits)) {
                let rect = line[at].rect;
                found.push(Mark { kind, rect });
            }
            at += words.max(1);
        }
    }
    found
}

/// A phrase in its line.
struct Place<'w> {
    line: &'w [Word],
    below: &'w [Word],
    at: usize,
    after: usize,
    glued: Option<&'w str>,
}

impl Place<'_> {
    fn kind(&self, hit: &Hit, all: &[&Hit]) -> Option<Kind> {
        let strong = hit.strength >= 1.0;
        match hit.label {
            Label::InvoiceNumber if strong && self.says_more() => self.numbered(true),
            // `Invoice 4711`: a title and its number.
            Label::TitleInvoice | Label::TitleCreditNote | Label::TitleCorrected => {
                let own = all.iter().any(|hit| hit.label == Label::InvoiceNumber);
                let number = self.numbered(false).filter(|_| own);
                number.or_else(|| self.stands_alone().then_some(Kind::Title))
            }
            Label::TitleDeliveryNote
            | Label::TitleQuotation
            | Label::TitleReminder
            | Label::TitleStatement
                if self.at == 0 =>
            {
                Some(Kind::Other)
            }
            Label::InvoiceDate if strong => Some(Kind::Date),
            Label::Total | Label::AmountDue if strong => self.has_amount().then_some(Kind::Total),
            Label::CarriedForward if strong => Some(Kind::Carried),
            Label::Page => self.counted(),
            _ => None,
        }
    }

    fn stands_alone(&self) -> bool {
        let Some(before) = self.at.checked_sub(1).map(|before| &self.line[before].rect) else {
            return true;
        };
        let here = &self.line[self.at].rect;
        here.x0 - before.x1 > APART * here.height()
    }

    fn phrase(&self) -> String {
        let words = self.line[self.at..self.after.min(self.line.len())].iter();
        fold(
            &words
                .map(|word| word.text.as_str())
                .collect::<Vec<_>>()
                .join(" "),
        )
    }

    /// More than `No.`, which stands at numbers of everything.
    fn says_more(&self) -> bool {
        let phrase = self.phrase();
        let mut words = phrase.split(' ').filter(|word| !word.is_empty());
        words.any(|word| word.chars().count() > 1 && !lexicon().is_number_word(word))
    }

    /// The number beside the label, or below it; of one below a title nobody says that it is one.
    fn numbered(&self, labelled: bool) -> Option<Kind> {
        let right: Vec<&str> = (self.line[self.after..].iter())
            .map(|word| word.text.as_str())
            .filter(|word| word.chars().any(char::is_alphanumeric))
            .take(2)
            .collect();
        let series = match right[..] {
            [letters, figures]
                if letters.len() <= SERIES && letters.chars().all(char::is_alphabetic) =>
            {
                Some(format!("{letters}{figures}"))
            }
            _ => None,
        };
        let below = self.below().next().map(|word| word.text.as_str());
        let candidates = [
            self.glued,
            right.first().copied(),
            series.as_deref(),
            below.filter(|_| labelled),
        ];
        let number = candidates.into_iter().flatten().find_map(number_of)?;
        (labelled || number.len() > 3).then(|| Kind::Number(number, self.phrase()))
    }

    /// The words under the phrase.
    fn below(&self) -> impl Iterator<Item = &Word> {
        let (first, last) = (&self.line[self.at].rect, &self.line[self.after - 1].rect);
        let reach = last.x1 + first.height();
        (self.below.iter()).filter(move |word| word.rect.x1 > first.x0 && word.rect.x0 < reach)
    }

    fn has_amount(&self) -> bool {
        let right = self.line[self.after..].iter();
        let words = right.chain(self.below()).map(|word| word.text.as_str());
        self.glued.into_iter().chain(words).any(|text| {
            numbers::best(text, None).is_some_and(|number| number.decimals == 2 && !number.percent)
        })
    }

    fn counted(&self) -> Option<Kind> {
        let right = self.line[self.after..].iter().take(3);
        let words: Vec<&str> = self
            .glued
            .into_iter()
            .chain(right.map(|word| word.text.as_str()))
            .collect();
        let joined = words.join(" ");
        let mut figures = joined
            .split(|c: char| !c.is_ascii_digit())
            .filter(|figures| !figures.is_empty());
        let starts = joined.starts_with(|c: char| c.is_ascii_digit());
        let k: u32 = figures.next().filter(|_| starts)?.parse().ok()?;
        let n = figures.next().and_then(|n| n.parse().ok());
        Some(Kind::Counted(k, n.filter(|n| (k..1000).contains(n))))
    }
}

/// Letters and digits of an invoice number; `None` of what is none: no digit, a date, an amount.
fn number_of(text: &str) -> Option<String> {
    let number: String = text
        .chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_uppercase)
        .collect();
    let is_number = number.contains(|c: char| c.is_ascii_digit())
        && dates::find(&[text]).is_empty()
        && !text.contains(['%', '€', '$', '£', '@']);
    is_number.then_some(number)
}
