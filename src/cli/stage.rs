//! `vouch extract | enrich | validate | route`: one stage each, lines in, lines out.

use std::io::{BufReader, IsTerminal};

use super::args::Work;
use super::session::{Driven, Keeps, Session, exit_of};
use super::settings::Settings;
use super::stages;
use super::strict::Strict;
use crate::drive::{Chain, Feed, Lines};
use crate::stage::Stage;
use crate::ui::{Exit, Failure, Out};

/// Turn words into an invoice: each value with its evidence and how sure it is.
///
/// What an e-invoice says itself is kept as it is.
#[derive(Debug, clap::Args)]
#[command(before_help = "Example:\n  vouch ocr fixtures/inbox | vouch extract")]
pub(crate) struct ExtractArgs {
    /// Keep the words with their boxes in the line.
    #[arg(long)]
    keep_words: bool,
    /// Say in each field's evidence what else was considered, and why the choice won.
    #[arg(long)]
    explain: bool,
    #[command(flatten)]
    work: Work,
}

/// Find the vendor in the reference data.
#[derive(Debug, clap::Args)]
#[command(
    before_help = "Example:\n  vouch ocr fixtures/inbox | vouch extract | vouch enrich --reference fixtures/reference"
)]
pub(crate) struct EnrichArgs {
    #[command(flatten)]
    work: Work,
}

/// Check invoices: sums, VAT, identity, dates, duplicates, bank accounts.
///
/// Findings are data in the line. `vouch rules` lists the rules, `vouch explain CODE` tells one.
#[derive(Debug, clap::Args)]
#[command(
    before_help = "Example:\n  vouch ocr fixtures/inbox/small-en.pdf | vouch extract | vouch validate --strict"
)]
pub(crate) struct ValidateArgs {
    /// End with 1 if any document has an error among its findings, and say which on standard error.
    #[arg(long)]
    strict: bool,
    #[command(flatten)]
    work: Work,
}

/// Decide who has to approve each invoice, and approve what is clean and within the limit.
#[derive(Debug, clap::Args)]
#[command(
    before_help = "Example:\n  vouch ocr fixtures/inbox | vouch extract | vouch validate | vouch route"
)]
pub(crate) struct RouteArgs {
    #[command(flatten)]
    work: Work,
}

/// Runs `extract`.
///
/// # Errors
/// See [`Failure`].
pub(crate) fn extract(args: &ExtractArgs, settings: &Settings) -> Result<Exit, Failure> {
    through(
        "extract",
        &stages::extract(settings, args.keep_words, args.explain),
        &args.work,
        false,
        settings,
    )
}

/// Runs `enrich`.
///
/// # Errors
/// See [`Failure`].
pub(crate) fn enrich(args: &EnrichArgs, settings: &Settings) -> Result<Exit, Failure> {
    through(
        "enrich",
        &stages::enrich(settings)?,
        &args.work,
        false,
        settings,
    )
}

/// Runs `validate`.
///
/// # Errors
/// See [`Failure`].
pub(crate) fn validate(args: &ValidateArgs, settings: &Settings) -> Result<Exit, Failure> {
    through(
        "validate",
        &stages::validate(settings),
        &args.work,
        args.strict,
        settings,
    )
}

/// Runs `route`.
///
/// # Errors
/// See [`Failure`].
pub(crate) fn route(args: &RouteArgs, settings: &Settings) -> Result<Exit, Failure> {
    through(
        "route",
        &stages::route(settings)?,
        &args.work,
        false,
        settings,
    )
}

fn through(
    verb: &str,
    stage: &dyn Stage,
    work: &Work,
    strict: bool,
    settings: &Settings,
) -> Result<Exit, Failure> {
    let feed = lines(verb)?;
    let mut session = Session::open(verb, settings, Keeps::IfSet, None)?;
    let mut out = Strict::new(Lines::new(Out::lock(), work.money_strings), strict);
    let driven = Driven {
        chain: Chain {
            source: None,
            stages: &[stage],
        },
        work,
        intake: None,
        feed,
        out: &mut out,
    };
    let tally = session.drive(driven, settings)?;
    session.end(out.exit(exit_of(&tally, work)))
}

/// The lines on standard input.
///
/// # Errors
/// If somebody sits at it.
pub(crate) fn lines(verb: &str) -> Result<Feed, Failure> {
    if std::io::stdin().is_terminal() {
        return Err(Failure::usage(format!(
            "`{verb}` reads documents from standard input, and that is a terminal"
        ))
        .hint(format!("vouch ocr FILE | … | vouch {verb}")));
    }
    Ok(Feed::Lines(Box::new(BufReader::with_capacity(
        1 << 16,
        std::io::stdin(),
    ))))
}
