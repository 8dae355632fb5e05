//! Totals and VAT that labels alone do not tell.

use super::check;

#[test]
fn vat_of_several_rates_is_their_sum() {
    check(
        &[
            "INVOICE No. 2024-17",
            "Net amount        3,000.00 EUR",
            "VAT 20 %            500.00 EUR",
            "VAT 5.5 %            27.50 EUR",
            "Total             3,527.50 EUR",
        ],
        &[
            ("vat_amount", "527.50"),
            ("subtotal", "3000.00"),
            ("total", "3527.50"),
        ],
    );
    // The rates stand in brackets.
    check(
        &[
            "INVOICE No. 2024-17",
            "Net amount        2,000.00 EUR",
            "VAT (21%)           210.00 EUR",
            "VAT (10 %):         100.00 EUR",
            "Total             2,310.00 EUR",
        ],
        &[("vat_amount", "310.00"), ("total", "2310.00")],
    );
}

#[test]
fn what_vat_and_rate_imply_is_the_total() {
    // No label that is known names net sum and total.
    check(
        &[
            "INVOICE No. 2024-17",
            "Article one               300.00",
            "Article two               100.00",
            "Grand finale              400.00",
            "VAT 20 %                   80.00",
            "Altogether                480.00",
        ],
        &[
            ("vat_amount", "80.00"),
            ("subtotal", "400.00"),
            ("total", "480.00"),
        ],
    );
    // VAT is in it.
    check(
        &[
            "RECEIPT 2024-17",
            "Article one               100.00",
            "Article two                20.00",
            "Altogether                120.00",
            "included VAT 20 %          20.00",
        ],
        &[("vat_amount", "20.00"), ("total", "120.00")],
    );
}

#[test]
fn the_rows_of_a_vat_table_are_parts_of_the_total() {
    check(
        &[
            "INVOICE No. 2024-17",
            "Total  355.00",
            "",
            "VAT      Gross     Net      Tax",
            "A        85.00     71.00    14.00",
            "B       270.00    252.00    18.00",
        ],
        &[
            ("total", "355.00"),
            ("vat_amount", "32.00"),
            ("subtotal", "323.00"),
        ],
    );
}

#[test]
fn paid_and_due_make_the_total() {
    check(
        &[
            "INVOICE No. 2024-17",
            "Membership              120.00",
            "Conference              590.00",
            "Charged                 710.00",
            "Amount paid             700.00",
            "Amount due               10.00",
        ],
        &[("total", "710.00"), ("amount_due", "10.00")],
    );
}

#[test]
fn days_and_net_sums_are_not_due() {
    check(
        &[
            "INVOICE No. 2024-17",
            "Net amount      100.00 EUR",
            "VAT 20 %         20.00 EUR",
            "Total           120.00 EUR",
            "Payable within 60 days without discount.",
        ],
        &[("amount_due", "120.00")],
    );
}

#[test]
fn a_group_of_thousands_may_begin_with_nought() {
    check(
        &[
            "FACTURE N° 2024-17",
            "Total HT        2 566,00 €",
            "TVA 20 %          503,20 €",
            "Total TTC       3 069,20 €",
        ],
        &[("total", "3069.20")],
    );
}
