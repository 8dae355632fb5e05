//! PNG and JPEG: one page, recognised from its pixels.
//!
//! Orientation is the camera's (EXIF); the resolution is believed only if a page could have it.

use std::io::Cursor;

use image::codecs::{jpeg::JpegDecoder, png::PngDecoder};
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, Limits};

use super::recognise::{self, Frame};
use super::{Context, Reader, codes, limits, split};
use crate::model::Document;
use crate::stage::{Pixels, StageError};

/// PNG.
pub(super) const PNG: Reader = Reader {
    name: "png",
    media_type: "image/png",
    extension: "png",
    reads: "one page, recognised from its pixels",
    sniff: |bytes| bytes.starts_with(b"\x89PNG\r\n\x1a\n"),
    read: |bytes, context| document(vec![png(bytes)?], context),
};

/// JPEG.
pub(super) const JPEG: Reader = Reader {
    name: "jpeg",
    media_type: "image/jpeg",
    extension: "jpg",
    reads: "one page, recognised from its pixels",
    sniff: |bytes| bytes.starts_with(b"\xff\xd8\xff"),
    read: |bytes, context| document(vec![jpeg(bytes)?], context),
};

/// Memory a decoder may ask for: what the largest image we allow takes with four channels of 16 bits.
const MEMORY: u64 = limits::MAX_PIXELS * 8;

fn png(bytes: &[u8]) -> Result<Pixels, StageError> {
    let mut limit = Limits::default();
    limit.max_alloc = Some(MEMORY);
    let decoder = PngDecoder::with_limits(Cursor::new(bytes), limit).map_err(|_| corrupt("PNG"))?;
    decode(decoder, png_density(bytes), "PNG")
}

fn jpeg(bytes: &[u8]) -> Result<Pixels, StageError> {
    let decoder = JpegDecoder::new(Cursor::new(bytes)).map_err(|_| corrupt("JPEG"))?;
    decode(decoder, jpeg_density(bytes), "JPEG")
}

/// An image that its decoder gives up on.
pub(super) fn corrupt(format: &str) -> StageError {
    StageError::input(
        "CORRUPT_FILE",
        format!("the {format} image cannot be decoded"),
    )
}

/// The pixels of an image within the limits, upright and on white paper.
pub(super) fn decode(
    mut decoder: impl ImageDecoder,
    density: Option<f64>,
    format: &str,
) -> Result<Pixels, StageError> {
    let (width, height) = decoder.dimensions();
    limits::pixels(width, height)?;
    let mut limit = Limits::default();
    limit.max_alloc = Some(MEMORY);
    decoder.set_limits(limit).map_err(|_| corrupt(format))?;
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let mut image = DynamicImage::from_decoder(decoder).map_err(|_| corrupt(format))?;
    image.apply_orientation(orientation);
    let (width, height) = (image.width(), image.height());
    let (channels, samples) = on_white(image);
    Ok(Pixels {
        width,
        height,
        channels,
        samples,
        dpi: density.and_then(|dpi| recognise::believable(dpi, width, height)),
    })
}

/// One or three channels; what is transparent is paper.
fn on_white(image: DynamicImage) -> (u8, Vec<u8>) {
    match image {
        DynamicImage::ImageLuma8(grey) => (1, grey.into_raw()),
        DynamicImage::ImageRgb8(colour) => (3, colour.into_raw()),
        image if image.color().has_alpha() => {
            let samples = image
                .into_rgba8()
                .pixels()
                .flat_map(|pixel| {
                    let [red, green, blue, alpha] = pixel.0.map(u16::from);
                    [red, green, blue].map(|ink| ((ink * alpha + 255 * (255 - alpha)) / 255) as u8)
                })
                .collect();
            (3, samples)
        }
        image if image.color().has_color() => (3, image.into_rgb8().into_raw()),
        image => (1, image.into_luma8().into_raw()),
    }
}

/// Dots an inch, from a PNG's `pHYs` chunk (dots a metre).
fn png_density(bytes: &[u8]) -> Option<f64> {
    let mut at = 8;
    while let Some(head) = bytes.get(at..at + 8) {
        let length = u32::from_be_bytes(head[..4].try_into().ok()?) as usize;
        match &head[4..] {
            b"pHYs" => {
                let data = bytes.get(at + 8..at + 17)?;
                let dots = u32::from_be_bytes(data[..4].try_into().ok()?);
                return (data[8] == 1).then_some(f64::from(dots) * 0.0254);
            }
            b"IDAT" | b"IEND" => return None,
            _ => at = at.checked_add(length)?.checked_add(12)?,
        }
    }
    None
}

/// Dots an inch, from a JPEG's JFIF header.
fn jpeg_density(bytes: &[u8]) -> Option<f64> {
    let header = bytes.get(2..16)?;
    if header[..2] != [0xff, 0xe0] || &header[4..9] != b"JFIF\0" {
        return None;
    }
    let dots = f64::from(u16::from_be_bytes([*bytes.get(14)?, *bytes.get(15)?]));
    match bytes.get(13)? {
        1 => Some(dots),
        2 => Some(dots * 2.54),
        _ => None,
    }
}

/// A document of pages that are nothing but pixels.
pub(super) fn document(
    images: Vec<Pixels>,
    context: &mut Context<'_>,
) -> Result<Vec<Document>, StageError> {
    let Some(engine) = &mut context.engine else {
        return Err(recognise::unavailable());
    };
    let mut pages = Vec::with_capacity(images.len());
    let mut codes = Vec::new();
    for (at, pixels) in images.into_iter().enumerate() {
        let n = at as u32 + 1;
        (context.page)(n);
        let frame = Frame::whole(&pixels);
        codes.extend(codes::on_page(n, &pixels, &frame));
        pages.push(recognise::page(n, &pixels, &frame, &mut **engine)?);
    }
    Ok(split::documents(pages, &[], &codes, context))
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::{ExtendedColorType, ImageEncoder};

    fn png_of(samples: &[u8], width: u32, height: u32, kind: ExtendedColorType) -> Vec<u8> {
        let mut out = Vec::new();
        image::codecs::png::PngEncoder::new(&mut out)
            .write_image(samples, width, height, kind)
            .expect("encodes");
        out
    }

    #[test]
    fn transparent_pixels_are_paper() {
        let file = png_of(&[0, 0, 0, 0, 0, 0, 0, 255], 2, 1, ExtendedColorType::Rgba8);
        let pixels = png(&file).expect("decodes");
        assert_eq!(
            (pixels.channels, pixels.samples),
            (3, vec![255, 255, 255, 0, 0, 0])
        );
    }

    #[test]
    fn density_is_found_and_doubted() {
        let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
        file.extend(b"\0\0\0\x09pHYs");
        file.extend(11_811u32.to_be_bytes());
        file.extend(11_811u32.to_be_bytes());
        file.push(1);
        let dpi = png_density(&file).expect("has a density");
        assert_eq!(recognise::believable(dpi, 2480, 3508), Some(300));
        let jfif = b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01\x01\x01\0\x48\0\x48";
        assert_eq!(jpeg_density(jfif), Some(72.0));
    }

    #[test]
    fn torn_and_oversized_images_are_refused() {
        let file = png_of(&[0; 64 * 64], 64, 64, ExtendedColorType::L8);
        assert_eq!(
            png(&file[..file.len() / 2])
                .map_err(|error| error.code)
                .err(),
            Some("CORRUPT_FILE")
        );
        let mut huge = file;
        huge[16..24].copy_from_slice(&[0, 1, 0, 0, 0, 1, 0, 0]);
        // The header's checksum no longer fits; either refusal is right, decoding is not.
        assert!(png(&huge).is_err());
    }
}
