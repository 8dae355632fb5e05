//! What a rule looks at.

use super::plausible;
use crate::model::{Amount, Date, Decimal, Document, Invoice, Method, Past, Policy, minor_units};

/// A document with everything a rule may ask of it.
pub struct Context<'a> {
    /// The document.
    pub document: &'a Document,
    /// What the invoice says; empty where nothing was read.
    pub invoice: &'a Invoice,
    /// What is known of other documents.
    pub past: &'a Past,
    /// Limits and thresholds.
    pub policy: &'a Policy,
    /// The day of the document's "now".
    pub today: Option<Date>,
}

/// Something a rule cannot do without.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// The document's "now".
    Today,
    /// An invoice date.
    InvoiceDate,
    /// A due date.
    DueDate,
    /// A total.
    Total,
    /// A subtotal.
    Subtotal,
    /// An amount of VAT.
    VatAmount,
    /// An amount due.
    AmountDue,
    /// A currency.
    Currency,
    /// Line items with an amount each.
    LineTotals,
    /// VAT by rate.
    VatBreakdown,
    /// An IBAN.
    Iban,
    /// A BIC.
    Bic,
    /// A VAT id of either side.
    VatId,
    /// A payment reference.
    PaymentReference,
    /// A vendor file was asked.
    VendorFile,
    /// The vendor file has the vendor.
    KnownVendor,
    /// An invoice number.
    InvoiceNumber,
    /// A payment code on the page.
    PaymentCode,
    /// Pages were read.
    Pages,
    /// No number is too large to reckon with.
    Plausible,
}

impl Need {
    /// Tells whether it is there.
    pub(super) fn met(self, context: &Context<'_>) -> bool {
        let invoice = context.invoice;
        match self {
            Need::Today => context.today.is_some(),
            Need::InvoiceDate => invoice.invoice_date.is_value(),
            Need::DueDate => invoice.due_date.is_value(),
            Need::Total => invoice.total.is_value(),
            Need::Subtotal => invoice.subtotal.is_value(),
            Need::VatAmount => invoice.vat_amount.is_value(),
            Need::AmountDue => invoice.amount_due.is_value(),
            Need::Currency => invoice.currency.is_value(),
            Need::LineTotals => {
                let lines = &invoice.line_items;
                !lines.is_empty() && lines.iter().all(|line| line.total.is_value())
            }
            Need::VatBreakdown => !invoice.vat_breakdown.is_empty(),
            Need::Iban => !context.ibans().is_empty(),
            Need::Bic => !context.bics().is_empty(),
            Need::VatId => invoice.vendor_vat.is_value() || invoice.buyer_vat.is_value(),
            Need::PaymentReference => invoice
                .payment
                .value()
                .is_some_and(|payment| payment.reference.is_value()),
            Need::VendorFile => context.document.vendor.is_some(),
            Need::KnownVendor => context
                .document
                .vendor
                .as_ref()
                .is_some_and(|vendor| vendor.vendor_id.is_some()),
            Need::InvoiceNumber => invoice.invoice_number.is_value(),
            Need::PaymentCode => invoice
                .payment
                .value()
                .is_some_and(|payment| payment.qr.is_value()),
            Need::Plausible => plausible::beyond(invoice).is_empty(),
            Need::Pages => context
                .document
                .ocr
                .as_ref()
                .is_some_and(|ocr| !ocr.pages.is_empty()),
        }
    }

    /// Why a rule does not run without it.
    pub(super) const fn reason(self) -> &'static str {
        match self {
            Need::Today => "the record has no `provenance.now`",
            Need::InvoiceDate => "the invoice has no date",
            Need::DueDate => "the invoice has no due date",
            Need::Total => "the invoice has no total",
            Need::Subtotal => "the invoice has no subtotal",
            Need::VatAmount => "the invoice has no amount of VAT",
            Need::AmountDue => "the invoice has no amount due",
            Need::Currency => "the invoice has no currency",
            Need::LineTotals => "the invoice has no lines, or a line without an amount",
            Need::VatBreakdown => "the invoice has no VAT by rate",
            Need::Iban => "the invoice has no IBAN",
            Need::Bic => "the invoice has no BIC",
            Need::VatId => "the invoice has no VAT id",
            Need::PaymentReference => "the invoice has no payment reference",
            Need::VendorFile => "there is no vendor file",
            Need::KnownVendor => "the vendor is not in a vendor file",
            Need::InvoiceNumber => "the invoice has no number",
            Need::PaymentCode => "there is no payment code",
            Need::Pages => "no pages were read",
            Need::Plausible => "an amount is too large to reckon with",
        }
    }
}

impl Context<'_> {
    /// Tells whether the invoice was read from a structured file.
    pub fn structured(&self) -> bool {
        ["total", "invoice_number", "amount_due", "subtotal"]
            .iter()
            .any(|field| {
                self.document
                    .evidence
                    .get(*field)
                    .and_then(|evidence| evidence.method)
                    == Some(Method::Xml)
            })
    }

    /// Tells whether sums have to be exact: an e-invoice that declares EN 16931 follows its rounding rules.
    ///
    /// Other structured formats (FatturaPA, older ZUGFeRD) round line by line and are judged as printed pages are, and so is
    /// a header whose lines were read from the page.
    pub fn exact(&self) -> bool {
        self.structured()
            && !self.lines_printed()
            && self.invoice.profile.text().is_some_and(|profile| {
                let profile = profile.to_ascii_lowercase();
                ["en16931", "factur-x", "xrechnung", "peppol"]
                    .iter()
                    .any(|mark| profile.contains(mark))
            })
    }

    /// Tells whether the lines were read from a page.
    fn lines_printed(&self) -> bool {
        let evidence = &self.document.evidence;
        let mut lines = evidence.range("line_items[".to_owned()..);
        lines.next().is_some_and(|(path, evidence)| {
            path.starts_with("line_items[")
                && matches!(evidence.method, Some(Method::PdfText | Method::Ocr))
        })
    }

    /// The smallest unit of the invoice's currency; a hundredth where the currency is not known.
    pub fn unit(&self) -> Decimal {
        Decimal::new(1, self.decimals())
    }

    /// The number of decimals of the invoice's currency.
    pub fn decimals(&self) -> u32 {
        self.invoice
            .currency
            .text()
            .and_then(minor_units)
            .unwrap_or(2)
    }

    /// How far a sum of `terms` rounded amounts may be off.
    pub fn tolerance(&self, terms: usize) -> Decimal {
        if self.exact() {
            return Decimal::ZERO;
        }
        let tolerances = &self.policy.tolerances;
        let per_line = tolerances.per_line.decimal() * self.unit() * Decimal::from(terms);
        self.unit().max(tolerances.sum.decimal()).max(per_line)
    }

    /// How far two amounts that say the same may be apart.
    pub fn slack(&self) -> Decimal {
        self.tolerance(1)
    }

    /// An amount as people read it.
    pub fn money(&self, amount: Decimal) -> String {
        Amount(amount)
            .in_currency(self.invoice.currency.text())
            .to_string()
    }

    /// The bank accounts of the invoice, compact, in order, without doubles; and the paths of their fields.
    pub fn ibans(&self) -> Vec<(String, String)> {
        self.accounts(
            |invoice| invoice.iban.text(),
            "iban",
            |account| account.iban.text(),
        )
    }

    /// The BICs of the invoice, compact, in order, without doubles; and the paths of their fields.
    pub fn bics(&self) -> Vec<(String, String)> {
        self.accounts(
            |invoice| invoice.bic.text(),
            "bic",
            |account| account.bic.text(),
        )
    }

    fn accounts(
        &self,
        flat: fn(&Invoice) -> Option<&str>,
        name: &str,
        of: fn(&crate::model::Account) -> Option<&str>,
    ) -> Vec<(String, String)> {
        let mut found: Vec<(String, String)> = Vec::new();
        let accounts = self
            .invoice
            .payment
            .value()
            .map(|payment| payment.accounts.as_slice());
        let listed = accounts.unwrap_or_default().iter().zip(0..).filter_map(
            |(account, place): (_, usize)| {
                Some((format!("payment.accounts[{place}].{name}"), of(account)?))
            },
        );
        let flat = flat(self.invoice).map(|text| (name.to_owned(), text));
        for (path, text) in flat.into_iter().chain(listed) {
            let value = crate::model::compact(text);
            if !value.is_empty() && !found.iter().any(|(_, known)| *known == value) {
                found.push((path, value));
            }
        }
        found
    }

    /// The kind of document, as far as sums and duplicates care.
    pub fn kind(&self) -> Kind {
        Kind::of(self.invoice.document_type.text())
    }
}

/// The kind of document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Asks for money.
    Invoice,
    /// Gives it back.
    Credit,
    /// Corrects an invoice, either way.
    Correction,
    /// Asks for money for a reason of its own.
    Debit,
    /// Asks for money before the work.
    Prepayment,
}

impl Kind {
    /// By UNTDID 1001; without a code it is an invoice.
    pub fn of(code: Option<&str>) -> Self {
        match code {
            Some(
                "81" | "83" | "261" | "262" | "296" | "308" | "381" | "396" | "420" | "458" | "532",
            ) => Kind::Credit,
            Some("384") => Kind::Correction,
            Some("84" | "383" | "395" | "84a") => Kind::Debit,
            Some("386") => Kind::Prepayment,
            _ => Kind::Invoice,
        }
    }

    /// The word in duplicate keys.
    pub const fn name(self) -> &'static str {
        match self {
            Kind::Invoice => "invoice",
            Kind::Credit => "credit",
            Kind::Correction => "correction",
            Kind::Debit => "debit",
            Kind::Prepayment => "prepayment",
        }
    }
}
