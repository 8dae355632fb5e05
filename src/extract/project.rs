//! The project: a code behind a label that means a project's number (BT-11).
//!
//! What projects are called is for people; what a ledger posts to is the code. So a value is taken only if it looks like
//! one, fills its place alone, and is not already another number of the invoice; a title (`Project: new roof`) is none.

use super::candidate::ranked;
use super::codes::{self, Claim};
use super::draft::Draft;
use super::near::Side;
use super::number::normal;
use super::view::View;
use crate::lang::Label;
use crate::model::Field;

/// Points below which a code is no better than a guess: more than a bare year behind its label has.
const LEAST: f64 = 2.8;

/// The label, and where its value may stand.
const CLAIM: Claim = Claim {
    label: Label::ProjectNumber,
    points: 3.0,
    sides: &[Side::Same, Side::Right, Side::Below],
};

/// Looks for the project's code.
pub(super) fn find(view: &View<'_>, draft: &mut Draft) {
    let invoice = &draft.invoice;
    let others = [
        &invoice.invoice_number,
        &invoice.po_reference,
        &invoice.sales_order_reference,
        &invoice.contract_reference,
        &invoice.buyer_id,
    ];
    let taken: Vec<String> = others
        .into_iter()
        .filter_map(|field| field.text().map(normal))
        .collect();
    let mut found = codes::candidates(view, &[CLAIM]);
    found.retain(|candidate| {
        let page = &view.pages[candidate.place.page];
        let segment = &page.sheet.segments[page.segment_of[candidate.place.words.start]];
        candidate.points >= LEAST
            && candidate.place.words.end == segment.words.end
            && !taken.contains(&normal(&candidate.value))
    });
    let ranked = ranked(found, |a, b| normal(a) == normal(b));
    if let Some(evidence) = view.evidence_of("project_reference", &ranked, Clone::clone) {
        draft
            .evidence
            .insert("project_reference".to_owned(), evidence);
    }
    let code = ranked.into_iter().next().map(|candidate| candidate.value);
    draft.invoice.project_reference = Field::found(code);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layout::tests::page;
    use crate::model::Ocr;

    #[test]
    fn codes_behind_labels_of_projects() {
        for (rows, expected) in [
            (&["Project No.: P-2026-118"][..], Some("P-2026-118")),
            (&["Projekt-Nr.    PR 40771"], Some("PR 40771")),
            (&["Projectnummer:  20260017"], Some("20260017")),
            (&["Projektnr.      P-2026-118"], Some("P-2026-118")),
            (&["Numer projektu: 7/2026/B"], Some("7/2026/B")),
            // A title, a subject, a sentence, a year, nothing.
            (&["Project: Office renovation"], None),
            (&["Betreff: Rechnung 2026-0042"], None),
            (&["Project 2026-118 was finished on time"], None),
            (&["Projekt: 2026"], None),
            (&["Project No.:"], None),
            // The number of the invoice.
            (&["Project No.: INV-2026-0042"], None),
        ] {
            let ocr = Ocr {
                pages: vec![page(rows)],
                ..Ocr::default()
            };
            let view = View::new(&ocr, false);
            let mut draft = Draft::default();
            draft.invoice.invoice_number = Field::Value("INV-2026-0042".to_owned());
            find(&view, &mut draft);
            assert_eq!(draft.invoice.project_reference.text(), expected, "{rows:?}");
            assert_eq!(
                draft.evidence.contains_key("project_reference"),
                expected.is_some()
            );
        }
    }
}
