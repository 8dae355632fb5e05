//! `vouch bench`: every rule of comparison on a small truth file, what is said of what does not fit, and the gate.

use serde_json::Value;

use crate::sandbox::Sandbox;

/// A document for each rule of comparison; the comments say what of it is right.
const TRUTH: &str = r#"
{"file":"a/one.pdf","kind":"pdf","lang":"en","truth":{"invoice_number":"INV-2026/42","invoice_date":"2026-01-15","due_date":null,"currency":"EUR","vendor_name":["Rossi Trading S.r.l.","Rossi"],"buyer_name":"Halden & Marsh B.V.","vendor_vat":"IT01234567890","subtotal":"10.00","vat_amount":"2.20","total":"12.20","amount_due":"12.20","po_reference":null,"iban":"NL89NOVB0417208855","line_items":[{"description":"Widget, blue","quantity":"1","unit_price":"4.00","total":"4.00"},{"description":"Consulting May","total":"6.00"},{"description":"Travel","total":"0.00"}]}}
{"file":"b/one.pdf","kind":"pdf","lang":"de","truth":{"invoice_number":"7","invoice_date":"2026-02-01","total":["1.00","2.00"],"vendor_name":"Müller GmbH"}}
{"file":"receipt.png","kind":"image","lang":"en","truth":{"invoice_number":null,"invoice_date":"2026-03-01","total":"5.00","vendor_name":"Corner Shop"}}
{"file":"lost.png","kind":"image","lang":"en","truth":{"invoice_number":"8","total":"9.00"}}
"#;

/// The records: one right in all but the due date, the order and one line; one wrong; one with an invented number.
const RECORDS: &str = r#"
{"source":{"path":"in/a/one.pdf"},"invoice":{"invoice_number":"inv 2026-42","invoice_date":"20260115","due_date":"2026-02-14","currency":"eur","vendor_name":"ROSSI TRADNG SRL","buyer_name":"Halden and Marsh","vendor_vat":"01234567890","subtotal":10.0,"vat_amount":"2.2","total":12.20,"amount_due":12.2,"po_reference":null,"iban":"NL89 NOVB 0417 2088 55","line_items":[{"description":"Consultinq May","total":6},{"description":"Widget blue 5 pcs","total":"4.00"},{"description":"Hotel","total":0}]},"evidence":{"invoice_number":{"confidence":0.99},"invoice_date":{"confidence":0.97},"vendor_name":{"confidence":0.82},"total":{"confidence":0.96}}}
{"source":{"path":"in/b/one.pdf"},"invoice":{"invoice_number":"7","invoice_date":"2026-02-01","total":"2","vendor_name":"Meyer AG"},"evidence":{"invoice_number":{"confidence":0.9},"invoice_date":{"confidence":0.9},"vendor_name":{"confidence":0.62},"total":{"confidence":1}}}
{"source":{"path":"receipt.png"},"invoice":{"invoice_number":"0012","invoice_date":"","total":"5.00","vendor_name":"Corner Shop"},"evidence":{"total":{"confidence":0.4}}}
{"source":{"path":"receipt.png"},"invoice":{"total":"6.00"}}
{"source":{"path":"one.pdf"},"invoice":{"total":"1.00"}}
{"source":{"path":"other.pdf"},"error":{"code":"EMPTY_FILE"}}
"#;

fn sandbox() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write("truth.jsonl", TRUTH.as_bytes());
    sandbox.write("records.jsonl", RECORDS.as_bytes());
    sandbox
}

fn report(sandbox: &Sandbox, more: &[&str]) -> Value {
    let mut args = vec![
        "bench",
        "--truth",
        "truth.jsonl",
        "records.jsonl",
        "--format",
        "json",
    ];
    args.extend(more);
    sandbox.vouch(&args).ok().value()
}

#[test]
fn every_rule_of_comparison_counts_as_it_should() {
    let report = report(&sandbox(), &[]);
    for (field, present, predicted, right) in [
        ("invoice_number", 3, 3, 2),
        ("invoice_date", 3, 2, 2),
        ("due_date", 0, 1, 0),
        ("currency", 1, 1, 1),
        ("vendor_name", 3, 3, 2),
        ("buyer_name", 1, 1, 1),
        ("vendor_vat", 1, 1, 1),
        ("subtotal", 1, 1, 1),
        ("vat_amount", 1, 1, 1),
        ("total", 4, 3, 3),
        ("amount_due", 1, 1, 1),
        ("po_reference", 0, 0, 0),
        ("iban", 1, 1, 1),
        ("line_items", 3, 3, 2),
    ] {
        let counts = &report["fields"][field];
        let got = ["present", "predicted", "right"].map(|count| counts[count].as_u64());
        assert_eq!(
            got,
            [Some(present), Some(predicted), Some(right)],
            "{field}"
        );
    }
    assert_eq!(report["all"]["present"], 20);
    assert_eq!(report["all"]["predicted"], 19);
    assert_eq!(report["all"]["right"], 16);
    assert_eq!(report["documents"], 4);
    assert_eq!(report["predicted_documents"], 3);
    assert_eq!(report["key_documents"], 4);
    assert_eq!(report["key_right"], 1);
}

#[test]
fn confidence_is_held_against_what_is_right() {
    let report = report(&sandbox(), &[]);
    let bands = report["calibration"]["bands"].as_array().expect("a list");
    let counts: Vec<(u64, u64)> = bands
        .iter()
        .map(|band| {
            let count = |key: &str| band[key].as_u64().expect("a count");
            (count("values"), count("right"))
        })
        .collect();
    // Below .5: the receipt's total. .5 to .7: the wrong vendor. .8 to .9: the right one. .9 to .95: number and date.
    assert_eq!(counts, [(1, 1), (1, 0), (0, 0), (1, 1), (2, 2), (4, 4)]);
    // The receipt's invented number and right vendor state nothing.
    assert_eq!(report["calibration"]["unstated"], 2);
    assert_eq!(report["calibration"]["unstated_right"], 1);
    // (|.4-1| + |.62-0| + |.82-1| + |.9-1|·2 + |.98-1|·4) / 9
    assert_eq!(report["calibration"]["expected_error"], 0.1867);
    let at = |threshold: f64| {
        let rows = report["thresholds"].as_array().expect("a list");
        let row = rows.iter().find(|row| row["min_confidence"] == threshold);
        let row = row.expect("a threshold of the report");
        (
            row["passed"].as_u64(),
            row["wrong"].as_u64(),
            row["share_passed"].as_f64(),
        )
    };
    assert_eq!(at(0.5), (Some(2), Some(1), Some(0.5)));
    assert_eq!(at(0.8), (Some(1), Some(0), Some(0.25)));
    assert_eq!(at(0.85), (Some(0), Some(0), Some(0.0)));
}

#[test]
fn what_does_not_fit_is_said() {
    let sandbox = sandbox();
    let report = report(&sandbox, &["--errors", "--by", "kind"]);
    assert_eq!(report["without_record"], serde_json::json!(["lost.png"]));
    assert_eq!(
        report["without_truth"],
        serde_json::json!(["one.pdf", "other.pdf"])
    );
    assert_eq!(report["repeated"], serde_json::json!(["receipt.png"]));
    assert_eq!(report["by"]["image"]["documents"], 2);
    assert_eq!(report["by"]["pdf"]["key_right"], 1);
    let errors: Vec<String> = report["errors"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|miss| {
            let text = |key: &str| miss[key].as_str().unwrap_or("-").to_owned();
            format!("{} {} {}", text("file"), text("field"), text("predicted"))
        })
        .collect();
    assert_eq!(
        errors,
        [
            "a/one.pdf due_date 2026-02-14",
            "a/one.pdf line_items -",
            "a/one.pdf line_items -",
            "b/one.pdf vendor_name Meyer AG",
            "receipt.png invoice_number 0012",
            "receipt.png invoice_date -",
            "lost.png invoice_number -",
            "lost.png total -",
        ]
    );
    let text = sandbox
        .shell("vouch bench --truth truth.jsonl < records.jsonl")
        .ok();
    for says in [
        "1 without a record",
        "  lost.png",
        "2 records of no document",
        "1 further records",
    ] {
        assert!(text.out.contains(says), "{says}: {text}");
    }
    let kinds = sandbox
        .vouch(&[
            "bench",
            "--truth",
            "truth.jsonl",
            "records.jsonl",
            "--kind",
            "image",
            "--format",
            "json",
        ])
        .ok()
        .value();
    assert_eq!(kinds["documents"], 2);
}

#[test]
fn the_gate_decides_the_exit() {
    let sandbox = sandbox();
    let gate = |gate: &str| {
        sandbox.vouch(&[
            "bench",
            "--truth",
            "truth.jsonl",
            "records.jsonl",
            "--gate",
            gate,
        ])
    };
    gate("f1>=0.8,currency.f1>=1,wrong@0.8<=0,missing<=1").ok();
    let failed = gate("f1>=0.8,key>=0.9,missing<=0").ends(1);
    assert!(failed.out.starts_with("FIELD"), "{failed}");
    assert!(
        failed.err.contains("gate: key>=0.9 is not met: 0.2500")
            && failed.err.contains("gate: missing<=0 is not met: 1.0000")
            && !failed.err.contains("f1>=0.8"),
        "{failed}"
    );
    gate("f1=0.8").ends(2).says("is no condition such as");
    sandbox
        .vouch(&["bench", "--truth", "records.jsonl", "records.jsonl"])
        .ends(2)
        .says("line 2: is no line of a truth file");
    sandbox
        .vouch(&["bench", "--truth", "none.jsonl", "records.jsonl"])
        .ends(2)
        .says("cannot read `none.jsonl`");
    sandbox
        .vouch(&[
            "bench",
            "--truth",
            "truth.jsonl",
            "records.jsonl",
            "--kind",
            "fax",
        ])
        .ends(2)
        .says("no document to score");
}
