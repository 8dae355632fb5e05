//! How an invoice is to be paid.
//!
//! Names and meanings follow EN 16931; the business term stands in brackets.

use super::date::Date;
use super::decimal::Amount;
use super::field::{Field, part};
part! {
    /// How to pay.
    #[serde(deny_unknown_fields)]
    pub struct Payment {
        /// UNTDID 4461 (BT-81).
        pub means_code: Field<String>,
        /// In words (BT-82).
        pub means_text: Field<String>,
        /// What to quote: KID, OGM, QRR, RF (BT-83).
        pub reference: Field<String>,
        /// Accounts to pay to (BG-17).
        pub accounts: Vec<Account>,
        /// Direct debit mandate (BT-89).
        pub mandate: Field<String>,
        /// Direct debit creditor (BT-90).
        pub creditor_id: Field<String>,
        /// The buyer's account that is debited (BT-91).
        pub debited_account: Field<String>,
        /// Last digits of the card that paid (BT-87).
        pub card_last4: Field<String>,
        /// Payment in parts.
        pub instalments: Vec<Instalment>,
        /// The payment code on the page.
        pub qr: Field<PaymentCode>,
    }
}

part! {
    /// A bank account.
    #[serde(deny_unknown_fields)]
    pub struct Account {
        /// IBAN (BT-84).
        pub iban: Field<String>,
        /// BIC (BT-86).
        pub bic: Field<String>,
        /// Local account number (BT-84).
        pub account_number: Field<String>,
        /// Local bank number, routing number or sort code.
        pub bank_number: Field<String>,
        /// Holder (BT-85).
        pub account_name: Field<String>,
        /// Bank.
        pub bank_name: Field<String>,
    }
}

part! {
    /// A part of the payment.
    #[serde(deny_unknown_fields)]
    pub struct Instalment {
        /// How much.
        pub amount: Field<Amount>,
        /// When.
        pub due: Field<Date>,
    }
}

part! {
    /// A payment code on the page.
    #[serde(deny_unknown_fields)]
    pub struct PaymentCode {
        /// `epc`, `swiss` or `other`.
        pub kind: Field<String>,
        /// IBAN in it.
        pub iban: Field<String>,
        /// Amount in it.
        pub amount: Field<Amount>,
        /// Currency in it.
        pub currency: Field<String>,
        /// Creditor in it.
        pub name: Field<String>,
        /// Reference in it.
        pub reference: Field<String>,
        /// The code's text.
        pub raw: Field<String>,
    }
}
