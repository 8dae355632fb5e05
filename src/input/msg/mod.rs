//! Outlook's mails (`.msg`): each attachment is a part, a mail within is opened, the text is read if there is nothing else.
//!
//! A compound file whose storages are the message, its attachments and the mails among them ([MS-OXMSG]). The list of
//! recipients is left alone: like the other headers it is about the mail and never becomes a field of an invoice.

mod properties;
mod rtf;
mod rtf_packed;

use std::io::Cursor;
use std::path::Path;

use mail_parser::MessageParser;
use mail_parser::decoders::html::html_to_text;

use super::container::{self, Budget, Mail, Part, Role, Unpacked};
use super::{Reader, eml, limits};
use crate::stage::StageError;
use properties::{Compound, Properties};

/// Outlook mail.
pub(super) const MSG: Reader = Reader {
    name: "msg",
    media_type: "application/vnd.ms-outlook",
    extension: "msg",
    reads: "Outlook mail: each attachment and mail within; the text where there is nothing else",
    sniff,
    read: |bytes, context| container::read(bytes, unpack, context),
};

/// First bytes of every compound file; old office documents begin with them too.
const COMPOUND: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";
/// How the names of a message's streams begin.
const STREAM: &str = "__substg1.0_";
/// How the names of its attachments' storages begin.
const ATTACHMENT: &str = "__attach_version1.0_#";

/// Property ids ([MS-OXPROPS]).
mod id {
    pub(super) const TRANSPORT_HEADERS: u16 = 0x007d;
    pub(super) const SENDER_ADDRESS: u16 = 0x0c1f;
    pub(super) const BODY: u16 = 0x1000;
    pub(super) const RTF: u16 = 0x1009;
    pub(super) const HTML: u16 = 0x1013;
    pub(super) const MESSAGE_ID: u16 = 0x1035;
    pub(super) const DATA: u16 = 0x3701;
    pub(super) const SHORT_NAME: u16 = 0x3704;
    pub(super) const LONG_NAME: u16 = 0x3707;
    pub(super) const MEDIA_TYPE: u16 = 0x370e;
    pub(super) const CONTENT_ID: u16 = 0x3712;
    pub(super) const SENDER_SMTP: u16 = 0x5d01;
    pub(super) const HIDDEN: u16 = 0x7ffe;
}

/// A compound file with a stream that is named as those of messages are.
pub(super) fn sniff(bytes: &[u8]) -> bool {
    let name: Vec<u8> = STREAM.encode_utf16().flat_map(u16::to_le_bytes).collect();
    bytes.starts_with(COMPOUND) && bytes.windows(name.len()).any(|window| window == name)
}

pub(super) fn unpack(bytes: &[u8], budget: &mut Budget) -> Result<Unpacked, StageError> {
    let mut file = Compound::open(Cursor::new(bytes)).map_err(|_| corrupt())?;
    message(&mut file, Path::new("/"), 1, budget)
}

fn corrupt() -> StageError {
    StageError::input("CORRUPT_FILE", "the mail's compound file is damaged")
}

/// The message in a storage; `depth` counts the messages around it.
fn message(
    file: &mut Compound<'_>,
    at: &Path,
    depth: usize,
    budget: &mut Budget,
) -> Result<Unpacked, StageError> {
    let properties = Properties::read(file, at, if depth == 1 { 32 } else { 24 })?;
    let mut opened = Unpacked {
        mail: Some(mail(&properties, file)?),
        ..Unpacked::default()
    };
    let mut has_files = false;
    for storage in properties::storages(file, at, ATTACHMENT) {
        let part = attachment(file, &storage, depth, budget);
        has_files |= match &part {
            Ok(part) => matches!(part.role, Role::File | Role::Opened(_)),
            Err(_) => true,
        };
        if part.is_err() {
            budget.take(0)?;
        }
        opened.parts.push(part);
    }
    if let Some(text) = text(&properties, file)?.filter(|text| !text.trim().is_empty()) {
        budget.take(text.len())?;
        opened.parts.push(Ok(Part {
            bytes: text.into_bytes(),
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

/// What the mail says of itself; a mail that came through a server has its header too.
fn mail(properties: &Properties, file: &mut Compound<'_>) -> Result<Mail, StageError> {
    let header = properties.text(file, id::TRANSPORT_HEADERS)?;
    let header = header.map(|header| format!("{}\r\n\r\n", header.trim_end()));
    let header = header
        .as_deref()
        .and_then(|header| MessageParser::default().parse_headers(header));
    let message_id = match properties.text(file, id::MESSAGE_ID)? {
        Some(id) => Some(id.trim().trim_matches(['<', '>']).to_owned()),
        None => header
            .as_ref()
            .and_then(|header| header.message_id().map(str::to_owned)),
    };
    let mut sender = None;
    for id in [id::SENDER_SMTP, id::SENDER_ADDRESS] {
        // Within one company the address is a path of its directory, which nobody else knows.
        sender = match sender {
            None => properties
                .text(file, id)?
                .filter(|address| address.contains('@')),
            found => found,
        };
    }
    let sender = sender
        .map(|address| address.to_lowercase())
        .or_else(|| header.as_ref().and_then(eml::sender));
    Ok(Mail {
        message_id: message_id.filter(|id| !id.is_empty()),
        sender,
    })
}

/// The letter: as text, else out of HTML, else out of RTF, which is all that some versions keep.
fn text(properties: &Properties, file: &mut Compound<'_>) -> Result<Option<String>, StageError> {
    if let Some(text) = properties.text(file, id::BODY)? {
        return Ok(Some(text));
    }
    if let Some(html) = properties.web_text(file, id::HTML)? {
        return Ok(Some(html_to_text(&html)));
    }
    let Some(packed) = properties.bytes(file, id::RTF)? else {
        return Ok(None);
    };
    // A letter that cannot be unpacked costs no attachment.
    Ok(rtf_packed::unpack(&packed).map(|rtf| rtf::text(&rtf)))
}

fn attachment(
    file: &mut Compound<'_>,
    at: &Path,
    depth: usize,
    budget: &mut Budget,
) -> Result<Part, StageError> {
    let properties = Properties::read(file, at, 8)?;
    let name = match properties.text(file, id::LONG_NAME)? {
        None => properties.text(file, id::SHORT_NAME)?,
        name => name,
    };
    let inside = at.join(format!("{STREAM}{:04X}000D", id::DATA));
    if file.is_storage(&inside) {
        return object(file, &inside, name, depth, budget);
    }
    let Some(bytes) = properties.bytes(file, id::DATA)? else {
        return Err(StageError::input(
            "ATTACHMENT_MISSING",
            "the mail names an attachment that lies elsewhere, such as in a cloud",
        ));
    };
    budget.take(bytes.len())?;
    let media_type = properties.text(file, id::MEDIA_TYPE)?;
    let is_inline =
        properties.has(file, id::CONTENT_ID) || properties.number(id::HIDDEN) == Some(1);
    let role = match eml::place(media_type.as_deref().unwrap_or_default(), is_inline, &bytes) {
        Some(reason) => Role::Aside(reason),
        None => Role::File,
    };
    Ok(Part { bytes, role, name })
}

/// A storage as attachment: a mail, or an object of another program drawn into the letter.
fn object(
    file: &mut Compound<'_>,
    at: &Path,
    name: Option<String>,
    depth: usize,
    budget: &mut Budget,
) -> Result<Part, StageError> {
    if Properties::are_in(file, at) {
        if depth >= limits::MAX_DEPTH {
            return Err(container::too_deep());
        }
        let inner = message(file, at, depth + 1, budget)?;
        return Ok(Part {
            bytes: Vec::new(),
            role: Role::Opened(Box::new(inner)),
            name,
        });
    }
    let content = properties::stream(file, &at.join("CONTENTS"))?;
    let is_file = content.is_some();
    let bytes = content.unwrap_or_default();
    budget.take(bytes.len())?;
    Ok(Part {
        bytes,
        role: if is_file {
            Role::File
        } else {
            Role::Aside("an object of another program within the letter")
        },
        name,
    })
}

#[cfg(test)]
mod tests;
