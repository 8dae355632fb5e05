//! Payment codes in pixels: EPC069-12 (`GiroCode`), Swiss QR-bill, Spayd.
//!
//! Pages are looked at in the resolution that suffices for the smallest usual code, and again in others where one was seen and
//! not read. What is no payment code (tax signatures of tills, web addresses) is left out; what the codes say is
//! understood by `extract`.

use std::panic::{AssertUnwindSafe, catch_unwind};

use rqrr::PreparedImage;

use super::recognise::Frame;
use crate::model::{PageCode, Rect};
use crate::stage::Pixels;

/// Resolution at which codes are looked for first: a code of 25 mm and 57 modules a side has more than two pixels a module.
pub(super) const DPI: f64 = 150.0;
/// Images of no more pixels are looked at in all of them: it costs no more than a page at that resolution.
const SMALL: u64 = 2_200_000;
/// What payment codes begin with.
const PAYMENTS: &[&str] = &["BCD\n", "BCD\r", "SPC\n", "SPC\r", "SPD*"];
/// Most codes kept of one page.
const MOST: usize = 8;
/// Longest text of a code of version 40.
const LONGEST: usize = 4_296;

/// The payment codes of a page; what is seen and not read is looked at again with other edges of its modules.
pub(super) fn on_page(n: u32, pixels: &Pixels, frame: &Frame) -> Vec<PageCode> {
    let usual = factor(pixels, frame);
    for factor in [usual, 1, usual + 1] {
        let (codes, seen) = guarded(n, pixels, frame, factor);
        if !codes.is_empty() || !seen {
            return codes;
        }
    }
    Vec::new()
}

/// The payment codes of a page at first sight; `None` where there is one that other pixels may tell.
pub(super) fn at_first_sight(n: u32, pixels: &Pixels, frame: &Frame) -> Option<Vec<PageCode>> {
    let (codes, seen) = guarded(n, pixels, frame, factor(pixels, frame));
    (!codes.is_empty() || !seen).then_some(codes)
}

/// How many pixels a side are made one.
fn factor(pixels: &Pixels, frame: &Frame) -> usize {
    if u64::from(pixels.width) * u64::from(pixels.height) <= SMALL {
        return 1;
    }
    let dpi = 72.0 / frame.scale.0.max(1e-6);
    ((dpi / DPI).round() as usize).clamp(1, 8)
}

/// The decoder checks what it reads, but not everything: a panic of its costs the code and not the page.
fn guarded(n: u32, pixels: &Pixels, frame: &Frame, factor: usize) -> (Vec<PageCode>, bool) {
    catch_unwind(AssertUnwindSafe(|| look(n, pixels, frame, factor))).unwrap_or_default()
}

/// The payment codes at a resolution, and whether any code was seen and not read.
fn look(n: u32, pixels: &Pixels, frame: &Frame, factor: usize) -> (Vec<PageCode>, bool) {
    let (width, height, grey) = shrunk(pixels, factor);
    if width == 0 || height == 0 {
        return (Vec::new(), false);
    }
    let mut image =
        PreparedImage::prepare_from_greyscale(width, height, |x, y| grey[y * width + x]);
    let mut codes: Vec<PageCode> = Vec::new();
    let mut seen = false;
    for grid in image.detect_grids() {
        let mut bytes = Vec::new();
        if grid.decode_to(&mut bytes).is_err() || bytes.len() > LONGEST {
            seen = true;
            continue;
        }
        // Codes say their character set themselves; those that are no UTF-8 are of the Latin kind.
        let text = String::from_utf8(bytes).unwrap_or_else(|error| {
            let bytes = error.into_bytes();
            encoding_rs::WINDOWS_1252.decode(&bytes).0.into_owned()
        });
        if !PAYMENTS.iter().any(|start| text.starts_with(start)) || codes.len() == MOST {
            continue;
        }
        let corners = grid.bounds.map(|corner| {
            let place =
                |at: i32, scale: f64, origin: f64| origin + f64::from(at) * factor as f64 * scale;
            (
                place(corner.x, frame.scale.0, frame.origin.0),
                place(corner.y, frame.scale.1, frame.origin.1),
            )
        });
        codes.push(PageCode {
            page: n,
            bbox: Some(around(&corners)),
            text,
        });
    }
    // The decoder finds codes in no order that a reader would know.
    codes.sort_by(|a, b| {
        let edges = |code: &PageCode| {
            code.bbox.map_or((0, 0), |bbox| {
                ((bbox.y0 * 100.0) as i64, (bbox.x0 * 100.0) as i64)
            })
        };
        edges(a).cmp(&edges(b))
    });
    (codes, seen)
}

fn around(corners: &[(f64, f64); 4]) -> Rect {
    let edge = |pick: fn(&(f64, f64)) -> f64, best: fn(f64, f64) -> f64| {
        corners.iter().map(pick).reduce(best).unwrap_or_default()
    };
    Rect {
        x0: edge(|corner| corner.0, f64::min),
        y0: edge(|corner| corner.1, f64::min),
        x1: edge(|corner| corner.0, f64::max),
        y1: edge(|corner| corner.1, f64::max),
    }
}

/// The grey of the pixels, in squares of `factor` pixels a side averaged.
fn shrunk(pixels: &Pixels, factor: usize) -> (usize, usize, Vec<u8>) {
    let channels = usize::from(pixels.channels);
    let across = pixels.width as usize;
    let (width, height) = (across / factor, pixels.height as usize / factor);
    let mut grey = Vec::with_capacity(width * height);
    for y in 0..height {
        for x in 0..width {
            let mut sum = 0_usize;
            for row in y * factor..(y + 1) * factor {
                let start = (row * across + x * factor) * channels;
                let run = pixels.samples.get(start..start + factor * channels);
                sum += run
                    .unwrap_or_default()
                    .iter()
                    .map(|sample| usize::from(*sample))
                    .sum::<usize>();
            }
            grey.push((sum / (factor * factor * channels)) as u8);
        }
    }
    (width, height, grey)
}

#[cfg(test)]
mod tests {
    use qrcodegen::{QrCode, QrCodeEcc};

    use super::*;

    const EPC: &str = "BCD\n002\n1\nSCT\nCOBADEFFXXX\nExample GmbH\nDE89370400440532013000\nEUR1190.00\n\n\nRE-2026/001\n";

    /// A page of 100 x 60 mm at 300 dpi with a code of a text at a place, modules of so many pixels.
    fn page(text: &str, module: usize, at: (usize, usize), channels: u8) -> Pixels {
        let code = QrCode::encode_text(text, QrCodeEcc::Medium).expect("fits");
        let (width, height) = (1181, 709);
        let mut samples = vec![255; width * height * usize::from(channels)];
        for y in 0..code.size() {
            for x in 0..code.size() {
                if code.get_module(x, y) {
                    for py in 0..module {
                        for px in 0..module {
                            let (x, y) = (
                                x as usize * module + px + at.0,
                                y as usize * module + py + at.1,
                            );
                            let start = (y * width + x) * usize::from(channels);
                            samples[start..start + usize::from(channels)].fill(10);
                        }
                    }
                }
            }
        }
        Pixels {
            width: width as u32,
            height: height as u32,
            channels,
            samples,
            dpi: Some(300),
        }
    }

    #[test]
    fn payment_codes_are_read_and_others_left_out() {
        for (text, module, channels, found) in [
            (EPC, 8, 3, 1),
            (EPC, 5, 1, 1),
            (
                "SPD*1.0*ACC:CZ5855000000001265098001*AM:480.50*CC:CZK",
                9,
                1,
                1,
            ),
            ("SPC\r\n0200\r\n1\r\nCH4431999123000889012", 9, 3, 1),
            ("https://example.com/pay", 9, 3, 0),
            ("V0;Kasse-1;Kassenbeleg-V1;Beleg^0.00", 9, 3, 0),
        ] {
            let pixels = page(text, module, (100, 60), channels);
            let codes = on_page(2, &pixels, &Frame::whole(&pixels));
            assert_eq!(codes.len(), found, "{text}");
            for code in codes {
                assert_eq!((code.text.as_str(), code.page), (text, 2));
                let bbox = code.bbox.expect("a place");
                // 100 and 60 pixels of 300 to the inch.
                assert!(
                    (bbox.x0 - 24.0).abs() < 1.5 && (bbox.y0 - 14.4).abs() < 1.5,
                    "{bbox:?}"
                );
            }
        }
    }

    #[test]
    fn what_has_no_code_has_none() {
        for (width, height) in [(0, 0), (1, 1), (300, 200)] {
            let pixels = Pixels {
                width,
                height,
                channels: 1,
                samples: vec![200; (width * height) as usize],
                dpi: None,
            };
            assert!(on_page(1, &pixels, &Frame::whole(&pixels)).is_empty());
        }
    }
}
