//! What keeps an invoice from passing without a person, whatever its amount.

use crate::model::{Document, Finding, Hundredths, Policy, Severity, Validation};

/// Above this risk, strictly, a person looks; the checks say so in `requires_review` too.
const RISK_OVERRIDE: Hundredths = Hundredths(50);

/// The rules that lift an invoice from `auto`, the gravest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Rule {
    IbanChanged,
    RiskOverride,
    Invalid,
    Unchecked,
    Vendor,
    Review,
}

impl Rule {
    /// The name as `routing.rule` writes it.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Rule::IbanChanged => "iban_changed",
            Rule::RiskOverride => "risk_override",
            Rule::Invalid => "not_valid",
            Rule::Unchecked => "check_not_run",
            Rule::Vendor => "vendor_not_cleared",
            Rule::Review => "requires_review",
        }
    }
}

/// One thing that speaks against passing.
pub(super) struct Obstacle {
    /// By which rule.
    pub(super) rule: Rule,
    /// In words.
    pub(super) reason: String,
    /// What would have to be so.
    pub(super) cure: String,
}

/// Everything that speaks against it, in a fixed order.
pub(super) fn all(document: &Document, policy: &Policy) -> Vec<Obstacle> {
    let mut found = Vec::new();
    match &document.validation {
        None => found.push(Obstacle {
            rule: Rule::Unchecked,
            reason: "the checks have not run".to_owned(),
            cure: "the checks had run".to_owned(),
        }),
        Some(validation) => {
            findings(validation, &mut found);
            review(validation, &mut found);
        }
    }
    let cleared = vendor(document, &mut found);
    if let Some(validation) = &document.validation {
        unchecked(validation, policy, cleared, &mut found);
    }
    found
}

fn findings(validation: &Validation, found: &mut Vec<Obstacle>) {
    for finding in &validation.errors {
        found.push(because(finding));
    }
    // A changed account is for a person even where the policy calls it a warning.
    let softened = validation.warnings.iter().chain(&validation.notes);
    for finding in softened.filter(|finding| finding.code == "IBAN_CHANGED") {
        found.push(because(finding));
    }
    if validation.valid != Some(true) && validation.errors.is_empty() {
        found.push(Obstacle {
            rule: Rule::Invalid,
            reason: "the invoice is not valid".to_owned(),
            cure: "the invoice were valid".to_owned(),
        });
    }
}

fn because(finding: &Finding) -> Obstacle {
    let block = finding.severity == Some(Severity::Block);
    Obstacle {
        rule: if finding.code == "IBAN_CHANGED" {
            Rule::IbanChanged
        } else {
            Rule::Invalid
        },
        reason: format!(
            "{}: {}{}",
            finding.code,
            finding.message,
            if block { " (may not be approved)" } else { "" }
        ),
        cure: format!("{} were not found", finding.code),
    }
}

fn review(validation: &Validation, found: &mut Vec<Obstacle>) {
    let risk = validation.risk_score.unwrap_or_default();
    if validation.requires_review != Some(false) {
        let warnings: Vec<&str> = validation
            .warnings
            .iter()
            .map(|finding| finding.code.as_str())
            .collect();
        let reason = if warnings.is_empty() {
            format!("a review is asked for: risk {risk}")
        } else {
            format!(
                "a review is asked for: risk {risk}, warnings {}",
                warnings.join(", ")
            )
        };
        found.push(Obstacle {
            rule: Rule::Review,
            reason,
            cure: "risk were at most 0.30 with at most two warnings".to_owned(),
        });
    }
    if risk > RISK_OVERRIDE {
        found.push(Obstacle {
            rule: Rule::RiskOverride,
            reason: format!("risk {risk} is above {RISK_OVERRIDE}"),
            cure: format!("risk were at most {RISK_OVERRIDE}"),
        });
    }
}

/// Tells whether the vendor is known and approved.
fn vendor(document: &Document, found: &mut Vec<Obstacle>) -> bool {
    let (reason, cure) = match &document.vendor {
        None => (
            "the vendor was not looked up",
            "a vendor file named the vendor",
        ),
        Some(vendor) if vendor.vendor_id.is_none() => (
            "the vendor is not known",
            "the vendor file named the vendor",
        ),
        Some(vendor) if vendor.approved != Some(true) => {
            ("the vendor is not approved", "the vendor were approved")
        }
        Some(_) => return true,
    };
    found.push(Obstacle {
        rule: Rule::Vendor,
        reason: reason.to_owned(),
        cure: cure.to_owned(),
    });
    false
}

fn unchecked(validation: &Validation, policy: &Policy, cleared: bool, found: &mut Vec<Obstacle>) {
    for wanted in &policy.mandatory_checks {
        let codes: Vec<&str> = wanted.split('|').map(str::trim).collect();
        if codes
            .iter()
            .any(|code| validation.checks_run.iter().any(|run| run == code))
        {
            continue;
        }
        // That the vendor is not known says it already.
        if !cleared && codes.iter().all(|code| code.starts_with("VENDOR_")) {
            continue;
        }
        let why = validation
            .checks_skipped
            .iter()
            .find(|skipped| codes.contains(&skipped.code.as_str()))
            .map_or("it is not part of this run", |skipped| {
                skipped.reason.as_str()
            });
        let names = codes.join(" or ");
        found.push(Obstacle {
            rule: Rule::Unchecked,
            reason: format!("check {names} did not run: {why}"),
            cure: format!("check {names} had run"),
        });
    }
}
