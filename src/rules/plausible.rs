//! Numbers that can be reckoned with: below these limits no sum or product of a rule overflows.

use crate::model::{AllowanceCharge, Amount, Decimal, Field, Invoice, Quantity, Rate};

/// The largest amount, quantity or price.
const LARGEST: Decimal = Decimal::from_parts(3_567_587_328, 232, 0, false, 0);
/// The largest rate.
const HIGHEST: Decimal = Decimal::from_parts(1_000, 0, 0, false, 0);

/// The numbers of an invoice that are beyond the limits, with the paths of their fields.
pub(super) fn beyond(invoice: &Invoice) -> Vec<(String, Decimal)> {
    let mut found = Beyond(Vec::new());
    for (name, field) in [
        ("lines_total", &invoice.lines_total),
        ("allowance_total", &invoice.allowance_total),
        ("charge_total", &invoice.charge_total),
        ("subtotal", &invoice.subtotal),
        ("vat_amount", &invoice.vat_amount),
        ("total", &invoice.total),
        ("paid_amount", &invoice.paid_amount),
        ("rounding", &invoice.rounding),
        ("amount_due", &invoice.amount_due),
        ("previous_balance", &invoice.previous_balance),
    ] {
        found.amount(name.to_owned(), field);
    }
    found.parts("", &invoice.allowances, &invoice.charges);
    for (row, place) in invoice.vat_breakdown.iter().zip(0_usize..) {
        let path = format!("vat_breakdown[{place}]");
        found.amount(format!("{path}.base"), &row.base);
        found.amount(format!("{path}.amount"), &row.amount);
        found.rate(format!("{path}.rate"), &row.rate);
    }
    for (tax, place) in invoice.withholding.iter().zip(0_usize..) {
        found.amount(format!("withholding[{place}].amount"), &tax.amount);
    }
    for (line, place) in invoice.line_items.iter().zip(0_usize..) {
        let path = format!("line_items[{place}].");
        found.amount(format!("{path}total"), &line.total);
        found.amount(format!("{path}discount_amount"), &line.discount_amount);
        found.quantity(format!("{path}quantity"), &line.quantity);
        found.quantity(format!("{path}unit_price"), &line.unit_price);
        found.quantity(format!("{path}price_discount"), &line.price_discount);
        found.rate(format!("{path}discount_percent"), &line.discount_percent);
        found.rate(format!("{path}vat_rate"), &line.vat_rate);
        found.parts(&path, &line.allowances, &line.charges);
    }
    found.0
}

/// Tells whether an amount of another source is within the limits.
pub(super) fn within(amount: Amount) -> bool {
    amount.decimal().abs() <= LARGEST
}

struct Beyond(Vec<(String, Decimal)>);

impl Beyond {
    fn amount(&mut self, path: String, field: &Field<Amount>) {
        self.note(path, field.get().map(Amount::decimal), LARGEST);
    }

    fn quantity(&mut self, path: String, field: &Field<Quantity>) {
        self.note(path, field.get().map(Quantity::decimal), LARGEST);
    }

    /// A discount may be printed with a minus, a VAT rate not; both are judged by their size here.
    fn rate(&mut self, path: String, field: &Field<Rate>) {
        self.note(path, field.get().map(Rate::decimal), HIGHEST);
    }

    fn parts(&mut self, path: &str, allowances: &[AllowanceCharge], charges: &[AllowanceCharge]) {
        for (name, parts) in [("allowances", allowances), ("charges", charges)] {
            for (part, place) in parts.iter().zip(0_usize..) {
                self.amount(format!("{path}{name}[{place}].amount"), &part.amount);
                self.rate(format!("{path}{name}[{place}].percent"), &part.percent);
            }
        }
    }

    fn note(&mut self, path: String, value: Option<Decimal>, largest: Decimal) {
        if let Some(value) = value.filter(|value| value.abs() > largest) {
            self.0.push((path, value));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limits_are_what_they_are_said_to_be() {
        assert_eq!(LARGEST.to_string(), "1000000000000");
        assert_eq!(HIGHEST.to_string(), "1000");
    }
}
