//! A file's bytes: read whole or left alone, hashed, and kept before anything is done with them.

use std::fs::File;
use std::io::{self, Read};
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use sha2::{Digest as _, Sha256};

use super::atomic;
use crate::model::{Digest, DocId};
use crate::stage::StageError;

/// How often a local read that was interrupted or failed for the moment is tried.
const TRIES: u32 = 3;

/// What came of a path.
pub(super) enum Loaded {
    /// Its bytes.
    File(LoadedFile),
    /// It cannot be read; its line says why.
    Refused {
        /// By content where there is any, else by path.
        id: DocId,
        /// Size, where known.
        bytes: u64,
        /// Why.
        error: StageError,
    },
    /// It changed while it was read: left for the next run.
    Changing,
}

/// A file's bytes and where they are kept.
pub(super) struct LoadedFile {
    /// By content.
    pub(super) id: DocId,
    /// Digest of the bytes.
    pub(super) sha256: Digest,
    /// The bytes.
    pub(super) bytes: Vec<u8>,
    /// Where the original lies, relative to the archive.
    pub(super) archived: Option<String>,
}

/// How files are taken in.
#[derive(Clone, Debug)]
pub struct Taking {
    /// Largest file, in bytes.
    pub max_bytes: u64,
    /// Largest file that holds files.
    pub max_container: u64,
    /// Tells by its first bytes whether a file does.
    pub is_container: fn(&[u8]) -> bool,
    /// Tells by content under which extension an original is kept.
    pub extension: fn(&[u8]) -> &'static str,
}

/// Reads a file, or standard input for `-`, and keeps its original in the archive; `place` is where its bytes lie.
pub(super) fn load(
    path: &Path,
    place: &Path,
    taking: &Taking,
    archive: Option<&Path>,
) -> io::Result<Loaded> {
    let shown = path.to_string_lossy().into_owned();
    let outcome = if path.as_os_str() == "-" {
        read_all(&mut io::stdin().lock(), taking)
    } else {
        (1..=TRIES)
            .map(|_| read_file(place, taking))
            .find(|outcome| !matches!(outcome, Err(error) if error.kind() == io::ErrorKind::Interrupted))
            .unwrap_or_else(|| Err(io::ErrorKind::Interrupted.into()))
    };
    let read = match outcome {
        Ok(read) => read,
        Err(error) => {
            let code = match error.kind() {
                io::ErrorKind::NotFound => "FILE_NOT_FOUND",
                _ => "FILE_UNREADABLE",
            };
            let mut failure =
                StageError::input(code, format!("cannot read the file: {}", error.kind()));
            failure.retryable = true;
            return Ok(Loaded::Refused {
                id: DocId::of_path(&shown),
                bytes: 0,
                error: failure,
            });
        }
    };
    Ok(match read {
        Reading::Changing => Loaded::Changing,
        Reading::TooLarge { sha256, size, most } => Loaded::Refused {
            id: DocId::of_bytes(&sha256),
            bytes: size,
            error: StageError::input(
                "FILE_TOO_LARGE",
                format!("the file has {size} bytes, the limit is {most} (--max-size)"),
            ),
        },
        Reading::Whole(bytes) if bytes.is_empty() => Loaded::Refused {
            id: DocId::of_path(&shown),
            bytes: 0,
            error: StageError::input("EMPTY_FILE", "the file is empty"),
        },
        Reading::Whole(bytes) => {
            let sha256 = Digest::of(&bytes);
            let archived = archive
                .map(|archive| keep(archive, &sha256, (taking.extension)(&bytes), &bytes))
                .transpose()?;
            Loaded::File(LoadedFile {
                id: DocId::of_bytes(&sha256),
                sha256,
                bytes,
                archived,
            })
        }
    })
}

enum Reading {
    Whole(Vec<u8>),
    TooLarge {
        sha256: Digest,
        size: u64,
        most: u64,
    },
    Changing,
}

fn read_file(path: &Path, taking: &Taking) -> io::Result<Reading> {
    let mut file = File::options().read(true).open(path)?;
    let before = file.metadata()?;
    if !before.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "not a file"));
    }
    let read = read_all(&mut file, taking)?;
    let after = std::fs::metadata(path)?;
    let same = |a: &std::fs::Metadata, b: &std::fs::Metadata| {
        (a.len(), a.mtime(), a.mtime_nsec(), a.ino())
            == (b.len(), b.mtime(), b.mtime_nsec(), b.ino())
    };
    Ok(if same(&before, &after) {
        read
    } else {
        Reading::Changing
    })
}

/// Reads everything up to the limit; what is longer is only hashed, in pieces.
fn read_all(input: &mut dyn Read, taking: &Taking) -> io::Result<Reading> {
    let mut bytes = Vec::new();
    let mut most = taking.max_bytes;
    input.take(most + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > most && (taking.is_container)(&bytes) {
        most = most.max(taking.max_container);
        input
            .take((most + 1).saturating_sub(bytes.len() as u64))
            .read_to_end(&mut bytes)?;
    }
    if bytes.len() as u64 <= most {
        return Ok(Reading::Whole(bytes));
    }
    let mut hasher = Sha256::new();
    hasher.update(&bytes);
    let mut size = bytes.len() as u64;
    drop(bytes);
    let mut piece = vec![0; 1 << 16];
    loop {
        let read = match input.read(&mut piece) {
            Ok(0) => break,
            Ok(read) => read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        hasher.update(&piece[..read]);
        size += read as u64;
    }
    Ok(Reading::TooLarge {
        sha256: Digest(hasher.finalize().into()),
        size,
        most,
    })
}

/// Puts an original into the archive unless it is there; returns its place in it.
fn keep(archive: &Path, sha256: &Digest, extension: &str, bytes: &[u8]) -> io::Result<String> {
    let name = sha256.to_string();
    let place = format!("raw/{}/{name}.{extension}", &name[..2]);
    let path = archive.join(&place);
    // The name is the digest: a file of the right size under it is the same, or was damaged later, which `audit` finds.
    if std::fs::metadata(&path).is_ok_and(|meta| meta.len() == bytes.len() as u64) {
        return Ok(place);
    }
    atomic::write_private(&path, bytes)?;
    Ok(place)
}
