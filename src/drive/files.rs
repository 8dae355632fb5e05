//! Which files a run takes in: paths as given, folders in bytewise order, lists of paths.
//!
//! What a desktop leaves behind (dot-files, `Thumbs.db`, `desktop.ini`) is skipped and counted; symbolic links inside a
//! folder are not followed, so nobody reads out of the inbox. Of a Maildir the mails are taken, `cur` and `new`; what is still
//! being delivered (`tmp`) and what the mail server keeps beside them is skipped and counted.

use std::collections::{BTreeMap, VecDeque};
use std::ffi::OsString;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Path, PathBuf};

/// Names that are no invoices wherever they lie.
const LEFT_BEHIND: &[&str] = &["Thumbs.db", "desktop.ini"];

/// The folders that make a Maildir, and those of them that hold mails.
const MAILDIR: &[&str] = &["cur", "new", "tmp"];
const MAILS: &[&str] = &["cur", "new"];

/// Files one after the other, folders opened when their turn comes.
#[derive(Debug, Default)]
pub struct Files {
    waiting: VecDeque<PathBuf>,
    // Entries of folders that are open, deepest last, each list in reverse order.
    open: Vec<Vec<PathBuf>>,
    skipped: u64,
    // Path under which a file came first -> its archived original.
    originals: BTreeMap<PathBuf, PathBuf>,
}

impl Files {
    /// Starts with paths as given on the command line.
    pub fn new(paths: impl IntoIterator<Item = PathBuf>) -> Self {
        Self {
            waiting: paths.into_iter().collect(),
            ..Self::default()
        }
    }

    /// Starts with files that are read from their archived originals, but go by the paths under which they came first.
    pub fn again(files: impl IntoIterator<Item = (PathBuf, PathBuf)>) -> Self {
        let originals: BTreeMap<PathBuf, PathBuf> = files.into_iter().collect();
        Self {
            waiting: originals.keys().cloned().collect(),
            originals,
            ..Self::default()
        }
    }

    /// Where the bytes of a path are read.
    pub(super) fn place(&self, path: &Path) -> PathBuf {
        self.originals
            .get(path)
            .map_or(path, PathBuf::as_path)
            .to_owned()
    }

    /// How many were skipped so far.
    pub fn skipped(&self) -> u64 {
        self.skipped
    }

    fn open_folder(&mut self, folder: &Path) -> bool {
        let Ok(entries) = std::fs::read_dir(folder) else {
            return false;
        };
        let mut names: Vec<OsString> = entries.flatten().map(|entry| entry.file_name()).collect();
        names.sort_unstable_by(|a, b| b.as_bytes().cmp(a.as_bytes()));
        let before = names.len();
        names.retain(|name| !left_behind(name.as_bytes()));
        if MAILDIR.iter().all(|name| folder.join(name).is_dir()) {
            names.retain(|name| MAILS.iter().any(|mails| *name == **mails));
        }
        self.skipped += (before - names.len()) as u64;
        self.open
            .push(names.into_iter().map(|name| folder.join(name)).collect());
        true
    }

    fn next_in_folder(&mut self) -> Option<PathBuf> {
        while let Some(entries) = self.open.last_mut() {
            match entries.pop() {
                None => {
                    self.open.pop();
                }
                Some(path) => {
                    let Ok(meta) = std::fs::symlink_metadata(&path) else {
                        return Some(path);
                    };
                    if meta.is_dir() {
                        if !self.open_folder(&path) {
                            return Some(path);
                        }
                    } else if meta.is_file() {
                        return Some(path);
                    } else {
                        self.skipped += 1;
                    }
                }
            }
        }
        None
    }
}

impl Iterator for Files {
    type Item = PathBuf;

    fn next(&mut self) -> Option<PathBuf> {
        loop {
            if let Some(path) = self.next_in_folder() {
                return Some(path);
            }
            let path = self.waiting.pop_front()?;
            // What a person names is taken as named, even through a link; a folder is opened.
            if !path.is_dir() || !self.open_folder(&path) {
                return Some(path);
            }
        }
    }
}

fn left_behind(name: &[u8]) -> bool {
    name.first() == Some(&b'.')
        || LEFT_BEHIND
            .iter()
            .any(|known| known.as_bytes().eq_ignore_ascii_case(name))
}

/// Splits a list of paths at line ends, or at NUL.
pub fn listed(bytes: &[u8], zero: bool) -> Vec<PathBuf> {
    let end = if zero { 0 } else { b'\n' };
    bytes
        .split(|byte| *byte == end)
        .map(|name| {
            if zero {
                name
            } else {
                name.strip_suffix(b"\r").unwrap_or(name)
            }
        })
        .filter(|name| !name.is_empty())
        .map(|name| PathBuf::from(OsString::from_vec(name.to_vec())))
        .collect()
}

#[cfg(test)]
#[expect(
    clippy::disallowed_methods,
    reason = "the test makes the files it walks over"
)]
mod tests {
    use super::*;

    #[test]
    fn folders_are_read_in_bytewise_order_without_what_desktops_leave() {
        let folder = tempfile::tempdir().expect("a folder");
        let root = folder.path();
        for name in [
            "b.pdf",
            "a/z.pdf",
            "a/.hidden",
            "A.pdf",
            "Thumbs.db",
            "a/desktop.ini",
        ] {
            let path = root.join(name);
            std::fs::create_dir_all(path.parent().expect("has a parent")).expect("made");
            std::fs::write(path, b"x").expect("written");
        }
        std::os::unix::fs::symlink("/etc/passwd", root.join("link.pdf")).expect("linked");
        let mut files = Files::new([root.to_owned()]);
        let names: Vec<String> = files
            .by_ref()
            .map(|path| {
                path.strip_prefix(root)
                    .expect("below")
                    .to_string_lossy()
                    .into_owned()
            })
            .collect();
        assert_eq!(names, ["A.pdf", "a/z.pdf", "b.pdf"]);
        assert_eq!(files.skipped(), 4);
    }

    #[test]
    fn of_a_maildir_the_mails_are_taken() {
        let folder = tempfile::tempdir().expect("a folder");
        let root = folder.path();
        for name in [
            "cur/2:2,S",
            "new/1",
            "tmp/3",
            "dovecot-uidlist",
            ".Sent/cur/4",
        ] {
            let path = root.join("box").join(name);
            std::fs::create_dir_all(path.parent().expect("has a parent")).expect("made");
            std::fs::write(path, b"x").expect("written");
        }
        let mut files = Files::new([root.to_owned()]);
        let names: Vec<PathBuf> = files.by_ref().collect();
        assert_eq!(names, [root.join("box/cur/2:2,S"), root.join("box/new/1")]);
        assert_eq!(files.skipped(), 3);
    }

    #[test]
    fn lists_are_split_at_line_ends_or_zeros() {
        assert_eq!(
            listed(b"a b\r\nc\n\n", false),
            [PathBuf::from("a b"), PathBuf::from("c")]
        );
        assert_eq!(
            listed(b"a\nb\0c\0", true),
            [PathBuf::from("a\nb"), PathBuf::from("c")]
        );
    }
}
