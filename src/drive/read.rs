//! Reading a file's bytes, on whatever thread there is.

use crate::model::{Digest, Document, SourceKind, Status};

use super::chain::Chain;
use super::journal::Summary;
use super::laid::Laid;
use super::load::LoadedFile;
use super::task::{Fresh, fail, guarded, packed_documents};

/// A file to be read.
pub(super) struct ReadJob {
    pub(super) file: LoadedFile,
    pub(super) key: Digest,
    pub(super) kind: SourceKind,
    pub(super) uploaded_by: Option<String>,
    pub(super) laid: Laid,
}

/// What was read of a file.
pub(super) struct Read {
    pub(super) documents: Vec<(Document, Digest)>,
    pub(super) fresh: Fresh,
    pub(super) laid: Laid,
}

/// Reads a file on whatever thread this is.
pub(super) fn read_file(chain: Chain<'_>, job: ReadJob) -> Read {
    let source = chain
        .source
        .expect("files are read only where the chain has a source");
    let file = job.file;
    let outcome = guarded(|| source.read(&file.id, &file.bytes)).and_then(|documents| {
        if documents.is_empty() {
            Err(crate::stage::StageError::internal(
                "a reader returned nothing",
            ))
        } else {
            Ok(documents)
        }
    });
    let mut documents = outcome.unwrap_or_else(|error| {
        let mut document = Document::new(file.id.clone());
        fail(&mut document, source.id().name, error);
        vec![document]
    });
    for document in &mut documents {
        let source = &mut document.source;
        // A file that is a mail came by mail, whatever way the mail came; who is named on the command line sent it in.
        if job.kind != SourceKind::File || source.kind.is_none() {
            source.kind = Some(job.kind);
        }
        if job.uploaded_by.is_some() {
            source.uploaded_by.clone_from(&job.uploaded_by);
        }
        source.sha256 = Some(file.sha256.to_string());
        source.bytes = Some(file.bytes.len() as u64);
        document.provenance.vouch_version = Some(env!("CARGO_PKG_VERSION").to_owned());
        if document.status == Status::Pending {
            document.status = Status::Processing;
        }
    }
    let (packed, out_sha, digests) = packed_documents(&documents);
    let retryable = documents.iter().any(|document| {
        document
            .error
            .as_ref()
            .is_some_and(|error| error.retryable == Some(true))
    });
    let fresh = Fresh {
        key: job.key,
        owner: file.id.as_str().to_owned(),
        stage: "ocr",
        packed,
        out_sha,
        documents: u32::try_from(documents.len()).unwrap_or(u32::MAX),
        retryable,
        summary: Summary::default(),
    };
    Read {
        documents: documents.into_iter().zip(digests).collect(),
        fresh,
        laid: job.laid,
    }
}
