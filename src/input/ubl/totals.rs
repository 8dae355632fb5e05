//! Totals, VAT, allowances and charges.

use crate::input::xml::Element;
use crate::input::xml::fields::Fields;
use crate::model::{
    AllowanceCharge, Amount, Decimal, Field, Invoice, Rate, VatBreakdown, Withholding,
};

pub(super) fn read<'t>(f: &mut Fields<'t>, root: Element<'t>, invoice: &mut Invoice) {
    let totals = root.first(&["LegalMonetaryTotal", "RequestedMonetaryTotal"]);
    let at = |name: &str| totals.and_then(|totals| totals.at(name));
    invoice.lines_total = f.amount("lines_total", at("LineExtensionAmount"));
    invoice.allowance_total = f.amount("allowance_total", at("AllowanceTotalAmount"));
    invoice.charge_total = f.amount("charge_total", at("ChargeTotalAmount"));
    invoice.total = f.amount("total", at("TaxInclusiveAmount"));
    invoice.paid_amount = f.amount("paid_amount", at("PrepaidAmount"));
    // EN 16931 adds it to the total for the amount due; dialects before it count it into the total. Both stay as stated.
    invoice.rounding = f.amount("rounding", at("PayableRoundingAmount"));
    invoice.amount_due = f.amount("amount_due", at("PayableAmount"));
    vat(f, root, invoice);
    invoice.subtotal = if is_oioubl(invoice) {
        net_of_oioubl(f, invoice, totals)
    } else {
        f.amount("subtotal", at("TaxExclusiveAmount"))
    };
    let (allowances, charges) = allowances_and_charges(root);
    invoice.allowances = f.list("allowances", allowances, allowance_or_charge);
    invoice.charges = f.list("charges", charges, allowance_or_charge);
    invoice.withholding = f.list(
        "withholding",
        root.all("WithholdingTaxTotal/TaxSubtotal"),
        |f, subtotal| Withholding {
            kind: f.text(
                "kind",
                subtotal.first(&["TaxCategory/TaxScheme/Name", "TaxCategory/TaxScheme/ID"]),
            ),
            rate: f.rate("rate", subtotal.first(&["TaxCategory/Percent", "Percent"])),
            amount: f.amount("amount", subtotal.at("TaxAmount")),
        },
    );
}

/// OIOUBL 2.x, where `TaxExclusiveAmount` is the VAT and not the net.
fn is_oioubl(invoice: &Invoice) -> bool {
    invoice
        .profile
        .text()
        .is_some_and(|profile| profile.to_uppercase().starts_with("OIOUBL"))
}

fn net_of_oioubl<'t>(
    f: &mut Fields<'t>,
    invoice: &Invoice,
    totals: Option<Element<'t>>,
) -> Field<Amount> {
    let (Some(total), Some(vat)) = (invoice.total.get(), invoice.vat_amount.get()) else {
        return Field::Null;
    };
    let gross = totals
        .and_then(|totals| totals.at("TaxInclusiveAmount"))
        .map(|gross| f.path(gross))
        .unwrap_or_default();
    match total.decimal().checked_sub(vat.decimal()) {
        Some(net) => f.sum("subtotal", Amount(net), format!("{gross} - vat_amount")),
        None => Field::Null,
    }
}

/// VAT in total and by rate.
///
/// With an accounting currency there are two `TaxTotal`, told apart by the currency of their amounts. Several in the
/// document's currency are one for each tax (dialects outside Europe), but one without a breakdown beside one with it is
/// the same VAT again.
fn vat<'t>(f: &mut Fields<'t>, root: Element<'t>, invoice: &mut Invoice) {
    let all: Vec<Element<'t>> = root
        .all("TaxTotal")
        .into_iter()
        .filter(|total| total.at("TaxAmount").is_some())
        .collect();
    let currency = f.currency().unwrap_or_default().to_owned();
    let of_currency = |wanted: &str| -> Vec<Element<'t>> {
        let mut same = all.clone();
        same.retain(|total| {
            let stated = total.text_at("TaxAmount/@currencyID");
            stated == wanted || stated.is_empty() && wanted == currency
        });
        same
    };
    let mut document = of_currency(&currency);
    if document
        .iter()
        .any(|total| total.at("TaxSubtotal").is_some())
    {
        document.retain(|total| total.at("TaxSubtotal").is_some());
    } else {
        document.truncate(1);
    }
    let amounts: Vec<Element<'t>> = document
        .iter()
        .filter_map(|total| total.at("TaxAmount"))
        .collect();
    invoice.vat_amount = f.add_up("vat_amount", &amounts);
    let accounting = invoice
        .vat_currency
        .text()
        .filter(|code| *code != currency)
        .and_then(|code| of_currency(code).into_iter().next());
    invoice.vat_amount_accounting = match accounting {
        // Not in the document's currency, so not written in its minor units.
        Some(total) => f.parsed(
            "vat_amount_accounting",
            total.at("TaxAmount"),
            "an amount",
            crate::input::xml::fields::decimal,
        ),
        None => Field::Null,
    };
    let subtotals = document
        .iter()
        .flat_map(|total| total.all("TaxSubtotal"))
        .collect();
    invoice.vat_breakdown = f.list("vat_breakdown", subtotals, |f, subtotal| VatBreakdown {
        rate: f.rate("rate", subtotal.first(&["TaxCategory/Percent", "Percent"])),
        category: category(f, "category", subtotal.at("TaxCategory/ID")),
        base: f.amount("base", subtotal.at("TaxableAmount")),
        amount: f.amount("amount", subtotal.at("TaxAmount")),
        exemption_reason: f.prose(
            "exemption_reason",
            subtotal.first(&["TaxCategory/TaxExemptionReason", "TaxExemptionReason"]),
        ),
        exemption_code: f.text(
            "exemption_code",
            subtotal.at("TaxCategory/TaxExemptionReasonCode"),
        ),
    });
}

/// A VAT category as UNTDID 5305 codes it; OIOUBL has words instead.
pub(super) fn category<'t>(
    f: &mut Fields<'t>,
    field: &str,
    element: Option<Element<'t>>,
) -> Field<String> {
    match f.text(field, element) {
        Field::Value(word) => Field::Value(
            match word.as_str() {
                "StandardRated" => "S",
                "ZeroRated" => "Z",
                "ReverseCharge" => "AE",
                other => other,
            }
            .to_owned(),
        ),
        other => other,
    }
}

/// The allowances and the charges of a document, a line or a price.
pub(super) fn allowances_and_charges(parent: Element<'_>) -> (Vec<Element<'_>>, Vec<Element<'_>>) {
    parent
        .all("AllowanceCharge")
        .into_iter()
        .filter(|entry| entry.at("Amount").is_some())
        .partition(|entry| !matches!(entry.text_at("ChargeIndicator").as_str(), "true" | "1"))
}

pub(super) fn allowance_or_charge<'t>(f: &mut Fields<'t>, entry: Element<'t>) -> AllowanceCharge {
    let amount = f.amount("amount", entry.at("Amount"));
    let base = f.amount("base", entry.at("BaseAmount"));
    let factor = f.rate("percent", entry.at("MultiplierFactorNumeric"));
    AllowanceCharge {
        percent: percent(factor, amount, base),
        amount,
        base,
        vat_category: category(f, "vat_category", entry.at("TaxCategory/ID")),
        vat_rate: f.rate("vat_rate", entry.at("TaxCategory/Percent")),
        reason: f.prose("reason", entry.at("AllowanceChargeReason")),
        reason_code: f.text("reason_code", entry.at("AllowanceChargeReasonCode")),
    }
}

/// EN 16931 writes the factor in percent, dialects before it as a fraction: the amounts tell which it is.
fn percent(factor: Field<Rate>, amount: Field<Amount>, base: Field<Amount>) -> Field<Rate> {
    let (Some(rate), Some(amount), Some(base)) = (factor.get(), amount.get(), base.get()) else {
        return factor;
    };
    let apart = |product: Decimal| {
        let distance = product.checked_sub(amount.decimal())?.abs();
        Some(distance >= Decimal::new(2, 2))
    };
    let product = base.decimal().checked_mul(rate.decimal());
    let as_fraction = product.and_then(apart) == Some(false);
    let as_percent =
        product.and_then(|product| apart(product / Decimal::ONE_HUNDRED)) == Some(false);
    match rate.decimal().checked_mul(Decimal::ONE_HUNDRED) {
        Some(percent) if as_fraction && !as_percent => Field::Value(Rate(percent.normalize())),
        _ => factor,
    }
}
