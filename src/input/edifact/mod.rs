//! UN/EDIFACT INVOIC, in all directories from D93A on.
//!
//! One interchange holds a message for each invoice, and sometimes messages that are none: those are set aside by name. Which
//! amount stands under which code depends on the guideline (EANCOM, EDITEC, Odette, the EN 16931 binding to D.14B), so codes
//! are asked in turn, and of several candidates for the total the one that adds up is taken.

mod header;
mod lines;
mod party;
mod totals;

#[cfg(test)]
mod tests;

use encoding_rs::{
    Encoding, ISO_8859_2, ISO_8859_3, ISO_8859_4, ISO_8859_5, ISO_8859_6, ISO_8859_7, ISO_8859_8,
    UTF_8, WINDOWS_1252, WINDOWS_1254,
};

use super::edi::{self, Datum, Segment, Separators, Syntax};
use super::xml::fields::{Fields, Reading};
use super::{Context, Reader, derived};
use crate::model::{Document, Invoice};
use crate::stage::StageError;

/// EDIFACT.
pub(super) const EDIFACT: Reader = Reader {
    name: "edifact",
    media_type: MEDIA_TYPE,
    extension: "edi",
    reads: "UN/EDIFACT INVOIC (D93A to D14B), one document for each message",
    sniff,
    read,
};

const MEDIA_TYPE: &str = "application/EDIFACT";

/// How far the first message header is looked for.
const HEAD: usize = 4096;

/// Fields of a message.
type Edi<'t> = Fields<'t, Datum<'t>>;

/// An interchange begins with `UNA` and six characters, or `UNB` and a syntax identifier; a bare message with `UNH`. Text that
/// only speaks of EDIFACT does not.
fn sniff(bytes: &[u8]) -> bool {
    let bytes = edi::start(bytes);
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(HEAD)]);
    let Some((separators, rest)) = separators(&head) else {
        return false;
    };
    let element = separators.element;
    let begins = |tag: &str| {
        rest.strip_prefix(tag)
            .is_some_and(|rest| rest.starts_with(element))
    };
    let syntax = begins("UNB") && rest.get(4..7) == Some("UNO");
    syntax || begins("UNH") && head.contains("INVOIC")
}

/// The separators of an interchange and what follows the advice; `None` if it begins like none.
fn separators(text: &str) -> Option<(Separators, &str)> {
    let usual = Separators {
        segment: '\'',
        element: '+',
        component: Some(':'),
        release: Some('?'),
    };
    let Some(advice) = text.strip_prefix("UNA") else {
        let begins = text.starts_with("UNB") || text.starts_with("UNH");
        return begins.then_some((usual, text));
    };
    let mut chars = advice.chars();
    let mut next = || chars.next();
    let (component, element, _decimal, release) = (next()?, next()?, next()?, next()?);
    let (_reserved, segment) = (next()?, next()?);
    let told = Separators {
        segment,
        element,
        component: Some(component),
        // A blank says that there is none.
        release: (release != ' ').then_some(release),
    };
    let all = [Some(segment), Some(element), Some(component), told.release];
    let differ = (1..all.len()).all(|at| !all[..at].contains(&all[at]));
    let sound = differ
        && [segment, element, component]
            .iter()
            .all(|c| !c.is_alphanumeric());
    sound.then(|| (told, chars.as_str().trim_start()))
}

/// The character set of a syntax identifier (UNTDID 0001), where bytes are not UTF-8.
fn charset(identifier: &str) -> &'static Encoding {
    match identifier {
        "UNOD" => ISO_8859_2,
        "UNOE" => ISO_8859_5,
        "UNOF" => ISO_8859_7,
        "UNOG" => ISO_8859_3,
        "UNOH" => ISO_8859_4,
        "UNOI" => ISO_8859_6,
        "UNOJ" => ISO_8859_8,
        "UNOK" => WINDOWS_1254,
        "UNOW" | "UNOY" => UTF_8,
        _ => WINDOWS_1252,
    }
}

const SYNTAX: Syntax = Syntax {
    called: "message",
    ends: ("UNH", "UNT"),
    envelopes: &["UNA", "UNB", "UNZ", "UNG", "UNE"],
    kind: (2, 1),
    invoice: "INVOIC",
    media_type: MEDIA_TYPE,
    engine: "edifact",
};

fn read(bytes: &[u8], context: &mut Context<'_>) -> Result<Vec<Document>, StageError> {
    let head = String::from_utf8_lossy(edi::start(bytes));
    let syntax = separators(&head).and_then(|(_, rest)| rest.get(4..8).map(str::to_owned));
    let text = edi::decode(bytes, charset(&syntax.unwrap_or_default()));
    let (separators, rest) =
        separators(&text).ok_or_else(|| edi::corrupt("it does not begin as one does"))?;
    let segments = edi::segments(rest, &separators)?;
    edi::documents(segments, &SYNTAX, invoice, context)
}

/// Segments that belong together.
#[derive(Clone, Copy)]
struct Part<'t>(&'t [Segment]);

impl<'t> Part<'t> {
    /// The first segment of a tag with the first of these qualifiers that there is.
    fn one(self, tag: &str, qualifiers: &[&str]) -> Option<&'t Segment> {
        qualifiers
            .iter()
            .find_map(|qualifier| self.0.iter().find(|segment| segment.is(tag, &[qualifier])))
    }

    /// All segments of a tag.
    fn all(self, tag: &str) -> impl Iterator<Item = &'t Segment> {
        self.0.iter().filter(move |segment| segment.tag == tag)
    }

    /// Groups that begin with a tag and hold the segments behind it as long as their tags are those of members.
    fn groups(self, tag: &str, members: &[&str]) -> Vec<Part<'t>> {
        let starts = (0..self.0.len()).filter(|at| self.0[*at].tag == tag);
        starts
            .map(|at| {
                let rest = &self.0[at + 1..];
                let more = rest
                    .iter()
                    .position(|segment| !members.contains(&segment.tag.as_str()));
                Part(&self.0[at..=at + more.unwrap_or(rest.len())])
            })
            .collect()
    }

    /// What stands outside of such groups.
    fn outside(self, tag: &str, members: &[&str]) -> Vec<&'t Segment> {
        let mut inside = false;
        self.0
            .iter()
            .filter(|segment| {
                inside = segment.tag == tag || inside && members.contains(&segment.tag.as_str());
                !inside
            })
            .collect()
    }

    /// An amount under the first of these codes that there is.
    fn amount(self, codes: &[&str]) -> Option<Datum<'t>> {
        Datum::number(self.one("MOA", codes)?, 1, 2)
    }

    /// A date under the first of these codes that there is.
    fn date(self, codes: &[&str]) -> Option<Datum<'t>> {
        Datum::whole(self.one("DTM", codes)?, 1)
    }

    /// A reference under the first of these codes that there is.
    fn reference(self, codes: &[&str]) -> Option<Datum<'t>> {
        Datum::text(self.one("RFF", codes)?, 1, 2)
    }
}

/// What belongs to an allowance or charge, and to a tax.
const OF_ALLOWANCE: &[&str] = &["ALI", "PCD", "MOA", "RNG", "RTE", "QTY", "TAX", "DTM"];
const OF_TAX: &[&str] = &["MOA", "LOC"];

/// A message's three sections.
struct Sections<'t> {
    header: Part<'t>,
    lines: Vec<Part<'t>>,
    summary: Part<'t>,
}

fn sections(segments: &[Segment]) -> Sections<'_> {
    let is = |tag: &'static str| move |segment: &Segment| segment.tag == tag;
    // `UNS+D` parts header from lines where the two could be mistaken.
    let ends = |segment: &Segment| segment.tag == "UNS" && segment.get(1, 1) != "D";
    let summary = segments.iter().position(ends).unwrap_or(segments.len());
    let (body, summary) = segments.split_at(summary);
    let first = body.iter().position(is("LIN")).unwrap_or(body.len());
    let (header, detail) = body.split_at(first);
    let lines = detail
        .chunk_by(|_, next| next.tag != "LIN")
        .map(Part)
        .collect();
    Sections {
        header: Part(header),
        lines,
        summary: Part(summary),
    }
}

fn invoice(segments: &[Segment], path: &str) -> Reading {
    let parts = sections(segments);
    let currency = currency(&parts);
    let mut f = Fields::new(path, currency.map(super::xml::fields::Place::text));
    let mut invoice = Invoice {
        currency: f.text("currency", currency),
        ..Invoice::default()
    };
    header::read(&mut f, &parts, &mut invoice);
    party::read(&mut f, parts.header, &mut invoice);
    invoice.line_items = lines::read(&mut f, &parts.lines);
    totals::read(&mut f, &parts, &mut invoice);
    derived::complete(&mut f, &mut invoice);
    f.finish(invoice)
}

/// The invoice's currency: of `CUX`, reference (2) before charge currency (1), else of the first amount that names one.
fn currency<'t>(parts: &Sections<'t>) -> Option<Datum<'t>> {
    let named = ["2", "1"].into_iter().find_map(|usage| {
        let mut composites = parts
            .header
            .all("CUX")
            .flat_map(|segment| (1..=segment.elements()).map(move |element| (segment, element)));
        composites.find_map(|(segment, element)| {
            let same = segment.get(element, 1) == usage;
            Datum::text(segment, element, 2).filter(|_| same)
        })
    });
    let amounts = || {
        let all = parts.summary.all("MOA").chain(parts.header.all("MOA"));
        let lines = parts.lines.iter().flat_map(|line| line.all("MOA"));
        all.chain(lines)
            .find_map(|segment| Datum::text(segment, 1, 3))
    };
    named.or_else(amounts)
}
