//! ZIP archives. What they say of sizes is checked against what comes out; names in them are never paths.
//!
//! Office documents are archives too, but none of these: they have a type of their own.

use std::io::{Cursor, Read as _};

use super::container::{self, Budget, Part, Role, Unpacked};
use super::{Reader, limits};
use crate::stage::StageError;
use ::zip::ZipArchive;
use ::zip::result::ZipError;

/// ZIP.
pub(super) const ZIP: Reader = Reader {
    name: "zip",
    media_type: "application/zip",
    extension: "zip",
    reads: "each file in it, stored or deflated",
    sniff,
    read: |bytes, context| container::read(bytes, unpack, context),
};

/// First entries of office documents (OOXML and ODF).
const OFFICE: &[&[u8]] = &[b"[Content_Types].xml", b"_rels/.rels", b"mimetype"];

pub(super) fn sniff(bytes: &[u8]) -> bool {
    if bytes.starts_with(b"PK\x05\x06") {
        return true;
    }
    // The first entry's name begins behind its header of 30 bytes.
    bytes.starts_with(b"PK\x03\x04")
        && !bytes
            .get(30..)
            .is_some_and(|name| OFFICE.iter().any(|office| name.starts_with(office)))
        && !super::office::is_office(bytes)
}

pub(super) fn unpack(bytes: &[u8], budget: &mut Budget) -> Result<Unpacked, StageError> {
    let corrupt = || StageError::input("CORRUPT_FILE", "the archive is damaged");
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| corrupt())?;
    let mut opened = Unpacked::default();
    for index in 0..archive.len() {
        let mut file = match archive.by_index(index) {
            Ok(file) => file,
            Err(ZipError::UnsupportedArchive(_) | ZipError::InvalidPassword) => {
                budget.take(0)?;
                opened.parts.push(Err(StageError::input(
                    "ENCRYPTED_FILE",
                    "a file in the archive is encrypted or packed in a way not read here",
                )));
                continue;
            }
            Err(_) => return Err(corrupt()),
        };
        if file.is_dir() {
            continue;
        }
        let packed = usize::try_from(file.compressed_size()).unwrap_or(usize::MAX);
        // By what comes out, not by what the archive says will.
        let most = budget.bytes().min(
            packed
                .saturating_mul(limits::MAX_RATIO)
                .max(limits::RATIO_COUNTS_FROM),
        );
        let mut content = Vec::new();
        let read = (&mut file).take(most as u64 + 1).read_to_end(&mut content);
        if content.len() > most {
            return Err(StageError::input(
                "ARCHIVE_BOMB",
                format!(
                    "a file in the archive unpacks to more than {} times its size, or to more than may be read",
                    limits::MAX_RATIO
                ),
            ));
        }
        budget.take(content.len())?;
        let name = String::from_utf8_lossy(file.name_raw()).into_owned();
        let is_mac = file.name_raw().starts_with(b"__MACOSX/");
        opened.parts.push(match read {
            Err(_) => Err(corrupt()),
            Ok(_) => Ok(Part {
                bytes: content,
                role: if is_mac {
                    Role::Aside("a file system's own notes")
                } else {
                    Role::File
                },
                name: Some(name),
            }),
        });
    }
    Ok(opened)
}
