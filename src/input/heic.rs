//! HEIC: one page, recognised from its pixels. Phones take their photos in it.
//!
//! Turning and mirroring are part of the format and done by the decoder. AVIF shares the container and has other pictures in
//! it: that is not read.

use super::image::{corrupt, document};
use super::{Reader, limits};
use crate::stage::{Pixels, StageError};
use heic_rs::{DecodeOptions, Error};

/// HEIC (ISO/IEC 23008-12 with HEVC pictures).
pub(super) const HEIC: Reader = Reader {
    name: "heic",
    media_type: "image/heic",
    extension: "heic",
    reads: "one page, recognised from its pixels",
    sniff,
    read: |bytes, context| document(vec![pixels(bytes)?], context),
};

/// Brands of files with HEVC pictures.
const BRANDS: &[&[u8]] = &[b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx"];

/// The box `ftyp` names the brands: one of ours, as the major one or among the compatible.
fn sniff(bytes: &[u8]) -> bool {
    let Some((size, b"ftyp")) = bytes.get(..4).zip(bytes.get(4..8)) else {
        return false;
    };
    let size = u32::from_be_bytes([size[0], size[1], size[2], size[3]]) as usize;
    let end = size.min(bytes.len()).min(256);
    let brands = bytes.get(8..end).unwrap_or_default();
    brands
        .chunks_exact(4)
        .enumerate()
        .any(|(at, brand)| at != 1 && BRANDS.contains(&brand))
}

fn pixels(bytes: &[u8]) -> Result<Pixels, StageError> {
    let refused = |error: Error| match error {
        Error::Unsupported(_) => StageError::input(
            "UNSUPPORTED_TYPE",
            "the HEIC image uses a part of the format that is not read here; save it as JPEG or PNG",
        ),
        _ => corrupt("HEIC"),
    };
    let info = heic_rs::probe(bytes).map_err(refused)?;
    limits::pixels(info.width, info.height)?;
    limits::pixels(info.coded_width, info.coded_height)?;
    let options = DecodeOptions {
        max_pixels: Some(limits::MAX_PIXELS),
        ..DecodeOptions::default()
    };
    let image = heic_rs::decode(bytes, &options).map_err(refused)?;
    Ok(Pixels {
        width: image.width,
        height: image.height,
        channels: 3,
        samples: image.data,
        dpi: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_brand_tells() {
        for (bytes, is) in [
            (&b"\0\0\0\x18ftypheic\0\0\0\0mif1heic"[..], true),
            (b"\0\0\0\x18ftypmif1\0\0\0\0mif1heic", true),
            (b"\0\0\0\x18ftypavif\0\0\0\0mif1avif", false),
            (b"\0\0\0\x18ftypisom\0\0\0\0isommp42", false),
            (b"\0\0\0\x18ftyp", false),
            (b"ftypheic", false),
            (b"", false),
        ] {
            assert_eq!(sniff(bytes), is, "{bytes:?}");
        }
    }

    #[test]
    fn torn_files_are_refused() {
        for bytes in [
            &b"\0\0\0\x18ftypheic\0\0\0\0mif1heic"[..],
            b"\0\0\0\x18ftypheic\0\0\0\0mif1heic\0\0\0\x10meta\0\0\0\0\0\0\0\0",
        ] {
            let code = pixels(bytes).err().map(|error| error.code);
            assert_eq!(code, Some("CORRUPT_FILE"));
        }
    }
}
