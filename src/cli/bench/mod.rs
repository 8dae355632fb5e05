//! `vouch bench`: how good records are, measured against a truth.

mod report;

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, IsTerminal};
use std::path::{Path, PathBuf};
use std::str::FromStr;

use clap::ValueEnum;
use serde_json::Value;

use super::{print, print_json};
use crate::bench::{self, Calibration, Miss, Pairs, Prediction, Tally, Truth, misses};
use crate::ui::{Exit, Failure};

/// Score records against a truth: precision and recall by field, confidence against what is right, what thresholds pass.
///
/// The truth has a line of JSON a document: {"file": …, "kind": …, "lang": …, "truth": {FIELD: VALUE}}. A list means that any of it is right,
/// null that the document has no such value; a missing field is not scored. Records belong to the truth whose path ends like theirs.
#[derive(Debug, clap::Args)]
#[command(
    before_help = "Example:\n  vouch bench --truth fixtures/bench/truth.jsonl fixtures/bench/predictions.jsonl"
)]
pub(crate) struct Args {
    /// Records, as any stage after ocr writes them; - for standard input.
    #[arg(value_name = "RECORDS", default_value = "-")]
    predictions: PathBuf,
    /// What is right, one line of JSON a document.
    #[arg(long, value_name = "FILE")]
    truth: PathBuf,
    /// Score each part of the documents by itself, too.
    #[arg(long, value_name = "WHAT")]
    by: Option<By>,
    /// Only documents of these kinds, separated by commas.
    #[arg(long, value_name = "KIND", value_delimiter = ',')]
    kind: Vec<String>,
    /// End with 1 if a score is lower: f1, precision, recall (of all fields), key (share of documents with every key field
    /// right), or the F1 of a FIELD.
    #[arg(long = "gate", value_name = "SCORE=LEAST")]
    gates: Vec<Gate>,
    /// List what is wrong, missed or invented.
    #[arg(long)]
    errors: bool,
    /// One JSON object instead of tables.
    #[arg(long)]
    json: bool,
}

/// By what documents are parted.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum By {
    /// Kind of file.
    Kind,
    /// Language.
    Lang,
    /// Kind of document.
    #[value(name = "doc_type")]
    DocType,
    /// Vendor or template.
    Group,
}

impl By {
    fn of(self, truth: &Truth) -> &str {
        match self {
            By::Kind => &truth.kind,
            By::Lang => &truth.lang,
            By::DocType => &truth.doc_type,
            By::Group => &truth.group,
        }
    }
}

/// A score that must be reached.
#[derive(Clone, Debug)]
struct Gate {
    score: String,
    least: f64,
}

impl FromStr for Gate {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (score, least) = text
            .split_once('=')
            .ok_or("write it as SCORE=LEAST, such as f1=0.95")?;
        if value(&Tally::default(), score).is_none() {
            return Err(format!(
                "no score `{score}`; there are f1, precision, recall, key, {}, {}",
                bench::FIELDS.join(", "),
                bench::LINES
            ));
        }
        let least = least
            .parse()
            .ok()
            .filter(|least| (0.0..=1.0).contains(least))
            .ok_or("the least score is a number from 0 to 1")?;
        Ok(Self {
            score: score.to_owned(),
            least,
        })
    }
}

/// A score by the name that a gate gives it.
fn value(tally: &Tally, score: &str) -> Option<f64> {
    Some(match score {
        "f1" => tally.all().f1(),
        "precision" => tally.all().precision(),
        "recall" => tally.all().recall(),
        "key" => tally.key_share(),
        field => tally.field(field)?.f1(),
    })
}

/// What became of a gate.
#[derive(Debug)]
struct Passed {
    gate: Gate,
    reached: f64,
    holds: bool,
}

/// Documents that are scored together.
#[derive(Debug, Default)]
struct Part {
    tally: Tally,
    calibration: Calibration,
}

/// Everything that is reported.
#[derive(Debug, Default)]
struct Report {
    all: Part,
    by: Option<By>,
    parts: BTreeMap<String, Part>,
    pairs: Pairs,
    gates: Vec<Passed>,
    errors: Option<Vec<Miss>>,
}

/// Runs the verb.
///
/// # Errors
/// See [`Failure`].
pub(crate) fn run(args: &Args) -> Result<Exit, Failure> {
    let mut truths: Vec<Truth> = Vec::new();
    each_line(&args.truth, |truth| {
        truths.push(serde_json::from_value(truth)?);
        Ok(())
    })?;
    let mut predictions = Vec::new();
    each_line(&args.predictions, |record| {
        predictions.push(Prediction::of(&record));
        Ok(())
    })?;
    let report = score(args, &truths, &predictions);
    if report.all.tally.documents == 0 {
        let mut kinds: Vec<&str> = truths.iter().map(|truth| truth.kind.as_str()).collect();
        kinds.sort_unstable();
        kinds.dedup();
        let failure = Failure::usage(format!("{}: no document to score", args.truth.display()));
        return Err(if kinds.is_empty() {
            failure
        } else {
            failure.hint(format!("its kinds are {}", kinds.join(", ")))
        });
    }
    if args.json {
        print_json(&report::json(&report))?;
    } else {
        print(&report::text(&report))?;
    }
    Ok(if report.gates.iter().all(|gate| gate.holds) {
        Exit::Done
    } else {
        Exit::Condition
    })
}

fn score(args: &Args, truths: &[Truth], predictions: &[Prediction]) -> Report {
    let mut report = Report {
        by: args.by,
        pairs: bench::pair(truths, predictions),
        errors: args.errors.then(Vec::new),
        ..Report::default()
    };
    for (truth, number) in truths.iter().zip(&report.pairs.of) {
        if !args.kind.is_empty() && !args.kind.contains(&truth.kind) {
            continue;
        }
        let prediction = number.and_then(|number| predictions.get(number));
        let part = args
            .by
            .map(|by| report.parts.entry(by.of(truth).to_owned()).or_default());
        for part in std::iter::once(&mut report.all).chain(part) {
            part.tally.add(&truth.truth, prediction);
            part.calibration.add(&truth.truth, prediction);
        }
        if let Some(errors) = &mut report.errors {
            errors.extend(misses(&truth.file, &truth.truth, prediction));
        }
    }
    for gate in &args.gates {
        let reached = value(&report.all.tally, &gate.score).unwrap_or(0.0);
        report.gates.push(Passed {
            gate: gate.clone(),
            reached,
            holds: reached >= gate.least,
        });
    }
    report
}

/// Hands over each line of JSON of a file; `-` is standard input.
fn each_line(
    path: &Path,
    mut take: impl FnMut(Value) -> Result<(), serde_json::Error>,
) -> Result<(), Failure> {
    let shown = path.display();
    let cannot = |error: &std::io::Error| {
        Failure::new(Exit::Usage, error).while_doing(format!("cannot read `{shown}`"))
    };
    for (number, line) in open(path)?.lines().enumerate() {
        let line = line.map_err(|error| cannot(&error))?;
        if line.trim().is_empty() {
            continue;
        }
        serde_json::from_str(&line)
            .and_then(&mut take)
            .map_err(|error| {
                Failure::new(Exit::Usage, &error)
                    .while_doing(format!("`{shown}`, line {}", number + 1))
            })?;
    }
    Ok(())
}

fn open(path: &Path) -> Result<Box<dyn BufRead>, Failure> {
    if path == Path::new("-") {
        if std::io::stdin().is_terminal() {
            return Err(Failure::usage(
                "`bench` reads records from standard input, and that is a terminal",
            )
            .hint("vouch ocr FILE | vouch extract | vouch bench --truth FILE"));
        }
        return Ok(Box::new(BufReader::new(std::io::stdin())));
    }
    #[expect(
        clippy::disallowed_methods,
        reason = "a verb reads the files it is given"
    )]
    let file = std::fs::File::open(path).map_err(|error| {
        Failure::new(Exit::Usage, &error).while_doing(format!("cannot read `{}`", path.display()))
    })?;
    Ok(Box::new(BufReader::new(file)))
}
