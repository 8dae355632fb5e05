//! The feed while the loop runs: it takes in as much as the window allows, and no more once the loop has enough.

use std::sync::mpsc::{self, Sender};

use super::feed::{Feed, read_lines};
use super::files::Files;
use super::load::load;
use super::window::{Context, Event, Loop};

/// The feed while the loop runs.
pub(super) struct Source {
    files: Option<Files>,
    credit: Option<Sender<()>>,
    credits_out: usize,
}

impl Source {
    pub(super) fn start(feed: Feed, send: &Sender<Event>) -> Self {
        match feed {
            Feed::Files(files) => Self {
                files: Some(files),
                credit: None,
                credits_out: 0,
            },
            Feed::Lines(input) => {
                let (credit, credits) = mpsc::channel();
                let send = send.clone();
                // Not one of the pool's: it blocks on stdin, possibly for ever, and dies with the process.
                #[expect(clippy::disallowed_methods, reason = "the driver's reading thread")]
                std::thread::spawn(move || read_lines(input, &credits, &send, Event::Line));
                Self {
                    files: None,
                    credit: Some(credit),
                    credits_out: 0,
                }
            }
        }
    }

    /// Takes in as much as the window allows; tells whether there may be more.
    pub(super) fn feed(&mut self, work: &mut Loop<'_, '_>, context: &Context<'_, '_, '_>) -> bool {
        if let Some(credit) = &self.credit {
            while work.slots.len() + self.credits_out < work.window() {
                if credit.send(()).is_err() {
                    break;
                }
                self.credits_out += 1;
            }
            return true;
        }
        let Some(files) = &mut self.files else {
            return false;
        };
        while work.slots.len() < work.window() {
            let path = files.next();
            work.tally.skipped = files.skipped();
            let Some(path) = path else { return false };
            let place = files.place(&path);
            let number = work.push(path.clone());
            let taking = work.drive.options.taking.clone();
            let archive = work.drive.journal.archive();
            context.spawn(move || {
                Event::Loaded(
                    number,
                    load(&path, &place, &taking, archive.as_deref()).map(Box::new),
                )
            });
        }
        true
    }

    pub(super) fn credit_used(&mut self) {
        self.credits_out = self.credits_out.saturating_sub(1);
    }

    /// No more lines are wanted: the reading thread ends with its next line, or with the process.
    pub(super) fn stop(&mut self) {
        self.credit = None;
    }
}
