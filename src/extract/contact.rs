//! The seller's mail address, web site and telephone: what does not stand in the buyer's part of the page.

use std::ops::Range;

use super::candidate::{Candidate, ranked};
use super::context::inside;
use super::draft::Draft;
use super::supplier::{domain_of, host_of};
use super::view::{PageView, View};
use crate::lang::{Label, fold};
use crate::model::Field;

/// Looks for all three.
pub(super) fn find(view: &View<'_>, draft: &mut Draft) {
    let mut mails = Vec::new();
    let mut sites = Vec::new();
    let mut phones = Vec::new();
    let seller = draft
        .parties
        .seller
        .first()
        .map(|seller| seller.value.key.replace(' ', ""));
    for (number, page) in view.pages.iter().enumerate() {
        for (word, text) in page.texts.iter().enumerate() {
            if !text.contains('.') {
                continue;
            }
            let points = place(page, draft, number, word..word + 1);
            let agrees = domain_of(text).is_some_and(|domain| {
                domain.len() > 3
                    && seller.as_ref().is_some_and(|seller| {
                        fold(seller).contains(&domain) || domain.contains(seller)
                    })
            });
            let points = points + if agrees { 1.0 } else { 0.0 };
            if let Some(mail) = mail(text) {
                mails.push(Candidate::new(mail, number, word..word + 1, points));
            } else if let Some(host) = host_of(text).filter(|_| !text.contains('@')) {
                let www = text.to_lowercase().contains("www.");
                let host = if www { format!("www.{host}") } else { host };
                sites.push(Candidate::new(host, number, word..word + 1, points));
            }
        }
        for (index, label) in page.labels.iter().enumerate() {
            let strength = label.strength(Label::Phone);
            for slot in page.slots(index).iter().take(1).filter(|_| strength > 0.0) {
                if let Some((phone, words)) = phone(page, slot.words.clone()) {
                    let points = place(page, draft, number, words.clone()) + strength - slot.cost;
                    phones.push(Candidate::new(phone, number, words, points));
                }
            }
        }
    }
    draft.invoice.vendor_email = put(view, draft, "vendor_email", mails);
    draft.invoice.vendor_website = put(view, draft, "vendor_website", sites);
    draft.invoice.vendor_phone = put(view, draft, "vendor_phone", phones);
}

/// Writes the best of them.
fn put(
    view: &View<'_>,
    draft: &mut Draft,
    field: &str,
    mut found: Vec<Candidate<String>>,
) -> Field<String> {
    found.retain(|candidate| candidate.points > 0.0);
    let ranked = ranked(found, |a, b| a.eq_ignore_ascii_case(b));
    if let Some(evidence) = view.evidence_of(field, &ranked, Clone::clone) {
        draft.evidence.insert(field.to_owned(), evidence);
    }
    Field::found(ranked.into_iter().next().map(|candidate| candidate.value))
}

/// Points of a place: the seller's lines and the foot of the page are good, the buyer's lines are not.
fn place(page: &PageView<'_>, draft: &Draft, number: usize, words: Range<usize>) -> f64 {
    let rect = page.sheet.rect(words.clone());
    if inside(&draft.parties.buyer_zones, number, rect) {
        return -1.0;
    }
    let mut points = 1.0;
    if draft
        .parties
        .seller_zone
        .is_some_and(|zone| inside(&[zone], number, rect))
    {
        points += 1.5;
    }
    let depth = page.depth(words.start);
    if !(0.3..0.8).contains(&depth) {
        points += 0.5;
    }
    points
}

/// The mail address in a word.
fn mail(text: &str) -> Option<String> {
    let text = text
        .rsplit([':', '(', '<', '['])
        .find(|part| part.contains('@'))?;
    let text = text.trim_matches(|c: char| !c.is_alphanumeric());
    let (local, host) = text.split_once('@')?;
    let plain = |part: &str| {
        part.chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '.' | '-' | '_' | '+'))
    };
    (!local.is_empty() && plain(local) && plain(host) && host.contains('.'))
        .then(|| text.to_owned())
}

/// The telephone number that words begin with.
fn phone(page: &PageView<'_>, words: Range<usize>) -> Option<(String, Range<usize>)> {
    let mut end = words.start;
    let mut digits = 0;
    for word in words.clone() {
        let text = page.texts[word];
        let plain = text.chars().all(|c| {
            c.is_ascii_digit() || matches!(c, '+' | '(' | ')' | '-' | '–' | '/' | '.' | ',' | ';')
        });
        if !plain || digits > 6 && text.contains('+') {
            break;
        }
        digits += text.chars().filter(char::is_ascii_digit).count();
        end = word + 1;
    }
    let text = page.sheet.text(words.start..end);
    let text = text
        .trim_end_matches([',', ';', '.', '-', '/', ' '])
        .to_owned();
    (6..=16)
        .contains(&digits)
        .then_some((text, words.start..end))
}
