//! The invoice as it fills up.

use std::collections::BTreeMap;

use super::choose::Parties;
use super::sums::Claimed;
use crate::model::{Evidence, Invoice, Warning};

/// What has been found so far; extractors fill it in the order of the registry.
#[derive(Default)]
pub(super) struct Draft {
    /// The fields.
    pub(super) invoice: Invoice,
    /// Where each was read.
    pub(super) evidence: BTreeMap<String, Evidence>,
    /// What a person should know.
    pub(super) warnings: Vec<Warning>,
    /// Who sells and who buys.
    pub(super) parties: Parties,
    /// What the labels claim of the amounts.
    pub(super) claims: Vec<Claimed>,
    /// The document is a till receipt: narrow, without an address window.
    pub(super) receipt: bool,
    /// An address in the manner of the USA stands on it.
    pub(super) american: bool,
    /// Whether a due date may be derived from the terms of payment.
    pub(super) derive_due_date: bool,
}
