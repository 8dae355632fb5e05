//! Every rule on an invoice that passes and on one that does not.

use serde_json::{Value, json};

mod cases;
mod duplicates;
mod judgement;

use super::*;
use crate::model::{Amount, DocId, Document, Earlier, Past, Validation, VendorPast};
use crate::stage::Stage;
use cases::{base, cases, lay};

fn document(patch: &Value) -> Document {
    let mut value = base();
    lay(&mut value, patch);
    serde_json::from_value(value).expect("a record")
}

fn policy() -> Policy {
    Policy {
        company_names: vec!["Example GmbH".to_owned()],
        ..Policy::default()
    }
}

fn past() -> Past {
    Past {
        journal: true,
        duplicates: Vec::new(),
        vendor: Some(VendorPast {
            count: 3,
            average: Amount("900.00".parse().expect("an amount")),
            ibans: vec!["DE89370400440532013000".to_owned()],
        }),
    }
}

fn checked(patch: &Value) -> Validation {
    checked_with(patch, &past(), policy())
}

fn checked_with(patch: &Value, past: &Past, policy: Policy) -> Validation {
    let checked = Validate::new(policy).apply(document(patch), past);
    checked.expect("never fails").validation.expect("validated")
}

/// Codes of all findings with their severities.
fn found(validation: &Validation) -> Vec<(String, Severity)> {
    [&validation.errors, &validation.warnings, &validation.notes]
        .into_iter()
        .flatten()
        .map(|finding| (finding.code.clone(), finding.severity.expect("graded")))
        .collect()
}

fn finds(validation: &Validation, code: &str) -> bool {
    found(validation).iter().any(|(found, _)| found == code)
}

/// Rules whose cases need more than a changed document, with a test of their own below.
const ELSEWHERE: [&str; 3] = ["DUPLICATE", "NEAR_DUPLICATE", "IBAN_UNKNOWN"];

#[test]
fn every_rule_has_a_case_that_fails_and_one_that_passes() {
    for (code, fails, passes) in cases() {
        assert!(finds(&checked(&fails), code), "{code} not found in {fails}");
        let passed = checked(&passes);
        assert!(!finds(&passed, code), "{code} found in {passes}");
        assert!(
            passed.checks_run.iter().any(|run| run == code),
            "{code} did not run on {passes}: {:?}",
            passed
                .checks_skipped
                .iter()
                .find(|skipped| skipped.code == code)
                .map(|skipped| &skipped.reason)
        );
    }
    let covered: Vec<&str> = cases()
        .iter()
        .map(|(code, ..)| *code)
        .chain(ELSEWHERE)
        .collect();
    for rule in rules() {
        assert!(covered.contains(&rule.code), "{} has no case", rule.code);
    }
}

#[test]
fn a_clean_invoice_passes_every_rule() {
    let validation = checked(&json!({}));
    assert_eq!(found(&validation), []);
    assert_eq!(validation.valid, Some(true));
    assert_eq!(validation.risk_score, Some(Hundredths(0)));
    assert_eq!(validation.requires_review, Some(false));
    let skipped: Vec<&str> = validation
        .checks_skipped
        .iter()
        .map(|skipped| skipped.code.as_str())
        .collect();
    assert_eq!(skipped, ["XML_PRINT_MISMATCH"]);
}

#[test]
fn codes_are_unique_and_every_rule_is_documented() {
    let codes: Vec<&str> = rules().map(|rule| rule.code).collect();
    for (place, rule) in rules().enumerate() {
        let code = rule.code;
        assert_eq!(
            codes.iter().position(|other| *other == code),
            Some(place),
            "{code} twice"
        );
        assert!(
            code.bytes()
                .all(|byte| byte.is_ascii_uppercase() || byte == b'_'),
            "{code}"
        );
        assert!(
            rule.weight <= Hundredths(100) && rule.severity != Severity::Off,
            "{code}"
        );
        let mut from = 0;
        for heading in HEADINGS {
            let place = rule.doc[from..]
                .find(&format!("{heading}\n\n"))
                .unwrap_or_else(|| panic!("{code}: {heading}"));
            from += place + heading.len();
            assert!(
                rule.doc[from..].trim().len() > 20,
                "{code}: {heading} is empty"
            );
        }
        assert!(explain(code).is_some());
    }
    assert!(explain("NO_SUCH_RULE").is_none());
    let text = markdown();
    assert!(
        codes
            .iter()
            .all(|code| text.contains(&format!("\n## {code}\n")))
    );
}

#[test]
fn messages_of_the_origin_are_kept() {
    let first = |patch: Value, past: &Past| {
        let validation = checked_with(&patch, past, policy());
        let finding = validation
            .errors
            .first()
            .or(validation.warnings.first())
            .expect("a finding")
            .clone();
        (
            finding.code,
            finding.message,
            finding.weight.expect("a weight"),
            finding.suggestion,
        )
    };
    let (code, message, weight, _) = first(
        json!({"invoice": {"line_items": [{"total": 500}, {"total": 376}]}}),
        &past(),
    );
    assert_eq!(
        (code.as_str(), message.as_str()),
        (
            "TOTAL_MISMATCH",
            "Line items sum (876.00) doesn't match stated total (1058.75)"
        )
    );
    assert_eq!(weight, Hundredths(30));
    let again = Past {
        duplicates: vec![Earlier {
            id: DocId::from_text("d0"),
            path: "in/scan.png".to_owned(),
            key: "same|id:V1|INV20260042|invoice|2026".to_owned(),
        }],
        ..past()
    };
    let (code, message, weight, _) = first(json!({}), &again);
    assert_eq!(
        (code.as_str(), message.as_str()),
        (
            "DUPLICATE",
            "Invoice INV-2026-0042 already exists (ref: in/scan.png)"
        )
    );
    assert_eq!(weight, Hundredths(50));
    let low = Past {
        vendor: Some(VendorPast {
            average: Amount("300".parse().expect("an amount")),
            ..past().vendor.expect("a history")
        }),
        ..past()
    };
    let (code, message, weight, suggestion) = first(json!({}), &low);
    assert_eq!(code, "AMOUNT_ANOMALY");
    assert_eq!(
        message,
        "Amount significantly higher than vendor average (300.00)"
    );
    assert_eq!(
        (weight, suggestion.as_deref()),
        (Hundredths(20), Some("Verify with vendor or requester"))
    );
    let (_, message, ..) = first(json!({"invoice": {"due_date": "2026-01-16"}}), &past());
    assert_eq!(message, "Invoice due date (2026-01-16) is in the past");
}

#[test]
fn a_history_too_short_is_no_history() {
    let short = Past {
        vendor: Some(VendorPast {
            count: 2,
            average: Amount("1".parse().expect("an amount")),
            ibans: Vec::new(),
        }),
        ..past()
    };
    let validation = checked_with(&json!({}), &short, policy());
    assert!(!finds(&validation, "AMOUNT_ANOMALY"));
    assert!(
        validation
            .checks_skipped
            .iter()
            .any(|skipped| skipped.code == "AMOUNT_ANOMALY")
    );
}

#[test]
fn the_first_account_of_a_vendor_is_unknown_not_changed() {
    let none = Past {
        vendor: None,
        ..past()
    };
    let validation = checked_with(&json!({"vendor": {"ibans": []}}), &none, policy());
    assert!(finds(&validation, "IBAN_UNKNOWN") && !finds(&validation, "IBAN_CHANGED"));
    assert!(!finds(
        &checked(&json!({"vendor": {"ibans": []}})),
        "IBAN_UNKNOWN"
    ));
}

#[test]
fn what_cannot_run_is_said_and_never_passed() {
    let mut bare = Document::new(DocId::from_text("d1"));
    bare.status = crate::model::Status::Processing;
    let validation = Validate::default()
        .apply(bare, &Past::default())
        .expect("never fails")
        .validation
        .expect("validated");
    let run = &validation.checks_run;
    for rule in rules() {
        let skipped = validation
            .checks_skipped
            .iter()
            .any(|skipped| skipped.code == rule.code);
        assert!(
            skipped != run.iter().any(|code| code == rule.code),
            "{} is neither or both",
            rule.code
        );
    }
    assert!(
        validation
            .errors
            .iter()
            .filter(|finding| finding.code == "FIELD_MISSING")
            .count()
            == 5
    );
    for code in [
        "TOTAL_MISMATCH",
        "GROSS_MISMATCH",
        "DUPLICATE",
        "VENDOR_UNKNOWN",
        "NOT_ADDRESSED_TO_US",
        "PAST_DUE",
    ] {
        assert!(!run.iter().any(|run| run == code), "{code}");
    }
}

#[test]
fn equal_documents_give_equal_findings_and_no_rule_changes_them() {
    let patch = json!({"invoice": {"total": 1, "iban": "x", "vendor_vat": "NL1"}});
    let before = document(&patch);
    let after = Validate::new(policy())
        .apply(before.clone(), &past())
        .expect("never fails");
    assert!(after.validation == Some(checked(&patch)));
    let mut without = after;
    without.validation = None;
    assert!(without == before);
}

proptest::proptest! {
    /// No numbers make a rule panic: a hostile invoice costs its own record only.
    #[test]
    fn no_numbers_are_too_much(
        numbers in proptest::collection::vec("-?[0-9]{1,12}|-?[0-9]{1,3}[.][0-9]{1,24}|0", 12),
        rates in proptest::collection::vec("-?[0-9]{1,3}|[0-9]{1,2}[.][0-9]{1,20}", 2),
        xml in proptest::bool::ANY,
    ) {
        let number = |place: usize| numbers[place].as_str();
        let part = json!([{"amount": number(0), "percent": rates[0]}, {"percent": rates[0]}]);
        let line = json!({
            "quantity": number(2), "unit_price": number(3), "price_base_quantity": number(4), "total": number(5), "vat_rate": rates[1],
            "discount_percent": rates[0], "discount_amount": number(7), "price_discount": number(7), "allowances": part,
        });
        let mut patch = json!({"invoice": {
            "subtotal": number(8), "vat_amount": number(9), "total": number(10), "amount_due": number(11), "paid_amount": number(0),
            "rounding": number(7), "lines_total": number(8), "allowances": part, "withholding": [{"amount": number(7)}],
            "vat_breakdown": [{"rate": rates[1], "base": number(8), "amount": number(9)}], "line_items": vec![line; 3],
            "country_extra": {"stamp_duty": number(3)},
        }});
        if xml {
            lay(&mut patch, &json!({"evidence": {"total": {"method": "xml"}}, "invoice": {"profile": "urn:cen.eu:en16931:2017"}}));
        }
        let mut value = base();
        lay(&mut value, &patch);
        if let Ok(document) = serde_json::from_value::<Document>(value) {
            let checked = Validate::new(policy()).apply(document, &past());
            proptest::prop_assert!(checked.is_ok());
        }
    }
}
