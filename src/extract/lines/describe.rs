//! Which lines describe a row: its own, those that go on below it, and those that begin above it.

use std::ops::Range;

use super::tables::{Line, Table};
use crate::extract::view::View;

/// The widest space between the lines of a description, in heights of the page's words.
const SPACE: f64 = 1.3;

/// The column with most letters: what is sold, where no header says so.
pub(super) fn widest(view: &View<'_>, table: &Table) -> Option<usize> {
    let letters = |column: usize| -> usize {
        table
            .lines
            .iter()
            .filter_map(|line| line.cells[column].clone().map(|words| (line.page, words)))
            .flat_map(|(page, words)| view.pages[page].texts[words].iter())
            .map(|text| text.chars().filter(|c| c.is_alphabetic()).count())
            .sum()
    };
    (0..table.header.columns.len())
        .filter(|column| {
            table.header.kinds[*column].is_empty() || table.header.columns[*column].textual
        })
        .max_by_key(|column| (letters(*column), std::cmp::Reverse(*column)))
        .filter(|column| letters(*column) > 0)
}

/// The lines of each row: between two anchors they are parted at the widest space; where all spaces are alike they belong
/// to the row above, or to the one below if its own line says nothing.
pub(super) fn groups(
    view: &View<'_>,
    table: &Table,
    anchors: &[usize],
    column: usize,
) -> Vec<Range<usize>> {
    let space = |upper: usize| -> f64 {
        let (a, b) = (&table.lines[upper], &table.lines[upper + 1]);
        if a.page != b.page {
            return f64::INFINITY;
        }
        let sheet = &view.pages[a.page].sheet;
        (sheet.lines[b.row].rect.y0 - sheet.lines[a.row].rect.y1) / sheet.em
    };
    let says = |at: usize| words_of(view, &table.lines[at], column).is_some();
    // The lines that go on from an anchor without a wide space.
    let down = |from: usize, limit: usize| {
        (from..limit)
            .find(|&at| space(at) >= SPACE)
            .unwrap_or(limit)
    };
    let up = |from: usize, limit: usize| {
        (limit..from)
            .rev()
            .find(|&at| space(at) >= SPACE)
            .map_or(limit, |at| at + 1)
    };
    let mut groups: Vec<Range<usize>> = Vec::new();
    let headed = anchors
        .first()
        .is_some_and(|first| !says(*first) && up(*first, 0) < *first);
    for (i, &anchor) in anchors.iter().enumerate() {
        let above = match groups.last() {
            None => up(anchor, 0),
            Some(last) => last.end.max(up(anchor, last.end)),
        };
        let next = anchors.get(i + 1).copied().unwrap_or(table.lines.len());
        let reach = down(anchor, next.saturating_sub(1).max(anchor));
        let end = match anchors.get(i + 1) {
            Some(&below) if reach + 1 >= below || up(below, anchor) <= reach => {
                parted(&space, anchor, below).unwrap_or(if says(anchor) && !headed {
                    below
                } else {
                    anchor + 1
                })
            }
            _ => reach + 1,
        };
        groups.push(above..end.clamp(anchor + 1, next.max(anchor + 1)));
    }
    groups
}

/// The line after the widest space between two anchors, if it is much wider than the narrowest.
fn parted(space: &dyn Fn(usize) -> f64, above: usize, below: usize) -> Option<usize> {
    let spaces = || (above..below).map(|at| (at, space(at)));
    let (at, widest) = spaces().max_by(|a, b| a.1.total_cmp(&b.1))?;
    let narrowest = spaces().map(|(_, space)| space).min_by(f64::total_cmp)?;
    (widest > narrowest + 0.25).then_some(at + 1)
}

/// The words of a line in a column, if any of them has a letter or a digit.
pub(super) fn words_of(
    view: &View<'_>,
    line: &Line,
    column: usize,
) -> Option<(usize, Range<usize>)> {
    let words = line.cells[column].clone()?;
    view.pages[line.page].texts[words.clone()]
        .iter()
        .any(|text| text.chars().any(char::is_alphanumeric))
        .then_some((line.page, words))
}

/// Whether words have a letter.
pub(super) fn has_letters(view: &View<'_>, page: usize, words: &Range<usize>) -> bool {
    view.pages[page].texts[words.clone()]
        .iter()
        .any(|text| text.chars().any(char::is_alphabetic))
}

/// Whether words name something: one of them has three letters or more.
pub(super) fn is_named(view: &View<'_>, page: usize, words: &Range<usize>) -> bool {
    view.pages[page].texts[words.clone()]
        .iter()
        .any(|text| text.chars().filter(|c| c.is_alphabetic()).count() >= 3)
}
