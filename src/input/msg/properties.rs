//! Properties of a message or an attachment: short ones in one stream, long ones in a stream each.

use std::collections::BTreeMap;
use std::io::{Cursor, Read as _};
use std::path::{Path, PathBuf};

use encoding_rs::Encoding;

use super::{STREAM, corrupt};
use crate::input::container::too_large;
use crate::input::limits;
use crate::stage::StageError;

/// A compound file in memory.
pub(super) type Compound<'b> = cfb::CompoundFile<Cursor<&'b [u8]>>;

/// The stream of the short properties.
const SHORT: &str = "__properties_version1.0";
/// Types of properties in the names of their streams: bytes, text in the message's code page, text in UTF-16.
const BINARY: u16 = 0x0102;
const ANSI: u16 = 0x001e;
const UNICODE: u16 = 0x001f;
/// Code pages of the message, and of its HTML.
const CODE_PAGE: u16 = 0x3ffd;
const WEB_CODE_PAGE: u16 = 0x3fde;

/// The properties of one storage.
pub(super) struct Properties {
    at: PathBuf,
    short: BTreeMap<u16, u32>,
}

impl Properties {
    /// Tells whether a storage has any: then it is a message.
    pub(super) fn are_in(file: &Compound<'_>, at: &Path) -> bool {
        file.is_stream(at.join(SHORT))
    }

    /// Reads the short ones; `header` is the length of what stands before them, which depends on what they belong to.
    pub(super) fn read(
        file: &mut Compound<'_>,
        at: &Path,
        header: usize,
    ) -> Result<Self, StageError> {
        let stream = stream(file, &at.join(SHORT))?.unwrap_or_default();
        let entries = stream.get(header..).unwrap_or_default().chunks_exact(16);
        let short = entries
            .map(|entry| {
                let value = [entry[8], entry[9], entry[10], entry[11]];
                (
                    u16::from_le_bytes([entry[2], entry[3]]),
                    u32::from_le_bytes(value),
                )
            })
            .collect();
        Ok(Self {
            at: at.to_owned(),
            short,
        })
    }

    /// A number or flag.
    pub(super) fn number(&self, id: u16) -> Option<u32> {
        self.short.get(&id).copied()
    }

    /// Tells whether there is a long property.
    pub(super) fn has(&self, file: &Compound<'_>, id: u16) -> bool {
        [UNICODE, ANSI, BINARY]
            .iter()
            .any(|kind| file.is_stream(self.place(id, *kind)))
    }

    /// Bytes.
    pub(super) fn bytes(
        &self,
        file: &mut Compound<'_>,
        id: u16,
    ) -> Result<Option<Vec<u8>>, StageError> {
        stream(file, &self.place(id, BINARY))
    }

    /// A text; `None` also for an empty one.
    pub(super) fn text(
        &self,
        file: &mut Compound<'_>,
        id: u16,
    ) -> Result<Option<String>, StageError> {
        let text = match stream(file, &self.place(id, UNICODE))? {
            Some(bytes) => {
                let text = encoding_rs::UTF_16LE.decode_without_bom_handling(&bytes).0;
                Some(text.into_owned())
            }
            None => stream(file, &self.place(id, ANSI))?
                .map(|bytes| decode(&bytes, self.number(CODE_PAGE))),
        };
        Ok(text
            .map(|text| text.trim_end_matches('\0').to_owned())
            .filter(|text| !text.is_empty()))
    }

    /// A text of HTML, which is mostly kept as bytes in a code page of its own.
    pub(super) fn web_text(
        &self,
        file: &mut Compound<'_>,
        id: u16,
    ) -> Result<Option<String>, StageError> {
        match self.bytes(file, id)? {
            Some(bytes) => Ok(Some(decode(&bytes, self.number(WEB_CODE_PAGE)))),
            None => self.text(file, id),
        }
    }

    fn place(&self, id: u16, kind: u16) -> PathBuf {
        self.at.join(format!("{STREAM}{id:04X}{kind:04X}"))
    }
}

/// A stream; `None` if there is none.
pub(super) fn stream(file: &mut Compound<'_>, at: &Path) -> Result<Option<Vec<u8>>, StageError> {
    if !file.is_stream(at) {
        return Ok(None);
    }
    let stream = file.open_stream(at).map_err(|_| corrupt())?;
    if stream.len() > limits::MAX_UNPACKED as u64 {
        return Err(too_large());
    }
    let mut bytes = Vec::new();
    let read = stream
        .take(limits::MAX_UNPACKED as u64)
        .read_to_end(&mut bytes);
    read.map_err(|_| corrupt())?;
    Ok(Some(bytes))
}

/// The storages in another whose names begin so, in the order of the file.
pub(super) fn storages(file: &Compound<'_>, at: &Path, begin: &str) -> Vec<PathBuf> {
    let Ok(entries) = file.read_storage(at) else {
        return Vec::new();
    };
    entries
        .filter(|entry| entry.is_storage() && entry.name().starts_with(begin))
        .map(|entry| at.join(entry.name()))
        .collect()
}

/// A text in one of Windows' code pages; western where none is named.
fn decode(bytes: &[u8], code_page: Option<u32>) -> String {
    let label = match code_page {
        Some(page @ (1250..=1258 | 874)) => format!("windows-{page}"),
        Some(932) => "shift_jis".to_owned(),
        Some(936) => "gbk".to_owned(),
        Some(949) => "euc-kr".to_owned(),
        Some(950) => "big5".to_owned(),
        Some(page @ 28_591..=28_606) => format!("iso-8859-{}", page - 28_590),
        Some(65_001) => "utf-8".to_owned(),
        _ => "windows-1252".to_owned(),
    };
    let encoding = Encoding::for_label(label.as_bytes()).unwrap_or(encoding_rs::WINDOWS_1252);
    encoding.decode(bytes).0.into_owned()
}
