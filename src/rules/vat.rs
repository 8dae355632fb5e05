//! Value added tax: by rate, in sum, and whether the rate exists.

use super::basis::{Printed, leads};
use super::context::Need;
use super::findings::Draft;
use super::{Context, Findings, Rule, vat_rate};
use crate::model::{Amount, Date, Decimal, Hundredths, Severity, vat_id_country};

pub(super) const RULES: &[Rule] = &[
    Rule {
        code: "VAT_MISMATCH",
        name: "taxable amount times rate is not the VAT of that rate",
        severity: Severity::Error,
        weight: Hundredths(20),
        needs: &[Need::Plausible],
        check: by_rate,
        doc: doc!(
            "Whether taxable amount × rate is the VAT, for each rate. On printed pages 0.01 for each line is allowed, beyond it is a warning and from 1.00 on an \
             error; e-invoices may be off by less than 1.00 (BR-CO-17).",
            "Wrong VAT cannot be deducted, and a misread rate or base hides here.",
            "19 % of 100.00 printed as 21.00.",
            "Compare the VAT table with the page; ask the vendor for a corrected invoice if it is as read."
        ),
    },
    Rule {
        code: "VAT_SUM_MISMATCH",
        name: "the VAT of all rates does not add up to the stated VAT",
        severity: Severity::Error,
        weight: Hundredths(20),
        needs: &[Need::Plausible, Need::VatBreakdown, Need::VatAmount],
        check: sum,
        doc: doc!(
            "Whether the VAT of all rates adds up to the total VAT (BR-CO-14: exact in e-invoices, 0.01 on printed pages).",
            "A rate was misread or is missing.",
            "7 %: 7.00 and 19 %: 19.00, VAT 25.00.",
            "Compare the VAT table with the page and correct what was misread."
        ),
    },
    Rule {
        code: "VAT_RATE_UNKNOWN",
        name: "the vendor's country has no such VAT rate on that day",
        severity: Severity::Warning,
        weight: Hundredths(10),
        needs: &[Need::InvoiceDate],
        check: rate,
        doc: doc!(
            "Whether each rate of the invoice is or was a VAT rate of the vendor's country on the day of the supply or of the invoice. 0 % is always one.",
            "A rate that does not exist is a misread digit, an outdated template or an invented invoice.",
            "18 % on a German invoice of 2026.",
            "Compare the rate with the page. If it is printed so, the vendor has to correct the invoice before you can deduct the tax."
        ),
    },
    Rule {
        code: "VAT_CATEGORY_MISMATCH",
        name: "tax is charged under a category that has none",
        severity: Severity::Error,
        weight: Hundredths(20),
        needs: &[Need::VatBreakdown],
        check: category,
        doc: doc!(
            "Whether the VAT is zero where the category says that none is charged: zero rated Z, exempt E, reverse charge AE, intra-community K, \
             export G, outside the scope O (BR-Z-09, BR-E-09, BR-AE-09 …).",
            "You would pay a tax that the vendor does not owe, and owe it yourself besides.",
            "Category AE with VAT 19.00.",
            "Ask the vendor for a corrected invoice."
        ),
    },
];

/// Categories of UNTDID 5305 under which no tax is charged.
const UNTAXED: [&str; 6] = ["Z", "E", "AE", "K", "G", "O"];

/// The tax of a net amount.
fn tax(base: Decimal, rate: Decimal) -> Option<Decimal> {
    base.checked_mul(rate)
        .map(|product| product / Decimal::ONE_HUNDRED)
}

fn by_rate(context: &Context<'_>, findings: &mut Findings<'_>) {
    let invoice = context.invoice;
    let mut looked = false;
    for (row, place) in invoice.vat_breakdown.iter().zip(0_usize..) {
        if let (Some(rate), Some(base), Some(amount)) =
            (row.rate.get(), row.base.get(), row.amount.get())
        {
            looked = true;
            let path = format!("vat_breakdown[{place}].amount");
            compare(
                context,
                findings,
                &path,
                [base.decimal(), rate.decimal(), amount.decimal()],
            );
        }
    }
    if !looked && let Some(row) = only_rate(context) {
        looked = true;
        compare(context, findings, "vat_amount", row);
    }
    if !looked {
        findings.skip("the invoice has no rate with its taxable amount and VAT");
    }
}

/// Taxable amount, rate and VAT of an invoice with one rate only, where no table says so.
fn only_rate(context: &Context<'_>) -> Option<[Decimal; 3]> {
    let invoice = context.invoice;
    let mut rates = invoice.line_items.iter().map(|line| line.vat_rate.get());
    let first = rates.next()??;
    let one = invoice.vat_breakdown.is_empty() && rates.all(|rate| rate == Some(first));
    let row = [
        invoice.subtotal.get()?.decimal(),
        first.decimal(),
        invoice.vat_amount.get()?.decimal(),
    ];
    one.then_some(row)
}

fn compare(
    context: &Context<'_>,
    findings: &mut Findings<'_>,
    path: &str,
    [base, rate, amount]: [Decimal; 3],
) {
    let Some(expected) = tax(base, rate) else {
        return;
    };
    let lines = Decimal::from(context.invoice.line_items.len().max(1));
    let limit = context.policy.tolerances.vat_error.decimal();
    // Signs are printed as people like: a credit note may turn one of the two round.
    let mut off = (expected.abs() - amount.abs()).abs();
    if !context.exact() {
        // The base may be printed with the tax in it.
        let divisor = Decimal::ONE_HUNDRED + rate;
        if let Some(within) = base
            .checked_mul(rate)
            .and_then(|product| product.checked_div(divisor))
        {
            off = off.min((within.abs() - amount.abs()).abs());
        }
    }
    let (fits, grave) = if context.exact() {
        (off < Decimal::ONE, true)
    } else {
        (off <= context.unit() * lines, off >= limit)
    };
    if fits {
        return;
    }
    let expected = expected.round_dp_with_strategy(
        context.decimals(),
        rust_decimal::RoundingStrategy::MidpointAwayFromZero,
    );
    let (expected, actual) = (context.money(expected), context.money(amount));
    let base = context.money(base);
    let draft = Draft::new(format!(
        "{} % of {base} is {expected}, the invoice says {actual}",
        rate.normalize()
    ))
    .field(path)
    .compare(expected, actual)
    .suggest("Compare the VAT table with the page");
    findings.grade(
        draft,
        if grave {
            Severity::Error
        } else {
            Severity::Warning
        },
    );
}

fn sum(context: &Context<'_>, findings: &mut Findings<'_>) {
    let invoice = context.invoice;
    let sum: Option<Decimal> = invoice
        .vat_breakdown
        .iter()
        .map(|row| row.amount.get().map(Amount::decimal))
        .sum();
    let Some(sum) = sum else {
        findings.skip("a VAT rate has no amount");
        return;
    };
    let stated = invoice.vat_amount.get().unwrap_or_default().decimal();
    let tolerance = context.tolerance(invoice.vat_breakdown.len());
    let steps = [Printed::of(context).surcharge];
    let turned = !context.exact() && leads(-sum, stated, &steps, tolerance);
    if leads(sum, stated, &steps, tolerance) || turned {
        return;
    }
    let (sum, stated) = (context.money(sum), context.money(stated));
    let draft = Draft::new(format!(
        "The VAT of all rates comes to {sum}, the invoice says {stated}"
    ));
    findings.add(
        draft
            .field("vat_amount")
            .compare(sum, stated)
            .suggest("Compare the VAT table with the page"),
    );
}

fn rate(context: &Context<'_>, findings: &mut Findings<'_>) {
    let invoice = context.invoice;
    let countries = countries(context);
    let table = vat_rate::table();
    let Some(country) = countries.iter().find(|country| table.knows(country)) else {
        findings.skip(match countries.first() {
            None => "the vendor's country is not known".to_owned(),
            Some(country) => format!("no VAT rates are kept for {country}"),
        });
        return;
    };
    let days: Vec<Date> = [
        invoice.tax_point_date.get(),
        invoice.delivery_date.get(),
        invoice.period_start.get(),
        invoice.period_end.get(),
        invoice.invoice_date.get(),
    ]
    .into_iter()
    .flatten()
    .collect();
    let rows = invoice.vat_breakdown.iter().zip(0_usize..);
    let rows = rows
        .filter_map(|(row, place)| Some((format!("vat_breakdown[{place}].rate"), row.rate.get()?)));
    let lines = invoice.line_items.iter().zip(0_usize..);
    let lines = lines.filter_map(|(line, place)| {
        Some((
            format!("line_items[{place}].vat_rate"),
            line.vat_rate.get()?,
        ))
    });
    let mut seen = Vec::new();
    let mut looked = false;
    for (path, rate) in rows.chain(lines) {
        looked = true;
        let rate = rate.decimal().normalize();
        if seen.contains(&rate) {
            continue;
        }
        seen.push(rate);
        let exists = countries
            .iter()
            .any(|country| days.iter().any(|&day| table.has(country, rate, day)));
        if !exists {
            let known = table.on(country, days[days.len() - 1]);
            let draft = Draft::new(format!("{rate} % is no VAT rate of {country} on that day"));
            let draft = draft.field(path).compare(known, format!("{rate}"));
            findings.add(draft.suggest("Compare the rate with the page"));
        }
    }
    if !looked {
        findings.skip("the invoice has no VAT rate");
    }
}

/// The countries whose rates may apply: of the VAT id, and of the vendor's address, which need not be the same.
fn countries(context: &Context<'_>) -> Vec<String> {
    let invoice = context.invoice;
    let prefix = invoice.vendor_vat.text().and_then(vat_id_country);
    let address = invoice
        .vendor_address
        .value()
        .and_then(|address| address.country.text());
    let stated = address.or(invoice.country.text()).map(str::to_uppercase);
    prefix
        .map(str::to_owned)
        .into_iter()
        .chain(stated)
        .collect()
}

fn category(context: &Context<'_>, findings: &mut Findings<'_>) {
    let mut looked = false;
    for (row, place) in context.invoice.vat_breakdown.iter().zip(0_usize..) {
        let (Some(category), Some(amount)) = (row.category.text(), row.amount.get()) else {
            continue;
        };
        looked = true;
        if UNTAXED.contains(&category) && !amount.decimal().is_zero() {
            let amount = context.money(amount.decimal());
            let draft = Draft::new(format!(
                "VAT category {category} has no tax, the invoice charges {amount}"
            ));
            let draft = draft
                .field(format!("vat_breakdown[{place}].amount"))
                .compare(context.money(Decimal::ZERO), amount);
            findings.add(draft.suggest("Ask the vendor for a corrected invoice"));
        }
    }
    if !looked {
        findings.skip("no VAT category is named");
    }
}
