//! The log on standard error: one event a line, as JSON or as text. Ids and codes only, never what an invoice says.

use std::fmt;
use std::io::Write as _;

use serde_json::{Map, Value};
use tracing::field::{Field, Visit};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::layer::{Context, SubscriberExt};
use tracing_subscriber::{Layer, Registry};

use super::plain::plain;

/// How events are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// One JSON object a line.
    Json,
    /// A line for people.
    Text,
}

/// Keys every JSON line has, in this order, `null` where nothing is known.
pub const KEYS: [&str; 9] = [
    "timestamp",
    "level",
    "logger",
    "message",
    "service",
    "request_id",
    "filename",
    "stage",
    "run_id",
];

struct Lines {
    format: Format,
    level: Level,
    run_id: String,
}

/// Starts the log; events graver than or as grave as `level` are written.
pub fn start(format: Format, level: Option<Level>, run_id: String) {
    let Some(level) = level else { return };
    let subscriber = Registry::default().with(Lines {
        format,
        level,
        run_id,
    });
    // A second start in one process (tests) leaves the first as it is.
    let _ = tracing::subscriber::set_global_default(subscriber);
}

impl<S: Subscriber> Layer<S> for Lines {
    fn enabled(&self, metadata: &tracing::Metadata<'_>, _: Context<'_, S>) -> bool {
        *metadata.level() <= self.level && metadata.target().starts_with("vouch")
    }

    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let mut fields = Fields::default();
        event.record(&mut fields);
        let metadata = event.metadata();
        let mut text = match self.format {
            Format::Json => self.json(*metadata.level(), metadata.target(), fields.0),
            Format::Text => text(*metadata.level(), &fields.0),
        };
        text.push('\n');
        // Nobody can be told that the log cannot be written.
        let _ = std::io::stderr().lock().write_all(text.as_bytes());
    }
}

impl Lines {
    fn json(&self, level: Level, target: &str, mut fields: Map<String, Value>) -> String {
        let mut line = Map::new();
        for key in KEYS {
            let value = match key {
                "timestamp" => crate::drive::clock::now().to_string().into(),
                "level" => level.to_string().into(),
                "logger" => target.replace("::", ".").into(),
                "service" => "vouch".into(),
                "run_id" => self.run_id.clone().into(),
                known => fields.remove(known).unwrap_or(Value::Null),
            };
            line.insert(key.to_owned(), value);
        }
        line.extend(fields);
        Value::Object(line).to_string()
    }
}

fn text(level: Level, fields: &Map<String, Value>) -> String {
    let field = |key: &str| fields.get(key).and_then(Value::as_str);
    let mut text = format!("{}: ", level.to_string().to_lowercase());
    if let Some(file) = field("filename") {
        text.push_str(&plain(file));
        text.push_str(": ");
    }
    text.push_str(&plain(field("message").unwrap_or_default()));
    for key in ["error", "detail"] {
        if let Some(value) = field(key) {
            text.push_str(": ");
            text.push_str(&plain(value));
        }
    }
    text
}

#[derive(Default)]
struct Fields(Map<String, Value>);

impl Visit for Fields {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.0.insert(field.name().to_owned(), value.into());
    }
    fn record_u64(&mut self, field: &Field, value: u64) {
        self.0.insert(field.name().to_owned(), value.into());
    }
    fn record_i64(&mut self, field: &Field, value: i64) {
        self.0.insert(field.name().to_owned(), value.into());
    }
    fn record_bool(&mut self, field: &Field, value: bool) {
        self.0.insert(field.name().to_owned(), value.into());
    }
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.0
            .insert(field.name().to_owned(), format!("{value:?}").into());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_json_line_has_all_keys_first_and_its_own_after() {
        let lines = Lines {
            format: Format::Json,
            level: Level::INFO,
            run_id: "7-1".to_owned(),
        };
        let fields = [
            ("message", "document failed"),
            ("error", "EMPTY_FILE"),
            ("filename", "a.pdf"),
        ]
        .map(|(key, value)| (key.to_owned(), Value::from(value)));
        let text = lines.json(Level::WARN, "vouch::drive", fields.into_iter().collect());
        let value: Map<String, Value> = serde_json::from_str(&text).expect("JSON");
        let keys: Vec<&str> = value.keys().map(String::as_str).collect();
        assert_eq!(keys[..9], KEYS);
        assert_eq!(
            (value["run_id"].as_str(), value["error"].as_str()),
            (Some("7-1"), Some("EMPTY_FILE"))
        );
        assert_eq!(value["request_id"], Value::Null);
    }

    #[test]
    fn a_text_line_names_file_and_code() {
        let fields = [
            ("message", "document failed"),
            ("error", "EMPTY_FILE"),
            ("filename", "a.pdf"),
        ]
        .map(|(key, value)| (key.to_owned(), Value::from(value)));
        assert_eq!(
            text(Level::WARN, &fields.into_iter().collect()),
            "warn: a.pdf: document failed: EMPTY_FILE"
        );
    }
}
