//! CSV of invoices: a row an invoice, or a row a line with the invoice's fields repeated or left blank behind the first.
//!
//! Only a file whose header names an invoice number, an amount and a vendor is one: a list of open items or of payments
//! looks much alike and is no invoice. Delimiter, character set, decimal mark and the order of dates are those of the file as
//! a whole; a date that can be two is no date.

mod columns;
mod invoices;
mod table;

#[cfg(test)]
mod tests;

use encoding_rs::{Encoding, UTF_8, WINDOWS_1250, WINDOWS_1252};

use super::{Context, Reader, limits};
use crate::model::{Document, Warning};
use crate::stage::StageError;
use ::csv::{Reader as CsvReader, ReaderBuilder, StringRecord};
use columns::Column;
use table::Table;

/// CSV.
pub(super) const CSV: Reader = Reader {
    name: "csv",
    media_type: MEDIA_TYPE,
    extension: "csv",
    reads: "one invoice a row, or one line a row, by headers in nine languages",
    sniff: |bytes| header(&head(bytes)).is_some(),
    read,
};

const MEDIA_TYPE: &str = "text/csv";
/// Bytes that a header fits in.
const HEAD: usize = 8 * 1024;
/// More columns than exports have.
pub(super) const MAX_COLUMNS: usize = 200;

/// How a file is written, and what its columns are.
struct Header {
    delimiter: u8,
    /// Bytes in front of the header.
    start: usize,
    columns: Columns,
}

/// The columns of a table.
struct Columns {
    /// Their fields, where they are known.
    fields: Vec<Option<Column>>,
    /// What stands over them.
    titles: Vec<String>,
    /// The language of most of that.
    language: &'static str,
}

/// The rows of a table with their numbers, the first one its header.
pub(super) type Rows = Vec<(usize, Vec<String>)>;

fn head(bytes: &[u8]) -> String {
    let cut = &bytes[..bytes.len().min(HEAD)];
    // A character that is cut in two must not make another encoding of the text.
    let whole = match std::str::from_utf8(cut) {
        Err(error) if error.error_len().is_none() => &cut[..error.valid_up_to()],
        _ => cut,
    };
    decode(whole, WINDOWS_1252)
}

fn decode(bytes: &[u8], fallback: &'static Encoding) -> String {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        let text = encoding.decode_without_bom_handling(&bytes[mark..]).0;
        return text.into_owned();
    }
    match UTF_8.decode_without_bom_handling_and_without_replacement(bytes) {
        Some(text) => text.into_owned(),
        None => fallback.decode_without_bom_handling(bytes).0.into_owned(),
    }
}

/// The header of a file of invoices; `None` if it is none.
fn header(text: &str) -> Option<Header> {
    if text.contains('\0') {
        return None;
    }
    let mut start = text.len() - text.trim_start().len();
    // Excel writes the delimiter in a line of its own.
    if let Some(rest) = text[start..].strip_prefix("sep=") {
        start = text.len() - rest.find('\n').map_or("", |end| &rest[end + 1..]).len();
    }
    let candidates = [b';', b',', b'\t', b'|'].into_iter();
    let mut headers: Vec<Header> = candidates
        .filter_map(|delimiter| parted(&text[start..], delimiter, start))
        .collect();
    let known = |header: &Header| header.columns.fields.iter().flatten().count();
    headers.sort_by_key(|header| std::cmp::Reverse(known(header)));
    let best = headers.into_iter().next();
    best.filter(|header| header.columns.are_of_invoices())
}

/// The first record parted by a delimiter.
fn parted(text: &str, delimiter: u8, start: usize) -> Option<Header> {
    let mut record = StringRecord::new();
    let mut reader = reader(text, delimiter);
    if !reader.read_record(&mut record).ok()? || record.len() > MAX_COLUMNS {
        return None;
    }
    let columns = Columns::of(record.iter().map(|title| title.trim().to_owned()).collect())?;
    Some(Header {
        delimiter,
        start,
        columns,
    })
}

impl Columns {
    /// The columns under these titles; `None` where none is known.
    fn of(titles: Vec<String>) -> Option<Self> {
        let all: Vec<&[columns::Named]> =
            titles.iter().map(|title| columns::named(title)).collect();
        let mut counts: Vec<(&'static str, usize)> = Vec::new();
        for named in all.iter().copied().flatten() {
            let mut known = counts.iter_mut();
            match known.find(|(language, _)| *language == named.language) {
                Some((_, count)) => *count += 1,
                None => counts.push((named.language, 1)),
            }
        }
        counts.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
        let language = counts.first()?.0;
        let mut fields: Vec<Option<Column>> = Vec::with_capacity(all.len());
        for named in all {
            let column = named.first().map(|named| named.column);
            // Two columns of a field: the first counts.
            let taken = column.is_some() && fields.contains(&column);
            fields.push(column.filter(|_| !taken));
        }
        Some(Self {
            fields,
            titles,
            language,
        })
    }

    /// Tells whether they are those of invoices.
    fn are_of_invoices(&self) -> bool {
        let has = |column: Column| self.fields.contains(&Some(column));
        let vendor = has(Column::VendorName) || has(Column::VendorVat);
        let amount = self.fields.iter().flatten().any(|column| column.is_money());
        has(Column::InvoiceNumber) && vendor && amount
    }
}

fn reader(text: &str, delimiter: u8) -> CsvReader<&[u8]> {
    ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes())
}

fn read(bytes: &[u8], context: &mut Context<'_>) -> Result<Vec<Document>, StageError> {
    let corrupt = |why: &str| StageError::input("CORRUPT_FILE", format!("the CSV file {why}"));
    let first = header(&head(bytes)).ok_or_else(|| corrupt("has no header of invoices"))?;
    let fallback = if first.columns.language == "pl" {
        WINDOWS_1250
    } else {
        WINDOWS_1252
    };
    let text = decode(bytes, fallback);
    let header = header(&text).ok_or_else(|| corrupt("has no header of invoices"))?;
    let rows = table::rows(&text, &header)?;
    let table = Table::new(header.columns, rows);
    documents(&table, MEDIA_TYPE, "csv", context)
}

/// Tells whether titles are those over a table of invoices.
pub(super) fn is_header(titles: Vec<String>) -> bool {
    Columns::of(titles).is_some_and(|columns| columns.are_of_invoices())
}

/// The documents of a table from elsewhere, such as a sheet; `None` if it is none of invoices.
///
/// # Errors
/// `EMPTY_FILE`, `TOO_MANY_PARTS`.
pub(super) fn of_rows(
    rows: &Rows,
    media_type: &str,
    engine: &str,
    context: &Context<'_>,
) -> Option<Result<Vec<Document>, StageError>> {
    let ((_, titles), below) = rows.split_first()?;
    let columns = Columns::of(titles.clone()).filter(Columns::are_of_invoices)?;
    let table = Table::new(columns, below.to_vec());
    Some(documents(&table, media_type, engine, context))
}

fn documents(
    table: &Table,
    media_type: &str,
    engine: &str,
    context: &Context<'_>,
) -> Result<Vec<Document>, StageError> {
    let invoices = invoices::group(table);
    if invoices.is_empty() {
        return Err(StageError::input(
            "EMPTY_FILE",
            "there is no row below the header",
        ));
    }
    if invoices.len() > limits::MAX_PARTS {
        return Err(StageError::input(
            "TOO_MANY_PARTS",
            format!("the file holds more than {} invoices", limits::MAX_PARTS),
        ));
    }
    let several = invoices.len() > 1;
    let levels = invoices::Levels::of(table, &invoices);
    let documents = invoices.iter().enumerate().map(|(index, rows)| {
        let reading = invoices::invoice(table, rows, &levels);
        let id = if several {
            context.id.part(&format!("#{}", index + 1))
        } else {
            context.id.clone()
        };
        let mut document = reading.into_document_of(&id, media_type, engine);
        document.source.parent_id = several.then(|| context.id.clone());
        document
    });
    let mut documents: Vec<Document> = documents.collect();
    let unnumbered = table.len() - invoices.iter().map(Vec::len).sum::<usize>();
    if unnumbered > 0
        && let Some(ocr) = documents.last_mut().and_then(|last| last.ocr.as_mut())
    {
        ocr.warnings.push(Warning {
            code: "ROW_WITHOUT_NUMBER".to_owned(),
            message: format!("{unnumbered} rows of the file name no invoice and were left out"),
            page: None,
        });
    }
    Ok(documents)
}
