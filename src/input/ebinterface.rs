//! ebInterface 3.0 to 6.1, the Austrian national format.
//!
//! Its versions move the VAT about (`Tax/VAT/Item`, `Tax/VAT/VATItem`, `Tax/TaxItem`), qualify attributes or not, and put
//! contact and order here or there; all places are looked at.

use super::xml::fields::{Fields, Reading};
use super::xml::{self, Element, Tree, prolog};
use super::{Context, Reader, derived};
use crate::model::{
    Account, Address, AllowanceCharge, DiscountTerm, Document, Field, Invoice, LineItem, Payment,
    PrecedingInvoice, VatBreakdown,
};
use crate::stage::StageError;

/// ebInterface.
pub(super) const EBINTERFACE: Reader = Reader {
    name: "ebinterface",
    media_type: "application/xml",
    extension: "xml",
    reads: "ebInterface 3.0 to 6.1 (Austria)",
    sniff,
    read,
};

/// `DocumentType` as UNTDID 1001.
const TYPES: &[(&str, &str)] = &[
    ("Invoice", "380"),
    ("FinalSettlement", "380"),
    ("CreditMemo", "381"),
    ("SubsequentCredit", "381"),
    ("SubsequentDebit", "383"),
    ("InvoiceForAdvancePayment", "386"),
    ("InvoiceForPartialDelivery", "326"),
    ("SelfBilling", "389"),
];
const BASE: &[&str] = &["TaxableAmount", "TaxedAmount"];
const AMOUNT: &[&str] = &["TaxAmount", "Amount"];
const RATE: &[&str] = &["TaxPercent", "VATRate", "TaxRate"];

fn sniff(bytes: &[u8]) -> bool {
    prolog::root_is(bytes, &[("http://www.ebinterface.at/schema/", "Invoice")])
}

fn read(bytes: &[u8], context: &mut Context<'_>) -> Result<Vec<Document>, StageError> {
    let text = xml::decode(bytes)?;
    let tree = Tree::parse(&text)?;
    Ok(vec![invoice(&tree, tree.root()).into_document(context.id)])
}

fn invoice<'t>(tree: &'t Tree<'t>, root: Element<'t>) -> Reading {
    let currency = root.at("@InvoiceCurrency").map(Element::text);
    let mut f = Fields::new(tree, currency);
    let mut invoice = Invoice::default();
    header(&mut f, root, &mut invoice);
    parties(&mut f, root, &mut invoice);
    totals(&mut f, root, &mut invoice);
    payment(&mut f, root, &mut invoice);
    let lines = root.all("Details/ItemList/ListLineItem");
    invoice.line_items = f.list("line_items", lines, line_item);
    derived::complete(&mut f, &mut invoice);
    f.finish(invoice)
}

fn header<'t>(f: &mut Fields<'t>, root: Element<'t>, invoice: &mut Invoice) {
    invoice.invoice_number = f.text("invoice_number", root.at("InvoiceNumber"));
    invoice.document_type = f.code("document_type", root.at("@DocumentType"), TYPES);
    invoice.invoice_date = f.date("invoice_date", root.at("InvoiceDate"));
    invoice.due_date = f.date("due_date", root.at("PaymentConditions/DueDate"));
    invoice.delivery_date = f.date("delivery_date", root.at("Delivery/Date"));
    invoice.period_start = f.date("period_start", root.at("Delivery/Period/FromDate"));
    invoice.period_end = f.date("period_end", root.at("Delivery/Period/ToDate"));
    invoice.currency = f.text("currency", root.at("@InvoiceCurrency"));
    invoice.language = f.text("language", root.at("@Language"));
    let mut orders = root.all("InvoiceRecipient/OrderReference/OrderID");
    orders
        .extend(root.all("Details/ItemList/ListLineItem/InvoiceRecipientsOrderReference/OrderID"));
    derived::purchase_orders(f, invoice, orders);
    invoice.order_date = f.date(
        "order_date",
        root.at("InvoiceRecipient/OrderReference/ReferenceDate"),
    );
    invoice.buyer_accounting_reference = f.text(
        "buyer_accounting_reference",
        root.at("InvoiceRecipient/AccountingArea"),
    );
    let mut before = root.all("CancelledOriginalDocument");
    before.extend(root.all("RelatedDocument"));
    invoice.preceding_invoices = f.list("preceding_invoices", before, |f, document| {
        PrecedingInvoice {
            number: f.text("number", document.at("InvoiceNumber")),
            date: f.date("date", document.at("InvoiceDate")),
        }
    });
    let mut notes = root.all("Comment");
    notes.extend(root.all("Details/HeaderDescription"));
    notes.extend(root.all("Details/FooterDescription"));
    invoice.notes = f.texts("notes", notes);
}

fn parties<'t>(f: &mut Fields<'t>, root: Element<'t>, invoice: &mut Invoice) {
    let seller = root.at("Biller");
    let at = |paths: &[&str]| seller.and_then(|seller| seller.first(paths));
    invoice.vendor_name = f.text("vendor_name", at(&["Address/Name"]));
    invoice.vendor_vat = f.text("vendor_vat", at(&["VATIdentificationNumber"]));
    invoice.vendor_registration = f.text("vendor_registration", at(&["FurtherIdentification"]));
    invoice.vendor_address = address(f, "vendor_address", at(&["Address"]));
    invoice.vendor_email = f.text("vendor_email", at(&["Contact/Email", "Address/Email"]));
    invoice.vendor_phone = f.text("vendor_phone", at(&["Contact/Phone", "Address/Phone"]));
    invoice.vendor_contact = f.text("vendor_contact", at(&["Contact/Name", "Address/Contact"]));
    let buyer = root.at("InvoiceRecipient");
    let at = |path: &str| buyer.and_then(|buyer| buyer.at(path));
    invoice.buyer_name = f.text("buyer_name", at("Address/Name"));
    invoice.buyer_vat = f.text("buyer_vat", at("VATIdentificationNumber"));
    invoice.buyer_id = f.text("buyer_id", at("BillersInvoiceRecipientID"));
    invoice.buyer_address = address(f, "buyer_address", at("Address"));
    let place = root.at("Delivery/Address");
    invoice.delivery_name = f.text("delivery_name", place.and_then(|place| place.at("Name")));
    invoice.delivery_address = address(f, "delivery_address", place);
}

fn address<'t>(f: &mut Fields<'t>, field: &str, place: Option<Element<'t>>) -> Field<Address> {
    Field::found(place.map(|place| {
        f.within(field, |f| Address {
            line1: f.text("line1", place.first(&["Street", "POBox"])),
            line2: Field::Null,
            line3: Field::Null,
            city: f.text("city", place.at("Town")),
            postcode: f.text("postcode", place.at("ZIP")),
            region: Field::Absent,
            // A code, or a name with the code beside it.
            country: f.text("country", place.first(&["Country/@CountryCode", "Country"])),
        })
    }))
}

fn totals<'t>(f: &mut Fields<'t>, root: Element<'t>, invoice: &mut Invoice) {
    let places = ["Tax/TaxItem", "Tax/VAT/VATItem", "Tax/VAT/Item"];
    let taxes: Vec<Element<'t>> = places.iter().flat_map(|place| root.all(place)).collect();
    let of = |names: &[&str]| -> Vec<Element<'t>> {
        taxes.iter().filter_map(|tax| tax.first(names)).collect()
    };
    invoice.subtotal = f.add_up("subtotal", &of(BASE));
    invoice.vat_amount = f.add_up("vat_amount", &of(AMOUNT));
    invoice.vat_breakdown = f.list("vat_breakdown", taxes, |f, tax| VatBreakdown {
        rate: f.rate("rate", tax.first(RATE)),
        category: f.text("category", tax.at("TaxPercent/@TaxCategoryCode")),
        base: f.amount("base", tax.first(BASE)),
        amount: f.amount("amount", tax.first(AMOUNT)),
        exemption_reason: f.prose("exemption_reason", tax.first(&["TaxExemption", "Comment"])),
        ..VatBreakdown::default()
    });
    invoice.total = f.amount("total", root.at("TotalGrossAmount"));
    invoice.paid_amount = f.amount("paid_amount", root.at("PrepaidAmount"));
    invoice.rounding = f.amount("rounding", root.at("RoundingAmount"));
    invoice.amount_due = f.amount("amount_due", root.at("PayableAmount"));
    let reductions = root.all("ReductionAndSurchargeDetails/Reduction");
    invoice.allowances = f.list("allowances", reductions, allowance);
    let surcharges = root.all("ReductionAndSurchargeDetails/Surcharge");
    invoice.charges = f.list("charges", surcharges, allowance);
}

fn allowance<'t>(f: &mut Fields<'t>, entry: Element<'t>) -> AllowanceCharge {
    AllowanceCharge {
        amount: f.amount("amount", entry.at("Amount")),
        base: f.amount("base", entry.at("BaseAmount")),
        percent: f.rate("percent", entry.at("Percentage")),
        vat_rate: f.rate(
            "vat_rate",
            entry.first(RATE).or_else(|| entry.at("TaxItem/TaxPercent")),
        ),
        reason: f.prose("reason", entry.at("Comment")),
        ..AllowanceCharge::default()
    }
}

fn payment<'t>(f: &mut Fields<'t>, root: Element<'t>, invoice: &mut Invoice) {
    invoice.payment_terms = f.prose("payment_terms", root.at("PaymentConditions/Comment"));
    let discounts = root.all("PaymentConditions/Discount");
    invoice.discount_terms = f.list("discount_terms", discounts, |f, discount| DiscountTerm {
        percent: f.rate("percent", discount.at("Percentage")),
        days: Field::Null,
        due: f.date("due", discount.at("PaymentDate")),
        base: f.amount("base", discount.at("BaseAmount")),
    });
    let method = root.at("PaymentMethod");
    invoice.payment = Field::found(method.map(|method| {
        f.within("payment", |f| {
            let mut named = method.all("UniversalBankTransaction/BeneficiaryAccount");
            named.extend(method.all("BeneficiaryAccount"));
            named.retain(|account| account.first(&["IBAN", "BankAccountNr"]).is_some());
            Payment {
                means_text: f.prose("means_text", method.at("Comment")),
                reference: f.text(
                    "reference",
                    method.first(&[
                        "UniversalBankTransaction/PaymentReference",
                        "PaymentReference",
                    ]),
                ),
                accounts: f.list("accounts", named, account),
                mandate: f.text("mandate", method.at("SEPADirectDebit/MandateReference")),
                creditor_id: f.text("creditor_id", method.at("SEPADirectDebit/CreditorID")),
                // A direct debit names the buyer's own account: nothing is ever paid to it.
                debited_account: f.text("debited_account", method.at("SEPADirectDebit/IBAN")),
                ..Payment::default()
            }
        })
    }));
}

fn account<'t>(f: &mut Fields<'t>, element: Element<'t>) -> Account {
    let mut account = Account {
        bic: f.text("bic", element.at("BIC")),
        bank_number: f.text("bank_number", element.at("BankCode")),
        account_name: f.text("account_name", element.at("BankAccountOwner")),
        bank_name: f.text("bank_name", element.at("BankName")),
        ..Account::default()
    };
    let iban = element.at("IBAN");
    let number = iban.or_else(|| element.at("BankAccountNr"));
    derived::account_number(f, &mut account, number, iban.is_some());
    account
}

fn line_item<'t>(f: &mut Fields<'t>, line: Element<'t>) -> LineItem {
    const DETAILS: &str = "ReductionAndSurchargeListLineItemDetails";
    let reductions = line.all(&format!("{DETAILS}/ReductionListLineItem"));
    let surcharges = line.all(&format!("{DETAILS}/SurchargeListLineItem"));
    let descriptions: Vec<String> = line
        .all("Description")
        .into_iter()
        .map(Element::prose)
        .collect();
    let mut description = f.prose("description", line.at("Description"));
    if let Some(text) = description.value_mut() {
        *text = descriptions.join("\n");
    }
    let articles = line.all("ArticleNumber");
    let article = |kind: fn(&str) -> bool| {
        articles
            .iter()
            .copied()
            .find(|article| kind(&article.text_at("@ArticleNumberType")))
    };
    LineItem {
        line: f.text("line", line.at("PositionNumber")),
        description,
        quantity: f.quantity("quantity", line.at("Quantity")),
        unit: f.text("unit", line.at("Quantity/@Unit")),
        unit_price: f.quantity("unit_price", line.at("UnitPrice")),
        price_base_quantity: f.quantity("price_base_quantity", line.at("UnitPrice/@BaseQuantity")),
        allowances: f.list("allowances", reductions, allowance),
        charges: f.list("charges", surcharges, allowance),
        total: f.amount("total", line.at("LineItemAmount")),
        vat_rate: f.rate(
            "vat_rate",
            line.first(&[
                "TaxItem/TaxPercent",
                "VATItem/VATRate",
                "VATRate",
                "TaxRate",
            ]),
        ),
        vat_category: f.text(
            "vat_category",
            line.at("TaxItem/TaxPercent/@TaxCategoryCode"),
        ),
        product_code: f.text(
            "product_code",
            article(|kind| matches!(kind, "" | "BillersArticleNumber")),
        ),
        buyer_code: f.text(
            "buyer_code",
            article(|kind| kind == "InvoiceRecipientsArticleNumber"),
        ),
        gtin: f.text("gtin", article(|kind| kind == "GTIN")),
        po_reference: f.text(
            "po_reference",
            line.at("InvoiceRecipientsOrderReference/OrderID"),
        ),
        po_line: f.text(
            "po_line",
            line.at("InvoiceRecipientsOrderReference/OrderPositionNumber"),
        ),
        date: f.date("date", line.at("Delivery/Date")),
        ..LineItem::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::sample::{self, check};

    const SIX: &str = r#"<eb:Invoice xmlns:eb="http://www.ebinterface.at/schema/6p1/" eb:DocumentType="Invoice" eb:InvoiceCurrency="EUR" eb:Language="ger">
 <eb:InvoiceNumber>7</eb:InvoiceNumber><eb:InvoiceDate>2026-03-01</eb:InvoiceDate><eb:Delivery><eb:Date>2026-02-20</eb:Date></eb:Delivery>
 <eb:Biller><eb:VATIdentificationNumber>ATU12345678</eb:VATIdentificationNumber><eb:Address><eb:Name>Alfa</eb:Name><eb:Street>Weg 1</eb:Street><eb:Town>Wien</eb:Town><eb:ZIP>1010</eb:ZIP><eb:Country eb:CountryCode="AT">Österreich</eb:Country></eb:Address><eb:Contact><eb:Name>Ann</eb:Name></eb:Contact></eb:Biller>
 <eb:InvoiceRecipient><eb:VATIdentificationNumber>DE123456789</eb:VATIdentificationNumber><eb:BillersInvoiceRecipientID>K-7</eb:BillersInvoiceRecipientID><eb:OrderReference><eb:OrderID>PO-9</eb:OrderID></eb:OrderReference><eb:Address><eb:Name>Beta</eb:Name></eb:Address></eb:InvoiceRecipient>
 <eb:Details><eb:ItemList><eb:ListLineItem><eb:PositionNumber>1</eb:PositionNumber><eb:Description>Schraube</eb:Description><eb:Description>M4</eb:Description><eb:ArticleNumber eb:ArticleNumberType="GTIN">4012345000009</eb:ArticleNumber><eb:ArticleNumber>S-1</eb:ArticleNumber>
  <eb:Quantity eb:Unit="C62">200</eb:Quantity><eb:UnitPrice eb:BaseQuantity="100">50</eb:UnitPrice><eb:TaxItem><eb:TaxPercent eb:TaxCategoryCode="S">20</eb:TaxPercent></eb:TaxItem><eb:LineItemAmount>100</eb:LineItemAmount></eb:ListLineItem></eb:ItemList></eb:Details>
 <eb:Tax><eb:TaxItem><eb:TaxableAmount>100.00</eb:TaxableAmount><eb:TaxPercent eb:TaxCategoryCode="S">20</eb:TaxPercent><eb:TaxAmount>20.00</eb:TaxAmount></eb:TaxItem><eb:TaxItem><eb:TaxableAmount>5</eb:TaxableAmount><eb:TaxPercent eb:TaxCategoryCode="E">0</eb:TaxPercent><eb:TaxAmount>0</eb:TaxAmount></eb:TaxItem></eb:Tax>
 <eb:TotalGrossAmount>125</eb:TotalGrossAmount><eb:PayableAmount>125</eb:PayableAmount>
 <eb:PaymentMethod><eb:UniversalBankTransaction><eb:BeneficiaryAccount><eb:BIC>GIBAATWW</eb:BIC><eb:IBAN>AT611904300234573201</eb:IBAN><eb:BankAccountOwner>Alfa</eb:BankAccountOwner></eb:BeneficiaryAccount><eb:PaymentReference>REF</eb:PaymentReference></eb:UniversalBankTransaction></eb:PaymentMethod>
 <eb:PaymentConditions><eb:DueDate>2026-03-31</eb:DueDate><eb:Discount><eb:PaymentDate>2026-03-10</eb:PaymentDate><eb:Percentage>2</eb:Percentage></eb:Discount></eb:PaymentConditions></eb:Invoice>"#;

    #[test]
    fn every_field() {
        check(
            &sample::invoice_of(&EBINTERFACE, SIX),
            &[
                ("/invoice_number", "7"),
                ("/document_type", "380"),
                ("/invoice_date", "2026-03-01"),
                ("/due_date", "2026-03-31"),
                ("/delivery_date", "2026-02-20"),
                ("/currency", "EUR"),
                ("/country", "AT"),
                ("/po_reference", "PO-9"),
                ("/vendor_name", "Alfa"),
                ("/vendor_vat", "ATU12345678"),
                ("/vendor_contact", "Ann"),
                ("/buyer_name", "Beta"),
                ("/buyer_id", "K-7"),
                ("/subtotal", "105.00"),
                ("/vat_amount", "20.00"),
                ("/total", "125.00"),
                ("/amount_due", "125.00"),
                ("/vat_breakdown/1/category", "E"),
                ("/discount_terms/0/due", "2026-03-10"),
                ("/payment/reference", "REF"),
                ("/iban", "AT611904300234573201"),
                ("/bic", "GIBAATWW"),
                ("/line_items/0/description", "Schraube\nM4"),
                ("/line_items/0/gtin", "4012345000009"),
                ("/line_items/0/product_code", "S-1"),
                ("/line_items/0/unit", "C62"),
                ("/line_items/0/price_base_quantity", "100"),
                ("/line_items/0/total", "100.00"),
                ("/line_items/0/vat_rate", "20"),
            ],
        );
    }

    #[test]
    fn older_versions_have_the_vat_elsewhere() {
        for item in ["Item", "VATItem"] {
            let xml = SIX
                .replace("6p1", "4p0")
                .replace(
                    "<eb:Tax><eb:TaxItem>",
                    &format!("<eb:Tax><eb:VAT><eb:{item}>"),
                )
                .replace(
                    "</eb:TaxItem></eb:Tax>",
                    &format!("</eb:{item}></eb:VAT></eb:Tax>"),
                )
                .replace(
                    "</eb:TaxItem><eb:TaxItem><eb:Taxable",
                    &format!("</eb:{item}><eb:{item}><eb:Taxable"),
                )
                .replace("TaxableAmount", "TaxedAmount")
                .replace("eb:TaxAmount", "eb:Amount")
                .replace("<eb:UniversalBankTransaction>", "")
                .replace("</eb:UniversalBankTransaction>", "");
            check(
                &sample::invoice_of(&EBINTERFACE, xml),
                &[
                    ("/subtotal", "105.00"),
                    ("/vat_amount", "20.00"),
                    ("/iban", "AT611904300234573201"),
                ],
            );
        }
    }

    #[test]
    fn a_direct_debit_names_the_buyers_account() {
        let xml = SIX
            .replace("UniversalBankTransaction>", "SEPADirectDebit>")
            .replace("<eb:BeneficiaryAccount>", "")
            .replace("</eb:BeneficiaryAccount>", "");
        check(
            &sample::invoice_of(&EBINTERFACE, xml),
            &[
                ("/iban", "null"),
                ("/payment/debited_account", "AT611904300234573201"),
            ],
        );
    }
}
