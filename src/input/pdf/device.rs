//! Watches a page being painted and notes what reading needs of it.
//!
//! The interpreter does the work of a viewer (fonts, encodings, clips, layers, forms); this is the canvas it paints on.

use hayro_interpret::font::{Glyph as FontGlyph, GlyphRun};
use hayro_interpret::hayro_syntax::object::{Dict, String as PdfString};
use hayro_interpret::kurbo::{self, Affine, BezPath, PathEl, Point, Shape};
use hayro_interpret::{
    BlendMode, ClipPath, Device, DrawMode, DrawProps, Image, ImageDrawProps, Paint, SoftMask,
};

use super::glyph::{Area, Glyph, Picture, Scene, Text, Unseen};
use super::unicode::{text_of, text_string};
use crate::input::limits::MAX_GLYPHS;
use crate::model::Rect;

/// Areas kept a page: what is left out only means that a hidden text may go unnoticed.
const MAX_AREAS: usize = 1_500;

/// Height in points of an area that may be a module of a payment code; rules of tables are thinner.
const MODULE: std::ops::Range<f64> = 0.9..6.0;
/// Width in points of the longest run of modules.
const MODULES: f64 = 80.0;

/// Text below this height in points is not meant to be read.
const TINY: f64 = 1.5;

/// Colours nearer than this in every channel (of 1) cannot be told apart on paper.
const CONTRAST: f32 = 0.06;

/// The canvas.
pub(super) struct Watcher {
    scene: Scene,
    clips: Vec<Rect>,
    /// Opacity of each open transparency group, and whether it paints plainly.
    groups: Vec<(f32, bool)>,
    order: u32,
    /// Open stretches of marked content: the text they stand for, and the first glyph in them.
    spans: Vec<Option<(String, usize)>>,
}

impl Watcher {
    /// A canvas for a page of that size.
    pub(super) fn new(width: f64, height: f64) -> Self {
        Self {
            scene: Scene {
                width,
                height,
                ..Scene::default()
            },
            clips: Vec::new(),
            groups: Vec::new(),
            order: 0,
            spans: Vec::new(),
        }
    }

    /// What was painted; text that something painted later covers is marked.
    pub(super) fn finish(mut self) -> Scene {
        let hiding: Vec<Area> = self
            .scene
            .areas
            .iter()
            .filter(|area| area.hides)
            .copied()
            .collect();
        if !hiding.is_empty() {
            for glyph in &mut self.scene.glyphs {
                let (x, y) = middle(glyph);
                if glyph.unseen.is_none()
                    && hiding
                        .iter()
                        .any(|area| area.order > glyph.order && holds(&area.rect, x, y, 0.0))
                {
                    glyph.unseen = Some(Unseen::Covered);
                }
            }
        }
        self.scene
    }

    fn clip(&self) -> Option<&Rect> {
        self.clips.last()
    }

    fn opacity(&self) -> f32 {
        self.groups.iter().map(|(opacity, _)| opacity).product()
    }

    fn push_clip(&mut self, rect: kurbo::Rect) {
        let mut rect = rect_of(rect);
        if let Some(outer) = self.clip() {
            rect = meet(rect, *outer);
        }
        self.clips.push(rect);
    }

    /// The colour below a place: that of the last area painted there; white paper where there is none; `None` if it
    /// cannot be told.
    fn ground(&self, x: f64, y: f64) -> Option<[f32; 3]> {
        if self
            .scene
            .pictures
            .iter()
            .any(|picture| holds(&picture.rect, x, y, 0.0))
        {
            return None;
        }
        self.scene
            .areas
            .iter()
            .rev()
            .find(|area| holds(&area.rect, x, y, 0.0))
            .map_or(Some([1.0; 3]), |area| area.color)
    }

    fn note_area(&mut self, bbox: kurbo::Rect, rectangle: bool, props: &DrawProps<'_>) {
        self.scene.paths += 1;
        let mut rect = rect_of(props.transform.transform_rect_bbox(bbox));
        let small = MODULE.contains(&rect.height()) && rect.width() < MODULES;
        if small && is_dark(&props.paint) {
            self.scene.modules += 1;
        }
        if self.scene.areas.len() >= MAX_AREAS {
            return;
        }
        if let Some(clip) = self.clip() {
            rect = meet(rect, *clip);
        }
        // Rules and borders are no ground that text stands on.
        if rect.width() < 3.0 || rect.height() < 3.0 {
            return;
        }
        let (color, alpha) = solid(&props.paint);
        let alpha = alpha * self.opacity();
        let plain = props.soft_mask.is_none()
            && props.blend_mode == BlendMode::Normal
            && self.groups.iter().all(|(_, plain)| *plain);
        if alpha < 0.05 {
            return;
        }
        self.order += 1;
        self.scene.areas.push(Area {
            rect,
            color: color.filter(|_| alpha > 0.95 && plain),
            hides: rectangle && color.is_some() && alpha > 0.98 && plain,
            order: self.order,
        });
    }

    fn unseen(&self, glyph: &Glyph, ink: Option<[f32; 3]>) -> Option<Unseen> {
        let (x, y) = middle(glyph);
        let page = Rect {
            x0: 0.0,
            y0: 0.0,
            x1: self.scene.width,
            y1: self.scene.height,
        };
        if glyph.size < TINY {
            return Some(Unseen::Tiny);
        }
        if !holds(&page, x, y, 1.0)
            || self
                .clip()
                .is_some_and(|clip| !holds(clip, x, y, glyph.size * 0.5))
        {
            return Some(Unseen::OffPage);
        }
        let same = |ground: [f32; 3], ink: [f32; 3]| {
            ground
                .iter()
                .zip(ink)
                .all(|(a, b)| (a - b).abs() < CONTRAST)
        };
        match ink {
            Some(ink) if self.ground(x, y).is_some_and(|ground| same(ground, ink)) => {
                Some(Unseen::NoContrast)
            }
            _ => None,
        }
    }
}

impl Device<'_> for Watcher {
    fn draw_path(&mut self, path: &BezPath, props: DrawProps<'_>, draw_mode: &DrawMode) {
        if matches!(draw_mode, DrawMode::Fill(_) | DrawMode::FillAndStroke(..)) {
            let straight = path.elements().len() <= 6
                && path.elements().iter().all(|element| {
                    matches!(
                        element,
                        PathEl::MoveTo(_) | PathEl::LineTo(_) | PathEl::ClosePath
                    )
                });
            let bbox = path.bounding_box();
            if !straight && is_dark(&props.paint) {
                // A code may be painted as one path of all its modules.
                let parts = path.elements().iter();
                let corners = parts
                    .filter(|part| matches!(part, PathEl::MoveTo(_)))
                    .count();
                self.scene.modules += corners.saturating_sub(1);
            }
            let rectangle =
                straight && (path.area().abs() - bbox.area()).abs() < 0.01 * bbox.area();
            self.note_area(bbox, rectangle, &props);
        } else {
            self.scene.paths += 1;
        }
    }

    fn draw_rect(&mut self, rect: &kurbo::Rect, props: DrawProps<'_>, draw_mode: &DrawMode) {
        if matches!(draw_mode, DrawMode::Fill(_) | DrawMode::FillAndStroke(..)) {
            self.note_area(*rect, true, &props);
        } else {
            self.scene.paths += 1;
        }
    }

    fn push_clip_path(&mut self, clip_path: &ClipPath) {
        self.push_clip(clip_path.path.bounding_box());
    }

    fn push_clip_rect(&mut self, rect: &kurbo::Rect) {
        self.push_clip(*rect);
    }

    fn pop_clip(&mut self) {
        self.clips.pop();
    }

    fn push_transparency_group(
        &mut self,
        opacity: f32,
        mask: Option<SoftMask<'_>>,
        blend_mode: BlendMode,
    ) {
        self.groups
            .push((opacity, mask.is_none() && blend_mode == BlendMode::Normal));
    }

    fn pop_transparency_group(&mut self) {
        self.groups.pop();
    }

    fn draw_glyph_run(
        &mut self,
        glyph_run: &GlyphRun<'_, '_>,
        props: DrawProps<'_>,
        draw_mode: &DrawMode,
    ) {
        let (color, alpha) = solid(&props.paint);
        let no_ink = matches!(draw_mode, DrawMode::Invisible) || alpha * self.opacity() < 0.05;
        self.order += 1;
        let first = self.scene.glyphs.len();
        let mut scales: Option<(f64, f64)> = None;
        for glyph in glyph_run.glyphs() {
            if self.scene.glyphs.len() > MAX_GLYPHS {
                break;
            }
            let (advance, drawn, blank) = match &**glyph {
                FontGlyph::Outline(outline) => (outline.advance_width(), false, Some(outline)),
                FontGlyph::Type3(type3) => (type3.advance_width(), true, None),
            };
            let mut text = text_of(glyph.as_unicode());
            // Many a font does not say that its blank is a space.
            if text == Text::Unknown
                && blank.is_some_and(|outline| outline.outline().elements().is_empty())
            {
                text = Text::One(' ');
            }
            let (placed, scale) = place(
                props.transform * glyph.transform(),
                f64::from(advance.unwrap_or(500.0)),
                drawn,
            );
            scales = Some(scales.map_or((scale, scale), |(low, high)| {
                (low.min(scale), high.max(scale))
            }));
            self.scene.glyphs.push(Glyph {
                text,
                order: self.order,
                ..placed
            });
        }
        // A substitute font is stretched glyph by glyph to the widths that the file tells: the advance is that width,
        // not the stretched one. One stretch for the whole run is the file's own horizontal scaling.
        let (low, high) = scales.unwrap_or((1.0, 1.0));
        let own = high - low < 0.01 * high
            && (glyph_run.glyphs().len() > 1 || !(0.7..1.4).contains(&low));
        for at in first..self.scene.glyphs.len() {
            let glyph = &mut self.scene.glyphs[at];
            if !own {
                let scale = glyph.stretch.max(1e-6);
                glyph.advance /= scale;
            }
            let glyph = &self.scene.glyphs[at];
            let unseen = if no_ink {
                Some(Unseen::NoInk)
            } else {
                self.unseen(glyph, color)
            };
            self.scene.glyphs[at].unseen = unseen;
        }
    }

    fn begin_marked_content(&mut self, _tag: &[u8], properties: Option<&Dict<'_>>) {
        let text = properties
            .and_then(|properties| properties.get::<PdfString<'_>>("ActualText"))
            .map(|text| text_string(text.as_bytes()));
        self.spans
            .push(text.map(|text| (text, self.scene.glyphs.len())));
    }

    fn end_marked_content(&mut self) {
        let Some(Some((text, first))) = self.spans.pop() else {
            return;
        };
        // Only where the font leaves a gap: what stands printed is not to be replaced by what the file says it means.
        let glyphs = self.scene.glyphs.get_mut(first..).unwrap_or_default();
        if glyphs.iter().any(|glyph| glyph.text == Text::Unknown) {
            let mut text = Text::Many(text.into_boxed_str());
            for glyph in glyphs {
                glyph.text = std::mem::replace(&mut text, Text::Many(Box::default()));
            }
        }
    }

    fn draw_image(&mut self, image: Image<'_, '_>, props: ImageDrawProps<'_>) {
        if self.opacity() < 0.05 {
            return;
        }
        let pixels = (image.width(), image.height());
        let bbox = kurbo::Rect::new(0.0, 0.0, f64::from(pixels.0), f64::from(pixels.1));
        let mut rect = rect_of(props.transform.transform_rect_bbox(bbox));
        if let Some(clip) = self.clip() {
            rect = meet(rect, *clip);
        }
        if self.scene.pictures.len() < MAX_AREAS {
            self.scene.pictures.push(Picture { rect, pixels });
        }
    }
}

/// A glyph from its transform, and how much wider than high it is drawn; `advance` in thousandths of its own space. A font drawn by page instructions (`drawn`)
/// may use any scale, so its height follows its width where the two do not fit.
fn place(transform: Affine, advance: f64, drawn: bool) -> (Glyph, f64) {
    let origin = transform * Point::ZERO;
    let end = transform * Point::new(advance, 0.0);
    let top = transform * Point::new(0.0, 1000.0);
    let mut along = end - origin;
    if along.hypot() < 1e-6 {
        along = transform * Point::new(1000.0, 0.0) - origin;
    }
    let length = along.hypot();
    let direction = if length > 1e-9 {
        (along.x / length, along.y / length)
    } else {
        (1.0, 0.0)
    };
    let advance = (end - origin).hypot();
    // Height across the baseline: slanted text is no larger than upright text.
    let up = top - origin;
    let mut size = (up.x * direction.1 - up.y * direction.0).abs();
    let unit = transform * Point::new(1000.0, 0.0) - origin;
    let stretch = if size > 1e-9 && !drawn {
        unit.hypot() / size
    } else {
        1.0
    };
    if drawn && size < advance * 0.8 {
        size = advance * 1.6;
    }
    let glyph = Glyph {
        text: Text::Unknown,
        x: origin.x,
        y: origin.y,
        direction,
        advance,
        size,
        stretch,
        order: 0,
        unseen: None,
    };
    (glyph, stretch)
}

/// The colour and the opacity of a paint; no colour for patterns.
fn solid(paint: &Paint<'_>) -> (Option<[f32; 3]>, f32) {
    match paint {
        Paint::Color(color) => {
            let [red, green, blue, alpha] = color.to_rgba().components();
            (Some([red, green, blue]), alpha)
        }
        Paint::Pattern(_) => (None, 1.0),
    }
}

/// Whether a paint is dark enough for a module of a code.
fn is_dark(paint: &Paint<'_>) -> bool {
    solid(paint)
        .0
        .is_some_and(|color| color.iter().all(|channel| *channel < 0.4))
}

/// The middle of a glyph's body.
fn middle(glyph: &Glyph) -> (f64, f64) {
    let (dx, dy) = glyph.direction;
    let (along, up) = (glyph.advance * 0.5, glyph.size * 0.3);
    (
        glyph.x + dx * along + dy * up,
        glyph.y + dy * along - dx * up,
    )
}

fn holds(rect: &Rect, x: f64, y: f64, margin: f64) -> bool {
    x >= rect.x0 - margin && x <= rect.x1 + margin && y >= rect.y0 - margin && y <= rect.y1 + margin
}

fn rect_of(rect: kurbo::Rect) -> Rect {
    Rect {
        x0: rect.x0,
        y0: rect.y0,
        x1: rect.x1,
        y1: rect.y1,
    }
}

fn meet(a: Rect, b: Rect) -> Rect {
    let x0 = a.x0.max(b.x0);
    let y0 = a.y0.max(b.y0);
    Rect {
        x0,
        y0,
        x1: a.x1.min(b.x1).max(x0),
        y1: a.y1.min(b.y1).max(y0),
    }
}
