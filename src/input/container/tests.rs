//! Containers: what becomes of their parts, and what is refused.

use super::super::read;
use super::*;
use crate::model::DocId;
use std::fmt::Write as _;

const UBL: &str = "<Invoice xmlns='urn:oasis:names:specification:ubl:schema:xsd:Invoice-2' \
    xmlns:c='urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2'><c:ID>NUMBER</c:ID></Invoice>";
const HEAD: &str = "From: a@vendor.example\nTo: ap@buyer.example\nMessage-ID: <m1@vendor.example>\nDate: Mon, 06 Jan 2025 09:00:00 +0000\n";

fn documents(bytes: &[u8]) -> Vec<Document> {
    let id = DocId::from_text("x");
    let mut context = Context {
        max_part: usize::MAX,
        id: &id,
        engine: None,
        page: &mut |_| {},
    };
    read(bytes, &mut context).expect("opens")
}

fn refusal(bytes: &[u8]) -> Option<&'static str> {
    let id = DocId::from_text("x");
    let mut context = Context {
        max_part: usize::MAX,
        id: &id,
        engine: None,
        page: &mut |_| {},
    };
    read(bytes, &mut context).err().map(|error| error.code)
}

/// Status, number or error code of each record.
fn shown(documents: &[Document]) -> Vec<String> {
    let show = |document: &Document| {
        let number = document
            .invoice
            .as_ref()
            .and_then(|invoice| invoice.invoice_number.text());
        let code = document.error.as_ref().map(|error| error.code.as_str());
        let what = number.or(code).unwrap_or("-");
        format!("{} {} {what}", document.id, document.status.name())
    };
    documents.iter().map(show).collect()
}

/// A mail with a letter and these parts (header lines, content).
fn mail(parts: &[(&str, &str)]) -> String {
    let mut text = format!(
        "{HEAD}MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=\"b{0}\"\n\n--b{0}\nContent-Type: text/plain\n\nSee attachment.\n",
        parts.len()
    );
    for (head, content) in parts {
        write!(text, "--b{}\n{head}\n\n{content}\n", parts.len()).expect("writes");
    }
    writeln!(text, "--b{}--", parts.len()).expect("writes");
    text
}

fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    use ::zip::write::SimpleFileOptions;
    use std::io::Write as _;
    let mut writer = ::zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, content) in files {
        writer
            .start_file(*name, SimpleFileOptions::default())
            .expect("starts");
        writer.write_all(content).expect("writes");
    }
    writer.finish().expect("finishes").into_inner()
}

#[test]
fn every_part_of_a_mail_is_a_record() {
    let (one, two) = (UBL.replace("NUMBER", "1"), UBL.replace("NUMBER", "2"));
    let xml =
        "Content-Type: application/xml\nContent-Disposition: attachment; filename=\"../a.xml\"";
    let logo = "Content-Type: image/png\nContent-ID: <l>\nContent-Disposition: inline";
    let binary = "Content-Type: application/octet-stream\nContent-Transfer-Encoding: base64";
    let bytes = mail(&[
        (xml, &one),
        (xml, &two),
        (xml, &one),
        (logo, "x"),
        (binary, "AAECAwQ="),
    ]);
    let documents = documents(bytes.as_bytes());
    assert_eq!(
        shown(&documents),
        [
            "x#1 pending 1",
            "x#2 pending 2",
            "x#3 set_aside -",
            "x#4 set_aside -",
            "x#5 error UNSUPPORTED_TYPE",
            "x#6 set_aside -"
        ]
    );
    for document in &documents {
        assert_eq!(
            document.source.message_id.as_deref(),
            Some("m1@vendor.example")
        );
        assert_eq!(document.source.parent_id, Some(DocId::from_text("x")));
    }
    assert_eq!(
        documents[0].source.media_type.as_deref(),
        Some("application/xml")
    );
}

#[test]
fn a_mail_that_is_only_text_is_a_page_if_it_has_amounts() {
    let documents_of = |text: &str| documents(format!("{HEAD}\n{text}\n").as_bytes());
    let invoice = documents_of("Invoice 4711\nTotal 12.50 EUR");
    let text = invoice[0]
        .ocr
        .as_ref()
        .and_then(|ocr| ocr.pages[0].text.as_deref());
    assert_eq!(text, Some("Invoice 4711\nTotal 12.50 EUR"));
    assert!(invoice[0].invoice.is_none());
    assert_eq!(
        shown(&documents_of("See you on 01.02.26")),
        ["x#1 set_aside -"]
    );
}

#[test]
fn mails_within_mails_and_archives_are_opened() {
    let one = UBL.replace("NUMBER", "1");
    let inner = mail(&[("Content-Type: application/xml", &one)]);
    let outer = mail(&[
        ("Content-Type: message/rfc822", &inner),
        ("Content-Type: text/calendar", "x"),
    ]);
    let packed = zip(&[("../../etc/passwd", outer.as_bytes()), ("__MACOSX/a", b"x")]);
    let shown = shown(&documents(&packed));
    assert_eq!(shown[0], "x#1 pending 1", "{shown:?}");
    assert_eq!(
        shown
            .iter()
            .filter(|line| line.contains("set_aside"))
            .count(),
        shown.len() - 1
    );
}

#[test]
fn each_document_of_a_container_has_the_limit_of_one() {
    let (small, large) = (
        UBL.replace("NUMBER", "1"),
        UBL.replace("NUMBER", &"2".repeat(1000)),
    );
    let packed = zip(&[("a.xml", small.as_bytes()), ("b.xml", large.as_bytes())]);
    let id = DocId::from_text("x");
    let mut context = Context {
        max_part: 500,
        id: &id,
        engine: None,
        page: &mut |_| {},
    };
    let documents = read(&packed, &mut context).expect("opens");
    assert_eq!(
        shown(&documents),
        ["x#1 pending 1", "x#2 error FILE_TOO_LARGE"]
    );
}

#[test]
fn bombs_are_error_records() {
    assert_eq!(
        refusal(&zip(&[("a", &vec![0; 8 << 20])])),
        Some("ARCHIVE_BOMB")
    );
    assert_eq!(refusal(&zip(&[])), Some("EMPTY_FILE"));
    assert_eq!(refusal(b"PK\x03\x04torn"), Some("CORRUPT_FILE"));
    let many: Vec<(String, &[u8])> = (0..=limits::MAX_PARTS)
        .map(|n| (n.to_string(), &b"x"[..]))
        .collect();
    let many: Vec<(&str, &[u8])> = many
        .iter()
        .map(|(name, bytes)| (name.as_str(), *bytes))
        .collect();
    assert_eq!(refusal(&zip(&many)), Some("TOO_MANY_PARTS"));
    let nested = |depth| {
        let around = format!("{HEAD}Content-Type: message/rfc822\n\n");
        format!("{}{HEAD}\nend\n", around.repeat(depth))
    };
    let shown = shown(&documents(nested(50).as_bytes()));
    assert_eq!(shown, ["x#1 error TOO_DEEP"]);
    assert_eq!(refusal(nested(100_000).as_bytes()), Some("TOO_DEEP"));
}

#[test]
fn documents_within_a_pdf_are_records_beside_its_pages() {
    use super::super::pdf::attached::tests::{Place, pdf};
    let (one, two) = (UBL.replace("NUMBER", "1"), UBL.replace("NUMBER", "2"));
    let inner = pdf(&[("note.txt", b"a note")], Place::NameTree);
    let hybrid = pdf(
        &[("x.bin", one.as_bytes()), ("timesheet.pdf", &inner)],
        Place::Associated,
    );
    // A hybrid file is one invoice, whatever else it carries.
    let documents_of = documents(&hybrid);
    assert_eq!(shown(&documents_of), ["x pending 1"]);
    let attachments = &documents_of[0]
        .invoice
        .as_ref()
        .expect("an invoice")
        .attachments;
    assert_eq!(attachments[0].name.text(), Some("timesheet.pdf"));
    assert_eq!(attachments[0].media_type.text(), Some("application/pdf"));
    assert!(documents_of[0].evidence.contains_key("attachments[0].name"));
    // A portfolio is its files.
    let hybrid_two = pdf(&[("factur-x.xml", two.as_bytes())], Place::NameTree);
    let portfolio = pdf(
        &[
            ("1.pdf", &hybrid),
            ("2.pdf", &hybrid_two),
            ("readme.txt", b"hello"),
        ],
        Place::NameTree,
    );
    let documents_of = documents(&portfolio);
    assert_eq!(
        shown(&documents_of),
        [
            "x#1 pending -",
            "x#2 pending 1",
            "x#3 pending 2",
            "x#4 set_aside -"
        ]
    );
    assert_eq!(documents_of[1].source.file_id.as_deref(), Some("1.pdf"));
    // In a mail it is taken apart too, down to the depth that everything is.
    let mut nested = portfolio;
    for _ in 0..12 {
        nested = pdf(&[("inner.pdf", &nested)], Place::NameTree);
    }
    let shown = shown(&documents(&nested));
    assert_eq!(shown.last().map(String::as_str), Some("x#9 error TOO_DEEP"));
    assert_eq!(shown.len(), 9);
}
