//! `vouch` reads invoices, checks them, routes them for approval and hands them to accounting.
//!
//! The pipeline, one line of JSON a document:
//!
//! ```text
//! bytes ─ input/ocr → words, boxes, XML ─ extract → invoice with evidence ─ enrich → vendor
//!       ─ validate → findings ─ route → who decides ─ export → the books, each exactly once
//! ```
//!
//! [`model`] is the data, [`stage`] the contracts between the steps. The steps themselves are pure: they take values and
//! return values. [`drive`] is the only loop; it owns lines, order, threads and the journal. [`cli`] puts it together.

pub mod model;
pub mod stage;

pub mod bench;
pub mod cli;
pub mod drive;
pub mod enrich;
pub mod export;
pub mod extract;
pub mod generate;
pub mod input;
pub mod lang;
pub mod layout;
pub mod ocr;
pub mod route;
pub mod rules;
pub mod ui;
