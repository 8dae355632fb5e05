//! The files that `run` writes anew each time: all records, what waits, what failed.

use std::collections::BTreeSet;
use std::io::{self, Write};
use std::path::Path;

use crate::drive::atomic::{self, AtomicFile};
use crate::drive::{Emit, Lines};
use crate::export;
use crate::model::{Document, Status};

type Render = fn(&[Document], &export::Options) -> Result<Vec<u8>, export::ExportError>;

/// The files of a run's folder, apart from the bills.
pub(crate) struct Books {
    records: Lines<AtomicFile>,
    held: Sheet,
    failed: Sheet,
    // The same bytes at two paths are one document: one row.
    seen: BTreeSet<String>,
}

/// A table that grows row by row.
struct Sheet {
    file: AtomicFile,
    render: Render,
    header: usize,
    rows: u64,
}

impl Sheet {
    fn create(path: &Path, render: Render) -> io::Result<Self> {
        let mut file = AtomicFile::create(path)?;
        let header = render(&[], &export::Options::default()).map_err(io::Error::other)?;
        file.write_all(&header)?;
        Ok(Self {
            file,
            render,
            header: header.len(),
            rows: 0,
        })
    }

    fn add(&mut self, document: &Document) -> io::Result<()> {
        let table = (self.render)(std::slice::from_ref(document), &export::Options::default())
            .map_err(io::Error::other)?;
        self.rows += 1;
        self.file
            .write_all(table.get(self.header..).unwrap_or_default())
    }
}

impl Books {
    /// Starts the files of a folder, after removing what killed runs left there.
    ///
    /// # Errors
    /// If they cannot be made.
    pub(crate) fn create(folder: &Path, money_strings: bool) -> io::Result<Self> {
        std::fs::create_dir_all(folder)?;
        atomic::sweep(folder);
        Ok(Self {
            records: Lines::new(
                AtomicFile::create(&folder.join("records.jsonl"))?,
                money_strings,
            ),
            held: Sheet::create(&folder.join("held.csv"), export::held)?,
            failed: Sheet::create(&folder.join("failed.csv"), export::failed)?,
            seen: BTreeSet::new(),
        })
    }

    /// Puts the files under their names; returns how many rows wait and how many failed.
    ///
    /// # Errors
    /// If they cannot be made durable.
    pub(crate) fn commit(self) -> io::Result<(u64, u64)> {
        self.records.into_inner().commit()?;
        let rows = (self.held.rows, self.failed.rows);
        self.held.file.commit()?;
        self.failed.file.commit()?;
        Ok(rows)
    }
}

impl Emit for Books {
    fn emit(&mut self, document: &Document) -> io::Result<()> {
        self.records.emit(document)?;
        match document.status {
            Status::PendingApproval if self.seen.insert(document.id.as_str().to_owned()) => {
                self.held.add(document)
            }
            // Each path that could not be read is told, even if the same bytes lie at another one.
            Status::Error => self.failed.add(document),
            _ => Ok(()),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.records.flush()
    }
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "the test looks at the files")]
mod tests {
    use super::*;
    use crate::model::DocId;

    #[test]
    fn a_held_document_has_one_row_and_a_failed_one_its_own_file() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut books = Books::create(folder.path(), false).expect("started");
        let mut document = Document::new(DocId::of_path("a"));
        document.status = Status::PendingApproval;
        books.emit(&document).expect("written");
        books.emit(&document).expect("written");
        document.status = Status::Error;
        books.emit(&document).expect("written");
        assert!(
            !folder.path().join("held.csv").exists(),
            "nothing is there before all is"
        );
        assert_eq!(books.commit().expect("committed"), (1, 1));
        for (name, lines) in [("records.jsonl", 3), ("held.csv", 2), ("failed.csv", 2)] {
            let text = std::fs::read_to_string(folder.path().join(name)).expect("there");
            assert_eq!(text.lines().count(), lines, "{name}");
        }
    }
}
