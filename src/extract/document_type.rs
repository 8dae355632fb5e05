//! What kind of document it is: by its title, which stands alone, high up, and in large print.

use super::candidate::{Candidate, ranked};
use super::draft::Draft;
use super::view::View;
use crate::lang::Label;
use crate::model::{Confidence, Evidence, Field, Method};

/// UNTDID 1001 of each title.
const TITLES: &[(Label, &str)] = &[
    (Label::TitleInvoice, "380"),
    (Label::TitleReceipt, "380"),
    (Label::TitleCreditNote, "381"),
    (Label::TitleDebitNote, "383"),
    (Label::TitleCorrected, "384"),
    (Label::TitlePrepayment, "386"),
];
/// Points below which a title is only a word of the text.
const LEAST: f64 = 1.3;

/// Looks for the title.
pub(super) fn find(view: &View<'_>, draft: &mut Draft) {
    let mut found = Vec::new();
    for (number, page) in view.pages.iter().enumerate().take(1) {
        for label in &page.labels {
            for (kind, code) in TITLES {
                let strength = label.strength(*kind);
                if strength <= 0.0 {
                    continue;
                }
                let segment = &page.sheet.segments[label.segment];
                let heads = label.words.start == segment.words.start;
                let alone = heads && label.words.end == segment.words.end;
                let large = (segment.em / page.sheet.em - 1.0).clamp(0.0, 1.0);
                let depth = page.depth(label.words.start);
                let points = strength
                    * (if alone {
                        1.2
                    } else if heads {
                        0.7
                    } else {
                        0.0
                    } + 1.5 * large
                        + if depth < 0.5 { 0.6 } else { 0.0 }
                        + if *code == "380" { 0.2 } else { 0.0 });
                found.push(Candidate::new(
                    (*code).to_owned(),
                    number,
                    label.words.clone(),
                    points,
                ));
            }
        }
    }
    found.retain(|candidate| candidate.points >= LEAST);
    let ranked = ranked(found, |a, b| a == b);
    let code = if let Some(evidence) = view.evidence_of("document_type", &ranked, Clone::clone) {
        draft.evidence.insert("document_type".to_owned(), evidence);
        ranked[0].value.clone()
    } else {
        // Without a title of another kind it is what it was sent in as.
        draft.evidence.insert(
            "document_type".to_owned(),
            Evidence {
                text: Some("no title of another kind".to_owned()),
                method: Some(Method::Solver),
                confidence: Some(Confidence(0.6)),
                ..Evidence::default()
            },
        );
        "380".to_owned()
    };
    draft.invoice.document_type = Field::Value(code);
}
