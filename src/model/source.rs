//! Where a document came from.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::date::Instant;
use super::field::part;
use super::id::DocId;

/// The way in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum SourceKind {
    /// A mail or its attachment.
    Email,
    /// An upload.
    Api,
    /// A watched folder.
    Watch,
    /// A path on the command line.
    File,
    /// Standard input.
    Stdin,
}

part! {
    /// Where a document came from. `path`, `filename`, `uploaded_at`, `archive_path` and `same_as` are laid over the
    /// stored line when it is written: they are in no digest.
    #[serde(deny_unknown_fields)]
    pub struct Source {
        /// The uploader's name for the file.
        pub file_id: Option<String>,
        /// Last part of the path.
        pub filename: Option<String>,
        /// Who sent it in: that person may not approve it.
        pub uploaded_by: Option<String>,
        /// When it was taken in.
        pub uploaded_at: Option<Instant>,
        /// The way in.
        pub kind: Option<SourceKind>,
        /// Path as given.
        pub path: Option<String>,
        /// SHA-256 of the original bytes, hexadecimal.
        pub sha256: Option<String>,
        /// Size of the original.
        pub bytes: Option<u64>,
        /// Type by content, never by name.
        pub media_type: Option<String>,
        /// Number of pages.
        pub pages: Option<u32>,
        /// Message-ID of the mail it came in.
        pub message_id: Option<String>,
        /// The document it is a part of.
        pub parent_id: Option<DocId>,
        /// What set it off.
        pub trigger: Option<String>,
        /// Where the original is kept.
        pub archive_path: Option<String>,
        /// The path under which the same bytes came first.
        pub same_as: Option<String>,
    }
}
