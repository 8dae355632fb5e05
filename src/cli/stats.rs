//! `vouch stats`: how many documents are in which state.

use super::session::{Session, journal_failure};
use super::settings::Settings;
use super::{print, print_json};
use crate::ui::{self, Exit, Failure, Table};

/// Count documents: pending, processing, failed and completed make the total.
#[derive(Debug, clap::Args)]
#[command(before_help = "Example:\n  vouch stats --json")]
pub(crate) struct Args {
    /// JSON even on a terminal.
    #[arg(long)]
    json: bool,
}

/// Runs the verb.
///
/// # Errors
/// See [`Failure`].
pub(crate) fn run(args: &Args, settings: &Settings) -> Result<Exit, Failure> {
    let session = Session::look(settings)?;
    let counts = session.journal.counts().map_err(journal_failure)?;
    if args.json || !ui::is_terminal() {
        return print_json(&counts);
    }
    let mut table = Table::new(&["", ">DOCUMENTS"]);
    for (name, count) in [
        ("pending", counts.pending),
        ("processing", counts.processing),
        ("  of which held for a person", counts.pending_approval),
        ("  of which approved", counts.approved),
        ("failed", counts.failed),
        ("completed", counts.completed),
        ("  of which exported", counts.exported),
        ("  of which rejected", counts.rejected),
        ("  of which set aside", counts.set_aside),
        ("total", counts.total),
    ] {
        table.row([name.to_owned(), count.to_string()]);
    }
    print(&table.text())
}
