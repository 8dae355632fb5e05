//! A line of an invoice.
//!
//! Names and meanings follow EN 16931; the business term stands in brackets.

use serde_json::{Map, Value};

use super::date::Date;
use super::decimal::{Amount, Quantity, Rate};
use super::evidence::Rect;
use super::field::{Field, part};
use super::invoice::AllowanceCharge;
part! {
    /// A line of the invoice.
    pub struct LineItem {
        /// Number as printed (BT-126).
        pub line: Field<String>,
        /// Place on the page, from 1.
        pub position: Field<u32>,
        /// What it is (BT-153, BT-154).
        pub description: Field<String>,
        /// How much (BT-129).
        pub quantity: Field<Quantity>,
        /// Unit as printed.
        pub unit: Field<String>,
        /// UNECE Recommendation 20 (BT-130).
        pub unit_code: Field<String>,
        /// Net price of a unit (BT-146).
        pub unit_price: Field<Quantity>,
        /// The price is for this many (BT-149).
        pub price_base_quantity: Field<Quantity>,
        /// Price before discount (BT-148).
        pub gross_price: Field<Quantity>,
        /// Discount on the price (BT-147).
        pub price_discount: Field<Quantity>,
        /// Discount in percent.
        pub discount_percent: Field<Rate>,
        /// Discount.
        pub discount_amount: Field<Amount>,
        /// Allowances of the line (BG-27).
        pub allowances: Vec<AllowanceCharge>,
        /// Charges of the line (BG-28).
        pub charges: Vec<AllowanceCharge>,
        /// Sum of the line, net unless `prices_include_vat` (BT-131).
        pub total: Field<Amount>,
        /// VAT rate (BT-152).
        pub vat_rate: Field<Rate>,
        /// VAT category (BT-151).
        pub vat_category: Field<String>,
        /// VAT of the line.
        pub vat_amount: Field<Amount>,
        /// Category of the buyer.
        pub category: Field<String>,
        /// Account of the buyer (BT-133).
        pub gl_code: Field<String>,
        /// Cost centre of the buyer.
        pub cost_center: Field<String>,
        /// Seller's article number (BT-155).
        pub product_code: Field<String>,
        /// Buyer's article number (BT-156).
        pub buyer_code: Field<String>,
        /// Global trade item number (BT-157).
        pub gtin: Field<String>,
        /// Classifications (BT-158).
        pub classification: Vec<String>,
        /// Purchase order.
        pub po_reference: Field<String>,
        /// Line of the purchase order (BT-132).
        pub po_line: Field<String>,
        /// Receipt of the goods.
        pub receipt_reference: Field<String>,
        /// First day (BT-134).
        pub period_start: Field<Date>,
        /// Last day (BT-135).
        pub period_end: Field<Date>,
        /// Day of the service.
        pub date: Field<Date>,
        /// Country of origin (BT-159).
        pub origin_country: Field<String>,
        /// Attributes (BT-160, BT-161).
        pub attributes: Vec<Attribute>,
        /// Notes (BT-127).
        pub notes: Field<String>,
        /// Weight.
        pub weight: Field<String>,
        /// Person who did it.
        pub person: Field<String>,
        /// Prices and sum include VAT.
        pub prices_include_vat: Field<bool>,
        /// Where the row stands.
        pub evidence_row: Field<RowEvidence>,
        /// A user's own keys: passed through, never looked into.
        #[serde(flatten)]
        pub extra: Map<String, Value>,
    }
}

part! {
    /// An attribute of an item.
    #[serde(deny_unknown_fields)]
    pub struct Attribute {
        /// Name (BT-160).
        pub name: String,
        /// Value (BT-161).
        pub value: String,
    }
}

part! {
    /// Where a row stands.
    #[serde(deny_unknown_fields)]
    pub struct RowEvidence {
        /// Page, from 1.
        pub page: Option<u32>,
        /// Its box.
        pub bbox: Option<Rect>,
        /// It goes on on the next page.
        pub spans_pages: Option<bool>,
    }
}
