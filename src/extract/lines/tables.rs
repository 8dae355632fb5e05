//! The pages parted into tables: what stands between a header and the totals.

use std::ops::Range;

use super::header::{self, Header};
use crate::extract::amounts::Money;
use crate::extract::view::{PageView, View};
use crate::lang::Label;
use crate::layout::table;

/// A line of a table, parted into cells.
pub(super) struct Line {
    pub(super) page: usize,
    pub(super) row: usize,
    /// Words by column, nothing where the cell is empty.
    pub(super) cells: Vec<Option<Range<usize>>>,
}

/// A table: its header and its lines up to the totals.
pub(super) struct Table {
    pub(super) header: Header,
    pub(super) lines: Vec<Line>,
}

/// Parts the pages into tables.
pub(super) fn collect(view: &View<'_>) -> Vec<Table> {
    let mut tables: Vec<Table> = Vec::new();
    let mut open = false;
    for (n, page) in view.pages.iter().enumerate() {
        let mut line = 0;
        while line < page.sheet.lines.len() {
            if let Some(header) = header::at(page, line) {
                line = header.end;
                match tables
                    .last_mut()
                    .filter(|table| open && table.header.is_like(&header))
                {
                    // The header again on the next page, where the columns may stand elsewhere.
                    Some(table) => table.header = header,
                    None => tables.push(Table {
                        header,
                        lines: Vec::new(),
                    }),
                }
                open = true;
                continue;
            }
            if let Some(table) = tables.last_mut().filter(|_| open) {
                match totals_line(page, line) {
                    End::Totals => open = false,
                    End::Carried => {}
                    End::No => {
                        let cells = cells(page, line, &table.header);
                        table.lines.push(Line {
                            page: n,
                            row: line,
                            cells,
                        });
                    }
                }
            }
            line += 1;
        }
    }
    tables
}

/// Whether a table ends at a line.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// It goes on.
    No,
    /// A sum carried to or from another page: it goes on behind it.
    Carried,
    /// The totals begin.
    Totals,
}

/// Whether the totals begin at a line: a label of a total makes up most of its letters.
pub(super) fn totals_line(page: &PageView<'_>, line: usize) -> End {
    let words = page.sheet.lines[line].words.clone();
    let letters = |words: Range<usize>| -> usize {
        page.texts[words]
            .iter()
            .map(|text| text.chars().filter(|c| c.is_alphabetic()).count())
            .sum()
    };
    let all = letters(words.clone());
    let money = page
        .money_in(words.clone())
        .any(|money| page.money[money].is_priced());
    let sums = page
        .labels
        .iter()
        .filter(|label| words.contains(&label.words.start))
        .filter(|label| {
            label
                .kinds
                .iter()
                .any(|(kind, strength)| *strength >= 1.0 && is_sum(*kind))
        })
        .count();
    if sums >= 2 && !money {
        // The header of a table of sums.
        return End::Totals;
    }
    for label in page
        .labels
        .iter()
        .filter(|label| words.contains(&label.words.start))
    {
        let part = letters(label.words.clone());
        let carried = label.strength(Label::CarriedForward) >= 1.0;
        let ends = label
            .kinds
            .iter()
            .any(|(kind, strength)| *strength >= 1.0 && is_sum(*kind));
        if carried && part * 2 >= all {
            return End::Carried;
        }
        let money = page
            .money_in(words.clone())
            .any(|money| page.money[money].is_priced());
        let percent = page
            .money_in(words.clone())
            .any(|money| page.money[money].percent);
        // A rate alone is a remark on the line above, a VAT label alone the foot of a header.
        let alone = [Label::Subtotal, Label::Total, Label::AmountDue]
            .iter()
            .any(|kind| label.strength(*kind) >= 1.0);
        if ends
            && (part * 2 > all && (money || alone && !percent)
                || label.words.start == words.start && label.colon && money)
        {
            return End::Totals;
        }
    }
    End::No
}

/// Whether a label announces a sum of the document.
pub(super) fn is_sum(label: Label) -> bool {
    matches!(
        label,
        Label::Subtotal
            | Label::Total
            | Label::AmountDue
            | Label::VatAmount
            | Label::VatBase
            | Label::Paid
            | Label::PreviousBalance
    )
}

/// The cells of a line by column.
fn cells(page: &PageView<'_>, line: usize, header: &Header) -> Vec<Option<Range<usize>>> {
    let money = |word: usize| {
        let inside = |money: &Money| money.words.contains(&word);
        let near = page.money_in(word.saturating_sub(3)..word + 1);
        page.money[near].iter().any(inside) || measure(page.texts[word]).is_some()
    };
    let mut cells: Vec<Option<Range<usize>>> = vec![None; header.columns.len()];
    for cell in table::cells(&page.sheet, line, &header.columns, &money) {
        let known = &mut cells[cell.column];
        *known = Some(match known.take() {
            Some(words) => words.start..cell.words.end,
            None => cell.words,
        });
    }
    cells
}

/// A quantity with its unit glued to it: `12x`, `2h`, `10Stk`.
pub(super) fn measure(text: &str) -> Option<(&str, &str)> {
    let unit = text.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | ','));
    let number = text.get(..text.len() - unit.len())?;
    let fits = !number.is_empty()
        && (1..=5).contains(&unit.chars().count())
        && unit.chars().all(char::is_alphabetic);
    fits.then_some((number, unit))
}
