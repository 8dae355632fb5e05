//! Pixels of a page: those of its single image if that is all there is, else the page rendered.

use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::{PixmapSettings, RenderCache, RenderSettings};
use hayro_interpret::font::GlyphRun;
use hayro_interpret::hayro_syntax::page::Page;
use hayro_interpret::kurbo::{Affine, BezPath, Rect};
use hayro_interpret::{
    BlendMode, ClipPath, Context, Device, DrawMode, DrawProps, Image, ImageData, ImageDrawProps,
    InterpreterCache, InterpreterSettings, SoftMask, TransformExt, interpret_page,
};

use super::glyph::{Picture, Scene};
use crate::input::limits::{self, MAX_RENDERED_PIXELS, MAX_RENDERED_SIDE};
use crate::input::recognise::Frame;
use crate::stage::{Pixels, StageError};

/// Resolution at which pages are rendered to be read: letters of 10 points are some 30 pixels high, which engines like best.
pub(super) const DPI: f64 = 300.0;

/// The pixels of a page and where they lie on it.
///
/// # Errors
/// `IMAGE_TOO_LARGE`.
pub(super) fn of<'a>(page: &'a Page<'a>, scene: &Scene) -> Result<(Pixels, Frame), StageError> {
    for picture in &scene.pictures {
        limits::pixels(picture.pixels.0.max(1), picture.pixels.1.max(1))?;
    }
    let simple = scene.pictures.len() == 1
        && scene.paths < 5
        && !scene.glyphs.iter().any(|glyph| glyph.unseen.is_none());
    if simple && let Some(found) = embedded(page, scene) {
        return Ok(found);
    }
    Ok(rendered(page, scene, DPI))
}

/// The image of a page that is nothing but an upright image.
fn embedded<'a>(page: &'a Page<'a>, scene: &Scene) -> Option<(Pixels, Frame)> {
    let mut grabber = Grabber::default();
    let cache = InterpreterCache::new();
    let mut context = Context::new(
        page.initial_transform(true).to_kurbo(),
        Rect::new(0.0, 0.0, scene.width, scene.height),
        &cache,
        page.xref(),
        InterpreterSettings::default(),
    );
    interpret_page(page, &mut context, &mut grabber);
    let (data, transform) = grabber.found?;
    let [a, b, c, d, e, f] = transform.as_coeffs();
    let (sx, sy) = data.scale_factors();
    let scale = (a * f64::from(sx), d * f64::from(sy));
    let upright = b.abs() < 0.01 * a && c.abs() < 0.01 * d && a > 0.0 && d > 0.0;
    let dpi = 72.0 / scale.0;
    if !upright || !(70.0..=1300.0).contains(&dpi) || (scale.0 / scale.1 - 1.0).abs() > 0.1 {
        return None;
    }
    let (width, height) = (data.width(), data.height());
    let (channels, samples) = match data {
        ImageData::Rgb(rgb) => (3, rgb.data),
        ImageData::Luma(luma) => (1, luma.data),
    };
    if samples.len() != width as usize * height as usize * usize::from(channels) {
        return None;
    }
    let pixels = Pixels {
        width,
        height,
        channels,
        samples,
        dpi: Some(dpi.round() as u32),
    };
    let frame = Frame {
        width: scene.width,
        height: scene.height,
        origin: (e, f),
        scale,
    };
    Some((pixels, frame))
}

/// The page as a viewer shows it, on white.
pub(super) fn rendered<'a>(page: &'a Page<'a>, scene: &Scene, dpi: f64) -> (Pixels, Frame) {
    let (width, height) = (scene.width.max(1.0), scene.height.max(1.0));
    let scale = (dpi / 72.0)
        .min((MAX_RENDERED_PIXELS / (width * height)).sqrt())
        .min(MAX_RENDERED_SIDE / width.max(height));
    let pixmap = hayro::render(
        page,
        &RenderCache::new(),
        &InterpreterSettings::default(),
        &RenderSettings::default(),
        &PixmapSettings {
            x_scale: scale as f32,
            y_scale: scale as f32,
            bg_color: WHITE,
        },
    );
    let samples = pixmap
        .data_as_u8_slice()
        .chunks_exact(4)
        .flat_map(|pixel| [pixel[0], pixel[1], pixel[2]])
        .collect();
    let pixels = Pixels {
        width: u32::from(pixmap.width()),
        height: u32::from(pixmap.height()),
        channels: 3,
        samples,
        dpi: Some((scale * 72.0).round() as u32),
    };
    let frame = Frame {
        width: scene.width,
        height: scene.height,
        origin: (0.0, 0.0),
        scale: (1.0 / scale, 1.0 / scale),
    };
    (pixels, frame)
}

/// Images of a page that are looked at for payment codes.
const MOST_PICTURES: usize = 6;
/// More pixels than this no image with a code has.
const LARGEST_PICTURE: f64 = 40e6;

/// The images of a page that may hold a payment code, unpacked, and where they lie.
pub(super) fn pictures<'a>(page: &'a Page<'a>, scene: &Scene) -> Vec<(Pixels, Frame)> {
    let mut collector = Collector {
        size: (scene.width, scene.height),
        found: Vec::new(),
    };
    let cache = InterpreterCache::new();
    let mut context = Context::new(
        page.initial_transform(true).to_kurbo(),
        Rect::new(0.0, 0.0, scene.width, scene.height),
        &cache,
        page.xref(),
        InterpreterSettings::default(),
    );
    interpret_page(page, &mut context, &mut collector);
    collector.found
}

/// Decodes the images that may hold a payment code.
struct Collector {
    size: (f64, f64),
    found: Vec<(Pixels, Frame)>,
}

impl Collector {
    fn keep(&mut self, rect: Rect, (width, height): (u32, u32), channels: u8, samples: Vec<u8>) {
        let wanted = width as usize * height as usize * usize::from(channels);
        if samples.len() != wanted || wanted == 0 {
            return;
        }
        let frame = Frame {
            width: self.size.0,
            height: self.size.1,
            origin: (rect.x0, rect.y0),
            scale: (
                rect.width() / f64::from(width),
                rect.height() / f64::from(height),
            ),
        };
        let pixels = Pixels {
            width,
            height,
            channels,
            samples,
            dpi: None,
        };
        self.found.push((pixels, frame));
    }
}

impl Device<'_> for Collector {
    fn draw_image(&mut self, image: Image<'_, '_>, props: ImageDrawProps<'_>) {
        let (width, height) = (f64::from(image.width()), f64::from(image.height()));
        let rect = props
            .transform
            .transform_rect_bbox(Rect::new(0.0, 0.0, width, height));
        let picture = Picture {
            rect: crate::model::Rect {
                x0: rect.x0,
                y0: rect.y0,
                x1: rect.x1,
                y1: rect.y1,
            },
            pixels: (image.width(), image.height()),
        };
        let small = width * height <= LARGEST_PICTURE && self.found.len() < MOST_PICTURES;
        if !small || !picture.may_hold_code() {
            return;
        }
        match image {
            Image::Raster(raster) => raster.with_rgba(
                |data, alpha| {
                    let size = (data.width(), data.height());
                    let (channels, mut samples) = match data {
                        ImageData::Rgb(rgb) => (3, rgb.data),
                        ImageData::Luma(luma) => (1, luma.data),
                    };
                    if let Some(alpha) = alpha.filter(|it| (it.width, it.height) == size) {
                        on_white(&mut samples, usize::from(channels), &alpha.data);
                    }
                    self.keep(rect, size, channels, samples);
                },
                None,
            ),
            // A mask paints in one colour, which is dark where it is a code's.
            Image::Stencil(stencil) => stencil.with_stencil(
                |mask, _| {
                    let samples = mask.data.iter().map(|painted| 255 - painted).collect();
                    self.keep(rect, (mask.width, mask.height), 1, samples);
                },
                None,
            ),
        }
    }
    fn draw_path(&mut self, _: &BezPath, _: DrawProps<'_>, _: &DrawMode) {}
    fn push_clip_path(&mut self, _: &ClipPath) {}
    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'_>>, _: BlendMode) {}
    fn draw_glyph_run(&mut self, _: &GlyphRun<'_, '_>, _: DrawProps<'_>, _: &DrawMode) {}
    fn pop_clip(&mut self) {}
    fn pop_transparency_group(&mut self) {}
}

/// Lays samples on white paper, where they are transparent.
fn on_white(samples: &mut [u8], channels: usize, alpha: &[u8]) {
    for (pixel, alpha) in samples.chunks_exact_mut(channels).zip(alpha) {
        let alpha = u16::from(*alpha);
        for sample in pixel {
            *sample = ((u16::from(*sample) * alpha + 255 * (255 - alpha)) / 255) as u8;
        }
    }
}

/// Decodes the first image that is painted, if it is a plain one.
#[derive(Default)]
struct Grabber {
    found: Option<(ImageData, Affine)>,
}

impl Device<'_> for Grabber {
    fn draw_image(&mut self, image: Image<'_, '_>, props: ImageDrawProps<'_>) {
        if let (None, Image::Raster(raster)) = (&self.found, image) {
            raster.with_rgba(
                |data, alpha| {
                    if alpha.is_none() {
                        self.found = Some((data, props.transform));
                    }
                },
                None,
            );
        }
    }
    fn draw_path(&mut self, _: &BezPath, _: DrawProps<'_>, _: &DrawMode) {}
    fn push_clip_path(&mut self, _: &ClipPath) {}
    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'_>>, _: BlendMode) {}
    fn draw_glyph_run(&mut self, _: &GlyphRun<'_, '_>, _: DrawProps<'_>, _: &DrawMode) {}
    fn pop_clip(&mut self) {}
    fn pop_transparency_group(&mut self) {}
}
