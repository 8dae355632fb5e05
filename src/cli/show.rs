//! `vouch show`: one document with everything known about it.

use std::fmt::Write as _;

use super::decided::Decided;
use super::find::{self, Asked, HASH_DIGITS};
use super::print;
use super::session::{Session, journal_failure};
use super::settings::Settings;
use super::why;
use crate::drive::journal::DocumentRow;
use crate::drive::stored;
use crate::export::EXPORTERS;
use crate::model::{Document, Export, Finding, Status};
use crate::route::record_hash;
use crate::ui::{self, Exit, Failure, plain};

/// Show a document: what it says and where that stands, findings, who decides, and its way through the journal.
///
/// Prints ID@HASH on top: the hash is that of what is shown, and `vouch approve ID@HASH` refuses if anything changed since.
#[derive(Debug, clap::Args)]
#[command(before_help = "Example:\n  vouch show $(vouch pending --json | jq -r '.[0].id')")]
pub(crate) struct Args {
    /// Id, or the beginning of one.
    #[arg(value_name = "ID")]
    id: Asked,
    /// JSON even on a terminal.
    #[arg(long)]
    json: bool,
    /// Say for each field what was considered and why the choice won.
    #[arg(long)]
    explain: bool,
}

/// Runs the verb.
///
/// # Errors
/// See [`Failure`].
pub(crate) fn run(args: &Args, settings: &Settings) -> Result<Exit, Failure> {
    let session = Session::look(settings)?;
    let row = find::one(&session, &args.id.id)?;
    let document = current(&session, &row)?;
    if args.json || !ui::is_terminal() {
        let mut value = serde_json::to_value(&document).unwrap_or_default();
        value["record_hash"] = record_hash(&document).into();
        if args.explain {
            let why = why::explained(&session, &row, settings)?;
            value["explained"] = serde_json::to_value(&why.evidence).unwrap_or_default();
        }
        return super::print_json(&value);
    }
    let way = session.journal.way(&row.id).map_err(journal_failure)?;
    let mut text = page(&document, &row, &way);
    if args.explain {
        text.push_str(&why::page(&why::explained(&session, &row, settings)?));
    }
    print(&text)
}

/// The document as the journal has it now, with its export.
///
/// # Errors
/// If the journal cannot be read, or no work was done on it yet.
pub(crate) fn current(session: &Session, row: &DocumentRow) -> Result<Document, Failure> {
    let mut document = stored(&session.journal, row, &Decided)
        .map_err(journal_failure)?
        .ok_or_else(|| {
            Failure::usage(format!(
                "`{}` was taken in, but nothing is known of it yet",
                row.id
            ))
            .hint("run vouch again: it goes on where it stopped")
        })?;
    if row.status == Status::Processed.name() {
        document.status = Status::Processed;
        for exporter in EXPORTERS {
            if let Some((batch_id, file)) = session
                .journal
                .batch_of(exporter.name, &row.id)
                .map_err(journal_failure)?
            {
                document.export = Some(Export {
                    format: Some(exporter.name.to_owned()),
                    file: Some(file),
                    batch_id: Some(batch_id),
                    exported_at: row.updated_at.parse().ok(),
                    erp_reference: None,
                });
                break;
            }
        }
    }
    Ok(document)
}

fn page(document: &Document, row: &DocumentRow, way: &[serde_json::Value]) -> String {
    let mut text = String::new();
    let hash: String = record_hash(document).chars().take(HASH_DIGITS).collect();
    // Writing to a string cannot fail.
    let _ = writeln!(text, "{}@{hash}", document.id.short());
    let _ = writeln!(text, "{}  {}", plain(&row.path), document.status.name());
    if let Some(error) = &document.error {
        let _ = writeln!(
            text,
            "failed in {}: {}: {}",
            error.stage,
            error.code,
            plain(&error.message)
        );
    }
    fields(document, &mut text);
    if let Some(checks) = &document.validation {
        let risk = checks.risk_score.unwrap_or_default();
        let _ = writeln!(
            text,
            "\nrisk {risk}, {} checks ran, {} could not",
            checks.checks_run.len(),
            checks.checks_skipped.len()
        );
        for (kind, findings) in [
            ("error", &checks.errors),
            ("warning", &checks.warnings),
            ("note", &checks.notes),
        ] {
            for finding in findings {
                told(kind, finding, &mut text);
            }
        }
    }
    if let Some(routing) = &document.routing {
        let level = routing.level.map_or("", crate::model::Level::name);
        let _ = writeln!(
            text,
            "\nlevel {level}, for {}",
            plain(routing.approver.as_deref().unwrap_or("-"))
        );
        routing.reasons.iter().for_each(|reason| {
            let _ = writeln!(text, "  because {}", plain(reason));
        });
    }
    if let Some(approval) = &document.approval {
        let verdict = if approval.approved == Some(true) {
            "approved"
        } else {
            "rejected"
        };
        let at = approval
            .decided_at
            .map(|at| at.to_string())
            .unwrap_or_default();
        let _ = writeln!(
            text,
            "{verdict} by {} {at}",
            plain(approval.approver.as_deref().unwrap_or("-"))
        );
        approval.notes.iter().for_each(|notes| {
            let _ = writeln!(text, "  {}", plain(notes));
        });
    }
    if let Some(export) = &document.export {
        let of = |field: &Option<String>| field.clone().unwrap_or_default();
        let _ = writeln!(
            text,
            "exported to {} in batch {}",
            plain(&of(&export.file)),
            of(&export.batch_id)
        );
    }
    text.push_str("\njournal\n");
    for entry in way {
        let of = |key: &str| {
            entry
                .get(key)
                .and_then(serde_json::Value::as_str)
                .unwrap_or_default()
                .to_owned()
        };
        let _ = writeln!(
            text,
            "  {:>6} {} {} {}",
            entry["seq"].to_string(),
            of("at"),
            of("action"),
            plain(&of("actor"))
        );
    }
    text
}

/// Header fields in the record's order, each with its place.
fn fields(document: &Document, text: &mut String) {
    let Some(invoice) = &document.invoice else {
        return;
    };
    let Ok(serde_json::Value::Object(members)) = serde_json::to_value(invoice) else {
        return;
    };
    for (name, value) in &members {
        let shown = match value {
            serde_json::Value::String(value) => value.clone(),
            serde_json::Value::Number(value) => value.to_string(),
            serde_json::Value::Bool(value) => value.to_string(),
            _ => continue,
        };
        let place = document.evidence.get(name).map(|evidence| {
            let page = evidence
                .page
                .map(|page| format!("page {page}, "))
                .unwrap_or_default();
            let method = evidence
                .method
                .and_then(|method| serde_json::to_value(method).ok());
            let method = method
                .as_ref()
                .and_then(serde_json::Value::as_str)
                .unwrap_or_default()
                .to_owned();
            format!("  [{page}{method}]")
        });
        let _ = writeln!(
            text,
            "  {name:<24} {}{}",
            plain(&shown),
            place.unwrap_or_default()
        );
    }
    for item in &invoice.line_items {
        let of = |value: Option<String>| value.unwrap_or_default();
        let _ = writeln!(
            text,
            "  - {}  {} × {} = {}",
            plain(item.description.text().unwrap_or("-")),
            of(item.quantity.get().map(|value| value.to_string())),
            of(item.unit_price.get().map(|value| value.to_string())),
            of(item.total.get().map(|value| value.to_string()))
        );
    }
}

fn told(kind: &str, finding: &Finding, text: &mut String) {
    let _ = writeln!(
        text,
        "  {kind} {}: {}",
        finding.code,
        plain(&finding.message)
    );
    if let Some(suggestion) = &finding.suggestion {
        let _ = writeln!(text, "    {}", plain(suggestion));
    }
}
