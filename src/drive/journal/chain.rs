//! The audit log: append-only, each entry carrying the hash of the one before.
//!
//! The chain holds digests only. Who acted on which invoice of which vendor stands in a row beside it, whose digest is
//! chained, so that a person can be forgotten and the chain still verifies. A cut tail leaves a chain that verifies:
//! that is why the head, `seq:hash`, leaves the file in summaries and exported batches.

use rusqlite::{Connection, OptionalExtension, Transaction, params};

use crate::model::Digest;

/// An entry to append.
#[derive(Clone, Debug, Default)]
pub(super) struct Entry<'a> {
    /// What was done, such as `intake`, `extract`, `approve`, `export`.
    pub(super) action: &'a str,
    /// To which document.
    pub(super) doc: Option<&'a str>,
    /// Digest of the line or file that came of it.
    pub(super) out_sha: Option<Digest>,
    /// Actor, number, vendor, amount …: one JSON object.
    pub(super) detail: Option<String>,
}

/// The last entry, written `seq:hash`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    /// Number of the last entry; 0 for an empty log.
    pub seq: i64,
    /// Its hash.
    pub hash: Digest,
}

impl std::fmt::Display for Head {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.seq, self.hash)
    }
}

impl std::str::FromStr for Head {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let (seq, hash) = text.split_once(':').ok_or("expected SEQ:HASH")?;
        let seq = seq
            .parse()
            .map_err(|_| "the part before `:` is no number")?;
        let hash = Digest::from_hex(hash).ok_or("the part after `:` is no SHA-256")?;
        Ok(Self { seq, hash })
    }
}

/// What a check of the chain found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChainReport {
    /// Entries looked at.
    pub entries: i64,
    /// The head.
    pub head: Head,
    /// Faults, each naming its entry.
    pub faults: Vec<String>,
}

const START: Digest = Digest([0; 32]);

struct Row {
    seq: i64,
    at: String,
    run: i64,
    action: String,
    doc: Option<String>,
    out_sha: Option<Vec<u8>>,
    detail_sha: Option<Vec<u8>>,
}

impl Row {
    fn hash(&self, prev: &Digest) -> Digest {
        Digest::of_parts([
            prev.0.as_slice(),
            &self.seq.to_le_bytes(),
            self.at.as_bytes(),
            &self.run.to_le_bytes(),
            self.action.as_bytes(),
            self.doc.as_deref().unwrap_or_default().as_bytes(),
            self.out_sha.as_deref().unwrap_or_default(),
            self.detail_sha.as_deref().unwrap_or_default(),
        ])
    }
}

/// Returns the last entry.
pub(super) fn head(db: &Connection) -> rusqlite::Result<Head> {
    let last = db
        .prepare_cached("SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1")?
        .query_row([], |row| {
            Ok(Head {
                seq: row.get(0)?,
                hash: digest(&row.get::<_, Vec<u8>>(1)?),
            })
        })
        .optional()?;
    Ok(last.unwrap_or(Head {
        seq: 0,
        hash: START,
    }))
}

/// Appends an entry in the transaction of what it tells about.
pub(super) fn append(
    tx: &Transaction<'_>,
    at: &str,
    run: i64,
    entry: &Entry<'_>,
) -> rusqlite::Result<()> {
    let last = head(tx)?;
    let detail_sha = entry
        .detail
        .as_ref()
        .map(|detail| Digest::of(detail.as_bytes()).0.to_vec());
    let row = Row {
        seq: last.seq + 1,
        at: at.to_owned(),
        run,
        action: entry.action.to_owned(),
        doc: entry.doc.map(str::to_owned),
        out_sha: entry.out_sha.map(|digest| digest.0.to_vec()),
        detail_sha,
    };
    let hash = row.hash(&last.hash);
    tx.prepare_cached(
        "INSERT INTO audit (seq, at, run, action, doc, out_sha, detail_sha, prev, hash) VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9)",
    )?
    .execute(params![
        row.seq,
        row.at,
        row.run,
        row.action,
        row.doc,
        row.out_sha,
        row.detail_sha,
        last.hash.0.as_slice(),
        hash.0.as_slice()
    ])?;
    if let Some(detail) = &entry.detail {
        tx.prepare_cached("INSERT INTO audit_detail (seq, detail) VALUES (?1, ?2)")?
            .execute(params![row.seq, detail])?;
    }
    Ok(())
}

/// Recomputes every hash and compares the rows beside the chain with their digests.
pub(super) fn verify(db: &Connection) -> rusqlite::Result<ChainReport> {
    let mut faults = Vec::new();
    let mut last = Head {
        seq: 0,
        hash: START,
    };
    let mut statement = db.prepare(
        "SELECT a.seq, a.at, a.run, a.action, a.doc, a.out_sha, a.detail_sha, a.prev, a.hash, d.detail
         FROM audit a LEFT JOIN audit_detail d ON d.seq = a.seq ORDER BY a.seq",
    )?;
    let mut rows = statement.query([])?;
    let mut entries = 0;
    while let Some(row) = rows.next()? {
        let entry = Row {
            seq: row.get(0)?,
            at: row.get(1)?,
            run: row.get(2)?,
            action: row.get(3)?,
            doc: row.get(4)?,
            out_sha: row.get(5)?,
            detail_sha: row.get(6)?,
        };
        let prev: Vec<u8> = row.get(7)?;
        let hash: Vec<u8> = row.get(8)?;
        let detail: Option<String> = row.get(9)?;
        if entry.seq != last.seq + 1 {
            faults.push(format!(
                "entries {} to {} are missing",
                last.seq + 1,
                entry.seq - 1
            ));
        }
        if prev != last.hash.0 || hash != entry.hash(&last.hash).0 {
            faults.push(format!(
                "entry {} was changed, or the one before it",
                entry.seq
            ));
        }
        // An emptied row (a person forgotten) is lawful; a different one is not.
        if let (Some(sha), Some(detail)) = (&entry.detail_sha, &detail)
            && Digest::of(detail.as_bytes()).0 != sha.as_slice()
        {
            faults.push(format!("the details of entry {} were changed", entry.seq));
        }
        last = Head {
            seq: entry.seq,
            hash: digest(&hash),
        };
        entries += 1;
    }
    Ok(ChainReport {
        entries,
        head: last,
        faults,
    })
}

/// Returns the hash of one entry, if the log has it.
pub(super) fn hash_at(db: &Connection, seq: i64) -> rusqlite::Result<Option<Digest>> {
    if seq == 0 {
        return Ok(Some(START));
    }
    db.query_row("SELECT hash FROM audit WHERE seq = ?1", [seq], |row| {
        row.get::<_, Vec<u8>>(0)
    })
    .optional()
    .map(|hash| hash.map(|hash| digest(&hash)))
}

fn digest(bytes: &[u8]) -> Digest {
    <[u8; 32]>::try_from(bytes).map_or(START, Digest)
}
