//! WebP: one page, recognised from its pixels. Of an animation the first picture.
//!
//! Phones and web mails make it of scans and photos. It carries no resolution outside of EXIF; the page's size is guessed
//! from its pixels as for other images without one.

use std::io::Cursor;

use image::codecs::webp::WebPDecoder;

use super::Reader;
use super::image::{corrupt, decode, document};
use crate::stage::{Pixels, StageError};

/// WebP (RFC 9649): the file is a RIFF container.
pub(super) const WEBP: Reader = Reader {
    name: "webp",
    media_type: "image/webp",
    extension: "webp",
    reads: "one page, recognised from its pixels",
    sniff: |bytes| bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP"),
    read: |bytes, context| document(vec![pixels(bytes)?], context),
};

fn pixels(bytes: &[u8]) -> Result<Pixels, StageError> {
    let decoder = WebPDecoder::new(Cursor::new(bytes)).map_err(|_| corrupt("WebP"))?;
    decode(decoder, None, "WebP")
}

#[cfg(test)]
mod tests {
    use image::codecs::webp::WebPEncoder;
    use image::{ExtendedColorType, ImageEncoder};

    use super::*;
    use crate::input::{self, Context};
    use crate::model::{DocId, Rect, Word};
    use crate::stage::{Engine, Recognised};

    /// Reads one word as long as there is a black pixel where it expects one.
    struct Sees;

    impl Engine for Sees {
        fn version(&self) -> (String, String) {
            ("sees".to_owned(), "1".to_owned())
        }

        fn languages(&self) -> String {
            "eng".to_owned()
        }

        fn read(&mut self, page: &Pixels) -> Result<Recognised, StageError> {
            let at = (page.width * 2 + 5) as usize * usize::from(page.channels);
            let word = Word {
                text: format!("{}x{}:{}", page.width, page.height, page.samples[at]),
                rect: Rect {
                    x0: 5.0,
                    y0: 2.0,
                    x1: 6.0,
                    y1: 3.0,
                },
                confidence: 0.9,
            };
            Ok(Recognised {
                words: vec![word],
                rotation: 0,
            })
        }
    }

    /// White paper of 64 by 48 pixels with one black one in the third row.
    fn file() -> Vec<u8> {
        let mut samples = vec![255; 64 * 48 * 3];
        samples[(64 * 2 + 5) * 3..][..3].fill(0);
        let mut out = Vec::new();
        WebPEncoder::new_lossless(&mut out)
            .write_image(&samples, 64, 48, ExtendedColorType::Rgb8)
            .expect("encodes");
        out
    }

    fn read(bytes: &[u8]) -> Result<String, &'static str> {
        let id = DocId::from_text("f");
        let mut context = Context {
            max_part: usize::MAX,
            id: &id,
            engine: Some(&mut Sees),
            page: &mut |_| {},
        };
        let documents = input::read(bytes, &mut context).map_err(|error| error.code)?;
        let [document] = documents.as_slice() else {
            return Err("one document is expected");
        };
        let pages = document.ocr.as_ref().map(|ocr| ocr.pages.as_slice());
        let text = pages.and_then(|pages| pages[0].text.clone());
        Ok(format!(
            "{} {}",
            document.source.media_type.as_deref().unwrap_or_default(),
            text.unwrap_or_default()
        ))
    }

    #[test]
    fn files_are_decoded_and_read_or_refused() {
        let whole = file();
        let mut huge = whole.clone();
        // Width and height of a lossless stream: 14 bits each, less one.
        huge[21..25].copy_from_slice(&0x0fff_bffe_u32.to_le_bytes());
        for (bytes, expected) in [
            (whole.as_slice(), Ok("image/webp 64x48:0".to_owned())),
            (&whole[..whole.len() - 12], Err("CORRUPT_FILE")),
            (&whole[..12], Err("CORRUPT_FILE")),
            (&huge, Err("IMAGE_TOO_LARGE")),
            (b"RIFF\0\0\0\0WAVEfmt ", Err("UNSUPPORTED_TYPE")),
        ] {
            assert_eq!(read(bytes), expected, "{} bytes", bytes.len());
        }
    }
}
