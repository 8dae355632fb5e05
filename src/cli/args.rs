//! Arguments that several verbs share.

use std::path::PathBuf;

use clap::ValueEnum;

use crate::model::{Instant, SourceKind};

/// Arguments of every verb.
#[derive(Debug, Default, clap::Args)]
pub(crate) struct Global {
    /// Journal: what is known of every document.
    #[arg(long, global = true, value_name = "FILE", help_heading = "Settings")]
    pub(crate) journal: Option<PathBuf>,
    /// Settings file, before ./vouch.toml and the user's own.
    #[arg(long, global = true, value_name = "FILE", help_heading = "Settings")]
    pub(crate) config: Option<PathBuf>,
    /// Policy file, instead of the whole [policy] of the settings.
    #[arg(long, global = true, value_name = "FILE", help_heading = "Settings")]
    pub(crate) policy: Option<PathBuf>,
    /// Folder of the reference data: vendors.csv, fx.csv.
    #[arg(long, global = true, value_name = "DIR", help_heading = "Settings")]
    pub(crate) reference: Option<PathBuf>,
    /// Mean confidence of a scan, 0 to 1, below which it is not worked on if neither number nor total was found.
    #[arg(
        long,
        global = true,
        value_name = "SHARE",
        help_heading = "Settings",
        allow_hyphen_values = true
    )]
    pub(crate) ocr_confidence_threshold: Option<String>,
    /// Documents worked on at once.
    #[arg(
        short,
        long,
        global = true,
        value_name = "N",
        help_heading = "Settings"
    )]
    pub(crate) jobs: Option<usize>,
    /// Say only what went wrong.
    #[arg(short, long, global = true, help_heading = "Output")]
    pub(crate) quiet: bool,
    /// Say more; twice: every document.
    #[arg(short, long, global = true, action = clap::ArgAction::Count, help_heading = "Output")]
    pub(crate) verbose: u8,
    /// How the log on standard error is written.
    #[arg(long, global = true, value_name = "FORMAT", help_heading = "Output")]
    pub(crate) log_format: Option<LogFormat>,
    /// Least grave events in the log.
    #[arg(long, global = true, value_name = "LEVEL", help_heading = "Output")]
    pub(crate) log_level: Option<LogLevel>,
    /// Draw no progress line.
    #[arg(long, global = true, help_heading = "Output")]
    pub(crate) no_progress: bool,
}

/// How the log is written.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum LogFormat {
    /// One JSON object a line.
    Json,
    /// A line for people.
    Text,
}

/// How much the log tells.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum LogLevel {
    /// Nothing.
    Off,
    /// What ended the run.
    Error,
    /// Documents that failed.
    Warn,
    /// One summary a run.
    Info,
    /// Every document.
    Debug,
}

/// How a verb works through documents.
#[derive(Debug, Default, clap::Args)]
pub(crate) struct Work {
    /// Take this as now, instead of when each document was taken in.
    #[arg(long, value_name = "INSTANT")]
    pub(crate) now: Option<Instant>,
    /// Write documents as they are done instead of in input order.
    #[arg(long)]
    pub(crate) unordered: bool,
    /// End with 0 even if some input could not be read.
    #[arg(long)]
    pub(crate) exit_zero: bool,
    /// Take no more documents after the first that fails.
    #[arg(long)]
    pub(crate) fail_fast: bool,
    /// Take no more documents after this many that fail.
    #[arg(long, value_name = "N")]
    pub(crate) max_failures: Option<u64>,
    /// Write amounts as JSON strings, for readers that turn numbers into floats.
    #[arg(long)]
    pub(crate) money_strings: bool,
}

impl Work {
    /// After how many failures the run ends early.
    pub(crate) fn most_failures(&self) -> Option<u64> {
        if self.fail_fast {
            Some(1)
        } else {
            self.max_failures
        }
    }
}

/// What is taken in.
#[derive(Debug, Default, clap::Args)]
pub(crate) struct Intake {
    /// Files, folders, or - for standard input.
    #[arg(value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// Take the mails of a mailbox: mbox file, Maildir folder, or single mail (.eml, .msg); may be given several times.
    #[arg(long, value_name = "PATH")]
    pub(crate) mail: Vec<PathBuf>,
    /// Take the paths from a file, one a line; - for standard input.
    #[arg(long, value_name = "FILE")]
    pub(crate) files_from: Option<PathBuf>,
    /// Paths in --files-from end with NUL instead of a line end.
    #[arg(short = '0', long = "null", requires = "files_from")]
    pub(crate) null: bool,
    /// Largest file, such as 10MB.
    #[arg(long, value_name = "SIZE")]
    pub(crate) max_size: Option<String>,
    /// Languages of scans, as Tesseract names them, such as eng+deu.
    #[arg(long, value_name = "LANGS")]
    pub(crate) languages: Option<String>,
    /// Look for no tables and pairs of label and value on the pages.
    #[arg(long)]
    pub(crate) no_tables: bool,
    /// Who sent the documents in: that person may not approve them.
    #[arg(long, value_name = "NAME")]
    pub(crate) uploaded_by: Option<String>,
    /// The way in, as source.kind records it.
    #[arg(long, value_name = "KIND", default_value = "file")]
    pub(crate) source_kind: Kind,
}

/// The ways in that a caller may name.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub(crate) enum Kind {
    /// Paths on the command line.
    #[default]
    File,
    /// Mail.
    Email,
    /// An upload.
    Api,
    /// A watched folder.
    Watch,
}

impl From<Kind> for SourceKind {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::File => SourceKind::File,
            Kind::Email => SourceKind::Email,
            Kind::Api => SourceKind::Api,
            Kind::Watch => SourceKind::Watch,
        }
    }
}

/// Reads `10MB`, `512 kB`, `1000`: decimal units, as S1 and S2 use them.
pub(crate) fn size(text: &str) -> Option<u64> {
    let text = text.trim();
    let end = text
        .find(|character: char| !character.is_ascii_digit())
        .unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    let factor: u64 = match unit.trim().to_ascii_lowercase().as_str() {
        "" | "b" => 1,
        "k" | "kb" => 1_000,
        "m" | "mb" => 1_000_000,
        "g" | "gb" => 1_000_000_000,
        _ => return None,
    };
    number.parse::<u64>().ok()?.checked_mul(factor)
}

#[cfg(test)]
mod tests {
    use super::size;

    #[test]
    fn sizes_have_decimal_units() {
        for (text, bytes) in [
            ("10MB", Some(10_000_000)),
            ("512 kB", Some(512_000)),
            ("7", Some(7)),
            ("1G", Some(1_000_000_000)),
            ("MB", None),
            ("10 Mib", None),
            ("99999999999999999999", None),
        ] {
            assert_eq!(size(text), bytes, "{text}");
        }
    }
}
