//! Progress on a terminal: how many documents are done, held, failed.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::drive::Progress;
use crate::model::{Document, Status};

/// A progress line on standard error, drawn only on a terminal.
pub struct Bar {
    line: ProgressBar,
    held: u64,
    failed: u64,
}

impl Bar {
    /// A line that shows nothing unless `shown` and standard error is a terminal.
    pub fn new(shown: bool) -> Self {
        let target = if shown {
            ProgressDrawTarget::stderr()
        } else {
            ProgressDrawTarget::hidden()
        };
        let bar = ProgressBar::with_draw_target(Some(0), target);
        if let Ok(style) = ProgressStyle::with_template("{pos}/{len} documents  {msg}  {elapsed}") {
            bar.set_style(style);
        }
        Self {
            line: bar,
            held: 0,
            failed: 0,
        }
    }
}

impl Progress for Bar {
    fn started(&mut self) {
        self.line.inc_length(1);
    }

    fn finished(&mut self, document: &Document) {
        self.held += u64::from(document.status == Status::PendingApproval);
        self.failed += u64::from(document.status == Status::Error);
        self.line
            .set_message(format!("{} held, {} failed", self.held, self.failed));
        self.line.inc(1);
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.line.finish_and_clear();
    }
}
