//! Export batches: the approved documents that no batch of the target holds yet, each exactly once.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::decided::Decided;
use super::session::{Session, journal_failure};
use crate::drive::effect::{self, EffectError, NewExport};
use crate::drive::journal::{Batch, Listing};
use crate::drive::{atomic, stored};
use crate::export::{self, ExportError, Exporter};
use crate::model::{Document, Status};
use crate::ui::{self, Exit, Failure};

/// Rows of approved documents on their way into a file.
pub(crate) struct Rows {
    exporter: &'static Exporter,
    options: export::Options,
    header: usize,
    /// The file so far.
    pub(crate) content: Vec<u8>,
    /// The documents in it.
    pub(crate) documents: Vec<String>,
    control: BTreeMap<String, crate::model::Decimal>,
}

impl Rows {
    /// A file without documents.
    ///
    /// # Errors
    /// If a column is unknown.
    pub(crate) fn new(
        exporter: &'static Exporter,
        options: export::Options,
    ) -> Result<Self, ExportError> {
        let content = (exporter.write)(&[], &options)?;
        Ok(Self {
            exporter,
            options,
            header: content.len(),
            content,
            documents: Vec::new(),
            control: BTreeMap::new(),
        })
    }

    /// What the file looks like without documents.
    pub(crate) fn empty(&self) -> Vec<u8> {
        self.content.get(..self.header).unwrap_or_default().to_vec()
    }

    /// Adds a document.
    ///
    /// # Errors
    /// If it cannot be written in the format.
    pub(crate) fn add(&mut self, document: &Document) -> Result<(), ExportError> {
        let table = (self.exporter.write)(std::slice::from_ref(document), &self.options)?;
        self.content
            .extend_from_slice(table.get(self.header..).unwrap_or_default());
        self.documents.push(document.id.as_str().to_owned());
        for (currency, sum) in export::control_totals(std::slice::from_ref(document)) {
            *self.control.entry(currency).or_default() += sum.decimal();
        }
        Ok(())
    }

    /// Sum of the totals by currency.
    pub(crate) fn control(&self) -> BTreeMap<String, String> {
        self.control
            .iter()
            .map(|(currency, sum)| (currency.clone(), sum.to_string()))
            .collect()
    }
}

/// What an export did.
#[derive(Debug)]
pub(crate) struct Exported {
    /// Files that were missing or torn and are back.
    pub(crate) restored: Vec<PathBuf>,
    /// The new batch.
    pub(crate) formed: Option<Batch>,
    /// Batches of the target at the asked place, the new one included.
    pub(crate) here: Vec<Batch>,
    /// Batches of the target elsewhere.
    pub(crate) elsewhere: Vec<Batch>,
    /// How the export ends: see [`collect`].
    pub(crate) exit: Exit,
}

/// Exports to a place what no batch of the target holds yet.
///
/// # Errors
/// If the place cannot be written, or holds something else.
pub(crate) fn export(
    session: &mut Session,
    mut rows: Rows,
    target: &str,
    place: &Path,
) -> Result<Exported, Failure> {
    let place = effect::bound(place).map_err(|error| Failure::new(Exit::CannotWrite, &error))?;
    let actor = session.actor.name.clone();
    let settled =
        effect::settle(&mut session.journal, target, &place, &actor).map_err(effect_failure)?;
    let exit = collect(session, target, &mut rows)?;
    let mut exported = Exported {
        restored: settled.restored,
        formed: None,
        here: settled.here,
        elsewhere: settled.elsewhere,
        exit,
    };
    if rows.documents.is_empty() {
        if exported.here.is_empty() && !place.exists() {
            atomic::write(&place, &rows.content).map_err(|error| {
                Failure::new(Exit::CannotWrite, &error)
                    .while_doing(format!("cannot write `{}`", place.display()))
            })?;
        }
        return Ok(exported);
    }
    let new = NewExport {
        target,
        place: &place,
        documents: &rows.documents,
        content: &rows.content,
        empty: &rows.empty(),
        control: &rows.control(),
        actor: &actor,
    };
    let batch = effect::form(&mut session.journal, &new).map_err(effect_failure)?;
    exported.here.push(batch.clone());
    exported.formed = Some(batch);
    Ok(exported)
}

/// Adds the journal's approved documents that no batch of the target holds.
///
/// The journal's word and the stored line must agree on what is approved. Where they do not, the bill is not handed over, standard
/// error names it even under `-q`, and the export ends as a fault of ours: a bill that stays out without a word is a lost one.
pub(crate) fn collect(session: &Session, target: &str, rows: &mut Rows) -> Result<Exit, Failure> {
    let listing = Listing {
        statuses: &["approved", "processed"],
        id: None,
    };
    let mut exit = Exit::Done;
    for row in session.journal.list(&listing).map_err(journal_failure)? {
        if session
            .journal
            .batch_of(target, &row.id)
            .map_err(journal_failure)?
            .is_some()
        {
            continue;
        }
        match stored(&session.journal, &row, &Decided).map_err(journal_failure)? {
            Some(document) if document.status == Status::Approved => {
                rows.add(&document).map_err(export_failure)?;
            }
            other => {
                let line = other.map_or("missing", |document| document.status.name());
                ui::say(format_args!(
                    "{} ({}): the journal says `{}` but its stored line says `{line}`: not exported; see `vouch audit`",
                    row.path, row.id, row.status
                ));
                exit = Exit::Bug;
            }
        }
    }
    Ok(exit)
}

/// A wrong column is a wrong use; anything else is ours.
#[expect(
    clippy::needless_pass_by_value,
    reason = "it is handed over by `map_err`"
)]
pub(crate) fn export_failure(error: ExportError) -> Failure {
    let exit = match error {
        ExportError::UnknownColumn { .. } | ExportError::Columns | ExportError::NoColumns(_) => {
            Exit::Usage
        }
        _ => Exit::Bug,
    };
    Failure::new(exit, &error)
}

fn effect_failure(error: EffectError) -> Failure {
    match error {
        EffectError::Journal(error) => journal_failure(error),
        error @ EffectError::Concurrent { .. } => Failure::new(Exit::TryAgain, &error),
        error @ EffectError::OtherContent { .. } => Failure::new(Exit::CannotWrite, &error)
            .hint("move that file away, or export to another place"),
        error => Failure::new(Exit::CannotWrite, &error),
    }
}
