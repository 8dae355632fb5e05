//! vouch as a check of fixture invoices in a CI: what ends with 0, what with 1, what with 4.

use crate::sandbox::{Ran, SAME, Sandbox};

/// Fixtures without an error among their findings, and without OCR.
const GOOD: [&str; 5] = [
    "fixtures/inbox/acme-2026-0042.pdf",
    "fixtures/inbox/small-en.pdf",
    "fixtures/inbox/cii-invoice.xml",
    "fixtures/inbox/ubl-invoice.xml",
    "fixtures/inbox/ubl-small.xml",
];

fn run(sandbox: &Sandbox, paths: &[&str], more: &[&str]) -> Ran {
    sandbox.run(paths, &[&["--strict"], more].concat())
}

fn pipe(sandbox: &Sandbox, paths: &[&str]) -> Ran {
    let same = SAME.join(" ");
    sandbox.shell(&format!(
        "vouch ocr {} {same} | vouch extract {same} | vouch enrich {same} | vouch validate --strict {same}",
        paths.join(" ")
    ))
}

/// The small UBL invoice with one total changed: 335.17 became 353.17.
fn changed(sandbox: &Sandbox) -> &'static str {
    let text = sandbox
        .text("fixtures/inbox/ubl-small.xml")
        .replace(">335.17<", ">353.17<");
    sandbox.write("changed.xml", text.as_bytes());
    "changed.xml"
}

#[test]
fn good_fixtures_end_with_0() {
    let sandbox = Sandbox::new();
    let ran = run(&sandbox, &GOOD, &[]).ok();
    assert_eq!(ran.records().len(), GOOD.len());
    let piped = pipe(&sandbox, &GOOD).ok();
    assert_eq!(piped.err, "");
    // Holding and warnings do not count: all of the inbox but a second copy of an invoice and a vendor that may not be paid.
    let inbox: Vec<String> = sandbox
        .files("fixtures/inbox")
        .iter()
        .filter(|name| !name.starts_with("scan") && !name.starts_with("factuur"))
        .map(|name| format!("fixtures/inbox/{name}"))
        .collect();
    let inbox: Vec<&str> = inbox.iter().map(String::as_str).collect();
    run(&sandbox, &inbox, &[]).ok();
}

#[test]
fn a_changed_total_ends_with_1_and_says_file_rule_and_both_figures() {
    let sandbox = Sandbox::new();
    let paths = [GOOD[3], changed(&sandbox)];
    for ran in [
        run(&sandbox, &paths, &["-o", "out"]),
        pipe(&sandbox, &paths),
    ] {
        let ran = ran.ends(1);
        let line = ran
            .err
            .lines()
            .find(|line| line.starts_with("changed.xml: GROSS_MISMATCH: "))
            .unwrap_or_else(|| panic!("no line for the file and the rule: {ran}"));
        for figure in ["335.17", "353.17"] {
            assert!(line.contains(figure), "{figure}: {line}");
        }
        assert!(!ran.err.contains("ubl-invoice.xml: "), "{ran}");
    }
    // Without --strict it is held, and the run has done its work.
    let lax = sandbox.run(&paths, &[]).ok();
    assert_eq!(lax.records()[1]["status"], "pending_approval");
    assert_eq!(lax.records()[1]["validation"]["valid"], false);
}

#[test]
fn an_unreadable_file_ends_with_4_whatever_else_is_wrong() {
    let sandbox = Sandbox::new();
    let bad = "fixtures/bad/truncated.pdf";
    let changed = changed(&sandbox);
    for (paths, more, code) in [
        (&[GOOD[4], bad][..], &[][..], 4),
        (&[GOOD[4], bad], &["--exit-zero"], 0),
        (&[changed, bad], &[], 4),
        (&[changed, bad], &["--exit-zero"], 1),
        (&[changed], &["--exit-zero"], 1),
        (&["no/such/file.pdf"], &[], 4),
    ] {
        let ran = run(&sandbox, paths, more).ends(code);
        assert_eq!(ran.records().len(), paths.len(), "{ran}");
    }
    pipe(&sandbox, &[GOOD[4], bad]).ends(4);
    pipe(&sandbox, &[changed, bad]).ends(4);
}

#[test]
fn failures_end_a_run_early_when_asked_to() {
    let sandbox = Sandbox::new();
    // What is in flight is finished, so there have to be more of them than that.
    sandbox.bad_files("bad", 200);
    let early = sandbox.run(&["bad"], &["--fail-fast"]).ends(7);
    assert!(early.records().len() < 200, "{early}");
    let fresh = Sandbox::new();
    fresh.bad_files("bad", 200);
    fresh.run(&["bad"], &["--max-failures", "2"]).ends(7);
    fresh.assert_sound();
    sandbox.run(&["bad"], &["--max-failures", "201"]).ends(4);
    sandbox.assert_sound();
}

#[test]
fn failures_end_a_short_run_early_as_well() {
    // Few enough to be in flight all at once, if nobody held them back.
    for (flags, jobs, least, most) in [
        (&["--fail-fast"][..], "1", 1, 1),
        (&["--max-failures", "2"], "1", 2, 2),
        (&["--fail-fast"], "4", 1, 4),
    ] {
        let sandbox = Sandbox::new();
        sandbox.bad_files("bad", 20);
        let flags = [flags, &["-j", jobs]].concat();
        let ran = sandbox.run(&["bad"], &flags).ends(7);
        let count = ran.records().len();
        assert!((least..=most).contains(&count), "{flags:?}: {count} {ran}");
        sandbox.assert_sound();
    }
    // The last file's failure reaches the limit too, however much was left to do.
    let sandbox = Sandbox::new();
    sandbox.small_invoices("one", 1);
    sandbox.bad_files("two", 1);
    let ran = sandbox.run(&["one", "two"], &["--fail-fast"]).ends(7);
    assert_eq!(ran.records().len(), 2, "{ran}");
    // Lines of an earlier stage are held back in the same way.
    let piped = sandbox.shell(&format!(
        "vouch ocr one {set} > lines; for n in 1 2 3 4 5 6 7 8; do echo no line $n; done >> lines; vouch extract --fail-fast -j1 {set} < lines",
        set = "--now 2026-01-20 --journal pipe"
    ));
    assert_eq!(piped.ends(7).records().len(), 2);
}
