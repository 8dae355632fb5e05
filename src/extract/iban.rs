//! Bank accounts: IBAN with its remainder, BIC.
//!
//! An IBAN is found by its form, whatever stands beside it; one whose remainder disagrees is still what is printed, but
//! only counts where a label names it. The buyer's account (direct debit) stands in the buyer's part of the page.

use std::ops::Range;

use super::candidate::{Candidate, ranked};
use super::context::inside;
use super::draft::Draft;
use super::view::{PageView, View};
use crate::lang::Label;
use crate::model::{Account, Field, IbanFault, Payment, check_iban, compact, iban_length, is_bic};

/// Words an IBAN is printed in at most.
const MOST_WORDS: usize = 10;

/// Tells whether a text without blanks has form and length of an IBAN, whatever its check digits.
pub(super) fn is_iban(text: &str) -> bool {
    matches!(check_iban(text), Ok(()) | Err(IbanFault::CheckDigits))
}

/// The IBANs of a page: text without blanks and the words they take.
pub(super) fn on_page(page: &PageView<'_>) -> Vec<(String, Range<usize>)> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < page.texts.len() {
        if let Some((iban, end)) = starting(page, at) {
            found.push((iban, at..end));
            at = end;
        } else {
            at += 1;
        }
    }
    found
}

/// The IBAN that begins in a word; it may go on in the next words, also of the line below.
fn starting(page: &PageView<'_>, at: usize) -> Option<(String, usize)> {
    let text = page.texts[at];
    let text = text.rsplit([':', '=']).next().unwrap_or(text);
    let mut joined = compact(text);
    if joined.starts_with("IBAN") {
        joined.drain(..4);
    }
    let bytes = joined.as_bytes();
    if bytes.len() < 2
        || !bytes[..2].iter().all(u8::is_ascii_uppercase)
        || !bytes[2..].iter().take(2).all(u8::is_ascii_digit)
    {
        return None;
    }
    let want = iban_length(&joined)?;
    let mut end = at + 1;
    while joined.len() < want && end < page.texts.len() && end - at < MOST_WORDS {
        let next = compact(page.texts[end]);
        let digits = next.chars().filter(char::is_ascii_digit).count();
        if next.is_empty() || next.len() > want || digits * 2 < next.len() && next.len() != 4 {
            return None;
        }
        joined.push_str(&next);
        end += 1;
    }
    is_iban(&joined).then_some((joined, end))
}

/// Looks for IBAN and BIC.
pub(super) fn find(view: &View<'_>, draft: &mut Draft) {
    let mut found = Vec::new();
    for (number, page) in view.pages.iter().enumerate() {
        for (iban, words) in on_page(page) {
            let labelled = page
                .owner(words.start)
                .is_some_and(|(label, _)| label.strength(Label::Iban) > 0.0)
                || page.label_of[words.start]
                    .is_some_and(|label| page.labels[label].strength(Label::Iban) > 0.0);
            let mut points = if check_iban(&iban).is_ok() { 3.0 } else { 0.2 };
            points += if labelled { 1.0 } else { 0.0 };
            points += if page.depth(words.start) > 0.75 {
                0.3
            } else {
                0.0
            };
            if inside(
                &draft.parties.buyer_zones,
                number,
                page.sheet.rect(words.clone()),
            ) {
                points -= 3.0;
            }
            found.push(Candidate::new(iban, number, words, points));
        }
    }
    found.retain(|candidate| candidate.points >= 1.0);
    let ibans = ranked(found, |a, b| a == b);
    if let Some(evidence) = view.evidence_of("iban", &ibans, Clone::clone) {
        draft.evidence.insert("iban".to_owned(), evidence);
    }
    let bics = bics(view, ibans.first());
    if let Some(evidence) = view.evidence_of("bic", &bics, Clone::clone) {
        draft.evidence.insert("bic".to_owned(), evidence);
    }
    draft.invoice.iban = Field::found(ibans.first().map(|iban| iban.value.clone()));
    draft.invoice.bic = Field::found(bics.first().map(|bic| bic.value.clone()));
    if ibans.is_empty() && bics.is_empty() {
        return;
    }
    let mut payment = Payment::default();
    for (place, iban) in ibans.iter().filter(|iban| iban.points >= 2.5).enumerate() {
        payment.accounts.push(Account {
            iban: Field::Value(iban.value.clone()),
            bic: Field::found(bics.get(place).map(|bic| bic.value.clone())),
            ..Account::default()
        });
    }
    if payment.accounts.is_empty() {
        payment.accounts.push(Account {
            iban: draft.invoice.iban.clone(),
            bic: draft.invoice.bic.clone(),
            ..Account::default()
        });
    }
    draft.invoice.payment = Field::Value(payment);
}

/// The BICs: of the right form behind a label, or in the line of the IBAN and of its country.
fn bics(view: &View<'_>, iban: Option<&Candidate<String>>) -> Vec<Candidate<String>> {
    let mut found = Vec::new();
    for (number, page) in view.pages.iter().enumerate() {
        for at in 0..page.texts.len() {
            let text = page.texts[at];
            let text = text
                .rsplit([':', '='])
                .next()
                .unwrap_or(text)
                .trim_matches(|c: char| !c.is_alphanumeric());
            if !is_bic(text) {
                continue;
            }
            let labelled = page
                .owner(at)
                .is_some_and(|(label, _)| label.strength(Label::Bic) > 0.0)
                || page.label_of[at]
                    .is_some_and(|label| page.labels[label].strength(Label::Bic) > 0.0);
            let near = iban.is_some_and(|iban| {
                let line = |word: usize| page.sheet.segments[page.segment_of[word]].line;
                iban.place.page == number
                    && iban.value.get(..2) == text.get(4..6)
                    && line(iban.place.words.start).abs_diff(line(at)) <= 1
            });
            let points = match (labelled, near) {
                (true, true) => 4.0,
                (true, false) => 3.0,
                (false, true) => 2.0,
                (false, false) => continue,
            };
            found.push(Candidate::new(text.to_owned(), number, at..at + 1, points));
        }
    }
    ranked(found, |a, b| a == b)
}
