//! ANSI X12 810, the invoice of North American EDI, versions 003010 on.
//!
//! The header `ISA` has a fixed length and thereby says which characters part everything behind it. One interchange holds a
//! transaction set (`ST` to `SE`) for each invoice. Amounts of `TDS` and `SAC` have two implied decimals. Lines have no sum
//! and an invoice no net total: both are computed and say so.

mod header;
mod lines;
mod party;
mod totals;

#[cfg(test)]
mod tests;

use encoding_rs::WINDOWS_1252;

use super::edi::{self, Datum, Segment, Separators, Syntax};
use super::xml::fields::{Fields, Reading};
use super::{Context, Reader, derived};
use crate::model::{Document, Field, Invoice};
use crate::stage::StageError;

/// X12.
pub(super) const X12: Reader = Reader {
    name: "x12",
    media_type: MEDIA_TYPE,
    extension: "x12",
    reads: "ANSI X12 810 invoices, one document for each transaction set",
    sniff: |bytes| separators(&String::from_utf8_lossy(head(bytes))).is_some(),
    read,
};

const MEDIA_TYPE: &str = "application/EDI-X12";

/// Elements of `ISA`.
const ISA_ELEMENTS: usize = 16;
/// Length of `ISA` is 106; who does not pad makes it shorter, nobody longer.
const HEAD: usize = 160;

/// Fields of a transaction set.
type Edi<'t> = Fields<'t, Datum<'t>>;

fn head(bytes: &[u8]) -> &[u8] {
    let bytes = edi::start(bytes);
    &bytes[..bytes.len().min(HEAD)]
}

/// The separators, from `ISA`: the character behind the tag, and the one behind the sixteenth element of one character.
/// `None` if it is no such header.
fn separators(text: &str) -> Option<Separators> {
    let rest = text.strip_prefix("ISA")?;
    let element = rest.chars().next()?;
    if element.is_alphanumeric() || element.is_whitespace() {
        return None;
    }
    let mut elements = rest[element.len_utf8()..].splitn(ISA_ELEMENTS, element);
    let fixed: Vec<&str> = elements.by_ref().take(ISA_ELEMENTS - 1).collect();
    let last = elements.next()?;
    // Kinds and control numbers are digits whoever sends it: text that begins with `ISA` has none there.
    let digits = |at: usize, length: usize| {
        let text = fixed.get(at).map_or("", |text| text.trim());
        text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit())
    };
    if !(digits(8, 6) && digits(9, 4) && digits(11, 5)) {
        return None;
    }
    let mut chars = last.chars();
    let component = chars.next()?;
    let mut segment = chars.next()?;
    if segment == '\r' {
        segment = '\n';
    }
    let sound = segment != element && !segment.is_alphanumeric() && component != element;
    sound.then_some(Separators {
        segment,
        element,
        // No element that we read has components, and descriptions hold whatever parts them.
        component: None,
        release: None,
    })
}

const SYNTAX: Syntax = Syntax {
    called: "transaction set",
    ends: ("ST", "SE"),
    envelopes: &["ISA", "IEA", "GS", "GE", "TA1"],
    kind: (1, 1),
    invoice: "810",
    media_type: MEDIA_TYPE,
    engine: "x12",
};

fn read(bytes: &[u8], context: &mut Context<'_>) -> Result<Vec<Document>, StageError> {
    let text = edi::decode(bytes, WINDOWS_1252);
    let separators = separators(&text).ok_or_else(|| edi::corrupt("its header is damaged"))?;
    let segments = edi::segments(&text, &separators)?;
    edi::documents(segments, &SYNTAX, invoice, context)
}

/// A transaction set's parts.
struct Sections<'t> {
    /// Up to the first line.
    header: &'t [Segment],
    /// From each `IT1` on.
    lines: Vec<&'t [Segment]>,
    /// From `TDS` on.
    summary: &'t [Segment],
}

fn sections(segments: &[Segment]) -> Sections<'_> {
    let end = segments.iter().position(|segment| segment.tag == "TDS");
    let (body, summary) = segments.split_at(end.unwrap_or(segments.len()));
    let first = body.iter().position(|segment| segment.tag == "IT1");
    let (header, lines) = body.split_at(first.unwrap_or(body.len()));
    Sections {
        header,
        lines: lines.chunk_by(|_, next| next.tag != "IT1").collect(),
        summary,
    }
}

/// The first segment of a tag with the first of these qualifiers that there is.
fn one<'t>(segments: &'t [Segment], tag: &str, qualifiers: &[&str]) -> Option<&'t Segment> {
    let mut all = qualifiers.iter();
    all.find_map(|code| segments.iter().find(|segment| segment.is(tag, &[code])))
}

/// All segments of a tag.
fn all<'t>(segments: &'t [Segment], tag: &str) -> impl Iterator<Item = &'t Segment> {
    segments.iter().filter(move |segment| segment.tag == tag)
}

/// An element's text.
fn text(segment: &Segment, element: usize) -> Option<Datum<'_>> {
    Datum::text(segment, element, 1)
}

/// An element's number.
fn number(segment: &Segment, element: usize) -> Option<Datum<'_>> {
    Datum::number(segment, element, 1)
}

fn invoice(segments: &[Segment], path: &str) -> Reading {
    let parts = sections(segments);
    let parties = party::parties(parts.header);
    let currency = all(segments, "CUR").find_map(|segment| text(segment, 2));
    let implied = party::currency(&parties);
    let told = currency.map(super::xml::fields::Place::text);
    let known = told.or_else(|| implied.map(|(_, currency)| currency.to_owned()));
    let mut f = Fields::new(path, known);
    let mut invoice = Invoice {
        currency: f.text("currency", currency),
        ..Invoice::default()
    };
    if let (None, Some((address, code))) = (currency, implied) {
        let operands = f.path(address);
        f.computed("currency", operands);
        invoice.currency = Field::Value(code.to_owned());
    }
    header::read(&mut f, &parts, &mut invoice);
    party::read(&mut f, &parties, parts.header, &mut invoice);
    invoice.line_items = lines::read(&mut f, &parts.lines);
    totals::read(&mut f, &parts, &mut invoice);
    derived::complete(&mut f, &mut invoice);
    f.finish(invoice)
}
