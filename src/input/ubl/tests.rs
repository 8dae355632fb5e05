//! A whole invoice of our own making, then each place where dialects bend the vocabulary.

mod dialects;

use super::*;
use crate::input::sample::{self, check};
use crate::model::Method;

const SAMPLE: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"
  xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
  xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">
 <cbc:CustomizationID>urn:cen.eu:en16931:2017</cbc:CustomizationID>
 <cbc:ProfileID>urn:process</cbc:ProfileID>
 <cbc:ID>re-2026/07 a</cbc:ID>
 <cbc:IssueDate>2026-03-01</cbc:IssueDate>
 <cbc:DueDate>2026-03-31</cbc:DueDate>
 <cbc:InvoiceTypeCode>380</cbc:InvoiceTypeCode>
 <cbc:Note>First</cbc:Note><cbc:Note/><cbc:Note>Second</cbc:Note>
 <cbc:TaxPointDate>2026-02-28</cbc:TaxPointDate>
 <cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>
 <cbc:TaxCurrencyCode>SEK</cbc:TaxCurrencyCode>
 <cbc:AccountingCost>4711</cbc:AccountingCost>
 <cbc:BuyerReference>04011000-1234512345-06</cbc:BuyerReference>
 <cac:InvoicePeriod><cbc:StartDate>2026-02-01</cbc:StartDate><cbc:EndDate>2026-02-28</cbc:EndDate></cac:InvoicePeriod>
 <cac:OrderReference><cbc:ID>PO-9</cbc:ID><cbc:SalesOrderID>SO-3</cbc:SalesOrderID></cac:OrderReference>
 <cac:BillingReference><cac:InvoiceDocumentReference><cbc:ID>RE-1</cbc:ID><cbc:IssueDate>2026-01-05</cbc:IssueDate></cac:InvoiceDocumentReference></cac:BillingReference>
 <cac:DespatchDocumentReference><cbc:ID>D-1</cbc:ID></cac:DespatchDocumentReference>
 <cac:ReceiptDocumentReference><cbc:ID>R-1</cbc:ID></cac:ReceiptDocumentReference>
 <cac:OriginatorDocumentReference><cbc:ID>T-1</cbc:ID></cac:OriginatorDocumentReference>
 <cac:ContractDocumentReference><cbc:ID>C-1</cbc:ID></cac:ContractDocumentReference>
 <cac:AdditionalDocumentReference><cbc:ID>OBJ</cbc:ID><cbc:DocumentTypeCode>130</cbc:DocumentTypeCode></cac:AdditionalDocumentReference>
 <cac:AdditionalDocumentReference><cbc:ID>timesheet</cbc:ID><cbc:DocumentDescription>Hours</cbc:DocumentDescription>
  <cac:Attachment><cbc:EmbeddedDocumentBinaryObject mimeCode="application/pdf" filename="t.pdf">AAAA</cbc:EmbeddedDocumentBinaryObject></cac:Attachment></cac:AdditionalDocumentReference>
 <cac:ProjectReference><cbc:ID>P-1</cbc:ID></cac:ProjectReference>
 <cac:AccountingSupplierParty><cac:Party>
  <cbc:EndpointID schemeID="EM">post@seller.example</cbc:EndpointID>
  <cac:PartyIdentification><cbc:ID schemeID="SEPA">DE98ZZZ09999999999</cbc:ID></cac:PartyIdentification>
  <cac:PartyName><cbc:Name>Seller shop</cbc:Name></cac:PartyName>
  <cac:PostalAddress><cbc:StreetName>Street 1</cbc:StreetName><cbc:AdditionalStreetName>Yard</cbc:AdditionalStreetName><cbc:CityName>Berlin</cbc:CityName>
   <cbc:PostalZone>10115</cbc:PostalZone><cac:AddressLine><cbc:Line>Door 3</cbc:Line></cac:AddressLine><cac:Country><cbc:IdentificationCode>DE</cbc:IdentificationCode></cac:Country></cac:PostalAddress>
  <cac:PartyTaxScheme><cbc:CompanyID>12/345/67890</cbc:CompanyID><cac:TaxScheme><cbc:ID>FC</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme>
  <cac:PartyTaxScheme><cbc:CompanyID>DE123456789</cbc:CompanyID><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme>
  <cac:PartyLegalEntity><cbc:RegistrationName>Seller GmbH</cbc:RegistrationName><cbc:CompanyID>HRB 1</cbc:CompanyID></cac:PartyLegalEntity>
  <cac:Contact><cbc:Name>Ann</cbc:Name><cbc:Telephone>+49 1</cbc:Telephone><cbc:ElectronicMail>ann@seller.example</cbc:ElectronicMail></cac:Contact>
 </cac:Party></cac:AccountingSupplierParty>
 <cac:AccountingCustomerParty><cac:Party>
  <cac:PartyIdentification><cbc:ID>K-77</cbc:ID></cac:PartyIdentification>
  <cac:PartyTaxScheme><cbc:CompanyID>ATU12345678</cbc:CompanyID><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme>
  <cac:PartyLegalEntity><cbc:RegistrationName>Buyer AG</cbc:RegistrationName><cbc:CompanyID>FN 2</cbc:CompanyID></cac:PartyLegalEntity>
 </cac:Party></cac:AccountingCustomerParty>
 <cac:PayeeParty><cac:PartyName><cbc:Name>Factor Bank</cbc:Name></cac:PartyName></cac:PayeeParty>
 <cac:TaxRepresentativeParty><cac:PartyName><cbc:Name>Rep</cbc:Name></cac:PartyName>
  <cac:PartyTaxScheme><cbc:CompanyID>NL000099998B57</cbc:CompanyID><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme></cac:TaxRepresentativeParty>
 <cac:Delivery><cbc:ActualDeliveryDate>2026-02-20</cbc:ActualDeliveryDate><cac:DeliveryLocation><cac:Address><cbc:CityName>Wien</cbc:CityName></cac:Address></cac:DeliveryLocation></cac:Delivery>
 <cac:PaymentMeans><cbc:PaymentMeansCode name="SEPA">58</cbc:PaymentMeansCode><cbc:PaymentID>RF18 5390</cbc:PaymentID>
  <cac:PayeeFinancialAccount><cbc:ID>DE75 5121 0800 1245 1261 99</cbc:ID><cbc:Name>Seller</cbc:Name><cac:FinancialInstitutionBranch><cbc:ID>SOGEDEFF</cbc:ID></cac:FinancialInstitutionBranch></cac:PayeeFinancialAccount></cac:PaymentMeans>
 <cac:PaymentMeans><cbc:PaymentMeansCode>30</cbc:PaymentMeansCode><cac:PayeeFinancialAccount><cbc:ID>86011117947</cbc:ID></cac:PayeeFinancialAccount></cac:PaymentMeans>
 <cac:PaymentTerms><cbc:Note>30 days net
#SKONTO#TAGE=10#PROZENT=2.00#</cbc:Note></cac:PaymentTerms>
 <cac:AllowanceCharge><cbc:ChargeIndicator>false</cbc:ChargeIndicator><cbc:AllowanceChargeReasonCode>95</cbc:AllowanceChargeReasonCode><cbc:AllowanceChargeReason>Loyal</cbc:AllowanceChargeReason>
  <cbc:MultiplierFactorNumeric>10</cbc:MultiplierFactorNumeric><cbc:Amount currencyID="EUR">10</cbc:Amount><cbc:BaseAmount currencyID="EUR">100</cbc:BaseAmount><cac:TaxCategory><cbc:ID>S</cbc:ID><cbc:Percent>19</cbc:Percent></cac:TaxCategory></cac:AllowanceCharge>
 <cac:AllowanceCharge><cbc:ChargeIndicator>true</cbc:ChargeIndicator><cbc:Amount currencyID="EUR">5.00</cbc:Amount></cac:AllowanceCharge>
 <cac:TaxTotal><cbc:TaxAmount currencyID="SEK">205.333</cbc:TaxAmount></cac:TaxTotal>
 <cac:TaxTotal><cbc:TaxAmount currencyID="EUR">18.05</cbc:TaxAmount>
  <cac:TaxSubtotal><cbc:TaxableAmount currencyID="EUR">95</cbc:TaxableAmount><cbc:TaxAmount currencyID="EUR">18.05</cbc:TaxAmount><cac:TaxCategory><cbc:ID>S</cbc:ID><cbc:Percent>19.00</cbc:Percent></cac:TaxCategory></cac:TaxSubtotal>
  <cac:TaxSubtotal><cbc:TaxableAmount currencyID="EUR">0</cbc:TaxableAmount><cbc:TaxAmount currencyID="EUR">0</cbc:TaxAmount><cac:TaxCategory><cbc:ID>AE</cbc:ID><cbc:Percent>0</cbc:Percent>
   <cbc:TaxExemptionReasonCode>VATEX-EU-AE</cbc:TaxExemptionReasonCode><cbc:TaxExemptionReason>Reverse charge</cbc:TaxExemptionReason></cac:TaxCategory></cac:TaxSubtotal></cac:TaxTotal>
 <cac:LegalMonetaryTotal><cbc:LineExtensionAmount currencyID="EUR">100.0</cbc:LineExtensionAmount><cbc:TaxExclusiveAmount currencyID="EUR">95</cbc:TaxExclusiveAmount><cbc:TaxInclusiveAmount currencyID="EUR">113.05</cbc:TaxInclusiveAmount>
  <cbc:AllowanceTotalAmount currencyID="EUR">10</cbc:AllowanceTotalAmount><cbc:ChargeTotalAmount currencyID="EUR">5</cbc:ChargeTotalAmount><cbc:PrepaidAmount currencyID="EUR">13.05</cbc:PrepaidAmount><cbc:PayableRoundingAmount currencyID="EUR">0.05</cbc:PayableRoundingAmount><cbc:PayableAmount currencyID="EUR">100.05</cbc:PayableAmount></cac:LegalMonetaryTotal>
 <cac:InvoiceLine><cbc:ID>1.a</cbc:ID><cbc:Note>Mind it</cbc:Note><cbc:InvoicedQuantity unitCode="C62">200</cbc:InvoicedQuantity><cbc:LineExtensionAmount currencyID="EUR">100</cbc:LineExtensionAmount><cbc:AccountingCost>6815</cbc:AccountingCost>
  <cac:InvoicePeriod><cbc:StartDate>2026-02-02</cbc:StartDate></cac:InvoicePeriod>
  <cac:OrderLineReference><cbc:LineID>4</cbc:LineID><cac:OrderReference><cbc:ID>PO-10</cbc:ID></cac:OrderReference></cac:OrderLineReference>
  <cac:AllowanceCharge><cbc:ChargeIndicator>false</cbc:ChargeIndicator><cbc:Amount currencyID="EUR">2</cbc:Amount></cac:AllowanceCharge>
  <cac:Item><cbc:Description>Steel, M4</cbc:Description><cbc:Name>Screw</cbc:Name><cac:BuyersItemIdentification><cbc:ID>B-1</cbc:ID></cac:BuyersItemIdentification><cac:SellersItemIdentification><cbc:ID>S-1</cbc:ID></cac:SellersItemIdentification>
   <cac:StandardItemIdentification><cbc:ID schemeID="0160">04012345000009</cbc:ID></cac:StandardItemIdentification><cac:OriginCountry><cbc:IdentificationCode>CN</cbc:IdentificationCode></cac:OriginCountry>
   <cac:CommodityClassification><cbc:ItemClassificationCode listID="STI">31161500</cbc:ItemClassificationCode></cac:CommodityClassification>
   <cac:ClassifiedTaxCategory><cbc:ID>S</cbc:ID><cbc:Percent>19</cbc:Percent></cac:ClassifiedTaxCategory><cac:AdditionalItemProperty><cbc:Name>Colour</cbc:Name><cbc:Value>black</cbc:Value></cac:AdditionalItemProperty></cac:Item>
  <cac:Price><cbc:PriceAmount currencyID="EUR">51.0005</cbc:PriceAmount><cbc:BaseQuantity unitCode="C62">100</cbc:BaseQuantity><cac:AllowanceCharge><cbc:ChargeIndicator>false</cbc:ChargeIndicator><cbc:Amount currencyID="EUR">1</cbc:Amount><cbc:BaseAmount currencyID="EUR">52.0005</cbc:BaseAmount></cac:AllowanceCharge></cac:Price>
 </cac:InvoiceLine>
</Invoice>"#;

fn documents(xml: &str) -> Result<Vec<Document>, StageError> {
    sample::documents(&UBL, xml)
}

fn invoice_of(xml: &str) -> serde_json::Value {
    sample::invoice_of(&UBL, xml)
}

/// The sample with one piece of it changed.
fn with(old: &str, new: &str) -> String {
    assert!(SAMPLE.contains(old), "{old}");
    SAMPLE.replace(old, new)
}

#[test]
fn every_field_of_an_en_16931_invoice() {
    check(
        &invoice_of(SAMPLE),
        &[
            ("/invoice_number", "re-2026/07 a"),
            ("/invoice_number_norm", "RE202607A"),
            ("/document_type", "380"),
            ("/preceding_invoices/0/number", "RE-1"),
            ("/preceding_invoices/0/date", "2026-01-05"),
            ("/invoice_date", "2026-03-01"),
            ("/due_date", "2026-03-31"),
            ("/tax_point_date", "2026-02-28"),
            ("/delivery_date", "2026-02-20"),
            ("/order_date", "null"),
            ("/period_start", "2026-02-01"),
            ("/period_end", "2026-02-28"),
            ("/currency", "EUR"),
            ("/vat_currency", "SEK"),
            ("/language", "absent"),
            ("/country", "DE"),
            ("/po_reference", "PO-9"),
            ("/po_references/1", "PO-10"),
            ("/buyer_reference", "04011000-1234512345-06"),
            ("/contract_reference", "C-1"),
            ("/project_reference", "P-1"),
            ("/sales_order_reference", "SO-3"),
            ("/despatch_reference", "D-1"),
            ("/receipt_reference", "R-1"),
            ("/tender_reference", "T-1"),
            ("/object_reference", "OBJ"),
            ("/buyer_accounting_reference", "4711"),
            ("/discount_terms/0/percent", "2.00"),
            ("/discount_terms/0/days", "10"),
            ("/notes/1", "Second"),
            ("/profile", "urn:cen.eu:en16931:2017"),
            ("/business_process", "urn:process"),
            ("/attachments/0/name", "timesheet"),
            ("/attachments/0/description", "Hours"),
            ("/attachments/0/media_type", "application/pdf"),
            ("/attachments/1", "absent"),
            ("/vendor_name", "Seller GmbH"),
            ("/vendor_trading_name", "Seller shop"),
            ("/vendor_vat", "DE123456789"),
            ("/vendor_tax_number", "12/345/67890"),
            ("/vendor_registration", "HRB 1"),
            ("/vendor_address/line1", "Street 1"),
            ("/vendor_address/line3", "Door 3"),
            ("/vendor_address/postcode", "10115"),
            ("/vendor_address/region", "null"),
            ("/vendor_email", "ann@seller.example"),
            ("/vendor_phone", "+49 1"),
            ("/vendor_contact", "Ann"),
            ("/vendor_endpoint/scheme", "EM"),
            ("/buyer_name", "Buyer AG"),
            ("/buyer_id", "K-77"),
            ("/buyer_vat", "ATU12345678"),
            ("/buyer_registration", "FN 2"),
            ("/buyer_address", "null"),
            ("/delivery_address/city", "Wien"),
            ("/payee_name", "Factor Bank"),
            ("/tax_representative/vat", "NL000099998B57"),
            ("/tax_representative/address", "null"),
            ("/payment/means_code", "58"),
            ("/payment/means_text", "SEPA"),
            ("/payment/reference", "RF18 5390"),
            ("/payment/accounts/0/iban", "DE75512108001245126199"),
            ("/payment/accounts/0/bic", "SOGEDEFF"),
            ("/payment/accounts/0/account_name", "Seller"),
            ("/payment/accounts/1/account_number", "86011117947"),
            ("/payment/creditor_id", "DE98ZZZ09999999999"),
            ("/iban", "DE75512108001245126199"),
            ("/bic", "SOGEDEFF"),
            ("/lines_total", "100.00"),
            ("/allowance_total", "10.00"),
            ("/charge_total", "5.00"),
            ("/allowances/0/amount", "10.00"),
            ("/allowances/0/percent", "10"),
            ("/allowances/0/vat_rate", "19"),
            ("/allowances/0/reason_code", "95"),
            ("/charges/0/amount", "5.00"),
            ("/subtotal", "95.00"),
            ("/total", "113.05"),
            ("/paid_amount", "13.05"),
            ("/rounding", "0.05"),
            ("/amount_due", "100.05"),
            ("/vat_breakdown/0/rate", "19"),
            ("/vat_breakdown/0/base", "95.00"),
            ("/vat_breakdown/1/exemption_code", "VATEX-EU-AE"),
            ("/vat_breakdown/1/exemption_reason", "Reverse charge"),
            ("/reverse_charge", "true"),
            ("/intra_community", "false"),
        ],
    );
}

#[test]
fn every_field_of_a_line() {
    check(
        &invoice_of(SAMPLE),
        &[
            ("/line_items/0/line", "1.a"),
            ("/line_items/0/description", "Screw\nSteel, M4"),
            ("/line_items/0/quantity", "200"),
            ("/line_items/0/unit_code", "C62"),
            ("/line_items/0/unit_price", "51.0005"),
            ("/line_items/0/price_base_quantity", "100"),
            ("/line_items/0/gross_price", "52.0005"),
            ("/line_items/0/price_discount", "1"),
            ("/line_items/0/allowances/0/amount", "2.00"),
            ("/line_items/0/total", "100.00"),
            ("/line_items/0/vat_rate", "19"),
            ("/line_items/0/vat_category", "S"),
            ("/line_items/0/gl_code", "6815"),
            ("/line_items/0/product_code", "S-1"),
            ("/line_items/0/buyer_code", "B-1"),
            ("/line_items/0/gtin", "04012345000009"),
            ("/line_items/0/classification/0", "STI:31161500"),
            ("/line_items/0/po_reference", "PO-10"),
            ("/line_items/0/po_line", "4"),
            ("/line_items/0/period_start", "2026-02-02"),
            ("/line_items/0/period_end", "null"),
            ("/line_items/0/origin_country", "CN"),
            ("/line_items/0/attributes/0/name", "Colour"),
            ("/line_items/0/attributes/0/value", "black"),
            ("/line_items/0/notes", "Mind it"),
            ("/line_items/0/weight", "absent"),
        ],
    );
}

#[test]
fn evidence_is_the_path_of_each_value() {
    let document = documents(SAMPLE).expect("reads").remove(0);
    for (field, path) in [
        (
            "total",
            "/Invoice/cac:LegalMonetaryTotal/cbc:TaxInclusiveAmount",
        ),
        (
            "line_items[0].quantity",
            "/Invoice/cac:InvoiceLine/cbc:InvoicedQuantity",
        ),
        (
            "line_items[0].unit_code",
            "/Invoice/cac:InvoiceLine/cbc:InvoicedQuantity/@unitCode",
        ),
        (
            "vat_breakdown[0].base",
            "/Invoice/cac:TaxTotal[2]/cac:TaxSubtotal[1]/cbc:TaxableAmount",
        ),
        (
            "payment.accounts[0].iban",
            "/Invoice/cac:PaymentMeans[1]/cac:PayeeFinancialAccount/cbc:ID",
        ),
        (
            "iban",
            "/Invoice/cac:PaymentMeans[1]/cac:PayeeFinancialAccount/cbc:ID",
        ),
        (
            "vendor_address.city",
            "/Invoice/cac:AccountingSupplierParty/cac:Party/cac:PostalAddress/cbc:CityName",
        ),
        ("invoice_number_norm", "/Invoice/cbc:ID"),
        ("notes[1]", "/Invoice/cbc:Note[3]"),
        (
            "reverse_charge",
            "/Invoice/cac:TaxTotal[2]/cac:TaxSubtotal[2]/cac:TaxCategory/cbc:ID",
        ),
    ] {
        let evidence = document.evidence.get(field).expect(field);
        assert_eq!(evidence.text.as_deref(), Some(path), "{field}");
        assert_eq!(evidence.method, Some(Method::Xml), "{field}");
    }
    assert_eq!(
        document.source.media_type.as_deref(),
        Some("application/xml")
    );
    assert!(document.ocr.expect("always there").warnings.is_empty());
}
