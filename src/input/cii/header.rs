//! Number, type, dates, currency, references, notes and attachments.

use super::{Parts, all, at, moment, reference};
use crate::input::derived;
use crate::input::xml::Element;
use crate::input::xml::fields::Fields;
use crate::model::{Attachment, Invoice, PrecedingInvoice};

/// Where the document's currency stands in the settlement.
pub(super) const CURRENCY: &[&str] = &[
    "InvoiceCurrencyCode",
    "SpecifiedTradeSettlementHeaderMonetarySummation/GrandTotalAmount/@currencyID",
    "SpecifiedTradeSettlementMonetarySummation/GrandTotalAmount/@currencyID",
];
/// Document types of UNTDID 1001 that make an additional document a reference of its own (BT-17, BT-18).
const TENDER: &str = "50";
const INVOICED_OBJECT: &str = "130";

pub(super) fn read<'t>(f: &mut Fields<'t>, parts: &Parts<'t>, invoice: &mut Invoice) {
    let (document, settlement) = (parts.document, parts.settlement);
    invoice.invoice_number = f.text("invoice_number", at(document, &["ID"]));
    invoice.document_type = f.text("document_type", at(document, &["TypeCode"]));
    invoice.language = f.text("language", at(document, &["LanguageID"]));
    invoice.notes = f.texts("notes", all(document, "IncludedNote/Content"));
    let parameter = |name: &str| at(parts.context, &[&format!("{name}/ID")]);
    invoice.profile = f.text(
        "profile",
        parameter("GuidelineSpecifiedDocumentContextParameter"),
    );
    invoice.business_process = f.text(
        "business_process",
        parameter("BusinessProcessSpecifiedDocumentContextParameter"),
    );
    invoice.currency = f.text("currency", at(settlement, CURRENCY));
    invoice.vat_currency = f.text("vat_currency", at(settlement, &["TaxCurrencyCode"]));
    invoice.exchange_rate = f.quantity(
        "exchange_rate",
        at(
            settlement,
            &[
                "TaxApplicableTradeCurrencyExchange/ConversionRate",
                "InvoiceApplicableTradeCurrencyExchange/ConversionRate",
            ],
        ),
    );
    dates(f, parts, invoice);
    references(f, parts, invoice);
}

fn dates<'t>(f: &mut Fields<'t>, parts: &Parts<'t>, invoice: &mut Invoice) {
    let settlement = parts.settlement;
    invoice.invoice_date = f.date("invoice_date", moment(parts.document, "IssueDateTime"));
    invoice.due_date = f.date(
        "due_date",
        moment(settlement, "SpecifiedTradePaymentTerms/DueDateDateTime"),
    );
    invoice.tax_point_date = f.date(
        "tax_point_date",
        moment(settlement, "ApplicableTradeTax/TaxPointDate"),
    );
    invoice.delivery_date = f.date(
        "delivery_date",
        moment(
            parts.delivery,
            "ActualDeliverySupplyChainEvent/OccurrenceDateTime",
        ),
    );
    let order = at(parts.agreement, &["BuyerOrderReferencedDocument"]);
    invoice.order_date = f.date(
        "order_date",
        moment(order, "FormattedIssueDateTime").or_else(|| moment(order, "IssueDateTime")),
    );
    invoice.period_start = f.date(
        "period_start",
        moment(settlement, "BillingSpecifiedPeriod/StartDateTime"),
    );
    invoice.period_end = f.date(
        "period_end",
        moment(settlement, "BillingSpecifiedPeriod/EndDateTime"),
    );
}

fn references<'t>(f: &mut Fields<'t>, parts: &Parts<'t>, invoice: &mut Invoice) {
    let (agreement, delivery, settlement) = (parts.agreement, parts.delivery, parts.settlement);
    let mut orders: Vec<Element<'t>> = reference(agreement, "BuyerOrderReferencedDocument")
        .into_iter()
        .collect();
    orders.extend(
        parts
            .lines
            .iter()
            .filter_map(|line| super::line::order(*line)),
    );
    derived::purchase_orders(f, invoice, orders);

    invoice.buyer_reference = f.text("buyer_reference", at(agreement, &["BuyerReference"]));
    invoice.contract_reference = f.text(
        "contract_reference",
        reference(agreement, "ContractReferencedDocument"),
    );
    invoice.project_reference = f.text(
        "project_reference",
        at(agreement, &["SpecifiedProcuringProject/ID"]),
    );
    invoice.sales_order_reference = f.text(
        "sales_order_reference",
        reference(agreement, "SellerOrderReferencedDocument"),
    );
    invoice.despatch_reference = f.text(
        "despatch_reference",
        reference(delivery, "DespatchAdviceReferencedDocument")
            .or_else(|| reference(delivery, "DeliveryNoteReferencedDocument")),
    );
    invoice.receipt_reference = f.text(
        "receipt_reference",
        reference(delivery, "ReceivingAdviceReferencedDocument"),
    );
    invoice.buyer_accounting_reference = f.text(
        "buyer_accounting_reference",
        at(
            settlement,
            &["ReceivableSpecifiedTradeAccountingAccount/ID"],
        ),
    );

    let additional = all(agreement, "AdditionalReferencedDocument");
    let of_type = |code: &str| {
        let mut same = additional
            .iter()
            .filter(|document| document.text_at("TypeCode") == code);
        same.find_map(|document| number(*document))
    };
    invoice.tender_reference = f.text("tender_reference", of_type(TENDER));
    invoice.object_reference = f.text("object_reference", of_type(INVOICED_OBJECT));

    let mut preceding = all(settlement, "InvoiceReferencedDocument");
    preceding.retain(|document| number(*document).is_some());
    invoice.preceding_invoices = f.list("preceding_invoices", preceding, |f, document| {
        PrecedingInvoice {
            number: f.text("number", number(document)),
            date: f.date(
                "date",
                moment(Some(document), "FormattedIssueDateTime")
                    .or_else(|| moment(Some(document), "IssueDateTime")),
            ),
        }
    });

    let attached = additional
        .into_iter()
        .filter(|document| {
            let code = document.text_at("TypeCode");
            code != TENDER && code != INVOICED_OBJECT
        })
        .collect();
    invoice.attachments = f.list("attachments", attached, |f, document| Attachment {
        name: f.text(
            "name",
            number(document).or_else(|| document.at("AttachmentBinaryObject/@filename")),
        ),
        description: f.prose("description", document.at("Name")),
        uri: f.text("uri", document.at("URIID")),
        media_type: f.text(
            "media_type",
            document.at("AttachmentBinaryObject/@mimeCode"),
        ),
    });
}

fn number(document: Element<'_>) -> Option<Element<'_>> {
    document.first(&["IssuerAssignedID", "ID"])
}
