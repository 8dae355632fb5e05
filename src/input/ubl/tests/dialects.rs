//! What senders and dialects of UBL do differently.

use super::*;

#[test]
fn two_tax_totals_are_told_apart_by_currency() {
    check(
        &invoice_of(SAMPLE),
        &[
            ("/vat_amount", "18.05"),
            ("/vat_amount_accounting", "205.333"),
        ],
    );
    // The same VAT again without a breakdown counts once, whatever currency it claims.
    check(
        &invoice_of(&SAMPLE.replace("\"SEK\">205.333", "\"EUR\">18.05")),
        &[("/vat_amount", "18.05"), ("/vat_amount_accounting", "null")],
    );
    // Two taxes with a breakdown each are two taxes.
    let second = "<cac:TaxTotal><cbc:TaxAmount currencyID=\"EUR\">1.95</cbc:TaxAmount><cac:TaxSubtotal><cbc:TaxAmount currencyID=\"EUR\">1.95</cbc:TaxAmount></cac:TaxSubtotal></cac:TaxTotal><cac:LegalMonetaryTotal>";
    let both = invoice_of(&with("<cac:LegalMonetaryTotal>", second));
    check(
        &both,
        &[
            ("/vat_amount", "20.00"),
            ("/vat_breakdown/2/amount", "1.95"),
        ],
    );
}

#[test]
fn oioubl_calls_the_vat_tax_exclusive() {
    let xml = with("urn:cen.eu:en16931:2017", "OIOUBL-2.02").replace(
        "<cbc:TaxExclusiveAmount currencyID=\"EUR\">95<",
        "<cbc:TaxExclusiveAmount currencyID=\"EUR\">18.05<",
    );
    check(
        &invoice_of(&xml),
        &[("/subtotal", "95.00"), ("/vat_amount", "18.05")],
    );
    let document = documents(&xml).expect("reads").remove(0);
    assert_eq!(document.evidence["subtotal"].method, Some(Method::Solver));
    let xml = xml.replace("<cbc:ID>S</cbc:ID>", "<cbc:ID>StandardRated</cbc:ID>");
    check(
        &invoice_of(&xml),
        &[
            ("/vat_breakdown/0/category", "S"),
            ("/line_items/0/vat_category", "S"),
        ],
    );
}

#[test]
fn rounding_inside_the_total_stays_as_stated() {
    // Before EN 16931: 113.05 + 0.05 is already the total, and what is due is total less prepaid.
    let xml = with(">113.05<", ">113.10<");
    check(
        &invoice_of(&xml),
        &[
            ("/total", "113.10"),
            ("/rounding", "0.05"),
            ("/amount_due", "100.05"),
        ],
    );
}

#[test]
fn the_debited_account_is_the_buyers() {
    let xml = with(
        "<cac:PaymentMeans><cbc:PaymentMeansCode name=\"SEPA\">58",
        "<cac:PaymentMeans><cbc:PaymentMeansCode>59</cbc:PaymentMeansCode><cac:PaymentMandate><cbc:ID>M-1</cbc:ID><cac:PayerFinancialAccount><cbc:ID>AT611904300234573201</cbc:ID></cac:PayerFinancialAccount></cac:PaymentMandate></cac:PaymentMeans>\
         <cac:PaymentMeans><cbc:PaymentMeansCode name=\"SEPA\">58",
    );
    check(
        &invoice_of(&xml),
        &[
            ("/payment/debited_account", "AT611904300234573201"),
            ("/payment/mandate", "M-1"),
            ("/iban", "DE75512108001245126199"),
        ],
    );
    let only_debit = xml.replace("PayeeFinancialAccount", "Removed");
    check(
        &invoice_of(&only_debit),
        &[("/iban", "null"), ("/payment/accounts", "absent")],
    );
}

#[test]
fn a_credit_note_has_its_due_date_at_the_means() {
    let xml = SAMPLE
        .replace("Invoice-2\"", "CreditNote-2\"")
        .replace("<Invoice ", "<CreditNote ")
        .replace("</Invoice>", "</CreditNote>")
        .replace("InvoiceLine", "CreditNoteLine")
        .replace("InvoicedQuantity", "CreditedQuantity")
        .replace("<cbc:DueDate>2026-03-31</cbc:DueDate>", "")
        .replace("<cbc:InvoiceTypeCode>380</cbc:InvoiceTypeCode>", "")
        .replace("<cac:ProjectReference><cbc:ID>P-1</cbc:ID></cac:ProjectReference>", "<cac:AdditionalDocumentReference><cbc:ID>P-2</cbc:ID><cbc:DocumentTypeCode>50</cbc:DocumentTypeCode></cac:AdditionalDocumentReference>")
        .replace("</cbc:PaymentMeansCode><cbc:PaymentID>", "</cbc:PaymentMeansCode><cbc:PaymentDueDate>2026-04-02</cbc:PaymentDueDate><cbc:PaymentID>");
    check(
        &invoice_of(&xml),
        &[
            ("/document_type", "381"),
            ("/due_date", "2026-04-02"),
            ("/project_reference", "P-2"),
            ("/line_items/0/quantity", "200"),
            ("/attachments/1", "absent"),
        ],
    );
}

#[test]
fn nested_lines_count_once() {
    let sub = "<cac:SubInvoiceLine><cbc:ID>1.a.1</cbc:ID><cbc:InvoicedQuantity>1</cbc:InvoicedQuantity><cbc:LineExtensionAmount currencyID=\"EUR\">100</cbc:LineExtensionAmount></cac:SubInvoiceLine></cac:InvoiceLine>";
    check(
        &invoice_of(&with("</cac:InvoiceLine>", sub)),
        &[("/line_items/0/line", "1.a"), ("/line_items/1", "absent")],
    );
}

#[test]
fn the_words_for_no_order_are_none() {
    let xml = with("<cbc:ID>PO-9</cbc:ID>", "<cbc:ID>NA</cbc:ID>");
    check(&invoice_of(&xml), &[("/po_reference", "PO-10")]);
    let xml = xml.replace("<cbc:ID>PO-10</cbc:ID>", "<cbc:ID>NA</cbc:ID>");
    check(
        &invoice_of(&xml),
        &[
            ("/po_reference", "null"),
            ("/po_references", "absent"),
            ("/line_items/0/po_reference", "null"),
        ],
    );
}

#[test]
fn only_the_scheme_vat_is_a_vat_id() {
    let vat = "<cbc:CompanyID>DE123456789</cbc:CompanyID><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme>";
    for (scheme, vat_id, tax_number) in [
        (
            "<cbc:CompanyID>X1</cbc:CompanyID><cac:TaxScheme><cbc:ID>GST</cbc:ID></cac:TaxScheme>",
            "null",
            "12/345/67890",
        ),
        (
            "<cbc:CompanyID schemeID=\"NL:VAT\">X1</cbc:CompanyID>",
            "X1",
            "12/345/67890",
        ),
        (
            "<cbc:CompanyID>X1</cbc:CompanyID><cac:TaxScheme><cbc:ID>vat</cbc:ID></cac:TaxScheme>",
            "X1",
            "12/345/67890",
        ),
        (
            "<cbc:CompanyID>X1</cbc:CompanyID><cac:TaxScheme><cbc:ID>63</cbc:ID></cac:TaxScheme>",
            "X1",
            "12/345/67890",
        ),
    ] {
        let invoice = invoice_of(&with(vat, scheme));
        check(
            &invoice,
            &[("/vendor_vat", vat_id), ("/vendor_tax_number", tax_number)],
        );
    }
    let xml = with(vat, "").replace(
        "<cbc:CompanyID>HRB 1<",
        "<cbc:CompanyID schemeID=\"BE:VAT\">BE0123456749<",
    );
    check(
        &invoice_of(&xml),
        &[
            ("/vendor_vat", "BE0123456749"),
            ("/vendor_registration", "null"),
        ],
    );
}

#[test]
fn prefixes_are_arbitrary() {
    let xml = SAMPLE
        .replace("cac:", "ns1:")
        .replace("xmlns:cac", "xmlns:ns1")
        .replace("cbc:", "x:")
        .replace("xmlns:cbc", "xmlns:x");
    let document = documents(&xml).expect("reads").remove(0);
    let text = document.evidence["total"].text.as_deref();
    assert_eq!(
        text,
        Some("/Invoice/cac:LegalMonetaryTotal/cbc:TaxInclusiveAmount")
    );
    assert!(document.invoice == documents(SAMPLE).expect("reads").remove(0).invoice);
}

#[test]
fn a_factor_is_a_percentage_or_a_fraction() {
    let xml = with("Numeric>10<", "Numeric>0.1<");
    check(&invoice_of(&xml), &[("/allowances/0/percent", "10")]);
    let xml = with("Numeric>10<", "Numeric>7<");
    check(&invoice_of(&xml), &[("/allowances/0/percent", "7")]);
}

#[test]
fn the_envelope_of_the_network_is_opened() {
    let body = SAMPLE.split_once("?>").expect("a declaration").1;
    let one = format!(
        "<s:StandardBusinessDocument xmlns:s='{ENVELOPE}'><s:StandardBusinessDocumentHeader/>{body}</s:StandardBusinessDocument>"
    );
    check(&invoice_of(&one), &[("/total", "113.05")]);
    let two = one.replace(
        "</s:StandardBusinessDocument>",
        &format!("{body}</s:StandardBusinessDocument>"),
    );
    let ids: Vec<String> = documents(&two)
        .expect("reads")
        .iter()
        .map(|document| document.id.to_string())
        .collect();
    assert_eq!(ids, ["f#1", "f#2"]);
}

#[test]
fn other_documents_are_named_and_refused() {
    for root in ["Order", "Catalogue", "ApplicationResponse", "Reminder"] {
        let xml = format!("<a:{root} xmlns:a='{NAMESPACE}{root}-2'><ID>1</ID></a:{root}>");
        let error = documents(&xml).expect_err("refused");
        assert_eq!(error.code, "UNSUPPORTED_TYPE");
        assert!(error.message.contains(root), "{}", error.message);
    }
    let torn = &SAMPLE[..SAMPLE.len() - 100];
    assert_eq!(documents(torn).expect_err("torn").code, "CORRUPT_FILE");
}
