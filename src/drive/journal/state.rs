//! Where each document stands: one row a document, changed in the transaction of the work that moved it.

use rusqlite::{OptionalExtension, params};

use super::Writer;
use crate::model::{Document, Status};

/// A step that a document took.
pub struct Progress<'a> {
    /// The document.
    pub id: &'a str,
    /// The stage it came out of.
    pub stage: &'a str,
    /// What is known of it now.
    pub summary: &'a Summary,
    /// The row of its latest line.
    pub result: Option<i64>,
}

/// What lists and searches need of a document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Where it stands.
    pub status: Status,
    /// Why it failed, and whether the next run tries again.
    pub error: Option<(String, bool)>,
    /// Its number.
    pub invoice_number: Option<String>,
    /// Its vendor.
    pub vendor: Option<String>,
    /// Its total.
    pub total: Option<String>,
    /// Its currency.
    pub currency: Option<String>,
    /// Who decides.
    pub level: Option<String>,
    /// Who is asked, or who decided.
    pub approver: Option<String>,
    /// When it goes one level up.
    pub due_at: Option<String>,
}

impl Summary {
    /// Takes from a document what lists need.
    pub fn of(document: &Document) -> Self {
        let invoice = document.invoice.as_ref();
        let routing = document.routing.as_ref();
        let decided = document
            .approval
            .as_ref()
            .and_then(|approval| approval.approver.clone());
        Self {
            status: document.status,
            error: document
                .error
                .as_ref()
                .map(|error| (error.code.clone(), error.retryable == Some(true))),
            invoice_number: invoice
                .and_then(|invoice| invoice.invoice_number.text().map(str::to_owned)),
            vendor: invoice.and_then(|invoice| invoice.vendor_name.text().map(str::to_owned)),
            total: invoice
                .and_then(|invoice| invoice.total.get())
                .map(|total| total.to_string()),
            currency: invoice.and_then(|invoice| invoice.currency.text().map(str::to_owned)),
            level: routing
                .and_then(|routing| routing.level)
                .map(|level| level.name().to_owned()),
            approver: decided.or_else(|| routing.and_then(|routing| routing.approver.clone())),
            due_at: routing
                .and_then(|routing| routing.due_at)
                .map(|due| due.to_string()),
        }
    }

    /// What an audit entry tells beside the chain.
    pub fn detail(&self, actor: &str) -> String {
        serde_json::json!({
            "actor": actor, "invoice_number": self.invoice_number, "vendor": self.vendor,
            "amount": self.total, "currency": self.currency, "status": self.status.name(),
        })
        .to_string()
    }
}

/// Tells whether a document that stands at `old` goes on to `new`.
///
/// What is in the books stays there whatever a later run makes of it. A document that is held or approved is not
/// taken back by an earlier stage run on its own; only a new decision of `route`, or a failure, moves it.
fn moves(old: &str, new: Status) -> bool {
    match old {
        "processed" => new == Status::Processed,
        "pending_approval" | "approved" | "rejected" => {
            !matches!(new, Status::Pending | Status::Processing)
        }
        _ => true,
    }
}

impl Writer<'_> {
    /// Moves a document.
    ///
    /// # Errors
    /// If the journal cannot be written.
    pub fn advance(&self, step: &Progress<'_>) -> rusqlite::Result<()> {
        if !self.keeps {
            return Ok(());
        }
        let old: Option<String> = self
            .tx
            .prepare_cached("SELECT status FROM document WHERE id = ?1")?
            .query_row([step.id], |row| row.get(0))
            .optional()?;
        if old.is_some_and(|old| !moves(&old, step.summary.status)) {
            return Ok(());
        }
        let summary = step.summary;
        let file = step.id.split('#').next().unwrap_or(step.id);
        let error_code = summary.error.as_ref().map(|(code, _)| code.as_str());
        let retryable = summary
            .error
            .as_ref()
            .is_some_and(|(_, retryable)| *retryable);
        self.tx
            .prepare_cached(
                "INSERT INTO document (id, file, status, stage, result, error_code, retryable, invoice_number, vendor,
                     total, currency, level, approver, due_at, updated)
                 VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15)
                 ON CONFLICT (id) DO UPDATE SET status = excluded.status, stage = excluded.stage,
                     result = coalesce(excluded.result, result), error_code = excluded.error_code,
                     retryable = excluded.retryable, invoice_number = excluded.invoice_number, vendor = excluded.vendor,
                     total = excluded.total, currency = excluded.currency, level = excluded.level,
                     approver = excluded.approver, due_at = excluded.due_at, updated = excluded.updated",
            )?
            .execute(params![
                step.id,
                file,
                summary.status.name(),
                step.stage,
                step.result,
                error_code,
                retryable,
                summary.invoice_number,
                summary.vendor,
                summary.total,
                summary.currency,
                summary.level,
                summary.approver,
                summary.due_at,
                self.at
            ])?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_books_are_never_left() {
        for (old, new, expected) in [
            ("processed", Status::PendingApproval, false),
            ("processed", Status::Error, false),
            ("approved", Status::Processing, false),
            ("approved", Status::PendingApproval, true),
            ("pending_approval", Status::Error, true),
            ("error", Status::Processing, true),
            ("rejected", Status::Processing, false),
        ] {
            assert_eq!(moves(old, new), expected, "{old} to {new:?}");
        }
    }
}
