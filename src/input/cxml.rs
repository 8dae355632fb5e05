//! cXML `InvoiceDetailRequest`, as procurement networks send it.
//!
//! Other messages of cXML (orders, punch-outs, responses) are refused by name. The due date is given as a number of days;
//! it is computed from the invoice's date and says so.

use super::xml::fields::{Fields, Reading};
use super::xml::{self, Element, Tree, prolog};
use super::{Context, Reader, derived};
use crate::model::{
    Address, AllowanceCharge, DiscountTerm, Document, Field, Invoice, LineItem, PrecedingInvoice,
    VatBreakdown,
};
use crate::stage::StageError;

/// cXML.
pub(super) const CXML: Reader = Reader {
    name: "cxml",
    media_type: "application/xml",
    extension: "xml",
    reads: "cXML InvoiceDetailRequest",
    sniff,
    read,
};

/// `purpose` as UNTDID 1001.
const PURPOSES: &[(&str, &str)] = &[
    ("standard", "380"),
    ("creditMemo", "381"),
    ("lineLevelCreditMemo", "381"),
    ("debitMemo", "383"),
    ("lineLevelDebitMemo", "383"),
];
/// Domains under which a partner's id is a VAT id, and a local tax number.
const VAT_DOMAINS: &[&str] = &["vatID", "supplierVatID", "buyerVatID"];
const TAX_DOMAINS: &[&str] = &["taxNumber", "supplierTaxID", "buyerTaxID", "federalTaxID"];
/// Amounts of the summary that come on top of the lines.
const CHARGES: &[&str] = &["ShippingAmount", "SpecialHandlingAmount"];

fn sniff(bytes: &[u8]) -> bool {
    prolog::root_is(bytes, &[("", "cXML")])
}

fn read(bytes: &[u8], context: &mut Context<'_>) -> Result<Vec<Document>, StageError> {
    let text = xml::decode(bytes)?;
    let tree = Tree::parse(&text)?;
    let root = tree.root();
    let Some(request) = root.at("Request/InvoiceDetailRequest") else {
        let message = root.first(&["Request", "Response", "Message"]);
        let kind = message.and_then(|message| message.children().next());
        let name = kind.map_or("nothing", Element::name);
        return Err(StageError::input(
            "UNSUPPORTED_TYPE",
            format!("the cXML message is no invoice but `{name}`"),
        ));
    };
    Ok(vec![invoice(&tree, request).into_document(context.id)])
}

/// What the lines of one order are billed for.
struct Line<'t> {
    order: Element<'t>,
    item: Element<'t>,
}

fn invoice<'t>(tree: &'t Tree<'t>, request: Element<'t>) -> Reading {
    let currency = request.first(&[
        "InvoiceDetailSummary/GrossAmount/Money/@currency",
        "InvoiceDetailSummary/NetAmount/Money/@currency",
        "InvoiceDetailSummary/SubtotalAmount/Money/@currency",
    ]);
    let mut f = Fields::new(tree, currency.map(Element::text));
    let mut invoice = Invoice {
        currency: f.text("currency", currency),
        ..Invoice::default()
    };
    header(&mut f, request, &mut invoice);
    parties(&mut f, request, &mut invoice);
    totals(&mut f, request, &mut invoice);
    let mut lines = Vec::new();
    for order in request.all("InvoiceDetailOrder") {
        let items = order.children().filter(|item| {
            matches!(
                item.name(),
                "InvoiceDetailItem" | "InvoiceDetailServiceItem"
            )
        });
        lines.extend(items.map(|item| Line { order, item }));
    }
    for (index, line) in lines.iter().enumerate() {
        let item = f.within(&format!("line_items[{index}]"), |f| line_item(f, line));
        invoice.line_items.push(item);
    }
    derived::complete(&mut f, &mut invoice);
    f.finish(invoice)
}

fn header<'t>(f: &mut Fields<'t>, request: Element<'t>, invoice: &mut Invoice) {
    let header = request.at("InvoiceDetailRequestHeader");
    let at = |path: &str| header.and_then(|header| header.at(path));
    let all = |path: &str| header.map(|header| header.all(path)).unwrap_or_default();
    invoice.invoice_number = f.text("invoice_number", at("@invoiceID"));
    invoice.document_type = f.code("document_type", at("@purpose"), PURPOSES);
    invoice.invoice_date = f.date("invoice_date", at("@invoiceDate"));
    invoice.notes = f.texts("notes", all("Comments"));
    invoice.period_start = f.date("period_start", at("Period/@startDate"));
    invoice.period_end = f.date("period_end", at("Period/@endDate"));
    let before = all("DocumentReference")
        .into_iter()
        .chain(all("InvoiceIDInfo"))
        .filter(|before| before.at("@invoiceID").is_some())
        .collect();
    invoice.preceding_invoices =
        f.list("preceding_invoices", before, |f, before| PrecedingInvoice {
            number: f.text("number", before.at("@invoiceID")),
            date: f.date("date", before.at("@invoiceDate")),
        });
    let orders = request
        .all("InvoiceDetailOrder/InvoiceDetailOrderInfo")
        .into_iter()
        .filter_map(order_number)
        .collect();
    derived::purchase_orders(f, invoice, orders);
    invoice.contract_reference = f.text(
        "contract_reference",
        request
            .at("InvoiceDetailOrder/InvoiceDetailOrderInfo/MasterAgreementReference/@agreementID"),
    );
    terms(f, all("PaymentTerm"), invoice);
}

/// The order's own number, else the id of the message it came in.
fn order_number(info: Element<'_>) -> Option<Element<'_>> {
    info.first(&[
        "OrderReference/@orderID",
        "OrderIDInfo/@orderID",
        "OrderReference/DocumentReference/@payloadID",
    ])
}

/// Terms with a discount are discounts; the one without says when to pay.
fn terms<'t>(f: &mut Fields<'t>, terms: Vec<Element<'t>>, invoice: &mut Invoice) {
    let (discounts, net): (Vec<_>, Vec<_>) = terms
        .into_iter()
        .partition(|term| term.at("Discount/DiscountPercent/@percent").is_some());
    let days = |text: &str| text.parse::<u32>().ok();
    let due = net.iter().find_map(|term| term.at("@payInNumberOfDays"));
    invoice.due_date = Field::Null;
    if let (Some(due), Some(issued)) = (due, invoice.invoice_date.get())
        && let Some(date) = days(&due.text()).and_then(|n| issued.plus_days(i64::from(n)))
    {
        let operands = format!("invoice_date + {}", f.path(due));
        f.computed("due_date", operands);
        invoice.due_date = Field::Value(date);
    }
    invoice.discount_terms = f.list("discount_terms", discounts, |f, term| DiscountTerm {
        percent: f.rate("percent", term.at("Discount/DiscountPercent/@percent")),
        days: f.parsed(
            "days",
            term.at("@payInNumberOfDays"),
            "a number of days",
            days,
        ),
        ..DiscountTerm::default()
    });
}

fn parties<'t>(f: &mut Fields<'t>, request: Element<'t>, invoice: &mut Invoice) {
    let partners = request.all("InvoiceDetailRequestHeader/InvoicePartner");
    let in_role = |roles: &[&str]| {
        roles.iter().find_map(|role| {
            let mut same = partners.iter().copied();
            same.find(|partner| partner.text_at("Contact/@role") == *role)
        })
    };
    let seller = in_role(&["from", "remitTo", "issuerOfInvoice"]);
    let at = |path: &str| seller.and_then(|seller| seller.at(path));
    invoice.vendor_name = f.text("vendor_name", at("Contact/Name"));
    invoice.vendor_vat = f.text("vendor_vat", id(seller, VAT_DOMAINS));
    invoice.vendor_tax_number = f.text("vendor_tax_number", id(seller, TAX_DOMAINS));
    invoice.vendor_address = address(f, "vendor_address", at("Contact/PostalAddress"));
    invoice.vendor_email = f.text("vendor_email", at("Contact/Email"));
    // Somebody else to be paid is a payee.
    let remit = in_role(&["remitTo"]).and_then(|partner| partner.at("Contact/Name"));
    let other = remit.filter(|name| Some(name.text().as_str()) != invoice.vendor_name.text());
    invoice.payee_name = f.text("payee_name", other);
    let buyer = in_role(&["billTo", "soldTo"]);
    let at = |path: &str| buyer.and_then(|buyer| buyer.at(path));
    invoice.buyer_name = f.text("buyer_name", at("Contact/Name"));
    invoice.buyer_vat = f.text("buyer_vat", id(buyer, VAT_DOMAINS));
    invoice.buyer_address = address(f, "buyer_address", at("Contact/PostalAddress"));
}

fn id<'t>(partner: Option<Element<'t>>, domains: &[&str]) -> Option<Element<'t>> {
    let ids = partner.map(|partner| partner.all("IdReference"))?;
    ids.into_iter()
        .find(|id| domains.contains(&id.text_at("@domain").as_str()))
        .and_then(|id| id.at("@identifier"))
}

fn address<'t>(f: &mut Fields<'t>, field: &str, place: Option<Element<'t>>) -> Field<Address> {
    Field::found(place.map(|place| {
        let streets = place.all("Street");
        f.within(field, |f| Address {
            line1: f.text("line1", streets.first().copied()),
            line2: f.text("line2", streets.get(1).copied()),
            city: f.text("city", place.at("City")),
            postcode: f.text("postcode", place.at("PostalCode")),
            region: f.text("region", place.at("State")),
            country: f.text("country", place.at("Country/@isoCountryCode")),
            ..Address::default()
        })
    }))
}

fn totals<'t>(f: &mut Fields<'t>, request: Element<'t>, invoice: &mut Invoice) {
    let summary = request.at("InvoiceDetailSummary");
    let at = |path: &str| summary.and_then(|summary| summary.at(path));
    let money = |name: &str| at(&format!("{name}/Money"));
    let lines = money("SubtotalAmount");
    let extra: Vec<Element<'t>> = CHARGES.iter().filter_map(|name| money(name)).collect();
    invoice.lines_total = f.amount("lines_total", lines);
    let net: Vec<Element<'t>> = lines.into_iter().chain(extra.iter().copied()).collect();
    invoice.subtotal = f.add_up("subtotal", &net);
    invoice.charges = f.list("charges", extra, |f, amount| AllowanceCharge {
        amount: f.amount("amount", Some(amount)),
        ..AllowanceCharge::default()
    });
    for (charge, name) in invoice
        .charges
        .iter_mut()
        .zip(CHARGES.iter().filter(|n| money(n).is_some()))
    {
        charge.reason = Field::Value(name.trim_end_matches("Amount").to_owned());
    }
    invoice.vat_amount = f.amount("vat_amount", money("Tax"));
    let (gross, payable) = (money("GrossAmount"), money("NetAmount"));
    invoice.total = f.amount("total", gross.or(payable));
    invoice.paid_amount = f.amount("paid_amount", money("DepositAmount"));
    // The net amount is the gross less discounts and deposits.
    let due = money("DueAmount").or_else(|| gross.and(payable));
    invoice.amount_due = f.amount("amount_due", due);
    let details = summary.map(|summary| summary.all("Tax/TaxDetail"));
    invoice.vat_breakdown = f.list("vat_breakdown", details.unwrap_or_default(), |f, tax| {
        VatBreakdown {
            rate: f.rate("rate", tax.at("@percentageRate")),
            base: f.amount("base", tax.at("TaxableAmount/Money")),
            amount: f.amount("amount", tax.at("TaxAmount/Money")),
            ..VatBreakdown::default()
        }
    });
}

fn line_item<'t>(f: &mut Fields<'t>, line: &Line<'t>) -> LineItem {
    let item = line.item;
    let about = item.first(&[
        "InvoiceDetailItemReference",
        "InvoiceDetailServiceItemReference",
    ]);
    let at = |path: &str| about.and_then(|about| about.at(path));
    let info = line.order.at("InvoiceDetailOrderInfo");
    LineItem {
        line: f.text("line", item.at("@invoiceLineNumber")),
        description: f.prose("description", at("Description")),
        quantity: f.quantity("quantity", item.at("@quantity")),
        unit_code: f.text("unit_code", item.at("UnitOfMeasure")),
        unit_price: f.quantity("unit_price", item.at("UnitPrice/Money")),
        total: f.amount("total", item.at("SubtotalAmount/Money")),
        vat_rate: f.rate("vat_rate", item.at("Tax/TaxDetail/@percentageRate")),
        vat_amount: f.amount("vat_amount", item.at("Tax/Money")),
        product_code: f.text("product_code", at("ItemID/SupplierPartID")),
        buyer_code: f.text("buyer_code", at("ItemID/BuyerPartID")),
        po_reference: f.text("po_reference", info.and_then(order_number)),
        po_line: f.text("po_line", at("@lineNumber")),
        notes: f.prose("notes", item.at("Comments")),
        ..LineItem::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::sample::{self, check};
    use crate::model::Method;

    const SAMPLE: &str = r#"<?xml version="1.0"?><!DOCTYPE cXML SYSTEM "http://xml.cXML.org/schemas/cXML/1.2.020/InvoiceDetail.dtd">
<cXML payloadID="p" timestamp="t"><Header/><Request><InvoiceDetailRequest>
 <InvoiceDetailRequestHeader invoiceID="7" purpose="standard" invoiceDate="2026-03-01T11:45:51-07:00">
  <InvoicePartner><Contact role="from"><Name xml:lang="en">Alfa Inc</Name><PostalAddress><Street>Street 1</Street><City>Austin</City><State>TX</State><PostalCode>1</PostalCode><Country isoCountryCode="US">US</Country></PostalAddress></Contact><IdReference domain="federalTaxID" identifier="12-3456789"/></InvoicePartner>
  <InvoicePartner><Contact role="remitTo"><Name>Factor</Name></Contact></InvoicePartner><InvoicePartner><Contact role="billTo"><Name>Beta</Name></Contact></InvoicePartner>
  <PaymentTerm payInNumberOfDays="10"><Discount><DiscountPercent percent="2"/></Discount></PaymentTerm><PaymentTerm payInNumberOfDays="30"/></InvoiceDetailRequestHeader>
 <InvoiceDetailOrder><InvoiceDetailOrderInfo><OrderReference orderID="PO-9"><DocumentReference payloadID="x"/></OrderReference></InvoiceDetailOrderInfo>
  <InvoiceDetailItem invoiceLineNumber="1" quantity="2"><UnitOfMeasure>EA</UnitOfMeasure><UnitPrice><Money currency="USD">50</Money></UnitPrice><InvoiceDetailItemReference lineNumber="4"><ItemID><SupplierPartID>S-1</SupplierPartID></ItemID><Description xml:lang="en">Thing</Description></InvoiceDetailItemReference><SubtotalAmount><Money currency="USD">100</Money></SubtotalAmount></InvoiceDetailItem></InvoiceDetailOrder>
 <InvoiceDetailOrder><InvoiceDetailOrderInfo><OrderReference><DocumentReference payloadID="m-2"/></OrderReference></InvoiceDetailOrderInfo><InvoiceDetailServiceItem invoiceLineNumber="2"><InvoiceDetailServiceItemReference><Description>Help</Description></InvoiceDetailServiceItemReference><SubtotalAmount><Money currency="USD">20</Money></SubtotalAmount></InvoiceDetailServiceItem></InvoiceDetailOrder>
 <InvoiceDetailSummary><SubtotalAmount><Money currency="USD">120</Money></SubtotalAmount><Tax><Money currency="USD">8</Money><TaxDetail percentageRate="8"><TaxableAmount><Money currency="USD">100</Money></TaxableAmount><TaxAmount><Money currency="USD">8</Money></TaxAmount></TaxDetail></Tax>
  <SpecialHandlingAmount><Money currency="USD">5</Money></SpecialHandlingAmount><GrossAmount><Money currency="USD">133</Money></GrossAmount><NetAmount><Money currency="USD">130</Money></NetAmount></InvoiceDetailSummary></InvoiceDetailRequest></Request></cXML>"#;

    #[test]
    fn every_field() {
        check(
            &sample::invoice_of(&CXML, SAMPLE),
            &[
                ("/invoice_number", "7"),
                ("/document_type", "380"),
                ("/invoice_date", "2026-03-01"),
                ("/due_date", "2026-03-31"),
                ("/discount_terms/0/days", "10"),
                ("/currency", "USD"),
                ("/country", "US"),
                ("/po_reference", "PO-9"),
                ("/po_references/1", "m-2"),
                ("/vendor_name", "Alfa Inc"),
                ("/vendor_vat", "null"),
                ("/vendor_tax_number", "12-3456789"),
                ("/vendor_address/region", "TX"),
                ("/payee_name", "Factor"),
                ("/buyer_name", "Beta"),
                ("/lines_total", "120.00"),
                ("/charges/0/amount", "5.00"),
                ("/charges/0/reason", "SpecialHandling"),
                ("/subtotal", "125.00"),
                ("/vat_amount", "8.00"),
                ("/total", "133.00"),
                ("/amount_due", "130.00"),
                ("/vat_breakdown/0/rate", "8"),
                ("/line_items/0/quantity", "2"),
                ("/line_items/0/unit_code", "EA"),
                ("/line_items/0/total", "100.00"),
                ("/line_items/0/product_code", "S-1"),
                ("/line_items/0/po_reference", "PO-9"),
                ("/line_items/0/po_line", "4"),
                ("/line_items/1/description", "Help"),
                ("/line_items/1/po_reference", "m-2"),
            ],
        );
        let document = sample::documents(&CXML, SAMPLE).expect("reads").remove(0);
        assert_eq!(document.evidence["due_date"].method, Some(Method::Solver));
    }

    #[test]
    fn other_messages_are_named_and_refused() {
        for (envelope, message) in [
            ("Request", "OrderRequest"),
            ("Message", "PunchOutOrderMessage"),
        ] {
            let xml = format!("<cXML><{envelope}><{message}/></{envelope}></cXML>");
            let error = sample::documents(&CXML, xml).expect_err("refused");
            assert_eq!(error.code, "UNSUPPORTED_TYPE");
            assert!(error.message.contains(message), "{}", error.message);
        }
    }
}
