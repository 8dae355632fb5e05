//! Counts over documents, and the shares made of them.

use super::judge::Verdict;
use super::{FIELDS, LINES};

/// Counts of one field.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Documents that have it.
    pub present: u64,
    /// Documents for which something was read.
    pub predicted: u64,
    /// Documents for which that is right.
    pub right: u64,
}

impl Counts {
    /// Of what was read, how much is right; 0 if nothing was.
    pub fn precision(&self) -> f64 {
        share(self.right, self.predicted)
    }

    /// Of what is there, how much was read right; 0 if nothing is.
    pub fn recall(&self) -> f64 {
        share(self.right, self.present)
    }

    /// The harmonic mean of both.
    pub fn f1(&self) -> f64 {
        let (precision, recall) = (self.precision(), self.recall());
        if precision + recall == 0.0 {
            return 0.0;
        }
        2.0 * precision * recall / (precision + recall)
    }

    fn add(&mut self, present: u64, predicted: u64, right: u64) {
        self.present += present;
        self.predicted += predicted;
        self.right += right;
    }
}

/// Part of a whole; 0 of nothing.
pub(super) fn share(part: u64, whole: u64) -> f64 {
    if whole == 0 {
        0.0
    } else {
        part as f64 / whole as f64
    }
}

/// Counts over documents.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Documents in the truth.
    pub documents: u64,
    /// Those that have a record.
    pub predicted: u64,
    /// Documents of which some key field is known and there.
    pub key_documents: u64,
    /// Those of which all of these were read right.
    pub key_right: u64,
    fields: [Counts; FIELDS.len()],
    lines: Counts,
}

impl Tally {
    /// Adds a document.
    pub(super) fn add(&mut self, verdict: &Verdict<'_>, predicted: bool) {
        self.documents += 1;
        self.predicted += u64::from(predicted);
        for judged in &verdict.fields {
            if let Some(place) = FIELDS.iter().position(|field| *field == judged.field) {
                self.fields[place].add(
                    u64::from(judged.present()),
                    u64::from(judged.got.is_some()),
                    u64::from(judged.right),
                );
            }
        }
        if let Some(right) = verdict.key_right() {
            self.key_documents += 1;
            self.key_right += u64::from(right);
        }
        if let Some(lines) = &verdict.lines {
            let present = lines.right + lines.missed.len();
            self.lines
                .add(present as u64, lines.predicted as u64, lines.right as u64);
        }
    }

    /// Each field with its counts, the lines last.
    pub fn fields(&self) -> impl Iterator<Item = (&'static str, Counts)> {
        FIELDS
            .into_iter()
            .zip(self.fields)
            .chain([(LINES, self.lines)])
    }

    /// The counts of one field.
    pub fn field(&self, name: &str) -> Option<Counts> {
        self.fields()
            .find(|(field, _)| *field == name)
            .map(|(_, counts)| counts)
    }

    /// The header fields together, without the lines: of those a long document has more than a short one.
    pub fn all(&self) -> Counts {
        let mut all = Counts::default();
        for counts in &self.fields {
            all.add(counts.present, counts.predicted, counts.right);
        }
        all
    }

    /// Of the documents with a known key field, the share with all of them right.
    pub fn key_share(&self) -> f64 {
        share(self.key_right, self.key_documents)
    }
}
