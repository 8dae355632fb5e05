//! Taking in, and how far each document is known already.

use std::path::Path;

use crate::model::{Digest, DocId, Document, Instant, SourceKind};

use super::error::DriveError;
use super::journal::{Intake, Summary};
use super::laid::Laid;
use super::load::Loaded;
use super::read::{Read, ReadJob};
use super::task::{Fresh, Work, fail, restore, unpacked_documents};
use super::window::{Arrived, Context, Loop};

impl Loop<'_, '_> {
    /// Takes in, in input order, what has arrived: one durable transaction, then the work starts.
    pub(super) fn take_in(&mut self, context: &Context<'_, '_, '_>) -> Result<(), DriveError> {
        let first = self.intake;
        let mut new = Vec::new();
        let mut arrived = Vec::new();
        while let Some(next) = self.slot(self.intake).and_then(|slot| slot.arrived.take()) {
            let path = self
                .slot(self.intake)
                .map(|slot| slot.path.clone())
                .unwrap_or_default();
            if let Some(intake) = self.intake_of(&next, &path)
                && self.drive.journal.intake(&intake.file)?.is_none()
            {
                new.push(intake);
            }
            arrived.push((next, path));
            self.intake += 1;
        }
        if !new.is_empty() {
            self.drive.journal.write("take in", |writer| {
                new.iter().try_for_each(|intake| writer.take_in(intake))
            })?;
        }
        for (offset, (arrived, path)) in arrived.into_iter().enumerate() {
            match arrived {
                Arrived::Loaded(loaded) => {
                    self.plan_file(first + offset, &path, loaded, context)?;
                }
                Arrived::Parsed(parsed) => {
                    let work = parsed.work;
                    self.set_parts(first + offset, 1);
                    self.plan_work(first + offset, 0, work, context)?;
                }
            }
        }
        Ok(())
    }

    fn intake_of(&self, arrived: &Arrived, path: &Path) -> Option<Intake> {
        let now = self.drive.options.now.unwrap_or(self.started);
        let uploaded_by = self.drive.options.uploaded_by.clone();
        let path = path.to_string_lossy().into_owned();
        match arrived {
            Arrived::Loaded(Loaded::File(file)) => Some(Intake {
                file: file.id.file().to_owned(),
                path,
                bytes: file.bytes.len() as u64,
                archived: file.archived.clone(),
                uploaded_by,
                now,
            }),
            Arrived::Loaded(Loaded::Refused { id, bytes, .. }) => Some(Intake {
                file: id.file().to_owned(),
                path,
                bytes: *bytes,
                archived: None,
                uploaded_by,
                now,
            }),
            Arrived::Loaded(Loaded::Changing) => None,
            // The line of another run, perhaps on another journal: this one knows at least that it exists.
            Arrived::Parsed(parsed) => Some(Intake {
                file: parsed.work.document.id.file().to_owned(),
                path: parsed.work.laid.shown_path().to_owned(),
                bytes: parsed.work.document.source.bytes.unwrap_or(0),
                archived: None,
                uploaded_by: parsed.work.document.source.uploaded_by.clone(),
                now: parsed.work.laid.now.unwrap_or(now),
            }),
        }
    }

    fn set_parts(&mut self, number: usize, parts: usize) {
        if let Some(slot) = self.slot(number) {
            slot.parts = Some((0..parts).map(|_| None).collect());
        }
    }

    fn plan_file(
        &mut self,
        number: usize,
        path: &Path,
        loaded: Loaded,
        context: &Context<'_, '_, '_>,
    ) -> Result<(), DriveError> {
        let kind = if path.as_os_str() == "-" {
            SourceKind::Stdin
        } else {
            self.drive.options.kind
        };
        match loaded {
            Loaded::Changing => {
                self.tally.changing += 1;
                self.set_parts(number, 0);
                Ok(())
            }
            Loaded::Refused { id, bytes, error } => {
                let laid = self.laid(path, &id, None)?;
                let mut document = Document::new(id);
                document.source.kind = Some(kind);
                document.source.bytes = Some(bytes);
                document.provenance.vouch_version = Some(env!("CARGO_PKG_VERSION").to_owned());
                fail(&mut document, "ocr", error);
                self.set_parts(number, 1);
                let mut work = refused(document, laid);
                let key = work.fresh.first().map(|fresh| fresh.key);
                if let Some(found) = key
                    .map(|key| self.drive.journal.found(&key))
                    .transpose()?
                    .flatten()
                {
                    work.fresh.clear();
                    work.row = Some(found.row);
                }
                if let Some(slot) = self.slot(number) {
                    slot.parts = Some(vec![Some(work)]);
                }
                Ok(())
            }
            Loaded::File(file) => {
                let laid = self.laid(path, &file.id, file.archived.as_deref())?;
                let Some(source) = context.chain.source else {
                    return Ok(());
                };
                // Who sent it in stands in the line itself, so it is part of what the line is known by.
                let uploaded_by = self.drive.options.uploaded_by.clone();
                let given = Digest::of_parts([
                    file.sha256.0.as_slice(),
                    uploaded_by.as_deref().unwrap_or_default().as_bytes(),
                    format!("{kind:?}").as_bytes(),
                ]);
                let key = super::chain::source_key(source, &given);
                if let Some(found) = self.drive.journal.found(&key)? {
                    return self.plan_known(number, &file.id, &found, &laid, context);
                }
                Self::start_read(
                    number,
                    ReadJob {
                        file,
                        key,
                        kind,
                        uploaded_by,
                        laid,
                    },
                    context,
                );
                Ok(())
            }
        }
    }

    /// Goes on with a file that was read in an earlier run.
    fn plan_known(
        &mut self,
        number: usize,
        id: &DocId,
        found: &super::journal::Found,
        laid: &Laid,
        context: &Context<'_, '_, '_>,
    ) -> Result<(), DriveError> {
        self.set_parts(number, found.documents as usize);
        if found.documents == 1 {
            // Its line need not be read if a later one is known.
            let work = Known {
                id: id.clone(),
                laid: laid.clone(),
                core: found.out_sha,
                row: found.row,
            };
            return self.plan_single(number, work, context);
        }
        let packed = self.drive.journal.packed(found.row)?;
        let documents = unpacked_documents(&packed).unwrap_or_default();
        self.set_parts(number, documents.len());
        for (part, (document, core)) in documents.into_iter().enumerate() {
            let mut work = Work::new(document, laid.clone(), core);
            work.row = Some(found.row);
            self.plan_work(number, part, work, context)?;
        }
        Ok(())
    }

    fn plan_single(
        &mut self,
        number: usize,
        file: Known,
        context: &Context<'_, '_, '_>,
    ) -> Result<(), DriveError> {
        let decisions = self.drive.journal.decisions(file.id.as_str())?;
        let chain = context.chain;
        let overlay = context.overlay;
        let known = chain.known(
            self.drive.journal,
            overlay,
            &decisions,
            &file.laid,
            file.core,
        )?;
        let row = known.last.as_ref().map_or(file.row, |found| found.row);
        let packed = self.drive.journal.packed(row)?;
        let laid_stage = known
            .next
            .checked_sub(1)
            .map(|index| chain.stages[index].id().name);
        Self::start_work(
            number,
            0,
            move || {
                let mut document = restore(&packed, &file.id);
                if let Some(stage) = laid_stage.filter(|_| !decisions.is_empty()) {
                    overlay.lay(stage, &mut document, &decisions);
                }
                Work {
                    document,
                    laid: file.laid,
                    core: known.core,
                    next: known.next,
                    fresh: Vec::new(),
                    row: Some(row),
                    decisions,
                    found: laid_stage.map(|stage| (stage, row)),
                    told: false,
                }
            },
            context,
        );
        Ok(())
    }

    /// Plans the documents of a file that was just read.
    pub(super) fn plan_read(
        &mut self,
        number: usize,
        read: Read,
        context: &Context<'_, '_, '_>,
    ) -> Result<(), DriveError> {
        self.set_parts(number, read.documents.len());
        let mut fresh = Some(read.fresh);
        for (part, (document, core)) in read.documents.into_iter().enumerate() {
            let mut work = Work::new(document, read.laid.clone(), core);
            work.fresh.extend(fresh.take());
            self.plan_work(number, part, work, context)?;
        }
        Ok(())
    }

    /// Starts a document's work where the journal's knowledge of it ends.
    fn plan_work(
        &mut self,
        number: usize,
        part: usize,
        mut work: Work,
        context: &Context<'_, '_, '_>,
    ) -> Result<(), DriveError> {
        let overlay = context.overlay;
        work.decisions = self.drive.journal.decisions(work.document.id.as_str())?;
        let known = context.chain.known(
            self.drive.journal,
            overlay,
            &work.decisions,
            &work.laid,
            work.core,
        )?;
        let stored = match &known.last {
            Some(found) => Some((
                self.drive.journal.packed(found.row)?,
                found.row,
                known.next - 1,
            )),
            None => None,
        };
        let stages = context.chain.stages;
        Self::start_work(
            number,
            part,
            move || {
                if let Some((packed, row, stage)) = stored {
                    work.document = restore(&packed, &work.document.id);
                    if !work.decisions.is_empty() {
                        overlay.lay(stages[stage].id().name, &mut work.document, &work.decisions);
                    }
                    work.row = Some(row);
                    // A file read anew may say what it said before: the later lines that are known stay ahead of the fresh first one.
                    work.found = Some((stages[stage].id().name, row));
                }
                work.next = known.next;
                work.core = known.core;
                work
            },
            context,
        );
        Ok(())
    }

    fn laid(&self, path: &Path, id: &DocId, archived: Option<&str>) -> Result<Laid, DriveError> {
        let shown = path.to_string_lossy().into_owned();
        let intake = self.drive.journal.intake(id.file())?;
        let taken: Instant = intake.as_ref().map_or(self.started, |intake| intake.now);
        let first = intake
            .map(|intake| intake.path)
            .filter(|first| *first != shown);
        Ok(Laid {
            filename: path
                .file_name()
                .map(|name| name.to_string_lossy().into_owned()),
            path: Some(shown),
            uploaded_at: Some(taken),
            archive_path: archived.map(str::to_owned),
            same_as: first,
            now: Some(self.now(taken)),
        })
    }
}

/// A file that was read in an earlier run as one document.
struct Known {
    id: DocId,
    laid: Laid,
    core: Digest,
    row: i64,
}

/// The line of a file that could not be read at all.
fn refused(document: Document, laid: Laid) -> Work {
    let text = super::laid::line(&document);
    let out_sha = Digest::of(&text);
    let retryable = document
        .error
        .as_ref()
        .is_some_and(|error| error.retryable == Some(true));
    let fresh = Fresh {
        // By content, or by path where there is none: the same refusal is the same row.
        key: Digest::of_parts([
            b"refused".as_slice(),
            document.id.as_str().as_bytes(),
            &out_sha.0,
        ]),
        owner: document.id.as_str().to_owned(),
        stage: "ocr",
        packed: super::packed::pack(&text),
        out_sha,
        documents: 1,
        retryable,
        summary: Summary::of(&document),
    };
    let mut work = Work::new(document, laid, out_sha);
    work.next = usize::MAX;
    work.fresh.push(fresh);
    work
}
