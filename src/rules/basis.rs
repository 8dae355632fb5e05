//! Sums that may include what else is printed: whether one amount leads to another.

use super::context::Kind;
use super::{Context, plausible};
use crate::model::{AllowanceCharge, Amount, Decimal};

/// A printed amount that may stand between two sums, with the sign it acts with.
pub(super) type Step = Option<Decimal>;

/// Tells whether `from`, plus any of the steps, is `to`.
///
/// Pages differ in what they count where: a shipping charge stands among the lines or below the subtotal, a withheld tax is in
/// the total or only in the amount due. Only amounts that are printed take part, each at most once.
pub(super) fn leads(from: Decimal, to: Decimal, steps: &[Step], tolerance: Decimal) -> bool {
    let steps: Vec<Decimal> = steps
        .iter()
        .copied()
        .flatten()
        .filter(|step| !step.is_zero())
        .collect();
    (0_u32..1 << steps.len().min(8)).any(|chosen| {
        let added: Decimal = steps
            .iter()
            .enumerate()
            .filter(|(place, _)| chosen & (1 << place) != 0)
            .map(|(_, step)| *step)
            .sum();
        (from + added - to).abs() <= tolerance
    })
}

/// What is printed besides the sums, each with the sign it acts with.
pub(super) struct Printed {
    /// Allowances of the document.
    pub(super) allowances: Step,
    /// Charges of the document.
    pub(super) charges: Step,
    /// Rounding.
    pub(super) rounding: Step,
    /// Tax the payer withholds.
    pub(super) withheld: Step,
    /// Already paid.
    pub(super) paid: Step,
    /// Balance from before.
    pub(super) balance: Step,
    /// Stamp duty.
    pub(super) stamp: Step,
    /// Surcharge on the VAT of retailers (Spain: recargo de equivalencia).
    pub(super) surcharge: Step,
    /// VAT that the buyer pays to the state instead of the vendor (Italy, Poland: split payment).
    pub(super) split: Step,
}

impl Printed {
    pub(super) fn of(context: &Context<'_>) -> Self {
        let invoice = context.invoice;
        let sum = |parts: &[AllowanceCharge]| {
            parts
                .iter()
                .map(|part| part.amount.get().map(|amount| amount.decimal().abs()))
                .sum::<Option<Decimal>>()
                .filter(|_| !parts.is_empty())
        };
        let positive = |amount: Option<Amount>| amount.map(|amount| amount.decimal().abs());
        let credit = context
            .invoice
            .total
            .get()
            .is_some_and(|total| total.decimal() < Decimal::ZERO);
        // On a page with negative sums everything else turns round as well.
        let turn = |step: Step| if credit { step.map(|step| -step) } else { step };
        let withheld = invoice
            .withholding
            .iter()
            .map(|tax| tax.amount.get().map(|amount| amount.decimal().abs()))
            .sum::<Option<Decimal>>();
        let local = |name: &str| {
            let value = invoice.country_extra.as_ref()?.get(name)?;
            let amount = serde_json::from_value::<Amount>(value.clone()).ok()?;
            plausible::within(amount).then_some(amount)
        };
        let split = invoice
            .country_extra
            .as_ref()
            .and_then(|extra| extra.get("split_payment"))
            .and_then(serde_json::Value::as_bool)
            .unwrap_or(false);
        Self {
            allowances: turn(
                positive(invoice.allowance_total.get())
                    .or_else(|| sum(&invoice.allowances))
                    .map(|step| -step),
            ),
            charges: turn(positive(invoice.charge_total.get()).or_else(|| sum(&invoice.charges))),
            rounding: invoice.rounding.get().map(Amount::decimal),
            withheld: turn(withheld.map(|step| -step)),
            paid: turn(positive(invoice.paid_amount.get()).map(|step| -step)),
            balance: invoice.previous_balance.get().map(Amount::decimal),
            stamp: turn(positive(local("stamp_duty"))),
            surcharge: turn(positive(local("recargo_equivalencia"))),
            split: invoice
                .vat_amount
                .get()
                .filter(|_| split)
                .map(|vat| -vat.decimal()),
        }
    }
}

/// On what the lines add up to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Basis {
    /// The amounts of the lines are without VAT: they add up to the subtotal.
    Net,
    /// They include it: they add up to the total.
    Gross,
    /// They add up to neither.
    Neither,
}

/// Adds the lines up and finds out what they add up to; `None` where there is nothing to compare them with.
pub(super) fn basis(context: &Context<'_>) -> Option<(Decimal, Basis)> {
    let invoice = context.invoice;
    let lines = &invoice.line_items;
    let sum: Decimal = lines
        .iter()
        .filter_map(|line| line.total.get())
        .map(Amount::decimal)
        .sum();
    let sum = if context.exact() {
        half_up(sum, context.decimals())
    } else {
        sum
    };
    let tolerance = context.tolerance(lines.len());
    let printed = Printed::of(context);
    let [subtotal, total, vat, listed] = [
        &invoice.subtotal,
        &invoice.total,
        &invoice.vat_amount,
        &invoice.lines_total,
    ]
    .map(|field| field.get().map(Amount::decimal));
    let derived = match (subtotal, total, vat) {
        (None, Some(total), Some(vat)) => Some(total - vat),
        _ => None,
    };
    subtotal.or(total).or(listed)?;
    let adjusted = [printed.allowances, printed.charges];
    let everything = [
        printed.allowances,
        printed.charges,
        printed.rounding,
        printed.withheld,
        printed.balance,
        printed.stamp,
    ];
    // A credit note prints its lines with or without the minus of its total.
    let sums = match context.kind() {
        Kind::Credit | Kind::Correction => vec![sum, -sum],
        _ => vec![sum],
    };
    let leads_to = |target: Option<Decimal>, steps: &[Step]| {
        target.is_some_and(|target| sums.iter().any(|&sum| leads(sum, target, steps, tolerance)))
    };
    let net = if context.exact() {
        // The sum of the lines is compared with BT-106 by its own rule; here it is carried on to BT-109.
        let carried =
            sum + printed.allowances.unwrap_or_default() + printed.charges.unwrap_or_default();
        subtotal.or(listed) == Some(carried)
    } else {
        leads_to(subtotal, &adjusted) || leads_to(listed, &[]) || leads_to(derived, &everything)
    };
    let found = if net {
        Basis::Net
    } else if !context.exact() && leads_to(total, &everything) {
        Basis::Gross
    } else {
        Basis::Neither
    };
    Some((sum, found))
}

/// Rounds as `XPath` does, and so the official rules: half goes up, towards plus infinity.
pub(super) fn half_up(value: Decimal, decimals: u32) -> Decimal {
    let shift = Decimal::new(5, decimals + 1);
    let unit = Decimal::new(1, decimals);
    ((value + shift) / unit).floor() * unit
}

/// Tells whether an amount in Swiss francs was rounded to the next five centimes.
pub(super) fn swiss(context: &Context<'_>, exact: Decimal, rounded: Decimal) -> bool {
    let five = Decimal::new(5, 2);
    context.invoice.currency.text() == Some("CHF")
        && (rounded % five).is_zero()
        && (exact - rounded).abs() <= Decimal::new(25, 3)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decimal(text: &str) -> Decimal {
        text.parse().expect("a decimal")
    }

    #[test]
    fn half_goes_up_towards_plus_infinity() {
        for (value, rounded) in [
            ("1.005", "1.01"),
            ("1.004", "1.00"),
            ("-1.005", "-1.00"),
            ("-1.006", "-1.01"),
            ("2.5", "2.50"),
        ] {
            assert_eq!(half_up(decimal(value), 2), decimal(rounded), "{value}");
        }
    }

    #[test]
    fn only_printed_steps_lead_from_one_sum_to_another() {
        let steps = [
            Some(decimal("-5")),
            Some(decimal("2.50")),
            None,
            Some(decimal("0")),
        ];
        for (from, to, leads_there) in [
            ("100", "100", true),
            ("100", "95", true),
            ("100", "97.5", true),
            ("100", "102.51", true),
            ("100", "102.52", false),
            ("100", "90", false),
        ] {
            assert_eq!(
                leads(decimal(from), decimal(to), &steps, decimal("0.01")),
                leads_there,
                "{from} {to}"
            );
        }
    }
}
