//! Learns what the reasons of a party's name are worth (`src/extract/weights.toml`) and what a confidence is computed from
//! (`src/extract/calibration.toml`), from documents whose truth is known.
//!
//! `cargo run --example train -- names|confidence TRUTH RECORDS… [-- TRUTH RECORDS…]`: the truth as `vouch bench` takes it, the records
//! as `vouch extract --explain` gives them; what is learned is judged on each set by itself. The table goes to standard output, what it is worth to standard error: five folds by
//! group, so that no vendor or template is both learned from and tested on. The same input gives the same bytes. Train on the
//! names first, extract again, then on the confidence. `make train` does both.
#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a tool of the developers reads files and prints"
)]

mod adam;
mod confidence;
mod logit;
mod names;
mod sure;

use std::collections::BTreeMap;
use std::error::Error;

use serde_json::Value;
use vouch::bench::{Prediction, Truth, pair};

/// Tables of numbers by name, as both files have them.
pub(crate) type Tables = BTreeMap<String, BTreeMap<String, f64>>;
const USAGE: &str = "usage: train names|confidence TRUTH RECORDS… [-- TRUTH RECORDS…]";
/// Folds of the cross-validation.
pub(crate) const FOLDS: u64 = 5;

/// A document with its truth.
pub(crate) struct Known {
    /// Which of the sets it is of.
    pub(crate) set: usize,
    pub(crate) truth: Truth,
    pub(crate) record: Value,
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let Some((what, sets)) = arguments.split_first() else {
        return Err(USAGE.into());
    };
    let mut known = Vec::new();
    for (set, files) in sets.split(|argument| argument == "--").enumerate() {
        let (truth, records) = files.split_first().ok_or(USAGE)?;
        known.extend(read(set, truth, records)?);
    }
    match what.as_str() {
        "names" => names::train(&known, &toml::from_str(include_str!("prior/weights.toml"))?),
        "confidence" => {
            let prior = toml::from_str(include_str!("prior/calibration.toml"))?;
            confidence::train(&known, &prior);
        }
        other => return Err(format!("no training called `{other}`").into()),
    }
    Ok(())
}

/// Reads truth and records of a set and joins them.
fn read(set: usize, truth: &str, records: &[String]) -> Result<Vec<Known>, Box<dyn Error>> {
    let truths: Vec<Truth> = lines(truth)?;
    let mut all: Vec<Value> = Vec::new();
    for file in records {
        all.extend(lines::<Value>(file)?);
    }
    let predictions: Vec<Prediction> = all.iter().map(Prediction::of).collect();
    let pairs = pair(&truths, &predictions);
    Ok(truths
        .into_iter()
        .zip(pairs.of)
        .filter_map(|(truth, record)| {
            let record = all.get(record?)?.clone();
            Some(Known { set, truth, record })
        })
        .collect())
}

fn lines<T: serde::de::DeserializeOwned>(file: &str) -> Result<Vec<T>, Box<dyn Error>> {
    let text = std::fs::read_to_string(file).map_err(|error| format!("{file}: {error}"))?;
    text.lines()
        .map(|line| serde_json::from_str(line).map_err(|error| format!("{file}: {error}").into()))
        .collect()
}

/// The fold of a group: FNV-1a of its name, so that it stays when others come.
pub(crate) fn fold(group: &str) -> u64 {
    let hash = group.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3)
    });
    (hash >> 32) % FOLDS
}

/// Prints a table of the numbers that say anything.
pub(crate) fn print_table<'a>(name: &str, rows: impl Iterator<Item = (&'a str, f64)>) {
    println!("\n[{name}]");
    for (key, value) in rows.filter(|(_, value)| value.abs() >= 0.005) {
        println!("{key} = {value:.2}");
    }
}
