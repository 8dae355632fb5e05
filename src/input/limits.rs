//! What a file may ask of us: every limit that the readers keep, in one place, each with its own code.
//!
//! Size in bytes is checked before a reader sees the file, time and memory by the worker that runs it. These here are the
//! ones only a reader can know: how many pages, how many pixels, how much text.

use crate::stage::StageError;

/// Pages of one document. Long statements have some hundred; a bomb has a hundred thousand.
pub const MAX_PAGES: usize = 1_000;

/// Pixels of one page image, as the file declares them: 600 dpi A3 is 70 million.
pub const MAX_PIXELS: u64 = 100_000_000;

/// Pixels that a page is rendered to for recognition: A4 at 300 dpi is 8.7 million.
pub const MAX_RENDERED_PIXELS: f64 = 20_000_000.0;

/// Longest side of a rendered page in pixels; the renderer counts in 16 bits.
pub const MAX_RENDERED_SIDE: f64 = 20_000.0;

/// Glyphs of one page. A page of the smallest print holds some 20,000.
pub const MAX_GLYPHS: usize = 300_000;

/// Containers within each other: a zip in a mail that is forwarded twice is four; a bomb has fifty.
pub const MAX_DEPTH: usize = 8;

/// Parts of a container and of all in it together. A month's mails of a small firm are some hundred.
pub const MAX_PARTS: usize = 1_000;

/// Bytes of a file that holds files: a year's mailbox or a month's archive, of which each document has the limit of one.
pub const MAX_CONTAINER: u64 = 200 * 1000 * 1000;

/// Bytes of everything unpacked from a file, over all levels: well below the memory of the process that reads it.
pub const MAX_UNPACKED: usize = 256 * 1024 * 1024;

/// How many times its packed size a part of an archive may have. Deflate reaches 1,032; XML of an invoice reaches 20 to 60.
pub const MAX_RATIO: usize = 200;

/// Below this size a ratio says nothing: a page of blanks packs well.
pub const RATIO_COUNTS_FROM: usize = 4 * 1024 * 1024;

/// Refuses a document with too many pages.
///
/// # Errors
/// `TOO_MANY_PAGES`.
pub fn pages(count: usize) -> Result<(), StageError> {
    if count > MAX_PAGES {
        return Err(StageError::input(
            "TOO_MANY_PAGES",
            format!("the document has {count} pages, more than {MAX_PAGES}"),
        ));
    }
    Ok(())
}

/// Refuses an image with too many pixels, or with none.
///
/// # Errors
/// `IMAGE_TOO_LARGE`, or `CORRUPT_FILE` for an image without area.
pub fn pixels(width: u32, height: u32) -> Result<(), StageError> {
    let count = u64::from(width) * u64::from(height);
    if count == 0 {
        return Err(StageError::input("CORRUPT_FILE", "the image has no pixels"));
    }
    if count > MAX_PIXELS {
        return Err(StageError::input(
            "IMAGE_TOO_LARGE",
            format!("the image has {width} by {height} pixels, more than {MAX_PIXELS}"),
        ));
    }
    Ok(())
}

/// Refuses a page with more text than a page can hold.
///
/// # Errors
/// `TOO_MUCH_TEXT`.
pub fn glyphs(count: usize, page: u32) -> Result<(), StageError> {
    if count > MAX_GLYPHS {
        return Err(StageError::input(
            "TOO_MUCH_TEXT",
            format!("page {page} has more than {MAX_GLYPHS} characters"),
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_limit_trips_with_its_own_code() {
        let code = |outcome: Result<(), StageError>| outcome.err().map(|error| error.code);
        assert_eq!(code(pages(MAX_PAGES)), None);
        assert_eq!(code(pages(MAX_PAGES + 1)), Some("TOO_MANY_PAGES"));
        assert_eq!(code(pixels(10_000, 10_000)), None);
        assert_eq!(code(pixels(10_001, 10_000)), Some("IMAGE_TOO_LARGE"));
        assert_eq!(code(pixels(u32::MAX, u32::MAX)), Some("IMAGE_TOO_LARGE"));
        assert_eq!(code(pixels(0, 10)), Some("CORRUPT_FILE"));
        assert_eq!(code(glyphs(MAX_GLYPHS, 1)), None);
        assert_eq!(code(glyphs(MAX_GLYPHS + 1, 1)), Some("TOO_MUCH_TEXT"));
    }
}
