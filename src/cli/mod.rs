//! Verbs: arguments and wiring, no work.

mod args;
mod audit;
mod batch;
mod bench;
mod books;
mod completions;
mod config;
mod correct;
mod decide;
mod decided;
mod doctor;
mod explain;
mod export;
mod failures;
mod find;
mod formats;
mod generate;
mod journal;
mod keys;
mod man;
mod ocr;
mod origin;
mod pending;
mod redrive;
mod retry;
mod rules;
mod run;
mod schema;
mod session;
mod settings;
mod show;
mod stage;
mod stages;
mod stats;
mod status;
mod strict;
mod why;
mod worker;

use std::fmt::Write as _;
use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};

use crate::ui::{self, Exit, Failure};
use args::Global;
use settings::Settings;

/// Accounts payable for the shell: reads invoices, checks them, routes them for approval, exports them, each exactly once.
#[derive(Debug, Parser)]
#[command(
    name = "vouch",
    version,
    before_help = "Example:\n  vouch run inbox -o out",
    after_help = after_help(),
    disable_help_subcommand = true,
    infer_subcommands = false
)]
struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    Run(run::Args),
    Ocr(ocr::Args),
    Extract(stage::ExtractArgs),
    Enrich(stage::EnrichArgs),
    Validate(stage::ValidateArgs),
    Route(stage::RouteArgs),
    Export(export::Args),
    Pending(pending::Args),
    Show(show::Args),
    Approve(decide::ApproveArgs),
    Reject(decide::RejectArgs),
    Correct(correct::Args),
    Status(status::Args),
    Stats(stats::Args),
    Audit(audit::Args),
    Retry(retry::Args),
    Journal(journal::Args),
    Doctor(doctor::Args),
    Formats(formats::Args),
    Generate(generate::Args),
    Rules(rules::Args),
    Bench(bench::Args),
    Explain(explain::Args),
    Schema(schema::Args),
    Config(config::Args),
    Completions(completions::Args),
    Man(man::Args),
    #[command(hide = true)]
    Worker(worker::Args),
}

/// Exit codes, as the help and the man page print them.
fn after_help() -> String {
    let mut rows: Vec<_> = ui::EXITS.iter().collect();
    rows.sort_by_key(|row| row.1);
    let mut text = "Exit codes:\n".to_owned();
    for (_, code, meaning) in rows {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "  {code:>3}  {meaning}");
    }
    text.push_str("\nA verb's own help: vouch VERB --help. Settings: flags, then VOUCH_* variables, then --config, ./vouch.toml and the user's own file.");
    text
}

/// The program's whole command line, for help, completions and man pages.
pub fn command() -> clap::Command {
    Cli::command()
}

/// Runs the program.
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            let wrong = error.use_stderr();
            if wrong {
                ui::say(error.render().to_string().trim_end());
                return Exit::Usage.into();
            }
            return match ui::write_out(&error.render().to_string()) {
                Ok(()) => Exit::Done.into(),
                Err(_) => Exit::CannotWrite.into(),
            };
        }
    };
    match run(cli) {
        Ok(exit) => exit.into(),
        Err(failure) => {
            failure.print();
            failure.exit.into()
        }
    }
}

fn run(cli: Cli) -> Result<Exit, Failure> {
    if let Verb::Worker(args) = cli.verb {
        return worker::run(&args);
    }
    let settings = Settings::load(&cli.global)?;
    match cli.verb {
        Verb::Run(args) => run::run(&args, &settings),
        Verb::Ocr(args) => ocr::run(&args, &settings),
        Verb::Extract(args) => stage::extract(&args, &settings),
        Verb::Enrich(args) => stage::enrich(&args, &settings),
        Verb::Validate(args) => stage::validate(&args, &settings),
        Verb::Route(args) => stage::route(&args, &settings),
        Verb::Export(args) => export::run(&args, &settings),
        Verb::Pending(args) => pending::run(&args, &settings),
        Verb::Show(args) => show::run(&args, &settings),
        Verb::Approve(args) => decide::approve(&args, &settings),
        Verb::Reject(args) => decide::reject(&args, &settings),
        Verb::Correct(args) => correct::run(&args, &settings),
        Verb::Status(args) => status::run(&args, &settings),
        Verb::Stats(args) => stats::run(&args, &settings),
        Verb::Audit(args) => audit::run(&args, &settings),
        Verb::Retry(args) => retry::run(&args, &settings),
        Verb::Journal(args) => journal::run(&args, &settings),
        Verb::Doctor(args) => doctor::run(&args, &settings),
        Verb::Formats(args) => formats::run(&args),
        Verb::Generate(args) => generate::run(&args, &settings),
        Verb::Rules(args) => rules::run(&args),
        Verb::Bench(args) => bench::run(&args),
        Verb::Explain(args) => explain::run(&args),
        Verb::Schema(args) => schema::run(&args),
        Verb::Config(args) => config::run(&args, &settings),
        Verb::Completions(args) => completions::run(&args),
        Verb::Man(args) => man::run(&args),
        Verb::Worker(args) => worker::run(&args),
    }
}

/// Writes text to standard output.
fn print(text: &str) -> Result<Exit, Failure> {
    ui::write_out(text).map(|()| Exit::Done).map_err(|error| {
        Failure::new(Exit::CannotWrite, &error).while_doing("cannot write the output")
    })
}

/// Writes a value as one line of JSON.
fn print_json(value: &impl serde::Serialize) -> Result<Exit, Failure> {
    let text = serde_json::to_string(value).map_err(|error| Failure::new(Exit::Bug, &error))?;
    print(&format!("{text}\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        command().debug_assert();
    }

    #[test]
    fn every_verb_opens_with_an_example() {
        for verb in command()
            .get_subcommands()
            .filter(|verb| !verb.is_hide_set())
        {
            let example = verb
                .get_before_help()
                .map(ToString::to_string)
                .unwrap_or_default();
            assert!(example.starts_with("Example:\n  "), "{}", verb.get_name());
            assert!(verb.get_about().is_some(), "{}", verb.get_name());
        }
    }
}
