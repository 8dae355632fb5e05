//! Dates: their order, and whether they can be believed.

use super::context::Need;
use super::findings::Draft;
use super::{Context, Findings, Rule};
use crate::model::{Date, Hundredths, Severity};

pub(super) const RULES: &[Rule] = &[
    Rule {
        code: "PAST_DUE",
        name: "the due date is in the past",
        severity: Severity::Warning,
        weight: Hundredths(0),
        needs: &[Need::DueDate, Need::Today],
        check: past_due,
        doc: doc!(
            "Whether the due date lies before the document's own \"now\" (the day it was taken in, or `--now`).",
            "It has to be paid at once, or a discount or reminder fee is at stake.",
            "Due 2026-02-14, taken in on 2026-05-18.",
            "Approve it first; or find out whether it was paid already."
        ),
    },
    Rule {
        code: "DUE_BEFORE_ISSUE",
        name: "the due date is before the invoice date",
        severity: Severity::Warning,
        weight: Hundredths(35),
        needs: &[Need::DueDate, Need::InvoiceDate],
        check: due_before_issue,
        doc: doc!(
            "Whether the due date is on or after the invoice date.",
            "One of the two was misread, often day and month the wrong way round.",
            "Invoice date 2026-03-02, due 2026-02-28.",
            "Compare both dates with the page and correct the wrong one."
        ),
    },
    Rule {
        code: "FUTURE_DATE",
        name: "the invoice is dated in the future",
        severity: Severity::Warning,
        weight: Hundredths(35),
        needs: &[Need::InvoiceDate, Need::Today],
        check: future,
        doc: doc!(
            "Whether the invoice date is later than the day after the document's own \"now\". The one day is for time zones.",
            "The date was misread, or the invoice belongs to another period.",
            "Dated 2026-12-01, taken in on 2026-01-15.",
            "Compare the date with the page and correct it, or ask the vendor."
        ),
    },
    Rule {
        code: "DATE_AMBIGUOUS",
        name: "day and month of a date could be the other way round",
        severity: Severity::Warning,
        weight: Hundredths(35),
        needs: &[],
        check: ambiguous,
        doc: doc!(
            "Whether the reader noted the same date with day and month exchanged as another reading of the invoice date or the due date.",
            "03/04/2026 is in March for some and in April for others; a month decides about discounts and about the accounting period.",
            "03/04/2026 on an invoice that names no country and no other date.",
            "Look for a second date on the page that settles it, and enter the right one."
        ),
    },
    Rule {
        code: "PERIOD_INVALID",
        name: "the invoiced period ends before it begins",
        severity: Severity::Warning,
        weight: Hundredths(10),
        needs: &[],
        check: period,
        doc: doc!(
            "Whether the invoiced period, of the document and of each line, ends on or after its first day (BR-29, BR-30).",
            "One of the two dates was misread.",
            "From 2026-02-01 to 2026-01-31.",
            "Compare both dates with the page and correct the wrong one."
        ),
    },
];

fn past_due(context: &Context<'_>, findings: &mut Findings<'_>) {
    let (Some(due), Some(today)) = (context.invoice.due_date.get(), context.today) else {
        return;
    };
    if due < today {
        let draft =
            Draft::new(format!("Invoice due date ({due}) is in the past")).field("due_date");
        findings.add(
            draft
                .compare(format!("{today} or later"), due.to_string())
                .suggest("Pay first, or find out whether it was paid already"),
        );
    }
}

fn due_before_issue(context: &Context<'_>, findings: &mut Findings<'_>) {
    let (Some(due), Some(issued)) = (
        context.invoice.due_date.get(),
        context.invoice.invoice_date.get(),
    ) else {
        return;
    };
    if due < issued {
        let draft = Draft::new(format!(
            "The due date {due} is before the invoice date {issued}"
        ))
        .field("due_date");
        findings.add(
            draft
                .compare(format!("{issued} or later"), due.to_string())
                .suggest("Compare both dates with the page"),
        );
    }
}

fn future(context: &Context<'_>, findings: &mut Findings<'_>) {
    let (Some(issued), Some(today)) = (context.invoice.invoice_date.get(), context.today) else {
        return;
    };
    if today.days_until(issued) > 1 {
        let draft =
            Draft::new(format!("The invoice date {issued} is in the future")).field("invoice_date");
        findings.add(
            draft
                .compare(format!("{today} or earlier"), issued.to_string())
                .suggest("Compare the date with the page"),
        );
    }
}

/// The date with day and month exchanged, where there is such a day and it is another.
fn exchanged(date: Date) -> Option<Date> {
    let civil = date.0;
    Date::new(civil.year(), civil.day(), civil.month()).filter(|other| *other != date)
}

fn ambiguous(context: &Context<'_>, findings: &mut Findings<'_>) {
    let invoice = context.invoice;
    let noted = context
        .warned("DATE_AMBIGUOUS")
        .map(|warning| warning.message.clone());
    let mut found = false;
    for (field, date) in [
        ("invoice_date", invoice.invoice_date.get()),
        ("due_date", invoice.due_date.get()),
    ] {
        let (Some(date), Some(evidence)) = (date, context.document.evidence.get(field)) else {
            continue;
        };
        let Some(other) = exchanged(date) else {
            continue;
        };
        if evidence
            .alternatives
            .iter()
            .any(|reading| reading.value.parse::<Date>().ok() == Some(other))
        {
            found = true;
            let draft = Draft::new(format!("The date could be {date} or {other}")).field(field);
            findings.add(draft.suggest("Look for a second date on the page that settles it"));
        }
    }
    if !found && let Some(message) = noted {
        findings
            .add(Draft::new(message).suggest("Look for a second date on the page that settles it"));
    }
}

fn period(context: &Context<'_>, findings: &mut Findings<'_>) {
    let invoice = context.invoice;
    let header = (
        String::new(),
        invoice.period_start.get(),
        invoice.period_end.get(),
    );
    let lines = invoice.line_items.iter().zip(0_usize..);
    let lines = lines.map(|(line, place)| {
        (
            format!("line_items[{place}]."),
            line.period_start.get(),
            line.period_end.get(),
        )
    });
    for (path, start, end) in std::iter::once(header).chain(lines) {
        if let (Some(start), Some(end)) = (start, end)
            && end < start
        {
            let draft = Draft::new(format!(
                "The period from {start} to {end} ends before it begins"
            ));
            findings.add(
                draft
                    .field(format!("{path}period_end"))
                    .suggest("Compare both dates with the page"),
            );
        }
    }
}
