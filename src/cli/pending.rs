//! `vouch pending`: what waits for a person.

use super::decided::Decided;
use super::session::{Session, journal_failure};
use super::settings::Settings;
use super::{print, print_json};
use crate::drive::journal::Listing;
use crate::drive::stored;
use crate::model::DocId;
use crate::ui::{self, Exit, Failure, Table};

/// List what waits for a person: for whom, until when and why.
#[derive(Debug, clap::Args)]
#[command(before_help = "Example:\n  vouch pending --json")]
pub(crate) struct Args {
    /// Only what waits for this approver.
    #[arg(long, value_name = "NAME")]
    approver: Option<String>,
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
    let listing = Listing {
        statuses: &["pending_approval"],
        id: None,
    };
    let mut table = Table::new(&[
        "ID", "FILE", "VENDOR", "NUMBER", ">TOTAL", "CUR", "LEVEL", "APPROVER", "WHY",
    ]);
    let mut lines = Vec::new();
    for row in session.journal.list(&listing).map_err(journal_failure)? {
        if args
            .approver
            .as_ref()
            .is_some_and(|name| row.approver.as_ref() != Some(name))
        {
            continue;
        }
        let document = stored(&session.journal, &row, &Decided).map_err(journal_failure)?;
        let reasons = document
            .and_then(|document| document.routing)
            .map(|routing| routing.reasons)
            .unwrap_or_default();
        if args.json || !ui::is_terminal() {
            let mut value = serde_json::to_value(&row).unwrap_or_default();
            value["reasons"] = reasons.into();
            lines.push(value);
        } else {
            let text = |field: &Option<String>| field.clone().unwrap_or_default();
            table.row([
                DocId::from_text(row.id.clone()).short(),
                row.path.clone(),
                text(&row.vendor),
                text(&row.invoice_number),
                text(&row.total),
                text(&row.currency),
                text(&row.level),
                text(&row.approver),
                reasons.first().cloned().unwrap_or_default(),
            ]);
        }
    }
    if args.json || !ui::is_terminal() {
        return print_json(&lines);
    }
    let text = table.text();
    print(if text.is_empty() {
        "nothing waits for a person\n"
    } else {
        &text
    })
}
