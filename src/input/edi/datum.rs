//! Places in segments: whose text, as what, and under which name the evidence has it.

use super::segment::Segment;
use crate::input::xml::fields::{self, Place};
use crate::model::Date;

/// What of an element is meant, and how its text reads.
#[derive(Clone, Copy)]
enum Part {
    /// A component as it stands.
    Text(usize),
    /// A component that is a number: comma or point as decimal mark, the sign in front or behind.
    Number(usize),
    /// A component that is a number without a mark, whose last two digits are decimals.
    Cents(usize),
    /// All components, parted by colons.
    Whole,
}

/// A place in a segment, elements and components counted from 1.
#[derive(Clone, Copy)]
pub(in crate::input) struct Datum<'t> {
    segment: &'t Segment,
    element: usize,
    part: Part,
}

impl<'t> Datum<'t> {
    fn new(segment: &'t Segment, element: usize, part: Part) -> Option<Self> {
        let datum = Self {
            segment,
            element,
            part,
        };
        (!datum.text().is_empty()).then_some(datum)
    }

    /// A component, unless it is empty.
    pub(in crate::input) fn text(
        segment: &'t Segment,
        element: usize,
        component: usize,
    ) -> Option<Self> {
        Self::new(segment, element, Part::Text(component))
    }

    /// A number, unless it is empty.
    pub(in crate::input) fn number(
        segment: &'t Segment,
        element: usize,
        component: usize,
    ) -> Option<Self> {
        Self::new(segment, element, Part::Number(component))
    }

    /// A number whose last two digits are decimals, unless it is empty.
    pub(in crate::input) fn cents(segment: &'t Segment, element: usize) -> Option<Self> {
        Self::new(segment, element, Part::Cents(1))
    }

    /// A whole element, unless it is empty.
    pub(in crate::input) fn whole(segment: &'t Segment, element: usize) -> Option<Self> {
        Self::new(segment, element, Part::Whole)
    }
}

impl Place for Datum<'_> {
    /// The path of the message.
    type File = str;

    /// `/UNH[2]/NAD[1]/4.1`, in X12 `/ST/N1[2]/02`.
    fn path(self, message: &str) -> String {
        let Segment { tag, ordinal, .. } = self.segment;
        let place = match self.part {
            Part::Text(component) | Part::Number(component)
                if self.segment.components(self.element) > 1 =>
            {
                format!("{}.{component}", self.element)
            }
            _ => self.element.to_string(),
        };
        format!("{message}/{tag}[{ordinal}]/{place}")
    }

    fn text(self) -> String {
        let get = |component| self.segment.get(self.element, component);
        match self.part {
            Part::Text(component) => {
                let words: Vec<&str> = get(component).split_whitespace().collect();
                words.join(" ")
            }
            Part::Number(component) => plain(get(component)),
            Part::Cents(component) => with_cents(get(component)),
            Part::Whole => {
                let count = self.segment.components(self.element);
                let components: Vec<&str> = (1..=count).map(get).collect();
                components.join(":").trim_end_matches(':').to_owned()
            }
        }
    }
}

/// A number with a point and the sign in front. There are no thousands marks in EDI.
fn plain(number: &str) -> String {
    let number = number.replace(',', ".");
    match number.strip_suffix('-') {
        Some(rest) => format!("-{}", rest.trim()),
        None => number,
    }
}

/// A number with two implied decimals; one with a point says so itself.
fn with_cents(number: &str) -> String {
    let number = plain(number);
    let digits = number.trim_start_matches(['-', '+']);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return number;
    }
    let sign = if number.starts_with('-') { "-" } else { "" };
    let digits = format!("{digits:0>3}");
    let (whole, cents) = digits.split_at(digits.len() - 2);
    format!("{sign}{whole}.{cents}")
}

/// A date as C507 writes it: qualifier, value and the form of the value (UNTDID 2379).
pub(in crate::input) fn dated(composite: &str) -> Option<Date> {
    let mut parts = composite.split(':');
    let (value, form) = (parts.nth(1)?.trim(), parts.next().unwrap_or_default());
    let part = |from: usize, to: usize| value.get(from..to)?.parse::<i16>().ok();
    let short = |year: i16| if year < 80 { 2000 + year } else { 1900 + year };
    let made = |year: i16, month: i16, day: i16| {
        Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?)
    };
    match (form, value.len()) {
        ("2", _) => made(short(part(4, 6)?), part(2, 4)?, part(0, 2)?),
        ("101" | "201" | "", 6..=10) if value.len() != 8 && !value.contains('-') => {
            made(short(part(0, 2)?), part(2, 4)?, part(4, 6)?)
        }
        ("4", 8) => made(part(4, 8)?, part(2, 4)?, part(0, 2)?),
        _ => fields::date(value),
    }
}

/// First and last day of a period (form 718), as composites that [`dated`] reads.
pub(in crate::input) fn period(composite: &str, last: bool) -> Option<Date> {
    let value = composite.split(':').nth(1)?;
    let days: String = value.chars().filter(char::is_ascii_digit).collect();
    let day = if last { days.get(8..16) } else { days.get(..8) };
    fields::date(day?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_of_all_forms() {
        for (text, expected) in [
            ("137:20140729:102", Some("2014-07-29")),
            ("137:201407291230:203", Some("2014-07-29")),
            ("137:140729:101", Some("2014-07-29")),
            ("137:290714:2", Some("2014-07-29")),
            ("137:29072014:4", Some("2014-07-29")),
            ("137:1407291230:201", Some("2014-07-29")),
            ("137:2021-02-05:101", Some("2021-02-05")),
            ("137:20140729", Some("2014-07-29")),
            ("137:20141329:102", None),
            ("137:é0140729:102", None),
            ("137", None),
            ("137:", None),
        ] {
            let found = dated(text).map(|date| date.to_string());
            assert_eq!(found.as_deref(), expected, "{text}");
        }
        let both = [false, true].map(|last| period("263:20260101-20260131:718", last));
        assert_eq!(
            both.map(|day| day.map(|day| day.to_string())),
            [Some("2026-01-01".to_owned()), Some("2026-01-31".to_owned())]
        );
    }

    #[test]
    fn numbers_of_all_forms() {
        for (text, expected) in [
            ("1234.5", "1234.5"),
            ("1234,50", "1234.50"),
            ("12,5-", "-12.5"),
        ] {
            assert_eq!(plain(text), expected);
        }
        for (text, expected) in [
            ("800000", "8000.00"),
            ("5", "0.05"),
            ("-1250", "-12.50"),
            ("1250-", "-12.50"),
            ("500.00", "500.00"),
            ("x", "x"),
            ("", ""),
        ] {
            assert_eq!(with_cents(text), expected);
        }
    }
}
