//! Why the program ends without having done what was asked, and what to do next.

use std::fmt::Display;

use super::exit::Exit;
use super::plain::plain;

/// A failure of the run, not of a document.
#[derive(Debug)]
pub struct Failure {
    /// How the program ends.
    pub exit: Exit,
    /// What was being done, and below it why that failed, one line each.
    pub causes: Vec<String>,
    /// What to do next.
    pub hints: Vec<String>,
}

impl Failure {
    /// A failure with its causes.
    pub fn new(exit: Exit, error: &(dyn std::error::Error + 'static)) -> Self {
        let mut causes = vec![error.to_string()];
        let mut source = error.source();
        while let Some(cause) = source {
            causes.push(cause.to_string());
            source = cause.source();
        }
        Self {
            exit,
            causes,
            hints: Vec::new(),
        }
    }

    /// A failure in our own words.
    pub fn text(exit: Exit, message: impl Into<String>) -> Self {
        Self {
            exit,
            causes: vec![message.into()],
            hints: Vec::new(),
        }
    }

    /// A wrong use or setting.
    pub fn usage(message: impl Into<String>) -> Self {
        Self::text(Exit::Usage, message)
    }

    /// Says before the causes what was being done.
    #[must_use]
    pub fn while_doing(mut self, what: impl Into<String>) -> Self {
        self.causes.insert(0, what.into());
        self
    }

    /// Adds what to do next.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// Writes the failure for people.
    pub fn print(&self) {
        let mut causes = self.causes.iter();
        if let Some(first) = causes.next() {
            say(format_args!("vouch: {}", plain(first)));
        }
        causes.for_each(|cause| say(format_args!("  because {}", plain(cause))));
        self.hints
            .iter()
            .for_each(|hint| say(format_args!("hint: {}", plain(hint))));
    }
}

/// Writes a line for people to standard error; if nobody can read it there, nobody is told.
pub fn say(text: impl Display) {
    use std::io::Write;
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn causes_stand_one_a_line_with_what_was_done_first() {
        let error = std::io::Error::other("no space");
        let failure = Failure::new(Exit::CannotWrite, &error)
            .while_doing("cannot write `bills.csv`")
            .hint("free some");
        assert_eq!(failure.causes, ["cannot write `bills.csv`", "no space"]);
        assert_eq!(failure.hints, ["free some"]);
    }
}
