//! The number of the invoice.
//!
//! A label that means nothing else is worth most; the title of the document with a code behind it is worth half.

use super::candidate::{Candidate, ranked};
use super::codes::{self, Claim};
use super::draft::Draft;
use super::near::Side;
use super::view::View;
use crate::lang::Label;
use crate::model::Field;

/// Points below which a number is no better than a guess.
const LEAST: f64 = 0.6;
/// Sides of a title's code: behind it, beside it, or under it in a row of headings.
const TITLE: &[Side] = &[Side::Same, Side::Right, Side::Below];

const fn title(label: Label) -> Claim {
    Claim {
        label,
        points: 1.9,
        sides: TITLE,
    }
}

/// What each label is worth.
const CLAIMS: &[Claim] = &[
    Claim {
        label: Label::InvoiceNumber,
        points: 3.5,
        sides: codes::ANY,
    },
    title(Label::TitleInvoice),
    title(Label::TitleCreditNote),
    title(Label::TitleCorrected),
    title(Label::TitlePrepayment),
    title(Label::TitleDebitNote),
    title(Label::TitleReceipt),
];

/// Looks for the number and writes it verbatim and normalised.
pub(super) fn find(view: &View<'_>, draft: &mut Draft) {
    let mut found = codes::candidates(view, CLAIMS);
    for candidate in &mut found {
        let depth = view.pages[candidate.place.page].depth(candidate.place.words.start);
        if depth > 0.6 && !draft.receipt {
            candidate.points -= 0.3;
        }
    }
    found.retain(|candidate| candidate.points >= LEAST);
    let ranked: Vec<Candidate<String>> = ranked(found, |a, b| normal(a) == normal(b));
    if let Some(evidence) = view.evidence_of("invoice_number", &ranked, Clone::clone) {
        draft.evidence.insert("invoice_number".to_owned(), evidence);
    }
    let number = ranked.into_iter().next().map(|candidate| candidate.value);
    draft.invoice.invoice_number = Field::found(number);
}

/// A number in upper case, letters and digits only.
pub(super) fn normal(number: &str) -> String {
    number
        .chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_uppercase)
        .collect()
}
