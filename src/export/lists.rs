//! What waits and what failed: the lists of exceptions that people work through.

use super::column::{Cell, Column, chosen};
use super::csv::table;
use super::{ExportError, Options};
use crate::model::{Document, Failed, Level, Routing};

const HELD: [Column; 10] = [
    Column {
        name: "document_id",
        cell: |document| Cell::plain(Some(document.id.as_str())),
    },
    Column {
        name: "path",
        cell: |document| Cell::text(document.source.path.as_deref()),
    },
    Column {
        name: "vendor_name",
        cell: |document| {
            let printed = document
                .invoice
                .as_ref()
                .and_then(|invoice| invoice.vendor_name.text());
            let known = || {
                document
                    .vendor
                    .as_ref()
                    .and_then(|vendor| vendor.name.as_deref())
            };
            Cell::text(printed.or_else(known))
        },
    },
    Column {
        name: "invoice_number",
        cell: |document| {
            Cell::text(
                document
                    .invoice
                    .as_ref()
                    .and_then(|invoice| invoice.invoice_number.text()),
            )
        },
    },
    Column {
        name: "total",
        cell: |document| {
            Cell::amount(
                document,
                document
                    .invoice
                    .as_ref()
                    .and_then(|invoice| invoice.total.get()),
            )
        },
    },
    Column {
        name: "currency",
        cell: |document| {
            Cell::text(
                document
                    .invoice
                    .as_ref()
                    .and_then(|invoice| invoice.currency.text()),
            )
        },
    },
    Column {
        name: "level",
        cell: |document| {
            Cell::plain(
                routing(document)
                    .and_then(|routing| routing.level)
                    .map(Level::name),
            )
        },
    },
    Column {
        name: "approver",
        cell: |document| {
            Cell::text(routing(document).and_then(|routing| routing.approver.as_deref()))
        },
    },
    Column {
        name: "due_at",
        cell: |document| Cell::plain(routing(document).and_then(|routing| routing.due_at)),
    },
    Column {
        name: "reasons",
        cell: |document| {
            let reasons = routing(document).map(|routing| routing.reasons.join("; "));
            Cell::text(reasons.as_deref())
        },
    },
];

const FAILED: [Column; 6] = [
    Column {
        name: "document_id",
        cell: |document| Cell::plain(Some(document.id.as_str())),
    },
    Column {
        name: "path",
        cell: |document| Cell::text(document.source.path.as_deref()),
    },
    Column {
        name: "stage",
        cell: |document| Cell::text(error(document, |failed| &failed.stage)),
    },
    Column {
        name: "code",
        cell: |document| Cell::text(error(document, |failed| &failed.code)),
    },
    Column {
        name: "message",
        cell: |document| Cell::text(error(document, |failed| &failed.message)),
    },
    Column {
        name: "retryable",
        cell: |document| Cell::plain(document.error.as_ref().and_then(|failed| failed.retryable)),
    },
];

fn routing(document: &Document) -> Option<&Routing> {
    document.routing.as_ref()
}

fn error(document: &Document, of: fn(&Failed) -> &String) -> Option<&str> {
    document.error.as_ref().map(|failed| of(failed).as_str())
}

/// The documents that wait for a person, one row each.
///
/// # Errors
/// If a column is asked for that the table does not have.
pub fn held(documents: &[Document], options: &Options) -> Result<Vec<u8>, ExportError> {
    table(&chosen(&HELD, HELD.len(), options)?, documents)
}

/// The documents that could not be worked on, one row each.
///
/// # Errors
/// If a column is asked for that the table does not have.
pub fn failed(documents: &[Document], options: &Options) -> Result<Vec<u8>, ExportError> {
    table(&chosen(&FAILED, FAILED.len(), options)?, documents)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{DocId, FailureClass};
    use crate::stage::StageError;

    fn text(bytes: Result<Vec<u8>, ExportError>) -> String {
        String::from_utf8(bytes.expect("writes")).expect("UTF-8")
    }

    #[test]
    fn the_lists_have_their_columns_even_when_empty() {
        let options = Options::default();
        assert_eq!(
            text(held(&[], &options)),
            "document_id,path,vendor_name,invoice_number,total,currency,level,approver,due_at,reasons\n"
        );
        assert_eq!(
            text(failed(&[], &options)),
            "document_id,path,stage,code,message,retryable\n"
        );
    }

    #[test]
    fn a_row_says_who_is_asked_and_why() {
        let mut document = Document::new(DocId::from_text("d1"));
        document.source.path = Some("in/a.pdf".to_owned());
        document.invoice = serde_json::from_value(serde_json::json!({
            "vendor_name": "Acme", "invoice_number": "7", "total": 501, "currency": "EUR"
        }))
        .expect("an invoice");
        document.routing = Some(Routing {
            level: Some(Level::Manager),
            approver: Some("finance-team@company.com".to_owned()),
            due_at: "2026-01-17T00:00:00Z".parse().ok(),
            reasons: vec!["one".to_owned(), "two".to_owned()],
            ..Routing::default()
        });
        let table = text(held(&[document], &Options::default()));
        assert_eq!(
            table.lines().last(),
            Some(
                "d1,in/a.pdf,Acme,7,501.00,EUR,manager,finance-team@company.com,2026-01-17T00:00:00Z,one; two"
            )
        );
    }

    #[test]
    fn a_failure_names_stage_code_and_whether_it_is_tried_again() {
        let mut document = Document::new(DocId::from_text("d1"));
        document.error =
            Some(StageError::transient("TIMEOUT", "took too long, gave up").into_failed("ocr"));
        assert_eq!(
            document.error.as_ref().and_then(|failed| failed.class),
            Some(FailureClass::Transient)
        );
        let table = text(failed(&[document], &Options::default()));
        assert_eq!(
            table.lines().last(),
            Some("d1,,ocr,TIMEOUT,\"took too long, gave up\",true")
        );
    }
}
