//! The scores as tables for people and as JSON for programs.

use std::fmt::Write as _;

use serde_json::{Map, Value, json};

use super::{By, Part, Report};
use crate::bench::{BANDS, FIELDS, KEY, LINES, Score, THRESHOLDS};
use crate::ui::{self, Table};

/// Everything as text.
pub(super) fn text(report: &Report) -> String {
    let (tally, pairs) = (&report.all.tally, &report.pairs);
    let mut text = format!(
        "{} documents, {} with a record; records without a truth: {}, second records of a document: {}\n\n",
        tally.documents, tally.answered, pairs.unknown, pairs.repeated
    );
    text += &fields(&report.all);
    // Writing to a string cannot fail.
    let _ = writeln!(
        text,
        "\nEvery key field right: {} of {} documents ({:.3}). Key fields: {}.",
        tally.key_right,
        tally.key_documents,
        tally.key_share(),
        KEY.join(", ")
    );
    text += "\nConfidence of the key fields, and how often they are right:\n";
    text += &bands(&report.all);
    let _ = writeln!(
        text,
        "Expected calibration error: {:.3}",
        report.all.calibration.error()
    );
    text += "\nWhat passes if every key field must have this confidence, and how much of it has a wrong one:\n";
    text += &thresholds(&report.all);
    if let Some(by) = report.by {
        text.push('\n');
        text += &parts(report, by);
    }
    if let Some(errors) = &report.errors {
        let _ = writeln!(text, "\nWrong, missed or invented: {}", errors.len());
        for miss in errors {
            let _ = writeln!(
                text,
                "{}: {}: {}, right is {}",
                ui::plain(&miss.file),
                miss.field,
                said(&miss.predicted),
                said(&miss.wanted)
            );
        }
    }
    if !report.gates.is_empty() {
        text.push('\n');
    }
    for gate in &report.gates {
        let _ = writeln!(
            text,
            "gate {} {}: {:.4} {} {}",
            gate.gate.score,
            if gate.holds { "passed" } else { "FAILED" },
            gate.reached,
            if gate.holds { "≥" } else { "<" },
            gate.gate.least
        );
    }
    text
}

/// A value as it stands in a list of errors.
fn said(value: &Value) -> String {
    match value {
        Value::Null => "nothing".to_owned(),
        value => ui::plain(&value.to_string()).into_owned(),
    }
}

fn fields(part: &Part) -> String {
    let mut table = Table::new(&[
        "FIELD",
        ">PRESENT",
        ">PREDICTED",
        ">RIGHT",
        ">PRECISION",
        ">RECALL",
        ">F1",
    ]);
    let rows = FIELDS
        .iter()
        .zip(&part.tally.fields)
        .map(|(field, score)| (*field, *score))
        .chain([
            ("all of these", part.tally.all()),
            (LINES, part.tally.lines),
        ]);
    for (field, score) in rows {
        table.row([
            field.to_owned(),
            score.present.to_string(),
            score.predicted.to_string(),
            score.right.to_string(),
            format!("{:.3}", score.precision()),
            format!("{:.3}", score.recall()),
            format!("{:.3}", score.f1()),
        ]);
    }
    table.text()
}

/// A band's ends.
fn ends(band: usize) -> (f64, f64) {
    (BANDS[band], BANDS.get(band + 1).copied().unwrap_or(1.0))
}

fn bands(part: &Part) -> String {
    let mut table = Table::new(&[
        "CONFIDENCE",
        ">VALUES",
        ">RIGHT",
        ">SHARE RIGHT",
        ">MEAN CONFIDENCE",
    ]);
    for (number, band) in part.calibration.bands.iter().enumerate() {
        let (from, to) = ends(number);
        table.row([
            format!("{from:.2}–{to:.2}"),
            band.values.to_string(),
            band.right.to_string(),
            of(band.values, band.right_share()),
            of(band.values, band.mean_confidence()),
        ]);
    }
    table.text()
}

fn thresholds(part: &Part) -> String {
    let mut table = Table::new(&[
        "CONFIDENCE",
        ">PASSED",
        ">SHARE PASSED",
        ">WITH A WRONG KEY FIELD",
        ">SHARE OF PASSED",
    ]);
    for (from, threshold) in THRESHOLDS.iter().zip(&part.calibration.thresholds) {
        table.row([
            format!("{from:.2}"),
            threshold.passed.to_string(),
            format!("{:.3}", part.calibration.passed_share(*threshold)),
            threshold.wrong.to_string(),
            of(threshold.passed, threshold.wrong_share()),
        ]);
    }
    table.text()
}

/// A share of so many; a dash where there are none.
fn of(count: usize, share: f64) -> String {
    if count == 0 {
        "-".to_owned()
    } else {
        format!("{share:.3}")
    }
}

fn parts(report: &Report, by: By) -> String {
    let head = match by {
        By::Kind => "F1 BY KIND",
        By::Lang => "F1 BY LANGUAGE",
        By::DocType => "F1 BY DOCUMENT TYPE",
        By::Group => "F1 BY GROUP",
    };
    let mut table = Table::new(&[
        head,
        ">DOCUMENTS",
        ">RECORDS",
        ">NUMBER",
        ">DATE",
        ">TOTAL",
        ">VENDOR",
        ">LINES",
        ">ALL FIELDS",
        ">KEY RIGHT",
    ]);
    for (name, part) in &report.parts {
        let tally = &part.tally;
        let scores = KEY
            .iter()
            .chain([&LINES])
            .map(|field| tally.field(field).unwrap_or_default())
            .chain([tally.all()])
            .map(|score| of(score.present.max(score.predicted), score.f1()));
        table.row(
            [
                name.clone(),
                tally.documents.to_string(),
                tally.answered.to_string(),
            ]
            .into_iter()
            .chain(scores)
            .chain([of(tally.key_documents, tally.key_share())]),
        );
    }
    table.text()
}

/// Everything as one JSON object; shares with four digits.
pub(super) fn json(report: &Report) -> Value {
    let mut object = part_json(&report.all);
    object.insert(
        "records_without_truth".to_owned(),
        json!(report.pairs.unknown),
    );
    object.insert("second_records".to_owned(), json!(report.pairs.repeated));
    if report.by.is_some() {
        let parts: Map<String, Value> = report
            .parts
            .iter()
            .map(|(name, part)| (name.clone(), Value::Object(part_json(part))))
            .collect();
        object.insert("by".to_owned(), Value::Object(parts));
    }
    if let Some(errors) = &report.errors {
        object.insert("errors".to_owned(), json!(errors));
    }
    let gates: Vec<Value> = report
        .gates
        .iter()
        .map(|gate| json!({ "score": gate.gate.score, "least": gate.gate.least, "reached": short(gate.reached), "passed": gate.holds }))
        .collect();
    object.insert("gates".to_owned(), Value::Array(gates));
    Value::Object(object)
}

fn part_json(part: &Part) -> Map<String, Value> {
    let (tally, calibration) = (&part.tally, &part.calibration);
    let fields: Map<String, Value> = FIELDS
        .iter()
        .zip(&tally.fields)
        .map(|(field, score)| ((*field).to_owned(), score_json(*score)))
        .collect();
    let bands: Vec<Value> = calibration
        .bands
        .iter()
        .enumerate()
        .map(|(number, band)| {
            let (from, to) = ends(number);
            json!({ "from": from, "to": to, "values": band.values, "right": band.right,
                "right_share": short(band.right_share()), "mean_confidence": short(band.mean_confidence()) })
        })
        .collect();
    let thresholds: Vec<Value> = THRESHOLDS
        .iter()
        .zip(&calibration.thresholds)
        .map(|(from, threshold)| {
            json!({ "confidence": from, "passed": threshold.passed,
                "passed_share": short(calibration.passed_share(*threshold)),
                "wrong": threshold.wrong, "wrong_share": short(threshold.wrong_share()) })
        })
        .collect();
    let object = json!({
        "documents": tally.documents,
        "records": tally.answered,
        "fields": fields,
        "all": score_json(tally.all()),
        "line_items": score_json(tally.lines),
        "key": { "documents": tally.key_documents, "right": tally.key_right, "share": short(tally.key_share()) },
        "calibration": { "error": short(calibration.error()), "bands": bands },
        "thresholds": thresholds,
    });
    match object {
        Value::Object(object) => object,
        _ => Map::new(),
    }
}

fn score_json(score: Score) -> Value {
    json!({ "present": score.present, "predicted": score.predicted, "right": score.right,
        "precision": short(score.precision()), "recall": short(score.recall()), "f1": short(score.f1()) })
}

fn short(share: f64) -> f64 {
    (share * 10_000.0).round() / 10_000.0
}
