//! The stage `validate`: runs every rule over a document and adds up the risk.

use super::{Context, Findings, duplicate, rules};
use crate::model::{
    Digest, Document, Hundredths, Instant, Invoice, Past, Policy, Questions, Severity, Skipped,
    Status, Validation,
};
use crate::stage::{Stage, StageError, StageId};

/// The highest risk.
const WHOLE: u16 = 100;
/// Above this risk, strictly, a person looks.
const REVIEW: Hundredths = Hundredths(30);
/// With more warnings than this a person looks.
const WARNINGS: usize = 2;

/// The stage `validate`.
#[derive(Debug, Default)]
pub struct Validate {
    policy: Policy,
}

impl Validate {
    /// Checks by a policy that was checked itself, by [`Policy::check`] and [`super::check_policy`].
    pub fn new(policy: Policy) -> Self {
        Self { policy }
    }
}

impl Stage for Validate {
    fn id(&self) -> StageId {
        StageId {
            name: "validate",
            version: 2,
        }
    }

    fn config(&self) -> Digest {
        Digest::of_parts([
            self.policy.digest().0.as_slice(),
            super::reference::digest().0.as_slice(),
        ])
    }

    fn looks_back(&self) -> bool {
        true
    }

    fn questions(&self, document: &Document) -> Questions {
        if passes_through(document) {
            return Questions::default();
        }
        document
            .invoice
            .as_ref()
            .map(|invoice| duplicate::questions(document, invoice))
            .unwrap_or_default()
    }

    fn apply(&self, mut document: Document, past: &Past) -> Result<Document, StageError> {
        if !passes_through(&document) {
            document.validation = Some(run(&document, past, &self.policy));
        }
        Ok(document)
    }
}

/// What failed or is no invoice is not checked.
fn passes_through(document: &Document) -> bool {
    matches!(document.status, Status::Error | Status::SetAside)
}

/// Runs every rule.
pub(super) fn run(document: &Document, past: &Past, policy: &Policy) -> Validation {
    let nothing = Invoice::default();
    let context = Context {
        document,
        invoice: document.invoice.as_ref().unwrap_or(&nothing),
        past,
        policy,
        today: document.provenance.now.map(Instant::date),
    };
    let mut validation = Validation::default();
    let mut risk = 0_u16;
    for rule in rules() {
        let severity = policy.severity(rule.code);
        let mut findings = Findings::new(rule, severity);
        if severity == Some(Severity::Off) {
            findings.skip("switched off by the policy");
        } else if let Some(need) = rule.needs.iter().find(|need| !need.met(&context)) {
            findings.skip(need.reason());
        } else {
            (rule.check)(&context, &mut findings);
        }
        match findings.skipped {
            None => validation.checks_run.push(rule.code.to_owned()),
            Some(reason) => validation.checks_skipped.push(Skipped {
                code: rule.code.to_owned(),
                reason,
            }),
        }
        for finding in findings.found {
            risk = risk.saturating_add(finding.weight.unwrap_or_default().0);
            match finding.severity {
                Some(Severity::Error | Severity::Block) => validation.errors.push(finding),
                Some(Severity::Warning) => validation.warnings.push(finding),
                _ => validation.notes.push(finding),
            }
        }
    }
    let risk = Hundredths(risk.min(WHOLE));
    validation.valid = Some(validation.errors.is_empty());
    validation.risk_score = Some(risk);
    validation.requires_review = Some(risk > REVIEW || validation.warnings.len() > WARNINGS);
    validation
}
