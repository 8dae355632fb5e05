//! ODF texts and spreadsheets. A cell's text is what it shows.

use std::collections::BTreeSet;

use super::package::Package;
use super::sheet::{self, Cells, Shown};
use super::{Read, corrupt};
use crate::input::flow::{self, Align, Block, Cell, Text};
use crate::input::xml::{Element, Tree};
use crate::stage::StageError;

/// Elements that hold nothing to be printed.
const UNSEEN: &[&str] = &[
    "tracked-changes",
    "annotation",
    "annotation-end",
    "forms",
    "sequence-decls",
    "variable-decls",
    "user-field-decls",
    "table-columns",
    "table-column",
    "note",
    "bookmark",
    "event-listeners",
    "shapes",
    "image",
    "object",
    "ruby-text",
    "hidden-text",
    "hidden-paragraph",
    "soft-page-break",
];
/// A cell with content is repeated no more often than this; empty ones only count.
const MAX_REPEATED: usize = 1_000;
/// Rows and columns of the largest sheets.
const MAX_ROW: usize = 1_048_576;
const MAX_COLUMN: usize = 16_384;

fn content(package: &mut Package<'_>) -> Result<String, StageError> {
    let manifest = package.part("META-INF/manifest.xml")?.unwrap_or_default();
    if manifest.contains("encryption-data") {
        return Err(StageError::input(
            "ENCRYPTED_FILE",
            "the document has a password",
        ));
    }
    package.needed("content.xml")
}

/// The blocks of a text: header, body, footer.
pub(super) fn text(package: &mut Package<'_>) -> Result<Read, StageError> {
    let content = content(package)?;
    let tree = Tree::parse(&content)?;
    let mut bodies = tree.root().all("body/text").into_iter();
    let body = bodies.next().ok_or_else(|| corrupt("it has no text"))?;
    let styles = package.part("styles.xml")?;
    let styles = styles.as_deref().map(Tree::parse).transpose()?;
    let edge = |name: &str| -> Result<Vec<Block>, StageError> {
        let mut blocks = Vec::new();
        let path = format!("master-styles/master-page/{name}");
        if let Some(edge) = styles.as_ref().and_then(|tree| tree.root().at(&path)) {
            story(edge, &mut blocks, &Styles::default(), 0)?;
        }
        Ok(blocks)
    };
    let mut blocks = edge("header")?;
    if !blocks.is_empty() {
        blocks.push(Block::Gap);
    }
    story(body, &mut blocks, &Styles::of(tree.root()), 0)?;
    blocks.push(Block::Gap);
    blocks.extend(edge("footer")?);
    Ok(Read::new(blocks))
}

/// The automatic styles that matter: of text at the right or in the middle, and of what is not shown.
#[derive(Default)]
struct Styles {
    right: BTreeSet<String>,
    centre: BTreeSet<String>,
    hidden: BTreeSet<String>,
}

impl Styles {
    fn of(root: Element<'_>) -> Self {
        let mut styles = Self::default();
        for style in root.all("automatic-styles/style") {
            let name = style.text_at("@name");
            match style.text_at("paragraph-properties/@text-align").as_str() {
                "end" | "right" => styles.right.insert(name.clone()),
                "center" => styles.centre.insert(name.clone()),
                _ => false,
            };
            let hidden = style.text_at("text-properties/@display") == "none"
                || style.text_at("table-properties/@display") == "false";
            if hidden {
                styles.hidden.insert(name);
            }
        }
        styles
    }

    fn align(&self, name: &str) -> Option<Align> {
        if self.right.contains(name) {
            Some(Align::Right)
        } else if self.centre.contains(name) {
            Some(Align::Centre)
        } else {
            None
        }
    }
}

fn too_deep() -> StageError {
    StageError::input("TOO_DEEP", "tables or text boxes are nested too deeply")
}

fn story(
    parent: Element<'_>,
    blocks: &mut Vec<Block>,
    styles: &Styles,
    nesting: usize,
) -> Result<(), StageError> {
    if nesting > flow::MAX_NESTING {
        return Err(too_deep());
    }
    for child in parent.children() {
        match child.name() {
            "p" | "h" => {
                let style = child.text_at("@style-name");
                if styles.hidden.contains(&style) {
                    continue;
                }
                let (mut text, mut boxes) = (String::new(), Vec::new());
                words(child, &mut text, &mut boxes, styles);
                if text.trim().is_empty() {
                    if boxes.is_empty() && nesting == 0 {
                        blocks.push(Block::Gap);
                    }
                } else {
                    blocks.push(Block::Text(Text {
                        said: text.trim_end().to_owned(),
                        align: styles.align(&style),
                        stops: Vec::new(),
                    }));
                }
                for content in boxes {
                    story(content, blocks, styles, nesting + 1)?;
                }
            }
            "table" => blocks.push(Block::Table(table(child, styles, nesting + 1)?)),
            name if UNSEEN.contains(&name) => {}
            _ => story(child, blocks, styles, nesting)?,
        }
    }
    Ok(())
}

/// The words of a paragraph: its white space collapses, and elements stand for what does not.
fn words<'t>(
    parent: Element<'t>,
    text: &mut String,
    boxes: &mut Vec<Element<'t>>,
    styles: &Styles,
) {
    for piece in parent.pieces() {
        let child = match piece {
            Ok(child) => child,
            Err(said) => {
                for (at, word) in said.split(|c: char| c.is_ascii_whitespace()).enumerate() {
                    if at > 0 && !text.is_empty() && !text.ends_with([' ', '\n', '\t']) {
                        text.push(' ');
                    }
                    text.push_str(word);
                }
                continue;
            }
        };
        match child.name() {
            "tab" => text.push('\t'),
            "line-break" => text.push('\n'),
            "s" => text.push(' '),
            "text-box" => boxes.push(child),
            "span" if styles.hidden.contains(&child.text_at("@style-name")) => {}
            name if UNSEEN.contains(&name) => {}
            _ => words(child, text, boxes, styles),
        }
    }
}

/// Rows or cells, also those in groups and headers.
fn inside<'t>(parent: Element<'t>, names: &[&str]) -> Vec<Element<'t>> {
    let mut found = Vec::new();
    for child in parent.children() {
        if names.contains(&child.name()) {
            found.push(child);
        } else if ["table-header-rows", "table-rows", "table-row-group"].contains(&child.name()) {
            found.extend(inside(child, names));
        }
    }
    found
}

fn count(element: Element<'_>, attribute: &str) -> usize {
    let told = element.attribute(attribute).map(Element::text);
    told.and_then(|text| text.parse().ok())
        .unwrap_or(1_usize)
        .max(1)
}

fn is_shown(row: Element<'_>) -> bool {
    !["collapse", "filter"].contains(&row.text_at("@visibility").as_str())
}

fn table(
    table: Element<'_>,
    styles: &Styles,
    nesting: usize,
) -> Result<Vec<Vec<Cell>>, StageError> {
    let mut rows = Vec::new();
    for line in inside(table, &["table-row"]) {
        if !is_shown(line) {
            continue;
        }
        let mut row = Vec::new();
        // A covered cell is under one that spans.
        for element in inside(line, &["table-cell"]) {
            let mut blocks = Vec::new();
            story(element, &mut blocks, styles, nesting)?;
            let mut cell = Cell::new(blocks);
            cell.columns = count(element, "number-columns-spanned").min(1000);
            cell.rows = count(element, "number-rows-spanned").min(1000);
            row.push(cell);
        }
        rows.push(row);
    }
    Ok(rows)
}

/// The blocks of a spreadsheet: a page a sheet.
pub(super) fn sheets(package: &mut Package<'_>) -> Result<Read, StageError> {
    let content = content(package)?;
    let tree = Tree::parse(&content)?;
    let styles = Styles::of(tree.root());
    let mut read = Read::new(Vec::new());
    for table in tree.root().all("body/spreadsheet/table") {
        if styles.hidden.contains(&table.text_at("@style-name")) {
            continue;
        }
        let cells = cells(table, &styles)?;
        if read.rows.is_empty() {
            read.rows = sheet::rows(&cells);
        }
        read.blocks.extend(sheet::block(cells));
        read.blocks.push(Block::Break);
    }
    Ok(read)
}

fn cells(table: Element<'_>, styles: &Styles) -> Result<Cells, StageError> {
    let hidden = hidden_columns(table);
    let mut cells = Cells::new();
    let (mut row, mut total) = (0_usize, 0_usize);
    for line in inside(table, &["table-row"]) {
        let repeated = count(line, "number-rows-repeated").min(MAX_ROW);
        let mut column = 0_usize;
        let mut shown = Vec::new();
        for cell in inside(line, &["table-cell", "covered-table-cell"]) {
            let again = count(cell, "number-columns-repeated").min(MAX_COLUMN);
            let text = if cell.name() == "table-cell" {
                said(cell, styles)
            } else {
                String::new()
            };
            if !text.trim().is_empty() {
                for n in 0..again.min(MAX_REPEATED) {
                    shown.push((column + n, text.clone(), cell));
                }
            }
            column = column.saturating_add(again);
        }
        if is_shown(line) && !shown.is_empty() {
            for n in 0..repeated.min(MAX_REPEATED) {
                total += shown.len();
                if total > MAX_ROW {
                    let why = "a sheet has more cells than are read";
                    return Err(StageError::input("TOO_MUCH_TEXT", why));
                }
                for (column, text, cell) in &shown {
                    if hidden.contains(column) {
                        continue;
                    }
                    let kind = cell.text_at("@value-type");
                    let columns = count(*cell, "number-columns-spanned");
                    let own = Shown {
                        text: text.clone(),
                        runs_on: kind.is_empty() || kind == "string",
                        until: (columns > 1).then(|| column.saturating_add(columns - 1)),
                    };
                    cells.entry(row + n).or_default().insert(*column, own);
                }
            }
        }
        row = row.saturating_add(repeated);
    }
    Ok(cells)
}

/// A cell's text; a date as ISO writes it, since the cell knows it.
fn said(cell: Element<'_>, styles: &Styles) -> String {
    if cell.text_at("@value-type") == "date" {
        let date = cell.text_at("@date-value");
        if let Some(day) = date.get(..10) {
            return day.to_owned();
        }
    }
    let mut lines = Vec::new();
    for paragraph in cell.all("p") {
        let (mut text, mut boxes) = (String::new(), Vec::new());
        words(paragraph, &mut text, &mut boxes, styles);
        lines.push(text);
    }
    lines.join("\n")
}

fn hidden_columns(table: Element<'_>) -> BTreeSet<usize> {
    let mut hidden = BTreeSet::new();
    let mut column = 0_usize;
    let mut columns = Vec::new();
    for child in table.children() {
        match child.name() {
            "table-column" => columns.push(child),
            "table-columns" | "table-header-columns" | "table-column-group" => {
                columns.extend(child.all("table-column"));
            }
            _ => {}
        }
    }
    for element in columns {
        let repeated = count(element, "number-columns-repeated").min(MAX_COLUMN);
        if !is_shown(element) {
            hidden.extend(column..column.saturating_add(repeated));
        }
        column = column.saturating_add(repeated).min(MAX_COLUMN);
    }
    hidden
}
