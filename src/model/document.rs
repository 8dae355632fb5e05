//! The record: one JSON object a line, from intake to the books.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::date::Instant;
use super::decision::{Approval, Cost, Export, Routing};
use super::evidence::Evidence;
use super::failure::Failed;
use super::field::part;
use super::id::DocId;
use super::invoice::Invoice;
use super::match_result::{Category, PoMatch, VendorMatch};
use super::ocr::Ocr;
use super::source::Source;
use super::validation::Validation;

/// The schema every line names; readers refuse another major version.
pub const SCHEMA: &str = "vouch/1";

/// Where a document stands.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Default,
    Serialize,
    Deserialize,
    JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Taken in, no work done yet.
    #[default]
    Pending,
    /// Being worked on.
    Processing,
    /// Held for a person.
    PendingApproval,
    /// Approved, not yet in the books.
    Approved,
    /// Exported: in the books.
    Processed,
    /// Rejected by a person.
    Rejected,
    /// We could not do our work; `error` says why.
    Error,
    /// Part of a mail or an archive that is no invoice.
    SetAside,
}

impl Status {
    /// The word as the record writes it.
    pub const fn name(self) -> &'static str {
        match self {
            Status::Pending => "pending",
            Status::Processing => "processing",
            Status::PendingApproval => "pending_approval",
            Status::Approved => "approved",
            Status::Processed => "processed",
            Status::Rejected => "rejected",
            Status::Error => "error",
            Status::SetAside => "set_aside",
        }
    }
}

/// One document with everything known about it.
#[derive(Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Document {
    /// `vouch/1`.
    pub schema: String,
    /// SHA-256 of the original bytes, plus `#n` or `#pA-B` where a file holds several invoices.
    pub id: DocId,
    /// Where the document stands.
    #[serde(default)]
    pub status: Status,
    /// Where it came from.
    #[serde(default)]
    pub source: Source,
    /// What was read, before anything was understood.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ocr: Option<Ocr>,
    /// What the invoice says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invoice: Option<Invoice>,
    /// Field path (`total`, `line_items[0].quantity`) to the place its value was read from.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub evidence: BTreeMap<String, Evidence>,
    /// Which vendor of the reference data it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vendor: Option<VendorMatch>,
    /// General-ledger category of each line.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub categories: Vec<Category>,
    /// How it fits the purchase orders.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub po_match: Option<PoMatch>,
    /// Findings of the rules.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub validation: Option<Validation>,
    /// Who decides, and why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub routing: Option<Routing>,
    /// The decision.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approval: Option<Approval>,
    /// All decisions, where more than one was needed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub approvals: Vec<Approval>,
    /// Which export holds it (in the journal's view only).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub export: Option<Export>,
    /// Why our work failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<Failed>,
    /// What reading it cost.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cost: Option<Cost>,
    /// What it used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub usage: Option<Usage>,
    /// By which version, settings and reference data, and at which "now".
    #[serde(default)]
    pub provenance: Provenance,
    /// A user's own keys: passed through, never looked into.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

impl Document {
    /// A document just taken in.
    pub fn new(id: DocId) -> Self {
        Self {
            schema: SCHEMA.to_owned(),
            id,
            status: Status::Pending,
            source: Source::default(),
            ocr: None,
            invoice: None,
            evidence: BTreeMap::new(),
            vendor: None,
            categories: Vec::new(),
            po_match: None,
            validation: None,
            routing: None,
            approval: None,
            approvals: Vec::new(),
            export: None,
            error: None,
            cost: None,
            usage: None,
            provenance: Provenance::default(),
            extra: Map::new(),
        }
    }

    /// Tells whether an earlier step failed: later steps pass such a line through.
    pub fn failed(&self) -> bool {
        self.status == Status::Error
    }
}

impl std::fmt::Debug for Document {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Document")
            .field("id", &self.id)
            .field("status", &self.status)
            .finish_non_exhaustive()
    }
}

part! {
    /// Outside calls made for a document.
    #[serde(deny_unknown_fields)]
    pub struct Usage {
        /// Calls to plugins or language models.
        pub plugin_calls: Option<u32>,
    }
}

part! {
    /// By what the line was made. Run ids and times are in the journal.
    #[serde(deny_unknown_fields)]
    pub struct Provenance {
        /// Version of `vouch`.
        pub vouch_version: Option<String>,
        /// Digest of the settings that shaped the line.
        pub config_hash: Option<String>,
        /// Digest of each reference file that shaped it.
        pub reference_hashes: BTreeMap<String, String>,
        /// The "now" of every later step: `--now`, else the document's intake.
        pub now: Option<Instant>,
    }
}
