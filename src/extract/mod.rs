//! A document's words to the fields of an invoice, each with its evidence.
//!
//! The pages are looked at once ([`view`]): lines, labels, amounts, dates. Then every extractor of [`EXTRACTORS`] looks for
//! its fields. It ranks readings by what the label says, where the value stands from it, how it is printed and what else
//! agrees; where fields depend on each other the choice is joint: the parties ([`choose`]), the totals ([`solve`]), issue
//! and due date ([`dates`]). A field that was looked for and not found is `null`; a reading that is no better than a guess
//! is not found.

mod address;
mod amounts;
mod buyer;
mod calibration;
mod candidate;
mod choose;
mod codes;
mod contact;
mod context;
mod currency;
mod dates;
mod document_type;
mod draft;
mod due;
mod home;
mod hybrid;
mod iban;
mod implied;
mod legible;
mod lines;
mod names;
mod near;
mod number;
mod order;
mod party;
mod payment_code;
mod project;
mod rates;
mod reasons;
mod solve;
mod sums;
mod supplier;
mod terms;
mod till;
mod totals;
mod unnamed;
mod vat;
mod vat_id;
mod view;

#[cfg(test)]
mod tests;

use draft::Draft;
use view::View;

use crate::lang;
use crate::model::{
    Confidence, Digest, Document, Field, IBAN_LENGTHS, Invoice, Method, Ocr, Past, VAT_ID_FORMS,
};
use crate::stage::{Stage, StageError, StageId};

/// Looks for one field, or for several that are chosen together.
pub struct Extractor {
    /// The field, or the first of them.
    pub field: &'static str,
    /// What it goes by, in one line for people.
    pub doc: &'static str,
    /// Looks for it.
    find: fn(&View<'_>, &mut Draft),
}

/// All extractors, in the order in which they run: later ones use what earlier ones found.
#[rustfmt::skip]
pub const EXTRACTORS: &[Extractor] = &[
    Extractor { field: "currency", doc: "signs and codes beside the amounts", find: currency::find },
    Extractor { field: "vendor_name", doc: "letterhead, sender's line, labels, domains, register block", find: supplier::find },
    Extractor { field: "buyer_name", doc: "labels, window of the envelope", find: buyer::find },
    Extractor { field: "document_type", doc: "title in large print", find: document_type::find },
    Extractor { field: "invoice_number", doc: "labels, title with a code", find: number::find },
    Extractor { field: "invoice_date", doc: "labels, head of the letter; with due, delivery and order date and period", find: dates::find },
    Extractor { field: "payment_terms", doc: "labels and phrases of terms", find: due::terms },
    Extractor { field: "discount_terms", doc: "percent with days or date in terms of payment and lines that name a discount", find: terms::find },
    Extractor { field: "total", doc: "labels and arithmetic; with net, VAT, amount due, paid, rounding", find: totals::find },
    Extractor { field: "line_items", doc: "table under a header, or rows that add up to a printed sum", find: lines::find },
    Extractor { field: "iban", doc: "form and remainder; with BIC", find: iban::find },
    Extractor { field: "vendor_vat", doc: "form, check digits, place; with the buyer's", find: vat::find },
    Extractor { field: "po_reference", doc: "labels", find: order::find_purchase_orders },
    Extractor { field: "sales_order_reference", doc: "labels; with the other references", find: order::find_references },
    Extractor { field: "preceding_invoices", doc: "labels", find: order::find_preceding },
    Extractor { field: "project_reference", doc: "labels, codes only", find: project::find },
    Extractor { field: "vendor_email", doc: "form and place; with telephone and web site", find: contact::find },
    Extractor { field: "evidence", doc: "how well the words of each value were read", find: legible::find },
];

/// Settings of the stage.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// Mean confidence of the reading below which a document without number and total is refused, 0 to 1.
    pub min_ocr_confidence: f64,
    /// Whether the words stay in the record.
    pub keep_words: bool,
    /// Whether the evidence says what else was considered, and why the choice won.
    pub explain: bool,
    /// Whether a due date is derived from the terms of payment where none is printed (method `solver`).
    pub derive_due_date: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            min_ocr_confidence: 0.5,
            keep_words: false,
            explain: false,
            derive_due_date: false,
        }
    }
}

/// The stage `extract`.
pub struct Extract {
    settings: Settings,
}

/// Text of no more characters than this is none.
const SHORTEST_TEXT: usize = 10;
/// Fields whose least confidence is that of the whole.
const KEY_FIELDS: &[&str] = &["invoice_number", "invoice_date", "vendor_name", "total"];

impl Extract {
    /// The stage with its settings.
    pub fn new(settings: Settings) -> Self {
        Self { settings }
    }

    /// Fills the invoice from the words.
    fn read(&self, ocr: &Ocr) -> Result<Draft, StageError> {
        let characters: usize = ocr
            .pages
            .iter()
            .flat_map(|page| &page.words)
            .map(|word| word.text.chars().filter(|c| !c.is_whitespace()).count())
            .sum();
        if characters <= SHORTEST_TEXT {
            return Err(StageError::input(
                "TEXT_TOO_SHORT",
                format!("The pages hold no more than {SHORTEST_TEXT} characters of text"),
            ));
        }
        let view = View::new(ocr, self.settings.explain);
        let mut draft = Draft {
            derive_due_date: self.settings.derive_due_date,
            ..Draft::default()
        };
        view.describe(&mut draft);
        draft.parties = choose::parties(&view, draft.receipt);
        draft.claims = sums::claims(&view);
        for extractor in EXTRACTORS {
            (extractor.find)(&view, &mut draft);
        }
        let invoice = &draft.invoice;
        if let Some(confidence) = ocr.confidence
            && confidence < self.settings.min_ocr_confidence
            && !invoice.total.is_value()
            && !invoice.invoice_number.is_value()
        {
            return Err(StageError::input(
                "OCR_QUALITY",
                format!("Document quality too low for processing (confidence: {confidence:.2})"),
            ));
        }
        let nothing = !invoice.total.is_value()
            && !invoice.invoice_number.is_value()
            && !invoice.invoice_date.is_value()
            && !invoice.vendor_name.is_value();
        if nothing {
            return Err(StageError::input(
                "EXTRACT_INVALID",
                "Could not extract valid invoice data",
            ));
        }
        Ok(draft)
    }
}

impl Stage for Extract {
    fn id(&self) -> StageId {
        StageId {
            name: "extract",
            version: 2,
        }
    }

    fn config(&self) -> Digest {
        Digest::of_parts([
            VAT_ID_FORMS.as_bytes(),
            IBAN_LENGTHS.as_bytes(),
            self.settings.min_ocr_confidence.to_string().as_bytes(),
            &[
                u8::from(self.settings.keep_words),
                u8::from(self.settings.explain),
                u8::from(self.settings.derive_due_date),
            ],
            lang::digest().to_string().as_bytes(),
            reasons::FILE.as_bytes(),
            calibration::FILE.as_bytes(),
        ])
    }

    fn apply(&self, mut document: Document, _past: &Past) -> Result<Document, StageError> {
        let structured = document.invoice.is_some()
            && document
                .evidence
                .values()
                .any(|evidence| evidence.method == Some(Method::Xml));
        if !structured {
            let ocr = document.ocr.take().unwrap_or_default();
            let mut draft = self.read(&ocr)?;
            let extra = document
                .invoice
                .take()
                .map(|invoice| invoice.extra)
                .unwrap_or_default();
            draft.invoice.extra = extra;
            document.ocr = Some(Ocr {
                warnings: ocr.warnings.into_iter().chain(draft.warnings).collect(),
                pages: ocr.pages,
                ..ocr
            });
            document.invoice = Some(draft.invoice);
            document.evidence.extend(draft.evidence);
        } else if let Some(page) = document.ocr.as_ref().and_then(|ocr| self.read(ocr).ok()) {
            hybrid::beside(&mut document, page);
        }
        payment_code::complete(&mut document);
        if let Some(invoice) = &mut document.invoice {
            finish(invoice, &document.evidence);
        }
        if let Some(ocr) = document.ocr.as_mut().filter(|_| !self.settings.keep_words) {
            for page in &mut ocr.pages {
                page.words = Vec::new();
            }
        }
        Ok(document)
    }
}

/// Fills what is derived from other fields: the normalised number and the confidence of the whole.
fn finish(
    invoice: &mut Invoice,
    evidence: &std::collections::BTreeMap<String, crate::model::Evidence>,
) {
    let number = invoice.invoice_number.text().map(number::normal);
    invoice.invoice_number_norm = Field::found(number);
    let least = KEY_FIELDS
        .iter()
        .map(|field| {
            evidence
                .get(*field)
                .and_then(|evidence| evidence.confidence)
                .map_or(0.0, |confidence| confidence.0)
        })
        .fold(1.0, f64::min);
    let structured = evidence
        .values()
        .any(|evidence| evidence.method == Some(Method::Xml));
    invoice.confidence = Field::Value(Confidence(if structured { 1.0 } else { least }));
}
