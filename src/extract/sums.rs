//! What the labels say of the amounts on the pages: which may be net, VAT, total, amount due and so on.

use super::amounts::Money;
use super::candidate::{Candidate, ranked};
use super::near::Side;
use super::rates::is_rate;
use super::solve::{Reading, Sums};
use super::unnamed;
use super::view::{PageView, View};
use crate::lang::{Label, fold, lexicon};
use crate::model::Decimal;

/// What an amount may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Role {
    /// Total without VAT.
    Net,
    /// VAT.
    Vat,
    /// Total.
    Gross,
    /// To be paid.
    Due,
    /// Paid already.
    Paid,
    /// Rounding.
    Rounding,
    /// Anything else that stands between net + VAT and total.
    Between,
    /// Cash that was given.
    Cash,
    /// Change that was returned.
    Change,
    /// Balance of earlier invoices.
    Previous,
}

/// What each label makes of an amount, and its points.
const ROLES: &[(Label, Role, f64)] = &[
    (Label::Subtotal, Role::Net, 3.0),
    (Label::VatBase, Role::Net, 1.2),
    (Label::ColNet, Role::Net, 0.5),
    (Label::VatAmount, Role::Vat, 3.0),
    (Label::ColVatAmount, Role::Vat, 0.6),
    (Label::Total, Role::Gross, 3.2),
    (Label::ColGross, Role::Gross, 0.8),
    (Label::AmountDue, Role::Gross, 2.3),
    (Label::Card, Role::Gross, 0.7),
    (Label::AmountDue, Role::Due, 3.2),
    (Label::Paid, Role::Paid, 3.0),
    (Label::Rounding, Role::Rounding, 3.0),
    (Label::Discount, Role::Between, 2.0),
    (Label::Shipping, Role::Between, 2.0),
    (Label::Charge, Role::Between, 2.0),
    (Label::Tip, Role::Between, 2.0),
    (Label::Deposit, Role::Between, 2.0),
    (Label::Withholding, Role::Between, 2.0),
    (Label::StampDuty, Role::Between, 2.0),
    (Label::Cash, Role::Cash, 2.0),
    (Label::Change, Role::Change, 2.0),
    (Label::PreviousBalance, Role::Previous, 3.0),
];

/// A claim of a label on an amount.
#[derive(Clone, Debug)]
pub(super) struct Claimed {
    /// As what.
    pub(super) role: Role,
    /// The amount: page and place in its `money`.
    pub(super) at: (usize, usize),
    /// The amount's value in this reading.
    pub(super) value: Decimal,
    /// Points in favour.
    pub(super) points: f64,
}

/// All claims on the amounts of a document.
pub(super) fn claims(view: &View<'_>) -> Vec<Claimed> {
    let mut claims = Vec::new();
    for (number, page) in view.pages.iter().enumerate() {
        for (index, label) in page.labels.iter().enumerate() {
            if label.strength(Label::CarriedForward) >= 1.0 || label.aside {
                continue;
            }
            for (kind, role, points) in ROLES {
                let strength = label.strength(*kind);
                if strength > 0.0 {
                    let role = turned(page, index, *role);
                    let points =
                        points * strength - if strength < label.best() { 0.6 } else { 0.0 };
                    of_label(page, number, index, (role, points), *kind, &mut claims);
                }
            }
        }
        rows(page, number, &mut claims);
    }
    claims
}

/// The role after the label behind it in the same segment had its say: `Total excl. VAT` is net, `Net incl. VAT` gross.
fn turned(page: &PageView<'_>, index: usize, role: Role) -> Role {
    let label = &page.labels[index];
    let Some(next) = page
        .labels
        .get(index + 1)
        .filter(|next| next.segment == label.segment)
    else {
        return role;
    };
    let money = page.money_in(label.words.end..next.words.start);
    if !money.is_empty() {
        return role;
    }
    if role == Role::Net && next.strength(Label::VatAmount) > 0.0 {
        let first = fold(page.texts[next.words.start]);
        let included = lexicon().is_vat_included(&first);
        return if included { Role::Gross } else { Role::Net };
    }
    let net = next.strength(Label::Subtotal);
    let gross = next
        .strength(Label::Total)
        .max(next.strength(Label::ColGross));
    match role {
        Role::Gross if net > gross => Role::Net,
        Role::Net if gross > net && gross >= 1.0 => Role::Gross,
        other => other,
    }
}

/// The claims of one label.
fn of_label(
    page: &PageView<'_>,
    number: usize,
    index: usize,
    (role, points): (Role, f64),
    kind: Label,
    claims: &mut Vec<Claimed>,
) {
    let column = kind.is_column();
    // Amounts beside the label, counted from the right end of the line.
    let beside: Vec<(usize, f64)> = page
        .slots(index)
        .iter()
        .filter(|slot| matches!(slot.side, Side::Same | Side::Right))
        .flat_map(|slot| {
            page.money_in(slot.words.clone())
                .map(|money| (money, slot.cost))
        })
        .filter(|(money, _)| !page.money[*money].percent)
        .collect();
    for (from_right, (money, cost)) in beside.iter().rev().enumerate() {
        let cost = cost.min(0.6) * 0.5 + 0.9 * from_right.min(3) as f64;
        claim(page, number, index, (role, points - cost), *money, claims);
    }
    if let Some(bytes) = label_value(page, index) {
        claim(page, number, index, (role, points), bytes, claims);
    }
    for slot in page
        .slots(index)
        .iter()
        .filter(|slot| slot.side > Side::Right)
    {
        if slot.side == Side::Below && column && !beside.is_empty() {
            continue;
        }
        let label = page.sheet.rect(page.labels[index].words.clone());
        for money in page.money_in(slot.words.clone()) {
            if page.money[money].percent {
                continue;
            }
            let rect = page.sheet.rect(page.money[money].words.clone());
            let apart = (rect.x0.max(label.x0) - rect.x1.min(label.x1)).max(0.0) / page.sheet.em;
            let mut cost = 0.8 * slot.cost + 0.3 * apart.min(4.0);
            if role == Role::Gross && is_rate_row(page, money) {
                cost += 1.5;
            }
            if slot.side == Side::Below && goes_on(page, money) {
                cost += 1.5;
            }
            if !beside.is_empty() {
                cost += 1.0;
            }
            claim(
                page,
                number,
                index,
                (role, points - 0.3 - cost),
                money,
                claims,
            );
        }
    }
}

/// Tells whether a percent sign stands in the line of an amount: a row of the VAT table, one rate of several.
fn is_rate_row(page: &PageView<'_>, money: usize) -> bool {
    let line = page.sheet.segments[page.segment_of[page.money[money].words.start]].line;
    page.texts[page.sheet.lines[line].words.clone()]
        .iter()
        .any(|text| text.ends_with('%'))
}

/// Tells whether an amount is what was given, returned, counted or rounded: a label before it in its line says so.
pub(super) fn is_tender(page: &PageView<'_>, money: usize) -> bool {
    const TENDER: &[Label] = &[
        Label::Cash,
        Label::Change,
        Label::Rounding,
        Label::ItemCount,
        Label::Savings,
    ];
    let word = page.money[money].words.start;
    let line = &page.sheet.lines[page.sheet.segments[page.segment_of[word]].line];
    let nearest = (line.words.start..word)
        .rev()
        .find_map(|before| page.label_of[before]);
    nearest.is_some_and(|label| {
        let label = &page.labels[label];
        TENDER.iter().any(|kind| label.strength(*kind) >= 1.0) && label.strength(Label::Total) < 1.0
    })
}

/// Tells whether the column of an amount goes on below it: then it is a row of a table, not its sum. A row may go on
/// over some lines without amounts.
fn goes_on(page: &PageView<'_>, money: usize) -> bool {
    /// Lines that may be between two rows, and how far apart two lines of the table may be, in heights of a word.
    const LINES: usize = 6;
    const APART: f64 = 1.5;
    let rect = page.sheet.rect(page.money[money].words.clone());
    let line = page.sheet.segments[page.segment_of[page.money[money].words.start]].line;
    let mut foot = rect.y1;
    for next in page.sheet.lines.iter().skip(line + 1).take(LINES) {
        if next.rect.y0 - foot >= APART * page.sheet.em {
            return false;
        }
        foot = foot.max(next.rect.y1);
        let row = &page.money[page.money_in(next.words.clone())];
        let priced = row.iter().filter(|other| other.is_priced()).count();
        if priced == 0 {
            continue;
        }
        return priced > 1
            && row.iter().any(|other| {
                let other = page.sheet.rect(other.words.clone());
                (other.x1 - rect.x1).abs() < 0.8 * page.sheet.em
            });
    }
    false
}

/// The amount glued to a label (`Total:12.50`).
fn label_value(page: &PageView<'_>, index: usize) -> Option<usize> {
    let label = &page.labels[index];
    label.glued.as_ref()?;
    let word = label.words.end - 1;
    page.money_in(word..word + 1).next()
}

/// Adds the claim on an amount in each of its readings.
fn claim(
    page: &PageView<'_>,
    number: usize,
    label: usize,
    (role, points): (Role, f64),
    money: usize,
    claims: &mut Vec<Claimed>,
) {
    let amount = &page.money[money];
    let mut points = points + print(amount, role);
    if role == Role::Gross {
        points += 0.4 * page.depth(amount.words.start);
        if amount.value.is_zero() {
            points -= 1.5;
        }
    }
    if matches!(role, Role::Net | Role::Vat | Role::Gross) && is_tender(page, money) {
        points -= 2.0;
    }
    if page.owned_by_other(amount.words.start, label, 0.3) {
        points -= 1.0;
    }
    if points <= 0.0 {
        return;
    }
    let mut push = |value: Decimal, points: f64| {
        claims.push(Claimed {
            role,
            at: (number, money),
            value,
            points,
        });
    };
    push(amount.value, points);
    if let Some(other) = amount.other.filter(|_| points > 1.0) {
        push(other, points - 0.8);
    }
}

/// Points of how an amount is printed.
fn print(money: &Money, role: Role) -> f64 {
    if money.is_priced() {
        0.3
    } else if money.decimals == 0 && role != Role::Rounding {
        // A whole number without a currency may count anything.
        -1.2
    } else {
        -0.4
    }
}

/// Claims of rows in which two amounts add up to a third: net, VAT and total beside each other.
fn rows(page: &PageView<'_>, number: usize, claims: &mut Vec<Claimed>) {
    for line in &page.sheet.lines {
        let row: Vec<usize> = page
            .money_in(line.words.clone())
            .filter(|money| page.money[*money].is_priced() && !page.money[*money].value.is_zero())
            .collect();
        if !(3..=8).contains(&row.len()) {
            continue;
        }
        let named = line.segments.clone().any(|segment| {
            page.labels
                .iter()
                .any(|label| label.segment == segment && label.strength(Label::Total) >= 1.0)
        });
        let (points, total) = if named { (2.4, 2.4) } else { (0.9, 0.3) };
        if let Some([net, vat, gross]) = triple(page, &row) {
            for (role, money, points) in [
                (Role::Net, net, points),
                (Role::Vat, vat, points),
                (Role::Gross, gross, total),
            ] {
                claims.push(Claimed {
                    role,
                    at: (number, money),
                    value: page.money[money].value,
                    points,
                });
            }
        }
    }
}

/// Net, VAT and total among the amounts of a row.
pub(super) fn triple(page: &PageView<'_>, row: &[usize]) -> Option<[usize; 3]> {
    let value = |at: usize| page.money[row[at]].value;
    for gross in (0..row.len()).rev() {
        for vat in (0..row.len()).rev() {
            for net in 0..row.len() {
                let apart = net != vat && vat != gross && net != gross;
                if apart
                    && value(net) + value(vat) == value(gross)
                    && value(vat).abs() * Decimal::from(10) < value(net).abs() * Decimal::from(4)
                    && value(vat).is_sign_negative() == value(net).is_sign_negative()
                {
                    return Some([row[net], row[vat], row[gross]]);
                }
            }
        }
    }
    None
}

/// The claims on a role, equal amounts joined, best first.
pub(super) fn ranked_role(
    view: &View<'_>,
    claims: &[Claimed],
    role: Role,
) -> Vec<Candidate<Decimal>> {
    let of_role = claims
        .iter()
        .filter(|claim| claim.role == role)
        .map(|claim| {
            let words = view.pages[claim.at.0].money[claim.at.1].words.clone();
            Candidate::new(claim.value, claim.at.0, words, claim.points)
        });
    ranked(of_role.collect(), |a, b| a == b)
}

/// What the solver works with: the readings of each role, with `id` the place in the list of that role.
pub(super) fn sums(
    view: &View<'_>,
    claims: &[Claimed],
    [net, vat, gross]: [&mut Vec<Candidate<Decimal>>; 3],
) -> Sums {
    unnamed::unnamed(view, net, vat, gross);
    let readings = |list: &[Candidate<Decimal>]| -> Vec<Reading> {
        list.iter()
            .enumerate()
            .map(|(id, candidate)| Reading {
                value: candidate.value,
                id,
                points: candidate.points,
            })
            .collect()
    };
    let mut between: Vec<Decimal> = claims
        .iter()
        .filter(|claim| {
            matches!(claim.role, Role::Rounding | Role::Between) && !claim.value.is_zero()
        })
        .flat_map(|claim| [claim.value, -claim.value])
        .collect();
    between.sort_unstable();
    between.dedup();
    between.truncate(24);
    Sums {
        net: readings(net),
        vat: readings(vat),
        gross: readings(gross),
        between,
        rates: rates(view),
    }
}

/// An amount where it is printed last, as a reading that nothing names.
pub(super) fn printed(view: &View<'_>, amount: Decimal, points: f64) -> Option<Candidate<Decimal>> {
    view.pages
        .iter()
        .enumerate()
        .flat_map(|(number, page)| page.money.iter().map(move |money| (number, money)))
        .rfind(|(_, money)| money.is_priced() && money.value == amount)
        .map(|(page, money)| Candidate::new(amount, page, money.words.clone(), points))
}

/// The VAT rates that are printed: percentages, and what stands in a column of rates.
pub(super) fn rates(view: &View<'_>) -> Vec<Decimal> {
    let mut rates: Vec<Decimal> = Vec::new();
    for page in &view.pages {
        for money in &page.money {
            if !money.value.is_zero() && is_rate(page, money) && !rates.contains(&money.value) {
                rates.push(money.value);
            }
        }
    }
    rates
}
