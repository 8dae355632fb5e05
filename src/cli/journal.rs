//! `vouch journal`: the journal itself.

use std::fmt::Write as _;

use clap::Subcommand;

use super::find::{self, Asked};
use super::session::{Session, journal_failure};
use super::settings::Settings;
use super::{print, print_json};
use crate::drive::journal::Head;
use crate::ui::{self, Exit, Failure, plain};

/// Look into the journal and verify it.
#[derive(Debug, clap::Args)]
#[command(
    before_help = "Example:\n  vouch journal verify",
    subcommand_required = true
)]
pub(crate) struct Args {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Check the chain of the audit log: any change of an entry is found, and with --expect-head a cut tail.
    #[command(before_help = "Example:\n  vouch journal verify")]
    Verify {
        /// SEQ:HASH of an earlier summary or manifest, which has to be in the chain.
        #[arg(long, value_name = "SEQ:HASH")]
        expect_head: Option<Head>,
        /// JSON even on a terminal.
        #[arg(long)]
        json: bool,
    },
    /// Tell a document's way: what was done when, by whom, on which machine.
    #[command(
        before_help = "Example:\n  vouch journal show $(vouch status --json | jq -r '.[0].id')"
    )]
    Show {
        /// Id, or the beginning of one.
        #[arg(value_name = "ID")]
        id: Asked,
        /// JSON even on a terminal.
        #[arg(long)]
        json: bool,
    },
}

/// Runs the verb.
///
/// # Errors
/// See [`Failure`].
pub(crate) fn run(args: &Args, settings: &Settings) -> Result<Exit, Failure> {
    let session = Session::look(settings)?;
    match &args.verb {
        Verb::Verify { expect_head, json } => {
            let report = session
                .journal
                .verify(*expect_head)
                .map_err(journal_failure)?;
            let verdict = if report.faults.is_empty() {
                Exit::Done
            } else {
                Exit::Condition
            };
            if *json || !ui::is_terminal() {
                let value = serde_json::json!({
                    "entries": report.entries, "head": report.head.to_string(), "faults": report.faults, "intact": report.faults.is_empty(),
                });
                return Ok(print_json(&value)?.or(verdict));
            }
            let mut text = format!("{} entries, head {}\n", report.entries, report.head);
            for fault in &report.faults {
                // Writing to a string cannot fail.
                let _ = writeln!(text, "fault: {}", plain(fault));
            }
            if report.faults.is_empty() {
                text.push_str("intact\n");
            }
            Ok(print(&text)?.or(verdict))
        }
        Verb::Show { id, json } => {
            let row = find::one(&session, &id.id)?;
            let way = session.journal.way(&row.id).map_err(journal_failure)?;
            if *json || !ui::is_terminal() {
                return print_json(&way);
            }
            let mut text = format!("{}\n", row.id);
            for entry in &way {
                let _ = writeln!(text, "{}", plain(&entry.to_string()));
            }
            print(&text)
        }
    }
}
