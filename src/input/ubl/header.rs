//! Number, type, dates, currency, references, notes and attachments.

use super::Kind;
use crate::input::derived;
use crate::input::xml::Element;
use crate::input::xml::fields::Fields;
use crate::model::{Attachment, Field, Invoice, PrecedingInvoice};

/// Document types of UNTDID 1001 that make an additional document a reference of its own (BT-18, BT-11).
const INVOICED_OBJECT: &str = "130";
const PROJECT: &str = "50";

/// Where the document's currency stands; old dialects leave it to the amounts.
pub(super) fn currency(root: Element<'_>) -> Option<Element<'_>> {
    root.first(&[
        "DocumentCurrencyCode",
        "LegalMonetaryTotal/PayableAmount/@currencyID",
        "LegalMonetaryTotal/TaxInclusiveAmount/@currencyID",
        "RequestedMonetaryTotal/PayableAmount/@currencyID",
    ])
}

pub(super) fn read<'t>(f: &mut Fields<'t>, root: Element<'t>, kind: &Kind, invoice: &mut Invoice) {
    identity(f, root, kind, invoice);
    dates(f, root, invoice);
    references(f, root, kind, invoice);
    invoice.notes = f.texts("notes", root.all("Note"));
}

fn identity<'t>(f: &mut Fields<'t>, root: Element<'t>, kind: &Kind, invoice: &mut Invoice) {
    invoice.invoice_number = f.text("invoice_number", root.at("ID"));
    invoice.document_type = f.text(
        "document_type",
        root.first(&["InvoiceTypeCode", "CreditNoteTypeCode"]),
    );
    if !invoice.document_type.is_value() {
        // The root's name says what it is.
        f.read_from("document_type", root);
        invoice.document_type = Field::Value(kind.document_type.to_owned());
    }
    invoice.currency = f.text("currency", currency(root));
    invoice.vat_currency = f.text("vat_currency", root.at("TaxCurrencyCode"));
    invoice.exchange_rate = f.quantity(
        "exchange_rate",
        root.first(&[
            "TaxExchangeRate/CalculationRate",
            "PricingExchangeRate/CalculationRate",
            "PaymentExchangeRate/CalculationRate",
        ]),
    );
    invoice.profile = f.text("profile", root.at("CustomizationID"));
    invoice.business_process = f.text("business_process", root.at("ProfileID"));
}

fn dates<'t>(f: &mut Fields<'t>, root: Element<'t>, invoice: &mut Invoice) {
    invoice.invoice_date = f.date("invoice_date", root.at("IssueDate"));
    invoice.due_date = f.date(
        "due_date",
        // A credit note has no `DueDate` of its own.
        root.first(&[
            "DueDate",
            "PaymentMeans/PaymentDueDate",
            "PaymentTerms/PaymentDueDate",
            "PaymentTerms/InstallmentDueDate",
        ]),
    );
    invoice.tax_point_date = f.date("tax_point_date", root.at("TaxPointDate"));
    invoice.delivery_date = f.date(
        "delivery_date",
        root.first(&["Delivery/ActualDeliveryDate", "Delivery/LatestDeliveryDate"]),
    );
    invoice.order_date = f.date("order_date", root.at("OrderReference/IssueDate"));
    invoice.period_start = f.date("period_start", root.at("InvoicePeriod/StartDate"));
    invoice.period_end = f.date("period_end", root.at("InvoicePeriod/EndDate"));
}

fn references<'t>(f: &mut Fields<'t>, root: Element<'t>, kind: &Kind, invoice: &mut Invoice) {
    let mut orders = root.all("OrderReference/ID");
    orders.extend(root.all(&format!(
        "{}/OrderLineReference/OrderReference/ID",
        kind.line
    )));
    derived::purchase_orders(f, invoice, orders);

    let additional = root.all("AdditionalDocumentReference");
    let of_type = |code: &str| {
        let mut same = additional
            .iter()
            .filter(|document| document.text_at("DocumentTypeCode") == code);
        same.find_map(|document| document.at("ID"))
    };
    invoice.buyer_reference = f.text("buyer_reference", root.at("BuyerReference"));
    invoice.contract_reference = f.text(
        "contract_reference",
        root.at("ContractDocumentReference/ID"),
    );
    // A credit note of UBL 2.1 has no `ProjectReference`.
    let project = root.at("ProjectReference/ID").or_else(|| of_type(PROJECT));
    invoice.project_reference = f.text("project_reference", project);
    let sales_order = root
        .at("OrderReference/SalesOrderID")
        .filter(|order| derived::is_reference(&order.text()));
    invoice.sales_order_reference = f.text("sales_order_reference", sales_order);
    invoice.despatch_reference = f.text(
        "despatch_reference",
        root.at("DespatchDocumentReference/ID"),
    );
    invoice.receipt_reference = f.text("receipt_reference", root.at("ReceiptDocumentReference/ID"));
    invoice.tender_reference = f.text(
        "tender_reference",
        root.at("OriginatorDocumentReference/ID"),
    );
    invoice.object_reference = f.text("object_reference", of_type(INVOICED_OBJECT));
    invoice.buyer_accounting_reference = f.text(
        "buyer_accounting_reference",
        root.first(&["AccountingCost", "AccountingCostCode"]),
    );

    let mut preceding = root.all("BillingReference/InvoiceDocumentReference");
    preceding.extend(root.all("BillingReference/CreditNoteDocumentReference"));
    preceding.retain(|document| document.at("ID").is_some());
    invoice.preceding_invoices = f.list("preceding_invoices", preceding, |f, document| {
        PrecedingInvoice {
            number: f.text("number", document.at("ID")),
            date: f.date("date", document.at("IssueDate")),
        }
    });

    let attached: Vec<Element<'t>> = additional
        .into_iter()
        .filter(|document| {
            let code = document.text_at("DocumentTypeCode");
            code != INVOICED_OBJECT && code != PROJECT
        })
        .collect();
    invoice.attachments = f.list("attachments", attached, attachment);
}

fn attachment<'t>(f: &mut Fields<'t>, document: Element<'t>) -> Attachment {
    const EMBEDDED: &str = "Attachment/EmbeddedDocumentBinaryObject";
    Attachment {
        name: f.text(
            "name",
            document
                .at("ID")
                .or_else(|| document.at(&format!("{EMBEDDED}/@filename"))),
        ),
        description: f.prose(
            "description",
            document.first(&["DocumentDescription", "DocumentType"]),
        ),
        uri: f.text("uri", document.at("Attachment/ExternalReference/URI")),
        media_type: f.text("media_type", document.at(&format!("{EMBEDDED}/@mimeCode"))),
    }
}
