//! What can go wrong with the journal. All of it ends the run: a journal that failed once is not tried again in the same
//! process, since the kernel may have forgotten the pages it could not write.

use std::path::PathBuf;

/// Why the journal cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum JournalError {
    /// The database refused.
    #[error("`{}`: cannot {doing}", path.display())]
    Database {
        /// The journal.
        path: PathBuf,
        /// What was being done.
        doing: &'static str,
        /// What the database said.
        #[source]
        source: rusqlite::Error,
    },
    /// The file system refused.
    #[error("`{}`: cannot {doing}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What was being done.
        doing: &'static str,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// A newer version wrote it.
    #[error("`{}`: written by a newer version of vouch (format {found}, this build knows {known})", path.display())]
    TooNew {
        /// The journal.
        path: PathBuf,
        /// Its format.
        found: i32,
        /// Ours.
        known: i32,
    },
    /// It is some other database.
    #[error("`{}`: is no vouch journal", path.display())]
    Foreign {
        /// The file.
        path: PathBuf,
    },
    /// What is stored does not fit what the program expects.
    #[error("`{}`: stored {what} of `{id}` cannot be read", path.display())]
    Damaged {
        /// The journal.
        path: PathBuf,
        /// What was read.
        what: &'static str,
        /// Of which document.
        id: String,
    },
}
