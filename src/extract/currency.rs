//! The currency: what stands beside the amounts, above all beside the totals, or behind its own label.

use super::candidate::Candidate;
use super::draft::Draft;
use super::sums::Role;
use super::view::View;
use crate::lang::{Label, lexicon};
use crate::model::{Field, minor_units};

/// Looks for the currency.
pub(super) fn find(view: &View<'_>, draft: &mut Draft) {
    let mut votes: Vec<Candidate<&'static str>> = Vec::new();
    let mut vote =
        |code: &'static str, page: usize, words: std::ops::Range<usize>, points: f64| match votes
            .iter_mut()
            .find(|vote| vote.value == code)
        {
            Some(vote) => vote.points += points,
            None => votes.push(Candidate::new(code, page, words, points)),
        };
    for claim in &draft.claims {
        let money = &view.pages[claim.at.0].money[claim.at.1];
        if let Some(code) = money.currency
            && matches!(claim.role, Role::Gross | Role::Due | Role::Net)
        {
            vote(code, claim.at.0, money.words.clone(), claim.points.min(3.0));
        }
    }
    for (number, page) in view.pages.iter().enumerate() {
        for money in page.money.iter().filter(|money| !money.percent) {
            if let Some(code) = money.currency {
                vote(code, number, money.words.clone(), 0.25);
            }
        }
        for (index, label) in page.labels.iter().enumerate() {
            let strength = label.strength(Label::Currency);
            for slot in page.slots(index).iter().filter(|_| strength > 0.0) {
                for word in slot.words.clone().take(3) {
                    if let Some(code) = lexicon().currencies(page.texts[word]).first() {
                        vote(code, number, word..word + 1, 4.0 * strength - slot.cost);
                    }
                }
            }
        }
        // An ISO code or a sign that stands alone, as in the heading of a column.
        for (word, text) in page.texts.iter().enumerate() {
            let bare = text.trim_matches(|c: char| !c.is_alphabetic() && !is_sign(c));
            let iso = bare.len() == 3 && minor_units(bare).is_some();
            let sign = bare.chars().count() == 1 && bare.chars().all(is_sign);
            if (iso || sign)
                && let Some(code) = lexicon().currencies(bare).first()
            {
                vote(code, number, word..word + 1, 0.5);
            }
        }
    }
    votes.sort_by(|a, b| b.points.total_cmp(&a.points));
    if let Some(evidence) = view.evidence_of(&votes, |code| (*code).to_owned()) {
        draft.evidence.insert("currency".to_owned(), evidence);
    }
    draft.invoice.currency = Field::found(votes.first().map(|vote| vote.value.to_owned()));
}

fn is_sign(c: char) -> bool {
    matches!(
        c,
        '€' | '$'
            | '£'
            | '¥'
            | '₹'
            | '₩'
            | '₺'
            | '₽'
            | '₪'
            | '₴'
            | '฿'
            | '₫'
            | '₱'
            | '₦'
    )
}
