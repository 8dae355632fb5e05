//! Small documents made here, and archives that are none or lie.

use std::io::Write as _;

use proptest::prelude::*;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::*;
use crate::input::{self, sample};
use crate::model::DocId;

/// An archive of these parts.
fn archive(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        let options = SimpleFileOptions::default();
        let options = match *name {
            "mimetype" => options.compression_method(zip::CompressionMethod::Stored),
            _ => options,
        };
        writer.start_file(*name, options).expect("starts");
        writer.write_all(bytes).expect("writes");
    }
    writer.finish().expect("finishes").into_inner()
}

fn docx(body: &str) -> Vec<u8> {
    let document = format!(
        "<w:document xmlns:w='w' xmlns:r='r' xmlns:m='m'><w:body>{body}</w:body></w:document>"
    );
    let relations = "<Relationships><Relationship Id='r1' Target='header1.xml'/><Relationship Id='r2' Target='/word/footer1.xml'/></Relationships>";
    archive(&[
        ("word/document.xml", document.as_bytes()),
        ("word/_rels/document.xml.rels", relations.as_bytes()),
        (
            "word/header1.xml",
            b"<w:hdr xmlns:w='w'><w:p><w:r><w:t>Head</w:t></w:r></w:p></w:hdr>",
        ),
        (
            "word/footer1.xml",
            b"<w:ftr xmlns:w='w'><w:p><w:r><w:t>Foot</w:t></w:r></w:p></w:ftr>",
        ),
    ])
}

fn xlsx(sheet: &str) -> Vec<u8> {
    let workbook = "<workbook xmlns:r='r'><sheets><sheet name='a' r:id='1'/><sheet name='b' state='hidden' r:id='2'/></sheets></workbook>";
    let relations = "<Relationships><Relationship Id='1' Target='worksheets/sheet1.xml'/><Relationship Id='2' Target='/xl/worksheets/sheet2.xml'/></Relationships>";
    let styles = "<styleSheet><numFmts><numFmt numFmtId='164' formatCode='#,##0.00\\ &quot;€&quot;'/></numFmts><cellXfs><xf numFmtId='0'/><xf numFmtId='14'/><xf numFmtId='164'/></cellXfs></styleSheet>";
    let strings = "<sst><si><t>Item</t></si><si><r><t>Pa</t></r><r><t xml:space='preserve'>per A4</t></r><rPh><t>x</t></rPh></si></sst>";
    let sheet = format!("<worksheet>{sheet}</worksheet>");
    archive(&[
        ("xl/workbook.xml", workbook.as_bytes()),
        ("xl/_rels/workbook.xml.rels", relations.as_bytes()),
        ("xl/styles.xml", styles.as_bytes()),
        ("xl/sharedStrings.xml", strings.as_bytes()),
        ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
        ("xl/worksheets/sheet2.xml", b"<worksheet><sheetData><row><c t='str'><v>secret</v></c></row></sheetData></worksheet>"),
    ])
}

fn odf(kind: &str, content: &str) -> Vec<u8> {
    let mimetype = format!("application/vnd.oasis.opendocument.{kind}");
    let content = format!(
        "<o:document-content xmlns:o='o' xmlns:t='t' xmlns:s='s'><o:automatic-styles><s:style s:name='h'><s:table-properties s:display='false'/></s:style></o:automatic-styles><o:body><o:{kind}>{content}</o:{kind}></o:body></o:document-content>"
    );
    archive(&[
        ("mimetype", mimetype.as_bytes()),
        ("content.xml", content.as_bytes()),
        ("styles.xml", b"<s:document-styles xmlns:s='s' xmlns:t='t'><s:master-styles><s:master-page><s:header><t:p>Head</t:p></s:header></s:master-page></s:master-styles></s:document-styles>"),
    ])
}

fn text(reader: &Reader, bytes: &[u8]) -> String {
    let documents = sample::documents(reader, bytes).expect("reads");
    let ocr = documents[0].ocr.as_ref().expect("always there");
    let pages = ocr
        .pages
        .iter()
        .map(|page| page.text.clone().unwrap_or_default());
    pages.collect::<Vec<_>>().join("\n--\n")
}

#[test]
fn word_documents_say_what_is_printed() {
    let p = |inside: &str| format!("<w:p><w:r>{inside}</w:r></w:p>");
    let cell = |properties: &str, said: &str| {
        format!("<w:tc><w:tcPr>{properties}</w:tcPr><w:p><w:r><w:t>{said}</w:t></w:r></w:p></w:tc>")
    };
    let row = |cells: &[String]| format!("<w:tr>{}</w:tr>", cells.concat());
    let merged = [
        row(&[cell("<w:vMerge w:val='restart'/>", "tall"), cell("", "a")]),
        row(&[cell("<w:vMerge/>", ""), cell("", "b")]),
        row(&[cell("<w:gridSpan w:val='2'/>", "wide")]),
    ];
    for (body, expected) in [
        (p("<w:t xml:space='preserve'>In </w:t><w:t>voice</w:t>"), "In voice"),
        (p("<w:t>a</w:t><w:br/><w:t>b</w:t><w:tab/><w:t>c</w:t>"), "a\nb c"),
        (p("<w:t>a</w:t><w:br w:type='page'/>") + &p("<w:t>b</w:t>"), "a\n--\nb"),
        (p("<w:rPr><w:vanish/></w:rPr><w:t>x</w:t>") + &p("<w:rPr><w:vanish w:val='0'/></w:rPr><w:t>y</w:t>"), "y"),
        ("<w:p><w:del><w:r><w:delText>x</w:delText><w:t>x</w:t></w:r></w:del><w:ins><w:r><w:t>y</w:t></w:r></w:ins></w:p>".to_owned(), "y"),
        (p("<w:instrText>PAGE</w:instrText><w:t>1</w:t>"), "1"),
        (format!("<w:sdt><w:sdtContent>{}</w:sdtContent></w:sdt>", p("<w:t>in a control</w:t>")), "in a control"),
        (
            format!("<w:p><w:r><m:AlternateContent><m:Choice><w:txbxContent>{0}</w:txbxContent></m:Choice><m:Fallback><w:txbxContent>{0}</w:txbxContent></m:Fallback></m:AlternateContent></w:r></w:p>", p("<w:t>once</w:t>")),
            "once",
        ),
        (format!("<w:tbl>{}</w:tbl>", merged.concat()), "tall a\nb\nwide"),
        (
            p("<w:t>x</w:t>") + "<w:sectPr><w:headerReference w:type='default' r:id='r1'/><w:footerReference w:type='default' r:id='r2'/></w:sectPr>",
            "Head\nx\nFoot",
        ),
    ] {
        assert_eq!(text(&DOCX, &docx(&body)), expected, "{body}");
    }
}

#[test]
fn cells_show_what_their_formats_make_of_them() {
    let sheet = "<cols><col min='4' max='4' hidden='1'/></cols><sheetData>\
        <row r='1'><c r='A1' t='s'><v>0</v></c><c r='C1' t='inlineStr'><is><t>Amount</t></is></c></row>\
        <row r='3'><c r='A3' t='s'><v>1</v></c><c r='B3' s='1'><v>46034</v></c><c r='C3' s='2'><v>1234.5</v></c><c r='D3'><v>99</v></c></row>\
        <row r='4' hidden='1'><c r='A4'><v>77</v></c></row>\
        <row r='5'><c r='A5' t='str'><f>x</f><v>Sum</v></c><c r='C5' s='2'><f>C3</f><v>1234.5</v></c><c r='B5' t='b'><v>1</v></c></row></sheetData>";
    assert_eq!(
        text(&XLSX, &xlsx(sheet)),
        "Item Amount\nPaper A4 2026-01-12 1,234.50 €\nSum TRUE 1,234.50 €"
    );
}

#[test]
fn a_sheet_that_is_a_list_of_invoices_is_read_like_csv() {
    let cell = |at: &str, said: &str| format!("<c r='{at}' t='str'><v>{said}</v></c>");
    let titles = ["Invoice No", "Supplier", "Invoice date", "Total"];
    let head: String = ["B2", "C2", "D2", "E2"]
        .iter()
        .zip(titles)
        .map(|(at, said)| cell(at, said))
        .collect();
    let sheet = format!(
        "<sheetData><row r='2'>{head}</row><row r='4'>{}<c r='D4' s='1'><v>46034</v></c><c r='E4' s='2'><v>1234.5</v></c></row><row r='5'>{}<c r='E5' s='2'><v>-7</v></c></row></sheetData>",
        cell("B4", "A-1") + &cell("C4", "Acme"),
        cell("B5", "A-2") + &cell("C5", "Acme"),
    );
    let documents = sample::documents(&XLSX, xlsx(&sheet)).expect("reads");
    assert_eq!(documents.len(), 2);
    let invoice = serde_json::to_value(&documents[0].invoice).expect("serialises");
    sample::check(
        &invoice,
        &[
            ("/invoice_number", "A-1"),
            ("/vendor_name", "Acme"),
            ("/invoice_date", "2026-01-12"),
            ("/total", "1234.50"),
        ],
    );
    let evidence = documents[1]
        .evidence
        .get("total")
        .and_then(|evidence| evidence.text.clone());
    assert_eq!(evidence.as_deref(), Some("/row[5]/Total"));
}

#[test]
fn formulas_without_values_are_said() {
    let sheet = "<sheetData><row><c t='s'><v>0</v></c><c><f>SUM(A1)</f></c></row></sheetData>";
    let documents = sample::documents(&XLSX, xlsx(sheet)).expect("reads");
    let warnings = &documents[0].ocr.as_ref().expect("always there").warnings;
    let codes: Vec<&str> = warnings
        .iter()
        .map(|warning| warning.code.as_str())
        .collect();
    assert_eq!(codes, ["UNREADABLE_VALUE"]);
}

#[test]
fn text_runs_on_over_empty_cells_and_figures_stay_below_each_other() {
    let sheet = "<sheetData><row r='1'><c r='A1' t='str'><v>A title that is much wider than the column below it</v></c></row>\
        <row r='2'><c r='A2' t='str'><v>x</v></c><c r='B2'><v>1</v></c></row><row r='3'><c r='A3' t='str'><v>y</v></c><c r='B3'><v>200</v></c></row></sheetData>";
    let documents = sample::documents(&XLSX, xlsx(sheet)).expect("reads");
    let page = &documents[0].ocr.as_ref().expect("always there").pages[0];
    let edge = |said: &str| {
        page.words
            .iter()
            .find(|word| word.text == said)
            .expect("printed")
            .rect
            .x1
    };
    assert!((edge("1") - edge("200")).abs() < 0.01);
}

#[test]
fn opendocument_says_what_is_shown() {
    let sheet = "<t:table t:style-name='h'><t:table-row><t:table-cell><t:p>secret</t:p></t:table-cell></t:table-row></t:table>\
        <t:table><t:table-column/><t:table-column t:visibility='collapse'/><t:table-column/>\
        <t:table-row t:number-rows-repeated='1000000'><t:table-cell t:number-columns-repeated='16384'/></t:table-row>\
        <t:table-row><t:table-cell o:value-type='string'><t:p>Due</t:p></t:table-cell><t:table-cell><t:p>hidden</t:p></t:table-cell><t:table-cell o:value-type='date' o:date-value='2026-01-12T00:00:00'><t:p>12/01/26</t:p></t:table-cell></t:table-row>\
        <t:table-row><t:table-cell o:value-type='string'><t:p>Total<o:annotation><t:p>note</t:p></o:annotation></t:p></t:table-cell><t:table-cell/><t:table-cell o:value-type='currency' o:value='12.5'><t:p>12,50 €</t:p></t:table-cell></t:table-row></t:table>";
    assert_eq!(
        text(&ODS, &odf("spreadsheet", sheet)),
        "Due 2026-01-12\nTotal 12,50 €"
    );
    let body = "<t:p>a<t:span>b</t:span><t:tab/>c<t:s/>d<t:line-break/>e</t:p><t:tracked-changes><t:p>x</t:p></t:tracked-changes>\
        <t:table><t:table-header-rows><t:table-row><t:table-cell><t:p>1</t:p></t:table-cell><t:table-cell><t:p>2</t:p></t:table-cell></t:table-row></t:table-header-rows></t:table>";
    assert_eq!(text(&ODT, &odf("text", body)), "Head\nab c d\ne\n1 2");
}

#[test]
fn archives_are_told_by_their_directory() {
    let invoice = sample_zip();
    for (bytes, name) in [
        (docx(""), "docx"),
        (xlsx(""), "xlsx"),
        (odf("spreadsheet", ""), "ods"),
        (odf("text", ""), "odt"),
        (invoice, "zip"),
        // A document within an archive is a part of it, even where it is stored as it is.
        (
            archive(&[("a.docx", &docx("")), ("mimetype", &docx(""))]),
            "zip",
        ),
    ] {
        let reader = input::sniff(&bytes).map(|reader| reader.name);
        assert_eq!(reader, Some(name));
    }
    assert_eq!(
        package::kind(b"PK\x03\x04PK\x05\x06\0\0\0\0\0\0\0\0\0\0\0\0\xff\xff\xff\xff\0\0"),
        None
    );
}

fn sample_zip() -> Vec<u8> {
    archive(&[("invoice.xml", b"<a/>"), ("document.xml", b"<a/>")])
}

#[test]
fn hostile_documents_are_refused() {
    let code = |reader: &Reader, bytes: &[u8]| {
        sample::documents(reader, bytes)
            .err()
            .map(|error| error.code)
    };
    let laughs =
        "<!DOCTYPE a [<!ENTITY a 'b'>]><w:document xmlns:w='w'><w:body>&a;</w:body></w:document>";
    assert_eq!(
        code(&DOCX, &archive(&[("word/document.xml", laughs.as_bytes())])),
        Some("CORRUPT_FILE")
    );
    let bomb = vec![b' '; 20 * 1024 * 1024];
    assert_eq!(
        code(&DOCX, &archive(&[("word/document.xml", &bomb)])),
        Some("ARCHIVE_BOMB")
    );
    let nested = format!(
        "{}{}",
        "<w:tbl><w:tr><w:tc>".repeat(30),
        "</w:tc></w:tr></w:tbl>".repeat(30)
    );
    assert_eq!(code(&DOCX, &docx(&nested)), Some("TOO_DEEP"));
    assert_eq!(code(&DOCX, &docx("")), Some("EMPTY_FILE"));
    let whole = docx("<w:p><w:r><w:t>x</w:t></w:r></w:p>");
    let mut torn = whole.clone();
    torn[40..60].fill(0xff);
    assert_eq!(code(&DOCX, &torn), Some("CORRUPT_FILE"));
    let huge = format!(
        "<sheetData><row><c t='str'><v>{}</v></c></row></sheetData>",
        "x".repeat(400_000)
    );
    assert_eq!(code(&XLSX, &xlsx(&huge)), Some("TOO_MUCH_TEXT"));
    let many = "<t:table><t:table-row t:number-rows-repeated='1048576'><t:table-cell t:number-columns-repeated='16384'><t:p>x</t:p></t:table-cell></t:table-row></t:table>";
    assert_eq!(code(&ODS, &odf("spreadsheet", many)), Some("TOO_MUCH_TEXT"));
    let locked = archive(&[
        ("mimetype", b"application/vnd.oasis.opendocument.text"),
        ("META-INF/manifest.xml", b"<m><encryption-data/></m>"),
        ("content.xml", b"\x01\x02"),
    ]);
    assert_eq!(code(&ODT, &locked), Some("ENCRYPTED_FILE"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn no_bytes_panic(bytes in any::<Vec<u8>>(), at in any::<prop::sample::Index>(), put in any::<u8>()) {
        for whole in [docx("<w:p><w:r><w:t>x</w:t></w:r></w:p>"), xlsx("<sheetData/>"), odf("text", "<t:p>x</t:p>")] {
            let mut mutated = whole.clone();
            let place = at.index(mutated.len());
            mutated[place] = put;
            for file in [mutated, [b"PK\x03\x04", bytes.as_slice()].concat(), whole[..place].to_vec()] {
                let id = DocId::from_text("f");
                let mut context = Context { id: &id, max_part: usize::MAX, engine: None, page: &mut |_| {} };
                let _ = package::kind(&file);
                for reader in [DOCX, XLSX, ODS, ODT] {
                    let _ = (reader.read)(&file, &mut context);
                }
            }
        }
    }
}
