//! Tables for people: columns as wide as their content, numbers to the right.

use std::fmt::Write as _;

use super::plain::plain;

/// Widest cell that is shown; longer ones are cut.
const WIDEST: usize = 48;

/// A table for a terminal.
#[derive(Debug, Default)]
pub struct Table {
    heads: Vec<&'static str>,
    right: Vec<bool>,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// A table with these heads; one that begins with `>` has its column set to the right.
    pub fn new(heads: &[&'static str]) -> Self {
        Self {
            right: heads.iter().map(|head| head.starts_with('>')).collect(),
            heads: heads
                .iter()
                .map(|head| head.trim_start_matches('>'))
                .collect(),
            rows: Vec::new(),
        }
    }

    /// Adds a row.
    pub fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        self.rows
            .push(cells.into_iter().map(|cell| cut(&plain(&cell))).collect());
    }

    /// The table as text; empty if it has no rows.
    pub fn text(&self) -> String {
        let mut text = String::new();
        if self.rows.is_empty() {
            return text;
        }
        let heads: Vec<String> = self.heads.iter().map(|&head| head.to_owned()).collect();
        let lines = || std::iter::once(&heads).chain(&self.rows);
        let widths: Vec<usize> = (0..heads.len())
            .map(|column| {
                lines()
                    .filter_map(|row| row.get(column))
                    .map(|cell| cell.chars().count())
                    .max()
                    .unwrap_or(0)
            })
            .collect();
        for row in lines() {
            let mut line = String::new();
            for ((cell, width), right) in row.iter().zip(&widths).zip(&self.right) {
                // Writing to a string cannot fail.
                let _ = if *right {
                    write!(line, "{cell:>width$}  ")
                } else {
                    write!(line, "{cell:<width$}  ")
                };
            }
            text.push_str(line.trim_end());
            text.push('\n');
        }
        text
    }
}

fn cut(cell: &str) -> String {
    if cell.chars().count() <= WIDEST {
        return cell.to_owned();
    }
    let head: String = cell.chars().take(WIDEST - 1).collect();
    format!("{head}…")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_as_wide_as_their_content() {
        let mut table = Table::new(&["NAME", ">TOTAL"]);
        assert_eq!(table.text(), "");
        table.row(["Müller".to_owned(), "5.00".to_owned()]);
        table.row(["A".to_owned(), "1058.75".to_owned()]);
        assert_eq!(
            table.text(),
            "NAME      TOTAL\nMüller     5.00\nA       1058.75\n"
        );
    }
}
