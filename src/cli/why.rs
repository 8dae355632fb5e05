//! Why each field is what it is: `vouch show ID --explain`.

use std::fmt::Write as _;

use super::session::{Session, journal_failure};
use super::settings::Settings;
use super::stages;
use crate::drive::as_read;
use crate::drive::journal::DocumentRow;
use crate::model::{Considered, Document, Evidence, Method, Past};
use crate::stage::Stage;
use crate::ui::{Failure, plain};

/// Looks for the fields once more in what was read, this time with all that is considered.
///
/// # Errors
/// If the journal cannot be read, or what was read is not kept.
pub(crate) fn explained(
    session: &Session,
    row: &DocumentRow,
    settings: &Settings,
) -> Result<Document, Failure> {
    let document = as_read(&session.journal, row)
        .map_err(journal_failure)?
        .ok_or_else(|| {
            Failure::usage(format!("what `{}` was read into is not kept", row.id))
                .hint("vouch retry --from ocr reads it again")
        })?;
    stages::extract(settings, false, true)
        .apply(document, &Past::default())
        .map_err(|error| Failure::usage(format!("nothing was found in it: {error}")))
}

/// The fields with what was considered for each, for people.
pub(crate) fn page(document: &Document) -> String {
    let mut text = String::from("\nwhy\n");
    for (field, evidence) in &document.evidence {
        one(field, evidence, &mut text);
    }
    text
}

fn one(field: &str, evidence: &Evidence, text: &mut String) {
    let printed = plain(evidence.text.as_deref().unwrap_or("-"));
    let sure = evidence
        .confidence
        .map_or_else(|| "not found".to_owned(), |sure| format!("{:.3}", sure.0));
    // Writing to a string cannot fail.
    let _ = writeln!(text, "  {field}: {printed}, confidence {sure}");
    let how = match evidence.method {
        Some(Method::Xml) => "the e-invoice says so itself",
        Some(Method::Solver) => "computed from other fields",
        _ => "",
    };
    if !how.is_empty() {
        let _ = writeln!(text, "    {how}");
    }
    if !evidence.signals.is_empty() {
        let signals: Vec<String> = evidence
            .signals
            .iter()
            .map(|(signal, value)| format!("{signal} {value}"))
            .collect();
        let _ = writeln!(text, "    signals: {}", signals.join(", "));
    }
    for (place, considered) in evidence.considered.iter().enumerate() {
        candidate(place == 0, considered, text);
    }
}

fn candidate(first: bool, considered: &Considered, text: &mut String) {
    let mark = if first { '>' } else { ' ' };
    let place = considered
        .page
        .map(|page| format!("page {page}"))
        .unwrap_or_default();
    let at = considered
        .bbox
        .map(|rect| format!(" at {:?}", rect.rounded()))
        .unwrap_or_default();
    let _ = writeln!(
        text,
        "    {mark} {:<32} {:>7} points  {place}{at}",
        plain(&considered.value),
        considered.points
    );
    if !considered.reasons.is_empty() {
        let reasons: Vec<String> = considered
            .reasons
            .iter()
            .map(|(reason, value)| format!("{reason} {value}"))
            .collect();
        let _ = writeln!(text, "        {}", reasons.join(", "));
    }
}
