//! Numbers with check digits: bank accounts, VAT ids, payment references.

use super::context::Need;
use super::findings::Draft;
use super::{Context, Findings, Rule, payment_reference};
use crate::model::{Hundredths, Severity, check_iban, check_vat_id, is_bic};

pub(super) const RULES: &[Rule] = &[
    Rule {
        code: "IBAN_INVALID",
        name: "an IBAN cannot be right",
        severity: Severity::Error,
        weight: Hundredths(30),
        needs: &[Need::Iban],
        check: ibans,
        doc: doc!(
            "Form, country, length and check digits (mod 97) of each IBAN of the invoice.",
            "A transfer to it fails, or a digit was misread and it would go elsewhere.",
            "`DE89 3704 0044 0532 0130 01`: the check digits do not fit.",
            "Compare the IBAN with the page and correct it, digit by digit; if it is printed so, ask the vendor through a channel you know."
        ),
    },
    Rule {
        code: "BIC_INVALID",
        name: "a BIC does not have the form of one",
        severity: Severity::Warning,
        weight: Hundredths(10),
        needs: &[Need::Bic],
        check: bics,
        doc: doc!(
            "Whether each BIC has the form of ISO 9362: four letters, a country, two or five more characters.",
            "A transfer abroad may be refused.",
            "`COBADEFFXX` has ten characters.",
            "Compare the BIC with the page and correct it."
        ),
    },
    Rule {
        code: "VAT_ID_INVALID",
        name: "a VAT id cannot be right",
        severity: Severity::Error,
        weight: Hundredths(20),
        needs: &[Need::VatId],
        check: vat_ids,
        doc: doc!(
            "Form and check digits of the vendor's VAT id, and of the buyer's (a warning), for the member states of the EU, Great Britain, Northern \
             Ireland, Norway and Switzerland. An id without a country prefix is read by the vendor's country; where that is not known it cannot be told.",
            "Without a valid VAT id the tax cannot be deducted; an invented one is a mark of an invented invoice.",
            "`DE123456789`: the last digit does not fit.",
            "Compare the id with the page and correct it; if it is printed so, ask the vendor, and look it up in VIES."
        ),
    },
    Rule {
        code: "PAYMENT_REFERENCE_INVALID",
        name: "the check digits of the payment reference do not fit",
        severity: Severity::Warning,
        weight: Hundredths(10),
        needs: &[Need::PaymentReference],
        check: reference,
        doc: doc!(
            "Check digits of references that have them: RF (ISO 11649), Swiss QR references, Belgian structured communications.",
            "The vendor cannot match the payment, and reminds you of an invoice you have paid.",
            "`+++090/9337/55494+++` instead of `…55493+++`.",
            "Compare the reference with the page and correct it."
        ),
    },
];

fn ibans(context: &Context<'_>, findings: &mut Findings<'_>) {
    for (path, value) in context.ibans() {
        if let Err(fault) = check_iban(&value) {
            let draft = Draft::new(format!("{value} is no IBAN: {}", fault.text())).field(path);
            findings.add(draft.suggest("Compare it with the page, digit by digit"));
        }
    }
}

fn bics(context: &Context<'_>, findings: &mut Findings<'_>) {
    for (path, value) in context.bics() {
        if !is_bic(&value) {
            let draft = Draft::new(format!("{value} is no BIC")).field(path);
            findings.add(draft.suggest("Compare it with the page"));
        }
    }
}

fn vat_ids(context: &Context<'_>, findings: &mut Findings<'_>) {
    let invoice = context.invoice;
    let vendor_country = invoice
        .vendor_address
        .value()
        .and_then(|address| address.country.text())
        .or(invoice.country.text());
    let buyer_country = invoice
        .buyer_address
        .value()
        .and_then(|address| address.country.text());
    let mut told = false;
    for (path, id, country, severity) in [
        (
            "vendor_vat",
            &invoice.vendor_vat,
            vendor_country,
            Severity::Error,
        ),
        (
            "buyer_vat",
            &invoice.buyer_vat,
            buyer_country,
            Severity::Warning,
        ),
    ] {
        let Some(id) = id.text() else {
            continue;
        };
        match check_vat_id(id, country) {
            None => {}
            Some(Ok(())) => told = true,
            Some(Err(fault)) => {
                told = true;
                let draft = Draft::new(format!("{id} is no VAT id: {}", fault.text())).field(path);
                findings.grade(
                    draft.suggest("Compare it with the page; look it up in VIES"),
                    severity,
                );
            }
        }
    }
    if !told {
        findings.skip("it cannot be told which country's VAT id it is");
    }
}

fn reference(context: &Context<'_>, findings: &mut Findings<'_>) {
    let payment = context.invoice.payment.value();
    let Some(printed) = payment.and_then(|payment| payment.reference.text()) else {
        return;
    };
    match payment_reference::check(printed) {
        None => findings.skip("the payment reference has no check digits that are known"),
        Some(true) => {}
        Some(false) => {
            let draft = Draft::new(format!(
                "The check digits of the payment reference {printed} do not fit"
            ));
            findings.add(
                draft
                    .field("payment.reference")
                    .suggest("Compare it with the page"),
            );
        }
    }
}
