//! `vouch audit`: the conservation law.

use std::fmt::Write as _;

use super::session::{Session, journal_failure};
use super::settings::Settings;
use super::{print, print_json};
use crate::ui::{self, Exit, Failure, plain};

/// Prove that nothing is lost: documents taken in are the sum over all states, each with its line and its original.
///
/// Names every document that is missing, and ends with 1 if one is.
#[derive(Debug, clap::Args)]
#[command(before_help = "Example:\n  vouch audit --json")]
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
    let report = session.journal.audit().map_err(journal_failure)?;
    let verdict = if report.exact {
        Exit::Done
    } else {
        Exit::Condition
    };
    if args.json || !ui::is_terminal() {
        return Ok(print_json(&report)?.or(verdict));
    }
    let mut text = String::new();
    // Writing to a string cannot fail.
    let _ = writeln!(text, "{:>7} files taken in", report.files);
    let _ = writeln!(text, "{:>7} documents in them", report.taken_in);
    for (state, count) in &report.states {
        let _ = writeln!(text, "{count:>7}   {state}");
    }
    let _ = writeln!(
        text,
        "{:>7} accounted for: {}",
        report.accounted_for,
        if report.exact { "exact" } else { "NOT exact" }
    );
    for missing in &report.missing {
        let _ = writeln!(
            text,
            "missing: {} {}: {}",
            missing.id,
            plain(&missing.path),
            missing.reason
        );
    }
    Ok(print(&text)?.or(verdict))
}
