//! Who is asked at a level.

use std::collections::BTreeMap;

use crate::model::{Decimal, Document, Level, Policy};

/// The address: the vendor's, else the department's, else the level's, else the default.
pub(super) fn of(document: &Document, policy: &Policy, level: Level) -> String {
    let approvers = &policy.approvers;
    let vendor = document
        .vendor
        .as_ref()
        .and_then(|vendor| vendor.vendor_id.as_deref());
    vendor
        .and_then(|vendor| approvers.vendors.get(vendor)?.of(level))
        .or_else(|| approvers.departments.get(&department(document)?)?.of(level))
        .or_else(|| approvers.of(level))
        .unwrap_or(&approvers.default)
        .to_owned()
}

/// The department that the largest part of the invoice belongs to; none if two are equal or a line's amount is unknown.
fn department(document: &Document) -> Option<String> {
    let invoice = document.invoice.as_ref()?;
    let mut sums = BTreeMap::<&str, Decimal>::new();
    for category in &document.categories {
        let Some(department) = category.department.as_deref() else {
            continue;
        };
        let line = invoice.line_items.get(category.line as usize)?;
        let sum = sums.entry(department).or_default();
        *sum = sum.saturating_add(line.total.get()?.decimal().abs());
    }
    let largest = *sums.values().max()?;
    let mut first = sums.iter().filter(|(_, sum)| **sum == largest);
    match (first.next(), first.next()) {
        (Some((department, _)), None) => Some((*department).to_owned()),
        _ => None,
    }
}
