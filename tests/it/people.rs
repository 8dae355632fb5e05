//! What people decide: shown, bound to what was shown, exported by the next export, and never by those who may not.

use serde_json::Value;

use crate::sandbox::{Ran, Sandbox, findings, record_of};

const ACME: &str = "fixtures/inbox/acme-2026-0042.pdf";
const LARGE: &str = "fixtures/inbox/cii-invoice.xml";
const UNKNOWN: &str = "fixtures/inbox/ubl-invoice.xml";
const SMALL: &str = "fixtures/inbox/ubl-small.xml";
const PATHS: [&str; 4] = [ACME, LARGE, UNKNOWN, SMALL];

struct Office {
    sandbox: Sandbox,
}

impl Office {
    /// Three held documents and one approved, sent in by `sender`.
    fn open() -> Self {
        let sandbox = Sandbox::new();
        sandbox
            .run(&PATHS, &["--uploaded-by", "sender", "-o", "out"])
            .ok();
        Self { sandbox }
    }

    fn vouch(&self, args: &[&str]) -> Ran {
        let mut all = [args, &["--journal", "journal"]].concat();
        if matches!(args[0], "correct" | "retry") {
            all.extend(["--reference", "fixtures/reference"]);
        }
        self.sandbox.vouch(&all)
    }

    fn pending(&self) -> Vec<Value> {
        let value = self.vouch(&["pending"]).ok().value();
        value.as_array().expect("a list").clone()
    }

    /// The id of what waits, by its file.
    fn id(&self, path: &str) -> String {
        let status = self.vouch(&["status"]).ok().value();
        let rows = status.as_array().expect("a list");
        let row = rows
            .iter()
            .find(|row| row["path"] == path)
            .unwrap_or_else(|| panic!("{path}: {status}"));
        row["id"].as_str().expect("an id").to_owned()
    }

    fn show(&self, id: &str) -> Value {
        self.vouch(&["show", id]).ok().value()
    }

    /// `ID@HASH` as `show` gives it.
    fn shown(&self, id: &str) -> String {
        let hash = self.show(id)["record_hash"]
            .as_str()
            .expect("a hash")
            .to_owned();
        format!("{id}@{}", &hash[..8])
    }

    fn stats(&self) -> Value {
        self.vouch(&["stats"]).ok().value()
    }
}

/// How often an id stands in a file.
fn times(text: &str, id: &str) -> usize {
    text.lines().filter(|line| line.starts_with(id)).count()
}

#[test]
fn what_is_approved_is_exported_once_by_the_next_run_or_export() {
    let office = Office::open();
    assert_eq!(office.pending().len(), 3);
    let (acme, large) = (office.id(ACME), office.id(LARGE));

    office
        .vouch(&[
            "approve",
            &office.shown(&acme),
            "--by",
            "anna",
            "--notes",
            "seen",
            "--condition",
            "pay in March",
        ])
        .ok();
    let decided = office.show(&acme);
    assert_eq!(decided["status"], "approved");
    assert_eq!(decided["approval"]["approved"], true);
    assert_eq!(decided["approval"]["approver"], "anna");
    assert_eq!(decided["approval"]["notes"], "seen");
    assert!(
        decided["approval"]["conditions"]
            .to_string()
            .contains("pay in March"),
        "{decided}"
    );
    assert_eq!(office.pending().len(), 2);

    // The next run exports it, beside what was exported before.
    office
        .sandbox
        .run(&PATHS, &["--uploaded-by", "sender", "-o", "out"])
        .ok();
    assert_eq!(times(&office.sandbox.text("out/bills.csv"), &acme), 0);
    assert_eq!(times(&office.sandbox.text("out/bills-2.csv"), &acme), 1);
    assert!(office.sandbox.text("out/bills-2.csv").contains(",anna"));
    assert_eq!(office.show(&acme)["status"], "processed");

    // The next export does the same for another one, without any line on standard input.
    office.vouch(&["approve", &large, "--by", "carla"]).ok();
    office.vouch(&["export", "-o", "out/bills.csv"]).ok();
    office
        .vouch(&["export", "-o", "out/bills.csv"])
        .ok()
        .says("nothing new");
    assert_eq!(times(&office.sandbox.text("out/bills-3.csv"), &large), 1);
    assert_eq!(office.stats()["exported"], 3);
    // What is in the books is decided no more.
    office.vouch(&["approve", &acme, "--by", "anna"]).ends(2);
    office.vouch(&["reject", &acme, "--by", "anna"]).ends(2);
    office.sandbox.assert_sound();
}

#[test]
fn those_who_may_not_approve_are_refused_and_nothing_changes() {
    let office = Office::open();
    let acme = office.id(ACME);
    let before = office.stats();
    office
        .vouch(&["approve", &format!("{acme}@00000000"), "--by", "anna"])
        .ends(2)
        .says("has changed since it was shown");
    office
        .vouch(&["approve", &acme, "--by", "sender"])
        .ends(2)
        .says("sent in by sender");
    office
        .vouch(&["approve", &acme, "ffffffffffff", "--by", "anna"])
        .ends(2)
        .says("no document");
    office.vouch(&["approve", "--by", "anna"]).ends(2);
    assert_eq!(office.stats(), before);

    let shown = office.shown(&acme);
    office
        .vouch(&["correct", &acme, "po_reference=PO-77", "--by", "bert"])
        .ok();
    office
        .vouch(&["approve", &acme, "--by", "bert"])
        .ends(2)
        .says("corrected by bert");
    // A correction voids what was shown before.
    office
        .vouch(&["approve", &shown, "--by", "anna"])
        .ends(2)
        .says("has changed");
    office
        .vouch(&["approve", &office.shown(&acme), "--by", "anna"])
        .ok();
    office.sandbox.assert_sound();
}

#[test]
fn an_approval_stands_only_for_what_was_approved() {
    let office = Office::open();
    let large = office.id(LARGE);
    office.vouch(&["approve", &large, "--by", "anna"]).ok();
    // Other vendors, another record: the approval is void, and nobody is paid on it.
    office.sandbox.append(
        "fixtures/reference/vendors.csv",
        b"V-2001,Lichtmast Energie NV,,BE0482917369,BE17363041882721,true\n",
    );
    let vendors = office.sandbox.text("fixtures/reference/vendors.csv");
    let changed = vendors
        .replace("V-1008,", "V-9008,")
        .replace("V-1010,", "V-9010,");
    office
        .sandbox
        .write("fixtures/reference/vendors.csv", changed.as_bytes());
    let ran = office
        .sandbox
        .run(&PATHS, &["--uploaded-by", "sender", "-o", "out"])
        .ok();
    let records = crate::sandbox::records(&office.sandbox.text("out/records.jsonl"));
    assert_eq!(
        record_of(&records, LARGE)["status"],
        "pending_approval",
        "{ran}"
    );
    for name in office.sandbox.files("out") {
        assert_eq!(
            times(&office.sandbox.text(&format!("out/{name}")), &large),
            usize::from(name == "held.csv"),
            "{name}"
        );
    }
}

#[test]
fn a_rejection_completes_and_is_never_exported() {
    let office = Office::open();
    let unknown = office.id(UNKNOWN);
    office
        .vouch(&[
            "reject",
            &unknown,
            "--by",
            "sender",
            "--notes",
            "not ordered",
        ])
        .ok();
    assert_eq!(office.show(&unknown)["status"], "rejected");
    assert_eq!(office.show(&unknown)["approval"]["approved"], false);
    let stats = office.stats();
    assert_eq!(
        (&stats["rejected"], &stats["completed"]),
        (&1.into(), &2.into()),
        "{stats}"
    );
    office
        .sandbox
        .run(&PATHS, &["--uploaded-by", "sender", "-o", "out"])
        .ok()
        .says("rejected");
    for (name, table) in office.sandbox.tables("out") {
        assert_eq!(times(&table, &unknown), 0, "{name}");
    }
    office.vouch(&["approve", &unknown, "--by", "anna"]).ends(2);
    office.sandbox.assert_sound();
}

#[test]
fn a_correction_is_laid_over_checked_again_and_marked_as_human() {
    let office = Office::open();
    let acme = office.id(ACME);
    office
        .vouch(&["correct", &acme, "total=1085.75", "--by", "bert"])
        .ok();
    let wrong = office.show(&acme);
    assert_eq!(wrong["invoice"]["total"].to_string(), "1085.75");
    assert_eq!(wrong["evidence"]["total"]["method"], "human");
    assert!(findings(&wrong).contains(&"GROSS_MISMATCH"), "{wrong}");
    office
        .vouch(&[
            "correct",
            &acme,
            "total=1058.75",
            "due_date=2026-03-01",
            "--by",
            "bert",
        ])
        .ok();
    let right = office.show(&acme);
    assert_eq!(right["invoice"]["total"].to_string(), "1058.75");
    assert_eq!(right["invoice"]["due_date"], "2026-03-01");
    assert!(!findings(&right).contains(&"GROSS_MISMATCH"), "{right}");
    // It stands in later runs too, and what does not fit the record is refused.
    let ran = office
        .sandbox
        .run(&PATHS, &["--uploaded-by", "sender"])
        .ok();
    assert_eq!(
        record_of(&ran.records(), ACME)["invoice"]["due_date"],
        "2026-03-01"
    );
    for wrong in [
        "total=12,50",
        "nosuch=1",
        "total",
        "invoice_date=15.01.2026",
    ] {
        office
            .vouch(&["correct", &acme, wrong, "--by", "bert"])
            .ends(2);
    }
    // What is approved already is corrected no more.
    office
        .vouch(&["correct", &office.id(SMALL), "total=1.00", "--by", "bert"])
        .ends(2);
    office.sandbox.assert_sound();
}

#[test]
fn failures_are_retried_from_the_archived_original() {
    let sandbox = Sandbox::new();
    let small = sandbox.bytes(SMALL);
    sandbox.write("in/ok.xml", &small);
    sandbox.write("in/bad.pdf", b"test pdf content\n");
    sandbox.run(&["in"], &["-o", "out"]).ends(4);
    let office = Office { sandbox };
    office.vouch(&["retry", "--failed"]).ends(4);
    assert_eq!(office.stats()["failed"], 1);

    // The originals are in the archive: the inbox is no longer needed.
    let id = office.id("in/ok.xml");
    office.sandbox.remove("in/ok.xml");
    let before = office.show(&id);
    for stage in ["ocr", "extract", "enrich", "validate", "route"] {
        office.vouch(&["retry", &id, "--from", stage]).ok();
        let after = office.show(&id);
        assert_eq!(after["invoice"], before["invoice"], "{stage}");
        assert_eq!(after["status"], before["status"], "{stage}");
    }
    office.vouch(&["retry"]).ends(2);
    office.vouch(&["retry", &id, "--from", "export"]).ends(2);
    office.sandbox.assert_sound();
}

#[test]
fn stats_are_a_partition_and_status_has_the_names_of_the_origin() {
    let office = Office::open();
    office.sandbox.run(&["fixtures/bad"], &[]).ends(4);
    office
        .vouch(&["reject", &office.id(UNKNOWN), "--by", "anna"])
        .ok();
    office
        .vouch(&["approve", &office.id(LARGE), "--by", "anna"])
        .ok();
    let stats = office.stats();
    let of = |key: &str| {
        stats[key]
            .as_u64()
            .unwrap_or_else(|| panic!("{key}: {stats}"))
    };
    assert_eq!(
        of("pending") + of("processing") + of("failed") + of("completed"),
        of("total")
    );
    assert_eq!(of("total"), 8);
    assert_eq!(of("failed"), 4);
    assert_eq!(of("pending_approval"), 1);
    assert_eq!(of("approved"), 1);
    assert_eq!(of("processing"), of("pending_approval") + of("approved"));
    assert_eq!(
        of("completed"),
        of("exported") + of("rejected") + of("set_aside")
    );

    let status = office.vouch(&["status"]).ok().value();
    assert_eq!(status.as_array().map(Vec::len), Some(8));
    for row in status.as_array().expect("a list") {
        for key in ["request_id", "filename", "status", "stage"] {
            assert!(row[key].is_string(), "{key}: {row}");
        }
    }
    let failed = office.vouch(&["status", "--state", "error"]).ok().value();
    assert_eq!(failed.as_array().map(Vec::len), Some(4));
    let one = office
        .vouch(&["status", &office.id(ACME)[..8]])
        .ok()
        .value();
    assert_eq!(one[0]["filename"], "acme-2026-0042.pdf");
    let row = office.pending().remove(0);
    for key in ["id", "path", "level", "approver", "reasons", "due_at"] {
        assert!(!row[key].is_null(), "{key}: {row}");
    }
}

#[test]
fn an_audit_entry_tells_who_did_what_to_which_bill_and_where() {
    let office = Office::open();
    let acme = office.id(ACME);
    office.vouch(&["approve", &acme, "--by", "anna"]).ok();
    let way = office.vouch(&["journal", "show", &acme]).ok().value();
    let entry = way
        .as_array()
        .expect("a list")
        .iter()
        .find(|entry| entry["actor"] == "anna")
        .unwrap_or_else(|| panic!("{way}"));
    let text = entry.to_string();
    for part in [
        "approve",
        "INV-2026-0042",
        "ACME Corporation",
        "1058.75",
        "\"host\"",
        "\"pid\"",
        "\"login\"",
        env!("CARGO_PKG_VERSION"),
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert!(
        text.contains(&acme) || way.to_string().contains(&acme),
        "{way}"
    );
}
