//! Whether stated confidence is worth something: what happens if documents pass by it alone.
//!
//! A value that states no confidence counts as stating none at all: it is in no band, and its document never passes.

use super::KEY;
use super::judge::Verdict;
use super::read::Prediction;
use super::tally::share;

/// The edges of the bands; the last band includes 1.
const EDGES: [f64; 7] = [0.0, 0.5, 0.7, 0.8, 0.9, 0.95, 1.0];

/// The confidences for which a report tells what would pass.
pub const THRESHOLDS: [f64; 9] = [0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 0.99];

/// Values of key fields whose confidence lies between two edges.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Band {
    /// Least confidence.
    pub from: f64,
    /// Confidence below which they are; of the last band that up to which.
    pub to: f64,
    /// How many.
    pub values: u64,
    /// How many of them are right.
    pub right: u64,
    sum: f64,
}

impl Band {
    /// Mean of what they state; nothing in an empty band.
    pub fn stated(&self) -> Option<f64> {
        (self.values > 0).then(|| self.sum / self.values as f64)
    }

    /// Share that is right; nothing in an empty band.
    pub fn share_right(&self) -> Option<f64> {
        (self.values > 0).then(|| share(self.right, self.values))
    }
}

/// Stated confidence against what is right.
#[derive(Clone, Debug, PartialEq)]
pub struct Calibration {
    /// By confidence, lowest first.
    pub bands: Vec<Band>,
    /// Values that state no confidence.
    pub unstated: u64,
    /// How many of those are right.
    pub unstated_right: u64,
    documents: Vec<Weighed>,
}

/// A document as the thresholds see it.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Weighed {
    /// Least confidence of its four key fields; nothing if one was not found or states none.
    lowest: Option<f64>,
    /// Some key field is wrong.
    wrong: bool,
    /// Paid without a person; nothing where that was not decided.
    auto: Option<bool>,
}

/// What passes, and what of that should not have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Passed {
    /// All documents.
    pub documents: u64,
    /// Those that pass.
    pub passed: u64,
    /// Those that pass with a wrong key field.
    pub wrong: u64,
}

impl Passed {
    /// Share of all documents that passes: how much work is saved.
    pub fn share(&self) -> f64 {
        share(self.passed, self.documents)
    }

    /// Share of what passes that is wrong: what escapes.
    pub fn share_wrong(&self) -> f64 {
        share(self.wrong, self.passed)
    }
}

impl Default for Calibration {
    fn default() -> Self {
        let bands = EDGES.windows(2).map(|edges| Band {
            from: edges[0],
            to: edges[1],
            values: 0,
            right: 0,
            sum: 0.0,
        });
        Self {
            bands: bands.collect(),
            unstated: 0,
            unstated_right: 0,
            documents: Vec::new(),
        }
    }
}

impl Calibration {
    /// Adds a document.
    pub(super) fn add(&mut self, verdict: &Verdict<'_>, prediction: Option<&Prediction>) {
        let stated = |field: &str| prediction.and_then(|record| record.confidence(field));
        for judged in &verdict.fields {
            if judged.is_key() && judged.got.is_some() {
                self.value(stated(judged.field), judged.right);
            }
        }
        let found = |field: &&str| {
            prediction.is_some_and(|record| !super::compare::empty(record.value(field)))
        };
        let confidences: Option<Vec<f64>> = KEY
            .iter()
            .map(|field| Some(*field).filter(found).and_then(stated))
            .collect();
        self.documents.push(Weighed {
            lowest: confidences.map(|all| all.into_iter().fold(f64::INFINITY, f64::min)),
            wrong: verdict.key_wrong(),
            auto: prediction.and_then(Prediction::auto),
        });
    }

    fn value(&mut self, confidence: Option<f64>, right: bool) {
        let band = confidence.and_then(|confidence| {
            let place = EDGES[1..EDGES.len() - 1]
                .iter()
                .filter(|edge| confidence >= **edge)
                .count();
            Some((self.bands.get_mut(place)?, confidence))
        });
        if let Some((band, confidence)) = band {
            band.values += 1;
            band.right += u64::from(right);
            band.sum += confidence;
        } else {
            self.unstated += 1;
            self.unstated_right += u64::from(right);
        }
    }

    /// Expected calibration error: how far what is stated and what is right lie apart on average, 0 to 1.
    pub fn error(&self) -> f64 {
        let all: u64 = self.bands.iter().map(|band| band.values).sum();
        self.bands
            .iter()
            .filter_map(|band| {
                let apart = (band.stated()? - band.share_right()?).abs();
                Some(apart * share(band.values, all))
            })
            .sum()
    }

    /// What passes if all four key fields have to be found with at least this confidence.
    pub fn passed_at(&self, threshold: f64) -> Passed {
        self.passed(|document| document.lowest.is_some_and(|lowest| lowest >= threshold))
    }

    /// What passed by the records' own routing; nothing if they were not routed.
    pub fn routed(&self) -> Option<Passed> {
        let routed = self
            .documents
            .iter()
            .any(|document| document.auto.is_some());
        routed.then(|| self.passed(|document| document.auto == Some(true)))
    }

    fn passed(&self, passes: impl Fn(&Weighed) -> bool) -> Passed {
        let passed = || self.documents.iter().filter(|document| passes(document));
        Passed {
            documents: self.documents.len() as u64,
            passed: passed().count() as u64,
            wrong: passed().filter(|document| document.wrong).count() as u64,
        }
    }
}
