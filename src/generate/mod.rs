//! Invoices made: a structured invoice, a layout, a language and a seed → a PDF or the picture of a page, and what is on it.
//!
//! Made for two ends: to send invoices for orders, and to have documents whose truth is known, on layouts that reading was
//! tuned on (`train`) and on layouts that it was not (`test`). Layouts and words are data. Equal arguments give equal bytes.

mod complete;
mod dice;
mod form;
mod ids;
mod invent;
mod page;
mod pdf;
mod picture;
mod set;
mod template;
mod truth;
mod words;

use serde_json::Value;

use crate::model::Invoice;
pub use complete::complete;
pub use invent::invent;
pub use picture::{Noise, png};
pub use template::{Kind, Layout, Split, layouts};
pub use words::{Words, languages, words};

/// Why a document cannot be made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum GenerateError {
    /// The layout's sheet has no size.
    #[error("lay out a sheet without size")]
    Sheet,
    /// The PDF cannot be written, or not be read again.
    #[error("make the PDF: {0}")]
    Pdf(String),
    /// The picture cannot be written.
    #[error("make the picture")]
    Picture(#[from] image::ImageError),
}

/// A document.
#[derive(Debug)]
pub struct Made {
    /// The PDF.
    pub pdf: Vec<u8>,
    /// How many pages it has.
    pub pages: usize,
    /// What is certainly on it: see [`layouts`] for where.
    pub truth: Value,
}

/// Puts an invoice on paper. Sums that it leaves out have to be filled in before: [`complete`].
///
/// # Errors
/// If the PDF cannot be written.
pub fn make(
    invoice: &Invoice,
    layout: &Layout,
    words: &Words,
    seed: u64,
) -> Result<Made, GenerateError> {
    let set = set::set(invoice, layout, words, seed);
    Ok(Made {
        pdf: pdf::write(&set.sheets)?,
        pages: set.sheets.len(),
        truth: truth::truth(invoice, &set.printed),
    })
}

#[cfg(test)]
mod tests;
