//! A line of a table parted into cells under its headers: geometry only.
//!
//! The caller says where the headers stand, which columns may hold numbers and which words are numbers. A number belongs
//! to the column it stands under; other words go on in the column of the word before them until a wide gap or the left
//! edge of the next column of text.

use std::ops::Range;

use super::{Sheet, overlap};
use crate::model::Rect;

/// A column under its header.
#[derive(Clone, Debug)]
pub struct Column {
    /// Box of its header.
    pub head: Rect,
    /// Left edge of what stands in it, as far as known.
    pub left: f64,
    /// Right edge of what stands in it, as far as known.
    pub right: f64,
    /// It may hold numbers.
    pub numeric: bool,
    /// It may hold text.
    pub textual: bool,
}

/// Words of a line that belong to one column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    /// The column.
    pub column: usize,
    /// Its words, in [`Sheet::words`].
    pub words: Range<usize>,
}

/// How far beside a column a number may stand, in heights of the page's words.
const BESIDE: f64 = 2.5;

impl Column {
    /// A column of which only the header is known.
    pub fn new(head: Rect, numeric: bool, textual: bool) -> Self {
        Self {
            head,
            left: head.x0,
            right: head.x1,
            numeric,
            textual,
        }
    }

    /// How far a box stands beside the column, and how badly its edges agree with it.
    fn distance(&self, rect: Rect) -> (f64, f64) {
        let beside = (self.left - rect.x1).max(rect.x0 - self.right).max(0.0);
        let edges = (self.head.x1 - rect.x1)
            .abs()
            .min((self.head.x0 - rect.x0).abs())
            .min((self.head.center_x() - rect.center_x()).abs());
        (beside, edges)
    }
}

/// Parts a line into cells; `number` tells which words are numbers. Columns are sorted from left to right.
pub fn cells(
    sheet: &Sheet<'_>,
    line: usize,
    columns: &[Column],
    number: &dyn Fn(usize) -> bool,
) -> Vec<Cell> {
    let mut cells: Vec<Cell> = Vec::new();
    for segment in sheet.lines[line].segments.clone() {
        let words = sheet.segments[segment].words.clone();
        for word in words.clone() {
            let before = (word > words.start)
                .then(|| cells.last().map(|cell| cell.column))
                .flatten();
            let column = column_of(sheet, word, before, columns, number(word));
            match cells.last_mut() {
                Some(cell) if cell.column == column => cell.words.end = word + 1,
                _ => cells.push(Cell {
                    column,
                    words: word..word + 1,
                }),
            }
        }
    }
    cells
}

/// The column of a word; `before` is that of the word directly before it.
fn column_of(
    sheet: &Sheet<'_>,
    word: usize,
    before: Option<usize>,
    columns: &[Column],
    number: bool,
) -> usize {
    let rect = sheet.words[word].rect;
    let em = sheet.em;
    if number {
        let nearest = (0..columns.len())
            .filter(|&column| columns[column].numeric)
            .map(|column| (column, columns[column].distance(rect)))
            .min_by(|(_, a), (_, b)| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
        if let Some((column, (beside, _))) = nearest {
            // Within a running text only what stands under the header itself is a number of its own.
            let running = before.is_some_and(|before| columns[before].textual && before != column);
            let reach = if running { 0.0 } else { BESIDE * em };
            let in_text = in_text_column(rect, columns, em).is_some_and(|text| {
                let text = &columns[text];
                overlap(text.head, rect) > 0.0 && beside > 0.0
            });
            if beside <= reach && !in_text {
                return column;
            }
        }
    }
    let own = in_text_column(rect, columns, em);
    match (before, own) {
        // The next column of text begins here.
        (Some(before), Some(own))
            if own > before
                && columns[before].textual
                && (rect.x0 - columns[own].head.x0).abs() < 0.8 * em =>
        {
            own
        }
        (Some(before), _) => before,
        (None, Some(own)) => own,
        (None, None) => nearest(rect, columns),
    }
}

/// The column of text that a box begins in: the last whose left edge is not right of it, if no column of numbers that
/// it overlaps lies between.
fn in_text_column(rect: Rect, columns: &[Column], em: f64) -> Option<usize> {
    let under = (0..columns.len())
        .filter(|&column| {
            overlap(columns[column].head, rect)
                > 0.3 * rect.width().min(columns[column].head.width())
        })
        .max_by(|&a, &b| overlap(columns[a].head, rect).total_cmp(&overlap(columns[b].head, rect)));
    if let Some(under) = under {
        return columns[under].textual.then_some(under);
    }
    let last = (0..columns.len()).rfind(|&column| columns[column].head.x0 <= rect.x0 + em)?;
    if columns[last].textual {
        return Some(last);
    }
    // Right of a column of numbers, yet before the next header: text that is set further left than its header.
    let next = columns.get(last + 1)?;
    (next.textual && rect.x1 > next.head.x0 - em).then_some(last + 1)
}

/// The column nearest to a box.
fn nearest(rect: Rect, columns: &[Column]) -> usize {
    (0..columns.len())
        .min_by(|&a, &b| {
            let (a, b) = (columns[a].distance(rect), columns[b].distance(rect));
            a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1))
        })
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layout::tests::page;

    #[test]
    fn words_go_to_the_columns_they_stand_under() {
        let page = page(&[
            "Description              Qty     Price      Total",
            "Exchange 2010 licence      2      3.89       7.78",
            "Wide text that runs on    10     13.89     138.90",
            "of a second line",
        ]);
        let sheet = Sheet::new(&page);
        let columns: Vec<Column> = sheet.lines[0]
            .segments
            .clone()
            .enumerate()
            .map(|(i, segment)| Column::new(sheet.segments[segment].rect, i > 0, i == 0))
            .collect();
        let number = |word: usize| {
            sheet.words[word]
                .text
                .starts_with(|c: char| c.is_ascii_digit())
        };
        let shown = |line: usize| -> Vec<(usize, String)> {
            cells(&sheet, line, &columns, &number)
                .into_iter()
                .map(|cell| (cell.column, sheet.text(cell.words)))
                .collect()
        };
        let expect = |cells: &[(usize, &str)]| -> Vec<(usize, String)> {
            cells
                .iter()
                .map(|(column, text)| (*column, (*text).to_owned()))
                .collect()
        };
        assert_eq!(
            shown(1),
            expect(&[
                (0, "Exchange 2010 licence"),
                (1, "2"),
                (2, "3.89"),
                (3, "7.78")
            ])
        );
        assert_eq!(
            shown(2),
            expect(&[
                (0, "Wide text that runs on"),
                (1, "10"),
                (2, "13.89"),
                (3, "138.90")
            ])
        );
        assert_eq!(shown(3), expect(&[(0, "of a second line")]));
    }
}
