//! The lines.
//!
//! The XRechnung extension nests `SubInvoiceLine` in a line, whose own sum already holds theirs: only the outer line is
//! read, so that nothing is counted twice.

use super::totals::{allowance_or_charge, allowances_and_charges, category};
use crate::input::derived;
use crate::input::xml::Element;
use crate::input::xml::fields::Fields;
use crate::model::{Attribute, Field, LineItem};

pub(super) fn read<'t>(f: &mut Fields<'t>, root: Element<'t>, name: &str) -> Vec<LineItem> {
    f.list("line_items", root.all(name), line)
}

fn line<'t>(f: &mut Fields<'t>, line: Element<'t>) -> LineItem {
    let quantity = line.first(&[
        "InvoicedQuantity",
        "CreditedQuantity",
        "DebitedQuantity",
        "Quantity",
    ]);
    let order = line
        .at("OrderLineReference/OrderReference/ID")
        .filter(|order| derived::is_reference(&order.text()));
    let order_line = line
        .at("OrderLineReference/LineID")
        .filter(|order_line| derived::is_reference(&order_line.text()));
    let (allowances, charges) = allowances_and_charges(line);
    let mut item = LineItem {
        line: f.text("line", line.at("ID")),
        description: description(f, line),
        quantity: f.quantity("quantity", quantity),
        unit_code: f.text("unit_code", quantity.and_then(|q| q.attribute("unitCode"))),
        total: f.amount("total", line.at("LineExtensionAmount")),
        allowances: f.list("allowances", allowances, allowance_or_charge),
        charges: f.list("charges", charges, allowance_or_charge),
        gl_code: f.text(
            "gl_code",
            line.first(&["AccountingCost", "AccountingCostCode"]),
        ),
        po_reference: f.text("po_reference", order),
        po_line: f.text("po_line", order_line),
        receipt_reference: f.text(
            "receipt_reference",
            line.at("ReceiptLineReference/DocumentReference/ID"),
        ),
        period_start: f.date("period_start", line.at("InvoicePeriod/StartDate")),
        period_end: f.date("period_end", line.at("InvoicePeriod/EndDate")),
        date: f.date("date", line.at("Delivery/ActualDeliveryDate")),
        notes: f.prose("notes", line.at("Note")),
        ..LineItem::default()
    };
    price(f, line, &mut item);
    vat(f, line, &mut item);
    article(f, line, &mut item);
    item
}

/// Name and description (BT-153, BT-154), each said once.
fn description<'t>(f: &mut Fields<'t>, line: Element<'t>) -> Field<String> {
    let name = line.at("Item/Name");
    let more = line.at("Item/Description");
    let mut description = f.prose("description", name.or(more));
    if let (Some(text), Some(_), Some(more)) = (description.value_mut(), name, more) {
        derived::say_once(text, &more.prose());
    }
    description
}

fn price<'t>(f: &mut Fields<'t>, line: Element<'t>, item: &mut LineItem) {
    item.unit_price = f.quantity("unit_price", line.at("Price/PriceAmount"));
    item.price_base_quantity = f.quantity("price_base_quantity", line.at("Price/BaseQuantity"));
    let discount = line
        .at("Price")
        .and_then(|price| allowances_and_charges(price).0.into_iter().next());
    item.price_discount = f.quantity("price_discount", discount.and_then(|d| d.at("Amount")));
    item.gross_price = f.quantity("gross_price", discount.and_then(|d| d.at("BaseAmount")));
}

fn vat<'t>(f: &mut Fields<'t>, line: Element<'t>, item: &mut LineItem) {
    item.vat_rate = f.rate(
        "vat_rate",
        line.first(&[
            "Item/ClassifiedTaxCategory/Percent",
            "TaxTotal/TaxSubtotal/TaxCategory/Percent",
            "TaxTotal/TaxSubtotal/Percent",
        ]),
    );
    let code = line.first(&[
        "Item/ClassifiedTaxCategory/ID",
        "TaxTotal/TaxSubtotal/TaxCategory/ID",
    ]);
    item.vat_category = category(f, "vat_category", code);
    item.vat_amount = f.amount("vat_amount", line.at("TaxTotal/TaxAmount"));
}

fn article<'t>(f: &mut Fields<'t>, line: Element<'t>, item: &mut LineItem) {
    item.product_code = f.text("product_code", line.at("Item/SellersItemIdentification/ID"));
    item.buyer_code = f.text("buyer_code", line.at("Item/BuyersItemIdentification/ID"));
    item.gtin = f.text("gtin", line.at("Item/StandardItemIdentification/ID"));
    item.origin_country = f.text(
        "origin_country",
        line.at("Item/OriginCountry/IdentificationCode"),
    );
    item.classification = derived::classification(
        f,
        &line.all("Item/CommodityClassification/ItemClassificationCode"),
        "listID",
    );
    let properties = line
        .all("Item/AdditionalItemProperty")
        .into_iter()
        .filter(|property| property.at("Name").is_some())
        .collect();
    item.attributes = f.list("attributes", properties, |f, property| Attribute {
        name: f
            .text("name", property.at("Name"))
            .text()
            .unwrap_or_default()
            .to_owned(),
        value: f
            .text("value", property.at("Value"))
            .text()
            .unwrap_or_default()
            .to_owned(),
    });
}
