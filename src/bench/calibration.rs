//! Whether confidence keeps its word: how often values of a band are right, and what a threshold lets through.

use serde_json::{Map, Value};

use super::pair::Prediction;
use super::tally::{KEY, judge, predicted, share};

/// Lower ends of the bands of confidence; each reaches to the next, the last to 1.
pub const BANDS: &[f64] = &[0.0, 0.5, 0.7, 0.8, 0.9, 0.95];
/// Confidences that every key field must reach for a document to pass.
pub const THRESHOLDS: &[f64] = &[0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 0.97, 0.99];

/// Values of key fields whose confidence is in a band.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Band {
    /// Predicted values.
    pub values: usize,
    /// Of those the right ones.
    pub right: usize,
    confidence: f64,
}

impl Band {
    /// Share that is right.
    pub fn right_share(self) -> f64 {
        share(self.right, self.values)
    }

    /// Mean confidence; 0 without values.
    pub fn mean_confidence(self) -> f64 {
        if self.values == 0 {
            return 0.0;
        }
        self.confidence / self.values as f64
    }
}

/// Documents whose key fields all reach a confidence.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Threshold {
    /// Documents that pass.
    pub passed: usize,
    /// Of those the ones with a wrong key field.
    pub wrong: usize,
}

impl Threshold {
    /// Share of the passed with a wrong key field; 0 if none passed.
    pub fn wrong_share(self) -> f64 {
        share(self.wrong, self.passed)
    }
}

/// Confidence of the key fields against what is right.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Calibration {
    /// Documents with a truth, also those without a prediction: they pass nothing.
    pub documents: usize,
    /// By place in [`BANDS`].
    pub bands: [Band; BANDS.len()],
    /// By place in [`THRESHOLDS`].
    pub thresholds: [Threshold; THRESHOLDS.len()],
}

impl Calibration {
    /// Adds a document. A key field without value or without confidence counts as 0.
    pub fn add(&mut self, truth: &Map<String, Value>, prediction: Option<&Prediction>) {
        self.documents += 1;
        let (mut least, mut wrong) = (1.0_f64, false);
        for field in KEY {
            let value = predicted(prediction, field);
            let said = judge(field, value, &Value::Null).predicted > 0;
            let confidence = prediction
                .and_then(|prediction| prediction.confidence.get(*field))
                .copied()
                .filter(|_| said)
                .unwrap_or(0.0);
            least = least.min(confidence);
            let Some(wanted) = truth.get(*field).filter(|_| said) else {
                continue;
            };
            let right = judge(field, value, wanted).right;
            wrong |= right == 0;
            let band = BANDS.iter().rposition(|from| confidence >= *from);
            let band = &mut self.bands[band.unwrap_or(0)];
            band.values += 1;
            band.right += right;
            band.confidence += confidence;
        }
        for (from, threshold) in THRESHOLDS.iter().zip(&mut self.thresholds) {
            if least >= *from {
                threshold.passed += 1;
                threshold.wrong += usize::from(wrong);
            }
        }
    }

    /// Share of documents that pass a threshold.
    pub fn passed_share(&self, threshold: Threshold) -> f64 {
        share(threshold.passed, self.documents)
    }

    /// Expected calibration error: how far the right share is from the mean confidence, over the bands by their size.
    pub fn error(&self) -> f64 {
        let values: usize = self.bands.iter().map(|band| band.values).sum();
        self.bands
            .iter()
            .map(|band| {
                share(band.values, values) * (band.right_share() - band.mean_confidence()).abs()
            })
            .sum()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// A document with every key field at one confidence, but for the total.
    fn add(calibration: &mut Calibration, total: &Value, confidence: f64) {
        let truth = json!({ "invoice_number": "1", "invoice_date": "2026-01-15", "total": "5", "vendor_name": "Acme" });
        let record = json!({
            "source": "a.pdf",
            "invoice": { "invoice_number": "1", "invoice_date": "2026-01-15", "total": total, "vendor_name": "Acme" },
            "evidence": {
                "invoice_number": { "confidence": 0.99 }, "invoice_date": { "confidence": 0.99 },
                "vendor_name": { "confidence": 0.99 }, "total": { "confidence": confidence },
            },
        });
        calibration.add(
            truth.as_object().expect("an object"),
            Some(&Prediction::of(&record)),
        );
    }

    #[test]
    fn bands_and_thresholds_count_by_the_least_key_field() {
        let mut calibration = Calibration::default();
        add(&mut calibration, &json!("5"), 0.95);
        add(&mut calibration, &json!("6"), 0.8);
        add(&mut calibration, &Value::Null, 0.99);
        calibration.add(
            json!({ "total": "5" }).as_object().expect("an object"),
            None,
        );
        assert_eq!(calibration.documents, 4);
        let values: Vec<_> = calibration
            .bands
            .iter()
            .map(|b| (b.values, b.right))
            .collect();
        assert_eq!(values, [(0, 0), (0, 0), (0, 0), (1, 0), (0, 0), (10, 10)]);
        let passed: Vec<_> = calibration
            .thresholds
            .iter()
            .map(|t| (t.passed, t.wrong))
            .collect();
        assert_eq!(
            passed,
            [
                (2, 1),
                (2, 1),
                (2, 1),
                (2, 1),
                (1, 0),
                (1, 0),
                (1, 0),
                (0, 0),
                (0, 0)
            ]
        );
        // One value of 11 is 0.8 off, ten are 1 − (9 · 0.99 + 0.95) / 10 off.
        assert!((calibration.error() - (0.8 + 0.14) / 11.0).abs() < 1e-12);
    }

    #[test]
    fn nothing_is_no_error() {
        assert!(Calibration::default().error() == 0.0);
    }
}
