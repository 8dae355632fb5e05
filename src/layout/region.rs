//! Tables of a page: a header of cells without digits, and rows with numbers under it.
//!
//! A table ends at a wide gap, at a line that is no row, or at its sums. Headers that run into each other without a gap
//! make no table: what cannot be parted into columns is better left as text.

use std::ops::Range;

use super::table::{Column, cells};
use super::{Sheet, overlap};
use crate::lang::{Label, lexicon};
use crate::model::{Rect, Table};

/// Fewest columns.
const FEWEST: usize = 3;
/// Widest gap between two rows, in heights of the page's words.
const GAP: f64 = 4.0;
/// Widest gap between a row and the line its text goes on in, likewise.
const GOES_ON: f64 = 1.2;
/// Longest header of a column, in words.
const LONGEST: usize = 4;

/// A table and the lines it takes.
pub(super) struct Region {
    /// Its lines, in [`Sheet::lines`].
    pub(super) lines: Range<usize>,
    /// The table.
    pub(super) table: Table,
}

/// The tables of a page, from top to bottom.
pub(super) fn regions(sheet: &Sheet<'_>) -> Vec<Region> {
    let numbers: Vec<bool> = sheet
        .words
        .iter()
        .map(|word| is_number(word.text.trim()))
        .collect();
    let mut regions = Vec::new();
    let mut line = 0;
    while line < sheet.lines.len() {
        let found = header(sheet, line).then(|| region(sheet, line, &numbers));
        match found.flatten() {
            Some(region) => {
                line = region.lines.end;
                regions.push(region);
            }
            None => line += 1,
        }
    }
    regions
}

/// A word that is a number as tables print them: digits, marks, and at most a sign of currency or percent.
fn is_number(word: &str) -> bool {
    word.bytes().any(|byte| byte.is_ascii_digit()) && !word.chars().any(char::is_alphabetic)
}

/// Tells whether a line may be a header: enough short cells, no digit in any.
fn header(sheet: &Sheet<'_>, line: usize) -> bool {
    let line = &sheet.lines[line];
    line.segments.len() >= FEWEST
        && sheet.segments[line.segments.clone()]
            .iter()
            .all(|segment| segment.words.len() <= LONGEST)
        && sheet.words[line.words.clone()]
            .iter()
            .all(|word| !word.text.contains(|c: char| c.is_ascii_digit()))
        && !sheet.words[line.words.clone()]
            .iter()
            .any(|word| word.text.ends_with(':'))
}

/// The table under a header, if rows stand there.
fn region(sheet: &Sheet<'_>, head: usize, numbers: &[bool]) -> Option<Region> {
    let columns = columns(sheet, head, numbers)?;
    let segments = sheet.lines[head].segments.clone();
    let text = |words: Range<usize>| sheet.text(words);
    let mut table = Table {
        page: sheet.n,
        header: sheet.segments[segments]
            .iter()
            .map(|segment| text(segment.words.clone()))
            .collect(),
        ..Table::default()
    };
    let mut bbox = sheet.lines[head].rect;
    let mut last = head;
    for line in head + 1..sheet.lines.len() {
        let rect = sheet.lines[line].rect;
        let gap = rect.y0 - sheet.lines[last].rect.y1;
        if gap > GAP * sheet.em || header(sheet, line) {
            break;
        }
        let role = role(sheet, line);
        if role == Role::Sum {
            break;
        }
        let found = cells(sheet, line, &columns, &|word| numbers[word]);
        let valued = sheet.lines[line].words.clone().any(|word| numbers[word]);
        if role == Role::Row && !(found.len() >= 2 && valued) {
            // Text that goes on under its own column belongs to the row above.
            let goes_on = found.len() == 1 && gap <= GOES_ON * sheet.em;
            let (Some(row), true) = (table.rows.last_mut(), goes_on) else {
                break;
            };
            let cell = &mut row[found[0].column];
            if !cell.is_empty() {
                cell.push(' ');
            }
            cell.push_str(&text(found[0].words.clone()));
        } else {
            let mut row = vec![String::new(); columns.len()];
            for cell in found {
                let into = &mut row[cell.column];
                if !into.is_empty() {
                    into.push(' ');
                }
                into.push_str(&text(cell.words));
            }
            if role == Role::Carried {
                let index = u32::try_from(table.rows.len()).unwrap_or(u32::MAX);
                table.carried_forward.push(index);
            }
            table.rows.push(row);
        }
        bbox = bbox.union(rect);
        last = line;
    }
    if table.rows.is_empty() {
        return None;
    }
    table.bbox = Some(bbox);
    Some(Region {
        lines: head..last + 1,
        table,
    })
}

/// The columns of a header: which hold numbers and which text is told by the lines below it. `None` if fewer than two
/// columns have a number in the first of them that has any.
fn columns(sheet: &Sheet<'_>, head: usize, numbers: &[bool]) -> Option<Vec<Column>> {
    /// Lines that are looked at.
    const LINES: usize = 8;
    let segments = &sheet.segments[sheet.lines[head].segments.clone()];
    let heads: Vec<Rect> = segments.iter().map(|segment| segment.rect).collect();
    let mut kinds = vec![(0_usize, 0_usize); heads.len()];
    let mut fullest = 0;
    let mut edge = sheet.lines[head].rect.y1;
    for line in (head + 1..sheet.lines.len()).take(LINES) {
        let rect = sheet.lines[line].rect;
        if rect.y0 - edge > GAP * sheet.em {
            break;
        }
        edge = rect.y1;
        let mut valued = vec![false; heads.len()];
        for word in sheet.lines[line].words.clone() {
            let rect = sheet.words[word].rect;
            let over = (0..heads.len())
                .max_by(|&a, &b| overlap(heads[a], rect).total_cmp(&overlap(heads[b], rect)));
            let Some(over) = over else {
                continue;
            };
            if numbers[word] {
                // Numbers are set flush right: they may stand beside the header by a little.
                if overlap(heads[over], rect) > -2.0 * sheet.em {
                    kinds[over].0 += 1;
                    valued[over] = true;
                }
            } else if overlap(heads[over], rect) > 0.0 {
                kinds[over].1 += 1;
            }
        }
        fullest = fullest.max(valued.iter().filter(|valued| **valued).count());
    }
    (fullest >= 2).then(|| {
        heads
            .into_iter()
            .zip(kinds)
            .map(|(head, (numeric, textual))| {
                Column::new(
                    head,
                    numeric > textual,
                    textual >= numeric.max(1) || numeric == 0,
                )
            })
            .collect()
    })
}

/// What a line of a table is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    Row,
    Carried,
    Sum,
}

/// Tells sums and carried sums from rows by what the line begins with.
fn role(sheet: &Sheet<'_>, line: usize) -> Role {
    let first = &sheet.segments[sheet.lines[line].segments.start];
    let texts: Vec<&str> = sheet.words[first.words.clone()]
        .iter()
        .map(|word| word.text.trim())
        .collect();
    let hits = lexicon().label_at(&texts, None);
    let is = |labels: &[Label]| {
        hits.iter()
            .any(|hit| hit.strength >= 1.0 && labels.contains(&hit.label))
    };
    let few = sheet.lines[line].segments.len() <= 3;
    if is(&[Label::CarriedForward]) {
        Role::Carried
    } else if few
        && is(&[
            Label::Subtotal,
            Label::Total,
            Label::AmountDue,
            Label::VatAmount,
        ])
    {
        Role::Sum
    } else {
        Role::Row
    }
}
