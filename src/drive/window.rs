//! The loop: at most 64 documents in flight, results committed and written in input order. A run that is to end after so
//! many failures has only as many in flight as it has threads, and settles each at once: what it need not have begun it
//! does not begin.
//!
//! Work happens on rayon's threads; this thread alone owns the journal, the order and the output. A document goes
//! through *loaded or parsed* → *taken in* (in input order, durable) → *worked on* → *settled* (in input order, durable)
//! → *written*.

use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::time::{Duration, Instant as Tick};

use crate::model::{Document, Instant, SourceKind};

use super::chain::{Chain, Overlay};
use super::emit::Emit;
use super::error::DriveError;
use super::feed::{Feed, Line};
use super::journal::Journal;
use super::load::{Loaded, Taking};
use super::parse::{Parsed, parse};
use super::progress::Progress;
use super::read::{Read, ReadJob, read_file};
use super::source::Source;
use super::tally::Tally;
use super::task::Work;

/// How many documents are in flight at most.
pub const WINDOW: usize = 64;
/// How long a finished document waits for others before it is committed and written.
const PATIENCE: Duration = Duration::from_millis(200);

/// How a run works.
pub struct Options<'a> {
    /// Threads that work on documents.
    pub jobs: usize,
    /// Lines may come in the order in which they are done.
    pub unordered: bool,
    /// `--now`: instead of the intake's time.
    pub now: Option<Instant>,
    /// Who sent the files in.
    pub uploaded_by: Option<String>,
    /// The way in.
    pub kind: SourceKind,
    /// How files are taken in.
    pub taking: Taking,
    /// End early after this many failures, even if nothing more is left to do: the exit must not hang on how fast the input
    /// comes to its end.
    pub max_failures: Option<u64>,
    /// Number of the signal that asked to end, or 0.
    pub signal: &'a AtomicUsize,
}

/// Everything the loop works with.
pub struct Drive<'a> {
    /// The steps.
    pub chain: Chain<'a>,
    /// Lays decisions over lines.
    pub overlay: &'a dyn Overlay,
    /// What is known.
    pub journal: &'a mut Journal,
    /// How to work.
    pub options: Options<'a>,
    /// Where lines go.
    pub out: &'a mut dyn Emit,
    /// Who watches.
    pub progress: &'a mut dyn Progress,
}

/// What happened on another thread.
pub(super) enum Event {
    Line(Line),
    Loaded(usize, std::io::Result<Box<Loaded>>),
    Parsed(usize, Box<Parsed>),
    Read(usize, Box<Read>),
    Worked(usize, usize, Box<Work>),
}

/// A file or line on its way.
#[derive(Default)]
pub(super) struct Slot {
    pub(super) path: PathBuf,
    pub(super) arrived: Option<Arrived>,
    /// The documents of it, once it is known how many.
    pub(super) parts: Option<Vec<Option<Work>>>,
}

/// What a slot holds before it is taken in.
pub(super) enum Arrived {
    Loaded(Loaded),
    Parsed(Box<Parsed>),
}

impl Slot {
    fn done(&self) -> bool {
        self.parts
            .as_ref()
            .is_some_and(|parts| parts.iter().all(Option::is_some))
    }
}

/// The loop's own state.
pub(super) struct Loop<'d, 'a> {
    pub(super) drive: &'d mut Drive<'a>,
    pub(super) slots: VecDeque<Slot>,
    /// Number of the first slot.
    pub(super) base: usize,
    /// Number of the next slot to take in.
    pub(super) intake: usize,
    pub(super) ready: Vec<Slot>,
    ready_since: Option<Tick>,
    pub(super) tally: Tally,
    pub(super) started: Instant,
    feeding: bool,
}

impl Drive<'_> {
    /// Works until the input ends, the reader goes away, or somebody stops it.
    ///
    /// # Errors
    /// If the journal or the output cannot be written, or the input cannot be read.
    pub fn run(&mut self, feed: Feed) -> Result<Tally, DriveError> {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(self.options.jobs)
            .thread_name(|number| format!("vouch-{number}"))
            .build()
            .map_err(|source| DriveError::Threads { source })?;
        let abort = AtomicBool::new(false);
        let (send, receive) = mpsc::channel();
        let mut work = Loop {
            drive: self,
            slots: VecDeque::new(),
            base: 0,
            intake: 0,
            ready: Vec::new(),
            ready_since: None,
            tally: Tally::default(),
            started: super::clock::now(),
            feeding: true,
        };
        let chain = work.drive.chain;
        let overlay = work.drive.overlay;
        let outcome = pool.in_place_scope(|scope| {
            let context = Context {
                scope,
                send: &send,
                abort: &abort,
                chain,
                overlay,
            };
            let outcome = work.turn(feed, &context, &receive);
            // Nothing that was not begun is begun after the end.
            abort.store(true, Ordering::Relaxed);
            outcome
        });
        let stopped_early = work.too_many_failures();
        let mut tally = work.tally;
        tally.stopped_early = stopped_early;
        match outcome {
            Err(DriveError::Output { source })
                if source.kind() == std::io::ErrorKind::BrokenPipe =>
            {
                tally.broken_pipe = true;
                Ok(tally)
            }
            Err(error) => Err(error),
            Ok(()) => Ok(tally),
        }
    }
}

/// What is needed to start work on another thread.
pub(super) struct Context<'s, 'scope, 'e> {
    pub(super) scope: &'s rayon::Scope<'scope>,
    pub(super) send: &'e Sender<Event>,
    pub(super) abort: &'scope AtomicBool,
    pub(super) chain: Chain<'scope>,
    pub(super) overlay: &'scope dyn Overlay,
}

impl<'scope> Context<'_, 'scope, '_> {
    /// Starts some work; what comes of it is an event.
    pub(super) fn spawn(&self, work: impl FnOnce() -> Event + Send + 'scope) {
        let send = self.send.clone();
        let abort = self.abort;
        self.scope.spawn(move |_| {
            if !abort.load(Ordering::Relaxed) {
                // Nobody listens any more if the run has ended.
                let _ = send.send(work());
            }
        });
    }
}

impl<'a> Loop<'_, 'a> {
    fn turn<'scope>(
        &mut self,
        feed: Feed,
        context: &Context<'_, 'scope, '_>,
        events: &Receiver<Event>,
    ) -> Result<(), DriveError>
    where
        'a: 'scope,
    {
        let mut source = Source::start(feed, context.send);
        loop {
            // Before more is taken in: what is settled may say that enough has failed.
            if self.finish_ready(!self.feeding && self.slots.is_empty())? {
                return Ok(());
            }
            self.obey();
            if self.feeding {
                self.feeding = source.feed(self, context);
            } else {
                source.stop();
            }
            if !self.feeding && self.slots.is_empty() {
                continue;
            }
            match events.recv_timeout(self.wait()) {
                Ok(event) => {
                    self.handle(event, &mut source, context)?;
                    while let Ok(event) = events.try_recv() {
                        self.handle(event, &mut source, context)?;
                    }
                    self.take_in(context)?;
                    self.collect();
                }
                Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => {}
            }
        }
    }

    /// Stops feeding where a signal or too many failures ask for it.
    fn obey(&mut self) {
        let signal = self.drive.options.signal.load(Ordering::Relaxed);
        if signal != 0 {
            self.feeding = false;
            self.tally.signal = i32::try_from(signal).ok();
        }
        if self.too_many_failures() {
            self.feeding = false;
        }
    }

    fn too_many_failures(&self) -> bool {
        let most = self.drive.options.max_failures;
        most.is_some_and(|most| self.tally.failed() >= most)
    }

    /// How many documents may be in flight.
    pub(super) fn window(&self) -> usize {
        match self.drive.options.max_failures {
            Some(_) => self.drive.options.jobs.clamp(1, WINDOW),
            None => WINDOW,
        }
    }

    /// How long a finished document waits for others.
    fn patience(&self) -> Duration {
        match self.drive.options.max_failures {
            Some(_) => Duration::ZERO,
            None => PATIENCE,
        }
    }

    fn wait(&self) -> Duration {
        let signal = Duration::from_millis(100);
        self.ready_since.map_or(signal, |since| {
            self.patience().saturating_sub(since.elapsed()).min(signal)
        })
    }

    fn handle(
        &mut self,
        event: Event,
        source: &mut Source,
        context: &Context<'_, '_, '_>,
    ) -> Result<(), DriveError> {
        match event {
            Event::Line(line) => self.line(line, source, context)?,
            Event::Loaded(number, loaded) => {
                let loaded = loaded.map_err(|source| DriveError::Archive { source })?;
                if let Some(slot) = self.slot(number) {
                    slot.arrived = Some(Arrived::Loaded(*loaded));
                }
            }
            Event::Parsed(number, parsed) => {
                if let Some(slot) = self.slot(number) {
                    slot.arrived = Some(Arrived::Parsed(parsed));
                }
            }
            Event::Read(number, read) => self.plan_read(number, *read, context)?,
            Event::Worked(number, part, work) => {
                if let Some(place) = self
                    .slot(number)
                    .and_then(|slot| slot.parts.as_mut())
                    .and_then(|parts| parts.get_mut(part))
                {
                    *place = Some(*work);
                }
            }
        }
        Ok(())
    }

    fn line(
        &mut self,
        line: Line,
        source: &mut Source,
        context: &Context<'_, '_, '_>,
    ) -> Result<(), DriveError> {
        source.credit_used();
        match line {
            Line::End => self.feeding = false,
            Line::Failed(error) => return Err(DriveError::Input { source: error }),
            line @ (Line::Text(_) | Line::TooLong(_)) => {
                let number = self.push(PathBuf::new());
                let started = self.started;
                context.spawn(move || {
                    Event::Parsed(number, Box::new(parse(line, number + 1, started)))
                });
            }
        }
        Ok(())
    }

    /// Adds a slot and returns its number.
    pub(super) fn push(&mut self, path: PathBuf) -> usize {
        self.slots.push_back(Slot {
            path,
            ..Slot::default()
        });
        self.drive.progress.started();
        self.base + self.slots.len() - 1
    }

    pub(super) fn slot(&mut self, number: usize) -> Option<&mut Slot> {
        number
            .checked_sub(self.base)
            .and_then(|index| self.slots.get_mut(index))
    }

    /// Moves finished slots to the ready ones, in order unless order does not matter.
    fn collect(&mut self) {
        let ordered = !self.drive.options.unordered
            || self.drive.chain.ordered_from() < self.drive.chain.stages.len();
        if !ordered {
            // A finished slot in the middle gives its documents away and stays as an empty one until its turn.
            for slot in &mut self.slots {
                if slot.done() && slot.parts.as_ref().is_some_and(|parts| !parts.is_empty()) {
                    let parts = slot.parts.replace(Vec::new());
                    self.ready.push(Slot {
                        parts,
                        ..Slot::default()
                    });
                }
            }
        }
        while self.slots.front().is_some_and(Slot::done) {
            if let Some(slot) = self.slots.pop_front() {
                self.base += 1;
                self.ready.push(slot);
            }
        }
        if !self.ready.is_empty() && self.ready_since.is_none() {
            self.ready_since = Some(Tick::now());
        }
    }

    /// Commits and writes what is ready when it is time; tells whether the run has ended.
    fn finish_ready(&mut self, last: bool) -> Result<bool, DriveError> {
        let patient = self.ready.len() < WINDOW
            && self
                .ready_since
                .is_some_and(|since| since.elapsed() < self.patience());
        if !self.ready.is_empty() && (last || !patient) {
            let ready = std::mem::take(&mut self.ready);
            self.ready_since = None;
            self.settle(ready)?;
        }
        Ok(last)
    }

    /// Starts the reading of a file's bytes.
    pub(super) fn start_read(number: usize, job: ReadJob, context: &Context<'_, '_, '_>) {
        let chain = context.chain;
        context.spawn(move || Event::Read(number, Box::new(read_file(chain, job))));
    }

    /// Starts the stages of a document that may run in any order.
    pub(super) fn start_work<'scope>(
        number: usize,
        part: usize,
        prepare: impl FnOnce() -> Work + Send + 'scope,
        context: &Context<'_, 'scope, '_>,
    ) {
        let (chain, overlay) = (context.chain, context.overlay);
        context.spawn(move || {
            let mut work = prepare();
            work.run_to(chain.ordered_from(), &chain, overlay);
            Event::Worked(number, part, Box::new(work))
        });
    }

    /// What is laid over a document of this document's file.
    pub(super) fn now(&self, intake: Instant) -> Instant {
        self.drive.options.now.unwrap_or(intake)
    }

    /// Tells the sink and the watcher about a settled document.
    pub(super) fn write(&mut self, document: &Document, known: bool) -> Result<(), DriveError> {
        self.drive
            .out
            .emit(document)
            .map_err(|source| DriveError::Output { source })?;
        self.tally.add(document, known);
        self.drive.progress.finished(document);
        Ok(())
    }
}
