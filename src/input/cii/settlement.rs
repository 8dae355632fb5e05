//! Payment, totals, VAT, allowances and charges.

use super::{Parts, all, at, moment};
use crate::input::derived;
use crate::input::xml::Element;
use crate::input::xml::fields::{self, Fields};
use crate::model::{
    Account, AllowanceCharge, DiscountTerm, Field, Instalment, Invoice, Payment, VatBreakdown,
};

const MEANS: &str = "SpecifiedTradeSettlementPaymentMeans";
const TERMS: &str = "SpecifiedTradePaymentTerms";
const RATE: &[&str] = &["RateApplicablePercent", "ApplicablePercent"];

pub(super) fn read<'t>(f: &mut Fields<'t>, parts: &Parts<'t>, invoice: &mut Invoice) {
    let settlement = parts.settlement;
    payment(f, settlement, invoice);
    totals(f, settlement, invoice);
    let taxes = all(settlement, "ApplicableTradeTax");
    invoice.vat_breakdown = f.list("vat_breakdown", taxes, |f, tax| VatBreakdown {
        rate: f.rate("rate", tax.first(RATE)),
        category: f.text("category", tax.at("CategoryCode")),
        base: f.amount("base", tax.at("BasisAmount")),
        amount: f.amount("amount", tax.at("CalculatedAmount")),
        exemption_reason: f.prose("exemption_reason", tax.at("ExemptionReason")),
        exemption_code: f.text("exemption_code", tax.at("ExemptionReasonCode")),
    });
    let (allowances, mut charges) = allowances_and_charges(settlement);
    charges.extend(all(settlement, "SpecifiedLogisticsServiceCharge"));
    invoice.allowances = f.list("allowances", allowances, allowance_or_charge);
    invoice.charges = f.list("charges", charges, allowance_or_charge);
}

fn payment<'t>(f: &mut Fields<'t>, settlement: Option<Element<'t>>, invoice: &mut Invoice) {
    let terms = all(settlement, TERMS);
    invoice.payment_terms = f.prose(
        "payment_terms",
        at(settlement, &[&format!("{TERMS}/Description")]),
    );
    let discounts = terms
        .iter()
        .flat_map(|terms| terms.all("ApplicableTradePaymentDiscountTerms"))
        .filter(|terms| terms.at("CalculationPercent").is_some())
        .collect();
    invoice.discount_terms = f.list("discount_terms", discounts, |f, terms| {
        // Only days are days; other units of measure are left to the reader of the terms.
        let measure = terms
            .at("BasisPeriodMeasure")
            .filter(|measure| matches!(measure.text_at("@unitCode").as_str(), "DAY" | ""));
        DiscountTerm {
            percent: f.rate("percent", terms.at("CalculationPercent")),
            days: f.parsed("days", measure, "a number of days", |text| {
                text.split('.').next()?.parse().ok()
            }),
            due: Field::Null,
            base: f.amount("base", terms.at("BasisAmount")),
        }
    });

    let means = all(settlement, MEANS);
    let reference = at(settlement, &["PaymentReference"]);
    let mandate = at(settlement, &[&format!("{TERMS}/DirectDebitMandateID")]);
    if means.is_empty() && reference.is_none() && mandate.is_none() {
        invoice.payment = Field::Null;
        return;
    }
    let payment = f.within("payment", |f| {
        let of = |path: &str| means.iter().find_map(|means| means.at(path));
        Payment {
            means_code: f.text("means_code", of("TypeCode")),
            means_text: f.text("means_text", of("Information")),
            reference: f.text("reference", reference),
            accounts: accounts(f, &means),
            mandate: f.text("mandate", mandate),
            creditor_id: f.text("creditor_id", at(settlement, &["CreditorReferenceID"])),
            // The buyer's own account: nothing is ever paid to it.
            debited_account: f.text(
                "debited_account",
                of("PayerPartyDebtorFinancialAccount/IBANID")
                    .or_else(|| of("PayerPartyDebtorFinancialAccount/ProprietaryID")),
            ),
            card_last4: derived::card(f, of("ApplicableTradeSettlementFinancialCard/ID")),
            instalments: instalments(f, &terms),
            ..Payment::default()
        }
    });
    invoice.payment = Field::Value(payment);
}

/// The accounts to pay to, each once.
fn accounts<'t>(f: &mut Fields<'t>, means: &[Element<'t>]) -> Vec<Account> {
    const NUMBER: &[&str] = &[
        "PayeePartyCreditorFinancialAccount/IBANID",
        "PayeePartyCreditorFinancialAccount/ProprietaryID",
    ];
    let mut seen = Vec::new();
    let named = means
        .iter()
        .copied()
        .filter(|means| {
            let number = means.first(NUMBER).map(Element::text).unwrap_or_default();
            let new = !number.is_empty() && !seen.contains(&number);
            seen.push(number);
            new
        })
        .collect();
    f.list("accounts", named, |f, means| {
        const BANK: &str = "PayeeSpecifiedCreditorFinancialInstitution";
        let bank = means.at(BANK);
        let mut account = Account {
            account_name: f.text(
                "account_name",
                means.at("PayeePartyCreditorFinancialAccount/AccountName"),
            ),
            bic: f.text("bic", at(bank, &["BICID"])),
            bank_number: f.text("bank_number", at(bank, &["GermanBankleitzahlID"])),
            bank_name: f.text("bank_name", at(bank, &["Name"])),
            ..Account::default()
        };
        let declared = means.at(NUMBER[0]).is_some();
        derived::account_number(f, &mut account, means.first(NUMBER), declared);
        account
    })
}

/// Payment in parts: two or more terms with an amount and a day of their own.
fn instalments<'t>(f: &mut Fields<'t>, terms: &[Element<'t>]) -> Vec<Instalment> {
    let parts: Vec<Element<'t>> = terms
        .iter()
        .copied()
        .filter(|terms| {
            terms.at("PartialPaymentAmount").is_some()
                && moment(Some(*terms), "DueDateDateTime").is_some()
        })
        .collect();
    if parts.len() < 2 {
        return Vec::new();
    }
    f.list("instalments", parts, |f, terms| Instalment {
        amount: f.amount("amount", terms.at("PartialPaymentAmount")),
        due: f.date("due", moment(Some(terms), "DueDateDateTime")),
    })
}

fn totals<'t>(f: &mut Fields<'t>, settlement: Option<Element<'t>>, invoice: &mut Invoice) {
    let summation = at(
        settlement,
        &[
            "SpecifiedTradeSettlementHeaderMonetarySummation",
            "SpecifiedTradeSettlementMonetarySummation",
        ],
    );
    let currency = f.currency().unwrap_or_default().to_owned();
    // An amount may be given in both currencies; the document's is the one that counts.
    let in_currency = |name: &str, wanted: &str| {
        all(summation, name).into_iter().find(|amount| {
            let stated = amount.text_at("@currencyID");
            !amount.text().is_empty()
                && (stated == wanted || stated.is_empty() && wanted == currency)
        })
    };
    let mut amount = |field: &str, name: &str| {
        f.amount(
            field,
            in_currency(name, &currency).or_else(|| at(summation, &[name])),
        )
    };
    invoice.lines_total = amount("lines_total", "LineTotalAmount");
    invoice.allowance_total = amount("allowance_total", "AllowanceTotalAmount");
    invoice.charge_total = amount("charge_total", "ChargeTotalAmount");
    invoice.subtotal = amount("subtotal", "TaxBasisTotalAmount");
    invoice.total = amount("total", "GrandTotalAmount");
    invoice.paid_amount = amount("paid_amount", "TotalPrepaidAmount");
    invoice.rounding = amount("rounding", "RoundingAmount");
    invoice.amount_due = amount("amount_due", "DuePayableAmount");
    let vat = in_currency("TaxTotalAmount", &currency);
    invoice.vat_amount = f.amount("vat_amount", vat);
    let accounting = invoice
        .vat_currency
        .text()
        .filter(|code| *code != currency)
        .and_then(|code| in_currency("TaxTotalAmount", code));
    // Not in the document's currency, so not written in its minor units.
    invoice.vat_amount_accounting = f.parsed(
        "vat_amount_accounting",
        accounting,
        "an amount",
        fields::decimal,
    );
}

/// The allowances and the charges of a document or a line.
pub(super) fn allowances_and_charges(
    parent: Option<Element<'_>>,
) -> (Vec<Element<'_>>, Vec<Element<'_>>) {
    all(parent, "SpecifiedTradeAllowanceCharge")
        .into_iter()
        .filter(|entry| entry.at("ActualAmount").is_some())
        .partition(|entry| {
            let charge = entry
                .first(&["ChargeIndicator/Indicator", "ChargeIndicator"])
                .map(Element::text)
                .unwrap_or_default();
            !matches!(charge.as_str(), "true" | "1")
        })
}

pub(super) fn allowance_or_charge<'t>(f: &mut Fields<'t>, entry: Element<'t>) -> AllowanceCharge {
    let tax = entry.first(&["CategoryTradeTax", "AppliedTradeTax"]);
    AllowanceCharge {
        amount: f.amount("amount", entry.first(&["ActualAmount", "AppliedAmount"])),
        base: f.amount("base", entry.at("BasisAmount")),
        percent: f.rate("percent", entry.at("CalculationPercent")),
        vat_category: f.text("vat_category", at(tax, &["CategoryCode"])),
        vat_rate: f.rate("vat_rate", at(tax, RATE)),
        reason: f.prose("reason", entry.first(&["Reason", "Description"])),
        reason_code: f.text("reason_code", entry.at("ReasonCode")),
    }
}
