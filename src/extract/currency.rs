//! The currency: what stands beside the amounts, above all beside the totals, or behind its own label; and where that says
//! too little, what is paid with in the seller's country.

use std::ops::Range;

use super::calibration::sure;
use super::candidate::{Candidate, Place};
use super::draft::Draft;
use super::home::{self, Home};
use super::sums::Role;
use super::view::View;
use crate::lang::{Label, lexicon};
use crate::model::{Confidence, Evidence, Field, Method, minor_units};

/// Points of the seller's country from which its currency is taken where none is printed.
const HOME: f64 = 1.5;
/// What the seller's country counts against a sign that is printed.
const PRINTED: f64 = 0.4;

/// Looks for the currency.
pub(super) fn find(view: &View<'_>, draft: &mut Draft) {
    let home = home::find(view, draft);
    let local = home
        .as_ref()
        .filter(|home| !home.abroad)
        .and_then(|home| lexicon().currency_of(home.country));
    let mut votes = votes(view, draft, local);
    let inferred = local.zip(home.as_ref());
    if let Some((local, home)) = inferred {
        let doubtful = is_doubtful(view, &votes);
        match votes.iter_mut().find(|vote| vote.value == local) {
            Some(vote) => vote.points += home.points * PRINTED,
            // Signs in small or faint print are misread more easily than a country is mistaken.
            None if home.points >= HOME && doubtful => {
                return infer(local, home, draft);
            }
            None => {}
        }
    }
    votes.sort_by(|a, b| b.points.total_cmp(&a.points));
    if let Some(evidence) = view.evidence_of("currency", &votes, |code| (*code).to_owned()) {
        draft.evidence.insert("currency".to_owned(), evidence);
    }
    draft.invoice.currency = Field::found(votes.first().map(|vote| vote.value.to_owned()));
}

/// Tells whether all that was printed of a currency was read from pixels and seldom, or nothing was.
fn is_doubtful(view: &View<'_>, votes: &[Candidate<&'static str>]) -> bool {
    /// Points from which signs are beyond doubt: three totals with the same sign have more.
    const CLEAR: f64 = 5.0;
    votes
        .iter()
        .all(|vote| view.pages[vote.place.page].is_ocr() && vote.points < CLEAR)
}

/// Takes the currency of the seller's country.
fn infer(local: &'static str, home: &Home, draft: &mut Draft) {
    let signals = super::calibration::Signals {
        read: 1.0,
        points: home.points,
        lead: home.points,
        proven: false,
        pixels: true,
    };
    draft.evidence.insert(
        "currency".to_owned(),
        Evidence {
            text: Some(format!("seller in {} ({})", home.country, home.because)),
            method: Some(Method::Solver),
            confidence: Some(Confidence(sure("currency", signals))),
            ..Evidence::default()
        },
    );
    draft.invoice.currency = Field::Value(local.to_owned());
}

/// What is printed of currencies, with points.
fn votes(
    view: &View<'_>,
    draft: &Draft,
    local: Option<&'static str>,
) -> Vec<Candidate<&'static str>> {
    let mut votes: Vec<Candidate<&'static str>> = Vec::new();
    let mut vote = |code: &'static str, page: usize, words: Range<usize>, points: f64| {
        let place = Place {
            page,
            words: words.clone(),
        };
        let code = local
            .filter(|local| is_shared(view, code, local))
            .unwrap_or(code);
        let points = points * view.read(&place);
        match votes.iter_mut().find(|vote| vote.value == code) {
            Some(vote) => vote.points += points,
            None => votes.push(Candidate::new(code, page, words, points)),
        }
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
    votes
}

/// Tells whether a code was taken for a sign that the local currency has too (`$`), and is printed nowhere itself.
fn is_shared(view: &View<'_>, code: &str, local: &str) -> bool {
    code != local
        && lexicon().share_a_sign(code, local)
        && !view
            .pages
            .iter()
            .flat_map(|page| &page.texts)
            .any(|text| text.trim_matches(|c: char| !c.is_alphabetic()) == code)
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
