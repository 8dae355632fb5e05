//! Payment codes (EPC, Swiss QR-bill, Spayd): against the page, and against the rules of their own forms.

use super::context::Need;
use super::findings::Draft;
use super::{Context, Findings, Rule, payment_reference};
use crate::model::{Amount, Hundredths, Method, PaymentCode, Severity, check_iban, compact};

pub(super) const MISMATCH: Rule = Rule {
    code: "QR_MISMATCH",
    name: "the payment code says something else than the page",
    severity: Severity::Error,
    weight: Hundredths(40),
    needs: &[Need::PaymentCode],
    check: mismatch,
    doc: doc!(
        "Whether account, amount and currency of the payment code (EPC, Swiss QR-bill, Spayd) are those of the invoice. A Swiss QR-IBAN \
         stands for an account whose IBAN is another by design: that is noted, not held against the invoice.",
        "Whoever scans the code pays what is in it. A code pasted over the original is a known fraud.",
        "The page says `DE89…`, the code `NL91…`.",
        "Call the vendor under a number you knew before."
    ),
};

pub(super) const RULES: &[Rule] = &[Rule {
    code: "PAYMENT_CODE_INVALID",
    name: "the payment code breaks the rules of its form",
    severity: Severity::Warning,
    weight: Hundredths(35),
    needs: &[Need::PaymentCode],
    check: form,
    doc: doc!(
        "Whether the IBAN of the payment code has right check digits, whether an EPC code is over euros, and whether a Swiss one is over francs or \
         euros, from an account in Switzerland or Liechtenstein, with the reference that its account asks for: a QR-IBAN (institution \
         30000 to 31999) a QR reference of 27 digits with a right check digit, another IBAN none or a creditor reference (ISO 11649).",
        "Banks refuse such a code; one that was made by hand to mislead is often wrong in such a place.",
        "A QR-IBAN with the reference `RF18 5390 0754 7034`.",
        "Pay by the printed account after you compared it with the one you know, and tell the vendor."
    ),
}];

/// Institutions of Switzerland and Liechtenstein whose accounts are QR-IBANs.
const QR_INSTITUTIONS: std::ops::RangeInclusive<u32> = 30_000..=31_999;

/// Tells whether an account is a QR-IBAN: it stands for another account of the same holder.
fn is_qr_iban(iban: &str) -> bool {
    let swiss = iban.starts_with("CH") || iban.starts_with("LI");
    let institution = iban.get(4..9).and_then(|digits| digits.parse().ok());
    swiss && institution.is_some_and(|institution| QR_INSTITUTIONS.contains(&institution))
}

fn code<'a>(context: &Context<'a>) -> Option<&'a PaymentCode> {
    context.invoice.payment.value()?.qr.value()
}

fn mismatch(context: &Context<'_>, findings: &mut Findings<'_>) {
    let Some(code) = code(context) else {
        return;
    };
    let looked = [
        account(context, code, findings),
        amount(context, code, findings),
        currency(context, code, findings),
    ];
    if looked == [false; 3] {
        findings.skip("the payment code names nothing that the invoice names");
    }
}

/// Tells whether a field was taken from the code itself, so that there is nothing to compare.
fn from_code(context: &Context<'_>, field: &str) -> bool {
    let evidence = context.document.evidence.get(field);
    evidence.and_then(|evidence| evidence.method) == Some(Method::Qr)
}

const SUGGESTION: &str = "Call the vendor under a number you knew before";

fn account(context: &Context<'_>, code: &PaymentCode, findings: &mut Findings<'_>) -> bool {
    let printed: Vec<String> = context.ibans().into_iter().map(|(_, iban)| iban).collect();
    let Some(iban) = code.iban.text().map(compact) else {
        return false;
    };
    if printed.is_empty() || from_code(context, "iban") {
        return false;
    }
    if printed.contains(&iban) {
        return true;
    }
    let listed = printed.join(", ");
    let draft = Draft::new(format!(
        "The payment code asks for payment to {iban}, the invoice to {listed}"
    ));
    let draft = draft.field("payment.qr.iban").compare(&listed, &iban);
    let draft = draft.suggest(SUGGESTION);
    let same_country = printed.iter().any(|other| other.get(..2) == iban.get(..2));
    if is_qr_iban(&iban) && same_country {
        findings.grade(draft, Severity::Info);
    } else {
        findings.add(draft);
    }
    true
}

fn amount(context: &Context<'_>, code: &PaymentCode, findings: &mut Findings<'_>) -> bool {
    let invoice = context.invoice;
    let due: Vec<_> = [
        ("amount_due", &invoice.amount_due),
        ("total", &invoice.total),
    ]
    .into_iter()
    .filter(|(field, _)| !from_code(context, field))
    .filter_map(|(_, amount)| amount.get().map(Amount::decimal))
    .collect();
    let Some(amount) = code.amount.get().map(Amount::decimal) else {
        return false;
    };
    let Some(first) = due.first() else {
        return false;
    };
    if !due.contains(&amount) {
        let (amount, due) = (context.money(amount), context.money(*first));
        let draft = Draft::new(format!(
            "The payment code is over {amount}, the invoice over {due}"
        ));
        let draft = draft.field("payment.qr.amount").compare(due, amount);
        findings.add(draft.suggest(SUGGESTION));
    }
    true
}

fn currency(context: &Context<'_>, code: &PaymentCode, findings: &mut Findings<'_>) -> bool {
    let (Some(coded), Some(printed)) = (code.currency.text(), context.invoice.currency.text())
    else {
        return false;
    };
    if from_code(context, "currency") {
        return false;
    }
    if coded != printed {
        let draft = Draft::new(format!(
            "The payment code is in {coded}, the invoice in {printed}"
        ));
        let draft = draft.field("payment.qr.currency").compare(printed, coded);
        findings.add(draft.suggest(SUGGESTION));
    }
    true
}

fn form(context: &Context<'_>, findings: &mut Findings<'_>) {
    let Some(code) = code(context) else {
        return;
    };
    let suggestion = "Compare the printed account with the one you know";
    let mut fault = |field: &str, what: String| {
        findings.add(Draft::new(what).field(field).suggest(suggestion));
    };
    let iban = code.iban.text().map(compact).unwrap_or_default();
    if !iban.is_empty() && check_iban(&iban).is_err() {
        let what = format!("The IBAN {iban} in the payment code is not valid");
        fault("payment.qr.iban", what);
    }
    let currency = code.currency.text();
    match code.kind.text() {
        Some("epc") if currency.is_some_and(|currency| currency != "EUR") => {
            let what = "The payment code is not over euros, as its form asks".to_owned();
            fault("payment.qr.currency", what);
        }
        Some("swiss") => {
            if currency.is_some_and(|currency| !["CHF", "EUR"].contains(&currency)) {
                let what = "The payment code is over neither francs nor euros, as its form asks";
                fault("payment.qr.currency", what.to_owned());
            }
            if let Some(what) = swiss(&iban, code.reference.text()) {
                fault("payment.qr.reference", what);
            }
        }
        _ => {}
    }
}

/// What is wrong with account and reference of a Swiss code.
fn swiss(iban: &str, reference: Option<&str>) -> Option<String> {
    if !iban.is_empty() && !iban.starts_with("CH") && !iban.starts_with("LI") {
        return Some(format!(
            "The account {iban} is neither Swiss nor of Liechtenstein"
        ));
    }
    let digits = reference.map(compact).unwrap_or_default();
    let qr_reference = digits.len() == 27 && digits.bytes().all(|byte| byte.is_ascii_digit());
    match (is_qr_iban(iban), reference) {
        (true, _) if !qr_reference => Some(format!(
            "The account {iban} is a QR-IBAN, and the code has no QR reference"
        )),
        (false, Some(_)) if qr_reference => Some(format!(
            "The code has a QR reference, and the account {iban} is no QR-IBAN"
        )),
        (false, Some(reference)) if !digits.starts_with("RF") => Some(format!(
            "The reference {reference} is neither a QR reference nor a creditor reference"
        )),
        (_, Some(reference)) if payment_reference::check(reference) != Some(true) => Some(format!(
            "The check digits of the reference {reference} are wrong"
        )),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn swiss_accounts_ask_for_their_references() {
        for (iban, reference, sound) in [
            (
                "CH4431999123000889012",
                Some("21 00000 00003 13947 14300 09017"),
                true,
            ),
            (
                "CH4431999123000889012",
                Some("21 00000 00003 13947 14300 09018"),
                false,
            ),
            ("CH4431999123000889012", Some("RF18539007547034"), false),
            ("CH4431999123000889012", None, false),
            ("CH5604835012345678009", None, true),
            ("CH5604835012345678009", Some("RF18 5390 0754 7034"), true),
            ("CH5604835012345678009", Some("RF19 5390 0754 7034"), false),
            (
                "CH5604835012345678009",
                Some("210000000003139471430009017"),
                false,
            ),
            ("CH5604835012345678009", Some("4711"), false),
            ("DE89370400440532013000", None, false),
        ] {
            assert_eq!(
                swiss(iban, reference).is_none(),
                sound,
                "{iban} {reference:?}"
            );
        }
    }

    #[test]
    fn qr_ibans_are_told_by_their_institution() {
        for (iban, is) in [
            ("CH4431999123000889012", true),
            ("LI2130000000000000000", true),
            ("CH5604835012345678009", false),
            ("CH4432000123000889012", false),
            ("DE3031999000000000000", false),
            ("CH44", false),
        ] {
            assert_eq!(is_qr_iban(iban), is, "{iban}");
        }
    }
}
