//! Help that can be trusted: every example runs, every code is explained, a wrong word ends with 2.

use crate::sandbox::{Ran, Sandbox, entries, read, repository};

/// The verbs, as `vouch --help` lists them.
fn verbs(sandbox: &Sandbox) -> Vec<String> {
    let help = sandbox.vouch(&["--help"]).ok().out;
    let verbs: Vec<String> = help
        .lines()
        .skip_while(|line| *line != "Commands:")
        .skip(1)
        .take_while(|line| line.starts_with("  "))
        .filter(|line| !line.starts_with("   "))
        .filter_map(|line| line.split_whitespace().next())
        .map(str::to_owned)
        .collect();
    assert!(verbs.len() >= 25, "{help}");
    verbs
}

/// The example with which a help opens.
#[track_caller]
fn example(help: &Ran) -> String {
    let mut lines = help.out.lines();
    assert_eq!(lines.next(), Some("Example:"), "{help}");
    let example = lines.next().unwrap_or_default();
    assert!(example.starts_with("  vouch "), "{help}");
    example.trim().to_owned()
}

#[test]
fn every_example_runs_as_it_is_printed() {
    let sandbox = Sandbox::new();
    let mut helps: Vec<Vec<String>> = verbs(&sandbox).into_iter().map(|verb| vec![verb]).collect();
    for sub in [
        "journal verify",
        "journal show",
        "config show",
        "config check",
        "config keys",
    ] {
        helps.push(sub.split(' ').map(str::to_owned).collect());
    }
    helps.push(Vec::new());
    // In a folder as it is after a first run, one after the other: what the first approves the second does not see.
    let sandbox = Sandbox::new();
    sandbox.small_invoices("inbox", 2);
    sandbox
        .shell("VOUCH_JOURNAL=journal vouch run -q fixtures/inbox fixtures/bad --now 2026-01-20 --reference fixtures/reference >/dev/null")
        .ends(4);
    let mut wrong = Vec::new();
    for mut words in helps {
        words.push("--help".to_owned());
        let line = example(&sandbox.vouch(&words).ok());
        let ran = sandbox.shell(&format!(
            "export VOUCH_JOURNAL=journal; set -o pipefail; {line}"
        ));
        // What failed before fails again; that is what the example shows.
        let code = if words[0] == "retry" { 4 } else { 0 };
        if ran.code != code || (ran.out.is_empty() && ran.err.is_empty()) {
            wrong.push(format!("{}: {ran}", words.join(" ")));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_help_has_the_table_of_exit_codes() {
    let sandbox = Sandbox::new();
    let help = sandbox.vouch(&["--help"]).ok().out;
    let table: Vec<i32> = help
        .lines()
        .skip_while(|line| *line != "Exit codes:")
        .skip(1)
        .map_while(|line| line.split_whitespace().next()?.parse().ok())
        .collect();
    assert_eq!(table, [0, 1, 2, 3, 4, 5, 7, 70, 75, 130, 143], "{help}");
    for verb in verbs(&sandbox) {
        let long = sandbox.vouch(&[verb.as_str(), "--help"]).ok();
        let short = sandbox.vouch(&[verb.as_str(), "-h"]).ok();
        assert_eq!(example(&long), example(&short));
        let man = sandbox.vouch(&["man", verb.as_str()]).ok();
        assert!(man.out.contains(".TH"), "{man}");
    }
}

#[test]
fn every_code_is_explained() {
    let sandbox = Sandbox::new();
    let rules = sandbox.vouch(&["rules"]).ok().value();
    let mut codes: Vec<String> = rules
        .as_array()
        .expect("a list")
        .iter()
        .map(|rule| rule["code"].as_str().expect("a code").to_owned())
        .collect();
    assert!(codes.len() > 30);
    let failures = failure_codes();
    assert!(failures.len() > 15, "{failures:?}");
    codes.extend(failures);
    let mut silent = Vec::new();
    for code in &codes {
        let ran = sandbox.vouch(&["explain", code]);
        if ran.code != 0 || !ran.out.starts_with(code.as_str()) || ran.out.lines().count() < 6 {
            silent.push(code);
        }
    }
    assert!(silent.is_empty(), "not explained: {silent:?}");
    let lower = sandbox.vouch(&["explain", "total_mismatch"]).ok();
    for heading in ["What", "Why", "Example", "fix"] {
        assert!(lower.out.contains(heading), "{lower}");
    }
    sandbox
        .vouch(&["explain", "TOTAL_MISMATHC"])
        .ends(2)
        .says("hint:");
}

/// The codes with which the sources refuse or fail, read from the sources.
fn failure_codes() -> std::collections::BTreeSet<String> {
    let mut codes = std::collections::BTreeSet::new();
    let mut open = vec![repository("src")];
    while let Some(folder) = open.pop() {
        for path in entries(&folder) {
            if path.is_dir() {
                open.push(path);
                continue;
            }
            if path.extension().is_none_or(|extension| extension != "rs") {
                continue;
            }
            let text = String::from_utf8(read(&path)).expect("UTF-8");
            let text = text.split("#[cfg(test)]").next().unwrap_or_default();
            for call in text.split("StageError::").skip(1) {
                let Some((_, argument)) = call.split_once('(') else {
                    continue;
                };
                let Some(literal) = argument.trim_start().strip_prefix('"') else {
                    continue;
                };
                let code = literal.split('"').next().unwrap_or_default();
                if code.len() > 4 && code.chars().all(|c| c.is_ascii_uppercase() || c == '_') {
                    codes.insert(code.to_owned());
                }
            }
        }
    }
    codes.extend(["FILE_NOT_FOUND", "FILE_UNREADABLE", "PAGES_MISSING"].map(str::to_owned));
    codes
}

#[test]
fn a_wrong_word_ends_with_2_and_does_nothing() {
    let sandbox = Sandbox::new();
    for args in [
        &["rnu"][..],
        &["run", "--no-such-flag"],
        &["run", "fixtures/inbox", "--jobs", "many"],
        &["run", "fixtures/inbox", "--now", "yesterday"],
        &["run", "fixtures/inbox", "-j0"],
        &["export", "--format", "xls"],
        &[],
    ] {
        let ran = sandbox.vouch(args).ends(2);
        assert!(ran.out.is_empty() && !ran.err.is_empty(), "{ran}");
        assert!(
            ["error: ", "vouch: ", "Example:"]
                .iter()
                .any(|start| ran.err.starts_with(start)),
            "{ran}"
        );
    }
    assert!(!sandbox.path("home/state").exists(), "a journal was made");
}

#[test]
fn colours_and_bars_are_for_terminals_only() {
    let sandbox = Sandbox::new();
    for color in ["", "NO_COLOR=1", "CLICOLOR_FORCE=1 NO_COLOR=1"] {
        for line in [
            "vouch --help",
            "vouch run --wrong",
            "vouch run fixtures/inbox/ubl-small.xml --journal journal",
            "vouch explain NOTHING",
        ] {
            let ran = sandbox.shell(&format!("{color} {line}"));
            assert!(
                !ran.out.contains('\u{1b}')
                    && !ran.err.contains('\u{1b}')
                    && !ran.err.contains('\r'),
                "{ran}"
            );
        }
    }
}

#[test]
fn doctor_formats_config_and_completions_say_what_there_is() {
    let sandbox = Sandbox::new();
    let doctor = sandbox
        .vouch(&["doctor", "--reference", "fixtures/reference"])
        .ok();
    assert!(doctor.out.contains("healthy"), "{doctor}");
    // Scans are read with the real thing: a machine without it is no machine to test on.
    assert!(
        !doctor.out.contains("degraded") && doctor.out.to_lowercase().contains("tesseract"),
        "{doctor}"
    );
    let formats = sandbox.vouch(&["formats"]).ok().out.to_lowercase();
    for format in ["pdf", "png", "jpeg", "tiff", "ubl", "cii", "csv", "jsonl"] {
        assert!(formats.contains(format), "{format}: {formats}");
    }
    sandbox.write(
        "vouch.toml",
        b"jobs = 1\n[policy]\nbase_currency = \"EUR\"\n",
    );
    let line = "VOUCH_LOG_LEVEL=error vouch config show --origin --reference fixtures/reference";
    let config = sandbox.shell(line).ok();
    for origin in ["vouch.toml", "VOUCH_LOG_LEVEL"] {
        assert!(config.out.contains(origin), "{origin}: {config}");
    }
    for shell in ["bash", "zsh", "fish"] {
        assert!(
            sandbox
                .vouch(&["completions", shell])
                .ok()
                .out
                .contains("vouch")
        );
    }
    let version = sandbox.vouch(&["--version"]).ok().out;
    assert_eq!(version, format!("vouch {}\n", env!("CARGO_PKG_VERSION")));
}
