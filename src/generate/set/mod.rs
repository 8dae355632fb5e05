//! An invoice put on sheets by a layout, block for block, and what of it was printed.

mod meta;
mod party;
mod table;
mod totals;

use std::collections::BTreeSet;

use super::dice::Dice;
use super::form::Form;
use super::page::{Colour, Face, Ink, MM, Sheet};
use super::template::{Align, Block, Font, Kind, Layout, Paper, What};
use super::words::Words;
use crate::model::Invoice;

/// Sheets, and the truth's keys of what stands on them.
pub(super) struct Set {
    pub(super) sheets: Vec<Sheet>,
    pub(super) printed: BTreeSet<&'static str>,
}

const BLACK: Colour = [20, 20, 20];
const GREY: Colour = [110, 110, 110];
const SHADE: Colour = [235, 237, 240];
const WHITE: Colour = [255, 255, 255];

/// How far down a roll may go.
const ROLL: f32 = 900.0 * MM;

/// Where a block lies: left, top, width.
#[derive(Clone, Copy)]
struct Area {
    x: f32,
    y: f32,
    w: f32,
}

struct Setter<'a> {
    invoice: &'a Invoice,
    layout: &'a Layout,
    words: &'a Words,
    form: Form<'a>,
    seed: u64,
    sheets: Vec<Sheet>,
    printed: BTreeSet<&'static str>,
    /// Below everything that is set on this sheet.
    low: f32,
    /// Top of the block before.
    top: f32,
}

/// Sets an invoice.
pub(super) fn set(invoice: &Invoice, layout: &Layout, words: &Words, seed: u64) -> Set {
    let currency = invoice.currency.text().unwrap_or(&words.currency);
    let mut setter = Setter {
        invoice,
        layout,
        words,
        form: Form {
            words,
            layout,
            currency,
        },
        seed,
        sheets: Vec::new(),
        printed: BTreeSet::new(),
        low: 0.0,
        top: 0.0,
    };
    setter.turn();
    for block in &layout.block {
        setter.block(block);
    }
    setter.feet();
    Set {
        sheets: setter.sheets,
        printed: setter.printed,
    }
}

impl Setter<'_> {
    /// A new sheet.
    fn turn(&mut self) {
        let (width, height) = match self.layout.paper {
            Paper::A4 => (595.28, 841.89),
            Paper::Letter => (612.0, 792.0),
            Paper::Roll => (80.0 * MM, ROLL),
        };
        self.sheets.push(Sheet {
            width,
            height,
            inks: Vec::new(),
        });
        self.low = self.layout.margin[1] * MM;
        self.top = self.low;
    }

    fn sheet(&mut self) -> &mut Sheet {
        self.sheets
            .last_mut()
            .expect("there is a sheet from the start")
    }

    /// How far down blocks may reach.
    fn bottom(&mut self) -> f32 {
        let margin = self.layout.margin[3] * MM;
        self.sheet().height - margin
    }

    fn area(&mut self, block: &Block) -> Area {
        let [left, _, right, _] = self.layout.margin;
        let x = block.x.unwrap_or(left) * MM;
        let full = self.sheet().width - right * MM - x;
        let w = block.w.map_or(full, |w| w * MM);
        let y = match block.y {
            Some(y) => y * MM,
            None if block.beside => self.top,
            None => self.low + block.gap * MM,
        };
        Area { x, y, w }
    }

    /// Sets a block; one that does not fit below goes to a new sheet.
    fn block(&mut self, block: &Block) {
        let area = self.area(block);
        let start = self.sheet().inks.len();
        let end = self.draw(block, area);
        let free = block.y.is_none() && !block.beside && block.what != What::Table;
        if free && end > self.bottom() && self.layout.paper != Paper::Roll {
            self.sheet().inks.truncate(start);
            self.turn();
            let area = Area {
                y: self.low,
                ..area
            };
            let end = self.draw(block, area);
            self.top = area.y;
            self.low = end;
            return;
        }
        self.top = if block.what == What::Table {
            self.low
        } else {
            area.y
        };
        self.low = self.low.max(end);
    }

    /// Draws a block and returns where it ends.
    fn draw(&mut self, block: &Block, area: Area) -> f32 {
        let inset = if block.frame { 2.0 * MM } else { 0.0 };
        let inner = Area {
            x: area.x + inset,
            y: area.y + inset,
            w: area.w - 2.0 * inset,
        };
        let end = match block.what {
            What::Vendor => self.party(block, inner, "vendor"),
            What::Buyer => self.party(block, inner, "buyer"),
            What::Title => self.title(block, inner),
            What::Meta => self.meta(block, inner),
            What::Text => self.sentences(block, inner),
            What::Table => self.table(block, inner),
            What::Totals => self.totals(block, inner),
            What::Rates => self.rates(block, inner),
            What::Logo => self.logo(block, inner),
            What::Rule => {
                self.line(
                    (area.x, area.y),
                    (area.x + area.w, area.y),
                    0.8,
                    self.tint(block),
                );
                area.y + 1.0
            }
            What::Bar => {
                let height = block.size.unwrap_or(9.0);
                self.fill(
                    (area.x, area.y),
                    (area.x + area.w, area.y + height),
                    self.layout.accent,
                );
                area.y + height
            }
            What::Page => area.y,
        };
        if block.frame && end > inner.y {
            self.edge((area.x, area.y), (area.x + area.w, end + inset), GREY);
            return end + inset;
        }
        end
    }

    fn size(&self, block: &Block) -> f32 {
        block.size.unwrap_or(self.layout.size)
    }

    fn face(&self, bold: bool) -> Face {
        match (self.layout.font, bold) {
            (Font::Sans, false) => Face::Sans,
            (Font::Sans, true) => Face::SansBold,
            (Font::Serif, false) => Face::Serif,
            (Font::Serif, true) => Face::SerifBold,
            (Font::Mono, _) => Face::Mono,
        }
    }

    fn tint(&self, block: &Block) -> Colour {
        if block.colour {
            self.layout.accent
        } else {
            BLACK
        }
    }

    /// A label's wording.
    fn label(&self, key: &str) -> &str {
        self.words.label(self.seed, key)
    }

    /// A label with the colon the layout may put behind it.
    fn label_before(&self, key: &str) -> String {
        let label = self.label(key);
        if self.layout.colon && !label.ends_with(':') {
            format!("{label}:")
        } else {
            label.to_owned()
        }
    }

    /// Draws one line of text whose top is at `y`, smaller if it is too wide, and returns the next line's top.
    fn text(
        &mut self,
        area: Area,
        align: Align,
        face: Face,
        size: f32,
        colour: Colour,
        text: &str,
    ) -> f32 {
        let next = area.y + size * 1.32;
        if text.is_empty() {
            return next;
        }
        let size = face.fitting(text, size, area.w);
        let width = face.width(text, size);
        let x = match align {
            Align::Left => area.x,
            Align::Centre => area.x + (area.w - width) / 2.0,
            Align::Right => area.x + area.w - width,
        };
        self.sheet().inks.push(Ink::Text {
            x,
            y: area.y + size * 0.98,
            size,
            face,
            colour,
            text: text.to_owned(),
        });
        next
    }

    /// Draws a text in as many lines as it needs.
    fn paragraph(
        &mut self,
        area: Area,
        align: Align,
        face: Face,
        size: f32,
        colour: Colour,
        text: &str,
    ) -> f32 {
        let mut y = area.y;
        for line in face.wrap(text, size, area.w) {
            y = self.text(Area { y, ..area }, align, face, size, colour, &line);
        }
        y
    }

    fn line(&mut self, from: (f32, f32), to: (f32, f32), width: f32, colour: Colour) {
        self.sheet().inks.push(Ink::Line {
            from,
            to,
            width,
            colour,
        });
    }

    fn fill(&mut self, from: (f32, f32), to: (f32, f32), colour: Colour) {
        self.sheet().inks.push(Ink::Box {
            from,
            to,
            fill: Some(colour),
            edge: None,
        });
    }

    fn edge(&mut self, from: (f32, f32), to: (f32, f32), colour: Colour) {
        self.sheet().inks.push(Ink::Box {
            from,
            to,
            fill: None,
            edge: Some(colour),
        });
    }

    /// An amount with its currency.
    fn money(&mut self, amount: crate::model::Amount) -> String {
        if self.layout.money != super::template::MoneyForm::Bare {
            self.printed.insert("currency");
        }
        self.form.money(amount.0)
    }

    fn kind(&self) -> Kind {
        match self.invoice.document_type.text() {
            Some("381") => Kind::Credit,
            _ if self.layout.paper == Paper::Roll => Kind::Receipt,
            _ => Kind::Invoice,
        }
    }

    fn title(&mut self, block: &Block, area: Area) -> f32 {
        let key = match self.kind() {
            Kind::Credit => "credit_title",
            Kind::Receipt => "receipt_title",
            Kind::Invoice | Kind::Prepaid => "title",
        };
        let mut title = self.label(key).to_owned();
        if block.show.iter().any(|fact| fact == "number")
            && let Some(number) = self.invoice.invoice_number.text()
        {
            self.printed.insert("invoice_number");
            title = format!("{title} {number}");
        }
        self.text(
            area,
            block.align,
            self.face(block.bold),
            self.size(block),
            self.tint(block),
            &title,
        )
    }

    /// Sentences by their keys; one that has nothing to say is left out.
    fn sentences(&mut self, block: &Block, area: Area) -> f32 {
        let mut y = area.y;
        for key in &block.show {
            if !self.words.has_text(key)
                || (key == "reminder" && !self.invoice.paid_amount.is_value())
            {
                continue;
            }
            let mut text = self.words.text(self.seed, key).to_owned();
            if text.contains("{date}") {
                let Some(due) = self.invoice.due_date.get() else {
                    continue;
                };
                text = text.replace("{date}", &self.form.date(due));
                self.printed.insert("due_date");
            }
            if text.contains("{n}") {
                let (Some(date), Some(due)) =
                    (self.invoice.invoice_date.get(), self.invoice.due_date.get())
                else {
                    continue;
                };
                text = text.replace("{n}", &date.days_until(due).to_string());
                self.printed.insert("terms");
            }
            y = self.paragraph(
                Area { y, ..area },
                block.align,
                self.face(block.bold),
                self.size(block),
                self.tint(block),
                &text,
            );
        }
        y
    }

    /// A mark of a few shapes, one of several.
    fn logo(&mut self, block: &Block, area: Area) -> f32 {
        let side = block.size.unwrap_or(40.0);
        let x = match block.align {
            Align::Left => area.x,
            Align::Centre => area.x + (area.w - side) / 2.0,
            Align::Right => area.x + area.w - side,
        };
        let accent = self.layout.accent;
        let part = side / 3.0;
        match Dice::named(self.seed, "logo").below(3) {
            0 => {
                self.fill((x, area.y), (x + side, area.y + side), accent);
                self.fill(
                    (x + part, area.y + part),
                    (x + 2.0 * part, area.y + side),
                    WHITE,
                );
            }
            1 => {
                for step in 0..3 {
                    let at = x + part * step as f32;
                    self.fill(
                        (at, area.y + part * (2 - step) as f32),
                        (at + part * 0.8, area.y + side),
                        accent,
                    );
                }
            }
            _ => {
                self.fill((x, area.y), (x + 1.6 * part, area.y + 1.6 * part), accent);
                self.fill(
                    (x + 1.4 * part, area.y + 1.4 * part),
                    (x + side, area.y + side),
                    GREY,
                );
            }
        }
        area.y + side
    }

    /// What stands at the bottom of every sheet; their number is known only now.
    fn feet(&mut self) {
        let count = self.sheets.len();
        if self.layout.paper == Paper::Roll {
            let end = self.low + self.layout.margin[3] * MM;
            self.sheet().height = end;
            return;
        }
        let done = std::mem::take(&mut self.sheets);
        for (place, sheet) in done.into_iter().enumerate() {
            let start = sheet.height - self.layout.margin[3] * MM;
            self.sheets.push(sheet);
            for block in &self.layout.foot {
                let mut area = self.area(block);
                area.y = start + block.y.unwrap_or(4.0) * MM;
                if block.what == What::Page {
                    let text = self
                        .label("page")
                        .replace("{n}", &(place + 1).to_string())
                        .replace("{m}", &count.to_string());
                    self.text(
                        area,
                        block.align,
                        self.face(false),
                        self.size(block),
                        GREY,
                        &text,
                    );
                } else {
                    self.draw(block, area);
                }
            }
        }
    }
}
