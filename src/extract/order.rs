//! References: purchase orders, and the other numbers an invoice quotes.
//!
//! A new reference is a row of [`REFERENCES`].

use super::candidate::{Candidate, ranked};
use super::codes::{self, Claim};
use super::draft::Draft;
use super::number::normal;
use super::view::View;
use crate::lang::Label;
use crate::model::{Field, Invoice, PrecedingInvoice};

/// Points below which a reference is no better than a guess.
const LEAST: f64 = 1.6;

/// A field that a label names and nothing else tells.
struct Reference {
    field: &'static str,
    label: Label,
    put: fn(&mut Invoice, Option<String>),
}

/// All of them.
const REFERENCES: &[Reference] = &[
    Reference {
        field: "sales_order_reference",
        label: Label::SalesOrder,
        put: |invoice, value| invoice.sales_order_reference = Field::found(value),
    },
    Reference {
        field: "buyer_id",
        label: Label::CustomerNumber,
        put: |invoice, value| invoice.buyer_id = Field::found(value),
    },
    Reference {
        field: "contract_reference",
        label: Label::ContractNumber,
        put: |invoice, value| invoice.contract_reference = Field::found(value),
    },
    Reference {
        field: "despatch_reference",
        label: Label::DeliveryNote,
        put: |invoice, value| invoice.despatch_reference = Field::found(value),
    },
    Reference {
        field: "vendor_tax_number",
        label: Label::TaxNumber,
        put: |invoice, value| invoice.vendor_tax_number = Field::found(value),
    },
    Reference {
        field: "vendor_registration",
        label: Label::Registration,
        put: |invoice, value| invoice.vendor_registration = Field::found(value),
    },
];

const fn claim(label: Label) -> Claim {
    Claim {
        label,
        points: 3.0,
        sides: codes::ANY,
    }
}

/// Looks for the purchase orders; the first is repeated as `po_reference`.
pub(super) fn find_purchase_orders(view: &View<'_>, draft: &mut Draft) {
    let orders = best(view, draft, Label::OrderNumber);
    if let Some(evidence) = view.evidence_of("po_reference", &orders, Clone::clone) {
        draft.evidence.insert("po_reference".to_owned(), evidence);
    }
    draft.invoice.po_reference = Field::found(orders.first().map(|order| order.value.clone()));
    draft.invoice.po_references = orders.into_iter().map(|order| order.value).collect();
}

/// Looks for the other references.
pub(super) fn find_references(view: &View<'_>, draft: &mut Draft) {
    for reference in REFERENCES {
        let found = best(view, draft, reference.label);
        if let Some(evidence) = view.evidence_of(reference.field, &found, Clone::clone) {
            draft.evidence.insert(reference.field.to_owned(), evidence);
        }
        let value = found.into_iter().next().map(|candidate| candidate.value);
        (reference.put)(&mut draft.invoice, value);
    }
}

/// Looks for the invoice that this one corrects or credits.
pub(super) fn find_preceding(view: &View<'_>, draft: &mut Draft) {
    let found = best(view, draft, Label::PrecedingInvoice);
    if let Some(evidence) = view.evidence_of("preceding_invoices[0].number", &found, Clone::clone) {
        draft
            .evidence
            .insert("preceding_invoices[0].number".to_owned(), evidence);
    }
    draft.invoice.preceding_invoices = found
        .into_iter()
        .take(1)
        .map(|candidate| PrecedingInvoice {
            number: Field::Value(candidate.value),
            date: Field::Null,
        })
        .collect();
}

/// The codes that a label names, without the number of the invoice itself.
fn best(view: &View<'_>, draft: &Draft, label: Label) -> Vec<Candidate<String>> {
    let own = draft.invoice.invoice_number.text().map(normal);
    let mut found = codes::candidates(view, &[claim(label)]);
    found.retain(|candidate| candidate.points >= LEAST && Some(normal(&candidate.value)) != own);
    ranked(found, |a, b| normal(a) == normal(b))
}
