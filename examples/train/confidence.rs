//! The coefficients of the confidence, by field.

use std::collections::BTreeMap;

use vouch::bench::{KEY, is_empty, same};

use crate::sure::{Made, learn, probability};
use crate::{FOLDS, Known, Tables, fold, print_table};

/// Signals in the order of the coefficients, and which of these may be negative.
const SIGNALS: [(&str, bool); 7] = [
    ("bias", true),
    ("read", false),
    ("points", false),
    ("lead", false),
    ("proven", false),
    ("pixels", true),
    ("unread", true),
];
/// A field with fewer values goes by the coefficients of all.
const LEAST: usize = 40;
/// Values of a group count less the more there are.
const GROUP: f64 = -0.3;
/// Bands of the report.
const BANDS: [f64; 8] = [0.0, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 1.01];

pub(crate) fn train(known: &[Known], prior: &Tables) {
    let prior: Vec<f64> = SIGNALS
        .iter()
        .map(|(key, _)| prior["default"].get(*key).copied().unwrap_or(0.0))
        .collect();
    let free: Vec<bool> = SIGNALS.iter().map(|(_, free)| *free).collect();
    let fields = made(known);
    let all: Vec<&Made> = fields.values().flatten().collect();
    let mut judged: Vec<(f64, bool, bool)> = Vec::new();
    let everywhere = learn(&all, &prior, &free);
    let table = |name: &str, coefficients: &[f64]| {
        print_table(
            name,
            SIGNALS
                .iter()
                .map(|(key, _)| *key)
                .zip(coefficients.iter().copied()),
        );
    };
    println!("# How sure a choice is: see `calibration.rs`. Learned by `make train`.");
    table("default", &everywhere);
    for (field, made) in fields.iter().filter(|(_, made)| made.len() >= LEAST) {
        for held in 0..FOLDS {
            let out = |made: &&&Made| fold(&made.group) != held;
            let base: Vec<&Made> = all.iter().filter(out).copied().collect();
            let own: Vec<&Made> = made
                .iter()
                .filter(|made| fold(&made.group) != held)
                .collect();
            let coefficients = learn(&own, &learn(&base, &prior, &free), &free);
            for one in made.iter().filter(|made| fold(&made.group) == held) {
                let sure = probability(&coefficients, &one.signals);
                judged.push((sure, one.right, KEY.contains(&field.as_str())));
            }
        }
        table(
            field,
            &learn(&made.iter().collect::<Vec<_>>(), &everywhere, &free),
        );
    }
    eprintln!("key fields, held-out groups: confidence, values, mean confidence, share right");
    for band in BANDS.windows(2) {
        let of: Vec<_> = judged
            .iter()
            .filter(|(sure, _, key)| *key && *sure >= band[0] && *sure < band[1])
            .collect();
        let n = of.len().max(1) as f64;
        let mean = of.iter().map(|(sure, ..)| sure).sum::<f64>() / n;
        let right = of.iter().filter(|(_, right, _)| *right).count() as f64 / n;
        eprintln!(
            "  {:.2} to {:.2}: {:>5} {mean:.3} {right:.3}",
            band[0],
            band[1].min(1.0),
            of.len()
        );
    }
}

/// The choices that were made, by field: those whose evidence tells its signals.
fn made(known: &[Known]) -> BTreeMap<String, Vec<Made>> {
    let mut fields: BTreeMap<String, Vec<Made>> = BTreeMap::new();
    let mut sizes: BTreeMap<(String, String), f64> = BTreeMap::new();
    for known in known {
        for (field, wanted) in &known.truth.truth {
            let value = &known.record["invoice"][field];
            let signals = &known.record["evidence"][field]["signals"];
            if is_empty(value) || signals["read"].as_f64().is_none() {
                continue;
            }
            let signal = |(key, _): &(&str, bool)| match *key {
                "bias" => 1.0,
                key => signals[key].as_f64().unwrap_or(0.0),
            };
            let group = known.truth.group.clone();
            *sizes.entry((field.clone(), group.clone())).or_default() += 1.0;
            fields.entry(field.clone()).or_default().push(Made {
                group,
                signals: SIGNALS.iter().map(signal).collect(),
                right: !wanted.is_null() && same(field, value, wanted),
                weight: 1.0,
            });
        }
    }
    for (field, made) in &mut fields {
        for one in made {
            one.weight = sizes[&(field.clone(), one.group.clone())].powf(GROUP);
        }
    }
    fields
}
