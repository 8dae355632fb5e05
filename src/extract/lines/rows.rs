//! The rows under a header, to the totals, over all pages.
//!
//! A row is a line with a sum in the column of sums. Lines without one are its description going on, or beginning above.
//! Which column is which is settled by what proves most rows, since a header such as `Amount` or `VAT` may mean several.

use super::describe::{groups, has_letters, is_named, widest, words_of};
use super::prove::{self, Number, Numbers};
use super::roles::{Roles, ways};
use super::tables::{Line, Table, collect, is_sum, measure};
use super::{Found, Item};
use crate::extract::amounts::Money;
use crate::extract::view::{PageView, View};
use crate::lang::{Label, numbers};

/// Most lines of a description.
const MOST_LINES: usize = 8;

/// All tables of items, read; tables under the same header also as one.
pub(super) fn tables(view: &View<'_>) -> Vec<Found> {
    let tables = collect(view);
    let mut found: Vec<Found> = tables.iter().map(|table| read(view, &[table])).collect();
    if tables.len() > 1 {
        // Each section of the invoice may have a header of its own.
        let items: Vec<Item> = found.iter().flat_map(|found| found.items.clone()).collect();
        found.push(Found {
            items,
            net_known: false,
        });
    }
    for (i, first) in tables.iter().enumerate() {
        let alike: Vec<&Table> = tables
            .iter()
            .skip(i)
            .filter(|table| table.header.is_like(&first.header))
            .collect();
        if alike.len() > 1 {
            found.push(read(view, &alike));
        }
    }
    found
}

/// Reads tables under one kind of header as one list.
fn read(view: &View<'_>, tables: &[&Table]) -> Found {
    let Some(first) = tables.first() else {
        return Found::default();
    };
    let mut best = Found::default();
    let mut most = None;
    for (rank, chosen) in ways(&first.header.kinds).iter().enumerate() {
        let roles = Roles::of(chosen);
        if roles.sums().next().is_none() {
            continue;
        }
        let items: Vec<Item> = tables
            .iter()
            .flat_map(|table| items(view, table, &roles))
            .collect();
        let proven = items.iter().filter(|item| item.proven).count();
        let described = items
            .iter()
            .filter(|item| !item.description.is_empty())
            .count();
        let mut kinds: Vec<Label> = chosen.iter().copied().flatten().collect();
        kinds.sort_unstable();
        kinds.dedup();
        let score = (proven, kinds.len(), described, std::cmp::Reverse(rank));
        if most.is_none_or(|known| score > known) {
            most = Some(score);
            best = Found {
                items,
                net_known: roles.gross.is_some() && roles.net.is_some(),
            };
        }
    }
    best
}

/// The rows of a table as lines of the invoice.
fn items(view: &View<'_>, table: &Table, roles: &Roles) -> Vec<Item> {
    let mut items: Vec<Item> = Vec::new();
    let anchors: Vec<usize> = (0..table.lines.len())
        .filter(|&at| is_anchor(view, &table.lines[at], roles))
        .collect();
    let description = roles
        .description
        .or(roles.article)
        .or_else(|| widest(view, table));
    let by_vat = roles.quantity.is_none() && roles.price.is_none();
    let groups = description
        .map(|column| groups(view, table, &anchors, column))
        .unwrap_or_default();
    for (i, &at) in anchors.iter().enumerate() {
        let line = &table.lines[at];
        let mut item = Item::default();
        prove::settle(&numbers(view, line, roles), by_vat, &mut item);
        let page = &view.pages[line.page];
        let text = |column: Option<usize>| {
            let words = line.cells.get(column?)?.clone()?;
            Some(page.sheet.text(words))
        };
        item.line = text(roles.position).filter(|text| text.chars().count() <= 6);
        item.code = text(roles.article).filter(|_| roles.article != description);
        item.unit = unit(page, line, roles);
        if let (Some(column), Some(group)) = (description, groups.get(i)) {
            // Where its column is empty, the words stand under another header of text.
            let others = (0..table.header.columns.len())
                .filter(|other| table.header.columns[*other].textual);
            item.description = std::iter::once(column)
                .chain(others)
                .map(|column| {
                    let words = group
                        .clone()
                        .filter_map(|at| words_of(view, &table.lines[at], column));
                    words.take(MOST_LINES).collect::<Vec<_>>()
                })
                .find(|words| {
                    words
                        .iter()
                        .any(|(page, words)| has_letters(view, *page, words))
                })
                .unwrap_or_default();
        }
        let named = item
            .description
            .iter()
            .any(|(page, words)| is_named(view, *page, words));
        if !item.proven && (!named || begins_with_sum(page, line)) {
            continue;
        }
        item.allowance = is_allowance(page, line, item.proven);
        items.push(item);
    }
    items
}

/// Whether a line begins with the label of a sum or of a payment.
fn begins_with_sum(page: &PageView<'_>, line: &Line) -> bool {
    let words = page.sheet.lines[line.row].words.clone();
    page.labels
        .iter()
        .find(|label| label.words.start == words.start)
        .is_some_and(|label| {
            label.kinds.iter().any(|(kind, strength)| {
                let paid = matches!(
                    kind,
                    Label::Cash | Label::Change | Label::Card | Label::Rounding
                );
                *strength >= 1.0 && (is_sum(*kind) || paid)
            })
        })
}

/// Whether a line is an allowance or a charge on the document: its first label says so, with a colon if the line proves
/// itself all the same.
fn is_allowance(page: &PageView<'_>, line: &Line, proven: bool) -> bool {
    let words = page.sheet.lines[line.row].words.clone();
    page.labels
        .iter()
        .find(|label| words.contains(&label.words.start))
        .is_some_and(|label| {
            (!proven || label.colon)
                && [
                    Label::Discount,
                    Label::CashDiscount,
                    Label::Charge,
                    Label::Shipping,
                    Label::Rounding,
                ]
                .iter()
                .any(|kind| label.strength(*kind) >= 1.0)
        })
}

/// The numbers of a row by role.
fn numbers(view: &View<'_>, line: &Line, roles: &Roles) -> Numbers {
    let page = &view.pages[line.page];
    let within = |column: Option<usize>| line.cells.get(column?)?.clone();
    let last = |column: Option<usize>| {
        let percentage = column == roles.discount || column == roles.rate;
        let money = page
            .money_in(within(column)?)
            .rfind(|money| percentage || !page.money[*money].percent)?;
        Some(Number {
            page: line.page,
            money: page.money[money].clone(),
        })
    };
    let first = |column: Option<usize>| {
        let words = within(column)?;
        let money = page
            .money_in(words.clone())
            .find(|money| !page.money[*money].percent);
        if let Some(money) = money {
            return Some(Number {
                page: line.page,
                money: page.money[money].clone(),
            });
        }
        let word = words
            .clone()
            .find(|word| measure(page.texts[*word]).is_some())?;
        let (number, _) = measure(page.texts[word])?;
        let mut readings = numbers::read(number, None).into_iter();
        let reading = readings.next()?;
        Some(Number {
            page: line.page,
            money: Money {
                words: word..word + 1,
                value: reading.value,
                other: readings.next().map(|reading| reading.value),
                decimals: reading.decimals,
                percent: false,
                currency: None,
            },
        })
    };
    Numbers {
        quantity: first(roles.quantity),
        price: last(roles.price),
        discount: last(roles.discount),
        rate: last(roles.rate),
        vat: last(roles.vat),
        net: last(roles.net),
        gross: last(roles.gross),
    }
}

/// Whether a line holds a sum: an amount in the column of sums, printed as money or else beside a quantity and a price.
fn is_anchor(view: &View<'_>, line: &Line, roles: &Roles) -> bool {
    let numbers = numbers(view, line, roles);
    let priced = |number: &Option<Number>| {
        number
            .as_ref()
            .is_some_and(|number| number.money.is_priced())
    };
    let sum = numbers.net.as_ref().or(numbers.gross.as_ref());
    priced(&numbers.net)
        || priced(&numbers.gross)
        || sum.is_some_and(|sum| !sum.money.percent)
            && numbers.price.is_some()
            && numbers.quantity.is_some()
}

/// The unit: its own column, or what stands beside the quantity.
fn unit(page: &PageView<'_>, line: &Line, roles: &Roles) -> Option<String> {
    if let Some(words) = roles
        .unit
        .and_then(|column| line.cells.get(column)?.clone())
    {
        return Some(page.sheet.text(words)).filter(|text| text.chars().count() <= 20);
    }
    let words = line.cells.get(roles.quantity?)?.clone()?;
    if let Some((_, unit)) = words.clone().find_map(|word| measure(page.texts[word])) {
        return Some(unit.to_owned());
    }
    let unit: Vec<&str> = page.texts[words]
        .iter()
        .copied()
        .filter(|text| {
            text.chars().all(|c| c.is_alphabetic() || c == '.')
                && text.chars().any(char::is_alphabetic)
        })
        .collect();
    (!unit.is_empty() && unit.len() <= 2).then(|| unit.join(" "))
}
