//! Bytes of a file to documents: one reader a format, found by content, never by name.
//!
//! A reader is pure: it takes bytes and limits and returns documents or a typed refusal. All of them run in worker
//! processes, since a hostile file may hang or bring down whoever parses it.

mod facturx;

use std::collections::BTreeMap;

use crate::model::{DocId, Document, Evidence, Invoice};
use crate::stage::{Engine, StageError};

/// A format we read.
pub struct Reader {
    /// Name, as `vouch formats` prints it.
    pub name: &'static str,
    /// Media type, as `source.media_type` writes it.
    pub media_type: &'static str,
    /// Extension under which the original is archived, without a dot.
    pub extension: &'static str,
    /// What is read of it, in one line for people.
    pub reads: &'static str,
    /// Tells by content whether it is this format.
    pub sniff: fn(&[u8]) -> bool,
    /// Reads it.
    pub read: fn(&[u8], &mut Context<'_>) -> Result<Vec<Document>, StageError>,
}

/// All formats, in the order in which they are asked.
pub const READERS: &[Reader] = &[];

/// What a reader works with besides the bytes.
pub struct Context<'a> {
    /// Id of the file; a file with several invoices makes parts of it.
    pub id: &'a DocId,
    /// Reads pixels; `None` where no engine is built in or asked for.
    pub engine: Option<&'a mut dyn Engine>,
    /// Called before each page, so that a page has its own time limit.
    pub page: &'a mut dyn FnMut(u32),
}

/// An invoice read exactly from a structured file.
#[derive(Default)]
pub struct Structured {
    /// What it says.
    pub invoice: Invoice,
    /// Field path to element path, method `xml`.
    pub evidence: BTreeMap<String, Evidence>,
}
