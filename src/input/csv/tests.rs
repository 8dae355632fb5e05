//! Tables of invoices as programs export them, and those that look alike and are none.

use proptest::prelude::*;

use super::*;
use crate::input::sample::{self, check};
use crate::model::DocId;

fn invoices(text: impl AsRef<[u8]>) -> Vec<serde_json::Value> {
    let documents = sample::documents(&CSV, text).expect("reads");
    let all = documents
        .iter()
        .map(|document| serde_json::to_value(&document.invoice));
    all.collect::<Result<_, _>>().expect("serialises")
}

fn warnings(text: &str) -> Vec<String> {
    let documents = sample::documents(&CSV, text).expect("reads");
    let all = documents
        .iter()
        .filter_map(|document| document.ocr.as_ref());
    all.flat_map(|ocr| ocr.warnings.iter().map(|warning| warning.code.clone()))
        .collect()
}

#[test]
fn a_row_is_an_invoice() {
    let text = "Invoice No,Invoice Date,Due Date,Supplier,Supplier VAT,IBAN,Currency,Net,VAT,VAT %,Total,PO Number,Document type\n\
        A-1,2026-01-12,2026-02-11,Acme Ltd,IE6388047V,IE29 AIBK 9311 5212 3456 78,EUR,\"1,000.00\",230.00,23,\"1,230.00\",PO-1,Invoice\n\
        A-2,2026-01-13,,Acme Ltd,IE6388047V,,€,-10.00,-2.30,23%,-12.30,,Credit note\n";
    let all = invoices(text);
    assert_eq!(all.len(), 2);
    check(
        &all[0],
        &[
            ("/invoice_number", "A-1"),
            ("/document_type", "380"),
            ("/invoice_date", "2026-01-12"),
            ("/due_date", "2026-02-11"),
            ("/vendor_name", "Acme Ltd"),
            ("/vendor_vat", "IE6388047V"),
            ("/iban", "IE29AIBK93115212345678"),
            ("/po_reference", "PO-1"),
            ("/currency", "EUR"),
            ("/subtotal", "1000.00"),
            ("/vat_amount", "230.00"),
            ("/total", "1230.00"),
            ("/vat_breakdown/0/rate", "23"),
            ("/line_items", "absent"),
        ],
    );
    check(
        &all[1],
        &[
            ("/document_type", "381"),
            ("/due_date", "null"),
            ("/currency", "EUR"),
            ("/total", "-12.30"),
            ("/iban", "null"),
        ],
    );
}

#[test]
fn a_row_is_a_line() {
    let text = "Rechnungsnummer;Rechnungsdatum;Lieferant;Währung;Pos.;Bezeichnung;Menge;Einheit;Einzelpreis;Netto;MwSt-Satz;MwSt;Rechnungsbetrag\r\n\
        R-1;12.01.2026;Müller GmbH;EUR;1;Schrauben;1.000;Stk;0,10;100,00;19 %;19,00;130,38\r\n\
        R-2;13.01.2026;Müller GmbH;EUR;1;Öl;2;l;5,00;10,00;19 %;1,90;11,90\r\n\
        R-1;12.01.2026;Müller GmbH;EUR;2;\"Muttern; M6\";12;Stk;0,88;10,56;7 %;0,74;130,38\r\n\
        ;;;;3;Fracht;1;;0,07;0,07;19 %;0,01;\r\n\
        ;;;;;;;;;;;;260,00\r\n";
    let all = invoices(text);
    assert_eq!(all.len(), 2);
    check(
        &all[0],
        &[
            ("/invoice_number", "R-1"),
            ("/invoice_date", "2026-01-12"),
            ("/line_items/0/description", "Schrauben"),
            ("/line_items/0/quantity", "1000"),
            ("/line_items/0/unit_price", "0.10"),
            ("/line_items/0/total", "100.00"),
            ("/line_items/0/vat_rate", "19"),
            ("/line_items/0/vat_amount", "19.00"),
            ("/line_items/1/description", "Muttern; M6"),
            ("/line_items/1/line", "2"),
            ("/line_items/2", "absent"),
            ("/subtotal", "110.56"),
            ("/vat_amount", "19.74"),
            ("/total", "130.38"),
        ],
    );
    // A row without a number continues the invoice above it in the file.
    check(
        &all[1],
        &[("/total", "11.90"), ("/line_items/0/total", "10.00")],
    );
    assert_eq!(warnings(text), ["ROW_WITHOUT_NUMBER"]);
}

#[test]
fn totals_are_computed_where_only_lines_have_amounts() {
    let text = "Invoice No;Vendor;Description;Quantity;Unit price;VAT amount;Amount\n\
        1;A;x;2;10.00;4.20;20.00\n1;A;y;1;5.50;1.16;5.50\n2;A;z;1;5.50;1.16;5.50\n";
    let all = invoices(text);
    check(
        &all[0],
        &[
            ("/line_items/0/total", "20.00"),
            ("/vat_amount", "5.36"),
            ("/currency", "null"),
        ],
    );
    let gross = "Invoice No,Vendor,Description,Quantity,Gross\n1,A,x,2,12.10\n1,A,y,1,3.03\n";
    check(
        &invoices(gross)[0],
        &[
            ("/line_items/0/prices_include_vat", "true"),
            ("/line_items/0/total", "12.10"),
            ("/total", "15.13"),
        ],
    );
}

#[test]
fn marks_and_orders_are_those_of_the_file() {
    let english = |dates: [&str; 2], amounts: [&str; 2]| {
        let row = |at: usize| format!("{at},{},V,{}\n", dates[at], amounts[at]);
        let text = format!("Invoice No,Invoice date,Vendor,Total\n{}{}", row(0), row(1))
            .replace(',', "\t")
            .replace('_', ",");
        let all = invoices(text);
        [0, 1].map(|at| format!("{} {}", all[at]["invoice_date"], all[at]["total"]))
    };
    for (dates, amounts, expected) in [
        (
            ["03/04/2026", "25/04/2026"],
            ["1_234", "1.00"],
            ["\"2026-04-03\" 1234.00", "\"2026-04-25\" 1.00"],
        ),
        (
            ["03/04/2026", "04/25/2026"],
            ["1.234", "1_00"],
            ["\"2026-03-04\" 1234.00", "\"2026-04-25\" 1.00"],
        ),
        (
            ["03/04/2026", "2026-04-25"],
            ["1.50", "-1.00"],
            ["null 1.50", "\"2026-04-25\" -1.00"],
        ),
        (
            ["3 Apr 2026", "20260425"],
            ["1.50", "£2.00"],
            ["\"2026-04-03\" 1.50", "\"2026-04-25\" 2.00"],
        ),
    ] {
        assert_eq!(english(dates, amounts), expected, "{dates:?} {amounts:?}");
    }
    let french = "N° de facture;Date de facture;Fournisseur;Total TTC\n1;03/04/2026;V;1 234,50 €\n";
    check(
        &invoices(french)[0],
        &[("/invoice_date", "2026-04-03"), ("/total", "1234.50")],
    );
}

#[test]
fn encodings() {
    let text = "Rechnungsnummer;Lieferant;Fälligkeit;Brutto\n1;Müller;12.01.2026;1,00\n";
    let latin: Vec<u8> = text.chars().map(|c| c as u8).collect();
    let utf16: Vec<u8> = "\u{feff}"
        .chars()
        .chain(text.chars())
        .collect::<String>()
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    for bytes in [
        text.as_bytes().to_vec(),
        latin,
        utf16,
        format!("\u{feff}sep=;\r\n{text}").into_bytes(),
    ] {
        check(
            &invoices(bytes)[0],
            &[("/vendor_name", "Müller"), ("/due_date", "2026-01-12")],
        );
    }
    let polish = b"Numer faktury;Sprzedawca;Kwota brutto\n1;\xa3\xf3d\x9f;1,00\n";
    check(&invoices(polish)[0], &[("/vendor_name", "Łódź")]);
}

#[test]
fn only_tables_of_invoices_are_recognised() {
    for (text, is) in [
        ("Invoice No,Vendor,Total\n1,A,2\n", true),
        ("\n\nInvoice No;Vendor;Total\n", true),
        // Open items of one vendor, payments, orders, prose.
        (
            "Invoice No,Invoice date,Due date,Amount\n1,2026-01-01,2026-02-01,5\n",
            false,
        ),
        ("Date,IBAN,Amount,Description\n", false),
        ("Order number,Vendor,Total\n", false),
        (
            "The invoice number, the vendor and the total of it\n",
            false,
        ),
        ("Invoice,Vendor\n", false),
        ("vendor_id,name,aliases,vat_ids,ibans,approved\n", false),
        ("", false),
        ("\0Invoice No,Vendor,Total", false),
    ] {
        assert_eq!((CSV.sniff)(text.as_bytes()), is, "{text}");
    }
    let code = |text: &str| sample::documents(&CSV, text).err().map(|error| error.code);
    assert_eq!(code("Invoice No,Vendor,Total\n"), Some("EMPTY_FILE"));
    let rows: Vec<String> = (0..=limits::MAX_PARTS)
        .map(|n| {
            format!(
                "{n},A,1
"
            )
        })
        .collect();
    let rows = rows.concat();
    assert_eq!(
        code(&format!("Invoice No,Vendor,Total\n{rows}")),
        Some("TOO_MANY_PARTS")
    );
}

#[test]
fn rows_that_contradict_each_other_are_said() {
    let text = "Invoice No,Vendor,Invoice date,Description,Quantity,Line total\n1,A,2026-01-01,x,1,5\n1,A,2026-01-02,y,1,5\n";
    assert_eq!(warnings(text), ["CONFLICTING_ROWS"]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_text_panics(rows in "([0-9a-z.,;\"/€% \n-]|Vendor|1[.]234,50|12/01/2026){0,80}", bytes in any::<Vec<u8>>()) {
        let header = "Invoice No;Invoice date;Vendor;Description;Quantity;Unit price;Net;VAT;Total\n";
        for file in [[header.as_bytes(), rows.as_bytes()].concat(), [header.as_bytes(), &bytes].concat(), bytes] {
            let id = DocId::from_text("f");
            let mut context = Context { id: &id, max_part: usize::MAX, engine: None, page: &mut |_| {} };
            let _ = (CSV.sniff)(&file);
            let _ = read(&file, &mut context);
        }
    }
}
