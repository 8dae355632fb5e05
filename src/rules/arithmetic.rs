//! The sums of the document: lines, subtotal, total, amount due.

use super::basis::{self, Basis, Printed, leads};
use super::context::{Kind, Need};
use super::findings::Draft;
use super::{Context, Findings, Rule};
use crate::model::{Amount, Decimal, Field, Hundredths, Severity};

pub(super) const RULES: &[Rule] = &[
    Rule {
        code: "TOTAL_MISMATCH",
        name: "the lines add up to neither subtotal nor total",
        severity: Severity::Error,
        weight: Hundredths(30),
        needs: &[Need::Plausible, Need::LineTotals],
        check: total,
        doc: doc!(
            "Whether the amounts of the lines add up: to the subtotal, if they are net, or to the total, if they include VAT. Which it is, \
             is found out; only if neither fits is there a finding. On printed pages the sum may be off by the larger of 0.01 and 0.005 for each \
             line; e-invoices that declare EN 16931 have to be exact.",
            "A line was misread, is missing or was counted twice, or the vendor added up wrongly.",
            "Lines 500.00 and 375.00, subtotal 900.00, total 1,089.00: the lines are 875.00.",
            "Compare the lines with the page. Correct what was misread; otherwise ask the vendor for a corrected invoice."
        ),
    },
    Rule {
        code: "SUBTOTAL_MISMATCH",
        name: "the parts of the subtotal do not add up to it",
        severity: Severity::Error,
        weight: Hundredths(20),
        needs: &[Need::Plausible, Need::Subtotal],
        check: subtotal,
        doc: doc!(
            "Whether the stated sum of the lines, less allowances and plus charges, is the subtotal, and whether the taxable amounts of all VAT rates are \
             (EN 16931: BR-CO-10, BR-CO-13).",
            "VAT is reckoned from the subtotal; if it is wrong, so is the tax you deduct.",
            "Sum of lines 100.00, discount 10.00, subtotal 95.00.",
            "Check discounts and charges on the page; ask the vendor for a corrected invoice if they are as read."
        ),
    },
    Rule {
        code: "GROSS_MISMATCH",
        name: "subtotal and VAT do not add up to the total",
        severity: Severity::Error,
        weight: Hundredths(30),
        needs: &[
            Need::Plausible,
            Need::Subtotal,
            Need::VatAmount,
            Need::Total,
        ],
        check: gross,
        doc: doc!(
            "Whether subtotal + VAT = total, to 0.01 on printed pages and exactly in e-invoices (BR-CO-15). Printed rounding, charges, allowances, \
             withheld tax, stamp duty and a balance carried over count where they are printed; so does Swiss rounding to 0.05.",
            "The total is what is paid; it has to follow from what is printed above it.",
            "Subtotal 100.00, VAT 19.00, total 129.00.",
            "Look at the page for an amount that was not read, and correct the field that is wrong."
        ),
    },
    Rule {
        code: "AMOUNT_DUE_MISMATCH",
        name: "total, payments and rounding do not lead to the amount due",
        severity: Severity::Error,
        weight: Hundredths(30),
        needs: &[Need::Plausible, Need::Total, Need::AmountDue],
        check: due,
        doc: doc!(
            "Whether total − paid + rounding = amount due (BR-CO-16), where something is printed that makes the two differ.",
            "The amount due is what leaves the bank.",
            "Total 119.00, paid 19.00, amount due 110.00.",
            "Check the payments the invoice names against your own; correct what was misread."
        ),
    },
    Rule {
        code: "DUE_DIFFERS",
        name: "the amount due differs from the total and nothing says why",
        severity: Severity::Warning,
        weight: Hundredths(35),
        needs: &[Need::Plausible, Need::Total, Need::AmountDue],
        check: differs,
        doc: doc!(
            "Whether the amount due is the total where no payment, rounding, withholding or balance is printed.",
            "An old balance in the amount due is paid twice; a small total beside a large amount due slips under a limit.",
            "Total 119.00, amount due 1,119.00, and nothing in between.",
            "Look at the page for the reason and enter it (`paid_amount`, `previous_balance`), or correct the amount due."
        ),
    },
];

fn total(context: &Context<'_>, findings: &mut Findings<'_>) {
    let Some((sum, basis)) = basis::basis(context) else {
        findings.skip("the invoice has no sum to compare the lines with");
        return;
    };
    if basis != Basis::Neither {
        return;
    }
    let invoice = context.invoice;
    let (field, stated) = [
        ("total", &invoice.total),
        ("subtotal", &invoice.subtotal),
        ("lines_total", &invoice.lines_total),
    ]
    .into_iter()
    .find_map(|(name, field)| Some((name, field.get()?.decimal())))
    .unwrap_or(("total", Decimal::ZERO));
    let (sum, stated) = (context.money(sum), context.money(stated));
    let draft = Draft::new(format!(
        "Line items sum ({sum}) doesn't match stated total ({stated})"
    ));
    findings.add(
        draft
            .field(field)
            .compare(sum, stated)
            .suggest("Compare the lines with the page, or ask the vendor for a corrected invoice"),
    );
}

fn value(field: &Field<Amount>) -> Option<Decimal> {
    field.get().map(Amount::decimal)
}

fn subtotal(context: &Context<'_>, findings: &mut Findings<'_>) {
    let invoice = context.invoice;
    let stated = value(&invoice.subtotal).unwrap_or_default();
    let printed = Printed::of(context);
    let mut looked = false;
    let mut compare = |findings: &mut Findings<'_>,
                       what: &str,
                       field: &str,
                       sum: Decimal,
                       target: Decimal,
                       fits: bool| {
        looked = true;
        if !fits {
            let (sum, target) = (context.money(sum), context.money(target));
            let draft = Draft::new(format!("{what} come to {sum}, the invoice says {target}"));
            let draft = draft.field(field).compare(sum, target);
            findings.add(draft.suggest("Check discounts, charges and the VAT table on the page"));
        }
    };
    if let Some(listed) = value(&invoice.lines_total) {
        if context.exact()
            && invoice.line_items.iter().all(|line| line.total.is_value())
            && !invoice.line_items.is_empty()
        {
            let sum = invoice
                .line_items
                .iter()
                .filter_map(|line| value(&line.total))
                .sum();
            let sum = basis::half_up(sum, context.decimals());
            compare(
                findings,
                "The lines",
                "lines_total",
                sum,
                listed,
                sum == listed,
            );
        }
        let carried =
            listed + printed.allowances.unwrap_or_default() + printed.charges.unwrap_or_default();
        let fits = if context.exact() {
            basis::half_up(carried, context.decimals()) == stated
        } else {
            leads(listed, stated, &[printed.allowances, printed.charges], context.slack())
                // A page may call the sum of gross lines a subtotal of its own.
                || value(&invoice.total).is_some_and(|total| leads(listed, total, &[printed.allowances, printed.charges], context.slack()))
        };
        compare(
            findings,
            "Lines, allowances and charges",
            "subtotal",
            carried,
            stated,
            fits,
        );
    }
    let bases: Option<Decimal> = invoice
        .vat_breakdown
        .iter()
        .map(|row| value(&row.base))
        .sum();
    if let Some(sum) = bases.filter(|_| !invoice.vat_breakdown.is_empty()) {
        let tolerance = context.tolerance(invoice.vat_breakdown.len());
        // Charges may be left out of the taxable amounts, and these may include the tax.
        let steps = [printed.allowances, printed.charges];
        let fits = (sum - stated).abs() <= tolerance
            || (!context.exact()
                && (leads(sum, stated, &steps, tolerance)
                    || value(&invoice.total)
                        .is_some_and(|total| leads(sum, total, &[], tolerance))));
        compare(
            findings,
            "The taxable amounts",
            "subtotal",
            sum,
            stated,
            fits,
        );
    }
    if !looked {
        findings.skip("nothing is printed to compare the subtotal with");
    }
}

fn gross(context: &Context<'_>, findings: &mut Findings<'_>) {
    let invoice = context.invoice;
    let [subtotal, vat, total] = [&invoice.subtotal, &invoice.vat_amount, &invoice.total]
        .map(|field| value(field).unwrap_or_default());
    let printed = Printed::of(context);
    let sum = subtotal + vat;
    let steps = [
        printed.withheld,
        printed.rounding,
        printed.charges,
        printed.allowances,
        printed.stamp,
        printed.balance,
        printed.paid,
        printed.surcharge,
    ];
    let steps = if context.exact() {
        &steps[..1]
    } else {
        &steps[..]
    };
    let owed_by_buyer =
        invoice.reverse_charge.get() == Some(true) && (subtotal - total).abs() <= context.slack();
    let fits = leads(sum, total, steps, context.slack())
        || (!context.exact() && basis::swiss(context, sum, total))
        || owed_by_buyer;
    if fits {
        return;
    }
    let (sum, total) = (context.money(sum), context.money(total));
    let draft = Draft::new(format!(
        "Subtotal and VAT come to {sum}, the total is {total}"
    ));
    let draft = draft.field("total").compare(sum, total);
    findings.add(draft.suggest("Look for an amount on the page that was not read"));
}

/// What is printed that makes the amount due differ from the total.
fn due_steps(context: &Context<'_>) -> [Option<Decimal>; 6] {
    let printed = Printed::of(context);
    [
        printed.paid,
        printed.rounding,
        printed.withheld,
        printed.balance,
        printed.stamp,
        printed.split,
    ]
    .map(|step| step.filter(|step| !step.is_zero()))
}

fn same_due(context: &Context<'_>, total: Decimal, due: Decimal) -> bool {
    let credit = matches!(context.kind(), Kind::Credit | Kind::Correction);
    (total - due).abs() <= context.slack()
        || (credit && !context.exact() && (total + due).abs() <= context.slack())
        || (!context.exact() && basis::swiss(context, total, due))
}

fn due(context: &Context<'_>, findings: &mut Findings<'_>) {
    let invoice = context.invoice;
    let [total, due] =
        [&invoice.total, &invoice.amount_due].map(|field| value(field).unwrap_or_default());
    let steps = due_steps(context);
    if steps.iter().all(Option::is_none) {
        findings.skip("nothing is printed between total and amount due");
        return;
    }
    let expected = total + steps.iter().take(2).flatten().sum::<Decimal>();
    let fits = if context.exact() {
        leads(total, due, &steps, Decimal::ZERO)
    } else {
        leads(total, due, &steps, context.slack())
            || basis::swiss(context, expected, due)
            || same_due(context, total, due)
    };
    if !fits {
        let (expected, due) = (context.money(expected), context.money(due));
        let draft = Draft::new(format!(
            "Total, payments and rounding lead to {expected}, the amount due is {due}"
        ));
        let draft = draft.field("amount_due").compare(expected, due);
        findings.add(draft.suggest("Check the payments the invoice names against your own"));
    }
}

fn differs(context: &Context<'_>, findings: &mut Findings<'_>) {
    let invoice = context.invoice;
    let [total, due] =
        [&invoice.total, &invoice.amount_due].map(|field| value(field).unwrap_or_default());
    if due_steps(context).iter().any(Option::is_some) || same_due(context, total, due) {
        return;
    }
    let (total, due) = (context.money(total), context.money(due));
    let draft = Draft::new(format!(
        "The amount due is {due}, the total is {total}, and nothing says why"
    ));
    let draft = draft.field("amount_due").compare(total, due);
    findings.add(draft.suggest("Look for a payment or an old balance on the page"));
}
