//! The lines of the invoice as a table, over as many sheets as it takes.

use rust_decimal::RoundingStrategy::MidpointAwayFromZero;

use super::super::template::{Align, Block, Head, Paper, Style};
use super::{Area, GREY, MM, SHADE, Setter, WHITE};
use crate::model::{Decimal, LineItem};

/// A column with its place on the sheet.
struct Column<'a> {
    key: &'a str,
    x: f32,
    w: f32,
}

const PAD: f32 = 1.0 * MM;

impl Setter<'_> {
    /// Sets the table, turning sheets where it has to.
    pub(super) fn table(&mut self, block: &Block, area: Area) -> f32 {
        let columns = places(block, area);
        let mut y = self.table_head(block, &columns, area);
        let mut top = area.y;
        let lines = self.invoice.line_items.clone();
        let mut carried = Decimal::ZERO;
        for (place, line) in lines.iter().enumerate() {
            let height = self.row_height(block, &columns, line);
            let reserve = if self.layout.carry { 7.0 * MM } else { 0.0 };
            if y + height + reserve > self.bottom() && self.layout.paper != Paper::Roll {
                if self.layout.carry {
                    self.carried(area, y, carried);
                }
                self.close(block, &columns, area, top, y);
                self.turn();
                top = self.low;
                y = self.table_head(block, &columns, Area { y: top, ..area });
                if self.layout.carry {
                    y = self.carried(area, y, carried);
                }
            }
            if block.style == Style::Zebra && place % 2 == 1 {
                self.fill((area.x, y), (area.x + area.w, y + height), SHADE);
            }
            self.row(block, &columns, line, place, y);
            y += height;
            if matches!(block.style, Style::Ruled | Style::Grid) {
                self.line((area.x, y), (area.x + area.w, y), 0.4, GREY);
            }
            carried += line.total.get().unwrap_or_default().0;
        }
        self.close(block, &columns, area, top, y);
        self.sums_in_table(block, &columns, area, y)
    }

    /// The sums as last rows, under the column of the lines' sums.
    fn sums_in_table(
        &mut self,
        block: &Block,
        columns: &[Column<'_>],
        area: Area,
        mut y: f32,
    ) -> f32 {
        let rows = self.sums(&block.show);
        let sums = |column: &&Column<'_>| matches!(column.key, "net" | "net_money" | "gross");
        let Some(last) = columns.iter().rev().find(sums).or(columns.last()) else {
            return y;
        };
        let size = self.size(block);
        for row in rows {
            let height = size * 1.32 + 2.0 * PAD;
            let face = self.face(row.strong);
            let label = Area {
                x: area.x + PAD,
                y: y + PAD,
                w: last.x - area.x - 3.0 * PAD,
            };
            self.text(label, Align::Right, face, size, super::BLACK, &row.label);
            let value = Area {
                x: last.x + PAD,
                y: y + PAD,
                w: last.w - 2.0 * PAD,
            };
            self.text(value, Align::Right, face, size, super::BLACK, &row.value);
            y += height;
            if matches!(block.style, Style::Grid | Style::Ruled) {
                self.edge((last.x, y - height), (last.x + last.w, y), GREY);
            }
        }
        y
    }

    fn carried(&mut self, area: Area, y: f32, sum: Decimal) -> f32 {
        let size = self.layout.size;
        let label = self.label("carried").to_owned();
        let value = self.form.bare(sum);
        let row = Area {
            x: area.x + PAD,
            y: y + 2.0,
            w: area.w - 2.0 * PAD,
        };
        self.text(
            Area {
                w: row.w * 0.8,
                ..row
            },
            Align::Right,
            self.face(true),
            size,
            super::BLACK,
            &label,
        );
        self.text(
            row,
            Align::Right,
            self.face(true),
            size,
            super::BLACK,
            &value,
        ) + 2.0
    }

    /// Lines around and between, once the height is known.
    fn close(&mut self, block: &Block, columns: &[Column<'_>], area: Area, top: f32, end: f32) {
        match block.style {
            Style::Grid => {
                for column in columns {
                    self.edge((column.x, top), (column.x + column.w, end), GREY);
                }
            }
            Style::Boxed => self.edge((area.x, top), (area.x + area.w, end), GREY),
            Style::Plain if block.head == Head::Rule => {
                self.line((area.x, end), (area.x + area.w, end), 0.8, GREY);
            }
            _ => {}
        }
    }

    fn table_head(&mut self, block: &Block, columns: &[Column<'_>], area: Area) -> f32 {
        if block.head == Head::None {
            return area.y;
        }
        let size = self.size(block) * 0.95;
        let face = self.face(true);
        let heads: Vec<Vec<String>> = columns
            .iter()
            .map(|column| face.wrap(self.label(head_key(column.key)), size, column.w - 2.0 * PAD))
            .collect();
        let rows = heads.iter().map(Vec::len).max().unwrap_or(1);
        let end = area.y + rows as f32 * size * 1.32 + 2.0 * PAD;
        let colour = match block.head {
            Head::Fill => {
                self.fill((area.x, area.y), (area.x + area.w, end), self.layout.accent);
                WHITE
            }
            Head::Grey => {
                self.fill((area.x, area.y), (area.x + area.w, end), SHADE);
                super::BLACK
            }
            Head::Rule => {
                self.line((area.x, end), (area.x + area.w, end), 0.8, GREY);
                super::BLACK
            }
            Head::Plain | Head::None => super::BLACK,
        };
        for (column, lines) in columns.iter().zip(heads) {
            let mut y = area.y + PAD;
            for line in lines {
                let cell = Area {
                    x: column.x + PAD,
                    y,
                    w: column.w - 2.0 * PAD,
                };
                y = self.text(cell, side(column.key), face, size, colour, &line);
            }
        }
        end
    }

    fn row_height(&self, block: &Block, columns: &[Column<'_>], line: &LineItem) -> f32 {
        let size = self.size(block);
        let width = columns
            .iter()
            .find(|column| column.key == "description")
            .map_or(0.0, |column| column.w);
        let rows = self
            .face(false)
            .wrap(
                line.description.text().unwrap_or_default(),
                size,
                width - 2.0 * PAD,
            )
            .len();
        let rows = rows.max(1) + usize::from(block.style == Style::Stacked);
        let pad = if block.style == Style::Stacked {
            0.5
        } else {
            PAD
        };
        rows as f32 * size * 1.32 + 2.0 * pad
    }

    fn row(
        &mut self,
        block: &Block,
        columns: &[Column<'_>],
        line: &LineItem,
        place: usize,
        y: f32,
    ) {
        let size = self.size(block);
        let face = self.face(false);
        let stacked = block.style == Style::Stacked;
        let top = if stacked { y + 0.5 } else { y + PAD };
        let mut below = top;
        for column in columns {
            let cell = Area {
                x: column.x + PAD,
                y: top,
                w: column.w - 2.0 * PAD,
            };
            let Some(text) = self.cell(column.key, line, place) else {
                continue;
            };
            if column.key == "description" {
                below = self.paragraph(cell, Align::Left, face, size, super::BLACK, &text);
                self.printed.insert("description");
            } else {
                self.text(cell, side(column.key), face, size, super::BLACK, &text);
            }
        }
        if stacked
            && let (Some(first), Some(quantity), Some(price)) = (
                columns.first(),
                self.cell("quantity", line, place),
                self.cell("price", line, place),
            )
        {
            let text = format!("   {quantity} x {price}");
            let cell = Area {
                x: first.x + PAD,
                y: below,
                w: first.w - 2.0 * PAD,
            };
            self.text(cell, Align::Left, face, size, super::BLACK, &text);
        }
    }

    /// What a line says in a column.
    fn cell(&mut self, key: &str, line: &LineItem, place: usize) -> Option<String> {
        let net = line.total.get();
        let tax = || {
            let share = net?.0 * line.vat_rate.get()?.0 / Decimal::ONE_HUNDRED;
            Some(share.round_dp_with_strategy(2, MidpointAwayFromZero))
        };
        let text = match key {
            "position" => (place + 1).to_string(),
            "code" => line.product_code.text()?.to_owned(),
            "description" => line.description.text()?.to_owned(),
            "day" => self.form.date(
                self.invoice
                    .delivery_date
                    .get()
                    .or(self.invoice.invoice_date.get())?,
            ),
            "quantity" => {
                self.printed.insert("quantity");
                self.form.number(line.quantity.get()?.0, 0)
            }
            "unit" => line.unit.text()?.to_owned(),
            "amount" => {
                self.printed.insert("quantity");
                format!(
                    "{} {}",
                    self.form.number(line.quantity.get()?.0, 0),
                    line.unit.text()?
                )
            }
            "price" => {
                self.printed.insert("unit_price");
                self.form.bare(line.unit_price.get()?.0)
            }
            "discount" => {
                let off = line.discount_percent.get()?.0;
                if off.is_zero() {
                    return None;
                }
                format!("{} %", self.form.rate(off))
            }
            "rate" => format!("{}%", self.form.rate(line.vat_rate.get()?.0)),
            "tax" => self.form.bare(tax()?),
            "net" => {
                self.printed.insert("line_total");
                self.form.bare(net?.0)
            }
            // Where prices include VAT, the line's sum does too.
            "gross" if self.layout.gross => {
                self.printed.insert("line_total");
                self.form.bare(net?.0)
            }
            "gross" => self.form.bare(net?.0 + tax()?),
            "net_money" => {
                self.printed.insert("line_total");
                self.money(net?)
            }
            _ => return None,
        };
        Some(text)
    }
}

/// The label of a column's head.
fn head_key(column: &str) -> &str {
    match column {
        "amount" => "quantity",
        "net_money" => "net",
        other => other,
    }
}

fn side(column: &str) -> Align {
    match column {
        "position" | "code" | "description" | "day" | "unit" => Align::Left,
        "rate" | "discount" => Align::Centre,
        _ => Align::Right,
    }
}

fn places(block: &Block, area: Area) -> Vec<Column<'_>> {
    let fixed: f32 = block.columns.iter().map(|(_, w)| w * MM).sum();
    let open = block
        .columns
        .iter()
        .filter(|(_, w)| *w == 0.0)
        .count()
        .max(1);
    let rest = ((area.w - fixed) / open as f32).max(20.0 * MM);
    let mut x = area.x;
    block
        .columns
        .iter()
        .map(|(key, w)| {
            let w = if *w == 0.0 { rest } else { w * MM };
            let column = Column { key, x, w };
            x += w;
            column
        })
        .collect()
}
