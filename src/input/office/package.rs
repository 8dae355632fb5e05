//! The archive of an office document: which kind it is, and its parts within the limits of archives.

use std::io::{Cursor, Read as _};

use zip::ZipArchive;
use zip::result::ZipError;

use super::corrupt;
use crate::input::{container, limits, xml};
use crate::stage::StageError;

/// The kinds we tell apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Docx,
    Xlsx,
    Ods,
    Odt,
}

/// More entries than an office document has.
const MAX_ENTRIES: usize = 10_000;
/// Unpacked bytes of one part: a text of a hundred pages has some megabytes.
const MAX_PART: usize = 64 * 1024 * 1024;

/// The kind of a document, by the names in the archive's directory; nothing is unpacked for it.
pub(super) fn kind(bytes: &[u8]) -> Option<Kind> {
    if !bytes.starts_with(b"PK\x03\x04") {
        return None;
    }
    let names = names(bytes)?;
    let has = |name: &[u8]| names.contains(&name);
    if names.iter().any(|name| is_main(name)) {
        return Some(Kind::Docx);
    }
    if has(b"xl/workbook.xml") {
        return Some(Kind::Xlsx);
    }
    if !has(b"content.xml") {
        return None;
    }
    // ODF: the first entry, stored, says which.
    let type_of = bytes.get(30..300.min(bytes.len()))?;
    let says = |kind: &[u8]| type_of.windows(kind.len()).any(|window| window == kind);
    if says(b"opendocument.spreadsheet") {
        Some(Kind::Ods)
    } else if says(b"opendocument.text") {
        Some(Kind::Odt)
    } else {
        None
    }
}

/// The main part of a Word document: `word/document.xml`, some programs number it.
fn is_main(name: &[u8]) -> bool {
    name.strip_prefix(b"word/document")
        .and_then(|rest| rest.strip_suffix(b".xml"))
        .is_some_and(|number| number.iter().all(u8::is_ascii_digit))
}

/// The names in the central directory, which the last 64 KB point to.
fn names(bytes: &[u8]) -> Option<Vec<&[u8]>> {
    let tail = bytes.len().saturating_sub(66 * 1024);
    let end = bytes[tail..]
        .windows(4)
        .rposition(|window| window == b"PK\x05\x06")?;
    let number = |at: usize, length: usize| -> Option<usize> {
        let bytes = bytes.get(at..at + length)?;
        Some(
            bytes
                .iter()
                .rev()
                .fold(0, |sum, byte| sum << 8 | usize::from(*byte)),
        )
    };
    let mut at = number(tail + end + 16, 4)?;
    let mut names = Vec::new();
    while bytes.get(at..at + 4) == Some(b"PK\x01\x02") && names.len() < MAX_ENTRIES {
        let (name, extra, comment) = (
            number(at + 28, 2)?,
            number(at + 30, 2)?,
            number(at + 32, 2)?,
        );
        names.push(bytes.get(at + 46..at + 46 + name)?);
        at += 46 + name + extra + comment;
    }
    Some(names)
}

/// An office document's archive.
pub(super) struct Package<'b> {
    archive: ZipArchive<Cursor<&'b [u8]>>,
    /// Bytes that may still be unpacked.
    left: usize,
}

impl<'b> Package<'b> {
    /// Opens it.
    ///
    /// # Errors
    /// `CORRUPT_FILE`.
    pub(super) fn open(bytes: &'b [u8]) -> Result<Self, StageError> {
        let archive =
            ZipArchive::new(Cursor::new(bytes)).map_err(|_| corrupt("it is no sound archive"))?;
        Ok(Self {
            archive,
            left: limits::MAX_UNPACKED,
        })
    }

    /// The name of the main part of a Word document.
    pub(super) fn main(&self) -> Option<String> {
        let names = self.archive.file_names();
        let mut names = names.filter_map(Result::ok);
        names
            .find(|name| is_main(name.as_bytes()))
            .map(std::borrow::Cow::into_owned)
    }

    /// The text of a part; `None` if there is none of this name.
    ///
    /// # Errors
    /// `CORRUPT_FILE`, `ARCHIVE_BOMB`, `TOO_LARGE_UNPACKED`, `ENCRYPTED_FILE`.
    pub(super) fn part(&mut self, name: &str) -> Result<Option<String>, StageError> {
        let mut file = match self.archive.by_name(name) {
            Ok(file) => file,
            Err(ZipError::FileNotFound) => return Ok(None),
            Err(ZipError::UnsupportedArchive(_) | ZipError::InvalidPassword) => {
                return Err(StageError::input(
                    "ENCRYPTED_FILE",
                    "the document is encrypted or packed in a way not read here",
                ));
            }
            Err(_) => return Err(corrupt("a part of it cannot be unpacked")),
        };
        let packed = usize::try_from(file.compressed_size()).unwrap_or(usize::MAX);
        // By what comes out, not by what the archive says will.
        let ratio = packed
            .saturating_mul(limits::MAX_RATIO)
            .max(limits::RATIO_COUNTS_FROM);
        let most = self.left.min(MAX_PART).min(ratio);
        let mut content = Vec::new();
        let read = (&mut file).take(most as u64 + 1).read_to_end(&mut content);
        if content.len() > most {
            return Err(if most == ratio {
                StageError::input(
                    "ARCHIVE_BOMB",
                    format!(
                        "a part of the document unpacks to more than {} times its size",
                        limits::MAX_RATIO
                    ),
                )
            } else {
                container::too_large()
            });
        }
        read.map_err(|_| corrupt("a part of it cannot be unpacked"))?;
        self.left -= content.len();
        xml::decode(&content).map(Some)
    }

    /// The text of a part that has to be there.
    ///
    /// # Errors
    /// As [`Package::part`], and `CORRUPT_FILE` if there is none.
    pub(super) fn needed(&mut self, name: &str) -> Result<String, StageError> {
        let part = self.part(name)?;
        part.ok_or_else(|| corrupt(&format!("it has no part `{name}`")))
    }

    /// The targets of a part's relationships by id, as names in the archive.
    ///
    /// # Errors
    /// As [`Package::part`].
    pub(super) fn relations(&mut self, part: &str) -> Result<Vec<(String, String)>, StageError> {
        let (folder, name) = part.rsplit_once('/').unwrap_or(("", part));
        let Some(text) = self.part(&format!("{folder}/_rels/{name}.rels"))? else {
            return Ok(Vec::new());
        };
        let tree = xml::Tree::parse(&text)?;
        let all = tree.root().all("Relationship");
        let targets = all.into_iter().map(|relation| {
            let target = relation.text_at("@Target");
            let target = match target.strip_prefix('/') {
                Some(absolute) => absolute.to_owned(),
                None => format!("{folder}/{target}"),
            };
            (relation.text_at("@Id"), target)
        });
        Ok(targets.collect())
    }
}
