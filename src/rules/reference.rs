//! The tables the rules are checked against, as data files; part of the stage's settings.

use crate::model::{Digest, IBAN_LENGTHS, VAT_ID_FORMS};

/// VAT rates: `country,kind,rate,from,to`; an empty day is open.
pub(super) const VAT_RATES: &str = include_str!("data/vat_rates.csv");
/// Phrases that talk to a program rather than to a reader, one a line.
pub(super) const INSTRUCTIONS: &str = include_str!("data/instructions.txt");

/// Digest of all tables.
pub(super) fn digest() -> Digest {
    Digest::of_parts([VAT_RATES, VAT_ID_FORMS, IBAN_LENGTHS, INSTRUCTIONS].map(str::as_bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_table_has_rows_of_its_width() {
        for (table, width, least) in [
            (VAT_RATES, 5, 150),
            (VAT_ID_FORMS, 2, 30),
            (IBAN_LENGTHS, 2, 75),
        ] {
            let lines: Vec<&str> = table
                .lines()
                .filter(|line| !line.starts_with('#') && !line.is_empty())
                .collect();
            assert!(lines.len() > least, "{}", lines.len());
            for line in lines {
                assert_eq!(line.split(',').count(), width, "{line}");
            }
        }
    }
}
