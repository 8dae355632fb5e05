//! Pixels to a page: the engine reads, here its boxes become points of the page.

use super::text;
use crate::model::{Ocr, Page, PageMethod, Rect, Warning, Word};
use crate::stage::{Engine, Pixels, StageError};

/// Where the pixels lie on their page.
#[derive(Clone, Copy, Debug)]
pub(super) struct Frame {
    /// Width of the page in points.
    pub width: f64,
    /// Height of the page in points.
    pub height: f64,
    /// Where the left upper pixel lies.
    pub origin: (f64, f64),
    /// Points a pixel, across and down.
    pub scale: (f64, f64),
}

/// Inches that a page may be wide or high for its resolution to be believed.
const BELIEVABLE: std::ops::Range<f64> = 1.2..24.0;

impl Frame {
    /// A page that is nothing but these pixels. Without a believable resolution a page is as high as A4 and a strip as
    /// wide as the paper of a till (80 mm).
    pub(super) fn whole(pixels: &Pixels) -> Self {
        let (width, height) = (f64::from(pixels.width), f64::from(pixels.height));
        let told = pixels.dpi.map(f64::from);
        let dpi = told.unwrap_or_else(|| {
            let (short, long) = (width.min(height), width.max(height));
            if long > 1.8 * short {
                (short / 3.15).max(long / 17.0)
            } else {
                long / 11.69
            }
        });
        let scale = 72.0 / dpi.max(1.0);
        Self {
            width: width * scale,
            height: height * scale,
            origin: (0.0, 0.0),
            scale: (scale, scale),
        }
    }

    fn place(&self, rect: Rect) -> Rect {
        Rect {
            x0: self.origin.0 + rect.x0 * self.scale.0,
            y0: self.origin.1 + rect.y0 * self.scale.1,
            x1: self.origin.0 + rect.x1 * self.scale.0,
            y1: self.origin.1 + rect.y1 * self.scale.1,
        }
    }
}

/// Tells whether an image of that size can have that resolution: cameras write 72 whatever they saw.
pub(super) fn believable(dpi: f64, width: u32, height: u32) -> Option<u32> {
    let inches = |pixels: u32| f64::from(pixels) / dpi;
    let sound = (70.0..=600.5).contains(&dpi)
        && BELIEVABLE.contains(&inches(width))
        && BELIEVABLE.contains(&inches(height));
    sound.then_some(dpi.round() as u32)
}

/// Reads a page from pixels. The page is returned the way it was turned to be read.
///
/// # Errors
/// Those of the engine.
pub(super) fn page(
    n: u32,
    pixels: &Pixels,
    frame: &Frame,
    engine: &mut dyn Engine,
) -> Result<Page, StageError> {
    let recognised = engine.read(pixels)?;
    let mut words: Vec<Word> = recognised
        .words
        .into_iter()
        .map(|word| Word {
            text: text::clean(&word.text),
            rect: turn(frame.place(word.rect), frame, recognised.rotation),
            confidence: word.confidence,
        })
        .filter(|word| !word.text.is_empty())
        .collect();
    let text = text::order(&mut words);
    let (width, height) = if recognised.rotation % 180 == 0 {
        (frame.width, frame.height)
    } else {
        (frame.height, frame.width)
    };
    Ok(Page {
        n,
        width: hundredths(width),
        height: hundredths(height),
        rotation: (recognised.rotation != 0).then_some(recognised.rotation),
        method: Some(PageMethod::Ocr),
        text: Some(text),
        words,
    })
}

/// Turns a box with its page, clockwise.
fn turn(rect: Rect, frame: &Frame, rotation: i32) -> Rect {
    let Rect { x0, y0, x1, y1 } = rect;
    match rotation {
        90 => Rect {
            x0: frame.height - y1,
            y0: x0,
            x1: frame.height - y0,
            y1: x1,
        },
        180 => Rect {
            x0: frame.width - x1,
            y0: frame.height - y1,
            x1: frame.width - x0,
            y1: frame.height - y0,
        },
        270 => Rect {
            x0: y0,
            y0: frame.width - x1,
            x1: y1,
            y1: frame.width - x0,
        },
        _ => rect,
    }
}

/// Page sizes leave the program rounded as boxes do.
pub(super) fn hundredths(points: f64) -> f64 {
    (points * 100.0).round() / 100.0
}

/// The error of a document that needs an engine where there is none.
pub(super) fn unavailable() -> StageError {
    StageError::dependency(
        "OCR_UNAVAILABLE",
        "the document has to be recognised from pixels and no engine is available",
    )
}

/// Puts pages together to what the record says about reading them.
pub(super) fn summary(
    pages: Vec<Page>,
    warnings: Vec<Warning>,
    engine: Option<&mut (dyn Engine + '_)>,
) -> Ocr {
    let read: Vec<&Page> = pages
        .iter()
        .filter(|page| page.method == Some(PageMethod::Ocr))
        .collect();
    let printed = pages
        .iter()
        .any(|page| page.method == Some(PageMethod::PdfText));
    let confidences: Vec<f64> = read
        .iter()
        .flat_map(|page| page.words.iter().map(|word| word.confidence))
        .collect();
    let mut ocr = Ocr::default();
    if let Some(engine) = engine.filter(|_| !read.is_empty()) {
        let (name, version) = engine.version();
        ocr.lang = Some(engine.languages());
        ocr.engine_version = Some(version);
        ocr.engine = Some(if printed {
            format!("pdf_text+{name}")
        } else {
            name
        });
        let thousandths = |value: f64| (value * 1000.0).round() / 1000.0;
        // A page on which nothing was recognised was read with no confidence at all.
        let mean = confidences.iter().sum::<f64>() / (confidences.len().max(1)) as f64;
        ocr.confidence = Some(thousandths(mean));
        ocr.confidence_min = confidences
            .iter()
            .copied()
            .min_by(f64::total_cmp)
            .map(thousandths);
    } else {
        ocr.engine = Some("pdf_text".to_owned());
    }
    ocr.pages = pages;
    ocr.warnings = warnings;
    ocr
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_resolution_is_believed_only_if_the_page_could_exist() {
        for (dpi, width, height, believed) in [
            (300.0, 2480, 3508, Some(300)),
            (72.0, 3024, 4032, None),
            (96.0, 794, 1123, Some(96)),
            (1.0, 100, 100, None),
            (599.9, 4960, 7016, Some(600)),
        ] {
            assert_eq!(believable(dpi, width, height), believed, "{dpi}");
        }
    }

    #[test]
    #[expect(clippy::float_cmp, reason = "rounded to hundredths of a point")]
    fn boxes_turn_with_their_page() {
        let frame = Frame {
            width: 100.0,
            height: 200.0,
            origin: (0.0, 0.0),
            scale: (1.0, 1.0),
        };
        let rect = Rect {
            x0: 10.0,
            y0: 20.0,
            x1: 30.0,
            y1: 25.0,
        };
        for (rotation, expected) in [
            (0, [10.0, 20.0, 30.0, 25.0]),
            (90, [175.0, 10.0, 180.0, 30.0]),
            (180, [70.0, 175.0, 90.0, 180.0]),
            (270, [20.0, 70.0, 25.0, 90.0]),
        ] {
            assert_eq!(turn(rect, &frame, rotation).rounded(), expected);
        }
    }
}
