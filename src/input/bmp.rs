//! BMP: one page, recognised from its pixels. Old scanners and screenshots write it.
//!
//! The resolution of its header is believed only if a page could have it.

use std::io::Cursor;

use image::codecs::bmp::BmpDecoder;

use super::Reader;
use super::image::{corrupt, decode, document};
use crate::stage::{Pixels, StageError};

/// BMP.
pub(super) const BMP: Reader = Reader {
    name: "bmp",
    media_type: "image/bmp",
    extension: "bmp",
    reads: "one page, recognised from its pixels",
    sniff,
    read: |bytes, context| document(vec![pixels(bytes)?], context),
};

/// Sizes of the second header, in all versions of the format.
const HEADERS: &[u32] = &[12, 16, 40, 52, 56, 64, 108, 124];

/// `BM` alone begins many a text: the size of the header behind tells.
fn sniff(bytes: &[u8]) -> bool {
    bytes.starts_with(b"BM") && number(bytes, 14).is_some_and(|size| HEADERS.contains(&size))
}

fn number(bytes: &[u8], at: usize) -> Option<u32> {
    let four = bytes.get(at..at + 4)?;
    Some(u32::from_le_bytes(four.try_into().ok()?))
}

fn pixels(bytes: &[u8]) -> Result<Pixels, StageError> {
    let decoder = BmpDecoder::new(Cursor::new(bytes)).map_err(|_| corrupt("BMP"))?;
    // Dots a metre, in all headers but the oldest.
    let has_density = number(bytes, 14).is_some_and(|size| size >= 40);
    let dots = number(bytes, 38).filter(|_| has_density);
    decode(decoder, dots.map(|dots| f64::from(dots) * 0.0254), "BMP")
}

#[cfg(test)]
mod tests {
    use image::codecs::bmp::BmpEncoder;
    use image::{ExtendedColorType, ImageEncoder as _};

    use super::*;

    fn file() -> Vec<u8> {
        let mut samples = vec![255; 20 * 10 * 3];
        samples[..3].fill(0);
        let mut out = Vec::new();
        BmpEncoder::new(&mut out)
            .write_image(&samples, 20, 10, ExtendedColorType::Rgb8)
            .expect("encodes");
        out
    }

    #[test]
    fn pictures_are_decoded_the_right_way_up() {
        let bytes = file();
        assert!(sniff(&bytes));
        let pixels = pixels(&bytes).expect("decodes");
        assert_eq!((pixels.width, pixels.height, pixels.channels), (20, 10, 3));
        assert_eq!(pixels.samples[..6], [0, 0, 0, 255, 255, 255]);
    }

    #[test]
    fn torn_and_oversized_pictures_are_refused() {
        let whole = file();
        let mut vast = whole.clone();
        vast[18..26].copy_from_slice(&[0x11, 0x27, 0, 0, 0x11, 0x27, 0, 0]);
        for (bytes, code) in [
            (&whole[..whole.len() / 2], "CORRUPT_FILE"),
            (&whole[..20], "CORRUPT_FILE"),
            (&vast, "IMAGE_TOO_LARGE"),
        ] {
            assert_eq!(pixels(bytes).err().map(|error| error.code), Some(code));
        }
    }

    #[test]
    fn text_that_begins_alike_is_no_picture() {
        for text in [&b"BMW invoices and their numbers"[..], b"BM", b""] {
            assert!(!sniff(text));
        }
    }
}
