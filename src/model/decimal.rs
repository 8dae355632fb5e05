//! Amounts, quantities and percentages: exact decimals, written as JSON numbers.
//!
//! No value here ever passes through a float, neither in memory nor on its way in or out of JSON: numbers are read with
//! the digits they were written with (`serde_json`'s `arbitrary_precision`), or from a string.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

pub use rust_decimal::Decimal;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::currency::minor_units;

/// Reads `-12.50`, `1e3` or `"12.50"` as JSON gives them; `None` for anything else.
fn from_json(value: &serde_json::Value) -> Option<Decimal> {
    match value {
        serde_json::Value::Number(number) => parse(number.as_str()),
        serde_json::Value::String(text) => parse(text.trim()),
        _ => None,
    }
}

/// Reads a plain or scientific decimal with a dot.
fn parse(text: &str) -> Option<Decimal> {
    Decimal::from_str_exact(text)
        .or_else(|_| Decimal::from_scientific(text))
        .ok()
}

macro_rules! decimal {
    ($(#[$outer:meta])* $name:ident, $format:literal) => {
        $(#[$outer])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
        pub struct $name(pub Decimal);

        impl $name {
            /// The value itself.
            pub const fn decimal(self) -> Decimal {
                self.0
            }
        }

        impl From<Decimal> for $name {
            fn from(value: Decimal) -> Self {
                Self(value)
            }
        }

        impl FromStr for $name {
            type Err = rust_decimal::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                parse(text).map(Self).ok_or(rust_decimal::Error::ErrorString("not a decimal".to_owned()))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(…)"))
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serde_json::Number::from_str(&self.0.to_string())
                    .map_err(serde::ser::Error::custom)?
                    .serialize(serializer)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let value = serde_json::Value::deserialize(deserializer)?;
                from_json(&value).map(Self).ok_or_else(|| {
                    de::Error::custom("expected a decimal number of at most 28 digits, as a number or a string")
                })
            }
        }

        impl JsonSchema for $name {
            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }
            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!({ "type": ["number", "string"], "format": $format })
            }
        }
    };
}

decimal! {
    /// A sum of money in the document's currency, with the sign it was printed with.
    Amount, "money"
}
decimal! {
    /// A quantity or a price per unit: as many decimals as were printed.
    Quantity, "decimal"
}
decimal! {
    /// A percentage: `21` is 21 %.
    Rate, "percent"
}

impl Amount {
    /// Writes the amount with the currency's minor units; digits that say more are kept.
    ///
    /// `12.5` EUR becomes `12.50`, `1200.00` JPY becomes `1200`, `0.12345` EUR stays. Without a currency two decimals
    /// are the least that is written.
    #[must_use]
    pub fn in_currency(self, currency: Option<&str>) -> Self {
        let units = currency.and_then(minor_units).unwrap_or(2);
        let mut value = self.0.normalize();
        if value.scale() < units {
            value.rescale(units);
        }
        Self(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_numbers_and_strings_without_a_float_between() {
        for (json, text) in [
            ("1058.75", "1058.75"),
            ("\"1058.75\"", "1058.75"),
            ("0.1000000000000000055", "0.1000000000000000055"),
            ("-3", "-3"),
            ("1e3", "1000"),
        ] {
            let amount: Amount = serde_json::from_str(json).expect("reads");
            assert_eq!(amount.to_string(), text, "{json}");
            assert_eq!(serde_json::to_string(&amount).expect("writes"), text);
        }
        for json in ["\"x\"", "true", "null", "\"1,5\""] {
            assert!(serde_json::from_str::<Amount>(json).is_err(), "{json}");
        }
    }

    #[test]
    fn minor_units_are_those_of_the_currency() {
        for (text, currency, written) in [
            ("12.5", Some("EUR"), "12.50"),
            ("1200.00", Some("JPY"), "1200"),
            ("1.5", Some("KWD"), "1.500"),
            ("0.12345", Some("EUR"), "0.12345"),
            ("7", None, "7.00"),
            ("0", Some("EUR"), "0.00"),
        ] {
            let amount: Amount = text.parse().expect("a decimal");
            assert_eq!(amount.in_currency(currency).to_string(), written, "{text}");
        }
    }
}
