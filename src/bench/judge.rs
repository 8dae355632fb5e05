//! One record against one document.

use serde_json::Value;

use super::compare::{alike, empty, same};
use super::read::{Prediction, Truth};
use super::{FIELDS, KEY};

/// What came of a field that the truth knows.
#[derive(Debug)]
pub(super) struct Judged<'a> {
    /// Its name.
    pub(super) field: &'static str,
    /// What is right; `null` if the document has no such thing.
    pub(super) want: &'a Value,
    /// What was read, if anything.
    pub(super) got: Option<&'a Value>,
    /// Whether that is right.
    pub(super) right: bool,
}

impl Judged<'_> {
    /// The document has it.
    pub(super) fn present(&self) -> bool {
        !self.want.is_null()
    }

    /// One of the fields without which nothing can be paid.
    pub(super) fn is_key(&self) -> bool {
        KEY.contains(&self.field)
    }

    /// Something was read that is not so.
    pub(super) fn wrong(&self) -> bool {
        self.got.is_some() && !self.right
    }
}

/// What came of the lines, where the truth knows them.
#[derive(Debug, Default)]
pub(super) struct Lines<'a> {
    /// How many were read.
    pub(super) predicted: usize,
    /// How many of the truth's were among them.
    pub(super) right: usize,
    /// The truth's that were not.
    pub(super) missed: Vec<&'a Value>,
    /// Those read that are none of the truth's.
    pub(super) extra: Vec<&'a Value>,
}

/// What came of a document; without a record nothing was read.
#[derive(Debug)]
pub(super) struct Verdict<'a> {
    /// The fields that the truth knows.
    pub(super) fields: Vec<Judged<'a>>,
    /// The lines, where the truth has some.
    pub(super) lines: Option<Lines<'a>>,
}

impl Verdict<'_> {
    /// Whether all key fields that the document has were read right; nothing if it has none.
    pub(super) fn key_right(&self) -> Option<bool> {
        let mut keys = self
            .fields
            .iter()
            .filter(|field| field.is_key() && field.present())
            .peekable();
        keys.peek()?;
        Some(keys.all(|field| field.right))
    }

    /// Whether some key field was read wrong.
    pub(super) fn key_wrong(&self) -> bool {
        self.fields
            .iter()
            .any(|field| field.is_key() && field.wrong())
    }
}

/// Judges a record.
pub(super) fn judge<'a>(truth: &'a Truth, prediction: Option<&'a Prediction>) -> Verdict<'a> {
    let value = |field: &str| prediction.and_then(|prediction| prediction.value(field));
    let fields = FIELDS
        .into_iter()
        .filter_map(|field| {
            let want = truth.truth.get(field)?;
            let got = value(field).filter(|got| !empty(Some(got)));
            let right = !want.is_null() && got.is_some_and(|got| same(field, got, want));
            Some(Judged {
                field,
                want,
                got,
                right,
            })
        })
        .collect();
    let lines = truth
        .truth
        .get(super::LINES)
        .and_then(Value::as_array)
        .filter(|want| !want.is_empty())
        .map(|want| {
            let got = value(super::LINES).and_then(Value::as_array);
            lines(want, got.map(Vec::as_slice).unwrap_or_default())
        });
    Verdict { fields, lines }
}

/// Finds each line of the truth among those that were read and are not yet taken: the first of the same total whose
/// description is alike.
fn lines<'a>(want: &'a [Value], got: &'a [Value]) -> Lines<'a> {
    let mut left: Vec<&Value> = got.iter().filter(|line| line.is_object()).collect();
    let mut lines = Lines {
        predicted: left.len(),
        ..Lines::default()
    };
    for line in want {
        let fits = |read: &&Value| {
            same("total", &read["total"], &line["total"])
                && alike(read.get("description"), line.get("description"))
        };
        if let Some(place) = left.iter().position(fits) {
            left.remove(place);
            lines.right += 1;
        } else {
            lines.missed.push(line);
        }
    }
    lines.extra = left;
    lines
}
