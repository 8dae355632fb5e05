//! The steps of a run, and how far the journal knows them for a document already.

use crate::model::{Digest, Document};
use crate::stage::{Source, Stage, StageId};

use super::journal::{Decision, Found, Journal, JournalError};
use super::laid::{Laid, line};
use super::packed::unpack;

/// A source and the stages after it; a verb that is one stage has no source.
#[derive(Clone, Copy)]
pub struct Chain<'a> {
    /// Reads files, if the run takes files in.
    pub source: Option<&'a dyn Source>,
    /// The stages in order.
    pub stages: &'a [&'a dyn Stage],
}

/// Lays what people decided over a line, after the stage it belongs to.
pub trait Overlay: Sync {
    /// Changes the document as decided.
    fn lay(&self, stage: &str, document: &mut Document, decisions: &[Decision]);
}

/// How far a document is known.
pub(super) struct Known {
    /// The stage to go on with.
    pub(super) next: usize,
    /// Row of the last line that is stored, and the line if it had to be read already.
    pub(super) last: Option<Found>,
    /// Digest of the core of the input to the next stage.
    pub(super) core: Digest,
}

impl Chain<'_> {
    /// The first stage that asks about other documents: from there on documents are worked on in input order.
    pub(super) fn ordered_from(&self) -> usize {
        self.stages
            .iter()
            .position(|stage| stage.looks_back())
            .unwrap_or(self.stages.len())
    }

    /// Name of the last step.
    pub(super) fn last(&self) -> &'static str {
        let stage = self.stages.last().map(|stage| stage.id().name);
        stage
            .or_else(|| self.source.map(|source| source.id().name))
            .unwrap_or("-")
    }

    /// The key of a stage's work on an input.
    pub(super) fn stage_key(&self, stage: usize, core: &Digest, laid: &Laid) -> Digest {
        let stage = self.stages[stage];
        key(stage.id(), &stage.config(), &laid.input(core))
    }

    /// Follows the stored lines as far as they go.
    pub(super) fn known(
        &self,
        journal: &Journal,
        overlay: &dyn Overlay,
        decisions: &[Decision],
        laid: &Laid,
        core: Digest,
    ) -> Result<Known, JournalError> {
        let mut known = Known {
            next: 0,
            last: None,
            core,
        };
        while known.next < self.stages.len() {
            let Some(found) = journal.found(&self.stage_key(known.next, &known.core, laid))? else {
                break;
            };
            let stage = self.stages[known.next].id().name;
            known.core = if decisions.is_empty() {
                found.out_sha
            } else {
                laid_over(journal, overlay, decisions, stage, &found)?.unwrap_or(found.out_sha)
            };
            known.last = Some(found);
            known.next += 1;
        }
        Ok(known)
    }
}

/// The digest of a stored line with what was decided laid over it.
fn laid_over(
    journal: &Journal,
    overlay: &dyn Overlay,
    decisions: &[Decision],
    stage: &str,
    found: &Found,
) -> Result<Option<Digest>, JournalError> {
    let packed = journal.packed(found.row)?;
    Ok(unpack(&packed)
        .and_then(|line| serde_json::from_slice::<Document>(&line).ok())
        .map(|mut document| {
            overlay.lay(stage, &mut document, decisions);
            Digest::of(&line(&document))
        }))
}

/// The key of a file that is read.
pub(super) fn source_key(source: &dyn Source, sha256: &Digest) -> Digest {
    key(source.id(), &source.config(), sha256)
}

fn key(id: StageId, config: &Digest, input: &Digest) -> Digest {
    Digest::of_parts([
        id.name.as_bytes(),
        &id.version.to_le_bytes(),
        &config.0,
        &input.0,
    ])
}
