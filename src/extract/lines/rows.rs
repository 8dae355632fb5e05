//! The rows under a header, to the totals, over all pages.
//!
//! A row is a line with a sum in the column of sums. Lines without one are its description going on, or beginning above.
//! Which column is which is settled by what proves most rows, since a header such as `Amount` or `VAT` may mean several.

use std::ops::Range;

use super::header::{self, Header};
use super::prove::{self, Number, Numbers};
use super::{Found, Item};
use crate::extract::amounts::Money;
use crate::extract::view::{PageView, View};
use crate::lang::{Label, numbers};
use crate::layout::table;

/// Most ways to read a header that are tried.
const MOST_WAYS: usize = 200;
/// The widest space between the lines of a description, in heights of the page's words.
const SPACE: f64 = 1.3;
/// Most lines of a description.
const MOST_LINES: usize = 8;

/// A line of a table, parted into cells.
struct Line {
    page: usize,
    line: usize,
    /// Words by column, nothing where the cell is empty.
    cells: Vec<Option<Range<usize>>>,
}

/// A table: its header and its lines up to the totals.
struct Table {
    header: Header,
    lines: Vec<Line>,
}

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

/// Parts the pages into tables.
fn collect(view: &View<'_>) -> Vec<Table> {
    let mut tables: Vec<Table> = Vec::new();
    let mut open = false;
    for (n, page) in view.pages.iter().enumerate() {
        let mut line = 0;
        while line < page.sheet.lines.len() {
            if let Some(header) = header::at(page, line) {
                line = header.end;
                match tables
                    .last_mut()
                    .filter(|table| open && table.header.is_like(&header))
                {
                    // The header again on the next page, where the columns may stand elsewhere.
                    Some(table) => table.header = header,
                    None => tables.push(Table {
                        header,
                        lines: Vec::new(),
                    }),
                }
                open = true;
                continue;
            }
            if let Some(table) = tables.last_mut().filter(|_| open) {
                match totals_line(page, line) {
                    End::Totals => open = false,
                    End::Carried => {}
                    End::No => {
                        let cells = cells(page, line, &table.header);
                        table.lines.push(Line {
                            page: n,
                            line,
                            cells,
                        });
                    }
                }
            }
            line += 1;
        }
    }
    tables
}

/// Whether a table ends at a line.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// It goes on.
    No,
    /// A sum carried to or from another page: it goes on behind it.
    Carried,
    /// The totals begin.
    Totals,
}

/// Whether the totals begin at a line: a label of a total makes up most of its letters.
pub(super) fn totals_line(page: &PageView<'_>, line: usize) -> End {
    let words = page.sheet.lines[line].words.clone();
    let letters = |words: Range<usize>| -> usize {
        page.texts[words]
            .iter()
            .map(|text| text.chars().filter(|c| c.is_alphabetic()).count())
            .sum()
    };
    let all = letters(words.clone());
    let money = page
        .money_in(words.clone())
        .any(|money| page.money[money].is_priced());
    let sums = page
        .labels
        .iter()
        .filter(|label| words.contains(&label.words.start))
        .filter(|label| {
            label
                .kinds
                .iter()
                .any(|(kind, strength)| *strength >= 1.0 && is_sum(*kind))
        })
        .count();
    if sums >= 2 && !money {
        // The header of a table of sums.
        return End::Totals;
    }
    for label in page
        .labels
        .iter()
        .filter(|label| words.contains(&label.words.start))
    {
        let part = letters(label.words.clone());
        let carried = label.strength(Label::CarriedForward) >= 1.0;
        let ends = label
            .kinds
            .iter()
            .any(|(kind, strength)| *strength >= 1.0 && is_sum(*kind));
        if carried && part * 2 >= all {
            return End::Carried;
        }
        let money = page
            .money_in(words.clone())
            .any(|money| page.money[money].is_priced());
        let percent = page
            .money_in(words.clone())
            .any(|money| page.money[money].percent);
        // A rate alone is a remark on the line above, a VAT label alone the foot of a header.
        let alone = [Label::Subtotal, Label::Total, Label::AmountDue]
            .iter()
            .any(|kind| label.strength(*kind) >= 1.0);
        if ends
            && (part * 2 > all && (money || alone && !percent)
                || label.words.start == words.start && label.colon && money)
        {
            return End::Totals;
        }
    }
    End::No
}

/// Whether a label announces a sum of the document.
fn is_sum(label: Label) -> bool {
    matches!(
        label,
        Label::Subtotal
            | Label::Total
            | Label::AmountDue
            | Label::VatAmount
            | Label::VatBase
            | Label::Paid
            | Label::PreviousBalance
    )
}

/// The cells of a line by column.
fn cells(page: &PageView<'_>, line: usize, header: &Header) -> Vec<Option<Range<usize>>> {
    let money = |word: usize| {
        let inside = |money: &Money| money.words.contains(&word);
        let near = page.money_in(word.saturating_sub(3)..word + 1);
        page.money[near].iter().any(inside) || measure(page.texts[word]).is_some()
    };
    let mut cells: Vec<Option<Range<usize>>> = vec![None; header.columns.len()];
    for cell in table::cells(&page.sheet, line, &header.columns, &money) {
        let known = &mut cells[cell.column];
        *known = Some(match known.take() {
            Some(words) => words.start..cell.words.end,
            None => cell.words,
        });
    }
    cells
}

/// A quantity with its unit glued to it: `12x`, `2h`, `10Stk`.
fn measure(text: &str) -> Option<(&str, &str)> {
    let unit = text.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | ','));
    let number = text.get(..text.len() - unit.len())?;
    let fits = !number.is_empty()
        && (1..=5).contains(&unit.chars().count())
        && unit.chars().all(char::is_alphabetic);
    fits.then_some((number, unit))
}

/// Which column is what.
#[derive(Clone, Default)]
struct Roles {
    description: Option<usize>,
    quantity: Option<usize>,
    unit: Option<usize>,
    price: Option<usize>,
    discount: Option<usize>,
    rate: Option<usize>,
    vat: Option<usize>,
    net: Option<usize>,
    gross: Option<usize>,
    position: Option<usize>,
    article: Option<usize>,
}

impl Roles {
    /// The roles that a choice of one kind per column gives; of two columns alike the last is the sum, the first anything
    /// else.
    fn of(chosen: &[Option<Label>]) -> Self {
        let first = |label: Label| chosen.iter().position(|kind| *kind == Some(label));
        let last = |label: Label| chosen.iter().rposition(|kind| *kind == Some(label));
        let mut roles = Self {
            description: first(Label::ColDescription),
            quantity: first(Label::ColQuantity),
            unit: first(Label::ColUnit),
            price: first(Label::ColUnitPrice),
            discount: first(Label::ColDiscount),
            rate: first(Label::ColVatRate),
            vat: first(Label::ColVatAmount),
            net: last(Label::ColNet),
            gross: last(Label::ColGross),
            position: first(Label::ColPosition),
            article: first(Label::ColArticle),
        };
        if roles.net.is_none() && roles.gross.is_none() {
            // The only price is what the line costs.
            roles.net = last(Label::ColUnitPrice);
            if roles.net == roles.price {
                roles.price = None;
            }
        }
        roles
    }

    /// The columns of sums, that of the rows first.
    fn sums(&self) -> impl Iterator<Item = usize> {
        self.net.into_iter().chain(self.gross)
    }
}

/// All ways to choose one kind per column, the likelier first.
fn ways(kinds: &[Vec<Label>]) -> Vec<Vec<Option<Label>>> {
    let mut ways: Vec<Vec<Option<Label>>> = vec![Vec::new()];
    for column in kinds {
        let mut next = Vec::new();
        for way in &ways {
            if column.is_empty() {
                // A column whose header says nothing may be that of the sums: if it is, the rows prove it.
                for kind in [None, Some(Label::ColNet)] {
                    let mut way = way.clone();
                    way.push(kind);
                    next.push(way);
                }
            }
            for kind in column {
                let mut way = way.clone();
                way.push(Some(*kind));
                next.push(way);
            }
        }
        next.truncate(MOST_WAYS);
        ways = next;
    }
    ways
}

/// Reads tables under one kind of header as one list.
fn read(view: &View<'_>, tables: &[&Table]) -> Found {
    let Some(first) = tables.first() else {
        return Found::default();
    };
    let mut best: Option<((usize, usize, usize, std::cmp::Reverse<usize>), Found)> = None;
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
        if best.as_ref().is_none_or(|(known, _)| score > *known) {
            let net_known = roles.gross.is_some() && roles.net.is_some();
            best = Some((score, Found { items, net_known }));
        }
    }
    best.map(|(_, found)| found).unwrap_or_default()
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

/// Whether words have a letter.
fn has_letters(view: &View<'_>, page: usize, words: &Range<usize>) -> bool {
    view.pages[page].texts[words.clone()]
        .iter()
        .any(|text| text.chars().any(char::is_alphabetic))
}

/// Whether words name something: one of them has three letters or more.
fn is_named(view: &View<'_>, page: usize, words: &Range<usize>) -> bool {
    view.pages[page].texts[words.clone()]
        .iter()
        .any(|text| text.chars().filter(|c| c.is_alphabetic()).count() >= 3)
}

/// Whether a line begins with the label of a sum or of a payment.
fn begins_with_sum(page: &PageView<'_>, line: &Line) -> bool {
    let words = page.sheet.lines[line.line].words.clone();
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
    let words = page.sheet.lines[line.line].words.clone();
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

/// The column with most letters: what is sold, where no header says so.
fn widest(view: &View<'_>, table: &Table) -> Option<usize> {
    let letters = |column: usize| -> usize {
        table
            .lines
            .iter()
            .filter_map(|line| line.cells[column].clone().map(|words| (line.page, words)))
            .flat_map(|(page, words)| view.pages[page].texts[words].iter())
            .map(|text| text.chars().filter(|c| c.is_alphabetic()).count())
            .sum()
    };
    (0..table.header.columns.len())
        .filter(|column| {
            table.header.kinds[*column].is_empty() || table.header.columns[*column].textual
        })
        .max_by_key(|column| (letters(*column), std::cmp::Reverse(*column)))
        .filter(|column| letters(*column) > 0)
}

/// The lines of each row: between two anchors they are parted at the widest space; where all spaces are alike they belong
/// to the row above, or to the one below if its own line says nothing.
fn groups(view: &View<'_>, table: &Table, anchors: &[usize], column: usize) -> Vec<Range<usize>> {
    let space = |upper: usize| -> f64 {
        let (a, b) = (&table.lines[upper], &table.lines[upper + 1]);
        if a.page != b.page {
            return f64::INFINITY;
        }
        let sheet = &view.pages[a.page].sheet;
        (sheet.lines[b.line].rect.y0 - sheet.lines[a.line].rect.y1) / sheet.em
    };
    let says = |at: usize| words_of(view, &table.lines[at], column).is_some();
    // The lines that go on from an anchor without a wide space.
    let down = |from: usize, limit: usize| {
        (from..limit)
            .find(|&at| space(at) >= SPACE)
            .unwrap_or(limit)
    };
    let up = |from: usize, limit: usize| {
        (limit..from)
            .rev()
            .find(|&at| space(at) >= SPACE)
            .map_or(limit, |at| at + 1)
    };
    let mut groups: Vec<Range<usize>> = Vec::new();
    let headed = anchors
        .first()
        .is_some_and(|first| !says(*first) && up(*first, 0) < *first);
    for (i, &anchor) in anchors.iter().enumerate() {
        let above = match groups.last() {
            None => up(anchor, 0),
            Some(last) => last.end.max(up(anchor, last.end)),
        };
        let next = anchors.get(i + 1).copied().unwrap_or(table.lines.len());
        let reach = down(anchor, next.saturating_sub(1).max(anchor));
        let end = match anchors.get(i + 1) {
            Some(&below) if reach + 1 >= below || up(below, anchor) <= reach => {
                parted(&space, anchor, below).unwrap_or(if says(anchor) && !headed {
                    below
                } else {
                    anchor + 1
                })
            }
            _ => reach + 1,
        };
        groups.push(above..end.clamp(anchor + 1, next.max(anchor + 1)));
    }
    groups
}

/// The line after the widest space between two anchors, if it is much wider than the narrowest.
fn parted(space: &dyn Fn(usize) -> f64, above: usize, below: usize) -> Option<usize> {
    let spaces = || (above..below).map(|at| (at, space(at)));
    let (at, widest) = spaces().max_by(|a, b| a.1.total_cmp(&b.1))?;
    let narrowest = spaces().map(|(_, space)| space).min_by(f64::total_cmp)?;
    (widest > narrowest + 0.25).then_some(at + 1)
}

/// The words of a line in a column, if any of them has a letter or a digit.
fn words_of(view: &View<'_>, line: &Line, column: usize) -> Option<(usize, Range<usize>)> {
    let words = line.cells[column].clone()?;
    view.pages[line.page].texts[words.clone()]
        .iter()
        .any(|text| text.chars().any(char::is_alphanumeric))
        .then_some((line.page, words))
}
