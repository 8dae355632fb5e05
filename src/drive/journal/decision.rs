//! What people decided: approvals, rejections, corrections. They are laid over the stored line when it is written.

use rusqlite::params;
use serde_json::Value;

use super::chain::Entry;
use super::error::JournalError;
use super::{Journal, Writer};

/// The kind of a decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DecisionKind {
    /// May be paid.
    Approve,
    /// May not.
    Reject,
    /// A field says something else.
    Correct,
}

impl DecisionKind {
    /// The word in the journal.
    pub const fn name(self) -> &'static str {
        match self {
            DecisionKind::Approve => "approve",
            DecisionKind::Reject => "reject",
            DecisionKind::Correct => "correct",
        }
    }
}

/// A decision to write down.
pub struct NewDecision<'a> {
    /// About which document.
    pub doc: &'a str,
    /// Which kind.
    pub kind: DecisionKind,
    /// Digest of what the person was shown.
    pub record_hash: &'a str,
    /// Notes and conditions, or the corrected fields.
    pub body: &'a Value,
    /// Who.
    pub actor: &'a str,
    /// What the audit entry tells beside the chain.
    pub detail: String,
}

/// A decision as written.
#[derive(Clone, Debug, PartialEq)]
pub struct Decision {
    /// Which kind.
    pub kind: DecisionKind,
    /// Digest of what the person was shown.
    pub record_hash: String,
    /// Notes and conditions, or the corrected fields.
    pub body: Value,
    /// Who.
    pub actor: String,
    /// When.
    pub at: String,
}

impl Writer<'_> {
    /// Writes a decision down.
    ///
    /// # Errors
    /// If the journal cannot be written.
    pub fn decide(&self, decision: &NewDecision<'_>) -> rusqlite::Result<()> {
        self.tx.execute(
            "INSERT INTO decision (doc, kind, record_hash, body, actor, at, run) VALUES (?1,?2,?3,?4,?5,?6,?7)",
            params![
                decision.doc,
                decision.kind.name(),
                decision.record_hash,
                decision.body.to_string(),
                decision.actor,
                self.at,
                self.run
            ],
        )?;
        self.audit(&Entry {
            action: decision.kind.name(),
            doc: Some(decision.doc),
            detail: Some(decision.detail.clone()),
            ..Entry::default()
        })
    }
}

impl Journal {
    /// The decisions about a document, oldest first.
    ///
    /// # Errors
    /// If the journal cannot be read.
    pub fn decisions(&self, doc: &str) -> Result<Vec<Decision>, JournalError> {
        if !self.keeps() {
            return Ok(Vec::new());
        }
        self.reading(self.decision_rows(doc))
    }

    fn decision_rows(&self, doc: &str) -> rusqlite::Result<Vec<Decision>> {
        let mut statement = self.db.prepare_cached(
            "SELECT kind, record_hash, body, actor, at FROM decision WHERE doc = ?1 ORDER BY id",
        )?;
        let rows = statement.query_map([doc], |row| {
            let kind: String = row.get(0)?;
            let body: String = row.get(2)?;
            Ok(Decision {
                kind: match kind.as_str() {
                    "approve" => DecisionKind::Approve,
                    "reject" => DecisionKind::Reject,
                    _ => DecisionKind::Correct,
                },
                record_hash: row.get(1)?,
                body: serde_json::from_str(&body).unwrap_or(Value::Null),
                actor: row.get(3)?,
                at: row.get(4)?,
            })
        })?;
        rows.collect()
    }
}
