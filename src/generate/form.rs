//! Values as a language and a layout write them: amounts, quantities, percentages, dates.

use super::template::{Layout, MoneyForm};
use super::words::{SignPlace, Words};
use crate::model::{Date, Decimal};

/// The forms of one document.
pub(super) struct Form<'a> {
    pub(super) words: &'a Words,
    pub(super) layout: &'a Layout,
    pub(super) currency: &'a str,
}

impl Form<'_> {
    /// A decimal with the language's separators and at least so many decimals.
    pub(super) fn number(&self, value: Decimal, least: u32) -> String {
        let mut value = value.normalize();
        if value.scale() < least {
            value.rescale(least);
        }
        let plain = value.abs().to_string();
        let (whole, fraction) = plain.split_once('.').unwrap_or((&plain, ""));
        let mut text = String::new();
        for (place, digit) in whole.chars().enumerate() {
            let left = whole.len() - place;
            if self.layout.grouped && place > 0 && left % 3 == 0 {
                // A blank that does not break, as word processors set it.
                text.push_str(if self.words.group == " " {
                    "\u{a0}"
                } else {
                    &self.words.group
                });
            }
            text.push(digit);
        }
        if !fraction.is_empty() {
            text.push_str(&self.words.decimal);
            text.push_str(fraction);
        }
        if value.is_sign_negative() && !value.is_zero() {
            format!("-{text}")
        } else {
            text
        }
    }

    /// An amount without its currency.
    pub(super) fn bare(&self, value: Decimal) -> String {
        self.number(value, crate::model::minor_units(self.currency).unwrap_or(2))
    }

    /// An amount as totals show it.
    pub(super) fn money(&self, value: Decimal) -> String {
        let bare = self.bare(value);
        let sign = if self.currency == self.words.currency {
            &self.words.sign
        } else {
            self.currency
        };
        let before = match self.words.sign_place {
            Some(place) => place == SignPlace::Before,
            None => self.layout.money == MoneyForm::SignBefore,
        };
        match self.layout.money {
            MoneyForm::Bare => bare,
            // The pound stands at its number; the euro sign, letters and codes stand apart.
            MoneyForm::SignBefore | MoneyForm::SignAfter if before && sign.len() < 3 => {
                format!("{sign}{bare}")
            }
            MoneyForm::SignBefore | MoneyForm::SignAfter if before => format!("{sign} {bare}"),
            MoneyForm::SignBefore | MoneyForm::SignAfter => format!("{bare} {sign}"),
            MoneyForm::CodeAfter => format!("{bare} {}", self.currency),
            MoneyForm::CodeBefore => format!("{} {bare}", self.currency),
        }
    }

    /// A percentage without its sign.
    pub(super) fn rate(&self, value: Decimal) -> String {
        self.number(value, 0)
    }

    /// A date.
    pub(super) fn date(&self, date: Date) -> String {
        let form = &self.words.dates[self.layout.date % self.words.dates.len()];
        let (year, month, day) = (date.0.year(), date.0.month(), date.0.day());
        let name = &self.words.months[usize::from(month.unsigned_abs()) - 1];
        let short: String = name.chars().take(3).collect();
        form.replace("{dd}", &format!("{day:02}"))
            .replace("{d}", &day.to_string())
            .replace("{mm}", &format!("{month:02}"))
            .replace("{m}", &month.to_string())
            .replace("{month}", name)
            .replace("{mon}", &short)
            .replace("{yyyy}", &year.to_string())
            .replace("{yy}", &format!("{:02}", year.rem_euclid(100)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generate::{layouts, words};

    #[test]
    fn numbers_and_dates_as_the_language_writes_them() {
        let layout = &layouts()[0];
        let date = Date::new(2025, 3, 7).expect("a day");
        for (language, amount, day) in [
            ("de", "-1.234,50", "07.03.2025"),
            ("en", "-1,234.50", "07/03/2025"),
            ("pl", "-1\u{a0}234,50", "07.03.2025"),
            ("da", "-1.234,50", "07-03-2025"),
        ] {
            let words = words(language).expect("known");
            let layout = Layout {
                date: 0,
                grouped: true,
                ..layout.clone()
            };
            let form = Form {
                words,
                layout: &layout,
                currency: &words.currency,
            };
            assert_eq!(form.bare(Decimal::new(-12345, 1)), amount);
            assert_eq!(form.date(date), day);
        }
    }
}
