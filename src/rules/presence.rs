//! What an invoice cannot do without.

use super::context::{Kind, Need};
use super::findings::Draft;
use super::{Context, Findings, Rule, plausible};
use crate::model::{Decimal, Hundredths, Severity, minor_units};

pub(super) const RULES: &[Rule] = &[
    Rule {
        code: "FIELD_MISSING",
        name: "number, date, vendor, currency or total is missing",
        severity: Severity::Error,
        weight: Hundredths(20),
        needs: &[],
        check: missing,
        doc: doc!(
            "Whether the invoice has a number, a date, a vendor, a currency and a total.",
            "None of the other checks can prove anything about an invoice that lacks one of them, and neither can accounting book it.",
            "A photographed receipt whose number is cut off has no `invoice_number`.",
            "Look at the page and enter the value with `vouch correct ID invoice_number=…`; if it is not on the page, ask the vendor for a complete invoice."
        ),
    },
    Rule {
        code: "CURRENCY_UNKNOWN",
        name: "the currency is no ISO 4217 code",
        severity: Severity::Error,
        weight: Hundredths(20),
        needs: &[Need::Currency],
        check: currency,
        doc: doc!(
            "Whether the currency is a code of ISO 4217.",
            "Limits, rates and decimals hang on the currency.",
            "`EURO` instead of `EUR`.",
            "Correct the currency with `vouch correct ID currency=EUR`."
        ),
    },
    Rule {
        code: "TOTAL_NOT_POSITIVE",
        name: "the total is zero or negative on something that asks for money",
        severity: Severity::Error,
        weight: Hundredths(30),
        needs: &[Need::Total],
        check: positive,
        doc: doc!(
            "Whether the total is above zero. Credit notes, corrections and refunds may be negative.",
            "An invoice over nothing, or over less than nothing, is a credit note that was not recognised or a total that was misread.",
            "`Total -119.00` on a document of type 380.",
            "If it is a credit note, correct the type (`document_type=381`); if the total was misread, correct the total."
        ),
    },
    Rule {
        code: "AMOUNT_IMPLAUSIBLE",
        name: "an amount is too large to be one",
        severity: Severity::Error,
        weight: Hundredths(30),
        needs: &[],
        check: implausible,
        doc: doc!(
            "Whether every amount, quantity and price is below a million millions, and every rate between 0 and 1000 %. The sums of an invoice that has such a number are not \
             checked.",
            "Digits that ran together, or a number that was never meant as an amount.",
            "`Total 20260115000000.00`.",
            "Look at the page and correct the amount."
        ),
    },
    Rule {
        code: "DECIMALS_EXCEEDED",
        name: "an amount has more decimals than its currency",
        severity: Severity::Warning,
        weight: Hundredths(10),
        needs: &[Need::Currency],
        check: decimals,
        doc: doc!(
            "Whether subtotal, VAT, total and amount due have no more decimals than the currency has (JPY 0, EUR 2, TND 3).",
            "Nobody can pay a tenth of a cent; a misplaced point looks the same.",
            "`Total JPY 1200.50`.",
            "Look at the page; correct the amount or the currency, or ask the vendor to round."
        ),
    },
];

fn missing(context: &Context<'_>, findings: &mut Findings<'_>) {
    let invoice = context.invoice;
    let text = |field: &crate::model::Field<String>| {
        field.text().is_some_and(|text| !text.trim().is_empty())
    };
    for (field, present) in [
        ("invoice_number", text(&invoice.invoice_number)),
        ("invoice_date", invoice.invoice_date.is_value()),
        ("vendor_name", text(&invoice.vendor_name)),
        ("currency", text(&invoice.currency)),
        ("total", invoice.total.is_value()),
    ] {
        if !present {
            let draft = Draft::new(format!("The invoice has no {}", field.replace('_', " ")));
            findings.add(
                draft
                    .field(field)
                    .suggest("Enter it from the page, or ask the vendor"),
            );
        }
    }
}

fn currency(context: &Context<'_>, findings: &mut Findings<'_>) {
    let code = context.invoice.currency.text().unwrap_or_default();
    if minor_units(code).is_none() {
        let draft = Draft::new(format!("{code} is no currency of ISO 4217")).field("currency");
        findings.add(
            draft
                .compare("a code of ISO 4217", code)
                .suggest("Correct the currency"),
        );
    }
}

fn positive(context: &Context<'_>, findings: &mut Findings<'_>) {
    let total = context.invoice.total.get().unwrap_or_default().decimal();
    if total > Decimal::ZERO || matches!(context.kind(), Kind::Credit | Kind::Correction) {
        return;
    }
    let draft = Draft::new(format!("The total is {}", context.money(total))).field("total");
    findings.add(
        draft
            .compare("above zero", context.money(total))
            .suggest("Check whether this is a credit note"),
    );
}

fn decimals(context: &Context<'_>, findings: &mut Findings<'_>) {
    let invoice = context.invoice;
    let allowed = context.decimals();
    for (field, amount) in [
        ("subtotal", invoice.subtotal.get()),
        ("vat_amount", invoice.vat_amount.get()),
        ("total", invoice.total.get()),
        ("amount_due", invoice.amount_due.get()),
    ] {
        let Some(amount) = amount.map(|amount| amount.decimal().normalize()) else {
            continue;
        };
        if amount.scale() > allowed {
            let draft = Draft::new(format!("{amount} has more than {allowed} decimals"));
            let draft = draft
                .field(field)
                .compare(format!("{allowed} decimals"), amount.to_string());
            findings.add(draft.suggest("Check the amount and the currency"));
        }
    }
}

fn implausible(context: &Context<'_>, findings: &mut Findings<'_>) {
    for (field, value) in plausible::beyond(context.invoice) {
        let draft = Draft::new(format!("{value} is too large for {field}")).field(field);
        findings.add(draft.suggest("Look at the page and correct it"));
    }
}
