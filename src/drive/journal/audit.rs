//! The conservation law: what was taken in is somewhere, and each place is named.

use std::collections::BTreeMap;

use super::Journal;
use super::error::JournalError;

/// Documents per state. `stats` prints them under the names of its contract.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Counts {
    /// Taken in, no work done yet.
    pub pending: u64,
    /// On their way: being worked on, held or approved.
    pub processing: u64,
    /// Failed.
    pub failed: u64,
    /// Exported, rejected or set aside.
    pub completed: u64,
    /// The sum of the four.
    pub total: u64,
    /// Of these: held for a person.
    pub pending_approval: u64,
    /// Of these: approved, not yet exported.
    pub approved: u64,
    /// Of these: exported.
    pub exported: u64,
    /// Of these: rejected.
    pub rejected: u64,
    /// Of these: no invoices.
    pub set_aside: u64,
}

/// The audit's verdict.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct AuditReport {
    /// Files taken in.
    pub files: u64,
    /// Documents in them: at least one a file.
    pub taken_in: u64,
    /// Where they are.
    pub states: BTreeMap<String, u64>,
    /// Sum over the states.
    pub accounted_for: u64,
    /// Every document that is missing or in an impossible state, and why.
    pub missing: Vec<Missing>,
    /// Nothing is missing and both sums agree.
    pub exact: bool,
}

/// A document that is not where it should be.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Missing {
    /// The document or file.
    pub id: String,
    /// The path it came under.
    pub path: String,
    /// What is wrong.
    pub reason: String,
}

/// States a document may be in, and the key of `stats` each counts under.
const STATES: &[(&str, &str)] = &[
    ("pending", "pending"),
    ("processing", "processing"),
    ("pending_approval", "processing"),
    ("approved", "processing"),
    ("processed", "completed"),
    ("rejected", "completed"),
    ("set_aside", "completed"),
    ("error", "failed"),
];

/// What must not be found: a reason, and the query that finds its documents.
const FAULTS: &[(&str, &str)] = &[
    (
        "no stored line",
        "SELECT d.id, i.path FROM document d JOIN intake i ON i.file = d.file
         LEFT JOIN result r ON r.id = d.result WHERE r.id IS NULL",
    ),
    (
        "in the books without a batch",
        "SELECT d.id, i.path FROM document d JOIN intake i ON i.file = d.file
         WHERE d.status = 'processed' AND NOT EXISTS (SELECT 1 FROM batch_document b WHERE b.doc = d.id)",
    ),
    (
        // Both are written together. A decision and an export move the row on alone, among the stages behind which nothing is judged any more.
        "its row and its stored line are of different stages: run it again",
        "SELECT d.id, i.path FROM document d JOIN intake i ON i.file = d.file JOIN result r ON r.id = d.result
         WHERE r.stage <> d.stage AND NOT (d.stage IN ('route', 'export') AND r.stage IN ('route', 'export'))",
    ),
    (
        // These stages decide nothing: the row is of a later one, whose line is gone from it.
        "its stored line was never judged: run it again",
        "SELECT d.id, i.path FROM document d JOIN intake i ON i.file = d.file JOIN result r ON r.id = d.result
         WHERE d.status IN ('approved', 'pending_approval', 'rejected') AND r.stage IN ('ocr', 'extract', 'enrich')",
    ),
    (
        "in a batch that was never finished: run the export again",
        "SELECT b.doc, coalesce(i.path, '') FROM batch_document b JOIN batch t ON t.id = b.batch
         LEFT JOIN document d ON d.id = b.doc LEFT JOIN intake i ON i.file = d.file WHERE t.state <> 'done'",
    ),
    (
        "fewer documents than its file was read into",
        "SELECT r.doc, i.path FROM result r JOIN intake i ON i.file = r.doc
         WHERE r.stage = 'ocr' AND r.stale = 0 AND r.documents > (SELECT count(*) FROM document d WHERE d.file = r.doc)",
    ),
];

impl Journal {
    /// Counts documents by state.
    ///
    /// # Errors
    /// If the journal cannot be read.
    pub fn counts(&self) -> Result<Counts, JournalError> {
        let states = self.reading(self.states())?;
        let mut counts = Counts::default();
        for (state, number) in &states {
            let number = *number;
            match STATES
                .iter()
                .find(|(name, _)| name == state)
                .map(|(_, key)| *key)
            {
                Some("pending") => counts.pending += number,
                Some("processing") => counts.processing += number,
                Some("failed") => counts.failed += number,
                _ => counts.completed += number,
            }
            match state.as_str() {
                "pending_approval" => counts.pending_approval += number,
                "approved" => counts.approved += number,
                "processed" => counts.exported += number,
                "rejected" => counts.rejected += number,
                "set_aside" => counts.set_aside += number,
                _ => {}
            }
            counts.total += number;
        }
        Ok(counts)
    }

    /// Checks that nothing is lost: every file has its documents, every document a state and a line, every original its
    /// archived copy.
    ///
    /// # Errors
    /// If the journal cannot be read; what is missing is in the report.
    pub fn audit(&self) -> Result<AuditReport, JournalError> {
        let states = self.reading(self.states())?;
        let mut report = AuditReport {
            files: self.reading(self.count("SELECT count(*) FROM intake"))?,
            taken_in: self.reading(self.count(
                "SELECT coalesce(sum(max(1, (SELECT count(*) FROM document d WHERE d.file = i.file))), 0) FROM intake i",
            ))?,
            accounted_for: states.values().sum(),
            ..AuditReport::default()
        };
        for state in states
            .keys()
            .filter(|state| !STATES.iter().any(|(name, _)| name == state))
        {
            report.missing.push(Missing {
                id: String::new(),
                path: String::new(),
                reason: format!("documents in an unknown state `{state}`"),
            });
        }
        for (reason, query) in FAULTS {
            report
                .missing
                .extend(self.reading(self.faults(reason, query))?);
        }
        report.missing.extend(self.originals()?);
        report.states = states;
        report.exact = report.missing.is_empty() && report.taken_in == report.accounted_for;
        Ok(report)
    }

    fn count(&self, query: &str) -> rusqlite::Result<u64> {
        self.db
            .query_row(query, [], |row| row.get::<_, i64>(0))
            .map(i64::unsigned_abs)
    }

    fn states(&self) -> rusqlite::Result<BTreeMap<String, u64>> {
        let mut statement = self.db.prepare(
            "SELECT status, count(*) FROM document GROUP BY status UNION ALL
             SELECT 'pending', count(*) FROM intake i
             WHERE NOT EXISTS (SELECT 1 FROM document d WHERE d.file = i.file)",
        )?;
        let mut rows = statement.query([])?;
        let mut states = BTreeMap::new();
        while let Some(row) = rows.next()? {
            let number = row.get::<_, i64>(1)?.unsigned_abs();
            if number > 0 {
                *states.entry(row.get(0)?).or_insert(0) += number;
            }
        }
        Ok(states)
    }

    fn faults(&self, reason: &str, query: &str) -> rusqlite::Result<Vec<Missing>> {
        let mut statement = self.db.prepare(query)?;
        let rows = statement.query_map([], |row| {
            Ok(Missing {
                id: row.get(0)?,
                path: row.get(1)?,
                reason: reason.to_owned(),
            })
        })?;
        rows.collect()
    }

    fn originals(&self) -> Result<Vec<Missing>, JournalError> {
        let Some(archive) = self.archive() else {
            return Ok(Vec::new());
        };
        let rows = self.reading(self.archived())?;
        Ok(rows
            .into_iter()
            .filter(|(_, _, archived, bytes)| {
                std::fs::metadata(archive.join(archived)).map_or(true, |meta| meta.len() != *bytes)
            })
            .map(|(file, path, archived, _)| Missing {
                id: file,
                path,
                reason: format!("the archived original `{archived}` is missing or torn"),
            })
            .collect())
    }

    fn archived(&self) -> rusqlite::Result<Vec<(String, String, String, u64)>> {
        let mut statement =
            self.db.prepare("SELECT file, path, archived, bytes FROM intake WHERE archived IS NOT NULL ORDER BY file")?;
        let rows = statement.query_map([], |row| {
            Ok((
                row.get(0)?,
                row.get(1)?,
                row.get(2)?,
                row.get::<_, i64>(3)?.unsigned_abs(),
            ))
        })?;
        rows.collect()
    }
}
