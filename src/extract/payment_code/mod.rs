//! Payment codes: what they say, and what they complete.
//!
//! A code is printed for a program and guarded by check digits of its own, so it completes what the page or the XML leaves open:
//! account, amount due, currency, reference, creditor. What is read already is never replaced; where the two differ, the
//! rules say so.

mod forms;

use std::collections::BTreeMap;

use crate::model::{
    Account, Amount, Confidence, Document, Evidence, Field, Invoice, Method, PageCode, Payment,
    PaymentCode,
};

/// What a payment code says.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Payload {
    /// `epc`, `swiss` or `other`.
    kind: &'static str,
    iban: Option<String>,
    bic: Option<String>,
    name: Option<String>,
    amount: Option<Amount>,
    currency: Option<String>,
    reference: Option<String>,
}

/// The code is read without a doubt, but it may be another invoice's.
const SURE: f64 = 0.99;

/// Lays the first payment code of the pages into the invoice.
pub(super) fn complete(document: &mut Document) {
    let mut codes = document.ocr.iter().flat_map(|ocr| &ocr.codes);
    let Some((code, payload)) =
        codes.find_map(|code| Some((code.clone(), forms::parse(&code.text)?)))
    else {
        return;
    };
    let Some(invoice) = document.invoice.as_mut() else {
        return;
    };
    let mut payment = invoice.payment.value().cloned().unwrap_or_default();
    if !payment.qr.is_value() {
        fill(
            invoice,
            &mut payment,
            &mut document.evidence,
            &code,
            payload,
        );
        invoice.payment = Field::Value(payment);
    }
}

fn fill(
    invoice: &mut Invoice,
    payment: &mut Payment,
    evidence: &mut BTreeMap<String, Evidence>,
    code: &PageCode,
    payload: Payload,
) {
    let mut read = |field: &str| {
        let read = Evidence {
            page: Some(code.page),
            bbox: code.bbox,
            text: Some(code.text.clone()),
            method: Some(Method::Qr),
            confidence: Some(Confidence(SURE)),
            ..Evidence::default()
        };
        evidence.insert(field.to_owned(), read);
    };
    read("payment.qr");
    if let Some(iban) = payload.iban.clone().filter(|_| !invoice.iban.is_value()) {
        let account = Account {
            iban: Field::Value(iban.clone()),
            bic: Field::found(payload.bic.clone()),
            account_name: Field::found(payload.name.clone()),
            ..Account::default()
        };
        payment.accounts.insert(0, account);
        invoice.iban = Field::Value(iban);
        read("iban");
        read("payment.accounts[0].iban");
        if let Some(bic) = payload.bic.filter(|_| !invoice.bic.is_value()) {
            invoice.bic = Field::Value(bic);
            read("bic");
        }
    }
    if !invoice.amount_due.is_value() && payload.amount.is_some() {
        invoice.amount_due = Field::found(payload.amount);
        read("amount_due");
    }
    if !invoice.currency.is_value() && payload.currency.is_some() {
        invoice.currency = Field::found(payload.currency.clone());
        read("currency");
    }
    if !payment.reference.is_value() && payload.reference.is_some() {
        payment.reference = Field::found(payload.reference.clone());
        read("payment.reference");
    }
    if !invoice.vendor_name.is_value() && payload.name.is_some() {
        invoice.vendor_name = Field::found(payload.name.clone());
        read("vendor_name");
    }
    payment.qr = Field::Value(PaymentCode {
        kind: Field::Value(payload.kind.to_owned()),
        iban: Field::found(payload.iban),
        amount: Field::found(payload.amount),
        currency: Field::found(payload.currency),
        reference: Field::found(payload.reference),
        name: Field::found(payload.name),
        raw: Field::Value(code.text.clone()),
    });
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    const EPC: &str = "BCD\n002\n1\nSCT\n\nExample GmbH\nDE89370400440532013000\nEUR1190.00\n\nRF18539007547034\n";

    fn completed(invoice: &Value) -> Document {
        let mut document: Document = serde_json::from_value(json!({
            "schema": "vouch/1", "id": "d1", "invoice": invoice,
            "ocr": {"codes": [
                {"page": 1, "text": "BCD\nno code of any form"},
                {"page": 2, "bbox": [1, 2, 3, 4], "text": EPC},
            ]}
        }))
        .expect("a record");
        complete(&mut document);
        document
    }

    #[test]
    fn a_code_completes_what_is_missing() {
        let document = completed(
            &json!({"iban": null, "currency": null, "amount_due": null, "vendor_name": null}),
        );
        let written = serde_json::to_value(&document).expect("serialises");
        let invoice = &written["invoice"];
        for (path, value) in [
            ("/iban", json!("DE89370400440532013000")),
            ("/currency", json!("EUR")),
            ("/vendor_name", json!("Example GmbH")),
            ("/payment/reference", json!("RF18539007547034")),
            ("/payment/accounts/0/iban", json!("DE89370400440532013000")),
            ("/payment/qr/kind", json!("epc")),
            ("/payment/qr/raw", json!(EPC)),
        ] {
            assert_eq!(invoice.pointer(path), Some(&value), "{path}");
        }
        assert_eq!(invoice["amount_due"].to_string(), "1190.00");
        for field in [
            "iban",
            "amount_due",
            "currency",
            "vendor_name",
            "payment.reference",
            "payment.qr",
        ] {
            let evidence = &document.evidence[field];
            assert_eq!(
                (evidence.method, evidence.page),
                (Some(Method::Qr), Some(2)),
                "{field}"
            );
            assert!(evidence.bbox.is_some());
        }
    }

    #[test]
    fn what_is_read_already_stays() {
        let document = completed(&json!({
            "iban": "NL91ABNA0417164300", "currency": "CHF", "amount_due": 5, "vendor_name": "Other Ltd", "payment": {"reference": "4711"}
        }));
        let invoice = document.invoice.expect("an invoice");
        assert_eq!(invoice.iban.text(), Some("NL91ABNA0417164300"));
        assert_eq!(invoice.vendor_name.text(), Some("Other Ltd"));
        let payment = invoice.payment.value().expect("a payment");
        assert_eq!(payment.reference.text(), Some("4711"));
        let code = payment.qr.value().expect("a code");
        assert_eq!(code.iban.text(), Some("DE89370400440532013000"));
        let kept: Vec<&str> = document.evidence.keys().map(String::as_str).collect();
        assert_eq!(kept, ["payment.qr"]);
    }
}
