//! Calendar dates and instants, as the record writes them.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A calendar date, written `2026-01-15`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(pub jiff::civil::Date);

impl Date {
    /// Makes a date if the calendar has it.
    pub fn new(year: i16, month: i8, day: i8) -> Option<Self> {
        jiff::civil::Date::new(year, month, day).ok().map(Self)
    }

    /// The date a number of days later (earlier if negative); `None` outside the calendar.
    pub fn plus_days(self, days: i64) -> Option<Self> {
        let span = jiff::Span::new().try_days(days).ok()?;
        self.0.checked_add(span).ok().map(Self)
    }

    /// The number of days from `self` to `later`.
    pub fn days_until(self, later: Date) -> i64 {
        self.0
            .until(later.0)
            .map_or(0, |span| i64::from(span.get_days()))
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Date(…)")
    }
}

impl FromStr for Date {
    type Err = jiff::Error;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self)
    }
}

impl Serialize for Date {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<str>::deserialize(deserializer)?;
        text.parse()
            .map_err(|_| de::Error::custom("expected a date like 2026-01-15"))
    }
}

impl JsonSchema for Date {
    fn schema_name() -> Cow<'static, str> {
        "Date".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "format": "date" })
    }
}

/// An instant in UTC, to the second, written `2026-01-15T08:30:00Z`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Instant(pub jiff::Timestamp);

impl Instant {
    /// Makes an instant from seconds since 1970 UTC; `None` outside the calendar.
    pub fn from_seconds(seconds: i64) -> Option<Self> {
        jiff::Timestamp::from_second(seconds).ok().map(Self)
    }

    /// The UTC date.
    pub fn date(self) -> Date {
        Date(jiff::tz::Offset::UTC.to_datetime(self.0).date())
    }

    /// The instant a number of hours later.
    pub fn plus_hours(self, hours: i64) -> Option<Self> {
        self.0
            .checked_add(jiff::SignedDuration::from_hours(hours))
            .ok()
            .map(Self)
    }
}

impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for Instant {
    type Err = jiff::Error;
    /// Reads an RFC 3339 instant, or a date (its midnight in UTC).
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let instant: jiff::Timestamp = match text.parse() {
            Ok(instant) => instant,
            Err(error) => match text.parse::<jiff::civil::Date>() {
                Ok(date) => jiff::tz::Offset::UTC
                    .to_timestamp(date.to_datetime(jiff::civil::Time::midnight()))?,
                Err(_) => return Err(error),
            },
        };
        Ok(Self(
            jiff::Timestamp::from_second(instant.as_second()).unwrap_or(instant),
        ))
    }
}

impl Serialize for Instant {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Instant {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<str>::deserialize(deserializer)?;
        text.parse()
            .map_err(|_| de::Error::custom("expected an instant like 2026-01-15T08:30:00Z"))
    }
}

impl JsonSchema for Instant {
    fn schema_name() -> Cow<'static, str> {
        "Instant".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "format": "date-time" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_count_days() {
        let issued = Date::new(2026, 1, 15).expect("a date");
        assert_eq!(
            issued.plus_days(30).expect("a date").to_string(),
            "2026-02-14"
        );
        assert_eq!(
            issued.days_until(Date::new(2026, 2, 14).expect("a date")),
            30
        );
        assert!(Date::new(2026, 2, 29).is_none());
    }

    #[test]
    fn an_instant_is_read_from_a_date_too() {
        let instant: Instant = "2026-01-15".parse().expect("an instant");
        assert_eq!(instant.to_string(), "2026-01-15T00:00:00Z");
        assert_eq!(instant.date().to_string(), "2026-01-15");
        assert!("yesterday".parse::<Instant>().is_err());
    }
}
