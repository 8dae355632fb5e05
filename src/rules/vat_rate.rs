//! VAT rates by country and day.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use super::reference::VAT_RATES;
use crate::model::{Date, Decimal, rows};

/// All rates.
pub(super) struct Table {
    rates: BTreeMap<&'static str, Vec<Rate>>,
}

struct Rate {
    percent: Decimal,
    from: Option<Date>,
    to: Option<Date>,
}

/// The rates this build knows.
pub(super) fn table() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(|| {
        let mut rates = BTreeMap::<_, Vec<_>>::new();
        for [country, _kind, percent, from, to] in rows(VAT_RATES) {
            let percent: Option<Decimal> = percent.parse().ok();
            rates
                .entry(country)
                .or_default()
                .extend(percent.map(|percent| Rate {
                    percent,
                    from: from.parse().ok(),
                    to: to.parse().ok(),
                }));
        }
        Table { rates }
    })
}

impl Table {
    /// Tells whether a country's rates are known.
    pub(super) fn knows(&self, country: &str) -> bool {
        self.rates.contains_key(country)
    }

    /// Tells whether a country has a rate on a day; 0 it has always.
    pub(super) fn has(&self, country: &str, percent: Decimal, day: Date) -> bool {
        percent.is_zero() || self.valid(country, day).any(|rate| rate.percent == percent)
    }

    /// The rates of a day, for people.
    pub(super) fn on(&self, country: &str, day: Date) -> String {
        let mut known: Vec<Decimal> = self
            .valid(country, day)
            .map(|rate| rate.percent.normalize())
            .collect();
        known.sort_unstable();
        known.dedup();
        known
            .iter()
            .map(Decimal::to_string)
            .collect::<Vec<_>>()
            .join(", ")
    }

    fn valid(&self, country: &str, day: Date) -> impl Iterator<Item = &Rate> {
        self.rates
            .get(country)
            .into_iter()
            .flatten()
            .filter(move |rate| {
                rate.from.is_none_or(|from| from <= day) && rate.to.is_none_or(|to| day <= to)
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_can_be_read() {
        for [country, kind, percent, from, to] in rows(VAT_RATES) {
            assert!(
                country.len() == 2 && country.bytes().all(|byte| byte.is_ascii_uppercase()),
                "{country}"
            );
            assert!(
                ["standard", "reduced", "regional"].contains(&kind),
                "{country} {kind}"
            );
            let percent: Decimal = percent.parse().expect(percent);
            assert!(
                percent > Decimal::ZERO && percent < Decimal::from(30),
                "{country} {percent}"
            );
            let [from, to] =
                [from, to].map(|day| (!day.is_empty()).then(|| day.parse::<Date>().expect(day)));
            assert!(
                from.zip(to).is_none_or(|(from, to)| from < to),
                "{country} {percent}"
            );
        }
    }

    #[test]
    fn rates_hold_on_their_days() {
        for (country, percent, day, has) in [
            ("DE", "19", "2026-01-15", true),
            ("DE", "16", "2020-08-01", true),
            ("DE", "16", "2021-01-01", false),
            ("DE", "19", "2020-08-01", false),
            ("DE", "18", "2026-01-15", false),
            ("NL", "21", "2026-01-15", true),
            ("NL", "6", "2018-12-31", true),
            ("NL", "6", "2019-01-01", false),
            ("CH", "7.7", "2023-12-31", true),
            ("CH", "8.1", "2024-01-01", true),
            ("CH", "7.7", "2024-01-01", false),
            ("GB", "17.5", "2010-06-01", true),
            ("FR", "0", "2026-01-15", true),
        ] {
            let found = table().has(
                country,
                percent.parse().expect("a rate"),
                day.parse().expect("a day"),
            );
            assert_eq!(found, has, "{country} {percent} {day}");
        }
        assert!(!table().knows("US"));
    }
}
