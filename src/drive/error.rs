//! What ends a run. A document that fails does not: it has its line.

use std::io;

use super::journal::JournalError;

/// Why a run ended before its input did.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DriveError {
    /// The journal.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// The output.
    #[error("cannot write the output")]
    Output {
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// The input.
    #[error("cannot read the input")]
    Input {
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// The archive of originals.
    #[error("cannot keep an original in the archive")]
    Archive {
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// No threads.
    #[error("cannot start threads")]
    Threads {
        /// What rayon said.
        #[source]
        source: rayon::ThreadPoolBuildError,
    },
}
