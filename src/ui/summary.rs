//! What a run did, in lines a newcomer understands.

use std::fmt::Write as _;

use crate::drive::Tally;
use crate::model::Status;

/// What the summary tells besides the tally.
#[derive(Debug, Default)]
pub struct Summary {
    /// Files written, each with what it holds.
    pub files: Vec<(String, String)>,
    /// Approved documents that this run put into a batch; nothing where it was not to form one.
    pub exported: Option<u64>,
    /// The journal, and the head of its audit log.
    pub journal: Option<(String, String)>,
    /// What to do next.
    pub next: Vec<String>,
}

/// What each state means to a person, in the order in which it is told; before them those who approved.
const STATES: &[(Status, &str)] = &[
    (Status::Processed, "already exported"),
    (Status::PendingApproval, "held: a person has to look"),
    (Status::Rejected, "rejected by a person"),
    (Status::SetAside, "set aside: no invoice"),
    (Status::Error, "failed: could not be read"),
    (Status::Processing, "read"),
    (Status::Pending, "taken in"),
];

/// The summary as text.
pub fn summary(tally: &Tally, more: &Summary) -> String {
    let mut text = String::new();
    let documents = tally.lines;
    // Writing to a string cannot fail.
    let _ = write!(
        text,
        "{documents} document{}",
        if documents == 1 { "" } else { "s" }
    );
    if tally.known > 0 {
        let _ = write!(text, ", {} of them known from an earlier run", tally.known);
    }
    text.push('\n');
    let by_people = tally.approved_by_a_person;
    let by_limits = tally.count(Status::Approved).saturating_sub(by_people);
    let approved = [
        (
            by_limits,
            "approved: within the limits and nothing to object to",
        ),
        (by_people, "approved by a person"),
    ];
    let others = STATES
        .iter()
        .map(|(status, meaning)| (tally.count(*status), *meaning));
    for (count, meaning) in approved.into_iter().chain(others) {
        if count > 0 {
            let _ = writeln!(text, "{count:>7} {meaning}");
        }
    }
    for (count, meaning) in [
        (tally.same, "of these are the same file under another name"),
        (
            tally.changing,
            "left for the next run: changed while being read",
        ),
        (
            tally.skipped,
            "skipped: dot-files, links and what desktops leave behind",
        ),
    ] {
        if count > 0 {
            let _ = writeln!(text, "{count:>7} {meaning}");
        }
    }
    if !tally.failures.is_empty() {
        let codes: Vec<String> = tally
            .failures
            .iter()
            .map(|(code, count)| format!("{code} {count}"))
            .collect();
        let _ = writeln!(text, "failures: {}", codes.join(", "));
    }
    for (file, holds) in &more.files {
        let _ = writeln!(text, "{file}: {holds}");
    }
    if let Some((journal, head)) = &more.journal {
        let _ = writeln!(text, "journal: {journal} (head {head})");
    }
    for next in &more.next {
        let _ = writeln!(text, "next: {next}");
    }
    text
}

/// The summary as one event of the log, its counts as numbers.
pub fn tell(tally: &Tally, more: &Summary) {
    tracing::info!(
        documents = tally.lines,
        known = tally.known,
        approved = tally.count(Status::Approved),
        approved_by_a_person = tally.approved_by_a_person,
        already_exported = tally.count(Status::Processed),
        held = tally.count(Status::PendingApproval),
        rejected = tally.count(Status::Rejected),
        set_aside = tally.count(Status::SetAside),
        failed = tally.failed(),
        same = tally.same,
        changing = tally.changing,
        skipped = tally.skipped,
        exported = more.exported,
        "run finished"
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_summary_counts_what_there_is_and_nothing_else() {
        let tally = Tally {
            lines: 4,
            approved_by_a_person: 1,
            statuses: [(Status::Approved, 3), (Status::Error, 1)].into(),
            failures: [("EMPTY_FILE".to_owned(), 1)].into(),
            ..Tally::default()
        };
        let more = Summary {
            files: vec![("bills.csv".to_owned(), "2 approved bills".to_owned())],
            ..Summary::default()
        };
        let text = summary(&tally, &more);
        assert_eq!(
            text,
            "4 documents\n      2 approved: within the limits and nothing to object to\n      1 approved by a person\n      1 failed: could not be read\n\
             failures: EMPTY_FILE 1\nbills.csv: 2 approved bills\n"
        );
    }
}
