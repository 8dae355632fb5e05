//! The lines, one by one.

use super::context::Need;
use super::findings::Draft;
use super::{Context, Findings, Rule, basis};
use crate::model::{AllowanceCharge, Decimal, Hundredths, LineItem, Severity};

pub(super) const RULES: &[Rule] = &[Rule {
    code: "LINE_MISMATCH",
    name: "quantity times price is not the amount of the line",
    severity: Severity::Error,
    weight: Hundredths(35),
    needs: &[Need::Plausible, Need::LineTotals],
    check: lines,
    doc: doc!(
        "Whether quantity × unit price (÷ price base), less discounts and plus charges, is the amount of the line. Printed prices are \
         rounded, so half of their last digit times the quantity is allowed; e-invoices may be off by 0.02. It is a warning where the \
         lines add up to the stated sums all the same, and counts the same.",
        "A line that is too dear hides in a total that adds up.",
        "`10 × 50.00 = 600.00`.",
        "Compare the line with the order. If a column was misread, correct it with `vouch correct ID line_items[0].unit_price=…`."
    ),
}];

/// No line comes to so much: a price for next to nothing was misread.
const BEYOND: Decimal = Decimal::from_parts(0, 0, 5, false, 0);

/// What Peppol allows an e-invoice (PEPPOL-EN16931-R120).
const STRUCTURED: Decimal = Decimal::from_parts(2, 0, 0, false, 2);

fn lines(context: &Context<'_>, findings: &mut Findings<'_>) {
    let adds_up = basis::basis(context).is_some_and(|(_, basis)| basis != basis::Basis::Neither);
    let severity = if adds_up && !asked(context) {
        Severity::Warning
    } else {
        Severity::Error
    };
    let mut looked = false;
    for (line, place) in context.invoice.line_items.iter().zip(0_usize..) {
        let Some(Judged { expected, fits }) = judge(context, line) else {
            continue;
        };
        looked = true;
        if !fits {
            let total = line.total.get().unwrap_or_default().decimal();
            let number = place + 1;
            let draft = Draft::new(format!(
                "Line {number}: quantity times unit price is {}, the line says {}",
                context.money(expected),
                context.money(total)
            ))
            .field(format!("line_items[{place}].total"))
            .compare(context.money(expected), context.money(total))
            .suggest("Compare the line with the order");
            findings.grade(draft, severity);
        }
    }
    if !looked {
        findings.skip("no line has quantity, price and amount");
    }
}

/// Tells whether the invoice declares a profile that has this rule itself.
fn asked(context: &Context<'_>) -> bool {
    let profile = context.invoice.profile.text().unwrap_or_default();
    let profile = profile.to_ascii_lowercase();
    context.exact()
        && ["peppol", "xrechnung"]
            .iter()
            .any(|mark| profile.contains(mark))
}

struct Judged {
    expected: Decimal,
    fits: bool,
}

/// Compares a line with its quantity and price; `None` where one of them is missing.
fn judge(context: &Context<'_>, line: &LineItem) -> Option<Judged> {
    let quantity = line.quantity.get()?.decimal();
    let price = line.unit_price.get()?.decimal();
    let total = line.total.get()?.decimal();
    let per = line
        .price_base_quantity
        .get()
        .map(crate::model::Quantity::decimal)
        .filter(|per| !per.is_zero());
    let product = quantity
        .checked_mul(price)?
        .checked_div(per.unwrap_or(Decimal::ONE))?;
    if product.abs() > BEYOND {
        return Some(Judged {
            expected: product,
            fits: false,
        });
    }
    let sum = |parts: &[AllowanceCharge]| -> Decimal {
        parts
            .iter()
            .filter_map(|part| part.amount.get())
            .map(|amount| amount.decimal().abs())
            .sum()
    };
    let discounted = product - sum(&line.allowances) + sum(&line.charges);
    let unit = context.unit();
    let half = Decimal::new(5, 1);
    let tolerance = if context.exact() {
        STRUCTURED.max(unit)
    } else {
        // Half of the last printed digit of the price counts once for each piece; prices have the currency's decimals at least.
        let last = Decimal::new(1, price.scale().max(context.decimals()).min(28));
        let priced = (last * half * quantity.abs())
            .checked_div(per.unwrap_or(Decimal::ONE))
            .unwrap_or_default();
        // An hour printed as 0.33 may be a third.
        let fraction = quantity.normalize().scale();
        let counted = if (2..=27).contains(&fraction) {
            Decimal::new(5, fraction + 1) * price.abs()
        } else {
            Decimal::ZERO
        };
        unit + priced + counted
    };
    let candidates = if context.exact() {
        vec![discounted]
    } else {
        printed(line, quantity, product, discounted)
    };
    let turned = total.is_sign_negative() != discounted.is_sign_negative() && !context.exact();
    let near = |candidate: Decimal, total: Decimal| {
        candidate
            .checked_sub(total)
            .is_some_and(|off| off.abs() <= tolerance)
    };
    let fits = candidates
        .iter()
        .any(|&candidate| near(candidate, total) || (turned && near(candidate, -total)));
    Some(Judged {
        expected: candidates.first().copied().unwrap_or(discounted),
        fits,
    })
}

/// What the amount of a line may come to, as pages and other formats print discounts and prices.
fn printed(
    line: &LineItem,
    quantity: Decimal,
    product: Decimal,
    discounted: Decimal,
) -> Vec<Decimal> {
    let hundred = Decimal::ONE_HUNDRED;
    let pieces = quantity.abs();
    // Allowances are printed for the line or for each piece, or in percent only.
    let each = product - (product - discounted) * pieces;
    let percents = line.allowances.iter().map(|part| part.percent.get());
    let reduced = percents.fold(product, |rest, percent| {
        let percent = percent.map_or(Decimal::ZERO, |rate| rate.decimal().abs());
        rest.saturating_mul((hundred - percent) / hundred)
    });
    let mut candidates = vec![discounted, product, each, reduced];
    if let Some(percent) = line.discount_percent.get() {
        candidates.push(product * (hundred - percent.decimal().abs()) / hundred);
    }
    if let Some(discount) = line.discount_amount.get() {
        candidates.push(product - discount.decimal().abs());
        candidates.push(product - discount.decimal().abs() * pieces);
    }
    if let Some(discount) = line.price_discount.get() {
        candidates.push(product - discount.decimal().abs() * pieces);
    }
    if let Some(rate) = line.vat_rate.get() {
        // One of the two columns includes VAT.
        let factor = (hundred + rate.decimal()) / hundred;
        let without: Vec<Decimal> = candidates.clone();
        candidates.extend(without.iter().map(|amount| amount.saturating_mul(factor)));
        candidates.extend(
            without
                .iter()
                .filter_map(|amount| amount.checked_div(factor)),
        );
    }
    candidates
}
