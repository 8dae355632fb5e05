//! How good records are, measured against a truth that people wrote down: per field, by confidence, by threshold.
//!
//! Pure: truth and predictions come in as values, numbers go out. `vouch bench` reads the files and prints. Nothing in
//! here takes part in the work on an invoice.

mod calibration;
mod pair;
mod ratio;
mod score;
mod tally;

pub use calibration::{BANDS, Band, Calibration, THRESHOLDS, Threshold};
pub use pair::{Pairs, Prediction, Truth, pair};
pub use score::{is_empty, matching_lines, same, same_name};
pub use tally::{FIELDS, KEY, LINES, Miss, Score, Tally, misses};
