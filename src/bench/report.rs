//! The whole report, and as JSON.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::calibrate::{Calibration, Passed, THRESHOLDS};
use super::judge::{Verdict, judge};
use super::pair::pair;
use super::read::{Prediction, Truth};
use super::tally::{Counts, Tally};
use super::{KEY, LINES};

/// By what documents are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// What sort of file it is.
    Kind,
    /// Its language.
    Lang,
    /// Invoice, receipt, credit note.
    DocType,
    /// Vendor or template.
    Group,
}

impl Part {
    fn of(self, truth: &Truth) -> &str {
        match self {
            Part::Kind => &truth.kind,
            Part::Lang => &truth.lang,
            Part::DocType => &truth.doc_type,
            Part::Group => &truth.group,
        }
    }
}

/// What is scored, and how it is told apart.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// Only documents of these kinds; all if none is named.
    pub kinds: Vec<String>,
    /// A tally for each of these besides the one for all.
    pub by: Option<Part>,
}

/// A field that is wrong or was missed.
#[derive(Clone, Debug, PartialEq)]
pub struct Miss {
    /// The document.
    pub file: String,
    /// The field.
    pub field: &'static str,
    /// What was read; `null` if nothing.
    pub predicted: Value,
    /// What is right; `null` if the document has no such thing.
    pub truth: Value,
}

/// What came of scoring.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// Over all documents.
    pub total: Tally,
    /// Over those of each part, by its name.
    pub by: BTreeMap<String, Tally>,
    /// Confidence against truth.
    pub calibration: Calibration,
    /// Wrong and missed fields, in the order of the truth.
    pub misses: Vec<Miss>,
    /// Documents without a record: all they have is counted as missed.
    pub without_record: Vec<String>,
    /// Records without a document: not scored.
    pub without_truth: Vec<String>,
    /// Further records of a document that has one: not scored.
    pub repeated: Vec<String>,
}

/// Scores records.
pub fn score(truth: &[Truth], predictions: &[Prediction], selection: &Selection) -> Report {
    let pairs = pair(truth, predictions);
    let mut report = Report {
        without_truth: pairs.unknown,
        repeated: pairs.repeated,
        ..Report::default()
    };
    for (place, document) in truth.iter().enumerate() {
        if !selection.kinds.is_empty() && !selection.kinds.contains(&document.kind) {
            continue;
        }
        let prediction = pairs.found.get(&place).copied();
        if prediction.is_none() {
            report.without_record.push(document.file.clone());
        }
        let verdict = judge(document, prediction);
        report.total.add(&verdict, prediction.is_some());
        if let Some(part) = selection.by {
            report
                .by
                .entry(part.of(document).to_owned())
                .or_default()
                .add(&verdict, prediction.is_some());
        }
        report.calibration.add(&verdict, prediction);
        report.misses.extend(misses(document, &verdict));
    }
    report
}

fn misses(document: &Truth, verdict: &Verdict<'_>) -> Vec<Miss> {
    let miss = |field, predicted: Option<&Value>, truth: Option<&Value>| Miss {
        file: document.file.clone(),
        field,
        predicted: predicted.cloned().unwrap_or_default(),
        truth: truth.cloned().unwrap_or_default(),
    };
    let fields = verdict
        .fields
        .iter()
        .filter(|judged| judged.wrong() || judged.present() && !judged.right)
        .map(|judged| miss(judged.field, judged.got, Some(judged.want)));
    let lines = verdict.lines.iter().flat_map(|lines| {
        let missed = lines
            .missed
            .iter()
            .map(|line| miss(LINES, None, Some(line)));
        missed.chain(lines.extra.iter().map(|line| miss(LINES, Some(line), None)))
    });
    fields.chain(lines).collect()
}

impl Report {
    /// The report as one JSON object; shares with four decimals.
    pub fn json(&self, with_misses: bool) -> Value {
        let bands: Vec<Value> = self
            .calibration
            .bands
            .iter()
            .map(|band| {
                json!({
                    "from": band.from, "to": band.to, "values": band.values, "right": band.right,
                    "mean_confidence": band.stated().map(rounded), "share_right": band.share_right().map(rounded),
                })
            })
            .collect();
        let thresholds: Vec<Value> = THRESHOLDS
            .iter()
            .map(|&threshold| {
                let mut row = passed_json(&self.calibration.passed_at(threshold));
                row.insert("min_confidence".to_owned(), json!(threshold));
                Value::Object(row)
            })
            .collect();
        let mut json = tally_json(&self.total);
        let mut put = |key: &str, value: Value| json.insert(key.to_owned(), value);
        put("without_record", json!(self.without_record));
        put("without_truth", json!(self.without_truth));
        put("repeated", json!(self.repeated));
        put(
            "calibration",
            json!({
                "fields": KEY, "bands": bands, "expected_error": rounded(self.calibration.error()),
                "unstated": self.calibration.unstated, "unstated_right": self.calibration.unstated_right,
            }),
        );
        put("thresholds", Value::Array(thresholds));
        if let Some(routed) = self.calibration.routed() {
            put("routed", Value::Object(passed_json(&routed)));
        }
        if !self.by.is_empty() {
            let parts = self
                .by
                .iter()
                .map(|(name, tally)| (name.clone(), Value::Object(tally_json(tally))));
            put("by", Value::Object(parts.collect()));
        }
        if with_misses {
            let misses = self.misses.iter().map(|miss| {
                json!({ "file": miss.file, "field": miss.field, "predicted": miss.predicted, "truth": miss.truth })
            });
            put("errors", misses.collect());
        }
        Value::Object(json)
    }
}

fn tally_json(tally: &Tally) -> Map<String, Value> {
    let fields: Map<String, Value> = tally
        .fields()
        .map(|(field, counts)| (field.to_owned(), counts_json(&counts)))
        .collect();
    let mut json = Map::new();
    let mut put = |key: &str, value: Value| json.insert(key.to_owned(), value);
    put("documents", json!(tally.documents));
    put("predicted_documents", json!(tally.predicted));
    put("fields", Value::Object(fields));
    put("all", counts_json(&tally.all()));
    put("key_documents", json!(tally.key_documents));
    put("key_right", json!(tally.key_right));
    put("key_share", json!(rounded(tally.key_share())));
    json
}

fn counts_json(counts: &Counts) -> Value {
    json!({
        "present": counts.present, "predicted": counts.predicted, "right": counts.right,
        "precision": rounded(counts.precision()), "recall": rounded(counts.recall()), "f1": rounded(counts.f1()),
    })
}

fn passed_json(passed: &Passed) -> Map<String, Value> {
    let mut json = Map::new();
    json.insert("passed".to_owned(), json!(passed.passed));
    json.insert("share_passed".to_owned(), json!(rounded(passed.share())));
    json.insert("wrong".to_owned(), json!(passed.wrong));
    json.insert(
        "share_wrong".to_owned(),
        json!(rounded(passed.share_wrong())),
    );
    json
}

fn rounded(share: f64) -> f64 {
    (share * 10_000.0).round() / 10_000.0
}
