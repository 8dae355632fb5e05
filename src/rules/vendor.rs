//! The vendor: whether it is known, may be paid, and is paid where it always was.

use super::context::Need;
use super::findings::Draft;
use super::{Context, Findings, Rule};
use crate::model::{Hundredths, Severity, compact};

pub(super) const RULES: &[Rule] = &[
    Rule {
        code: "VENDOR_UNKNOWN",
        name: "the vendor is not in the vendor file",
        severity: Severity::Warning,
        weight: Hundredths(20),
        needs: &[Need::VendorFile],
        check: unknown,
        doc: doc!(
            "Whether `vouch enrich` found the vendor in the vendor file, by VAT id, bank account, name or alias. Without a vendor file it does not run.",
            "An invoice from nobody you know never passes without a person.",
            "`Example Trading Ltd` is in no row.",
            "If you buy from it, add it to the vendor file; if you know it by another name, add that as an alias."
        ),
    },
    Rule {
        code: "VENDOR_AMBIGUOUS",
        name: "the marks of the vendor point to two rows of the vendor file",
        severity: Severity::Warning,
        weight: Hundredths(35),
        needs: &[Need::KnownVendor],
        check: ambiguous,
        doc: doc!(
            "Whether VAT id, bank account and name of the invoice all lead to the same row of the vendor file.",
            "A known name over another vendor's account is how payments are led astray; or the file has a vendor twice.",
            "The VAT id is that of V1, the name that of V2.",
            "Look at the invoice and at both rows; correct the invoice or the file."
        ),
    },
    Rule {
        code: "VENDOR_NOT_APPROVED",
        name: "the vendor is known but may not be paid",
        severity: Severity::Error,
        weight: Hundredths(30),
        needs: &[Need::KnownVendor],
        check: not_approved,
        doc: doc!(
            "Whether the vendor file says `yes` under `approved`.",
            "Vendors are approved before they are paid, not after.",
            "`V2,Sample Ltd,…,no`.",
            "Have the vendor approved and change its row, or reject the invoice."
        ),
    },
    Rule {
        code: "IBAN_CHANGED",
        name: "the bank account is not one this vendor was paid to before",
        severity: Severity::Error,
        weight: Hundredths(40),
        needs: &[Need::Iban],
        check: changed,
        doc: doc!(
            "Whether each IBAN of the invoice is one the vendor file names for the vendor or, where it names none, one of the vendor's earlier invoices. At least a manager decides, \
             whatever the amount and whatever severity the policy gives.",
            "A changed account is the commonest way to steal a payment.",
            "`NL91 ABNA 0417 1643 00`, where every earlier invoice had `DE89 3704 0044 0532 0130 00`.",
            "Call the vendor under a number you knew before. Only then add the new account to the vendor file."
        ),
    },
    Rule {
        code: "IBAN_UNKNOWN",
        name: "no bank account of this vendor is known to compare with",
        severity: Severity::Warning,
        weight: Hundredths(35),
        needs: &[Need::Iban, Need::KnownVendor],
        check: unknown_iban,
        doc: doc!(
            "Whether there is any account to compare with: in the vendor file or on an earlier invoice of the vendor.",
            "The first payment is the one to look at.",
            "The first invoice of a vendor whose row has no IBAN.",
            "Check the account with the vendor and add it to the vendor file."
        ),
    },
    Rule {
        code: "AMOUNT_ANOMALY",
        name: "the total is far above the vendor's average",
        severity: Severity::Warning,
        weight: Hundredths(20),
        needs: &[Need::Total],
        check: anomaly,
        doc: doc!(
            "Whether the total is more than three times the average of the vendor's earlier invoices in the same currency. It needs three of them (`amount_anomaly_factor`, \
             `amount_anomaly_min_history`).",
            "A decimal point out of place, or an order nobody placed.",
            "4,100.00 from a vendor whose invoices are about 900.00.",
            "Verify with vendor or requester."
        ),
    },
];

fn unknown(context: &Context<'_>, findings: &mut Findings<'_>) {
    let known = context
        .document
        .vendor
        .as_ref()
        .is_some_and(|vendor| vendor.vendor_id.is_some());
    if !known {
        let name = context
            .invoice
            .vendor_name
            .text()
            .unwrap_or("without a name");
        let draft =
            Draft::new(format!("Vendor {name} is not in the vendor file")).field("vendor_name");
        findings.add(draft.suggest("Add the vendor, or this name as an alias"));
    }
}

fn ambiguous(context: &Context<'_>, findings: &mut Findings<'_>) {
    let Some(vendor) = &context.document.vendor else {
        return;
    };
    if let (Some(id), Some(other)) = (&vendor.vendor_id, &vendor.runner_up) {
        let draft = Draft::new(format!(
            "The invoice fits vendor {id} and vendor {}",
            other.vendor_id
        ));
        findings.add(
            draft
                .field("vendor_name")
                .suggest("Look at both rows of the vendor file"),
        );
    }
}

fn not_approved(context: &Context<'_>, findings: &mut Findings<'_>) {
    let Some(vendor) = &context.document.vendor else {
        return;
    };
    if vendor.approved != Some(true) {
        let id = vendor.vendor_id.as_deref().unwrap_or_default();
        let draft = Draft::new(format!("Vendor {id} is not approved")).field("vendor_name");
        findings.add(draft.suggest("Have the vendor approved first"));
    }
}

/// The accounts that are known, and by what: the vendor file, else the vendor's history.
fn known(context: &Context<'_>) -> Option<(Vec<String>, String)> {
    let compacted = |ibans: &[String]| ibans.iter().map(|iban| compact(iban)).collect::<Vec<_>>();
    let file = context
        .document
        .vendor
        .as_ref()
        .map(|vendor| compacted(&vendor.ibans))
        .unwrap_or_default();
    if !file.is_empty() {
        return Some((file, "the vendor file".to_owned()));
    }
    let past = context.past.vendor.as_ref()?;
    let accounts = compacted(&past.ibans);
    (!accounts.is_empty()).then(|| (accounts, format!("{} earlier invoices", past.count)))
}

fn changed(context: &Context<'_>, findings: &mut Findings<'_>) {
    let Some((known, by)) = known(context) else {
        findings.skip("no account of this vendor is known");
        return;
    };
    for (path, iban) in context.ibans() {
        if !known.contains(&iban) {
            let listed = known.join(", ");
            let draft = Draft::new(format!(
                "The invoice asks for payment to {iban}; known from {by}: {listed}"
            ));
            findings.add(
                draft
                    .field(path)
                    .compare(listed, iban)
                    .suggest("Call the vendor under a number you knew before"),
            );
        }
    }
}

fn unknown_iban(context: &Context<'_>, findings: &mut Findings<'_>) {
    if known(context).is_none() {
        let (path, iban) = context.ibans().swap_remove(0);
        let draft = Draft::new(format!(
            "No account of this vendor is known to compare {iban} with"
        ));
        findings.add(
            draft
                .field(path)
                .suggest("Check the account with the vendor and add it to the vendor file"),
        );
    }
}

fn anomaly(context: &Context<'_>, findings: &mut Findings<'_>) {
    let wanted = context.policy.amount_anomaly_min_history;
    let Some(past) = context
        .past
        .vendor
        .as_ref()
        .filter(|past| past.count >= wanted)
    else {
        findings.skip(format!(
            "fewer than {wanted} earlier invoices of this vendor in this currency are known"
        ));
        return;
    };
    let total = context.invoice.total.get().unwrap_or_default().decimal();
    let average = past.average.decimal().abs();
    let limit = average.checked_mul(context.policy.amount_anomaly_factor.decimal());
    if limit.is_some_and(|limit| total.abs() > limit) {
        let average = context.money(average.round_dp(context.decimals()));
        let draft = Draft::new(format!(
            "Amount significantly higher than vendor average ({average})"
        ));
        findings.add(
            draft
                .field("total")
                .compare(
                    format!(
                        "at most {} x {average}",
                        context.policy.amount_anomaly_factor
                    ),
                    context.money(total),
                )
                .suggest("Verify with vendor or requester"),
        );
    }
}
