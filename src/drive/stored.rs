//! A document as the journal has it: its latest line, with where it came from and what was decided laid over it.

use super::chain::Overlay;
use super::journal::{DocumentRow, Journal, JournalError};
use super::laid::Laid;
use super::task::{restore, unpacked_documents};
use crate::model::{DocId, Document};

/// The document of a row; `None` if no work was done on it yet.
///
/// # Errors
/// If the journal cannot be read.
pub fn stored(
    journal: &Journal,
    row: &DocumentRow,
    overlay: &dyn Overlay,
) -> Result<Option<Document>, JournalError> {
    let Some(result) = row.result else {
        return Ok(None);
    };
    let id = DocId::from_text(row.id.clone());
    let packed = journal.packed(result)?;
    // What was read of a file may be several documents in one row.
    let mut document = unpacked_documents(&packed)
        .unwrap_or_default()
        .into_iter()
        .map(|(document, _)| document)
        .find(|document| document.id == id)
        .unwrap_or_else(|| restore(&packed, &id));
    let decisions = journal.decisions(&row.id)?;
    if !decisions.is_empty() {
        // Each stage is given its turn: the stored line is that of the last one.
        overlay.lay(&row.stage, &mut document, &decisions);
    }
    let taken = row.created_at.parse().ok();
    let laid = Laid {
        filename: std::path::Path::new(&row.path)
            .file_name()
            .map(|name| name.to_string_lossy().into_owned()),
        path: Some(row.path.clone()),
        uploaded_at: taken,
        archive_path: row.archive_path.clone(),
        same_as: None,
        now: taken,
    };
    laid.put(&mut document);
    Ok(Some(document))
}

/// The document as it was read, words and all, before anything was looked for in it; `None` if that is not kept.
///
/// # Errors
/// If the journal cannot be read.
pub fn as_read(journal: &Journal, row: &DocumentRow) -> Result<Option<Document>, JournalError> {
    let id = DocId::from_text(row.id.clone());
    let file = row.id.split('#').next().unwrap_or(&row.id);
    let Some(result) = journal.reading_of(file)? else {
        return Ok(None);
    };
    let packed = journal.packed(result)?;
    let found = unpacked_documents(&packed)
        .unwrap_or_default()
        .into_iter()
        .map(|(document, _)| document)
        .find(|document| document.id == id);
    Ok(found)
}
