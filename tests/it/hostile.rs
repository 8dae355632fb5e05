//! Files that are broken, lie or attack: each costs its own record and nothing else, in seconds.

use std::fmt::Write as _;
use std::io::{Cursor, Write as _};
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::sandbox::{Sandbox, record_of, records};

/// A chunk of a PNG with its checksum.
fn chunk(kind: [u8; 4], data: &[u8]) -> Vec<u8> {
    let body = [&kind[..], data].concat();
    let crc = !body.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            (crc >> 1) ^ (0xedb8_8320 & (crc & 1).wrapping_neg())
        })
    });
    let length = u32::try_from(data.len()).expect("short").to_be_bytes();
    [&length[..], &body, &crc.to_be_bytes()].concat()
}

/// A PNG that says it has 100,000 by 100,000 pixels and has none.
fn vast_png() -> Vec<u8> {
    let side = 100_000_u32.to_be_bytes();
    let header = [&side[..], &side, &[8, 0, 0, 0, 0]].concat();
    [
        b"\x89PNG\r\n\x1a\n".to_vec(),
        chunk(*b"IHDR", &header),
        chunk(*b"IDAT", &[0x78, 0x9c, 0x03, 0x00, 0x00, 0x00, 0x00, 0x01]),
        chunk(*b"IEND", b""),
    ]
    .concat()
}

/// Entities that would unfold to gigabytes.
fn laughs(invoice: &str) -> String {
    let mut entities = "<!ENTITY a0 \"lol\">".to_owned();
    for level in 1..10 {
        let inner = format!("&a{};", level - 1).repeat(10);
        // Writing to a string cannot fail.
        let _ = write!(entities, "<!ENTITY a{level} \"{inner}\">");
    }
    let rest = invoice.split_once("?>").expect("a declaration").1;
    format!("<?xml version=\"1.0\"?><!DOCTYPE Invoice [{entities}]>{rest}")
        .replace("ZK-260077", "&a9;")
}

/// An entity that would read a file of the machine.
fn outside(invoice: &str) -> String {
    let rest = invoice.split_once("?>").expect("a declaration").1;
    format!("<?xml version=\"1.0\"?><!DOCTYPE Invoice [<!ENTITY f SYSTEM \"file:///etc/hostname\">]>{rest}").replace("ZK-260077", "&f;")
}

/// One long entity that is named so often that its text would be gigabytes.
fn quadratic(invoice: &str) -> String {
    let rest = invoice.split_once("?>").expect("a declaration").1;
    let long = "a".repeat(100_000);
    format!("<?xml version=\"1.0\"?><!DOCTYPE Invoice [<!ENTITY a \"{long}\">]>{rest}")
        .replace("ZK-260077", &"&a;".repeat(50_000))
}

/// An archive that packs one file.
fn zip(name: &str, content: &[u8]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    writer.start_file(name, options).expect("a new file");
    writer.write_all(content).expect("an archive in memory");
    writer.finish().expect("an archive in memory").into_inner()
}

/// Archives within each other.
fn nested_zip() -> Vec<u8> {
    (0..30).fold(b"the end".to_vec(), |inner, _| zip("a.zip", &inner))
}

/// A mail that forwards a mail that forwards a mail.
fn nested_mail() -> Vec<u8> {
    let head = "From: a@vendor.example\nTo: ap@buyer.example\nSubject: Fwd\nMIME-Version: 1.0\n";
    let around = format!("{head}Content-Type: message/rfc822\n\n");
    format!("{}{head}\nTotal 12.50 EUR\n", around.repeat(50)).into_bytes()
}

/// A PDF of a page whose list of files is what is given, with object 4 for a node and object 5 for a file.
fn pdf_with(list: &str, node: &str) -> Vec<u8> {
    let mut text = String::from("%PDF-1.7\n");
    let objects = [
        format!("<</Type/Catalog/Pages 2 0 R/Names<</EmbeddedFiles {list}>>>>"),
        "<</Type/Pages/Kids[3 0 R]/Count 1>>".to_owned(),
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>".to_owned(),
        node.to_owned(),
        "<</Length 4>>stream\ntext\nendstream".to_owned(),
    ];
    let mut places = Vec::new();
    for (number, object) in (1..).zip(objects) {
        places.push(text.len());
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{number} 0 obj\n{object}\nendobj");
    }
    let start = text.len();
    let _ = writeln!(text, "xref\n0 6\n0000000000 65535 f ");
    for place in places {
        let _ = writeln!(text, "{place:010} 00000 n ");
    }
    let _ = write!(
        text,
        "trailer<</Size 6/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n"
    );
    text.into_bytes()
}

/// A list of files that leads back to itself, twice over at each step.
fn looped_pdf() -> Vec<u8> {
    pdf_with("4 0 R", "<</Kids[4 0 R 4 0 R]>>")
}

/// A PDF with 100,000 files.
fn crowded_pdf() -> Vec<u8> {
    let files = "(n)<</F(n)/EF<</F 5 0 R>>>>".repeat(100_000);
    pdf_with("4 0 R", &format!("<</Names[{files}]>>"))
}

/// An Outlook mail whose sectors follow each other in a circle.
fn cyclic_msg() -> Vec<u8> {
    let path = crate::sandbox::repository("fixtures/containers/outlook.msg");
    let mut bytes = crate::sandbox::read(&path);
    let size = 1_usize << u16::from_le_bytes([bytes[30], bytes[31]]);
    let table = u32::from_le_bytes([bytes[76], bytes[77], bytes[78], bytes[79]]) as usize;
    let table = (table + 1) * size;
    for entry in 0..bytes.len() / size {
        let at = table + 4 * entry;
        // Every chain that goes on goes back to where the long ones begin.
        if bytes[at + 3] < 0xff {
            bytes[at..at + 4].copy_from_slice(&2_u32.to_le_bytes());
        }
    }
    bytes
}

fn noise(length: usize) -> Vec<u8> {
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    (0..length)
        .map(|_| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state >> 32) as u8
        })
        .collect()
}

/// What a file may come to.
enum Comes {
    /// An error with one of these codes.
    To(&'static [&'static str]),
    /// A record that is read or held: what it says is what the content says.
    Read,
}
use Comes::{Read, To};

const BROKEN: &[&str] = &["CORRUPT_FILE"];
const UNKNOWN: &[&str] = &["UNSUPPORTED_TYPE"];

fn set(sandbox: &Sandbox) -> Vec<(&'static str, Vec<u8>, Comes)> {
    let pdf = sandbox.bytes("fixtures/inbox/acme-2026-0042.pdf");
    let png = sandbox.bytes("fixtures/inbox/scan-acme-2026-0042.png");
    let xml = sandbox.text("fixtures/inbox/ubl-small.xml");
    let utf16: Vec<u8> = std::iter::once(0xfeff)
        .chain(xml.replace("UTF-8", "UTF-16").encode_utf16())
        .flat_map(u16::to_le_bytes)
        .collect();
    let deep = format!(
        "<?xml version=\"1.0\"?>{}{}",
        "<a>".repeat(200_000),
        "</a>".repeat(200_000)
    );
    let wide = format!("{}{}", xml, " ".repeat(11_000_000 - xml.len()));
    vec![
        ("empty.xml", Vec::new(), To(&["EMPTY_FILE"])),
        ("blank.xml", b" \n\n".to_vec(), To(UNKNOWN)),
        ("large.xml", wide.into_bytes(), To(&["FILE_TOO_LARGE"])),
        ("cut.pdf", pdf[..pdf.len() / 2].to_vec(), To(BROKEN)),
        ("head.pdf", b"%PDF-1.7\n".to_vec(), To(BROKEN)),
        (
            "cut.png",
            png[..png.len() / 8].to_vec(),
            To(&[
                "CORRUPT_FILE",
                "OCR_QUALITY",
                "TEXT_TOO_SHORT",
                "EXTRACT_INVALID",
            ]),
        ),
        ("vast.png", vast_png(), To(&["IMAGE_TOO_LARGE"])),
        ("laughs.xml", laughs(&xml).into_bytes(), To(BROKEN)),
        (
            "quadratic.xml",
            quadratic(&xml).into_bytes(),
            To(&["CORRUPT_FILE", "UNSUPPORTED_TYPE"]),
        ),
        (
            "bomb.zip",
            zip("zeros", &vec![0; 30 << 20]),
            To(&["ARCHIVE_BOMB"]),
        ),
        ("nested.zip", nested_zip(), To(&["TOO_DEEP"])),
        ("nested.eml", nested_mail(), To(&["TOO_DEEP"])),
        ("loop.pdf", looped_pdf(), To(&["ATTACHMENT_LOOP"])),
        ("crowd.pdf", crowded_pdf(), To(&["TOO_MANY_PARTS"])),
        ("circle.msg", cyclic_msg(), To(BROKEN)),
        ("outside.xml", outside(&xml).into_bytes(), To(BROKEN)),
        (
            "deep.xml",
            deep.into_bytes(),
            To(&[
                "CORRUPT_FILE",
                "UNSUPPORTED_TYPE",
                "TOO_DEEP",
                "NESTING_TOO_DEEP",
            ]),
        ),
        (
            "open.xml",
            xml.as_bytes()[..xml.len() / 2].to_vec(),
            To(BROKEN),
        ),
        (
            "other.xml",
            b"<?xml version=\"1.0\"?><html><body>hello</body></html>".to_vec(),
            To(UNKNOWN),
        ),
        (
            "program.pdf",
            [b"\x7fELF".to_vec(), noise(4096)].concat(),
            To(UNKNOWN),
        ),
        ("noise.pdf", noise(5_000_000), To(UNKNOWN)),
        (
            "lies.pdf",
            xml.replace("ZK-260077", "LIE-1").into_bytes(),
            Read,
        ),
        ("lies.txt", pdf.clone(), Read),
        ("utf16.xml", utf16, Read),
        (
            "a\nname with \u{1b}[31m and ünïcode.pdf",
            b"test".to_vec(),
            To(UNKNOWN),
        ),
    ]
}

/// Files of offices and of commerce.
fn office_set(sandbox: &Sandbox) -> Vec<(&'static str, Vec<u8>, Comes)> {
    let edi = sandbox.bytes("fixtures/inbox/edifact-invoic.edi");
    let docx = sandbox.bytes("fixtures/inbox/docx-letter.docx");
    vec![
        ("lies.docx", edi.clone(), Read),
        ("cut.edi", edi[..edi.len() / 2].to_vec(), To(BROKEN)),
        (
            "mention.edi",
            b"Please send each INVOIC as UNB+UNOC:3, 12.50 EUR each".to_vec(),
            To(UNKNOWN),
        ),
        (
            "deep.html",
            format!("<html>12.50 EUR{}", "<div>".repeat(200_000)).into_bytes(),
            To(&["TOO_DEEP"]),
        ),
        (
            "cut.docx",
            docx[..docx.len() / 2].to_vec(),
            To(&["CORRUPT_FILE", "UNSUPPORTED_TYPE"]),
        ),
        (
            "old.xls",
            [b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec(), noise(4096)].concat(),
            To(UNKNOWN),
        ),
        (
            "open-items.csv",
            b"Invoice No,Invoice date,Due date,Amount\n1,2026-01-01,2026-02-01,5.00\n".to_vec(),
            To(UNKNOWN),
        ),
    ]
}

#[test]
fn each_hostile_file_costs_its_own_record_and_nothing_else() {
    let sandbox = Sandbox::new();
    let mut set = set(&sandbox);
    set.extend(office_set(&sandbox));
    for (name, bytes, _) in &set {
        sandbox.write(&format!("in/{name}"), bytes);
    }
    sandbox.write(
        "in/folder.pdf/inside.xml",
        &sandbox.bytes("fixtures/inbox/ubl-invoice.xml"),
    );
    sandbox.write(
        "in/zz-last.xml",
        &sandbox.bytes("fixtures/inbox/cii-invoice.xml"),
    );
    symlink("/etc/hostname", sandbox.path("in/link.pdf")).expect("a link");
    symlink(sandbox.path("fixtures/inbox"), sandbox.path("in/linked")).expect("a link");
    symlink(sandbox.path("in"), sandbox.path("in/loop")).expect("a link");
    sandbox.write("in/.hidden.pdf", b"x");
    sandbox.write("in/Thumbs.db", b"x");

    let began = Instant::now();
    let ran = sandbox.run(&["in"], &["-o", "out"]).ends(4);
    assert!(
        began.elapsed() < Duration::from_mins(1),
        "{:?}",
        began.elapsed()
    );
    let records = records(&sandbox.text("out/records.jsonl"));
    // Each file once; the two empty ones are two documents, for an empty file is known by its path.
    assert_eq!(records.len(), set.len() + 2, "{ran}");
    let mut wrong = Vec::new();
    for (name, _, comes) in &set {
        let record = record_of(&records, &format!("in/{name}"));
        let code = record["error"]["code"].as_str();
        let right = match comes {
            To(codes) => {
                record["status"] == "error" && code.is_some_and(|code| codes.contains(&code))
            }
            Read => {
                record["status"] != "error" && record["invoice"]["total"].to_string().contains('.')
            }
        };
        if !right {
            wrong.push(format!(
                "{name}: {} {code:?} {}",
                record["status"], record["error"]["message"]
            ));
        }
        if record["status"] == "error" {
            assert_eq!(record["error"]["class"], "input", "{record}");
            assert_eq!(record["error"]["retryable"], false, "{record}");
            assert!(
                record["error"]["message"]
                    .as_str()
                    .is_some_and(|text| !text.is_empty()),
                "{record}"
            );
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    for good in ["in/folder.pdf/inside.xml", "in/zz-last.xml"] {
        assert_eq!(record_of(&records, good)["status"], "pending_approval");
    }
    // Nothing of what an entity or a link points at came in, and no name steers the terminal.
    let host = std::fs::read_to_string("/etc/hostname").unwrap_or_default();
    for record in &records {
        let number = record["invoice"]["invoice_number"]
            .as_str()
            .unwrap_or_default();
        assert!(number.is_empty() || number != host.trim(), "{record}");
    }
    assert!(!ran.err.contains('\u{1b}'), "{ran}");
    let known = sandbox.run(&["in"], &["-o", "out"]).ends(4);
    assert!(
        known
            .err
            .contains(&format!("{0} documents, {0} of them known", records.len())),
        "{known}"
    );
    sandbox.assert_sound();
}

#[test]
fn a_link_that_is_named_by_its_user_is_no_way_into_the_inbox() {
    let sandbox = Sandbox::new();
    sandbox.write("in/ok.xml", &sandbox.bytes("fixtures/inbox/ubl-small.xml"));
    symlink(
        sandbox.path("fixtures/inbox/ubl-invoice.xml"),
        sandbox.path("in/link.xml"),
    )
    .expect("a link");
    let ran = sandbox.run(&["in"], &["-o", "out"]).ok().says("1 skipped");
    let records = records(&sandbox.text("out/records.jsonl"));
    assert_eq!(records.len(), 1, "{ran}");
}

#[test]
fn what_cannot_be_opened_is_a_line_too() {
    let sandbox = Sandbox::new();
    sandbox.write("in/ok.xml", &sandbox.bytes("fixtures/inbox/ubl-small.xml"));
    sandbox.write("in/shut.pdf", b"%PDF-1.7\n");
    std::fs::set_permissions(
        sandbox.path("in/shut.pdf"),
        std::fs::Permissions::from_mode(0o000),
    )
    .expect("changed");
    // To root nothing is shut: there it is a broken PDF.
    let shut = std::fs::read(sandbox.path("in/shut.pdf")).is_err();
    let ran = sandbox.run(&["in", "missing.pdf"], &[]).ends(4);
    let records = ran.records();
    assert_eq!(records.len(), 3);
    let code = |path: &str| record_of(&records, path)["error"]["code"].clone();
    assert_eq!(code("missing.pdf"), Value::from("FILE_NOT_FOUND"), "{ran}");
    assert_eq!(
        code("in/shut.pdf"),
        if shut {
            "FILE_UNREADABLE"
        } else {
            "CORRUPT_FILE"
        },
        "{ran}"
    );
    assert_eq!(record_of(&records, "in/ok.xml")["status"], "approved");
    sandbox.assert_sound();
}

#[test]
fn limits_of_the_command_line_hold() {
    let sandbox = Sandbox::new();
    let ran = sandbox
        .run(
            &[
                "fixtures/inbox/ubl-small.xml",
                "fixtures/inbox/cii-invoice.xml",
            ],
            &["--max-size", "6kB"],
        )
        .ends(4);
    let records = ran.records();
    assert_eq!(records[0]["status"], "approved");
    assert_eq!(records[1]["error"]["code"], "FILE_TOO_LARGE");
    // Another limit, another answer: it is not remembered as a refusal.
    let ran = sandbox.run(&["fixtures/inbox/cii-invoice.xml"], &[]).ok();
    assert_eq!(ran.records()[0]["status"], "pending_approval");
}
