//! TIFF, as scanners and fax gateways write it: many pages, packed in any of the usual ways, one to sixteen bits.

use std::io::Cursor;

use tiff::ColorType;
use tiff::decoder::{Decoder, DecodingResult, Limits};
use tiff::tags::Tag;

use super::recognise::{self, Frame};
use super::{Context, Reader, codes, limits, split};
use crate::model::Document;
use crate::stage::{Pixels, StageError};

/// TIFF.
pub(super) const TIFF: Reader = Reader {
    name: "tiff",
    media_type: "image/tiff",
    extension: "tif",
    reads: "any number of pages, recognised from their pixels",
    sniff: |bytes| bytes.starts_with(b"II*\0") || bytes.starts_with(b"MM\0*"),
    read,
};

fn read(bytes: &[u8], context: &mut Context<'_>) -> Result<Vec<Document>, StageError> {
    if context.engine.is_none() {
        return Err(recognise::unavailable());
    }
    let mut decoder = open(bytes)?;
    let mut pages = Vec::new();
    let mut codes = Vec::new();
    loop {
        let n = pages.len() as u32 + 1;
        limits::pages(n as usize)?;
        (context.page)(n);
        // Pages are decoded one by one: a fax of a hundred pages would fill the memory at once.
        let pixels = page(&mut decoder)?;
        if let Some(engine) = &mut context.engine {
            let frame = Frame::whole(&pixels);
            codes.extend(codes::on_page(n, &pixels, &frame));
            pages.push(recognise::page(n, &pixels, &frame, &mut **engine)?);
        }
        if !decoder.more_images() {
            break;
        }
        decoder.next_image().map_err(|_| corrupt())?;
    }
    Ok(split::documents(pages, &[], &codes, context))
}

fn corrupt() -> StageError {
    StageError::input("CORRUPT_FILE", "the TIFF image cannot be decoded")
}

fn open(bytes: &[u8]) -> Result<Decoder<Cursor<&[u8]>>, StageError> {
    let mut limit = Limits::default();
    limit.decoding_buffer_size = limits::MAX_PIXELS as usize * 4;
    limit.intermediate_buffer_size = limits::MAX_PIXELS as usize * 4;
    let decoder = Decoder::new(Cursor::new(bytes)).map_err(|_| corrupt())?;
    Ok(decoder.with_limits(limit))
}

/// The page the decoder stands at.
fn page(decoder: &mut Decoder<Cursor<&[u8]>>) -> Result<Pixels, StageError> {
    let (width, height) = decoder.dimensions().map_err(|_| corrupt())?;
    limits::pixels(width, height)?;
    let kind = decoder.colortype().map_err(|_| corrupt())?;
    let palette = match kind {
        ColorType::Palette(_) => decoder
            .get_tag_u16_vec(Tag::ColorMap)
            .map_err(|_| corrupt())?,
        _ => Vec::new(),
    };
    let density = density(decoder);
    let turn: u16 = decoder
        .find_tag_unsigned(Tag::Orientation)
        .ok()
        .flatten()
        .unwrap_or(1);
    let samples = match decoder.read_image().map_err(|_| corrupt())? {
        DecodingResult::U8(samples) => samples,
        DecodingResult::U16(samples) => samples.iter().map(|sample| (sample >> 8) as u8).collect(),
        _ => return Err(unsupported()),
    };
    let (channels, samples) = channels(kind, width as usize, samples, &palette)?;
    if samples.len() != width as usize * height as usize * usize::from(channels) {
        return Err(corrupt());
    }
    let pixels = Pixels {
        width,
        height,
        channels,
        samples,
        dpi: density.and_then(|dpi| recognise::believable(dpi, width, height)),
    };
    Ok(turned(pixels, turn))
}

fn unsupported() -> StageError {
    StageError::input(
        "UNSUPPORTED_TYPE",
        "the TIFF stores its pixels in a way that is not read here",
    )
}

/// Dots an inch.
fn density(decoder: &mut Decoder<Cursor<&[u8]>>) -> Option<f64> {
    let dots = f64::from(decoder.get_tag_f32(Tag::XResolution).ok()?);
    let unit: u16 = decoder
        .find_tag_unsigned(Tag::ResolutionUnit)
        .ok()
        .flatten()
        .unwrap_or(2);
    match unit {
        2 => Some(dots),
        3 => Some(dots * 2.54),
        _ => None,
    }
}

/// Any kind of pixel as grey or colour, eight bits each; what is transparent is left as it is painted.
fn channels(
    kind: ColorType,
    width: usize,
    samples: Vec<u8>,
    palette: &[u16],
) -> Result<(u8, Vec<u8>), StageError> {
    let every = |of: usize, take: fn(&[u8]) -> [u8; 3]| -> Vec<u8> {
        samples.chunks_exact(of).flat_map(take).collect()
    };
    Ok(match kind {
        ColorType::Gray(bits @ (1 | 2 | 4)) => {
            let most = (1u16 << bits) - 1;
            let grey = |value: u8| (u16::from(value) * 255 / most) as u8;
            (
                1,
                unpack(&samples, width, bits)
                    .into_iter()
                    .map(grey)
                    .collect(),
            )
        }
        ColorType::Gray(8 | 16) => (1, samples),
        ColorType::GrayA(8 | 16) => (1, samples.iter().step_by(2).copied().collect()),
        ColorType::RGB(8 | 16) => (3, samples),
        ColorType::RGBA(8 | 16) => (3, every(4, |pixel| [pixel[0], pixel[1], pixel[2]])),
        ColorType::YCbCr(8) => (3, every(3, |pixel| ycbcr(pixel[0], pixel[1], pixel[2]))),
        ColorType::CMYK(8 | 16) => (
            3,
            every(4, |pixel| {
                let light =
                    |ink: u8| (u16::from(255 - ink) * u16::from(255 - pixel[3]) / 255) as u8;
                [light(pixel[0]), light(pixel[1]), light(pixel[2])]
            }),
        ),
        ColorType::Palette(bits @ (1 | 2 | 4 | 8)) => {
            let size = 1usize << bits;
            if palette.len() < 3 * size {
                return Err(corrupt());
            }
            let colour = |value: u8| {
                [0, 1, 2].map(|channel| (palette[channel * size + usize::from(value)] >> 8) as u8)
            };
            (
                3,
                unpack(&samples, width, bits)
                    .into_iter()
                    .flat_map(colour)
                    .collect(),
            )
        }
        _ => return Err(unsupported()),
    })
}

/// Samples of less than eight bits, one a byte; rows begin at full bytes.
fn unpack(samples: &[u8], width: usize, bits: u8) -> Vec<u8> {
    if bits == 8 {
        return samples.to_vec();
    }
    let a_byte = 8 / usize::from(bits);
    let mask = (1u16 << bits) as u8 - 1;
    samples
        .chunks(width.div_ceil(a_byte))
        .flat_map(|row| {
            (0..width).map(move |x| {
                let byte = row.get(x / a_byte).copied().unwrap_or(0);
                byte >> (8 - usize::from(bits) * (x % a_byte + 1)) & mask
            })
        })
        .collect()
}

/// Colour from luminance and chrominance (ITU-R BT.601, as TIFF 6.0 section 21 takes it).
fn ycbcr(y: u8, cb: u8, cr: u8) -> [u8; 3] {
    let (y, cb, cr) = (f32::from(y), f32::from(cb) - 128.0, f32::from(cr) - 128.0);
    [
        y + 1.402 * cr,
        y - 0.344_14 * cb - 0.714_14 * cr,
        y + 1.772 * cb,
    ]
    .map(|value| value.clamp(0.0, 255.0) as u8)
}

/// Turns the pixels as the `Orientation` tag asks (1 to 8, as in EXIF).
fn turned(pixels: Pixels, orientation: u16) -> Pixels {
    let (width, height) = (pixels.width as usize, pixels.height as usize);
    let (wide, high) = if orientation >= 5 {
        (height, width)
    } else {
        (width, height)
    };
    let from = |x: usize, y: usize| match orientation {
        2 => (width - 1 - x, y),
        3 => (width - 1 - x, height - 1 - y),
        4 => (x, height - 1 - y),
        5 => (y, x),
        6 => (y, height - 1 - x),
        7 => (width - 1 - y, height - 1 - x),
        8 => (width - 1 - y, x),
        _ => (x, y),
    };
    if !(2..=8).contains(&orientation) {
        return pixels;
    }
    let channels = usize::from(pixels.channels);
    let mut samples = Vec::with_capacity(pixels.samples.len());
    for y in 0..high {
        for x in 0..wide {
            let (x, y) = from(x, y);
            let at = (y * width + x) * channels;
            samples.extend_from_slice(&pixels.samples[at..at + channels]);
        }
    }
    Pixels {
        width: wide as u32,
        height: high as u32,
        samples,
        ..pixels
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tiff::encoder::{TiffEncoder, colortype};

    fn two_pages() -> Vec<u8> {
        let mut out = Cursor::new(Vec::new());
        let mut encoder = TiffEncoder::new(&mut out).expect("begins");
        encoder
            .write_image::<colortype::Gray8>(2, 1, &[0, 255])
            .expect("writes grey");
        encoder
            .write_image::<colortype::RGB8>(1, 1, &[1, 2, 3])
            .expect("writes colour");
        out.into_inner()
    }

    #[test]
    fn pages_are_read_one_after_the_other() {
        let file = two_pages();
        let mut decoder = open(&file).expect("opens");
        let first = page(&mut decoder).expect("reads");
        assert_eq!(
            (first.width, first.channels, first.samples),
            (2, 1, vec![0, 255])
        );
        assert!(decoder.more_images());
        decoder.next_image().expect("goes on");
        let second = page(&mut decoder).expect("reads");
        assert_eq!((second.channels, second.samples), (3, vec![1, 2, 3]));
        assert!(!decoder.more_images());
    }

    #[test]
    fn a_torn_file_is_refused() {
        let file = two_pages();
        for cut in [4, 8, file.len() / 2] {
            let outcome = open(&file[..cut]).and_then(|mut decoder| page(&mut decoder).map(|_| ()));
            assert!(outcome.is_err() || cut > 8, "cut at {cut}");
        }
    }

    #[test]
    fn bits_and_palettes_are_unpacked() {
        assert_eq!(
            unpack(&[0b1010_0000, 0b0100_0000], 3, 1),
            [1, 0, 1, 0, 1, 0]
        );
        assert_eq!(unpack(&[0x12, 0x30], 3, 4), [1, 2, 3]);
        let palette = [0, 0xff00, 0, 0x8000, 0, 0x4000];
        let found = channels(ColorType::Palette(1), 2, vec![0b0100_0000], &palette);
        assert_eq!(found.ok(), Some((3, vec![0, 0, 0, 255, 128, 64])));
    }

    #[test]
    fn orientation_is_obeyed() {
        let pixels = Pixels {
            width: 2,
            height: 1,
            channels: 1,
            samples: vec![1, 2],
            dpi: None,
        };
        for (orientation, width, samples) in [
            (1, 2, [1, 2]),
            (3, 2, [2, 1]),
            (6, 1, [1, 2]),
            (8, 1, [2, 1]),
        ] {
            let turned = turned(pixels.clone(), orientation);
            assert_eq!(
                (turned.width, turned.samples.as_slice()),
                (width, &samples[..])
            );
        }
    }
}
