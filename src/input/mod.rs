//! Bytes of a file to documents: one reader a format, found by content, never by name.
//!
//! A reader is pure: it takes bytes and limits and returns documents or a typed refusal. All of them run in worker
//! processes, since a hostile file may hang or bring down whoever parses it.

mod bmp;
mod cfdi;
mod cii;
mod codes;
mod conformance;
mod container;
mod csv;
mod cxml;
mod derived;
mod ebinterface;
mod edi;
mod edifact;
mod eml;
mod facturae;
mod facturx;
mod fatturapa;
mod flow;
mod heic;
mod html;
mod image;
mod isdoc;
mod ksef;
pub mod limits;
mod mbox;
mod msg;
mod office;
mod ole;
mod p7m;
mod page;
mod pdf;
mod recognise;
#[cfg(test)]
mod sample;
mod split;
mod svefaktura;
mod text;
mod tiff;
mod ubl;
mod webp;
mod x12;
mod xml;
mod zip;

use std::collections::BTreeMap;

use crate::model::{DocId, Document, Evidence, Invoice};
use crate::stage::{Engine, StageError};

/// A format we read.
pub struct Reader {
    /// Name, as `vouch formats` prints it.
    pub name: &'static str,
    /// Media type, as `source.media_type` writes it.
    pub media_type: &'static str,
    /// Extension under which the original is archived, without a dot.
    pub extension: &'static str,
    /// What is read of it, in one line for people.
    pub reads: &'static str,
    /// Tells by content whether it is this format.
    pub sniff: fn(&[u8]) -> bool,
    /// Reads it.
    pub read: fn(&[u8], &mut Context<'_>) -> Result<Vec<Document>, StageError>,
}

/// All formats, in the order in which they are asked.
#[rustfmt::skip]
pub const READERS: &[Reader] = &[
    zip::ZIP,
    mbox::MBOX,
    eml::EML,
    msg::MSG,
    p7m::P7M,
    pdf::PDF,
    image::PNG,
    image::JPEG,
    tiff::TIFF,
    webp::WEBP,
    bmp::BMP,
    heic::HEIC,
    ubl::UBL,
    cii::CII,
    fatturapa::FATTURAPA,
    facturae::FACTURAE,
    cfdi::CFDI,
    ebinterface::EBINTERFACE,
    isdoc::ISDOC,
    ksef::KSEF,
    svefaktura::SVEFAKTURA,
    cxml::CXML,
    edifact::EDIFACT,
    x12::X12,
    html::HTML,
    csv::CSV,
    office::DOCX,
    office::XLSX,
    office::ODS,
    office::ODT,
    ole::OLE,
];

/// What a reader works with besides the bytes.
pub struct Context<'a> {
    /// Id of the file; a file with several invoices makes parts of it.
    pub id: &'a DocId,
    /// Largest document within a container, in bytes.
    pub max_part: usize,
    /// Reads pixels; `None` where no engine is built in or asked for.
    pub engine: Option<&'a mut dyn Engine>,
    /// Called before each page, so that a page has its own time limit.
    pub page: &'a mut dyn FnMut(u32),
}

/// An invoice read exactly from a structured file.
#[derive(Default)]
pub struct Structured {
    /// What it says.
    pub invoice: Invoice,
    /// Field path to element path, method `xml`.
    pub evidence: BTreeMap<String, Evidence>,
}

/// Finds the reader of some bytes, by their content.
pub fn sniff(bytes: &[u8]) -> Option<&'static Reader> {
    READERS.iter().find(|reader| (reader.sniff)(bytes))
}

/// Tells whether a file holds files: its size is then that of many documents, each of which has the limit of one.
pub fn holds_files(bytes: &[u8]) -> bool {
    container::HOLD_FILES.iter().any(|sniff| sniff(bytes))
}

/// The extension under which an original is archived: its reader's, `bin` if nobody reads it.
pub fn extension_of(bytes: &[u8]) -> &'static str {
    sniff(bytes).map_or("bin", |reader| reader.extension)
}

/// Reads a file into the documents in it.
///
/// # Errors
/// `EMPTY_FILE`, `UNSUPPORTED_TYPE`, or what the format's reader refuses.
pub fn read(bytes: &[u8], context: &mut Context<'_>) -> Result<Vec<Document>, StageError> {
    if bytes.is_empty() {
        return Err(StageError::input("EMPTY_FILE", "the file is empty"));
    }
    let Some(reader) = sniff(bytes) else {
        return Err(StageError::input(
            "UNSUPPORTED_TYPE",
            format!(
                "the content is none of the {} formats read here",
                READERS.len()
            ),
        ));
    };
    let mut documents = (reader.read)(bytes, context)?;
    for document in &mut documents {
        // A part of a container has the type of its own content.
        (document.source.media_type).get_or_insert_with(|| reader.media_type.to_owned());
    }
    Ok(documents)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_told_by_content() {
        for (bytes, extension) in [
            (&b"%PDF-1.7\n"[..], "pdf"),
            (b"\xef\xbb\xbf\n%PDF-1.4", "pdf"),
            (b"\x89PNG\r\n\x1a\n....", "png"),
            (b"\xff\xd8\xff\xe0", "jpg"),
            (b"II*\0....", "tif"),
            (b"MM\0*....", "tif"),
            (b"test pdf content\n", "bin"),
            (b"RIFF\x24\0\0\0WEBPVP8L", "webp"),
            (b"RIFF\x24\0\0\0WAVEfmt ", "bin"),
            (b"PK\x03\x04", "zip"),
            (b"", "bin"),
        ] {
            assert_eq!(extension_of(bytes), extension, "{bytes:?}");
        }
    }

    #[test]
    fn what_nobody_reads_is_refused_with_a_reason() {
        let id = DocId::from_text("x");
        for (bytes, code) in [
            (&b""[..], "EMPTY_FILE"),
            (b"test pdf content\n", "UNSUPPORTED_TYPE"),
            (b"\0\0\0\0", "UNSUPPORTED_TYPE"),
        ] {
            let mut context = Context {
                max_part: usize::MAX,
                id: &id,
                engine: None,
                page: &mut |_| {},
            };
            let refused = read(bytes, &mut context).err().map(|error| error.code);
            assert_eq!(refused, Some(code));
        }
    }

    #[test]
    fn the_registry_is_complete() {
        for reader in READERS {
            assert!(reader.media_type.contains('/'), "{}", reader.name);
            assert!(!reader.reads.is_empty() && !reader.extension.starts_with('.'));
        }
        let mut names: Vec<&str> = READERS.iter().map(|reader| reader.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), READERS.len());
    }
}
