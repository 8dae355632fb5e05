//! The lines. The profiles MINIMUM and BASIC WL have none.
//!
//! The extended profiles nest lines by `ParentLineID`. A parent marked `GROUP` is a subtotal of its children, so the
//! children are read; any other parent states the sum itself and its children detail it. Either way each amount is read
//! once. Lines marked `INFORMATION` and lines that are only a text are no lines of the sum.

use super::settlement::{allowance_or_charge, allowances_and_charges};
use super::{all, at, moment, reference};
use crate::input::derived;
use crate::input::xml::Element;
use crate::input::xml::fields::Fields;
use crate::model::{Attribute, Field, LineItem};

const AGREEMENT: &[&str] = &[
    "SpecifiedLineTradeAgreement",
    "SpecifiedSupplyChainTradeAgreement",
];
const DELIVERY: &[&str] = &[
    "SpecifiedLineTradeDelivery",
    "SpecifiedSupplyChainTradeDelivery",
];
const SETTLEMENT: &[&str] = &[
    "SpecifiedLineTradeSettlement",
    "SpecifiedSupplyChainTradeSettlement",
];
const TOTAL: &[&str] = &[
    "SpecifiedTradeSettlementLineMonetarySummation/LineTotalAmount",
    "SpecifiedTradeSettlementMonetarySummation/LineTotalAmount",
];
const STATUS: &str = "AssociatedDocumentLineDocument/LineStatusReasonCode";
const PARENT: &str = "AssociatedDocumentLineDocument/ParentLineID";

pub(super) fn read<'t>(f: &mut Fields<'t>, lines: &[Element<'t>]) -> Vec<LineItem> {
    let groups: Vec<String> = lines
        .iter()
        .filter(|line| line.text_at(STATUS) == "GROUP")
        .map(|line| line.text_at("AssociatedDocumentLineDocument/LineID"))
        .collect();
    let counted = lines
        .iter()
        .copied()
        .filter(|line| {
            let status = line.text_at(STATUS);
            let parent = line.text_at(PARENT);
            let has_value = at(line.first(SETTLEMENT), TOTAL).is_some()
                || at(line.first(DELIVERY), &["BilledQuantity"]).is_some();
            has_value
                && status != "GROUP"
                && status != "INFORMATION"
                && (parent.is_empty() || groups.contains(&parent))
        })
        .collect();
    f.list("line_items", counted, line)
}

/// The purchase order that a line names.
pub(super) fn order(line: Element<'_>) -> Option<Element<'_>> {
    reference(line.first(AGREEMENT), "BuyerOrderReferencedDocument")
        .filter(|order| derived::is_reference(&order.text()))
}

fn line<'t>(f: &mut Fields<'t>, line: Element<'t>) -> LineItem {
    let agreement = line.first(AGREEMENT);
    let delivery = line.first(DELIVERY);
    let settlement = line.first(SETTLEMENT);
    let quantity = at(delivery, &["BilledQuantity"]);
    let (allowances, charges) = allowances_and_charges(settlement);
    let notes = f.texts(
        "notes",
        line.all("AssociatedDocumentLineDocument/IncludedNote/Content"),
    );
    let mut item = LineItem {
        line: f.text("line", line.at("AssociatedDocumentLineDocument/LineID")),
        quantity: f.quantity("quantity", quantity),
        unit_code: f.text("unit_code", quantity.and_then(|q| q.attribute("unitCode"))),
        total: f.amount("total", at(settlement, TOTAL)),
        vat_rate: f.rate(
            "vat_rate",
            at(
                settlement,
                &[
                    "ApplicableTradeTax/RateApplicablePercent",
                    "ApplicableTradeTax/ApplicablePercent",
                ],
            ),
        ),
        vat_category: f.text(
            "vat_category",
            at(settlement, &["ApplicableTradeTax/CategoryCode"]),
        ),
        vat_amount: f.amount(
            "vat_amount",
            at(settlement, &["ApplicableTradeTax/CalculatedAmount"]),
        ),
        allowances: f.list("allowances", allowances, allowance_or_charge),
        charges: f.list("charges", charges, allowance_or_charge),
        gl_code: f.text(
            "gl_code",
            at(
                settlement,
                &["ReceivableSpecifiedTradeAccountingAccount/ID"],
            ),
        ),
        po_reference: f.text("po_reference", order(line)),
        po_line: f.text(
            "po_line",
            at(agreement, &["BuyerOrderReferencedDocument/LineID"]),
        ),
        receipt_reference: f.text(
            "receipt_reference",
            reference(delivery, "ReceivingAdviceReferencedDocument"),
        ),
        period_start: f.date(
            "period_start",
            moment(settlement, "BillingSpecifiedPeriod/StartDateTime"),
        ),
        period_end: f.date(
            "period_end",
            moment(settlement, "BillingSpecifiedPeriod/EndDateTime"),
        ),
        date: f.date(
            "date",
            moment(
                delivery,
                "ActualDeliverySupplyChainEvent/OccurrenceDateTime",
            ),
        ),
        notes: Field::found((!notes.is_empty()).then(|| notes.join("\n"))),
        ..LineItem::default()
    };
    price(f, agreement, &mut item);
    article(f, line, &mut item);
    item
}

fn price<'t>(f: &mut Fields<'t>, agreement: Option<Element<'t>>, item: &mut LineItem) {
    let net = at(agreement, &["NetPriceProductTradePrice"]);
    let gross = at(agreement, &["GrossPriceProductTradePrice"]);
    item.unit_price = f.quantity("unit_price", at(net, &["ChargeAmount"]));
    item.price_base_quantity = f.quantity("price_base_quantity", at(net, &["BasisQuantity"]));
    item.gross_price = f.quantity("gross_price", at(gross, &["ChargeAmount"]));
    item.price_discount = f.quantity(
        "price_discount",
        at(gross, &["AppliedTradeAllowanceCharge/ActualAmount"]),
    );
}

fn article<'t>(f: &mut Fields<'t>, line: Element<'t>, item: &mut LineItem) {
    let product = line.at("SpecifiedTradeProduct");
    let name = at(product, &["Name"]);
    let more = at(product, &["Description"]);
    item.description = f.prose("description", name.or(more));
    if let (Some(text), Some(_), Some(more)) = (item.description.value_mut(), name, more) {
        derived::say_once(text, &more.prose());
    }
    item.product_code = f.text("product_code", at(product, &["SellerAssignedID"]));
    item.buyer_code = f.text("buyer_code", at(product, &["BuyerAssignedID"]));
    item.gtin = f.text("gtin", at(product, &["GlobalID"]));
    item.origin_country = f.text("origin_country", at(product, &["OriginTradeCountry/ID"]));
    item.classification = derived::classification(
        f,
        &all(product, "DesignatedProductClassification/ClassCode"),
        "listID",
    );
    let characteristics = all(product, "ApplicableProductCharacteristic")
        .into_iter()
        .filter(|characteristic| characteristic.at("Description").is_some())
        .collect();
    item.attributes = f.list("attributes", characteristics, |f, characteristic| {
        Attribute {
            name: f
                .text("name", characteristic.at("Description"))
                .text()
                .unwrap_or_default()
                .to_owned(),
            value: f
                .text("value", characteristic.first(&["Value", "ValueMeasure"]))
                .text()
                .unwrap_or_default()
                .to_owned(),
        }
    });
}
