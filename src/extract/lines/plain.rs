//! Lines without a header: text that ends in an amount, one below the other, adding up to a printed sum.
//!
//! So are till receipts and short letters. Nothing tells that such lines are items but their sum: from the totals upwards
//! lines are taken until they add up to the subtotal or the total, exactly.

use super::prove::{self, Number, Numbers};
use super::tables::{End, totals_line};
use super::{Found, Item, Read, Targets};
use crate::extract::view::{PageView, View};
use crate::lang::Label;
use crate::model::Decimal;

/// Most lines that are tried.
const MOST_LINES: usize = 200;
/// How far the right edges of the amounts may differ, in heights of the page's words.
const EDGE: f64 = 1.6;

/// Looks for them on each page; the first that adds up. Amounts set ragged are tried last.
pub(super) fn find(view: &View<'_>, targets: &Targets) -> Option<Found> {
    [false, true].into_iter().find_map(|ragged| {
        view.pages.iter().enumerate().find_map(|(n, page)| {
            let lines = 0..page.sheet.lines.len();
            let ends = lines.filter(|&line| totals_line(page, line) == End::Totals);
            ends.take(2).find_map(|end| {
                targets
                    .values()
                    .find_map(|target| upwards(page, n, end, target, targets.receipt, ragged))
            })
        })
    })
}

/// Takes lines upwards from the totals until they add up.
fn upwards(
    page: &PageView<'_>,
    n: usize,
    end: usize,
    target: Decimal,
    receipt: bool,
    ragged: bool,
) -> Option<Found> {
    let mut items = Vec::new();
    let mut sum = Decimal::ZERO;
    let mut edge: Option<(f64, usize)> = None;
    for line in (0..end).rev().take(MOST_LINES) {
        if totals_line(page, line) != End::No || is_payment(page, line) {
            continue;
        }
        let Some(item) = item(page, n, line) else {
            continue;
        };
        let read = item.net.as_ref()?;
        let right = page.sheet.rect(read.words.clone()).x1;
        if edge.is_some_and(|(edge, below)| {
            !(ragged && below == line + 1) && (edge - right).abs() > EDGE * page.sheet.em
        }) {
            continue;
        }
        edge = Some((right, line));
        sum += read.value;
        items.push(item);
        if sum == target && !target.is_zero() {
            // One line that costs what all cost may be anything.
            let single =
                items.len() == 1 && (!receipt || page.is_ocr() || names_amount(page, line));
            let whole = items.len() > 1 && items.iter().any(|item| item.total() == Some(target));
            if whole || single && !items.iter().all(|item| item.proven) {
                return None;
            }
            items.reverse();
            return Some(Found {
                items,
                net_known: false,
            });
        }
        if sum.abs() > target.abs() * Decimal::TWO {
            return None;
        }
    }
    None
}

/// Whether a label of an amount stands in a line, be it a vague one.
fn names_amount(page: &PageView<'_>, line: usize) -> bool {
    let words = page.sheet.lines[line].words.clone();
    page.labels
        .iter()
        .filter(|label| words.contains(&label.words.start))
        .any(|label| label.kinds.iter().any(|(kind, _)| kind.is_amount()))
}

/// Whether a line says how it was paid, or anything else that is no item.
fn is_payment(page: &PageView<'_>, line: usize) -> bool {
    let words = page.sheet.lines[line].words.clone();
    page.labels
        .iter()
        .filter(|label| words.contains(&label.words.start))
        .any(|label| {
            [
                Label::Cash,
                Label::Change,
                Label::Card,
                Label::Rounding,
                Label::ItemCount,
                Label::Savings,
                Label::VatRate,
                Label::AccountNumber,
                Label::Iban,
            ]
            .iter()
            .any(|kind| label.strength(*kind) >= 1.0)
        })
}

/// A line as an item: words with letters, then an amount as its last number.
fn item(page: &PageView<'_>, n: usize, line: usize) -> Option<Item> {
    let words = page.sheet.lines[line].words.clone();
    let numbers: Vec<usize> = page.money_in(words.clone()).collect();
    let money = &page.money[*numbers.last()?];
    if !money.is_priced() || money.value.is_zero() || words.end > money.words.end + 2 {
        return None;
    }
    let number = |at: usize| Number {
        page: n,
        money: page.money[at].clone(),
    };
    let mut item = Item::default();
    // `2 x 1,50 3,00` or `Name 2 1,50 3,00`: what stands before the sum may prove it.
    if let [.., quantity, price, sum] = numbers.as_slice() {
        // `0,99 x 2`: the price leads.
        let led = page.money[*quantity].decimals == 2 && page.money[*price].decimals == 0;
        let (quantity, price) = if led {
            (price, quantity)
        } else {
            (quantity, price)
        };
        let row = Numbers {
            quantity: Some(number(*quantity)),
            price: Some(number(*price)),
            net: Some(number(*sum)),
            ..Numbers::default()
        };
        prove::settle(&row, false, &mut item);
    }
    let first_number = page.money[numbers[0]].words.start;
    let name_end = if item.proven {
        let read = |read: &Option<Read<Decimal>>| read.as_ref().map(|read| read.words.start);
        let quantity = read(&item.quantity)?.min(read(&item.unit_price)?);
        if quantity > words.start {
            quantity
        } else {
            money.words.start
        }
    } else {
        let priced = numbers
            .iter()
            .filter(|at| page.money[**at].is_priced())
            .count();
        let percent = numbers.iter().any(|at| page.money[*at].percent);
        if priced > 1 || percent {
            // Several sums, or a rate: a line of the totals.
            return None;
        }
        item = Item::default();
        money.words.start
    };
    let name = if item.proven && name_end == money.words.start {
        // The quantity leads the line: the name stands between.
        first_number + 1..name_end
    } else {
        words.start..name_end
    };
    item.net = Some(Read {
        value: money.value,
        page: n,
        words: money.words.clone(),
    });
    let letters = page.texts[name.clone()]
        .iter()
        .map(|text| text.chars().filter(|c| c.is_alphabetic()).count())
        .sum::<usize>();
    if letters < 2 {
        return None;
    }
    item.description = vec![(n, name)];
    Some(item)
}
