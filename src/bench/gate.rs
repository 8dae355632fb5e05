//! `--gate`: what a report has to reach.

use std::str::FromStr;

use super::report::Report;
use super::tally::Counts;
use super::{FIELDS, LINES};

/// Conditions, parted by commas: `f1>=0.95,total.precision>=0.99,wrong@0.9<=0.01`.
#[derive(Clone, Debug)]
pub struct Gate(Vec<Condition>);

#[derive(Clone, Debug)]
struct Condition {
    text: String,
    measure: Measure,
    at_least: bool,
    bound: f64,
}

#[derive(Clone, Copy, Debug)]
enum Measure {
    /// Of all header fields, or of one.
    Of(Option<&'static str>, fn(&Counts) -> f64),
    /// Documents with all key fields right.
    Key,
    /// Expected calibration error.
    Calibration,
    /// Documents without a record.
    Missing,
    /// Share that passes at a confidence.
    Passed(f64),
    /// Share of that with a wrong key field.
    Wrong(f64),
}

/// A condition that makes no sense.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{condition}` is no condition such as f1>=0.95, total.precision>=0.99, key>=0.9, ece<=0.05, missing<=0, passed@0.9>=0.5 or wrong@0.9<=0.01"
)]
pub struct GateError {
    condition: String,
}

impl Gate {
    /// Each condition that is not met, with what there is instead.
    pub fn failed(&self, report: &Report) -> Vec<String> {
        self.0
            .iter()
            .filter_map(|condition| {
                let value = condition.measure.of(report);
                let met = if condition.at_least {
                    value >= condition.bound
                } else {
                    value <= condition.bound
                };
                (!met).then(|| format!("{} is not met: {value:.4}", condition.text))
            })
            .collect()
    }
}

impl FromStr for Gate {
    type Err = GateError;
    fn from_str(text: &str) -> Result<Self, GateError> {
        text.split(',')
            .map(|condition| {
                let condition = condition.trim();
                parse(condition).ok_or_else(|| GateError {
                    condition: condition.to_owned(),
                })
            })
            .collect::<Result<_, _>>()
            .map(Self)
    }
}

fn parse(text: &str) -> Option<Condition> {
    let (at_least, (measure, bound)) = match text.split_once(">=") {
        Some(parts) => (true, parts),
        None => (false, text.split_once("<=")?),
    };
    let bound: f64 = bound.trim().parse().ok()?;
    bound.is_finite().then_some(())?;
    Some(Condition {
        text: text.to_owned(),
        measure: Measure::named(measure.trim())?,
        at_least,
        bound,
    })
}

impl Measure {
    fn named(name: &str) -> Option<Self> {
        let share = |name: &str| match name {
            "precision" => Some(Counts::precision as fn(&Counts) -> f64),
            "recall" => Some(Counts::recall as fn(&Counts) -> f64),
            "f1" => Some(Counts::f1 as fn(&Counts) -> f64),
            _ => None,
        };
        if let Some((field, measure)) = name.split_once('.') {
            let known = FIELDS
                .into_iter()
                .chain([LINES])
                .find(|known| *known == field);
            if let Some(field) = known {
                return Some(Measure::Of(Some(field), share(measure)?));
            }
        }
        if let Some((measure, threshold)) = name.split_once('@') {
            let threshold: f64 = threshold.parse().ok()?;
            return match measure {
                _ if !(0.0..=1.0).contains(&threshold) => None,
                "passed" => Some(Measure::Passed(threshold)),
                "wrong" => Some(Measure::Wrong(threshold)),
                _ => None,
            };
        }
        match name {
            "key" => Some(Measure::Key),
            "ece" => Some(Measure::Calibration),
            "missing" => Some(Measure::Missing),
            _ => Some(Measure::Of(None, share(name)?)),
        }
    }

    fn of(self, report: &Report) -> f64 {
        match self {
            Measure::Of(field, share) => {
                let counts =
                    field.map_or(Some(report.total.all()), |field| report.total.field(field));
                share(&counts.unwrap_or_default())
            }
            Measure::Key => report.total.key_share(),
            Measure::Calibration => report.calibration.error(),
            Measure::Missing => report.without_record.len() as f64,
            Measure::Passed(threshold) => report.calibration.passed_at(threshold).share(),
            Measure::Wrong(threshold) => report.calibration.passed_at(threshold).share_wrong(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions_are_read_or_refused() {
        for (text, reads) in [
            ("f1>=0.95", true),
            ("f1 >= 0.95, key>=0.85", true),
            ("total.precision>=0.99,line_items.recall>=0.5", true),
            (
                "ece<=0.05,missing<=0,passed@0.9>=0.5,wrong@0.95<=0.01",
                true,
            ),
            ("f1>0.95", false),
            ("f1>=", false),
            ("f1>=nan", false),
            ("f2>=0.5", false),
            ("colour.f1>=0.5", false),
            ("total.key>=0.5", false),
            ("passed@2>=0.5", false),
            ("", false),
            ("f1>=0.5,", false),
        ] {
            assert_eq!(text.parse::<Gate>().is_ok(), reads, "{text}");
        }
    }

    #[test]
    fn what_is_not_met_is_named_with_what_there_is() {
        let gate: Gate = "f1>=0.5,missing<=0,ece<=0.1,wrong@0.9<=0"
            .parse()
            .expect("reads");
        let report = Report {
            without_record: vec!["a.pdf".to_owned()],
            ..Report::default()
        };
        assert_eq!(
            gate.failed(&report),
            [
                "f1>=0.5 is not met: 0.0000",
                "missing<=0 is not met: 1.0000"
            ]
        );
    }
}
