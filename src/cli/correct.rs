//! `vouch correct`: what a person reads differently.

use serde_json::{Map, Value};

use super::decided::set;
use super::find::{self, Asked};
use super::redrive::redrive;
use super::session::{Keeps, Session, journal_failure};
use super::settings::Settings;
use super::show::current;
use crate::drive::journal::{DecisionKind, NewDecision, Summary};
use crate::model::{Invoice, Status};
use crate::route::record_hash;
use crate::ui::{self, Exit, Failure};

/// Correct fields of a held document; it is checked and routed again at once.
///
/// Values are written as in the record: dates as 2026-01-15, amounts with a dot. FIELD= alone empties a field. Whoever
/// corrects a document may not approve it.
#[derive(Debug, clap::Args)]
#[command(
    before_help = "Example:\n  vouch correct $(vouch pending --json | jq -r '.[0].id') invoice_number=4711 --by anna"
)]
pub(crate) struct Args {
    /// Id, or the beginning of one, perhaps with @HASH.
    #[arg(value_name = "ID")]
    id: Asked,
    /// FIELD=VALUE, such as total=12.50 or `line_items[0].quantity=3`.
    #[arg(value_name = "FIELD=VALUE", required = true)]
    fields: Vec<String>,
    /// Who corrects. Default: the user.
    #[arg(long, value_name = "NAME")]
    by: Option<String>,
}

/// Runs the verb.
///
/// # Errors
/// See [`Failure`].
pub(crate) fn run(args: &Args, settings: &Settings) -> Result<Exit, Failure> {
    let mut session = Session::open("correct", settings, Keeps::Always, args.by.as_deref())?;
    let row = find::one(&session, &args.id.id)?;
    let document = current(&session, &row)?;
    let name = document.id.short();
    if document.status != Status::PendingApproval {
        return Err(Failure::usage(format!(
            "{name} is {}, only held documents are corrected",
            document.status.name()
        )));
    }
    let hash = record_hash(&document);
    if args
        .id
        .hash
        .as_ref()
        .is_some_and(|shown| !hash.starts_with(shown.as_str()))
    {
        return Err(
            Failure::usage(format!("{name} has changed since it was shown"))
                .hint(format!("vouch show {name}")),
        );
    }
    let fields = fields(document.invoice.as_ref(), &args.fields)?;
    let actor = session.actor.name.clone();
    let (body, detail) = (
        serde_json::json!({ "fields": fields }),
        Summary::of(&document).detail(&actor),
    );
    session
        .journal
        .write("write a correction", |writer| {
            writer.decide(&NewDecision {
                doc: &row.id,
                kind: DecisionKind::Correct,
                record_hash: &hash,
                body: &body,
                actor: &actor,
                detail,
            })
        })
        .map_err(journal_failure)?;
    let (_, documents) = redrive(&mut session, std::slice::from_ref(&row), settings)?;
    if let Some(document) = documents.first().filter(|_| !settings.quiet) {
        let findings = document
            .validation
            .as_ref()
            .map_or(0, |checks| checks.errors.len() + checks.warnings.len());
        ui::say(format_args!(
            "{name}: corrected by {}, now {} with {findings} findings",
            ui::plain(&actor),
            document.status.name()
        ));
    }
    session.end(Exit::Done)
}

/// Reads `FIELD=VALUE`; each has to fit the record.
fn fields(invoice: Option<&Invoice>, asked: &[String]) -> Result<Map<String, Value>, Failure> {
    let mut value = serde_json::to_value(invoice.cloned().unwrap_or_default()).unwrap_or_default();
    let mut fields = Map::new();
    for text in asked {
        let (path, new) = text
            .split_once('=')
            .ok_or_else(|| Failure::usage(format!("`{text}` is not FIELD=VALUE")))?;
        let new = fitting(&value, path, new).ok_or_else(|| {
            Failure::usage(format!(
                "`{path}` is no field of an invoice, or `{new}` does not fit it"
            ))
            .hint("vouch schema lists the fields; dates are written 2026-01-15, amounts with a dot")
        })?;
        set(&mut value, path, new.clone());
        fields.insert(path.to_owned(), new);
    }
    Ok(fields)
}

/// The value in the form in which the field takes it: text, JSON, or null for nothing.
fn fitting(invoice: &Value, path: &str, text: &str) -> Option<Value> {
    let own = |invoice: &Invoice| {
        // A name that the record does not have would be kept as one of the user's own.
        invoice.extra.is_empty()
            || invoice
                .extra
                .keys()
                .all(|key| !path.starts_with(key.as_str()))
    };
    let fits = |new: &Value| {
        let mut value = invoice.clone();
        set(&mut value, path, new.clone())
            && serde_json::from_value::<Invoice>(value).is_ok_and(|invoice| own(&invoice))
    };
    if text.is_empty() {
        return Some(Value::Null).filter(fits);
    }
    let plain = Value::String(text.to_owned());
    if fits(&plain) {
        return Some(plain);
    }
    serde_json::from_str(text).ok().filter(fits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn corrections_have_to_fit_the_record() {
        for (text, expected) in [
            ("invoice_number=4711", Some(Value::from("4711"))),
            ("total=12.50", Some(Value::from("12.50"))),
            ("due_date=", Some(Value::Null)),
            ("reverse_charge=true", Some(Value::from(true))),
            ("vendor_address.city=Bonn", Some(Value::from("Bonn"))),
            ("total=12,50", None),
            ("invoice_date=15.01.2026", None),
            ("line_items[0].total=1", None),
            ("tootal=1", None),
            ("total", None),
        ] {
            let fields = fields(None, &[text.to_owned()]);
            let got = fields
                .ok()
                .and_then(|fields| fields.values().next().cloned());
            assert_eq!(got, expected, "{text}");
        }
    }
}
