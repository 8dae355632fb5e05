//! Files that hold files: every part is one record, none is lost, and the same file again gives the same ids.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use serde_json::Value;

use crate::expected::differences;
use crate::sandbox::{Sandbox, findings, names, read, records, repository};

/// The records of a file, in the order in which they came.
fn of<'r>(records: &'r [Value], path: &str) -> Vec<&'r Value> {
    records
        .iter()
        .filter(|record| record["source"]["path"] == path)
        .collect()
}

fn ids(records: &[&Value]) -> Vec<String> {
    let id = |record: &&Value| {
        record["id"]
            .as_str()
            .expect("every record has one")
            .to_owned()
    };
    records.iter().map(id).collect()
}

/// Why a part is set aside.
fn aside(record: &Value) -> Option<&str> {
    let warnings = record["ocr"]["warnings"].as_array()?;
    let warning = warnings
        .iter()
        .find(|warning| warning["code"] == "NO_INVOICE")?;
    warning["message"].as_str()?.strip_prefix("set aside: ")
}

/// How a record differs from what is expected of it.
fn compare(expected: &Value, record: &Value) -> Vec<(String, String)> {
    let mut differs = Vec::new();
    for part in ["invoice", "routing", "status", "source"] {
        if !expected[part].is_null() {
            differences(part, &expected[part], &record[part], &mut differs);
        }
    }
    let id = record["id"].as_str().unwrap_or_default();
    let part = id.find('#').map_or("", |at| &id[at..]);
    differences("id", &expected["id"], &Value::from(part), &mut differs);
    if let Some(reason) = expected["aside"].as_str()
        && aside(record) != Some(reason)
    {
        differs.push((
            "aside".to_owned(),
            format!("expected {reason}, found {:?}", aside(record)),
        ));
    }
    if let Some(codes) = expected["findings"].as_array() {
        let want: Vec<&str> = codes.iter().filter_map(Value::as_str).collect();
        if findings(record) != want {
            differs.push((
                "findings".to_owned(),
                format!("expected {want:?}, found {:?}", findings(record)),
            ));
        }
    }
    differs
}

#[test]
fn every_part_of_a_container_gives_its_expected_record() {
    let sandbox = Sandbox::new();
    sandbox.lay_containers("containers");
    let ran = sandbox.run(&["containers"], &["-o", "out"]).ok();
    assert!(!ran.err.contains("of them known"), "{ran}");
    let records = records(&sandbox.text("out/records.jsonl"));
    let (mut report, mut wrong, mut parts) = (String::new(), 0, 0);
    for name in names(&repository("fixtures/parts")) {
        let bytes = read(&repository(&format!("fixtures/parts/{name}")));
        let expected: Value = serde_json::from_slice(&bytes).expect("JSON");
        let file = expected["file"].as_str().expect("names its file");
        let found = of(&records, file);
        let expected = expected["parts"].as_array().expect("a list");
        parts += expected.len();
        if found.len() != expected.len() {
            wrong += 1;
            let shown: Vec<String> = (found.iter())
                .map(|record| format!("{} {} {:?}", record["id"], record["status"], aside(record)))
                .collect();
            let _ = writeln!(
                report,
                "{file}: {} parts expected, found {shown:#?}",
                expected.len()
            );
            continue;
        }
        for (expected, record) in expected.iter().zip(found) {
            for (path, differs) in compare(expected, record) {
                wrong += 1;
                let _ = writeln!(report, "{file}{}: {path}: {differs}", expected["id"]);
            }
        }
    }
    assert_eq!(wrong, 0, "{ran}\n{report}");
    assert_eq!(records.len(), parts, "a record for each part");
    sandbox.assert_sound();
    // Nothing is worked on again, and nothing exported.
    let known = format!("{parts} documents, {parts} of them known");
    sandbox
        .run(&["containers"], &["-o", "out"])
        .ok()
        .says(&known);
    sandbox.assert_sound();
}

#[test]
fn the_same_mail_twice_is_one_mail() {
    let sandbox = Sandbox::new();
    let mail = read(&repository("fixtures/containers/mail.eml"));
    sandbox.write("in/a.eml", &mail);
    sandbox.write("in/b.txt", &mail);
    let ran = sandbox.run(&["in"], &["-o", "out"]).ok();
    let records = records(&sandbox.text("out/records.jsonl"));
    let (first, second) = (of(&records, "in/a.eml"), of(&records, "in/b.txt"));
    assert_eq!(ids(&first), ids(&second), "{ran}");
    assert_eq!(first.len(), 4);
    for record in &second {
        assert_eq!(record["source"]["same_as"], "in/a.eml");
        assert!(!findings(record).contains(&"DUPLICATE"), "{record}");
    }
    let bills = sandbox.text("out/bills.csv");
    assert_eq!(bills.matches("BW-10402").count(), 1, "{bills}");
    sandbox.assert_sound();
}

#[test]
fn an_invoice_that_comes_in_two_mails_is_a_duplicate() {
    let sandbox = Sandbox::new();
    let mail = read(&repository("fixtures/containers/mail.eml"));
    let again = String::from_utf8(mail.clone())
        .expect("text")
        .replace("1300@brightwater", "1399@brightwater");
    sandbox.write("in/a.eml", &mail);
    sandbox.write("in/b.eml", again.as_bytes());
    sandbox.run(&["in"], &["-o", "out"]).ok();
    let records = records(&sandbox.text("out/records.jsonl"));
    let second = of(&records, "in/b.eml");
    assert_eq!(
        second[0]["source"]["message_id"],
        "1399@brightwater.example"
    );
    assert!(findings(second[0]).contains(&"DUPLICATE"), "{}", second[0]);
}

#[test]
fn a_mailbox_is_read_as_its_mails() {
    let sandbox = Sandbox::new();
    let fixture = |name: &str| read(&repository(&format!("fixtures/containers/{name}")));
    sandbox.write("box/new/1768294364.M1", &fixture("mail.eml"));
    sandbox.write("box/cur/1768294365.M2:2,S", &fixture("mail-forwarded.eml"));
    sandbox.write("box/tmp/1768294366.M3", &fixture("outlook.msg"));
    sandbox.write("box/dovecot-uidlist", b"3 V1 N4");
    sandbox.write("mails.mbox", &fixture("two-mails.mbox"));
    let ran = sandbox.vouch(&["ocr", "--mail", "box", "--mail", "mails.mbox"]);
    let records = ran.ok().records();
    let paths: BTreeSet<&str> = records
        .iter()
        .filter_map(|record| record["source"]["path"].as_str())
        .collect();
    let expected = [
        "box/cur/1768294365.M2:2,S",
        "box/new/1768294364.M1",
        "mails.mbox",
    ];
    assert_eq!(paths, BTreeSet::from(expected));
    assert_eq!(records.len(), 3 + 4 + 4);
    for record in &records {
        assert_eq!(record["source"]["kind"], "email", "{record}");
        assert!(record["source"]["message_id"].is_string(), "{record}");
    }
    // Who sent the mail in may not approve what came in it.
    assert_eq!(
        records[3]["source"]["uploaded_by"],
        "accounts@brightwater.example"
    );
}

#[test]
fn a_mailbox_may_be_larger_than_a_document() {
    let sandbox = Sandbox::new();
    let mut mailbox = read(&repository("fixtures/containers/two-mails.mbox"));
    let limit = mailbox.len() as u64 / 2;
    mailbox.extend_from_slice(
        b"\nFrom x@y Tue Jan 13 09:12:44 2026\nFrom: x@y.example\nTo: z@y.example\n\n",
    );
    mailbox.extend(std::iter::repeat_n(b"See you. ", 3000).flatten());
    sandbox.write("mails.mbox", &mailbox);
    let ran = sandbox
        .run(&["mails.mbox"], &["--max-size", &limit.to_string()])
        .ok();
    let records = ran.records();
    assert_eq!(records.len(), 5, "{ran}");
    let statuses: Vec<&Value> = records.iter().map(|record| &record["status"]).collect();
    assert_eq!(statuses[0], "pending_approval", "{ran}");
    assert_eq!(statuses[2], "approved", "{ran}");
}

#[test]
fn what_an_invoice_carries_is_named_in_it() {
    let sandbox = Sandbox::new();
    sandbox.lay_containers("containers");
    let ran = sandbox.run(
        &[
            "containers/fattura-allegato.xml",
            "containers/hybrid.pdf",
            "containers/ubl-attachment.xml",
        ],
        &[],
    );
    let names: Vec<Value> = (ran.ok().records().iter())
        .map(|record| record["invoice"]["attachments"].clone())
        .collect();
    let attachment =
        |name: &str| serde_json::json!([{ "name": name, "media_type": "application/pdf" }]);
    let shown = |value: &Value| {
        let list = value.as_array().cloned().unwrap_or_default();
        let pick = |item: &Value| serde_json::json!({ "name": item["name"], "media_type": item["media_type"] });
        Value::Array(list.iter().map(pick).collect())
    };
    let names: Vec<Value> = names.iter().map(shown).collect();
    assert_eq!(
        names,
        [
            attachment("ore.pdf"),
            attachment("heures.pdf"),
            attachment("ZK-260107")
        ]
    );
}
