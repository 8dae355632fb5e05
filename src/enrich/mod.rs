//! What the reference data adds: which vendor it is. Pure, over data handed in.
//!
//! A vendor is found by its VAT id, then its bank account, then its name, then another of its names, and by nothing that
//! is merely similar: a wrong match pays the wrong company. What was not found is said, and holds the invoice later on.

mod vendors;

pub use vendors::{Vendor, Vendors, VendorsError};

use crate::model::{Digest, Document, Past};
use crate::model::{MatchMethod, VendorMatch};
use crate::stage::{Stage, StageError, StageId};

/// The stage `enrich`.
#[derive(Debug, Default)]
pub struct Enrich {
    vendors: Option<Vendors>,
}

impl Enrich {
    /// Works with a vendor file, or without one: then no vendor is looked for.
    pub fn new(vendors: Option<Vendors>) -> Self {
        Self { vendors }
    }
}

impl Stage for Enrich {
    fn id(&self) -> StageId {
        StageId {
            name: "enrich",
            version: 1,
        }
    }

    fn config(&self) -> Digest {
        self.vendors
            .as_ref()
            .map_or_else(|| Digest::of(b""), Vendors::digest)
    }

    fn apply(&self, mut document: Document, _past: &Past) -> Result<Document, StageError> {
        let (Some(vendors), Some(invoice)) = (&self.vendors, &document.invoice) else {
            return Ok(document);
        };
        if document.failed() {
            return Ok(document);
        }
        document.vendor = Some(vendors.find(invoice).unwrap_or_else(|| VendorMatch {
            match_method: Some(MatchMethod::None),
            ..VendorMatch::default()
        }));
        document
            .provenance
            .reference_hashes
            .insert("vendors.csv".to_owned(), vendors.digest().to_string());
        Ok(document)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{DocId, Field, Invoice, Status};

    const FILE: &str = "vendor_id,name,aliases,vat_ids,ibans,approved\n\
        V1,Example GmbH,Example Deutschland|EXD,DE136695976,DE89370400440532013000,yes\n\
        V2,Sample Ltd,,GB980780684,,no\n";

    fn enriched(invoice: Invoice) -> Document {
        let vendors = Vendors::parse(FILE.as_bytes()).expect("a vendor file");
        let mut document = Document::new(DocId::of_path("a"));
        document.invoice = Some(invoice);
        Enrich::new(Some(vendors))
            .apply(document, &Past::default())
            .expect("never fails")
    }

    #[test]
    fn the_vendor_is_found_by_the_surest_mark() {
        let text = |text: &str| Field::Value(text.to_owned());
        let name = |name: &str| Invoice {
            vendor_name: text(name),
            ..Invoice::default()
        };
        for (invoice, id, method) in vec![
            (
                Invoice {
                    vendor_vat: text("DE 136 695 976"),
                    ..name("Sample Ltd")
                },
                Some("V1"),
                MatchMethod::Vat,
            ),
            (
                Invoice {
                    vendor_vat: text("136695976"),
                    ..name("")
                },
                Some("V1"),
                MatchMethod::Vat,
            ),
            (
                Invoice {
                    iban: text("DE89 3704 0044 0532 0130 00"),
                    ..name("Sample Ltd")
                },
                Some("V1"),
                MatchMethod::Iban,
            ),
            (name("EXAMPLE G.m.b.H."), Some("V1"), MatchMethod::Exact),
            (name("exd"), Some("V1"), MatchMethod::Alias),
            (name("Sample Ltd"), Some("V2"), MatchMethod::Exact),
            (name("Sample Limited"), None, MatchMethod::None),
            (name("--"), None, MatchMethod::None),
            (
                Invoice {
                    vendor_vat: text("DE999999999"),
                    ..name("Nobody")
                },
                None,
                MatchMethod::None,
            ),
        ] {
            let shown = invoice.vendor_name.clone();
            let found = enriched(invoice).vendor.expect("looked for");
            assert_eq!(
                (found.vendor_id.as_deref(), found.match_method),
                (id, Some(method)),
                "{:?}",
                shown.text()
            );
        }
    }

    #[test]
    fn a_match_carries_what_the_file_says_and_the_file_is_named() {
        let document = enriched(Invoice {
            vendor_name: Field::Value("Example GmbH".to_owned()),
            ..Invoice::default()
        });
        let vendor = document.vendor.expect("found");
        assert_eq!(vendor.approved, Some(true));
        assert_eq!(vendor.ibans, ["DE89370400440532013000"]);
        assert_eq!(
            document.provenance.reference_hashes["vendors.csv"],
            Digest::of(FILE.as_bytes()).to_string()
        );
    }

    #[test]
    fn marks_that_contradict_each_other_are_told() {
        let contradicting = enriched(Invoice {
            vendor_vat: Field::Value("DE136695976".to_owned()),
            vendor_name: Field::Value("Sample Ltd".to_owned()),
            ..Invoice::default()
        });
        let other = contradicting.vendor.and_then(|vendor| vendor.runner_up);
        assert_eq!(other.map(|other| other.vendor_id).as_deref(), Some("V2"));
    }

    #[test]
    fn without_a_file_nobody_looked_and_failed_lines_pass_through() {
        let mut document = Document::new(DocId::of_path("a"));
        document.invoice = Some(Invoice::default());
        let out = Enrich::default()
            .apply(document.clone(), &Past::default())
            .expect("passes");
        assert!(out.vendor.is_none());
        document.status = Status::Error;
        let vendors = Vendors::parse(FILE.as_bytes()).expect("a vendor file");
        let out = Enrich::new(Some(vendors)).apply(document, &Past::default());
        assert!(out.expect("passes").vendor.is_none());
    }
}
