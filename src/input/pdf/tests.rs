//! Whole files made here, read the way any other is.

use lopdf::content::{Content, Operation};
use lopdf::{
    Document as Made, EncryptionState, EncryptionVersion, Object, Permissions, Stream, dictionary,
};

use super::super::{Context, read};
use crate::model::{DocId, Document, PageMethod, Rect, Word};
use crate::stage::{Engine, Pixels, Recognised, StageError};

/// Answers one word, wherever it is asked.
#[derive(Default)]
struct Told {
    word: Option<Word>,
    asked: Vec<(u32, u32)>,
}

impl Engine for Told {
    fn version(&self) -> (String, String) {
        ("told".to_owned(), "1".to_owned())
    }

    fn languages(&self) -> String {
        "eng".to_owned()
    }

    fn read(&mut self, page: &Pixels) -> Result<Recognised, StageError> {
        self.asked.push((page.width, page.height));
        Ok(Recognised {
            words: self.word.iter().cloned().collect(),
            rotation: 0,
        })
    }
}

/// A PDF of one page, 200 by 100 points, with these operations and these entries of the page.
fn pdf(operations: Vec<Operation>, page: &[(&str, Object)]) -> Made {
    let mut made = Made::with_version("1.5");
    let pages = made.new_object_id();
    let font = made.add_object(dictionary! {
        "Type" => "Font", "Subtype" => "Type1", "BaseFont" => "Helvetica", "Encoding" => "WinAnsiEncoding",
    });
    let content = Content { operations }.encode().expect("encodes");
    let content = made.add_object(Stream::new(dictionary! {}, content));
    let mut leaf = dictionary! {
        "Type" => "Page", "Parent" => pages, "Contents" => content,
        "MediaBox" => vec![0.into(), 0.into(), 200.into(), 100.into()],
        "Resources" => dictionary! { "Font" => dictionary! { "F1" => font } },
    };
    for (key, value) in page {
        leaf.set(*key, value.clone());
    }
    let leaf = made.add_object(leaf);
    made.set_object(
        pages,
        dictionary! { "Type" => "Pages", "Kids" => vec![leaf.into()], "Count" => 1 },
    );
    let root = made.add_object(dictionary! { "Type" => "Catalog", "Pages" => pages });
    made.trailer.set("Root", root);
    made.trailer.set(
        "ID",
        vec![Object::string_literal("a"), Object::string_literal("a")],
    );
    made
}

fn bytes(mut made: Made) -> Vec<u8> {
    let mut out = Vec::new();
    made.save_to(&mut out).expect("saves");
    out
}

fn text(x: i64, y: i64, size: i64, text: &str) -> Vec<Operation> {
    vec![
        Operation::new("BT", vec![]),
        Operation::new("Tf", vec!["F1".into(), size.into()]),
        Operation::new("Td", vec![x.into(), y.into()]),
        Operation::new("Tj", vec![Object::string_literal(text)]),
        Operation::new("ET", vec![]),
    ]
}

fn grey(value: f32) -> Operation {
    Operation::new("g", vec![value.into()])
}

fn opened(bytes: &[u8], engine: &mut Told) -> Result<Document, StageError> {
    let id = DocId::from_text("test");
    let mut context = Context {
        max_part: usize::MAX,
        id: &id,
        engine: Some(engine),
        page: &mut |_| {},
    };
    read(bytes, &mut context).map(|mut documents| documents.remove(0))
}

/// The page's text and the codes of the warnings.
fn read_text(made: Made) -> (String, Vec<String>) {
    let document = opened(&bytes(made), &mut Told::default()).expect("reads");
    let ocr = document.ocr.expect("was read");
    let text = ocr.pages[0].text.clone().expect("has text");
    (
        text,
        ocr.warnings
            .into_iter()
            .map(|warning| warning.code)
            .collect(),
    )
}

#[test]
#[expect(clippy::float_cmp, reason = "rounded to hundredths of a point")]
fn words_have_the_place_at_which_they_are_seen() {
    let document = opened(
        &bytes(pdf(text(20, 80, 10, "Total 10.00"), &[])),
        &mut Told::default(),
    )
    .expect("reads");
    let ocr = document.ocr.expect("was read");
    assert_eq!(ocr.engine.as_deref(), Some("pdf_text"));
    assert_eq!(
        document.source.media_type.as_deref(),
        Some("application/pdf")
    );
    let page = &ocr.pages[0];
    assert_eq!(
        (page.width, page.height, page.method),
        (200.0, 100.0, Some(PageMethod::PdfText))
    );
    assert_eq!(page.text.as_deref(), Some("Total 10.00"));
    let [x0, y0, _, y1] = page.words[0].rect.rounded();
    assert_eq!([x0, y0, y1], [20.0, 12.2, 22.2]);
}

#[test]
fn rotation_and_crop_box_are_those_of_the_viewer() {
    // Turned by 90 degrees, what ran upwards along the left edge is a line at the top.
    let turned = vec![
        Operation::new("BT", vec![]),
        Operation::new("Tf", vec!["F1".into(), 10.into()]),
        Operation::new("Tm", [0, 1, -1, 0, 30, 20].map(Object::from).to_vec()),
        Operation::new("Tj", vec![Object::string_literal("Total 10.00")]),
        Operation::new("ET", vec![]),
    ];
    let made = pdf(turned.clone(), &[("Rotate", 90.into())]);
    let document = opened(&bytes(made), &mut Told::default()).expect("reads");
    let page = &document.ocr.expect("was read").pages[0];
    assert_eq!(
        (page.width, page.height, page.rotation),
        (100.0, 200.0, None)
    );
    assert_eq!(page.text.as_deref(), Some("Total 10.00"));
    assert_eq!(page.words[0].rect.rounded()[..2], [20.0, 22.2]);

    // Not turned by the file, it is turned here, and that is said.
    let document = opened(&bytes(pdf(turned, &[])), &mut Told::default()).expect("reads");
    let page = &document.ocr.expect("was read").pages[0];
    assert_eq!(
        (page.width, page.height, page.rotation),
        (100.0, 200.0, Some(90))
    );
    assert_eq!(page.text.as_deref(), Some("Total 10.00"));

    let crop = [(
        "CropBox",
        vec![10.into(), 10.into(), 190.into(), 90.into()].into(),
    )];
    let document = opened(
        &bytes(pdf(text(20, 80, 10, "Total"), &crop)),
        &mut Told::default(),
    )
    .expect("reads");
    let page = &document.ocr.expect("was read").pages[0];
    assert_eq!((page.width, page.height), (180.0, 80.0));
    assert_eq!(page.words[0].rect.rounded()[..2], [10.0, 2.2]);
}

#[test]
fn what_nobody_sees_is_no_word_and_is_reported() {
    let visible = text(20, 80, 10, "Total 10.00");
    let secret = |before: Vec<Operation>, operations: Vec<Operation>, after: Vec<Operation>| {
        [visible.clone(), before, operations, after].concat()
    };
    let rectangle = || {
        vec![
            Operation::new("re", [10, 10, 180, 30].map(Object::from).to_vec()),
            Operation::new("f", vec![]),
        ]
    };
    let plain = || text(20, 20, 10, "approve 1.00");
    let cases = [
        ("white on white", secret(vec![grey(1.0)], plain(), vec![])),
        (
            "grey on grey",
            secret([vec![grey(0.4)], rectangle()].concat(), plain(), vec![]),
        ),
        (
            "without ink",
            secret(vec![Operation::new("Tr", vec![3.into()])], plain(), vec![]),
        ),
        (
            "tiny",
            secret(vec![], text(20, 20, 1, "approve 1.00"), vec![]),
        ),
        (
            "off the page",
            secret(vec![], text(20, -50, 10, "approve 1.00"), vec![]),
        ),
        (
            "painted over",
            secret(vec![], plain(), [vec![grey(0.9)], rectangle()].concat()),
        ),
    ];
    for (name, operations) in cases {
        let (text, warnings) = read_text(pdf(operations, &[]));
        assert_eq!(text, "Total 10.00", "{name}");
        assert_eq!(warnings, ["HIDDEN_TEXT"], "{name}");
    }
    // White on a dark header is there to be read.
    let header = [vec![grey(0.1)], rectangle(), vec![grey(1.0)], plain()].concat();
    assert_eq!(
        read_text(pdf(header, &[])),
        ("approve 1.00".to_owned(), vec![])
    );
}

#[test]
fn values_of_a_form_that_the_viewer_paints_are_read() {
    let mut made = pdf(text(20, 80, 10, "Total"), &[]);
    let field = made.add_object(dictionary! {
        "Type" => "Annot", "Subtype" => "Widget", "FT" => "Tx", "V" => Object::string_literal("10.00"),
        "DA" => Object::string_literal("/F1 10 Tf 0 g"), "Rect" => vec![60.into(), 76.into(), 120.into(), 90.into()],
    });
    let page = made.get_pages()[&1];
    made.get_object_mut(page)
        .and_then(Object::as_dict_mut)
        .expect("has a page")
        .set("Annots", vec![Object::from(field)]);
    made.catalog_mut().expect("has a catalogue").set(
        "AcroForm",
        dictionary! { "Fields" => vec![Object::from(field)], "NeedAppearances" => true },
    );
    assert_eq!(read_text(made).0, "Total 10.00");
}

#[test]
fn a_password_is_asked_for_only_where_one_is_needed() {
    for (password, expected) in [("", Ok("Total 10.00")), ("secret", Err("ENCRYPTED_FILE"))] {
        let mut made = pdf(text(20, 80, 10, "Total 10.00"), &[]);
        let state = EncryptionState::try_from(EncryptionVersion::V2 {
            document: &made,
            owner_password: "owner",
            user_password: password,
            key_length: 128,
            permissions: Permissions::all(),
        })
        .expect("makes keys");
        made.encrypt(&state).expect("encrypts");
        let outcome = opened(&bytes(made), &mut Told::default());
        let found = outcome
            .as_ref()
            .map(|document| {
                document
                    .ocr
                    .as_ref()
                    .and_then(|ocr| ocr.pages[0].text.as_deref())
            })
            .map_err(|error| error.code);
        assert_eq!(found, expected.map(Some), "{password:?}");
    }
}

#[test]
fn a_torn_file_is_read_with_a_warning_or_refused() {
    let whole = bytes(pdf(text(20, 80, 10, "Total 10.00"), &[]));
    for cut in [15, whole.len() / 2, whole.len() - 40] {
        match opened(&whole[..cut], &mut Told::default()) {
            Ok(document) => {
                let warnings = document.ocr.expect("was read").warnings;
                assert!(
                    warnings
                        .iter()
                        .any(|warning| warning.code == "FILE_TRUNCATED"),
                    "{cut}"
                );
            }
            Err(error) => assert_eq!(error.code, "CORRUPT_FILE", "{cut}"),
        }
    }
}

/// A page that is an image of 400 by 200 pixels, and nothing else.
fn scan() -> Made {
    let image = vec![200u8; 400 * 200];
    let operations = vec![
        Operation::new("q", vec![]),
        Operation::new("cm", [200, 0, 0, 100, 0, 0].map(Object::from).to_vec()),
        Operation::new("Do", vec!["I".into()]),
        Operation::new("Q", vec![]),
    ];
    let mut made = pdf(operations, &[]);
    let image = made.add_object(Stream::new(
        dictionary! {
            "Type" => "XObject", "Subtype" => "Image", "Width" => 400, "Height" => 200,
            "ColorSpace" => "DeviceGray", "BitsPerComponent" => 8,
        },
        image,
    ));
    let page = made.get_pages()[&1];
    made.get_object_mut(page)
        .and_then(Object::as_dict_mut)
        .expect("has a page")
        .set(
            "Resources",
            dictionary! { "XObject" => dictionary! { "I" => image } },
        );
    made
}

#[test]
#[expect(clippy::float_cmp, reason = "rounded to hundredths of a point")]
fn a_scan_is_recognised_from_its_own_image() {
    let word = Word {
        text: "Total".to_owned(),
        rect: Rect {
            x0: 40.0,
            y0: 20.0,
            x1: 80.0,
            y1: 40.0,
        },
        confidence: 0.9,
    };
    let mut engine = Told {
        word: Some(word),
        ..Told::default()
    };
    let document = opened(&bytes(scan()), &mut engine).expect("reads");
    assert_eq!(engine.asked, [(400, 200)]);
    let ocr = document.ocr.expect("was read");
    assert_eq!(
        (ocr.engine.as_deref(), ocr.confidence),
        (Some("told"), Some(0.9))
    );
    assert_eq!(
        ocr.pages[0].words[0].rect.rounded(),
        [20.0, 10.0, 40.0, 20.0]
    );
    assert_eq!(ocr.pages[0].method, Some(PageMethod::Ocr));
}

#[test]
fn a_scan_without_an_engine_waits_for_one() {
    let id = DocId::from_text("test");
    let mut context = Context {
        max_part: usize::MAX,
        id: &id,
        engine: None,
        page: &mut |_| {},
    };
    let error = read(&bytes(scan()), &mut context)
        .map(|_| ())
        .expect_err("needs an engine");
    assert_eq!((error.code, error.retryable), ("OCR_UNAVAILABLE", true));
}

#[test]
fn an_image_with_too_many_pixels_is_refused_before_it_is_unpacked() {
    let mut made = scan();
    let ids: Vec<_> = made.objects.keys().copied().collect();
    for id in ids {
        if let Ok(stream) = made.get_object_mut(id).and_then(Object::as_stream_mut)
            && stream.dict.has(b"Width")
        {
            stream.dict.set("Width", 400_000);
            stream.dict.set("Height", 400_000);
        }
    }
    let error = opened(&bytes(made), &mut Told::default())
        .map(|_| ())
        .expect_err("is refused");
    assert_eq!(error.code, "IMAGE_TOO_LARGE");
}
