//! What an invoice says: header, parties and totals; its lines and how it is to be paid have files of their own.
//!
//! Names and meanings follow EN 16931; the business term stands in brackets. Amounts keep the sign they were printed
//! with.

use serde_json::{Map, Value};

use super::date::Date;
use super::decimal::{Amount, Quantity, Rate};
use super::evidence::Confidence;
use super::field::{Field, part};
use super::line_item::LineItem;
use super::payment::Payment;

part! {
    /// What an invoice says.
    pub struct Invoice {
        /// Number as printed (BT-1).
        pub invoice_number: Field<String>,
        /// The number in upper case, letters and digits only: what duplicates are compared by.
        pub invoice_number_norm: Field<String>,
        /// UNTDID 1001: 380 invoice, 381 credit note, 384 corrected, 383 debit note, 386 prepayment, 389 self-billed, 326 partial, 751 for information (BT-3).
        pub document_type: Field<String>,
        /// Invoices this one refers to (BT-25, BT-26).
        pub preceding_invoices: Vec<PrecedingInvoice>,
        /// Issue date (BT-2).
        pub invoice_date: Field<Date>,
        /// Payment due date (BT-9).
        pub due_date: Field<Date>,
        /// Date the VAT becomes due (BT-7).
        pub tax_point_date: Field<Date>,
        /// Delivery date (BT-72).
        pub delivery_date: Field<Date>,
        /// Date of the order.
        pub order_date: Field<Date>,
        /// First day of the invoiced period (BT-73).
        pub period_start: Field<Date>,
        /// Last day of the invoiced period (BT-74).
        pub period_end: Field<Date>,
        /// ISO 4217 (BT-5).
        pub currency: Field<String>,
        /// Currency of the VAT accounting (BT-6).
        pub vat_currency: Field<String>,
        /// Rate between the two.
        pub exchange_rate: Field<Quantity>,
        /// Language of the page, BCP 47.
        pub language: Field<String>,
        /// Vendor's country, ISO 3166.
        pub country: Field<String>,
        /// First purchase order named (BT-13).
        pub po_reference: Field<String>,
        /// All purchase orders named.
        pub po_references: Vec<String>,
        /// Buyer reference, in Germany the Leitweg-ID (BT-10).
        pub buyer_reference: Field<String>,
        /// Contract (BT-12).
        pub contract_reference: Field<String>,
        /// Project (BT-11).
        pub project_reference: Field<String>,
        /// Vendor's sales order (BT-14).
        pub sales_order_reference: Field<String>,
        /// Despatch advice (BT-16).
        pub despatch_reference: Field<String>,
        /// Receiving advice (BT-15).
        pub receipt_reference: Field<String>,
        /// Tender or lot (BT-17).
        pub tender_reference: Field<String>,
        /// Invoiced object (BT-18).
        pub object_reference: Field<String>,
        /// Buyer's accounting reference (BT-19).
        pub buyer_accounting_reference: Field<String>,
        /// Terms as printed (BT-20).
        pub payment_terms: Field<String>,
        /// Terms as understood: discounts for early payment.
        pub discount_terms: Vec<DiscountTerm>,
        /// Notes (BT-22).
        pub notes: Vec<String>,
        /// Specification identifier (BT-24).
        pub profile: Field<String>,
        /// Business process (BT-23).
        pub business_process: Field<String>,
        /// Supporting documents (BT-122 to BT-125).
        pub attachments: Vec<Attachment>,

        /// Seller's name (BT-27).
        pub vendor_name: Field<String>,
        /// Seller's trading name, where it differs (BT-28).
        pub vendor_trading_name: Field<String>,
        /// Seller's VAT id (BT-31).
        pub vendor_vat: Field<String>,
        /// Seller's local tax number (BT-32).
        pub vendor_tax_number: Field<String>,
        /// Seller's company registration (BT-30).
        pub vendor_registration: Field<String>,
        /// Seller's address (BG-5).
        pub vendor_address: Field<Address>,
        /// Seller's e-mail address (BT-43).
        pub vendor_email: Field<String>,
        /// Seller's telephone (BT-42).
        pub vendor_phone: Field<String>,
        /// Seller's web site.
        pub vendor_website: Field<String>,
        /// Seller's contact (BT-41).
        pub vendor_contact: Field<String>,
        /// Seller's electronic address (BT-34).
        pub vendor_endpoint: Field<Endpoint>,
        /// Buyer's name (BT-44).
        pub buyer_name: Field<String>,
        /// Seller's number for the buyer (BT-46).
        pub buyer_id: Field<String>,
        /// Buyer's account with the seller.
        pub buyer_account: Field<String>,
        /// Buyer's VAT id (BT-48).
        pub buyer_vat: Field<String>,
        /// Buyer's local tax number.
        pub buyer_tax_number: Field<String>,
        /// Buyer's company registration (BT-47).
        pub buyer_registration: Field<String>,
        /// Buyer's address (BG-8).
        pub buyer_address: Field<Address>,
        /// Where the invoice is sent, if elsewhere.
        pub billing_address: Field<Address>,
        /// Who receives the goods (BT-70).
        pub delivery_name: Field<String>,
        /// Where the goods go (BG-15).
        pub delivery_address: Field<Address>,
        /// Where the service was done.
        pub service_address: Field<Address>,
        /// Where the goods came from.
        pub ship_from_address: Field<Address>,
        /// Who is paid, if not the seller (BT-59).
        pub payee_name: Field<String>,
        /// The payee's id (BT-60).
        pub payee_id: Field<String>,
        /// The seller's tax representative (BG-11).
        pub tax_representative: Field<TaxRepresentative>,
        /// How to pay.
        pub payment: Field<Payment>,
        /// IBAN of the first account (BT-84).
        pub iban: Field<String>,
        /// BIC of the first account (BT-86).
        pub bic: Field<String>,

        /// Sum of the lines (BT-106).
        pub lines_total: Field<Amount>,
        /// Sum of the document's allowances (BT-107).
        pub allowance_total: Field<Amount>,
        /// Sum of the document's charges (BT-108).
        pub charge_total: Field<Amount>,
        /// Allowances of the document (BG-20).
        pub allowances: Vec<AllowanceCharge>,
        /// Charges of the document (BG-21).
        pub charges: Vec<AllowanceCharge>,
        /// Total without VAT (BT-109).
        pub subtotal: Field<Amount>,
        /// Total VAT (BT-110).
        pub vat_amount: Field<Amount>,
        /// Total VAT in the accounting currency (BT-111).
        pub vat_amount_accounting: Field<Amount>,
        /// Total with VAT (BT-112).
        pub total: Field<Amount>,
        /// Already paid (BT-113).
        pub paid_amount: Field<Amount>,
        /// Rounding (BT-114).
        pub rounding: Field<Amount>,
        /// To be paid (BT-115).
        pub amount_due: Field<Amount>,
        /// Balance carried over from before.
        pub previous_balance: Field<Amount>,
        /// VAT by rate (BG-23).
        pub vat_breakdown: Vec<VatBreakdown>,
        /// Tax the payer withholds.
        pub withholding: Vec<Withholding>,
        /// What only one country has.
        pub country_extra: Option<Map<String, Value>>,
        /// The buyer owes the VAT.
        pub reverse_charge: Field<bool>,
        /// Supply within the European Union.
        pub intra_community: Field<bool>,
        /// How sure the whole is: the least of the key fields.
        pub confidence: Field<Confidence>,
        /// The lines (BG-25).
        pub line_items: Vec<LineItem>,
        /// A user's own keys: passed through, never looked into.
        #[serde(flatten)]
        pub extra: Map<String, Value>,
    }
}

part! {
    /// An invoice that is referred to.
    #[serde(deny_unknown_fields)]
    pub struct PrecedingInvoice {
        /// Its number (BT-25).
        pub number: Field<String>,
        /// Its date (BT-26).
        pub date: Field<Date>,
    }
}

part! {
    /// A discount for early payment.
    #[serde(deny_unknown_fields)]
    pub struct DiscountTerm {
        /// Discount in percent.
        pub percent: Field<Rate>,
        /// Within this many days.
        pub days: Field<u32>,
        /// Or until this day.
        pub due: Field<Date>,
        /// Of this amount.
        pub base: Field<Amount>,
    }
}

part! {
    /// A supporting document.
    #[serde(deny_unknown_fields)]
    pub struct Attachment {
        /// Its name or reference (BT-122).
        pub name: Field<String>,
        /// What it is (BT-123).
        pub description: Field<String>,
        /// Where it is (BT-124).
        pub uri: Field<String>,
        /// Its media type (BT-125-1).
        pub media_type: Field<String>,
    }
}

part! {
    /// A postal address.
    #[serde(deny_unknown_fields)]
    pub struct Address {
        /// Street.
        pub line1: Field<String>,
        /// More.
        pub line2: Field<String>,
        /// More.
        pub line3: Field<String>,
        /// City.
        pub city: Field<String>,
        /// Post code.
        pub postcode: Field<String>,
        /// Region.
        pub region: Field<String>,
        /// ISO 3166.
        pub country: Field<String>,
    }
}

part! {
    /// An electronic address.
    #[serde(deny_unknown_fields)]
    pub struct Endpoint {
        /// Scheme (BT-34-1).
        pub scheme: Field<String>,
        /// Address.
        pub id: Field<String>,
    }
}

part! {
    /// A tax representative.
    #[serde(deny_unknown_fields)]
    pub struct TaxRepresentative {
        /// Name (BT-62).
        pub name: Field<String>,
        /// VAT id (BT-63).
        pub vat: Field<String>,
        /// Address (BG-12).
        pub address: Field<Address>,
    }
}

part! {
    /// An allowance or a charge.
    #[serde(deny_unknown_fields)]
    pub struct AllowanceCharge {
        /// How much (BT-92, BT-99).
        pub amount: Field<Amount>,
        /// Of how much (BT-93, BT-100).
        pub base: Field<Amount>,
        /// Percent (BT-94, BT-101).
        pub percent: Field<Rate>,
        /// VAT category (BT-95, BT-102).
        pub vat_category: Field<String>,
        /// VAT rate (BT-96, BT-103).
        pub vat_rate: Field<Rate>,
        /// Why (BT-97, BT-104).
        pub reason: Field<String>,
        /// Why, UNTDID 5189 or 7161 (BT-98, BT-105).
        pub reason_code: Field<String>,
    }
}

part! {
    /// The VAT of one rate.
    #[serde(deny_unknown_fields)]
    pub struct VatBreakdown {
        /// Percent (BT-119).
        pub rate: Field<Rate>,
        /// UNTDID 5305 (BT-118).
        pub category: Field<String>,
        /// Taxable amount (BT-116).
        pub base: Field<Amount>,
        /// VAT (BT-117).
        pub amount: Field<Amount>,
        /// Why there is none (BT-120).
        pub exemption_reason: Field<String>,
        /// Why, as a code (BT-121).
        pub exemption_code: Field<String>,
    }
}

part! {
    /// Tax the payer withholds.
    #[serde(deny_unknown_fields)]
    pub struct Withholding {
        /// IRPF, ritenuta, TDS …
        pub kind: Field<String>,
        /// Percent.
        pub rate: Field<Rate>,
        /// How much.
        pub amount: Field<Amount>,
    }
}
