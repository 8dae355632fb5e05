//! `vouch doctor`: whether this machine has what vouch needs.

use std::path::Path;

use super::settings::Settings;
use super::{print, print_json};
use crate::drive::journal::Journal;
use crate::ocr;
use crate::ui::{self, Exit, Failure, Table};

/// Check that this machine has what vouch needs: healthy, degraded (0) or unhealthy (3).
#[derive(Debug, clap::Args)]
#[command(before_help = "Example:\n  vouch doctor")]
pub(crate) struct Args {
    /// JSON even on a terminal.
    #[arg(long)]
    json: bool,
}

/// How well something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "lowercase")]
enum Health {
    Healthy,
    Degraded,
    Unhealthy,
}

#[derive(Debug, serde::Serialize)]
struct Check {
    name: &'static str,
    status: Health,
    detail: String,
}

/// Runs the verb.
///
/// # Errors
/// See [`Failure`].
pub(crate) fn run(args: &Args, settings: &Settings) -> Result<Exit, Failure> {
    let checks = [tesseract(settings), journal(settings)?, reference(settings)];
    let worst = checks
        .iter()
        .map(|check| check.status)
        .max()
        .unwrap_or(Health::Healthy);
    let exit = if worst == Health::Unhealthy {
        Exit::ToolMissing
    } else {
        Exit::Done
    };
    if args.json || !ui::is_terminal() {
        let value = serde_json::json!({
            "service": "vouch", "version": env!("CARGO_PKG_VERSION"), "status": worst, "dependencies": checks,
        });
        return Ok(print_json(&value)?.or(exit));
    }
    let mut table = Table::new(&["", "STATUS", "DETAIL"]);
    for check in &checks {
        let status = serde_json::to_value(check.status).unwrap_or_default();
        table.row([
            check.name.to_owned(),
            status.as_str().unwrap_or_default().to_owned(),
            check.detail.clone(),
        ]);
    }
    Ok(print(&table.text())?.or(exit))
}

fn tesseract(settings: &Settings) -> Check {
    let wanted = settings.text("ocr.languages");
    let (status, detail) = match ocr::Lazy::new(wanted, None).check() {
        Ok(detail) => (Health::Healthy, detail),
        // Everything with a text layer or XML is still read.
        Err(error) => (
            Health::Degraded,
            format!("scans and photos cannot be read: {}", error.message),
        ),
    };
    Check {
        name: "tesseract",
        status,
        detail,
    }
}

fn journal(settings: &Settings) -> Result<Check, Failure> {
    let path = settings.journal_or_default()?;
    let (status, detail) = if path.exists() {
        match Journal::open_idle(&path) {
            Ok(_) => (Health::Healthy, path.display().to_string()),
            Err(error) => (Health::Unhealthy, error.to_string()),
        }
    } else {
        match nearest(&path).map(|folder| rustix::fs::access(folder, rustix::fs::Access::WRITE_OK))
        {
            Some(Ok(())) => (
                Health::Healthy,
                format!("{} (made by the first run)", path.display()),
            ),
            _ => (
                Health::Unhealthy,
                format!("{}: cannot be made", path.display()),
            ),
        }
    };
    Ok(Check {
        name: "journal",
        status,
        detail,
    })
}

/// The nearest folder above that is there.
fn nearest(path: &Path) -> Option<&Path> {
    path.ancestors().skip(1).find_map(|folder| {
        if folder.as_os_str().is_empty() {
            Some(Path::new("."))
        } else {
            folder.is_dir().then_some(folder)
        }
    })
}

fn reference(settings: &Settings) -> Check {
    let path = settings.reference().join("vendors.csv");
    let (status, detail) = if path.is_file() {
        (Health::Healthy, path.display().to_string())
    } else {
        (
            Health::Degraded,
            format!(
                "{}: not there, so no invoice is approved without a person",
                path.display()
            ),
        )
    };
    Check {
        name: "vendors",
        status,
        detail,
    }
}
