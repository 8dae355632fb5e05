//! `vouch explain`: what a rule or a failure means and how to fix it.

use super::failures::FAILURES;
use super::print;
use crate::rules;
use crate::ui::{Exit, Failure};

/// Explain a code: what it means, why it matters, an example, how to fix it.
#[derive(Debug, clap::Args)]
#[command(before_help = "Example:\n  vouch explain TOTAL_MISMATCH")]
pub(crate) struct Args {
    /// Code of a rule (`vouch rules`) or of a failure.
    #[arg(value_name = "CODE")]
    code: String,
}

/// Runs the verb.
///
/// # Errors
/// See [`Failure`].
pub(crate) fn run(args: &Args) -> Result<Exit, Failure> {
    let code = args.code.to_uppercase();
    if let Some(rule) = rules::explain(&code) {
        return print(&format!(
            "{}\n{}\n\n{}\n",
            rule.code,
            "=".repeat(rule.code.len()),
            rule.doc.trim()
        ));
    }
    if let Some(failure) = FAILURES.iter().find(|failure| failure.code == code) {
        return print(&format!(
            "{}\n{}\n\nWhat it means\n{}\n\nHow to fix\n{}\n",
            failure.code,
            "=".repeat(failure.code.len()),
            failure.means,
            failure.fix
        ));
    }
    let near = rules::rules()
        .map(|rule| rule.code)
        .chain(FAILURES.iter().map(|failure| failure.code))
        .filter(|known| {
            known.contains(&code)
                || code
                    .split('_')
                    .any(|part| part.len() > 3 && known.contains(part))
        })
        .collect::<Vec<_>>();
    let failure =
        Failure::usage(format!("no code `{}`", args.code)).hint("vouch rules lists the rules");
    Err(if near.is_empty() {
        failure
    } else {
        failure.hint(format!("perhaps {}", near.join(", ")))
    })
}
