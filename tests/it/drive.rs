//! The loop with stages made for the test: order, memory, failures, several runs.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use vouch::drive::journal::{Actor, Decision, Journal};
use vouch::drive::{Chain, Drive, Feed, Files, Lines, Options, Overlay, Silent, Taking, Tally};
use vouch::model::{Digest, DocId, Document, Field, Invoice, Past, Questions, SourceKind, Status};
use vouch::stage::{Source, Stage, StageError, StageId};

/// Reads a file's text as its invoice number; `many` makes two documents, `bad` fails.
#[derive(Default)]
struct Text {
    reads: AtomicUsize,
}

impl Source for Text {
    fn id(&self) -> StageId {
        StageId {
            name: "ocr",
            version: 1,
        }
    }
    fn config(&self) -> Digest {
        Digest::of(b"text")
    }
    fn read(&self, id: &DocId, bytes: &[u8]) -> Result<Vec<Document>, StageError> {
        self.reads.fetch_add(1, Ordering::Relaxed);
        let text = String::from_utf8_lossy(bytes).trim().to_owned();
        // Uneven cost: later files are often done before earlier ones.
        std::thread::sleep(Duration::from_millis(u64::from(bytes[0] % 7)));
        if text.starts_with("bad") {
            return Err(StageError::input("CORRUPT_FILE", "not readable"));
        }
        assert!(!text.starts_with("panic"), "a bug");
        let parts: Vec<&str> = if text.starts_with("many") {
            vec!["#1", "#2"]
        } else {
            vec![""]
        };
        Ok(parts
            .into_iter()
            .map(|part| {
                let mut document = Document::new(id.part(part));
                document.invoice = Some(Invoice {
                    invoice_number: Field::Value(format!("{text}{part}")),
                    ..Invoice::default()
                });
                document
            })
            .collect())
    }
}

/// Judges duplicates by the number's first letter.
#[derive(Default)]
struct Judge {
    calls: AtomicUsize,
    order: Mutex<Vec<String>>,
}

impl Stage for Judge {
    fn id(&self) -> StageId {
        StageId {
            name: "validate",
            version: 1,
        }
    }
    fn config(&self) -> Digest {
        Digest::of(b"judge")
    }
    fn looks_back(&self) -> bool {
        true
    }
    fn questions(&self, document: &Document) -> Questions {
        let number = document
            .invoice
            .as_ref()
            .and_then(|invoice| invoice.invoice_number.text())
            .unwrap_or_default();
        Questions {
            duplicate_keys: vec![number.chars().take(1).collect()],
            vendor: None,
        }
    }
    fn apply(&self, mut document: Document, past: &Past) -> Result<Document, StageError> {
        self.calls.fetch_add(1, Ordering::Relaxed);
        let number = document
            .invoice
            .as_ref()
            .and_then(|invoice| invoice.invoice_number.text())
            .unwrap_or_default();
        self.order.lock().expect("no panic").push(number.to_owned());
        document.status = if past.duplicates.is_empty() {
            Status::Approved
        } else {
            Status::PendingApproval
        };
        Ok(document)
    }
}

struct Nothing;
impl Overlay for Nothing {
    fn lay(&self, _: &str, _: &mut Document, _: &[Decision]) {}
}

struct Outcome {
    text: String,
    tally: Tally,
    reads: usize,
    calls: usize,
}

fn options(jobs: usize, signal: &AtomicUsize) -> Options<'_> {
    Options {
        jobs,
        unordered: false,
        now: "2026-01-15".parse().ok(),
        uploaded_by: None,
        kind: SourceKind::File,
        taking: Taking {
            max_bytes: 1000,
            max_container: 1 << 30,
            is_container: |_| false,
            extension: |_| "txt",
        },
        max_failures: None,
        signal,
    }
}

fn run(inbox: &Path, journal: Option<&Path>, jobs: usize) -> Outcome {
    let mut journal = match journal {
        Some(path) => Journal::open(path, "run", &Actor::default(), (None, None)).expect("opens"),
        None => Journal::in_memory().expect("opens"),
    };
    let (source, judge, signal) = (Text::default(), Judge::default(), AtomicUsize::new(0));
    let mut out = Lines::new(Vec::new(), false);
    let tally = Drive {
        chain: Chain {
            source: Some(&source),
            stages: &[&judge],
        },
        overlay: &Nothing,
        journal: &mut journal,
        options: options(jobs, &signal),
        out: &mut out,
        progress: &mut Silent,
    }
    .run(Feed::Files(Files::new([inbox.to_owned()])))
    .expect("runs");
    let text = String::from_utf8(out.into_inner()).expect("text");
    Outcome {
        text,
        tally,
        reads: source.reads.into_inner(),
        calls: judge.calls.into_inner(),
    }
}

#[expect(clippy::disallowed_methods, reason = "the test makes its inbox")]
fn inbox(folder: &Path, files: &[(&str, &str)]) -> PathBuf {
    let inbox = folder.join("inbox");
    std::fs::create_dir_all(&inbox).expect("made");
    for (name, text) in files {
        std::fs::File::create(inbox.join(name))
            .expect("made")
            .write_all(text.as_bytes())
            .expect("written");
    }
    inbox
}

fn mixed(folder: &Path) -> PathBuf {
    let mut files: Vec<(String, String)> = (0..150)
        .map(|number| {
            (
                format!("{number:03}.txt"),
                format!("{}{number}", (b'a' + (number % 20) as u8) as char),
            )
        })
        .collect();
    files.push(("150.txt".to_owned(), "bad".to_owned()));
    files.push(("151.txt".to_owned(), "panic".to_owned()));
    files.push(("152.txt".to_owned(), "many".to_owned()));
    files.push(("153.txt".to_owned(), String::new()));
    files.push(("154.txt".to_owned(), "a0".to_owned()));
    files.push(("155.txt".to_owned(), "x".repeat(2000)));
    let files: Vec<(&str, &str)> = files
        .iter()
        .map(|(name, text)| (name.as_str(), text.as_str()))
        .collect();
    inbox(folder, &files)
}

#[test]
fn the_number_of_threads_changes_no_byte() {
    let folder = tempfile::tempdir().expect("a folder");
    let inbox = mixed(folder.path());
    let one = run(&inbox, None, 1);
    let four = run(&inbox, None, 4);
    assert_eq!(one.text, four.text);
    assert_eq!(one.tally, four.tally);
    assert_eq!(
        one.text.lines().count(),
        157,
        "156 files, one of them with two documents"
    );
    let with_journal = run(&inbox, Some(&folder.path().join("j")), 4);
    let strip = |text: &str| {
        text.lines()
            .map(|line| {
                let mut value: serde_json::Value = serde_json::from_str(line).expect("JSON");
                value["source"]["archive_path"] = serde_json::Value::Null;
                value
            })
            .collect::<Vec<_>>()
    };
    assert_eq!(strip(&one.text), strip(&with_journal.text));
}

#[test]
fn a_second_run_writes_the_same_bytes_without_work() {
    let folder = tempfile::tempdir().expect("a folder");
    let inbox = mixed(folder.path());
    let journal = folder.path().join("j");
    let first = run(&inbox, Some(&journal), 2);
    let second = run(&inbox, Some(&journal), 2);
    assert_eq!(first.text, second.text);
    assert_eq!((second.reads, second.calls), (0, 0));
    assert_eq!(second.tally.known, second.tally.lines);
    let journal = Journal::open_idle(&journal).expect("opens");
    let audit = journal.audit().expect("reads");
    assert!(audit.exact, "{audit:?}");
    assert_eq!(
        audit.taken_in, 156,
        "one file holds the bytes of another, one holds two documents"
    );
    assert!(journal.verify(None).expect("reads").faults.is_empty());
}

#[test]
fn bad_files_cost_their_own_line_and_duplicates_name_the_first() {
    let folder = tempfile::tempdir().expect("a folder");
    let inbox = mixed(folder.path());
    let outcome = run(&inbox, None, 2);
    let documents: Vec<Document> = outcome
        .text
        .lines()
        .map(|line| serde_json::from_str(line).expect("a record"))
        .collect();
    let code = |name: &str| {
        let document = documents
            .iter()
            .find(|document| document.source.filename.as_deref() == Some(name));
        document
            .and_then(|document| document.error.as_ref())
            .map(|error| error.code.clone())
    };
    assert_eq!(code("150.txt").as_deref(), Some("CORRUPT_FILE"));
    assert_eq!(code("151.txt").as_deref(), Some("INTERNAL"));
    assert_eq!(code("153.txt").as_deref(), Some("EMPTY_FILE"));
    assert_eq!(code("155.txt").as_deref(), Some("FILE_TOO_LARGE"));
    assert_eq!(outcome.tally.failed(), 4);
    assert_eq!(outcome.tally.same, 1);
    let same = documents
        .iter()
        .find(|document| document.source.same_as.is_some())
        .expect("the copy");
    assert!(
        same.source
            .same_as
            .as_deref()
            .is_some_and(|path| path.ends_with("000.txt"))
    );
    assert_eq!(
        same.status,
        Status::Approved,
        "the same bytes are no duplicate"
    );
    // The first of each of 20 letters passes, and the copy of one of them; `many` begins as an earlier one does.
    assert_eq!(outcome.tally.count(Status::Approved), 20 + 1);
}

#[test]
fn a_stage_sees_documents_in_input_order() {
    let folder = tempfile::tempdir().expect("a folder");
    let inbox = mixed(folder.path());
    let mut journal = Journal::in_memory().expect("opens");
    let (source, judge, signal) = (Text::default(), Judge::default(), AtomicUsize::new(0));
    let mut out = Lines::new(Vec::new(), false);
    Drive {
        chain: Chain {
            source: Some(&source),
            stages: &[&judge],
        },
        overlay: &Nothing,
        journal: &mut journal,
        options: options(3, &signal),
        out: &mut out,
        progress: &mut Silent,
    }
    .run(Feed::Files(Files::new([inbox])))
    .expect("runs");
    let order = judge.order.into_inner().expect("no panic");
    let numbers: Vec<u32> = order
        .iter()
        .filter_map(|number| number.get(1..)?.parse().ok())
        .take(150)
        .collect();
    assert!(numbers.is_sorted(), "{numbers:?}");
}

#[test]
fn lines_through_a_stage_equal_the_run() {
    let folder = tempfile::tempdir().expect("a folder");
    let inbox = mixed(folder.path());
    let whole = run(&inbox, None, 2).text;
    let (source, judge, signal) = (Text::default(), Judge::default(), AtomicUsize::new(0));
    let mut first = Lines::new(Vec::new(), false);
    Drive {
        chain: Chain {
            source: Some(&source),
            stages: &[],
        },
        overlay: &Nothing,
        journal: &mut Journal::in_memory().expect("opens"),
        options: options(2, &signal),
        out: &mut first,
        progress: &mut Silent,
    }
    .run(Feed::Files(Files::new([inbox])))
    .expect("runs");
    let mut second = Lines::new(Vec::new(), false);
    Drive {
        chain: Chain {
            source: None,
            stages: &[&judge],
        },
        overlay: &Nothing,
        journal: &mut Journal::in_memory().expect("opens"),
        options: options(2, &signal),
        out: &mut second,
        progress: &mut Silent,
    }
    .run(Feed::Lines(Box::new(std::io::Cursor::new(
        first.into_inner(),
    ))))
    .expect("runs");
    assert_eq!(whole, String::from_utf8(second.into_inner()).expect("text"));
}

#[test]
fn a_signal_finishes_what_is_in_flight_and_takes_no_more() {
    let folder = tempfile::tempdir().expect("a folder");
    let inbox = mixed(folder.path());
    let (source, signal) = (Text::default(), AtomicUsize::new(2));
    let mut out = Lines::new(Vec::new(), false);
    let tally = Drive {
        chain: Chain {
            source: Some(&source),
            stages: &[],
        },
        overlay: &Nothing,
        journal: &mut Journal::in_memory().expect("opens"),
        options: options(2, &signal),
        out: &mut out,
        progress: &mut Silent,
    }
    .run(Feed::Files(Files::new([inbox])))
    .expect("runs");
    assert_eq!(tally.signal, Some(2));
    assert_eq!(tally.lines, 0);
}

#[test]
fn a_cut_or_changed_audit_log_is_found() {
    let folder = tempfile::tempdir().expect("a folder");
    let inbox = mixed(folder.path());
    let path = folder.path().join("j");
    run(&inbox, Some(&path), 2);
    let head = Journal::open_idle(&path)
        .expect("opens")
        .head()
        .expect("reads");
    let tamper = |sql: &str| {
        let copy = folder.path().join("copy");
        let db = rusqlite::Connection::open(&path).expect("opens");
        let _ = std::fs::remove_file(&copy);
        db.execute("VACUUM INTO ?1", [copy.to_string_lossy()])
            .expect("copied");
        let db = rusqlite::Connection::open(&copy).expect("opens");
        db.execute_batch("DROP TRIGGER audit_no_update; DROP TRIGGER audit_no_delete;")
            .expect("dropped");
        db.execute_batch(sql).expect("changed");
        drop(db);
        let report = Journal::open_idle(&copy)
            .expect("opens")
            .verify(Some(head))
            .expect("reads");
        report.faults
    };
    assert!(tamper("SELECT 1;").is_empty());
    for sql in [
        "UPDATE audit SET action = 'x' WHERE seq = 7;",
        "DELETE FROM audit WHERE seq = 9;",
        "DELETE FROM audit WHERE seq > (SELECT max(seq) - 3 FROM audit);",
        "UPDATE result SET out_sha = zeroblob(32) WHERE id = 3;",
        "UPDATE audit_detail SET detail = '{}' WHERE seq = (SELECT min(seq) FROM audit_detail);",
    ] {
        assert!(!tamper(sql).is_empty(), "{sql}");
    }
}
