//! The contracts between the steps: what a stage is, what an OCR engine is, how work can fail.
//!
//! A stage is a value built once from checked settings, then a pure `apply`. It knows nothing of lines, threads, files,
//! the journal, progress or the terminal. It fills its own section of the document and deletes nobody else's (but
//! `extract` drops the words that travelled to it).

use std::fmt;

use crate::model::{Digest, Document, Failed, FailureClass, Past, Questions, Word};

/// A verb and the version of its work: raise the version when equal input gives new output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StageId {
    /// The verb, such as `extract`.
    pub name: &'static str,
    /// Version of its work.
    pub version: u32,
}

/// A step of the pipeline: a document in, the same document, further along, out.
///
/// The same document, past and settings give the same bytes.
pub trait Stage: Send + Sync {
    /// Which stage this is.
    fn id(&self) -> StageId;

    /// Digest of every setting, vocabulary and reference file that shapes the output.
    fn config(&self) -> Digest;

    /// Tells whether the stage asks about other documents: then documents reach it in input order.
    fn looks_back(&self) -> bool {
        false
    }

    /// What it wants to know about other documents before it works on this one.
    fn questions(&self, _document: &Document) -> Questions {
        Questions::default()
    }

    /// Does the work.
    ///
    /// # Errors
    /// Whatever kept it from its work; what is wrong with the invoice is a finding in the document instead.
    fn apply(&self, document: Document, past: &Past) -> Result<Document, StageError>;
}

/// What kept a stage from its work on one document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StageError {
    /// Stable code, such as `EXTRACT_INVALID`.
    pub code: &'static str,
    /// The kind of failure.
    pub class: FailureClass,
    /// For people; names no content of the invoice.
    pub message: String,
    /// Whether the next run tries again.
    pub retryable: bool,
}

impl StageError {
    /// A failure that lies in the input and stays.
    pub fn input(code: &'static str, message: impl Into<String>) -> Self {
        Self {
            code,
            class: FailureClass::Input,
            message: message.into(),
            retryable: false,
        }
    }

    /// A failure that may be over at the next run.
    pub fn transient(code: &'static str, message: impl Into<String>) -> Self {
        Self {
            code,
            class: FailureClass::Transient,
            message: message.into(),
            retryable: true,
        }
    }

    /// Something we need is missing on this machine; the next run tries again.
    pub fn dependency(code: &'static str, message: impl Into<String>) -> Self {
        Self {
            code,
            class: FailureClass::Dependency,
            message: message.into(),
            retryable: true,
        }
    }

    /// A fault of ours.
    pub fn internal(message: impl Into<String>) -> Self {
        Self {
            code: "INTERNAL",
            class: FailureClass::Internal,
            message: message.into(),
            retryable: false,
        }
    }

    /// The failure as the record writes it.
    pub fn into_failed(self, stage: &str) -> Failed {
        Failed {
            stage: stage.to_owned(),
            class: Some(self.class),
            code: self.code.to_owned(),
            message: self.message,
            retryable: Some(self.retryable),
            attempts: Some(1),
        }
    }
}

impl fmt::Display for StageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code, self.message)
    }
}

impl std::error::Error for StageError {}

/// Pixels of a page, row by row, without padding.
#[derive(Clone)]
pub struct Pixels {
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// 1 (grey) or 3 (red, green, blue) bytes a pixel.
    pub channels: u8,
    /// `width * height * channels` bytes.
    pub samples: Vec<u8>,
    /// Resolution, where the file tells one that can be believed.
    pub dpi: Option<u32>,
}

impl fmt::Debug for Pixels {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Pixels({}x{}x{})",
            self.width, self.height, self.channels
        )
    }
}

/// What an engine read from a page.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Recognised {
    /// Words; boxes in pixels of the image that was handed in.
    pub words: Vec<Word>,
    /// By how many degrees clockwise the image was turned to read it (0, 90, 180, 270).
    pub rotation: i32,
}

/// Reads words from pixels.
pub trait Engine {
    /// Name and version, as `ocr.engine` and `ocr.engine_version` write them.
    fn version(&self) -> (String, String);

    /// Languages it was asked for, as `ocr.lang` writes them (`eng+deu`).
    fn languages(&self) -> String;

    /// Reads one page.
    ///
    /// # Errors
    /// If the engine cannot work on the image at all; a page it reads badly is words of low confidence.
    fn read(&mut self, page: &Pixels) -> Result<Recognised, StageError>;
}

/// Reads the bytes of a file into the documents in it: what `ocr` does before any stage.
pub trait Source: Send + Sync {
    /// Which source this is: its name is `ocr`.
    fn id(&self) -> StageId;

    /// Digest of every setting and engine version that shapes what is read.
    fn config(&self) -> Digest;

    /// Reads a file. The documents carry the file's id, or parts of it.
    ///
    /// # Errors
    /// If nothing can be read of it.
    fn read(&self, id: &crate::model::DocId, bytes: &[u8]) -> Result<Vec<Document>, StageError>;
}
