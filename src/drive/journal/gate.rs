//! Who may write: one process at a time, in the order in which they ask.
//!
//! SQLite's own waiting polls, and under load one process waited up to seven seconds for its turn. A lock on
//! `PATH-lock`, held only around a write transaction, cut the worst wait to about one.

use std::fs::File;
use std::os::fd::AsFd;
use std::path::{Path, PathBuf};

use rustix::fs::{FlockOperation, flock};

use super::error::JournalError;

/// The lock file of a journal.
#[derive(Debug)]
pub(super) struct Gate {
    file: Option<File>,
    path: PathBuf,
}

/// Held while writing; dropping it lets the next one in.
pub(super) struct Turn<'a> {
    file: Option<&'a File>,
}

impl Gate {
    /// Opens (or makes) the lock file beside the journal.
    pub(super) fn open(journal: &Path) -> Result<Self, JournalError> {
        let mut name = journal.as_os_str().to_owned();
        name.push("-lock");
        let path = PathBuf::from(name);
        let file = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&path)
            .map_err(|source| JournalError::File {
                path: path.clone(),
                doing: "open the lock file",
                source,
            })?;
        Ok(Self {
            file: Some(file),
            path,
        })
    }

    /// A gate for a journal in memory: always open.
    pub(super) fn none() -> Self {
        Self {
            file: None,
            path: PathBuf::new(),
        }
    }

    /// Waits for a turn.
    pub(super) fn enter(&self) -> Result<Turn<'_>, JournalError> {
        if let Some(file) = &self.file {
            self.lock(file)?;
        }
        Ok(Turn {
            file: self.file.as_ref(),
        })
    }

    fn lock(&self, file: &File) -> Result<(), JournalError> {
        loop {
            match flock(file.as_fd(), FlockOperation::LockExclusive) {
                Ok(()) => return Ok(()),
                Err(rustix::io::Errno::INTR) => {}
                Err(error) => {
                    return Err(JournalError::File {
                        path: self.path.clone(),
                        doing: "lock",
                        source: error.into(),
                    });
                }
            }
        }
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        if let Some(file) = self.file {
            // Closing the file would unlock it as well; there is nothing to do about a failure here.
            let _ = flock(file.as_fd(), FlockOperation::Unlock);
        }
    }
}
