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

/// Each difference as a line.
fn differences(path: &str, expected: &Value, got: &Value, into: &mut String) {
    match expected {
        Value::Object(members) => {
            for (name, member) in members {
                differences(&format!("{path}.{name}"), member, &got[name.as_str()], into);
            }
        }
        Value::Array(items) => {
            let count = got.as_array().map_or(0, Vec::len);
            if count != items.len() {
                let _ = writeln!(into, "  {path}: {} expected, {count} found", items.len());
                return;
            }
            for (index, item) in items.iter().enumerate() {
                differences(&format!("{path}[{index}]"), item, &got[index], into);
            }
        }
        _ if same(expected, got) => {}
        _ => {
            let _ = writeln!(into, "  {path}: expected {expected}, found {got}");
        }
    }
}

#[test]
fn every_fixture_gives_its_expected_record() {
    let sandbox = Sandbox::new();
    sandbox
        .run(&["fixtures/inbox", "fixtures/bad"], &["-o", "out"])
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
        let mut differs = String::new();
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
            have.dedup();
            if want != have {
                let _ = writeln!(differs, "  findings: expected {want:?}, found {have:?}");
            }
        }
        if !differs.is_empty() {
            wrong += 1;
            let _ = write!(report, "{file}:\n{differs}");
        }
    }
    assert_eq!(wrong, 0, "{wrong} of {} differ\n{report}", files.len());
}
