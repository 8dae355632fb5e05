//! `vouch approve` and `vouch reject`: decisions, bound to what was shown.

use super::find::{self, Asked};
use super::session::{Keeps, Session, journal_failure};
use super::settings::Settings;
use super::show::current;
use crate::drive::Overlay;
use crate::drive::journal::{Decision, DecisionKind, NewDecision, Progress, Summary};
use crate::model::{Document, Severity, Status};
use crate::route::record_hash;
use crate::ui::{self, Exit, Failure};

/// Approve held documents: the next export hands them to accounting.
///
/// Refused for a document that changed since it was shown (ID@HASH), by whoever sent it in or corrected it, and over a
/// finding that blocks.
#[derive(Debug, clap::Args)]
#[command(
    before_help = "Example:\n  vouch approve $(vouch pending --json | jq -r '.[0].id') --by anna --notes 'seen the goods'"
)]
pub(crate) struct ApproveArgs {
    /// Ids, or beginnings of ids, each perhaps with @HASH.
    #[arg(value_name = "ID", required = true)]
    ids: Vec<Asked>,
    #[command(flatten)]
    person: Person,
    /// Condition of the approval; may be given several times.
    #[arg(long = "condition", value_name = "TEXT")]
    conditions: Vec<String>,
}

/// Reject held documents: they are completed and never exported.
#[derive(Debug, clap::Args)]
#[command(
    before_help = "Example:\n  vouch reject $(vouch pending --json | jq -r '.[0].id') --by anna --notes 'not ordered'"
)]
pub(crate) struct RejectArgs {
    /// Ids, or beginnings of ids, each perhaps with @HASH.
    #[arg(value_name = "ID", required = true)]
    ids: Vec<Asked>,
    #[command(flatten)]
    person: Person,
}

/// Who decides.
#[derive(Debug, clap::Args)]
pub(crate) struct Person {
    /// Who decides. Default: the user.
    #[arg(long, value_name = "NAME")]
    pub(crate) by: Option<String>,
    /// In the decider's words.
    #[arg(long, value_name = "TEXT")]
    pub(crate) notes: Option<String>,
}

/// Runs `approve`.
///
/// # Errors
/// See [`Failure`].
pub(crate) fn approve(args: &ApproveArgs, settings: &Settings) -> Result<Exit, Failure> {
    decide(
        DecisionKind::Approve,
        &args.ids,
        &args.person,
        &args.conditions,
        settings,
    )
}

/// Runs `reject`.
///
/// # Errors
/// See [`Failure`].
pub(crate) fn reject(args: &RejectArgs, settings: &Settings) -> Result<Exit, Failure> {
    decide(DecisionKind::Reject, &args.ids, &args.person, &[], settings)
}

fn decide(
    kind: DecisionKind,
    ids: &[Asked],
    person: &Person,
    conditions: &[String],
    settings: &Settings,
) -> Result<Exit, Failure> {
    let mut session = Session::open(kind.name(), settings, Keeps::Always, person.by.as_deref())?;
    let body = serde_json::json!({ "notes": person.notes, "conditions": conditions });
    // All are looked at before the first is decided.
    let mut shown = Vec::new();
    for asked in ids {
        let row = find::one(&session, &asked.id)?;
        let document = current(&session, &row)?;
        let decisions = session
            .journal
            .decisions(&row.id)
            .map_err(journal_failure)?;
        allowed(kind, &document, asked, &session.actor.name, &decisions)?;
        shown.push(document);
    }
    for mut document in shown {
        let (actor, hash) = (session.actor.name.clone(), record_hash(&document));
        let detail = Summary::of(&document).detail(&actor);
        let id = document.id.as_str().to_owned();
        session
            .journal
            .write("write a decision", |writer| {
                let decision = NewDecision {
                    doc: &id,
                    kind,
                    record_hash: &hash,
                    body: &body,
                    actor: &actor,
                    detail,
                };
                writer.decide(&decision)
            })
            .map_err(journal_failure)?;
        let decisions = session.journal.decisions(&id).map_err(journal_failure)?;
        super::decided::Decided.lay("route", &mut document, &decisions);
        let summary = Summary::of(&document);
        session
            .journal
            .write("move a document", |writer| {
                writer.advance(&Progress {
                    id: &id,
                    stage: "route",
                    summary: &summary,
                    result: None,
                })
            })
            .map_err(journal_failure)?;
        if !settings.quiet {
            ui::say(format_args!(
                "{}: {} by {}",
                document.id.short(),
                document.status.name(),
                ui::plain(&actor)
            ));
        }
    }
    session.end(Exit::Done)
}

/// Tells whether the person may decide this, now.
fn allowed(
    kind: DecisionKind,
    document: &Document,
    asked: &Asked,
    actor: &str,
    decisions: &[Decision],
) -> Result<(), Failure> {
    let name = document.id.short();
    if document.status != Status::PendingApproval {
        return Err(Failure::usage(format!(
            "{name} does not wait for a decision: it is {}",
            document.status.name()
        )));
    }
    if asked
        .hash
        .as_ref()
        .is_some_and(|hash| !record_hash(document).starts_with(hash.as_str()))
    {
        return Err(
            Failure::usage(format!("{name} has changed since it was shown"))
                .hint(format!("vouch show {name}")),
        );
    }
    if kind != DecisionKind::Approve {
        return Ok(());
    }
    if document.source.uploaded_by.as_deref() == Some(actor) {
        return Err(Failure::usage(format!(
            "{name} was sent in by {actor}, who may not approve it"
        )));
    }
    if decisions
        .iter()
        .any(|decision| decision.kind == DecisionKind::Correct && decision.actor == actor)
    {
        return Err(Failure::usage(format!(
            "{name} was corrected by {actor}, who may not approve it"
        )));
    }
    let blocks = document
        .validation
        .iter()
        .flat_map(|checks| &checks.errors)
        .find(|finding| finding.severity == Some(Severity::Block));
    if let Some(finding) = blocks {
        return Err(Failure::usage(format!(
            "{name} cannot be approved: {} blocks it",
            finding.code
        ))
        .hint(format!("vouch explain {}", finding.code)));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{DocId, Finding, Validation};

    #[test]
    fn who_may_decide_what() {
        let mut document = Document::new(DocId::of_path("a"));
        document.status = Status::PendingApproval;
        document.source.uploaded_by = Some("bert".to_owned());
        let hash = record_hash(&document);
        let corrected = Decision {
            kind: DecisionKind::Correct,
            record_hash: String::new(),
            body: serde_json::Value::Null,
            actor: "carl".to_owned(),
            at: String::new(),
        };
        let asked = |hash: Option<&str>| Asked {
            id: "a".to_owned(),
            hash: hash.map(str::to_owned),
        };
        let decisions = [corrected];
        for (kind, hash, actor, may) in [
            (DecisionKind::Approve, None, "anna", true),
            (DecisionKind::Approve, Some(&hash[..8]), "anna", true),
            (DecisionKind::Approve, Some("00000000"), "anna", false),
            (DecisionKind::Approve, None, "bert", false),
            (DecisionKind::Approve, None, "carl", false),
            (DecisionKind::Reject, None, "bert", true),
        ] {
            let outcome = allowed(kind, &document, &asked(hash), actor, &decisions);
            assert_eq!(outcome.is_ok(), may, "{kind:?} {actor} {hash:?}");
        }
        let block = Finding {
            severity: Some(Severity::Block),
            ..Finding::default()
        };
        document.validation = Some(Validation {
            errors: vec![block],
            ..Validation::default()
        });
        assert!(allowed(DecisionKind::Approve, &document, &asked(None), "anna", &[]).is_err());
        document.status = Status::Approved;
        assert!(allowed(DecisionKind::Reject, &document, &asked(None), "anna", &[]).is_err());
    }
}
