//! `vouch status`: where each document is.

use super::find::{self, Asked};
use super::session::{Session, journal_failure};
use super::settings::Settings;
use super::{print, print_json};
use crate::drive::journal::{DocumentRow, Listing};
use crate::model::DocId;
use crate::ui::{self, Exit, Failure, Table};

/// Tell where a document is, or where all of them are.
#[derive(Debug, clap::Args)]
#[command(before_help = "Example:\n  vouch status --json")]
pub(crate) struct Args {
    /// Ids, or beginnings of ids; all documents if none is named.
    #[arg(value_name = "ID")]
    ids: Vec<Asked>,
    /// Only documents in this state, such as `error` or `pending_approval`.
    #[arg(long, value_name = "STATE")]
    state: Option<String>,
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
    let mut rows = if args.ids.is_empty() {
        let states: Vec<&str> = args.state.iter().map(String::as_str).collect();
        session
            .journal
            .list(&Listing {
                statuses: &states,
                id: None,
            })
            .map_err(journal_failure)?
    } else {
        args.ids
            .iter()
            .map(|asked| find::one(&session, &asked.id))
            .collect::<Result<_, _>>()?
    };
    rows.retain(|row| args.state.as_ref().is_none_or(|state| *state == row.status));
    if args.json || !ui::is_terminal() {
        return print_json(&rows.iter().map(told).collect::<Vec<_>>());
    }
    let mut table = Table::new(&["ID", "FILE", "STATUS", "STAGE", "ERROR", "UPDATED"]);
    for row in &rows {
        table.row([
            DocId::from_text(row.id.clone()).short(),
            row.path.clone(),
            row.status.clone(),
            row.stage.clone(),
            row.error_code.clone().unwrap_or_default(),
            row.updated_at.clone(),
        ]);
    }
    let text = table.text();
    print(if text.is_empty() {
        "no documents\n"
    } else {
        &text
    })
}

/// The row, with the names that S1 gives to id and file besides ours.
fn told(row: &DocumentRow) -> serde_json::Value {
    let mut value = serde_json::to_value(row).unwrap_or_default();
    value["request_id"] = row.id.clone().into();
    let filename = std::path::Path::new(&row.path)
        .file_name()
        .map(|name| name.to_string_lossy().into_owned());
    value["filename"] = filename.into();
    value
}
