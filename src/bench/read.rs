//! Truth files and predictions: JSON Lines, of which only what is scored is read.

use std::collections::BTreeMap;
use std::io::{self, BufRead};

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

/// Why lines cannot be scored.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BenchError {
    /// Reading failed.
    #[error("line {line}: cannot be read")]
    Read {
        /// From 1.
        line: usize,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// A line is not what it should be.
    #[error("line {line}: is no {what}")]
    Line {
        /// From 1.
        line: usize,
        /// What it should be.
        what: &'static str,
        /// Why it is not.
        #[source]
        source: serde_json::Error,
    },
}

/// What a document really says.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
pub struct Truth {
    /// Path of the document; the end of it is enough, as far as it is unique.
    pub file: String,
    /// What sort of file it is.
    #[serde(default)]
    pub kind: String,
    /// Its language.
    #[serde(default)]
    pub lang: String,
    /// Invoice, receipt, credit note.
    #[serde(default)]
    pub doc_type: String,
    /// Documents of one vendor or template.
    #[serde(default)]
    pub group: String,
    /// Each known field: a value, a list any of which is right, or `null` for what is certainly not there.
    pub truth: Map<String, Value>,
}

/// What was read of a document: the parts of a record that are scored.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
pub struct Prediction {
    #[serde(default)]
    source: Option<Value>,
    #[serde(default)]
    invoice: Option<Map<String, Value>>,
    #[serde(default)]
    evidence: Option<BTreeMap<String, Stated>>,
    #[serde(default)]
    routing: Option<Routed>,
}

#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
struct Stated {
    #[serde(default)]
    confidence: Option<f64>,
}

#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
struct Routed {
    #[serde(default)]
    auto: Option<bool>,
}

impl Prediction {
    /// The path of the document, with `/` between folders.
    pub(super) fn path(&self) -> String {
        let path = match &self.source {
            Some(Value::String(path)) => Some(path.as_str()),
            Some(Value::Object(source)) => source.get("path").and_then(Value::as_str),
            _ => None,
        };
        path.unwrap_or_default().replace('\\', "/")
    }

    /// What was read for a field.
    pub(super) fn value(&self, field: &str) -> Option<&Value> {
        self.invoice.as_ref()?.get(field)
    }

    /// How sure the reader was of a field, where it says so.
    pub(super) fn confidence(&self, field: &str) -> Option<f64> {
        self.evidence.as_ref()?.get(field)?.confidence
    }

    /// Whether it would be paid without a person; nothing where that has not been decided.
    pub(super) fn auto(&self) -> Option<bool> {
        self.routing.as_ref()?.auto
    }
}

/// Reads a truth file.
///
/// # Errors
/// If a line cannot be read or has no `file` and `truth`.
pub fn truth(input: impl BufRead) -> Result<Vec<Truth>, BenchError> {
    lines(input, "line of a truth file")
}

/// Reads records.
///
/// # Errors
/// If a line cannot be read or is no JSON object with an invoice's fields in `invoice`.
pub fn predictions(input: impl BufRead) -> Result<Vec<Prediction>, BenchError> {
    lines(input, "record")
}

fn lines<T: DeserializeOwned>(
    input: impl BufRead,
    what: &'static str,
) -> Result<Vec<T>, BenchError> {
    let mut read = Vec::new();
    for (index, line) in input.lines().enumerate() {
        let line_number = index + 1;
        let text = line.map_err(|source| BenchError::Read {
            line: line_number,
            source,
        })?;
        if text.trim().is_empty() {
            continue;
        }
        read.push(
            serde_json::from_str(&text).map_err(|source| BenchError::Line {
                line: line_number,
                what,
                source,
            })?,
        );
    }
    Ok(read)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_scored_is_not_read() {
        let text = r#"{"schema":"vouch/1","id":"x","source":{"path":"in\\a.pdf","pages":1},"ocr":{"pages":[{"n":1}]},"invoice":{"total":12.50},"evidence":{"total":{"confidence":0.9,"page":1},"iban":{}},"routing":{"auto":true,"level":"auto"}}

{"source":"b.pdf","error":{"code":"EMPTY_FILE"}}
"#;
        let read = predictions(text.as_bytes()).expect("reads");
        assert_eq!(read.len(), 2);
        assert_eq!(read[0].path(), "in/a.pdf");
        assert_eq!(
            read[0].value("total").map(ToString::to_string).as_deref(),
            Some("12.50")
        );
        assert_eq!(read[0].confidence("total"), Some(0.9));
        assert_eq!(read[0].confidence("iban"), None);
        assert_eq!(read[0].auto(), Some(true));
        assert_eq!((read[1].path().as_str(), read[1].auto()), ("b.pdf", None));
    }

    #[test]
    fn a_wrong_line_is_named() {
        for (text, says) in [
            (
                "{\"file\":\"a\",\"truth\":{}}\n\n{\n",
                "line 3: is no line of a truth file",
            ),
            ("{\"file\":\"a\"}", "line 1: is no line of a truth file"),
            (
                "{\"file\":\"a\",\"truth\":[]}",
                "line 1: is no line of a truth file",
            ),
        ] {
            assert_eq!(truth(text.as_bytes()).expect_err(text).to_string(), says);
        }
        assert!(truth("\n".as_bytes()).expect("reads").is_empty());
    }
}
