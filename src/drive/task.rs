//! The work on one document, done on any thread: nothing here is shared.

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::model::{Digest, DocId, Document, Past, Status};
use crate::stage::{Stage, StageError};

use super::chain::{Chain, Overlay};
use super::journal::{Decision, Summary};
use super::laid::{Laid, line};
use super::packed::{pack, unpack};

/// A result that is not stored yet.
pub(super) struct Fresh {
    pub(super) key: Digest,
    pub(super) owner: String,
    pub(super) stage: &'static str,
    pub(super) packed: Vec<u8>,
    pub(super) out_sha: Digest,
    pub(super) documents: u32,
    pub(super) retryable: bool,
    pub(super) summary: Summary,
}

/// A document on its way through the chain.
pub(super) struct Work {
    /// The document without what is laid over it.
    pub(super) document: Document,
    /// What is laid over it in the end.
    pub(super) laid: Laid,
    /// Digest of the core as the next stage sees it.
    pub(super) core: Digest,
    /// The stage to go on with.
    pub(super) next: usize,
    /// Results to store, in order.
    pub(super) fresh: Vec<Fresh>,
    /// The row of its last stored line, if nothing is fresh.
    pub(super) row: Option<i64>,
    /// What people decided about it.
    pub(super) decisions: Vec<Decision>,
    /// The last stage and its row, where another run had stored it before this one came to it.
    pub(super) found: Option<(&'static str, i64)>,
    /// It came in as a failure of an earlier stage, which has told of it already.
    pub(super) told: bool,
}

/// Runs a stage so that a panic costs one document.
pub(super) fn guarded<T>(work: impl FnOnce() -> Result<T, StageError>) -> Result<T, StageError> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| {
        let text = panic
            .downcast_ref::<&str>()
            .map(|text| (*text).to_owned())
            .or_else(|| panic.downcast_ref::<String>().cloned())
            .unwrap_or_default();
        // A panic's own text may quote the invoice; the place of a bug is found by running the document again.
        Err(StageError::internal(if text.is_empty() {
            "a bug in vouch: the work on this document panicked".to_owned()
        } else {
            format!(
                "a bug in vouch: the work on this document panicked ({} bytes of detail withheld)",
                text.len()
            )
        }))
    })
}

/// Turns a document into the line of its failure.
pub(super) fn fail(document: &mut Document, stage: &str, error: StageError) {
    document.status = Status::Error;
    document.error = Some(error.into_failed(stage));
}

/// Tells whether later stages leave the document alone.
pub(super) fn passes_through(document: &Document) -> bool {
    matches!(document.status, Status::Error | Status::SetAside)
}

impl Work {
    /// Starts with a document whose core has this digest.
    pub(super) fn new(document: Document, laid: Laid, core: Digest) -> Self {
        Self {
            document,
            laid,
            core,
            next: 0,
            fresh: Vec::new(),
            row: None,
            decisions: Vec::new(),
            found: None,
            told: false,
        }
    }

    /// Does one stage; `past` is what it asked for.
    pub(super) fn step(&mut self, chain: &Chain<'_>, overlay: &dyn Overlay, past: &Past) {
        let index = self.next;
        self.next += 1;
        if passes_through(&self.document) {
            return;
        }
        let key = chain.stage_key(index, &self.core, &self.laid);
        let stage = chain.stages[index];
        self.found = None;
        self.apply(stage, past);
        self.keep(key, stage.id().name, overlay);
    }

    fn apply(&mut self, stage: &dyn Stage, past: &Past) {
        let mut before = self.document.clone();
        // Stages read "now" from the document; it comes off again before the line is stored.
        before.provenance.now = self.laid.now;
        let outcome = guarded(|| stage.apply(before, past));
        match outcome {
            Ok(mut document) => {
                document.provenance.now = None;
                self.document = document;
            }
            Err(error) => fail(&mut self.document, stage.id().name, error),
        }
    }

    /// Notes the document as the result of a stage, and lays decisions over it.
    fn keep(&mut self, key: Digest, stage: &'static str, overlay: &dyn Overlay) {
        let text = line(&self.document);
        let out_sha = Digest::of(&text);
        self.core = out_sha;
        let retryable = self
            .document
            .error
            .as_ref()
            .is_some_and(|error| error.retryable == Some(true));
        let mut summary = Summary::of(&self.document);
        if !self.decisions.is_empty() {
            overlay.lay(stage, &mut self.document, &self.decisions);
            self.core = Digest::of(&line(&self.document));
            summary = Summary::of(&self.document);
        }
        self.fresh.push(Fresh {
            key,
            owner: self.document.id.as_str().to_owned(),
            stage,
            packed: pack(&text),
            out_sha,
            documents: 1,
            retryable,
            summary,
        });
    }

    /// Does the stages up to (not including) `end`, none of which asks about other documents.
    pub(super) fn run_to(&mut self, end: usize, chain: &Chain<'_>, overlay: &dyn Overlay) {
        let past = Past::default();
        while self.next < end {
            self.step(chain, overlay, &past);
        }
    }
}

/// Rebuilds the work on a document from its stored line.
pub(super) fn restore(packed: &[u8], id: &DocId) -> Document {
    let read = unpack(packed).and_then(|line| serde_json::from_slice::<Document>(&line).ok());
    read.unwrap_or_else(|| {
        let mut document = Document::new(id.clone());
        let error =
            StageError::internal("the stored line cannot be read: run `vouch journal verify`");
        fail(&mut document, "journal", error);
        document
    })
}

/// Packs the documents of a file as one result.
pub(super) fn packed_documents(documents: &[Document]) -> (Vec<u8>, Digest, Vec<Digest>) {
    let lines: Vec<Vec<u8>> = documents.iter().map(line).collect();
    let digests = lines.iter().map(|line| Digest::of(line)).collect();
    let joined = lines.join(&b'\n');
    (pack(&joined), Digest::of(&joined), digests)
}

/// The documents of a packed file, each with the digest of its line; `None` if the lines cannot be read.
pub(super) fn unpacked_documents(packed: &[u8]) -> Option<Vec<(Document, Digest)>> {
    let joined = unpack(packed)?;
    joined
        .split(|byte| *byte == b'\n')
        .map(|line| {
            serde_json::from_slice(line)
                .ok()
                .map(|document| (document, Digest::of(line)))
        })
        .collect()
}
