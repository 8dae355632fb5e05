//! Where settled documents go.

use std::io::{self, Write};

use crate::model::Document;

use super::laid::line;

/// Takes settled documents, in order.
pub trait Emit {
    /// Takes one.
    ///
    /// # Errors
    /// If it cannot be written; a reader that went away is `BrokenPipe`.
    fn emit(&mut self, document: &Document) -> io::Result<()>;

    /// Writes what was taken, so that a reader sees it.
    ///
    /// # Errors
    /// As [`Emit::emit`].
    fn flush(&mut self) -> io::Result<()>;
}

/// One line of JSON a document.
pub struct Lines<W: Write> {
    out: W,
    money_strings: bool,
}

impl<W: Write> Lines<W> {
    /// Writes lines; `money_strings` writes amounts as strings, for readers that lose digits.
    pub fn new(out: W, money_strings: bool) -> Self {
        Self { out, money_strings }
    }

    /// The writer, to finish it.
    pub fn into_inner(self) -> W {
        self.out
    }
}

impl<W: Write> Emit for Lines<W> {
    fn emit(&mut self, document: &Document) -> io::Result<()> {
        let mut text = if self.money_strings {
            serde_json::to_vec(&super::money::as_strings(document))?
        } else {
            line(document)
        };
        text.push(b'\n');
        self.out.write_all(&text)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}
