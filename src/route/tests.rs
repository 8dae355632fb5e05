//! Routing of whole documents.

use super::*;
use crate::model::{DocId, Finding, Hundredths, Skipped, Validation, VendorMatch};
use serde_json::json;

/// A document that passes, but for its amount.
fn clean(total: &str, currency: &str) -> Document {
    let mut document = Document::new(DocId::from_text("d1"));
    document.status = Status::Processing;
    document.provenance.now = "2026-01-15".parse().ok();
    document.invoice = serde_json::from_value(json!({
        "total": total, "currency": currency, "invoice_date": "2026-01-10"
    }))
    .ok();
    document.vendor = Some(VendorMatch {
        vendor_id: Some("V1".to_owned()),
        approved: Some(true),
        ..VendorMatch::default()
    });
    document.validation = Some(Validation {
        valid: Some(true),
        risk_score: Some(Hundredths(0)),
        requires_review: Some(false),
        checks_run: [
            "FIELD_MISSING",
            "TOTAL_NOT_POSITIVE",
            "CURRENCY_UNKNOWN",
            "GROSS_MISMATCH",
            "DUPLICATE",
            "VENDOR_UNKNOWN",
            "VENDOR_NOT_APPROVED",
        ]
        .map(str::to_owned)
        .to_vec(),
        ..Validation::default()
    });
    document
}

fn routed(document: Document) -> Document {
    let rates = Rates::parse(b"currency,rate,date\nUSD,0.5,2026-01-01\n").expect("rates");
    Route::new(Policy::default(), Some(rates))
        .apply(document, &Past::default())
        .expect("never fails")
}

fn outcome(document: &Document) -> (Level, String, String) {
    let routing = document.routing.as_ref().expect("routed");
    // `auto` and `system` say the same, always.
    let auto = routing.level == Some(Level::Auto);
    assert_eq!(auto, routing.approver.as_deref() == Some("system"));
    assert_eq!(auto, routing.auto == Some(true));
    assert_eq!(auto, document.status == Status::Approved);
    assert_eq!(auto, routing.reasons.is_empty());
    assert_eq!(auto, routing.would_be_auto_if.is_empty());
    (
        routing.level.expect("a level"),
        routing.rule.clone().unwrap_or_default(),
        routing.approver.clone().unwrap_or_default(),
    )
}

#[test]
fn limits_are_inclusive_and_signs_do_not_count() {
    for (total, currency, level, rule) in [
        ("500.00", "EUR", Level::Auto, "auto_approve_limit"),
        ("500.01", "EUR", Level::Manager, "manager_approve_limit"),
        ("500.001", "EUR", Level::Manager, "manager_approve_limit"),
        ("-500.01", "EUR", Level::Manager, "manager_approve_limit"),
        ("5000.00", "EUR", Level::Manager, "manager_approve_limit"),
        ("5000.01", "EUR", Level::Director, "director_approve_limit"),
        ("25000.00", "EUR", Level::Director, "director_approve_limit"),
        ("25000.01", "EUR", Level::Cfo, "above_director_limit"),
        ("1058.75", "EUR", Level::Manager, "manager_approve_limit"),
        ("1000.00", "USD", Level::Auto, "auto_approve_limit"),
        ("1000.01", "USD", Level::Manager, "manager_approve_limit"),
        ("1.00", "GBP", Level::Manager, "unknown_rate"),
        ("30000.00", "GBP", Level::Cfo, "unknown_rate"),
        ("1.00", "XYZ", Level::Manager, "unknown_currency"),
    ] {
        let (got, by, _) = outcome(&routed(clean(total, currency)));
        assert_eq!((got, by.as_str()), (level, rule), "{total} {currency}");
    }
}

#[test]
fn the_larger_of_total_and_amount_due_counts() {
    for (invoice, level, base) in [
        (
            json!({"total": -5, "amount_due": 30000, "currency": "EUR"}),
            Level::Cfo,
            Some("30000.00"),
        ),
        (
            json!({"total": 600, "amount_due": 0, "currency": "EUR"}),
            Level::Manager,
            Some("600.00"),
        ),
        (
            json!({"amount_due": 10, "currency": "EUR"}),
            Level::Auto,
            Some("10.00"),
        ),
        (json!({"currency": "EUR"}), Level::Manager, None),
        (json!({"total": 5}), Level::Manager, None),
    ] {
        let mut document = clean("1", "EUR");
        document.invoice = serde_json::from_value(invoice.clone()).ok();
        let document = routed(document);
        assert_eq!(outcome(&document).0, level, "{invoice}");
        let amount = document.routing.and_then(|routing| routing.amount_base);
        assert_eq!(
            amount.map(|amount| amount.to_string()).as_deref(),
            base,
            "{invoice}"
        );
    }
}

/// Makes one thing speak against a document.
type Change<'a> = Box<dyn Fn(&mut Document) + 'a>;

#[test]
fn whatever_speaks_against_a_small_invoice_is_for_the_finance_team() {
    let error = |code: &str| Finding {
        code: code.to_owned(),
        message: "as said".to_owned(),
        ..Finding::default()
    };
    let checked = |document: &mut Document, change: &dyn Fn(&mut Validation)| {
        change(document.validation.as_mut().expect("validated"));
    };
    let cases: Vec<(&str, Change<'_>, &str)> = vec![
        (
            "no checks",
            Box::new(|d| d.validation = None),
            "check_not_run",
        ),
        (
            "no vendor file",
            Box::new(|d| d.vendor = None),
            "vendor_not_cleared",
        ),
        (
            "vendor unknown",
            Box::new(|d| d.vendor = Some(VendorMatch::default())),
            "vendor_not_cleared",
        ),
        (
            "vendor not approved",
            Box::new(|d| d.vendor.as_mut().expect("a vendor").approved = Some(false)),
            "vendor_not_cleared",
        ),
        (
            "an error",
            Box::new(|d| {
                checked(d, &|v| {
                    v.errors.push(error("LINE_MISMATCH"));
                    v.valid = Some(false);
                });
            }),
            "not_valid",
        ),
        (
            "a review",
            Box::new(|d| checked(d, &|v| v.requires_review = Some(true))),
            "requires_review",
        ),
        (
            "review not said",
            Box::new(|d| checked(d, &|v| v.requires_review = None)),
            "requires_review",
        ),
        (
            "risk .51",
            Box::new(|d| checked(d, &|v| v.risk_score = Some(Hundredths(51)))),
            "risk_override",
        ),
        (
            "another account, softened",
            Box::new(|d| checked(d, &|v| v.notes.push(error("IBAN_CHANGED")))),
            "iban_changed",
        ),
        (
            "no history",
            Box::new(|d| {
                checked(d, &|v| {
                    v.checks_run.retain(|code| code != "DUPLICATE");
                    v.checks_skipped = vec![Skipped {
                        code: "DUPLICATE".to_owned(),
                        reason: "no journal".to_owned(),
                    }];
                });
            }),
            "check_not_run",
        ),
    ];
    for (name, change, rule) in cases {
        let mut document = clean("10.00", "EUR");
        change(&mut document);
        let document = routed(document);
        let found = outcome(&document);
        assert_eq!(
            (found.0, found.1.as_str(), found.2.as_str()),
            (Level::Manager, rule, "finance-team@company.com"),
            "{name}"
        );
        assert!(document.approval.is_none());
        let due = document
            .routing
            .and_then(|routing| routing.due_at)
            .map(|due| due.to_string());
        assert_eq!(due.as_deref(), Some("2026-01-17T00:00:00Z"), "{name}");
    }
}

#[test]
fn a_risk_of_exactly_half_lifts_nothing() {
    let mut document = clean("10.00", "EUR");
    document.validation.as_mut().expect("validated").risk_score = Some(Hundredths(50));
    assert_eq!(outcome(&routed(document)).0, Level::Auto);
}

#[test]
fn what_passes_is_approved_by_the_system_at_the_documents_own_now() {
    let document = routed(clean("1000", "USD"));
    let approval = document.approval.as_ref().expect("approved");
    assert_eq!(approval.approver.as_deref(), Some("system"));
    assert_eq!(approval.decided_at, document.provenance.now);
    assert_eq!(
        approval.record_hash.as_deref(),
        Some(record_hash(&document).as_str())
    );
    let routing = document.routing.expect("routed");
    assert_eq!(routing.due_at, None);
    assert_eq!(
        routing
            .fx
            .and_then(|fx| fx.date)
            .map(|date| date.to_string())
            .as_deref(),
        Some("2026-01-01")
    );
    assert!(document.provenance.reference_hashes.contains_key("fx.csv"));
}

#[test]
fn the_approver_is_the_vendors_the_departments_or_the_levels() {
    let policy: Policy = toml::from_str(
        "[approvers]\nmanager = 'm@x'\n[approvers.departments.IT]\nmanager = 'it@x'\n[approvers.vendors.V9]\nmanager = 'v9@x'",
    )
    .expect("a policy");
    let route = Route::new(policy, None);
    let categories = |departments: [&str; 2]| {
        departments
            .into_iter()
            .zip(0..)
            .map(|(department, line)| crate::model::Category {
                line,
                department: Some(department.to_owned()),
                ..crate::model::Category::default()
            })
            .collect::<Vec<_>>()
    };
    for (vendor, departments, totals, approver) in [
        ("V1", ["HR", "HR"], [300, 300], "m@x"),
        ("V1", ["HR", "IT"], [299, 301], "it@x"),
        ("V1", ["HR", "IT"], [300, 300], "m@x"),
        ("V9", ["HR", "IT"], [299, 301], "v9@x"),
    ] {
        let mut document = clean("600", "EUR");
        document.vendor.as_mut().expect("a vendor").vendor_id = Some(vendor.to_owned());
        document.categories = categories(departments);
        document.invoice = serde_json::from_value(json!({
            "total": 600, "currency": "EUR", "line_items": [{"total": totals[0]}, {"total": totals[1]}]
        }))
        .ok();
        let document = route
            .apply(document, &Past::default())
            .expect("never fails");
        assert_eq!(
            outcome(&document).2,
            approver,
            "{vendor} {departments:?} {totals:?}"
        );
    }
}

#[test]
fn what_failed_or_was_set_aside_passes_through() {
    for status in [Status::Error, Status::SetAside] {
        let mut document = clean("1", "EUR");
        document.status = status;
        let out = routed(document);
        assert_eq!(out.status, status);
        assert!(out.routing.is_none());
    }
}
