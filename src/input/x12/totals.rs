//! Totals, taxes, allowances and charges.
//!
//! `TDS01` is the total with taxes. Taxes are `TXI`, or `SAC` with the code of a tax; the total without them is computed.

use super::{Edi, Sections, all, number, text};
use crate::input::edi::{Datum, Segment};
use crate::model::{AllowanceCharge, Amount, Decimal, Field, Invoice, VatBreakdown};

/// Codes of data element 1300 that are taxes.
fn is_tax(charge: &Segment) -> bool {
    let code = charge.get(2, 1);
    let number = code
        .strip_prefix('H')
        .and_then(|digits| digits.parse::<u16>().ok());
    charge.get(1, 1) == "C" && number.is_some_and(|number| (740..=850).contains(&number))
}

/// The sum of allowances or charges; `None` beyond what can be added.
pub(super) fn sum_of(parts: &[AllowanceCharge]) -> Option<Decimal> {
    let mut amounts = parts.iter().filter_map(|part| part.amount.get());
    amounts.try_fold(Decimal::ZERO, |sum, amount| {
        sum.checked_add(amount.decimal())
    })
}

/// An allowance or a charge: `SAC05` has two implied decimals.
pub(super) fn charge<'t>(f: &mut Edi<'t>, segment: &'t Segment) -> AllowanceCharge {
    AllowanceCharge {
        amount: f.amount("amount", Datum::cents(segment, 5)),
        percent: f.rate("percent", number(segment, 7)),
        reason: f.text("reason", text(segment, 15)),
        reason_code: f.text("reason_code", text(segment, 2)),
        ..AllowanceCharge::default()
    }
}

pub(super) fn read<'t>(f: &mut Edi<'t>, parts: &Sections<'t>, invoice: &mut Invoice) {
    let total = all(parts.summary, "TDS").next();
    invoice.total = f.amount("total", total.and_then(|tds| Datum::cents(tds, 1)));
    // The total of the standard is what is to be paid before discounts.
    invoice.amount_due = f.amount("amount_due", total.and_then(|tds| Datum::cents(tds, 1)));
    let segments = || parts.header.iter().chain(parts.summary);
    for segment in segments().filter(|segment| segment.tag == "SAC" && !is_tax(segment)) {
        let (list, part) = match segment.get(1, 1) {
            "C" => (&mut invoice.charges, "charges"),
            "A" => (&mut invoice.allowances, "allowances"),
            _ => continue,
        };
        let part = format!("{part}[{}]", list.len());
        list.push(f.within(&part, |f| charge(f, segment)));
    }
    let own: Vec<&Segment> = segments().filter(|segment| segment.tag == "TXI").collect();
    for (index, tax) in own.iter().enumerate() {
        let vat = f.within(&format!("vat_breakdown[{index}]"), |f| VatBreakdown {
            rate: f.rate("rate", number(tax, 3)),
            base: f.amount("base", number(tax, 8)),
            amount: f.amount("amount", number(tax, 2)),
            ..VatBreakdown::default()
        });
        invoice.vat_breakdown.push(vat);
    }
    let of_lines = || parts.lines.iter().flat_map(|line| all(line, "TXI"));
    let mut taxes: Vec<Datum<'t>> = own.iter().filter_map(|tax| number(tax, 2)).collect();
    if taxes.is_empty() {
        taxes.extend(of_lines().filter_map(|tax| number(tax, 2)));
    }
    let charged = segments().filter(|segment| segment.tag == "SAC" && is_tax(segment));
    taxes.extend(charged.filter_map(|tax| Datum::cents(tax, 5)));
    invoice.vat_amount = f.add_up("vat_amount", &taxes);
    net(f, invoice);
}

/// The total without taxes: lines with charges and without allowances. Without any tax it has to be the total itself.
fn net(f: &mut Edi<'_>, invoice: &mut Invoice) {
    invoice.subtotal = Field::Null;
    let mut lines = invoice.line_items.iter().map(|line| line.total.get());
    let lines = lines.try_fold(Decimal::ZERO, |sum, line| sum.checked_add(line?.decimal()));
    let Some(lines) = lines.filter(|_| !invoice.line_items.is_empty()) else {
        return;
    };
    let (charges, allowances) = (sum_of(&invoice.charges), sum_of(&invoice.allowances));
    let net = charges
        .and_then(|charges| lines.checked_add(charges))
        .and_then(|sum| sum.checked_sub(allowances?));
    let Some(net) = net else { return };
    invoice.lines_total = f.sum("lines_total", Amount(lines), "line_items".to_owned());
    let operands = "line_items + charges - allowances";
    invoice.subtotal = f.sum("subtotal", Amount(net), operands.to_owned());
    let untaxed = invoice.total.get().map(Amount::decimal) == Some(net);
    if untaxed && !invoice.vat_amount.is_value() {
        invoice.vat_amount = f.sum(
            "vat_amount",
            Amount(Decimal::ZERO),
            "total - subtotal".to_owned(),
        );
    }
}
