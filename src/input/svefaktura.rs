//! Svefaktura 1.0, the Swedish format before Peppol: cousins of UBL's names.
//!
//! The total holds the rounding. Payment goes to a bankgiro or plusgiro number, or to an IBAN where the bank's id says so.

use super::xml::fields::{Fields, Reading};
use super::xml::{self, Element, Tree, prolog};
use super::{Context, Reader, derived};
use crate::model::{
    Account, Address, AllowanceCharge, Document, Field, Invoice, LineItem, Payment,
    PrecedingInvoice, VatBreakdown,
};
use crate::stage::StageError;

/// Svefaktura.
pub(super) const SVEFAKTURA: Reader = Reader {
    name: "svefaktura",
    media_type: "application/xml",
    extension: "xml",
    reads: "Svefaktura 1.0 (Sweden)",
    sniff,
    read,
};

/// The bank id that marks an account as an IBAN.
const IBAN_BANK: &str = "SKIASESS";

fn sniff(bytes: &[u8]) -> bool {
    prolog::root_is(bytes, &[("urn:sfti:documents:BasicInvoice:", "Invoice")])
}

fn read(bytes: &[u8], context: &mut Context<'_>) -> Result<Vec<Document>, StageError> {
    let text = xml::decode(bytes)?;
    let tree = Tree::parse(&text)?;
    Ok(vec![invoice(&tree, tree.root()).into_document(context.id)])
}

fn invoice<'t>(tree: &'t Tree<'t>, root: Element<'t>) -> Reading {
    let currency = root.first(&[
        "InvoiceCurrencyCode",
        "LegalTotal/TaxInclusiveTotalAmount/@amountCurrencyID",
    ]);
    let mut f = Fields::new(tree, currency.map(Element::text));
    let mut invoice = Invoice {
        currency: f.text("currency", currency),
        ..Invoice::default()
    };
    header(&mut f, root, &mut invoice);
    parties(&mut f, root, &mut invoice);
    totals(&mut f, root, &mut invoice);
    payment(&mut f, root, &mut invoice);
    invoice.line_items = f.list("line_items", root.all("InvoiceLine"), line_item);
    derived::complete(&mut f, &mut invoice);
    f.finish(invoice)
}

fn header<'t>(f: &mut Fields<'t>, root: Element<'t>, invoice: &mut Invoice) {
    invoice.invoice_number = f.text("invoice_number", root.at("ID"));
    invoice.document_type = f.text("document_type", root.at("InvoiceTypeCode"));
    invoice.invoice_date = f.date("invoice_date", root.at("IssueDate"));
    invoice.due_date = f.date("due_date", root.at("PaymentMeans/DuePaymentDate"));
    invoice.tax_point_date = f.date("tax_point_date", root.at("TaxPointDate"));
    invoice.delivery_date = f.date("delivery_date", root.at("Delivery/ActualDeliveryDateTime"));
    invoice.period_start = f.date("period_start", root.at("InvoicingPeriod/StartDateTime"));
    invoice.period_end = f.date("period_end", root.at("InvoicingPeriod/EndDateTime"));
    invoice.vat_currency = f.text("vat_currency", root.at("TaxCurrencyCode"));
    invoice.exchange_rate = f.quantity("exchange_rate", root.at("ExchangeRate/CalculationRate"));
    let orders = root.all("InvoiceLine/OrderLineReference/OrderReference/BuyersID");
    derived::purchase_orders(f, invoice, orders);
    // Who ordered it: the Swedish "er referens".
    invoice.buyer_reference = f.text(
        "buyer_reference",
        root.at("RequisitionistDocumentReference/ID"),
    );
    let initial = root.all("InitialInvoiceDocumentReference");
    invoice.preceding_invoices = f.list("preceding_invoices", initial, |f, document| {
        PrecedingInvoice {
            number: f.text("number", document.at("ID")),
            date: Field::Null,
        }
    });
    invoice.notes = f.texts("notes", root.all("Note"));
}

fn parties<'t>(f: &mut Fields<'t>, root: Element<'t>, invoice: &mut Invoice) {
    let seller = root.at("SellerParty/Party");
    let at = |path: &str| seller.and_then(|seller| seller.at(path));
    invoice.vendor_name = f.text("vendor_name", at("PartyName/Name"));
    invoice.vendor_vat = f.text("vendor_vat", registered(seller, true));
    invoice.vendor_tax_number = f.text("vendor_tax_number", registered(seller, false));
    invoice.vendor_registration = f.text("vendor_registration", at("PartyIdentification/ID"));
    invoice.vendor_address = address(f, "vendor_address", at("Address"));
    let contact = |name: &str| {
        root.at(&format!("SellerParty/AccountsContact/{name}"))
            .or_else(|| at(&format!("Contact/{name}")))
    };
    invoice.vendor_email = f.text("vendor_email", contact("ElectronicMail"));
    invoice.vendor_phone = f.text("vendor_phone", contact("Telephone"));
    invoice.vendor_contact = f.text("vendor_contact", contact("Name"));
    let buyer = root.at("BuyerParty/Party");
    let at = |path: &str| buyer.and_then(|buyer| buyer.at(path));
    invoice.buyer_name = f.text("buyer_name", at("PartyName/Name"));
    invoice.buyer_vat = f.text("buyer_vat", registered(buyer, true));
    invoice.buyer_registration = f.text("buyer_registration", at("PartyIdentification/ID"));
    invoice.buyer_address = address(f, "buyer_address", at("Address"));
    invoice.delivery_address = address(f, "delivery_address", root.at("Delivery/DeliveryAddress"));
}

/// The id of the scheme `VAT`, or the first of another (`SWT`, the income tax).
fn registered(party: Option<Element<'_>>, vat: bool) -> Option<Element<'_>> {
    let schemes = party.map(|party| party.all("PartyTaxScheme"))?;
    let mut same = schemes
        .into_iter()
        .filter(|scheme| (scheme.text_at("TaxScheme/ID") == "VAT") == vat);
    same.find_map(|scheme| scheme.at("CompanyID"))
}

fn address<'t>(f: &mut Fields<'t>, field: &str, place: Option<Element<'t>>) -> Field<Address> {
    Field::found(place.map(|place| {
        f.within(field, |f| Address {
            line1: f.text(
                "line1",
                place.first(&["StreetName", "Postbox", "AddressLine/Line"]),
            ),
            city: f.text("city", place.at("CityName")),
            postcode: f.text("postcode", place.at("PostalZone")),
            country: f.text("country", place.at("Country/IdentificationCode")),
            ..Address::default()
        })
    }))
}

fn totals<'t>(f: &mut Fields<'t>, root: Element<'t>, invoice: &mut Invoice) {
    let at = |name: &str| root.at(&format!("LegalTotal/{name}"));
    invoice.lines_total = f.amount("lines_total", at("LineExtensionTotalAmount"));
    invoice.subtotal = f.amount("subtotal", at("TaxExclusiveTotalAmount"));
    invoice.total = f.amount("total", at("TaxInclusiveTotalAmount"));
    invoice.rounding = f.amount("rounding", at("RoundOffAmount"));
    let taxes = root.all("TaxTotal/TotalTaxAmount");
    invoice.vat_amount = f.add_up("vat_amount", &taxes);
    let subtotals = root.all("TaxTotal/TaxSubTotal");
    invoice.vat_breakdown = f.list("vat_breakdown", subtotals, |f, subtotal| VatBreakdown {
        rate: f.rate("rate", subtotal.at("TaxCategory/Percent")),
        category: f.text("category", subtotal.at("TaxCategory/ID")),
        base: f.amount("base", subtotal.at("TaxableAmount")),
        amount: f.amount("amount", subtotal.at("TaxAmount")),
        exemption_reason: f.prose(
            "exemption_reason",
            subtotal.at("TaxCategory/ExemptionReason"),
        ),
        ..VatBreakdown::default()
    });
    let (allowances, charges) = allowances_and_charges(root);
    invoice.allowances = f.list("allowances", allowances, allowance);
    invoice.charges = f.list("charges", charges, allowance);
}

fn allowances_and_charges(parent: Element<'_>) -> (Vec<Element<'_>>, Vec<Element<'_>>) {
    parent
        .all("AllowanceCharge")
        .into_iter()
        .partition(|entry| entry.text_at("ChargeIndicator") != "true")
}

fn allowance<'t>(f: &mut Fields<'t>, entry: Element<'t>) -> AllowanceCharge {
    AllowanceCharge {
        amount: f.amount("amount", entry.at("Amount")),
        base: f.amount("base", entry.at("AllowanceChargeBaseAmount")),
        reason: f.text("reason", entry.at("ReasonCode/@name")),
        reason_code: f.text("reason_code", entry.at("ReasonCode")),
        ..AllowanceCharge::default()
    }
}

fn payment<'t>(f: &mut Fields<'t>, root: Element<'t>, invoice: &mut Invoice) {
    invoice.payment_terms = f.prose("payment_terms", root.at("PaymentTerms/Note"));
    let means = root.at("PaymentMeans");
    invoice.payment = Field::found(means.map(|means| {
        f.within("payment", |f| {
            let mut named = root.all("PaymentMeans/PayeeFinancialAccount");
            named.retain(|account| account.at("ID").is_some());
            Payment {
                means_code: f.text("means_code", means.at("PaymentMeansTypeCode")),
                reference: f.text(
                    "reference",
                    root.at("PaymentMeans/PayeeFinancialAccount/PaymentInstructionID"),
                ),
                accounts: f.list("accounts", named, |f, element| {
                    let bank = element.at("FinancialInstitutionBranch/FinancialInstitution/ID");
                    let declared = bank.is_some_and(|bank| bank.text() == IBAN_BANK);
                    let mut account = Account {
                        bank_number: f.text("bank_number", bank.filter(|_| !declared)),
                        ..Account::default()
                    };
                    derived::account_number(f, &mut account, element.at("ID"), declared);
                    account
                }),
                ..Payment::default()
            }
        })
    }));
}

fn line_item<'t>(f: &mut Fields<'t>, line: Element<'t>) -> LineItem {
    let quantity = line.at("InvoicedQuantity");
    let (allowances, charges) = allowances_and_charges(line);
    LineItem {
        line: f.text("line", line.at("ID")),
        description: f.prose("description", line.at("Item/Description")),
        quantity: f.quantity("quantity", quantity),
        unit: f.text(
            "unit",
            quantity.and_then(|q| q.attribute("quantityUnitCode")),
        ),
        unit_price: f.quantity("unit_price", line.at("Item/BasePrice/PriceAmount")),
        price_base_quantity: f.quantity(
            "price_base_quantity",
            line.at("Item/BasePrice/BaseQuantity"),
        ),
        total: f.amount("total", line.at("LineExtensionAmount")),
        allowances: f.list("allowances", allowances, allowance),
        charges: f.list("charges", charges, allowance),
        vat_rate: f.rate("vat_rate", line.at("Item/TaxCategory/Percent")),
        vat_category: f.text("vat_category", line.at("Item/TaxCategory/ID")),
        product_code: f.text("product_code", line.at("Item/SellersItemIdentification/ID")),
        buyer_code: f.text("buyer_code", line.at("Item/BuyersItemIdentification/ID")),
        gtin: f.text("gtin", line.at("Item/StandardItemIdentification/ID")),
        po_reference: f.text(
            "po_reference",
            line.at("OrderLineReference/OrderReference/BuyersID"),
        ),
        po_line: f.text("po_line", line.at("OrderLineReference/BuyersLineID")),
        notes: f.prose("notes", line.at("Note")),
        ..LineItem::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::sample::{self, check};

    const SAMPLE: &str = r#"<Invoice xmlns="urn:sfti:documents:BasicInvoice:1:0" xmlns:cac="urn:sfti:CommonAggregateComponents:1:0" xmlns:cbc="urn:oasis:names:tc:ubl:CommonBasicComponents:1:0">
 <ID>7</ID><cbc:IssueDate>2026-03-01</cbc:IssueDate><InvoiceTypeCode>380</InvoiceTypeCode><InvoiceCurrencyCode>SEK</InvoiceCurrencyCode>
 <cac:BuyerParty><cac:Party><cac:PartyName><cbc:Name>Beta</cbc:Name></cac:PartyName></cac:Party></cac:BuyerParty>
 <cac:SellerParty><cac:Party><cac:PartyName><cbc:Name>Alfa AB</cbc:Name></cac:PartyName><cac:PartyTaxScheme><cac:CompanyID>5565624223</cac:CompanyID><cac:TaxScheme><cac:ID>SWT</cac:ID></cac:TaxScheme></cac:PartyTaxScheme><cac:PartyTaxScheme><cac:CompanyID>SE556562422301</cac:CompanyID><cac:TaxScheme><cac:ID>VAT</cac:ID></cac:TaxScheme></cac:PartyTaxScheme></cac:Party></cac:SellerParty>
 <cac:PaymentMeans><cac:PaymentMeansTypeCode>1</cac:PaymentMeansTypeCode><cbc:DuePaymentDate>2026-03-31</cbc:DuePaymentDate><cac:PayeeFinancialAccount><cac:ID>3338929</cac:ID><cac:FinancialInstitutionBranch><cac:FinancialInstitution><cac:ID>BGABSESS</cac:ID></cac:FinancialInstitution></cac:FinancialInstitutionBranch><cac:PaymentInstructionID>54225485</cac:PaymentInstructionID></cac:PayeeFinancialAccount></cac:PaymentMeans>
 <cac:TaxTotal><cbc:TotalTaxAmount amountCurrencyID="SEK">25.10</cbc:TotalTaxAmount><cac:TaxSubTotal><cbc:TaxableAmount>100.40</cbc:TaxableAmount><cbc:TaxAmount>25.10</cbc:TaxAmount><cac:TaxCategory><cac:ID>S</cac:ID><cbc:Percent>25</cbc:Percent></cac:TaxCategory></cac:TaxSubTotal></cac:TaxTotal>
 <cac:LegalTotal><cbc:LineExtensionTotalAmount>100.40</cbc:LineExtensionTotalAmount><cbc:TaxExclusiveTotalAmount>100.40</cbc:TaxExclusiveTotalAmount><cbc:TaxInclusiveTotalAmount>126</cbc:TaxInclusiveTotalAmount><cac:RoundOffAmount>0.50</cac:RoundOffAmount></cac:LegalTotal>
 <cac:InvoiceLine><cac:ID>1</cac:ID><cbc:InvoicedQuantity quantityUnitCode="liter">2</cbc:InvoicedQuantity><cbc:LineExtensionAmount>100.40</cbc:LineExtensionAmount><cac:OrderLineReference><cac:OrderReference><cac:BuyersID>PO-9</cac:BuyersID></cac:OrderReference></cac:OrderLineReference><cac:Item><cbc:Description>Färg</cbc:Description><cac:BasePrice><cbc:PriceAmount>50.20</cbc:PriceAmount></cac:BasePrice></cac:Item></cac:InvoiceLine>
 <RequisitionistDocumentReference><cac:ID>Pelle</cac:ID></RequisitionistDocumentReference></Invoice>"#;

    #[test]
    fn every_field() {
        check(
            &sample::invoice_of(&SVEFAKTURA, SAMPLE),
            &[
                ("/invoice_number", "7"),
                ("/document_type", "380"),
                ("/invoice_date", "2026-03-01"),
                ("/due_date", "2026-03-31"),
                ("/currency", "SEK"),
                ("/country", "SE"),
                ("/po_reference", "PO-9"),
                ("/buyer_reference", "Pelle"),
                ("/vendor_name", "Alfa AB"),
                ("/vendor_vat", "SE556562422301"),
                ("/vendor_tax_number", "5565624223"),
                ("/buyer_name", "Beta"),
                ("/subtotal", "100.40"),
                ("/vat_amount", "25.10"),
                ("/total", "126.00"),
                ("/rounding", "0.50"),
                ("/vat_breakdown/0/rate", "25"),
                ("/payment/reference", "54225485"),
                ("/payment/accounts/0/account_number", "3338929"),
                ("/payment/accounts/0/bank_number", "BGABSESS"),
                ("/iban", "null"),
                ("/line_items/0/quantity", "2"),
                ("/line_items/0/unit", "liter"),
                ("/line_items/0/total", "100.40"),
            ],
        );
    }

    #[test]
    fn the_banks_id_tells_an_iban() {
        let xml = SAMPLE
            .replace("BGABSESS", IBAN_BANK)
            .replace("3338929", "SE3550000000054910000003");
        check(
            &sample::invoice_of(&SVEFAKTURA, xml),
            &[("/iban", "SE3550000000054910000003")],
        );
    }
}
