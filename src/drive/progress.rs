//! Who watches a run.

use crate::model::Document;

/// Is told what happens; draws it, or does not.
pub trait Progress {
    /// A file or line was taken up.
    fn started(&mut self);
    /// A document is settled.
    fn finished(&mut self, document: &Document);
}

/// Watches nothing.
#[derive(Debug, Default)]
pub struct Silent;

impl Progress for Silent {
    fn started(&mut self) {}
    fn finished(&mut self, _document: &Document) {}
}
