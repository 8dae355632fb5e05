//! Looking documents up, for `status`, `pending`, `show`, `retry` and `export`.

use rusqlite::{OptionalExtension, Row, params};

use super::Journal;
use super::error::JournalError;

/// A document's row.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct DocumentRow {
    /// Its id.
    pub id: String,
    /// The path it came under first.
    pub path: String,
    /// Where it stands.
    pub status: String,
    /// The stage it came out of last.
    pub stage: String,
    /// Why it failed.
    pub error_code: Option<String>,
    /// Whether the next run tries again.
    pub retryable: bool,
    /// Its number.
    pub invoice_number: Option<String>,
    /// Its vendor.
    pub vendor: Option<String>,
    /// Its total.
    pub total: Option<String>,
    /// Its currency.
    pub currency: Option<String>,
    /// Who decides.
    pub level: Option<String>,
    /// Who is asked, or who decided.
    pub approver: Option<String>,
    /// When it goes one level up.
    pub due_at: Option<String>,
    /// When it was taken in.
    pub created_at: String,
    /// When it last moved.
    pub updated_at: String,
    /// Where the original lies, relative to the archive.
    pub archive_path: Option<String>,
    /// The row of its latest line.
    #[serde(skip)]
    pub result: Option<i64>,
}

/// Which documents to list.
#[derive(Clone, Copy, Debug, Default)]
pub struct Listing<'a> {
    /// Only these states; empty for all.
    pub statuses: &'a [&'a str],
    /// Only this one: an id, or the beginning of one.
    pub id: Option<&'a str>,
}

const COLUMNS: &str = "SELECT d.id, i.path, d.status, d.stage, d.error_code, d.retryable, d.invoice_number, d.vendor, d.total,
    d.currency, d.level, d.approver, d.due_at, i.now, d.updated, i.archived, d.result, i.rowid, d.rowid
    FROM document d JOIN intake i ON i.file = d.file";

fn row(row: &Row<'_>) -> rusqlite::Result<DocumentRow> {
    Ok(DocumentRow {
        id: row.get(0)?,
        path: row.get(1)?,
        status: row.get(2)?,
        stage: row.get(3)?,
        error_code: row.get(4)?,
        retryable: row.get(5)?,
        invoice_number: row.get(6)?,
        vendor: row.get(7)?,
        total: row.get(8)?,
        currency: row.get(9)?,
        level: row.get(10)?,
        approver: row.get(11)?,
        due_at: row.get(12)?,
        created_at: row.get(13)?,
        updated_at: row.get(14)?,
        archive_path: row.get(15)?,
        result: row.get(16)?,
    })
}

impl Journal {
    /// Lists documents in the order of their intake.
    ///
    /// # Errors
    /// If the journal cannot be read.
    pub fn list(&self, listing: &Listing<'_>) -> Result<Vec<DocumentRow>, JournalError> {
        self.reading(self.rows(listing))
    }

    fn rows(&self, listing: &Listing<'_>) -> rusqlite::Result<Vec<DocumentRow>> {
        let wanted = serde_json::to_string(listing.statuses).unwrap_or_default();
        let prefix = listing.id.unwrap_or_default();
        let end = format!("{prefix}\u{10ffff}");
        let query = format!(
            "{COLUMNS} WHERE (?1 = '[]' OR d.status IN (SELECT value FROM json_each(?1))) AND d.id >= ?2 AND d.id < ?3
             UNION ALL
             SELECT i.file, i.path, 'pending', 'intake', NULL, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL, i.now, i.now,
                 i.archived, NULL, i.rowid, 0 FROM intake i
             WHERE NOT EXISTS (SELECT 1 FROM document d WHERE d.file = i.file)
                 AND (?1 = '[]' OR 'pending' IN (SELECT value FROM json_each(?1))) AND i.file >= ?2 AND i.file < ?3
             ORDER BY 18, 19"
        );
        let mut statement = self.db.prepare(&query)?;
        let rows = statement.query_map(params![wanted, prefix, end], row)?;
        rows.collect()
    }

    /// A document by its whole id.
    ///
    /// # Errors
    /// If the journal cannot be read.
    pub fn document(&self, id: &str) -> Result<Option<DocumentRow>, JournalError> {
        self.reading(
            self.db
                .prepare_cached(&format!("{COLUMNS} WHERE d.id = ?1"))
                .and_then(|mut statement| statement.query_row([id], row).optional()),
        )
    }

    /// What the journal holds of a document's way: stage, digest of its line, run and time of each audit entry.
    ///
    /// # Errors
    /// If the journal cannot be read.
    pub fn way(&self, id: &str) -> Result<Vec<serde_json::Value>, JournalError> {
        self.reading(self.entries(id))
    }

    fn entries(&self, id: &str) -> rusqlite::Result<Vec<serde_json::Value>> {
        let file = id.split('#').next().unwrap_or(id);
        let mut statement = self.db.prepare(
            "SELECT a.seq, a.at, a.action, a.doc, a.out_sha, d.detail, r.id, r.host, r.pid, r.login, r.actor, r.version
             FROM audit a LEFT JOIN audit_detail d ON d.seq = a.seq LEFT JOIN run r ON r.id = a.run
             WHERE a.doc = ?1 OR a.doc = ?2 ORDER BY a.seq",
        )?;
        let rows = statement.query_map(params![id, file], |row| {
            let sha: Option<[u8; 32]> = row.get(4)?;
            let detail: Option<String> = row.get(5)?;
            Ok(serde_json::json!({
                "seq": row.get::<_, i64>(0)?, "at": row.get::<_, String>(1)?, "action": row.get::<_, String>(2)?,
                "document": row.get::<_, Option<String>>(3)?, "line_sha256": sha.map(|sha| crate::model::Digest(sha).to_string()),
                "detail": detail.and_then(|detail| serde_json::from_str::<serde_json::Value>(&detail).ok()),
                "run": row.get::<_, Option<i64>>(6)?, "host": row.get::<_, Option<String>>(7)?,
                "pid": row.get::<_, Option<i64>>(8)?, "login": row.get::<_, Option<String>>(9)?,
                "actor": row.get::<_, Option<String>>(10)?, "version": row.get::<_, Option<String>>(11)?,
            }))
        })?;
        rows.collect()
    }
}
