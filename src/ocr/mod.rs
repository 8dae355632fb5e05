//! Words from pixels: the engines behind [`crate::stage::Engine`].
//!
//! [`open`] gives the one this build has. Its settings are chosen for invoices and receipts by measurement; what a
//! page needs (turning, straightening, scaling, columns or one strip) is found out from its pixels before it is read.

#[cfg(feature = "tesseract")]
mod doubt;
mod lazy;
#[cfg(feature = "tesseract")]
mod ledger;
#[cfg(feature = "tesseract")]
mod marks;
#[cfg(feature = "tesseract")]
mod mend;
#[cfg(feature = "tesseract")]
mod merge;
#[cfg(feature = "tesseract")]
mod plane;
mod recorded;
#[cfg(feature = "tesseract")]
mod rows;
#[cfg(feature = "tesseract")]
mod survey;
#[cfg(feature = "tesseract")]
mod tesseract;
#[cfg(feature = "tesseract")]
mod tone;
#[cfg(feature = "tesseract")]
mod view;

pub use lazy::Lazy;
pub use recorded::Recorded;
#[cfg(feature = "tesseract")]
pub use tesseract::{Tesseract, version};

use crate::stage::{Engine, StageError};

/// Languages read unless the settings say otherwise, those of them that are installed. Every page is read in the first;
/// a page that turns out to be in another is read in that one too.
pub const LANGUAGES: &[&str] = &["eng", "deu", "fra", "spa", "ita", "nld", "pol", "por"];

/// Opens the engine of this build, for [`LANGUAGES`] if none are named. `data` is the folder of its language files,
/// where it is not the one the engine knows.
///
/// # Errors
/// `OCR_UNAVAILABLE` if there is none, or none of the languages is installed.
#[cfg(feature = "tesseract")]
pub fn open(languages: &[&str], data: Option<&str>) -> Result<Box<dyn Engine>, StageError> {
    let languages = if languages.is_empty() {
        LANGUAGES
    } else {
        languages
    };
    Ok(Box::new(Tesseract::open(languages, data)?))
}

/// Opens the engine of this build: there is none.
///
/// # Errors
/// `OCR_UNAVAILABLE`.
#[cfg(not(feature = "tesseract"))]
pub fn open(_languages: &[&str], _data: Option<&str>) -> Result<Box<dyn Engine>, StageError> {
    Err(StageError::dependency(
        "OCR_UNAVAILABLE",
        "this build has no engine for recognising text",
    ))
}

/// What the words of a scan depend on besides its pixels: engine, version, languages.
pub fn signature(languages: &str) -> String {
    #[cfg(feature = "tesseract")]
    let engine = format!("tesseract {}", version());
    #[cfg(not(feature = "tesseract"))]
    let engine = "none".to_owned();
    format!("{engine} {languages}")
}
