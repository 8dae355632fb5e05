//! `vouch generate`: invoices for orders, or invented ones with their truth.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::settings::Settings;
use crate::drive::atomic;
use crate::generate::{self, Layout, Made, Noise, Split, Words};
use crate::model::Invoice;
use crate::ui::{self, Exit, Failure};

/// Make invoices: for orders, or invented ones with what is on them.
///
/// Orders are JSON lines of the record's form, `{"invoice": {…}}` or the invoice alone; sums that are missing are
/// computed. Without orders --count invoices are invented, in many layouts and languages, to measure reading with. Beside
/// the documents stands `truth.jsonl`: what was printed on each. The same arguments give the same bytes.
#[derive(Debug, clap::Args)]
#[command(before_help = "Example:\n  vouch generate --count 3 --seed 7 -o generated")]
pub(crate) struct Args {
    /// Orders, one JSON object a line; `-` is standard input.
    #[arg(value_name = "ORDERS", conflicts_with_all = ["count", "split"])]
    orders: Option<PathBuf>,
    /// How many to invent.
    #[arg(long, value_name = "N", default_value_t = 10)]
    count: u64,
    /// What everything invented follows from.
    #[arg(long, value_name = "S", default_value_t = 1)]
    seed: u64,
    /// Layouts to learn from, those to judge by, or all.
    #[arg(long, value_enum, default_value = "all")]
    split: Splits,
    /// Only this layout; may be given several times. For orders: neat.
    #[arg(long, value_name = "NAME", value_parser = clap::builder::PossibleValuesParser::new(generate::layouts().iter().map(|layout| layout.name)))]
    layout: Vec<String>,
    /// Only these languages, separated by commas.
    #[arg(long, value_name = "LIST", value_delimiter = ',', value_parser = clap::builder::PossibleValuesParser::new(generate::languages().iter().map(|words| words.language)))]
    lang: Vec<String>,
    /// What to write for each.
    #[arg(long, value_enum, default_value = "pdf")]
    format: Format,
    /// What happened to pictures on their way.
    #[arg(long, value_enum, default_value = "none")]
    noise: Noises,
    /// Folder to write into.
    #[arg(short, long, value_name = "DIR")]
    output: PathBuf,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Splits {
    Train,
    Test,
    All,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// A PDF with text.
    Pdf,
    /// The structured invoice.
    Json,
    /// A picture of the page.
    Png,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Noises {
    None,
    Scan,
    Photo,
}

/// One document to make.
struct Job {
    invoice: Invoice,
    layout: &'static Layout,
    words: &'static Words,
    seed: u64,
    name: String,
}

/// Runs the verb.
///
/// # Errors
/// See [`Failure`].
pub(crate) fn run(args: &Args, settings: &Settings) -> Result<Exit, Failure> {
    if args.noise != Noises::None && args.format != Format::Png {
        return Err(Failure::usage("--noise is for --format png"));
    }
    let jobs = match &args.orders {
        Some(path) => ordered(args, &text_of(path)?)?,
        None => invented(args)?,
    };
    let mut truths = String::new();
    for job in &jobs {
        let truth = write(args, job)?;
        truths.push_str(&truth.to_string());
        truths.push('\n');
    }
    put(&args.output.join("truth.jsonl"), truths.as_bytes())?;
    if !settings.quiet {
        ui::say(format!(
            "{} documents and truth.jsonl in {}",
            jobs.len(),
            args.output.display()
        ));
    }
    Ok(Exit::Done)
}

/// Layouts and languages in turn, so that few documents already show many.
fn invented(args: &Args) -> Result<Vec<Job>, Failure> {
    let layouts: Vec<&'static Layout> = generate::layouts()
        .iter()
        .filter(|layout| match args.split {
            Splits::Train => layout.split == Split::Train,
            Splits::Test => layout.split == Split::Test,
            Splits::All => true,
        })
        .filter(|layout| {
            args.layout.is_empty() || args.layout.iter().any(|name| name == layout.name)
        })
        .collect();
    let languages: Vec<&'static Words> = generate::languages()
        .iter()
        .filter(|words| args.lang.is_empty() || args.lang.iter().any(|name| name == words.language))
        .collect();
    if layouts.is_empty() || languages.is_empty() {
        return Err(Failure::usage("no layout is left").hint("leave out --split or --layout"));
    }
    let all = layouts.len() as u64;
    Ok((0..args.count)
        .map(|place| {
            let layout = layouts[(place % all) as usize];
            // A round further each layout gets the next language: no pair comes twice before each was there.
            let turn = (place % all + place / all) % languages.len() as u64;
            let words = languages[turn as usize];
            let seed = args.seed.wrapping_mul(1_000_003).wrapping_add(place);
            let name = format!("{:05}-{}-{}", place + 1, layout.name, words.language);
            Job {
                invoice: generate::invent(words, layout, seed),
                layout,
                words,
                seed,
                name,
            }
        })
        .collect())
}

fn ordered(args: &Args, text: &str) -> Result<Vec<Job>, Failure> {
    let wanted = args.layout.first().map_or("neat", String::as_str);
    let layout = generate::layouts()
        .iter()
        .find(|layout| layout.name == wanted);
    let mut jobs = Vec::new();
    for (place, line) in text
        .lines()
        .enumerate()
        .filter(|(_, line)| !line.trim().is_empty())
    {
        let fail = |error: &(dyn std::error::Error + 'static)| {
            Failure::new(Exit::Usage, error).while_doing(format!("cannot read order {}", place + 1))
        };
        let mut value: Value = serde_json::from_str(line).map_err(|error| fail(&error))?;
        let inner = value.get_mut("invoice").map(Value::take).unwrap_or(value);
        let mut invoice: Invoice = serde_json::from_value(inner).map_err(|error| fail(&error))?;
        generate::complete(&mut invoice);
        if invoice.invoice_number.text().is_none() || !invoice.total.is_value() {
            return Err(Failure::usage(format!(
                "order {}: no number, or no lines to sum up",
                place + 1
            ))
            .hint(
                "it needs invoice_number, and line_items with quantity, unit_price and vat_rate",
            ));
        }
        let language = args
            .lang
            .first()
            .map(String::as_str)
            .or(invoice.language.text())
            .unwrap_or("en");
        let words = generate::words(language).or_else(|| generate::words("en"));
        let (Some(layout), Some(words)) = (layout, words) else {
            continue;
        };
        let number: String = invoice
            .invoice_number
            .text()
            .unwrap_or_default()
            .chars()
            .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
            .collect();
        let name = format!("{:05}-{number}", place + 1);
        jobs.push(Job {
            invoice,
            layout,
            words,
            seed: args.seed,
            name,
        });
    }
    Ok(jobs)
}

/// Makes one document and returns its line of the truth.
fn write(args: &Args, job: &Job) -> Result<Value, Failure> {
    let bug = |error: &(dyn std::error::Error + 'static)| {
        Failure::new(Exit::Bug, error).while_doing(format!("cannot make `{}`", job.name))
    };
    let Made { pdf, pages, truth } = generate::make(&job.invoice, job.layout, job.words, job.seed)
        .map_err(|error| bug(&error))?;
    let noise = match args.noise {
        Noises::None => Noise::None,
        Noises::Scan => Noise::Scan,
        Noises::Photo => Noise::Photo,
    };
    let (extension, kind, bytes) = match args.format {
        Format::Pdf => ("pdf", "pdf-text", pdf),
        Format::Json => {
            let mut text = serde_json::to_vec(&json!({ "invoice": job.invoice }))
                .map_err(|error| bug(&error))?;
            text.push(b'\n');
            ("json", "other", text)
        }
        Format::Png => (
            "png",
            "image",
            generate::png(&pdf, noise, job.seed).map_err(|error| bug(&error))?,
        ),
    };
    let file = format!("{}.{extension}", job.name);
    put(&args.output.join(&file), &bytes)?;
    let doc_type = match job.invoice.document_type.text() {
        Some("381") => "credit_note",
        _ if !job.invoice.buyer_name.is_value() => "receipt",
        _ => "invoice",
    };
    let mut line = json!({
        "id": job.name, "file": file, "kind": kind, "lang": job.words.language, "doc_type": doc_type,
        "group": job.layout.name, "truth": truth, "truth_source": "generated", "pages": pages,
    });
    if args.noise != Noises::None {
        line["note"] = json!(format!("{:?}", args.noise).to_lowercase());
    }
    Ok(line)
}

#[expect(
    clippy::disallowed_methods,
    reason = "orders are this verb's input, read once and whole"
)]
fn text_of(path: &Path) -> Result<String, Failure> {
    let text = if path == Path::new("-") {
        let mut text = String::new();
        std::io::stdin().read_to_string(&mut text).map(|_| text)
    } else {
        std::fs::read_to_string(path)
    };
    text.map_err(|error| {
        Failure::new(Exit::Usage, &error).while_doing(format!("cannot read `{}`", path.display()))
    })
}

fn put(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    atomic::write(path, bytes).map_err(|error| {
        Failure::new(Exit::CannotWrite, &error)
            .while_doing(format!("cannot write `{}`", path.display()))
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_layout_meets_every_language() {
        let args = |split, count| Args {
            orders: None,
            count,
            seed: 1,
            split,
            layout: Vec::new(),
            lang: Vec::new(),
            format: Format::Pdf,
            noise: Noises::None,
            output: PathBuf::new(),
        };
        for split in [Splits::Train, Splits::Test, Splits::All] {
            let layouts: BTreeSet<&str> = invented(&args(split, 100))
                .expect("jobs")
                .iter()
                .map(|job| job.layout.name)
                .collect();
            let pairs = layouts.len() * generate::languages().len();
            let jobs = invented(&args(split, pairs as u64)).expect("jobs");
            let met: BTreeSet<(&str, &str)> = jobs
                .iter()
                .map(|job| (job.layout.name, job.words.language))
                .collect();
            assert_eq!(met.len(), pairs, "{split:?}");
        }
    }
}
