//! The clock, read in one place. What it says goes into the journal, the log and the intake; records hold the intake's.

use std::time::{SystemTime, UNIX_EPOCH};

use crate::model::Instant;

/// The time by the system's clock, to the second.
///
/// # Panics
/// If the clock stands outside the calendar.
#[expect(
    clippy::disallowed_methods,
    reason = "the one place that reads the clock"
)]
pub fn now() -> Instant {
    let seconds = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_secs());
    Instant::from_seconds(i64::try_from(seconds).unwrap_or(0))
        .expect("the present is in the calendar")
}
