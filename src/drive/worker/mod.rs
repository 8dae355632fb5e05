//! Reading documents in processes of their own: a hostile file costs its own record and nothing else.
//!
//! The pool starts this very program anew with a hidden verb and speaks frames with it over two pipes: file in, documents
//! out, and a tick before each page so that every page has its own time. A worker that is too slow is killed, one that
//! dies is replaced; both are one document's failure. `OMP_THREAD_LIMIT=1` stands in the worker's environment before
//! it starts, since Tesseract's threads make recognition five to eight times slower and cannot be turned off later.

mod frame;
mod pool;
mod serve;
mod watch;

pub use pool::{Pool, Program, ReadLimits};
pub use serve::{Reading, serve};
