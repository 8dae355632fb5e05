//! Parties, numbers and dates that stand where something else could.

use super::check;

#[test]
fn the_name_under_a_label_is_meant_and_not_the_next_column() {
    check(
        &[
            "Bill to:                                Hallmann Metalworks Ltd",
            "Birchwood Printing Ltd                  3 Mill Lane",
            "12 Garden Street                        Leeds LS1 4AP",
            "York YO1 7HH                            VAT: GB123456789",
            "",
            "INVOICE No. 2024-17",
            "Total 120.00",
        ],
        &[
            ("vendor_name", "Hallmann Metalworks Ltd"),
            ("buyer_name", "Birchwood Printing Ltd"),
        ],
    );
}

#[test]
fn neither_a_street_nor_an_unknown_label_is_a_name() {
    check(
        &[
            "INVOICE No. 2024-17",
            "",
            "Bill to:",
            "Charged party",
            "Birchwood Printing Ltd",
            "Via Garibaldi, 12",
            "20121 Milano",
            "",
            "Total 120.00",
        ],
        &[("buyer_name", "Birchwood Printing Ltd")],
    );
}

#[test]
fn accounts_and_post_codes_are_no_invoice_numbers() {
    check(
        &[
            "Rekening NL91 ABNA 0417 1643 00",
            "Factuurnummer 2024-17",
            "Totaal 120,00 EUR",
        ],
        &[
            ("invoice_number", "2024-17"),
            ("iban", "NL91ABNA0417164300"),
        ],
    );
    check(
        &[
            "FAKTURA",
            "4000 Roskilde",
            "Fakturadato 24/12-2023",
            "Total 120,00 kr",
        ],
        &[("invoice_number", "-"), ("invoice_date", "2023-12-24")],
    );
}

#[test]
fn the_terms_find_a_due_date_that_nothing_names() {
    check(
        &[
            "INVOICE No. 2024-17",
            "Invoice date          09/04/2024",
            "Funds to reach us     09/05/2024",
            "Terms: net 30 days.",
            "Total 120.00 GBP",
        ],
        &[("invoice_date", "2024-04-09"), ("due_date", "2024-05-09")],
    );
}

#[test]
fn dates_of_items_and_deliveries_are_not_the_date_of_issue() {
    check(
        &[
            "INVOICE No. 2024-17",
            "Issued today: 21/08/2024. Delivery date: 15/08/2024",
            "",
            "Date          Service        Price     Total",
            "15/08/2024    Repair         87.00     174.00",
            "15/08/2024    Cleaning       50.00     252.00",
            "",
            "Total                                  426.00",
        ],
        &[("invoice_date", "2024-08-21"), ("total", "426.00")],
    );
}
