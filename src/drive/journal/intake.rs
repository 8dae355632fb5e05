//! Intake: "this document exists", durable before any work on it.

use rusqlite::{OptionalExtension, params};

use super::chain::Entry;
use super::error::JournalError;
use super::{Journal, Writer};
use crate::model::{Digest, Instant};

/// A file that was taken in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Intake {
    /// Its name: the hexadecimal digest that document ids begin with.
    pub file: String,
    /// The path it came under first.
    pub path: String,
    /// Its size.
    pub bytes: u64,
    /// Where the original lies, relative to the archive; `None` if it has no bytes.
    pub archived: Option<String>,
    /// Who sent it in.
    pub uploaded_by: Option<String>,
    /// When it was taken in: the "now" of its checks.
    pub now: Instant,
}

impl Writer<'_> {
    /// Takes a file in, unless it is known already.
    ///
    /// # Errors
    /// If the journal cannot be written.
    pub fn take_in(&self, intake: &Intake) -> rusqlite::Result<()> {
        let new = self
            .tx
            .prepare_cached(
                "INSERT INTO intake (file, path, bytes, archived, uploaded_by, now, run) VALUES (?1,?2,?3,?4,?5,?6,?7)
                 ON CONFLICT (file) DO NOTHING",
            )?
            .execute(params![
                intake.file,
                intake.path,
                i64::try_from(intake.bytes).unwrap_or(i64::MAX),
                intake.archived,
                intake.uploaded_by,
                intake.now.to_string(),
                self.run
            ])?;
        if new > 0 {
            let entry = Entry {
                action: "intake",
                doc: Some(&intake.file),
                out_sha: Digest::from_hex(&intake.file),
                detail: None,
            };
            self.audit(&entry)?;
        }
        Ok(())
    }
}

impl Journal {
    /// Looks a file up.
    ///
    /// # Errors
    /// If the journal cannot be read.
    pub fn intake(&self, file: &str) -> Result<Option<Intake>, JournalError> {
        self.reading(
            self.db
                .prepare_cached(
                    "SELECT file, path, bytes, archived, uploaded_by, now FROM intake WHERE file = ?1",
                )
                .and_then(|mut statement| {
                    statement
                        .query_row([file], |row| {
                            Ok((
                                row.get(0)?,
                                row.get(1)?,
                                row.get::<_, i64>(2)?,
                                row.get(3)?,
                                row.get(4)?,
                                row.get::<_, String>(5)?,
                            ))
                        })
                        .optional()
                }),
        )?
        .map(|(file, path, bytes, archived, uploaded_by, now): (String, String, i64, _, _, String)| {
            let now = now.parse().map_err(|_| JournalError::Damaged {
                path: self.path.clone().unwrap_or_default(),
                what: "intake time",
                id: file.clone(),
            })?;
            Ok(Intake { file, path, bytes: u64::try_from(bytes).unwrap_or(0), archived, uploaded_by, now })
        })
        .transpose()
    }
}
