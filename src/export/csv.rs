//! Tables as RFC 4180 writes them, but with `\n` at the end of a line; UTF-8, no byte order mark.

use super::ExportError;
use super::column::{Cell, Column};
use crate::model::Document;

/// What a spreadsheet takes for the beginning of a formula, also in the full-width forms that some accept.
const FORMULA: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

/// Writes a table: the header, then a row a document.
pub(super) fn table(columns: &[&Column], documents: &[Document]) -> Result<Vec<u8>, ExportError> {
    let mut writer = csv::WriterBuilder::new().from_writer(Vec::new());
    writer.write_record(columns.iter().map(|column| column.name))?;
    for document in documents {
        let row = columns
            .iter()
            .map(|column| written((column.cell)(document)));
        writer.write_record(row)?;
    }
    writer
        .into_inner()
        .map_err(|error| ExportError::Csv(error.into_error().into()))
}

fn written(cell: Cell) -> String {
    match cell {
        Cell::Empty => String::new(),
        Cell::Plain(text) => text,
        Cell::Text(text) => guarded(text),
    }
}

/// Puts a `'` before text that a spreadsheet would calculate.
fn guarded(text: String) -> String {
    if text.starts_with(FORMULA) {
        format!("'{text}")
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{DocId, Field, Invoice};
    use proptest::prelude::*;

    const NAME: Column = Column {
        name: "name",
        cell: |document| {
            let invoice = document.invoice.as_ref();
            Cell::text(invoice.and_then(|invoice| invoice.vendor_name.text()))
        },
    };
    const ID: Column = Column {
        name: "id",
        cell: |document| Cell::plain(Some(document.id.as_str())),
    };

    fn named(name: &str) -> Document {
        let mut document = Document::new(DocId::from_text("7"));
        document.invoice = Some(Invoice {
            vendor_name: Field::Value(name.to_owned()),
            ..Invoice::default()
        });
        document
    }

    #[test]
    fn text_that_looks_like_a_formula_is_neutralised_and_quoted() {
        for (name, row) in [
            ("=1+1", "'=1+1,7\n"),
            ("+49 30", "'+49 30,7\n"),
            ("-x", "'-x,7\n"),
            ("@sum", "'@sum,7\n"),
            ("\tx", "'\tx,7\n"),
            ("\rx", "\"'\rx\",7\n"),
            ("＝1", "'＝1,7\n"),
            ("a=b", "a=b,7\n"),
            ("a,\"b\"\nc", "\"a,\"\"b\"\"\nc\",7\n"),
            ("", ",7\n"),
        ] {
            let bytes = table(&[&NAME, &ID], &[named(name)]).expect("writes");
            assert_eq!(
                String::from_utf8(bytes).expect("UTF-8"),
                format!("name,id\n{row}"),
                "{name}"
            );
        }
    }

    proptest! {
        #[test]
        fn what_is_written_can_be_read_back(names in proptest::collection::vec("\\PC*|[=+@,\"\r\n-]{0,4}", 0..8)) {
            let documents: Vec<Document> = names.iter().map(|name| named(name)).collect();
            let bytes = table(&[&NAME, &ID], &documents).expect("writes");
            let mut reader = csv::Reader::from_reader(bytes.as_slice());
            let rows: Vec<csv::StringRecord> = reader.records().collect::<Result<_, _>>().expect("reads");
            prop_assert_eq!(rows.len(), names.len());
            for (row, name) in rows.iter().zip(&names) {
                prop_assert!(!row[0].starts_with(FORMULA));
                let guard = if name.starts_with(FORMULA) { "'" } else { "" };
                prop_assert_eq!(&row[0], format!("{guard}{name}"));
            }
        }
    }
}
