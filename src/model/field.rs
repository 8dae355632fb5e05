//! A value that knows whether it was looked for.
//!
//! The record keeps three things apart: *absent* (nobody looked), `null` (looked for, not found) and a value. `Option`
//! holds only two of them, so every field a reader or an extractor may fill is a [`Field`].

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Absent, `null`, or a value.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
pub enum Field<T> {
    /// Nobody looked for it: not written at all.
    #[default]
    Absent,
    /// Looked for and not found: written as `null`.
    Null,
    /// Found.
    Value(T),
}

impl<T> Field<T> {
    /// Wraps the outcome of a search: `None` becomes [`Field::Null`].
    pub fn found(outcome: Option<T>) -> Self {
        outcome.map_or(Field::Null, Field::Value)
    }

    /// Returns the value, if there is one.
    pub fn value(&self) -> Option<&T> {
        match self {
            Field::Value(value) => Some(value),
            Field::Absent | Field::Null => None,
        }
    }

    /// Returns the value to change, if there is one.
    pub fn value_mut(&mut self) -> Option<&mut T> {
        match self {
            Field::Value(value) => Some(value),
            Field::Absent | Field::Null => None,
        }
    }

    /// Tells whether a value is present.
    pub fn is_value(&self) -> bool {
        self.value().is_some()
    }

    /// Fills the field unless it already holds a value.
    pub fn or_fill(&mut self, outcome: Option<T>) {
        if !self.is_value() {
            *self = Field::found(outcome);
        }
    }
}

impl Field<String> {
    /// Returns the text, if there is one.
    pub fn text(&self) -> Option<&str> {
        self.value().map(String::as_str)
    }
}

impl<T: Copy> Field<T> {
    /// Returns a copy of the value, if there is one.
    pub fn get(&self) -> Option<T> {
        self.value().copied()
    }
}

impl<T> From<T> for Field<T> {
    fn from(value: T) -> Self {
        Field::Value(value)
    }
}

/// Shows which of the three it is, never the value: what stands in an invoice appears in no log.
impl<T> fmt::Debug for Field<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Field::Absent => "Absent",
            Field::Null => "Null",
            Field::Value(_) => "Value(…)",
        })
    }
}

impl<T: Serialize> Serialize for Field<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.value().serialize(serializer)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Field<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Option::<T>::deserialize(deserializer).map(Field::found)
    }
}

impl<T: JsonSchema> JsonSchema for Field<T> {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        Option::<T>::schema_name()
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        Option::<T>::json_schema(generator)
    }
}

/// What is left out of the line when it holds nothing.
pub(crate) trait Sparse {
    /// Tells whether the key is not written.
    fn is_absent(&self) -> bool;
}

impl<T> Sparse for Field<T> {
    fn is_absent(&self) -> bool {
        matches!(self, Field::Absent)
    }
}

impl<T> Sparse for Option<T> {
    fn is_absent(&self) -> bool {
        self.is_none()
    }
}

impl<T> Sparse for Vec<T> {
    fn is_absent(&self) -> bool {
        self.is_empty()
    }
}

impl<K, V> Sparse for std::collections::BTreeMap<K, V> {
    fn is_absent(&self) -> bool {
        self.is_empty()
    }
}

impl Sparse for serde_json::Map<String, serde_json::Value> {
    fn is_absent(&self) -> bool {
        self.is_empty()
    }
}

/// Numbers and texts that a part always carries are always written.
macro_rules! always_written {
    ($($ty:ty),*) => { $(impl Sparse for $ty { fn is_absent(&self) -> bool { false } })* };
}
always_written!(u32, f64, String);

/// Declares a part of the record: every key may be missing, and `Debug` shows the type's name only.
macro_rules! part {
    ($(#[$outer:meta])* pub struct $name:ident { $( $(#[$inner:meta])* pub $field:ident : $ty:ty, )* }) => {
        #[derive(Clone, Default, PartialEq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
        $(#[$outer])*
        pub struct $name {
            $(
                $(#[$inner])*
                #[serde(default, skip_serializing_if = "crate::model::field::Sparse::is_absent")]
                pub $field: $ty,
            )*
        }
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(concat!(stringify!($name), " { … }"))
            }
        }
    };
}
pub(crate) use part;

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Serialize, Deserialize, PartialEq, Debug, Default)]
    struct Sample {
        #[serde(default, skip_serializing_if = "Sparse::is_absent")]
        a: Field<String>,
    }

    #[test]
    fn the_three_states_survive_a_round_trip() {
        for (json, field) in [
            ("{}", Field::Absent),
            (r#"{"a":null}"#, Field::Null),
            (r#"{"a":"x"}"#, Field::Value("x".to_owned())),
        ] {
            let sample: Sample = serde_json::from_str(json).expect("valid sample");
            assert_eq!(sample, Sample { a: field });
            assert_eq!(serde_json::to_string(&sample).expect("serialises"), json);
        }
    }

    #[test]
    fn debug_shows_no_content() {
        assert_eq!(format!("{:?}", Field::Value("secret")), "Value(…)");
    }
}
