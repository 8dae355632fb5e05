//! VAT ids: whose is which.
//!
//! An id is found by its form, or behind a label without its prefix. It is the buyer's if it stands in the buyer's part of
//! the page or a word such as `your` stands before it, the seller's in the seller's part or at the foot. The check digits
//! add a little. An id that is the buyer's in one place is nowhere the seller's.

use std::ops::Range;

use super::candidate::{Candidate, ranked};
use super::context::inside;
use super::draft::Draft;
use super::iban;
use super::vat_id::{Check, VatId};
use super::view::{PageView, View};
use crate::lang::{Label, fold, lexicon};
use crate::model::{Field, Rect, compact};

/// Points below which an id is not the seller's.
const LEAST_SELLER: f64 = 1.0;
/// Points below which an id is not the buyer's.
const LEAST_BUYER: f64 = 2.0;
/// Words an id is printed in at most.
const MOST_WORDS: usize = 6;

/// An id with its place.
#[derive(Clone)]
struct Seen {
    id: VatId,
    page: usize,
    words: Range<usize>,
    labelled: bool,
}

/// Looks for the ids of seller and buyer.
pub(super) fn find(view: &View<'_>, draft: &mut Draft) {
    let seen: Vec<Seen> = view
        .pages
        .iter()
        .enumerate()
        .flat_map(|(number, page)| on_page(view, page, number))
        .collect();
    let mut sellers = Vec::new();
    let mut buyers = Vec::new();
    for one in &seen {
        let (seller, buyer) = points(view, draft, one);
        sellers.push(Candidate::new(
            one.id.clone(),
            one.page,
            one.words.clone(),
            seller,
        ));
        buyers.push(Candidate::new(
            one.id.clone(),
            one.page,
            one.words.clone(),
            buyer,
        ));
    }
    let same = |a: &VatId, b: &VatId| a.text == b.text;
    let mut buyers = ranked(buyers, same);
    buyers.retain(|buyer| buyer.points >= LEAST_BUYER);
    let mut sellers = ranked(sellers, same);
    sellers.retain(|seller| seller.points >= LEAST_SELLER);
    // The best seller's id stands; what is more surely the buyer's is taken from the sellers.
    sellers.retain(|seller| {
        buyers
            .iter()
            .all(|buyer| buyer.value.text != seller.value.text || buyer.points < seller.points)
    });
    if let Some(first) = sellers.first() {
        buyers.retain(|buyer| buyer.value.text != first.value.text);
    }
    for (field, list) in [("vendor_vat", &sellers), ("buyer_vat", &buyers)] {
        if let Some(evidence) = view.evidence_of(field, list, |id| id.text.clone()) {
            draft.evidence.insert(field.to_owned(), evidence);
        }
    }
    let country = sellers.first().and_then(|seller| seller.value.iso());
    draft.invoice.vendor_vat =
        Field::found(sellers.first().map(|seller| seller.value.text.clone()));
    draft.invoice.buyer_vat = Field::found(buyers.first().map(|buyer| buyer.value.text.clone()));
    if let Some(country) = country {
        draft.invoice.country = Field::Value(country.to_owned());
        if let Some(evidence) = draft.evidence.get("vendor_vat").cloned() {
            draft.evidence.insert("country".to_owned(), evidence);
        }
    }
}

/// The points of an id as the seller's and as the buyer's.
fn points(view: &View<'_>, draft: &Draft, seen: &Seen) -> (f64, f64) {
    let page = &view.pages[seen.page];
    let rect = page.sheet.rect(seen.words.clone());
    let depth = page.depth(seen.words.start);
    let mut seller = 0.6;
    let mut buyer = 0.0;
    if seen.labelled {
        seller += 1.2;
    }
    match seen.id.check {
        Check::Right => seller += 0.8,
        Check::Wrong if !seen.labelled => seller -= 1.0,
        Check::Wrong | Check::Unknown => {}
    }
    if inside(&draft.parties.buyer_zones, seen.page, rect)
        || under(&draft.parties.buyer_zones, seen.page, rect, page)
    {
        buyer += 3.5;
        seller -= 4.0;
    }
    if let Some(zone) = draft.parties.seller_zone
        && inside(&[zone], seen.page, rect)
    {
        seller += 1.5;
    }
    if depth > 0.75 {
        seller += 0.8;
    }
    if is_yours(page, seen.words.start) {
        buyer += 3.0;
        seller -= 3.0;
    }
    (seller, buyer)
}

/// Tells whether a box stands directly under a zone, within its width.
fn under(zones: &[(usize, Rect)], number: usize, rect: Rect, page: &PageView<'_>) -> bool {
    zones.iter().any(|(at, zone)| {
        *at == number
            && rect.y0 > zone.y1 - 1.0
            && rect.y0 - zone.y1 < 2.5 * page.sheet.em
            && rect.x0 < zone.x1
            && rect.x1 > zone.x0
            && (rect.x0 - zone.x0).abs() < 12.0 * page.sheet.em
    })
}

/// Tells whether a word before it in its line gives it to the buyer.
fn is_yours(page: &PageView<'_>, word: usize) -> bool {
    let line = &page.sheet.lines[page.sheet.segments[page.segment_of[word]].line];
    let from = word.saturating_sub(6).max(line.words.start);
    (from..word).any(|before| {
        let folded = fold(page.texts[before]);
        folded.split(' ').any(|part| lexicon().is_yours(part))
    })
}

/// The ids of a page.
fn on_page(view: &View<'_>, page: &PageView<'_>, number: usize) -> Vec<Seen> {
    let ibans = iban::on_page(page);
    let mut found: Vec<Seen> = Vec::new();
    let mut at = 0;
    while at < page.texts.len() {
        let in_iban = ibans.iter().find(|(_, words)| words.contains(&at));
        if let Some((_, words)) = in_iban {
            at = words.end;
            continue;
        }
        match starting(page, at) {
            Some((id, end)) => {
                found.push(Seen {
                    labelled: is_labelled(page, at),
                    id,
                    page: number,
                    words: at..end,
                });
                at = end;
            }
            None => at += 1,
        }
    }
    found.extend(behind_labels(view, page, number, &found));
    found
}

/// Tells whether a label of VAT ids leads to a word.
fn is_labelled(page: &PageView<'_>, word: usize) -> bool {
    let leads = |label: &super::view::Found| {
        label.strength(Label::VatId) > 0.0 || label.strength(Label::TaxNumber) > 0.0
    };
    let line = &page.sheet.lines[page.sheet.segments[page.segment_of[word]].line];
    page.owner(word).is_some_and(|(label, _)| leads(label))
        || page.label_of[word].is_some_and(|label| leads(&page.labels[label]))
        || (word.saturating_sub(3).max(line.words.start)..word)
            .any(|before| page.label_of[before].is_some_and(|label| leads(&page.labels[label])))
}

/// The id with prefix that begins in a word, and where it ends.
fn starting(page: &PageView<'_>, at: usize) -> Option<(VatId, usize)> {
    let text = page.texts[at];
    let text = text.rsplit([':', '=']).next().unwrap_or(text);
    let mut joined = compact(text);
    let lead: Vec<char> = joined.chars().take(2).collect();
    if lead.len() < 2
        || !lead.iter().all(char::is_ascii_uppercase)
        || !text
            .trim_start_matches(|c: char| !c.is_alphanumeric())
            .starts_with(char::is_uppercase)
    {
        return None;
    }
    if joined.len() > 18 {
        return None;
    }
    let segment = &page.sheet.segments[page.segment_of[at]];
    let mut best = None;
    let mut end = at + 1;
    loop {
        if let Some(id) = VatId::parse(&joined)
            // The short ids of Romania are words and numbers of all kinds.
            && (id.text.len() >= 8 || is_labelled(page, at))
        {
            best = Some((id, end));
        }
        if end >= segment.words.end || end - at >= MOST_WORDS {
            break;
        }
        let next = page.texts[end];
        let digits = next.chars().any(|c| c.is_ascii_digit())
            || matches!(next, "MWST" | "TVA" | "IVA" | "MVA");
        if !digits || next.contains(':') || next.chars().any(char::is_lowercase) {
            break;
        }
        joined.push_str(&compact(next));
        end += 1;
        if joined.len() > 18 {
            break;
        }
    }
    best
}

/// Ids that are printed without a prefix behind a label.
fn behind_labels(view: &View<'_>, page: &PageView<'_>, number: usize, known: &[Seen]) -> Vec<Seen> {
    let mut found = Vec::new();
    for (index, label) in page.labels.iter().enumerate() {
        if label.strength(Label::VatId) < 1.0 {
            continue;
        }
        for slot in page.slots(index).iter().filter(|slot| slot.cost < 1.0) {
            let mut joined = String::new();
            let mut local = None;
            let start = slot.words.start;
            for word in slot.words.clone().take(MOST_WORDS) {
                let text = page.texts[word];
                if known.iter().any(|seen| seen.words.contains(&word))
                    || !text.contains(|c: char| c.is_ascii_digit()) && text.len() > 2
                {
                    break;
                }
                joined.push_str(&compact(text));
                let languages = view.language.into_iter();
                let id = languages
                    .chain(["pl", "it", "es", "pt"])
                    .flat_map(|language| lexicon().vat_countries(language))
                    .find_map(|country| {
                        VatId::parse_local(country, &joined).filter(|id| {
                            id.check == Check::Right
                                || view.language.is_some_and(|language| {
                                    lexicon().vat_countries(language).contains(country)
                                })
                        })
                    });
                if let Some(id) = id {
                    local = Some((id, word + 1));
                }
            }
            if let Some((id, end)) = local {
                found.push(Seen {
                    id,
                    page: number,
                    words: start..end,
                    labelled: true,
                });
                break;
            }
        }
    }
    found
}
