//! Every fixture against the record that it was made to give.

use std::fmt::Write as _;
use std::str::FromStr as _;

use rust_decimal::Decimal;
use serde_json::Value;

use crate::sandbox::{Sandbox, findings, names, read, records, repository};

/// Same value: numbers and texts that are numbers as decimals, all else as it is written; more in the record is no difference.
fn same(expected: &Value, got: &Value) -> bool {
    let decimal = |value: &Value| match value {
        Value::String(text) => Decimal::from_str(text).ok(),
        Value::Number(number) => Decimal::from_str(&number.to_string()).ok(),
        _ => None,
    };
    match (expected, got) {
        (Value::Null, _) => got.is_null(),
        _ if expected == got => true,
        (Value::String(_) | Value::Number(_), Value::Number(_)) => {
            decimal(expected).is_some() && decimal(expected) == decimal(got)
        }
        _ => false,
    }
}

/// Each difference: where it is, and what it is.
pub(crate) fn differences(
    path: &str,
    expected: &Value,
    got: &Value,
    into: &mut Vec<(String, String)>,
) {
    match expected {
        Value::Object(members) => {
            for (name, member) in members {
                differences(&format!("{path}.{name}"), member, &got[name.as_str()], into);
            }
        }
        Value::Array(items) => {
            let count = got.as_array().map_or(0, Vec::len);
            if count != items.len() {
                into.push((
                    path.to_owned(),
                    format!("{} expected, {count} found", items.len()),
                ));
                return;
            }
            for (index, item) in items.iter().enumerate() {
                differences(&format!("{path}[{index}]"), item, &got[index], into);
            }
        }
        _ if same(expected, got) => {}
        _ => into.push((path.to_owned(), format!("expected {expected}, found {got}"))),
    }
}

/// Takes away the differences that the record names as not mended yet; one that is named and does not differ is one itself.
fn without_known_misses(expected: &Value, differs: &mut Vec<(String, String)>) {
    let not_yet: Vec<&str> = expected["not_yet"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    let (known, mut others): (Vec<_>, Vec<_>) = std::mem::take(differs)
        .into_iter()
        .partition(|(path, _)| not_yet.iter().any(|miss| below(path, miss)));
    for miss in not_yet {
        if !known.iter().any(|(path, _)| below(path, miss)) {
            others.push((
                miss.to_owned(),
                "is right now: it goes from `not_yet`".to_owned(),
            ));
        }
    }
    *differs = others;
}

/// Tells whether a path is another one, or something in it.
fn below(path: &str, other: &str) -> bool {
    path.strip_prefix(other)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
}

#[test]
fn a_miss_that_is_mended_has_to_go_from_the_list() {
    let expected = serde_json::json!({ "not_yet": ["invoice.line_items", "invoice.iban"] });
    let mut differs: Vec<(String, String)> = [
        "invoice.line_items[0].total",
        "invoice.line_items_total",
        "invoice.total",
    ]
    .map(|path| (path.to_owned(), String::new()))
    .into();
    without_known_misses(&expected, &mut differs);
    let paths: Vec<&str> = differs.iter().map(|(path, _)| path.as_str()).collect();
    assert_eq!(
        paths,
        ["invoice.line_items_total", "invoice.total", "invoice.iban"]
    );
}

#[test]
fn every_fixture_gives_its_expected_record() {
    let sandbox = Sandbox::new();
    sandbox
        .run(
            &["fixtures/inbox", "fixtures/bad", "fixtures/checks"],
            &["-o", "out"],
        )
        .ends(4);
    let records = records(&sandbox.text("out/records.jsonl"));
    let (mut report, mut wrong) = (String::new(), 0);
    let files = names(&repository("fixtures/expected"));
    assert_eq!(files.len(), records.len(), "a record for each expectation");
    for name in &files {
        let expected: Value =
            serde_json::from_slice(&read(&repository(&format!("fixtures/expected/{name}"))))
                .expect("JSON");
        let file = expected["file"].as_str().expect("names its file");
        let path = format!("fixtures/{file}");
        let mut differs = Vec::new();
        let Some(record) = records
            .iter()
            .find(|record| record["source"]["path"] == path.as_str())
        else {
            let _ = writeln!(report, "{file}: no record");
            wrong += 1;
            continue;
        };
        for part in ["invoice", "routing", "error"] {
            differences(part, &expected[part], &record[part], &mut differs);
        }
        let status = if expected["error"].is_object() {
            &Value::from("error")
        } else {
            &expected["status"]
        };
        differences("status", status, &record["status"], &mut differs);
        if let Some(codes) = expected["findings"].as_array() {
            let mut want: Vec<&str> = codes.iter().filter_map(Value::as_str).collect();
            let mut have = findings(record);
            want.sort_unstable();
            have.sort_unstable();
            if want != have {
                differs.push((
                    "findings".to_owned(),
                    format!("expected {want:?}, found {have:?}"),
                ));
            }
        }
        without_known_misses(&expected, &mut differs);
        if !differs.is_empty() {
            wrong += 1;
            let _ = writeln!(report, "{file}:");
            for (path, differs) in differs {
                let _ = writeln!(report, "  {path}: {differs}");
            }
        }
    }
    assert_eq!(wrong, 0, "{wrong} of {} differ\n{report}", files.len());
}
