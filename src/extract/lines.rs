//! The lines of the invoice: the table of items, or the items of a till receipt.
//!
//! A table begins with a header: several labels of columns beside each other ([`header`]). Its rows end at the totals
//! ([`rows`]). Each row is checked by quantity × price = sum ([`prove`]), and the rows by what they add up to. Lines
//! are only given where one of the two proves them: a wrong line costs more than a missing one. Where no header is found,
//! rows are tried that end in amounts which add up to a printed total ([`plain`]).

mod describe;
mod header;
mod plain;
mod prove;
mod roles;
mod rows;
mod tables;
mod write;

use super::draft::Draft;
use super::view::View;
use crate::model::{Amount, Decimal, Field};

/// Amounts that differ by no more than this are equal.
const CENTS: Decimal = Decimal::from_parts(2, 0, 0, false, 2);

/// A value with the place it was read at.
#[derive(Clone, Debug)]
struct Read<T> {
    value: T,
    page: usize,
    words: std::ops::Range<usize>,
}

/// A line as it was found.
#[derive(Clone, Debug, Default)]
struct Item {
    description: Vec<(usize, std::ops::Range<usize>)>,
    line: Option<String>,
    code: Option<String>,
    unit: Option<String>,
    quantity: Option<Read<Decimal>>,
    unit_price: Option<Read<Decimal>>,
    discount_percent: Option<Read<Decimal>>,
    vat_rate: Option<Read<Decimal>>,
    vat_amount: Option<Read<Decimal>>,
    net: Option<Read<Decimal>>,
    gross: Option<Read<Decimal>>,
    /// Quantity × price is the sum.
    proven: bool,
    /// An allowance or a charge on the document, printed among the lines.
    allowance: bool,
}

impl Item {
    /// The sum of the line: net where both are printed.
    fn total(&self) -> Option<Decimal> {
        self.net
            .as_ref()
            .or(self.gross.as_ref())
            .map(|read| read.value)
    }
}

/// A table whose rows were read.
#[derive(Default)]
struct Found {
    items: Vec<Item>,
    /// Its sums are net, as far as its header tells.
    net_known: bool,
}

/// How far lines are proven; the later, the better.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Proof {
    /// Not at all.
    None,
    /// Without a header, their sum is a printed one.
    Plain,
    /// Each by itself, or all by their sum.
    Some,
    /// Each by itself, and all by their sum.
    Both,
}

/// Looks for the lines.
pub(super) fn find(view: &View<'_>, draft: &mut Draft) {
    let targets = Targets::of(draft);
    let mut best: Option<(Proof, Found)> = None;
    for found in rows::tables(view).into_iter().flat_map(with_start) {
        let proof = targets.proof(&found.items);
        let better = best
            .as_ref()
            .is_none_or(|(known, other)| (proof, found.items.len()) > (*known, other.items.len()));
        if proof > Proof::None && better {
            best = Some((proof, found));
        }
    }
    let best = best.or_else(|| plain::find(view, &targets).map(|found| (Proof::Plain, found)));
    let Some((proof, mut found)) = best else {
        return;
    };
    found.items.retain(|item| !item.allowance);
    let gross = targets.are_gross(&found);
    for (index, item) in found.items.iter().enumerate() {
        write::write(view, draft, index, item, gross, proof);
    }
}

/// A table, and what it begins with up to the first row that does not prove itself: the totals may have no label.
fn with_start(found: Found) -> Vec<Found> {
    let start = found.items.iter().take_while(|item| item.proven).count();
    let mut all = Vec::new();
    if (1..found.items.len()).contains(&start) {
        all.push(Found {
            items: found.items[..start].to_vec(),
            net_known: found.net_known,
        });
    }
    all.push(found);
    all
}

/// The printed sums that lines may add up to.
struct Targets {
    subtotal: Option<Decimal>,
    total: Option<Decimal>,
    receipt: bool,
}

impl Targets {
    fn of(draft: &Draft) -> Self {
        let amount = |field: &Field<Amount>| field.get().map(Amount::decimal);
        let total = amount(&draft.invoice.total);
        Self {
            subtotal: amount(&draft.invoice.subtotal),
            total: total.or(amount(&draft.invoice.amount_due)),
            receipt: draft.receipt,
        }
    }

    /// All of them, net first.
    fn values(&self) -> impl Iterator<Item = Decimal> {
        self.subtotal.into_iter().chain(self.total)
    }

    /// How far lines under a header are proven.
    fn proof(&self, items: &[Item]) -> Proof {
        let lines = || items.iter().filter(|item| !item.allowance);
        if lines().next().is_none() || items.iter().any(|item| item.total().is_none()) {
            return Proof::None;
        }
        let rows = lines().all(|item| item.proven);
        let all: Decimal = items.iter().filter_map(Item::total).sum();
        let net: Decimal = lines().filter_map(Item::total).sum();
        let gross: Option<Decimal> = items
            .iter()
            .map(|item| item.gross.as_ref().map(|read| read.value))
            .sum();
        let slack = CENTS.max(Decimal::new(5 * i64::try_from(items.len()).unwrap_or(0), 3));
        let adds_up = [Some(all), Some(net), gross]
            .into_iter()
            .flatten()
            .any(|sum| {
                self.values()
                    .any(|target| !target.is_zero() && (sum - target).abs() <= slack)
            });
        // Proven rows far from every sum are a part of the lines, or another table.
        let near = self.values().all(|target| target.is_zero())
            || self.values().any(|target| {
                let share = net.abs() * Decimal::TEN;
                share >= target.abs() * Decimal::from(6)
                    && share <= target.abs() * Decimal::from(16)
            });
        match (rows, adds_up) {
            (true, true) => Proof::Both,
            (false, true) => Proof::Some,
            (true, false) if near => Proof::Some,
            (_, false) => Proof::None,
        }
    }

    /// Whether the sums of the lines contain VAT: they add up to the total and not to the subtotal.
    fn are_gross(&self, found: &Found) -> bool {
        let sum: Decimal = found.items.iter().filter_map(Item::total).sum();
        let meets =
            |target: Option<Decimal>| target.is_some_and(|target| (sum - target).abs() <= CENTS);
        let gross_only = found.items.iter().all(|item| item.net.is_none());
        match (meets(self.subtotal), meets(self.total)) {
            (true, _) => false,
            (false, true) => self.subtotal.is_some() && !found.net_known || gross_only,
            (false, false) => gross_only,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layout::tests::page;
    use crate::model::{Ocr, Quantity};

    /// The lines of pages with these totals, as `quantity x price = total description`.
    fn lines(pages: &[&[&str]], subtotal: &str, total: &str) -> Vec<String> {
        let ocr = Ocr {
            pages: (1..)
                .zip(pages)
                .map(|(n, rows)| crate::model::Page { n, ..page(rows) })
                .collect(),
            ..Ocr::default()
        };
        let view = View::new(&ocr, false);
        let mut draft = Draft::default();
        view.describe(&mut draft);
        let amount = |text: &str| text.parse().map_or(Field::Null, Field::Value);
        draft.invoice.subtotal = amount(subtotal);
        draft.invoice.total = amount(total);
        find(&view, &mut draft);
        for (index, line) in draft.invoice.line_items.iter().enumerate() {
            assert!(
                draft
                    .evidence
                    .contains_key(&format!("line_items[{index}].total"))
            );
            assert!(
                line.evidence_row
                    .value()
                    .is_some_and(|row| row.bbox.is_some())
            );
        }
        draft
            .invoice
            .line_items
            .iter()
            .map(|line| {
                let quantity = |field: &Field<Quantity>| {
                    field
                        .get()
                        .map_or("-".to_owned(), |value| value.to_string())
                };
                format!(
                    "{} x {} = {} {}",
                    quantity(&line.quantity),
                    quantity(&line.unit_price),
                    line.total
                        .get()
                        .map_or("-".to_owned(), |value| value.to_string()),
                    line.description.text().unwrap_or("-")
                )
            })
            .collect()
    }

    #[test]
    fn a_table_with_its_descriptions_wrapped() {
        let found = lines(
            &[&[
                "Invoice 12",
                "",
                "Pos  Description                Qty    Unit price      Amount",
                "1    Licence 2026                 2         10.00       20.00",
                "     with support",
                "2    Hosting                   10 h          1.50       15.00",
                "",
                "                              Subtotal                  35.00",
                "                              VAT 20 %                   7.00",
                "                              Total                     42.00",
            ]],
            "35.00",
            "42.00",
        );
        assert_eq!(
            found,
            [
                "2 x 10.00 = 20.00 Licence 2026 with support",
                "10 x 1.50 = 15.00 Hosting"
            ]
        );
    }

    #[test]
    fn a_header_in_two_lines_and_a_table_over_two_pages() {
        let header = [
            "Bezeichnung               Menge     Einzel-    Gesamt-",
            "                                    preis      preis",
        ];
        let found = lines(
            &[
                &[
                    header[0],
                    header[1],
                    "Schraube M4                1.000       0,10     100,00",
                    "Übertrag                                       100,00",
                ],
                &[
                    "Seite 2",
                    "",
                    header[0],
                    header[1],
                    "Mutter M4                    500       0,20     100,00",
                    "Nettobetrag                                    200,00",
                ],
            ],
            "200.00",
            "238.00",
        );
        assert_eq!(
            found,
            [
                "1000 x 0.10 = 100.00 Schraube M4",
                "500 x 0.20 = 100.00 Mutter M4"
            ]
        );
    }

    #[test]
    fn lines_that_nothing_proves_are_not_given() {
        let rows: &[&str] = &[
            "Description                Qty    Unit price      Amount",
            "Licence                      2         10.00       25.00",
            "Hosting                      1          5.00        6.00",
            "Total                                              99.00",
        ];
        assert!(lines(&[rows], "99.00", "99.00").is_empty());
        // Their sum proves them; a price that contradicts it is left out.
        assert_eq!(
            lines(&[rows], "31.00", "31.00"),
            ["2 x - = 25.00 Licence", "1 x - = 6.00 Hosting"]
        );
    }

    #[test]
    fn a_missing_cell_stays_null_and_an_allowance_is_no_line() {
        let found = lines(
            &[&[
                "Désignation              Qté     P.U. HT     Montant HT",
                "Conseil                    2       50,00         100,00",
                "Forfait                                           30,00",
                "Remise :                                         -10,00",
                "Total HT                                         120,00",
            ]],
            "120.00",
            "144.00",
        );
        assert_eq!(
            found,
            ["2 x 50.00 = 100.00 Conseil", "- x - = 30.00 Forfait"]
        );
    }

    #[test]
    fn a_till_receipt_without_a_header() {
        let found = lines(
            &[&[
                "SUPERMARKT",
                "Brot                1,00 A",
                "Milch               2,50 A",
                "SUMME EUR           3,50",
                "Gegeben            10,00",
                "Rückgeld            6,50",
            ]],
            "",
            "3.50",
        );
        assert_eq!(found, ["- x - = 1.00 Brot", "- x - = 2.50 Milch"]);
    }
}
