//! `vouch run`: the whole chain in one process.

use std::path::{Path, PathBuf};

use super::args::{Intake, Work};
use super::batch::{self, Exported, Rows};
use super::books::Books;
use super::ocr;
use super::session::{Driven, Keeps, Session, exit_of, journal_failure};
use super::settings::Settings;
use super::stages::Stages;
use super::strict::Strict;
use super::worker;
use crate::drive::{Chain, Emit, Lines};
use crate::export;
use crate::model::Document;
use crate::ui::{self, Exit, Failure, Out, Summary};

/// Read, check, route and export invoices: the whole chain in one process.
///
/// With -o it leaves records.jsonl (everything), bills.csv (approved, each exactly once), held.csv (what waits, why and
/// for whom) and failed.csv (what could not be read). Without -o the records go to standard output.
#[derive(Debug, clap::Args)]
#[command(
    before_help = "Example:\n  vouch run fixtures/inbox --reference fixtures/reference -o out"
)]
pub(crate) struct Args {
    #[command(flatten)]
    intake: Intake,
    /// Folder for the results.
    #[arg(short, long, value_name = "DIR")]
    output: Option<PathBuf>,
    /// End with 1 if any document has an error among its findings, and say which on standard error.
    #[arg(long)]
    strict: bool,
    #[command(flatten)]
    work: Work,
}

/// Where the records go.
enum Sink {
    Books(Box<Books>),
    Lines(Lines<Out>),
    Nowhere,
}

impl Emit for Sink {
    fn emit(&mut self, document: &Document) -> std::io::Result<()> {
        match self {
            Sink::Books(books) => books.emit(document),
            Sink::Lines(lines) => lines.emit(document),
            Sink::Nowhere => Ok(()),
        }
    }

    fn flush(&mut self) -> std::io::Result<()> {
        match self {
            Sink::Books(books) => books.flush(),
            Sink::Lines(lines) => lines.flush(),
            Sink::Nowhere => Ok(()),
        }
    }
}

/// Runs the verb.
///
/// # Errors
/// See [`Failure`].
pub(crate) fn run(args: &Args, settings: &Settings) -> Result<Exit, Failure> {
    let feed = ocr::feed(&args.intake)?;
    let pool = worker::pool(settings, Some(&args.intake))?;
    let stages = Stages::new(settings)?;
    let mut session = Session::open("run", settings, Keeps::Always, None)?;
    let mut out = Strict::new(sink(args)?, args.strict);
    let driven = Driven {
        chain: Chain {
            source: Some(&pool),
            stages: &stages.chain(),
        },
        work: &args.work,
        intake: Some(&args.intake),
        feed,
        out: &mut out,
    };
    let tally = session.work(driven, settings)?;
    let mut exit = out.exit(exit_of(&tally, &args.work));
    let mut summary = Summary::default();
    match (out.into_inner(), &args.output) {
        (Sink::Books(books), Some(folder)) => {
            exit = exit.or(finish(*books, folder, &mut session, &mut summary)?);
        }
        (Sink::Nowhere, _) => summary
            .next
            .push("give -o DIR for bills.csv, held.csv, failed.csv and records.jsonl".to_owned()),
        _ => {}
    }
    ui::tell(&tally, &summary);
    if settings.says_summary() && !tally.broken_pipe {
        let head = session.journal.head().map_err(journal_failure)?;
        summary.journal = session
            .journal
            .path()
            .map(|path| (path.display().to_string(), head.to_string()));
        ui::say(ui::summary(&tally, &summary).trim_end());
    }
    if tally.broken_pipe {
        exit = Exit::Done;
    }
    session.end(exit)
}

fn sink(args: &Args) -> Result<Sink, Failure> {
    match &args.output {
        Some(folder) => Books::create(folder, args.work.money_strings)
            .map(|books| Sink::Books(Box::new(books)))
            .map_err(|error| {
                Failure::new(Exit::CannotWrite, &error)
                    .while_doing(format!("cannot write into `{}`", folder.display()))
            }),
        // A screen full of JSON helps nobody.
        None if ui::is_terminal() => Ok(Sink::Nowhere),
        None => Ok(Sink::Lines(Lines::new(
            Out::lock(),
            args.work.money_strings,
        ))),
    }
}

/// Puts the files of the run's folder in place and exports what is approved.
fn finish(
    books: Books,
    folder: &Path,
    session: &mut Session,
    summary: &mut Summary,
) -> Result<Exit, Failure> {
    let cannot = |error: std::io::Error| {
        Failure::new(Exit::CannotWrite, &error)
            .while_doing(format!("cannot write into `{}`", folder.display()))
    };
    let (held, failed) = books.commit().map_err(cannot)?;
    let exporter =
        export::exporter("csv").ok_or_else(|| Failure::text(Exit::Bug, "no csv exporter"))?;
    let rows = Rows::new(exporter, export::Options::default()).map_err(batch::export_failure)?;
    let exported = batch::export(session, rows, exporter.name, &folder.join("bills.csv"))?;
    told(&exported, folder, (held, failed), summary);
    Ok(exported.exit)
}

fn told(exported: &Exported, folder: &Path, (held, failed): (u64, u64), summary: &mut Summary) {
    let name = |file: &str| folder.join(file).display().to_string();
    summary.exported = Some(
        exported
            .formed
            .as_ref()
            .map_or(0, |formed| formed.documents),
    );
    for batch in &exported.here {
        let new = exported
            .formed
            .as_ref()
            .is_some_and(|formed| formed.id == batch.id);
        let when = if new {
            "exported now"
        } else {
            "exported before, not again"
        };
        let sums = totals(&batch.control);
        // The batch has its whole path; here it lies beside the others, and is named as they are.
        let file = Path::new(&batch.file).file_name();
        summary.files.push((
            name(&file.unwrap_or_default().to_string_lossy()),
            format!("{}, {when}{sums}", bills(batch.documents)),
        ));
    }
    if exported.here.is_empty() {
        summary
            .files
            .push((name("bills.csv"), "no approved bills".to_owned()));
    }
    for batch in &exported.elsewhere {
        summary.files.push((
            batch.file.clone(),
            format!("{} bills exported there by an earlier run", batch.documents),
        ));
    }
    summary.files.push((
        name("held.csv"),
        format!("{held} held, with the reason and who decides"),
    ));
    summary.files.push((
        name("failed.csv"),
        format!("{failed} failed, with the reason"),
    ));
    summary.files.push((
        name("records.jsonl"),
        "everything known, one line a document".to_owned(),
    ));
    if held > 0 {
        summary.next.push("vouch pending lists what waits; vouch show ID, then vouch approve ID, reject ID or correct ID FIELD=VALUE".to_owned());
    }
    if failed > 0 {
        summary.next.push(
            "vouch explain CODE tells what a failure means; vouch retry --failed tries again"
                .to_owned(),
        );
    }
}

fn bills(count: u64) -> String {
    format!("{count} approved bill{}", if count == 1 { "" } else { "s" })
}

/// `: EUR 12.50, USD 3.00`.
fn totals(control: &str) -> String {
    let sums: std::collections::BTreeMap<String, String> =
        serde_json::from_str(control).unwrap_or_default();
    let text: Vec<String> = sums
        .iter()
        .map(|(currency, sum)| format!("{currency} {sum}"))
        .collect();
    if text.is_empty() {
        String::new()
    } else {
        format!(": {}", text.join(", "))
    }
}
