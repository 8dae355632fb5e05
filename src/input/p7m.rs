//! Signed envelopes (CMS `SignedData`, `.p7m`), as Italian invoices come in: the content is read, the signature is not judged.
//!
//! A walk through the few BER elements that lead to the content, in definite and in indefinite lengths.

use mail_parser::decoders::base64::base64_decode;

use super::Reader;
use super::container::{self, Budget, Part, Role, Unpacked};
use crate::model::Warning;
use crate::stage::StageError;

/// Signed envelope.
pub(super) const P7M: Reader = Reader {
    name: "p7m",
    media_type: "application/pkcs7-mime",
    extension: "p7m",
    reads: "the signed content; the signature is not verified",
    sniff,
    read: |bytes, context| container::read(bytes, unpack, context),
};

/// Object identifier of `SignedData`, 1.2.840.113549.1.7.2 (RFC 5652, section 5.1).
const SIGNED_DATA: &[u8] = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02";
/// Pieces of content within each other; writers use one or two levels.
const MAX_LEVELS: u32 = 8;

/// How much of a file is decoded to tell what it is: enough for marks in front and the identifier.
const HEAD: usize = 256;

pub(super) fn sniff(bytes: &[u8]) -> bool {
    is_envelope(bytes)
        || decoded(&bytes[..bytes.len().min(HEAD)]).is_some_and(|der| is_envelope(&der))
}

fn is_envelope(der: &[u8]) -> bool {
    // The identifier comes right behind tag and length, which take two to ten bytes.
    der.first() == Some(&0x30)
        && der[..der.len().min(24)]
            .windows(SIGNED_DATA.len())
            .any(|window| window == SIGNED_DATA)
}

/// The envelope in base64, bare or between PEM marks, as certified mail and some signers deliver it.
fn decoded(bytes: &[u8]) -> Option<Vec<u8>> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let is_mark = |line: &&[u8]| !line.starts_with(b"-----");
    let mut digits: Vec<u8> = bytes
        .split(|byte| *byte == b'\n')
        .filter(is_mark)
        .flatten()
        .copied()
        .filter(|byte| !byte.is_ascii_whitespace())
        .collect();
    let is_digit = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=');
    if digits.first() != Some(&b'M') || !digits.iter().all(is_digit) {
        return None;
    }
    digits.truncate(digits.len() / 4 * 4);
    base64_decode(&digits)
}

pub(super) fn unpack(bytes: &[u8], budget: &mut Budget) -> Result<Unpacked, StageError> {
    let found = if is_envelope(bytes) {
        content(bytes)
    } else {
        decoded(bytes).and_then(|der| content(&der))
    };
    let mut content = found.ok_or_else(|| {
        StageError::input(
            "CORRUPT_FILE",
            "the signed envelope has no readable content",
        )
    })?;
    // What S/MIME signs is a mail's body, whose header says of itself only what it holds.
    if content
        .get(..13)
        .is_some_and(|head| head.eq_ignore_ascii_case(b"content-type:"))
    {
        content.splice(..0, *b"MIME-Version: 1.0\r\n");
    }
    budget.take(content.len())?;
    Ok(Unpacked {
        parts: vec![Ok(Part {
            bytes: content,
            role: Role::File,
            name: None,
        })],
        warning: Some(Warning {
            code: "SIGNATURE_NOT_VERIFIED".to_owned(),
            message: "the file came in a signed envelope whose signature was not verified"
                .to_owned(),
            page: None,
        }),
        ..Unpacked::default()
    })
}

/// `ContentInfo { type, [0] SignedData { version, digests, { type, [0] content } … } }`.
fn content(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut info = Reading(Element::first(bytes)?.0.inside);
    info.next(0x06)?;
    let mut signed = Reading(Reading(info.next(0xa0)?.inside).next(0x30)?.inside);
    signed.next(0x02)?;
    signed.next(0x31)?;
    let mut enclosed = Reading(signed.next(0x30)?.inside);
    enclosed.next(0x06)?;
    let mut out = Vec::new();
    let content = Element::first(enclosed.next(0xa0)?.inside)?.0;
    gather(&content, MAX_LEVELS, &mut out)?;
    Some(out)
}

/// Puts the pieces of an octet string together.
fn gather(element: &Element<'_>, levels: u32, out: &mut Vec<u8>) -> Option<()> {
    match element.tag {
        0x04 => out.extend_from_slice(element.inside),
        0x24 if levels > 0 => {
            let mut rest = element.inside;
            while !rest.is_empty() {
                let (piece, after) = Element::first(rest)?;
                gather(&piece, levels - 1, out)?;
                rest = after;
            }
        }
        _ => return None,
    }
    Some(())
}

struct Element<'b> {
    tag: u8,
    inside: &'b [u8],
}

impl<'b> Element<'b> {
    /// The first element and what follows it. Tags of one byte only: no other leads to the content.
    fn first(bytes: &'b [u8]) -> Option<(Self, &'b [u8])> {
        let (&tag, rest) = bytes.split_first()?;
        let (&length, rest) = rest.split_first()?;
        if length == 0x80 {
            // As long as the elements in it, up to the end mark, or to the end of a torn file.
            let end = end_of(rest, 32)?;
            return Some((
                Self {
                    tag,
                    inside: &rest[..end],
                },
                rest.get(end + 2..).unwrap_or_default(),
            ));
        }
        let (length, rest) = if length < 0x80 {
            (usize::from(length), rest)
        } else {
            let (digits, rest) = rest.split_at_checked(usize::from(length & 0x7f))?;
            if digits.len() > 4 {
                return None;
            }
            let value = digits
                .iter()
                .fold(0, |value, digit| value << 8 | usize::from(*digit));
            (value, rest)
        };
        let (inside, after) = rest.split_at_checked(length)?;
        Some((Self { tag, inside }, after))
    }
}

/// Where the end mark of an indefinite length stands; `levels` of such lengths may lie within each other.
fn end_of(bytes: &[u8], levels: u32) -> Option<usize> {
    let mut at = 0;
    while !bytes.get(at..)?.starts_with(&[0, 0]) {
        let indefinite = *bytes.get(at + 1)? == 0x80;
        if indefinite {
            let inside = end_of(bytes.get(at + 2..)?, levels.checked_sub(1)?)?;
            at += 2 + inside + 2;
        } else {
            let (_, after) = Element::first(&bytes[at..])?;
            at = bytes.len() - after.len();
        }
    }
    Some(at)
}

/// Elements one after the other.
struct Reading<'b>(&'b [u8]);

impl<'b> Reading<'b> {
    fn next(&mut self, tag: u8) -> Option<Element<'b>> {
        let (element, after) = Element::first(self.0)?;
        self.0 = after;
        (element.tag == tag).then_some(element)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn der(tag: u8, inside: &[u8]) -> Vec<u8> {
        [
            &[tag, 0x82, (inside.len() >> 8) as u8, inside.len() as u8],
            inside,
        ]
        .concat()
    }

    fn ber(tag: u8, inside: &[u8]) -> Vec<u8> {
        [&[tag, 0x80], inside, &[0, 0]].concat()
    }

    fn envelope(of: fn(u8, &[u8]) -> Vec<u8>, content: &[u8]) -> Vec<u8> {
        let data = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01";
        let enclosed = of(0x30, &[data, &of(0xa0, content)[..]].concat());
        let signed = of(0x30, &[&b"\x02\x01\x01\x31\x00"[..], &enclosed].concat());
        of(0x30, &[SIGNED_DATA, &of(0xa0, &signed)].concat())
    }

    #[test]
    fn content_is_found_in_both_kinds_of_lengths() {
        let pieces = ber(0x24, &[der(0x04, b"<a"), der(0x04, b"/>")].concat());
        for bytes in [envelope(der, &der(0x04, b"<a/>")), envelope(ber, &pieces)] {
            assert!(sniff(&bytes));
            assert_eq!(content(&bytes).as_deref(), Some(&b"<a/>"[..]));
            assert_eq!(content(&bytes[..20]), None);
        }
    }

    #[test]
    fn envelopes_come_in_base64_too() {
        let bytes = envelope(der, &der(0x04, b"<a/>"));
        let mut lines = String::new();
        for line in crate::input::sample::base64(&bytes).as_bytes().chunks(64) {
            lines.push_str(std::str::from_utf8(line).expect("ASCII"));
            lines.push('\n');
        }
        let pem = format!("-----BEGIN PKCS7-----\n{lines}-----END PKCS7-----\n");
        for text in [lines, pem] {
            assert!(sniff(text.as_bytes()), "{text}");
            let mut budget = Budget::full();
            let opened = unpack(text.as_bytes(), &mut budget).expect("opens");
            let part = opened.parts[0].as_ref().expect("a part");
            assert_eq!(part.bytes, b"<a/>");
        }
        assert!(!sniff(b"Mister Smith, your invoice is attached"));
        assert!(!sniff(b"MIIAAA=="));
    }
}
