//! An engine that answers what it was told to: for tests of whatever comes after recognition.

use std::collections::VecDeque;

use crate::stage::{Engine, Pixels, Recognised, StageError};

/// Answers page after page from a list, and nothing when it is used up.
#[derive(Default)]
pub struct Recorded {
    answers: VecDeque<Recognised>,
    /// Sizes of the images it was asked to read.
    pub asked: Vec<(u32, u32)>,
}

impl Recorded {
    /// An engine with these answers.
    pub fn new(answers: impl IntoIterator<Item = Recognised>) -> Self {
        Self {
            answers: answers.into_iter().collect(),
            asked: Vec::new(),
        }
    }
}

impl Engine for Recorded {
    fn version(&self) -> (String, String) {
        ("recorded".to_owned(), "1".to_owned())
    }

    fn languages(&self) -> String {
        "eng".to_owned()
    }

    fn read(&mut self, page: &Pixels) -> Result<Recognised, StageError> {
        self.asked.push((page.width, page.height));
        Ok(self.answers.pop_front().unwrap_or_default())
    }
}
