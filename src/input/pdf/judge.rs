//! Text layer or pixels? Decided page by page.
//!
//! A text layer is exact and costs nothing; but some are missing, some were written by a bad OCR, and some say nothing
//! because their fonts do not tell which letters their glyphs are.

use super::glyph::{Glyph, Picture, Scene, Text, Unseen};
use crate::model::Rect;

/// How a page is to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Choice {
    /// From the glyphs that are seen.
    Printed,
    /// From the glyphs that a scanner's software laid under or over its image.
    Layer,
    /// From pixels.
    Recognise,
    /// There is nothing to read.
    Blank,
}

/// Share of the page that an image must cover to count as a scan of it.
const SCAN: f64 = 0.6;
/// A scanned page may carry some printed text of its own: a stamp, a page number, a footer of the archive.
const FEW: usize = 80;
/// Paths from which on a page without text is taken for text drawn as outlines.
const OUTLINES: usize = 150;

/// Decides how to read a page.
pub(super) fn choose(scene: &Scene) -> Choice {
    let marks = |unseen: Option<Unseen>| {
        scene
            .glyphs
            .iter()
            .filter(|glyph| glyph.unseen == unseen && !glyph.text.is_space())
            .count()
    };
    let printed = marks(None);
    let layer = marks(Some(Unseen::NoInk));
    let scan = covered(scene) >= SCAN;
    if scan && layer > 20 && printed * 10 < layer {
        return if readable(scene.glyphs.iter().filter(|glyph| in_layer(glyph))) {
            Choice::Layer
        } else {
            Choice::Recognise
        };
    }
    if (scan && printed < FEW) || (scene.paths > 10 * OUTLINES && printed < FEW / 2) {
        return Choice::Recognise;
    }
    if printed == 0 {
        let drawn = scene.paths > OUTLINES || scene.pictures.iter().any(worth_reading);
        return if drawn {
            Choice::Recognise
        } else {
            Choice::Blank
        };
    }
    if readable(scene.glyphs.iter().filter(|glyph| glyph.unseen.is_none())) {
        Choice::Printed
    } else {
        Choice::Recognise
    }
}

/// Glyphs of a scanner's layer, and what is printed over the scan.
pub(super) fn in_layer(glyph: &Glyph) -> bool {
    matches!(glyph.unseen, None | Some(Unseen::NoInk))
}

/// Big enough to hold a line of text.
fn worth_reading(picture: &Picture) -> bool {
    picture.rect.width() > 80.0
        && picture.rect.height() > 12.0
        && picture.pixels.0 > 80
        && picture.pixels.1 > 16
}

/// Share of the page that images cover: of the largest, or of the strips into which scanners cut a page.
fn covered(scene: &Scene) -> f64 {
    let page = scene.width * scene.height;
    let area = |rect: &Rect| {
        let width = rect.x1.min(scene.width) - rect.x0.max(0.0);
        let height = rect.y1.min(scene.height) - rect.y0.max(0.0);
        width.max(0.0) * height.max(0.0)
    };
    let sum: f64 = scene
        .pictures
        .iter()
        .map(|picture| area(&picture.rect))
        .sum();
    (sum / page.max(1.0)).min(1.0)
}

/// Tells whether glyphs make text: their fonts tell their letters, and the letters come as often as they do in the
/// languages of Europe. A layer that is shifted by a few places in the alphabet fails the second test.
fn readable<'a>(glyphs: impl Iterator<Item = &'a Glyph>) -> bool {
    let (mut all, mut unknown, mut letters, mut common, mut latin) =
        (0usize, 0, 0usize, 0usize, 0usize);
    for glyph in glyphs {
        if glyph.text.is_space() {
            continue;
        }
        all += 1;
        match &glyph.text {
            Text::Unknown => unknown += 1,
            text => {
                let char = text.first().unwrap_or('\u{fffd}');
                if char.is_control()
                    || ('\u{e000}'..='\u{f8ff}').contains(&char)
                    || char == '\u{fffd}'
                {
                    unknown += 1;
                } else if char.is_alphabetic() {
                    letters += 1;
                    latin += usize::from(char <= '\u{24f}');
                    common += usize::from(is_common(char));
                }
            }
        }
    }
    if unknown * 4 > all {
        return false;
    }
    // Too little to tell, or another script.
    if letters < 60 || latin * 2 < letters {
        return true;
    }
    common * 100 > letters * 43
}

/// The letters that make up about two thirds of any text in English, German, French, Spanish, Italian, Dutch, Polish or
/// Portuguese.
fn is_common(char: char) -> bool {
    matches!(
        char.to_ascii_lowercase(),
        'e' | 'n' | 'a' | 'i' | 'r' | 't' | 's' | 'o'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scene(printed: &str, layer: &str, image: bool) -> Scene {
        let glyph = |char, unseen| Glyph {
            text: if char == '?' {
                Text::Unknown
            } else {
                Text::One(char)
            },
            x: 0.0,
            y: 0.0,
            direction: (1.0, 0.0),
            advance: 5.0,
            size: 10.0,
            stretch: 1.0,
            order: 0,
            unseen,
        };
        let mut scene = Scene {
            width: 600.0,
            height: 800.0,
            ..Scene::default()
        };
        scene
            .glyphs
            .extend(printed.chars().map(|char| glyph(char, None)));
        scene
            .glyphs
            .extend(layer.chars().map(|char| glyph(char, Some(Unseen::NoInk))));
        if image {
            scene.pictures.push(Picture {
                rect: Rect {
                    x0: 0.0,
                    y0: 0.0,
                    x1: 600.0,
                    y1: 800.0,
                },
                pixels: (1240, 1754),
            });
        }
        scene
    }

    const SENSE: &str = "The invoice is due within thirty days of the date of its issue, net, without any deduction.";
    /// The same, each letter moved 29 places: what a font subset without its table says.
    const SHIFTED: &str = "7KH LQYRLFH LV GXH ZLWKLQ WKLUW\\ GD\\V RI WKH GDWH RI LWV LVVXH QHW ZLWKRXW DQ\\ GHGXFWLRQ GXH";

    #[test]
    fn the_choice_follows_what_the_page_shows() {
        for (name, scene, expected) in [
            ("text", scene(SENSE, "", false), Choice::Printed),
            ("nothing", scene("", "", false), Choice::Blank),
            ("scan", scene("", "", true), Choice::Recognise),
            (
                "scan with a stamp",
                scene("Page 1", "", true),
                Choice::Recognise,
            ),
            ("scan with a layer", scene("", SENSE, true), Choice::Layer),
            (
                "scan with a bad layer",
                scene("", SHIFTED, true),
                Choice::Recognise,
            ),
            (
                "letter paper as an image",
                scene(&SENSE.repeat(2), "", true),
                Choice::Printed,
            ),
            (
                "hidden text without a scan",
                scene("ab", SENSE, false),
                Choice::Printed,
            ),
            ("garbled", scene(SHIFTED, "", false), Choice::Recognise),
            (
                "fonts that do not tell",
                scene("Total??????", "", false),
                Choice::Recognise,
            ),
        ] {
            assert_eq!(choose(&scene), expected, "{name}");
        }
    }
}
