//! Sheets with what is drawn on them, and the widths of letters. Lengths are points, y grows downwards.

use std::sync::LazyLock;

use skrifa::instance::{LocationRef, Size};
use skrifa::metrics::GlyphMetrics;
use skrifa::{FontRef, MetadataProvider};

/// Red, green, blue.
pub(super) type Colour = [u8; 3];

/// Points in a millimetre.
pub(super) const MM: f32 = 72.0 / 25.4;

/// A cut of letters; the files under `fonts/`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Face {
    Sans,
    SansBold,
    Serif,
    SerifBold,
    Mono,
}

/// The files of the faces, in their order.
pub(super) const FACES: [&[u8]; 5] = [
    include_bytes!("fonts/sans.ttf"),
    include_bytes!("fonts/sans-bold.ttf"),
    include_bytes!("fonts/serif.ttf"),
    include_bytes!("fonts/serif-bold.ttf"),
    include_bytes!("fonts/mono.ttf"),
];

static FONTS: LazyLock<Vec<FontRef<'static>>> = LazyLock::new(|| {
    FACES
        .iter()
        .map(|bytes| FontRef::new(bytes).expect("the fonts of the program are fonts"))
        .collect()
});

/// A glyph with its advance for letters of size 1.
pub(super) struct Glyph {
    pub(super) id: u32,
    pub(super) bytes: std::ops::Range<usize>,
    pub(super) advance: f32,
}

impl Face {
    /// The glyphs of a text; what the font does not have is its box for it.
    pub(super) fn glyphs(self, text: &str) -> Vec<Glyph> {
        let font = &FONTS[self as usize];
        let map = font.charmap();
        let metrics = GlyphMetrics::new(font, Size::new(1.0), LocationRef::default());
        text.char_indices()
            .map(|(start, c)| {
                let id = map.map(c).unwrap_or_default();
                Glyph {
                    id: id.to_u32(),
                    bytes: start..start + c.len_utf8(),
                    advance: metrics.advance_width(id).unwrap_or(0.0),
                }
            })
            .collect()
    }

    /// Tells whether there is a glyph for each letter.
    #[cfg(test)]
    pub(super) fn covers(self, text: &str) -> bool {
        self.glyphs(text).iter().all(|glyph| glyph.id != 0)
    }

    /// The width of a text.
    pub(super) fn width(self, text: &str, size: f32) -> f32 {
        self.glyphs(text)
            .iter()
            .map(|glyph| glyph.advance)
            .sum::<f32>()
            * size
    }

    /// A text in lines no wider than that, broken at blanks.
    pub(super) fn wrap(self, text: &str, size: f32, width: f32) -> Vec<String> {
        let mut lines: Vec<String> = Vec::new();
        for word in text.split(' ') {
            match lines.last_mut() {
                Some(line) if self.width(&format!("{line} {word}"), size) <= width => {
                    line.push(' ');
                    line.push_str(word);
                }
                _ => lines.push(word.to_owned()),
            }
        }
        lines
    }

    /// The size at which a text fits into a width: the one wished for, or smaller.
    pub(super) fn fitting(self, text: &str, size: f32, width: f32) -> f32 {
        let needed = self.width(text, size);
        if needed > width {
            size * width / needed
        } else {
            size
        }
    }
}

/// Something drawn.
#[derive(Clone, Debug)]
pub(super) enum Ink {
    Text {
        x: f32,
        y: f32,
        size: f32,
        face: Face,
        colour: Colour,
        text: String,
    },
    Line {
        from: (f32, f32),
        to: (f32, f32),
        width: f32,
        colour: Colour,
    },
    Box {
        from: (f32, f32),
        to: (f32, f32),
        fill: Option<Colour>,
        edge: Option<Colour>,
    },
}

/// A sheet.
#[derive(Clone, Debug)]
pub(super) struct Sheet {
    pub(super) width: f32,
    pub(super) height: f32,
    pub(super) inks: Vec<Ink>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generate::languages;

    #[test]
    fn the_fonts_have_every_letter_of_the_word_files() {
        for words in languages() {
            let text = format!("{words:?}");
            for face in [
                Face::Sans,
                Face::SansBold,
                Face::Serif,
                Face::SerifBold,
                Face::Mono,
            ] {
                assert!(face.covers(&text), "{} {face:?}", words.language);
            }
        }
    }

    #[test]
    fn lines_are_broken_at_blanks_and_lose_nothing() {
        let text = "one two three four five";
        let lines = Face::Sans.wrap(text, 10.0, 50.0);
        assert!(lines.len() > 1);
        assert_eq!(lines.join(" "), text);
        assert!(
            lines
                .iter()
                .all(|line| Face::Sans.width(line, 10.0) <= 50.0)
        );
        assert!(Face::Sans.width(text, Face::Sans.fitting(text, 10.0, 30.0)) < 30.1);
    }
}
