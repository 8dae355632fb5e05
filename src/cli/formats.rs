//! `vouch formats`: what this build reads and writes.

use super::{print, print_json};
use crate::export::EXPORTERS;
use crate::input::READERS;
use crate::ui::{self, Exit, Failure, Table};

/// List the formats this build reads and writes.
#[derive(Debug, clap::Args)]
#[command(before_help = "Example:\n  vouch formats")]
pub(crate) struct Args {
    /// JSON even on a terminal.
    #[arg(long)]
    json: bool,
}

/// Runs the verb.
///
/// # Errors
/// See [`Failure`].
pub(crate) fn run(args: &Args) -> Result<Exit, Failure> {
    if args.json || !ui::is_terminal() {
        let reads: Vec<_> = READERS
            .iter()
            .map(|reader| serde_json::json!({ "name": reader.name, "media_type": reader.media_type, "reads": reader.reads }))
            .collect();
        let writes: Vec<_> = EXPORTERS
            .iter()
            .map(|exporter| serde_json::json!({ "name": exporter.name, "writes": exporter.doc }))
            .collect();
        return print_json(&serde_json::json!({ "read": reads, "written": writes }));
    }
    let mut table = Table::new(&["", "NAME", "MEDIA TYPE", "WHAT"]);
    for reader in READERS {
        table.row(["read", reader.name, reader.media_type, reader.reads].map(str::to_owned));
    }
    for exporter in EXPORTERS {
        table.row(["written", exporter.name, "", exporter.doc].map(str::to_owned));
    }
    print(&table.text())
}
