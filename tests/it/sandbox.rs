//! A folder of its own for each test: the program runs in it with a cleared environment, a home of its own and a fixed now.

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;

/// The program under test.
pub(crate) const VOUCH: &str = env!("CARGO_BIN_EXE_vouch");

/// What every run of the tests is told: the day that the fixtures are made for, and their vendors.
pub(crate) const SAME: [&str; 4] = ["--now", "2026-01-20", "--reference", "fixtures/reference"];

/// The fixtures that need no OCR, of several kinds.
pub(crate) const QUICK: [&str; 4] = [
    "fixtures/inbox/acme-2026-0042.pdf",
    "fixtures/inbox/ubl-invoice.xml",
    "fixtures/inbox/ubl-small.xml",
    "fixtures/bad/test.pdf",
];

/// A folder that is gone with the test.
pub(crate) struct Sandbox {
    folder: tempfile::TempDir,
}

impl Sandbox {
    /// An empty folder, but for `fixtures/` with its inbox, bad files and reference data.
    pub(crate) fn new() -> Self {
        let sandbox = Self {
            folder: tempfile::tempdir().expect("a folder"),
        };
        sandbox.lay_fixtures("fixtures");
        sandbox.write("home/.keep", b"");
        sandbox
    }

    /// Copies the inbox, the bad files, the reference data and a truth with records to score.
    pub(crate) fn lay_fixtures(&self, folder: &str) {
        for part in ["inbox", "bad", "checks", "reference", "bench"] {
            let from = repository("fixtures").join(part);
            for name in names(&from) {
                self.write(&format!("{folder}/{part}/{name}"), &read(&from.join(&name)));
            }
        }
    }

    /// Copies the files that hold files.
    pub(crate) fn lay_containers(&self, folder: &str) {
        let from = repository("fixtures/containers");
        for name in names(&from) {
            self.write(&format!("{folder}/{name}"), &read(&from.join(&name)));
        }
    }

    /// Where a file of the sandbox is.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file and the folders above it.
    pub(crate) fn write(&self, name: &str, bytes: &[u8]) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("below the sandbox")).expect("folders");
        fs::write(path, bytes).expect("written");
    }

    /// Appends to a file.
    pub(crate) fn append(&self, name: &str, bytes: &[u8]) {
        let mut all = self.bytes(name);
        all.extend_from_slice(bytes);
        self.write(name, &all);
    }

    /// Reads a file.
    pub(crate) fn bytes(&self, name: &str) -> Vec<u8> {
        read(&self.path(name))
    }

    /// Reads a file of text.
    pub(crate) fn text(&self, name: &str) -> String {
        String::from_utf8(self.bytes(name)).expect("UTF-8")
    }

    /// Removes a file.
    pub(crate) fn remove(&self, name: &str) {
        fs::remove_file(self.path(name)).expect("removed");
    }

    /// The files of a folder, sorted.
    pub(crate) fn files(&self, name: &str) -> Vec<String> {
        names(&self.path(name))
    }

    /// The tables of a folder, with what is in them.
    pub(crate) fn tables(&self, folder: &str) -> Vec<(String, String)> {
        let is_table = |name: &String| Path::new(name).extension().is_some_and(|end| end == "csv");
        let names = self.files(folder).into_iter().filter(is_table);
        names
            .map(|name| {
                let text = self.text(&format!("{folder}/{name}"));
                (name, text)
            })
            .collect()
    }

    /// Writes small clean invoices of a known vendor, as many as asked for (up to 45), each of its own number and sum.
    pub(crate) fn small_invoices(&self, folder: &str, count: u32) {
        assert!(count <= 45, "above that they are no longer small");
        let original = self.text("fixtures/inbox/ubl-small.xml");
        for index in 0..count {
            let cents = |first: u32, step: u32| {
                let sum = first + step * index;
                format!("{}.{:02}", sum / 100, sum % 100)
            };
            let mut text = original.replace("ZK-260077", &format!("ZK-26{:04}", 1000 + index));
            for (printed, first, step) in [
                ("23.50", 2350, 50),
                ("141.00", 14100, 300),
                ("277.00", 27700, 300),
                ("58.17", 5817, 63),
                ("335.17", 33517, 363),
            ] {
                text = text.replace(
                    &format!(">{printed}<"),
                    &format!(">{}<", cents(first, step)),
                );
            }
            self.write(&format!("{folder}/{index:03}.xml"), text.as_bytes());
        }
    }

    /// Writes files that are no documents, each its own.
    pub(crate) fn bad_files(&self, folder: &str, count: u32) {
        for index in 0..count {
            self.write(
                &format!("{folder}/{index:03}.pdf"),
                format!("no {index}\n").as_bytes(),
            );
        }
    }

    /// A command in the sandbox, with nothing of the tester's environment but the search path.
    pub(crate) fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        let home = self.path("home");
        let binaries = Path::new(VOUCH).parent().expect("a folder");
        command
            .current_dir(self.folder.path())
            .env_clear()
            .env(
                "PATH",
                format!(
                    "{}:/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin",
                    binaries.display()
                ),
            )
            .env("HOME", &home)
            .env("XDG_CONFIG_HOME", home.join("config"))
            .env("XDG_STATE_HOME", home.join("state"))
            .env("XDG_CACHE_HOME", home.join("cache"))
            .env("USER", "clerk")
            .env("RUST_BACKTRACE", "0")
            .env("LC_ALL", "C.UTF-8")
            .stdin(Stdio::null());
        command
    }

    /// Runs the program.
    pub(crate) fn vouch<S: AsRef<str>>(&self, args: &[S]) -> Ran {
        let args: Vec<&str> = args.iter().map(AsRef::as_ref).collect();
        let output = self.command(VOUCH).args(&args).output().expect("started");
        Ran::of(format!("vouch {}", args.join(" ")), output)
    }

    /// Runs the program on lines.
    pub(crate) fn vouch_on(&self, args: &[&str], input: &[u8]) -> Ran {
        let mut child = self
            .command(VOUCH)
            .args(args)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("started");
        let mut stdin = child.stdin.take().expect("piped");
        let input = input.to_vec();
        let output = std::thread::scope(|scope| {
            scope.spawn(move || {
                // A program that does not read to the end is judged by its exit.
                let _ = stdin.write_all(&input);
            });
            child.wait_with_output().expect("ended")
        });
        Ran::of(format!("… | vouch {}", args.join(" ")), output)
    }

    /// Runs the program over paths with [`SAME`] and a journal.
    pub(crate) fn run(&self, paths: &[&str], more: &[&str]) -> Ran {
        let args = [&["run"], paths, &SAME, &["--journal", "journal"], more].concat();
        self.vouch(&args)
    }

    /// Runs a line of bash, where a pipe ends with the code of its last command.
    pub(crate) fn shell(&self, line: &str) -> Ran {
        let output = self
            .command("bash")
            .args(["-c", line])
            .output()
            .expect("bash");
        Ran::of(line.to_owned(), output)
    }

    /// Asserts that nothing is missing and that nobody touched the audit log.
    pub(crate) fn assert_sound(&self) {
        let audit = self.vouch(&["audit", "--journal", "journal"]).ok().value();
        assert_eq!(audit["exact"], true, "{audit}");
        assert_eq!(audit["taken_in"], audit["accounted_for"], "{audit}");
        let chain = self
            .vouch(&["journal", "verify", "--journal", "journal"])
            .ok()
            .value();
        assert_eq!(chain["intact"], true, "{chain}");
    }
}

/// What a command did.
pub(crate) struct Ran {
    what: String,
    /// Its exit code; -1 if a signal ended it.
    pub(crate) code: i32,
    /// Its standard output.
    pub(crate) out: String,
    /// Its standard error.
    pub(crate) err: String,
}

impl Ran {
    pub(crate) fn of(what: String, output: Output) -> Self {
        Self {
            what,
            code: output.status.code().unwrap_or(-1),
            out: String::from_utf8(output.stdout).expect("UTF-8"),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// Asserts that it ended with 0.
    #[track_caller]
    pub(crate) fn ok(self) -> Self {
        self.ends(0)
    }

    /// Asserts how it ended.
    #[track_caller]
    pub(crate) fn ends(self, code: i32) -> Self {
        assert_eq!(self.code, code, "{self}");
        self
    }

    /// Asserts that standard error says something.
    #[track_caller]
    pub(crate) fn says(self, text: &str) -> Self {
        assert!(self.err.contains(text), "no `{text}` in: {self}");
        self
    }

    /// Standard output as one JSON value.
    #[track_caller]
    pub(crate) fn value(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {self}"))
    }

    /// Standard output as JSON lines.
    #[track_caller]
    pub(crate) fn records(&self) -> Vec<Value> {
        records(&self.out)
    }
}

impl std::fmt::Display for Ran {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut out: String = self.out.chars().take(2000).collect();
        if out.len() < self.out.len() {
            let _ = write!(out, "… ({} bytes)", self.out.len());
        }
        write!(
            f,
            "`{}` ended with {}\nstderr: {}\nstdout: {out}",
            self.what, self.code, self.err
        )
    }
}

/// JSON lines.
#[track_caller]
pub(crate) fn records(text: &str) -> Vec<Value> {
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}")))
        .collect()
}

/// The record of a file.
#[track_caller]
pub(crate) fn record_of<'a>(records: &'a [Value], path: &str) -> &'a Value {
    records
        .iter()
        .find(|record| record["source"]["path"] == path)
        .unwrap_or_else(|| panic!("no record of {path}"))
}

/// Codes of a record's findings that count: errors and warnings.
pub(crate) fn findings(record: &Value) -> Vec<&str> {
    ["errors", "warnings"]
        .iter()
        .filter_map(|kind| record["validation"][kind].as_array())
        .flatten()
        .filter_map(|finding| finding["code"].as_str())
        .collect()
}

/// A file of the repository.
pub(crate) fn repository(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

/// The names of what is in a folder, sorted.
#[track_caller]
pub(crate) fn names(folder: &Path) -> Vec<String> {
    let name = |path: PathBuf| {
        path.file_name()
            .map(|name| name.to_string_lossy().into_owned())
    };
    entries(folder).into_iter().filter_map(name).collect()
}

/// What is in a folder, sorted.
#[track_caller]
pub(crate) fn entries(folder: &Path) -> Vec<PathBuf> {
    let mut entries: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .map(|entry| entry.expect("an entry").path())
        .collect();
    entries.sort();
    entries
}

/// Reads a file.
#[track_caller]
pub(crate) fn read(path: &Path) -> Vec<u8> {
    fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}
