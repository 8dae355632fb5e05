//! `vouch bench`: records against a truth file.

use std::fmt::Write as _;
use std::fs::File;
use std::io::{BufRead, BufReader, IsTerminal};
use std::path::{Path, PathBuf};

use clap::ValueEnum;

use super::{print, print_json};
use crate::bench::{self, BenchError, Gate, Part, Passed, Report, Selection, THRESHOLDS, Tally};
use crate::ui::{self, Exit, Failure, Table};

/// Most names that a note gives; the JSON has all.
const NAMED: usize = 5;

/// Measure: score records against a truth file, and tell what their confidence is worth.
///
/// A truth file has a line a document: {"file": "a.pdf", "truth": {"total": "12.50", "iban": null}}, and perhaps kind,
/// lang, doc_type and group. A list means that any of its values is right, null that the document has no such thing; a
/// field that is not there is not scored. Records belong to documents by the end of their paths.
#[derive(Debug, clap::Args)]
#[command(
    before_help = "Example:\n  vouch ocr fixtures/inbox | vouch extract | vouch bench --truth fixtures/truth.jsonl"
)]
pub(crate) struct Args {
    /// What the documents really say.
    #[arg(long, value_name = "FILE")]
    truth: PathBuf,
    /// The records to score; - for standard input.
    #[arg(value_name = "RECORDS", default_value = "-")]
    records: PathBuf,
    /// Tell it for each of these as well.
    #[arg(long, value_name = "PART")]
    by: Option<By>,
    /// Score only documents of these kinds, parted by commas.
    #[arg(long, value_name = "KIND", value_delimiter = ',')]
    kind: Vec<String>,
    /// End with 1 unless all hold, such as f1>=0.95,key>=0.85,total.precision>=0.99,ece<=0.05,missing<=0,passed@0.9>=0.5,wrong@0.9<=0.01.
    #[arg(long, value_name = "CONDITIONS")]
    gate: Option<Gate>,
    /// List each field that is wrong or was missed.
    #[arg(long)]
    errors: bool,
    /// How the report is written.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

/// By what documents are told apart.
#[derive(Clone, Copy, Debug, ValueEnum)]
#[value(rename_all = "snake_case")]
enum By {
    /// What sort of file it is.
    Kind,
    /// Its language.
    Lang,
    /// Invoice, receipt, credit note.
    DocType,
    /// Vendor or template.
    Group,
}

/// How the report is written.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    /// Tables for people.
    Text,
    /// One JSON object.
    Json,
}

/// Runs the verb.
///
/// # Errors
/// See [`Failure`].
pub(crate) fn run(args: &Args) -> Result<Exit, Failure> {
    let truth = lines(&args.truth, |input| bench::truth(input))?;
    let records = lines(&args.records, |input| bench::predictions(input))?;
    let selection = Selection {
        kinds: args.kind.clone(),
        by: args.by.map(|by| match by {
            By::Kind => Part::Kind,
            By::Lang => Part::Lang,
            By::DocType => Part::DocType,
            By::Group => Part::Group,
        }),
    };
    let report = bench::score(&truth, &records, &selection);
    if report.total.documents == 0 {
        return Err(
            Failure::usage(format!("`{}`: no document to score", args.truth.display()))
                .hint("--kind names kinds that the truth file gives"),
        );
    }
    let done = match args.format {
        Format::Json => print_json(&report.json(args.errors))?,
        Format::Text => print(&text(&report, args.by, args.errors))?,
    };
    let failed = args.gate.as_ref().map(|gate| gate.failed(&report));
    let failed = failed.unwrap_or_default();
    for condition in &failed {
        ui::say(format_args!("vouch: gate: {condition}"));
    }
    Ok(if failed.is_empty() {
        done
    } else {
        done.or(Exit::Condition)
    })
}

/// Reads a file, or standard input for `-`.
fn lines<T>(
    path: &Path,
    read: impl Fn(&mut dyn BufRead) -> Result<T, BenchError>,
) -> Result<T, Failure> {
    let wrong = |error: BenchError| {
        let exit = match error {
            BenchError::Read { .. } => Exit::InputUnreadable,
            _ => Exit::Usage,
        };
        Failure::new(exit, &error).while_doing(format!("cannot score by `{}`", path.display()))
    };
    if path.as_os_str() == "-" {
        if std::io::stdin().is_terminal() {
            return Err(Failure::usage("no records: standard input is a terminal")
                .hint("name a file, or pipe records in"));
        }
        return read(&mut std::io::stdin().lock()).map_err(wrong);
    }
    let file = File::options().read(true).open(path).map_err(|error| {
        Failure::new(Exit::Usage, &error).while_doing(format!("cannot read `{}`", path.display()))
    })?;
    read(&mut BufReader::new(file)).map_err(wrong)
}

/// The report for people.
fn text(report: &Report, by: Option<By>, errors: bool) -> String {
    let mut text = fields(&report.total);
    let total = &report.total;
    // Writing to a string cannot fail.
    let _ = writeln!(
        text,
        "\n{} documents, {} with a record. Number, date, total and vendor all right: {} of {} ({})",
        total.documents,
        total.predicted,
        total.key_right,
        total.key_documents,
        percent(total.key_share())
    );
    if by.is_some() {
        let _ = write!(text, "\n{}", parts(report));
    }
    let _ = write!(text, "\n{}\n{}", calibration(report), thresholds(report));
    if errors {
        let _ = write!(text, "\n{}", misses(report));
    }
    for (files, means) in [
        (
            &report.without_record,
            "without a record: all they have counts as missed",
        ),
        (
            &report.without_truth,
            "records of no document of the truth file: not scored",
        ),
        (
            &report.repeated,
            "further records of a document that has one: not scored",
        ),
    ] {
        if !files.is_empty() {
            let _ = writeln!(text, "\n{} {means}\n{}", files.len(), named(files));
        }
    }
    text
}

fn fields(tally: &Tally) -> String {
    let mut table = Table::new(&[
        "FIELD",
        ">PRESENT",
        ">PREDICTED",
        ">RIGHT",
        ">PRECISION",
        ">RECALL",
        ">F1",
    ]);
    let all = [("all but the lines", tally.all())];
    for (field, counts) in tally.fields().chain(all) {
        table.row([
            field.to_owned(),
            counts.present.to_string(),
            counts.predicted.to_string(),
            counts.right.to_string(),
            share(counts.precision()),
            share(counts.recall()),
            share(counts.f1()),
        ]);
    }
    table.text()
}

/// F1 of the key fields for each part.
fn parts(report: &Report) -> String {
    let mut table = Table::new(&[
        "PART (F1 OF)",
        ">DOCUMENTS",
        ">RECORDS",
        ">NUMBER",
        ">DATE",
        ">TOTAL",
        ">VENDOR",
        ">LINES",
        ">ALL",
        ">KEY FIELDS RIGHT",
    ]);
    for (name, tally) in &report.by {
        let f1 = |field: &str| share(tally.field(field).unwrap_or_default().f1());
        let name = if name.is_empty() { "(not given)" } else { name };
        let mut row = vec![
            name.to_owned(),
            tally.documents.to_string(),
            tally.predicted.to_string(),
        ];
        row.extend(
            bench::KEY
                .iter()
                .chain([&bench::LINES])
                .map(|field| f1(field)),
        );
        row.extend([share(tally.all().f1()), percent(tally.key_share())]);
        table.row(row);
    }
    table.text()
}

fn calibration(report: &Report) -> String {
    let calibration = &report.calibration;
    let mut table = Table::new(&[
        "CONFIDENCE",
        ">VALUES",
        ">RIGHT",
        ">SHARE RIGHT",
        ">MEAN CONFIDENCE",
    ]);
    for band in &calibration.bands {
        let or_none = |value: Option<f64>| value.map_or_else(|| "-".to_owned(), share);
        table.row([
            format!("{:.2} to {:.2}", band.from, band.to),
            band.values.to_string(),
            band.right.to_string(),
            or_none(band.share_right()),
            or_none(band.stated()),
        ]);
    }
    if calibration.unstated > 0 {
        table.row([
            "none stated".to_owned(),
            calibration.unstated.to_string(),
            calibration.unstated_right.to_string(),
            share(calibration.unstated_right as f64 / calibration.unstated as f64),
            "-".to_owned(),
        ]);
    }
    format!(
        "Confidence of the key fields (number, date, total, vendor) against what is right:\n{}expected calibration error {}\n",
        table.text(),
        share(calibration.error())
    )
}

fn thresholds(report: &Report) -> String {
    let mut table = Table::new(&[
        "LEAST CONFIDENCE",
        ">PASSED",
        ">SHARE PASSED",
        ">WITH A WRONG KEY FIELD",
        ">SHARE OF PASSED",
    ]);
    let mut row = |name: String, passed: &Passed| {
        table.row([
            name,
            passed.passed.to_string(),
            percent(passed.share()),
            passed.wrong.to_string(),
            if passed.passed == 0 {
                "-".to_owned()
            } else {
                percent(passed.share_wrong())
            },
        ]);
    };
    for threshold in THRESHOLDS {
        row(
            format!("{threshold:.2}"),
            &report.calibration.passed_at(threshold),
        );
    }
    if let Some(routed) = report.calibration.routed() {
        row("approved by the policy".to_owned(), &routed);
    }
    format!(
        "If a document passed whenever all four key fields are found with at least this confidence:\n{}",
        table.text()
    )
}

fn misses(report: &Report) -> String {
    let mut table = Table::new(&["FILE", "FIELD", "PREDICTED", "TRUTH"]);
    for miss in &report.misses {
        table.row([
            tail(&miss.file),
            miss.field.to_owned(),
            shown(&miss.predicted),
            shown(&miss.truth),
        ]);
    }
    table.text()
}

/// The end of a path: its beginning is much the same for all.
fn tail(path: &str) -> String {
    let letters: Vec<char> = path.chars().collect();
    match letters.len().checked_sub(47) {
        None | Some(0) => path.to_owned(),
        Some(cut) => format!("…{}", letters[cut..].iter().collect::<String>()),
    }
}

/// A value as people read it; of a line its total and description.
fn shown(value: &serde_json::Value) -> String {
    use serde_json::Value;
    match value {
        Value::Null => "-".to_owned(),
        Value::String(text) => text.clone(),
        Value::Array(any) => any.iter().map(shown).collect::<Vec<_>>().join(" or "),
        Value::Object(line) => ["total", "description"]
            .iter()
            .filter_map(|field| line.get(*field).map(shown))
            .collect::<Vec<_>>()
            .join(" "),
        other => other.to_string(),
    }
}

fn named(files: &[String]) -> String {
    let mut lines: Vec<String> = files
        .iter()
        .take(NAMED)
        .map(|file| format!("  {}", ui::plain(file)))
        .collect();
    if files.len() > NAMED {
        lines.push(format!(
            "  and {} more; --format json has all",
            files.len() - NAMED
        ));
    }
    lines.join("\n")
}

fn share(value: f64) -> String {
    format!("{value:.3}")
}

fn percent(value: f64) -> String {
    format!("{:.1} %", value * 100.0)
}
