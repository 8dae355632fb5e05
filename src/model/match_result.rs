//! What the reference data says: vendor, categories, purchase orders.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::date::Date;
use super::decimal::{Amount, Quantity};
use super::evidence::Confidence;
use super::field::part;

/// By what a vendor was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum MatchMethod {
    /// VAT id.
    Vat,
    /// Company registration.
    Registration,
    /// Bank account.
    Iban,
    /// The same name.
    Exact,
    /// A name known to be another of its names.
    Alias,
    /// A similar name.
    Fuzzy,
    /// Not found.
    None,
}

part! {
    /// The vendor of the reference data.
    #[serde(deny_unknown_fields)]
    pub struct VendorMatch {
        /// Its id there.
        pub vendor_id: Option<String>,
        /// Its name there.
        pub name: Option<String>,
        /// By what it was found.
        pub match_method: Option<MatchMethod>,
        /// How sure that is.
        pub match_score: Option<Confidence>,
        /// The next best.
        pub runner_up: Option<RunnerUp>,
        /// Whether it may be paid.
        pub approved: Option<bool>,
        /// Bank accounts known for it.
        pub ibans: Vec<String>,
        /// What the journal knows of it.
        pub profile: Option<VendorProfile>,
    }
}

part! {
    /// The vendor that was nearly taken.
    #[serde(deny_unknown_fields)]
    pub struct RunnerUp {
        /// Its id.
        pub vendor_id: String,
        /// Its score.
        pub score: Option<Confidence>,
    }
}

part! {
    /// What the journal knows of a vendor.
    #[serde(deny_unknown_fields)]
    pub struct VendorProfile {
        /// Its id.
        pub vendor_id: Option<String>,
        /// Its name.
        pub name: Option<String>,
        /// Mean total of its accepted invoices.
        pub average_invoice_amount: Option<Amount>,
        /// Categories seen most.
        pub typical_categories: Vec<String>,
        /// `good`, `fair` or `poor`.
        pub payment_history: Option<String>,
        /// Accepted invoices.
        pub total_invoices: Option<u64>,
        /// Of these, with findings.
        pub flagged_invoices: Option<u64>,
        /// Bank accounts seen on them.
        pub ibans: Vec<String>,
        /// Date of the first.
        pub first_seen: Option<Date>,
    }
}

/// Where a category came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum CategorySource {
    /// Confirmed before.
    Memory,
    /// A rule.
    Rule,
    /// A language model.
    Ai,
    /// A person.
    Manual,
}

part! {
    /// The general-ledger category of a line.
    #[serde(deny_unknown_fields)]
    pub struct Category {
        /// Index of the line item, from 0.
        pub line: u32,
        /// Category.
        pub category: String,
        /// Account.
        pub gl_code: Option<String>,
        /// Cost centre.
        pub cost_center: Option<String>,
        /// Department.
        pub department: Option<String>,
        /// Where it came from.
        pub source: Option<CategorySource>,
        /// How sure that is.
        pub confidence: Option<Confidence>,
        /// Confirmed by a person or by use.
        pub confirmed: Option<bool>,
    }
}

/// How an invoice fits its orders.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum PoStatus {
    /// No order named or known.
    None,
    /// Every line fits.
    Matched,
    /// Some lines fit.
    Partial,
    /// Something contradicts.
    Mismatch,
}

part! {
    /// How an invoice fits its orders.
    #[serde(deny_unknown_fields)]
    pub struct PoMatch {
        /// The verdict.
        pub status: Option<PoStatus>,
        /// Two-way (order) or three-way (order and receipt).
        pub way: Option<u8>,
        /// Orders found.
        pub pos: Vec<String>,
        /// Line by line.
        pub lines: Vec<PoLine>,
    }
}

part! {
    /// How a line fits its order's line.
    #[serde(deny_unknown_fields)]
    pub struct PoLine {
        /// Index of the line item, from 0.
        pub line: u32,
        /// Order.
        pub po: Option<String>,
        /// Line of the order.
        pub po_line: Option<String>,
        /// Receipt of the goods.
        pub receipt: Option<String>,
        /// Price on the invoice less price on the order.
        pub price_delta: Option<Quantity>,
        /// Quantity on the invoice less quantity on the order.
        pub qty_delta: Option<Quantity>,
        /// Both within what the policy allows.
        pub within_tolerance: Option<bool>,
    }
}
