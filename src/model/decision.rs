//! Who decides, what was decided, and where the document went.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::date::{Date, Instant};
use super::decimal::{Amount, Quantity};
use super::field::part;

/// The rungs of the approval ladder.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Nobody has to look: approver `system`.
    Auto,
    /// A manager.
    Manager,
    /// A director.
    Director,
    /// The chief financial officer.
    Cfo,
}

impl Level {
    /// The word as the record writes it.
    pub const fn name(self) -> &'static str {
        match self {
            Level::Auto => "auto",
            Level::Manager => "manager",
            Level::Director => "director",
            Level::Cfo => "cfo",
        }
    }
}

part! {
    /// Who has to decide, and why.
    #[serde(deny_unknown_fields)]
    pub struct Routing {
        /// Rung of the ladder.
        pub level: Option<Level>,
        /// The limit or rule that set it.
        pub rule: Option<String>,
        /// Who is asked.
        pub approver: Option<String>,
        /// The amount that was compared, in the base currency.
        pub amount_base: Option<Amount>,
        /// The base currency.
        pub currency_base: Option<String>,
        /// Rate used.
        pub fx: Option<Fx>,
        /// Why a person is asked, in words.
        pub reasons: Vec<String>,
        /// Nobody was asked.
        pub auto: Option<bool>,
        /// When it goes one level up.
        pub due_at: Option<Instant>,
        /// Levels it went up.
        pub escalations: Vec<Escalation>,
        /// What would have to be so for it to pass untouched.
        pub would_be_auto_if: Vec<String>,
    }
}

part! {
    /// An exchange rate: one unit of the document's currency in the base currency.
    #[serde(deny_unknown_fields)]
    pub struct Fx {
        /// The rate.
        pub rate: Option<Quantity>,
        /// Its day.
        pub date: Option<Date>,
    }
}

part! {
    /// One step up.
    #[serde(deny_unknown_fields)]
    pub struct Escalation {
        /// To which level.
        pub level: Option<Level>,
        /// When.
        pub at: Option<Instant>,
    }
}

part! {
    /// A decision.
    #[serde(deny_unknown_fields)]
    pub struct Approval {
        /// Approved or rejected.
        pub approved: Option<bool>,
        /// Who decided; `system` for `auto`.
        pub approver: Option<String>,
        /// At which level.
        pub level: Option<Level>,
        /// The decider's words.
        pub notes: Option<String>,
        /// Conditions of the decision.
        pub conditions: Vec<String>,
        /// When.
        pub decided_at: Option<Instant>,
        /// Digest of what was shown.
        pub record_hash: Option<String>,
        /// A signature over it.
        pub signature: Option<String>,
    }
}

part! {
    /// The export that holds the document.
    #[serde(deny_unknown_fields)]
    pub struct Export {
        /// Format, such as `csv`.
        pub format: Option<String>,
        /// File it stands in.
        pub file: Option<String>,
        /// Batch.
        pub batch_id: Option<String>,
        /// When.
        pub exported_at: Option<Instant>,
        /// The accounting system's own number for it.
        pub erp_reference: Option<String>,
    }
}

part! {
    /// What reading the document cost.
    #[serde(deny_unknown_fields)]
    pub struct Cost {
        /// ISO 4217.
        pub currency: Option<String>,
        /// The sum.
        pub amount: Option<Amount>,
    }
}
