//! Reverse charge: who owes the tax has to be known on both sides.

use super::findings::Draft;
use super::{Context, Findings, Rule};
use crate::model::{Hundredths, Severity};

pub(super) const RULES: &[Rule] = &[Rule {
    code: "REVERSE_CHARGE_WITHOUT_IDS",
    name: "reverse charge without the tax ids of both sides",
    severity: Severity::Warning,
    weight: Hundredths(20),
    needs: &[],
    check: ids,
    doc: doc!(
        "Whether an invoice under reverse charge (category AE, or marked so) names the vendor's VAT id or tax number, or the VAT id of its \
         tax representative, and the buyer's VAT id or registration (BR-AE-02, BR-AE-03, BR-AE-04).",
        "You owe the tax in the vendor's place and report it under these ids; without them the tax office may refuse the deduction.",
        "Category AE with the vendor's VAT id DE136695976 and none of the buyer.",
        "Ask the vendor for an invoice with both VAT ids, or enter the one that was not read."
    ),
}];

/// The category of UNTDID 5305 under which the buyer owes the tax.
const REVERSE_CHARGE: &str = "AE";

fn ids(context: &Context<'_>, findings: &mut Findings<'_>) {
    let invoice = context.invoice;
    let rows = invoice.vat_breakdown.iter().map(|row| row.category.text());
    let lines = invoice
        .line_items
        .iter()
        .map(|line| line.vat_category.text());
    let reverse = invoice.reverse_charge.get() == Some(true)
        || rows
            .chain(lines)
            .any(|category| category == Some(REVERSE_CHARGE));
    if !reverse {
        return;
    }
    let representative = invoice
        .tax_representative
        .value()
        .is_some_and(|party| party.vat.is_value());
    let vendor =
        invoice.vendor_vat.is_value() || invoice.vendor_tax_number.is_value() || representative;
    let buyer = invoice.buyer_vat.is_value() || invoice.buyer_registration.is_value();
    for (field, known, side) in [
        ("vendor_vat", vendor, "vendor"),
        ("buyer_vat", buyer, "buyer"),
    ] {
        if !known {
            let draft = Draft::new(format!("Reverse charge, but no VAT id of the {side}"));
            findings.add(
                draft
                    .field(field)
                    .suggest("Ask the vendor for an invoice with both VAT ids"),
            );
        }
    }
}
