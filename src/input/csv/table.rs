//! Rows of a file with their values made plain: numbers with a point, dates as ISO writes them.

use super::columns::Column;
use super::{Columns, Header, Rows, reader};
use crate::input::xml::fields::Place;
use crate::lang::dates::{self, Order};
use crate::lang::numbers::{self, Mark};
use crate::model::Decimal;
use crate::stage::StageError;

/// More rows than a file of invoices has.
const MAX_ROWS: usize = 200_000;

/// A file's rows.
pub(super) struct Table {
    columns: Vec<Option<Column>>,
    titles: Vec<String>,
    rows: Vec<Row>,
}

/// A row: its number in the file, and its cells.
struct Row {
    record: usize,
    cells: Vec<String>,
}

/// A cell, named by its row and its column's title.
#[derive(Clone, Copy)]
pub(super) struct Datum<'t> {
    text: &'t str,
    title: &'t str,
    record: usize,
}

impl Place for Datum<'_> {
    type File = ();

    fn path(self, (): &()) -> String {
        format!("/row[{}]/{}", self.record, self.title)
    }

    fn text(self) -> String {
        self.text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    fn prose(self) -> String {
        let lines: Vec<&str> = self.text.trim().lines().map(str::trim).collect();
        lines.join("\n")
    }
}

/// The rows of a CSV file below its header.
///
/// # Errors
/// `CORRUPT_FILE`, `TOO_MUCH_TEXT`.
pub(super) fn rows(text: &str, header: &Header) -> Result<Rows, StageError> {
    let mut rows = Rows::new();
    let mut reader = reader(&text[header.start..], header.delimiter);
    for (record, cells) in reader.records().enumerate().skip(1) {
        let cells = cells.map_err(|_| {
            StageError::input("CORRUPT_FILE", "the CSV file cannot be parted into rows")
        })?;
        if rows.len() >= MAX_ROWS {
            return Err(StageError::input(
                "TOO_MUCH_TEXT",
                format!("the file has more than {MAX_ROWS} rows"),
            ));
        }
        rows.push((record + 1, cells.iter().map(str::to_owned).collect()));
    }
    Ok(rows)
}

impl Table {
    /// A table of these rows; empty ones say nothing.
    pub(super) fn new(columns: Columns, rows: Rows) -> Self {
        let rows = rows.into_iter().map(|(record, cells)| Row {
            record,
            cells: cells.iter().map(|cell| cell.trim().to_owned()).collect(),
        });
        let mut table = Self {
            columns: columns.fields,
            titles: columns.titles,
            rows: rows
                .filter(|row| !row.cells.iter().all(String::is_empty))
                .collect(),
        };
        let mark = table.mark(columns.language);
        let order = table.order(columns.language);
        table.make_plain(mark, order);
        table
    }

    /// How many rows there are.
    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    /// Tells whether there is a column of a field.
    pub(super) fn has(&self, column: Column) -> bool {
        self.columns.contains(&Some(column))
    }

    /// Tells whether there is any column of lines.
    pub(super) fn has_lines(&self) -> bool {
        let columns = || self.columns.iter().flatten();
        let item = self.has(Column::Description) || self.has(Column::ProductCode);
        item && columns().any(|column| column.is_of_line() && column.is_number())
    }

    /// A cell that says something.
    pub(super) fn get(&self, row: usize, column: Column) -> Option<Datum<'_>> {
        let at = self.columns.iter().position(|own| *own == Some(column))?;
        let row = self.rows.get(row)?;
        let text = row.cells.get(at)?.as_str();
        (!text.is_empty()).then(|| Datum {
            text,
            title: &self.titles[at],
            record: row.record,
        })
    }

    /// A cell's text, empty where there is none.
    pub(super) fn text(&self, row: usize, column: Column) -> &str {
        self.get(row, column).map_or("", |datum| datum.text)
    }

    /// A cell's number.
    pub(super) fn number(&self, row: usize, column: Column) -> Option<Decimal> {
        self.text(row, column).parse().ok()
    }

    fn cells(&self, of: fn(Column) -> bool) -> impl Iterator<Item = &str> {
        let columns = self.columns.iter().enumerate();
        let columns = columns.filter(move |(_, column)| column.is_some_and(of));
        columns.flat_map(|(at, _)| {
            let cells = self.rows.iter().filter_map(move |row| row.cells.get(at));
            cells.map(String::as_str).filter(|cell| !cell.is_empty())
        })
    }

    /// The decimal mark of most numbers that can be read in one way; without any, that of the language.
    fn mark(&self, language: &str) -> Mark {
        let (mut commas, mut points) = (0, 0);
        for cell in self.cells(Column::is_number) {
            let readings = numbers::read(cell, None);
            let all = |mark: Mark| readings.iter().all(|reading| reading.mark == Some(mark));
            if readings.is_empty() {
                continue;
            }
            commas += usize::from(all(Mark::Comma));
            points += usize::from(all(Mark::Point));
        }
        match commas.cmp(&points) {
            std::cmp::Ordering::Less => Mark::Point,
            std::cmp::Ordering::Equal if language == "en" => Mark::Point,
            std::cmp::Ordering::Equal | std::cmp::Ordering::Greater => Mark::Comma,
        }
    }

    /// The order of dates that can be read in one way; without any, day before month but in English, where nobody knows.
    fn order(&self, language: &str) -> Option<Order> {
        let mut seen = Vec::new();
        for cell in self.cells(Column::is_date) {
            let words: Vec<&str> = cell.split_whitespace().collect();
            for found in dates::find(&words) {
                if !found.ambiguous {
                    seen.extend(found.readings.first().map(|(_, order)| *order));
                }
            }
        }
        let has = |order: Order| seen.contains(&order);
        match (has(Order::Dmy), has(Order::Mdy)) {
            (true, false) => Some(Order::Dmy),
            (false, true) => Some(Order::Mdy),
            (true, true) => None,
            (false, false) => (language != "en").then_some(Order::Dmy),
        }
    }

    fn make_plain(&mut self, mark: Mark, order: Option<Order>) {
        for (at, column) in self.columns.iter().enumerate() {
            let Some(column) = *column else { continue };
            for row in &mut self.rows {
                let Some(cell) = row.cells.get_mut(at).filter(|cell| !cell.is_empty()) else {
                    continue;
                };
                let plain = if column.is_number() {
                    numbers::best(cell, Some(mark)).map(|reading| reading.value.to_string())
                } else if column.is_date() {
                    day(cell, order)
                } else {
                    None
                };
                if let Some(plain) = plain {
                    *cell = plain;
                }
            }
        }
    }
}

/// A date; `None` if it can be two and the file does not tell which.
fn day(cell: &str, order: Option<Order>) -> Option<String> {
    let words: Vec<&str> = cell.split_whitespace().collect();
    let Some(found) = dates::find(&words).into_iter().next() else {
        return dates::compact(cell).map(|date| date.to_string());
    };
    let mut readings = found.readings.iter();
    let date = if found.ambiguous {
        let order = order?;
        readings.find(|(_, own)| *own == order)?.0
    } else {
        readings.next()?.0
    };
    Some(date.to_string())
}
