//! What is written down is what the program says: man pages, schema, rules, README; and the messages people meet.

use std::path::Path;

use crate::sandbox::{Sandbox, VOUCH, names, read, repository};

#[test]
fn man_pages_are_those_of_the_command_line() {
    let sandbox = Sandbox::new();
    sandbox.write("man/.keep", b"");
    sandbox.vouch(&["man", "--dir", "man"]).ok();
    let made: Vec<String> = sandbox
        .files("man")
        .into_iter()
        .filter(|name| !name.starts_with('.'))
        .collect();
    let kept = names(&repository("man"));
    assert_eq!(kept, made, "`vouch man --dir man` makes them");
    for name in &made {
        same(
            &format!("man/{name}"),
            &sandbox.bytes(&format!("man/{name}")),
            "vouch man --dir man",
        );
    }
}

#[test]
fn the_schema_is_that_of_the_types() {
    let made = Sandbox::new().vouch(&["schema"]).ok().out;
    same(
        "schemas/vouch-1.json",
        made.as_bytes(),
        "vouch schema > schemas/vouch-1.json",
    );
}

#[test]
fn the_rules_are_documented_as_they_are_explained() {
    let made = Sandbox::new().vouch(&["rules", "--markdown"]).ok().out;
    same(
        "docs/rules.md",
        made.as_bytes(),
        "vouch rules --markdown > docs/rules.md",
    );
}

#[test]
fn the_changelog_has_room_for_the_next_change() {
    let text = String::from_utf8(read(&repository("CHANGELOG.md"))).expect("UTF-8");
    assert!(
        text.lines()
            .any(|line| line.starts_with("## ") && line.contains("Unreleased")),
        "no `## Unreleased`"
    );
}

/// Messages as files, and the README's console blocks, run in a copy of the fixtures.
#[test]
fn commands_say_what_is_written_down() {
    let sandbox = Sandbox::new();
    let binaries = Path::new(VOUCH).parent().expect("a folder");
    let cases = trycmd::TestCases::new();
    cases
        .register_bin("vouch", Path::new(VOUCH))
        .env("HOME", sandbox.path("home").display().to_string())
        .env(
            "XDG_CONFIG_HOME",
            sandbox.path("home/config").display().to_string(),
        )
        .env(
            "XDG_STATE_HOME",
            sandbox.path("home/state").display().to_string(),
        )
        .env(
            "PATH",
            format!("{}:/usr/local/bin:/usr/bin:/bin", binaries.display()),
        )
        .env("LC_ALL", "C.UTF-8")
        .case("tests/cmd/*.toml")
        .case("tests/cmd/*.md");
    // The README's tour writes into folders: it is taken in the sandbox, as on a fresh clone.
    let readme = repository("README.md");
    if readme.exists() {
        sandbox.write("README.md", &read(&readme));
        sandbox.lay_fixtures("README.in/fixtures");
        cases.case(sandbox.path("README.md"));
    }
}

/// What is no journal of ours, or one of a later version, is refused and left as it is.
#[test]
fn other_peoples_files_are_no_journals() {
    let sandbox = Sandbox::new();
    sandbox.write("notes.txt", b"my notes, long enough for a header\n");
    let other = rusqlite::Connection::open(sandbox.path("other.db")).expect("made");
    other
        .execute_batch("CREATE TABLE mine (a); INSERT INTO mine VALUES (1)")
        .expect("written");
    drop(other);
    sandbox.run(&["fixtures/inbox/ubl-small.xml"], &[]).ok();
    let newer = rusqlite::Connection::open(sandbox.path("journal")).expect("opened");
    newer
        .execute_batch("PRAGMA user_version = 9999; PRAGMA wal_checkpoint(TRUNCATE)")
        .expect("written");
    drop(newer);
    for (name, says) in [
        ("notes.txt", "`notes.txt`: is no vouch journal"),
        ("other.db", "`other.db`: is no vouch journal"),
        (
            "journal",
            "written by a newer version of vouch (format 9999",
        ),
    ] {
        let before = sandbox.bytes(name);
        for verb in [
            &["stats"][..],
            &["audit"],
            &["run", "fixtures/inbox/ubl-small.xml"],
            &["export", "-o", "b.csv"],
        ] {
            let ran = sandbox
                .vouch(&[verb, &["--journal", name]].concat())
                .ends(2)
                .says(says)
                .says("hint:");
            assert!(sandbox.bytes(name) == before, "{name} was changed: {ran}");
        }
    }
    assert!(!sandbox.path("notes.txt-lock").exists() && !sandbox.path("b.csv").exists());
}

#[track_caller]
fn same(kept: &str, made: &[u8], command: &str) {
    assert!(
        read(&repository(kept)) == made,
        "{kept} is not what `{command}` gives: run it and commit the file"
    );
}
