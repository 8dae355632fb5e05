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
        let mut start = words.start;
        while start < words.end {
            let before = (start > words.start)
                .then(|| cells.last().map(|cell| cell.column))
                .flatten();
            let in_text =
                before.is_some_and(|before| columns[before].textual && !columns[before].numeric);
            let numeric = |word: usize, in_text: bool| {
                number(word)
                    .then(|| column_of_number(sheet, word, in_text, columns))
                    .flatten()
            };
            let (end, column) = if let Some(column) = numeric(start, in_text) {
                (start + 1, column)
            } else {
                let end = run(sheet, start..words.end, columns, &|word| {
                    numeric(word, true).is_some()
                });
                let rect = sheet.rect(start..end);
                (end, column_of_text(rect, before, columns))
            };
            match cells.last_mut() {
                Some(cell) if cell.column == column && cell.words.end == start => {
                    cell.words.end = end;
                }
                _ => cells.push(Cell {
                    column,
                    words: start..end,
                }),
            }
            start = end;
        }
    }
    cells
}

/// Where a run of text ends: at a number of its own, or where the next column of text begins.
fn run(
    sheet: &Sheet<'_>,
    words: Range<usize>,
    columns: &[Column],
    number: &dyn Fn(usize) -> bool,
) -> usize {
    let first = sheet.words[words.start].rect;
    (words.start + 1..words.end)
        .find(|&word| {
            let rect = sheet.words[word].rect;
            number(word)
                || columns.iter().any(|column| {
                    column.textual
                        && (rect.x0 - column.head.x0).abs() < 0.5 * sheet.em
                        && first.x0 < column.head.x0 - sheet.em
                })
        })
        .unwrap_or(words.end)
}

/// The column of numbers that a number stands under; within a running text only what stands under the header itself is
/// a number of its own.
fn column_of_number(
    sheet: &Sheet<'_>,
    word: usize,
    in_text: bool,
    columns: &[Column],
) -> Option<usize> {
    let rect = sheet.words[word].rect;
    let (column, (beside, _)) = (0..columns.len())
        .filter(|&column| columns[column].numeric)
        .map(|column| (column, columns[column].distance(rect)))
        .min_by(|(_, a), (_, b)| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)))?;
    let reach = if in_text { 0.0 } else { BESIDE * sheet.em };
    // Under the header of a column of text it is that column's.
    let elsewhere = beside > 0.0
        && columns
            .iter()
            .any(|column| column.textual && !column.numeric && overlap(column.head, rect) > 0.0);
    (beside <= reach && !elsewhere).then_some(column)
}

/// The column of a run of text: the column of text whose header it overlaps most, else that of the number directly
/// before it (its unit), else the nearest.
fn column_of_text(rect: Rect, before: Option<usize>, columns: &[Column]) -> usize {
    let under = (0..columns.len())
        .filter(|&column| columns[column].textual && overlap(columns[column].head, rect) > 0.0)
        .max_by(|&a, &b| overlap(columns[a].head, rect).total_cmp(&overlap(columns[b].head, rect)));
    if let Some(under) = under.or(before) {
        return under;
    }
    let over =
        (0..columns.len()).find(|&column| overlap(columns[column].head, rect) > 0.5 * rect.width());
    over.unwrap_or_else(|| nearest(rect, columns))
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
