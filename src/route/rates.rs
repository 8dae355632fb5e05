//! The rates file: what one unit of a currency is in the base currency, by day.
//!
//! Columns `currency,rate,date`. The rate of a day is the latest one not after it; a row without a date always holds. A
//! currency whose first rate is later than the invoice has no rate: nobody knows today's for tomorrow.

use std::collections::BTreeMap;

use crate::model::{Date, Digest, Fx, Quantity, minor_units};

/// The columns, in the order in which messages name them.
const COLUMNS: [&str; 3] = ["currency", "rate", "date"];

/// Exchange rates into the base currency.
#[derive(Debug)]
pub struct Rates {
    /// `None` is before every day.
    rates: BTreeMap<String, BTreeMap<Option<Date>, Quantity>>,
    digest: Digest,
}

/// Why a rates file is refused.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RatesError {
    /// Not CSV, or not UTF-8.
    #[error("line {line}: not readable as CSV")]
    Csv {
        /// Line of the file, from 1.
        line: u64,
        /// What is wrong.
        #[source]
        source: csv::Error,
    },
    /// A column that nobody reads.
    #[error("line 1: unknown column `{0}`; known are {known}", known = COLUMNS.join(", "))]
    UnknownColumn(String),
    /// A column that has to be there, or is there twice.
    #[error("line 1: column `{0}` has to be there once")]
    Column(&'static str),
    /// A cell that cannot be.
    #[error("line {line}: `{column}` is `{value}`, which is not {expected}")]
    Cell {
        /// Line of the file, from 1.
        line: u64,
        /// Its column.
        column: &'static str,
        /// The cell.
        value: String,
        /// What it may be.
        expected: &'static str,
    },
    /// Two rates for one day.
    #[error("line {line}: a second rate for `{currency}` on the same day")]
    Twice {
        /// Line of the file, from 1.
        line: u64,
        /// The currency.
        currency: String,
    },
}

impl Rates {
    /// Reads the file.
    ///
    /// # Errors
    /// If it is not CSV with these columns and values, or names two rates for a day; names the line.
    pub fn parse(bytes: &[u8]) -> Result<Self, RatesError> {
        let digest = Digest::of(bytes);
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let mut reader = csv::ReaderBuilder::new()
            .trim(csv::Trim::All)
            .from_reader(bytes);
        let headers = reader
            .headers()
            .map_err(|source| RatesError::Csv { line: 1, source })?
            .clone();
        if let Some(unknown) = headers.iter().find(|name| !COLUMNS.contains(name)) {
            return Err(RatesError::UnknownColumn(unknown.to_owned()));
        }
        let mut places = [None; 3];
        for (place, column) in places.iter_mut().zip(COLUMNS) {
            let mut found = headers
                .iter()
                .enumerate()
                .filter(|(_, name)| *name == column);
            *place = found.next().map(|(index, _)| index);
            if found.next().is_some() || (place.is_none() && column != "date") {
                return Err(RatesError::Column(column));
            }
        }
        let mut rates = BTreeMap::<String, BTreeMap<_, _>>::new();
        for record in reader.records() {
            let record = record.map_err(|source| RatesError::Csv {
                line: source.position().map_or(0, csv::Position::line),
                source,
            })?;
            let line = line(bytes, record.position());
            let [currency, rate, date] = places.map(|place| {
                place
                    .and_then(|place| record.get(place))
                    .unwrap_or_default()
            });
            let wrong = |column, value: &str, expected| RatesError::Cell {
                line,
                column,
                value: value.to_owned(),
                expected,
            };
            if minor_units(currency).is_none() {
                return Err(wrong("currency", currency, "an ISO 4217 code"));
            }
            let rate: Quantity = rate
                .parse()
                .ok()
                .filter(|rate: &Quantity| rate.decimal() > crate::model::Decimal::ZERO)
                .ok_or_else(|| wrong("rate", rate, "a number above 0"))?;
            let date = match date {
                "" => None,
                text => Some(
                    text.parse()
                        .map_err(|_| wrong("date", text, "a date like 2026-01-15"))?,
                ),
            };
            if rates
                .entry(currency.to_owned())
                .or_default()
                .insert(date, rate)
                .is_some()
            {
                return Err(RatesError::Twice {
                    line,
                    currency: currency.to_owned(),
                });
            }
        }
        Ok(Self { rates, digest })
    }

    /// Digest of the file's bytes.
    pub fn digest(&self) -> Digest {
        self.digest
    }

    /// The rate of a currency on a day; without a day only a rate that always holds.
    pub fn on(&self, currency: &str, day: Option<Date>) -> Option<Fx> {
        let (date, rate) = self.rates.get(currency)?.range(..=day).next_back()?;
        Some(Fx {
            rate: Some(*rate),
            date: *date,
        })
    }
}

/// The line a record stands on: the reader's own count begins before blank lines.
fn line(bytes: &[u8], position: Option<&csv::Position>) -> u64 {
    position.map_or(0, |position| {
        let rest = bytes.get(position.byte() as usize..).unwrap_or_default();
        let blank = rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n'));
        position.line() + blank.filter(|byte| **byte == b'\n').count() as u64
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rate_is_the_latest_not_after_the_day() {
        let file = "currency,rate,date\nUSD,0.90,2026-01-01\nUSD,0.80,2026-02-01\nGBP,1.2,\n";
        let rates = Rates::parse(file.as_bytes()).expect("reads");
        let on = |currency: &str, day: &str| {
            rates
                .on(currency, day.parse().ok())
                .and_then(|fx| fx.rate)
                .map(|rate| rate.to_string())
        };
        for (currency, day, rate) in [
            ("USD", "2025-12-31", None),
            ("USD", "2026-01-01", Some("0.90")),
            ("USD", "2026-01-31", Some("0.90")),
            ("USD", "2026-03-01", Some("0.80")),
            ("GBP", "2020-01-01", Some("1.2")),
            ("GBP", "", Some("1.2")),
            ("USD", "", None),
            ("CHF", "2026-01-01", None),
        ] {
            assert_eq!(on(currency, day).as_deref(), rate, "{currency} {day}");
        }
    }

    #[test]
    fn a_wrong_file_is_refused_with_its_line() {
        for (file, says) in [
            (
                "currency,rate,day\n",
                "unknown column `day`; known are currency, rate, date",
            ),
            ("currency,date\n", "column `rate`"),
            ("currency,rate\nEuro,1\n", "line 2: `currency` is `Euro`"),
            ("currency,rate\nUSD,0\n", "line 2: `rate` is `0`"),
            ("currency,rate\nUSD,\"0,9\"\n", "line 2: `rate` is `0,9`"),
            ("currency,rate,date\nUSD,1,01.02.2026\n", "line 2: `date`"),
            (
                "currency,rate\nUSD,1\n\nUSD,2\n",
                "line 4: a second rate for `USD`",
            ),
        ] {
            let error = Rates::parse(file.as_bytes()).expect_err(file).to_string();
            assert!(error.contains(says), "{file}: {error}");
        }
    }
}
