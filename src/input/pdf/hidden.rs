//! Reports text that a reader of the page does not see and a program would.
//!
//! Such text is how values are smuggled past people ("approve this, total 1.00" in white). It is never read; here it is
//! said that it is there, without saying what it says.

use super::glyph::{Glyph, Scene, Unseen};
use super::judge::Choice;
use super::words;
use crate::model::Word;

/// Letters and digits from which on hidden text is reported: less is a leftover of the program that made the page.
const FEWEST: usize = 3;

/// What is hidden on the page, for people; `None` if nothing is.
pub(super) fn report(scene: &Scene, choice: Choice, seen: &[Word]) -> Option<String> {
    // Of a recognised page the engine reads what is seen; the layer that was refused is no secret.
    let layer_counts = choice == Choice::Printed;
    let runs = visible_balance(scene);
    let secret = |glyph: &&Glyph| match glyph.unseen {
        None => false,
        Some(Unseen::NoInk) => layer_counts,
        // What is cut off at the edge of a cell, or a watermark that crosses a grey row, is no secret.
        Some(_) => runs
            .get(glyph.order as usize)
            .is_none_or(|balance| *balance <= 0),
    };
    if !scene.glyphs.iter().any(|glyph| secret(&glyph)) {
        return None;
    }
    let mut counts = [0usize; 5];
    for (at, reason) in REASONS.iter().enumerate() {
        let hidden = words::words(
            scene
                .glyphs
                .iter()
                .filter(secret)
                .filter(|glyph| glyph.unseen == Some(reason.0)),
        );
        let text: String = hidden.iter().map(|word| word.text.as_str()).collect();
        if SIGNATURES.contains(&text.as_str()) {
            continue;
        }
        counts[at] = hidden
            .iter()
            .filter(|word| !seen.iter().any(|other| shadow(word, other)))
            .flat_map(|word| word.text.chars())
            .filter(|char| char.is_alphanumeric())
            .count();
    }
    let found: Vec<String> = counts
        .iter()
        .zip(REASONS)
        .filter(|(count, _)| **count >= FEWEST)
        .map(|(count, reason)| format!("{count} characters {}", reason.1))
        .collect();
    (!found.is_empty()).then(|| found.join(", "))
}

const REASONS: [(Unseen, &str); 5] = [
    (Unseen::NoInk, "drawn without ink"),
    (Unseen::NoContrast, "in the colour of their background"),
    (Unseen::Tiny, "too small to be read"),
    (Unseen::OffPage, "outside the visible page"),
    (Unseen::Covered, "painted over"),
];

/// What programs that make PDFs write into each of them without ink; it names the program and nothing else.
const SIGNATURES: [&str; 1] = ["PoweredbyTCPDF(www.tcpdf.org)"];

/// For each run of glyphs, how many more of them are seen than not.
fn visible_balance(scene: &Scene) -> Vec<i32> {
    let mut runs: Vec<i32> = Vec::new();
    for glyph in &scene.glyphs {
        let at = glyph.order as usize;
        if at >= runs.len() {
            runs.resize(at + 1, 0);
        }
        runs[at] += if glyph.unseen.is_none() { 1 } else { -1 };
    }
    runs
}

/// The same word in nearly the same place, seen: an outline or a shadow of it.
fn shadow(hidden: &Word, seen: &Word) -> bool {
    let near = 0.5 * seen.rect.height();
    seen.text == hidden.text
        && (seen.rect.x0 - hidden.rect.x0).abs() < near
        && (seen.rect.y0 - hidden.rect.y0).abs() < near
}
