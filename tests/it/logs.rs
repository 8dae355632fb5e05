//! The log: lines that parse, one line for each failure, and nothing of what an invoice says.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::sandbox::{SAME, Sandbox, records};

/// The keys of origin document S1, and ours.
const KEYS: [&str; 9] = [
    "timestamp",
    "level",
    "logger",
    "message",
    "service",
    "request_id",
    "filename",
    "stage",
    "run_id",
];

/// The lines of a log; `-q` leaves only those on standard error.
#[track_caller]
fn log(err: &str) -> Vec<Value> {
    let lines = records(err);
    for line in &lines {
        let object = line.as_object().expect("an object");
        let missing: Vec<_> = KEYS
            .iter()
            .filter(|key| !object.contains_key(**key))
            .collect();
        assert!(missing.is_empty(), "{missing:?}: {line}");
        assert_eq!(line["service"], "vouch");
        assert!(
            line["run_id"].is_string() && line["timestamp"].is_string(),
            "{line}"
        );
    }
    lines
}

#[test]
fn each_failure_is_one_line_in_every_verb() {
    let sandbox = Sandbox::new();
    let flags = ["--log-format", "json", "--log-level", "debug", "-q"];
    let ran = sandbox
        .run(&["fixtures/bad", "fixtures/inbox/ubl-small.xml"], &flags)
        .ends(4);
    let lines = log(&ran.err);
    let failures: Vec<&Value> = lines
        .iter()
        .filter(|line| line["event"] == "record_failed")
        .collect();
    let expected: BTreeSet<(String, String)> = ran
        .records()
        .iter()
        .filter(|record| record["status"] == "error")
        .map(|record| {
            (
                record["id"].to_string(),
                record["error"]["code"].to_string(),
            )
        })
        .collect();
    assert_eq!(failures.len(), 4);
    let told: BTreeSet<(String, String)> = failures
        .iter()
        .map(|line| (line["id"].to_string(), line["error"].to_string()))
        .collect();
    assert_eq!(told, expected);
    let traces: BTreeSet<String> = failures
        .iter()
        .map(|line| line["trace_id"].to_string())
        .collect();
    assert_eq!(traces.len(), 4, "each has its own trace_id");
    for line in &failures {
        assert_eq!(line["level"], "WARN");
        assert_eq!(line["stage"], "ocr");
        assert_eq!(line["request_id"], line["id"]);
        assert!(
            line["filename"].is_string() && line["trace_id"].is_string(),
            "{line}"
        );
    }
    // What succeeded is told at debug, and the run at info.
    let of = |level: &str| lines.iter().filter(|line| line["level"] == level).count();
    assert_eq!(of("INFO"), 1, "{lines:?}");
    assert!(of("DEBUG") >= 1, "{lines:?}");

    // In a pipe the stage that failed says so, and the later ones do not repeat it.
    let flags = [&SAME[..], &flags].concat().join(" ");
    let piped = sandbox.shell(&format!("vouch ocr fixtures/bad {flags} | vouch extract {flags} | vouch validate {flags} >/dev/null")).ends(4);
    let failed = log(&piped.err)
        .iter()
        .filter(|line| line["event"] == "record_failed")
        .count();
    assert_eq!(failed, 4, "{piped}");
}

/// What people get as lines of text, programs get as one event; standard error is JSON and nothing else.
#[test]
fn the_summary_is_an_event_where_the_log_is_json() {
    let sandbox = Sandbox::new();
    let paths = ["fixtures/bad/test.pdf", "fixtures/inbox/ubl-small.xml"];
    let ran = sandbox
        .run(&paths, &["-o", "out", "--log-format", "json"])
        .ends(4);
    let told: Vec<Value> = log(&ran.err)
        .into_iter()
        .filter(|line| line["level"] == "INFO")
        .collect();
    assert_eq!(told.len(), 1, "{ran}");
    for (key, count) in [
        ("documents", 2),
        ("known", 0),
        ("approved", 1),
        ("approved_by_a_person", 0),
        ("held", 0),
        ("failed", 1),
        ("exported", 1),
    ] {
        assert_eq!(told[0][key], count, "{key}: {ran}");
    }
    let retried = sandbox
        .shell("vouch retry --failed --journal journal --reference fixtures/reference --log-format json")
        .ends(4);
    let told = log(&retried.err);
    let told: Vec<&Value> = told.iter().filter(|line| line["level"] == "INFO").collect();
    assert_eq!(told.len(), 1, "{retried}");
    assert_eq!(told[0]["failed"], 1, "{retried}");
    // Who asks for a level gets that one.
    let warned = sandbox
        .run(&paths, &["--log-format", "json", "--log-level", "warn"])
        .ends(4);
    assert!(log(&warned.err).iter().all(|line| line["level"] == "WARN"));
}

#[test]
fn levels_and_forms_are_as_asked_for() {
    let sandbox = Sandbox::new();
    let bad = ["fixtures/bad/test.pdf"];
    for (level, lines) in [("off", 0), ("error", 0), ("warn", 1), ("info", 2)] {
        let ran = sandbox
            .run(&bad, &["-q", "--log-level", level, "--log-format", "json"])
            .ends(4);
        assert_eq!(log(&ran.err).len(), lines, "{level}: {ran}");
    }
    let text = sandbox.run(&bad, &["-q"]).ends(4);
    assert_eq!(
        text.err,
        "warn: test.pdf: document failed: UNSUPPORTED_TYPE\n"
    );
}

#[test]
fn nothing_of_an_invoice_is_in_the_log() {
    let sandbox = Sandbox::new();
    // The program must not tell it in what it says of a failure either: a truncated copy of each.
    for name in sandbox.files("fixtures/inbox") {
        let bytes = sandbox.bytes(&format!("fixtures/inbox/{name}"));
        sandbox.write(&format!("cut/{name}"), &bytes[..bytes.len() * 2 / 3]);
    }
    let flags = ["--log-format", "json", "--log-level", "debug", "-q", "-vv"];
    let ran = sandbox.run(&["fixtures/inbox", "fixtures/bad", "cut"], &flags);
    assert!(matches!(ran.code, 0 | 4), "{ran}");
    let mut told = ran.err.clone();
    for verb in [
        "audit",
        "stats",
        "export -o bills.csv",
        "retry --failed --reference fixtures/reference",
    ] {
        let args: Vec<&str> = verb
            .split(' ')
            .chain(["--journal", "journal"])
            .chain(flags)
            .collect();
        told.push_str(&sandbox.vouch(&args).err);
    }
    assert!(log(&ran.err).len() > 13);
    let mut secrets = BTreeSet::new();
    for record in ran.records() {
        collect(&record["invoice"], &mut secrets);
        collect(&record["vendor"]["name"], &mut secrets);
    }
    assert!(secrets.len() > 100, "{secrets:?}");
    for secret in &secrets {
        assert!(
            !told.contains(secret.as_str()),
            "`{secret}` is in the log: {told}"
        );
    }
}

/// Names, numbers, accounts and amounts: what is long enough to be recognised.
fn collect(value: &Value, into: &mut BTreeSet<String>) {
    match value {
        Value::String(text) if text.chars().count() >= 6 => {
            into.insert(text.clone());
        }
        Value::Number(number) => {
            let text = number.to_string();
            if text.len() >= 6 && text.contains('.') {
                into.insert(text);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, into)),
        Value::Object(members) => members.values().for_each(|member| collect(member, into)),
        _ => {}
    }
}
