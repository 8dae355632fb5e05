//! The documents under `fixtures/` are what their code makes, and their expected records are right in themselves.

#[path = "../../examples/fixtures/set/mod.rs"]
mod set;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use rust_decimal::{Decimal, RoundingStrategy};
use serde_json::Value;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures")
}

#[expect(
    clippy::disallowed_methods,
    reason = "the test reads the files of this repository"
)]
fn on_disk(path: &str) -> Option<Vec<u8>> {
    std::fs::read(folder().join(path)).ok()
}

/// The paths under a folder, as they stand in the manifest.
fn listed(under: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for entry in std::fs::read_dir(folder().join(under)).expect("a folder of the set") {
        let name = entry.expect("an entry").file_name();
        let path = Path::new(under).join(name);
        let path = path.to_str().expect("names are plain").to_owned();
        if folder().join(&path).is_dir() {
            found.extend(listed(&path));
        } else {
            found.insert(path);
        }
    }
    found
}

/// The expected records with their paths.
fn expected() -> Vec<(String, Value)> {
    listed("expected")
        .into_iter()
        .map(|path| {
            let bytes = on_disk(&path).expect("just listed");
            let record =
                serde_json::from_slice(&bytes).unwrap_or_else(|error| panic!("{path}: {error}"));
            (path, record)
        })
        .collect()
}

fn text<'a>(record: &'a Value, key: &str) -> &'a str {
    record[key]
        .as_str()
        .unwrap_or_else(|| panic!("`{key}` is a text in {record}"))
}

fn number(record: &Value, key: &str) -> Decimal {
    text(record, key)
        .parse()
        .unwrap_or_else(|_| panic!("`{key}` is a decimal in {record}"))
}

#[test]
fn the_files_are_what_the_code_makes() {
    let made = set::files();
    for file in &made {
        let found = on_disk(&file.path);
        let same = found.is_some_and(|found| set::same(&found, &file.bytes));
        assert!(
            same,
            "fixtures/{} differs; run `cargo run --example fixtures`",
            file.path
        );
    }
    let made: BTreeSet<String> = made.into_iter().map(|file| file.path).collect();
    for folder in [
        "inbox",
        "bad",
        "checks",
        "containers",
        "expected",
        "parts",
        "reference",
    ] {
        for path in listed(folder) {
            assert!(
                made.contains(&path),
                "fixtures/{path} is not made by the code"
            );
        }
    }
}

#[test]
fn every_document_has_one_record_and_every_record_its_document() {
    let documents: BTreeSet<String> = ["inbox", "bad", "checks"]
        .into_iter()
        .flat_map(listed)
        .collect();
    let named: Vec<String> = expected()
        .iter()
        .map(|(_, record)| text(record, "file").to_owned())
        .collect();
    assert_eq!(named.len(), documents.len());
    assert_eq!(named.into_iter().collect::<BTreeSet<_>>(), documents);
    let manifest = String::from_utf8(on_disk("MANIFEST.md").expect("there is one")).expect("text");
    for path in documents.into_iter().chain(listed("containers")) {
        assert!(
            manifest.contains(&format!("| `{path}` |")),
            "{path} is not in the manifest"
        );
    }
}

#[test]
fn all_sums_are_exact() {
    let mut invoices = 0;
    for (path, record) in expected() {
        let Some(invoice) = record.get("invoice") else {
            assert!(
                record["error"]["code"].is_string(),
                "{path} has neither an invoice nor an error"
            );
            continue;
        };
        invoices += 1;
        let lines = invoice["line_items"].as_array();
        let lines = lines.unwrap_or_else(|| panic!("{path}: no lines"));
        let mut sum = Decimal::ZERO;
        for line in lines {
            let product = number(line, "quantity") * number(line, "unit_price");
            let product = product.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero);
            assert_eq!(number(line, "total"), product, "{path}: {line}");
            sum += product;
        }
        assert_eq!(number(invoice, "subtotal"), sum, "{path}");
        assert_eq!(
            number(invoice, "total"),
            sum + number(invoice, "vat_amount"),
            "{path}"
        );
        assert_eq!(
            number(invoice, "amount_due"),
            number(invoice, "total"),
            "{path}"
        );
    }
    assert!(invoices >= 13);
}

#[test]
fn the_golden_amounts_are_the_promised_ones() {
    let total = |name: &str| {
        let (_, record) = expected()
            .into_iter()
            .find(|(path, _)| path.ends_with(name))
            .expect("a golden record");
        (
            number(&record["invoice"], "total").to_string(),
            text(&record["routing"], "level").to_owned(),
        )
    };
    assert_eq!(
        total("/acme-2026-0042.json"),
        ("1058.75".to_owned(), "manager".to_owned())
    );
    assert_eq!(
        total("/multi-page.json"),
        ("15000.00".to_owned(), "director".to_owned())
    );
}

#[test]
fn levels_follow_the_limits_and_only_clean_documents_pass_by_themselves() {
    let mut levels = BTreeSet::new();
    for (path, record) in expected() {
        let Some(invoice) = record.get("invoice") else {
            continue;
        };
        let clean = record["findings"] == Value::Array(Vec::new());
        let level = match number(invoice, "total").abs() {
            total if total <= Decimal::from(500) && clean => "auto",
            total if total <= Decimal::from(5_000) => "manager",
            total if total <= Decimal::from(25_000) => "director",
            _ => "cfo",
        };
        assert_eq!(text(&record["routing"], "level"), level, "{path}");
        let status = if level == "auto" {
            "approved"
        } else {
            "pending_approval"
        };
        assert_eq!(text(&record, "status"), status, "{path}");
        levels.insert(level);
    }
    assert_eq!(
        levels,
        BTreeSet::from(["auto", "cfo", "director", "manager"])
    );
}

#[test]
fn accounts_have_right_check_digits_and_stand_in_the_vendor_file() {
    let vendors =
        String::from_utf8(on_disk("reference/vendors.csv").expect("there is one")).expect("text");
    for (path, record) in expected() {
        let Some(invoice) = record.get("invoice") else {
            continue;
        };
        // A credit note names no account.
        if invoice["iban"].is_null() {
            assert_eq!(text(invoice, "document_type"), "381", "{path}");
            continue;
        }
        let iban = text(invoice, "iban");
        let rest = iban[4..]
            .chars()
            .chain(iban[..4].chars())
            .fold(0, |rest, c| {
                let value = c.to_digit(36).expect("letters and digits");
                (rest * if value > 9 { 100 } else { 10 } + value) % 97
            });
        assert_eq!(rest, 1, "{path}: {iban}");
        let findings = record["findings"].to_string();
        let row = vendors
            .lines()
            .find(|row| row.contains(text(invoice, "vendor_name")));
        let approved = row.map(|row| {
            assert!(
                row.contains(iban) && row.contains(text(invoice, "vendor_vat")),
                "{path}: {row}"
            );
            row.ends_with(",true")
        });
        assert_eq!(
            approved.is_none(),
            findings.contains("VENDOR_UNKNOWN"),
            "{path}"
        );
        assert_eq!(
            approved == Some(false),
            findings.contains("VENDOR_NOT_APPROVED"),
            "{path}"
        );
    }
}

#[test]
fn bad_files_are_bad_in_the_way_they_say() {
    let load = |path: &str| lopdf::Document::load_mem(&on_disk(path).expect("a file of the set"));
    assert_eq!(
        on_disk("bad/test.pdf").expect("there is one"),
        b"test pdf content\n"
    );
    assert_eq!(on_disk("bad/empty.pdf").expect("there is one"), b"");
    assert!(load("bad/truncated.pdf").is_err());
    let mut locked = load("bad/encrypted.pdf").expect("its structure is whole");
    assert!(locked.is_encrypted());
    assert!(
        locked.authenticate_password("").is_err(),
        "it must not open without a password"
    );
    assert!(locked.decrypt("vouch").is_ok());
}

#[test]
fn documents_are_small_enough_for_a_repository() {
    for path in ["inbox", "checks"].into_iter().flat_map(listed) {
        let bytes = on_disk(&path).expect("just listed").len();
        assert!(bytes < 400_000, "{path} has {bytes} bytes");
    }
}
