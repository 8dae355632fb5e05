//! Documents without fixed places (HTML, DOCX, spreadsheets) to pages: text and tables get the places a plain printer would
//! give them, so that whatever reads pages reads these too.
//!
//! Nothing here knows a format. The print is honest in what matters to a reader of invoices: what is one row stands in one
//! row, what is one column stands below each other, figures end at the same edge, and what is apart is printed apart.

mod place;
mod table;

use super::{Context, limits, text};
use crate::model::{Document, Ocr, Page, PageMethod};
use crate::stage::StageError;

/// Where text stands in its column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Align {
    /// At the left edge.
    Left,
    /// In the middle.
    Centre,
    /// At the right edge.
    Right,
}

/// A stop that a tab goes to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Stop {
    /// Its place in points from the left edge of the text.
    pub(super) at: f64,
    /// The text behind the tab ends here instead of beginning.
    pub(super) right: bool,
}

/// Lines of text: `\n` ends a line, `\t` goes to the next stop.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Text {
    /// What it says.
    pub(super) said: String,
    /// Where it stands; `None` where the document does not say.
    pub(super) align: Option<Align>,
    /// Stops of its own; behind them there is one every half inch.
    pub(super) stops: Vec<Stop>,
}

/// A cell of a table.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Cell {
    /// What is in it.
    pub(super) blocks: Vec<Block>,
    /// How many columns it takes, one at least.
    pub(super) columns: usize,
    /// How many rows it takes, one at least.
    pub(super) rows: usize,
}

impl Cell {
    /// A cell of one column and row.
    pub(super) fn new(blocks: Vec<Block>) -> Self {
        Self {
            blocks,
            columns: 1,
            rows: 1,
        }
    }
}

/// What stands below each other.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Block {
    /// Text.
    Text(Text),
    /// A table: its rows.
    Table(Vec<Vec<Cell>>),
    /// An empty line.
    Gap,
    /// A new page.
    Break,
}

/// More cells than tables of invoices have; columns and rows are counted apart.
const MAX_CELLS: usize = 200_000;
/// More columns than a table has.
const MAX_COLUMNS: usize = 256;
/// Deeper than tables are nested in letters.
pub(super) const MAX_NESTING: usize = 24;

/// The smallest page: A4.
const WIDTH: f64 = 595.0;
const HEIGHT: f64 = 842.0;

/// The document that blocks make.
///
/// # Errors
/// `TOO_MUCH_TEXT`, `TOO_MANY_PAGES`.
pub(super) fn document(
    blocks: &[Block],
    engine: &str,
    context: &mut Context<'_>,
) -> Result<Document, StageError> {
    let mut pages = Vec::new();
    for blocks in blocks.split(|block| matches!(block, Block::Break)) {
        let n = pages.len() as u32 + 1;
        limits::pages(pages.len() + 1)?;
        let mut size = Size::default();
        size.add(blocks);
        limits::glyphs(size.glyphs, n)?;
        if size.cells > MAX_CELLS {
            return Err(StageError::input(
                "TOO_MUCH_TEXT",
                format!("page {n} has more than {MAX_CELLS} cells of tables"),
            ));
        }
        if size.glyphs == 0 {
            continue;
        }
        (context.page)(n);
        let mut printed = place::print(blocks);
        let text = text::order(&mut printed.words);
        pages.push(Page {
            n,
            width: printed.width.max(WIDTH).ceil(),
            height: printed.height.max(HEIGHT).ceil(),
            rotation: None,
            method: Some(PageMethod::PdfText),
            text: Some(text),
            words: printed.words,
        });
    }
    if pages.is_empty() {
        return Err(StageError::input(
            "EMPTY_FILE",
            "there is no text in the document",
        ));
    }
    let mut document = Document::new(context.id.clone());
    document.source.pages = Some(pages.len() as u32);
    document.ocr = Some(Ocr {
        engine: Some(engine.to_owned()),
        pages,
        ..Ocr::default()
    });
    Ok(document)
}

/// How much there is to print.
#[derive(Default)]
struct Size {
    glyphs: usize,
    cells: usize,
}

impl Size {
    fn add(&mut self, blocks: &[Block]) {
        for block in blocks {
            match block {
                Block::Text(text) => {
                    let printed = text.said.chars().filter(|c| !c.is_whitespace());
                    self.glyphs += printed.count();
                }
                Block::Table(rows) => {
                    for cell in rows.iter().flatten() {
                        self.cells += 1;
                        self.add(&cell.blocks);
                    }
                }
                Block::Gap | Block::Break => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::DocId;

    pub(super) fn text(text: &str) -> Block {
        Block::Text(Text {
            said: text.to_owned(),
            ..Text::default()
        })
    }

    fn cell(said: &str) -> Cell {
        Cell::new(vec![text(said)])
    }

    fn read(blocks: &[Block]) -> Result<Document, StageError> {
        let id = DocId::from_text("f");
        let mut context = Context {
            id: &id,
            engine: None,
            max_part: usize::MAX,
            page: &mut |_| {},
        };
        document(blocks, "html", &mut context)
    }

    fn page(blocks: &[Block]) -> Page {
        let document = read(blocks).expect("printed");
        let mut pages = document.ocr.expect("always there").pages;
        assert_eq!(pages.len(), 1);
        pages.remove(0)
    }

    /// Left and right edge, and top, of the first word that says this.
    fn edges(page: &Page, said: &str) -> (f64, f64, f64) {
        let word = page.words.iter().find(|word| word.text == said);
        let rect = word.unwrap_or_else(|| panic!("`{said}` is printed")).rect;
        (rect.x0, rect.x1, rect.y0)
    }

    fn near(a: f64, b: f64) -> bool {
        (a - b).abs() < 0.01
    }

    #[test]
    fn columns_stand_below_each_other_and_figures_end_at_one_edge() {
        let rows = vec![
            vec![cell("Item"), cell("Amount")],
            vec![cell("Copier paper"), cell("1,234.00")],
            vec![cell("Pens"), cell("8.40")],
        ];
        let page = page(&[Block::Table(rows)]);
        let (left, _, first) = edges(&page, "Item");
        let (pens, _, second) = edges(&page, "Pens");
        let (figure, right, row) = edges(&page, "8.40");
        assert!(near(left, pens) && first < second && near(second, row));
        assert!(near(right, edges(&page, "1,234.00").1) && near(right, edges(&page, "Amount").1));
        assert!(figure > edges(&page, "paper").1 + 10.0);
        assert_eq!(
            page.text.as_deref(),
            Some("Item Amount\nCopier paper 1,234.00\nPens 8.40")
        );
    }

    #[test]
    fn spans_and_nested_tables_keep_rows_and_columns() {
        let nested = Block::Table(vec![
            vec![cell("Invoice"), cell("R-1")],
            vec![cell("Date"), cell("2026-01-12")],
        ]);
        let mut title = cell("A title over all of the columns");
        title.columns = 3;
        let mut tall = cell("tall");
        tall.rows = 2;
        let rows = vec![
            vec![title],
            vec![tall, cell("a"), Cell::new(vec![nested])],
            vec![cell("b"), cell("c")],
        ];
        let page = page(&[Block::Table(rows)]);
        assert!(near(edges(&page, "a").0, edges(&page, "b").0));
        assert!(near(edges(&page, "Invoice").0, edges(&page, "c").0));
        assert!(near(edges(&page, "Date").2, edges(&page, "2026-01-12").2));
        assert!(edges(&page, "b").2 > edges(&page, "Date").2);
    }

    #[test]
    fn tabs_go_to_their_stops() {
        let line = Text {
            said: "Total\t1,058.75\nTax\t8.75".to_owned(),
            stops: vec![Stop {
                at: 300.0,
                right: true,
            }],
            ..Text::default()
        };
        let page = page(&[Block::Text(line), text("a\tb"), text("cd\tb2")]);
        assert!(near(edges(&page, "1,058.75").1, edges(&page, "8.75").1));
        assert!(near(edges(&page, "b").0, edges(&page, "b2").0));
    }

    #[test]
    fn long_text_is_wrapped_and_breaks_are_pages() {
        let page = page(&[text(&"word ".repeat(200))]);
        assert!(page.width < 700.0 && page.text.is_some_and(|text| text.lines().count() > 5));
        let document = read(&[text("1"), Block::Break, Block::Break, text("2")]).expect("printed");
        assert_eq!(document.source.pages, Some(2));
    }

    #[test]
    fn limits_trip() {
        let code = |blocks: &[Block]| read(blocks).err().map(|error| error.code);
        assert_eq!(code(&[]), Some("EMPTY_FILE"));
        assert_eq!(code(&[text(&"x".repeat(300_001))]), Some("TOO_MUCH_TEXT"));
        let mut wide = cell("x");
        (wide.columns, wide.rows) = (usize::MAX, usize::MAX);
        let cells = Block::Table(vec![vec![wide, cell("y")], vec![cell("z")]]);
        assert_eq!(code(&[cells]), None);
        let many = Block::Table(vec![vec![cell(""); 1000]; 201]);
        assert_eq!(code(&[text("x"), many]), Some("TOO_MUCH_TEXT"));
        let mut breaks = vec![text("x"), Block::Break];
        for _ in 0..10 {
            breaks.extend(breaks.clone());
        }
        assert_eq!(code(&breaks), Some("TOO_MANY_PAGES"));
    }
}
