//! Exit codes: one enum, one table; help and man page print it.

use std::process::ExitCode;

/// How the program ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Every input is accounted for, even if some are held.
    Done,
    /// A `--strict`, `audit` or `bench --gate` condition failed.
    Condition,
    /// Usage or configuration: nothing was done.
    Usage,
    /// A required tool is missing.
    ToolMissing,
    /// Some input could not be read; its error record was written.
    InputUnreadable,
    /// The journal or the output cannot be written.
    CannotWrite,
    /// Stopped early by `--fail-fast` or `--max-failures`.
    StoppedEarly,
    /// A fault of ours.
    Bug,
    /// Something we depend on failed: try again later.
    TryAgain,
    /// Ended by Ctrl-C, after the work in flight was committed.
    Interrupted,
    /// Ended by SIGTERM, after the work in flight was committed.
    Terminated,
}

/// Every exit with its code and meaning, in the order in which one goes before another where several apply.
pub const EXITS: &[(Exit, u8, &str)] = &[
    (
        Exit::CannotWrite,
        5,
        "the journal or the output cannot be written",
    ),
    (Exit::Bug, 70, "a bug in vouch"),
    (
        Exit::Interrupted,
        130,
        "ended by Ctrl-C, after the work in flight was committed",
    ),
    (
        Exit::Terminated,
        143,
        "ended by SIGTERM, after the work in flight was committed",
    ),
    (Exit::Usage, 2, "usage or configuration; nothing was done"),
    (Exit::ToolMissing, 3, "a required tool is missing"),
    (
        Exit::StoppedEarly,
        7,
        "stopped early by --fail-fast or --max-failures",
    ),
    (
        Exit::TryAgain,
        75,
        "something vouch depends on failed; try again later",
    ),
    (
        Exit::InputUnreadable,
        4,
        "some input could not be read, its error record was written (0 with --exit-zero)",
    ),
    (
        Exit::Condition,
        1,
        "a --strict, audit or bench --gate condition failed",
    ),
    (
        Exit::Done,
        0,
        "every input is accounted for, even if some are held",
    ),
];

impl Exit {
    /// The number the shell sees.
    pub fn code(self) -> u8 {
        self.row().1
    }

    /// Of two that apply, the one that is reported.
    #[must_use]
    pub fn or(self, other: Exit) -> Exit {
        let place = |exit| EXITS.iter().position(|row| row.0 == exit);
        if place(self) <= place(other) {
            self
        } else {
            other
        }
    }

    fn row(self) -> &'static (Exit, u8, &'static str) {
        EXITS
            .iter()
            .find(|row| row.0 == self)
            .expect("every exit is in the table")
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        ExitCode::from(exit.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_graver_one_is_reported() {
        for (one, other, expected) in [
            (Exit::Done, Exit::Condition, Exit::Condition),
            (
                Exit::InputUnreadable,
                Exit::Condition,
                Exit::InputUnreadable,
            ),
            (Exit::InputUnreadable, Exit::CannotWrite, Exit::CannotWrite),
            (Exit::Interrupted, Exit::Bug, Exit::Bug),
            (Exit::TryAgain, Exit::StoppedEarly, Exit::StoppedEarly),
        ] {
            assert_eq!(one.or(other), expected);
            assert_eq!(other.or(one), expected);
        }
    }

    #[test]
    fn codes_are_unique() {
        let codes: std::collections::BTreeSet<u8> = EXITS.iter().map(|row| row.1).collect();
        assert_eq!(codes.len(), EXITS.len());
    }
}
