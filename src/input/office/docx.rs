//! Word documents.

use super::package::Package;
use super::{Read, corrupt};
use crate::input::flow::{self, Align, Block, Cell, Stop, Text};
use crate::input::xml::{Element, Tree};
use crate::stage::StageError;

/// Twentieths of a point, in which Word measures.
const TWIPS: f64 = 20.0;
/// Elements that hold nothing to be printed, or what was struck out.
const UNSEEN: &[&str] = &[
    "del",
    "moveFrom",
    "instrText",
    "delText",
    "pPr",
    "rPr",
    "tblPr",
    "tblGrid",
    "trPr",
    "tcPr",
    "sectPr",
    "sdtPr",
    "sdtEndPr",
    "Fallback",
    "annotationRef",
    "footnoteReference",
    "rt",
];

/// The blocks of a document: header, body, footer.
pub(super) fn blocks(package: &mut Package<'_>) -> Result<Read, StageError> {
    let main = package.main().ok_or_else(|| corrupt("it has no text"))?;
    let text = package.needed(&main)?;
    let tree = Tree::parse(&text)?;
    let mut bodies = tree.root().all("body").into_iter();
    let body = bodies.next().ok_or_else(|| corrupt("it has no body"))?;
    let relations = package.relations(&main)?;
    let mut edge = |kind: &str| -> Result<Vec<Block>, StageError> {
        let Some(name) = reference(body, kind).and_then(|id| {
            let mut all = relations.iter();
            all.find(|(own, _)| *own == id)
                .map(|(_, name)| name.clone())
        }) else {
            return Ok(Vec::new());
        };
        let Some(text) = package.part(&name)? else {
            return Ok(Vec::new());
        };
        let tree = Tree::parse(&text)?;
        let mut blocks = Vec::new();
        story(tree.root(), &mut blocks, 0)?;
        Ok(blocks)
    };
    let mut blocks = edge("headerReference")?;
    if !blocks.is_empty() {
        blocks.push(Block::Gap);
    }
    let foot = edge("footerReference")?;
    story(body, &mut blocks, 0)?;
    blocks.push(Block::Gap);
    blocks.extend(foot);
    Ok(Read::new(blocks))
}

/// The id of the header or footer of the first page: its own where it has one, else the usual one.
fn reference(body: Element<'_>, kind: &str) -> Option<String> {
    let sections = all_sections(body);
    let section = sections.first()?;
    let own = section.children().any(|child| child.name() == "titlePg");
    let kinds: &[&str] = if own {
        &["first", "default"]
    } else {
        &["default"]
    };
    kinds.iter().find_map(|wanted| {
        let mut all = section.children();
        let found = all.find(|child| child.name() == kind && child.text_at("@type") == *wanted)?;
        Some(found.text_at("@id"))
    })
}

/// Section properties: those of all sections but the last stand in a paragraph.
fn all_sections(body: Element<'_>) -> Vec<Element<'_>> {
    let mut sections = body.all("p/pPr/sectPr");
    sections.extend(body.all("sectPr"));
    sections
}

/// Paragraphs and tables below each other.
fn story(parent: Element<'_>, blocks: &mut Vec<Block>, nesting: usize) -> Result<(), StageError> {
    for child in parent.children() {
        match child.name() {
            "p" => paragraph(child, blocks, nesting)?,
            "tbl" => blocks.push(Block::Table(table(child, nesting + 1)?)),
            name if UNSEEN.contains(&name) => {}
            // Content controls, insertions, smart tags.
            _ => story(child, blocks, nesting)?,
        }
    }
    Ok(())
}

/// What a paragraph says, and the boxes that hang on it.
#[derive(Default)]
struct Said<'t> {
    text: String,
    boxes: Vec<Element<'t>>,
    breaks: bool,
}

fn paragraph(
    paragraph: Element<'_>,
    blocks: &mut Vec<Block>,
    nesting: usize,
) -> Result<(), StageError> {
    let properties = paragraph.children().find(|child| child.name() == "pPr");
    let mut said = Said::default();
    runs(paragraph, &mut said);
    let at = |path: &str| properties.and_then(|properties| properties.at(path));
    let begins_page = properties.is_some_and(|p| {
        p.children()
            .any(|child| child.name() == "pageBreakBefore" && is_on(child))
    });
    if begins_page && !blocks.is_empty() {
        blocks.push(Block::Break);
    }
    let align = at("jc/@val").and_then(|jc| match jc.text().as_str() {
        "right" | "end" => Some(Align::Right),
        "center" => Some(Align::Centre),
        _ => None,
    });
    let tabs = properties.map(|p| p.all("tabs/tab")).unwrap_or_default();
    let mut stops: Vec<Stop> = tabs.into_iter().filter_map(stop).collect();
    stops.sort_by(|a, b| a.at.total_cmp(&b.at));
    let text = said.text.trim_end();
    if text.is_empty() {
        if said.boxes.is_empty() && nesting == 0 {
            blocks.push(Block::Gap);
        }
    } else {
        blocks.push(Block::Text(Text {
            said: text.to_owned(),
            align,
            stops,
        }));
    }
    for content in said.boxes {
        if nesting >= flow::MAX_NESTING {
            return Err(too_deep());
        }
        story(content, blocks, nesting + 1)?;
    }
    if said.breaks {
        blocks.push(Block::Break);
    }
    Ok(())
}

/// A tab stop; `clear` takes one away, which the style would have given.
fn stop(tab: Element<'_>) -> Option<Stop> {
    let kind = tab.text_at("@val");
    let at: f64 = tab.text_at("@pos").parse().ok()?;
    let usable =
        at.is_finite() && (0.0..40_000.0).contains(&at) && kind != "clear" && kind != "bar";
    usable.then_some(Stop {
        at: at / TWIPS,
        right: matches!(kind.as_str(), "right" | "end" | "decimal"),
    })
}

fn is_on(switch: Element<'_>) -> bool {
    !["0", "false", "off"].contains(&switch.text_at("@val").as_str())
}

/// The text of runs and of what holds runs.
fn runs<'t>(parent: Element<'t>, said: &mut Said<'t>) {
    let chosen = parent.name() == "AlternateContent"
        && parent.children().any(|child| child.name() == "Choice");
    for child in parent.children() {
        match child.name() {
            "t" => said.text.push_str(&child.raw()),
            "tab" | "ptab" => said.text.push('\t'),
            "br" if child.text_at("@type") == "page" => said.breaks = true,
            "br" | "cr" => said.text.push('\n'),
            "noBreakHyphen" => said.text.push('-'),
            "txbxContent" => said.boxes.push(child),
            "r" if is_hidden(child) => {}
            "Fallback" if !chosen => runs(child, said),
            name if UNSEEN.contains(&name) => {}
            _ => runs(child, said),
        }
    }
}

fn is_hidden(run: Element<'_>) -> bool {
    let properties = run.children().find(|child| child.name() == "rPr");
    properties.is_some_and(|properties| {
        let mut all = properties.children();
        all.any(|child| child.name() == "vanish" && is_on(child))
    })
}

fn too_deep() -> StageError {
    StageError::input("TOO_DEEP", "tables or text boxes are nested too deeply")
}

/// The rows of a table; a cell that goes on from above makes the one above taller.
fn table(table: Element<'_>, nesting: usize) -> Result<Vec<Vec<Cell>>, StageError> {
    if nesting > flow::MAX_NESTING {
        return Err(too_deep());
    }
    let mut rows: Vec<Vec<Cell>> = Vec::new();
    // By column of the grid: row and place of the cell that may go on.
    let mut above: std::collections::BTreeMap<usize, (usize, usize)> =
        std::collections::BTreeMap::new();
    for line in inside(table, "tr") {
        let properties = line.children().find(|child| child.name() == "trPr");
        let count = |path: &str| {
            let told = properties.and_then(|p| p.at(path)).map(Element::text);
            told.and_then(|text| text.parse().ok())
                .unwrap_or(0_usize)
                .min(1000)
        };
        let hidden = properties.is_some_and(|p| {
            p.children()
                .any(|child| child.name() == "hidden" && is_on(child))
        });
        if hidden {
            continue;
        }
        let mut row = Vec::new();
        let mut column = count("gridBefore/@val");
        if column > 0 {
            let mut empty = Cell::new(Vec::new());
            empty.columns = column;
            row.push(empty);
        }
        for element in inside(line, "tc") {
            let told = element
                .text_at("tcPr/gridSpan/@val")
                .parse()
                .unwrap_or(1_usize);
            let columns = told.clamp(1, 1000);
            let merge = element.all("tcPr/vMerge").into_iter().next();
            let goes_on = merge.is_some_and(|merge| merge.text_at("@val") != "restart");
            if goes_on
                && let Some((r, c)) = above.get(&column)
                && let Some(cell) = rows.get_mut(*r).and_then(|row| row.get_mut(*c))
            {
                cell.rows += 1;
            } else {
                let mut blocks = Vec::new();
                story(element, &mut blocks, nesting)?;
                let mut cell = Cell::new(blocks);
                cell.columns = columns;
                if merge.is_some() {
                    above.insert(column, (rows.len(), row.len()));
                }
                row.push(cell);
            }
            column += columns;
        }
        rows.push(row);
    }
    Ok(rows)
}

/// Rows or cells, also those within content controls.
fn inside<'t>(parent: Element<'t>, name: &str) -> Vec<Element<'t>> {
    let mut found = Vec::new();
    for child in parent.children() {
        if child.name() == name {
            found.push(child);
        } else if ["sdt", "sdtContent", "ins", "customXml"].contains(&child.name()) {
            found.extend(inside(child, name));
        }
    }
    found
}
