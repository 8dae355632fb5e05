//! Whole pages, drawn with letters: what each family of fields makes of them.

mod amounts;
mod parties;

use super::{EXTRACTORS, Extract, Settings};
use crate::layout::tests::page;
use crate::model::{DocId, Document, Ocr, PageMethod, Past};
use crate::stage::{Stage, StageError};

fn document(pages: &[&[&str]]) -> Document {
    let mut document = Document::new(DocId::of_path("drawn"));
    document.ocr = Some(Ocr {
        pages: (1..)
            .zip(pages)
            .map(|(n, rows)| {
                let mut drawn = page(rows);
                drawn.n = n;
                drawn
            })
            .collect(),
        ..Ocr::default()
    });
    document
}

fn apply(settings: Settings, document: Document) -> Result<Document, StageError> {
    Extract::new(settings).apply(document, &Past::default())
}

/// The fields of a drawn page as JSON.
fn read(rows: &[&str]) -> serde_json::Value {
    let document = apply(Settings::default(), document(&[rows])).expect("an invoice");
    serde_json::to_value(document.invoice).expect("serialises")
}

/// Compares the named fields; `-` stands for null.
fn check(rows: &[&str], expected: &[(&str, &str)]) {
    let invoice = read(rows);
    for (field, value) in expected {
        let found = match &invoice[*field] {
            serde_json::Value::String(text) => text.clone(),
            serde_json::Value::Null => "-".to_owned(),
            other => other.to_string(),
        };
        assert_eq!(found, *value, "{field} of {rows:#?}");
    }
}

/// The whole invoice that the product's first description is tested with.
const GOLDEN: &[&str] = &[
    "ACME Corporation",
    "123 Business Street",
    "VAT: NL123456789B01",
    "",
    "INVOICE",
    "",
    "Invoice Number: INV-2026-0042",
    "Date: January 15, 2026",
    "Due Date: February 14, 2026",
    "",
    "Description          Qty     Price      Total",
    "Widget A              10    €50.00    €500.00",
    "Widget B               5    €75.00    €375.00",
    "",
    "                        Subtotal:     €875.00",
    "                        VAT (21%):    €183.75",
    "                        Total:      €1,058.75",
];

#[test]
fn the_golden_invoice() {
    check(
        GOLDEN,
        &[
            ("vendor_name", "ACME Corporation"),
            ("vendor_vat", "NL123456789B01"),
            ("invoice_number", "INV-2026-0042"),
            ("invoice_number_norm", "INV20260042"),
            ("invoice_date", "2026-01-15"),
            ("due_date", "2026-02-14"),
            ("currency", "EUR"),
            ("subtotal", "875.00"),
            ("vat_amount", "183.75"),
            ("total", "1058.75"),
            ("amount_due", "1058.75"),
            ("document_type", "380"),
            ("buyer_name", "-"),
            ("iban", "-"),
            ("po_reference", "-"),
        ],
    );
}

#[test]
fn the_example_with_an_american_date_and_a_european_amount() {
    let rows = ["Invoice #12345", "Date: 01/15/2026", "Total: €1.500,00"];
    check(
        &rows,
        &[
            ("invoice_number", "12345"),
            ("invoice_date", "2026-01-15"),
            ("total", "1500.00"),
            ("currency", "EUR"),
            // The words of a label are never a value.
            ("vendor_name", "-"),
        ],
    );
}

#[test]
fn numbers() {
    for (rows, number) in [
        (
            ["Rechnung Nr. RE-2026/001 vom 03.04.2026", "Summe 100,00 €"],
            "RE-2026/001",
        ),
        (
            ["Faktura VAT nr FV 1/05/2021", "Razem 10,00 zł"],
            "FV 1/05/2021",
        ),
        (
            [
                "Invoice No.     Customer No.     Order No.",
                "4711            998877           55-66",
            ],
            "4711",
        ),
        (
            [
                "Kundennummer: 12345     Rechnungsnummer: 67890",
                "Summe 100,00 €",
            ],
            "67890",
        ),
        (["FACTURE N° : F20220023", "Total TTC 12,00 €"], "F20220023"),
        (["Tel: 030 1234567", "Invoice date: 2026-01-15"], "-"),
    ] {
        check(&rows, &[("invoice_number", number)]);
    }
}

#[test]
fn dates() {
    for (rows, issued, due) in [
        (
            ["Invoice date: 03/04/2026", "Due date: 25/04/2026"],
            "2026-04-03",
            "2026-04-25",
        ),
        (
            ["Invoice date: 03/04/2026", "Due date: 04/25/2026"],
            "2026-03-04",
            "2026-04-25",
        ),
        (
            [
                "Rechnungsdatum  Fälligkeitsdatum",
                "01.02.2026      15.02.2026",
            ],
            "2026-02-01",
            "2026-02-15",
        ),
        (
            ["Rechnung Nr. 12 vom 1. März 2026", "Zahlbar bis 15.03.2026"],
            "2026-03-01",
            "2026-03-15",
        ),
        (
            [
                "Date de facture : 02/01/2026",
                "Leistungszeitraum 01.12.2025 - 31.12.2025",
            ],
            "2026-01-02",
            "-",
        ),
    ] {
        check(&rows, &[("invoice_date", issued), ("due_date", due)]);
    }
}

#[test]
fn an_undecided_order_of_day_and_month_is_reported() {
    let rows: &[&str] = &["Invoice 4711", "Date: 03/04/2026", "Total 12.00"];
    let done = apply(Settings::default(), document(&[rows])).expect("an invoice");
    let warnings = done.ocr.expect("pages").warnings;
    assert!(
        warnings
            .iter()
            .any(|warning| warning.code == "DATE_AMBIGUOUS")
    );
}

#[test]
fn a_due_date_is_derived_only_if_asked_for() {
    let rows: &[&str] = &[
        "Rechnung Nr. 4711",
        "Rechnungsdatum: 01.02.2026",
        "Zahlbar innerhalb von 14 Tagen",
        "Summe 12,00 €",
    ];
    check(rows, &[("due_date", "-")]);
    let settings = Settings {
        derive_due_date: true,
        ..Settings::default()
    };
    let done = apply(settings, document(&[rows])).expect("an invoice");
    let due = done.invoice.and_then(|invoice| invoice.due_date.get());
    assert_eq!(
        due.map(|due| due.to_string()).as_deref(),
        Some("2026-02-15")
    );
    let method = done.evidence["due_date"].method;
    assert_eq!(method, Some(crate::model::Method::Solver));
}

/// Lines of a page, and fields with what they must hold.
type Case = (
    &'static [&'static str],
    &'static [(&'static str, &'static str)],
);

#[test]
fn totals() {
    let cases: &[Case] = &[
        (
            &[
                "Netto 1.000,00 €",
                "zzgl. 19% MwSt. 190,00 €",
                "Gesamtbetrag 1.190,00 €",
            ],
            &[
                ("subtotal", "1000.00"),
                ("vat_amount", "190.00"),
                ("total", "1190.00"),
            ],
        ),
        (
            &[
                "Total HT          Total TVA        Total TTC",
                "100,00            20,00            120,00",
                "Acompte                             20,00",
                "NET A PAYER                        100,00",
            ],
            &[
                ("subtotal", "100.00"),
                ("vat_amount", "20.00"),
                ("total", "120.00"),
                ("amount_due", "100.00"),
            ],
        ),
        // A column of rates beside net, VAT and gross; the sum is the last row.
        (
            &[
                "Razem:   88,99   20,47   109,46",
                "Wartość brutto 109,46 PLN",
            ],
            &[
                ("subtotal", "88.99"),
                ("vat_amount", "20.47"),
                ("total", "109.46"),
                ("currency", "PLN"),
            ],
        ),
        // Only total and VAT are printed: the net is derived.
        (
            &["Total 121.00 EUR", "VAT 21% 21.00 EUR"],
            &[("subtotal", "100.00"), ("total", "121.00")],
        ),
        (
            &[
                "Subtotal 100.00",
                "Discount -10.00",
                "Tax 10% 9.00",
                "Total $99.00",
            ],
            &[("vat_amount", "9.00"), ("total", "99.00")],
        ),
    ];
    for (rows, expected) in cases {
        let mut all = vec!["Invoice No. 4711", ""];
        all.extend(*rows);
        check(&all, expected);
    }
}

#[test]
fn the_window_of_a_german_letter() {
    check(
        &[
            "Muster Handel GmbH - Hauptstr. 1 - 10115 Berlin",
            "",
            "Kundin Beispiel AG",
            "Nebenweg 2a",
            "80331 München",
            "",
            "Ihre USt-IdNr.: DE136695976",
            "Rechnung 2026-17                    Datum: 05.01.2026",
            "",
            "Gesamtbetrag                             119,00 EUR",
            "",
            "",
            "Muster Handel GmbH     IBAN: DE89 3704 0044 0532 0130 00",
            "HRB 12345 Berlin       BIC: COBADEFFXXX",
            "USt-IdNr.: DE811128135 info@muster-handel.de",
        ],
        &[
            ("vendor_name", "Muster Handel GmbH"),
            ("buyer_name", "Kundin Beispiel AG"),
            ("vendor_vat", "DE811128135"),
            ("buyer_vat", "DE136695976"),
            ("iban", "DE89370400440532013000"),
            ("bic", "COBADEFFXXX"),
            ("vendor_email", "info@muster-handel.de"),
            ("invoice_number", "2026-17"),
            ("country", "DE"),
        ],
    );
}

#[test]
fn labels_of_the_parties() {
    check(
        &[
            "Sprzedawca:                       Nabywca:",
            "Firma Krzak sp. z o.o.            Fundacja Zabytków",
            "Wilanowska 13                     ul. Towarowa 35",
            "05-122 Wilanów                    61-896 Poznań",
            "NIP: 5741997874                   NIP: 7831702323",
            "",
            "Faktura nr 5/2026                 Data wystawienia: 2026-05-02",
            "Do zapłaty: 109,46 PLN",
        ],
        &[
            ("vendor_name", "Firma Krzak sp. z o.o."),
            ("buyer_name", "Fundacja Zabytków"),
            ("vendor_vat", "5741997874"),
            ("amount_due", "109.46"),
        ],
    );
    let invoice = read(&[
        "Globex Ltd.",
        "1 High Street",
        "London SW1A 1AA",
        "",
        "Bill to:",
        "Initech Inc.",
        "2 Low Road",
        "Austin, TX 78701",
        "",
        "Invoice # 12",
        "PO Number: PO-3333",
        "Total due $5.00",
    ]);
    assert_eq!(invoice["vendor_address"]["postcode"], "SW1A 1AA");
    assert_eq!(invoice["buyer_address"]["city"], "Austin");
    assert_eq!(invoice["buyer_address"]["country"], "US");
    assert_eq!(invoice["po_reference"], "PO-3333");
}

#[test]
fn a_credit_note_names_the_invoice_it_credits() {
    let invoice = read(&[
        "CREDIT NOTE",
        "",
        "Credit note no. CN-7",
        "Original invoice: INV-3",
        "Total -12.00 EUR",
    ]);
    assert_eq!(invoice["document_type"], "381");
    assert_eq!(invoice["invoice_number"], "CN-7");
    assert_eq!(invoice["preceding_invoices"][0]["number"], "INV-3");
    assert_eq!(invoice["total"].to_string(), "-12.00");
}

#[test]
fn a_till_receipt() {
    let mut document = document(&[&[
        "MINI MARKET SDN BHD",
        "12 Jalan Raya",
        "19/10/2018 20:49",
        "Bread          2.50",
        "Milk           3.53",
        "TOTAL          6.03",
        "ROUNDING      -0.03",
        "ROUNDED TOTAL  6.00",
        "CASH          10.00",
        "CHANGE         4.00",
    ]]);
    let page = &mut document.ocr.as_mut().expect("pages").pages[0];
    (page.width, page.method) = (150.0, Some(PageMethod::Ocr));
    let invoice = apply(Settings::default(), document)
        .expect("a receipt")
        .invoice
        .expect("an invoice");
    assert_eq!(invoice.vendor_name.text(), Some("MINI MARKET SDN BHD"));
    assert_eq!(
        invoice
            .total
            .get()
            .map(|total| total.to_string())
            .as_deref(),
        Some("6.00")
    );
    assert_eq!(
        invoice
            .invoice_date
            .get()
            .map(|date| date.to_string())
            .as_deref(),
        Some("2018-10-19")
    );
}

#[test]
fn every_value_has_evidence_and_the_words_are_dropped() {
    let done = apply(Settings::default(), document(&[GOLDEN])).expect("an invoice");
    for field in [
        "invoice_number",
        "invoice_date",
        "total",
        "vendor_name",
        "subtotal",
        "currency",
    ] {
        let evidence = &done.evidence[field];
        assert_eq!(evidence.page, Some(1), "{field}");
        assert!(
            evidence.bbox.is_some() && evidence.text.is_some(),
            "{field}"
        );
        let sure = evidence.confidence.expect("a confidence").0;
        assert!((0.5..=1.0).contains(&sure), "{field} {sure}");
    }
    assert!(done.ocr.expect("pages").pages[0].words.is_empty());
    let settings = Settings {
        keep_words: true,
        ..Settings::default()
    };
    let kept = apply(settings, document(&[GOLDEN])).expect("an invoice");
    assert!(!kept.ocr.expect("pages").pages[0].words.is_empty());
}

#[test]
fn what_is_no_invoice_is_refused() {
    let code = |pages: &[&[&str]], confidence: Option<f64>| {
        let mut document = document(pages);
        document.ocr.as_mut().expect("pages").confidence = confidence;
        apply(Settings::default(), document)
            .err()
            .map(|error| error.code)
    };
    assert_eq!(code(&[&["Hello"]], None), Some("TEXT_TOO_SHORT"));
    assert_eq!(code(&[], None), Some("TEXT_TOO_SHORT"));
    assert_eq!(
        code(&[&["12 34 56 78 90 12 34 56"]], None),
        Some("EXTRACT_INVALID")
    );
    assert_eq!(
        code(&[&["some blurred words here and there"]], Some(0.31)),
        Some("OCR_QUALITY")
    );
}

#[test]
fn a_structured_invoice_is_left_alone() {
    let mut structured = document(&[GOLDEN]);
    structured.invoice = Some(crate::model::Invoice {
        invoice_number: "X-1".to_owned().into(),
        ..Default::default()
    });
    structured.evidence.insert(
        "invoice_number".to_owned(),
        crate::model::Evidence {
            method: Some(crate::model::Method::Xml),
            ..Default::default()
        },
    );
    let invoice = apply(Settings::default(), structured)
        .expect("an invoice")
        .invoice
        .expect("an invoice");
    assert_eq!(invoice.invoice_number_norm.text(), Some("X1"));
    assert!(!invoice.total.is_value());
}

#[test]
fn the_registry_is_sound() {
    for (place, extractor) in EXTRACTORS.iter().enumerate() {
        assert!(!extractor.doc.is_empty());
        assert!(
            EXTRACTORS[..place]
                .iter()
                .all(|other| other.field != extractor.field)
        );
    }
}
