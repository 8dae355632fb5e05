//! `vouch man`: man pages, from the command line's own definition.

use std::path::PathBuf;

use super::{command, print};
use crate::drive::atomic;
use crate::ui::{Exit, Failure};

/// Print a man page, or write all of them into a folder.
#[derive(Debug, clap::Args)]
#[command(before_help = "Example:\n  vouch man run")]
pub(crate) struct Args {
    /// The verb; vouch itself if none is named.
    #[arg(value_name = "VERB")]
    verb: Option<String>,
    /// Write all pages into this folder.
    #[arg(long, value_name = "DIR", conflicts_with = "verb")]
    dir: Option<PathBuf>,
}

/// Runs the verb.
///
/// # Errors
/// See [`Failure`].
pub(crate) fn run(args: &Args) -> Result<Exit, Failure> {
    let pages = pages().map_err(|error| Failure::new(Exit::Bug, &error))?;
    if let Some(folder) = &args.dir {
        for (name, page) in &pages {
            let path = folder.join(name);
            atomic::write(&path, page.as_bytes()).map_err(|error| {
                Failure::new(Exit::CannotWrite, &error)
                    .while_doing(format!("cannot write `{}`", path.display()))
            })?;
        }
        return Ok(Exit::Done);
    }
    let wanted = args
        .verb
        .as_ref()
        .map_or_else(|| "vouch.1".to_owned(), |verb| format!("vouch-{verb}.1"));
    match pages.iter().find(|(name, _)| *name == wanted) {
        Some((_, page)) => print(page),
        None => Err(Failure::usage(format!(
            "no verb `{}`",
            args.verb.as_deref().unwrap_or_default()
        ))
        .hint("vouch --help lists them")),
    }
}

/// All man pages with their file names, as `man/` has them.
///
/// # Errors
/// If a page cannot be rendered.
fn pages() -> std::io::Result<Vec<(String, String)>> {
    let mut root = command();
    root.build();
    let mut pages = vec![("vouch.1".to_owned(), render(&root, "vouch")?)];
    for verb in root.get_subcommands().filter(|verb| !verb.is_hide_set()) {
        let name = format!("vouch-{}", verb.get_name());
        pages.push((format!("{name}.1"), render(verb, &name)?));
    }
    Ok(pages)
}

fn render(command: &clap::Command, name: &str) -> std::io::Result<String> {
    let mut bytes = Vec::new();
    clap_mangen::Man::new(command.clone())
        .title(name)
        .render(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
