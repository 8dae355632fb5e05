//! The dates of the invoice: issue, payment, delivery, order, period.
//!
//! Which part of `01/02/2026` is the month is decided once for the whole document: by its other dates, else by currency,
//! country and language; where nothing tells it is a warning. A due date never lies before the date of issue: of the
//! readings, the pair is chosen that both labels and order speak for.

use super::candidate::{Candidate, ranked};
use super::draft::Draft;
use super::near::Side;
use super::view::{Day, Found, PageView, View};
use crate::lang::Label;
use crate::lang::dates::{Order, compact};
use crate::model::{Date, Field, Warning};

/// Points below which a date is no better than a guess.
const LEAST: f64 = 0.5;
/// Points of a certain label beside its date.
const LABELLED: f64 = 3.5;
/// Longest time between issue and payment that is believed, in days.
const LONGEST_TERM: i64 = 400;

/// The order of day and month in the document, and whether something in it tells.
pub(super) fn order(view: &View<'_>, draft: &Draft) -> (Order, bool) {
    let (mut day_first, mut month_first) = (0, 0);
    for day in view.pages.iter().flat_map(|page| &page.days) {
        let digits_only = day.readings.iter().all(|(_, order)| *order != Order::Ymd);
        if day.readings.len() == 1 && digits_only && day.words.len() == 1 {
            match day.readings[0].1 {
                Order::Dmy => day_first += 1,
                Order::Mdy => month_first += 1,
                Order::Ymd => {}
            }
        }
    }
    if day_first != month_first {
        return (
            if day_first > month_first {
                Order::Dmy
            } else {
                Order::Mdy
            },
            true,
        );
    }
    let currency = draft.invoice.currency.text();
    let american = draft.american;
    match (view.language, currency) {
        (_, Some("USD")) if american => (Order::Mdy, true),
        (Some("en") | None, Some("USD")) => (Order::Mdy, american),
        (Some("en") | None, None) => (if american { Order::Mdy } else { Order::Dmy }, american),
        _ => (Order::Dmy, true),
    }
}

/// Looks for all dates.
pub(super) fn find(view: &View<'_>, draft: &mut Draft) {
    let (order, told) = order(view, draft);
    let pick = |day: &Day| -> Date {
        day.readings
            .iter()
            .find(|(_, reading)| *reading == order)
            .or(day.readings.first())
            .map(|(date, _)| *date)
            .expect("a date has a reading")
    };
    let delivery = ranked(
        labelled(view, Label::DeliveryDate, draft.receipt, &pick),
        |a, b| a == b,
    );
    let ordered = ranked(
        labelled(view, Label::OrderDate, draft.receipt, &pick),
        |a, b| a == b,
    );
    let issue = {
        let mut issue = labelled(view, Label::InvoiceDate, draft.receipt, &pick);
        issue.extend(behind_number(view, &pick));
        issue.extend(bare(view, draft.receipt, &pick));
        // What another label names with more right is not the date of issue.
        issue.retain(|issue| {
            let other = delivery.iter().chain(&ordered);
            !other
                .clone()
                .any(|other| other.place == issue.place && other.points > issue.points)
        });
        ranked(issue, |a, b| a == b)
    };
    let due = ranked(
        labelled(view, Label::DueDate, draft.receipt, &pick),
        |a, b| a == b,
    );
    let (issue, due) = pair(issue, due);
    let ambiguous = issue.first().or(due.first()).is_some_and(|candidate| {
        view.pages[candidate.place.page]
            .days_in(candidate.place.words.clone())
            .any(|day| day.ambiguous)
    });
    if ambiguous && !told {
        draft.warnings.push(Warning {
            code: "DATE_AMBIGUOUS".to_owned(),
            message: "day and month of the dates could be the other way round".to_owned(),
            page: None,
        });
    }
    draft.invoice.invoice_date = put(view, draft, "invoice_date", &issue);
    draft.invoice.due_date = put(view, draft, "due_date", &due);
    draft.invoice.delivery_date = put(view, draft, "delivery_date", &delivery);
    draft.invoice.order_date = put(view, draft, "order_date", &ordered);
    period(view, draft, &pick);
}

/// Writes the best reading and its evidence.
pub(super) fn put(
    view: &View<'_>,
    draft: &mut Draft,
    field: &str,
    ranked: &[Candidate<Date>],
) -> Field<Date> {
    if let Some(evidence) = view.evidence_of(field, ranked, Date::to_string) {
        draft.evidence.insert(field.to_owned(), evidence);
    }
    Field::found(ranked.first().map(|candidate| candidate.value))
}

/// The dates that a label names.
fn labelled(
    view: &View<'_>,
    kind: Label,
    receipt: bool,
    pick: &impl Fn(&Day) -> Date,
) -> Vec<Candidate<Date>> {
    let mut found = Vec::new();
    for (number, page) in view.pages.iter().enumerate() {
        for (index, label) in page.labels.iter().enumerate() {
            let strength = label.strength(kind);
            if strength <= 0.0 {
                continue;
            }
            let mut base = LABELLED * strength - 0.2 * number.min(2) as f64;
            if strength < label.best() {
                base -= 0.8;
            }
            if strength < 1.0 && is_tail(page, label) {
                base -= 1.2;
            }
            if label.glued.is_some() {
                found.extend(
                    page.days_in(label.words.end - 1..label.words.end)
                        .map(|day| Candidate::new(pick(day), number, day.words.clone(), base)),
                );
            }
            for slot in page.slots(index) {
                for (place, day) in page.days_in(slot.words.clone()).enumerate() {
                    let mut points = base - 1.2 * slot.cost - 0.6 * place as f64;
                    // A date far down a line of prose has little to do with the label.
                    let apart = day.words.start - slot.words.start;
                    if matches!(slot.side, Side::Same | Side::Right) && place == 0 {
                        points -= 0.25 * apart.min(6) as f64;
                    }
                    // The label goes on after the known phrase up to its colon: another date is announced.
                    if slot.side == Side::Same
                        && !label.colon
                        && day.words.start > label.words.end + 1
                        && page.has_colon(label.words.end..day.words.start)
                    {
                        points -= 2.2;
                    }
                    // What is only called a date at the foot of the page is the day it was printed.
                    if strength < 1.0 && page.depth(day.words.start) > 0.65 && !receipt {
                        points -= 1.0;
                    }
                    if slot.side == Side::Below {
                        points -= sideways(page, index, day);
                        if is_item(page, day) {
                            points -= 1.2;
                        }
                    }
                    if page.owned_by_other(day.words.start, index, slot.cost) {
                        points -= 2.0;
                    }
                    if is_range(page, day) && kind != Label::ServicePeriod {
                        points -= 2.0;
                    }
                    // Until then less may be paid; it is due later.
                    if kind == Label::DueDate
                        && page.line_speaks_of(day.words.start, Label::CashDiscount)
                    {
                        points -= 4.0;
                    }
                    found.push(Candidate::new(pick(day), number, day.words.clone(), points));
                }
                // Eight digits are a date only where a label says so.
                if page.days_in(slot.words.clone()).next().is_none()
                    && let Some(word) = slot.words.clone().next()
                    && let Some(date) = compact(page.texts[word])
                {
                    found.push(Candidate::new(
                        date,
                        number,
                        word..word + 1,
                        base - 1.2 * slot.cost,
                    ));
                }
            }
        }
    }
    found.retain(|candidate| candidate.points >= LEAST);
    found
}

/// Tells whether a small word is the end of a label that is not known (`Consegnato il:`): a word stands before it in its segment.
fn is_tail(page: &PageView<'_>, label: &Found) -> bool {
    let small = page.texts[label.words.clone()]
        .iter()
        .all(|word| word.chars().filter(|c| c.is_alphabetic()).count() <= 3);
    let first = page.sheet.segments[label.segment].words.start;
    let word = label.words.start;
    small
        && word > first
        && page.label_of[word - 1].is_none()
        && !page.texts[word - 1].contains(|c: char| c.is_ascii_digit())
}

/// Tells whether a date stands in a row of items: with two amounts or more.
fn is_item(page: &PageView<'_>, day: &Day) -> bool {
    let line = &page.sheet.lines[page.sheet.segments[page.segment_of[day.words.start]].line];
    let row = &page.money[page.money_in(line.words.clone())];
    row.iter().filter(|money| money.is_priced()).count() > 1
}

/// How far a date stands sideways from the column under its label: points against it.
fn sideways(page: &PageView<'_>, label: usize, day: &Day) -> f64 {
    let label = page.sheet.rect(page.labels[label].words.clone());
    let date = page.sheet.rect(day.words.clone());
    let apart = date.x0.max(label.x0) - date.x1.min(label.x1);
    if apart > 0.0 {
        (apart / page.sheet.em).min(3.0) * 0.5
    } else {
        0.0
    }
}

/// The date behind the number or the title in one line (`Invoice No. 12 of 3 May 2026`).
fn behind_number(view: &View<'_>, pick: &impl Fn(&Day) -> Date) -> Vec<Candidate<Date>> {
    let mut found = Vec::new();
    for (number, page) in view.pages.iter().enumerate() {
        for (index, label) in page.labels.iter().enumerate() {
            let named = label
                .kinds
                .iter()
                .any(|(kind, _)| *kind == Label::InvoiceNumber || kind.is_title());
            if !named {
                continue;
            }
            let same = page
                .slots(index)
                .iter()
                .filter(|slot| slot.side == Side::Same);
            for slot in same {
                let day = page
                    .days_in(slot.words.clone())
                    .find(|day| !is_range(page, day));
                if let Some(day) = day.filter(|day| day.words.start < slot.words.start + 6) {
                    // The word itself may be the number (`1/05/2026`).
                    let points = if day.words.start == slot.words.start {
                        0.8
                    } else {
                        2.2
                    };
                    found.push(Candidate::new(pick(day), number, day.words.clone(), points));
                }
            }
        }
    }
    found
}

/// Dates that no label names: at the head of a letter, anywhere on a receipt, a time of day beside them.
fn bare(view: &View<'_>, receipt: bool, pick: &impl Fn(&Day) -> Date) -> Vec<Candidate<Date>> {
    let mut found = Vec::new();
    for (number, page) in view.pages.iter().enumerate() {
        for (place, day) in page.days.iter().enumerate() {
            if is_range(page, day) {
                continue;
            }
            let owned = page.owner(day.words.start).is_some_and(|(label, cost)| {
                cost < 0.6
                    && label.kinds.iter().any(|(kind, strength)| {
                        *strength >= 1.0
                            && matches!(
                                kind,
                                Label::DueDate
                                    | Label::DeliveryDate
                                    | Label::OrderDate
                                    | Label::ServicePeriod
                                    | Label::PrecedingInvoice
                                    | Label::ContractNumber
                            )
                    })
            });
            if owned {
                continue;
            }
            let depth = page.depth(day.words.start);
            let timed = has_time(page, day);
            let points = if receipt {
                1.2 - 0.05 * place.min(8) as f64
            } else if number == 0 && depth < 0.4 {
                1.2 - depth
            } else {
                0.5 - 0.1 * number.min(3) as f64
            };
            let points = points + if timed && receipt { 0.5 } else { 0.0 };
            found.push(Candidate::new(pick(day), number, day.words.clone(), points));
        }
    }
    found
}

/// Tells whether a time of day stands beside a date.
fn has_time(page: &PageView<'_>, day: &Day) -> bool {
    let line = &page.sheet.lines[page.sheet.segments[page.segment_of[day.words.start]].line];
    let around = day.words.start.saturating_sub(2).max(line.words.start)
        ..(day.words.end + 2).min(line.words.end);
    around.clone().any(|word| {
        let text = page.texts[word];
        let mut parts = text.splitn(2, ':');
        let hour = parts
            .next()
            .and_then(|part| part.get(part.len().saturating_sub(2)..));
        let minute = parts.next().and_then(|part| part.get(..2));
        let digits =
            |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        hour.is_some_and(digits) && minute.is_some_and(|minute| minute.len() == 2 && digits(minute))
    })
}

/// Tells whether a date is one end of a range: another date stands beside it with a dash or a small word between.
fn is_range(page: &PageView<'_>, day: &Day) -> bool {
    let segment = &page.sheet.segments[page.segment_of[day.words.start]];
    page.days_in(segment.words.clone()).any(|other| {
        let between = if other.words.start >= day.words.end {
            day.words.end..other.words.start
        } else if other.words.end <= day.words.start {
            other.words.end..day.words.start
        } else {
            return false;
        };
        between.len() <= 1
            && between
                .into_iter()
                .all(|word| page.texts[word].chars().count() <= 3 && page.texts[word] != "/")
            || page.texts[day.words.end - 1].contains(['-', '–'])
                && day.words.end == other.words.start
    })
}

/// Chooses issue and due date together: the pair with most points in which the due date does not lie before.
fn pair(
    issue: Vec<Candidate<Date>>,
    due: Vec<Candidate<Date>>,
) -> (Vec<Candidate<Date>>, Vec<Candidate<Date>>) {
    const MOST: usize = 5;
    let mut best = (f64::NEG_INFINITY, None, None);
    let issues = std::iter::once(None).chain((0..issue.len().min(MOST)).map(Some));
    for i in issues {
        for d in std::iter::once(None).chain((0..due.len().min(MOST)).map(Some)) {
            let mut points = i.map_or(0.0, |i| issue[i].points) + d.map_or(0.0, |d| due[d].points);
            if let (Some(i), Some(d)) = (i, d) {
                let term = issue[i].value.days_until(due[d].value);
                if !(0..=LONGEST_TERM).contains(&term) {
                    points -= 3.0;
                }
                // One printed date is not both, unless two labels name it.
                if issue[i].place == due[d].place {
                    points -= 2.5;
                }
            }
            if points > best.0 + 1e-9 {
                best = (points, i, d);
            }
        }
    }
    let first = |mut list: Vec<Candidate<Date>>, at: Option<usize>| match at {
        Some(at) => {
            let chosen = list.remove(at);
            list.insert(0, chosen);
            list
        }
        None => Vec::new(),
    };
    (first(issue, best.1), first(due, best.2))
}

/// The invoiced period: two dates behind one label.
fn period(view: &View<'_>, draft: &mut Draft, pick: &impl Fn(&Day) -> Date) {
    for (number, page) in view.pages.iter().enumerate() {
        for (index, label) in page.labels.iter().enumerate() {
            if label.strength(Label::ServicePeriod) < 1.0 {
                continue;
            }
            for slot in page.slots(index) {
                let days: Vec<&Day> = page.days_in(slot.words.clone()).take(2).collect();
                if let [first, second] = days[..]
                    && pick(first) <= pick(second)
                {
                    for (field, day) in [("period_start", first), ("period_end", second)] {
                        let candidate = Candidate::new(
                            pick(day),
                            number,
                            day.words.clone(),
                            LABELLED - slot.cost,
                        );
                        let value = put(view, draft, field, &[candidate]);
                        if field == "period_start" {
                            draft.invoice.period_start = value;
                        } else {
                            draft.invoice.period_end = value;
                        }
                    }
                    return;
                }
            }
        }
    }
    draft.invoice.period_start = Field::Null;
    draft.invoice.period_end = Field::Null;
}
