//! What a run did, in lines a newcomer understands.

use std::fmt::Write as _;

use crate::drive::Tally;
use crate::model::Status;

/// What the summary tells besides the tally.
#[derive(Debug, Default)]
pub struct Summary {
    /// Files written, each with what it holds.
    pub files: Vec<(String, String)>,
    /// The journal, and the head of its audit log.
    pub journal: Option<(String, String)>,
    /// What to do next.
    pub next: Vec<String>,
}

/// What each state means to a person, in the order in which it is told.
const STATES: &[(Status, &str)] = &[
    (
        Status::Approved,
        "approved: within the limits and nothing to object to",
    ),
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
    for (status, meaning) in STATES {
        let count = tally.count(*status);
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_summary_counts_what_there_is_and_nothing_else() {
        let tally = Tally {
            lines: 3,
            statuses: [(Status::Approved, 2), (Status::Error, 1)].into(),
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
            "3 documents\n      2 approved: within the limits and nothing to object to\n      1 failed: could not be read\n\
             failures: EMPTY_FILE 1\nbills.csv: 2 approved bills\n"
        );
    }
}
