//! `vouch retry`: documents worked on again from their archived originals.

use clap::ValueEnum;

use super::find::{self, Asked};
use super::redrive::redrive;
use super::session::{Keeps, Session, exit_of, journal_failure};
use super::settings::Settings;
use crate::drive::journal::Listing;
use crate::ui::{self, Exit, Failure};

/// Work on documents again, from their archived originals.
///
/// What is stored of them from the named stage on is not used again. What is exported stays exported.
#[derive(Debug, clap::Args)]
#[command(before_help = "Example:\n  vouch retry --failed")]
pub(crate) struct Args {
    /// Ids, or beginnings of ids.
    #[arg(value_name = "ID", required_unless_present = "failed")]
    ids: Vec<Asked>,
    /// All that failed.
    #[arg(long, conflicts_with = "ids")]
    failed: bool,
    /// The first stage to do again.
    #[arg(long, value_name = "STAGE", default_value = "ocr")]
    from: From,
}

/// The stages in order.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum From {
    /// Reading.
    Ocr,
    /// Understanding.
    Extract,
    /// Reference data.
    Enrich,
    /// Checks.
    Validate,
    /// Approval.
    Route,
}

const STAGES: [&str; 5] = ["ocr", "extract", "enrich", "validate", "route"];

/// Runs the verb.
///
/// # Errors
/// See [`Failure`].
pub(crate) fn run(args: &Args, settings: &Settings) -> Result<Exit, Failure> {
    let mut session = Session::open("retry", settings, Keeps::Always, None)?;
    let rows = if args.failed {
        session
            .journal
            .list(&Listing {
                statuses: &["error"],
                id: None,
            })
            .map_err(journal_failure)?
    } else {
        args.ids
            .iter()
            .map(|asked| find::one(&session, &asked.id))
            .collect::<Result<_, _>>()?
    };
    if rows.is_empty() {
        if !settings.quiet {
            ui::say("nothing has failed");
        }
        return session.end(Exit::Done);
    }
    let stages = STAGES.get(args.from as usize..).unwrap_or_default();
    session
        .journal
        .write("retry", |writer| {
            rows.iter()
                .try_for_each(|row| writer.forget_results(&row.id, stages).map(|_| ()))
        })
        .map_err(journal_failure)?;
    let (tally, _) = redrive(&mut session, &rows, settings)?;
    if settings.says_summary() {
        ui::say(ui::summary(&tally, &ui::Summary::default()).trim_end());
    }
    let exit = exit_of(&tally, &super::args::Work::default());
    session.end(exit)
}
