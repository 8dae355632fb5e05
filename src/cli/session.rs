//! A run: its journal, its log, its signals, and how its outcome becomes an exit code.

use std::os::fd::AsFd;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize};

use rustix::fs::{FileType, fstat};

use super::args::{Intake, Work};
use super::decided::Decided;
use super::settings::{Settings, from_environment};
use crate::drive::journal::{Actor, Journal, JournalError, PipeEnd, RunEnd};
use crate::drive::{Chain, Drive, DriveError, Emit, Feed, Options, Taking, Tally};
use crate::model::SourceKind;
use crate::ui::{self, Bar, Exit, Failure, Summary};

/// Whether a verb works without a journal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Keeps {
    /// It needs one: the user's own if none is set.
    Always,
    /// It keeps nothing unless one is set.
    IfSet,
}

/// A run of a verb.
pub(crate) struct Session {
    /// What is known.
    pub(crate) journal: Journal,
    /// On whose behalf.
    pub(crate) actor: Actor,
    /// Standard input, if it is a pipe.
    pub(crate) stdin: Option<PipeEnd>,
    signal: Arc<AtomicUsize>,
}

impl Session {
    /// Starts a run.
    ///
    /// # Errors
    /// If the journal cannot be opened.
    pub(crate) fn open(
        verb: &str,
        settings: &Settings,
        keeps: Keeps,
        by: Option<&str>,
    ) -> Result<Self, Failure> {
        let actor = actor(by);
        let pipes = (pipe_end(&std::io::stdin()), pipe_end(&std::io::stdout()));
        let path = match keeps {
            Keeps::Always => Some(settings.journal_or_default()?),
            Keeps::IfSet => settings.journal(),
        };
        let journal = match path {
            Some(path) => Journal::open(&path, verb, &actor, pipes),
            None => Journal::in_memory(),
        }
        .map_err(journal_failure)?;
        ui::log::start(
            settings.log_format(),
            settings.log_level(),
            journal.run_name(),
        );
        Ok(Self {
            journal,
            actor,
            stdin: pipes.0,
            signal: signals()?,
        })
    }

    /// Opens the journal only to look into it: no run is written down.
    ///
    /// # Errors
    /// If there is none.
    pub(crate) fn look(settings: &Settings) -> Result<Self, Failure> {
        let path = settings.journal_or_default()?;
        if !path.exists() {
            return Err(Failure::usage(format!("`{}`: no journal", path.display()))
                .hint("vouch run makes one; name another with --journal FILE"));
        }
        let journal = Journal::open_idle(&path).map_err(journal_failure)?;
        Ok(Self {
            journal,
            actor: actor(None),
            stdin: None,
            signal: Arc::default(),
        })
    }

    /// Works through a feed, and tells the log what came of it.
    ///
    /// # Errors
    /// If the journal or the output cannot be written, or the input cannot be read.
    pub(crate) fn drive(
        &mut self,
        drive: Driven<'_>,
        settings: &Settings,
    ) -> Result<Tally, Failure> {
        let tally = self.work(drive, settings)?;
        ui::tell(&tally, &Summary::default());
        Ok(tally)
    }

    /// Works through a feed; the caller has more to do before it tells.
    ///
    /// # Errors
    /// If the journal or the output cannot be written, or the input cannot be read.
    pub(crate) fn work(
        &mut self,
        drive: Driven<'_>,
        settings: &Settings,
    ) -> Result<Tally, Failure> {
        let intake = drive.intake;
        let options = Options {
            jobs: settings.jobs(),
            unordered: drive.work.unordered,
            now: drive.work.now,
            uploaded_by: intake.and_then(|intake| intake.uploaded_by.clone()),
            kind: intake.map_or(SourceKind::File, |intake| intake.source_kind.into()),
            taking: Taking {
                max_bytes: settings
                    .max_size(intake.and_then(|intake| intake.max_size.as_deref()))?,
                max_container: crate::input::limits::MAX_CONTAINER,
                is_container: crate::input::holds_files,
                extension: crate::input::extension_of,
            },
            max_failures: drive.work.most_failures(),
            signal: &self.signal,
        };
        Drive {
            chain: drive.chain,
            overlay: &Decided,
            journal: &mut self.journal,
            options,
            out: drive.out,
            progress: &mut Bar::new(settings.progress),
        }
        .run(drive.feed)
        .map_err(drive_failure)
    }

    /// Marks the run as ended.
    ///
    /// # Errors
    /// If the journal cannot be written.
    pub(crate) fn end(&mut self, exit: Exit) -> Result<Exit, Failure> {
        self.journal
            .end_run(&RunEnd { exit: exit.code() })
            .map_err(journal_failure)?;
        Ok(exit)
    }
}

/// What a run works through, and how.
pub(crate) struct Driven<'a> {
    /// The steps.
    pub(crate) chain: Chain<'a>,
    /// The verb's own arguments.
    pub(crate) work: &'a Work,
    /// What is taken in, where files are.
    pub(crate) intake: Option<&'a Intake>,
    /// Where documents come from.
    pub(crate) feed: Feed,
    /// Where they go.
    pub(crate) out: &'a mut dyn Emit,
}

/// The exit code of a tally.
pub(crate) fn exit_of(tally: &Tally, work: &Work) -> Exit {
    let mut exit = Exit::Done;
    let mut also = |applies: bool, other: Exit| {
        if applies {
            exit = exit.or(other);
        }
    };
    also(tally.failed() > 0 && !work.exit_zero, Exit::InputUnreadable);
    also(
        tally.failures.contains_key("OCR_UNAVAILABLE"),
        Exit::ToolMissing,
    );
    also(tally.stopped_early, Exit::StoppedEarly);
    also(tally.signal == Some(2), Exit::Interrupted);
    also(
        tally.signal.is_some_and(|signal| signal != 2),
        Exit::Terminated,
    );
    also(tally.bugs > 0, Exit::Bug);
    exit
}

/// What a failure of the journal means for the run.
#[expect(
    clippy::needless_pass_by_value,
    reason = "it is handed over by `map_err`"
)]
pub(crate) fn journal_failure(error: JournalError) -> Failure {
    match &error {
        JournalError::Foreign { .. } => {
            Failure::new(Exit::Usage, &error).hint("give another file with --journal")
        }
        JournalError::TooNew { .. } => Failure::new(Exit::Usage, &error)
            .hint("use the version of vouch that wrote it, or a newer one"),
        _ => Failure::new(Exit::CannotWrite, &error),
    }
}

/// What an early end of the loop means for the run.
pub(crate) fn drive_failure(error: DriveError) -> Failure {
    match error {
        DriveError::Journal(error) => journal_failure(error),
        error @ (DriveError::Output { .. } | DriveError::Archive { .. }) => {
            Failure::new(Exit::CannotWrite, &error)
        }
        error @ DriveError::Input { .. } => Failure::new(Exit::InputUnreadable, &error),
        error => Failure::new(Exit::Bug, &error),
    }
}

/// The first Ctrl-C or SIGTERM asks the run to end, the second ends it.
fn signals() -> Result<Arc<AtomicUsize>, Failure> {
    let asked = Arc::new(AtomicUsize::new(0));
    for signal in [signal_hook::consts::SIGINT, signal_hook::consts::SIGTERM] {
        let again = Arc::new(AtomicBool::new(false));
        let number = usize::try_from(signal).unwrap_or_default();
        signal_hook::flag::register_conditional_shutdown(signal, 128 + signal, Arc::clone(&again))
            .and_then(|_| signal_hook::flag::register(signal, again))
            .and_then(|_| signal_hook::flag::register_usize(signal, Arc::clone(&asked), number))
            .map_err(|error| {
                Failure::new(Exit::Bug, &error).while_doing("cannot listen for signals")
            })?;
    }
    Ok(asked)
}

fn pipe_end(stream: &impl AsFd) -> Option<PipeEnd> {
    let stat = fstat(stream).ok()?;
    (FileType::from_raw_mode(stat.st_mode) == FileType::Fifo).then_some(PipeEnd {
        device: stat.st_dev,
        inode: stat.st_ino,
    })
}

/// Who acts, from where.
pub(crate) fn actor(by: Option<&str>) -> Actor {
    let user = || from_environment("USER").or_else(|| from_environment("LOGNAME"));
    let uid = || format!("uid:{}", rustix::process::getuid().as_raw());
    let terminal = || {
        rustix::termios::ttyname(std::io::stdin(), Vec::new())
            .ok()
            .map(|name| name.to_string_lossy().into_owned())
    };
    let remote = || {
        from_environment("SSH_CONNECTION").and_then(|text| {
            text.split_whitespace()
                .next()
                .map(|from| format!("ssh {from}"))
        })
    };
    Actor {
        name: by.map(str::to_owned).or_else(user).unwrap_or_else(uid),
        host: rustix::system::uname()
            .nodename()
            .to_string_lossy()
            .into_owned(),
        login: remote()
            .or_else(terminal)
            .unwrap_or_else(|| "none".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Status;

    #[test]
    fn a_tally_becomes_an_exit_code() {
        let failed = |code: &str| Tally {
            lines: 2,
            statuses: [(Status::Error, 1), (Status::Approved, 1)].into(),
            failures: [(code.to_owned(), 1)].into(),
            ..Tally::default()
        };
        let zero = Work {
            exit_zero: true,
            ..Work::default()
        };
        for (tally, work, exit) in [
            (Tally::default(), &Work::default(), Exit::Done),
            (
                failed("EMPTY_FILE"),
                &Work::default(),
                Exit::InputUnreadable,
            ),
            (failed("EMPTY_FILE"), &zero, Exit::Done),
            (failed("OCR_UNAVAILABLE"), &zero, Exit::ToolMissing),
            (
                Tally {
                    stopped_early: true,
                    ..failed("EMPTY_FILE")
                },
                &zero,
                Exit::StoppedEarly,
            ),
            (
                Tally {
                    signal: Some(2),
                    ..Tally::default()
                },
                &zero,
                Exit::Interrupted,
            ),
            (
                Tally {
                    signal: Some(15),
                    bugs: 1,
                    ..Tally::default()
                },
                &zero,
                Exit::Bug,
            ),
        ] {
            assert_eq!(exit_of(&tally, work), exit);
        }
    }
}
