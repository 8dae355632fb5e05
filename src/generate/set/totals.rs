//! The sums at the end, and the table of VAT by rate.

use super::super::template::{Align, Block, Style};
use super::{Area, GREY, MM, SHADE, Setter, WHITE};
use crate::model::VatBreakdown;

/// A row of the sums.
pub(super) struct Sum {
    pub(super) label: String,
    pub(super) value: String,
    pub(super) strong: bool,
}

impl Setter<'_> {
    /// The rows that a list of keys asks for, those there are.
    pub(super) fn sums(&mut self, show: &[String]) -> Vec<Sum> {
        let invoice = self.invoice;
        let mut rows = Vec::new();
        for key in show {
            match key.as_str() {
                "vat" | "included" => {
                    for part in &invoice.vat_breakdown {
                        let (Some(rate), Some(amount)) = (part.rate.get(), part.amount.get())
                        else {
                            continue;
                        };
                        let label = self.label(key).replace("{rate}", &self.form.rate(rate.0));
                        let value = self.money(amount);
                        rows.push(Sum {
                            label,
                            value,
                            strong: false,
                        });
                        self.printed.insert("vat_amount");
                    }
                    continue;
                }
                "prepaid" | "amount_due" if !invoice.paid_amount.is_value() => continue,
                _ => {}
            }
            let (field, note) = match key.as_str() {
                "subtotal" => (&invoice.subtotal, "subtotal"),
                // What a till was given is the total itself.
                "total" | "cash" => (&invoice.total, "total"),
                "prepaid" => (&invoice.paid_amount, "paid_amount"),
                "amount_due" => (&invoice.amount_due, "amount_due"),
                _ => continue,
            };
            let Some(amount) = field.get() else { continue };
            let value = self.money(amount);
            self.printed.insert(note);
            let strong = match key.as_str() {
                "total" => {
                    !invoice.paid_amount.is_value() || !show.iter().any(|key| key == "amount_due")
                }
                other => other == "amount_due",
            };
            rows.push(Sum {
                label: self.label(key).to_owned(),
                value,
                strong,
            });
        }
        rows
    }

    /// Sets the sums.
    pub(super) fn totals(&mut self, block: &Block, area: Area) -> f32 {
        let rows = self.sums(&block.show);
        if rows.is_empty() {
            return area.y;
        }
        match block.style {
            Style::Columns | Style::Cells => return self.sums_in_columns(block, area, &rows),
            Style::Above => return self.sums_below_labels(block, area, &rows),
            _ => {}
        }
        let size = self.size(block);
        let mut y = area.y;
        for row in &rows {
            let size = if row.strong && block.style != Style::Plain {
                size * 1.12
            } else {
                size
            };
            let face = self.face(row.strong);
            let filled = row.strong && block.style == Style::Filled;
            let height = size * 1.32
                + if block.style == Style::Plain {
                    1.0
                } else {
                    4.0
                };
            if filled {
                self.fill(
                    (area.x, y),
                    (area.x + area.w, y + height),
                    self.layout.accent,
                );
            } else if row.strong && block.style == Style::Ruled {
                self.line((area.x, y), (area.x + area.w, y), 0.8, GREY);
            }
            if block.style == Style::Grid {
                self.edge((area.x, y), (area.x + area.w, y + height), GREY);
            }
            let colour = if filled { WHITE } else { super::BLACK };
            let pad = if matches!(block.style, Style::Plain | Style::Ruled) {
                0.0
            } else {
                1.2 * MM
            };
            let inner = Area {
                x: area.x + pad,
                y: y + (height - size * 1.32) / 2.0,
                w: area.w - 2.0 * pad,
            };
            let label = if self.layout.colon {
                format!("{}:", row.label)
            } else {
                row.label.clone()
            };
            let needed = face.width(&row.value, size);
            let room = Area {
                w: (inner.w - needed - MM).max(inner.w * 0.4),
                ..inner
            };
            let align = if block.align == Align::Right {
                Align::Right
            } else {
                Align::Left
            };
            self.text(room, align, face, size, colour, &label);
            self.text(inner, Align::Right, face, size, colour, &row.value);
            y += height;
        }
        if block.style == Style::Boxed {
            self.edge((area.x, area.y - 1.0), (area.x + area.w, y + 1.0), GREY);
        }
        if block.style == Style::Ruled {
            self.line((area.x, y + 1.0), (area.x + area.w, y + 1.0), 0.8, GREY);
            self.line((area.x, y + 3.0), (area.x + area.w, y + 3.0), 0.8, GREY);
            y += 3.0;
        }
        y
    }

    fn sums_in_columns(&mut self, block: &Block, area: Area, rows: &[Sum]) -> f32 {
        let size = self.size(block);
        let width = area.w / rows.len() as f32;
        let pad = 1.5 * MM;
        let end = area.y + size * 2.64 + 2.0 * pad;
        for (place, row) in rows.iter().enumerate() {
            let x = area.x + width * place as f32;
            if block.style == Style::Cells {
                self.edge((x, area.y), (x + width, end), GREY);
            } else if row.strong {
                self.fill((x, area.y), (x + width, end), SHADE);
            }
            let cell = Area {
                x: x + pad,
                y: area.y + pad * 0.6,
                w: width - 2.0 * pad,
            };
            let y = self.text(
                cell,
                Align::Right,
                self.face(false),
                size * 0.9,
                GREY,
                &row.label,
            );
            self.text(
                Area {
                    y: y + pad * 0.6,
                    ..cell
                },
                Align::Right,
                self.face(row.strong),
                size,
                super::BLACK,
                &row.value,
            );
        }
        end
    }

    fn sums_below_labels(&mut self, block: &Block, area: Area, rows: &[Sum]) -> f32 {
        let size = self.size(block);
        let mut y = area.y;
        for row in rows {
            y = self.text(
                Area { y, ..area },
                block.align,
                self.face(false),
                size * 0.85,
                GREY,
                &row.label,
            );
            let size = if row.strong { size * 1.3 } else { size };
            y = self.text(
                Area { y, ..area },
                block.align,
                self.face(row.strong),
                size,
                self.tint(block),
                &row.value,
            ) + 3.0;
        }
        y
    }

    /// Sets the VAT of each rate: rate, base, VAT.
    pub(super) fn rates(&mut self, block: &Block, area: Area) -> f32 {
        let size = self.size(block);
        let width = area.w / 3.0;
        let cell = |place: usize, y: f32| Area {
            x: area.x + width * place as f32,
            y,
            w: width - MM,
        };
        let mut y = area.y;
        for (place, key) in ["rate", "base", "tax"].into_iter().enumerate() {
            let label = self.label(key).to_owned();
            self.text(
                cell(place, y),
                Align::Right,
                self.face(true),
                size,
                super::BLACK,
                &label,
            );
        }
        y += size * 1.5;
        self.line((area.x, y), (area.x + area.w, y), 0.5, GREY);
        y += 2.0;
        let parts: Vec<VatBreakdown> = self.invoice.vat_breakdown.clone();
        for part in parts {
            let (Some(rate), Some(base), Some(amount)) =
                (part.rate.get(), part.base.get(), part.amount.get())
            else {
                continue;
            };
            let texts = [
                format!("{} %", self.form.rate(rate.0)),
                self.form.bare(base.0),
                self.form.bare(amount.0),
            ];
            for (place, text) in texts.iter().enumerate() {
                self.text(
                    cell(place, y),
                    Align::Right,
                    self.face(false),
                    size,
                    super::BLACK,
                    text,
                );
            }
            y += size * 1.4;
            self.printed.insert("vat_amount");
        }
        y
    }
}
