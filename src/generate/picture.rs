//! Pages as pixels, and what scanners and cameras do to them. Everything follows from the seed.

use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::{PixmapSettings, RenderCache, RenderSettings};
use hayro_interpret::InterpreterSettings;
use hayro_syntax::Pdf;
use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::PngEncoder;
use image::{ExtendedColorType, GrayImage, ImageEncoder, Luma};

use super::GenerateError;
use super::dice::Dice;

/// What happens to a page between the printer and the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Noise {
    /// Nothing.
    None,
    /// A scanner: a little askew, grey, specks.
    Scan,
    /// A camera: askew, out of focus, a shadow, a stamp, JPEG.
    Photo,
}

/// The pages of a PDF below each other, grey, as PNG bytes.
///
/// # Errors
/// If the PDF cannot be read or the image not be written.
pub fn png(pdf: &[u8], noise: Noise, seed: u64) -> Result<Vec<u8>, GenerateError> {
    let dpi = if noise == Noise::Photo { 170.0 } else { 200.0 };
    let mut page = grey(pdf, dpi)?;
    let mut dice = Dice::named(seed, "noise");
    match noise {
        Noise::None => {}
        Noise::Scan => {
            page = turned(&page, dice.swing() * 1.2);
            toned(
                &mut page,
                dice.between(0, 30) as u8,
                dice.between(225, 255) as u8,
            );
            specks(&mut page, &mut dice, 6_000);
            if dice.one_in(3) {
                stamp(&mut page, &mut dice);
            }
            page = compressed(&page, dice.between(60, 85) as u8)?;
        }
        Noise::Photo => {
            if dice.one_in(2) {
                stamp(&mut page, &mut dice);
            }
            page = turned(&page, dice.swing() * 3.5);
            blur(&mut page);
            toned(
                &mut page,
                dice.between(25, 70) as u8,
                dice.between(190, 235) as u8,
            );
            shadow(&mut page, &mut dice);
            specks(&mut page, &mut dice, 20_000);
            page = compressed(&page, dice.between(35, 65) as u8)?;
        }
    }
    let mut bytes = Vec::new();
    PngEncoder::new(&mut bytes).write_image(
        page.as_raw(),
        page.width(),
        page.height(),
        ExtendedColorType::L8,
    )?;
    Ok(bytes)
}

fn grey(pdf: &[u8], dpi: f32) -> Result<GrayImage, GenerateError> {
    let pdf = Pdf::new(pdf.to_vec()).map_err(|error| GenerateError::Pdf(format!("{error:?}")))?;
    let scale = dpi / 72.0;
    let cache = RenderCache::new();
    let pages: Vec<GrayImage> = pdf
        .pages()
        .iter()
        .filter_map(|page| {
            let settings = PixmapSettings {
                x_scale: scale,
                y_scale: scale,
                bg_color: WHITE,
            };
            let pixmap = hayro::render(
                page,
                &cache,
                &InterpreterSettings::default(),
                &RenderSettings::default(),
                &settings,
            );
            // ITU-R BT.601, in thousandths.
            let samples = pixmap
                .data_as_u8_slice()
                .chunks_exact(4)
                .map(|p| {
                    ((u32::from(p[0]) * 299 + u32::from(p[1]) * 587 + u32::from(p[2]) * 114) / 1000)
                        as u8
                })
                .collect();
            GrayImage::from_raw(
                u32::from(pixmap.width()),
                u32::from(pixmap.height()),
                samples,
            )
        })
        .collect();
    let width = pages.iter().map(GrayImage::width).max().unwrap_or(1);
    let height = pages.iter().map(GrayImage::height).sum::<u32>().max(1);
    let mut whole = GrayImage::from_pixel(width, height, Luma([255]));
    let mut top = 0;
    for page in &pages {
        image::imageops::replace(&mut whole, page, 0, i64::from(top));
        top += page.height();
    }
    Ok(whole)
}

/// The page turned about its middle by so many degrees, on white.
fn turned(page: &GrayImage, degrees: f32) -> GrayImage {
    let (sin, cos) = degrees.to_radians().sin_cos();
    let (width, height) = (page.width() as f32, page.height() as f32);
    let at = |x: i64, y: i64| {
        if x < 0 || y < 0 || x >= i64::from(page.width()) || y >= i64::from(page.height()) {
            250.0
        } else {
            f32::from(page.get_pixel(x as u32, y as u32)[0])
        }
    };
    GrayImage::from_fn(page.width(), page.height(), |x, y| {
        let (dx, dy) = (x as f32 - width / 2.0, y as f32 - height / 2.0);
        let (sx, sy) = (
            cos * dx + sin * dy + width / 2.0,
            cos * dy - sin * dx + height / 2.0,
        );
        let (left, top) = (sx.floor(), sy.floor());
        let (fx, fy) = (sx - left, sy - top);
        let (x, y) = (left as i64, top as i64);
        let upper = at(x, y) * (1.0 - fx) + at(x + 1, y) * fx;
        let lower = at(x, y + 1) * (1.0 - fx) + at(x + 1, y + 1) * fx;
        Luma([(upper * (1.0 - fy) + lower * fy) as u8])
    })
}

/// Black becomes `dark`, white `light`, what is between goes between.
fn toned(page: &mut GrayImage, dark: u8, light: u8) {
    let span = u32::from(light - dark);
    for pixel in page.pixels_mut() {
        pixel[0] = dark + (u32::from(pixel[0]) * span / 255) as u8;
    }
}

/// One speck in so many pixels, dark or light.
fn specks(page: &mut GrayImage, dice: &mut Dice, rarity: u64) {
    let (width, height) = page.dimensions();
    for _ in 0..u64::from(width) * u64::from(height) / rarity {
        let (x, y) = (
            dice.below(u64::from(width)) as u32,
            dice.below(u64::from(height)) as u32,
        );
        let value = if dice.one_in(3) {
            240
        } else {
            dice.between(60, 160) as u8
        };
        page.put_pixel(x, y, Luma([value]));
    }
}

/// Each pixel the mean of those around it, half its own.
fn blur(page: &mut GrayImage) {
    let before = page.clone();
    for y in 1..page.height().saturating_sub(1) {
        for x in 1..page.width().saturating_sub(1) {
            let at = |x: u32, y: u32| u32::from(before.get_pixel(x, y)[0]);
            let around = at(x - 1, y) + at(x + 1, y) + at(x, y - 1) + at(x, y + 1);
            page.put_pixel(x, y, Luma([((around + 4 * at(x, y)) / 8) as u8]));
        }
    }
}

/// Light that falls off towards one corner.
fn shadow(page: &mut GrayImage, dice: &mut Dice) {
    let (across, down) = (dice.swing(), dice.swing());
    let depth = dice.between(15, 35) as f32 / 100.0;
    let (width, height) = (page.width() as f32, page.height() as f32);
    for (x, y, pixel) in page.enumerate_pixels_mut() {
        let slope = across * (x as f32 / width - 0.5) + down * (y as f32 / height - 0.5);
        let light = 1.0 - depth * (slope + 0.5).clamp(0.0, 1.0);
        pixel[0] = (f32::from(pixel[0]) * light) as u8;
    }
}

/// The ring of a stamp, printed through: what is below stays legible.
fn stamp(page: &mut GrayImage, dice: &mut Dice) {
    let side = page.width() as f32;
    let radius = side * dice.between(7, 10) as f32 / 100.0;
    let x0 = side * dice.between(25, 75) as f32 / 100.0;
    let y0 = page.height() as f32 * dice.between(25, 80) as f32 / 100.0;
    for (x, y, pixel) in page.enumerate_pixels_mut() {
        let (dx, dy) = (x as f32 - x0, (y as f32 - y0) * 1.4);
        let away = dx.hypot(dy) / radius;
        let bar = away < 0.85 && dy.abs() < radius * 0.03;
        if (0.93..1.0).contains(&away) || (0.83..0.86).contains(&away) || bar {
            pixel[0] = (u32::from(pixel[0]) * 62 / 100) as u8;
        }
    }
}

/// The page as JPEG gives it back.
fn compressed(page: &GrayImage, quality: u8) -> Result<GrayImage, GenerateError> {
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, quality).encode(
        page.as_raw(),
        page.width(),
        page.height(),
        ExtendedColorType::L8,
    )?;
    Ok(image::load_from_memory_with_format(&bytes, image::ImageFormat::Jpeg)?.into_luma8())
}
