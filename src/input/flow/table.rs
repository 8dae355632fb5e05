//! Tables: which cell stands in which column, how wide columns and how high rows are.

use super::place::{self, CHARACTER, Printer};
use super::{Align, Block, Cell, MAX_COLUMNS};

/// Between columns.
const GUTTER: f64 = 4.0 * CHARACTER;
/// Between rows: less than a line, so that a wrapped cell stays one.
const BETWEEN: f64 = 5.0;

/// A cell in its place.
struct Placed<'t> {
    cell: &'t Cell,
    row: usize,
    column: usize,
    columns: usize,
    /// How wide it wants to be.
    width: f64,
    /// It is nothing but a figure.
    figure: bool,
}

/// A table with its cells in place.
pub(super) struct Grid<'t> {
    cells: Vec<Placed<'t>>,
    widths: Vec<f64>,
    rows: usize,
}

impl<'t> Grid<'t> {
    /// Places the cells; those that take several rows push what is below aside.
    pub(super) fn new(rows: &'t [Vec<Cell>]) -> Self {
        let mut cells = Vec::new();
        // By column: how many rows from this one on are taken.
        let mut taken: Vec<usize> = Vec::new();
        for (row, line) in rows.iter().enumerate() {
            let mut column = 0;
            for cell in line {
                while taken.get(column).is_some_and(|rows| *rows > 0) {
                    column += 1;
                }
                let columns = cell.columns.clamp(1, MAX_COLUMNS);
                let end = (column + columns).min(MAX_COLUMNS);
                if column >= MAX_COLUMNS {
                    // What has no place any more goes behind the last column.
                    column = MAX_COLUMNS - 1;
                }
                let columns = end.saturating_sub(column).max(1);
                if taken.len() < column + columns {
                    taken.resize(column + columns, 0);
                }
                for rows in &mut taken[column..column + columns] {
                    *rows = cell.rows.max(1);
                }
                cells.push(Placed {
                    cell,
                    row,
                    column,
                    columns,
                    width: place::width(&cell.blocks),
                    figure: is_figure(cell),
                });
                column += columns;
            }
            for rows in &mut taken {
                *rows = rows.saturating_sub(1);
            }
        }
        let widths = widths(&cells, taken.len());
        Self {
            cells,
            widths,
            rows: rows.len(),
        }
    }

    /// How wide it is.
    pub(super) fn width(&self) -> f64 {
        let between = self.used().saturating_sub(1) as f64 * GUTTER;
        self.widths.iter().sum::<f64>() + between
    }

    fn used(&self) -> usize {
        self.widths.iter().filter(|width| **width > 0.0).count()
    }

    /// Where each column begins; empty ones take no room.
    fn lefts(&self) -> Vec<f64> {
        let mut x = 0.0;
        let mut lefts = Vec::with_capacity(self.widths.len() + 1);
        for width in &self.widths {
            lefts.push(x);
            if *width > 0.0 {
                x += width + GUTTER;
            }
        }
        lefts.push(x);
        lefts
    }

    /// Prints it and returns how high it is.
    pub(super) fn print(&self, printer: &mut Printer, left: f64, top: f64) -> f64 {
        let lefts = self.lefts();
        let figures = self.figures();
        let mut y = top;
        let mut cells = self.cells.iter().peekable();
        for row in 0..self.rows {
            let mut height: f64 = 0.0;
            while let Some(cell) = cells.next_if(|cell| cell.row == row) {
                let x = lefts[cell.column];
                let end = lefts[cell.column + cell.columns] - GUTTER;
                let align = figures[cell.column]
                    .then_some(Align::Right)
                    .filter(|_| cell.columns == 1);
                let width = (end - x).max(cell.width);
                let used = printer.blocks(&cell.cell.blocks, left + x, y, width, align);
                // What takes several rows has their height to stand in.
                if cell.cell.rows <= 1 {
                    height = height.max(used);
                } else {
                    height = height.max(used / cell.cell.rows.min(self.rows) as f64);
                }
            }
            if height > 0.0 {
                y += height + BETWEEN;
            }
        }
        y - top
    }

    /// Columns whose cells below the first row are figures: those stand at the right edge, and what is over them too.
    fn figures(&self) -> Vec<bool> {
        let mut counts = vec![(0, 0); self.widths.len()];
        for cell in &self.cells {
            let says = cell.width > 0.0 && cell.columns == 1;
            if says && (cell.row > 0 || cell.figure) {
                let count = &mut counts[cell.column];
                count.0 += usize::from(cell.figure);
                count.1 += 1;
            }
        }
        counts
            .into_iter()
            .map(|(figures, all)| figures > 0 && 2 * figures >= all)
            .collect()
    }
}

/// Each column as wide as its widest cell; a cell of several columns widens the last of them where they are not enough.
fn widths(cells: &[Placed<'_>], columns: usize) -> Vec<f64> {
    let mut widths: Vec<f64> = vec![0.0; columns];
    for cell in cells.iter().filter(|cell| cell.columns == 1) {
        widths[cell.column] = widths[cell.column].max(cell.width);
    }
    for cell in cells.iter().filter(|cell| cell.columns > 1) {
        let span = &mut widths[cell.column..cell.column + cell.columns];
        let used = span.iter().filter(|width| **width > 0.0).count();
        let have = span.iter().sum::<f64>() + used.saturating_sub(1) as f64 * GUTTER;
        let last = span.iter().rposition(|width| *width > 0.0);
        let last = last.unwrap_or(0);
        if cell.width > have {
            span[last] += cell.width - have;
        }
    }
    widths
}

/// Tells whether a cell is an amount, a number or a percentage and nothing else.
fn is_figure(cell: &Cell) -> bool {
    let [Block::Text(text)] = cell.blocks.as_slice() else {
        return false;
    };
    let text = text.said.trim();
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    digits > 0
        && text.chars().count() <= 24
        && !text.contains('\n')
        // A currency beside the figure.
        && letters <= 3
        && text.chars().all(|c| {
            c.is_ascii_digit() || c.is_alphabetic() || c.is_whitespace() || ".,'’-−+%()€$£¥*".contains(c)
        })
}
