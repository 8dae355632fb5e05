//! Counts per field: how many values are there, were predicted, are right.

use serde_json::{Map, Value};

use super::pair::Prediction;
use super::score::{is_empty, matching_lines, same};

/// The fields that are scored, in the order in which they are shown.
pub const FIELDS: &[&str] = &[
    "invoice_number",
    "invoice_date",
    "due_date",
    "currency",
    "vendor_name",
    "buyer_name",
    "vendor_vat",
    "subtotal",
    "vat_amount",
    "total",
    "amount_due",
    "po_reference",
    "iban",
];
/// The fields without which no invoice can be booked.
pub const KEY: &[&str] = &["invoice_number", "invoice_date", "total", "vendor_name"];
/// The invoice's lines; scored, but no part of the sum over all fields.
pub const LINES: &str = "line_items";

/// How one field fared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Score {
    /// Documents (for lines: lines) that have a value.
    pub present: usize,
    /// Values predicted, also where there is none.
    pub predicted: usize,
    /// Of those the right ones.
    pub right: usize,
}

impl Score {
    /// Right of the predicted; 0 without any.
    pub fn precision(self) -> f64 {
        share(self.right, self.predicted)
    }

    /// Right of those that are there; 0 without any.
    pub fn recall(self) -> f64 {
        share(self.right, self.present)
    }

    /// Harmonic mean of precision and recall.
    pub fn f1(self) -> f64 {
        let (precision, recall) = (self.precision(), self.recall());
        if self.right == 0 {
            return 0.0;
        }
        2.0 * precision * recall / (precision + recall)
    }

    fn add(&mut self, other: Self) {
        self.present += other.present;
        self.predicted += other.predicted;
        self.right += other.right;
    }
}

pub(super) fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 {
        return 0.0;
    }
    part as f64 / whole as f64
}

/// Counts over documents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tally {
    /// Documents with a truth.
    pub documents: usize,
    /// Of those the ones with a prediction.
    pub answered: usize,
    /// Documents of which at least one key field is known.
    pub key_documents: usize,
    /// Of those the ones with every known key field right.
    pub key_right: usize,
    /// By place in [`FIELDS`].
    pub fields: Vec<Score>,
    /// The invoices' lines.
    pub lines: Score,
}

impl Default for Tally {
    fn default() -> Self {
        Self {
            documents: 0,
            answered: 0,
            key_documents: 0,
            key_right: 0,
            fields: vec![Score::default(); FIELDS.len()],
            lines: Score::default(),
        }
    }
}

impl Tally {
    /// Adds a document. Without a prediction everything on it is missed.
    pub fn add(&mut self, truth: &Map<String, Value>, prediction: Option<&Prediction>) {
        self.documents += 1;
        self.answered += usize::from(prediction.is_some());
        let mut key = Vec::new();
        for (field, score) in FIELDS.iter().zip(&mut self.fields) {
            let Some(wanted) = truth.get(*field) else {
                continue;
            };
            let one = judge(field, predicted(prediction, field), wanted);
            score.add(one);
            if KEY.contains(field) && one.present > 0 {
                key.push(one.right > 0);
            }
        }
        if !key.is_empty() {
            self.key_documents += 1;
            self.key_right += usize::from(key.iter().all(|right| *right));
        }
        if let Some(wanted) = truth.get(LINES).and_then(Value::as_array)
            && !wanted.is_empty()
        {
            let lines = predicted(prediction, LINES).as_array();
            let lines: Vec<&Value> = lines
                .into_iter()
                .flatten()
                .filter(|line| line.is_object())
                .collect();
            self.lines.add(Score {
                present: wanted.len(),
                predicted: lines.len(),
                right: matching_lines(&lines, wanted),
            });
        }
    }

    /// How a field fared, by its name.
    pub fn field(&self, name: &str) -> Option<Score> {
        if name == LINES {
            return Some(self.lines);
        }
        let place = FIELDS.iter().position(|field| *field == name)?;
        self.fields.get(place).copied()
    }

    /// All fields together, without the lines.
    pub fn all(&self) -> Score {
        let mut all = Score::default();
        for score in &self.fields {
            all.add(*score);
        }
        all
    }

    /// Share of documents with every known key field right.
    pub fn key_share(&self) -> f64 {
        share(self.key_right, self.key_documents)
    }
}

/// A value that is wrong, missed, or predicted where there is none.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Miss {
    /// The document's file.
    pub file: String,
    /// The field.
    pub field: &'static str,
    /// What was predicted; null for nothing.
    pub predicted: Value,
    /// What is right; null for nothing.
    pub wanted: Value,
}

/// What is not right in a document, in the order of [`FIELDS`]; lines are not listed.
pub fn misses(
    file: &str,
    truth: &Map<String, Value>,
    prediction: Option<&Prediction>,
) -> Vec<Miss> {
    let mut misses = Vec::new();
    for &field in FIELDS {
        let Some(wanted) = truth.get(field) else {
            continue;
        };
        let value = predicted(prediction, field);
        let one = judge(field, value, wanted);
        if one.right < one.present.max(one.predicted) {
            misses.push(Miss {
                file: file.to_owned(),
                field,
                predicted: value.clone(),
                wanted: wanted.clone(),
            });
        }
    }
    misses
}

/// The predicted value of a field; null where there is none.
pub(super) fn predicted<'a>(prediction: Option<&'a Prediction>, field: &str) -> &'a Value {
    prediction
        .and_then(|prediction| prediction.invoice.get(field))
        .unwrap_or(&Value::Null)
}

/// One value of one document.
pub(super) fn judge(field: &str, predicted: &Value, wanted: &Value) -> Score {
    let (present, said) = (!wanted.is_null(), !is_empty(predicted));
    Score {
        present: usize::from(present),
        predicted: usize::from(said),
        right: usize::from(present && said && same(field, predicted, wanted)),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn tally(truth: &Value, invoice: Option<Value>) -> Tally {
        let prediction = invoice
            .map(|invoice| Prediction::of(&json!({ "source": "a.pdf", "invoice": invoice })));
        let mut tally = Tally::default();
        tally.add(truth.as_object().expect("an object"), prediction.as_ref());
        tally
    }

    #[test]
    fn what_is_not_on_the_document_and_what_is_not_known_differ() {
        for (truth, invoice, present, predicted, right) in [
            (json!({ "iban": "X1" }), json!({ "iban": "X1" }), 1, 1, 1),
            (json!({ "iban": "X1" }), json!({ "iban": "X2" }), 1, 1, 0),
            (json!({ "iban": "X1" }), json!({ "iban": "" }), 1, 0, 0),
            (json!({ "iban": null }), json!({ "iban": "X1" }), 0, 1, 0),
            (json!({ "iban": null }), json!({}), 0, 0, 0),
            (json!({}), json!({ "iban": "X1" }), 0, 0, 0),
        ] {
            let expected = Score {
                present,
                predicted,
                right,
            };
            let tally = tally(&truth, Some(invoice.clone()));
            assert_eq!(tally.field("iban"), Some(expected), "{truth} {invoice}");
            assert_eq!(tally.all(), expected);
        }
    }

    #[test]
    fn key_fields_are_right_together() {
        let truth =
            json!({ "invoice_number": "1", "total": "5.00", "invoice_date": null, "iban": "X" });
        for (invoice, key_right) in [
            (Some(json!({ "invoice_number": "1", "total": 5 })), 1),
            (Some(json!({ "invoice_number": "1", "total": 6 })), 0),
            (Some(json!({ "invoice_number": "1" })), 0),
            (None, 0),
        ] {
            let tally = tally(&truth, invoice);
            assert_eq!((tally.key_documents, tally.key_right), (1, key_right));
        }
        assert_eq!(tally(&json!({ "iban": "X" }), None).key_documents, 0);
    }

    #[test]
    fn a_score_without_values_is_zero() {
        let score = |present, predicted, right| Score {
            present,
            predicted,
            right,
        };
        for (score, expected) in [
            (score(0, 0, 0), 0.0),
            (score(2, 0, 0), 0.0),
            (score(4, 2, 2), 2.0 / 3.0),
            (score(4, 4, 4), 1.0),
        ] {
            assert!((score.f1() - expected).abs() < 1e-12, "{score:?}");
        }
    }

    #[test]
    fn misses_are_what_is_wrong_missed_or_invented() {
        let truth = json!({ "invoice_number": "1", "total": "5", "iban": null, "currency": "EUR", "po_reference": null });
        let record = json!({ "source": "a.pdf", "invoice": { "total": "6", "iban": "X", "currency": "eur" } });
        let prediction = Prediction::of(&record);
        let found = misses(
            "a.pdf",
            truth.as_object().expect("an object"),
            Some(&prediction),
        );
        let fields: Vec<&str> = found.iter().map(|miss| miss.field).collect();
        assert_eq!(fields, ["invoice_number", "total", "iban"]);
    }
}
