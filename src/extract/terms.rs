//! Discounts for early payment (`2 % 10 Tage, 30 Tage netto`): every step with percent, days or last day, and base.
//!
//! They stand in the terms of payment, or in any line that says it speaks of a discount; a sentence may go on in the
//! next line of its block. What a percentage, days and a date mean together is read in [`crate::lang`].

use super::calibration::sure;
use super::candidate::Place;
use super::dates;
use super::draft::Draft;
use super::view::{PageView, View};
use crate::lang::dates::Order;
use crate::lang::{Label, Step, lexicon};
use crate::model::{DiscountTerm, Field};

/// More steps than any terms have.
const MOST: usize = 6;
/// Points of a step from a text that is known to be terms.
const POINTS: f64 = 3.0;

/// Looks for the steps.
pub(super) fn find(view: &View<'_>, draft: &mut Draft) {
    let (order, _) = dates::order(view, draft);
    let mut steps: Vec<(Step, Place)> = Vec::new();
    for (number, page) in view.pages.iter().enumerate() {
        let mut line = 0;
        while line < page.sheet.lines.len() {
            let (found, last) = in_line(page, line);
            let words = page.sheet.lines[line].words.start..page.sheet.lines[last].words.end;
            line = last + 1;
            for step in found {
                let place = Place {
                    page: number,
                    words: words.clone(),
                };
                if !steps.iter().any(|(known, _)| same(known, &step)) {
                    steps.push((step, place));
                }
            }
        }
    }
    // The rate alone, beside the same rate with its days, says nothing new.
    let limited: Vec<_> = steps
        .iter()
        .filter(|(step, _)| is_limited(step))
        .map(|(step, _)| step.percent)
        .collect();
    steps.retain(|(step, _)| is_limited(step) || !limited.contains(&step.percent));
    steps.truncate(MOST);
    for (index, (step, place)) in steps.iter().enumerate() {
        let confidence = sure("discount_terms", view.signals(place, POINTS, 1.0));
        draft.evidence.insert(
            format!("discount_terms[{index}]"),
            view.evidence(place, confidence),
        );
        draft.invoice.discount_terms.push(term(step, order));
    }
}

/// The steps in a line, and the last line that was needed to read them.
fn in_line(page: &PageView<'_>, line: usize) -> (Vec<Step>, usize) {
    let lines = &page.sheet.lines;
    let words = lines[line].words.clone();
    let text = page.sheet.text(words.clone());
    if !text.contains(['%', '/']) {
        return (Vec::new(), line);
    }
    let terms = page.labels.iter().any(|label| {
        label.strength(Label::PaymentTerms) >= 1.0
            && (words.contains(&label.words.start) || under(page, label.words.start, line))
    });
    // A row of items with `3 % Skonto` in its text has an amount of its own, but days or a date it has not.
    let steps = lexicon().discount_steps(&text, terms);
    if !steps.is_empty() && steps.iter().all(is_limited) {
        return (steps, line);
    }
    let Some(next) = lines.get(line + 1).filter(|next| {
        next.rect.y0 - lines[line].rect.y1 < page.sheet.em
            && crate::layout::overlap(next.rect, lines[line].rect) > 0.0
    }) else {
        return (steps, line);
    };
    let both = format!("{text} {}", page.sheet.text(next.words.clone()));
    let longer = lexicon().discount_steps(&both, terms);
    if longer.iter().filter(|step| is_limited(step)).count()
        > steps.iter().filter(|step| is_limited(step)).count()
    {
        return (longer, line + 1);
    }
    (steps, line)
}

/// Whether a line stands within three lines below a label.
fn under(page: &PageView<'_>, label: usize, line: usize) -> bool {
    let from = page.sheet.segments[page.segment_of[label]].line;
    (1..=3).contains(&line.wrapping_sub(from))
}

fn is_limited(step: &Step) -> bool {
    step.days.is_some() || !step.until.is_empty()
}

fn same(a: &Step, b: &Step) -> bool {
    a.percent == b.percent && a.days == b.days && a.until == b.until
}

/// The step as the record writes it; of the readings of a date the one in the document's order.
fn term(step: &Step, order: Order) -> DiscountTerm {
    let until = step
        .until
        .iter()
        .find(|(_, reading)| *reading == order)
        .or(step.until.first());
    DiscountTerm {
        percent: Field::Value(step.percent),
        days: Field::found(step.days),
        due: Field::found(until.map(|(date, _)| *date)),
        base: Field::found(step.base),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layout::tests::page;
    use crate::model::Ocr;

    fn read(rows: &[&str]) -> serde_json::Value {
        let ocr = Ocr {
            pages: vec![page(rows)],
            ..Ocr::default()
        };
        let view = View::new(&ocr, false);
        let mut draft = Draft::default();
        find(&view, &mut draft);
        serde_json::to_value(&draft.invoice.discount_terms).expect("is JSON")
    }

    #[test]
    fn steps_stand_in_terms_or_in_lines_that_name_a_discount() {
        for (rows, expected) in [
            (
                &["Zahlungsbedingungen: 3 % 8 Tage, 2 % 14 Tage, 30 Tage netto"][..],
                r#"[{"percent":3,"days":8,"due":null,"base":null},{"percent":2,"days":14,"due":null,"base":null}]"#,
            ),
            (
                &["Bei Zahlung bis 12.05.2024 gewähren wir 2% Skonto"],
                r#"[{"percent":2,"days":null,"due":"2024-05-12","base":null}]"#,
            ),
            // A sentence goes on in the next line.
            (
                &[
                    "We grant a discount of 2% if payment is",
                    "received within 10 days of the invoice",
                ],
                r#"[{"percent":2,"days":10,"due":null,"base":null}]"#,
            ),
            // Said twice is one step.
            (
                &[
                    "Skonto 2% 10 Tage",
                    "Thank you",
                    "2% Skonto innerhalb von 10 Tagen",
                ],
                r#"[{"percent":2,"days":10,"due":null,"base":null}]"#,
            ),
            (&["Widget   3   19 %   14 Tage   9,00", "Page 2/10"], "[]"),
        ] {
            let expected: serde_json::Value = serde_json::from_str(expected).expect("is JSON");
            assert_eq!(read(rows), expected, "{rows:?}");
        }
    }
}
