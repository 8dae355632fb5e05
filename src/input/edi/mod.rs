//! Segments of EDI interchanges: what UN/EDIFACT and ANSI X12 have in common.
//!
//! A segment is a tag and its elements, an element its components. Nothing here knows a message; what is read is found by
//! tag and qualifier, since guidelines leave out and add segments as they please.

mod datum;
mod message;
mod segment;

pub(super) use datum::{Datum, dated, period};
pub(super) use message::{Syntax, corrupt, documents};
pub(super) use segment::{Segment, Separators, segments};

use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};

/// The text of an interchange: UTF-8 where the bytes are that, whatever is declared (real files are), else the charset given.
pub(super) fn decode(bytes: &[u8], declared: &'static Encoding) -> String {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let utf8 = UTF_8.decode_without_bom_handling_and_without_replacement(bytes);
    let fallback = if declared == UTF_8 {
        WINDOWS_1252
    } else {
        declared
    };
    let text = utf8.unwrap_or_else(|| fallback.decode_without_bom_handling(bytes).0);
    text.trim_matches(|c: char| c.is_whitespace() || c == '\0')
        .to_owned()
}

/// The bytes without a byte order mark and blanks in front.
pub(super) fn start(bytes: &[u8]) -> &[u8] {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    bytes.trim_ascii_start()
}
