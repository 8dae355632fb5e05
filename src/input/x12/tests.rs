//! A synthetic transaction set with all fields, and what senders write differently.

use proptest::prelude::*;

use super::*;
use crate::input::sample::{self, check};
use crate::model::{DocId, Status};

const ISA: &str = "ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       *260112*1200*U*00401*000000405*0*P*>~GS*IN*S*R*20260112*1200*1*X*004010~";
const END: &str = "GE*1*1~IEA*1*000000405~";
const INVOICE: &str = "ST*810*0001~BIG*20260112*INV-7*20260103*PO-5***DI~CUR*SE*USD~REF*CT*C-9~REF*TJ*12-3456789~NTE*GEN*Thank you~PER*IC*Ann Lee*TE*555 0100*EM*ar@acme.example~\
N1*SE*Acme Tools Inc*92*77~N2*Fastener Division~N3*1 Main St*Suite 5~N4*Dayton*OH*45402~N1*BT*Buyer LLC~N3*9 Elm St~N4*Toronto*ON*M5V 2T6*CA~N1*ST*Buyer Dock 4~N3*2 Quay~N4*Erie*PA*16501~\
ITD*01*3*2**10**30*****2% 10 days, net 30~DTM*011*20260110~\
IT1*1*200*EA*12.50**VP*W-100*UP*012345678905~PID*F****Widget blue~IT1*2*50*EA*80*HP*VP*B-6~PID*F****Bolt M6~SAC*A*C310***400********Promotion~\
TDS*269436~TXI*ST*150.36*5.9****36~SAC*C*D240***800**********Freight~CTT*2~SE*27*0001~";

fn file(sets: &str) -> String {
    format!("{ISA}{sets}{END}")
}

fn one(set: &str) -> serde_json::Value {
    let documents = sample::documents(&X12, file(set)).expect("reads");
    assert_eq!(documents.len(), 1);
    serde_json::to_value(documents[0].invoice.as_ref().expect("an invoice")).expect("serialises")
}

#[test]
fn every_field() {
    check(
        &one(INVOICE),
        &[
            ("/invoice_number", "INV-7"),
            ("/document_type", "380"),
            ("/invoice_date", "2026-01-12"),
            ("/order_date", "2026-01-03"),
            ("/due_date", "2026-02-11"),
            ("/delivery_date", "2026-01-10"),
            ("/po_reference", "PO-5"),
            ("/contract_reference", "C-9"),
            ("/payment_terms", "2% 10 days, net 30"),
            ("/discount_terms/0/percent", "2"),
            ("/discount_terms/0/days", "10"),
            ("/notes/0", "Thank you"),
            ("/currency", "USD"),
            ("/country", "US"),
            ("/vendor_name", "Acme Tools Inc Fastener Division"),
            ("/vendor_tax_number", "12-3456789"),
            ("/vendor_address/line2", "Suite 5"),
            ("/vendor_address/region", "OH"),
            ("/vendor_address/country", "US"),
            ("/vendor_contact", "Ann Lee"),
            ("/vendor_phone", "555 0100"),
            ("/vendor_email", "ar@acme.example"),
            ("/buyer_name", "Buyer LLC"),
            ("/buyer_address/country", "CA"),
            ("/delivery_name", "Buyer Dock 4"),
            ("/payee_name", "null"),
            ("/total", "2694.36"),
            ("/vat_amount", "150.36"),
            ("/subtotal", "2544.00"),
            ("/vat_breakdown/0/rate", "5.9"),
            ("/charges/0/amount", "8.00"),
            ("/charges/0/reason", "Freight"),
            ("/line_items/0/description", "Widget blue"),
            ("/line_items/0/quantity", "200"),
            ("/line_items/0/unit", "EA"),
            ("/line_items/0/unit_price", "12.50"),
            ("/line_items/0/product_code", "W-100"),
            ("/line_items/0/gtin", "012345678905"),
            ("/line_items/0/total", "2500.00"),
            ("/line_items/1/price_base_quantity", "100"),
            ("/line_items/1/allowances/0/amount", "4.00"),
            ("/line_items/1/total", "36.00"),
        ],
    );
}

/// What is replaced, by what, and what comes of it.
type Case = (
    &'static str,
    &'static str,
    &'static [(&'static str, &'static str)],
);

#[test]
fn pitfalls() {
    #[rustfmt::skip]
    let cases: &[Case] = &[
        ("*PO-5***DI", "*PO-5***CR", &[("/document_type", "381")]),
        ("*PO-5***DI", "*PO-5", &[("/document_type", "380")]),
        ("BIG*20260112", "BIG*260112", &[("/invoice_date", "2026-01-12")]),
        ("CUR*SE*USD~", "", &[("/currency", "USD")]),
        ("CUR*SE*USD~", "CUR*BY*CAD~", &[("/currency", "CAD")]),
        ("TDS*269436", "TDS*2694.36", &[("/total", "2694.36")]),
        ("N1*SE*Acme Tools Inc", "N1*RE*Acme Tools Inc", &[("/vendor_name", "Acme Tools Inc Fastener Division"), ("/payee_name", "null")]),
        ("N1*BT*", "N1*RI*Factor Bank~N1*BT*", &[("/payee_name", "Factor Bank")]),
        ("TXI*ST*150.36*5.9****36~", "SAC*C*H850***15036~", &[("/vat_amount", "150.36"), ("/charges/0/amount", "8.00")]),
        ("TDS*269436~TXI*ST*150.36*5.9****36~", "TDS*254400~", &[("/vat_amount", "0.00"), ("/subtotal", "2544.00")]),
        ("TDS*269436~TXI*ST*150.36*5.9****36~", "TDS*269436~", &[("/vat_amount", "null"), ("/subtotal", "2544.00")]),
        ("ITD*01*3*2**10**30*", "ITD*01*2*0****30*", &[("/due_date", "null"), ("/discount_terms", "absent")]),
        ("ITD*01*3*2**10**30*", "ITD*01*2*2*20260120**20260215**", &[("/due_date", "2026-02-15"), ("/discount_terms/0/due", "2026-01-20")]),
    ];
    for (from, to, expected) in cases {
        assert!(INVOICE.contains(from), "{from}");
        check(&one(&INVOICE.replacen(from, to, 1)), expected);
    }
}

#[test]
fn separators_are_those_of_the_header() {
    for (element, segment) in [("|", "\r\n"), ("*", "\n"), ("^", "'"), ("*", "~\r\n")] {
        let text = file(INVOICE).replace('*', element).replace('~', segment);
        let documents = sample::documents(&X12, text).expect("reads");
        let invoice = serde_json::to_value(&documents[0].invoice).expect("serialises");
        check(
            &invoice,
            &[
                ("/total", "2694.36"),
                ("/vendor_name", "Acme Tools Inc Fastener Division"),
            ],
        );
    }
}

#[test]
fn several_sets_are_several_documents() {
    let sets = format!(
        "{INVOICE}ST*997*0002~SE*2*0002~{}ST*810*0004~BIG*20260112*X~",
        INVOICE.replace("INV-7", "INV-8")
    );
    let documents = sample::documents(&X12, file(&sets)).expect("reads");
    let told: Vec<(Status, Option<&str>)> = documents
        .iter()
        .map(|document| {
            let invoice = document.invoice.as_ref();
            (
                document.status,
                invoice.and_then(|invoice| invoice.invoice_number.text()),
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            (Status::Pending, Some("INV-7")),
            (Status::SetAside, None),
            (Status::Pending, Some("INV-8")),
            (Status::Error, None),
        ]
    );
    assert_eq!(documents[3].id, DocId::from_text("f").part("#4"));
}

#[test]
fn only_interchanges_are_x12() {
    for (text, is) in [
        (ISA, true),
        ("\u{feff}\n", false),
        ("ISA*00*", false),
        (
            "ISABELLA*wrote*an*invoice*with*sixteen*stars*a*b*c*d*e*f*g*h*i~",
            false,
        ),
        ("ISA is a header; ST*810* an invoice", false),
        ("", false),
    ] {
        assert_eq!((X12.sniff)(text.as_bytes()), is, "{text}");
    }
    for (sets, code) in [
        ("ST*850*1~SE*2*1~", "UNSUPPORTED_TYPE"),
        ("", "CORRUPT_FILE"),
    ] {
        let refused = sample::documents(&X12, file(sets)).err();
        assert_eq!(refused.map(|error| error.code), Some(code));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_bytes_panic(bytes in any::<Vec<u8>>(), at in 0..INVOICE.len(), put in any::<u8>()) {
        let mut mutated = file(INVOICE).into_bytes();
        mutated[at + ISA.len()] = put;
        let after_head = [ISA.as_bytes(), &bytes].concat();
        for file in [bytes, mutated, after_head] {
            let id = DocId::from_text("f");
            let mut context = Context { id: &id, max_part: usize::MAX, engine: None, page: &mut |_| {} };
            let _ = (X12.sniff)(&file);
            let _ = read(&file, &mut context);
        }
    }
}
