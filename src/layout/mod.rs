//! Words with boxes to lines, segments, blocks, columns and tables: geometry, no word of any language.
//!
//! Only [`describe`], which writes tables and pairs of label and value into the record, asks the vocabularies where a table
//! ends and what a label is.
//!
//! A [`Sheet`] is a page put in order. A *line* is what stands beside each other, a *segment* a run of words in a line
//! without a wide gap (a cell, a label, a value), a *block* segments that stand under each other like the lines of an
//! address. Words keep their own boxes; a skewed scan is followed word by word, never straightened. Words that run
//! upwards (text in a margin) are lines of their own, after all others.

mod block;
mod describe;
mod line;
mod pairs;
mod region;
pub mod table;

pub use describe::describe;

use std::ops::Range;

use crate::model::{Page, PageMethod, Rect, Word};

/// A page put in order.
pub struct Sheet<'a> {
    /// Number of the page, from 1.
    pub n: u32,
    /// Width in points.
    pub width: f64,
    /// Height in points.
    pub height: f64,
    /// How its words were read.
    pub method: Option<PageMethod>,
    /// Median height of its words: the unit of all distances.
    pub em: f64,
    /// Words in reading order: line by line, left to right.
    pub words: Vec<&'a Word>,
    /// Lines from top to bottom.
    pub lines: Vec<Line>,
    /// Segments in reading order.
    pub segments: Vec<Segment>,
    /// Blocks by their first segment.
    pub blocks: Vec<Block>,
}

/// What stands beside each other.
pub struct Line {
    /// Its words, in [`Sheet::words`].
    pub words: Range<usize>,
    /// Its segments, in [`Sheet::segments`].
    pub segments: Range<usize>,
    /// Box around it.
    pub rect: Rect,
}

/// A run of words without a wide gap.
pub struct Segment {
    /// Its words, in [`Sheet::words`].
    pub words: Range<usize>,
    /// Its line, in [`Sheet::lines`].
    pub line: usize,
    /// Its block, in [`Sheet::blocks`].
    pub block: usize,
    /// Median height of its words: stands for the size of the font.
    pub em: f64,
    /// Box around it.
    pub rect: Rect,
}

/// Segments that stand under each other.
pub struct Block {
    /// Its segments, in [`Sheet::segments`], from top to bottom.
    pub segments: Vec<usize>,
    /// Box around it.
    pub rect: Rect,
}

impl<'a> Sheet<'a> {
    /// Puts the words of a page in order.
    pub fn new(page: &'a Page) -> Self {
        let words: Vec<&Word> = page
            .words
            .iter()
            .filter(|word| !word.text.trim().is_empty())
            .collect();
        let em = median(words.iter().map(|word| word.rect.height())).unwrap_or(10.0);
        let (words, line_words) = line::lines(&words, em);
        let tight = page.method == Some(PageMethod::Ocr);
        let mut lines = Vec::with_capacity(line_words.len());
        let mut segments = Vec::with_capacity(line_words.len() * 2);
        for (index, range) in line_words.into_iter().enumerate() {
            let first = segments.len();
            segments.extend(line::segments(&words, range.clone(), index, tight));
            lines.push(Line {
                rect: around(&words[range.clone()]),
                words: range,
                segments: first..segments.len(),
            });
        }
        let blocks = block::blocks(&mut segments);
        Self {
            n: page.n,
            width: page.width,
            height: page.height,
            method: page.method,
            em,
            words,
            lines,
            segments,
            blocks,
        }
    }

    /// Words `range` with single blanks between.
    pub fn text(&self, range: Range<usize>) -> String {
        let mut text = String::new();
        for word in &self.words[range] {
            if !text.is_empty() {
                text.push(' ');
            }
            text.push_str(word.text.trim());
        }
        text
    }

    /// The box around words `range`.
    pub fn rect(&self, range: Range<usize>) -> Rect {
        around(&self.words[range])
    }

    /// The lowest confidence of words `range`; 1 for none.
    pub fn confidence(&self, range: Range<usize>) -> f64 {
        self.words[range]
            .iter()
            .map(|word| word.confidence)
            .fold(1.0, f64::min)
    }

    /// The segment of each word, by its place in [`Sheet::words`].
    pub fn segment_of_words(&self) -> Vec<usize> {
        let mut owner = vec![0; self.words.len()];
        for (index, segment) in self.segments.iter().enumerate() {
            owner[segment.words.clone()].fill(index);
        }
        owner
    }

    /// The segment right of it in the same line.
    pub fn right_of(&self, segment: usize) -> Option<usize> {
        let line = &self.lines[self.segments[segment].line];
        (segment + 1 < line.segments.end).then_some(segment + 1)
    }

    /// The segments below it that overlap it sideways, nearest first, down to `reach` points below its lower edge.
    pub fn below(&self, segment: usize, reach: f64) -> Vec<usize> {
        let from = &self.segments[segment];
        let mut found = Vec::new();
        for line in self.lines.iter().skip(from.line + 1) {
            if line.rect.y0 - from.rect.y1 > reach {
                break;
            }
            found.extend(line.segments.clone().filter(|&below| {
                let rect = self.segments[below].rect;
                rect.center_y() > from.rect.y1
                    && rect.y0 - from.rect.y1 <= reach
                    && overlap(from.rect, rect) > 0.0
            }));
        }
        found
    }
}

/// How far two boxes overlap sideways, in points; negative where they are apart.
pub fn overlap(a: Rect, b: Rect) -> f64 {
    a.x1.min(b.x1) - a.x0.max(b.x0)
}

/// The box around words; empty for none.
fn around(words: &[&Word]) -> Rect {
    words
        .iter()
        .map(|word| word.rect)
        .reduce(Rect::union)
        .unwrap_or_default()
}

/// The median, the upper of two; `None` of nothing.
fn median(values: impl Iterator<Item = f64>) -> Option<f64> {
    let mut values: Vec<f64> = values.filter(|value| value.is_finite()).collect();
    if values.is_empty() {
        return None;
    }
    let middle = values.len() / 2;
    Some(*values.select_nth_unstable_by(middle, f64::total_cmp).1)
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A page drawn with letters: a column is 6 points wide, a row 12 high; words are what blanks separate.
    pub(crate) fn page(rows: &[&str]) -> Page {
        let mut words = Vec::new();
        let mut widest = 0;
        for (row, text) in rows.iter().enumerate() {
            let chars: Vec<char> = text.chars().collect();
            widest = widest.max(chars.len());
            let mut start = None;
            for column in 0..=chars.len() {
                let blank = chars.get(column).is_none_or(|c| *c == ' ');
                match (blank, start) {
                    (false, None) => start = Some(column),
                    (true, Some(from)) => {
                        words.push(Word {
                            text: chars[from..column].iter().collect(),
                            rect: Rect {
                                x0: 20.0 + from as f64 * 6.0,
                                y0: 20.0 + row as f64 * 12.0,
                                x1: 20.0 + column as f64 * 6.0,
                                y1: 30.0 + row as f64 * 12.0,
                            },
                            confidence: 1.0,
                        });
                        start = None;
                    }
                    _ => {}
                }
            }
        }
        Page {
            n: 1,
            width: 595.0_f64.max(40.0 + widest as f64 * 6.0),
            height: 842.0_f64.max(40.0 + rows.len() as f64 * 12.0),
            method: Some(PageMethod::PdfText),
            words,
            ..Page::default()
        }
    }

    fn segments(sheet: &Sheet<'_>) -> Vec<String> {
        sheet
            .segments
            .iter()
            .map(|segment| sheet.text(segment.words.clone()))
            .collect()
    }

    #[test]
    fn a_wide_gap_parts_segments_and_blocks_stand_under_each_other() {
        let page = page(&[
            "Bill to:              Number:   A 17",
            "Some Company Ltd      Date:     1 May",
            "",
            "",
            "Total                      99.00",
        ]);
        let sheet = Sheet::new(&page);
        assert_eq!(
            segments(&sheet),
            [
                "Bill to:",
                "Number:",
                "A 17",
                "Some Company Ltd",
                "Date:",
                "1 May",
                "Total",
                "99.00"
            ]
        );
        assert_eq!(sheet.segments[0].block, sheet.segments[3].block);
        assert_ne!(sheet.segments[0].block, sheet.segments[6].block);
        assert_eq!(sheet.right_of(1), Some(2));
        assert_eq!(sheet.right_of(2), None);
        assert_eq!(sheet.below(0, 20.0), [3]);
    }

    #[test]
    fn a_skewed_page_keeps_its_lines() {
        let mut page = page(&[
            "Invoice number          12345          Date     2026-01-15",
            "Order number            67890          Due      2026-02-14",
            "Customer                  1111         Page     1",
        ]);
        for word in &mut page.words {
            let shift = word.rect.x0 * 0.035;
            word.rect.y0 += shift;
            word.rect.y1 += shift;
        }
        page.words.reverse();
        let sheet = Sheet::new(&page);
        assert_eq!(sheet.lines.len(), 3);
        assert_eq!(
            sheet.text(sheet.lines[1].words.clone()),
            "Order number 67890 Due 2026-02-14"
        );
    }

    #[test]
    fn text_in_the_margin_is_a_line_of_its_own() {
        let mut page = page(&["Invoice 12", "Total 99", "Paid 99"]);
        page.words.push(Word {
            text: "Form-4711-B".to_owned(),
            rect: Rect {
                x0: 2.0,
                y0: 18.0,
                x1: 10.0,
                y1: 90.0,
            },
            confidence: 1.0,
        });
        let sheet = Sheet::new(&page);
        assert_eq!(sheet.lines.len(), 4);
        assert_eq!(sheet.text(sheet.lines[0].words.clone()), "Invoice 12");
    }
}
