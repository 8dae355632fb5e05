//! Facts of the seller and the buyer: name, address, ids, bank.

use super::super::ids::grouped;
use super::super::template::{Align, Block, Style};
use super::{Area, GREY, Setter};
use crate::model::{Account, Address};

impl Setter<'_> {
    /// Sets the facts a block asks for, those there are.
    pub(super) fn party(&mut self, block: &Block, area: Area, side: &str) -> f32 {
        let (face, size, tint) = (self.face(block.bold), self.size(block), self.tint(block));
        let facts: Vec<(Option<String>, String)> = block
            .show
            .iter()
            .filter_map(|fact| self.fact(side, fact))
            .collect();
        let mut y = area.y;
        if facts.is_empty() {
            return y;
        }
        if block.label {
            let label = self.label_before(side);
            let bold = self.face(true);
            y = self.text(Area { y, ..area }, block.align, bold, size, tint, &label) + 1.0;
        }
        if block.style == Style::Run {
            let between = block.between.as_deref().unwrap_or(" · ");
            let text: Vec<String> = facts
                .into_iter()
                .map(|(label, value)| labelled(label, &value))
                .collect();
            return self.paragraph(
                Area { y, ..area },
                block.align,
                face,
                size,
                tint,
                &text.join(between),
            );
        }
        for (label, value) in facts {
            match (block.style, label) {
                (Style::Above, Some(label)) => {
                    y = self.text(
                        Area { y, ..area },
                        block.align,
                        face,
                        size * 0.8,
                        GREY,
                        &label,
                    );
                    y = self.text(Area { y, ..area }, block.align, face, size, tint, &value) + 1.5;
                }
                (Style::Ends, Some(label)) => {
                    let split = block.labels.map_or(area.w * 0.4, |w| w * super::MM);
                    self.text(
                        Area {
                            y,
                            w: split,
                            ..area
                        },
                        Align::Left,
                        face,
                        size,
                        tint,
                        &label,
                    );
                    let rest = Area {
                        x: area.x + split,
                        y,
                        w: area.w - split,
                    };
                    y = self.text(rest, Align::Left, face, size, tint, &value);
                }
                // In one line: an IBAN in two is no longer one to read.
                (_, label) => {
                    y = self.text(
                        Area { y, ..area },
                        block.align,
                        face,
                        size,
                        tint,
                        &labelled(label, &value),
                    );
                }
            }
        }
        y
    }

    /// A fact with its label, if it is there; what the truth names is noted as printed.
    fn fact(&mut self, side: &str, fact: &str) -> Option<(Option<String>, String)> {
        let invoice = self.invoice;
        let vendor = side == "vendor";
        let address: Option<&Address> = if vendor {
            invoice.vendor_address.value()
        } else {
            invoice.buyer_address.value()
        };
        let account: Option<&Account> = invoice
            .payment
            .value()
            .and_then(|payment| payment.accounts.first());
        let text = match (fact, vendor) {
            ("name", true) => invoice.vendor_name.text()?.to_owned(),
            ("name", false) => invoice.buyer_name.text()?.to_owned(),
            ("street", _) => address?.line1.text()?.to_owned(),
            ("place", _) => {
                let place = address?;
                self.words
                    .place
                    .replace("{postcode}", place.postcode.text().unwrap_or_default())
                    .replace("{city}", place.city.text()?)
            }
            // The words know the name of their own country only.
            ("country", _) => (address?.country.text()? == self.words.country)
                .then(|| self.words.country_name.clone())?,
            ("phone", true) => invoice.vendor_phone.text()?.to_owned(),
            ("email", true) => invoice.vendor_email.text()?.to_owned(),
            ("web", true) => invoice.vendor_website.text()?.to_owned(),
            ("vat", true) => self.vat_as_printed(invoice.vendor_vat.text()?),
            ("vat", false) => self.vat_as_printed(invoice.buyer_vat.text()?),
            ("tax_number", true) => invoice.vendor_tax_number.text()?.to_owned(),
            ("register", true) => invoice.vendor_registration.text()?.to_owned(),
            ("director" | "contact", true) => invoice.vendor_contact.text()?.to_owned(),
            ("customer", false) => invoice.buyer_id.text()?.to_owned(),
            ("iban", true) => grouped(invoice.iban.text()?),
            ("bic", true) => invoice.bic.text()?.to_owned(),
            ("bank", true) => account?.bank_name.text()?.to_owned(),
            _ => return None,
        };
        let noted = match (fact, vendor) {
            ("name", true) => Some("vendor_name"),
            ("name", false) => Some("buyer_name"),
            ("vat", true) => Some("vendor_vat"),
            ("iban", true) => Some("iban"),
            _ => None,
        };
        self.printed.extend(noted);
        let key = match (fact, vendor) {
            ("vat", true) => "vat_id",
            ("vat", false) => "buyer_vat",
            ("name" | "street" | "place" | "country", _) => return Some((None, text)),
            (other, _) => other,
        };
        let label = self.words.has_label(key).then(|| self.label_before(key));
        Some((label, text))
    }

    /// A VAT id as the country's paper has it: without its prefix where that is the custom, but for one page in four.
    pub(super) fn vat_as_printed(&self, id: &str) -> String {
        let prefixed = super::super::dice::Dice::named(self.seed, "vat prefix").one_in(4);
        match id.get(2..) {
            Some(body)
                if self.words.vat_plain
                    && !prefixed
                    && id.starts_with(self.words.country.as_str()) =>
            {
                body.to_owned()
            }
            _ => id.to_owned(),
        }
    }
}

fn labelled(label: Option<String>, value: &str) -> String {
    label.map_or_else(|| value.to_owned(), |label| format!("{label} {value}"))
}
