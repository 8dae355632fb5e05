//! Excel workbooks: the visible sheets in their order.

use std::collections::BTreeSet;

use super::number_format;
use super::package::Package;
use super::sheet::{self, Cells, Shown};
use super::{Read, corrupt};
use crate::input::flow::Block;
use crate::input::xml::{Element, Tree};
use crate::model::Warning;
use crate::stage::StageError;

const WORKBOOK: &str = "xl/workbook.xml";
/// Columns and rows that a sheet has at most.
const MAX_COLUMN: usize = 16_384;
const MAX_ROW: usize = 1_048_576;

/// What the cells of all sheets share.
struct Workbook {
    strings: Vec<String>,
    /// Formats by the number of a cell's style.
    formats: Vec<Option<String>>,
    from_1904: bool,
}

/// The blocks of a workbook: a page a sheet.
pub(super) fn blocks(package: &mut Package<'_>) -> Result<Read, StageError> {
    let text = package.needed(WORKBOOK)?;
    let tree = Tree::parse(&text)?;
    let relations = package.relations(WORKBOOK)?;
    let workbook = Workbook {
        strings: strings(package)?,
        formats: formats(package)?,
        from_1904: ["1", "true"].contains(&tree.root().text_at("workbookPr/@date1904").as_str()),
    };
    let mut read = Read::new(Vec::new());
    let mut unknown = 0;
    for sheet in tree.root().all("sheets/sheet") {
        if !["", "visible"].contains(&sheet.text_at("@state").as_str()) {
            continue;
        }
        let id = sheet.text_at("@id");
        let Some((_, name)) = relations.iter().find(|(own, _)| *own == id) else {
            return Err(corrupt("a sheet is missing"));
        };
        let Some(text) = package.part(name)? else {
            continue;
        };
        let tree = Tree::parse(&text)?;
        let cells = cells(tree.root(), &workbook, &mut unknown);
        if read.rows.is_empty() {
            read.rows = sheet::rows(&cells);
        }
        read.blocks.extend(sheet::block(cells));
        read.blocks.push(Block::Break);
    }
    if unknown > 0 {
        read.warnings.push(Warning {
            code: "UNREADABLE_VALUE".to_owned(),
            message: format!(
                "{unknown} cells hold a formula whose value the workbook does not tell; save it in a spreadsheet program"
            ),
            page: None,
        });
    }
    Ok(read)
}

/// The texts that cells name by number.
fn strings(package: &mut Package<'_>) -> Result<Vec<String>, StageError> {
    let Some(text) = package.part("xl/sharedStrings.xml")? else {
        return Ok(Vec::new());
    };
    let tree = Tree::parse(&text)?;
    Ok(tree.root().all("si").into_iter().map(rich).collect())
}

/// A text, in one piece or in runs; how it is pronounced is left out.
fn rich(item: Element<'_>) -> String {
    let mut text = String::new();
    for child in item.children() {
        match child.name() {
            "t" => text.push_str(&child.raw()),
            "r" => text.extend(child.all("t").into_iter().map(Element::raw)),
            _ => {}
        }
    }
    text
}

fn formats(package: &mut Package<'_>) -> Result<Vec<Option<String>>, StageError> {
    let Some(text) = package.part("xl/styles.xml")? else {
        return Ok(Vec::new());
    };
    let tree = Tree::parse(&text)?;
    let own: Vec<(u32, String)> = tree
        .root()
        .all("numFmts/numFmt")
        .into_iter()
        .filter_map(|format| {
            let code = format.attribute("formatCode")?.raw();
            Some((format.text_at("@numFmtId").parse().ok()?, code))
        })
        .collect();
    let styles = tree.root().all("cellXfs/xf").into_iter();
    Ok(styles
        .map(|style| {
            let id: u32 = style.text_at("@numFmtId").parse().ok()?;
            let named = own.iter().find(|(own, _)| *own == id);
            named
                .map(|(_, code)| code.clone())
                .or_else(|| number_format::built_in(id).map(str::to_owned))
        })
        .collect())
}

fn is_set(element: Element<'_>, attribute: &str) -> bool {
    let value = element.attribute(attribute).map(Element::text);
    value.is_some_and(|value| value == "1" || value == "true")
}

/// `AB12` as row and column, from 1.
fn place(reference: &str) -> Option<(usize, usize)> {
    let digits = reference.find(|c: char| c.is_ascii_digit())?;
    let (letters, row) = reference.split_at(digits);
    let mut column = 0_usize;
    for letter in letters.bytes() {
        if !letter.is_ascii_uppercase() {
            return None;
        }
        column = column.checked_mul(26)? + usize::from(letter - b'A') + 1;
    }
    let row: usize = row.parse().ok()?;
    let sound = (1..=MAX_COLUMN).contains(&column) && (1..=MAX_ROW).contains(&row);
    sound.then_some((row, column))
}

fn cells(sheet: Element<'_>, workbook: &Workbook, unknown: &mut usize) -> Cells {
    let mut hidden: BTreeSet<usize> = BTreeSet::new();
    for columns in sheet
        .all("cols/col")
        .into_iter()
        .filter(|c| is_set(*c, "hidden"))
    {
        let edge = |name: &str| {
            columns
                .text_at(name)
                .parse()
                .unwrap_or(0_usize)
                .min(MAX_COLUMN)
        };
        hidden.extend(edge("@min")..=edge("@max"));
    }
    let merged: Vec<((usize, usize), usize)> = sheet
        .all("mergeCells/mergeCell")
        .into_iter()
        .filter_map(|merge| {
            let range = merge.text_at("@ref");
            let (from, to) = range.split_once(':')?;
            Some((place(from)?, place(to)?.1))
        })
        .collect();
    let mut cells = Cells::new();
    let mut row = 0;
    for line in sheet.all("sheetData/row") {
        row = line.text_at("@r").parse().unwrap_or(row + 1).min(MAX_ROW);
        if is_set(line, "hidden") {
            continue;
        }
        let mut column = 0;
        for cell in line.all("c") {
            column = place(&cell.text_at("@r")).map_or(column + 1, |(_, column)| column);
            if hidden.contains(&column) {
                continue;
            }
            let (text, runs_on) = value(cell, workbook, unknown);
            if text.trim().is_empty() {
                continue;
            }
            let merge = merged.iter().find(|(from, _)| *from == (row, column));
            let shown = Shown {
                text,
                runs_on,
                until: merge.map(|(_, until)| *until),
            };
            cells.entry(row).or_default().insert(column, shown);
        }
    }
    cells
}

/// What a cell shows, and whether it is text.
fn value(cell: Element<'_>, workbook: &Workbook, unknown: &mut usize) -> (String, bool) {
    let stored = cell.at("v").map(Element::raw).unwrap_or_default();
    let format = cell.text_at("@s").parse::<usize>().ok();
    match cell.text_at("@t").as_str() {
        "s" => {
            let index: Option<usize> = stored.trim().parse().ok();
            let text = index.and_then(|index| workbook.strings.get(index));
            (text.cloned().unwrap_or_default(), true)
        }
        "inlineStr" => (cell.at("is").map(rich).unwrap_or_default(), true),
        "str" | "e" => (stored, true),
        "b" => (
            if stored.trim() == "1" {
                "TRUE"
            } else {
                "FALSE"
            }
            .to_owned(),
            true,
        ),
        // ISO 8601, of newer programs.
        "d" => (
            stored.split('T').next().unwrap_or_default().to_owned(),
            false,
        ),
        _ => {
            if stored.trim().is_empty() {
                *unknown += usize::from(cell.children().any(|child| child.name() == "f"));
                return (String::new(), false);
            }
            let format = format.and_then(|format| workbook.formats.get(format)?.as_deref());
            let text = number_format::shown(stored.trim(), format, workbook.from_1904);
            (text, false)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_rows_and_columns() {
        for (reference, expected) in [
            ("A1", Some((1, 1))),
            ("AB12", Some((12, 28))),
            ("XFD1048576", Some((MAX_ROW, MAX_COLUMN))),
            ("XFE1", None),
            ("A0", None),
            ("1", None),
            ("A", None),
            ("é1", None),
            ("AAAAAAAAAAAAAAAAAAAAAAAAAA1", None),
        ] {
            assert_eq!(place(reference), expected, "{reference}");
        }
    }
}
