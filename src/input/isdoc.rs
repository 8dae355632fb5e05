//! ISDOC 6, the Czech national format: cousins of UBL's names.
//!
//! Each amount stands there in the local currency, and beside it with `Curr` in the document's if that is foreign.
//! Advances already invoiced are part of the total and not of what is to be paid.

use super::xml::fields::{Fields, Reading};
use super::xml::{self, Element, Tree, prolog};
use super::{Context, Reader, derived};
use crate::model::{
    Account, Address, Attachment, Document, Field, Instalment, Invoice, LineItem, Payment,
    PrecedingInvoice, VatBreakdown,
};
use crate::stage::StageError;

/// ISDOC.
pub(super) const ISDOC: Reader = Reader {
    name: "isdoc",
    media_type: "application/xml",
    extension: "isdoc",
    reads: "ISDOC 5 and 6 (Czechia)",
    sniff,
    read,
};

/// `DocumentType` as UNTDID 1001.
const TYPES: &[(&str, &str)] = &[
    ("1", "380"),
    ("2", "381"),
    ("3", "383"),
    ("4", "386"),
    ("5", "386"),
    ("6", "381"),
    ("7", "380"),
];

const ORDER: &str = "OrderReferences/OrderReference";

fn sniff(bytes: &[u8]) -> bool {
    prolog::root_is(bytes, &[("http://isdoc.cz/namespace", "Invoice")])
}

fn read(bytes: &[u8], context: &mut Context<'_>) -> Result<Vec<Document>, StageError> {
    let text = xml::decode(bytes)?;
    let tree = Tree::parse(&text)?;
    Ok(vec![invoice(&tree, tree.root()).into_document(context.id)])
}

/// The amount of this name in the document's currency.
fn money<'t>(root: Element<'t>, parent: Element<'t>, name: &str) -> Option<Element<'t>> {
    if root.at("ForeignCurrencyCode").is_some() {
        parent.at(&format!("{name}Curr"))
    } else {
        parent.at(name)
    }
}

fn invoice<'t>(tree: &'t Tree<'t>, root: Element<'t>) -> Reading {
    let currency = root.first(&["ForeignCurrencyCode", "LocalCurrencyCode"]);
    let mut f = Fields::new(tree, currency.map(Element::text));
    let mut invoice = Invoice {
        currency: f.text("currency", currency),
        ..Invoice::default()
    };
    header(&mut f, root, &mut invoice);
    parties(&mut f, root, &mut invoice);
    totals(&mut f, root, &mut invoice);
    payment(&mut f, root, &mut invoice);
    let lines = root.all("InvoiceLines/InvoiceLine");
    invoice.line_items = f.list("line_items", lines, |f, line| line_item(f, root, line));
    derived::complete(&mut f, &mut invoice);
    f.finish(invoice)
}

fn header<'t>(f: &mut Fields<'t>, root: Element<'t>, invoice: &mut Invoice) {
    invoice.invoice_number = f.text("invoice_number", root.at("ID"));
    invoice.document_type = f.code("document_type", root.at("DocumentType"), TYPES);
    invoice.invoice_date = f.date("invoice_date", root.at("IssueDate"));
    invoice.tax_point_date = f.date("tax_point_date", root.at("TaxPointDate"));
    let foreign = root.at("ForeignCurrencyCode");
    invoice.exchange_rate = f.quantity("exchange_rate", foreign.and_then(|_| root.at("CurrRate")));
    invoice.profile = f.text("profile", root.at("@version"));
    let orders = root.all(&format!("{ORDER}/ExternalOrderID"));
    derived::purchase_orders(f, invoice, orders);
    invoice.sales_order_reference = f.text(
        "sales_order_reference",
        root.at(&format!("{ORDER}/SalesOrderID")),
    );
    invoice.order_date = f.date("order_date", root.at(&format!("{ORDER}/IssueDate")));
    invoice.despatch_reference = f.text(
        "despatch_reference",
        root.at("DeliveryNoteReferences/DeliveryNoteReference/ID"),
    );
    invoice.contract_reference = f.text(
        "contract_reference",
        root.at("ContractReferences/ContractReference/ID"),
    );
    let originals = root.all("OriginalDocumentReferences/OriginalDocumentReference");
    invoice.preceding_invoices = f.list("preceding_invoices", originals, |f, original| {
        PrecedingInvoice {
            number: f.text("number", original.at("ID")),
            date: f.date("date", original.at("IssueDate")),
        }
    });
    invoice.notes = f.texts("notes", root.all("Note"));
    let supplements = root.all("SupplementsList/Supplement");
    invoice.attachments = f.list("attachments", supplements, |f, file| Attachment {
        name: f.text("name", file.at("Filename")),
        ..Attachment::default()
    });
}

fn parties<'t>(f: &mut Fields<'t>, root: Element<'t>, invoice: &mut Invoice) {
    let seller = root.at("AccountingSupplierParty/Party");
    let at = |path: &str| seller.and_then(|seller| seller.at(path));
    invoice.vendor_name = f.text("vendor_name", at("PartyName/Name"));
    invoice.vendor_vat = f.text("vendor_vat", registered(seller, true));
    invoice.vendor_tax_number = f.text("vendor_tax_number", registered(seller, false));
    invoice.vendor_registration = f.text("vendor_registration", at("PartyIdentification/ID"));
    invoice.vendor_address = address(f, "vendor_address", at("PostalAddress"));
    invoice.vendor_email = f.text("vendor_email", at("Contact/ElectronicMail"));
    invoice.vendor_phone = f.text("vendor_phone", at("Contact/Telephone"));
    invoice.vendor_contact = f.text("vendor_contact", at("Contact/Name"));
    let buyer = root.at("AccountingCustomerParty/Party");
    let at = |path: &str| buyer.and_then(|buyer| buyer.at(path));
    invoice.buyer_name = f.text("buyer_name", at("PartyName/Name"));
    invoice.buyer_vat = f.text("buyer_vat", registered(buyer, true));
    invoice.buyer_id = f.text("buyer_id", at("PartyIdentification/UserID"));
    invoice.buyer_registration = f.text("buyer_registration", at("PartyIdentification/ID"));
    invoice.buyer_address = address(f, "buyer_address", at("PostalAddress"));
    invoice.delivery_name = f.text("delivery_name", root.at("Delivery/Party/PartyName/Name"));
    let place = root.at("Delivery/Party/PostalAddress");
    invoice.delivery_address = address(f, "delivery_address", place);
}

/// The id of the scheme `VAT`, or the first of another (`TIN`).
fn registered(party: Option<Element<'_>>, vat: bool) -> Option<Element<'_>> {
    let schemes = party.map(|party| party.all("PartyTaxScheme"))?;
    let mut same = schemes
        .into_iter()
        .filter(|scheme| (scheme.text_at("TaxScheme") == "VAT") == vat);
    same.find_map(|scheme| scheme.at("CompanyID"))
}

fn address<'t>(f: &mut Fields<'t>, field: &str, place: Option<Element<'t>>) -> Field<Address> {
    Field::found(place.map(|place| {
        f.within(field, |f| Address {
            line1: f.joined(
                "line1",
                &[place.at("StreetName"), place.at("BuildingNumber")],
                " ",
            ),
            city: f.text("city", place.at("CityName")),
            postcode: f.text("postcode", place.at("PostalZone")),
            country: f.text("country", place.at("Country/IdentificationCode")),
            ..Address::default()
        })
    }))
}

fn totals<'t>(f: &mut Fields<'t>, root: Element<'t>, invoice: &mut Invoice) {
    let totals = root.at("LegalMonetaryTotal");
    let at = |name: &str| totals.and_then(|totals| money(root, totals, name));
    invoice.subtotal = f.amount("subtotal", at("TaxExclusiveAmount"));
    invoice.total = f.amount("total", at("TaxInclusiveAmount"));
    let paid = ["AlreadyClaimedTaxInclusiveAmount", "PaidDepositsAmount"];
    let paid: Vec<Element<'t>> = paid.iter().filter_map(|name| at(name)).collect();
    invoice.paid_amount = f.add_up("paid_amount", &paid);
    invoice.rounding = f.amount("rounding", at("PayableRoundingAmount"));
    invoice.amount_due = f.amount("amount_due", at("PayableAmount"));
    // `TaxTotal/TaxAmount` is less what advances have claimed; the total is not.
    let subtotals = root.all("TaxTotal/TaxSubTotal");
    let taxes: Vec<Element<'t>> = subtotals
        .iter()
        .filter_map(|subtotal| money(root, *subtotal, "TaxAmount"))
        .collect();
    invoice.vat_amount = f.add_up("vat_amount", &taxes);
    invoice.vat_breakdown = f.list("vat_breakdown", subtotals, |f, subtotal| VatBreakdown {
        rate: f.rate("rate", subtotal.at("TaxCategory/Percent")),
        category: match subtotal.at("TaxCategory/LocalReverseChargeFlag") {
            Some(flag) if flag.text() == "true" => {
                f.read_from("category", flag);
                Field::Value("AE".to_owned())
            }
            _ => Field::Null,
        },
        base: f.amount("base", money(root, subtotal, "TaxableAmount")),
        amount: f.amount("amount", money(root, subtotal, "TaxAmount")),
        ..VatBreakdown::default()
    });
}

fn payment<'t>(f: &mut Fields<'t>, root: Element<'t>, invoice: &mut Invoice) {
    let payments = root.all("PaymentMeans/Payment");
    let of = |path: &str| payments.iter().find_map(|payment| payment.at(path));
    let mut days: Vec<Element<'t>> = payments
        .iter()
        .filter_map(|payment| payment.at("Details/PaymentDueDate"))
        .collect();
    days.sort_by_key(|day| day.text());
    invoice.due_date = f.date("due_date", days.first().copied());
    if payments.is_empty() {
        invoice.payment = Field::Null;
        return;
    }
    let payment = f.within("payment", |f| Payment {
        means_code: f.text("means_code", of("PaymentMeansCode")),
        reference: f.text("reference", of("Details/VariableSymbol")),
        accounts: accounts(f, root),
        instalments: if days.len() > 1 {
            let parts = payments
                .iter()
                .copied()
                .filter(|part| part.at("Details/PaymentDueDate").is_some())
                .collect();
            f.list("instalments", parts, |f, part| Instalment {
                amount: f.amount("amount", part.at("PaidAmount")),
                due: f.date("due", part.at("Details/PaymentDueDate")),
            })
        } else {
            Vec::new()
        },
        ..Payment::default()
    });
    invoice.payment = Field::Value(payment);
}

fn accounts<'t>(f: &mut Fields<'t>, root: Element<'t>) -> Vec<Account> {
    const NUMBER: &[&str] = &["IBAN", "ID"];
    let mut named = root.all("PaymentMeans/Payment/Details");
    named.extend(root.all("PaymentMeans/AlternateBankAccounts/AlternateBankAccount"));
    let mut seen = Vec::new();
    named.retain(|account| {
        let number = account.first(NUMBER).map(Element::text).unwrap_or_default();
        let new = !number.is_empty() && !seen.contains(&number);
        seen.push(number);
        new
    });
    f.list("accounts", named, |f, element| {
        let mut account = Account {
            bic: f.text("bic", element.at("BIC")),
            bank_number: f.text("bank_number", element.at("BankCode")),
            bank_name: f.text("bank_name", element.at("Name")),
            ..Account::default()
        };
        let declared = element.at("IBAN").is_some();
        derived::account_number(f, &mut account, element.first(NUMBER), declared);
        if declared {
            account.account_number = f.text("account_number", element.at("ID"));
        }
        account
    })
}

fn line_item<'t>(f: &mut Fields<'t>, root: Element<'t>, line: Element<'t>) -> LineItem {
    let quantity = line.at("InvoicedQuantity");
    // Prices are in the local currency only.
    let local = root.at("ForeignCurrencyCode").is_none();
    let price = line.at("UnitPrice").filter(|_| local);
    let about = line.text_at("OrderReference/@ref");
    let order = root
        .all("OrderReferences/OrderReference")
        .into_iter()
        .find(|order| !about.is_empty() && order.text_at("@id") == about);
    LineItem {
        line: f.text("line", line.at("ID")),
        description: f.prose("description", line.at("Item/Description")),
        quantity: f.quantity("quantity", quantity),
        unit: f.text("unit", quantity.and_then(|q| q.attribute("unitCode"))),
        unit_price: f.quantity("unit_price", price),
        total: f.amount("total", money(root, line, "LineExtensionAmount")),
        vat_rate: f.rate("vat_rate", line.at("ClassifiedTaxCategory/Percent")),
        vat_amount: f.amount(
            "vat_amount",
            line.at("LineExtensionTaxAmount").filter(|_| local),
        ),
        product_code: f.text("product_code", line.at("Item/SellersItemIdentification/ID")),
        buyer_code: f.text("buyer_code", line.at("Item/BuyersItemIdentification/ID")),
        gtin: f.text("gtin", line.at("Item/CatalogueItemIdentification/ID")),
        po_reference: f.text("po_reference", order.and_then(|o| o.at("ExternalOrderID"))),
        po_line: f.text("po_line", line.at("OrderReference/LineID")),
        notes: f.prose("notes", line.at("Note")),
        ..LineItem::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::sample::{self, check};

    const SAMPLE: &str = r#"<Invoice xmlns="http://isdoc.cz/namespace/2013" version="6.0.1"><DocumentType>1</DocumentType><ID>FV-7</ID><IssueDate>2026-03-01</IssueDate><TaxPointDate>2026-02-28</TaxPointDate><LocalCurrencyCode>CZK</LocalCurrencyCode><CurrRate>1</CurrRate>
 <AccountingSupplierParty><Party><PartyIdentification><ID>25097563</ID></PartyIdentification><PartyName><Name>Alfa s.r.o.</Name></PartyName><PostalAddress><StreetName>Ulice</StreetName><BuildingNumber>5</BuildingNumber><CityName>Praha</CityName><Country><IdentificationCode>CZ</IdentificationCode></Country></PostalAddress><PartyTaxScheme><CompanyID>CZ25097563</CompanyID><TaxScheme>VAT</TaxScheme></PartyTaxScheme></Party></AccountingSupplierParty>
 <AccountingCustomerParty><Party><PartyName><Name>Beta</Name></PartyName></Party></AccountingCustomerParty>
 <OrderReferences><OrderReference id="O1"><SalesOrderID>SO-3</SalesOrderID><ExternalOrderID>PO-9</ExternalOrderID></OrderReference></OrderReferences>
 <InvoiceLines><InvoiceLine><ID>1</ID><OrderReference ref="O1"><LineID>4</LineID></OrderReference><InvoicedQuantity unitCode="Ks">100</InvoicedQuantity><LineExtensionAmountCurr>4</LineExtensionAmountCurr><LineExtensionAmount>100</LineExtensionAmount><LineExtensionTaxAmount>21</LineExtensionTaxAmount><UnitPrice>1.0</UnitPrice><ClassifiedTaxCategory><Percent>21</Percent></ClassifiedTaxCategory><Item><Description>Papír</Description></Item></InvoiceLine></InvoiceLines>
 <TaxTotal><TaxSubTotal><TaxableAmountCurr>4</TaxableAmountCurr><TaxableAmount>100</TaxableAmount><TaxAmountCurr>0.84</TaxAmountCurr><TaxAmount>21</TaxAmount><TaxCategory><Percent>21</Percent></TaxCategory></TaxSubTotal><TaxAmount>0</TaxAmount></TaxTotal>
 <LegalMonetaryTotal><TaxExclusiveAmount>100</TaxExclusiveAmount><TaxExclusiveAmountCurr>4</TaxExclusiveAmountCurr><TaxInclusiveAmount>121</TaxInclusiveAmount><TaxInclusiveAmountCurr>4.84</TaxInclusiveAmountCurr><AlreadyClaimedTaxInclusiveAmount>20</AlreadyClaimedTaxInclusiveAmount><PaidDepositsAmount>1</PaidDepositsAmount><PayableAmount>100</PayableAmount><PayableAmountCurr>4.84</PayableAmountCurr></LegalMonetaryTotal>
 <PaymentMeans><Payment><PaidAmount>100</PaidAmount><PaymentMeansCode>42</PaymentMeansCode><Details><PaymentDueDate>2026-03-31</PaymentDueDate><ID>19</ID><BankCode>0800</BankCode><IBAN>CZ6508000000192000145399</IBAN><BIC>GIBACZPX</BIC><VariableSymbol>7</VariableSymbol></Details></Payment></PaymentMeans></Invoice>"#;

    #[test]
    fn every_field() {
        check(
            &sample::invoice_of(&ISDOC, SAMPLE),
            &[
                ("/invoice_number", "FV-7"),
                ("/document_type", "380"),
                ("/invoice_date", "2026-03-01"),
                ("/due_date", "2026-03-31"),
                ("/currency", "CZK"),
                ("/exchange_rate", "null"),
                ("/po_reference", "PO-9"),
                ("/sales_order_reference", "SO-3"),
                ("/vendor_name", "Alfa s.r.o."),
                ("/vendor_vat", "CZ25097563"),
                ("/vendor_registration", "25097563"),
                ("/vendor_address/line1", "Ulice 5"),
                ("/buyer_name", "Beta"),
                ("/subtotal", "100.00"),
                ("/vat_amount", "21.00"),
                ("/total", "121.00"),
                ("/paid_amount", "21.00"),
                ("/amount_due", "100.00"),
                ("/payment/reference", "7"),
                ("/payment/accounts/0/account_number", "19"),
                ("/iban", "CZ6508000000192000145399"),
                ("/line_items/0/quantity", "100"),
                ("/line_items/0/unit_price", "1.0"),
                ("/line_items/0/total", "100.00"),
                ("/line_items/0/po_reference", "PO-9"),
                ("/line_items/0/po_line", "4"),
            ],
        );
    }

    #[test]
    fn a_foreign_currency_has_amounts_of_its_own() {
        let xml = SAMPLE.replace(
            "<CurrRate>1<",
            "<ForeignCurrencyCode>EUR</ForeignCurrencyCode><CurrRate>25<",
        );
        check(
            &sample::invoice_of(&ISDOC, xml),
            &[
                ("/currency", "EUR"),
                ("/exchange_rate", "25"),
                ("/total", "4.84"),
                ("/subtotal", "4.00"),
                ("/vat_amount", "0.84"),
                ("/line_items/0/total", "4.00"),
                ("/line_items/0/unit_price", "null"),
            ],
        );
    }
}
