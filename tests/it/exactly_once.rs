//! Nothing lost, nothing twice: killed runs, runs at once, files that went missing, files that are somebody else's.

use std::collections::BTreeMap;
use std::process::Stdio;
use std::time::{Duration, Instant};

use crate::sandbox::{SAME, Sandbox, VOUCH};

/// Every bill of a folder with how often its batches have it: `bills.csv`, `bills-2.csv` …
fn billed(sandbox: &Sandbox, folder: &str) -> BTreeMap<String, u32> {
    let mut seen = BTreeMap::new();
    for (name, table) in sandbox.tables(folder) {
        if name.starts_with("bills") {
            for row in table.lines().skip(1) {
                let id = row.split(',').next().unwrap_or_default().to_owned();
                *seen.entry(id).or_default() += 1;
            }
        }
    }
    seen
}

/// Asserts that each approved document is in the books once, and nothing else is.
fn assert_each_once(sandbox: &Sandbox, folder: &str, count: usize) {
    let bills = billed(sandbox, folder);
    assert!(
        bills.values().all(|times| *times == 1),
        "twice in the books: {bills:?}"
    );
    assert_eq!(bills.len(), count, "{bills:?}");
    let stats = sandbox
        .vouch(&["stats", "--journal", "journal"])
        .ok()
        .value();
    assert_eq!(stats["exported"], count, "{stats}");
}

/// Numbers that look random and are the same in every run of the test.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % bound
    }
}

/// How often to kill: 10, or what `VOUCH_TEST_KILLS` says (`make soak`).
#[expect(
    clippy::disallowed_methods,
    reason = "the number comes from `make soak`"
)]
fn kills() -> u32 {
    std::env::var("VOUCH_TEST_KILLS")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(10)
}

#[test]
fn killed_at_any_moment_it_completes_and_bills_each_document_once() {
    let fresh = || {
        let sandbox = Sandbox::new();
        sandbox.small_invoices("many", 24);
        sandbox
    };
    let paths = ["many", "fixtures/bad"];
    let mut sandbox = fresh();
    let began = Instant::now();
    sandbox.run(&paths, &["-o", "out"]).ends(4);
    let mut length = u64::try_from(began.elapsed().as_micros()).expect("short");
    let expected = sandbox.text("out/records.jsonl");
    let mut random = Random(0x5eed_2026);
    for kill in 0..kills() {
        // Three kills to a journal: also a run that mends an earlier one is killed.
        if kill % 3 == 0 {
            sandbox = fresh();
        }
        // A run that had ended before it could be killed does not count.
        while !cut(&sandbox, Duration::from_micros(random.below(length))) {
            length = length * 3 / 4 + 1_000;
            sandbox = fresh();
        }
        length = length * 9 / 8;
        if kill % 3 != 2 && kill + 1 != kills() {
            continue;
        }
        sandbox.run(&paths, &["-o", "out"]).ends(4);
        sandbox.assert_sound();
        assert_each_once(&sandbox, "out", 24);
        assert_eq!(
            sandbox.text("out/records.jsonl"),
            expected,
            "after kill {kill} the records differ"
        );
    }
}

/// Starts a run and kills it after a while; tells whether it was still at work then.
fn cut(sandbox: &Sandbox, after: Duration) -> bool {
    let mut child = sandbox
        .command(VOUCH)
        .args(["run", "many", "fixtures/bad"])
        .args(SAME)
        .args(["--journal", "journal", "-o", "out"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("started");
    std::thread::sleep(after);
    let at_work = child.try_wait().expect("asked").is_none();
    // A process that has ended cannot be killed.
    let _ = child.kill();
    child.wait().expect("reaped");
    at_work
}

#[test]
fn two_runs_at_once_on_one_journal_share_the_work() {
    let sandbox = Sandbox::new();
    sandbox.small_invoices("many", 20);
    let start = || {
        sandbox
            .command(VOUCH)
            .args(["run", "many"])
            .args(SAME)
            .args(["--journal", "journal", "-o", "out"])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("started")
    };
    let both = [start(), start()];
    for child in both {
        let output = child.wait_with_output().expect("ended");
        // Both form a batch of what is approved; who comes second is told to run again.
        let code = output.status.code();
        assert!(
            matches!(code, Some(0 | 75)),
            "{code:?}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
    sandbox.run(&["many"], &["-o", "out"]).ok();
    sandbox.assert_sound();
    assert_each_once(&sandbox, "out", 20);
    assert_eq!(sandbox.text("out/records.jsonl").lines().count(), 20);
}

#[test]
fn an_export_called_twice_leaves_the_same_bytes_and_new_bills_get_a_file_of_their_own() {
    let sandbox = Sandbox::new();
    sandbox.small_invoices("first", 3);
    sandbox.small_invoices("later", 5);
    let export = |place: &str| sandbox.vouch(&["export", "--journal", "journal", "-o", place]);
    sandbox.run(&["first"], &["-q"]).ok();
    export("books/bills.csv").ok();
    let bytes = sandbox.bytes("books/bills.csv");
    export("books/bills.csv").ok().says("nothing new to export");
    assert_eq!(sandbox.bytes("books/bills.csv"), bytes);

    sandbox.run(&["later"], &["-q"]).ok();
    export("books/bills.csv").ok();
    assert_eq!(sandbox.bytes("books/bills.csv"), bytes);
    assert_each_once(&sandbox, "books", 5);
    assert!(sandbox.path("books/bills-2.csv").exists());

    // At another place only what is new is written, and it is said where the rest lies.
    let elsewhere = export("elsewhere/bills.csv").ok().says("books/bills.csv");
    assert_eq!(
        sandbox.text("elsewhere/bills.csv").lines().count(),
        1,
        "{elsewhere}"
    );
}

#[test]
fn a_missing_or_torn_file_is_restored_and_a_foreign_one_left_alone() {
    let sandbox = Sandbox::new();
    sandbox.small_invoices("many", 3);
    sandbox.run(&["many"], &["-o", "out"]).ok();
    let bytes = sandbox.bytes("out/bills.csv");

    sandbox.remove("out/bills.csv");
    sandbox.run(&["many"], &["-o", "out"]).ok();
    assert_eq!(sandbox.bytes("out/bills.csv"), bytes, "missing");

    sandbox.write("out/bills.csv", &bytes[..bytes.len() / 2]);
    sandbox
        .vouch(&["export", "--journal", "journal", "-o", "out/bills.csv"])
        .ok()
        .says("restored");
    assert_eq!(sandbox.bytes("out/bills.csv"), bytes, "torn");

    sandbox.write("out/bills.csv", b"mine\n");
    for (verb, args) in [
        ("run", &["run", "many", "-o", "out"][..]),
        ("export", &["export", "-o", "out/bills.csv"]),
    ] {
        let args = if verb == "run" {
            [args, &SAME, &["--journal", "journal"]].concat()
        } else {
            [args, &["--journal", "journal"]].concat()
        };
        sandbox.vouch(&args).ends(5).says("out/bills.csv");
        assert_eq!(sandbox.text("out/bills.csv"), "mine\n", "{verb}");
    }
    // A first export does not take a file that was there before either.
    sandbox.write("taken.csv", b"mine\n");
    let fresh = Sandbox::new();
    fresh.write("taken.csv", b"mine\n");
    fresh.small_invoices("many", 1);
    fresh.run(&["many"], &["-q"]).ok();
    fresh
        .vouch(&["export", "--journal", "journal", "-o", "taken.csv"])
        .ends(5);
    assert_eq!(fresh.text("taken.csv"), "mine\n");
    fresh.assert_sound();
}

#[test]
fn a_batch_is_written_anew_only_when_asked_for_by_name() {
    let sandbox = Sandbox::new();
    sandbox.small_invoices("many", 3);
    sandbox.run(&["many"], &["-o", "out"]).ok();
    let manifest: serde_json::Value =
        serde_json::from_slice(&sandbox.bytes("out/bills.csv.manifest.json")).expect("JSON");
    let batch = manifest["batch_id"].as_str().expect("an id");
    let again = |place: &str| {
        sandbox.vouch(&[
            "export",
            "--journal",
            "journal",
            "--again",
            batch,
            "-o",
            place,
        ])
    };
    again("copy.csv").ok();
    assert_eq!(sandbox.bytes("copy.csv"), sandbox.bytes("out/bills.csv"));
    again("copy.csv").ok();
    sandbox.write("copy.csv", b"mine\n");
    again("copy.csv").ends(5);
    assert_eq!(sandbox.text("copy.csv"), "mine\n");
    sandbox
        .vouch(&[
            "export",
            "--journal",
            "journal",
            "--again",
            "nosuch",
            "-o",
            "x.csv",
        ])
        .ends(2)
        .says("hint:");
    assert_each_once(&sandbox, "out", 3);
}

#[test]
fn to_standard_output_an_export_marks_nothing_and_dry_run_neither() {
    let sandbox = Sandbox::new();
    sandbox.small_invoices("many", 2);
    sandbox.run(&["many"], &["-q"]).ok();
    let exported = || {
        sandbox
            .vouch(&["stats", "--journal", "journal"])
            .ok()
            .value()["exported"]
            .clone()
    };
    let shown = sandbox
        .vouch(&["export", "--journal", "journal"])
        .ok()
        .says("nothing is marked");
    assert_eq!(shown.out.lines().count(), 3);
    assert_eq!(exported(), 0);
    sandbox
        .vouch(&["export", "--journal", "journal", "-o", "b.csv", "--dry-run"])
        .ok();
    assert_eq!(exported(), 0);
    assert!(!sandbox.path("b.csv").exists());
    sandbox
        .vouch(&["export", "--journal", "journal", "-o", "b.csv"])
        .ok();
    assert_eq!(exported(), 2);
    assert_eq!(sandbox.text("b.csv"), shown.out);
}

#[test]
fn a_touched_journal_and_a_lost_original_are_found() {
    let sandbox = Sandbox::new();
    sandbox.small_invoices("many", 2);
    let ran = sandbox.run(&["many"], &["-o", "out"]).ok();
    let head = ran
        .err
        .split("(head ")
        .nth(1)
        .and_then(|rest| rest.split(')').next())
        .expect("the summary tells the head")
        .to_owned();
    let verify = |head: &str| {
        sandbox.vouch(&[
            "journal",
            "verify",
            "--expect-head",
            head,
            "--journal",
            "journal",
        ])
    };
    verify(&head).ok();
    let wrong = format!(
        "{}:{}",
        head.split(':').next().expect("seq"),
        "0".repeat(64)
    );
    verify(&wrong).ends(1);

    let record = &sandbox.text("out/records.jsonl");
    let record: serde_json::Value =
        serde_json::from_str(record.lines().next().expect("a line")).expect("JSON");
    let original = record["source"]["archive_path"].as_str().expect("a path");
    sandbox.remove(&format!("journal.d/{original}"));
    let audit = sandbox
        .vouch(&["audit", "--journal", "journal"])
        .ends(1)
        .value();
    assert_eq!(audit["exact"], false);
    assert_eq!(audit["missing"][0]["id"], record["id"], "{audit}");
}

#[test]
fn a_signal_ends_a_run_after_the_work_in_flight_and_the_next_one_goes_on() {
    for (signal, code) in [("INT", 130), ("TERM", 143)] {
        let mut wait = 400;
        loop {
            let sandbox = Sandbox::new();
            sandbox.bad_files("many", 300);
            sandbox.small_invoices("many", 40);
            let line = format!(
                "vouch run many {} --journal journal -q --log-level off >first.jsonl & sleep 0.{wait:03}; kill -{signal} $! 2>/dev/null; wait $!",
                SAME.join(" ")
            );
            let ran = sandbox.shell(&line);
            let first = sandbox.text("first.jsonl");
            let lines = crate::sandbox::records(&first);
            // Done, or all but done, before the signal came: a shorter wait.
            if (ran.code == 4 || lines.len() == 340) && wait > 10 {
                wait = wait * 2 / 3;
                continue;
            }
            let ran = ran.ends(code);
            assert!(lines.len() < 340, "{ran}");
            let whole = sandbox.run(&["many"], &[]).ends(4);
            assert!(
                whole.out.starts_with(&first),
                "what was written before stands"
            );
            assert_eq!(whole.records().len(), 340);
            sandbox.assert_sound();
            break;
        }
    }
}

#[test]
fn an_approved_row_whose_line_is_not_approved_is_said_and_not_exported() {
    let sandbox = Sandbox::new();
    sandbox.small_invoices("many", 3);
    sandbox.run(&["many"], &["-q"]).ok();
    sandbox.assert_sound();
    // What two runs at once on one journal could leave before they were kept apart: the row of a later stage on the line of an earlier one.
    let journal = rusqlite::Connection::open(sandbox.path("journal")).expect("opened");
    let changed = journal
        .execute(
            "UPDATE document SET result = (SELECT r.id FROM result r WHERE r.doc = document.id AND r.stage = 'extract')
             WHERE id = (SELECT id FROM document WHERE status = 'approved' ORDER BY id LIMIT 1)",
            [],
        )
        .expect("written");
    assert_eq!(changed, 1);
    let id: String = journal
        .query_row(
            "SELECT d.id FROM document d JOIN result r ON r.id = d.result WHERE r.stage = 'extract'",
            [],
            |row| row.get(0),
        )
        .expect("the changed row");
    drop(journal);

    let audit = sandbox
        .vouch(&["audit", "--journal", "journal"])
        .ends(1)
        .value();
    assert_eq!(audit["exact"], false);
    assert_eq!(audit["missing"][0]["id"], id.as_str(), "{audit}");
    for line in [
        "vouch export -q --journal journal -o bills.csv </dev/null",
        "vouch export -q --journal journal --dry-run -o other.csv </dev/null",
        "vouch export -q --journal journal </dev/null",
    ] {
        sandbox
            .shell(line)
            .ends(70)
            .says(&format!("({id}): the journal says `approved`"));
    }
    // The two others are handed over all the same: a header and a line each.
    assert_eq!(sandbox.text("bills.csv").lines().count(), 3);
}

#[test]
fn what_is_read_anew_and_says_the_same_stays_where_it_stands() {
    let sandbox = Sandbox::new();
    sandbox.small_invoices("many", 3);
    sandbox.run(&["many"], &["-q"]).ok();
    // Another setting of the reader: every file is read again, and every later line is known already.
    sandbox.run(&["many"], &["-q", "--languages", "deu"]).ok();
    sandbox.assert_sound();
    let bills = sandbox.shell("vouch export -q --journal journal -o bills.csv </dev/null");
    bills.ok();
    assert_eq!(sandbox.text("bills.csv").lines().count(), 4);
}
