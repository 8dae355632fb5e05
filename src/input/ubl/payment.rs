//! Means of payment, accounts, terms, instalments.

use crate::input::derived;
use crate::input::xml::Element;
use crate::input::xml::fields::Fields;
use crate::model::{Account, DiscountTerm, Field, Instalment, Invoice, Payment};

pub(super) fn read<'t>(f: &mut Fields<'t>, root: Element<'t>, invoice: &mut Invoice) {
    let terms = root.all("PaymentTerms");
    invoice.payment_terms = f.prose(
        "payment_terms",
        terms.iter().find_map(|terms| terms.at("Note")),
    );
    let discounts = terms
        .iter()
        .copied()
        .filter(|terms| terms.at("SettlementDiscountPercent").is_some())
        .collect();
    invoice.discount_terms = f.list("discount_terms", discounts, |f, terms| DiscountTerm {
        percent: f.rate("percent", terms.at("SettlementDiscountPercent")),
        days: f.parsed(
            "days",
            terms.at("SettlementPeriod/DurationMeasure"),
            "a number of days",
            |text| text.parse().ok(),
        ),
        due: f.date("due", terms.at("SettlementPeriod/EndDate")),
        base: f.amount("base", terms.at("Amount")),
    });

    let means = root.all("PaymentMeans");
    if means.is_empty() {
        invoice.payment = Field::Null;
        return;
    }
    let payment = f.within("payment", |f| {
        let of = |path: &str| means.iter().find_map(|means| means.at(path));
        let code = of("PaymentMeansCode");
        Payment {
            means_code: f.text("means_code", code),
            means_text: f.text(
                "means_text",
                code.and_then(|code| code.attribute("name"))
                    .or_else(|| of("InstructionNote")),
            ),
            reference: f.text("reference", of("PaymentID").or_else(|| of("InstructionID"))),
            accounts: accounts(f, &means),
            mandate: f.text("mandate", of("PaymentMandate/ID")),
            creditor_id: f.text("creditor_id", creditor_id(root)),
            // The buyer's own account: nothing is ever paid to it.
            debited_account: f.text(
                "debited_account",
                of("PaymentMandate/PayerFinancialAccount/ID")
                    .or_else(|| of("PayerFinancialAccount/ID")),
            ),
            card_last4: derived::card(f, of("CardAccount/PrimaryAccountNumberID")),
            instalments: instalments(f, &terms),
            qr: Field::Absent,
        }
    });
    invoice.payment = Field::Value(payment);
}

/// The accounts to pay to, each once: several means may name the same one.
fn accounts<'t>(f: &mut Fields<'t>, means: &[Element<'t>]) -> Vec<Account> {
    let mut seen = Vec::new();
    let named = means
        .iter()
        .flat_map(|means| means.all("PayeeFinancialAccount"))
        .filter(|account| {
            let id = account.text_at("ID");
            let new = !id.is_empty() && !seen.contains(&id);
            seen.push(id);
            new
        })
        .collect();
    f.list("accounts", named, |f, element| {
        let mut account = Account {
            account_name: f.text("account_name", element.at("Name")),
            ..Account::default()
        };
        let id = element.at("ID");
        let declared = id.is_some_and(|id| id.text_at("@schemeID").eq_ignore_ascii_case("IBAN"));
        derived::account_number(f, &mut account, id, declared);
        let branch = element.at("FinancialInstitutionBranch");
        let bank = branch.and_then(|branch| branch.first(&["FinancialInstitution/ID", "ID"]));
        // A BIC has 8 or 11 characters and begins with letters; anything else is a local bank number.
        match bank {
            Some(bank) if is_bic(&bank.text()) => account.bic = f.text("bic", Some(bank)),
            bank => account.bank_number = f.text("bank_number", bank),
        }
        account.bank_name = f.text(
            "bank_name",
            branch.and_then(|branch| branch.first(&["FinancialInstitution/Name", "Name"])),
        );
        account
    })
}

/// ISO 9362: four letters, a country, two or five more.
fn is_bic(text: &str) -> bool {
    matches!(text.len(), 8 | 11)
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
        && text.bytes().take(6).all(|byte| byte.is_ascii_alphabetic())
}

/// The creditor id of a direct debit (BT-90): the seller's or payee's id of the scheme `SEPA`.
fn creditor_id(root: Element<'_>) -> Option<Element<'_>> {
    ["AccountingSupplierParty/Party", "PayeeParty"]
        .iter()
        .flat_map(|party| root.all(&format!("{party}/PartyIdentification/ID")))
        .find(|id| id.text_at("@schemeID") == "SEPA")
}

/// Payment in parts: two or more terms with an amount and a day of their own.
fn instalments<'t>(f: &mut Fields<'t>, terms: &[Element<'t>]) -> Vec<Instalment> {
    const DUE: &[&str] = &["PaymentDueDate", "InstallmentDueDate"];
    let parts: Vec<Element<'t>> = terms
        .iter()
        .copied()
        .filter(|terms| terms.at("Amount").is_some() && terms.first(DUE).is_some())
        .collect();
    if parts.len() < 2 {
        return Vec::new();
    }
    f.list("instalments", parts, |f, terms| Instalment {
        amount: f.amount("amount", terms.at("Amount")),
        due: f.date("due", terms.first(DUE)),
    })
}
