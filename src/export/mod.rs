//! Documents to bytes of a format that accounting reads.
//!
//! An exporter is pure: it never decides what is exported nor marks anything as exported. Every table has its header
//! even without documents, and rows depend on their own document only, so that tables can be put together piece by
//! piece.

mod bills;
mod column;
mod csv;
mod jsonl;
mod lists;

use std::collections::BTreeMap;

pub use lists::{failed, held};

use crate::model::{Amount, Document};

/// A format.
#[derive(Debug)]
pub struct Exporter {
    /// Name, as `--format` takes it.
    pub name: &'static str,
    /// Extension of its files, without a dot.
    pub extension: &'static str,
    /// What it is, for people.
    pub doc: &'static str,
    /// Writes the documents.
    pub write: fn(&[Document], &Options) -> Result<Vec<u8>, ExportError>,
}

/// All formats.
pub const EXPORTERS: &[Exporter] = &[bills::CSV, jsonl::JSONL];

/// The format of a name.
pub fn exporter(name: &str) -> Option<&'static Exporter> {
    EXPORTERS.iter().find(|exporter| exporter.name == name)
}

/// What a user may choose.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Columns in this order instead of the usual ones.
    pub columns: Option<Vec<String>>,
}

/// Why nothing was written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ExportError {
    /// A column that the table does not have.
    #[error("unknown column `{column}`; known are {known}")]
    UnknownColumn {
        /// What was asked for.
        column: String,
        /// The columns there are.
        known: String,
    },
    /// A column twice, or none at all.
    #[error("columns have to be different and at least one")]
    Columns,
    /// Columns were asked of a format that has none.
    #[error("format `{0}` has no columns to choose from")]
    NoColumns(&'static str),
    /// The table could not be written.
    #[error("cannot write the table")]
    Csv(#[from] ::csv::Error),
    /// A record could not be written.
    #[error("cannot write record `{id}`")]
    Json {
        /// Which.
        id: String,
        /// Why.
        #[source]
        source: serde_json::Error,
    },
}

/// Sum of the totals, by currency; `XXX` (ISO 4217: none) where an invoice has no currency.
pub fn control_totals(documents: &[Document]) -> BTreeMap<String, Amount> {
    let mut sums = BTreeMap::<String, Amount>::new();
    for invoice in documents.iter().filter_map(|doc| doc.invoice.as_ref()) {
        if let Some(total) = invoice.total.get() {
            let currency = invoice.currency.text().unwrap_or("XXX");
            let sum = sums.entry(currency.to_owned()).or_default();
            *sum =
                Amount(sum.decimal().saturating_add(total.decimal())).in_currency(Some(currency));
        }
    }
    sums
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Decimal, DocId, Field, Invoice};
    use proptest::prelude::*;

    #[test]
    fn formats_have_different_names_and_say_what_they_are() {
        for (place, format) in EXPORTERS.iter().enumerate() {
            assert!(!format.doc.is_empty() && !format.extension.contains('.'));
            let first = EXPORTERS.iter().position(|other| other.name == format.name);
            assert_eq!(first, Some(place), "{}", format.name);
        }
        assert_eq!(exporter("csv").map(|format| format.extension), Some("csv"));
        assert!(exporter("pdf").is_none());
    }

    fn invoice(cents: i64, currency: &str) -> Document {
        let mut document = Document::new(DocId::of_path("a"));
        document.invoice = Some(Invoice {
            total: Field::Value(Amount(Decimal::new(cents, 2))),
            currency: Field::Value(currency.to_owned()),
            ..Invoice::default()
        });
        document
    }

    #[test]
    fn totals_are_kept_apart_by_currency() {
        let mut without = invoice(5, "EUR");
        if let Some(invoice) = &mut without.invoice {
            invoice.currency = Field::Null;
        }
        let documents = vec![
            invoice(10_50, "EUR"),
            invoice(-50, "EUR"),
            invoice(7_00, "JPY"),
            without,
            Document::new(DocId::of_path("b")),
        ];
        let sums: Vec<String> = control_totals(&documents)
            .iter()
            .map(|(currency, sum)| format!("{currency} {sum}"))
            .collect();
        assert_eq!(sums, ["EUR 10.00", "JPY 7", "XXX 0.05"]);
    }

    proptest! {
        #[test]
        fn sums_do_not_depend_on_order_nor_on_batches(
            cents in proptest::collection::vec(-1_000_000_000_i64..1_000_000_000, 0..40), cut in 0_usize..40,
        ) {
            let documents: Vec<Document> = cents.iter().map(|&cents| invoice(cents, "EUR")).collect();
            let backwards: Vec<Document> = documents.iter().rev().cloned().collect();
            let all = control_totals(&documents);
            prop_assert_eq!(&all, &control_totals(&backwards));
            let (head, tail) = documents.split_at(cut.min(documents.len()));
            let sum = |part: &[Document]| control_totals(part).get("EUR").copied().unwrap_or_default().decimal();
            prop_assert_eq!(sum(head) + sum(tail), Decimal::new(cents.iter().sum(), 2));
        }
    }
}
