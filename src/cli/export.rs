//! `vouch export`: approved documents to accounting, each exactly once.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use rustix::fs::{FileType, fstat};

use super::args::Work;
use super::batch::{self, Rows, export_failure};
use super::session::{Driven, Keeps, Session, exit_of, journal_failure};
use super::settings::Settings;
use super::{print, stage};
use crate::drive::journal::Upstream;
use crate::drive::{Chain, Emit, Feed, atomic};
use crate::export;
use crate::model::{Digest, Document, Past, Status};
use crate::stage::{Stage, StageError, StageId};
use crate::ui::{self, Exit, Failure};

/// Hand approved documents to accounting, each exactly once.
///
/// With -o and a journal it forms one batch of what is approved and in no batch of the target yet: documents from
/// standard input, and those that a person has approved since. The same place again leaves the same bytes. To
/// standard output it is a view that marks nothing.
#[derive(Debug, clap::Args)]
#[command(
    before_help = "Example:\n  vouch run fixtures/inbox --reference fixtures/reference | vouch export --format csv"
)]
pub(crate) struct Args {
    /// Format; `vouch formats` lists them.
    #[arg(long, default_value = "csv", value_parser = clap::builder::PossibleValuesParser::new(export::EXPORTERS.iter().map(|exporter| exporter.name)))]
    format: String,
    /// File to write.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// What the batch is for; each target gets every document once. Default: the format.
    #[arg(long, value_name = "NAME")]
    target: Option<String>,
    /// Columns in this order, separated by commas.
    #[arg(long, value_name = "LIST", value_delimiter = ',')]
    columns: Option<Vec<String>>,
    /// Write an earlier batch anew into -o.
    #[arg(long, value_name = "BATCH", requires = "output")]
    again: Option<String>,
    /// Say what would be exported; write and mark nothing.
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    work: Work,
}

/// Keeps each line it was given, so that the journal knows what is exported.
struct Received;

impl Stage for Received {
    fn id(&self) -> StageId {
        StageId {
            name: "export",
            version: 1,
        }
    }
    fn config(&self) -> Digest {
        Digest::of(b"received")
    }
    fn apply(&self, document: Document, _: &Past) -> Result<Document, StageError> {
        Ok(document)
    }
}

/// Collects approved documents, each once.
struct Approved {
    rows: Rows,
    seen: BTreeSet<String>,
}

impl Emit for Approved {
    fn emit(&mut self, document: &Document) -> std::io::Result<()> {
        if document.status == Status::Approved && self.seen.insert(document.id.as_str().to_owned())
        {
            self.rows.add(document).map_err(std::io::Error::other)?;
        }
        Ok(())
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Runs the verb.
///
/// # Errors
/// See [`Failure`].
pub(crate) fn run(args: &Args, settings: &Settings) -> Result<Exit, Failure> {
    let exporter = export::exporter(&args.format)
        .ok_or_else(|| Failure::usage(format!("no format `{}`", args.format)))?;
    let options = export::Options {
        columns: args.columns.clone(),
    };
    let rows = || Rows::new(exporter, options.clone()).map_err(export_failure);
    let mut approved = Approved {
        rows: rows()?,
        seen: BTreeSet::new(),
    };
    let mut session = Session::open("export", settings, Keeps::IfSet, None)?;
    if let Some(batch) = &args.again {
        return again(&mut session, batch, args.output.as_deref());
    }
    let alone = nobody_writes();
    if alone && !session.journal.keeps() {
        return Err(Failure::usage(
            "nothing to export: no lines on standard input and no journal is set",
        )
        .hint("pipe `vouch run` or `vouch route` into it, or give --journal FILE"));
    }
    let feed = if alone {
        Feed::Lines(Box::new(std::io::empty()))
    } else {
        stage::lines("export")?
    };
    let stages: [&dyn Stage; 1] = [&Received];
    let driven = Driven {
        chain: Chain {
            source: None,
            stages: &stages,
        },
        work: &args.work,
        intake: None,
        feed,
        out: &mut approved,
    };
    let tally = session.drive(driven, settings)?;
    let exit = exit_of(&tally, &args.work);
    let Some(place) = &args.output else {
        let mut exit = exit;
        if alone {
            let target = args.target.as_deref().unwrap_or(exporter.name);
            exit = exit.or(batch::collect(&session, target, &mut approved.rows)?);
        }
        let content = String::from_utf8_lossy(&approved.rows.content).into_owned();
        let exit = print(&content)?.or(exit);
        if !settings.quiet {
            ui::say(format_args!(
                "{} approved documents shown; nothing is marked as exported (give -o FILE for that)",
                approved.rows.documents.len()
            ));
        }
        return session.end(exit);
    };
    followed(&mut session, settings)?;
    if !session.journal.keeps() {
        without_journal(&approved.rows, place, args.dry_run, settings)?;
        return session.end(exit);
    }
    let target = args.target.as_deref().unwrap_or(exporter.name);
    if args.dry_run {
        let mut rows = rows()?;
        let exit = exit.or(batch::collect(&session, target, &mut rows)?);
        for document in &rows.documents {
            print(&format!("{document}\n"))?;
        }
        ui::say(format_args!(
            "{} documents would be exported to `{}`",
            rows.documents.len(),
            place.display()
        ));
        return session.end(exit);
    }
    let exported = batch::export(&mut session, rows()?, target, place)?;
    if !settings.quiet {
        told(&exported);
    }
    session.end(exit.or(exported.exit))
}

/// Follows the pipe to its source: behind a stage that broke nothing is exported.
fn followed(session: &mut Session, settings: &Settings) -> Result<(), Failure> {
    let upstream = session
        .journal
        .upstream(session.stdin)
        .map_err(journal_failure)?;
    if let Upstream::Broken { verb, exit } = &upstream {
        let how = exit.map_or_else(
            || "did not end".to_owned(),
            |code| format!("ended with {code}"),
        );
        session.end(Exit::TryAgain)?;
        return Err(Failure::text(
            Exit::TryAgain,
            format!("nothing exported: `vouch {verb}` before this in the pipe {how}"),
        )
        .hint("run the pipe again: what is done is not done twice"));
    }
    if matches!(upstream, Upstream::Unknown)
        && session.stdin.is_some()
        && session.journal.keeps()
        && !settings.quiet
    {
        ui::say(
            "cannot tell whether all of the pipe before this ended well: not every stage of it is in this journal",
        );
    }
    Ok(())
}

/// Tells whether standard input is a terminal or `/dev/null`, as it is under cron: what is exported is in the journal then.
fn nobody_writes() -> bool {
    fstat(std::io::stdin())
        .is_ok_and(|stat| FileType::from_raw_mode(stat.st_mode) == FileType::CharacterDevice)
}

fn told(exported: &batch::Exported) {
    for file in &exported.restored {
        ui::say(format_args!(
            "{}: was missing or torn, restored",
            file.display()
        ));
    }
    match &exported.formed {
        Some(batch) => ui::say(format_args!(
            "{}: batch {} with {} documents (journal head {})",
            batch.file, batch.id, batch.documents, batch.head
        )),
        None => ui::say("nothing new to export"),
    }
    for batch in &exported.elsewhere {
        ui::say(format_args!(
            "{}: batch {} holds {} documents already",
            batch.file, batch.id, batch.documents
        ));
    }
}

/// Without a journal nothing is remembered: the file is written whole, or left if it says the same.
#[expect(
    clippy::disallowed_methods,
    reason = "a file with other content is never overwritten"
)]
fn without_journal(
    rows: &Rows,
    place: &Path,
    dry_run: bool,
    settings: &Settings,
) -> Result<(), Failure> {
    if !settings.quiet {
        ui::say(
            "no journal: nothing is remembered, and the next export writes these documents again (--journal FILE)",
        );
    }
    if dry_run {
        ui::say(format_args!(
            "{} documents would be written to `{}`",
            rows.documents.len(),
            place.display()
        ));
        return Ok(());
    }
    write_new(
        place,
        &rows.content,
        &rows.empty(),
        std::fs::read(place).ok(),
    )
}

fn write_new(
    place: &Path,
    content: &[u8],
    empty: &[u8],
    found: Option<Vec<u8>>,
) -> Result<(), Failure> {
    match found {
        Some(found) if found == content => Ok(()),
        Some(found) if found != empty => Err(Failure::text(
            Exit::CannotWrite,
            format!(
                "`{}`: has other content; it is not overwritten",
                place.display()
            ),
        )
        .hint("move that file away, or export to another place")),
        _ => atomic::write(place, content).map_err(|error| {
            Failure::new(Exit::CannotWrite, &error)
                .while_doing(format!("cannot write `{}`", place.display()))
        }),
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "a file with other content is never overwritten"
)]
fn again(session: &mut Session, batch: &str, place: Option<&Path>) -> Result<Exit, Failure> {
    let content = session.journal.batch_content(batch).map_err(|error| {
        Failure::new(Exit::Usage, &error)
            .hint("the manifest beside an exported file names its batch")
    })?;
    if let Some(place) = place {
        write_new(place, &content, &[], std::fs::read(place).ok())?;
    }
    session.end(Exit::Done)
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "the test looks at the files")]
mod tests {
    use super::*;

    #[test]
    fn other_content_is_never_overwritten() {
        let folder = tempfile::tempdir().expect("a folder");
        let place = folder.path().join("bills.csv");
        for (found, written) in [
            (None, true),
            (Some("head\n"), true),
            (Some("head\na\n"), true),
            (Some("mine"), false),
        ] {
            if let Some(found) = found {
                std::fs::write(&place, found).expect("written");
            }
            let outcome = write_new(&place, b"head\na\n", b"head\n", std::fs::read(&place).ok());
            assert_eq!(outcome.is_ok(), written, "{found:?}");
            if let Err(failure) = outcome {
                assert_eq!(failure.exit, Exit::CannotWrite);
            }
        }
        assert_eq!(std::fs::read(&place).expect("there"), b"mine");
    }
}
