//! The pool's side: starts workers when they are needed, watches the clock, replaces what dies.

use std::ffi::OsString;
use std::io::{self, Read, Write};
use std::os::fd::AsFd;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};

use super::frame;
use super::watch::Watch;
use crate::model::{Digest, DocId, Document};
use crate::stage::{Source, StageError, StageId};

/// How much machine time reading may take.
#[derive(Clone, Copy, Debug)]
pub struct ReadLimits {
    /// One page.
    pub page: Duration,
    /// The whole file.
    pub file: Duration,
}

impl Default for ReadLimits {
    /// 30 s a page, 300 s a file.
    fn default() -> Self {
        Self {
            page: Duration::from_secs(30),
            file: Duration::from_mins(5),
        }
    }
}

/// How a worker is started.
#[derive(Clone, Debug)]
pub struct Program {
    /// The program, by absolute path.
    pub path: PathBuf,
    /// Its arguments.
    pub arguments: Vec<OsString>,
    /// Its whole environment.
    pub environment: Vec<(OsString, OsString)>,
}

/// Workers that read files; as many as threads ask at once.
pub struct Pool {
    program: Program,
    limits: ReadLimits,
    id: StageId,
    config: Digest,
    idle: Mutex<Vec<Worker>>,
}

struct Worker {
    child: Child,
    input: ChildStdin,
    output: ChildStdout,
}

/// Why a worker gave no answer.
pub(super) enum Lost {
    /// It took too long: for a page, or for the file.
    Time(&'static str, Duration),
    /// It died or spoke nonsense.
    Died,
}

impl Pool {
    /// A pool without workers: they are started as they are needed. `config` is the digest of all that shapes what they read.
    pub fn new(program: Program, limits: ReadLimits, id: StageId, config: Digest) -> Self {
        Self {
            program,
            limits,
            id,
            config,
            idle: Mutex::new(Vec::new()),
        }
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "the pool is where worker processes start"
    )]
    fn start(&self) -> io::Result<Worker> {
        let mut child = Command::new(&self.program.path)
            .args(&self.program.arguments)
            .env_clear()
            .envs(self.program.environment.iter().cloned())
            .env("OMP_THREAD_LIMIT", "1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            // What C libraries say about a broken image is of no use to anybody, and may quote it.
            .stderr(Stdio::null())
            // Ctrl-C is for us: what is in flight is finished.
            .process_group(0)
            .spawn()?;
        match (child.stdin.take(), child.stdout.take()) {
            (Some(input), Some(output)) => Ok(Worker {
                child,
                input,
                output,
            }),
            _ => Err(io::ErrorKind::BrokenPipe.into()),
        }
    }

    fn take(&self) -> io::Result<Worker> {
        let idle = self
            .idle
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .pop();
        idle.map_or_else(|| self.start(), Ok)
    }
}

impl Source for Pool {
    fn id(&self) -> StageId {
        self.id
    }

    fn config(&self) -> Digest {
        self.config
    }

    fn read(&self, id: &DocId, bytes: &[u8]) -> Result<Vec<Document>, StageError> {
        let unable = |error: io::Error| {
            let message = format!("cannot start a reading process: {error}");
            StageError::dependency("WORKER_FAILED", message)
        };
        let mut worker = self.take().map_err(unable)?;
        let mut outcome = worker.work(id, bytes, self.limits);
        if matches!(outcome, Err(Lost::Died)) {
            // An earlier file may have brought the worker to its memory limit: this one is judged in a fresh process.
            worker.end(&Lost::Died);
            worker = self.start().map_err(unable)?;
            outcome = worker.work(id, bytes, self.limits);
        }
        match outcome {
            Ok(documents) => {
                self.idle
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .push(worker);
                Ok(documents)
            }
            Err(lost) => Err(worker.end(&lost)),
        }
    }
}

impl Worker {
    fn work(
        &mut self,
        id: &DocId,
        bytes: &[u8],
        limits: ReadLimits,
    ) -> Result<Vec<Document>, Lost> {
        let died = |_: io::Error| Lost::Died;
        frame::write(&mut self.input, frame::DOCUMENTS, id.as_str().as_bytes()).map_err(died)?;
        frame::write(&mut self.input, frame::FILE, bytes).map_err(died)?;
        let mut watch = Watch::start(self.child.id(), limits);
        loop {
            let mut head = [0; frame::HEAD];
            self.read_in_time(&mut head, &watch)?;
            let (tag, length) = frame::parsed(head).map_err(died)?;
            let mut body = vec![0; length];
            self.read_in_time(&mut body, &watch)?;
            if tag == frame::PAGE {
                watch.turn_page();
            } else {
                watch.tell_if_slow(id);
                return documents(&body);
            }
        }
    }

    /// Fills the buffer, or gives up when the page or the file has had its time.
    fn read_in_time(&mut self, mut buffer: &mut [u8], watch: &Watch) -> Result<(), Lost> {
        while !buffer.is_empty() {
            let wait = Timespec::try_from(watch.left()?).map_err(|_| Lost::Died)?;
            let mut fds = [PollFd::from_borrowed_fd(self.output.as_fd(), PollFlags::IN)];
            match poll(&mut fds, Some(&wait)) {
                Ok(0) | Err(rustix::io::Errno::INTR) => {}
                Ok(_) => match self.output.read(buffer) {
                    Ok(0) => return Err(Lost::Died),
                    Ok(read) => buffer = buffer.get_mut(read..).unwrap_or_default(),
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                    Err(_) => return Err(Lost::Died),
                },
                Err(_) => return Err(Lost::Died),
            }
        }
        Ok(())
    }

    /// Ends the worker and says what that means for the document.
    fn end(mut self, lost: &Lost) -> StageError {
        // It may be dead already.
        let _ = self.child.kill();
        let status = self.child.wait();
        match lost {
            Lost::Time(what, limit) => StageError::input(
                "TIMEOUT",
                format!(
                    "reading took longer than the {} s a {what} may take",
                    limit.as_secs()
                ),
            ),
            Lost::Died => {
                let signal = status.ok().and_then(|status| status.signal());
                let how = match signal {
                    // An allocation that fails ends the process by SIGABRT.
                    Some(6) => "ran out of the memory it may have".to_owned(),
                    Some(signal) => format!("was ended by signal {signal}"),
                    None => "ended".to_owned(),
                };
                StageError::input(
                    "READER_DIED",
                    format!(
                        "the process that read the file {how}: the file is damaged or made to do harm"
                    ),
                )
            }
        }
    }
}

fn documents(lines: &[u8]) -> Result<Vec<Document>, Lost> {
    lines
        .split(|byte| *byte == b'\n')
        .filter(|line| !line.is_empty())
        .map(|line| serde_json::from_slice(line).map_err(|_| Lost::Died))
        .collect()
}

impl Drop for Pool {
    fn drop(&mut self) {
        let workers = std::mem::take(self.idle.get_mut().unwrap_or_else(PoisonError::into_inner));
        for mut worker in workers {
            // The end of its input is the end of a worker; one that does not notice is not waited for.
            let _ = worker.input.flush();
            drop(worker.input);
            let _ = worker.child.kill();
            let _ = worker.child.wait();
        }
    }
}
