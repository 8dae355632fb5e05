//! A sheet of cells to blocks: columns without content take no room, and text runs on over empty cells to its right.

use std::collections::{BTreeMap, BTreeSet};

use crate::input::csv::{self, Rows};
use crate::input::flow::{Block, Cell, Text};

/// What a cell shows.
pub(super) struct Shown {
    /// Its text.
    pub(super) text: String,
    /// Text, not a number or a date: it runs on over empty cells.
    pub(super) runs_on: bool,
    /// The column that it ends in, where cells are merged.
    pub(super) until: Option<usize>,
}

/// The cells of a sheet by row and column.
pub(super) type Cells = BTreeMap<usize, BTreeMap<usize, Shown>>;

/// The rows of a sheet with their numbers, each as wide as the first, if that one heads a list of invoices.
pub(super) fn rows(cells: &Cells) -> Rows {
    let head = cells.values().next();
    let edge = head.and_then(|row| Some((*row.keys().next()?, *row.keys().next_back()?)));
    let Some((first, last)) = edge.filter(|(first, last)| last - first < csv::MAX_COLUMNS) else {
        return Rows::new();
    };
    let texts = |row: &BTreeMap<usize, Shown>| -> Vec<String> {
        let mut texts = vec![String::new(); last - first + 1];
        for (column, shown) in row.range(first..=last) {
            texts[column - first].clone_from(&shown.text);
        }
        texts
    };
    if !head.is_some_and(|head| csv::is_header(texts(head))) {
        return Rows::new();
    }
    cells.iter().map(|(n, row)| (*n, texts(row))).collect()
}

/// The block of a sheet, `None` if it shows nothing.
pub(super) fn block(cells: Cells) -> Option<Block> {
    let used: BTreeSet<usize> = cells.values().flat_map(|row| row.keys().copied()).collect();
    let used: Vec<usize> = used.into_iter().collect();
    let place = |column: usize| used.partition_point(|own| *own < column);
    let mut rows = Vec::new();
    let mut before: Option<usize> = None;
    for (n, row) in cells {
        if row.is_empty() {
            continue;
        }
        if before.is_some_and(|before| n > before + 1) {
            // One empty row parts as well as many.
            rows.push(vec![Cell::new(vec![Block::Gap])]);
        }
        before = Some(n);
        rows.push(line(row, used.len(), place));
    }
    (!rows.is_empty()).then_some(Block::Table(rows))
}

fn line(row: BTreeMap<usize, Shown>, columns: usize, place: impl Fn(usize) -> usize) -> Vec<Cell> {
    let mut line = Vec::new();
    let mut at = 0;
    let mut cells = row.into_iter().peekable();
    while let Some((column, shown)) = cells.next() {
        let own = place(column);
        if own > at {
            let mut empty = Cell::new(Vec::new());
            empty.columns = own - at;
            line.push(empty);
        }
        let next = cells.peek().map_or(columns, |(column, _)| place(*column));
        let end = match shown.until {
            Some(until) => place(until + 1).min(next),
            None if shown.runs_on => next,
            None => own + 1,
        };
        let mut cell = Cell::new(vec![Block::Text(Text {
            said: shown.text,
            ..Text::default()
        })]);
        cell.columns = end.saturating_sub(own).max(1);
        at = own + cell.columns;
        line.push(cell);
    }
    line
}
