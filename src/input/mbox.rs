//! mbox: mails one after the other, each after a line `From …`.

use super::Reader;
use super::container::{self, Budget, Part, Role, Unpacked};
use super::eml;
use crate::stage::StageError;

/// mbox.
pub(super) const MBOX: Reader = Reader {
    name: "mbox",
    media_type: "application/mbox",
    extension: "mbox",
    reads: "each mail like an EML file",
    sniff,
    read: |bytes, context| container::read(bytes, unpack, context),
};

/// A separator followed by a mail's header.
pub(super) fn sniff(bytes: &[u8]) -> bool {
    bytes.starts_with(b"From ") && after_line(bytes).is_some_and(eml::sniff)
}

pub(super) fn unpack(bytes: &[u8], budget: &mut Budget) -> Result<Unpacked, StageError> {
    let mut opened = Unpacked::default();
    for mail in mails(bytes) {
        budget.take(mail.len())?;
        opened.parts.push(Ok(Part {
            bytes: mail,
            role: Role::File,
            name: None,
        }));
    }
    Ok(opened)
}

/// The mails: a separator counts after an empty line and before a header only, since writers do not all escape `From `.
fn mails(bytes: &[u8]) -> Vec<Vec<u8>> {
    let mut mails: Vec<Vec<u8>> = Vec::new();
    let (mut at, mut blank) = (0, true);
    while let Some(line) = bytes[at..].split_inclusive(|byte| *byte == b'\n').next() {
        let starts = blank && line.starts_with(b"From ") && eml::sniff(&bytes[at + line.len()..]);
        blank = line == b"\n" || line == b"\r\n";
        at += line.len();
        if starts {
            mails.push(Vec::new());
        } else if let Some(mail) = mails.last_mut() {
            let quoted = line.iter().position(|byte| *byte != b'>').unwrap_or(0);
            let escaped = quoted > 0 && line[quoted..].starts_with(b"From ");
            mail.extend_from_slice(&line[usize::from(escaped)..]);
        }
    }
    mails
}

fn after_line(bytes: &[u8]) -> Option<&[u8]> {
    let end = bytes.iter().position(|byte| *byte == b'\n')?;
    Some(&bytes[end + 1..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mails_part_at_separators_only() {
        let text = b"From a@b.example Mon Jan  6\nFrom: a\nTo: b\n\nhello\n\nFrom here on\n>From there\n\nFrom c@d.example Mon\nFrom: c\nTo: d\n\nbye\n";
        let mails = mails(text);
        assert_eq!(mails.len(), 2);
        assert!(mails[0].ends_with(b"From here on\nFrom there\n\n"));
        assert!(mails[1].starts_with(b"From: c"));
    }
}
