//! `--strict`: invoices with errors are named on standard error, and the run ends with 1.

use std::fmt::Write as _;
use std::io;

use crate::drive::Emit;
use crate::model::{Document, Finding};
use crate::ui::{self, Exit};

/// Passes documents on and names those that are not valid.
pub(crate) struct Strict<E> {
    inner: E,
    named: bool,
    invalid: u64,
}

impl<E: Emit> Strict<E> {
    /// Names nothing unless `strict`.
    pub(crate) fn new(inner: E, strict: bool) -> Self {
        Self {
            inner,
            named: strict,
            invalid: 0,
        }
    }

    /// The exit, given how the run ended otherwise.
    pub(crate) fn exit(&self, exit: Exit) -> Exit {
        if self.named && self.invalid > 0 {
            exit.or(Exit::Condition)
        } else {
            exit
        }
    }

    /// What it passed documents to.
    pub(crate) fn into_inner(self) -> E {
        self.inner
    }
}

impl<E: Emit> Emit for Strict<E> {
    fn emit(&mut self, document: &Document) -> io::Result<()> {
        if self.named {
            let errors = document.validation.iter().flat_map(|checks| &checks.errors);
            let mut any = false;
            for finding in errors {
                any = true;
                ui::say(told(document, finding));
            }
            self.invalid += u64::from(any);
        }
        self.inner.emit(document)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

/// One line: file, rule, what it says, both figures.
fn told(document: &Document, finding: &Finding) -> String {
    let file = document
        .source
        .path
        .as_deref()
        .unwrap_or(document.id.as_str());
    let mut text = format!(
        "{}: {}: {}",
        ui::plain(file),
        finding.code,
        ui::plain(&finding.message)
    );
    if let (Some(expected), Some(actual)) = (&finding.expected, &finding.actual) {
        // Writing to a string cannot fail.
        let _ = write!(
            text,
            " [expected {}, found {}]",
            ui::plain(expected),
            ui::plain(actual)
        );
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::drive::Lines;
    use crate::model::{DocId, Validation};

    #[test]
    fn only_errors_end_the_run_with_one() {
        for (strict, errors, exit) in [
            (true, 1, Exit::Condition),
            (true, 0, Exit::Done),
            (false, 1, Exit::Done),
        ] {
            let mut document = Document::new(DocId::of_path("a.pdf"));
            document.source.path = Some("a.pdf".to_owned());
            let finding = Finding {
                code: "TOTAL_MISMATCH".to_owned(),
                message: "sums differ".to_owned(),
                expected: Some("1".to_owned()),
                actual: Some("2".to_owned()),
                ..Finding::default()
            };
            assert_eq!(
                told(&document, &finding),
                "a.pdf: TOTAL_MISMATCH: sums differ [expected 1, found 2]"
            );
            document.validation = Some(Validation {
                errors: vec![finding; errors],
                ..Validation::default()
            });
            let mut out = Strict::new(Lines::new(Vec::new(), false), strict);
            out.emit(&document).expect("written");
            assert_eq!(out.exit(Exit::Done), exit);
            assert!(!out.into_inner().into_inner().is_empty());
        }
    }
}
