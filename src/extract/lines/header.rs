//! The header of a table of items: several labels of columns beside each other, perhaps in two or three lines.

use std::ops::Range;

use crate::extract::view::{Found, PageView};
use crate::lang::{Label, lexicon};
use crate::layout::overlap;
use crate::layout::table::Column;
use crate::model::Rect;

/// Most lines a header takes.
const MOST_LINES: usize = 7;
/// How far apart its lines may stand, in heights of the page's words.
const APART: f64 = 1.3;

/// A header.
pub(super) struct Header {
    /// Its columns, from left to right.
    pub(super) columns: Vec<Column>,
    /// What each column may be, most likely first; empty where its words say nothing.
    pub(super) kinds: Vec<Vec<Label>>,
    /// The line after it.
    pub(super) end: usize,
}

impl Header {
    /// Tells whether both head the same table: on the next page, or again after a subtotal.
    pub(super) fn is_like(&self, other: &Header) -> bool {
        self.kinds == other.kinds
    }
}

/// A header's cell: its words, its box, what they may announce.
struct Cell {
    words: Vec<Range<usize>>,
    rect: Rect,
    kinds: Vec<Label>,
}

/// The header that begins at a line.
pub(super) fn at(page: &PageView<'_>, line: usize) -> Option<Header> {
    let lines = extent(page, line)?;
    let mut cells: Vec<Cell> = Vec::new();
    for line in lines.clone() {
        for cell in line_cells(page, line) {
            let same = cells.iter_mut().find(|other| {
                let shared = overlap(other.rect, cell.rect);
                shared > 0.3 * other.rect.width().min(cell.rect.width())
            });
            match same {
                Some(other) => {
                    other.words.extend(cell.words);
                    other.rect = other.rect.union(cell.rect);
                    other.kinds = joined(page, &other.words, &other.kinds, &cell.kinds);
                }
                None => cells.push(cell),
            }
        }
    }
    cells.sort_by(|a, b| a.rect.x0.total_cmp(&b.rect.x0));
    is_header(&cells).then(|| Header {
        columns: cells
            .iter()
            .map(|cell| Column::new(cell.rect, is_numeric(&cell.kinds), is_textual(&cell.kinds)))
            .collect(),
        kinds: cells.into_iter().map(|cell| cell.kinds).collect(),
        end: lines.end,
    })
}

/// The lines of the header that begins at `line`, if one does.
fn extent(page: &PageView<'_>, line: usize) -> Option<Range<usize>> {
    let (mut labels, share) = share(page, line);
    let mut end = line + 1;
    // The first of several lines may hold only some of the words: what follows decides.
    let mut enough = labels >= 2 && share >= 0.5;
    if labels == 0 {
        return None;
    }
    while end < page.sheet.lines.len() && end - line < MOST_LINES {
        let space = page.sheet.lines[end].rect.y0 - page.sheet.lines[end - 1].rect.y1;
        let (more, share) = self::share(page, end);
        let named = more > 0 && share >= 0.6 && space < APART * page.sheet.em;
        // Cells of several lines are set around a common middle: their lines overlap those of the others.
        let beside = space < 0.0 && !has_digits(page, end);
        if !named && !beside {
            break;
        }
        labels += more;
        enough |= labels >= 2 && more > 0;
        end += 1;
    }
    enough.then_some(line..end)
}

/// Whether a digit stands in a line.
fn has_digits(page: &PageView<'_>, line: usize) -> bool {
    page.texts[page.sheet.lines[line].words.clone()]
        .iter()
        .any(|text| text.contains(|c: char| c.is_ascii_digit()))
}

/// How many columns a line names, and the share of its letters that does; nothing where an amount stands in it.
fn share(page: &PageView<'_>, line: usize) -> (usize, f64) {
    let words = page.sheet.lines[line].words.clone();
    if page
        .money_in(words.clone())
        .any(|money| page.money[money].is_priced())
    {
        return (0, 0.0);
    }
    let letters = |words: Range<usize>| -> usize {
        page.texts[words]
            .iter()
            .map(|text| text.chars().filter(|c| c.is_alphabetic()).count())
            .sum()
    };
    let labels: Vec<&Found> = columns_in(page, words.clone()).collect();
    let named: usize = labels
        .iter()
        .map(|label| letters(label.words.clone()))
        .sum();
    (labels.len(), named as f64 / letters(words).max(1) as f64)
}

/// The labels of columns within some words.
fn columns_in<'a>(page: &'a PageView<'_>, words: Range<usize>) -> impl Iterator<Item = &'a Found> {
    page.labels
        .iter()
        .filter(move |label| words.contains(&label.words.start) && label.glued.is_none())
        .filter(|label| label.kinds.iter().any(|(kind, _)| kind.is_column()))
}

/// The cells of one line of a header: each label with the words that follow it in its segment.
fn line_cells(page: &PageView<'_>, line: usize) -> Vec<Cell> {
    let mut cells: Vec<Cell> = Vec::new();
    for segment in page.sheet.lines[line].segments.clone() {
        let words = page.sheet.segments[segment].words.clone();
        let labels: Vec<&Found> = columns_in(page, words.clone()).collect();
        let mut start = words.start;
        for (i, label) in labels.iter().enumerate() {
            let end = labels.get(i + 1).map_or(words.end, |next| next.words.start);
            let kinds: Vec<Label> = label
                .kinds
                .iter()
                .map(|(kind, _)| *kind)
                .filter(|kind| kind.is_column())
                .collect();
            let again = i > 0
                && cells
                    .last()
                    .is_some_and(|cell| cell.kinds.iter().any(|kind| kinds.contains(kind)))
                && page.texts[start - 1] == "/";
            match cells.last_mut().filter(|_| again) {
                // The same said twice, in two languages.
                Some(cell) => {
                    cell.words.push(start..end);
                    cell.rect = cell.rect.union(page.sheet.rect(start..end));
                    cell.kinds.retain(|kind| kinds.contains(kind));
                }
                None => cells.push(Cell {
                    rect: page.sheet.rect(start..end),
                    words: std::iter::once(start..end).collect(),
                    kinds,
                }),
            }
            start = end;
        }
        if labels.is_empty() {
            cells.push(Cell {
                rect: page.sheet.rect(words.clone()),
                words: vec![words],
                kinds: Vec::new(),
            });
        }
    }
    cells
}

/// What words under each other announce together: as one phrase, else what both or either of them do.
fn joined(
    page: &PageView<'_>,
    words: &[Range<usize>],
    upper: &[Label],
    lower: &[Label],
) -> Vec<Label> {
    let texts: Vec<&str> = words
        .iter()
        .flat_map(|words| page.texts[words.clone()].iter().copied())
        .collect();
    let whole: Vec<Label> = lexicon()
        .label_at(&texts, page.language)
        .into_iter()
        .filter(|hit| hit.words == texts.len() && hit.label.is_column())
        .map(|hit| hit.label)
        .collect();
    if !whole.is_empty() {
        return whole;
    }
    let both: Vec<Label> = upper
        .iter()
        .copied()
        .filter(|kind| lower.contains(kind))
        .collect();
    if !both.is_empty() {
        return both;
    }
    if upper.is_empty() { lower } else { upper }.to_vec()
}

/// Tells whether the cells head a table of items: two kinds of columns, one of them for amounts, one for what is sold.
fn is_header(cells: &[Cell]) -> bool {
    use Label::{
        ColArticle, ColDescription, ColGross, ColNet, ColPosition, ColQuantity, ColUnitPrice,
    };
    let has = |wanted: &[Label]| {
        cells
            .iter()
            .filter(|cell| cell.kinds.iter().any(|kind| wanted.contains(kind)))
            .count()
    };
    let labelled = cells.iter().filter(|cell| !cell.kinds.is_empty()).count();
    labelled >= 2
        && has(&[ColNet, ColGross, ColUnitPrice]) >= 1
        && has(&[ColDescription, ColArticle, ColQuantity, ColPosition]) >= 1
}

/// Whether a column may hold numbers.
fn is_numeric(kinds: &[Label]) -> bool {
    kinds.is_empty()
        || kinds.iter().any(|kind| {
            !matches!(
                kind,
                Label::ColDescription | Label::ColArticle | Label::ColDate | Label::ColUnit
            )
        })
}

/// Whether a column may hold text.
fn is_textual(kinds: &[Label]) -> bool {
    kinds.is_empty()
        || kinds.iter().any(|kind| {
            matches!(
                kind,
                Label::ColDescription
                    | Label::ColArticle
                    | Label::ColDate
                    | Label::ColUnit
                    | Label::ColPosition
            )
        })
}
