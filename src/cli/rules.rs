//! `vouch rules`: what is checked.

use super::{print, print_json};
use crate::rules;
use crate::ui::{self, Exit, Failure, Table};

/// List the rules: code, how grave, what a finding adds to the risk.
#[derive(Debug, clap::Args)]
#[command(before_help = "Example:\n  vouch rules --json | jq -r '.[].code'")]
pub(crate) struct Args {
    /// JSON even on a terminal.
    #[arg(long)]
    json: bool,
    /// The whole documentation, as docs/rules.md has it.
    #[arg(long, conflicts_with = "json")]
    markdown: bool,
}

/// Runs the verb.
///
/// # Errors
/// See [`Failure`].
pub(crate) fn run(args: &Args) -> Result<Exit, Failure> {
    if args.markdown {
        return print(&rules::markdown());
    }
    if args.json || !ui::is_terminal() {
        let rules: Vec<_> = rules::rules()
            .map(|rule| serde_json::json!({ "code": rule.code, "name": rule.name, "severity": rule.severity, "weight": rule.weight }))
            .collect();
        return print_json(&rules);
    }
    let mut table = Table::new(&["CODE", "SEVERITY", ">RISK", "WHAT"]);
    for rule in rules::rules() {
        let severity = serde_json::to_value(rule.severity).unwrap_or_default();
        table.row([
            rule.code.to_owned(),
            severity.as_str().unwrap_or_default().to_owned(),
            rule.weight.to_string(),
            rule.name.to_owned(),
        ]);
    }
    print(&table.text())
}
