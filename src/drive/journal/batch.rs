//! Export batches: the intent, with the very bytes, is durable before the file is; the file is settled by its digest.

use rusqlite::{OptionalExtension, params};

use super::chain::{self, Entry};
use super::error::JournalError;
use super::{Journal, Writer};

/// A batch to form.
pub struct NewBatch<'a> {
    /// Its id.
    pub id: &'a str,
    /// What it is for: the format, or the name of an accounting system.
    pub target: &'a str,
    /// The place that was asked for.
    pub place: &'a str,
    /// The file it goes to.
    pub file: &'a str,
    /// Number among the batches of its target and place.
    pub seq: i64,
    /// Digest of the bytes.
    pub sha: &'a str,
    /// The bytes, packed.
    pub packed: &'a [u8],
    /// The documents in it.
    pub documents: &'a [String],
    /// Control totals: one JSON object, currency to sum.
    pub control: &'a str,
}

/// A batch that was formed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batch {
    /// Its id.
    pub id: String,
    /// What it is for.
    pub target: String,
    /// The place that was asked for.
    pub place: String,
    /// The file it goes to.
    pub file: String,
    /// Number among the batches of its target and place.
    pub seq: i64,
    /// `intent` until the file is known to be there, then `done`.
    pub done: bool,
    /// Digest of the bytes.
    pub sha: String,
    /// How many documents it holds.
    pub documents: u64,
    /// Control totals.
    pub control: String,
    /// Head of the audit log when it was formed.
    pub head: String,
    /// When.
    pub at: String,
}

impl Writer<'_> {
    /// Writes the intent down; afterwards the batch is what it is.
    ///
    /// # Errors
    /// If the journal cannot be written, or a document is in a batch of the target already.
    pub fn form_batch(&self, batch: &NewBatch<'_>) -> rusqlite::Result<()> {
        let head = chain::head(&self.tx)?.to_string();
        self.tx.execute(
            "INSERT INTO batch (id, target, place, file, seq, state, sha, content, documents, control, head, at, run)
             VALUES (?1,?2,?3,?4,?5,'intent',?6,?7,?8,?9,?10,?11,?12)",
            params![
                batch.id,
                batch.target,
                batch.place,
                batch.file,
                batch.seq,
                batch.sha,
                batch.packed,
                i64::try_from(batch.documents.len()).unwrap_or(i64::MAX),
                batch.control,
                head,
                self.at,
                self.run
            ],
        )?;
        let mut insert = self.tx.prepare_cached(
            "INSERT INTO batch_document (target, doc, batch) VALUES (?1, ?2, ?3)",
        )?;
        for doc in batch.documents {
            insert.execute(params![batch.target, doc, batch.id])?;
        }
        let detail = serde_json::json!({ "batch": batch.id, "documents": batch.documents.len(), "control": batch.control });
        self.audit(&Entry {
            action: "batch",
            detail: Some(detail.to_string()),
            ..Entry::default()
        })
    }

    /// The file is there: its documents are in the books.
    ///
    /// # Errors
    /// If the journal cannot be written.
    pub fn finish_batch(&self, id: &str, actor: &str) -> rusqlite::Result<()> {
        let open = self.tx.execute(
            "UPDATE batch SET state = 'done' WHERE id = ?1 AND state <> 'done'",
            [id],
        )?;
        if open == 0 {
            return Ok(());
        }
        let mut statement = self.tx.prepare(
            "SELECT d.id, d.invoice_number, d.vendor, d.total, d.currency FROM batch_document b
             JOIN document d ON d.id = b.doc WHERE b.batch = ?1 ORDER BY d.id",
        )?;
        let mut rows = statement.query([id])?;
        while let Some(row) = rows.next()? {
            let doc: String = row.get(0)?;
            let detail = serde_json::json!({
                "actor": actor, "batch": id, "invoice_number": row.get::<_, Option<String>>(1)?,
                "vendor": row.get::<_, Option<String>>(2)?, "amount": row.get::<_, Option<String>>(3)?,
                "currency": row.get::<_, Option<String>>(4)?,
            });
            self.tx
                .prepare_cached("UPDATE document SET status = 'processed', stage = 'export', updated = ?2 WHERE id = ?1")?
                .execute(params![doc, self.at])?;
            self.audit(&Entry {
                action: "export",
                doc: Some(&doc),
                detail: Some(detail.to_string()),
                ..Entry::default()
            })?;
        }
        Ok(())
    }

    /// Tells whether a batch of the target holds the document.
    ///
    /// # Errors
    /// If the journal cannot be read.
    pub fn batched(&self, target: &str, doc: &str) -> rusqlite::Result<bool> {
        self.tx
            .prepare_cached("SELECT 1 FROM batch_document WHERE target = ?1 AND doc = ?2")?
            .exists(params![target, doc])
    }
}

impl Journal {
    /// The batches of a target, in the order in which they were formed.
    ///
    /// # Errors
    /// If the journal cannot be read.
    pub fn batches(&self, target: &str) -> Result<Vec<Batch>, JournalError> {
        self.reading(self.batch_rows(target))
    }

    fn batch_rows(&self, target: &str) -> rusqlite::Result<Vec<Batch>> {
        let mut statement = self.db.prepare_cached(
            "SELECT id, target, place, file, seq, state, sha, documents, control, head, at FROM batch
             WHERE target = ?1 ORDER BY at, place, seq",
        )?;
        let rows = statement.query_map([target], |row| {
            Ok(Batch {
                id: row.get(0)?,
                target: row.get(1)?,
                place: row.get(2)?,
                file: row.get(3)?,
                seq: row.get(4)?,
                done: row.get::<_, String>(5)? == "done",
                sha: row.get(6)?,
                documents: row.get::<_, i64>(7)?.unsigned_abs(),
                control: row.get(8)?,
                head: row.get(9)?,
                at: row.get(10)?,
            })
        })?;
        rows.collect()
    }

    /// The bytes of a batch.
    ///
    /// # Errors
    /// If the journal cannot be read or what it holds cannot be unpacked.
    pub fn batch_content(&self, id: &str) -> Result<Vec<u8>, JournalError> {
        let packed: Option<Vec<u8>> = self.reading(
            self.db
                .query_row("SELECT content FROM batch WHERE id = ?1", [id], |row| {
                    row.get(0)
                })
                .optional(),
        )?;
        packed
            .and_then(|packed| super::super::packed::unpack(&packed))
            .ok_or_else(|| JournalError::Damaged {
                path: self.path.clone().unwrap_or_default(),
                what: "batch",
                id: id.to_owned(),
            })
    }

    /// The batch and file that hold a document, per target.
    ///
    /// # Errors
    /// If the journal cannot be read.
    pub fn batch_of(
        &self,
        target: &str,
        doc: &str,
    ) -> Result<Option<(String, String)>, JournalError> {
        self.reading(
            self.db
                .prepare_cached(
                    "SELECT b.id, b.file FROM batch_document d JOIN batch b ON b.id = d.batch
                     WHERE d.target = ?1 AND d.doc = ?2",
                )
                .and_then(|mut statement| {
                    statement
                        .query_row(params![target, doc], |row| Ok((row.get(0)?, row.get(1)?)))
                        .optional()
                }),
        )
    }
}
