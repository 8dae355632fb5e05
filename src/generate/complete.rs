//! Sums that follow from lines: what an order leaves out.
//!
//! Line sums are rounded to the cent each, VAT once a rate, half away from zero: as EN 16931 has it.

use rust_decimal::RoundingStrategy::MidpointAwayFromZero;

use crate::model::{Amount, Decimal, Field, Invoice, LineItem, Rate, VatBreakdown, minor_units};

/// Fills in what follows from the lines and is not there yet.
pub fn complete(invoice: &mut Invoice) {
    let units = invoice.currency.text().and_then(minor_units).unwrap_or(2);
    let cents = |value: Decimal| {
        let mut value = value.round_dp_with_strategy(units, MidpointAwayFromZero);
        value.rescale(units);
        Amount(value)
    };
    for line in &mut invoice.line_items {
        let full = line_sum(line);
        line.total.or_fill(full.map(cents));
    }
    let gross = invoice
        .line_items
        .iter()
        .any(|line| line.prices_include_vat.get() == Some(true));
    if invoice.vat_breakdown.is_empty() {
        invoice.vat_breakdown = breakdown(&invoice.line_items, gross, &cents);
    }
    let sum = |of: fn(&VatBreakdown) -> Option<Amount>| {
        Amount(
            invoice
                .vat_breakdown
                .iter()
                .filter_map(of)
                .map(|amount| amount.0)
                .sum(),
        )
    };
    let (base, vat) = (sum(|part| part.base.get()), sum(|part| part.amount.get()));
    if invoice.vat_breakdown.is_empty() {
        return;
    }
    invoice.subtotal.or_fill(Some(cents(base.0)));
    invoice.vat_amount.or_fill(Some(cents(vat.0)));
    invoice.total.or_fill(Some(cents(base.0 + vat.0)));
    let due = invoice
        .total
        .get()
        .map(|total| cents(total.0 - invoice.paid_amount.get().unwrap_or_default().0));
    invoice.amount_due.or_fill(due);
}

fn line_sum(line: &LineItem) -> Option<Decimal> {
    let full = line.quantity.get()?.0 * line.unit_price.get()?.0;
    let off = line.discount_percent.get().unwrap_or_default().0;
    Some(full * (Decimal::ONE_HUNDRED - off) / Decimal::ONE_HUNDRED)
}

/// Base and VAT of each rate, the highest first.
fn breakdown(
    lines: &[LineItem],
    gross: bool,
    cents: &dyn Fn(Decimal) -> Amount,
) -> Vec<VatBreakdown> {
    let mut rates: Vec<Rate> = lines
        .iter()
        .filter_map(|line| line.vat_rate.get())
        .collect();
    rates.sort_unstable();
    rates.dedup();
    rates
        .into_iter()
        .rev()
        .map(|rate| {
            let sum: Decimal = lines
                .iter()
                .filter(|line| line.vat_rate.get() == Some(rate))
                .filter_map(|line| line.total.get())
                .map(|amount| amount.0)
                .sum();
            let share = if gross {
                Decimal::ONE_HUNDRED + rate.0
            } else {
                Decimal::ONE_HUNDRED
            };
            let vat = cents(sum * rate.0 / share);
            let base = if gross { sum - vat.0 } else { sum };
            VatBreakdown {
                rate: rate.into(),
                base: cents(base).into(),
                amount: vat.into(),
                category: Field::Value("S".to_owned()),
                ..VatBreakdown::default()
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bought(quantity: &str, price: &str, rate: &str, gross: bool) -> LineItem {
        LineItem {
            quantity: quantity
                .parse::<crate::model::Quantity>()
                .expect("a quantity")
                .into(),
            unit_price: price
                .parse::<crate::model::Quantity>()
                .expect("a price")
                .into(),
            vat_rate: rate.parse::<Rate>().expect("a rate").into(),
            prices_include_vat: gross.into(),
            ..LineItem::default()
        }
    }

    #[test]
    fn sums_follow_from_lines() {
        for (gross, subtotal, vat, total) in [
            (false, "30.50", "5.48", "35.98"),
            (true, "25.87", "4.63", "30.50"),
        ] {
            let mut invoice = Invoice {
                line_items: vec![
                    bought("2", "10.25", "19", gross),
                    bought("1", "5.00", "19", gross),
                    bought("0.5", "10.00", "12.5", gross),
                ],
                ..Invoice::default()
            };
            complete(&mut invoice);
            let read = |amount: &Field<Amount>| amount.get().map(|amount| amount.0.to_string());
            assert_eq!(
                read(&invoice.subtotal),
                Some(subtotal.to_owned()),
                "{gross}"
            );
            assert_eq!(read(&invoice.vat_amount), Some(vat.to_owned()), "{gross}");
            assert_eq!(read(&invoice.total), Some(total.to_owned()), "{gross}");
            assert_eq!(read(&invoice.amount_due), Some(total.to_owned()), "{gross}");
        }
    }

    #[test]
    fn what_is_there_stays() {
        let mut invoice = Invoice {
            total: Amount(Decimal::ONE).into(),
            line_items: vec![bought("2", "10", "19", false)],
            ..Invoice::default()
        };
        complete(&mut invoice);
        assert_eq!(invoice.total.get(), Some(Amount(Decimal::ONE)));
    }
}
