//! What a run did: counted once, the exit code comes from here.

use std::collections::BTreeMap;

use crate::model::{Document, Level, Status};

/// Counts of a run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Lines written.
    pub lines: u64,
    /// Of these, written again without work.
    pub known: u64,
    /// Of these, the same bytes as another path.
    pub same: u64,
    /// Of those that are approved, those that a person approved.
    pub approved_by_a_person: u64,
    /// Documents by status.
    pub statuses: BTreeMap<Status, u64>,
    /// Failures by code.
    pub failures: BTreeMap<String, u64>,
    /// Documents with an entry in `validation.errors`.
    pub invalid: u64,
    /// Files left for the next run, since they changed while they were read.
    pub changing: u64,
    /// Desktop leavings and links that were skipped.
    pub skipped: u64,
    /// Ended because the reader of stdout went away.
    pub broken_pipe: bool,
    /// Ended by a signal: its number.
    pub signal: Option<i32>,
    /// Ended after too many failures.
    pub stopped_early: bool,
    /// A stage panicked or a stored line was unreadable.
    pub bugs: u64,
}

impl Tally {
    /// Counts a line.
    pub(super) fn add(&mut self, document: &Document, known: bool) {
        self.lines += 1;
        self.known += u64::from(known);
        self.same += u64::from(document.source.same_as.is_some());
        *self.statuses.entry(document.status).or_default() += 1;
        let by_a_person = document.status == Status::Approved
            && document
                .approval
                .as_ref()
                .is_some_and(|approval| approval.level != Some(Level::Auto));
        self.approved_by_a_person += u64::from(by_a_person);
        if let Some(error) = &document.error {
            *self.failures.entry(error.code.clone()).or_default() += 1;
            self.bugs += u64::from(error.code == "INTERNAL");
        }
        self.invalid += u64::from(
            document
                .validation
                .as_ref()
                .is_some_and(|checks| !checks.errors.is_empty()),
        );
    }

    /// How many documents failed.
    pub fn failed(&self) -> u64 {
        self.count(Status::Error)
    }

    /// How many have a status.
    pub fn count(&self, status: Status) -> u64 {
        self.statuses.get(&status).copied().unwrap_or(0)
    }
}
