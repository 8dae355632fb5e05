//! Documents by the ids that people type: whole, or the beginning of one, with `@HASH8` for what was shown.

use super::session::{Session, journal_failure};
use crate::drive::journal::{DocumentRow, Listing};
use crate::ui::Failure;

/// How many digits of the record's hash are shown and asked for.
pub(crate) const HASH_DIGITS: usize = 8;

/// An id as typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Asked {
    /// The id, or the beginning of one.
    pub(crate) id: String,
    /// The beginning of the hash of what was shown.
    pub(crate) hash: Option<String>,
}

impl std::str::FromStr for Asked {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let (id, hash) = match text.split_once('@') {
            Some((id, hash)) => (id, Some(hash.to_owned())),
            None => (text, None),
        };
        let digits =
            |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        if !digits(id.split('#').next().unwrap_or_default()) {
            return Err(
                "an id is hexadecimal digits, perhaps with #n or #pA-B behind them".to_owned(),
            );
        }
        if hash
            .as_deref()
            .is_some_and(|hash| !digits(hash) || hash.len() < HASH_DIGITS)
        {
            return Err(format!(
                "behind @ stand at least {HASH_DIGITS} digits of the hash that `vouch show` prints"
            ));
        }
        Ok(Self {
            id: id.to_owned(),
            hash,
        })
    }
}

/// The one document that an id names.
///
/// # Errors
/// If it names none or several.
pub(crate) fn one(session: &Session, id: &str) -> Result<DocumentRow, Failure> {
    let mut rows = session
        .journal
        .list(&Listing {
            statuses: &[],
            id: Some(id),
        })
        .map_err(journal_failure)?;
    // `ab` names the whole file, `ab#2` its second document; the shorter one goes before where both are there.
    if let Some(exact) = rows.iter().position(|row| row.id == id) {
        return Ok(rows.swap_remove(exact));
    }
    match rows.len() {
        0 => Err(Failure::usage(format!("no document `{id}` in the journal"))
            .hint("vouch status lists all documents")),
        1 => Ok(rows.swap_remove(0)),
        several => Err(
            Failure::usage(format!("`{id}` is the beginning of {several} ids"))
                .hint("give more digits"),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_typed_with_or_without_a_hash() {
        let asked = |id: &str, hash: Option<&str>| Asked {
            id: id.to_owned(),
            hash: hash.map(str::to_owned),
        };
        for (text, expected) in [
            ("2d711642", Some(asked("2d711642", None))),
            (
                "2d711642#2@0123abcd",
                Some(asked("2d711642#2", Some("0123abcd"))),
            ),
            ("2d711642@0123", None),
            ("inbox/a.pdf", None),
            ("", None),
        ] {
            assert_eq!(text.parse::<Asked>().ok(), expected, "{text}");
        }
    }
}
