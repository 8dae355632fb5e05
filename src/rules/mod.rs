//! Checks: one file a family, rules as data. A rule never changes a document.
