//! A page's tree to blocks.

use scraper::{ElementRef, Html, Node};

use super::line::Flow;
use super::look::{Look, Sheet};
use super::too_deep;
use crate::input::flow::{self, Align, Block, Cell};
use crate::stage::StageError;

/// Deeper than the tree of a page that passed the count of its tags.
const MAX_DEPTH: usize = 600;

/// Elements that show nothing of what is in them.
const UNSEEN: &[&str] = &[
    "script", "style", "template", "head", "title", "noscript", "svg", "math", "object", "iframe",
    "canvas", "audio", "video", "datalist", "map", "frameset", "img", "progress", "meter",
];
/// Elements that begin a line of their own.
const BLOCKS: &[&str] = &[
    "address",
    "article",
    "aside",
    "blockquote",
    "body",
    "caption",
    "center",
    "dd",
    "details",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hgroup",
    "hr",
    "html",
    "legend",
    "li",
    "main",
    "menu",
    "nav",
    "ol",
    "p",
    "pre",
    "section",
    "summary",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "ul",
    "dialog",
];
/// Those of them with room above and below.
const APART: &[&str] = &[
    "blockquote",
    "dl",
    "fieldset",
    "figure",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "ol",
    "p",
    "pre",
    "table",
    "ul",
];

/// The blocks of a page.
///
/// # Errors
/// `TOO_DEEP`.
pub(super) fn blocks(page: &Html) -> Result<Vec<Block>, StageError> {
    let mut builder = Builder {
        sheet: Sheet::new(page),
        depth: 0,
        tables: 0,
    };
    let mut flow = Flow::default();
    builder.children(page.root_element(), &mut flow)?;
    Ok(flow.finish())
}

struct Builder {
    sheet: Sheet,
    depth: usize,
    tables: usize,
}

impl Builder {
    /// The children of an element, one after the other.
    fn children(&mut self, element: ElementRef<'_>, flow: &mut Flow) -> Result<(), StageError> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(too_deep());
        }
        let keep = ["pre", "textarea"].contains(&element.value().name());
        // Neighbours that stand beside each other.
        let mut beside: Vec<(Look, ElementRef<'_>)> = Vec::new();
        for child in element.children() {
            match child.value() {
                Node::Text(text) => {
                    if !text.trim().is_empty() {
                        self.neighbours(&mut beside, flow)?;
                    }
                    flow.say(text, keep);
                }
                Node::Element(_) => {
                    let Some(child) = ElementRef::wrap(child) else {
                        continue;
                    };
                    let look = self.sheet.of(child);
                    if look.hidden || UNSEEN.contains(&child.value().name()) {
                        continue;
                    }
                    if look.beside && flow.line.trim().is_empty() {
                        beside.push((look, child));
                        continue;
                    }
                    self.neighbours(&mut beside, flow)?;
                    self.element(child, look, flow)?;
                }
                _ => {}
            }
        }
        self.neighbours(&mut beside, flow)?;
        self.depth -= 1;
        Ok(())
    }

    /// Shows what was collected to stand beside each other; a single one stands for itself.
    fn neighbours(
        &mut self,
        beside: &mut Vec<(Look, ElementRef<'_>)>,
        flow: &mut Flow,
    ) -> Result<(), StageError> {
        let mut all = std::mem::take(beside);
        if let [(look, element)] = all.as_slice() {
            return self.element(*element, *look, flow);
        }
        if all.is_empty() {
            return Ok(());
        }
        // Of those that go to the right the first one is the outermost.
        all.sort_by_key(|(look, _)| look.last);
        let last = all.partition_point(|(look, _)| !look.last);
        all[last..].reverse();
        let mut cells = Vec::with_capacity(all.len());
        for (look, element) in all {
            cells.push(self.cell(element, look)?);
        }
        flow.beside(cells);
        Ok(())
    }

    fn element(
        &mut self,
        element: ElementRef<'_>,
        look: Look,
        flow: &mut Flow,
    ) -> Result<(), StageError> {
        let name = element.value().name();
        match name {
            "br" => flow.line.push('\n'),
            "input" => flow.say(element.value().attr("value").unwrap_or_default(), false),
            "select" => {
                let chosen = element
                    .child_elements()
                    .find(|option| option.value().attr("selected").is_some());
                flow.say(
                    &chosen
                        .into_iter()
                        .flat_map(|option| option.text())
                        .collect::<String>(),
                    false,
                );
            }
            "table" => {
                flow.room();
                self.table(element, flow)?;
                flow.row = false;
                flow.room();
            }
            _ => {
                let block = BLOCKS.contains(&name) || look.row.is_some();
                if !block {
                    return self.children(element, flow);
                }
                let apart = APART.contains(&name);
                if apart {
                    flow.room();
                } else {
                    flow.end();
                }
                let outer = flow.align;
                flow.align = look.align.or(if name == "center" {
                    Some(Align::Centre)
                } else {
                    outer
                });
                match look.row {
                    Some(columns) => self.row(element, columns, flow)?,
                    None => self.children(element, flow)?,
                }
                flow.end();
                flow.align = outer;
                if apart {
                    flow.room();
                }
            }
        }
        Ok(())
    }

    /// The children of an element beside each other, this many in a row.
    fn row(
        &mut self,
        element: ElementRef<'_>,
        columns: usize,
        flow: &mut Flow,
    ) -> Result<(), StageError> {
        let mut cells = Vec::new();
        for child in element.children() {
            if let Some(child) = ElementRef::wrap(child) {
                let look = self.sheet.of(child);
                if !look.hidden && !UNSEEN.contains(&child.value().name()) {
                    cells.push(self.cell(child, look)?);
                }
            } else if let Node::Text(text) = child.value()
                && !text.trim().is_empty()
            {
                let mut own = Flow::default();
                own.say(text, false);
                cells.push(Cell::new(own.finish()));
            }
        }
        let count = if columns == 0 { cells.len() } else { columns };
        let mut cells = cells.into_iter().peekable();
        while cells.peek().is_some() {
            flow.beside(cells.by_ref().take(count.max(1)).collect());
        }
        Ok(())
    }

    /// A cell of what is in an element.
    fn cell(&mut self, element: ElementRef<'_>, look: Look) -> Result<Cell, StageError> {
        self.tables += 1;
        if self.tables > flow::MAX_NESTING {
            return Err(too_deep());
        }
        let mut own = Flow {
            align: look.align,
            ..Flow::default()
        };
        match look.row {
            Some(columns) => self.row(element, columns, &mut own)?,
            None if element.value().name() == "table" => self.table(element, &mut own)?,
            None => self.children(element, &mut own)?,
        }
        self.tables -= 1;
        Ok(Cell::new(own.finish()))
    }

    fn table(&mut self, table: ElementRef<'_>, flow: &mut Flow) -> Result<(), StageError> {
        let mut rows = Vec::new();
        let mut parts: Vec<(u8, ElementRef<'_>)> = Vec::new();
        for child in table.child_elements() {
            let look = self.sheet.of(child);
            if look.hidden {
                continue;
            }
            match child.value().name() {
                "caption" => {
                    self.children(child, flow)?;
                    flow.end();
                }
                "thead" => parts.push((0, child)),
                "tfoot" => parts.push((2, child)),
                "tbody" | "tr" => parts.push((1, child)),
                _ => {}
            }
        }
        // Wherever it stands, the foot is shown below.
        parts.sort_by_key(|(place, _)| *place);
        for (_, part) in parts {
            let own = (part.value().name() == "tr").then_some(part);
            let within = part.child_elements().filter(|_| own.is_none());
            for row in own.into_iter().chain(within) {
                if row.value().name() == "tr" && !self.sheet.of(row).hidden {
                    rows.push(self.table_row(row)?);
                }
            }
        }
        rows.retain(|row| !row.is_empty());
        if !rows.is_empty() {
            flow.end();
            flow.blocks.push(Block::Table(rows));
        }
        Ok(())
    }

    fn table_row(&mut self, row: ElementRef<'_>) -> Result<Vec<Cell>, StageError> {
        let align = self.sheet.of(row).align;
        let mut cells = Vec::new();
        for element in row.child_elements() {
            let mut look = self.sheet.of(element);
            if look.hidden || !["td", "th"].contains(&element.value().name()) {
                continue;
            }
            look.align = look.align.or(align);
            let span = |name: &str| {
                let told = element.value().attr(name).map(|span| span.trim().parse());
                told.and_then(Result::ok).unwrap_or(1_usize).clamp(1, 1000)
            };
            let mut cell = self.cell(element, look)?;
            (cell.columns, cell.rows) = (span("colspan"), span("rowspan"));
            cells.push(cell);
        }
        Ok(cells)
    }
}
