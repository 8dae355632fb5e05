//! Results: work that was done is not done again; its line is written again.

use rusqlite::{Connection, OptionalExtension, params};

use super::chain::Entry;
use super::error::JournalError;
use super::{Journal, Writer};
use crate::model::Digest;

/// A stored result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Its row.
    pub row: i64,
    /// Digest of the stored line.
    pub out_sha: Digest,
    /// How many documents the line holds: more than one only for a file that was read.
    pub documents: u32,
}

/// A result to store.
pub struct NewResult<'a> {
    /// Digest of stage, input and settings.
    pub key: Digest,
    /// The document, or the file for what was read.
    pub doc: &'a str,
    /// The stage.
    pub stage: &'a str,
    /// The line, packed by [`pack`](super::super::packed::pack).
    pub packed: &'a [u8],
    /// Digest of the line.
    pub out_sha: Digest,
    /// How many documents it holds.
    pub documents: u32,
    /// Not to be found again: the next run tries anew.
    pub retryable: bool,
    /// What the audit entry tells beside the chain.
    pub detail: Option<String>,
}

impl Writer<'_> {
    /// Stores a result and returns its row; a journal in memory stores none.
    ///
    /// # Errors
    /// If the journal cannot be written.
    pub fn store(&self, result: NewResult<'_>) -> rusqlite::Result<Option<i64>> {
        if !self.keeps {
            return Ok(None);
        }
        let row = self
            .tx
            .prepare_cached(
                "INSERT INTO result (key, doc, stage, out, out_sha, documents, stale, run) VALUES (?1,?2,?3,?4,?5,?6,?7,?8)
                 ON CONFLICT (key) DO UPDATE SET out = excluded.out, out_sha = excluded.out_sha,
                 documents = excluded.documents, stale = excluded.stale, run = excluded.run RETURNING id",
            )?
            .query_row(
                params![
                    result.key.0.as_slice(),
                    result.doc,
                    result.stage,
                    result.packed,
                    result.out_sha.0.as_slice(),
                    result.documents,
                    result.retryable,
                    self.run
                ],
                |row| row.get(0),
            )?;
        self.audit(&Entry {
            action: result.stage,
            doc: Some(result.doc),
            out_sha: Some(result.out_sha),
            detail: result.detail,
        })?;
        Ok(Some(row))
    }

    /// Looks a result up inside the transaction.
    ///
    /// # Errors
    /// If the journal cannot be read.
    pub fn found(&self, key: &Digest) -> rusqlite::Result<Option<Found>> {
        if self.keeps {
            find(&self.tx, key)
        } else {
            Ok(None)
        }
    }

    /// Reads a stored line inside the transaction, still packed.
    ///
    /// # Errors
    /// If the journal cannot be read.
    pub fn packed(&self, row: i64) -> rusqlite::Result<Vec<u8>> {
        self.tx
            .prepare_cached("SELECT out FROM result WHERE id = ?1")?
            .query_row([row], |row| row.get(0))
    }

    /// Makes a document's results of some stages unfit to be found again.
    ///
    /// # Errors
    /// If the journal cannot be written.
    pub fn forget_results(&self, doc: &str, stages: &[&str]) -> rusqlite::Result<usize> {
        let mut changed = 0;
        for stage in stages {
            let owner = if *stage == "ocr" {
                doc.split('#').next().unwrap_or(doc)
            } else {
                doc
            };
            changed += self
                .tx
                .prepare_cached("UPDATE result SET stale = 1 WHERE doc = ?1 AND stage = ?2")?
                .execute(params![owner, stage])?;
        }
        self.audit(&Entry {
            action: "retry",
            doc: Some(doc),
            ..Entry::default()
        })?;
        Ok(changed)
    }
}

impl Journal {
    /// Looks a result up.
    ///
    /// # Errors
    /// If the journal cannot be read.
    pub fn found(&self, key: &Digest) -> Result<Option<Found>, JournalError> {
        if self.keeps() {
            self.reading(find(&self.db, key))
        } else {
            Ok(None)
        }
    }

    /// The row of what a file was last read into.
    ///
    /// # Errors
    /// If the journal cannot be read.
    pub fn reading_of(&self, file: &str) -> Result<Option<i64>, JournalError> {
        self.reading(
            self.db
                .prepare_cached(
                    "SELECT max(id) FROM result WHERE doc = ?1 AND stage = 'ocr' AND stale = 0",
                )
                .and_then(|mut statement| statement.query_row([file], |row| row.get(0))),
        )
    }

    /// Reads a stored line, still packed.
    ///
    /// # Errors
    /// If the journal cannot be read.
    pub fn packed(&self, row: i64) -> Result<Vec<u8>, JournalError> {
        self.reading(
            self.db
                .prepare_cached("SELECT out FROM result WHERE id = ?1")
                .and_then(|mut statement| statement.query_row([row], |row| row.get(0))),
        )
    }
}

fn find(db: &Connection, key: &Digest) -> rusqlite::Result<Option<Found>> {
    db.prepare_cached("SELECT id, out_sha, documents FROM result WHERE key = ?1 AND stale = 0")?
        .query_row([key.0.as_slice()], |row| {
            let sha: [u8; 32] = row.get(1)?;
            Ok(Found {
                row: row.get(0)?,
                out_sha: Digest(sha),
                documents: row.get(2)?,
            })
        })
        .optional()
}

/// Names the documents of which a stored line is no longer the one that was stored.
pub(super) fn damaged(db: &Connection) -> rusqlite::Result<Vec<String>> {
    let mut statement = db.prepare("SELECT doc, out, out_sha FROM result")?;
    let mut rows = statement.query([])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let sha: [u8; 32] = row.get(2)?;
        let line = super::super::packed::unpack(row.get_ref(1)?.as_blob()?);
        if line.is_none_or(|line| Digest::of(&line).0 != sha) {
            found.push(row.get(0)?);
        }
    }
    Ok(found)
}
