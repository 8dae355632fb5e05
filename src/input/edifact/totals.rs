//! Totals, VAT, allowances and charges.

use super::{Edi, OF_ALLOWANCE, OF_TAX, Part, Sections};
use crate::input::edi::{Datum, Segment};
use crate::input::xml::fields::{self, Place as _};
use crate::model::{AllowanceCharge, Amount, Decimal, Invoice, VatBreakdown};

/// Codes (UNTDID 5025) of the total with VAT, by how plainly they say so; 9, the amount due, where nothing else is given.
const GROSS: &[&str] = &["388", "77", "86", "39", "128", "9"];
/// The same without the amount due.
const GROSS_BUT_DUE: &[&str] = &["388", "77", "86", "39", "128"];
/// Total without VAT; 125 outside of a tax is the taxable amount of all.
const NET: &[&str] = &["389", "125"];
/// VAT of all.
const VAT: &[&str] = &["176", "124", "150"];

pub(super) fn read<'t>(f: &mut Edi<'t>, parts: &Sections<'t>, invoice: &mut Invoice) {
    let summary = parts.summary;
    breakdown(f, summary, invoice);
    let outside = outside_taxes(summary);
    let money = |codes: &[&str]| {
        codes.iter().find_map(|code| {
            let mut all = outside.iter().copied();
            let segment = all.find(|segment| segment.is("MOA", &[code]))?;
            Datum::number(segment, 1, 2)
        })
    };
    invoice.lines_total = f.amount("lines_total", money(&["79"]));
    let taxes = |code: &'static str| -> Vec<Datum<'t>> {
        let groups = summary.groups("TAX", OF_TAX);
        groups
            .iter()
            .filter_map(|group| group.amount(&[code]))
            .collect()
    };
    invoice.subtotal = match money(NET) {
        Some(net) => f.amount("subtotal", Some(net)),
        None => f.add_up("subtotal", &taxes("125")),
    };
    invoice.vat_amount = match money(VAT) {
        Some(vat) => f.amount("vat_amount", Some(vat)),
        None => f.add_up("vat_amount", &taxes("124")),
    };
    net_is_sum_of_lines(f, money(&["79"]), money(GROSS), invoice);
    invoice.total = match (gross(&money, invoice), money(&["113"])) {
        // What is left to pay, with nothing beside it but what is paid already.
        (Some(due), Some(paid)) if money(GROSS_BUT_DUE).is_none() => {
            f.add_up("total", &[due, paid])
        }
        (gross, _) => f.amount("total", gross),
    };
    invoice.paid_amount = f.amount("paid_amount", money(&["113"]));
    invoice.rounding = f.amount("rounding", money(&["165"]));
    invoice.amount_due = f.amount("amount_due", money(&["9"]));
    invoice.allowance_total = f.amount("allowance_total", money(&["260"]));
    invoice.charge_total = f.amount("charge_total", money(&["259"]));
    if let Some(both) = money(&["131"]) {
        allowances_or_charges(f, both, invoice);
    }
    let groups = parts.header.groups("ALC", OF_ALLOWANCE).into_iter();
    for group in groups.chain(summary.groups("ALC", OF_ALLOWANCE)) {
        let (list, part) = match group.0[0].get(1, 1) {
            "C" => (&mut invoice.charges, "charges"),
            "A" => (&mut invoice.allowances, "allowances"),
            _ => continue,
        };
        let part = format!("{part}[{}]", list.len());
        list.push(f.within(&part, |f| allowance(f, group)));
    }
    untaxed(f, parts, invoice);
}

/// A message that speaks of no tax at all has none, if lines, charges and allowances come to its total.
fn untaxed(f: &mut Edi<'_>, parts: &Sections<'_>, invoice: &mut Invoice) {
    let mut all = parts.lines.iter().chain([&parts.header, &parts.summary]);
    let taxed = all.any(|part| part.all("TAX").next().is_some());
    if taxed || invoice.vat_amount.is_value() {
        return;
    }
    let sum = |parts: &[AllowanceCharge]| {
        let mut amounts = parts.iter().filter_map(|part| part.amount.get());
        amounts.try_fold(Decimal::ZERO, |sum, amount| {
            sum.checked_add(amount.decimal())
        })
    };
    let mut lines = invoice.line_items.iter().map(|line| line.total.get());
    let net = lines
        .try_fold(Decimal::ZERO, |sum, line| sum.checked_add(line?.decimal()))
        .and_then(|lines| lines.checked_add(sum(&invoice.charges)?))
        .and_then(|net| net.checked_sub(sum(&invoice.allowances)?));
    let total = invoice.total.get().map(Amount::decimal);
    if let Some(net) = net.filter(|net| Some(*net) == total) {
        let operands = "line_items + charges - allowances";
        invoice.subtotal = f.sum("subtotal", Amount(net), operands.to_owned());
        let operands = "total - subtotal".to_owned();
        invoice.vat_amount = f.sum("vat_amount", Amount(Decimal::ZERO), operands);
    }
}

/// What stands outside of taxes. Taxes come last, but some write a total behind one: only the codes of a tax are its own.
fn outside_taxes(summary: Part<'_>) -> Vec<&Segment> {
    let mut of_tax = false;
    summary
        .0
        .iter()
        .filter(|segment| {
            match segment.tag.as_str() {
                "TAX" => of_tax = true,
                "MOA" if of_tax => {
                    return !["124", "125", "150", "79"].contains(&segment.get(1, 1));
                }
                "MOA" | "LOC" => {}
                _ => of_tax = false,
            }
            true
        })
        .collect()
}

/// Where no total without VAT is given and there are neither allowances nor charges, the sum of the lines is it.
fn net_is_sum_of_lines<'t>(
    f: &mut Edi<'t>,
    lines: Option<Datum<'t>>,
    gross: Option<Datum<'t>>,
    invoice: &mut Invoice,
) {
    let value = |datum: Datum<'t>| fields::decimal::<Amount>(&datum.text()).map(Amount::decimal);
    let vat = invoice.vat_amount.get().map(Amount::decimal);
    if let (false, Some(lines), Some(gross), Some(vat)) =
        (invoice.subtotal.is_value(), lines, gross, vat)
        && let (Some(sum), Some(gross)) = (value(lines), value(gross))
        && sum.checked_add(vat) == Some(gross)
    {
        invoice.subtotal = f.amount("subtotal", Some(lines));
    }
}

/// Of the amounts that may be the total with VAT the one that adds up, else the first.
fn gross<'t>(
    money: &impl Fn(&[&str]) -> Option<Datum<'t>>,
    invoice: &Invoice,
) -> Option<Datum<'t>> {
    let candidates: Vec<Datum<'t>> = GROSS.iter().filter_map(|code| money(&[code])).collect();
    let value = |datum: &Datum<'t>| fields::decimal::<Amount>(&datum.text()).map(Amount::decimal);
    let sum = match (invoice.subtotal.get(), invoice.vat_amount.get()) {
        (Some(net), Some(vat)) => net.decimal().checked_add(vat.decimal()),
        _ => None,
    };
    let adds_up = candidates
        .iter()
        .find(|candidate| sum.is_some() && value(candidate) == sum);
    adds_up.or(candidates.first()).copied()
}

/// Code 131 is what allowances and charges come to together, without saying in which direction: the sums tell.
fn allowances_or_charges<'t>(f: &mut Edi<'t>, both: Datum<'t>, invoice: &mut Invoice) {
    let value = fields::decimal::<Amount>(&both.text()).map(Amount::decimal);
    let (Some(value), Some(lines), Some(net)) = (
        value,
        invoice.lines_total.get().map(Amount::decimal),
        invoice.subtotal.get().map(Amount::decimal),
    ) else {
        return;
    };
    let Some(difference) = net.checked_sub(lines) else {
        return;
    };
    if difference.abs() != value.abs() || value.is_zero() {
        return;
    }
    if difference > Decimal::ZERO && !invoice.charge_total.is_value() {
        invoice.charge_total = f.amount("charge_total", Some(both));
    } else if difference < Decimal::ZERO && !invoice.allowance_total.is_value() {
        invoice.allowance_total = f.amount("allowance_total", Some(both));
    }
}

/// The rate of a tax (C243).
pub(super) fn rate_of(tax: &Segment) -> Option<Datum<'_>> {
    Datum::number(tax, 5, 4)
}

fn breakdown<'t>(f: &mut Edi<'t>, summary: Part<'t>, invoice: &mut Invoice) {
    let groups = summary.groups("TAX", OF_TAX).into_iter();
    let taxes = groups.filter(|group| {
        group.0[0].is("TAX", &["7"]) && (group.0.len() > 1 || rate_of(&group.0[0]).is_some())
    });
    for (index, group) in taxes.enumerate() {
        let vat = f.within(&format!("vat_breakdown[{index}]"), |f| VatBreakdown {
            rate: f.rate("rate", rate_of(&group.0[0])),
            category: f.text("category", Datum::text(&group.0[0], 6, 1)),
            base: f.amount("base", group.amount(&["125", "79"])),
            amount: f.amount("amount", group.amount(&["124", "150"])),
            ..VatBreakdown::default()
        });
        invoice.vat_breakdown.push(vat);
    }
}

/// An allowance or a charge: amount, base, percent, VAT, reason.
pub(super) fn allowance<'t>(f: &mut Edi<'t>, group: Part<'t>) -> AllowanceCharge {
    let head = &group.0[0];
    let percent = group.one("PCD", &["3", "1", "2"]);
    let tax = group.one("TAX", &["7"]);
    AllowanceCharge {
        amount: f.amount("amount", group.amount(&["8", "204", "23"])),
        base: f.amount("base", group.amount(&["25"])),
        percent: f.rate("percent", percent.and_then(|p| Datum::number(p, 1, 2))),
        vat_category: f.text("vat_category", tax.and_then(|tax| Datum::text(tax, 6, 1))),
        vat_rate: f.rate("vat_rate", tax.and_then(rate_of)),
        reason: f.text(
            "reason",
            Datum::text(head, 5, 4).or_else(|| Datum::text(head, 2, 2)),
        ),
        reason_code: f.text("reason_code", Datum::text(head, 5, 1)),
    }
}
