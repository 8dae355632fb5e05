//! What is laid over a stored line when it is written: where the same bytes lay this time, and "now".
//!
//! None of it is in a digest, so a renamed inbox or another day does not undo the work that was done.

use crate::model::{Digest, Document, Instant};

/// The parts of a line that its content does not decide.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Laid {
    /// Path as given.
    pub path: Option<String>,
    /// Last part of it.
    pub filename: Option<String>,
    /// When the document was taken in.
    pub uploaded_at: Option<Instant>,
    /// Where the original lies.
    pub archive_path: Option<String>,
    /// The path under which the same bytes came first.
    pub same_as: Option<String>,
    /// The "now" of the checks.
    pub now: Option<Instant>,
}

impl Laid {
    /// Takes them off a document; what is left is its core.
    pub fn take(document: &mut Document) -> Self {
        Self {
            path: document.source.path.take(),
            filename: document.source.filename.take(),
            uploaded_at: document.source.uploaded_at.take(),
            archive_path: document.source.archive_path.take(),
            same_as: document.source.same_as.take(),
            now: document.provenance.now.take(),
        }
    }

    /// Lays them over a document.
    pub fn put(&self, document: &mut Document) {
        document.source.path.clone_from(&self.path);
        document.source.filename.clone_from(&self.filename);
        document.source.uploaded_at = self.uploaded_at;
        document.source.archive_path.clone_from(&self.archive_path);
        document.source.same_as.clone_from(&self.same_as);
        document.provenance.now = self.now;
    }

    /// The path for people: as given, else `-`.
    pub fn shown_path(&self) -> &str {
        self.path.as_deref().unwrap_or("-")
    }

    /// The digest under which a stage's input is known: the core's, and the "now" that its checks see.
    pub fn input(&self, core: &Digest) -> Digest {
        let now = self.now.map(|now| now.to_string()).unwrap_or_default();
        Digest::of_parts([core.0.as_slice(), now.as_bytes()])
    }
}

/// The line of a document, without its end.
///
/// # Panics
/// Never: every part of a document can be written.
pub fn line(document: &Document) -> Vec<u8> {
    serde_json::to_vec(document).expect("a document has string keys and finite numbers only")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::DocId;

    #[test]
    fn what_is_laid_over_a_core_comes_off_again() {
        let mut document = Document::new(DocId::of_path("a"));
        let core = line(&document);
        let laid = Laid {
            path: Some("inbox/a.pdf".to_owned()),
            filename: Some("a.pdf".to_owned()),
            now: "2026-01-15".parse().ok(),
            ..Laid::default()
        };
        laid.put(&mut document);
        assert_ne!(line(&document), core);
        assert_eq!(Laid::take(&mut document), laid);
        assert_eq!(line(&document), core);
    }
}
