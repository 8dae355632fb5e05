//! E-mails: each attachment is a part, a forwarded mail is opened, the text is read if there is nothing else.
//!
//! What the header says (sender, date, subject) is about the mail and never becomes a field of an invoice.

use mail_parser::{Encoding, Message, MessageParser, MessagePart, MimeHeaders as _, PartType};

use super::container::{self, Budget, Mail, Part, Role, Unpacked};
use super::{Reader, limits};
use crate::stage::StageError;

/// E-mail.
pub(super) const EML: Reader = Reader {
    name: "eml",
    media_type: "message/rfc822",
    extension: "eml",
    reads: "each attachment and forwarded mail; the text where there is nothing else",
    sniff,
    read: |bytes, context| container::read(bytes, unpack, context),
};

/// How far a header is looked at: those of mailing lists with their signatures reach some 20 KB.
const HEAD: usize = 64 * 1024;

/// An inline image of fewer bytes is part of the letter: logos and icons are below, a photo of a page above.
const LOGO: usize = 40 * 1024;

/// Fields of which a mail has two at least.
const FIELDS: &[&str] = &[
    "from",
    "to",
    "subject",
    "date",
    "message-id",
    "mime-version",
    "content-type",
    "content-transfer-encoding",
    "content-disposition",
    "received",
    "return-path",
    "delivered-to",
    "reply-to",
    "x-mailer",
];

/// A mail begins with its header: lines of `Name: value` up to an empty one, two of them those of a mail.
pub(super) fn sniff(bytes: &[u8]) -> bool {
    let mut known = 0;
    for line in bytes[..bytes.len().min(HEAD)].split(|byte| *byte == b'\n') {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if line.is_empty() {
            break;
        }
        if line.starts_with(b" ") || line.starts_with(b"\t") {
            continue;
        }
        let Some(colon) = line.iter().position(|byte| *byte == b':') else {
            return false;
        };
        let name = &line[..colon];
        if name.is_empty() || !name.iter().all(u8::is_ascii_graphic) {
            return false;
        }
        known += usize::from(
            FIELDS
                .iter()
                .any(|field| name.eq_ignore_ascii_case(field.as_bytes())),
        );
        if known == 2 {
            return true;
        }
    }
    false
}

pub(super) fn unpack(bytes: &[u8], budget: &mut Budget) -> Result<Unpacked, StageError> {
    // The parser nests as deep as the mail does; a count before bounds that.
    if nested(bytes) > limits::MAX_PARTS {
        return Err(StageError::input(
            "TOO_DEEP",
            "the mail holds more mails than any has",
        ));
    }
    let message = MessageParser::default()
        .parse(bytes)
        .ok_or_else(|| StageError::input("CORRUPT_FILE", "the mail cannot be parsed"))?;
    let mut opened = Unpacked {
        mail: Some(Mail {
            message_id: message.message_id().map(str::to_owned),
            sender: sender(&message),
        }),
        ..Unpacked::default()
    };
    let mut has_files = false;
    for attachment in message.attachments() {
        let part = part_of(bytes, attachment);
        budget.take(part.bytes.len())?;
        has_files |= matches!(part.role, Role::File);
        opened.parts.push(Ok(part));
    }
    if let Some(text) = message.body_text(0).filter(|text| !text.trim().is_empty()) {
        budget.take(text.len())?;
        opened.parts.push(Ok(Part {
            bytes: text.as_bytes().to_vec(),
            role: if has_files {
                Role::Aside("the letter beside the attachments")
            } else {
                Role::Body
            },
            name: None,
        }));
    }
    Ok(opened)
}

/// Who sent a mail: that person may not approve what came in it.
pub(super) fn sender(message: &Message<'_>) -> Option<String> {
    let addresses = message.from().or_else(|| message.sender())?;
    let address = addresses.first()?.address()?;
    Some(address.to_lowercase())
}

fn part_of(mail: &[u8], part: &MessagePart<'_>) -> Part {
    // What the parser keeps of a mail within begins with the header of the part around it, which would open itself again.
    let bytes = match &part.body {
        PartType::Message(_) if part.encoding == Encoding::None => {
            let (start, end) = (part.offset_body as usize, part.offset_end as usize);
            mail.get(start..end).unwrap_or_default().to_vec()
        }
        PartType::Message(message) => message.raw_message.to_vec(),
        _ => part.contents().to_vec(),
    };
    let kind = part.content_type().map_or_else(String::new, |kind| {
        format!("{}/{}", kind.ctype(), kind.subtype().unwrap_or_default())
    });
    let is_inline = part.content_id().is_some()
        || part
            .content_disposition()
            .is_some_and(mail_parser::ContentType::is_inline);
    let role = match place(&kind, is_inline, &bytes) {
        Some(reason) => Role::Aside(reason),
        None => Role::File,
    };
    let name = part.attachment_name().map(str::to_owned);
    Part { bytes, role, name }
}

/// Why a part is no invoice by its place in the mail: what its media type says, and whether the letter shows it.
pub(super) fn place(media_type: &str, is_inline: bool, bytes: &[u8]) -> Option<&'static str> {
    let media_type = media_type.to_ascii_lowercase();
    let is_image = media_type.starts_with("image/");
    if media_type.ends_with("-signature") {
        Some("the mail's signature")
    } else if is_image && is_inline && bytes.len() < LOGO {
        Some("a small image within the letter")
    } else {
        None
    }
}

/// How often a header speaks of a mail within.
fn nested(bytes: &[u8]) -> usize {
    bytes
        .windows(8)
        .filter(|window| window.eq_ignore_ascii_case(b"message/"))
        .count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_is_told_by_its_header() {
        for (text, is) in [
            ("From: a\r\nTo: b\r\n\r\nhello", true),
            ("Received: x\n by y\nDate: z\n\n", true),
            ("From: a\n\nTo: b\n", false),
            ("Dear all,\nFrom: a\nTo: b\n", false),
            ("a: b\nc: d\n\n", false),
            ("%PDF-1.7", false),
            ("", false),
        ] {
            assert_eq!(sniff(text.as_bytes()), is, "{text}");
        }
    }
}
