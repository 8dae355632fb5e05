//! The terms of payment, and the due date that follows from them.

use super::calibration::sure;
use super::candidate::Candidate;
use super::dates::put;
use super::draft::Draft;
use super::view::{Day, View};
use crate::lang::{Label, lexicon};
use crate::model::{Confidence, Field, Method};

/// The terms of payment as printed, and, where the settings ask for it, the due date they make of the date of issue.
pub(super) fn terms(view: &View<'_>, draft: &mut Draft) {
    let mut best: Option<Candidate<(String, Option<u32>)>> = None;
    for (number, page) in view.pages.iter().enumerate() {
        for (index, label) in page.labels.iter().enumerate() {
            let strength = label.strength(Label::PaymentTerms);
            if strength <= 0.0 {
                continue;
            }
            for slot in page.slots(index) {
                let text = page.sheet.text(slot.words.clone());
                let days = lexicon().net_days(&text);
                let points = 2.0 * strength - slot.cost + if days.is_some() { 1.5 } else { 0.0 };
                keep(
                    &mut best,
                    Candidate::new((text, days), number, slot.words.clone(), points),
                );
            }
        }
        for line in &page.sheet.lines {
            let digits = page.texts[line.words.clone()]
                .iter()
                .any(|word| word.len() <= 4 && word.contains(|c: char| c.is_ascii_digit()));
            if !digits || line.words.len() < 3 {
                continue;
            }
            let text = page.sheet.text(line.words.clone());
            if let Some(days) = lexicon().net_days(&text).filter(|days| *days > 0) {
                keep(
                    &mut best,
                    Candidate::new((text, Some(days)), number, line.words.clone(), 1.5),
                );
            }
        }
    }
    let best = best.filter(|best| best.points >= 1.0);
    if let Some(best) = &best {
        let evidence = view.evidence(
            &best.place,
            sure("payment_terms", view.signals(&best.place, best.points, 1.0)),
        );
        draft.evidence.insert("payment_terms".to_owned(), evidence);
        derive_due(view, draft, best);
    }
    draft.invoice.payment_terms = Field::found(best.map(|best| best.value.0));
}

fn keep(
    best: &mut Option<Candidate<(String, Option<u32>)>>,
    candidate: Candidate<(String, Option<u32>)>,
) {
    if best
        .as_ref()
        .is_none_or(|best| candidate.points > best.points)
    {
        *best = Some(candidate);
    }
}

/// The due date by the terms: a printed one that no label names, else what they make of the date of issue if that is asked for.
fn derive_due(view: &View<'_>, draft: &mut Draft, terms: &Candidate<(String, Option<u32>)>) {
    /// Points of a date that is where the terms put it.
    const AGREES: f64 = 2.5;
    if draft.invoice.due_date.is_value() {
        return;
    }
    let (Some(issued), Some(days)) = (draft.invoice.invoice_date.get(), terms.value.1) else {
        return;
    };
    let Some(due) = issued
        .plus_days(i64::from(days))
        .filter(|due| *due > issued)
    else {
        return;
    };
    let printed = view.pages.iter().enumerate().find_map(|(number, page)| {
        let means_due = |day: &&Day| day.readings.iter().any(|(date, _)| *date == due);
        let day = page.days.iter().find(means_due)?;
        Some(Candidate::new(due, number, day.words.clone(), AGREES))
    });
    if let Some(printed) = printed {
        draft.invoice.due_date = put(view, draft, "due_date", &[printed]);
    } else if draft.derive_due_date {
        let mut evidence = view.evidence(&terms.place, 0.0);
        evidence.method = Some(Method::Solver);
        evidence.text = Some(format!(
            "invoice_date {issued} + {days} days ({})",
            terms.value.0
        ));
        evidence.confidence = Some(Confidence(0.7));
        draft.evidence.insert("due_date".to_owned(), evidence);
        draft.invoice.due_date = Field::Value(due);
    }
}
