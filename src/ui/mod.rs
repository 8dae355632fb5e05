//! What people see: messages, tables, progress, logs, exit codes. Standard output is data and nothing else.

mod bar;
mod exit;
mod failure;
pub mod log;
mod out;
mod plain;
mod summary;
mod table;

pub use bar::Bar;
pub use exit::{EXITS, Exit};
pub use failure::{Failure, say};
pub use out::{Out, is_terminal, write_out};
pub use plain::plain;
pub use summary::{Summary, summary, tell};
pub use table::Table;
