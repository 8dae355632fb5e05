//! What an approver is shown, as a digest: an approval binds to it, so any later change voids the approval.

use serde::Serialize;

use crate::model::{
    Amount, Category, Digest, DocId, Document, Fx, Invoice, Level, PoMatch, Validation, VendorMatch,
};

/// What is shown: the content and what was made of it. Paths, evidence and times are not, nor is the decision itself.
#[derive(Serialize)]
struct Shown<'a> {
    id: &'a DocId,
    invoice: Option<&'a Invoice>,
    vendor: Option<&'a VendorMatch>,
    categories: &'a [Category],
    po_match: Option<&'a PoMatch>,
    validation: Option<&'a Validation>,
    routing: Option<ShownRouting<'a>>,
}

#[derive(Serialize)]
struct ShownRouting<'a> {
    level: Option<Level>,
    rule: Option<&'a str>,
    amount_base: Option<Amount>,
    currency_base: Option<&'a str>,
    fx: Option<&'a Fx>,
    reasons: &'a [String],
}

/// SHA-256, hexadecimal, of what an approver of the document is shown.
///
/// # Panics
/// Never: plain data with text keys can always be written.
pub fn record_hash(document: &Document) -> String {
    let shown = Shown {
        id: &document.id,
        invoice: document.invoice.as_ref(),
        vendor: document.vendor.as_ref(),
        categories: &document.categories,
        po_match: document.po_match.as_ref(),
        validation: document.validation.as_ref(),
        routing: document.routing.as_ref().map(|routing| ShownRouting {
            level: routing.level,
            rule: routing.rule.as_deref(),
            amount_base: routing.amount_base,
            currency_base: routing.currency_base.as_deref(),
            fx: routing.fx.as_ref(),
            reasons: &routing.reasons,
        }),
    };
    let bytes = serde_json::to_vec(&shown).expect("a record is plain data with text keys");
    Digest::of(&bytes).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Approval, Routing, Status};

    fn document() -> Document {
        let mut document = Document::new(DocId::from_text("d1"));
        document.invoice =
            serde_json::from_str(r#"{"total": 10.00, "iban": "DE1"}"#).expect("an invoice");
        document.routing = Some(Routing {
            level: Some(Level::Manager),
            ..Routing::default()
        });
        document
    }

    #[test]
    fn every_change_of_what_is_shown_changes_the_hash() {
        let hash = record_hash(&document());
        assert_eq!(hash.len(), 64);
        let changes: [fn(&mut Document); 5] = [
            |document| document.id = DocId::from_text("d2"),
            |document| {
                document.invoice = serde_json::from_str(r#"{"total": 10.01, "iban": "DE1"}"#).ok();
            },
            |document| {
                document.invoice = serde_json::from_str(r#"{"total": 10.00, "iban": "DE2"}"#).ok();
            },
            |document| document.validation = Some(Validation::default()),
            |document| document.routing = None,
        ];
        for (place, change) in changes.iter().enumerate() {
            let mut changed = document();
            change(&mut changed);
            assert_ne!(record_hash(&changed), hash, "change {place}");
        }
    }

    #[test]
    fn the_way_in_and_the_decision_are_not_shown() {
        let mut other = document();
        other.source.path = Some("elsewhere".to_owned());
        other.status = Status::Approved;
        other.approval = Some(Approval::default());
        other.provenance.now = "2026-01-15".parse().ok();
        if let Some(routing) = &mut other.routing {
            routing.due_at = "2026-01-17".parse().ok();
        }
        assert_eq!(record_hash(&other), record_hash(&document()));
        let line = serde_json::to_string(&document()).expect("writes");
        let read: Document = serde_json::from_str(&line).expect("reads");
        assert_eq!(record_hash(&read), record_hash(&document()));
    }
}
