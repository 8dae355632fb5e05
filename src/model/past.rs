//! What a stage asks about other documents, and what the journal answers.
//!
//! A rule that compares a document with others stays a pure function: the driver asks the questions on one thread and in
//! input order, and hands the answers in.

use super::decimal::Amount;
use super::id::DocId;

/// What a stage wants to know before it works on a document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Questions {
    /// Keys under which this invoice counts as the same as another, strictest first; the first is reserved for it.
    pub duplicate_keys: Vec<String>,
    /// The vendor whose history is wanted: one name per vendor, and the currency of the amounts.
    pub vendor: Option<(String, String)>,
}

/// What the journal and the earlier lines of this input know.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Past {
    /// Whether anybody was there to ask: without a journal only the earlier lines of this input are known.
    pub journal: bool,
    /// Documents that hold one of the duplicate keys already.
    pub duplicates: Vec<Earlier>,
    /// The vendor's accepted invoices.
    pub vendor: Option<VendorPast>,
}

/// A document that came before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Earlier {
    /// Which.
    pub id: DocId,
    /// Where it came from, or its name in the accounting system.
    pub path: String,
    /// The key both share.
    pub key: String,
}

/// A vendor's accepted invoices in one currency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VendorPast {
    /// How many.
    pub count: u64,
    /// Mean of their totals.
    pub average: Amount,
    /// Bank accounts on those of them that are in the books, in order, without doubles.
    pub ibans: Vec<String>,
}
