//! How sure a choice is: the probability that it is right.
//!
//! A logistic function of a few signals, with coefficients by field as data (`calibration.toml`), learned by `make train` on
//! labelled documents so that of the values with a confidence of 0.9 nine in ten are right. Fields without a table of their
//! own, of which too few were labelled, go by the table `default`.

use std::collections::BTreeMap;
use std::sync::LazyLock;

/// What a confidence is computed from.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Signals {
    /// The lowest confidence of the words' reading, 0 to 1; 1 from a text layer.
    pub(super) read: f64,
    /// Points of the choice.
    pub(super) points: f64,
    /// How many points it has more than the best other reading.
    pub(super) lead: f64,
    /// Arithmetic proves it.
    pub(super) proven: bool,
    /// Read from pixels.
    pub(super) pixels: bool,
}

/// Names of the coefficients, in the order of [`Signals::values`].
const KEYS: [&str; 7] = [
    "bias", "read", "points", "lead", "proven", "pixels", "unread",
];

impl Signals {
    /// The signals as the logistic function takes them, the leading 1 for the bias.
    fn values(self) -> [f64; KEYS.len()] {
        let flag = |set: bool| f64::from(u8::from(set));
        let read = self.read.clamp(0.0, 1.0);
        [
            1.0,
            read,
            (self.points / 4.0).clamp(-1.0, 2.0),
            (self.lead / 2.0).clamp(0.0, 2.0),
            flag(self.proven),
            flag(self.pixels),
            flag(read < 0.5),
        ]
    }

    /// The signals by name, for an explanation and for whoever learns from it.
    pub(super) fn named(self) -> BTreeMap<String, f64> {
        KEYS.iter()
            .zip(self.values())
            .skip(1)
            .map(|(key, value)| ((*key).to_owned(), rounded(value)))
            .collect()
    }
}

/// Thousandths are enough to understand by.
pub(super) fn rounded(value: f64) -> f64 {
    (value * 1000.0).round() / 1000.0
}

type Table = BTreeMap<String, [f64; KEYS.len()]>;

/// The file of the coefficients, for the digest of the stage's settings.
pub(super) const FILE: &str = include_str!("calibration.toml");

/// The probability that the choice for a field is right.
pub(super) fn sure(field: &str, signals: Signals) -> f64 {
    static TABLE: LazyLock<Table> =
        LazyLock::new(|| read(FILE).expect("the embedded coefficients are read by a test"));
    let coefficients = TABLE.get(field).unwrap_or(&TABLE["default"]);
    let logit: f64 = coefficients
        .iter()
        .zip(signals.values())
        .map(|(coefficient, value)| coefficient * value)
        .sum();
    1.0 / (1.0 + (-logit).exp())
}

fn read(text: &str) -> Result<Table, String> {
    let file: BTreeMap<String, BTreeMap<String, f64>> =
        toml::from_str(text).map_err(|error| error.to_string())?;
    let mut table = Table::new();
    for (field, coefficients) in file {
        let mut row = [0.0; KEYS.len()];
        for (key, value) in coefficients {
            let at = KEYS
                .iter()
                .position(|known| *known == key)
                .ok_or(format!("{field}: no signal `{key}`"))?;
            row[at] = value;
        }
        table.insert(field, row);
    }
    if table.contains_key("default") {
        Ok(table)
    } else {
        Err("no table `default`".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_is_read_and_names_only_what_there_is() {
        assert!(read(FILE).is_ok(), "{:?}", read(FILE));
        for (wrong, says) in [
            ("[total]\nbias = 1.0\n", "no table `default`"),
            ("[default]\nluck = 1.0\n", "default: no signal `luck`"),
        ] {
            assert_eq!(read(wrong), Err(says.to_owned()));
        }
    }

    #[test]
    fn better_signals_make_surer_in_every_field() {
        let table = read(FILE).expect("read");
        let good = Signals {
            read: 1.0,
            points: 5.0,
            lead: 3.0,
            proven: true,
            pixels: false,
        };
        let poor = Signals {
            read: 0.3,
            points: 1.0,
            lead: 0.1,
            proven: false,
            pixels: true,
        };
        for field in table.keys() {
            let (good, poor) = (sure(field, good), sure(field, poor));
            assert!(good > poor, "{field}: {good} is not more than {poor}");
            assert!(good < 1.0 && poor > 0.0, "{field}");
        }
    }
}
