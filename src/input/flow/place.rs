//! Text to words with places, in a type of one width, as typewriters have it.

use super::table::Grid;
use super::{Align, Block, Stop, Text};
use crate::input::text;
use crate::model::{Rect, Word};

/// Width of a character and height of a line in points: that of print of ten points.
pub(super) const CHARACTER: f64 = 5.0;
const LINE: f64 = 12.0;
/// Height of a character.
const GLYPH: f64 = 9.6;
/// Where print begins, in points from the left and the top.
const MARGIN: f64 = 36.0;
/// Characters of a line, after which text is wrapped.
const MEASURE: usize = 100;
/// Points between stops where a text has none.
const STOP: f64 = 36.0;
/// Between paragraphs.
const APART: f64 = 6.0;

/// A printed page.
pub(super) struct Printed {
    pub(super) words: Vec<Word>,
    pub(super) width: f64,
    pub(super) height: f64,
}

/// Prints blocks on one page, as wide and as high as they are.
pub(super) fn print(blocks: &[Block]) -> Printed {
    let mut printer = Printer { words: Vec::new() };
    let width = width(blocks).max(super::WIDTH - 2.0 * MARGIN);
    let height = printer.blocks(blocks, MARGIN, MARGIN, width, None);
    Printed {
        words: printer.words,
        width: width + 2.0 * MARGIN,
        height: height + 2.0 * MARGIN,
    }
}

/// How wide blocks want to be.
pub(super) fn width(blocks: &[Block]) -> f64 {
    let wide = blocks.iter().map(|block| match block {
        Block::Text(text) => {
            let lines = lines(text);
            let ends = lines.iter().map(|line| {
                let parts = set(line, &text.stops);
                parts.last().map_or(0.0, |part| part.at + part.width())
            });
            ends.fold(0.0, f64::max)
        }
        Block::Table(rows) => Grid::new(rows).width(),
        Block::Gap | Block::Break => 0.0,
    });
    wide.fold(0.0, f64::max)
}

/// A run of words between tabs.
struct Run<'t> {
    words: Vec<&'t str>,
    at: f64,
}

impl Run<'_> {
    fn width(&self) -> f64 {
        let characters: usize = self.words.iter().map(|word| word.chars().count()).sum();
        let blanks = self.words.len().saturating_sub(1);
        (characters + blanks) as f64 * CHARACTER
    }
}

/// The lines of a text, wrapped; with tabs in it a line is left as it is.
fn lines(text: &Text) -> Vec<String> {
    let mut lines = Vec::new();
    for line in text.said.split('\n') {
        if line.contains('\t') || line.chars().count() <= MEASURE {
            lines.push(line.to_owned());
            continue;
        }
        let mut wrapped = String::new();
        let mut length = 0;
        for word in line.split_whitespace() {
            let count = word.chars().count();
            if length > 0 && length + 1 + count > MEASURE {
                lines.push(std::mem::take(&mut wrapped));
                length = 0;
            }
            if length > 0 {
                wrapped.push(' ');
                length += 1;
            }
            wrapped.push_str(word);
            length += count;
        }
        lines.push(wrapped);
    }
    lines
}

/// The runs of a line with their places from its left edge.
fn set<'t>(line: &'t str, stops: &[Stop]) -> Vec<Run<'t>> {
    let mut runs: Vec<Run<'t>> = Vec::new();
    let mut end = 0.0;
    for (index, part) in line.split('\t').enumerate() {
        let mut run = Run {
            words: part.split_whitespace().collect(),
            at: end,
        };
        if index > 0 {
            let own = stops.iter().find(|stop| stop.at > end + 0.5);
            let stop = own.copied().unwrap_or(Stop {
                at: ((end + 0.5) / STOP).floor() * STOP + STOP,
                right: false,
            });
            // What does not fit in front of its stop begins where the text before ends.
            run.at = if stop.right {
                (stop.at - run.width()).max(end + CHARACTER)
            } else {
                stop.at
            };
            end = if stop.right && run.words.is_empty() {
                stop.at
            } else {
                run.at
            };
        }
        end = end.max(run.at + run.width());
        runs.push(run);
    }
    runs
}

/// Prints.
pub(super) struct Printer {
    words: Vec<Word>,
}

impl Printer {
    /// Prints blocks below each other and returns how high they are together.
    pub(super) fn blocks(
        &mut self,
        blocks: &[Block],
        left: f64,
        top: f64,
        width: f64,
        align: Option<Align>,
    ) -> f64 {
        let mut y = top;
        for (index, block) in blocks.iter().enumerate() {
            match block {
                Block::Text(text) => {
                    y += self.text(text, left, y, width, text.align.or(align));
                }
                Block::Table(rows) => {
                    if index > 0 {
                        y += APART;
                    }
                    y += Grid::new(rows).print(self, left, y);
                    y += APART;
                }
                Block::Gap => y += LINE,
                Block::Break => {}
            }
        }
        y - top
    }

    fn text(&mut self, text: &Text, left: f64, top: f64, width: f64, align: Option<Align>) -> f64 {
        let lines = lines(text);
        for (n, line) in lines.iter().enumerate() {
            let runs = set(line, &text.stops);
            let end = runs.last().map_or(0.0, |run| run.at + run.width());
            let shift = match align {
                Some(Align::Right) => width - end,
                Some(Align::Centre) => (width - end) / 2.0,
                Some(Align::Left) | None => 0.0,
            };
            for run in &runs {
                self.run(run, left + shift.max(0.0), top + n as f64 * LINE);
            }
        }
        lines.len() as f64 * LINE
    }

    fn run(&mut self, run: &Run<'_>, left: f64, top: f64) {
        let mut x = left + run.at;
        for word in &run.words {
            let width = word.chars().count() as f64 * CHARACTER;
            let clean = text::clean(word);
            if !clean.is_empty() {
                self.words.push(Word {
                    text: clean,
                    rect: Rect {
                        x0: x,
                        y0: top,
                        x1: x + width,
                        y1: top + GLYPH,
                    },
                    confidence: 1.0,
                });
            }
            x += width + CHARACTER;
        }
    }
}
