//! `--money-strings`: amounts as JSON strings, for readers that turn every number into a float.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use serde_json::Value;

use crate::model::{Document, Invoice};

/// The document with its decimals as strings; a user's own keys stay as they are.
pub(super) fn as_strings(document: &Document) -> Value {
    let mut value = serde_json::to_value(document).unwrap_or_default();
    for part in [
        "invoice",
        "routing",
        "po_match",
        "vendor",
        "cost",
        "validation",
    ] {
        if let Some(part) = value.get_mut(part) {
            turn(part, decimal_keys());
        }
    }
    value
}

fn turn(value: &mut Value, keys: &BTreeSet<String>) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| turn(item, keys)),
        Value::Object(members) => {
            for (key, member) in members.iter_mut() {
                match member {
                    Value::Number(number) if keys.contains(key) => {
                        *member = Value::String(number.to_string());
                    }
                    _ => turn(member, keys),
                }
            }
        }
        _ => {}
    }
}

/// The names of all decimals of the record, from its schema.
fn decimal_keys() -> &'static BTreeSet<String> {
    static KEYS: OnceLock<BTreeSet<String>> = OnceLock::new();
    KEYS.get_or_init(|| {
        let schema = schemars::schema_for!(Document).to_value();
        let invoice = schemars::schema_for!(Invoice).to_value();
        let mut keys = BTreeSet::new();
        collect(&schema, &mut keys);
        collect(&invoice, &mut keys);
        keys
    })
}

fn collect(schema: &Value, keys: &mut BTreeSet<String>) {
    match schema {
        Value::Object(members) => {
            if let Some(Value::Object(properties)) = members.get("properties") {
                for (name, property) in properties {
                    let text = property.to_string();
                    if ["Amount", "Quantity", "Rate"]
                        .iter()
                        .any(|ty| text.contains(&format!("/{ty}\"")))
                    {
                        keys.insert(name.clone());
                    }
                }
            }
            members.values().for_each(|member| collect(member, keys));
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, keys)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{DocId, Field, LineItem};

    #[test]
    fn amounts_and_prices_become_strings_and_nothing_else_does() {
        let mut document = Document::new(DocId::of_path("a"));
        document.invoice = Some(Invoice {
            total: Field::found("1058.75".parse().ok()),
            line_items: vec![LineItem {
                unit_price: Field::found("0.125".parse().ok()),
                position: Field::Value(1),
                ..LineItem::default()
            }],
            ..Invoice::default()
        });
        document
            .extra
            .insert("total".to_owned(), serde_json::json!(7));
        let value = as_strings(&document);
        assert_eq!(value["invoice"]["total"], "1058.75");
        assert_eq!(value["invoice"]["line_items"][0]["unit_price"], "0.125");
        assert_eq!(value["invoice"]["line_items"][0]["position"], 1);
        assert_eq!(value["total"], 7);
    }
}
