//! Duplicates: which keys two invoices share, and what is said of them.

use super::*;
use crate::model::Questions;

/// Keys of an invoice, as the journal is asked for them.
fn keys(patch: &Value) -> Vec<String> {
    Validate::default()
        .questions(&document(&json!({ "invoice": patch })))
        .duplicate_keys
}

/// Tells what the second of two invoices is to the first.
fn second(first: &Value, second: &Value) -> Option<&'static str> {
    let known = keys(first);
    let shared = keys(second)
        .into_iter()
        .filter(|key| known.contains(key))
        .collect::<Vec<_>>();
    let same = |mark: &str| shared.iter().any(|key| key.starts_with(mark));
    if same("same|") {
        Some("DUPLICATE")
    } else {
        same("near|").then_some("NEAR_DUPLICATE")
    }
}

#[test]
fn the_same_invoice_is_recognised_by_any_of_its_vendors_marks() {
    for (first, other, outcome) in [
        (json!({}), json!({}), Some("DUPLICATE")),
        (
            json!({}),
            json!({"invoice_number": "inv 2026/0042"}),
            Some("DUPLICATE"),
        ),
        (
            json!({}),
            json!({"vendor_name": "ACME CORPORATION.", "vendor_vat": null}),
            Some("DUPLICATE"),
        ),
        (
            json!({}),
            json!({"invoice_date": "2026-03-01", "total": 5}),
            Some("DUPLICATE"),
        ),
        (json!({}), json!({"document_type": "381"}), None),
        (
            json!({}),
            json!({"invoice_number": "INV-2026-0043", "total": 5}),
            None,
        ),
        (
            json!({}),
            json!({"invoice_number": "INV-2026-0043"}),
            Some("NEAR_DUPLICATE"),
        ),
        (
            json!({}),
            json!({"invoice_date": "2025-01-15"}),
            Some("NEAR_DUPLICATE"),
        ),
        (
            json!({}),
            json!({"invoice_date": "2025-01-15", "total": 5}),
            None,
        ),
        (
            json!({}),
            json!({"invoice_date": null}),
            Some("NEAR_DUPLICATE"),
        ),
    ] {
        assert_eq!(second(&first, &other), outcome, "{other}");
    }
    // Without the vendor file, and the vendor misread: number, day and amount are the same.
    let unnamed = |name: &str, number: &str| {
        let patch = json!({"vendor": null, "invoice": {"vendor_name": name, "vendor_vat": null, "invoice_number": number}});
        let mut value = base();
        lay(&mut value, &patch);
        let document: Document = serde_json::from_value(value).expect("a record");
        Validate::default().questions(&document)
    };
    let shared = |one: Questions, other: Questions| {
        other
            .duplicate_keys
            .iter()
            .any(|key| one.duplicate_keys.contains(key))
    };
    assert!(shared(unnamed("ACME", "INV-42"), unnamed("ACNE", "INV-42")));
    assert!(!shared(unnamed("ACME", "7"), unnamed("Sample", "7")));
}

#[test]
fn duplicates_are_errors_and_near_ones_warnings_and_without_a_journal_neither_is_a_pass() {
    let earlier = |key: &str| Past {
        duplicates: vec![Earlier {
            id: DocId::from_text("d0"),
            path: "a.pdf".to_owned(),
            key: key.to_owned(),
        }],
        ..past()
    };
    let validation = checked_with(
        &json!({}),
        &earlier("near|id:V1||invoice|2026-01-15|1058.75|EUR"),
        policy(),
    );
    assert_eq!(
        found(&validation),
        [("NEAR_DUPLICATE".to_owned(), Severity::Warning)]
    );
    let validation = checked_with(&json!({}), &earlier("same|id:V1|X|invoice|2026"), policy());
    assert_eq!(
        found(&validation),
        [("DUPLICATE".to_owned(), Severity::Error)]
    );
    let ran =
        |validation: &Validation, code: &str| validation.checks_run.iter().any(|run| run == code);
    let alone = Past {
        journal: false,
        ..past()
    };
    let validation = checked_with(&json!({}), &alone, policy());
    assert!(!ran(&validation, "DUPLICATE") && !ran(&validation, "NEAR_DUPLICATE"));
    let validation = checked(&json!({}));
    assert!(ran(&validation, "DUPLICATE") && ran(&validation, "NEAR_DUPLICATE"));
}
