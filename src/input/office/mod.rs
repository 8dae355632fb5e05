//! Office documents: archives of XML, told from other archives by what their directory lists.
//!
//! A spreadsheet shows what its cells show: numbers and dates in the form that the cell gives them. What an author hid (rows,
//! columns, sheets, text) is left out, as are changes that were struck out.

mod docx;
mod number_format;
mod odf;
mod package;
mod sheet;
mod xlsx;

#[cfg(test)]
mod tests;

use super::csv::{self, Rows};
use super::flow::{self, Block};
use super::{Context, Reader};
use crate::model::{Document, Ocr, Warning};
use crate::stage::StageError;
use package::{Kind, Package};

/// Word documents.
pub(super) const DOCX: Reader = Reader {
    name: "docx",
    media_type: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    extension: "docx",
    reads: "text, tables, text boxes, headers and footers",
    sniff: |bytes| package::kind(bytes) == Some(Kind::Docx),
    read: |bytes, context| read(bytes, docx::blocks, (DOCX.media_type, "docx"), context),
};

/// Excel workbooks.
pub(super) const XLSX: Reader = Reader {
    name: "xlsx",
    media_type: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    extension: "xlsx",
    reads: "each visible sheet as a page, cells as they are shown; a list of invoices like CSV",
    sniff: |bytes| package::kind(bytes) == Some(Kind::Xlsx),
    read: |bytes, context| read(bytes, xlsx::blocks, (XLSX.media_type, "xlsx"), context),
};

/// Spreadsheets of ODF.
pub(super) const ODS: Reader = Reader {
    name: "ods",
    media_type: "application/vnd.oasis.opendocument.spreadsheet",
    extension: "ods",
    reads: "each visible sheet as a page, cells as they are shown; a list of invoices like CSV",
    sniff: |bytes| package::kind(bytes) == Some(Kind::Ods),
    read: |bytes, context| read(bytes, odf::sheets, (ODS.media_type, "ods"), context),
};

/// Texts of ODF.
pub(super) const ODT: Reader = Reader {
    name: "odt",
    media_type: "application/vnd.oasis.opendocument.text",
    extension: "odt",
    reads: "text, tables, text boxes, headers and footers",
    sniff: |bytes| package::kind(bytes) == Some(Kind::Odt),
    read: |bytes, context| read(bytes, odf::text, (ODT.media_type, "odt"), context),
};

/// Tells whether an archive is an office document, so that nobody takes it apart.
pub(super) fn is_office(bytes: &[u8]) -> bool {
    package::kind(bytes).is_some()
}

/// What a format's reader makes of a package.
struct Read {
    blocks: Vec<Block>,
    warnings: Vec<Warning>,
    /// The rows of the first sheet, which may be a list of invoices.
    rows: Rows,
}

impl Read {
    fn new(blocks: Vec<Block>) -> Self {
        Self {
            blocks,
            warnings: Vec::new(),
            rows: Rows::new(),
        }
    }
}

fn read(
    bytes: &[u8],
    reader: fn(&mut Package<'_>) -> Result<Read, StageError>,
    (media_type, engine): (&str, &str),
    context: &mut Context<'_>,
) -> Result<Vec<Document>, StageError> {
    let read = reader(&mut Package::open(bytes)?)?;
    if let Some(documents) = csv::of_rows(&read.rows, media_type, engine, context) {
        return documents;
    }
    let mut document = flow::document(&read.blocks, engine, context)?;
    let ocr = document.ocr.get_or_insert_with(Ocr::default);
    ocr.warnings.extend(read.warnings);
    Ok(vec![document])
}

fn corrupt(why: &str) -> StageError {
    StageError::input("CORRUPT_FILE", format!("the document is damaged: {why}"))
}
