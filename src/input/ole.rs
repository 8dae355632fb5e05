//! Files of old office programs (`.doc`, `.xls`): recognised, and refused with what to do.
//!
//! Their formats are those of programs of the nineties; whoever sends one can save it as something else.

use super::{Context, Reader};
use crate::model::Document;
use crate::stage::StageError;

/// OLE2 compound files.
pub(super) const OLE: Reader = Reader {
    name: "ole",
    media_type: "application/x-ole-storage",
    extension: "ole",
    reads: "nothing: old Word and Excel files are refused with what to do",
    sniff: |bytes| bytes.starts_with(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
    read,
};

/// Names of streams (UTF-16) that tell what wrote the file, and what to save it as.
const KINDS: &[(&str, &str)] = &[
    (
        "WordDocument",
        "a Word file of before 2007; save it as DOCX or PDF",
    ),
    (
        "Workbook",
        "an Excel file of before 2007; save it as XLSX or PDF",
    ),
    (
        "Book",
        "an Excel file of before 2007; save it as XLSX or PDF",
    ),
    (
        "EncryptedPackage",
        "an office file with a password; save it without",
    ),
    (
        "PowerPoint Document",
        "a PowerPoint file of before 2007; save it as PDF",
    ),
];

fn read(bytes: &[u8], _: &mut Context<'_>) -> Result<Vec<Document>, StageError> {
    let kind = KINDS.iter().find(|(stream, _)| {
        let name: Vec<u8> = stream.encode_utf16().flat_map(u16::to_le_bytes).collect();
        bytes.windows(name.len()).any(|window| window == name)
    });
    let code = match kind {
        Some(("EncryptedPackage", _)) => "ENCRYPTED_FILE",
        _ => "UNSUPPORTED_TYPE",
    };
    let what = kind.map_or("an old office file; save it as PDF", |(_, what)| what);
    Err(StageError::input(code, format!("the file is {what}")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::sample;

    #[test]
    fn each_kind_is_refused_by_name() {
        for (stream, code, says) in [
            ("WordDocument", "UNSUPPORTED_TYPE", "DOCX"),
            ("Workbook", "UNSUPPORTED_TYPE", "XLSX"),
            ("EncryptedPackage", "ENCRYPTED_FILE", "password"),
            ("", "UNSUPPORTED_TYPE", "PDF"),
        ] {
            let mut file = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec();
            file.extend(stream.encode_utf16().flat_map(u16::to_le_bytes));
            let error = sample::documents(&OLE, file).expect_err("refused");
            assert_eq!(error.code, code, "{stream}");
            assert!(error.message.contains(says), "{}", error.message);
        }
    }
}
