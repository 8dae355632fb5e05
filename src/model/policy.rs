//! The policy: limits, thresholds, approvers and what each rule is worth here.
//!
//! Plain data, read from the `[policy]` table of the settings. Whether the codes in `rules` exist is checked by the
//! rules, which know them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::approvers::Approvers;
use super::currency::minor_units;
use super::decimal::{Amount, Decimal, Quantity};
use super::decision::Level;
use super::id::Digest;
use super::validation::Severity;

/// What a company has laid down for its invoices.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Policy {
    /// Up to this amount, inclusive, a clean invoice needs nobody.
    pub auto_approve_limit: Amount,
    /// Up to this amount, inclusive, a manager decides.
    pub manager_approve_limit: Amount,
    /// Up to this amount, inclusive, a director decides; above it the chief financial officer.
    pub director_approve_limit: Amount,
    /// Currency of the limits, ISO 4217.
    pub base_currency: String,
    /// Mean OCR confidence below which a document without number and total is not worked on, 0 to 1.
    pub ocr_confidence_threshold: f64,
    /// Mean OCR confidence below which a person looks, 0 to 1.
    pub min_mean_confidence: f64,
    /// Confidence of the worst word of a key field below which a person looks, 0 to 1.
    pub min_word_confidence: f64,
    /// Confidence of a key field below which a person looks, 0 to 1.
    pub min_field_confidence: f64,
    /// A total above this many times the vendor's average is an anomaly.
    pub amount_anomaly_factor: Quantity,
    /// How many earlier invoices make an average.
    pub amount_anomaly_min_history: u64,
    /// How far printed sums may be off.
    pub tolerances: Tolerances,
    /// Hours until a held invoice goes one level up.
    pub approval_timeout_hours: u32,
    /// Our own companies' names: invoices to others are held. Empty: not checked.
    pub company_names: Vec<String>,
    /// Our own companies' VAT ids.
    pub company_vat_ids: Vec<String>,
    /// Codes of the rules that must have run before an invoice passes without a person; `A|B` asks for one of them.
    pub mandatory_checks: Vec<String>,
    /// Who decides.
    pub approvers: Approvers,
    /// Settings of single rules, by code.
    pub rules: BTreeMap<String, RuleSettings>,
}

/// How far sums on a printed page may be off. E-invoices follow the rules of their profile instead.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Tolerances {
    /// The least that is allowed for a sum, in the document's currency; never less than its smallest unit.
    pub sum: Amount,
    /// What each line adds to the allowance of the sum of the lines, in smallest units.
    pub per_line: Quantity,
    /// From this difference on a wrong VAT is an error, below it a warning.
    pub vat_error: Amount,
}

/// Settings of one rule.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RuleSettings {
    /// How grave its findings are here.
    pub severity: Severity,
}

/// The checks that must have run before an invoice passes without a person.
const MANDATORY: [&str; 7] = [
    "FIELD_MISSING",
    "TOTAL_NOT_POSITIVE",
    "CURRENCY_UNKNOWN",
    "TOTAL_MISMATCH|GROSS_MISMATCH",
    "DUPLICATE",
    "VENDOR_UNKNOWN",
    "VENDOR_NOT_APPROVED",
];

impl Default for Policy {
    fn default() -> Self {
        Self {
            auto_approve_limit: Amount(Decimal::new(50_000, 2)),
            manager_approve_limit: Amount(Decimal::new(500_000, 2)),
            director_approve_limit: Amount(Decimal::new(2_500_000, 2)),
            base_currency: "EUR".to_owned(),
            ocr_confidence_threshold: 0.5,
            min_mean_confidence: 0.85,
            min_word_confidence: 0.70,
            min_field_confidence: 0.70,
            amount_anomaly_factor: Quantity(Decimal::from(3)),
            amount_anomaly_min_history: 3,
            tolerances: Tolerances::default(),
            approval_timeout_hours: 48,
            company_names: Vec::new(),
            company_vat_ids: Vec::new(),
            mandatory_checks: MANDATORY.map(str::to_owned).to_vec(),
            approvers: Approvers::default(),
            rules: BTreeMap::new(),
        }
    }
}

impl Default for Tolerances {
    fn default() -> Self {
        Self {
            sum: Amount(Decimal::new(1, 2)),
            per_line: Quantity(Decimal::new(5, 1)),
            vat_error: Amount(Decimal::ONE),
        }
    }
}

/// Why a policy cannot be worked with.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PolicyError {
    /// A limit is below zero, or below the one before it.
    #[error(
        "the approval limits do not ascend: `auto_approve_limit` {auto}, `manager_approve_limit` {manager}, `director_approve_limit` {director}"
    )]
    Limits {
        /// The lowest.
        auto: Amount,
        /// The middle one.
        manager: Amount,
        /// The highest.
        director: Amount,
    },
    /// A number is outside its range.
    #[error("`{key}` is {value}, which is not {range}")]
    Range {
        /// The setting.
        key: &'static str,
        /// Its value.
        value: String,
        /// What it may be.
        range: &'static str,
    },
    /// The base currency is not of ISO 4217.
    #[error("`base_currency` is `{0}`, which is no ISO 4217 code")]
    Currency(String),
    /// An address or a name that cannot be empty is.
    #[error("`{0}` is empty")]
    Empty(&'static str),
}

impl Policy {
    /// Checks that the limits ascend and every number is in its range.
    ///
    /// # Errors
    /// The first setting that cannot be.
    pub fn check(&self) -> Result<(), PolicyError> {
        let [auto, manager, director] = [
            self.auto_approve_limit,
            self.manager_approve_limit,
            self.director_approve_limit,
        ];
        if auto < Amount(Decimal::ZERO) || manager < auto || director < manager {
            return Err(PolicyError::Limits {
                auto,
                manager,
                director,
            });
        }
        if minor_units(&self.base_currency).is_none() {
            return Err(PolicyError::Currency(self.base_currency.clone()));
        }
        for (key, value) in [
            ("ocr_confidence_threshold", self.ocr_confidence_threshold),
            ("min_mean_confidence", self.min_mean_confidence),
            ("min_word_confidence", self.min_word_confidence),
            ("min_field_confidence", self.min_field_confidence),
        ] {
            within(key, &value, (0.0..=1.0).contains(&value), "between 0 and 1")?;
        }
        let factor = self.amount_anomaly_factor;
        within(
            "amount_anomaly_factor",
            &factor,
            factor.0 >= Decimal::ONE,
            "1 or more",
        )?;
        within(
            "amount_anomaly_min_history",
            &self.amount_anomaly_min_history,
            self.amount_anomaly_min_history >= 1,
            "1 or more",
        )?;
        within(
            "approval_timeout_hours",
            &self.approval_timeout_hours,
            (1..=8_760).contains(&self.approval_timeout_hours),
            "between 1 and 8760",
        )?;
        let Tolerances {
            sum,
            per_line,
            vat_error,
        } = &self.tolerances;
        for (key, value) in [
            ("tolerances.sum", sum.0),
            ("tolerances.per_line", per_line.0),
            ("tolerances.vat_error", vat_error.0),
        ] {
            let range = (Decimal::ZERO..=Decimal::from(100)).contains(&value);
            within(key, &value, range, "between 0 and 100")?;
        }
        if self.approvers.default.trim().is_empty() {
            return Err(PolicyError::Empty("approvers.default"));
        }
        if self.company_names.iter().any(|name| name.trim().is_empty()) {
            return Err(PolicyError::Empty("company_names"));
        }
        Ok(())
    }

    /// Digest of all of it, for the keys of what was worked out under it.
    ///
    /// # Panics
    /// Never: plain data with text keys can always be written.
    pub fn digest(&self) -> Digest {
        let bytes = serde_json::to_vec(self).expect("a policy is plain data with text keys");
        Digest::of(&bytes)
    }

    /// The severity a rule has here; its own where nothing is said.
    pub fn severity(&self, code: &str) -> Option<Severity> {
        self.rules.get(code).map(|settings| settings.severity)
    }

    /// The rung of the ladder an amount in the base currency stands on; limits are inclusive.
    pub fn level(&self, amount: Amount) -> Level {
        if amount <= self.auto_approve_limit {
            Level::Auto
        } else if amount <= self.manager_approve_limit {
            Level::Manager
        } else if amount <= self.director_approve_limit {
            Level::Director
        } else {
            Level::Cfo
        }
    }
}

fn within(
    key: &'static str,
    value: &dyn std::fmt::Display,
    is: bool,
    range: &'static str,
) -> Result<(), PolicyError> {
    if is {
        Ok(())
    } else {
        Err(PolicyError::Range {
            key,
            value: value.to_string(),
            range,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policy(toml: &str) -> Result<Policy, toml::de::Error> {
        toml::from_str(toml)
    }

    #[test]
    fn the_defaults_are_those_of_the_specification() {
        let policy = Policy::default();
        assert_eq!(policy.check(), Ok(()));
        assert_eq!(policy.auto_approve_limit.to_string(), "500.00");
        assert_eq!(policy.manager_approve_limit.to_string(), "5000.00");
        assert_eq!(policy.director_approve_limit.to_string(), "25000.00");
    }

    #[test]
    fn a_policy_is_read_and_an_unknown_key_refused() {
        let read = policy(
            r#"
            auto_approve_limit = "2000.00"
            company_names = ["Example Ltd"]
            [approvers]
            default = "ap@example.com"
            director = "dir@example.com"
            [approvers.departments.IT]
            manager = "it@example.com"
            [rules.PAST_DUE]
            severity = "off"
            "#,
        )
        .expect("reads");
        assert_eq!(read.auto_approve_limit.to_string(), "2000.00");
        assert_eq!(read.approvers.default, "ap@example.com");
        assert_eq!(read.approvers.of(Level::Director), Some("dir@example.com"));
        assert_eq!(read.severity("PAST_DUE"), Some(Severity::Off));
        for wrong in [
            "auto_limit = 5",
            "[approvers]\nceo = \"x\"",
            "[rules.PAST_DUE]\nseverty = \"off\"",
            "[rules.PAST_DUE]\nseverity = \"mild\"",
        ] {
            assert!(policy(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn numbers_outside_their_range_are_refused() {
        for (toml, refused) in [
            ("auto_approve_limit = 5000", false),
            ("auto_approve_limit = 5000.01", true),
            ("auto_approve_limit = -1", true),
            ("director_approve_limit = 4999", true),
            ("ocr_confidence_threshold = 0", false),
            ("ocr_confidence_threshold = 1.01", true),
            ("ocr_confidence_threshold = nan", true),
            ("min_word_confidence = 1", false),
            ("min_word_confidence = -0.01", true),
            ("min_mean_confidence = 1.5", true),
            ("min_field_confidence = nan", true),
            ("base_currency = \"euro\"", true),
            ("approval_timeout_hours = 0", true),
            ("amount_anomaly_factor = 0.5", true),
            ("[approvers]\ndefault = \" \"", true),
        ] {
            assert_eq!(
                policy(toml).expect("reads").check().is_err(),
                refused,
                "{toml}"
            );
        }
    }

    #[test]
    fn limits_are_inclusive_and_every_setting_is_in_the_digest() {
        let policy = Policy::default();
        for (amount, level) in [
            ("500.00", Level::Auto),
            ("500.01", Level::Manager),
            ("5000.00", Level::Manager),
            ("5000.01", Level::Director),
            ("25000.00", Level::Director),
            ("25000.01", Level::Cfo),
        ] {
            assert_eq!(
                policy.level(amount.parse().expect("an amount")),
                level,
                "{amount}"
            );
        }
        let other = Policy {
            approval_timeout_hours: 24,
            ..Policy::default()
        };
        assert_ne!(policy.digest(), other.digest());
    }
}
