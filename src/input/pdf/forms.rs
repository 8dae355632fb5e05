//! Values of form fields that have no picture of themselves.
//!
//! A form filled by a program may leave it to the viewer to paint what was filled in (`NeedAppearances`, ISO 32000-2,
//! 12.7.3). People see the values, so they are words; where exactly a viewer would put each letter is guessed.

use hayro_interpret::TransformExt;
use hayro_interpret::hayro_syntax::Pdf;
use hayro_interpret::hayro_syntax::object::{Array, Dict, Name, Rect, String as PdfString};
use hayro_interpret::hayro_syntax::page::Page;
use hayro_interpret::kurbo;

use super::glyph::{Glyph, Scene, Text};
use super::unicode::text_string;

/// Annotation flags: invisible, hidden, not to be shown (bits 1, 2 and 6).
const NOT_SHOWN: u32 = 0b10_0011;
/// Mean width of a letter in font heights.
const LETTER: f64 = 0.5;

/// Whether the viewer is asked to paint field values.
pub(super) fn unpainted(pdf: &Pdf) -> bool {
    super::catalog(pdf)
        .and_then(|catalog| catalog.get::<Dict<'_>>("AcroForm"))
        .and_then(|form| form.get::<bool>("NeedAppearances"))
        .unwrap_or(false)
}

/// Adds the values of the page's text fields that nothing was painted for.
pub(super) fn add(page: &Page<'_>, scene: &mut Scene) {
    let Some(annotations) = page.raw().get::<Array<'_>>("Annots") else {
        return;
    };
    let transform = page.initial_transform(true).to_kurbo();
    for field in annotations.iter::<Dict<'_>>() {
        let Some(rect) = field.get::<Rect>("Rect") else {
            continue;
        };
        if field.get::<u32>("F").unwrap_or(0) & NOT_SHOWN != 0 {
            continue;
        }
        let place =
            transform.transform_rect_bbox(kurbo::Rect::new(rect.x0, rect.y0, rect.x1, rect.y1));
        let painted = scene.glyphs.iter().any(|glyph| {
            !glyph.text.is_space() && place.contains(kurbo::Point::new(glyph.x, glyph.y))
        });
        if let (false, Some((value, size))) = (painted, value(&field)) {
            write(&value, size, place, scene);
        }
    }
}

/// The value of a text or choice field and the size of its font, if it tells one.
fn value(field: &Dict<'_>) -> Option<(String, Option<f64>)> {
    let parent = field.get::<Dict<'_>>("Parent");
    let either = |key: &str| -> Option<PdfString<'_>> {
        field
            .get(key)
            .or_else(|| parent.as_ref().and_then(|parent| parent.get(key)))
    };
    let kind = field
        .get::<Name<'_>>("FT")
        .or_else(|| parent.as_ref().and_then(|parent| parent.get("FT")))?;
    if !matches!(&*kind, b"Tx" | b"Ch") {
        return None;
    }
    let value = text_string(either("V")?.as_bytes());
    let look = either("DA").map(|look| text_string(look.as_bytes()));
    let size = look.and_then(|look| {
        let words: Vec<&str> = look.split_whitespace().collect();
        let at = words.iter().position(|word| *word == "Tf")?;
        words.get(at.checked_sub(1)?)?.parse().ok()
    });
    (!value.trim().is_empty()).then_some((value, size.filter(|size| *size > 0.0)))
}

/// Writes a value into its field, line by line from the top.
fn write(value: &str, size: Option<f64>, place: kurbo::Rect, scene: &mut Scene) {
    let lines: Vec<&str> = value
        .split(['\n', '\r'])
        .filter(|line| !line.trim().is_empty())
        .collect();
    let room = place.height() / lines.len().max(1) as f64;
    let size = size.unwrap_or(12.0).min(room.max(4.0));
    for (row, line) in lines.iter().enumerate() {
        let fits = (place.width() / line.chars().count().max(1) as f64).min(size * LETTER);
        // A single line stands in the middle of its field, several from the top.
        let top = if lines.len() == 1 {
            place.y0 + (place.height() - size) / 2.0
        } else {
            place.y0 + row as f64 * size * 1.15
        };
        for (at, char) in line.chars().take(2_000).enumerate() {
            scene.glyphs.push(Glyph {
                text: Text::One(char),
                x: place.x0 + at as f64 * fits,
                y: top + size * 0.78,
                direction: (1.0, 0.0),
                advance: fits,
                size,
                stretch: 1.0,
                order: 0,
                unseen: None,
            });
        }
    }
}
