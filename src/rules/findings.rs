//! Where a rule says what it found.

use crate::model::{Finding, Hundredths, Severity};

use super::Rule;

/// The findings of one rule.
pub struct Findings<'a> {
    rule: &'a Rule,
    severity: Severity,
    /// The policy has set the severity: then a rule does not grade its findings itself.
    set: bool,
    pub(super) found: Vec<Finding>,
    pub(super) skipped: Option<String>,
}

/// One finding in the making.
pub struct Draft {
    /// What is wrong, for people.
    pub message: String,
    /// Path of the field it is about.
    pub field: Option<String>,
    /// What to do.
    pub suggestion: Option<&'static str>,
    /// What was expected.
    pub expected: Option<String>,
    /// What the invoice says.
    pub actual: Option<String>,
}

impl Draft {
    /// Says what is wrong.
    pub fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            field: None,
            suggestion: None,
            expected: None,
            actual: None,
        }
    }

    /// Names the field.
    #[must_use]
    pub fn field(mut self, path: impl Into<String>) -> Self {
        self.field = Some(path.into());
        self
    }

    /// Says what to do.
    #[must_use]
    pub fn suggest(mut self, suggestion: &'static str) -> Self {
        self.suggestion = Some(suggestion);
        self
    }

    /// Says what was expected and what is there.
    #[must_use]
    pub fn compare(mut self, expected: impl Into<String>, actual: impl Into<String>) -> Self {
        self.expected = Some(expected.into());
        self.actual = Some(actual.into());
        self
    }
}

impl<'a> Findings<'a> {
    pub(super) fn new(rule: &'a Rule, severity: Option<Severity>) -> Self {
        Self {
            rule,
            severity: severity.unwrap_or(rule.severity),
            set: severity.is_some(),
            found: Vec::new(),
            skipped: None,
        }
    }

    /// Adds a finding of the rule's severity.
    pub fn add(&mut self, draft: Draft) {
        self.push(draft, self.severity);
    }

    /// Adds a finding of another severity, unless the policy has set one.
    pub fn grade(&mut self, draft: Draft, severity: Severity) {
        self.push(draft, if self.set { self.severity } else { severity });
    }

    /// Says why the rule could not look; what it found before that stands.
    pub fn skip(&mut self, reason: impl Into<String>) {
        self.skipped.get_or_insert(reason.into());
    }

    /// The weight counts once a rule: ten wrong lines are not ten times the risk of one.
    fn push(&mut self, draft: Draft, severity: Severity) {
        let weight = match (severity, self.found.is_empty()) {
            (Severity::Info | Severity::Off, _) | (_, false) => Hundredths(0),
            (_, true) => self.rule.weight,
        };
        self.found.push(Finding {
            code: self.rule.code.to_owned(),
            field: draft.field,
            message: draft.message,
            severity: Some(severity),
            suggestion: draft.suggestion.map(str::to_owned),
            weight: Some(weight),
            expected: draft.expected,
            actual: draft.actual,
        });
    }
}
