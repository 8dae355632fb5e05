//! How well the words of each value were read: the lowest confidence among those inside its box.
//!
//! The confidence of a value says how likely the choice is right; a word that the engine itself doubts is another
//! reason to look, and the words are gone after this stage. Only of values read from pixels: a text layer is certain.

use super::draft::Draft;
use super::view::View;
use crate::model::{Method, Rect, Word};

/// Notes it in the evidence of every value.
pub(super) fn find(view: &View<'_>, draft: &mut Draft) {
    for evidence in draft.evidence.values_mut() {
        let (Some(Method::Ocr), Some(number), Some(bbox)) =
            (evidence.method, evidence.page, evidence.bbox)
        else {
            continue;
        };
        let page = view.pages.iter().find(|page| page.sheet.n == number);
        evidence.read_confidence = page.and_then(|page| lowest(&page.sheet.words, bbox));
    }
}

/// The lowest confidence of the words whose middle is inside a box, in thousandths; `None` if there are none.
fn lowest(words: &[&Word], bbox: Rect) -> Option<f64> {
    words
        .iter()
        .filter(|word| {
            let (x, y) = (word.rect.center_x(), word.rect.center_y());
            (bbox.x0..=bbox.x1).contains(&x) && (bbox.y0..=bbox.y1).contains(&y)
        })
        .map(|word| word.confidence)
        .min_by(f64::total_cmp)
        .map(|confidence| (confidence * 1000.0).round() / 1000.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layout::tests::page;
    use crate::model::{Evidence, Ocr, PageMethod};

    #[test]
    fn the_worst_word_of_a_value_is_noted() {
        let mut page = page(&["Total   1 234,56   EUR"]);
        page.method = Some(PageMethod::Ocr);
        for (word, confidence) in page.words.iter_mut().zip([0.2, 0.95, 0.6999, 0.3]) {
            word.confidence = confidence;
        }
        let bbox = page.words[1].rect.union(page.words[2].rect);
        let ocr = Ocr {
            pages: vec![page],
            ..Ocr::default()
        };
        for (method, expected) in [(Method::Ocr, Some(0.7)), (Method::PdfText, None)] {
            let mut draft = Draft::default();
            let evidence = Evidence {
                page: Some(1),
                bbox: Some(bbox),
                method: Some(method),
                ..Evidence::default()
            };
            draft.evidence.insert("total".to_owned(), evidence);
            find(&View::new(&ocr, false), &mut draft);
            assert_eq!(draft.evidence["total"].read_confidence, expected);
        }
    }

    #[test]
    fn a_scan_is_worked_on_from_the_threshold_on() {
        use crate::extract::{Extract, Settings};
        use crate::model::{Document, Past};
        use crate::stage::Stage;

        for (confidence, threshold, code) in [
            (0.499, 0.5, "OCR_QUALITY"),
            (0.5, 0.5, "EXTRACT_INVALID"),
            (0.0, 0.0, "EXTRACT_INVALID"),
            (0.999, 1.0, "OCR_QUALITY"),
        ] {
            let mut document: Document = serde_json::from_value(
                serde_json::json!({"schema": "vouch/1", "id": "0".repeat(64)}),
            )
            .expect("a document");
            document.ocr = Some(Ocr {
                confidence: Some(confidence),
                pages: vec![page(&["12 34 56 78 90 12 34 56"])],
                ..Ocr::default()
            });
            let settings = Settings {
                min_ocr_confidence: threshold,
                ..Settings::default()
            };
            let refused = Extract::new(settings).apply(document, &Past::default());
            assert_eq!(
                refused.map(|_| ()).map_err(|error| error.code),
                Err(code),
                "{confidence} {threshold}"
            );
        }
    }
}
