//! `vouch ocr`: files to documents.

use std::io::Read;
use std::path::Path;

use super::args::{Intake, Work};
use super::session::{Driven, Keeps, Session, exit_of};
use super::settings::Settings;
use super::worker;
use crate::drive::{Chain, Feed, Files, Lines, listed};
use crate::ui::{Exit, Failure, Out};

/// Read files into documents: words with boxes, or the invoice itself where the file is structured.
///
/// Takes PDFs (text layer, scanned, hybrid), images, e-invoice XML, mails and archives, by content, never by name. A file
/// that cannot be read is a line with status "error" and goes on through the pipe.
#[derive(Debug, clap::Args)]
#[command(before_help = "Example:\n  vouch ocr fixtures/inbox/small-en.pdf | vouch extract")]
pub(crate) struct Args {
    #[command(flatten)]
    intake: Intake,
    #[command(flatten)]
    work: Work,
}

/// Runs the verb.
///
/// # Errors
/// See [`Failure`].
pub(crate) fn run(args: &Args, settings: &Settings) -> Result<Exit, Failure> {
    let feed = feed(&args.intake)?;
    let pool = worker::pool(settings, Some(&args.intake))?;
    let mut session = Session::open("ocr", settings, Keeps::IfSet, None)?;
    let driven = Driven {
        chain: Chain {
            source: Some(&pool),
            stages: &[],
        },
        work: &args.work,
        intake: Some(&args.intake),
        feed,
        out: &mut Lines::new(Out::lock(), args.work.money_strings),
    };
    let tally = session.drive(driven, settings)?;
    session.end(exit_of(&tally, &args.work))
}

/// The files that the arguments name.
///
/// # Errors
/// If none is named, or the list of them cannot be read.
pub(crate) fn feed(intake: &Intake) -> Result<Feed, Failure> {
    let mut paths = intake.paths.clone();
    paths.extend(intake.mail.iter().cloned());
    if let Some(list) = &intake.files_from {
        let bytes = read_list(list).map_err(|error| {
            Failure::new(Exit::Usage, &error)
                .while_doing(format!("cannot read `{}`", list.display()))
        })?;
        paths.extend(listed(&bytes, intake.null));
    } else if paths.is_empty() {
        return Err(Failure::usage("no files are named")
            .hint("name files or folders, or - for standard input"));
    }
    if paths.iter().filter(|path| path.as_os_str() == "-").count() > 1 {
        return Err(Failure::usage("standard input can be read only once"));
    }
    Ok(Feed::Files(Files::new(paths)))
}

#[expect(
    clippy::disallowed_methods,
    reason = "the list of files that a person names"
)]
fn read_list(path: &Path) -> std::io::Result<Vec<u8>> {
    if path.as_os_str() == "-" {
        let mut bytes = Vec::new();
        std::io::stdin().lock().read_to_end(&mut bytes)?;
        return Ok(bytes);
    }
    std::fs::read(path)
}
