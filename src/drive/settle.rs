//! Settling: finished documents are judged against others, stored, committed, and only then written.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Past, Status};

use super::error::DriveError;
use super::journal::{NewResult, Progress, Summary, Writer};
use super::task::{Work, passes_through, restore};
use super::window::{Loop, Slot};

impl Loop<'_, '_> {
    /// Settles slots in the order in which they are given.
    pub(super) fn settle(&mut self, ready: Vec<Slot>) -> Result<(), DriveError> {
        let mut works: Vec<Work> = ready
            .into_iter()
            .flat_map(|slot| slot.parts.unwrap_or_default())
            .flatten()
            .collect();
        // What was read of a file just now is stored with the first of its documents.
        let read: BTreeSet<String> = works
            .iter()
            .filter(|work| work.fresh.iter().any(|fresh| fresh.stage == "ocr"))
            .map(|work| work.document.id.file().to_owned())
            .collect();
        let known: Vec<bool> = works
            .iter()
            .map(|work| {
                let new = work.row.is_none() && read.contains(work.document.id.file());
                work.fresh.is_empty() && !new && self.is_done(work)
            })
            .collect();
        let mut settled = Vec::with_capacity(works.len());
        for (work, known) in works.iter().zip(&known) {
            settled.push(*known && self.stands(work)?);
        }
        if settled.iter().any(|settled| !settled) {
            let (chain, overlay) = (self.drive.chain, self.drive.overlay);
            let pending: Vec<(&mut Work, bool)> = works.iter_mut().zip(settled).collect();
            self.drive.journal.write("store results", |writer| {
                let mut readings = BTreeMap::new();
                for (work, settled) in pending {
                    if !settled {
                        judge(writer, work, chain, overlay)?;
                        store(writer, work, &mut readings)?;
                    }
                }
                Ok(())
            })?;
        }
        for (mut work, known) in works.into_iter().zip(known) {
            work.laid.put(&mut work.document);
            self.log(&work);
            self.write(&work.document, known)?;
        }
        self.drive
            .out
            .flush()
            .map_err(|source| DriveError::Output { source })
    }

    fn is_done(&self, work: &Work) -> bool {
        work.next >= self.drive.chain.stages.len() || passes_through(&work.document)
    }

    /// Tells whether the journal has the document where its line says.
    fn stands(&self, work: &Work) -> Result<bool, DriveError> {
        if !self.drive.journal.keeps() {
            return Ok(true);
        }
        let Some(row) = self.drive.journal.document(work.document.id.as_str())? else {
            return Ok(false);
        };
        let same = row.status == work.document.status.name();
        // A stage on its own says `processing` of what stands further on already.
        Ok(same
            || row.status == "processed"
            || (row.result != work.row && work.document.status == Status::Processing))
    }

    /// One line for each failure, by the process in which it happened; every other document at debug.
    fn log(&self, work: &Work) {
        let id = work.document.id.as_str();
        let filename = work.laid.filename.as_deref().unwrap_or("-");
        let Some(error) = &work.document.error else {
            let stage = self.drive.chain.last();
            tracing::debug!(
                event = "record_done",
                status = work.document.status.name(),
                request_id = id,
                filename,
                stage,
                "document done"
            );
            return;
        };
        if work.told {
            return;
        }
        tracing::warn!(
            event = "record_failed",
            error = error.code.as_str(),
            id,
            trace_id = format!(
                "{}-{}",
                self.drive.journal.run_name(),
                work.document.id.short()
            ),
            request_id = id,
            filename,
            stage = error.stage.as_str(),
            "document failed"
        );
    }
}

/// Does the stages that ask about other documents, and those after them.
fn judge(
    writer: &Writer<'_>,
    work: &mut Work,
    chain: super::chain::Chain<'_>,
    overlay: &dyn super::chain::Overlay,
) -> rusqlite::Result<()> {
    while work.next < chain.stages.len() && !passes_through(&work.document) {
        let stage = chain.stages[work.next];
        let key = chain.stage_key(work.next, &work.core, &work.laid);
        if let Some(found) = writer.found(&key)? {
            work.document = restore(&writer.packed(found.row)?, &work.document.id);
            work.core = found.out_sha;
            if !work.decisions.is_empty() {
                overlay.lay(stage.id().name, &mut work.document, &work.decisions);
                work.core = crate::model::Digest::of(&super::laid::line(&work.document));
            }
            work.found = Some((stage.id().name, found.row));
            work.next += 1;
            continue;
        }
        if stage.looks_back() {
            let questions = stage.questions(&work.document);
            let past = writer.ask(&work.document.id, work.laid.shown_path(), &questions)?;
            work.step(&chain, overlay, &past);
            writer.remember(&work.document, &questions)?;
        } else {
            work.step(&chain, overlay, &Past::default());
        }
    }
    Ok(())
}

/// Stores what is fresh and moves the document; `readings` are the rows of the files read just now, which hold the line of
/// each document that no stage worked on.
fn store(
    writer: &Writer<'_>,
    work: &mut Work,
    readings: &mut BTreeMap<String, i64>,
) -> rusqlite::Result<()> {
    let mut stage = None;
    for fresh in work.fresh.drain(..) {
        let decided = matches!(fresh.stage, "route");
        let row = writer.store(NewResult {
            key: fresh.key,
            doc: &fresh.owner,
            stage: fresh.stage,
            packed: &fresh.packed,
            out_sha: fresh.out_sha,
            documents: fresh.documents,
            retryable: fresh.retryable,
            detail: decided.then(|| fresh.summary.detail("system")),
        })?;
        if let Some(row) = row.filter(|_| fresh.stage == "ocr") {
            readings.insert(work.document.id.file().to_owned(), row);
        }
        work.row = row.or(work.row);
        stage = Some(fresh.stage);
    }
    if work.row.is_none() {
        work.row = readings.get(work.document.id.file()).copied();
    }
    // What another run stored of later stages goes before what is fresh of earlier ones.
    if let Some((name, row)) = work.found.take() {
        work.row = Some(row);
        stage = Some(name);
    }
    let summary = Summary::of(&work.document);
    let stage = stage.map_or_else(
        || {
            work.document
                .error
                .as_ref()
                .map_or("ocr", |error| error.stage.as_str())
                .to_owned()
        },
        str::to_owned,
    );
    writer.advance(&Progress {
        id: work.document.id.as_str(),
        stage: &stage,
        summary: &summary,
        result: work.row,
    })
}
