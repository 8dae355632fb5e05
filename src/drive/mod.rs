//! The only loop: lines, order, threads, journal, progress.

pub mod clock;
pub mod journal;
pub mod packed;
