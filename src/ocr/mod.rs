//! Words from pixels: the engines behind [`crate::stage::Engine`].

use crate::stage::{Engine, StageError};

/// Opens the engine of this build.
///
/// # Errors
/// `OCR_UNAVAILABLE`.
pub fn open(_languages: &[&str], _data: Option<&str>) -> Result<Box<dyn Engine>, StageError> {
    Err(StageError::dependency(
        "OCR_UNAVAILABLE",
        "this build has no engine",
    ))
}
