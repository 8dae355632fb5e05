//! Tests of the module above.

use proptest::prelude::*;

use super::*;

/// The readings as `value@mark`, best first.
fn shown(text: &str, prefer: Option<Mark>) -> String {
    read(text, prefer)
        .iter()
        .map(|reading| {
            let mark = match reading.mark {
                Some(Mark::Comma) => ",",
                Some(Mark::Point) => ".",
                None => "",
            };
            format!(
                "{}{mark}{}{}",
                reading.value,
                if reading.percent { "%" } else { "" },
                reading
                    .currency
                    .map(|code| format!(" {code}"))
                    .unwrap_or_default()
            )
        })
        .collect::<Vec<_>>()
        .join(" | ")
}

#[test]
fn every_format_and_what_is_none() {
    for (text, expected) in [
        ("1.234,56", "1234.56,"),
        ("1,234.56", "1234.56."),
        ("1 234,56", "1234.56,"),
        ("1\u{202f}234,56", "1234.56,"),
        ("1'234.56", "1234.56."),
        ("1’234.56", "1234.56."),
        ("1,23,456.78", "123456.78."),
        ("1234.5", "1234.5."),
        ("-5,00", "-5.00,"),
        ("5,00-", "-5.00,"),
        ("−5.00", "-5.00."),
        ("(5.00)", "-5.00."),
        ("12,-", "12"),
        ("12,-- €", "12 EUR"),
        ("1.234", "1234, | 1.234."),
        ("1,234", "1234. | 1.234,"),
        ("0,234", "0.234,"),
        (".50", "0.50."),
        ("€1.500,00", "1500.00, EUR"),
        ("-€5.00", "-5.00. EUR"),
        ("€-5.00", "-5.00. EUR"),
        ("EUR 12,50", "12.50, EUR"),
        ("12,50€", "12.50, EUR"),
        ("$1,234.00", "1234.00. USD"),
        ("RM12.90", "12.90. MYR"),
        ("Rs.1,23,456.00", "123456.00. INR"),
        ("88,99zł", "88.99, PLN"),
        ("CHF 1'080.05", "1080.05. CHF"),
        ("5,00-€", "-5.00, EUR"),
        ("19%", "19%"),
        ("19,00 %", "19.00,%"),
        ("(21%)", "21%"),
        ("(5,5 %)", "5.5,%"),
        ("12.99A", "12.99."),
        ("2.50*", "2.50."),
        ("1.234.567", "1234567,"),
        ("120", "120"),
        ("0", "0"),
        // None of these is an amount.
        ("15.01.2026", ""),
        ("2026-01-15", ""),
        ("15/01/2026", ""),
        ("192.168.1.1", ""),
        ("030-1234567", ""),
        ("+49 30 1234567", ""),
        ("00123", ""),
        ("1.2.3", ""),
        ("12:30", ""),
        ("(2)", ""),
        ("INV-001", ""),
        ("1234567890123", ""),
        ("A", ""),
        ("", ""),
        ("-", ""),
        ("€", ""),
    ] {
        assert_eq!(shown(text, None), expected, "{text}");
    }
}

#[test]
fn the_documents_mark_decides_what_comes_first() {
    assert_eq!(shown("1.234", Some(Mark::Point)), "1.234. | 1234,");
    assert_eq!(shown("1.234", Some(Mark::Comma)), "1234, | 1.234.");
    assert_eq!(shown("1,234", Some(Mark::Comma)), "1.234, | 1234.");
}

#[test]
fn groups_by_blanks_join_only_where_they_can() {
    for (left, right, joins) in [
        ("1", "234,56", true),
        ("12 345", "678", true),
        ("€1", "234.56", true),
        ("3", "069,00", true),
        ("1 000", "000,00", true),
        ("1", "23,56", false),
        ("0", "234", false),
        ("1234", "567", false),
        ("x", "234", false),
    ] {
        assert_eq!(may_join(left, right), joins, "{left} {right}");
    }
}

/// Prints an amount of cents with a separator of thousands and a decimal mark.
fn print(cents: u64, thousands: &str, mark: char, indian: bool) -> String {
    let whole: Vec<char> = (cents / 100).to_string().chars().rev().collect();
    let mut out = Vec::new();
    for (i, digit) in whole.iter().enumerate() {
        let border = if indian {
            i == 3 || (i > 3 && (i - 3) % 2 == 0)
        } else {
            i > 0 && i % 3 == 0
        };
        if border {
            out.extend(thousands.chars());
        }
        out.push(*digit);
    }
    let whole: String = out.into_iter().rev().collect();
    format!("{whole}{mark}{:02}", cents % 100)
}

proptest! {
    #[test]
    fn what_is_printed_is_read_back(cents in 0_u64..10_000_000_000, format in 0_usize..7, negative: bool) {
        let (thousands, mark, indian) = [
            (".", ',', false), (",", '.', false), (" ", ',', false), ("'", '.', false),
            (",", '.', true), ("", '.', false), ("", ',', false),
        ][format];
        let printed = print(cents, thousands, mark, indian);
        let value = Decimal::new(i64::try_from(cents).expect("fits"), 2);
        let readings = read(&printed, None);
        prop_assert_eq!(readings.len(), 1, "{}", &printed);
        prop_assert_eq!(readings[0].value, value);
        prop_assert_eq!(readings[0].decimals, 2);
        if negative && cents > 0 {
            for dressed in [format!("-{printed}"), format!("{printed}-"), format!("({printed})"), format!("-{printed} €"), format!("USD -{printed}")] {
                prop_assert_eq!(read(&dressed, None).first().map(|r| r.value), Some(-value), "{}", dressed);
            }
        }
    }

    #[test]
    fn any_text_has_readings_or_none(text in ".{0,24}") {
        let _ = read(&text, None);
    }
}
