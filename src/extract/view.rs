//! A page as the extractors see it: its words in order, and every label, amount and date that stands on it.
//!
//! All of it is found once, so that an extractor only has to ask what stands where.

use std::ops::Range;

use super::address;
use super::amounts::{self, Money};
use super::draft::Draft;
use super::near::Slot;
use crate::lang::dates;
use crate::lang::{Label, lexicon};
use crate::layout::Sheet;
use crate::model::{Field, Ocr, PageMethod};

/// How many words of a slot count as the label's own value.
const OWNED: usize = 6;

/// The document as the extractors see it.
pub(super) struct View<'a> {
    /// Its pages, in order.
    pub(super) pages: Vec<PageView<'a>>,
    /// The language most of its words are of.
    pub(super) language: Option<&'static str>,
    /// Whether evidence says what else was considered, and why.
    pub(super) explain: bool,
}

/// A date on the page.
#[derive(Clone, Debug)]
pub(super) struct Day {
    /// Its words.
    pub(super) words: Range<usize>,
    /// Its readings, most usual first.
    pub(super) readings: Vec<(crate::model::Date, dates::Order)>,
    /// Its readings are different days.
    pub(super) ambiguous: bool,
}

/// A page as the extractors see it.
pub(super) struct PageView<'a> {
    /// The document's language, where it is beyond doubt.
    pub(super) language: Option<&'static str>,
    /// Its words, lines, segments and blocks.
    pub(super) sheet: Sheet<'a>,
    /// The words' texts, in the same order.
    pub(super) texts: Vec<&'a str>,
    /// The segment of each word.
    pub(super) segment_of: Vec<usize>,
    /// Its labels, in reading order.
    pub(super) labels: Vec<Found>,
    /// Each word's label, in `labels`.
    pub(super) label_of: Vec<Option<usize>>,
    /// Its dates, in reading order.
    pub(super) days: Vec<Day>,
    /// Its numbers, in reading order.
    pub(super) money: Vec<Money>,
    /// Where the value of each label may stand.
    slots: Vec<Vec<Slot>>,
    /// The label that each word is nearest to as a value, and what the distance costs.
    owners: Vec<Option<(usize, f64)>>,
}

/// A label on the page.
#[derive(Clone, Debug)]
pub(super) struct Found {
    /// What it may announce, and how surely (0 to 1).
    pub(super) kinds: Vec<(Label, f32)>,
    /// Its words.
    pub(super) words: Range<usize>,
    /// Its segment.
    pub(super) segment: usize,
    /// Whether a colon or the like ends it: its value follows.
    pub(super) colon: bool,
    /// Whether it has a value of its own without doubt, so that the value before it ends here.
    pub(super) sure: bool,
    /// Whether it only explains the label before it: it stands in brackets, or says that VAT is in the amount.
    pub(super) aside: bool,
    /// What is glued to its last word: the bytes of that word which belong to the value.
    pub(super) glued: Option<Range<usize>>,
}

impl Found {
    /// How surely it announces `label`; 0 if not at all.
    pub(super) fn strength(&self, label: Label) -> f64 {
        self.kinds
            .iter()
            .find(|(kind, _)| *kind == label)
            .map_or(0.0, |(_, strength)| f64::from(*strength))
    }

    /// The greatest strength of what it may announce besides a column.
    pub(super) fn best(&self) -> f64 {
        self.kinds
            .iter()
            .filter(|(label, _)| !label.is_column())
            .map(|(_, strength)| f64::from(*strength))
            .fold(0.0, f64::max)
    }
}

impl<'a> View<'a> {
    /// Looks at all pages.
    pub(super) fn new(ocr: &'a Ocr, explain: bool) -> Self {
        let words: Vec<&str> = ocr
            .pages
            .iter()
            .flat_map(|page| page.words.iter().map(|word| word.text.trim()))
            .take(3000)
            .collect();
        let certain = lexicon().certain_language(&words);
        let mut pages: Vec<PageView<'a>> = ocr
            .pages
            .iter()
            .map(|page| PageView::new(Sheet::new(page), certain))
            .collect();
        let mark = amounts::mark(&pages);
        for page in &mut pages {
            page.money = amounts::find(page, mark);
        }
        Self {
            language: lexicon().language(&words),
            explain,
            pages,
        }
    }
}

/// Wider than this share of its height is no till receipt.
const NARROW: f64 = 0.62;
/// More words than this are more than a till receipt.
const RECEIPT_WORDS: usize = 450;

impl View<'_> {
    /// Says what kind of page it is: a till receipt, and whose manner of address.
    pub(super) fn describe(&self, draft: &mut Draft) {
        let Some(page) = self.pages.first() else {
            return;
        };
        let sheet = &page.sheet;
        let title = |label: Label| page.labels.iter().any(|found| found.strength(label) >= 1.0);
        let narrow = self
            .pages
            .iter()
            .all(|page| page.sheet.width < NARROW * page.sheet.height);
        let till = title(Label::Cash)
            || title(Label::Change)
            || title(Label::Card)
            || title(Label::Rounding);
        let formal = title(Label::Buyer) && title(Label::InvoiceNumber) && title(Label::DueDate);
        draft.receipt = self.pages.len() <= 3
            && sheet.words.len() <= RECEIPT_WORDS
            && !formal
            && (narrow || till && (page.is_ocr() || title(Label::TitleReceipt)));
        draft.american = sheet.segments.iter().any(|segment| {
            address::postal(&page.texts[segment.words.clone()])
                .is_some_and(|found| found.country == Some("US"))
        });
        draft.invoice.language = Field::found(self.language.map(str::to_owned));
    }
}

impl<'a> PageView<'a> {
    fn new(sheet: Sheet<'a>, language: Option<&'static str>) -> Self {
        let texts: Vec<&'a str> = sheet.words.iter().map(|word| word.text.trim()).collect();
        let labels = labels(&sheet, &texts, language);
        let mut label_of = vec![None; texts.len()];
        for (index, label) in labels.iter().enumerate() {
            label_of[label.words.clone()].fill(Some(index));
        }
        let days = days(&sheet, &texts);
        let mut page = Self {
            language,
            segment_of: sheet.segment_of_words(),
            owners: vec![None; texts.len()],
            slots: Vec::new(),
            labels,
            label_of,
            texts,
            sheet,
            days,
            money: Vec::new(),
        };
        page.slots = page
            .labels
            .iter()
            .map(|label| page.find_slots(label))
            .collect();
        for (index, slots) in page.slots.iter().enumerate() {
            for slot in slots.iter().filter(|_| page.labels[index].sure) {
                // What stands first in a slot is the value; what follows may be anything.
                for word in slot.words.clone().take(OWNED) {
                    if page.owners[word].is_none_or(|(_, cost)| slot.cost < cost) {
                        page.owners[word] = Some((index, slot.cost));
                    }
                }
            }
        }
        page
    }

    /// Where the value of a label may stand, by the label's place in `labels`.
    pub(super) fn slots(&self, label: usize) -> &[Slot] {
        &self.slots[label]
    }

    /// Tells whether a word is the value of another kind of label that is nearer than `cost`.
    pub(super) fn owned_by_other(&self, word: usize, label: usize, cost: f64) -> bool {
        self.owners[word].is_some_and(|(owner, nearer)| {
            owner != label
                && nearer + 0.05 < cost
                && !self.labels[owner]
                    .kinds
                    .iter()
                    .any(|(kind, _)| self.labels[label].strength(*kind) > 0.0)
        })
    }

    /// The label that a word is nearest to as a value, and what the distance costs.
    pub(super) fn owner(&self, word: usize) -> Option<(&Found, f64)> {
        self.owners[word].map(|(label, cost)| (&self.labels[label], cost))
    }

    /// The dates within some words.
    pub(super) fn days_in(&self, words: Range<usize>) -> impl Iterator<Item = &Day> {
        let start = self
            .days
            .partition_point(|day| day.words.start < words.start);
        self.days[start..]
            .iter()
            .take_while(move |day| day.words.start < words.end)
    }

    /// The numbers within some words, by their place in `money`.
    pub(super) fn money_in(&self, words: Range<usize>) -> Range<usize> {
        let start = self
            .money
            .partition_point(|money| money.words.start < words.start);
        let end = self
            .money
            .partition_point(|money| money.words.start < words.end);
        start..end.max(start)
    }

    /// Tells whether a label of the kind stands in the line of a word.
    pub(super) fn line_speaks_of(&self, word: usize, kind: Label) -> bool {
        let line = &self.sheet.lines[self.sheet.segments[self.segment_of[word]].line].words;
        self.labels
            .iter()
            .any(|label| line.contains(&label.words.start) && label.strength(kind) > 0.0)
    }

    /// Whether the page was read from pixels: then letters and digits are in doubt.
    pub(super) fn is_ocr(&self) -> bool {
        self.sheet.method == Some(PageMethod::Ocr)
    }

    /// The share of the page's height at which a word stands.
    pub(super) fn depth(&self, word: usize) -> f64 {
        (self.sheet.words[word].rect.center_y() / self.sheet.height.max(1.0)).clamp(0.0, 1.0)
    }
}

/// Finds the dates, each within a segment.
fn days(sheet: &Sheet<'_>, texts: &[&str]) -> Vec<Day> {
    let mut found = Vec::new();
    for segment in &sheet.segments {
        let words = &texts[segment.words.clone()];
        if !words
            .iter()
            .any(|word| word.contains(|c: char| c.is_ascii_digit()))
        {
            continue;
        }
        for date in dates::find(words) {
            let start = segment.words.start + date.at;
            found.push(Day {
                words: start..start + date.len,
                readings: date.readings,
                ambiguous: date.ambiguous,
            });
        }
    }
    found
}

/// Tells whether a phrase at a word only explains the label before it.
fn is_aside(
    sheet: &Sheet<'_>,
    texts: &[&str],
    before: Option<&Found>,
    kinds: &[(Label, f32)],
    at: usize,
    segment: usize,
) -> bool {
    let Some(before) = before else {
        return false;
    };
    let line = sheet.segments[segment].line;
    let bracket = texts[at].starts_with('(') && sheet.segments[before.segment].line == line;
    // `Total incl. VAT`: the second label says what is in the first.
    let sum = [Label::Total, Label::Subtotal, Label::AmountDue];
    let addition = before.segment == segment
        && kinds.iter().any(|(label, _)| *label == Label::VatAmount)
        && sum.iter().any(|kind| before.strength(*kind) >= 1.0)
        && !texts[before.words.end..at]
            .iter()
            .any(|text| text.contains(|c: char| c.is_ascii_digit()));
    bracket || addition
}

/// Whether a phrase without a colon is certainly a label: not the name of a document or of a column, and no small word.
/// What announces a party may be part of its name (`Firma`), so it has to fill its segment.
fn is_sure(kinds: &[(Label, f32)], words: &[&str], fills: bool) -> bool {
    let letters: usize = words
        .iter()
        .map(|word| word.chars().filter(|c| c.is_alphabetic()).count())
        .sum();
    let party = |label: Label| {
        matches!(
            label,
            Label::Vendor | Label::Buyer | Label::ShipTo | Label::RemitTo
        )
    };
    letters >= 4
        && kinds.iter().any(|(label, strength)| {
            *strength >= 1.0 && !label.is_title() && !label.is_column() && (fills || !party(*label))
        })
}

/// Finds the labels: at each word the longest phrase, and all its meanings.
fn labels(sheet: &Sheet<'_>, texts: &[&str], language: Option<&str>) -> Vec<Found> {
    let lexicon = lexicon();
    let mut found = Vec::new();
    for (segment, place) in sheet.segments.iter().enumerate() {
        let mut at = place.words.start;
        while at < place.words.end {
            let rest = &texts[at..place.words.end];
            let glued = lexicon.label_glued(rest, language);
            let hits = lexicon.label_at(rest, language);
            let longest = hits.first().map_or(0, |hit| hit.words);
            if let Some((hit, value)) = glued.filter(|(hit, _)| hit.words > longest) {
                let last = texts[at + hit.words - 1];
                found.push(Found {
                    sure: true,
                    aside: false,
                    kinds: vec![(hit.label, hit.strength)],
                    words: at..at + hit.words,
                    segment,
                    colon: true,
                    glued: Some(last.len() - value.len()..last.len()),
                });
                at += hit.words;
            } else if longest > 0 {
                let mut kinds: Vec<(Label, f32)> = Vec::new();
                for hit in hits.iter().take_while(|hit| hit.words == longest) {
                    match kinds.iter_mut().find(|(label, _)| *label == hit.label) {
                        Some((_, strength)) => *strength = strength.max(hit.strength),
                        None => kinds.push((hit.label, hit.strength)),
                    }
                }
                let end = at + longest;
                let next_is_colon = texts[..place.words.end]
                    .get(end)
                    .is_some_and(|next| *next == ":");
                let colon = next_is_colon || texts[end - 1].ends_with([':', '#', '：']);
                let aside = is_aside(sheet, texts, found.last(), &kinds, at, segment);
                found.push(Found {
                    aside,
                    sure: !aside
                        && (colon
                            || is_sure(
                                &kinds,
                                &texts[at..end],
                                at == place.words.start && end == place.words.end,
                            )),
                    kinds,
                    words: at..end,
                    segment,
                    colon,
                    glued: None,
                });
                at = end;
            } else {
                at += 1;
            }
        }
    }
    found
}
