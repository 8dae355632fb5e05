//! Numbers and dates of the document, with their labels in the places layouts have for them.

use super::super::template::{Align, Block, Style};
use super::{Area, GREY, MM, SHADE, Setter};

impl Setter<'_> {
    /// Sets the facts a block asks for, those there are.
    pub(super) fn meta(&mut self, block: &Block, area: Area) -> f32 {
        let facts: Vec<(String, String)> = block
            .show
            .iter()
            .filter_map(|fact| self.dated(fact))
            .collect();
        if facts.is_empty() {
            return area.y;
        }
        let size = self.size(block);
        match block.style {
            Style::Columns | Style::Cells | Style::Grid => self.in_columns(block, area, &facts),
            Style::Run => {
                let between = block.between.as_deref().unwrap_or("   ");
                let text: Vec<String> = facts
                    .iter()
                    .map(|(label, value)| format!("{} {value}", self.punctuated(label)))
                    .collect();
                self.paragraph(
                    area,
                    block.align,
                    self.face(block.bold),
                    size,
                    self.tint(block),
                    &text.join(between),
                )
            }
            Style::Above => {
                let mut y = area.y;
                for (label, value) in &facts {
                    y = self.text(
                        Area { y, ..area },
                        block.align,
                        self.face(false),
                        size * 0.85,
                        GREY,
                        label,
                    );
                    y = self.text(
                        Area { y, ..area },
                        block.align,
                        self.face(block.bold),
                        size,
                        self.tint(block),
                        value,
                    ) + 2.5;
                }
                y
            }
            _ => self.in_rows(block, area, &facts),
        }
    }

    fn punctuated(&self, label: &str) -> String {
        if self.layout.colon && !label.ends_with(':') {
            format!("{label}:")
        } else {
            label.to_owned()
        }
    }

    fn in_rows(&mut self, block: &Block, area: Area, facts: &[(String, String)]) -> f32 {
        let size = self.size(block);
        let plain = self.face(false);
        let widest = facts
            .iter()
            .map(|(label, _)| plain.width(&self.punctuated(label), size))
            .fold(0.0, f32::max);
        // Labels get the room they need, values never less than 45 % of the block.
        let split = block
            .labels
            .map_or(widest + 3.0 * MM, |w| w * MM)
            .max(widest + 1.5 * MM)
            .min(area.w * 0.6);
        let mut y = area.y;
        for (label, value) in facts {
            let label = self.punctuated(label);
            let label_align = if block.align == Align::Right {
                Align::Right
            } else {
                Align::Left
            };
            let label_area = Area {
                y,
                w: split - 1.5 * MM,
                ..area
            };
            self.text(
                label_area,
                label_align,
                plain,
                size,
                self.tint(block),
                &label,
            );
            let value_area = Area {
                x: area.x + split,
                y,
                w: area.w - split,
            };
            let value_align = if block.style == Style::Ends {
                Align::Right
            } else {
                Align::Left
            };
            let next = self.text(
                value_area,
                value_align,
                self.face(block.bold),
                size,
                super::BLACK,
                value,
            );
            if matches!(block.style, Style::Ruled) {
                self.line(
                    (area.x, next + 0.5),
                    (area.x + area.w, next + 0.5),
                    0.4,
                    GREY,
                );
            }
            y = next + 1.0;
        }
        y
    }

    fn in_columns(&mut self, block: &Block, area: Area, facts: &[(String, String)]) -> f32 {
        let size = self.size(block);
        let pad = 1.5 * MM;
        let width = area.w / facts.len() as f32;
        let small = size * 0.82;
        let end = area.y + small * 1.32 + size * 1.32 + 2.0 * pad;
        if block.style == Style::Columns {
            self.fill(
                (area.x, area.y),
                (area.x + area.w, area.y + small * 1.32 + pad),
                SHADE,
            );
        }
        for (place, (label, value)) in facts.iter().enumerate() {
            let x = area.x + width * place as f32;
            if block.style != Style::Columns {
                self.edge((x, area.y), (x + width, end), GREY);
            }
            let cell = Area {
                x: x + pad,
                y: area.y + pad * 0.6,
                w: width - 2.0 * pad,
            };
            let y = self.text(cell, block.align, self.face(false), small, GREY, label);
            self.text(
                Area {
                    y: y + pad * 0.5,
                    ..cell
                },
                block.align,
                self.face(block.bold),
                size,
                super::BLACK,
                value,
            );
        }
        end
    }

    /// A number or date with its label, if it is there; what the truth names is noted as printed.
    fn dated(&mut self, fact: &str) -> Option<(String, String)> {
        let invoice = self.invoice;
        let value = match fact {
            "number" => invoice.invoice_number.text()?.to_owned(),
            "date" => self.form.date(invoice.invoice_date.get()?),
            "due" => self.form.date(invoice.due_date.get()?),
            "delivery" => self.form.date(invoice.delivery_date.get()?),
            "order" => invoice.po_reference.text()?.to_owned(),
            "customer" => invoice.buyer_id.text()?.to_owned(),
            "contact" => invoice.vendor_contact.text()?.to_owned(),
            "vat_id" => self.vat_as_printed(invoice.vendor_vat.text()?),
            "buyer_vat" => self.vat_as_printed(invoice.buyer_vat.text()?),
            "preceding" => invoice
                .preceding_invoices
                .first()?
                .number
                .text()?
                .to_owned(),
            "total" => {
                let total = invoice.total.get()?;
                self.money(total)
            }
            "amount_due" => {
                let due = invoice.amount_due.get()?;
                self.money(due)
            }
            _ => return None,
        };
        let noted = match fact {
            "number" => Some("invoice_number"),
            "date" => Some("invoice_date"),
            "due" => Some("due_date"),
            "order" => Some("po_reference"),
            "vat_id" => Some("vendor_vat"),
            "total" => Some("total"),
            "amount_due" => Some("amount_due"),
            _ => None,
        };
        self.printed.extend(noted);
        Some((self.label(fact).to_owned(), value))
    }
}
