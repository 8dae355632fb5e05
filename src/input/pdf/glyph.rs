//! What a PDF page shows, as far as reading it needs: glyphs, painted areas, images.
//!
//! All coordinates are points of the page as it is displayed: rotation and crop box applied, origin top left.

use crate::model::Rect;

/// Why nobody sees a glyph.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Unseen {
    /// Drawn without ink (render mode 3) or fully transparent: also how scanners lay text under their image.
    NoInk,
    /// In the colour of what lies below it.
    NoContrast,
    /// Too small to be read.
    Tiny,
    /// Outside the page or cut away.
    OffPage,
    /// Painted over.
    Covered,
}

/// A glyph with its place.
#[derive(Clone, Debug)]
pub(super) struct Glyph {
    /// Its text: mostly one character, more for a ligature, empty where the font does not tell.
    pub text: Text,
    /// Where its baseline begins.
    pub x: f64,
    /// Where its baseline begins.
    pub y: f64,
    /// Unit vector along the baseline.
    pub direction: (f64, f64),
    /// How far it advances along the baseline.
    pub advance: f64,
    /// Height of its font.
    pub size: f64,
    /// How much wider than high its font is drawn: 1 unless scaled or stretched.
    pub stretch: f64,
    /// When it was painted: comparable with [`Area::order`].
    pub order: u32,
    /// Why it is not seen, or `None` if it is.
    pub unseen: Option<Unseen>,
}

/// The text of a glyph, without an allocation for the common case; an empty `Many` is a glyph whose text another tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Text {
    /// The font does not tell.
    Unknown,
    /// One character.
    One(char),
    /// Several.
    Many(Box<str>),
}

impl Text {
    /// Appends it to a string: what the font does not tell as U+FFFD.
    pub(super) fn push_to(&self, out: &mut String) {
        match self {
            Text::Unknown => out.push(char::REPLACEMENT_CHARACTER),
            Text::One(char) => out.push(*char),
            Text::Many(text) => out.push_str(text),
        }
    }

    /// Its first character.
    pub(super) fn first(&self) -> Option<char> {
        match self {
            Text::Unknown => None,
            Text::One(char) => Some(*char),
            Text::Many(text) => text.chars().next(),
        }
    }

    /// Whether it only separates words.
    pub(super) fn is_space(&self) -> bool {
        match self {
            Text::Unknown => false,
            Text::One(char) => is_space(*char),
            Text::Many(text) => !text.is_empty() && text.chars().all(is_space),
        }
    }
}

/// White space, and the marks of no width that producers put between words.
pub(super) fn is_space(char: char) -> bool {
    char.is_whitespace() || matches!(char, '\u{200b}' | '\u{feff}' | '\u{0}')
}

impl Glyph {
    /// The box of the glyph: the font's height above and below its baseline, turned with it.
    pub(super) fn rect(&self) -> Rect {
        let (dx, dy) = self.direction;
        // A unit vector across the baseline, upwards on the displayed page.
        let (ux, uy) = (dy, -dx);
        let (up, down) = (self.size * 0.78, self.size * 0.22);
        let (ex, ey) = (self.x + dx * self.advance, self.y + dy * self.advance);
        let xs = [
            self.x + ux * up,
            self.x - ux * down,
            ex + ux * up,
            ex - ux * down,
        ];
        let ys = [
            self.y + uy * up,
            self.y - uy * down,
            ey + uy * up,
            ey - uy * down,
        ];
        Rect {
            x0: xs.iter().copied().fold(f64::INFINITY, f64::min),
            y0: ys.iter().copied().fold(f64::INFINITY, f64::min),
            x1: xs.iter().copied().fold(f64::NEG_INFINITY, f64::max),
            y1: ys.iter().copied().fold(f64::NEG_INFINITY, f64::max),
        }
    }
}

/// An area painted in one colour.
#[derive(Clone, Copy, Debug)]
pub(super) struct Area {
    /// What it covers, at most.
    pub rect: Rect,
    /// Its colour, where it has a single opaque one.
    pub color: Option<[f32; 3]>,
    /// Whether it hides what was painted before it: an opaque rectangle, nothing less sure.
    pub hides: bool,
    /// When it was painted.
    pub order: u32,
}

/// An image on the page.
#[derive(Clone, Copy, Debug)]
pub(super) struct Picture {
    /// What it covers.
    pub rect: Rect,
    /// Its own size in pixels.
    pub pixels: (u32, u32),
}

/// Sides of a payment code in points: 14 to 90 millimetres.
const CODE: std::ops::Range<f64> = 40.0..255.0;
/// Areas of the smallest code, whose runs of modules may be painted as one.
const MODULES: usize = 120;

impl Picture {
    /// Tells whether it may be a payment code, or a payment slip with one.
    pub(super) fn may_hold_code(&self) -> bool {
        let (width, height) = (self.rect.width(), self.rect.height());
        let square = (0.85..1.18).contains(&(width / height.max(1e-6)));
        let slip = width > 250.0 && height > 100.0;
        square && CODE.contains(&width) || slip
    }
}

impl Scene {
    /// Tells whether a payment code may be among its images.
    pub(super) fn may_picture_code(&self) -> bool {
        self.pictures.iter().any(Picture::may_hold_code)
    }

    /// Tells whether a payment code may be drawn of small areas.
    pub(super) fn may_draw_code(&self) -> bool {
        self.modules >= MODULES
    }
}

/// Everything of a page that reading needs.
#[derive(Default)]
pub(super) struct Scene {
    /// Width in points.
    pub width: f64,
    /// Height in points.
    pub height: f64,
    /// Glyphs in the order in which they are painted.
    pub glyphs: Vec<Glyph>,
    /// Areas in the same order.
    pub areas: Vec<Area>,
    /// Images in the same order.
    pub pictures: Vec<Picture>,
    /// How many small areas were painted, as the modules of a payment code are.
    pub modules: usize,
    /// How many paths were painted: a page without glyphs but with thousands of them is text drawn as outlines.
    pub paths: usize,
}
