//! The time a worker has had: machine time, so that a busy machine changes no record.

use std::time::{Duration, Instant};

use super::pool::{Lost, ReadLimits};
use crate::model::DocId;

/// How much longer than its machine time a worker may take by the clock: one that waits for nothing is ended too.
const PATIENCE: u32 = 10;
/// Machine time from which on reading a file is told in the log.
const SLOW: Duration = Duration::from_mins(1);
/// A machine's clock ticks a second where the system does not tell otherwise.
const TICKS: u64 = 100;

/// Watches one file being read.
pub(super) struct Watch {
    pid: u32,
    limits: ReadLimits,
    file: Mark,
    page: Mark,
}

/// Where the clocks stood.
#[derive(Clone, Copy)]
struct Mark {
    at: Instant,
    used: Duration,
}

impl Watch {
    /// Starts with the file and its first page.
    pub(super) fn start(pid: u32, limits: ReadLimits) -> Self {
        let mark = Mark {
            at: Instant::now(),
            used: used(pid),
        };
        Self {
            pid,
            limits,
            file: mark,
            page: mark,
        }
    }

    /// The next page has its own time.
    pub(super) fn turn_page(&mut self) {
        self.page = Mark {
            at: Instant::now(),
            used: used(self.pid),
        };
    }

    /// Logs a file that took long to read.
    pub(super) fn tell_if_slow(&self, id: &DocId) {
        if self.file.at.elapsed() < SLOW {
            return;
        }
        let used = used(self.pid).saturating_sub(self.file.used);
        if used >= SLOW {
            let (request_id, seconds) = (id.as_str(), used.as_secs());
            tracing::warn!(
                event = "SLOW_RECORD",
                request_id,
                seconds,
                stage = "ocr",
                "reading took long"
            );
        }
    }

    /// How long to wait before looking again; nothing if the page or the file has had its time.
    pub(super) fn left(&self) -> Result<Duration, Lost> {
        let used = used(self.pid);
        let mut wait = Duration::MAX;
        for (mark, limit, what) in [
            (self.file, self.limits.file, "file"),
            (self.page, self.limits.page, "page"),
        ] {
            let machine = limit.saturating_sub(used.saturating_sub(mark.used));
            let clock = (limit * PATIENCE).saturating_sub(mark.at.elapsed());
            let left = machine.min(clock);
            if left.is_zero() {
                return Err(Lost::Time(what, limit));
            }
            wait = wait.min(left);
        }
        Ok(wait)
    }
}

/// Machine time of a process, from the fields `utime` and `stime` of proc(5); nothing if it is gone.
#[expect(
    clippy::disallowed_methods,
    reason = "the machine time of a worker stands nowhere else"
)]
fn used(pid: u32) -> Duration {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    ticks(&stat).map_or(Duration::ZERO, |ticks| {
        Duration::from_millis(ticks * 1000 / TICKS)
    })
}

/// The name of the process, in brackets, may hold anything: fields are counted behind it.
fn ticks(stat: &str) -> Option<u64> {
    let (_, fields) = stat.rsplit_once(')')?;
    let mut fields = fields.split_whitespace().skip(11);
    let user: u64 = fields.next()?.parse().ok()?;
    let system: u64 = fields.next()?.parse().ok()?;
    Some(user + system)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn machine_time_is_read_behind_whatever_name_a_process_has() {
        let stat = "7 (a) b) S 1 7 7 0 -1 4194560 0 0 0 0 120 30 0 0 20 0 1 0 5 0 0";
        assert_eq!(ticks(stat), Some(150));
        assert_eq!(ticks(""), None);
        assert!(used(std::process::id()) < Duration::from_hours(1));
    }

    #[test]
    fn a_page_that_has_had_its_time_is_lost() {
        let limits = ReadLimits {
            page: Duration::ZERO,
            file: Duration::from_secs(1),
        };
        let watch = Watch::start(std::process::id(), limits);
        assert!(matches!(watch.left(), Err(Lost::Time("page", _))));
        let watch = Watch::start(std::process::id(), ReadLimits::default());
        assert!(
            watch
                .left()
                .is_ok_and(|left| left <= Duration::from_secs(30))
        );
    }
}
