//! The only loop: lines, order, threads, journal, progress.
//!
//! A verb gives it a feed, a chain of stages and a sink; everything that touches the world on the way to a line
//! happens here. What the stages mean is none of its business.

pub mod atomic;
mod chain;
pub mod clock;
pub mod effect;
mod emit;
mod error;
mod feed;
mod files;
pub mod journal;
mod laid;
mod load;
mod money;
mod packed;
mod parse;
mod plan;
mod progress;
mod read;
mod settle;
mod source;
mod stored;
mod tally;
mod task;
mod window;
pub mod worker;

pub use chain::{Chain, Overlay};
pub use emit::{Emit, Lines};
pub use error::DriveError;
pub use feed::{Feed, MAX_LINE};
pub use files::{Files, listed};
pub use laid::{Laid, line};
pub use load::Taking;
pub use packed::{pack, unpack};
pub use progress::{Progress, Silent};
pub use stored::{as_read, stored};
pub use tally::Tally;
pub use window::{Drive, Options, WINDOW};
