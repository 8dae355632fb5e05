//! Working on documents again, from their archived originals.

use std::path::PathBuf;

use super::args::Work;
use super::session::{Driven, Session};
use super::settings::Settings;
use super::stages::Stages;
use super::worker;
use crate::drive::journal::DocumentRow;
use crate::drive::{Chain, Emit, Feed, Files, Tally};
use crate::model::Document;
use crate::ui::Failure;

/// Keeps documents whose ids were asked for.
struct Kept {
    ids: Vec<String>,
    documents: Vec<Document>,
}

impl Emit for Kept {
    fn emit(&mut self, document: &Document) -> std::io::Result<()> {
        if self.ids.iter().any(|id| id == document.id.as_str()) {
            self.documents.push(document.clone());
        }
        Ok(())
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Works on the documents' files again, and returns the documents as they are now.
///
/// # Errors
/// See [`Failure`].
pub(crate) fn redrive(
    session: &mut Session,
    rows: &[DocumentRow],
    settings: &Settings,
) -> Result<(Tally, Vec<Document>), Failure> {
    let pool = worker::pool(settings, None)?;
    let stages = Stages::new(settings)?;
    let archive = session.journal.archive().unwrap_or_default();
    let files = rows.iter().map(|row| {
        let path = PathBuf::from(&row.path);
        // What had no bytes to keep is looked for where it was.
        let place = row
            .archive_path
            .as_ref()
            .map_or_else(|| path.clone(), |archived| archive.join(archived));
        (path, place)
    });
    let feed = Feed::Files(Files::again(files));
    let mut out = Kept {
        ids: rows.iter().map(|row| row.id.clone()).collect(),
        documents: Vec::new(),
    };
    let driven = Driven {
        chain: Chain {
            source: Some(&pool),
            stages: &stages.chain(),
        },
        work: &Work::default(),
        intake: None,
        feed,
        out: &mut out,
    };
    let tally = session.drive(driven, settings)?;
    Ok((tally, out.documents))
}
