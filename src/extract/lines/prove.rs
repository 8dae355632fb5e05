//! A row proves itself: quantity × price, less discount, is its sum; or its net with VAT is its gross.

use super::{CENTS, Item, Read};
use crate::extract::amounts::Money;
use crate::model::Decimal;

/// A number of a row, with its other reading.
#[derive(Clone, Debug)]
pub(super) struct Number {
    /// Its page.
    pub(super) page: usize,
    /// Itself.
    pub(super) money: Money,
}

impl Number {
    /// Its readings, the likelier first.
    fn values(&self) -> impl Iterator<Item = Decimal> {
        std::iter::once(self.money.value).chain(self.money.other)
    }

    /// One of its readings with its place.
    fn read(&self, value: Decimal) -> Read<Decimal> {
        Read {
            value,
            page: self.page,
            words: self.money.words.clone(),
        }
    }
}

/// The numbers of a row by column.
#[derive(Clone, Debug, Default)]
pub(super) struct Numbers {
    pub(super) quantity: Option<Number>,
    pub(super) price: Option<Number>,
    pub(super) discount: Option<Number>,
    pub(super) rate: Option<Number>,
    pub(super) vat: Option<Number>,
    pub(super) net: Option<Number>,
    pub(super) gross: Option<Number>,
}

/// Fills the item's numbers with those readings that prove it, or else with the likelier ones; `by_vat` where the table
/// has no columns of quantity and price, so that net, rate and gross are all there is.
pub(super) fn settle(numbers: &Numbers, by_vat: bool, item: &mut Item) {
    let first = |number: &Option<Number>| {
        number
            .as_ref()
            .map(|number| number.read(number.money.value))
    };
    item.quantity = first(&numbers.quantity);
    item.unit_price = first(&numbers.price);
    item.vat_rate = first(&numbers.rate)
        .filter(|rate| rate.value >= Decimal::ZERO && rate.value <= Decimal::from(40));
    item.vat_amount = first(&numbers.vat);
    item.net = first(&numbers.net);
    item.gross = first(&numbers.gross);
    if let Some(discount) = &numbers.discount {
        item.discount_percent = first(&numbers.discount).filter(|_| {
            discount.money.percent || discount.money.value.abs() <= Decimal::ONE_HUNDRED
        });
    }
    let discount = numbers
        .discount
        .as_ref()
        .map(|discount| discount.money.value.abs());
    for (sum, gross) in [(&numbers.net, false), (&numbers.gross, true)] {
        let Some(sum) = sum else { continue };
        for total in sum.values() {
            let Some((quantity, price, percent)) = product(numbers, total, discount) else {
                continue;
            };
            if let Some(quantity) = quantity {
                item.quantity = numbers
                    .quantity
                    .as_ref()
                    .map(|number| number.read(quantity));
            }
            item.unit_price = numbers.price.as_ref().map(|number| number.read(price));
            let read = Some(sum.read(total));
            if gross {
                item.gross = read;
            } else {
                item.net = read;
            }
            if !percent {
                item.discount_percent = None;
            }
            item.proven = true;
            return;
        }
    }
    // Neither quantity nor price, but net, rate and gross agree.
    if let (Some(net), Some(gross), Some(rate)) = (&item.net, &item.gross, &item.vat_rate) {
        let with_vat = net.value + net.value * rate.value / Decimal::ONE_HUNDRED;
        item.proven = !rate.value.is_zero() && (with_vat - gross.value).abs() <= CENTS && by_vat;
    }
    if item.quantity.is_some() && item.net.as_ref().or(item.gross.as_ref()).is_some() {
        // A price that contradicts the sum is one of something else: per hundred, before a discount, of another line.
        item.unit_price = None;
    }
}

/// Readings of quantity and price whose product is the sum, and whether the discount is a percentage.
fn product(
    numbers: &Numbers,
    total: Decimal,
    discount: Option<Decimal>,
) -> Option<(Option<Decimal>, Decimal, bool)> {
    let price = numbers.price.as_ref()?;
    let Some(quantity) = &numbers.quantity else {
        // A price that is printed twice is that of one piece.
        return price
            .values()
            .find(|price| *price == total)
            .map(|price| (None, price, true));
    };
    for quantity in quantity.values() {
        for price in price.values() {
            let full = quantity.checked_mul(price)?;
            let meets = |sum: Decimal| (sum - total).abs() <= CENTS;
            if meets(full) {
                return Some((Some(quantity), price, true));
            }
            if let Some(discount) = discount {
                if discount <= Decimal::ONE_HUNDRED
                    && meets(full - full * discount / Decimal::ONE_HUNDRED)
                {
                    return Some((Some(quantity), price, true));
                }
                if meets(full - discount) || meets(full - discount * quantity) {
                    return Some((Some(quantity), price, false));
                }
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Option<Number> {
        let mut readings = crate::lang::numbers::read(text, None).into_iter();
        let first = readings.next()?;
        Some(Number {
            page: 0,
            money: Money {
                words: 0..1,
                value: first.value,
                other: readings.next().map(|reading| reading.value),
                decimals: first.decimals,
                percent: first.percent,
                currency: first.currency,
            },
        })
    }

    #[test]
    fn rows_that_prove_themselves_and_rows_that_do_not() {
        for (quantity, price, discount, net, proven, read) in [
            ("2", "3.89", "", "7.78", true, "2"),
            ("1.000", "1,50", "", "1.500,00", true, "1000"),
            ("1.000", "1,50", "", "1,50", true, "1.000"),
            ("3", "10,00", "10%", "27,00", true, "3"),
            ("3", "10,00", "3,00", "27,00", true, "3"),
            ("3", "10,00", "", "27,00", false, "3"),
            ("", "27,00", "", "27,00", true, ""),
            ("2", "", "", "27,00", false, "2"),
            ("-1", "60.00", "", "-60.00", true, "-1"),
        ] {
            let numbers = Numbers {
                quantity: number(quantity),
                price: number(price),
                discount: number(discount),
                net: number(net),
                ..Numbers::default()
            };
            let mut item = Item::default();
            settle(&numbers, false, &mut item);
            assert_eq!(item.proven, proven, "{quantity} {price} {discount} {net}");
            let shown = item
                .quantity
                .map(|read| read.value.to_string())
                .unwrap_or_default();
            assert_eq!(shown, read);
        }
    }
}
