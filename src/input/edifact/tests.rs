//! A synthetic message with all fields, and what guidelines write differently.

use proptest::prelude::*;

use super::*;
use crate::input::limits;
use crate::input::sample::{self, check};
use crate::model::{DocId, Status};

/// An invoice in the style of EANCOM with all that we read.
const HEAD: &str = "UNB+UNOC:3+4012345000009:14+4098765000008:14+260112:0915+77++INVOIC'";
const INVOICE: &str = "UNH+1+INVOIC:D:96A:UN:EAN008'BGM+380+R-26?+4711+9'DTM+137:20260112:102'DTM+35:20260109:102'\
FTX+AAI+++Goods remain ours:until paid'RFF+ON:PO-88'DTM+171:20260103:102'RFF+DQ:LS-5'RFF+IV:R-25-1'DTM+171:20251201:102'\
NAD+SU+4012345000009::9++Müller ?& Söhne:GmbH+Hauptstr. 1:Hof+Köln++50667+DE'RFF+VA:DE123456788'RFF+FC:1234/567'CTA+IC+:A. Blum'COM+x@mueller.example:EM'COM+0221 1:TE'FII+RB+DE02 1203 0000 0000 2020 51:Müller+BYLADEM1001'\
NAD+BY+4098765000008::9'NAD+IV+4098765000015::9+Markt AG:Ring 2:50667 Köln'RFF+VA:DE987654321'NAD+DP+++Lager+Weg 3+Bonn++53111+DE'\
CUX+2:EUR:4'PAT+1++5:3:D:30'PAT+22++5:3:D:10'PCD+12:2'ALC+C++++FC:::Fracht'PCD+3:5'MOA+8:10'TAX+7+VAT+++:::19+S'\
LIN+1++4012345000108:EN'PIA+1+A-1:SA+B-1:IN'IMD+F++:::Schrauben:M6'QTY+47:200:PCE'MOA+203:150'PRI+AAA:75:CT:NTP:100:PCE'TAX+7+VAT+++:::19+S'\
LIN+2'IMD+F++:::Öl'QTY+47:5:LTR'MOA+203:40'PRI+AAA:10'TAX+7+VAT+++:::7+S'ALC+A++++DI'MOA+8:10'\
UNS+S'MOA+79:190'MOA+77:233.20'MOA+125:200'MOA+124:33,20'TAX+7+VAT+++:::19+S'MOA+125:160'MOA+124:30.40'TAX+7+VAT+++:::7+S'MOA+125:40'MOA+124:2.80'UNT+60+1'";

fn file(messages: &str) -> String {
    format!("{HEAD}{messages}UNZ+1+77'")
}

fn one(message: &str) -> serde_json::Value {
    let documents = sample::documents(&EDIFACT, file(message)).expect("reads");
    assert_eq!(documents.len(), 1);
    serde_json::to_value(documents[0].invoice.as_ref().expect("an invoice")).expect("serialises")
}

#[test]
fn every_field() {
    check(
        &one(INVOICE),
        &[
            ("/invoice_number", "R-26+4711"),
            ("/document_type", "380"),
            ("/invoice_date", "2026-01-12"),
            ("/delivery_date", "2026-01-09"),
            ("/due_date", "2026-02-11"),
            ("/order_date", "2026-01-03"),
            ("/notes/0", "Goods remain ours\nuntil paid"),
            ("/po_reference", "PO-88"),
            ("/despatch_reference", "LS-5"),
            ("/preceding_invoices/0/number", "R-25-1"),
            ("/preceding_invoices/0/date", "2025-12-01"),
            ("/currency", "EUR"),
            ("/country", "DE"),
            ("/vendor_name", "Müller & Söhne GmbH"),
            ("/vendor_vat", "DE123456788"),
            ("/vendor_tax_number", "1234/567"),
            ("/vendor_endpoint/id", "4012345000009"),
            ("/vendor_address/line2", "Hof"),
            ("/vendor_address/postcode", "50667"),
            ("/vendor_contact", "A. Blum"),
            ("/vendor_email", "x@mueller.example"),
            ("/vendor_phone", "0221 1"),
            ("/buyer_name", "Markt AG"),
            ("/buyer_vat", "DE987654321"),
            ("/buyer_address/line1", "Ring 2"),
            ("/delivery_name", "Lager"),
            ("/delivery_address/city", "Bonn"),
            ("/iban", "DE02120300000000202051"),
            ("/bic", "BYLADEM1001"),
            ("/payment/accounts/0/account_name", "Müller"),
            ("/discount_terms/0/percent", "2"),
            ("/discount_terms/0/days", "10"),
            ("/lines_total", "190.00"),
            ("/subtotal", "200.00"),
            ("/vat_amount", "33.20"),
            ("/total", "233.20"),
            ("/charges/0/amount", "10.00"),
            ("/charges/0/reason", "Fracht"),
            ("/charges/0/vat_rate", "19"),
            ("/vat_breakdown/0/rate", "19"),
            ("/vat_breakdown/0/base", "160.00"),
            ("/vat_breakdown/1/amount", "2.80"),
            ("/line_items/0/description", "Schrauben\nM6"),
            ("/line_items/0/gtin", "4012345000108"),
            ("/line_items/0/product_code", "A-1"),
            ("/line_items/0/buyer_code", "B-1"),
            ("/line_items/0/quantity", "200"),
            ("/line_items/0/unit_code", "PCE"),
            ("/line_items/0/unit_price", "75"),
            ("/line_items/0/price_base_quantity", "100"),
            ("/line_items/0/total", "150.00"),
            ("/line_items/0/vat_rate", "19"),
            ("/line_items/1/allowances/0/amount", "10.00"),
            ("/line_items/1/total", "40.00"),
            ("/line_items/1/vat_rate", "7"),
        ],
    );
}

#[test]
fn evidence_names_the_place() {
    let documents = sample::documents(&EDIFACT, file(INVOICE)).expect("reads");
    let document = &documents[0];
    let text = |field: &str| {
        let evidence = document.evidence.get(field);
        evidence.and_then(|evidence| evidence.text.clone())
    };
    for (field, path) in [
        ("invoice_number", "/UNH/BGM[1]/2"),
        ("vendor_name", "/UNH/NAD[1]/4.1 + /UNH/NAD[1]/4.2"),
        ("due_date", "invoice_date + /UNH/PAT[1]/3.4"),
        ("line_items[1].total", "/UNH/MOA[3]/1.2"),
    ] {
        assert_eq!(text(field).as_deref(), Some(path), "{field}");
    }
    assert_eq!(document.source.media_type.as_deref(), Some(MEDIA_TYPE));
}

/// What is replaced, by what, and what comes of it.
type Case = (
    &'static str,
    &'static str,
    &'static [(&'static str, &'static str)],
);

/// What the guidelines write differently: how the message is changed, and what comes of it.
#[test]
fn pitfalls_of_guidelines() {
    #[rustfmt::skip]
    let cases: &[Case] = &[
        ("MOA+77:233.20'", "MOA+86:233.20'", &[("/total", "233.20")]),
        ("MOA+77:233.20'", "MOA+39:200'MOA+128:233.20'", &[("/total", "233.20")]),
        ("MOA+77:233.20'", "MOA+9:133.20'MOA+113:100'", &[("/total", "233.20"), ("/amount_due", "133.20"), ("/paid_amount", "100.00")]),
        ("MOA+77:233.20'", "MOA+77:233.20'MOA+9:133.20'MOA+113:100'", &[("/total", "233.20"), ("/amount_due", "133.20")]),
        ("MOA+125:200'MOA+124:33,20'", "", &[("/subtotal", "200.00"), ("/vat_amount", "33.20")]),
        ("MOA+125:200'", "MOA+125:200'MOA+131:10'", &[("/charge_total", "10.00"), ("/allowance_total", "null")]),
        ("DTM+137:20260112:102'", "DTM+3:260112:101'", &[("/invoice_date", "2026-01-12")]),
        ("PAT+1++5:3:D:30'", "PAT+3++66'DTM+13:20260301:102'", &[("/due_date", "2026-03-01")]),
        ("PAT+1++5:3:D:30'", "PAT+1++9:3:D:30'", &[("/due_date", "null")]),
        ("BGM+380+R-26?+4711+9'", "BGM+381:::Gutschrift+G1:2+9'", &[("/document_type", "381"), ("/invoice_number", "G1")]),
        ("CUX+2:EUR:4'", "CUX+2:USD:4+3:EUR:11+0.9'", &[("/currency", "USD")]),
        ("CUX+2:EUR:4'", "", &[("/currency", "null")]),
        ("CUX+2:EUR:4'", "CUX+1:USD'", &[("/currency", "USD")]),
        ("+Hauptstr. 1:Hof+Köln++50667+DE'", "+++++DE'", &[("/vendor_address/line1", "null"), ("/vendor_address/country", "DE")]),
        ("++Müller ?& Söhne:GmbH+Hauptstr. 1:Hof+Köln++50667+DE'", "+Hauptstr. 1:50667:Köln+Müller+++++DE'", &[("/vendor_name", "Müller"), ("/vendor_address/line1", "Hauptstr. 1"), ("/vendor_address/line3", "Köln")]),
        ("UNS+S'", "UNS+S'ALC+A++++DI'MOA+8:5'", &[("/allowances/0/amount", "5.00"), ("/total", "233.20")]),
        ("PRI+AAA:10'", "PRI+AAA:8'PRI+AAB:10'", &[("/line_items/1/unit_price", "8"), ("/line_items/1/gross_price", "10"), ("/line_items/1/allowances/0/amount", "absent")]),
        ("PRI+AAA:10'", "PRI+AAB:8'", &[("/line_items/1/unit_price", "8"), ("/line_items/1/gross_price", "null")]),
        ("+BYLADEM1001'", "+37050198:25:5'", &[("/bic", "null"), ("/payment/accounts/0/bank_number", "37050198")]),
        ("RFF+DQ:LS-5'", "RFF+ON:PO-89'", &[("/po_references/1", "PO-89"), ("/despatch_reference", "null")]),
    ];
    for (from, to, expected) in cases {
        assert!(INVOICE.contains(from), "{from}");
        check(&one(&INVOICE.replacen(from, to, 1)), expected);
    }
}

#[test]
fn without_any_tax_there_is_none() {
    let message = "UNH+1+INVOIC:D:97B:UN'BGM+380+7'CUX+1:USD'LIN+1'QTY+47:10'MOA+203:15'PRI+INV:1.5'UNS+S'MOA+39:20'ALC+C+ABG'MOA+8:5'UNT+11+1'";
    check(
        &one(message),
        &[
            ("/subtotal", "20.00"),
            ("/vat_amount", "0.00"),
            ("/charges/0/amount", "5.00"),
        ],
    );
    check(
        &one(&message.replace("MOA+39:20", "MOA+39:24")),
        &[
            ("/subtotal", "null"),
            ("/vat_amount", "null"),
            ("/total", "24.00"),
        ],
    );
}

#[test]
fn own_separators_and_charsets() {
    let turned: String = INVOICE
        .replace("?+", "-")
        .replace("?&", "&")
        .chars()
        .map(|c| match c {
            ':' => '|',
            '+' => '*',
            '\'' => '~',
            c => c,
        })
        .collect();
    let own = format!(
        "UNA|*,  ~\r\n{}{turned}UNZ*1*77~",
        "UNB*UNOC|3*A*B*260112|0915*77~\n"
    );
    let latin: Vec<u8> = own.chars().map(|c| c as u8).collect();
    for bytes in [
        own.clone().into_bytes(),
        latin,
        format!("\u{feff}{own}").into_bytes(),
    ] {
        let documents = sample::documents(&EDIFACT, bytes).expect("reads");
        let invoice = serde_json::to_value(&documents[0].invoice).expect("serialises");
        check(
            &invoice,
            &[
                ("/invoice_number", "R-26-4711"),
                ("/vendor_name", "Müller & Söhne GmbH"),
                ("/vat_amount", "33.20"),
            ],
        );
    }
    // Ł and ź of ISO 8859-2.
    let polish = file(INVOICE)
        .replace("UNOC", "UNOD")
        .replace("Köln", "\u{a3}\u{f3}d\u{bc}")
        .replace("Müller ?& Söhne", "X")
        .replace("Müller", "X")
        .replace('Ö', "O");
    let bytes: Vec<u8> = polish.chars().map(|c| c as u8).collect();
    let documents = sample::documents(&EDIFACT, bytes).expect("reads");
    let invoice = serde_json::to_value(&documents[0].invoice).expect("serialises");
    check(&invoice, &[("/vendor_address/city", "Łódź")]);
}

#[test]
fn several_messages_are_several_documents() {
    let order = "UNH+2+ORDERS:D:96A:UN'BGM+220+7'UNT+3+2'";
    let second = INVOICE.replace("R-26?+4711", "R-2");
    let cut = "UNH+4+INVOIC:D:96A:UN'BGM+380+9'";
    let documents = sample::documents(&EDIFACT, file(&format!("{INVOICE}{order}{second}{cut}")))
        .expect("reads");
    let id = DocId::from_text("f");
    let told: Vec<(String, Status, Option<String>)> = documents
        .iter()
        .map(|document| {
            let invoice = document.invoice.as_ref();
            let number = invoice.and_then(|invoice| invoice.invoice_number.text());
            (
                document.id.to_string(),
                document.status,
                number.map(str::to_owned),
            )
        })
        .collect();
    let part = |n: &str| id.part(n).to_string();
    assert_eq!(
        told,
        [
            (part("#1"), Status::Pending, Some("R-26+4711".to_owned())),
            (part("#2"), Status::SetAside, None),
            (part("#3"), Status::Pending, Some("R-2".to_owned())),
            (part("#4"), Status::Error, None),
        ]
    );
}

#[test]
fn only_interchanges_are_edifact() {
    for (text, is) in [
        (HEAD, true),
        ("UNA:+.? 'UNB+UNOA:1+A+B'", true),
        ("\u{feff}\r\nUNA:+.? '\r\nUNB+UNOC:3+A'", true),
        ("UNH+1+INVOIC:D:96A:UN'BGM+380+1'", true),
        ("UNH+1+ORDERS:D:96A:UN'", false),
        ("The message UNH+1+INVOIC:D:96A:UN' is an invoice", false),
        ("UNBELIEVABLE: the INVOIC of UNOC", false),
        ("UNAWARE of INVOIC, UNB+UNOC:3", false),
        ("UNA", false),
        ("UNB", false),
        ("", false),
    ] {
        assert_eq!(sniff(text.as_bytes()), is, "{text}");
    }
}

#[test]
fn what_is_no_whole_invoice_is_refused() {
    for (text, code) in [
        (file("UNH+1+ORDERS:D:96A:UN'UNT+2+1'"), "UNSUPPORTED_TYPE"),
        (HEAD.to_owned(), "CORRUPT_FILE"),
        ("UNB+UNOC:3+A".to_owned(), "CORRUPT_FILE"),
        (
            file(&"UNH+1+INVOIC:D:96A:UN'UNT+2+1'".repeat(limits::MAX_PARTS + 1)),
            "TOO_MANY_PARTS",
        ),
    ] {
        let refused = sample::documents(&EDIFACT, text).err();
        assert_eq!(refused.map(|error| error.code), Some(code));
    }
}

#[test]
fn a_wrong_count_of_segments_is_said() {
    let documents = sample::documents(&EDIFACT, file(INVOICE)).expect("reads");
    let counted = INVOICE.matches('\'').count();
    let right = INVOICE.replace("UNT+60+", &format!("UNT+{counted}+"));
    let sound = sample::documents(&EDIFACT, file(&right)).expect("reads");
    let codes = |documents: &[Document]| -> Vec<String> {
        let ocr = documents[0].ocr.as_ref().expect("always there");
        ocr.warnings.iter().map(|w| w.code.clone()).collect()
    };
    assert_eq!(codes(&documents), ["SEGMENT_COUNT"]);
    assert_eq!(codes(&sound), [""; 0]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_bytes_panic(bytes in any::<Vec<u8>>(), at in 0..INVOICE.len(), put in any::<u8>()) {
        let mut mutated = file(INVOICE).into_bytes();
        mutated[at + HEAD.len()] = put;
        let after_head = [HEAD.as_bytes(), &bytes].concat();
        for file in [bytes, mutated, after_head] {
            let id = DocId::from_text("f");
            let mut context = Context { id: &id, max_part: usize::MAX, engine: None, page: &mut |_| {} };
            let _ = sniff(&file);
            let _ = read(&file, &mut context);
        }
    }
}
