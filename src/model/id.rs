//! Names that come from content: documents and digests.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// SHA-256 of something, as bytes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest(pub [u8; 32]);

impl Digest {
    /// The digest of some bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// The digest of several byte strings, each preceded by its length, so that no two lists collide.
    pub fn of_parts<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> Self {
        let mut hasher = Sha256::new();
        for part in parts {
            hasher.update((part.len() as u64).to_le_bytes());
            hasher.update(part);
        }
        Self(hasher.finalize().into())
    }

    /// Reads 64 hexadecimal digits.
    pub fn from_hex(text: &str) -> Option<Self> {
        let mut bytes = [0; 32];
        let digits = text.as_bytes();
        if digits.len() != 64 {
            return None;
        }
        for (byte, pair) in bytes.iter_mut().zip(digits.chunks(2)) {
            let text = std::str::from_utf8(pair).ok()?;
            *byte = u8::from_str_radix(text, 16).ok()?;
        }
        Some(Self(bytes))
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The name of a document: the digest of its original bytes, plus `#n` or `#pA-B` for a part of them.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct DocId(String);

impl DocId {
    /// The document whose bytes have this digest.
    pub fn of_bytes(sha256: &Digest) -> Self {
        Self(sha256.to_string())
    }

    /// A part of it; `suffix` is `#2` or `#p3-4`, or empty for the whole.
    #[must_use]
    pub fn part(&self, suffix: &str) -> Self {
        Self(format!("{}{suffix}", self.file()))
    }

    /// An input that has no bytes: empty, missing or unreadable.
    pub fn of_path(path: &str) -> Self {
        Self::of_bytes(&Digest::of(format!("path:{path}").as_bytes()))
    }

    /// Takes a name as it is.
    pub fn from_text(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The whole name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The name of the file it is in: the part before `#`.
    pub fn file(&self) -> &str {
        self.0.split('#').next().unwrap_or(&self.0)
    }

    /// The short form for people: twelve digits and the part.
    pub fn short(&self) -> String {
        let file = self.file();
        let head: String = file.chars().take(12).collect();
        format!("{head}{}", &self.0[file.len()..])
    }
}

impl fmt::Display for DocId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for DocId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_a_part_of_the_file() {
        let id = DocId::of_bytes(&Digest::of(b"x")).part("#2");
        assert_eq!(id.short(), "2d711642b726#2");
        assert_eq!(id.file().len(), 64);
        assert_eq!(id.part("#p1-2").as_str(), format!("{}#p1-2", id.file()));
    }

    #[test]
    fn lengths_keep_lists_apart() {
        let one = Digest::of_parts([b"ab".as_slice(), b"c"]);
        let two = Digest::of_parts([b"a".as_slice(), b"bc"]);
        assert_ne!(one, two);
        assert_eq!(Digest::from_hex(&one.to_string()), Some(one));
    }
}
