//! The generic table of bills: one row an invoice.

use super::column::{Cell, Column, chosen};
use super::csv::table;
use super::{ExportError, Exporter, Options};
use crate::model::{Document, Field, Invoice, VendorMatch};

/// `csv`.
pub(super) const CSV: Exporter = Exporter {
    name: "csv",
    extension: "csv",
    doc: "One row an invoice. RFC 4180 quoting, lines end with \\n, UTF-8 without a byte order mark, dates as 2026-01-15, \
amounts with a dot and the currency's decimals. Text that a spreadsheet would take for a formula is preceded by '.",
    write,
};

/// How many of the columns are written when nothing is chosen.
const USUAL: usize = 16;

/// The usual columns first, then those that can be asked for.
const COLUMNS: [Column; 28] = [
    Column {
        name: "document_id",
        cell: |document| Cell::plain(Some(document.id.as_str())),
    },
    Column {
        name: "vendor_id",
        cell: |document| Cell::text(vendor(document, |vendor| vendor.vendor_id.as_deref())),
    },
    Column {
        name: "vendor_name",
        cell: |document| {
            let printed = document
                .invoice
                .as_ref()
                .and_then(|invoice| invoice.vendor_name.text());
            Cell::text(printed.or_else(|| vendor(document, |vendor| vendor.name.as_deref())))
        },
    },
    text("vendor_vat", |document| {
        field(document, |invoice| &invoice.vendor_vat)
    }),
    text("invoice_number", |document| {
        field(document, |invoice| &invoice.invoice_number)
    }),
    text("document_type", |document| {
        field(document, |invoice| &invoice.document_type)
    }),
    Column {
        name: "invoice_date",
        cell: |document| {
            Cell::plain(
                document
                    .invoice
                    .as_ref()
                    .and_then(|invoice| invoice.invoice_date.get()),
            )
        },
    },
    Column {
        name: "due_date",
        cell: |document| {
            Cell::plain(
                document
                    .invoice
                    .as_ref()
                    .and_then(|invoice| invoice.due_date.get()),
            )
        },
    },
    text("currency", |document| {
        field(document, |invoice| &invoice.currency)
    }),
    Column {
        name: "subtotal",
        cell: |document| {
            Cell::amount(
                document,
                document
                    .invoice
                    .as_ref()
                    .and_then(|invoice| invoice.subtotal.get()),
            )
        },
    },
    Column {
        name: "vat_amount",
        cell: |document| {
            Cell::amount(
                document,
                document
                    .invoice
                    .as_ref()
                    .and_then(|invoice| invoice.vat_amount.get()),
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
        name: "amount_due",
        cell: |document| {
            Cell::amount(
                document,
                document
                    .invoice
                    .as_ref()
                    .and_then(|invoice| invoice.amount_due.get()),
            )
        },
    },
    text("iban", |document| field(document, |invoice| &invoice.iban)),
    text("po_reference", |document| {
        field(document, |invoice| &invoice.po_reference)
    }),
    Column {
        name: "approver",
        cell: |document| {
            Cell::text(
                document
                    .approval
                    .as_ref()
                    .and_then(|approval| approval.approver.as_deref()),
            )
        },
    },
    // Not among the usual ones.
    Column {
        name: "path",
        cell: |document| Cell::text(document.source.path.as_deref()),
    },
    Column {
        name: "level",
        cell: |document| {
            let level = document.routing.as_ref().and_then(|routing| routing.level);
            Cell::plain(level.map(crate::model::Level::name))
        },
    },
    text("bic", |document| field(document, |invoice| &invoice.bic)),
    Column {
        name: "payment_reference",
        cell: |document| {
            let payment = document
                .invoice
                .as_ref()
                .and_then(|invoice| invoice.payment.value());
            Cell::text(payment.and_then(|payment| payment.reference.text()))
        },
    },
    text("payment_terms", |document| {
        field(document, |invoice| &invoice.payment_terms)
    }),
    text("vendor_tax_number", |document| {
        field(document, |invoice| &invoice.vendor_tax_number)
    }),
    text("buyer_name", |document| {
        field(document, |invoice| &invoice.buyer_name)
    }),
    text("buyer_vat", |document| {
        field(document, |invoice| &invoice.buyer_vat)
    }),
    text("buyer_reference", |document| {
        field(document, |invoice| &invoice.buyer_reference)
    }),
    text("contract_reference", |document| {
        field(document, |invoice| &invoice.contract_reference)
    }),
    text("project_reference", |document| {
        field(document, |invoice| &invoice.project_reference)
    }),
    Column {
        name: "delivery_date",
        cell: |document| {
            Cell::plain(
                document
                    .invoice
                    .as_ref()
                    .and_then(|invoice| invoice.delivery_date.get()),
            )
        },
    },
];

const fn text(name: &'static str, cell: fn(&Document) -> Cell) -> Column {
    Column { name, cell }
}

fn field(document: &Document, of: fn(&Invoice) -> &Field<String>) -> Cell {
    Cell::text(
        document
            .invoice
            .as_ref()
            .and_then(|invoice| of(invoice).text()),
    )
}

fn vendor<'a>(
    document: &'a Document,
    of: fn(&'a VendorMatch) -> Option<&'a str>,
) -> Option<&'a str> {
    document.vendor.as_ref().and_then(of)
}

fn write(documents: &[Document], options: &Options) -> Result<Vec<u8>, ExportError> {
    table(&chosen(&COLUMNS, USUAL, options)?, documents)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Approval, DocId};

    #[test]
    fn a_bill_is_one_row_with_the_usual_columns() {
        let mut document = Document::new(DocId::from_text("d1"));
        document.invoice = serde_json::from_value(serde_json::json!({
            "vendor_name": "=Acme", "vendor_vat": "DE136695976", "invoice_number": "-1", "document_type": "381",
            "invoice_date": "2026-01-15", "due_date": null, "currency": "EUR", "subtotal": -10, "vat_amount": "-1.9",
            "total": -11.9, "iban": "DE89370400440532013000", "po_reference": "PO,1"
        }))
        .expect("an invoice");
        document.approval = Some(Approval {
            approver: Some("anna@example.com".to_owned()),
            ..Approval::default()
        });
        let bytes = write(&[document], &Options::default()).expect("writes");
        assert_eq!(
            String::from_utf8(bytes).expect("UTF-8"),
            "document_id,vendor_id,vendor_name,vendor_vat,invoice_number,document_type,invoice_date,due_date,currency,subtotal,\
             vat_amount,total,amount_due,iban,po_reference,approver\n\
             d1,,'=Acme,DE136695976,'-1,381,2026-01-15,,EUR,-10.00,-1.90,-11.90,,DE89370400440532013000,\"PO,1\",anna@example.com\n"
        );
    }

    #[test]
    fn columns_can_be_chosen_and_an_unknown_one_is_refused() {
        let choose = |columns: &[&str]| {
            let columns = columns.iter().map(|&name| name.to_owned()).collect();
            write(
                &[],
                &Options {
                    columns: Some(columns),
                },
            )
            .map(|bytes| String::from_utf8(bytes).expect("UTF-8"))
        };
        assert_eq!(choose(&["total", "bic"]).expect("writes"), "total,bic\n");
        let unknown = choose(&["totl"]).expect_err("refused").to_string();
        assert!(
            unknown.starts_with("unknown column `totl`; known are document_id, vendor_id"),
            "{unknown}"
        );
        assert!(choose(&["total", "total"]).is_err());
        assert!(choose(&[]).is_err());
    }
}
