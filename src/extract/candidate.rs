//! Readings that were considered, and how sure the chosen one is.

use std::ops::Range;

use super::calibration::{Signals, rounded, sure};
use super::view::View;
use crate::model::{Alternative, Confidence, Considered, Evidence, Method, PageMethod};

/// Where a reading stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    /// Page, counted from 0.
    pub(super) page: usize,
    /// Its words.
    pub(super) words: Range<usize>,
}

/// A reading with its points.
#[derive(Clone, Debug)]
pub(super) struct Candidate<T> {
    /// What it is.
    pub(super) value: T,
    /// Where it stands.
    pub(super) place: Place,
    /// Points: see each extractor.
    pub(super) points: f64,
}

/// What is known of a choice besides its points.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Proof {
    /// Arithmetic agrees with it.
    pub(super) proven: bool,
    /// By how many points it leads where it was chosen together with another field.
    pub(super) lead: Option<f64>,
}

impl<T> Candidate<T> {
    /// A reading.
    pub(super) fn new(value: T, page: usize, words: Range<usize>, points: f64) -> Self {
        Self {
            value,
            place: Place { page, words },
            points,
        }
    }
}

/// Joins equal readings: the best one stays, each further one adds a little. Best first; ties by place.
pub(super) fn ranked<T: Clone>(
    candidates: Vec<Candidate<T>>,
    same: impl Fn(&T, &T) -> bool,
) -> Vec<Candidate<T>> {
    /// What a repetition adds, and how often it counts.
    const AGAIN: f64 = 0.25;
    const TIMES: f64 = 2.0;
    let mut groups: Vec<(Candidate<T>, f64)> = Vec::new();
    let mut sorted = candidates;
    sorted.sort_by(|a, b| {
        b.points
            .total_cmp(&a.points)
            .then(a.place.page.cmp(&b.place.page))
            .then(a.place.words.start.cmp(&b.place.words.start))
    });
    for candidate in sorted {
        match groups
            .iter_mut()
            .find(|(first, _)| same(&first.value, &candidate.value))
        {
            Some((first, times)) => {
                if first.place != candidate.place && candidate.points > 0.0 {
                    *times += 1.0;
                }
            }
            None => groups.push((candidate, 0.0)),
        }
    }
    let mut ranked: Vec<Candidate<T>> = groups
        .into_iter()
        .map(|(mut first, times)| {
            first.points += AGAIN * f64::min(times, TIMES);
            first
        })
        .collect();
    ranked.sort_by(|a, b| b.points.total_cmp(&a.points));
    ranked
}

impl View<'_> {
    /// The lowest confidence of the words at a place.
    pub(super) fn read(&self, place: &Place) -> f64 {
        self.pages[place.page].sheet.confidence(place.words.clone())
    }

    /// Evidence of what was read at a place.
    pub(super) fn evidence(&self, place: &Place, confidence: f64) -> Evidence {
        let sheet = &self.pages[place.page].sheet;
        let method = match sheet.method {
            Some(PageMethod::Ocr) => Method::Ocr,
            _ => Method::PdfText,
        };
        Evidence {
            page: Some(sheet.n),
            bbox: Some(sheet.rect(place.words.clone())),
            text: Some(sheet.text(place.words.clone())),
            method: Some(method),
            confidence: Some(Confidence(confidence)),
            ..Evidence::default()
        }
    }

    /// The signals of a reading that leads the next one by some points.
    pub(super) fn signals(&self, place: &Place, points: f64, lead: f64) -> Signals {
        Signals {
            read: self.read(place),
            points,
            lead,
            proven: false,
            pixels: self.pages[place.page].is_ocr(),
        }
    }

    /// Evidence of the best of ranked readings, the next two as alternatives.
    pub(super) fn evidence_of<T>(
        &self,
        field: &str,
        ranked: &[Candidate<T>],
        show: impl Fn(&T) -> String,
    ) -> Option<Evidence> {
        self.evidence_where(field, ranked, Proof::default(), show)
    }

    /// The same of a reading that arithmetic or a joint choice says more of.
    pub(super) fn evidence_where<T>(
        &self,
        field: &str,
        ranked: &[Candidate<T>],
        proof: Proof,
        show: impl Fn(&T) -> String,
    ) -> Option<Evidence> {
        /// What an alternative has of the confidence that it would have had as the choice.
        const LOST: f64 = 0.5;
        let first = ranked.first()?;
        let second = ranked.get(1).map_or(0.0, |second| second.points.max(0.0));
        let lead = proof.lead.unwrap_or(first.points - second);
        let mut signals = self.signals(&first.place, first.points, lead);
        signals.proven = proof.proven;
        let chosen = sure(field, signals);
        let mut evidence = self.evidence(&first.place, chosen);
        evidence.alternatives = ranked
            .iter()
            .skip(1)
            .filter(|other| other.points > 0.0)
            .take(2)
            .map(|other| Alternative {
                value: show(&other.value),
                page: Some(self.pages[other.place.page].sheet.n),
                // What is not the choice's is shared among the others.
                confidence: Some(Confidence(f64::min(
                    sure(field, self.signals(&other.place, other.points, 0.0)) * LOST,
                    1.0 - chosen,
                ))),
                ..Alternative::default()
            })
            .collect();
        if self.explain {
            evidence.signals = signals.named();
            evidence.considered = self.considered(ranked, show);
        }
        Some(evidence)
    }

    /// The best of ranked readings, for an explanation.
    pub(super) fn considered<T>(
        &self,
        ranked: &[Candidate<T>],
        show: impl Fn(&T) -> String,
    ) -> Vec<Considered> {
        /// How many.
        const SHOWN: usize = 30;
        ranked
            .iter()
            .take(SHOWN)
            .map(|candidate| {
                let sheet = &self.pages[candidate.place.page].sheet;
                Considered {
                    value: show(&candidate.value),
                    page: Some(sheet.n),
                    bbox: Some(sheet.rect(candidate.place.words.clone())),
                    points: rounded(candidate.points),
                    ..Considered::default()
                }
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repetition_adds_and_order_is_stable() {
        let candidate = |value: &str, start: usize, points: f64| {
            Candidate::new(value.to_owned(), 0, start..start + 1, points)
        };
        let all = vec![
            candidate("b", 5, 2.0),
            candidate("a", 1, 1.9),
            candidate("a", 9, 1.0),
            candidate("c", 2, 2.0),
        ];
        let ranked = ranked(all, |a, b| a == b);
        let order: Vec<&str> = ranked
            .iter()
            .map(|candidate| candidate.value.as_str())
            .collect();
        assert_eq!(order, ["a", "c", "b"]);
    }
}
