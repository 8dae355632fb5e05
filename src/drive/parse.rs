//! A line of an earlier stage: checked, its volatile parts taken off, its core digested.

use crate::model::{Digest, DocId, Document, Field, Instant, SCHEMA};
use crate::stage::StageError;

use super::feed::{Line, MAX_LINE};
use super::laid::{Laid, line as write};
use super::task::{Work, fail};

/// A parsed line.
pub(super) struct Parsed {
    /// The work on it; a line that cannot be read is a failure that passes through.
    pub(super) work: Work,
}

/// Parses a line; `number` counts from 1, `started` is the "now" of a document that brings none.
pub(super) fn parse(line: Line, number: usize, started: Instant) -> Parsed {
    let (text, outcome) = match line {
        Line::Text(text) => {
            let outcome = read(&text);
            (text, outcome)
        }
        Line::TooLong(length) => (
            format!("{number}:{length}").into_bytes(),
            Err(StageError::input(
                "LINE_TOO_LONG",
                format!("line {number} has {length} bytes, the limit is {MAX_LINE}"),
            )),
        ),
        Line::End | Line::Failed(_) => (Vec::new(), Err(StageError::internal("no line"))),
    };
    let mut told = false;
    let mut document = match outcome {
        Ok(document) => {
            told = document.error.is_some();
            document
        }
        Err(mut error) => {
            error.message = format!("line {number}: {}", error.message);
            let mut document = Document::new(DocId::of_bytes(&Digest::of(&text)));
            fail(&mut document, "input", error);
            document
        }
    };
    let mut laid = Laid::take(&mut document);
    laid.now = laid.now.or(Some(started));
    let core = Digest::of(&write(&document));
    let mut work = Work::new(document, laid, core);
    work.told = told;
    Parsed { work }
}

/// Reads a record.
fn read(text: &[u8]) -> Result<Document, StageError> {
    let refuse = |message: String| StageError::input("INVALID_RECORD", message);
    // The version is looked at first: a record of another major version may differ in anything else.
    if let Some(schema) = schema_of(text)
        && schema != SCHEMA
    {
        return Err(StageError::input(
            "UNKNOWN_SCHEMA",
            format!(
                "the record has schema `{}`, this build reads `{SCHEMA}`",
                schema.escape_debug()
            ),
        ));
    }
    let mut document: Document = serde_json::from_slice(text)
        .map_err(|error| refuse(format!("is no vouch record: {error}")))?;
    pad(&mut document);
    Ok(document)
}

#[derive(serde::Deserialize)]
struct Versioned {
    schema: String,
}

fn schema_of(text: &[u8]) -> Option<String> {
    // Records are long: only the head is looked at, where every writer of ours puts the version.
    if text.starts_with(b"{\"schema\":\"vouch/1\"") {
        return None;
    }
    serde_json::from_slice::<Versioned>(text)
        .ok()
        .map(|versioned| versioned.schema)
}

/// Writes the header amounts with the currency's minor units again, which a JSON tool between may have cut.
fn pad(document: &mut Document) {
    let Some(invoice) = &mut document.invoice else {
        return;
    };
    let currency = invoice.currency.text().map(str::to_owned);
    for amount in [
        &mut invoice.lines_total,
        &mut invoice.allowance_total,
        &mut invoice.charge_total,
        &mut invoice.subtotal,
        &mut invoice.vat_amount,
        &mut invoice.total,
        &mut invoice.paid_amount,
        &mut invoice.rounding,
        &mut invoice.amount_due,
        &mut invoice.previous_balance,
    ] {
        if let Field::Value(value) = amount {
            *value = value.in_currency(currency.as_deref());
        }
    }
    for item in &mut invoice.line_items {
        if let Field::Value(value) = &mut item.total {
            *value = value.in_currency(currency.as_deref());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Document {
        let started = "2026-01-01".parse().expect("an instant");
        parse(Line::Text(text.as_bytes().to_vec()), 3, started)
            .work
            .document
    }

    #[test]
    fn bad_lines_become_failures_that_name_them() {
        for (text, code) in [
            ("{", "INVALID_RECORD"),
            ("[]", "INVALID_RECORD"),
            (r#"{"schema":"vouch/2","id":"x"}"#, "UNKNOWN_SCHEMA"),
            (r#"{"schema":"vouch/1"}"#, "INVALID_RECORD"),
            (
                r#"{"schema":"vouch/1","id":"x","source":{"surprise":1}}"#,
                "INVALID_RECORD",
            ),
            (
                r#"{"schema":"vouch/1","id":"x","invoice":{"total":"1,5"}}"#,
                "INVALID_RECORD",
            ),
        ] {
            let error = parsed(text).error.expect("an error");
            assert_eq!(error.code, code, "{text}");
            assert!(error.message.starts_with("line 3: "), "{}", error.message);
        }
    }

    #[test]
    fn a_users_keys_stay_and_amounts_are_padded() {
        let document = parsed(
            r#"{"id":"x","schema":"vouch/1","mine":{"a":[1.50]},"invoice":{"currency":"EUR","total":12.5,"own":1,"line_items":[{"description":"d","tag":"t"}]}}"#,
        );
        let text = String::from_utf8(write(&document)).expect("text");
        for part in [
            r#""mine":{"a":[1.50]}"#,
            r#""total":12.50"#,
            r#""own":1"#,
            r#""tag":"t""#,
        ] {
            assert!(text.contains(part), "{part} in {text}");
        }
    }
}
