//! Pipes: the same records as `run`, for any number of jobs, with or without a journal, and quiet or clear ends.

use std::collections::BTreeSet;

use crate::sandbox::{QUICK, SAME, Sandbox, record_of, records};

const BOTH: [&str; 2] = ["fixtures/inbox", "fixtures/bad"];

/// The five verbs, with the same words behind each of them.
fn five(paths: &str, same: &str) -> String {
    format!(
        "vouch ocr {paths} {same} | vouch extract {same} | vouch enrich {same} | vouch validate {same} | vouch route {same}"
    )
}

fn same() -> String {
    SAME.join(" ")
}

/// What a journal has no part in: without one the checks for duplicates are skipped, and with them what follows.
fn without_journal(text: &str) -> Vec<serde_json::Value> {
    let mut lines = records(text);
    for line in &mut lines {
        let source = line["source"].as_object_mut().expect("every line has one");
        source.shift_remove("archive_path");
        let line = line.as_object_mut().expect("an object");
        line.retain(|key, _| {
            !matches!(
                key.as_str(),
                "validation" | "routing" | "approval" | "status"
            )
        });
    }
    lines
}

#[test]
fn the_pipe_gives_the_records_of_run_for_any_number_of_jobs_and_a_second_time() {
    let sandbox = Sandbox::new();
    let paths = BOTH.join(" ");
    let first = sandbox.run(&BOTH, &["-o", "out", "-j1"]).ends(4);
    let bytes = sandbox.text("out/records.jsonl");
    let documents: usize = (BOTH.iter())
        .map(|folder| {
            std::fs::read_dir(sandbox.path(folder))
                .expect("a folder")
                .count()
        })
        .sum();
    assert_eq!(
        bytes.lines().count(),
        documents,
        "one line a document: {first}"
    );

    let again = sandbox
        .run(&BOTH, &["-o", "out", "-j2"])
        .ends(4)
        .says(&format!(
            "{documents} documents, {documents} of them known from an earlier run"
        ));
    assert_eq!(sandbox.text("out/records.jsonl"), bytes, "{again}");

    let fresh = sandbox
        .vouch(&[&["run"], &BOTH[..], &SAME, &["--journal", "two", "-j2"]].concat())
        .ends(4);
    assert_eq!(fresh.out, bytes, "-j1 and -j2 differ");

    let piped = sandbox
        .shell(&five(&paths, &format!("{} --journal three", same())))
        .ends(4);
    assert_eq!(piped.out, bytes, "the pipe and run differ");
    let bare = sandbox.shell(&five(&paths, &same())).ends(4);
    assert_eq!(
        without_journal(&bare.out),
        without_journal(&bytes),
        "without a journal more differs than the checks for duplicates"
    );
    for line in bare
        .records()
        .iter()
        .filter(|line| line["status"] != "error")
    {
        assert_eq!(
            line["status"], "pending_approval",
            "a check that did not run is no pass"
        );
    }
}

#[test]
fn unordered_gives_the_same_lines_in_some_order() {
    let sandbox = Sandbox::new();
    sandbox.small_invoices("many", 12);
    let set = |text: &str| text.lines().map(str::to_owned).collect::<BTreeSet<_>>();
    let sorted = sandbox
        .vouch(&[&["ocr", "many"], &SAME[..], &["-j2"]].concat())
        .ok();
    let unordered = sandbox
        .vouch(&[&["ocr", "many"], &SAME[..], &["-j2", "--unordered"]].concat())
        .ok();
    assert_eq!(set(&sorted.out), set(&unordered.out));
    assert_eq!(set(&sorted.out).len(), 12);
}

#[test]
fn a_reader_that_goes_away_ends_it_quietly() {
    let sandbox = Sandbox::new();
    sandbox.small_invoices("many", 40);
    let line = format!(
        "set -o pipefail; vouch run many {0} --journal journal -q | head -1",
        same()
    );
    let ran = sandbox.shell(&line).ok();
    assert_eq!(ran.err, "");
    assert_eq!(ran.records().len(), 1);
    let lines: String = sandbox
        .vouch(&[&["ocr", "many"], &SAME[..]].concat())
        .ok()
        .out
        .repeat(20);
    sandbox.write("lines.jsonl", lines.as_bytes());
    for verb in [
        "ocr many",
        "extract < lines.jsonl",
        "stats --journal journal",
        "rules --markdown",
        "schema",
        "--help",
    ] {
        let line = format!("set -o pipefail; vouch -q {verb} | head -c 1 >/dev/null");
        let ran = sandbox.shell(&line).ok();
        assert_eq!(ran.err, "", "{verb}");
    }
    sandbox.run(&["many"], &["-o", "out"]).ok();
    sandbox.assert_sound();
}

#[test]
fn a_full_disk_is_not_taken_for_success() {
    let sandbox = Sandbox::new();
    sandbox.run(&QUICK, &["-o", "out"]).ends(4);
    for verb in [
        "run fixtures/inbox/ubl-small.xml --journal journal",
        "ocr fixtures/inbox/ubl-small.xml",
        "validate < out/records.jsonl",
        "export --journal journal",
        "export < out/records.jsonl",
        "stats --journal journal",
        "status --journal journal",
        "audit --journal journal",
        "pending --journal journal",
        "rules",
        "schema",
        "formats",
        "man",
        "completions bash",
        "--help",
    ] {
        sandbox.shell(&format!("vouch {verb} >/dev/full")).ends(5);
    }
    sandbox.assert_sound();
}

#[test]
fn a_stage_that_broke_upstream_forms_no_batch() {
    let sandbox = Sandbox::new();
    sandbox.small_invoices("many", 3);
    sandbox.bad_files("bad", 200);
    let set = format!("{} --journal journal", same());
    let rest = format!("vouch route {set} | vouch export --journal journal -o bills.csv");
    let stopped = sandbox
        .shell(&format!(
            "vouch ocr bad many --fail-fast {set} | vouch extract {set} | vouch enrich {set} | vouch validate {set} | {rest}"
        ))
        .ends(75)
        .says("`vouch ocr` before this in the pipe ended with 7");
    assert!(!sandbox.path("bills.csv").exists(), "{stopped}");
    // The source stays open while the stage in the middle is killed: `export` sees a clean end of its input.
    let killed = sandbox
        .shell(&format!(
            "(vouch ocr many {set}; sleep 2.5) | vouch extract {set} | vouch enrich {set} | timeout -s KILL 1.5 vouch validate {set} | {rest}"
        ))
        .ends(75)
        .says("`vouch validate` before this in the pipe did not end");
    assert!(!sandbox.path("bills.csv").exists(), "{killed}");
    // Through another program nobody can tell, and that is said.
    sandbox
        .shell(&format!(
            "vouch ocr many {set} | vouch extract {set} | vouch enrich {set} | vouch validate {set} | vouch route {set} | cat | vouch export --journal journal -o bills.csv"
        ))
        .ok()
        .says("cannot tell whether");
    assert_eq!(sandbox.text("bills.csv").lines().count(), 4);
    sandbox.assert_sound();
}

#[test]
fn what_a_user_adds_survives_the_pipe() {
    let sandbox = Sandbox::new();
    let add = r#".batch_label = "Q1" | .invoice.my_note = {"a": [1, 2.5]} | .invoice.line_items[0].my_line = true"#;
    let ran = sandbox
        .shell(&format!(
            "set -o pipefail; vouch ocr fixtures/inbox/ubl-small.xml {0} | jq -c '{add}' | vouch extract {0} | vouch enrich {0} | vouch validate {0} | vouch route {0}",
            format_args!("{} --journal journal", same())
        ))
        .ok();
    let record = &ran.records()[0];
    assert_eq!(record["batch_label"], "Q1");
    assert_eq!(record["invoice"]["my_note"]["a"][1].to_string(), "2.5");
    assert_eq!(record["invoice"]["line_items"][0]["my_line"], true);
    assert_eq!(record["status"], "approved", "{ran}");
}

#[test]
fn a_bad_line_is_an_error_line_and_the_others_go_on() {
    let sandbox = Sandbox::new();
    let good = sandbox
        .vouch(&[&["ocr", "fixtures/inbox/ubl-small.xml"], &SAME[..]].concat())
        .ok()
        .out;
    let newer = good.replacen("vouch/1", "vouch/2", 1);
    let odd_key = good.replacen("\"source\":{", "\"source\":{\"mine\":1,", 1);
    let input = format!("{good}not JSON\n[1]\n{newer}{odd_key}{good}");
    let ran = sandbox
        .vouch_on(&[&["extract"], &SAME[..]].concat(), input.as_bytes())
        .ends(4);
    let records = ran.records();
    let failed: Vec<bool> = records
        .iter()
        .map(|record| record["status"] == "error")
        .collect();
    assert_eq!(failed, [false, true, true, true, true, false], "{ran}");
    for record in records.iter().filter(|record| record["status"] == "error") {
        assert!(record["error"]["code"].is_string(), "{record}");
        assert!(record["id"].is_string(), "{record}");
    }
    // An error of an earlier stage passes through untouched.
    let through = sandbox
        .vouch_on(&[&["validate"], &SAME[..]].concat(), ran.out.as_bytes())
        .ends(4);
    assert_eq!(
        through.records()[1]["error"],
        records[1]["error"],
        "{through}"
    );
}

#[test]
fn lists_of_files_and_standard_input_are_taken_in() {
    let sandbox = Sandbox::new();
    sandbox.write(
        "list",
        b"fixtures/inbox/ubl-small.xml\nfixtures/inbox/ubl-invoice.xml\n",
    );
    sandbox.write(
        "list0",
        b"fixtures/inbox/ubl-small.xml\0fixtures/inbox/ubl-invoice.xml\0",
    );
    let named = sandbox
        .vouch(&["ocr", "--files-from", "list", "--now", "2026-01-20"])
        .ok();
    assert_eq!(named.records().len(), 2);
    let null = sandbox
        .shell("vouch ocr --files-from - -0 --now 2026-01-20 <list0")
        .ok();
    assert_eq!(null.out, named.out);
    let piped = sandbox
        .shell("vouch ocr - --now 2026-01-20 <fixtures/inbox/ubl-small.xml")
        .ok();
    assert_eq!(piped.records()[0]["id"], named.records()[0]["id"]);
    assert_eq!(piped.records()[0]["source"]["kind"], "stdin");
    // The same bytes at two places are one document with a line for each place.
    sandbox.write("copy.xml", &sandbox.bytes("fixtures/inbox/ubl-small.xml"));
    let twice = sandbox
        .run(&["fixtures/inbox/ubl-small.xml", "copy.xml"], &[])
        .ok();
    let lines = twice.records();
    assert_eq!(lines.len(), 2);
    assert_eq!(lines[0]["id"], lines[1]["id"]);
    assert_eq!(
        record_of(&lines, "copy.xml")["source"]["same_as"],
        "fixtures/inbox/ubl-small.xml"
    );
    let stats = sandbox
        .vouch(&["stats", "--journal", "journal"])
        .ok()
        .value();
    assert_eq!(stats["total"], 1);
}
