//! A whole invoice of our own making, then each place where profiles and versions differ.

use super::*;
use crate::input::sample::{self, check};
use crate::model::Method;

const SAMPLE: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<rsm:CrossIndustryInvoice xmlns:rsm="urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100"
  xmlns:ram="urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100"
  xmlns:udt="urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100">
 <rsm:ExchangedDocumentContext>
  <ram:BusinessProcessSpecifiedDocumentContextParameter><ram:ID>A1</ram:ID></ram:BusinessProcessSpecifiedDocumentContextParameter>
  <ram:GuidelineSpecifiedDocumentContextParameter><ram:ID>urn:cen.eu:en16931:2017</ram:ID></ram:GuidelineSpecifiedDocumentContextParameter>
 </rsm:ExchangedDocumentContext>
 <rsm:ExchangedDocument><ram:ID>F 2026/7</ram:ID><ram:TypeCode>380</ram:TypeCode>
  <ram:IssueDateTime><udt:DateTimeString format="102">20260301</udt:DateTimeString></ram:IssueDateTime>
  <ram:LanguageID>fr</ram:LanguageID>
  <ram:IncludedNote><ram:Content>First</ram:Content></ram:IncludedNote><ram:IncludedNote><ram:Content>Second</ram:Content></ram:IncludedNote>
 </rsm:ExchangedDocument>
 <rsm:SupplyChainTradeTransaction>
  <ram:IncludedSupplyChainTradeLineItem>
   <ram:AssociatedDocumentLineDocument><ram:LineID>1</ram:LineID><ram:IncludedNote><ram:Content>Mind it</ram:Content></ram:IncludedNote></ram:AssociatedDocumentLineDocument>
   <ram:SpecifiedTradeProduct><ram:GlobalID schemeID="0160">04012345000009</ram:GlobalID><ram:SellerAssignedID>S-1</ram:SellerAssignedID><ram:BuyerAssignedID>B-1</ram:BuyerAssignedID><ram:Name>Screw</ram:Name><ram:Description>Screw of steel</ram:Description>
    <ram:ApplicableProductCharacteristic><ram:Description>Colour</ram:Description><ram:Value>black</ram:Value></ram:ApplicableProductCharacteristic>
    <ram:DesignatedProductClassification><ram:ClassCode listID="STI">31161500</ram:ClassCode></ram:DesignatedProductClassification><ram:OriginTradeCountry><ram:ID>CN</ram:ID></ram:OriginTradeCountry></ram:SpecifiedTradeProduct>
   <ram:SpecifiedLineTradeAgreement><ram:BuyerOrderReferencedDocument><ram:LineID>4</ram:LineID></ram:BuyerOrderReferencedDocument>
    <ram:GrossPriceProductTradePrice><ram:ChargeAmount>52.0005</ram:ChargeAmount><ram:AppliedTradeAllowanceCharge><ram:ActualAmount>1</ram:ActualAmount></ram:AppliedTradeAllowanceCharge></ram:GrossPriceProductTradePrice>
    <ram:NetPriceProductTradePrice><ram:ChargeAmount>51.0005</ram:ChargeAmount><ram:BasisQuantity unitCode="C62">100</ram:BasisQuantity></ram:NetPriceProductTradePrice></ram:SpecifiedLineTradeAgreement>
   <ram:SpecifiedLineTradeDelivery><ram:BilledQuantity unitCode="C62">200.0000</ram:BilledQuantity></ram:SpecifiedLineTradeDelivery>
   <ram:SpecifiedLineTradeSettlement><ram:ApplicableTradeTax><ram:TypeCode>VAT</ram:TypeCode><ram:CategoryCode>K</ram:CategoryCode><ram:RateApplicablePercent>0.00</ram:RateApplicablePercent></ram:ApplicableTradeTax>
    <ram:BillingSpecifiedPeriod><ram:StartDateTime><udt:DateTimeString format="102">20260202</udt:DateTimeString></ram:StartDateTime></ram:BillingSpecifiedPeriod>
    <ram:SpecifiedTradeAllowanceCharge><ram:ChargeIndicator><udt:Indicator>true</udt:Indicator></ram:ChargeIndicator><ram:ActualAmount>2</ram:ActualAmount></ram:SpecifiedTradeAllowanceCharge>
    <ram:SpecifiedTradeSettlementLineMonetarySummation><ram:LineTotalAmount>100</ram:LineTotalAmount></ram:SpecifiedTradeSettlementLineMonetarySummation>
    <ram:ReceivableSpecifiedTradeAccountingAccount><ram:ID>6815</ram:ID></ram:ReceivableSpecifiedTradeAccountingAccount></ram:SpecifiedLineTradeSettlement>
  </ram:IncludedSupplyChainTradeLineItem>
  <ram:ApplicableHeaderTradeAgreement><ram:BuyerReference>REF</ram:BuyerReference>
   <ram:SellerTradeParty><ram:ID>549910</ram:ID><ram:Name>Vendeur SAS</ram:Name><ram:SpecifiedLegalOrganization><ram:ID schemeID="0002">123456782</ram:ID><ram:TradingBusinessName>Chez nous</ram:TradingBusinessName></ram:SpecifiedLegalOrganization>
    <ram:DefinedTradeContact><ram:PersonName>Ann</ram:PersonName><ram:TelephoneUniversalCommunication><ram:CompleteNumber>+33 1</ram:CompleteNumber></ram:TelephoneUniversalCommunication><ram:EmailURIUniversalCommunication><ram:URIID>ann@vendeur.example</ram:URIID></ram:EmailURIUniversalCommunication></ram:DefinedTradeContact>
    <ram:PostalTradeAddress><ram:PostcodeCode>75001</ram:PostcodeCode><ram:LineOne>1 rue</ram:LineOne><ram:CityName>Paris</ram:CityName><ram:CountryID>FR</ram:CountryID></ram:PostalTradeAddress>
    <ram:URIUniversalCommunication><ram:URIID schemeID="EM">post@vendeur.example</ram:URIID></ram:URIUniversalCommunication>
    <ram:SpecifiedTaxRegistration><ram:ID schemeID="FC">201/113</ram:ID></ram:SpecifiedTaxRegistration><ram:SpecifiedTaxRegistration><ram:ID schemeID="VA">FR11123456782</ram:ID></ram:SpecifiedTaxRegistration></ram:SellerTradeParty>
   <ram:BuyerTradeParty><ram:ID>K-77</ram:ID><ram:Name>Käufer GmbH</ram:Name><ram:SpecifiedTaxRegistration><ram:ID schemeID="VA">DE123456789</ram:ID></ram:SpecifiedTaxRegistration></ram:BuyerTradeParty>
   <ram:SellerTaxRepresentativeTradeParty><ram:Name>Rep</ram:Name><ram:SpecifiedTaxRegistration><ram:ID schemeID="VA">NL000099998B57</ram:ID></ram:SpecifiedTaxRegistration></ram:SellerTaxRepresentativeTradeParty>
   <ram:SellerOrderReferencedDocument><ram:IssuerAssignedID>SO-3</ram:IssuerAssignedID></ram:SellerOrderReferencedDocument>
   <ram:BuyerOrderReferencedDocument><ram:IssuerAssignedID>PO-9</ram:IssuerAssignedID></ram:BuyerOrderReferencedDocument>
   <ram:ContractReferencedDocument><ram:IssuerAssignedID>C-1</ram:IssuerAssignedID></ram:ContractReferencedDocument>
   <ram:AdditionalReferencedDocument><ram:IssuerAssignedID>T-1</ram:IssuerAssignedID><ram:TypeCode>50</ram:TypeCode></ram:AdditionalReferencedDocument>
   <ram:AdditionalReferencedDocument><ram:IssuerAssignedID>OBJ</ram:IssuerAssignedID><ram:TypeCode>130</ram:TypeCode></ram:AdditionalReferencedDocument>
   <ram:AdditionalReferencedDocument><ram:IssuerAssignedID>timesheet</ram:IssuerAssignedID><ram:URIID>https://vendeur.example/t</ram:URIID><ram:TypeCode>916</ram:TypeCode><ram:Name>Hours</ram:Name></ram:AdditionalReferencedDocument>
   <ram:SpecifiedProcuringProject><ram:ID>P-1</ram:ID><ram:Name>Project</ram:Name></ram:SpecifiedProcuringProject>
  </ram:ApplicableHeaderTradeAgreement>
  <ram:ApplicableHeaderTradeDelivery><ram:ShipToTradeParty><ram:Name>Lager</ram:Name><ram:PostalTradeAddress><ram:CityName>Wien</ram:CityName></ram:PostalTradeAddress></ram:ShipToTradeParty>
   <ram:ActualDeliverySupplyChainEvent><ram:OccurrenceDateTime><udt:DateTimeString format="102">20260220</udt:DateTimeString></ram:OccurrenceDateTime></ram:ActualDeliverySupplyChainEvent>
   <ram:DespatchAdviceReferencedDocument><ram:IssuerAssignedID>D-1</ram:IssuerAssignedID></ram:DespatchAdviceReferencedDocument><ram:ReceivingAdviceReferencedDocument><ram:IssuerAssignedID>R-1</ram:IssuerAssignedID></ram:ReceivingAdviceReferencedDocument></ram:ApplicableHeaderTradeDelivery>
  <ram:ApplicableHeaderTradeSettlement><ram:CreditorReferenceID>DE98ZZZ09999999999</ram:CreditorReferenceID><ram:PaymentReference>RF18 5390</ram:PaymentReference><ram:TaxCurrencyCode>CHF</ram:TaxCurrencyCode><ram:InvoiceCurrencyCode>EUR</ram:InvoiceCurrencyCode>
   <ram:PayeeTradeParty><ram:ID>F-1</ram:ID><ram:Name>Factor</ram:Name></ram:PayeeTradeParty>
   <ram:SpecifiedTradeSettlementPaymentMeans><ram:TypeCode>58</ram:TypeCode><ram:Information>SEPA</ram:Information><ram:PayeePartyCreditorFinancialAccount><ram:IBANID>FR76 3000 6000 0112 3456 7890 189</ram:IBANID><ram:AccountName>Vendeur</ram:AccountName></ram:PayeePartyCreditorFinancialAccount><ram:PayeeSpecifiedCreditorFinancialInstitution><ram:BICID>AGRIFRPP</ram:BICID></ram:PayeeSpecifiedCreditorFinancialInstitution></ram:SpecifiedTradeSettlementPaymentMeans>
   <ram:ApplicableTradeTax><ram:CalculatedAmount>0</ram:CalculatedAmount><ram:TypeCode>VAT</ram:TypeCode><ram:ExemptionReason>Intra</ram:ExemptionReason><ram:BasisAmount>95</ram:BasisAmount><ram:CategoryCode>K</ram:CategoryCode><ram:ExemptionReasonCode>VATEX-EU-IC</ram:ExemptionReasonCode><ram:TaxPointDate><udt:DateString format="102">20260228</udt:DateString></ram:TaxPointDate><ram:RateApplicablePercent>0.00</ram:RateApplicablePercent></ram:ApplicableTradeTax>
   <ram:BillingSpecifiedPeriod><ram:StartDateTime><udt:DateTimeString format="102">20260201</udt:DateTimeString></ram:StartDateTime><ram:EndDateTime><udt:DateTimeString format="102">20260228</udt:DateTimeString></ram:EndDateTime></ram:BillingSpecifiedPeriod>
   <ram:SpecifiedTradeAllowanceCharge><ram:ChargeIndicator><udt:Indicator>false</udt:Indicator></ram:ChargeIndicator><ram:CalculationPercent>10</ram:CalculationPercent><ram:BasisAmount>100</ram:BasisAmount><ram:ActualAmount>10</ram:ActualAmount><ram:ReasonCode>95</ram:ReasonCode><ram:Reason>Loyal</ram:Reason><ram:CategoryTradeTax><ram:CategoryCode>K</ram:CategoryCode><ram:RateApplicablePercent>0</ram:RateApplicablePercent></ram:CategoryTradeTax></ram:SpecifiedTradeAllowanceCharge>
   <ram:SpecifiedLogisticsServiceCharge><ram:Description>Freight</ram:Description><ram:AppliedAmount>5</ram:AppliedAmount></ram:SpecifiedLogisticsServiceCharge>
   <ram:SpecifiedTradePaymentTerms><ram:Description>30 jours
#SKONTO#TAGE=10#PROZENT=2.00#</ram:Description><ram:DueDateDateTime><udt:DateTimeString format="102">20260331</udt:DateTimeString></ram:DueDateDateTime><ram:DirectDebitMandateID>M-1</ram:DirectDebitMandateID>
    <ram:ApplicableTradePaymentDiscountTerms><ram:BasisPeriodMeasure unitCode="DAY">5</ram:BasisPeriodMeasure><ram:CalculationPercent>3</ram:CalculationPercent></ram:ApplicableTradePaymentDiscountTerms></ram:SpecifiedTradePaymentTerms>
   <ram:SpecifiedTradeSettlementHeaderMonetarySummation><ram:LineTotalAmount>100</ram:LineTotalAmount><ram:ChargeTotalAmount>5</ram:ChargeTotalAmount><ram:AllowanceTotalAmount>10</ram:AllowanceTotalAmount><ram:TaxBasisTotalAmount>95</ram:TaxBasisTotalAmount><ram:TaxTotalAmount currencyID="CHF">0.001</ram:TaxTotalAmount><ram:TaxTotalAmount currencyID="EUR">0</ram:TaxTotalAmount><ram:RoundingAmount>0.05</ram:RoundingAmount><ram:GrandTotalAmount>95</ram:GrandTotalAmount><ram:TotalPrepaidAmount>15</ram:TotalPrepaidAmount><ram:DuePayableAmount>80.05</ram:DuePayableAmount></ram:SpecifiedTradeSettlementHeaderMonetarySummation>
   <ram:InvoiceReferencedDocument><ram:IssuerAssignedID>F-1</ram:IssuerAssignedID><ram:FormattedIssueDateTime><udt:DateTimeString format="102">20260105</udt:DateTimeString></ram:FormattedIssueDateTime></ram:InvoiceReferencedDocument>
   <ram:ReceivableSpecifiedTradeAccountingAccount><ram:ID>4711</ram:ID></ram:ReceivableSpecifiedTradeAccountingAccount>
  </ram:ApplicableHeaderTradeSettlement>
 </rsm:SupplyChainTradeTransaction>
</rsm:CrossIndustryInvoice>"#;

fn documents(xml: &str) -> Result<Vec<Document>, StageError> {
    sample::documents(&CII, xml)
}

fn invoice_of(xml: &str) -> serde_json::Value {
    sample::invoice_of(&CII, xml)
}

fn with(old: &str, new: &str) -> String {
    assert!(SAMPLE.contains(old), "{old}");
    SAMPLE.replace(old, new)
}

/// What the sample says, in either version of the message.
const HEADER: &[(&str, &str)] = &[
    ("/invoice_number", "F 2026/7"),
    ("/invoice_number_norm", "F20267"),
    ("/document_type", "380"),
    ("/invoice_date", "2026-03-01"),
    ("/due_date", "2026-03-31"),
    ("/delivery_date", "2026-02-20"),
    ("/period_start", "2026-02-01"),
    ("/period_end", "2026-02-28"),
    ("/currency", "EUR"),
    ("/country", "FR"),
    ("/po_reference", "PO-9"),
    ("/contract_reference", "C-1"),
    ("/profile", "urn:cen.eu:en16931:2017"),
    ("/notes/1", "Second"),
    ("/vendor_name", "Vendeur SAS"),
    ("/vendor_vat", "FR11123456782"),
    ("/vendor_tax_number", "201/113"),
    ("/vendor_address/line1", "1 rue"),
    ("/vendor_address/country", "FR"),
    ("/vendor_email", "ann@vendeur.example"),
    ("/vendor_phone", "+33 1"),
    ("/vendor_contact", "Ann"),
    ("/buyer_name", "Käufer GmbH"),
    ("/buyer_id", "K-77"),
    ("/buyer_vat", "DE123456789"),
    ("/buyer_address", "null"),
    ("/delivery_name", "Lager"),
    ("/delivery_address/city", "Wien"),
    ("/payee_name", "Factor"),
    ("/payment/means_code", "58"),
    ("/payment/reference", "RF18 5390"),
    ("/payment/accounts/0/iban", "FR7630006000011234567890189"),
    ("/payment/accounts/0/account_name", "Vendeur"),
    ("/iban", "FR7630006000011234567890189"),
    ("/bic", "AGRIFRPP"),
    ("/lines_total", "100.00"),
    ("/charge_total", "5.00"),
    ("/allowance_total", "10.00"),
    ("/allowances/0/amount", "10.00"),
    ("/allowances/0/percent", "10"),
    ("/allowances/0/reason", "Loyal"),
    ("/allowances/0/vat_category", "K"),
    ("/allowances/0/vat_rate", "0"),
    ("/charges/0/amount", "5.00"),
    ("/charges/0/reason", "Freight"),
    ("/subtotal", "95.00"),
    ("/vat_amount", "0.00"),
    ("/total", "95.00"),
    ("/paid_amount", "15.00"),
    ("/amount_due", "80.05"),
    ("/vat_breakdown/0/rate", "0"),
    ("/vat_breakdown/0/base", "95.00"),
    ("/vat_breakdown/0/category", "K"),
    ("/vat_breakdown/0/exemption_reason", "Intra"),
    ("/intra_community", "true"),
    ("/reverse_charge", "false"),
    ("/line_items/0/line", "1"),
    ("/line_items/0/description", "Screw of steel"),
    ("/line_items/0/quantity", "200.0000"),
    ("/line_items/0/unit_code", "C62"),
    ("/line_items/0/unit_price", "51.0005"),
    ("/line_items/0/price_base_quantity", "100"),
    ("/line_items/0/gross_price", "52.0005"),
    ("/line_items/0/price_discount", "1"),
    ("/line_items/0/total", "100.00"),
    ("/line_items/0/vat_rate", "0"),
    ("/line_items/0/product_code", "S-1"),
    ("/line_items/0/gtin", "04012345000009"),
    ("/line_items/0/notes", "Mind it"),
    ("/line_items/1", "absent"),
];

#[test]
fn every_field() {
    let invoice = invoice_of(SAMPLE);
    check(&invoice, HEADER);
    check(
        &invoice,
        &[
            ("/preceding_invoices/0/number", "F-1"),
            ("/preceding_invoices/0/date", "2026-01-05"),
            ("/tax_point_date", "2026-02-28"),
            ("/language", "fr"),
            ("/buyer_reference", "REF"),
            ("/project_reference", "P-1"),
            ("/sales_order_reference", "SO-3"),
            ("/despatch_reference", "D-1"),
            ("/receipt_reference", "R-1"),
            ("/tender_reference", "T-1"),
            ("/object_reference", "OBJ"),
            ("/buyer_accounting_reference", "4711"),
            ("/business_process", "A1"),
            ("/attachments/0/name", "timesheet"),
            ("/attachments/0/uri", "https://vendeur.example/t"),
            ("/attachments/1", "absent"),
            ("/vendor_trading_name", "Chez nous"),
            ("/vendor_registration", "123456782"),
            ("/vendor_endpoint/id", "post@vendeur.example"),
            ("/tax_representative/vat", "NL000099998B57"),
            ("/payee_id", "F-1"),
            ("/payment/creditor_id", "DE98ZZZ09999999999"),
            ("/payment/mandate", "M-1"),
            ("/discount_terms/0/percent", "3"),
            ("/discount_terms/0/days", "5"),
            ("/discount_terms/1/percent", "2.00"),
            ("/vat_breakdown/0/exemption_code", "VATEX-EU-IC"),
            ("/rounding", "0.05"),
            ("/line_items/0/po_line", "4"),
            ("/line_items/0/buyer_code", "B-1"),
            ("/line_items/0/classification/0", "STI:31161500"),
            ("/line_items/0/attributes/0/value", "black"),
            ("/line_items/0/origin_country", "CN"),
            ("/line_items/0/period_start", "2026-02-02"),
            ("/line_items/0/charges/0/amount", "2.00"),
            ("/line_items/0/gl_code", "6815"),
        ],
    );
}

/// The names that ZUGFeRD 1.0 has for the same things.
const OLD_NAMES: &[(&str, &str)] = &[
    (
        "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100",
        "urn:ferd:CrossIndustryDocument:invoice:1p0",
    ),
    ("CrossIndustryInvoice", "CrossIndustryDocument"),
    (
        "rsm:ExchangedDocumentContext",
        "rsm:SpecifiedExchangedDocumentContext",
    ),
    ("rsm:ExchangedDocument>", "rsm:HeaderExchangedDocument>"),
    (
        "SupplyChainTradeTransaction",
        "SpecifiedSupplyChainTradeTransaction",
    ),
    ("ApplicableHeaderTrade", "ApplicableSupplyChainTrade"),
    ("SpecifiedLineTrade", "SpecifiedSupplyChainTrade"),
    ("SettlementHeaderMonetary", "SettlementMonetary"),
    ("SettlementLineMonetary", "SettlementMonetary"),
    ("RateApplicablePercent", "ApplicablePercent"),
    ("IssuerAssignedID", "ID"),
];

#[test]
fn zugferd_1_has_older_names_for_the_same() {
    let xml = OLD_NAMES
        .iter()
        .fold(SAMPLE.to_owned(), |xml, (new, old)| xml.replace(new, old));
    check(&invoice_of(&xml), HEADER);
}

#[test]
fn evidence_is_the_path_of_each_value() {
    let renamed = SAMPLE
        .replace("ram:", "ns0:")
        .replace("xmlns:ram", "xmlns:ns0");
    for xml in [SAMPLE, &renamed] {
        let document = documents(xml).expect("reads").remove(0);
        let evidence = &document.evidence["line_items[0].quantity"];
        assert_eq!(
            evidence.text.as_deref(),
            Some(
                "/rsm:CrossIndustryInvoice/rsm:SupplyChainTradeTransaction/ram:IncludedSupplyChainTradeLineItem/ram:SpecifiedLineTradeDelivery/ram:BilledQuantity"
            )
        );
        assert_eq!(evidence.method, Some(Method::Xml));
        let accounting = &document.evidence["vat_amount_accounting"];
        assert!(
            accounting
                .text
                .as_deref()
                .is_some_and(|path| path.ends_with("/ram:TaxTotalAmount[1]"))
        );
    }
}

#[test]
fn two_tax_totals_are_told_apart_by_currency() {
    check(
        &invoice_of(SAMPLE),
        &[
            ("/vat_amount", "0.00"),
            ("/vat_amount_accounting", "0.001"),
            ("/vat_currency", "CHF"),
        ],
    );
    let xml = with(
        "<ram:TaxTotalAmount currencyID=\"CHF\">0.001</ram:TaxTotalAmount>",
        "",
    );
    check(&invoice_of(&xml), &[("/vat_amount_accounting", "null")]);
}

#[test]
fn the_small_profiles_have_no_lines() {
    let start = SAMPLE
        .find("<ram:IncludedSupplyChainTradeLineItem>")
        .expect("a line");
    let end = SAMPLE
        .find("<ram:ApplicableHeaderTradeAgreement>")
        .expect("an agreement");
    let xml = format!("{}{}", &SAMPLE[..start], &SAMPLE[end..])
        .replace("urn:cen.eu:en16931:2017", "urn:factur-x.eu:1p0:minimum");
    check(
        &invoice_of(&xml),
        &[("/line_items", "absent"), ("/total", "95.00")],
    );
}

#[test]
fn the_debited_account_is_the_buyers() {
    let xml = SAMPLE
        .replace(
            "PayeePartyCreditorFinancialAccount",
            "PayerPartyDebtorFinancialAccount",
        )
        .replace("<ram:TypeCode>58", "<ram:TypeCode>59");
    check(
        &invoice_of(&xml),
        &[
            ("/iban", "null"),
            ("/payment/accounts", "absent"),
            (
                "/payment/debited_account",
                "FR76 3000 6000 0112 3456 7890 189",
            ),
        ],
    );
}

#[test]
fn nested_lines_count_once() {
    let line = |id: &str, extra: &str| {
        format!(
            "<ram:IncludedSupplyChainTradeLineItem><ram:AssociatedDocumentLineDocument><ram:LineID>{id}</ram:LineID>{extra}</ram:AssociatedDocumentLineDocument>\
             <ram:SpecifiedLineTradeSettlement><ram:SpecifiedTradeSettlementLineMonetarySummation><ram:LineTotalAmount>50</ram:LineTotalAmount></ram:SpecifiedTradeSettlementLineMonetarySummation></ram:SpecifiedLineTradeSettlement></ram:IncludedSupplyChainTradeLineItem>"
        )
    };
    let parent = |id: &str| format!("<ram:ParentLineID>{id}</ram:ParentLineID>");
    let status =
        |code: &str| format!("<ram:LineStatusReasonCode>{code}</ram:LineStatusReasonCode>");
    for (name, lines, expected) in [
        (
            "a group is the subtotal of its children",
            [
                line("10", &status("GROUP")),
                line("11", &(parent("10") + &status("DETAIL"))),
                line("12", &parent("10")),
            ],
            vec!["11", "12", "1"],
        ),
        (
            "any other parent states the sum",
            [
                line("10", ""),
                line("11", &parent("10")),
                line("12", &parent("11")),
            ],
            vec!["10", "1"],
        ),
        (
            "what is for information is not in the sum",
            [
                line("10", &status("INFORMATION")),
                line("11", &status("DETAIL")),
                String::new(),
            ],
            vec!["11", "1"],
        ),
    ] {
        let xml = SAMPLE.replacen(
            "<ram:IncludedSupplyChainTradeLineItem>",
            &format!("{}<ram:IncludedSupplyChainTradeLineItem>", lines.concat()),
            1,
        );
        let invoice = documents(&xml)
            .expect("reads")
            .remove(0)
            .invoice
            .expect("an invoice");
        let read: Vec<_> = invoice
            .line_items
            .iter()
            .filter_map(|line| line.line.text())
            .collect();
        assert_eq!(read, expected, "{name}");
    }
}

#[test]
fn other_messages_are_named_and_refused() {
    for (namespace, root) in [
        (
            "urn:un:unece:uncefact:data:SCRDMCCBDACIOMessageStructure:100",
            "SCRDMCCBDACIOMessageStructure",
        ),
        (
            "urn:un:unece:uncefact:data:standard:CrossIndustryDespatchAdvice:25",
            "CrossIndustryDespatchAdvice",
        ),
    ] {
        let error = documents(&format!("<a:{root} xmlns:a='{namespace}'/>")).expect_err("refused");
        assert_eq!(error.code, "UNSUPPORTED_TYPE");
        assert!(error.message.contains(root), "{}", error.message);
    }
}
