//! Where the value of a label stands: behind it, right of it, below it, or above it.
//!
//! A slot is a run of words that may hold the value, with a cost: nought for what follows in the same cell, more for what
//! stands further off. Another label ends a slot, since what follows is that one's value.

use std::ops::Range;

use super::view::{Found, PageView};
use crate::lang::numbers;
use crate::layout::overlap;

/// On which side of its label a value stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Side {
    /// Behind it in the same segment.
    Same,
    /// In a segment right of it.
    Right,
    /// Under it.
    Below,
    /// Over it.
    Above,
    /// In a segment left of it.
    Left,
}

/// Words that may hold the value of a label.
#[derive(Clone, Debug)]
pub(super) struct Slot {
    /// Which.
    pub(super) words: Range<usize>,
    /// Where they stand.
    pub(super) side: Side,
    /// How far off: 0 is next to the label, 1 is where one begins to doubt.
    pub(super) cost: f64,
}

/// How far below a label its value may stand, in heights of a word.
const REACH: f64 = 3.4;

impl PageView<'_> {
    /// Finds the slots of a label, cheapest first within a side.
    pub(super) fn find_slots(&self, label: &Found) -> Vec<Slot> {
        let sheet = &self.sheet;
        let segment = &sheet.segments[label.segment];
        let line = &sheet.lines[segment.line];
        let mut slots = Vec::new();

        let same = self.until_label(label.words.end..segment.words.end);
        let same = self.skip_marks(same);
        let blocked = self.skip_marks(label.words.end..segment.words.end).len() > same.len();
        if !same.is_empty() {
            slots.push(Slot {
                words: same.clone(),
                side: Side::Same,
                cost: 0.0,
            });
        }
        let mut beside = !same.is_empty();
        if !blocked {
            let mut edge = segment.rect.x1;
            for (steps, next) in (label.segment + 1..line.segments.end).enumerate() {
                let other = &sheet.segments[next];
                let words = self.skip_marks(self.until_label(other.words.clone()));
                if words.is_empty() && !self.skip_marks(other.words.clone()).is_empty() {
                    break;
                }
                if words.is_empty() {
                    continue;
                }
                let gap = (other.rect.x0 - edge).max(0.0) / sheet.width.max(1.0);
                edge = other.rect.x1;
                slots.push(Slot {
                    words,
                    side: Side::Right,
                    cost: 0.1
                        + 0.5 * gap
                        + 0.25 * steps as f64
                        + if same.is_empty() { 0.0 } else { 0.4 },
                });
                beside = true;
            }
        }
        if !beside && !blocked {
            slots.extend(self.half_below(label));
        }
        self.below(label, beside, &mut slots);
        if !beside && label.segment > line.segments.start {
            let left = &sheet.segments[label.segment - 1];
            if self.until_label(left.words.clone()) == left.words {
                slots.push(Slot {
                    words: left.words.clone(),
                    side: Side::Left,
                    cost: 1.2,
                });
            }
        }
        slots
    }

    /// The amount right of the label and half a line lower: the value of a cell whose label takes two lines.
    fn half_below(&self, label: &Found) -> Option<Slot> {
        /// How far the middles of label and value may be apart, in heights of a word.
        const HALF: f64 = 1.25;
        let sheet = &self.sheet;
        let segment = &sheet.segments[label.segment];
        let line = sheet.lines.get(segment.line + 1)?;
        let right = |index: &usize| {
            let other = sheet.segments[*index].rect;
            other.x0 > segment.rect.x1
                && other.center_y() - segment.rect.center_y() < HALF * segment.em
        };
        let index = line.segments.clone().find(right)?;
        let other = &sheet.segments[index];
        let words = self.skip_marks(self.until_label(other.words.clone()));
        let gap = (other.rect.x0 - segment.rect.x1) / sheet.width.max(1.0);
        let amount = self.texts[words.clone()]
            .iter()
            .take(2)
            .any(|text| numbers::best(text, None).is_some_and(|number| number.decimals == 2));
        amount.then_some(Slot {
            words,
            side: Side::Right,
            cost: 0.5 + 0.5 * gap,
        })
    }

    /// Adds what stands under the label, and over it if nothing else is there.
    fn below(&self, label: &Found, beside: bool, slots: &mut Vec<Slot>) {
        let sheet = &self.sheet;
        let rect = sheet.rect(label.words.clone());
        let em = sheet.segments[label.segment].em.max(0.7 * sheet.em);
        let reach = REACH * em;
        let before = slots.len();
        let mut rows = 0;
        let mut last_line = None;
        for below in sheet.below(label.segment, reach) {
            let other = &sheet.segments[below];
            if overlap(rect, other.rect) <= -0.5 * em {
                continue;
            }
            let bare = self.skip_marks(other.words.clone());
            if bare.is_empty() {
                continue;
            }
            let words = self.skip_marks(self.until_label(other.words.clone()));
            if words.is_empty() {
                break;
            }
            if last_line != Some(other.line) {
                if last_line.is_some() {
                    rows += 1;
                }
                last_line = Some(other.line);
            }
            let edges = [
                (rect.x0 - other.rect.x0).abs(),
                (rect.x1 - other.rect.x1).abs(),
                (rect.center_x() - other.rect.center_x()).abs(),
            ];
            let edge = edges.into_iter().fold(f64::INFINITY, f64::min);
            let aligned = (edge / (2.5 * em)).min(1.0);
            let gap = ((other.rect.y0 - rect.y1) / reach).clamp(0.0, 1.0);
            slots.push(Slot {
                words,
                side: Side::Below,
                cost: 0.3
                    + 0.4 * aligned
                    + 0.3 * gap
                    + 0.4 * f64::from(rows)
                    + if beside { 0.7 } else { 0.0 }
                    + if label.colon { 0.15 } else { 0.0 },
            });
        }
        if !beside && slots.len() == before {
            self.above(label, slots);
        }
    }

    /// Adds what stands directly over the label.
    fn above(&self, label: &Found, slots: &mut Vec<Slot>) {
        let sheet = &self.sheet;
        let rect = sheet.rect(label.words.clone());
        let line = sheet.segments[label.segment].line;
        let em = sheet.segments[label.segment].em;
        for above in sheet.lines[line.saturating_sub(2)..line].iter().rev() {
            for index in above.segments.clone() {
                let other = &sheet.segments[index];
                let near = rect.y0 - other.rect.y1 < 1.3 * em && overlap(rect, other.rect) > 0.0;
                if near && self.until_label(other.words.clone()) == other.words {
                    slots.push(Slot {
                        words: other.words.clone(),
                        side: Side::Above,
                        cost: 1.3,
                    });
                }
            }
        }
    }

    /// The words up to the next label that has a value of its own.
    pub(super) fn until_label(&self, words: Range<usize>) -> Range<usize> {
        let end = words
            .clone()
            .find(|&word| {
                self.label_of[word].is_some_and(|label| {
                    let label = &self.labels[label];
                    label.words.start == word && label.sure
                })
            })
            .unwrap_or(words.end);
        words.start..end
    }

    /// Tells whether a colon ends one of the words.
    pub(super) fn has_colon(&self, words: Range<usize>) -> bool {
        words.start < words.end && self.texts[words].iter().any(|text| text.ends_with(':'))
    }

    /// The words without the leading ones that hold no letter and no digit.
    pub(super) fn skip_marks(&self, words: Range<usize>) -> Range<usize> {
        let start = words
            .clone()
            .find(|&word| self.texts[word].contains(char::is_alphanumeric))
            .unwrap_or(words.end);
        start..words.end
    }
}
