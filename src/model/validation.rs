//! What the rules found.

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::borrow::Cow;

use super::field::part;

/// How grave a finding is.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The rule does not run.
    Off,
    /// Said, never counted.
    Info,
    /// Counted; more than two ask for a review.
    Warning,
    /// The invoice is not valid.
    Error,
    /// As `Error`, and no person may approve over it.
    Block,
}

/// A weight or a risk in hundredths, written `0.30`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub struct Hundredths(pub u16);

impl std::fmt::Display for Hundredths {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{:02}", self.0 / 100, self.0 % 100)
    }
}

impl Serialize for Hundredths {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.to_string()
            .parse::<serde_json::Number>()
            .map_err(serde::ser::Error::custom)?
            .serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Hundredths {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = super::decimal::Rate::deserialize(deserializer)?.decimal();
        u16::try_from((value * rust_decimal::Decimal::ONE_HUNDRED).round())
            .map(Self)
            .map_err(|_| de::Error::custom("expected a weight between 0 and 655"))
    }
}

impl JsonSchema for Hundredths {
    fn schema_name() -> Cow<'static, str> {
        "Hundredths".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": ["number", "string"], "minimum": 0 })
    }
}

part! {
    /// All findings of one pass.
    #[serde(deny_unknown_fields)]
    pub struct Validation {
        /// No `error` and no `block`.
        pub valid: Option<bool>,
        /// Findings that make the invoice invalid.
        pub errors: Vec<Finding>,
        /// Findings to look at.
        pub warnings: Vec<Finding>,
        /// Findings that only inform.
        pub notes: Vec<Finding>,
        /// Sum of the findings' weights, 1.00 at most.
        pub risk_score: Option<Hundredths>,
        /// Risk above 0.30, or more than two warnings.
        pub requires_review: Option<bool>,
        /// Codes of the rules that ran.
        pub checks_run: Vec<String>,
        /// Rules that could not run: never a pass.
        pub checks_skipped: Vec<Skipped>,
    }
}

part! {
    /// One finding.
    #[serde(deny_unknown_fields)]
    pub struct Finding {
        /// Stable code, such as `TOTAL_MISMATCH`.
        pub code: String,
        /// Path of the field it is about.
        pub field: Option<String>,
        /// For people.
        pub message: String,
        /// How grave.
        pub severity: Option<Severity>,
        /// What to do.
        pub suggestion: Option<String>,
        /// What it adds to the risk.
        pub weight: Option<Hundredths>,
        /// What the rule expected.
        pub expected: Option<String>,
        /// What the invoice says.
        pub actual: Option<String>,
    }
}

part! {
    /// A rule that could not run, and why.
    #[serde(deny_unknown_fields)]
    pub struct Skipped {
        /// Its code.
        pub code: String,
        /// For people.
        pub reason: String,
    }
}
