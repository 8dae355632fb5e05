//! What the findings come to: review, severities of the policy, weights.

use super::*;

#[test]
fn review_is_asked_for_strictly_above_the_limit_and_above_two_warnings() {
    for (patch, risk, review) in [
        // An error of weight 0.30 alone.
        (json!({"vendor": {"approved": false}}), 30, false),
        (
            json!({"vendor": {"approved": false}, "invoice": {"bic": "COBA"}}),
            40,
            true,
        ),
        // Warnings of 0.00, 0.10, 0.10, and then one more.
        (
            json!({"invoice": {"due_date": "2026-01-16", "bic": "COBA"}}),
            10,
            false,
        ),
        (
            json!({"invoice": {"due_date": "2026-01-16", "bic": "COBA", "payment": {"reference": "RF19 5390 0754 7034"}}}),
            20,
            true,
        ),
        (json!({"ocr": {"confidence": 0.5}}), 35, true),
        // More than can be.
        (
            json!({"invoice": {"invoice_number": null, "total": -5, "vat_amount": 1, "iban": "x1", "currency": "EURO"}}),
            100,
            true,
        ),
    ] {
        let validation = checked(&patch);
        assert_eq!(
            validation.risk_score,
            Some(Hundredths(risk)),
            "{patch} {:?}",
            found(&validation)
        );
        assert_eq!(validation.requires_review, Some(review), "{patch}");
    }
}

#[test]
fn the_policy_sets_severities_and_a_rule_switched_off_is_no_pass() {
    let with = |severity: &str| {
        let rules = format!("[rules.PAST_DUE]\nseverity = '{severity}'");
        let policy: Policy = toml::from_str(&rules).expect("a policy");
        checked_with(
            &json!({"invoice": {"due_date": "2026-01-16"}}),
            &past(),
            policy,
        )
    };
    for (severity, graded) in [
        ("info", Some(Severity::Info)),
        ("warning", Some(Severity::Warning)),
        ("error", Some(Severity::Error)),
        ("block", Some(Severity::Block)),
        ("off", None),
    ] {
        let validation = with(severity);
        let past_due = found(&validation)
            .into_iter()
            .find(|(code, _)| code == "PAST_DUE");
        assert_eq!(past_due.map(|(_, severity)| severity), graded, "{severity}");
        let ran = validation.checks_run.iter().any(|code| code == "PAST_DUE");
        assert_eq!(ran, graded.is_some(), "{severity}");
        let valid = !matches!(graded, Some(Severity::Error | Severity::Block));
        assert_eq!(validation.valid, Some(valid), "{severity}");
    }
    let unknown: Policy = toml::from_str("[rules.PAST_DEW]\nseverity = 'off'").expect("a policy");
    assert_eq!(
        check_policy(&unknown).expect_err("refused").code,
        "PAST_DEW"
    );
    assert_eq!(check_policy(&Policy::default()), Ok(()));
}

#[test]
fn ten_wrong_lines_weigh_as_one() {
    let line = json!({"quantity": 2, "unit_price": 50, "total": 87.50});
    let validation = checked(&json!({"invoice": {"line_items": vec![line; 10]}}));
    let lines: Vec<_> = validation
        .warnings
        .iter()
        .filter(|finding| finding.code == "LINE_MISMATCH")
        .collect();
    assert_eq!(lines.len(), 10);
    assert_eq!(validation.risk_score, Some(Hundredths(35)));
    assert_eq!(lines[9].field.as_deref(), Some("line_items[9].total"));
    assert_eq!(
        (lines[9].expected.as_deref(), lines[9].actual.as_deref()),
        (Some("100.00"), Some("87.50"))
    );
}

#[test]
fn vat_that_is_far_off_is_an_error_and_a_little_off_a_warning() {
    for (amount, severity) in [
        ("183.78", Severity::Warning),
        ("184.74", Severity::Warning),
        ("184.75", Severity::Error),
    ] {
        let validation = checked(
            &json!({"invoice": {"vat_amount": null, "vat_breakdown": [{"rate": 21, "base": 875, "amount": amount}]}}),
        );
        assert_eq!(
            found(&validation),
            [("VAT_MISMATCH".to_owned(), severity)],
            "{amount}"
        );
    }
}

#[test]
fn of_a_kind_of_broken_profile_rules_the_first_counts_and_wrong_sums_all_do() {
    let broken = |rules: &[(&str, &str)]| {
        let entry = |(rule, severity): &(&str, &str)| json!({"rule": rule, "severity": severity, "message": "x", "times": 1});
        let list: Vec<Value> = rules.iter().map(entry).collect();
        let validation = checked(&json!({"ocr": {"conformance": {"broken": list}}}));
        let counts = [&validation.errors, &validation.warnings, &validation.notes].map(Vec::len);
        (counts, validation.requires_review)
    };
    for (rules, counts, review) in [
        // A contact that is missing altogether breaks four rules of the profile.
        (
            &[
                ("BR-DE-2", "error"),
                ("BR-DE-5", "error"),
                ("BR-DE-6", "error"),
                ("BR-DE-7", "error"),
            ][..],
            [0, 1, 3],
            false,
        ),
        (
            &[("BR-CO-15", "error"), ("BR-CO-16", "error")],
            [2, 0, 0],
            false,
        ),
        // What its authority only advises informs, whatever comes first.
        (
            &[("BR-DE-21", "warning"), ("BR-DE-5", "error")],
            [0, 1, 1],
            false,
        ),
        (
            &[
                ("BR-11", "error"),
                ("BR-AE-02", "error"),
                ("BR-CL-23", "error"),
            ],
            [0, 3, 0],
            true,
        ),
    ] {
        assert_eq!(broken(rules), (counts, Some(review)), "{rules:?}");
    }
}
