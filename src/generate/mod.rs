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
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::input::{Context, read};
    use crate::model::{Digest, DocId};

    /// The words of a PDF as our own reader gives them, without blanks.
    fn read_back(pdf: &[u8]) -> String {
        let id = DocId::of_bytes(&Digest::of(pdf));
        let mut context = Context {
            max_part: usize::MAX,
            id: &id,
            engine: None,
            page: &mut |_| {},
        };
        let documents = read(pdf, &mut context).expect("our own PDF is read");
        let mut text = String::new();
        for page in &documents[0].ocr.as_ref().expect("words").pages {
            for word in &page.words {
                text.push_str(&word.text);
            }
        }
        text
    }

    fn joined(text: &str) -> String {
        text.split_whitespace().collect()
    }

    #[test]
    fn layouts_differ_and_are_split() {
        let names: BTreeSet<&str> = layouts().iter().map(|layout| layout.name).collect();
        assert_eq!(names.len(), layouts().len());
        let test = layouts()
            .iter()
            .filter(|layout| layout.split == Split::Test)
            .count();
        assert!(
            layouts().len() >= 24 && test >= 8,
            "{} layouts, {test} of them to judge by",
            layouts().len()
        );
    }

    #[test]
    fn every_layout_in_every_language_prints_what_its_truth_says() {
        let mut faults = Vec::new();
        for layout in layouts() {
            for words in languages() {
                let invoice = invent(words, layout, 11);
                let made = make(&invoice, layout, words, 11).expect("a PDF");
                let page = read_back(&made.pdf);
                let form = form::Form {
                    words,
                    layout,
                    currency: &words.currency,
                };
                let mut wanted = vec![];
                for (key, value) in made.truth.as_object().expect("an object") {
                    let Some(value) = value.as_str() else {
                        continue;
                    };
                    let rates = invoice.vat_breakdown.len();
                    wanted.push((
                        key.clone(),
                        match key.as_str() {
                            "subtotal" | "total" | "amount_due" => {
                                form.bare(value.parse().expect("a decimal"))
                            }
                            "vat_amount" if rates == 1 => {
                                form.bare(value.parse().expect("a decimal"))
                            }
                            "invoice_date" | "due_date" => {
                                form.date(value.parse().expect("a date"))
                            }
                            "vendor_vat" => value[2..].to_owned(),
                            "vat_amount" | "currency" => continue,
                            _ => value.to_owned(),
                        },
                    ));
                }
                for item in made.truth["line_items"].as_array().expect("lines") {
                    let total = item["total"].as_str().expect("a sum");
                    wanted.push((
                        "line total".to_owned(),
                        form.bare(total.parse().expect("a decimal")),
                    ));
                }
                for (key, value) in wanted {
                    if !page.contains(&joined(&value)) {
                        faults.push(format!(
                            "{} {}: {key} `{value}`",
                            layout.name, words.language
                        ));
                    }
                }
            }
        }
        assert!(
            faults.is_empty(),
            "{} faults, {:#?}",
            faults.len(),
            &faults[..faults.len().min(20)]
        );
    }

    #[test]
    fn sums_of_invented_invoices_hold() {
        for layout in layouts() {
            for words in languages() {
                for seed in 0..5 {
                    let invoice = invent(words, layout, seed);
                    let of = |amount: &crate::model::Field<crate::model::Amount>| {
                        amount.get().expect("a sum").0
                    };
                    assert_eq!(
                        of(&invoice.subtotal) + of(&invoice.vat_amount),
                        of(&invoice.total)
                    );
                    let lines: crate::model::Decimal =
                        invoice.line_items.iter().map(|line| of(&line.total)).sum();
                    let of_lines = if layout.gross {
                        &invoice.total
                    } else {
                        &invoice.subtotal
                    };
                    assert_eq!(lines, of(of_lines), "{} {}", layout.name, words.language);
                    let paid = invoice.paid_amount.get().unwrap_or_default().0;
                    assert_eq!(of(&invoice.amount_due) + paid, of(&invoice.total));
                }
            }
        }
    }

    #[test]
    fn equal_seeds_give_equal_bytes_and_others_do_not() {
        let (layout, words) = (&layouts()[0], words("pl").expect("Polish"));
        let bytes = |seed| {
            let invoice = invent(words, layout, seed);
            let made = make(&invoice, layout, words, seed).expect("a PDF");
            let picture = png(&made.pdf, Noise::Photo, seed).expect("a picture");
            (made.pdf, picture)
        };
        assert_eq!(bytes(5), bytes(5));
        assert_ne!(bytes(5).0, bytes(6).0);
    }

    #[test]
    fn nothing_is_set_beyond_the_sheet() {
        for layout in layouts() {
            for words in languages() {
                let invoice = invent(words, layout, 3);
                for sheet in set::set(&invoice, layout, words, 3).sheets {
                    for ink in &sheet.inks {
                        if let page::Ink::Text {
                            x,
                            y,
                            size,
                            face,
                            text,
                            ..
                        } = ink
                        {
                            let right = x + face.width(text, *size);
                            assert!(
                                *x >= 0.0 && right <= sheet.width && *y <= sheet.height,
                                "{} {}: {text}",
                                layout.name,
                                words.language
                            );
                        }
                    }
                }
            }
        }
    }
}
