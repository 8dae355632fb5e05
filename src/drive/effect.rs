//! Export batches as files: each approved document exactly once, whatever is killed in between.
//!
//! Intent (with the very bytes) → file → done. A run that finds an intent asks whether the file with this digest is
//! there, and puts it there if not; it never forms the batch anew.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use crate::model::Digest;

use super::atomic;
use super::journal::{Batch, Journal, JournalError, NewBatch};
use super::packed::pack;

/// Why a batch could not be formed or restored.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EffectError {
    /// The journal.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// The file system.
    #[error("`{}`: cannot write the export", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// Something else stands there.
    #[error("`{}`: has other content than the batch {batch} that belongs there; it is not overwritten", path.display())]
    OtherContent {
        /// The file.
        path: PathBuf,
        /// The batch.
        batch: String,
    },
    /// Another process exported one of the documents in between.
    #[error("another export of `{target}` took some of these documents; run again")]
    Concurrent {
        /// The target.
        target: String,
    },
}

/// A batch to form.
pub struct NewExport<'a> {
    /// What it is for: the format, or the name given by `--target`.
    pub target: &'a str,
    /// Where it was asked for.
    pub place: &'a Path,
    /// The documents.
    pub documents: &'a [String],
    /// The bytes.
    pub content: &'a [u8],
    /// What a file without documents looks like: it may be replaced.
    pub empty: &'a [u8],
    /// Sum of the totals by currency.
    pub control: &'a BTreeMap<String, String>,
    /// Who exports.
    pub actor: &'a str,
}

/// What was found and mended of earlier batches.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settled {
    /// Files that were put back.
    pub restored: Vec<PathBuf>,
    /// Batches of the target at the asked place.
    pub here: Vec<Batch>,
    /// Batches of the target elsewhere.
    pub elsewhere: Vec<Batch>,
}

/// The absolute form of a place: what batches are bound to.
///
/// # Errors
/// If the working directory is gone.
pub fn bound(place: &Path) -> io::Result<PathBuf> {
    std::path::absolute(place)
}

/// Settles what a crash may have left, and puts back files of this place that are missing or torn.
///
/// # Errors
/// If a file has other content, or something cannot be written.
pub fn settle(
    journal: &mut Journal,
    target: &str,
    place: &Path,
    actor: &str,
) -> Result<Settled, EffectError> {
    let mut settled = Settled::default();
    let shown = place.to_string_lossy().into_owned();
    for batch in journal.batches(target)? {
        let here = batch.place == shown;
        if here || !batch.done {
            let content = journal.batch_content(&batch.id)?;
            if put(&batch, &content, &[])? {
                settled.restored.push(PathBuf::from(&batch.file));
            }
            if !batch.done {
                journal.write("finish a batch", |writer| {
                    writer.finish_batch(&batch.id, actor)
                })?;
            }
        }
        if here {
            settled.here.push(batch);
        } else {
            settled.elsewhere.push(batch);
        }
    }
    Ok(settled)
}

/// Forms a batch and writes its file.
///
/// # Errors
/// If the file has other content, or something cannot be written.
pub fn form(journal: &mut Journal, export: &NewExport<'_>) -> Result<Batch, EffectError> {
    let shown = export.place.to_string_lossy().into_owned();
    let before = journal
        .batches(export.target)?
        .into_iter()
        .filter(|batch| batch.place == shown);
    let seq = before.map(|batch| batch.seq).max().unwrap_or(0) + 1;
    let file = numbered(export.place, seq);
    let sha = Digest::of(export.content).to_string();
    let id = batch_id(export, seq, &sha);
    // Before the intent: what cannot be written there must not be promised.
    if let Some(found) = content_of(&file)?
        && found != export.content
        && found != export.empty
    {
        return Err(EffectError::OtherContent {
            path: file,
            batch: id,
        });
    }
    let control = serde_json::to_string(export.control).unwrap_or_default();
    let (packed, name) = (pack(export.content), file.to_string_lossy().into_owned());
    let formed = journal.write("form a batch", |writer| {
        for document in export.documents {
            if writer.batched(export.target, document)? {
                return Ok(false);
            }
        }
        writer.form_batch(&NewBatch {
            id: &id,
            target: export.target,
            place: &shown,
            file: &name,
            seq,
            sha: &sha,
            packed: &packed,
            documents: export.documents,
            control: &control,
        })?;
        Ok(true)
    })?;
    if !formed {
        return Err(EffectError::Concurrent {
            target: export.target.to_owned(),
        });
    }
    let batch = journal
        .batches(export.target)?
        .into_iter()
        .find(|batch| batch.id == id)
        .ok_or_else(|| EffectError::Concurrent {
            target: export.target.to_owned(),
        })?;
    put(&batch, export.content, export.empty)?;
    journal.write("finish a batch", |writer| {
        writer.finish_batch(&id, export.actor)
    })?;
    Ok(batch)
}

/// Makes sure that a batch's file and manifest are there; tells whether the file had to be written.
fn put(batch: &Batch, content: &[u8], empty: &[u8]) -> Result<bool, EffectError> {
    let path = PathBuf::from(&batch.file);
    let written = match content_of(&path)? {
        Some(found) if found == content => false,
        // Torn is what begins as the batch does; anything else is somebody's work.
        Some(found) if !content.starts_with(&found) && found != empty => {
            return Err(EffectError::OtherContent {
                path,
                batch: batch.id.clone(),
            });
        }
        Some(_) | None => {
            atomic::write(&path, content).map_err(|source| EffectError::File {
                path: path.clone(),
                source,
            })?;
            true
        }
    };
    let manifest = manifest_path(&path);
    let text = manifest_text(batch);
    if content_of(&manifest)?.as_deref() != Some(text.as_bytes()) {
        atomic::write(&manifest, text.as_bytes()).map_err(|source| EffectError::File {
            path: manifest,
            source,
        })?;
    }
    Ok(written)
}

#[expect(
    clippy::disallowed_methods,
    reason = "asks whether the effect is there"
)]
fn content_of(path: &Path) -> Result<Option<Vec<u8>>, EffectError> {
    match std::fs::read(path) {
        Ok(content) => Ok(Some(content)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(EffectError::File {
            path: path.to_owned(),
            source,
        }),
    }
}

/// `bills.csv`, `bills-2.csv`, `bills-3.csv` …
fn numbered(place: &Path, seq: i64) -> PathBuf {
    if seq <= 1 {
        return place.to_owned();
    }
    let stem = place.file_stem().unwrap_or_default().to_string_lossy();
    let name = match place.extension() {
        Some(extension) => format!("{stem}-{seq}.{}", extension.to_string_lossy()),
        None => format!("{stem}-{seq}"),
    };
    place.with_file_name(name)
}

fn manifest_path(file: &Path) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".manifest.json");
    PathBuf::from(name)
}

fn manifest_text(batch: &Batch) -> String {
    let control: serde_json::Value = serde_json::from_str(&batch.control).unwrap_or_default();
    let manifest = serde_json::json!({
        "batch_id": batch.id, "target": batch.target, "sha256": batch.sha, "documents": batch.documents,
        "control_totals": control, "journal_head": batch.head, "formed_at": batch.at,
    });
    format!("{manifest:#}\n")
}

fn batch_id(export: &NewExport<'_>, seq: i64, sha: &str) -> String {
    let place = export.place.to_string_lossy();
    let seq = seq.to_le_bytes();
    let parts = [
        export.target.as_bytes(),
        place.as_bytes(),
        &seq,
        sha.as_bytes(),
    ];
    let documents = export.documents.iter().map(String::as_bytes);
    Digest::of_parts(parts.into_iter().chain(documents)).to_string()[..16].to_owned()
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "the tests look at the files")]
mod tests {
    use super::*;
    use crate::drive::journal::Actor;

    struct Fixture {
        folder: tempfile::TempDir,
        journal: Journal,
    }

    impl Fixture {
        fn new() -> Self {
            let folder = tempfile::tempdir().expect("a folder");
            let path = folder.path().join("journal");
            let journal =
                Journal::open(&path, "export", &Actor::default(), (None, None)).expect("opens");
            Self { folder, journal }
        }

        fn place(&self) -> PathBuf {
            self.folder.path().join("bills.csv")
        }

        fn form(&mut self, documents: &[&str], content: &str) -> Result<Batch, EffectError> {
            let place = self.place();
            let documents: Vec<String> = documents.iter().map(|&id| id.to_owned()).collect();
            let export = NewExport {
                target: "csv",
                place: &place,
                documents: &documents,
                content: content.as_bytes(),
                empty: b"head\n",
                control: &BTreeMap::new(),
                actor: "test",
            };
            form(&mut self.journal, &export)
        }
    }

    #[test]
    fn a_document_goes_into_one_batch_only() {
        let mut fixture = Fixture::new();
        fixture.form(&["a", "b"], "head\na\nb\n").expect("formed");
        let second = fixture.form(&["c"], "head\nc\n").expect("formed");
        assert!(second.file.ends_with("bills-2.csv"));
        assert!(matches!(
            fixture.form(&["c", "d"], "head\nc\nd\n"),
            Err(EffectError::Concurrent { .. })
        ));
    }

    #[test]
    fn missing_and_torn_files_are_put_back_and_others_are_left() {
        let mut fixture = Fixture::new();
        let place = fixture.place();
        std::fs::write(&place, "head\n").expect("written");
        fixture
            .form(&["a"], "head\na\n")
            .expect("an empty file is replaced");
        for torn in [None, Some("hea")] {
            match torn {
                None => std::fs::remove_file(&place).expect("removed"),
                Some(text) => std::fs::write(&place, text).expect("written"),
            }
            let settled = settle(&mut fixture.journal, "csv", &place, "test").expect("settled");
            assert_eq!(settled.restored, std::slice::from_ref(&place));
            assert_eq!(std::fs::read(&place).expect("there"), b"head\na\n");
        }
        std::fs::write(&place, "mine").expect("written");
        let refused = settle(&mut fixture.journal, "csv", &place, "test");
        assert!(matches!(refused, Err(EffectError::OtherContent { .. })));
        assert_eq!(std::fs::read(&place).expect("there"), b"mine");
    }
}
