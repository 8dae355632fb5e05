//! `vouch completions`: completions for a shell, from the command line's own definition.

use clap_complete::Shell;

use super::{command, print};
use crate::ui::{Exit, Failure};

/// Print completions for a shell.
#[derive(Debug, clap::Args)]
#[command(before_help = "Example:\n  vouch completions bash")]
pub(crate) struct Args {
    /// The shell.
    shell: Shell,
}

/// Runs the verb.
///
/// # Errors
/// See [`Failure`].
pub(crate) fn run(args: &Args) -> Result<Exit, Failure> {
    let mut bytes = Vec::new();
    clap_complete::generate(args.shell, &mut command(), "vouch", &mut bytes);
    print(&String::from_utf8_lossy(&bytes))
}
