//! Messages made as Outlook makes them, and what comes of them.

use std::io::Write as _;

use super::*;
use crate::input::sample;
use crate::model::Document;

/// A message in a storage of a compound file under construction.
struct Writer {
    file: cfb::CompoundFile<Cursor<Vec<u8>>>,
}

impl Writer {
    fn new() -> Self {
        let file = cfb::CompoundFile::create(Cursor::new(Vec::new())).expect("creates");
        let mut writer = Self { file };
        writer.short("", 32, &[]);
        writer
    }

    fn stream(&mut self, at: &str, name: &str, bytes: &[u8]) {
        let mut stream = self
            .file
            .create_stream(format!("/{at}{name}"))
            .expect("creates");
        stream.write_all(bytes).expect("writes");
    }

    /// The short properties, after a header of so many bytes.
    fn short(&mut self, at: &str, header: usize, properties: &[(u16, u32)]) {
        let mut bytes = vec![0; header];
        for (id, value) in properties {
            bytes.extend([0x03, 0]);
            bytes.extend(id.to_le_bytes());
            bytes.extend([0; 4]);
            bytes.extend(value.to_le_bytes());
            bytes.extend([0; 4]);
        }
        self.stream(at, "__properties_version1.0", &bytes);
    }

    fn text(&mut self, at: &str, id: u16, text: &str) {
        let bytes: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        self.stream(at, &format!("__substg1.0_{id:04X}001F"), &bytes);
    }

    fn bytes(&mut self, at: &str, id: u16, bytes: &[u8]) {
        self.stream(at, &format!("__substg1.0_{id:04X}0102"), bytes);
    }

    /// An attachment's storage; returns its place.
    fn attach(&mut self, at: &str, number: usize, name: &str) -> String {
        let place = format!("{at}__attach_version1.0_#{number:08X}/");
        self.file
            .create_storage(format!("/{place}"))
            .expect("creates");
        self.short(&place, 8, &[]);
        self.text(&place, id::LONG_NAME, name);
        place
    }

    /// A message as attachment; returns its place.
    fn within(&mut self, at: &str, number: usize) -> String {
        let place = format!(
            "{}__substg1.0_3701000D/",
            self.attach(at, number, "message")
        );
        self.file
            .create_storage(format!("/{place}"))
            .expect("creates");
        self.short(&place, 24, &[]);
        place
    }

    fn finish(self) -> Vec<u8> {
        self.file.into_inner().into_inner()
    }
}

const INVOICE: &[u8] = b"<Invoice xmlns='urn:oasis:names:specification:ubl:schema:xsd:Invoice-2' \
    xmlns:c='urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2'><c:ID>1</c:ID></Invoice>";

fn shown(bytes: &[u8]) -> Vec<String> {
    let show = |document: &Document| {
        let number = (document.invoice.as_ref()).and_then(|invoice| invoice.invoice_number.text());
        let code = document.error.as_ref().map(|error| error.code.as_str());
        let name = document.source.file_id.as_deref().unwrap_or("-");
        let what = number.or(code).unwrap_or("-");
        format!("{} {} {what} {name}", document.id, document.status.name())
    };
    let documents = sample::documents(&MSG, bytes).expect("opens");
    documents.iter().map(show).collect()
}

#[test]
fn every_part_of_a_message_is_a_record() {
    let mut mail = Writer::new();
    mail.text("", id::MESSAGE_ID, "<m1@vendor.example>");
    mail.text("", id::SENDER_SMTP, "Billing@Vendor.example");
    mail.text("", id::BODY, "Please see the attachment.");
    let file = mail.attach("", 0, "invoice.xml");
    mail.bytes(&file, id::DATA, INVOICE);
    let logo = mail.attach("", 1, "image001.png");
    mail.bytes(&logo, id::DATA, b"\x89PNG\r\n\x1a\nx");
    mail.text(&logo, id::MEDIA_TYPE, "image/png");
    mail.text(&logo, id::CONTENT_ID, "image001.png@01");
    mail.attach("", 2, "in the cloud");
    let inner = mail.within("", 3);
    mail.text(&inner, id::MESSAGE_ID, "<m2@vendor.example>");
    let file = mail.attach(&inner, 0, "2.xml");
    let two = String::from_utf8_lossy(INVOICE).replace(">1<", ">2<");
    mail.bytes(&file, id::DATA, two.as_bytes());
    let bytes = mail.finish();
    assert_eq!(
        shown(&bytes),
        [
            "f#1 pending 1 invoice.xml",
            "f#2 set_aside - image001.png",
            "f#3 error ATTACHMENT_MISSING -",
            "f#4 pending 2 2.xml",
            "f#5 set_aside - -"
        ]
    );
    let documents = sample::documents(&MSG, &bytes).expect("opens");
    let ids: Vec<_> = documents
        .iter()
        .map(|document| document.source.message_id.as_deref().unwrap_or("-"))
        .collect();
    let (outer, inner) = ("m1@vendor.example", "m2@vendor.example");
    assert_eq!(ids, [outer, outer, outer, inner, outer]);
    assert_eq!(
        documents[0].source.uploaded_by.as_deref(),
        Some("billing@vendor.example")
    );
}

#[test]
fn the_letter_is_read_in_each_form_it_is_kept_in() {
    let rtf = b"{\\rtf1\\ansi Total 12.50 EUR}";
    let mut packed = [0; 16].to_vec();
    packed[4] = rtf.len() as u8;
    packed[8..12].copy_from_slice(b"MELA");
    packed.extend(rtf);
    for (form, bytes) in [
        (0, &b""[..]),
        (id::HTML, b"<p>Total <b>12.50</b> EUR</p>"),
        (id::RTF, &packed),
    ] {
        let mut mail = Writer::new();
        if form == 0 {
            mail.text("", id::BODY, "Total 12.50 EUR");
        } else {
            mail.bytes("", form, bytes);
        }
        let documents = sample::documents(&MSG, mail.finish()).expect("opens");
        let page = &documents[0].ocr.as_ref().expect("a page").pages[0];
        assert_eq!(page.text.as_deref(), Some("Total 12.50 EUR"), "{form:x}");
    }
}

#[test]
fn messages_within_messages_have_an_end() {
    let mut mail = Writer::new();
    let mut at = String::new();
    for _ in 0..12 {
        at = mail.within(&at, 0);
    }
    mail.text(&at, id::BODY, "end");
    assert_eq!(shown(&mail.finish()), ["f#1 error TOO_DEEP -"]);
}

#[test]
fn a_chain_of_sectors_that_runs_in_a_circle_is_damage() {
    let mut mail = Writer::new();
    let file = mail.attach("", 0, "big");
    mail.bytes(&file, id::DATA, &vec![7; 100_000]);
    let mut bytes = mail.finish();
    // The table of sectors lies where the header says; every entry of the long stream leads to its first sector.
    let table = u32::from_le_bytes(bytes[76..80].try_into().expect("four")) as usize;
    let size = 1 << u16::from_le_bytes(bytes[30..32].try_into().expect("two"));
    let at = (table + 1) * size;
    for entry in 10..100 {
        bytes[at + 4 * entry..at + 4 * entry + 4].copy_from_slice(&20_u32.to_le_bytes());
    }
    let refused = sample::documents(&MSG, &bytes).err();
    assert_eq!(refused.map(|error| error.code), Some("CORRUPT_FILE"));
    let cut = sample::documents(&MSG, &bytes[..bytes.len() / 2]).err();
    assert_eq!(cut.map(|error| error.code), Some("CORRUPT_FILE"));
}
