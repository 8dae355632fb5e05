//! Reads pages that are rendered here. Needs the English language file.

use super::*;
use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::{PixmapSettings, RenderCache, RenderSettings};
use hayro_interpret::InterpreterSettings;
use hayro_interpret::hayro_syntax::Pdf;

/// A page of print: 400 by 160 points at 200 dots an inch.
fn page(lines: &[&str]) -> Pixels {
    let shown: Vec<String> = lines
        .iter()
        .zip((0..=130).rev().step_by(20))
        .map(|(line, y)| format!("BT /F1 12 Tf 30 {y} Td ({line}) Tj ET\n"))
        .collect();
    let content = shown.concat();
    let file = format!(
        "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n\
         2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n\
         3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 400 160]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>endobj\n\
         4 0 obj<</Length {}>>stream\n{content}endstream endobj\n\
         5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj\n\
         trailer<</Root 1 0 R>>\n%%EOF",
        content.len()
    );
    let pdf = Pdf::new(file.into_bytes()).expect("opens");
    let scale = 200.0 / 72.0;
    let pixmap = hayro::render(
        &pdf.pages()[0],
        &RenderCache::new(),
        &InterpreterSettings::default(),
        &RenderSettings::default(),
        &PixmapSettings {
            x_scale: scale,
            y_scale: scale,
            bg_color: WHITE,
        },
    );
    Pixels {
        width: u32::from(pixmap.width()),
        height: u32::from(pixmap.height()),
        channels: 1,
        samples: pixmap
            .data_as_u8_slice()
            .iter()
            .step_by(4)
            .copied()
            .collect(),
        dpi: Some(200),
    }
}

fn texts(read: &Recognised) -> Vec<&str> {
    read.words.iter().map(|word| word.text.as_str()).collect()
}

const LINES: [&str; 6] = [
    "Invoice number 4711 of this company",
    "Date of invoice 17.03.2024 and due date",
    "Description of items and quantity",
    "Total amount 1234.50 EUR to be paid",
    "Thank you for your order and payment",
    "Please transfer the amount in time",
];

#[test]
fn print_is_read_with_its_place_and_the_same_each_time() {
    let mut engine = Tesseract::open(&["eng"], None).expect("is installed");
    let image = page(&LINES);
    let first = engine.read(&image).expect("reads");
    for wanted in ["4711", "17.03.2024", "1234.50", "Total"] {
        assert!(
            texts(&first).contains(&wanted),
            "{wanted}: {:?}",
            texts(&first)
        );
    }
    let total = first
        .words
        .iter()
        .find(|word| word.text == "1234.50")
        .expect("was read");
    // The fourth line stands at 70 points from the bottom of 160.
    let baseline = (160.0 - 70.0) * 200.0 / 72.0;
    assert!((total.rect.y1 - baseline).abs() < 6.0, "{:?}", total.rect);
    let other = page(&["Something else entirely", "with other words 99"]);
    engine.read(&other).expect("reads");
    assert_eq!(engine.read(&image).expect("reads"), first);
}

#[test]
fn a_page_on_its_head_is_turned() {
    let mut engine = Tesseract::open(&["eng"], None).expect("is installed");
    let image = page(&LINES);
    let plane = Plane::darkest(&image).turned(180);
    let turned = Pixels {
        samples: plane.samples,
        ..image.clone()
    };
    let read = engine.read(&turned).expect("reads");
    assert_eq!(read.rotation, 180);
    assert!(texts(&read).contains(&"1234.50"));
    let total = read
        .words
        .iter()
        .find(|word| word.text == "1234.50")
        .expect("was read");
    let baseline = 70.0 * 200.0 / 72.0;
    assert!((total.rect.y0 - baseline).abs() < 6.0, "{:?}", total.rect);
}

#[test]
fn a_language_that_is_not_installed_is_a_missing_dependency() {
    let error = Tesseract::open(&["xxx"], None)
        .map(|_| ())
        .expect_err("is not there");
    assert_eq!((error.code, error.retryable), ("OCR_UNAVAILABLE", true));
}
