//! The whole records, one a line.

use super::{ExportError, Exporter, Options};
use crate::model::Document;

/// `jsonl`.
pub(super) const JSONL: Exporter = Exporter {
    name: "jsonl",
    extension: "jsonl",
    doc: "One record a line, as JSON, whole: with evidence, findings and decision. Lines end with \\n, UTF-8.",
    write,
};

fn write(documents: &[Document], options: &Options) -> Result<Vec<u8>, ExportError> {
    if options.columns.is_some() {
        return Err(ExportError::NoColumns(JSONL.name));
    }
    let mut lines = Vec::new();
    for document in documents {
        serde_json::to_writer(&mut lines, document).map_err(|source| ExportError::Json {
            id: document.id.as_str().to_owned(),
            source,
        })?;
        lines.push(b'\n');
    }
    Ok(lines)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::DocId;

    #[test]
    fn each_line_is_its_document() {
        let documents = [
            Document::new(DocId::from_text("a")),
            Document::new(DocId::from_text("b")),
        ];
        let bytes = write(&documents, &Options::default()).expect("writes");
        let text = String::from_utf8(bytes).expect("UTF-8");
        let read: Vec<Document> = text
            .lines()
            .map(|line| serde_json::from_str(line).expect("a record"))
            .collect();
        assert!(read == documents && text.ends_with('\n'));
        assert!(
            write(
                &[],
                &Options {
                    columns: Some(vec!["id".to_owned()])
                }
            )
            .is_err()
        );
    }
}
