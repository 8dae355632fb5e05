//! The amount that is compared with the limits.

use super::rates::Rates;
use crate::model::{Amount, Document, Fx, Level, Policy, Quantity, minor_units};
use rust_decimal::RoundingStrategy;

/// Why an amount could not be brought into the base currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unknown {
    /// The invoice names neither total nor amount due.
    Amount,
    /// The invoice names no currency, or none that exists.
    Currency,
    /// No rate for that currency and day.
    Rate,
}

impl Unknown {
    /// The name as `routing.rule` writes it.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Unknown::Amount => "unknown_amount",
            Unknown::Currency => "unknown_currency",
            Unknown::Rate => "unknown_rate",
        }
    }
}

/// The larger of total and amount due, without its sign, in the base currency.
pub(super) struct Compared {
    /// As printed.
    pub(super) printed: Option<Amount>,
    /// In the base currency, rounded up to its smallest unit so that no rounding gets under a limit.
    pub(super) base: Option<Amount>,
    /// The rate used.
    pub(super) fx: Option<Fx>,
    /// Why there is no amount in the base currency.
    pub(super) unknown: Option<Unknown>,
}

impl Compared {
    pub(super) fn of(document: &Document, policy: &Policy, rates: Option<&Rates>) -> Self {
        let invoice = document.invoice.as_ref();
        let printed = invoice.and_then(|invoice| {
            [invoice.total.get(), invoice.amount_due.get()]
                .into_iter()
                .flatten()
                .map(|amount| Amount(amount.decimal().abs()))
                .max()
        });
        let none = |unknown| Self {
            printed,
            base: None,
            fx: None,
            unknown: Some(unknown),
        };
        let Some(amount) = printed else {
            return none(Unknown::Amount);
        };
        let currency = invoice.and_then(|invoice| invoice.currency.text());
        let Some(currency) = currency.filter(|code| minor_units(code).is_some()) else {
            return none(Unknown::Currency);
        };
        let fx = if currency == policy.base_currency {
            None
        } else {
            let issued = invoice.and_then(|invoice| invoice.invoice_date.get());
            let day = issued.or_else(|| document.provenance.now.map(crate::model::Instant::date));
            match rates.and_then(|rates| rates.on(currency, day)) {
                Some(fx) => Some(fx),
                None => return none(Unknown::Rate),
            }
        };
        let rate = fx.as_ref().and_then(|fx| fx.rate);
        let units = minor_units(&policy.base_currency).unwrap_or(2);
        let product = match rate {
            None => Some(amount.decimal()),
            Some(Quantity(rate)) => amount.decimal().checked_mul(rate),
        };
        let Some(product) = product else {
            return none(Unknown::Amount);
        };
        let rounded = product.round_dp_with_strategy(units, RoundingStrategy::AwayFromZero);
        Self {
            printed,
            base: Some(Amount(rounded).in_currency(Some(&policy.base_currency))),
            fx,
            unknown: None,
        }
    }

    /// The rung by amount alone. What is not known in the base currency counts as printed, and for a manager at least.
    pub(super) fn level(&self, policy: &Policy) -> Level {
        match (self.base, self.printed) {
            (Some(base), _) => policy.level(base),
            (None, Some(printed)) => policy.level(printed).max(Level::Manager),
            (None, None) => Level::Manager,
        }
    }

    /// Why the amount is for a person, in words.
    pub(super) fn above(&self, policy: &Policy) -> String {
        match self.unknown {
            Some(Unknown::Amount) => "no amount to compare with the limits".to_owned(),
            Some(Unknown::Currency) => "the currency is not known".to_owned(),
            Some(Unknown::Rate) => format!(
                "no rate from the invoice's currency to {}",
                policy.base_currency
            ),
            None => {
                let base = self.base.unwrap_or_default();
                let limit = match policy.level(base) {
                    Level::Auto | Level::Manager => policy.auto_approve_limit,
                    Level::Director => policy.manager_approve_limit,
                    Level::Cfo => policy.director_approve_limit,
                };
                let currency = &policy.base_currency;
                format!("{base} {currency} is above {limit} {currency}")
            }
        }
    }

    /// What would have to be so for the amount to need nobody.
    pub(super) fn cure(&self, policy: &Policy) -> String {
        match self.unknown {
            Some(Unknown::Amount) => "the invoice had a total".to_owned(),
            Some(Unknown::Currency) => "the invoice had a currency of ISO 4217".to_owned(),
            Some(Unknown::Rate) => "the rates file had its currency".to_owned(),
            None => format!(
                "the amount were at most {} {}",
                policy.auto_approve_limit, policy.base_currency
            ),
        }
    }
}
