//! What people decided, laid over lines: corrections over `extract`'s, approvals and rejections over `route`'s.

use serde_json::Value;

use crate::drive::Overlay;
use crate::drive::journal::{Decision, DecisionKind};
use crate::model::{Approval, Confidence, Document, Evidence, Instant, Invoice, Method, Status};

/// The overlay of every run.
#[derive(Debug, Default)]
pub(crate) struct Decided;

impl Overlay for Decided {
    fn lay(&self, stage: &str, document: &mut Document, decisions: &[Decision]) {
        match stage {
            "extract" => decisions
                .iter()
                .filter(|decision| decision.kind == DecisionKind::Correct)
                .for_each(|decision| correct(document, decision)),
            "route" | "export" => decide(document, decisions),
            _ => {}
        }
    }
}

/// Lays the corrected fields over the invoice.
fn correct(document: &mut Document, decision: &Decision) {
    let Some(fields) = decision.body.get("fields").and_then(Value::as_object) else {
        return;
    };
    let Some(invoice) = &document.invoice else {
        return;
    };
    let Ok(mut value) = serde_json::to_value(invoice) else {
        return;
    };
    for (path, new) in fields {
        if !set(&mut value, path, new.clone()) {
            continue;
        }
        let evidence = Evidence {
            text: Some(format!("corrected by {}", decision.actor)),
            method: Some(Method::Human),
            confidence: Some(Confidence(1.0)),
            ..Evidence::default()
        };
        document.evidence.insert(path.clone(), evidence);
    }
    // A correction was read back as an invoice when it was made; a field that has gone since leaves the rest as it is.
    if let Ok(invoice) = serde_json::from_value::<Invoice>(value) {
        document.invoice = Some(invoice);
    }
}

/// Sets `total`, `vendor_address.city` or `line_items[0].total`; tells whether the path exists.
pub(crate) fn set(value: &mut Value, path: &str, new: Value) -> bool {
    let mut place = value;
    for part in path.split('.') {
        let (name, index) = match part.split_once('[') {
            None => (part, None),
            Some((name, index)) => match index
                .strip_suffix(']')
                .and_then(|index| index.parse::<usize>().ok())
            {
                Some(index) => (name, Some(index)),
                None => return false,
            },
        };
        let Some(members) = place.as_object_mut() else {
            return false;
        };
        place = match index {
            None => members
                .entry(name.to_owned())
                .or_insert_with(|| serde_json::json!({})),
            Some(index) => {
                let items = members.get_mut(name).and_then(Value::as_array_mut);
                let Some(item) = items.and_then(|items| items.get_mut(index)) else {
                    return false;
                };
                item
            }
        };
    }
    *place = new;
    true
}

/// Lays the latest approval or rejection over the document.
///
/// An approval holds only for what was shown: its digest must be that of the document now. A rejection stays.
fn decide(document: &mut Document, decisions: &[Decision]) {
    if document.status == Status::Error {
        return;
    }
    let Some(last) = decisions
        .iter()
        .rev()
        .find(|decision| decision.kind != DecisionKind::Correct)
    else {
        return;
    };
    let hash = crate::route::record_hash(document);
    let approved = match last.kind {
        DecisionKind::Approve if last.record_hash == hash => true,
        DecisionKind::Reject => false,
        DecisionKind::Approve | DecisionKind::Correct => return,
    };
    let text = |key: &str| {
        last.body
            .get(key)
            .and_then(Value::as_str)
            .map(str::to_owned)
    };
    let conditions = last
        .body
        .get("conditions")
        .and_then(Value::as_array)
        .map_or_else(Vec::new, |all| {
            all.iter()
                .filter_map(Value::as_str)
                .map(str::to_owned)
                .collect()
        });
    document.status = if approved {
        Status::Approved
    } else {
        Status::Rejected
    };
    document.approval = Some(Approval {
        approved: Some(approved),
        approver: Some(last.actor.clone()),
        level: document.routing.as_ref().and_then(|routing| routing.level),
        notes: text("notes"),
        conditions,
        decided_at: last.at.parse::<Instant>().ok(),
        record_hash: Some(last.record_hash.clone()),
        signature: None,
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{DocId, Field};
    use serde_json::json;

    fn decision(kind: DecisionKind, record_hash: &str, body: Value) -> Decision {
        Decision {
            kind,
            record_hash: record_hash.to_owned(),
            body,
            actor: "anna".to_owned(),
            at: "2026-01-16T00:00:00Z".to_owned(),
        }
    }

    fn held() -> Document {
        let mut document = Document::new(DocId::of_path("a"));
        document.status = Status::PendingApproval;
        document.invoice = Some(Invoice {
            total: Field::found("10.00".parse().ok()),
            ..Invoice::default()
        });
        document
    }

    #[test]
    fn an_approval_holds_only_for_what_was_shown() {
        let mut shown = held();
        let hash = crate::route::record_hash(&shown);
        let approve = [decision(
            DecisionKind::Approve,
            &hash,
            json!({"notes": "fine"}),
        )];
        Decided.lay("route", &mut shown, &approve);
        assert_eq!(shown.status, Status::Approved);
        assert_eq!(
            shown
                .approval
                .and_then(|approval| approval.approver)
                .as_deref(),
            Some("anna")
        );
        let mut changed = held();
        changed.invoice = Some(Invoice {
            total: Field::found("10.01".parse().ok()),
            ..Invoice::default()
        });
        Decided.lay("route", &mut changed, &approve);
        assert_eq!(changed.status, Status::PendingApproval);
    }

    #[test]
    fn a_correction_changes_the_field_and_says_who() {
        let mut document = held();
        let fields = json!({"fields": {"total": "12.50", "line_items[3].total": 1, "buyer_address.city": "Bonn"}});
        Decided.lay(
            "extract",
            &mut document,
            &[decision(DecisionKind::Correct, "", fields)],
        );
        let invoice = document.invoice.expect("an invoice");
        assert_eq!(
            invoice
                .total
                .get()
                .map(|total| total.to_string())
                .as_deref(),
            Some("12.50")
        );
        assert_eq!(
            invoice
                .buyer_address
                .value()
                .and_then(|address| address.city.text()),
            Some("Bonn")
        );
        assert_eq!(document.evidence["total"].method, Some(Method::Human));
        assert!(!document.evidence.contains_key("line_items[3].total"));
    }
}
