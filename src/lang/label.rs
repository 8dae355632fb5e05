//! What a printed word or phrase announces: the fields of an invoice, the columns of its table, the titles of its kinds.
//!
//! The keys are those of the vocabularies; a key without a label here is an error when they load.

/// Declares the labels and the keys under which the vocabularies list their phrases.
macro_rules! labels {
    ($( $(#[$doc:meta])* $name:ident = $key:literal, )*) => {
        /// What a phrase announces.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Label { $( $(#[$doc])* $name, )* }

        impl Label {
            /// All labels, in the order of their declaration.
            pub const ALL: &[Label] = &[ $( Label::$name, )* ];

            /// The key under which the vocabularies list the label's phrases.
            pub const fn key(self) -> &'static str {
                match self { $( Label::$name => $key, )* }
            }

            /// The label of a vocabulary's key.
            pub fn from_key(key: &str) -> Option<Label> {
                match key { $( $key => Some(Label::$name), )* _ => None }
            }
        }
    };
}

labels! {
    /// Number of the invoice.
    InvoiceNumber = "invoice_number",
    /// Day of issue.
    InvoiceDate = "invoice_date",
    /// Day by which it is to be paid.
    DueDate = "due_date",
    /// Day of delivery or supply.
    DeliveryDate = "delivery_date",
    /// Day of the order.
    OrderDate = "order_date",
    /// Period of service.
    ServicePeriod = "service_period",
    /// Terms of payment.
    PaymentTerms = "payment_terms",
    /// Means of payment.
    PaymentMeans = "payment_means",
    /// The buyer's purchase order.
    OrderNumber = "order_number",
    /// The seller's own number of the order.
    SalesOrder = "sales_order",
    /// The seller's number of the buyer.
    CustomerNumber = "customer_number",
    /// VAT identification.
    VatId = "vat_id",
    /// National tax number.
    TaxNumber = "tax_number",
    /// Register of companies.
    Registration = "registration",
    /// International bank account number.
    Iban = "iban",
    /// Code of the bank (BIC, SWIFT).
    Bic = "bic",
    /// Name of the bank.
    BankName = "bank_name",
    /// National account number.
    AccountNumber = "account_number",
    /// National code of the bank: routing number, sort code, Bankleitzahl.
    BankCode = "bank_code",
    /// Sum before VAT.
    Subtotal = "subtotal",
    /// VAT, and the base it is computed on where both stand in one phrase.
    VatAmount = "vat_amount",
    /// Base of the VAT.
    VatBase = "vat_base",
    /// VAT rate.
    VatRate = "vat_rate",
    /// Sum with VAT.
    Total = "total",
    /// What is left to pay.
    AmountDue = "amount_due",
    /// Paid already.
    Paid = "paid",
    /// Rounding of the total.
    Rounding = "rounding",
    /// Discount on the document.
    Discount = "discount",
    /// Discount for early payment.
    CashDiscount = "cash_discount",
    /// Freight, postage, packing.
    Shipping = "shipping",
    /// Further charges: service charge, surcharge, fee.
    Charge = "charge",
    /// Gratuity.
    Tip = "tip",
    /// Returnable deposit.
    Deposit = "deposit",
    /// Tax withheld by the buyer.
    Withholding = "withholding",
    /// Stamp duty.
    StampDuty = "stamp_duty",
    /// Balance of earlier invoices.
    PreviousBalance = "previous_balance",
    /// Sum carried to or from another page.
    CarriedForward = "carried_forward",
    /// Cash given.
    Cash = "cash",
    /// Change returned.
    Change = "change",
    /// Paid by card.
    Card = "card",
    /// Number of items sold.
    ItemCount = "item_count",
    /// What a receipt says was saved.
    Savings = "savings",
    /// The seller.
    Vendor = "vendor",
    /// The buyer.
    Buyer = "buyer",
    /// Where it is delivered.
    ShipTo = "ship_to",
    /// Whom to pay, where not the seller.
    RemitTo = "remit_to",
    /// Person to ask.
    Contact = "contact",
    /// Telephone.
    Phone = "phone",
    /// Fax.
    Fax = "fax",
    /// Mail address.
    Email = "email",
    /// Web address.
    Website = "website",
    /// Number of the page.
    Page = "page",
    /// Currency.
    Currency = "currency",
    /// Reference to give with the payment.
    PaymentReference = "payment_reference",
    /// Contract.
    ContractNumber = "contract_number",
    /// Despatch advice.
    DeliveryNote = "delivery_note",
    /// What the invoice is about: subject, name of a project, cost centre.
    Project = "project",
    /// Number of a project.
    ProjectNumber = "project_number",
    /// The other side's reference.
    Reference = "reference",
    /// The invoice this one is about.
    PrecedingInvoice = "preceding_invoice",
    /// Column: what it is.
    ColDescription = "col_description",
    /// Column: how much.
    ColQuantity = "col_quantity",
    /// Column: unit of measure.
    ColUnit = "col_unit",
    /// Column: price of a unit.
    ColUnitPrice = "col_unit_price",
    /// Column: discount.
    ColDiscount = "col_discount",
    /// Column: VAT rate.
    ColVatRate = "col_vat_rate",
    /// Column: VAT of the line.
    ColVatAmount = "col_vat_amount",
    /// Column: sum of the line, before VAT where the page tells both.
    ColNet = "col_net",
    /// Column: sum of the line with VAT.
    ColGross = "col_gross",
    /// Column: number of the line.
    ColPosition = "col_position",
    /// Column: article number.
    ColArticle = "col_article",
    /// Column: date of the line.
    ColDate = "col_date",
    /// Title: invoice.
    TitleInvoice = "title_invoice",
    /// Title: credit note.
    TitleCreditNote = "title_credit_note",
    /// Title: corrected invoice.
    TitleCorrected = "title_corrected",
    /// Title: proforma.
    TitleProforma = "title_proforma",
    /// Title: receipt.
    TitleReceipt = "title_receipt",
    /// Title: reminder.
    TitleReminder = "title_reminder",
    /// Title: prepayment invoice.
    TitlePrepayment = "title_prepayment",
    /// Title: debit note.
    TitleDebitNote = "title_debit_note",
    /// Title: quotation or order confirmation, which is no invoice.
    TitleQuotation = "title_quotation",
    /// Title: statement of account, which is no invoice.
    TitleStatement = "title_statement",
    /// Title: delivery note, which is no invoice.
    TitleDeliveryNote = "title_delivery_note",
}

impl Label {
    /// Tells whether it heads a column of the table of lines.
    pub fn is_column(self) -> bool {
        self >= Label::ColDescription && self <= Label::ColDate
    }

    /// Tells whether it names the kind of document.
    pub fn is_title(self) -> bool {
        self >= Label::TitleInvoice
    }

    /// Tells whether an amount belongs to it.
    pub fn is_amount(self) -> bool {
        (self >= Label::Subtotal && self <= Label::Card && self != Label::VatRate)
            || self == Label::Savings
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_lead_back_to_their_labels() {
        for label in Label::ALL {
            assert_eq!(Label::from_key(label.key()), Some(*label));
        }
        assert_eq!(Label::from_key("no_such"), None);
        assert!(Label::ColDate.is_column() && !Label::TitleInvoice.is_column());
        assert!(Label::Total.is_amount() && !Label::Page.is_amount());
    }
}
