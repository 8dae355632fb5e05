//! What the readers' tests share: a synthetic file in, single values of the record out.

use super::{Context, Reader};
use crate::model::{DocId, Document};
use crate::stage::StageError;

/// Reads a sample that must be recognised as the reader's own.
pub(super) fn documents(
    reader: &Reader,
    xml: impl AsRef<[u8]>,
) -> Result<Vec<Document>, StageError> {
    let id = DocId::from_text("f");
    let mut page = |_| {};
    let mut context = Context {
        max_part: usize::MAX,
        id: &id,
        engine: None,
        page: &mut page,
    };
    assert!((reader.sniff)(xml.as_ref()), "{}", reader.name);
    (reader.read)(xml.as_ref(), &mut context)
}

/// What the record of the only document in it says, as JSON.
pub(super) fn invoice_of(reader: &Reader, xml: impl AsRef<[u8]>) -> serde_json::Value {
    let documents = documents(reader, xml).expect("reads");
    assert_eq!(documents.len(), 1);
    let document = &documents[0];
    let invoice = document.invoice.as_ref().expect("an invoice");
    let warnings = &document.ocr.as_ref().expect("always there").warnings;
    let unread: Vec<&str> = warnings.iter().map(|w| w.message.as_str()).collect();
    assert!(unread.is_empty(), "{unread:?}");
    serde_json::to_value(invoice).expect("serialises")
}

/// Compares values by their place: numbers as they are written, `null` for looked for and missing, `absent` for neither.
pub(super) fn check(invoice: &serde_json::Value, expected: &[(&str, &str)]) {
    for (pointer, value) in expected {
        let found = match invoice.pointer(pointer) {
            None => "absent".to_owned(),
            Some(serde_json::Value::String(text)) => text.clone(),
            Some(other) => other.to_string(),
        };
        assert_eq!(found, *value, "{pointer}");
    }
}

/// Base64, as mails and XML carry files.
pub(super) fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let group = |chunk: &[u8]| {
        let bits = (0..3).fold(0_u32, |bits, at| {
            bits << 8 | u32::from(chunk.get(at).copied().unwrap_or(0))
        });
        let digit = |place: usize| {
            if place <= chunk.len() {
                char::from(DIGITS[(bits >> (18 - 6 * place)) as usize & 63])
            } else {
                '='
            }
        };
        [digit(0), digit(1), digit(2), digit(3)]
    };
    bytes.chunks(3).flat_map(group).collect()
}
