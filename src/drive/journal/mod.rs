//! What is known of each document: one SQLite file that several processes of a pipe write at once.
//!
//! Intake first, results memoised by content, decisions laid over them, effects exactly once, and an audit log that
//! shows every change. `docs/journal.md` is the format for people. Not here: what the stages mean, which the journal
//! never looks into.

mod audit;
mod batch;
mod chain;
mod decision;
mod error;
mod gate;
mod intake;
mod memo;
mod open;
mod past;
mod run;
mod schema;
mod state;
mod view;

use std::path::{Path, PathBuf};

use rusqlite::{Connection, Transaction, TransactionBehavior};

pub use audit::{AuditReport, Counts};
pub use batch::{Batch, NewBatch};
pub use chain::{ChainReport, Head};
pub use decision::{Decision, DecisionKind, NewDecision};
pub use error::JournalError;
pub use intake::Intake;
pub use memo::{Found, NewResult};
pub use run::{Actor, PipeEnd, RunEnd, Upstream};
pub use state::{Progress, Summary};
pub use view::{DocumentRow, Listing};

use chain::Entry;
use gate::Gate;

/// An open journal and the run that uses it.
#[derive(Debug)]
pub struct Journal {
    db: Connection,
    gate: Gate,
    path: Option<PathBuf>,
    run: i64,
    // Held while the journal is open: tells the next opener that somebody else is there.
    _presence: Option<std::fs::File>,
}

/// A write transaction; everything in it is durable when it ends, or none of it.
pub struct Writer<'a> {
    tx: Transaction<'a>,
    run: i64,
    at: String,
    keeps: bool,
}

impl Journal {
    /// The journal's file; `None` if it is in memory, for a pipe that keeps nothing.
    pub fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }

    /// The folder of the archived originals: `JOURNAL.d`.
    pub fn archive(&self) -> Option<PathBuf> {
        self.path.as_ref().map(|path| {
            let mut name = path.as_os_str().to_owned();
            name.push(".d");
            PathBuf::from(name)
        })
    }

    /// Tells whether it outlives the process.
    pub fn keeps(&self) -> bool {
        self.path.is_some()
    }

    /// Number of this run.
    pub fn run(&self) -> i64 {
        self.run
    }

    /// Does some writing under the lock, all of it or nothing.
    ///
    /// # Errors
    /// Any failure ends the run: see [`JournalError`].
    pub fn write<T>(
        &mut self,
        doing: &'static str,
        work: impl FnOnce(&Writer<'_>) -> rusqlite::Result<T>,
    ) -> Result<T, JournalError> {
        let path = self.path.clone().unwrap_or_default();
        let fail = |source| JournalError::Database {
            path: path.clone(),
            doing,
            source,
        };
        let keeps = self.path.is_some();
        let turn = self.gate.enter()?;
        let tx = self
            .db
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(fail)?;
        let writer = Writer {
            tx,
            run: self.run,
            at: super::clock::now().to_string(),
            keeps,
        };
        let value = work(&writer).map_err(fail)?;
        writer.tx.commit().map_err(fail)?;
        drop(turn);
        Ok(value)
    }

    /// Names the journal in a failure to read it.
    fn reading<T>(&self, outcome: rusqlite::Result<T>) -> Result<T, JournalError> {
        outcome.map_err(|source| JournalError::Database {
            path: self.path.clone().unwrap_or_default(),
            doing: "read",
            source,
        })
    }

    /// The last entry of the audit log.
    ///
    /// # Errors
    /// If the journal cannot be read.
    pub fn head(&self) -> Result<Head, JournalError> {
        self.reading(chain::head(&self.db))
    }

    /// Checks the audit log.
    ///
    /// # Errors
    /// If the journal cannot be read; what is wrong with the log is in the report.
    pub fn verify(&self, expected: Option<Head>) -> Result<ChainReport, JournalError> {
        let mut report = self.reading(chain::verify(&self.db))?;
        if let Some(expected) = expected {
            match self.reading(chain::hash_at(&self.db, expected.seq))? {
                None => report.faults.push(format!(
                    "entry {} was expected, the log ends at {}: its tail was cut off",
                    expected.seq, report.head.seq
                )),
                Some(hash) if hash != expected.hash => {
                    report.faults.push(format!(
                        "entry {} is not the one that was expected",
                        expected.seq
                    ));
                }
                Some(_) => {}
            }
        }
        let damaged = self.reading(memo::damaged(&self.db))?;
        report.faults.extend(
            damaged
                .into_iter()
                .map(|doc| format!("a stored line of {doc} was changed")),
        );
        Ok(report)
    }
}

impl Writer<'_> {
    /// Appends to the audit log.
    fn audit(&self, entry: &Entry<'_>) -> rusqlite::Result<()> {
        if self.keeps {
            chain::append(&self.tx, &self.at, self.run, entry)
        } else {
            Ok(())
        }
    }
}
