//! Facturae 3.2.x, the Spanish national format, signed (`.xsig`) or not.
//!
//! A file may hold several invoices: each is a document of its own. The total is before withheld tax (IRPF), the amount
//! to pay after it.

use serde_json::{Map, Value};

use super::xml::fields::{Fields, Reading};
use super::xml::{self, Element, Tree, prolog};
use super::{Context, Reader, derived};
use crate::model::{
    Account, Address, AllowanceCharge, Attachment, Document, Field, Instalment, Invoice, LineItem,
    Payment, PrecedingInvoice, VatBreakdown, Withholding,
};
use crate::stage::StageError;

/// Facturae.
pub(super) const FACTURAE: Reader = Reader {
    name: "facturae",
    media_type: "application/xml",
    extension: "xml",
    reads: "Facturae 3.2.x (Spain), one document for each invoice",
    sniff,
    read,
};

/// `InvoiceClass` as UNTDID 1001: original, collective, and copies of them.
const CLASSES: &[(&str, &str)] = &[
    ("OO", "380"),
    ("OC", "380"),
    ("CO", "380"),
    ("CC", "380"),
    ("OR", "384"),
    ("CR", "384"),
];
/// `PaymentMeans` as UNTDID 4461.
const MEANS: &[(&str, &str)] = &[
    ("01", "10"),
    ("02", "49"),
    ("04", "30"),
    ("11", "20"),
    ("19", "48"),
];
/// `TaxTypeCode` of the taxes that are withheld.
const WITHHELD: &[(&str, &str)] = &[("04", "IRPF"), ("06", "ITPAJD"), ("23", "IS")];
/// `UnitOfMeasure` as UNECE Recommendation 20.
const UNITS: &[(&str, &str)] = &[("01", "C62"), ("02", "HUR"), ("03", "KGM"), ("04", "LTR")];

fn sniff(bytes: &[u8]) -> bool {
    prolog::root_is(bytes, &[("http://www.facturae.", "Facturae")])
}

fn read(bytes: &[u8], context: &mut Context<'_>) -> Result<Vec<Document>, StageError> {
    let text = xml::decode(bytes)?;
    let tree = Tree::parse(&text)?;
    let root = tree.root();
    let invoices = root.all("Invoices/Invoice");
    let mut documents = Vec::new();
    for (index, element) in invoices.iter().enumerate() {
        let id = match invoices.len() {
            1 => context.id.clone(),
            _ => context.id.part(&format!("#{}", index + 1)),
        };
        documents.push(invoice(&tree, root, *element).into_document(&id));
    }
    if documents.is_empty() {
        return Err(StageError::input(
            "UNSUPPORTED_TYPE",
            "the `Facturae` holds no invoice",
        ));
    }
    Ok(documents)
}

fn invoice<'t>(tree: &'t Tree<'t>, root: Element<'t>, element: Element<'t>) -> Reading {
    let currency = element.at("InvoiceIssueData/InvoiceCurrencyCode");
    let mut f = Fields::new(tree, currency.map(Element::text));
    let mut invoice = Invoice::default();
    header(&mut f, root, element, &mut invoice);
    parties(&mut f, root, &mut invoice);
    totals(&mut f, element, &mut invoice);
    payment(&mut f, element, &mut invoice);
    invoice.line_items = f.list("line_items", element.all("Items/InvoiceLine"), line_item);
    derived::complete(&mut f, &mut invoice);
    f.finish(invoice)
}

fn header<'t>(f: &mut Fields<'t>, root: Element<'t>, element: Element<'t>, invoice: &mut Invoice) {
    let at = |path: &str| element.at(path);
    invoice.invoice_number = f.joined(
        "invoice_number",
        &[
            at("InvoiceHeader/InvoiceSeriesCode"),
            at("InvoiceHeader/InvoiceNumber"),
        ],
        "-",
    );
    invoice.document_type = f.code("document_type", at("InvoiceHeader/InvoiceClass"), CLASSES);
    // A corrective invoice that gives money back is what others call a credit note.
    let corrects = invoice.document_type.text() == Some("384");
    if corrects
        && element
            .text_at("InvoiceTotals/InvoiceTotal")
            .starts_with('-')
    {
        invoice.document_type = Field::Value("381".to_owned());
    }
    let corrected = element
        .all("InvoiceHeader/Corrective")
        .into_iter()
        .filter(|corrective| corrective.at("InvoiceNumber").is_some())
        .collect();
    invoice.preceding_invoices = f.list("preceding_invoices", corrected, |f, corrective| {
        PrecedingInvoice {
            number: f.joined(
                "number",
                &[
                    corrective.at("InvoiceSeriesCode"),
                    corrective.at("InvoiceNumber"),
                ],
                "-",
            ),
            date: f.date("date", corrective.at("InvoiceIssueDate")),
        }
    });
    invoice.invoice_date = f.date("invoice_date", at("InvoiceIssueData/IssueDate"));
    invoice.tax_point_date = f.date("tax_point_date", at("InvoiceIssueData/OperationDate"));
    let period = at("InvoiceIssueData/InvoicingPeriod");
    invoice.period_start = f.date("period_start", period.and_then(|p| p.at("StartDate")));
    invoice.period_end = f.date("period_end", period.and_then(|p| p.at("EndDate")));
    invoice.currency = f.text("currency", at("InvoiceIssueData/InvoiceCurrencyCode"));
    invoice.vat_currency = f.text("vat_currency", at("InvoiceIssueData/TaxCurrencyCode"));
    invoice.exchange_rate = f.quantity(
        "exchange_rate",
        at("InvoiceIssueData/ExchangeRateDetails/ExchangeRate"),
    );
    invoice.language = f.text("language", at("InvoiceIssueData/LanguageName"));
    invoice.profile = f.text("profile", root.at("FileHeader/SchemaVersion"));
    derived::purchase_orders(
        f,
        invoice,
        element.all("Items/InvoiceLine/ReceiverTransactionReference"),
    );
    invoice.contract_reference = f.text(
        "contract_reference",
        at("Items/InvoiceLine/ReceiverContractReference"),
    );
    invoice.despatch_reference = f.text(
        "despatch_reference",
        at("Items/InvoiceLine/DeliveryNotesReferences/DeliveryNote/DeliveryNoteNumber"),
    );
    let mut notes = element.all("LegalLiterals/LegalReference");
    notes.extend(element.all("AdditionalData/InvoiceAdditionalInformation"));
    invoice.notes = f.texts("notes", notes);
    invoice.attachments = f.list(
        "attachments",
        element.all("AdditionalData/RelatedDocuments/Attachment"),
        |f, file| Attachment {
            name: f.text("name", file.at("AttachmentDescription")),
            ..Attachment::default()
        },
    );
}

fn parties<'t>(f: &mut Fields<'t>, root: Element<'t>, invoice: &mut Invoice) {
    let seller = root.at("Parties/SellerParty");
    let at = |path: &str| entity(seller).and_then(|entity| entity.at(path));
    invoice.vendor_name = name(f, "vendor_name", seller);
    invoice.vendor_trading_name = f.text("vendor_trading_name", at("TradeName"));
    invoice.vendor_vat = f.text("vendor_vat", tax_id(seller));
    invoice.vendor_address = address(f, "vendor_address", entity(seller));
    invoice.vendor_email = f.text("vendor_email", at("ContactDetails/ElectronicMail"));
    invoice.vendor_phone = f.text("vendor_phone", at("ContactDetails/Telephone"));
    invoice.vendor_website = f.text("vendor_website", at("ContactDetails/WebAddress"));
    invoice.vendor_contact = f.text("vendor_contact", at("ContactDetails/ContactPersons"));
    let buyer = root.at("Parties/BuyerParty");
    invoice.buyer_name = name(f, "buyer_name", buyer);
    invoice.buyer_vat = f.text("buyer_vat", tax_id(buyer));
    invoice.buyer_id = f.text(
        "buyer_id",
        buyer.and_then(|buyer| buyer.at("PartyIdentification")),
    );
    invoice.buyer_address = address(f, "buyer_address", entity(buyer));
}

fn entity(party: Option<Element<'_>>) -> Option<Element<'_>> {
    party.and_then(|party| party.first(&["LegalEntity", "Individual"]))
}

fn tax_id(party: Option<Element<'_>>) -> Option<Element<'_>> {
    party.and_then(|party| party.at("TaxIdentification/TaxIdentificationNumber"))
}

fn name<'t>(f: &mut Fields<'t>, field: &str, party: Option<Element<'t>>) -> Field<String> {
    let at = |path: &str| entity(party).and_then(|entity| entity.at(path));
    let parts = [
        at("CorporateName"),
        at("Name"),
        at("FirstSurname"),
        at("SecondSurname"),
    ];
    f.joined(field, &parts, " ")
}

fn address<'t>(f: &mut Fields<'t>, field: &str, entity: Option<Element<'t>>) -> Field<Address> {
    let place = entity.and_then(|entity| entity.first(&["AddressInSpain", "OverseasAddress"]));
    let Some(place) = place else {
        return Field::Null;
    };
    let address = f.within(field, |f| {
        let country = f.text("country", place.at("CountryCode"));
        Address {
            line1: f.text("line1", place.at("Address")),
            line2: Field::Null,
            line3: Field::Null,
            city: f.text("city", place.first(&["Town", "PostCodeAndTown"])),
            postcode: f.text("postcode", place.at("PostCode")),
            region: f.text("region", place.at("Province")),
            country: match country {
                Field::Value(code) => Field::Value(derived::two_letters(&code)),
                other => other,
            },
        }
    });
    Field::Value(address)
}

fn totals<'t>(f: &mut Fields<'t>, element: Element<'t>, invoice: &mut Invoice) {
    let totals = element.at("InvoiceTotals");
    let at = |path: &str| totals.and_then(|totals| totals.at(path));
    let all = |path: &str| totals.map(|totals| totals.all(path)).unwrap_or_default();
    invoice.lines_total = f.amount("lines_total", at("TotalGrossAmount"));
    invoice.allowance_total = f.amount("allowance_total", at("TotalGeneralDiscounts"));
    invoice.charge_total = f.amount("charge_total", at("TotalGeneralSurcharges"));
    invoice.allowances = f.list("allowances", all("GeneralDiscounts/Discount"), allowance);
    invoice.charges = f.list("charges", all("GeneralSurcharges/Charge"), allowance);
    invoice.subtotal = f.amount("subtotal", at("TotalGrossAmountBeforeTaxes"));
    invoice.vat_amount = f.amount("vat_amount", at("TotalTaxOutputs"));
    invoice.total = f.amount("total", at("InvoiceTotal"));
    invoice.paid_amount = f.amount("paid_amount", at("TotalPaymentsOnAccount"));
    invoice.amount_due = f.amount(
        "amount_due",
        at("TotalExecutableAmount").or_else(|| at("TotalOutstandingAmount")),
    );
    let taxes = element.all("TaxesOutputs/Tax");
    invoice.country_extra = recargo(f, &taxes);
    invoice.vat_breakdown = f.list("vat_breakdown", taxes, |f, tax| VatBreakdown {
        rate: f.rate("rate", tax.at("TaxRate")),
        base: f.amount("base", tax.at("TaxableBase/TotalAmount")),
        amount: f.amount("amount", tax.at("TaxAmount/TotalAmount")),
        ..VatBreakdown::default()
    });
    invoice.withholding = f.list("withholding", element.all("TaxesWithheld/Tax"), |f, tax| {
        let code = tax.at("TaxTypeCode");
        let kind = f.code("kind", code, WITHHELD);
        Withholding {
            kind: if kind.is_value() {
                kind
            } else {
                f.text("kind", code)
            },
            rate: f.rate("rate", tax.at("TaxRate")),
            amount: f.amount("amount", tax.at("TaxAmount/TotalAmount")),
        }
    });
}

/// The equivalence surcharge, which retailers pay on top of the VAT; the total of output taxes holds it.
fn recargo<'t>(f: &mut Fields<'t>, taxes: &[Element<'t>]) -> Option<Map<String, Value>> {
    let surcharges: Vec<Element<'t>> = taxes
        .iter()
        .filter_map(|tax| tax.at("EquivalenceSurchargeAmount/TotalAmount"))
        .collect();
    let sum = f
        .add_up("country_extra.recargo_equivalencia", &surcharges)
        .get()?;
    let mut extra = Map::new();
    extra.insert(
        "recargo_equivalencia".to_owned(),
        serde_json::to_value(sum).ok()?,
    );
    Some(extra)
}

fn allowance<'t>(f: &mut Fields<'t>, entry: Element<'t>) -> AllowanceCharge {
    AllowanceCharge {
        amount: f.amount("amount", entry.first(&["DiscountAmount", "ChargeAmount"])),
        percent: f.rate("percent", entry.first(&["DiscountRate", "ChargeRate"])),
        reason: f.prose("reason", entry.first(&["DiscountReason", "ChargeReason"])),
        ..AllowanceCharge::default()
    }
}

fn payment<'t>(f: &mut Fields<'t>, element: Element<'t>, invoice: &mut Invoice) {
    let parts = element.all("PaymentDetails/Installment");
    let of = |path: &str| parts.iter().find_map(|part| part.at(path));
    let mut days: Vec<Element<'t>> = parts
        .iter()
        .filter_map(|part| part.at("InstallmentDueDate"))
        .collect();
    days.sort_by_key(|day| day.text());
    invoice.due_date = f.date("due_date", days.first().copied());
    if parts.is_empty() {
        invoice.payment = Field::Null;
        return;
    }
    let payment = f.within("payment", |f| Payment {
        means_code: f.code("means_code", of("PaymentMeans"), MEANS),
        reference: f.text("reference", of("PaymentReconciliationReference")),
        accounts: accounts(f, &parts),
        // The buyer's own account: nothing is ever paid to it.
        debited_account: f.text("debited_account", of("AccountToBeDebited/IBAN")),
        instalments: if parts.len() > 1 {
            f.list("instalments", parts.clone(), |f, part| Instalment {
                amount: f.amount("amount", part.at("InstallmentAmount")),
                due: f.date("due", part.at("InstallmentDueDate")),
            })
        } else {
            Vec::new()
        },
        ..Payment::default()
    });
    invoice.payment = Field::Value(payment);
}

fn accounts<'t>(f: &mut Fields<'t>, parts: &[Element<'t>]) -> Vec<Account> {
    const NUMBER: &[&str] = &["IBAN", "AccountNumber"];
    let mut seen = Vec::new();
    let named = parts
        .iter()
        .filter_map(|part| part.at("AccountToBeCredited"))
        .filter(|account| {
            let number = account.first(NUMBER).map(Element::text).unwrap_or_default();
            let new = !number.is_empty() && !seen.contains(&number);
            seen.push(number);
            new
        })
        .collect();
    f.list("accounts", named, |f, element| {
        let mut account = Account {
            bic: f.text("bic", element.at("BIC")),
            bank_number: f.text("bank_number", element.at("BankCode")),
            ..Account::default()
        };
        let declared = element.at("IBAN").is_some();
        derived::account_number(f, &mut account, element.first(NUMBER), declared);
        account
    })
}

fn line_item<'t>(f: &mut Fields<'t>, line: Element<'t>) -> LineItem {
    let tax = line.at("TaxesOutputs/Tax");
    LineItem {
        line: f.text("line", line.at("SequenceNumber")),
        description: f.prose("description", line.at("ItemDescription")),
        quantity: f.quantity("quantity", line.at("Quantity")),
        unit_code: f.code("unit_code", line.at("UnitOfMeasure"), UNITS),
        unit_price: f.quantity("unit_price", line.at("UnitPriceWithoutTax")),
        allowances: f.list(
            "allowances",
            line.all("DiscountsAndRebates/Discount"),
            allowance,
        ),
        charges: f.list("charges", line.all("Charges/Charge"), allowance),
        // After the line's discounts and charges; `TotalCost` is before them.
        total: f.amount("total", line.at("GrossAmount")),
        vat_rate: f.rate("vat_rate", tax.and_then(|tax| tax.at("TaxRate"))),
        vat_amount: f.amount(
            "vat_amount",
            tax.and_then(|tax| tax.at("TaxAmount/TotalAmount")),
        ),
        product_code: f.text("product_code", line.at("ArticleCode")),
        po_reference: f.text("po_reference", line.at("ReceiverTransactionReference")),
        period_start: f.date("period_start", line.at("LineItemPeriod/StartDate")),
        period_end: f.date("period_end", line.at("LineItemPeriod/EndDate")),
        date: f.date("date", line.at("TransactionDate")),
        notes: f.prose("notes", line.at("AdditionalLineItemInformation")),
        ..LineItem::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::sample::{self, check};

    const SAMPLE: &str = r#"<fe:Facturae xmlns:fe="http://www.facturae.es/Facturae/2014/v3.2.1/Facturae">
 <FileHeader><SchemaVersion>3.2.1</SchemaVersion></FileHeader>
 <Parties><SellerParty><TaxIdentification><TaxIdentificationNumber>37221735F</TaxIdentificationNumber></TaxIdentification>
   <Individual><Name>Ana</Name><FirstSurname>Ruiz</FirstSurname><SecondSurname>Gil</SecondSurname><AddressInSpain><Address>Calle 1</Address><PostCode>28001</PostCode><Town>Madrid</Town><Province>Madrid</Province><CountryCode>ESP</CountryCode></AddressInSpain></Individual></SellerParty>
  <BuyerParty><TaxIdentification><TaxIdentificationNumber>B77436020</TaxIdentificationNumber></TaxIdentification><LegalEntity><CorporateName>Beta SL</CorporateName></LegalEntity></BuyerParty></Parties>
 <Invoices><Invoice>
  <InvoiceHeader><InvoiceNumber>7</InvoiceNumber><InvoiceSeriesCode>A</InvoiceSeriesCode><InvoiceClass>OR</InvoiceClass><Corrective><InvoiceNumber>6</InvoiceNumber></Corrective></InvoiceHeader>
  <InvoiceIssueData><IssueDate>2026-03-01</IssueDate><InvoiceCurrencyCode>EUR</InvoiceCurrencyCode><LanguageName>es</LanguageName></InvoiceIssueData>
  <TaxesOutputs><Tax><TaxTypeCode>01</TaxTypeCode><TaxRate>21.0</TaxRate><TaxableBase><TotalAmount>90</TotalAmount></TaxableBase><TaxAmount><TotalAmount>18.90</TotalAmount></TaxAmount><EquivalenceSurchargeAmount><TotalAmount>4.68</TotalAmount></EquivalenceSurchargeAmount></Tax></TaxesOutputs>
  <TaxesWithheld><Tax><TaxTypeCode>04</TaxTypeCode><TaxRate>15</TaxRate><TaxAmount><TotalAmount>13.50</TotalAmount></TaxAmount></Tax></TaxesWithheld>
  <InvoiceTotals><TotalGrossAmount>90.00</TotalGrossAmount><TotalGrossAmountBeforeTaxes>90.00</TotalGrossAmountBeforeTaxes><TotalTaxOutputs>23.58</TotalTaxOutputs><InvoiceTotal>113.58</InvoiceTotal><TotalExecutableAmount>100.08</TotalExecutableAmount></InvoiceTotals>
  <Items><InvoiceLine><ReceiverTransactionReference>PO-9</ReceiverTransactionReference><ItemDescription>Day</ItemDescription><Quantity>2</Quantity><UnitOfMeasure>02</UnitOfMeasure><UnitPriceWithoutTax>50.000000</UnitPriceWithoutTax><TotalCost>100</TotalCost>
   <DiscountsAndRebates><Discount><DiscountReason>why</DiscountReason><DiscountRate>10</DiscountRate><DiscountAmount>10</DiscountAmount></Discount></DiscountsAndRebates><GrossAmount>90</GrossAmount><TaxesOutputs><Tax><TaxRate>21.0</TaxRate></Tax></TaxesOutputs></InvoiceLine></Items>
  <PaymentDetails><Installment><InstallmentDueDate>2026-03-31</InstallmentDueDate><InstallmentAmount>100.08</InstallmentAmount><PaymentMeans>04</PaymentMeans><AccountToBeCredited><IBAN>ES9121000418450200051332</IBAN></AccountToBeCredited></Installment></PaymentDetails>
 </Invoice></Invoices>
</fe:Facturae>"#;

    #[test]
    fn every_field() {
        check(
            &sample::invoice_of(&FACTURAE, SAMPLE),
            &[
                ("/invoice_number", "A-7"),
                ("/invoice_number_norm", "A7"),
                ("/document_type", "384"),
                ("/preceding_invoices/0/number", "6"),
                ("/invoice_date", "2026-03-01"),
                ("/due_date", "2026-03-31"),
                ("/currency", "EUR"),
                ("/country", "ES"),
                ("/vendor_name", "Ana Ruiz Gil"),
                ("/vendor_vat", "37221735F"),
                ("/vendor_address/country", "ES"),
                ("/buyer_name", "Beta SL"),
                ("/buyer_address", "null"),
                ("/po_reference", "PO-9"),
                ("/subtotal", "90.00"),
                ("/vat_amount", "23.58"),
                ("/total", "113.58"),
                ("/amount_due", "100.08"),
                ("/country_extra/recargo_equivalencia", "4.68"),
                ("/withholding/0/kind", "IRPF"),
                ("/withholding/0/amount", "13.50"),
                ("/vat_breakdown/0/rate", "21"),
                ("/vat_breakdown/0/base", "90.00"),
                ("/payment/means_code", "30"),
                ("/payment/instalments", "absent"),
                ("/iban", "ES9121000418450200051332"),
                ("/line_items/0/quantity", "2"),
                ("/line_items/0/unit_code", "HUR"),
                ("/line_items/0/total", "90.00"),
                ("/line_items/0/allowances/0/amount", "10.00"),
                ("/line_items/0/vat_rate", "21"),
            ],
        );
    }

    #[test]
    fn credit_and_batch() {
        let credit = SAMPLE.replace("<InvoiceTotal>", "<InvoiceTotal>-");
        check(
            &sample::invoice_of(&FACTURAE, credit),
            &[("/document_type", "381")],
        );
        let start = SAMPLE.find("<Invoice>").expect("an invoice");
        let end = SAMPLE.find("</Invoices>").expect("the end");
        let twice = format!("{}{}", &SAMPLE[..end], &SAMPLE[start..]);
        let documents = sample::documents(&FACTURAE, twice).expect("reads");
        let ids: Vec<&str> = documents.iter().map(|d| d.id.as_str()).collect();
        assert_eq!(ids, ["f#1", "f#2"]);
        let none = format!("{}{}", &SAMPLE[..start], &SAMPLE[end..]);
        let error = sample::documents(&FACTURAE, none).expect_err("refused");
        assert_eq!(error.code, "UNSUPPORTED_TYPE");
    }
}
