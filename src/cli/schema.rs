//! `vouch schema`: the record as a JSON schema, from the types that read and write it.

use super::print;
use crate::model::Document;
use crate::ui::{Exit, Failure};

/// Print the JSON schema of a record.
#[derive(Debug, clap::Args)]
#[command(before_help = "Example:\n  vouch schema | jq '.\"$defs\".Invoice.properties | keys'")]
pub(crate) struct Args {}

/// Runs the verb.
///
/// # Errors
/// See [`Failure`].
pub(crate) fn run(_: &Args) -> Result<Exit, Failure> {
    print(&text())
}

/// The schema, as `schemas/vouch-1.json` has it.
fn text() -> String {
    let mut text =
        serde_json::to_string_pretty(&schemars::schema_for!(Document)).unwrap_or_default();
    text.push('\n');
    text
}
