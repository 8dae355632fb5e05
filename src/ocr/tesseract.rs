//! Tesseract, kept open from page to page.
//!
//! `OMP_THREAD_LIMIT=1` has to be in the environment before the process starts: Debian's Tesseract is built with OpenMP,
//! whose threads fight over each line of text and make it five times slower. Whoever starts the worker sets it; setting
//! it in here would come too late.
//!
//! One reading a page. A second one is made only when the first read badly: the page may stand on its head, or its
//! print may be too faint for the plain preparation.

use std::ffi::CStr;

use leptess::tesseract::TessApi;

use super::plane::{Mapping, Plane};
use super::survey::{Survey, survey};
use crate::model::{Rect, Word};
use crate::stage::{Engine, Pixels, Recognised, StageError};

/// Letter height in pixels, capitals and small letters together, from which on more pixels do not help.
const ENOUGH: f64 = 12.0;
/// Letter height to which smaller print is scaled up.
const WANTED: f64 = 20.0;
/// By how much at most.
const MOST: f64 = 2.2;
/// Height of a page in its own widths from which on it is a receipt, whatever is printed on it.
const TALL: f64 = 1.9;
/// Letter height above which the page is scaled down: it only costs time.
const PLENTY: f64 = 44.0;
/// Breadth of the print, in letter heights, up to which it is one column: a receipt.
const STRIP: f64 = 62.0;
/// Mean confidence below which a reading is doubted.
const DOUBTED: f64 = 0.5;

/// Assume one block of text: receipts.
const BLOCK: &CStr = c"6";
/// Find as much text as possible, wherever it stands: pages with columns and tables.
const SPARSE: &CStr = c"11";

/// The engine.
pub struct Tesseract {
    api: TessApi,
    languages: String,
}

/// Version of the Tesseract library.
pub fn version() -> String {
    #[expect(unsafe_code, reason = "the binding has no safe call for the version")]
    // SAFETY: the function takes nothing and returns a static text that ends with a zero byte.
    let version = unsafe { CStr::from_ptr(leptess::capi::TessVersion()) };
    version.to_string_lossy().into_owned()
}

impl Tesseract {
    /// Opens it for those of the languages that are installed.
    ///
    /// # Errors
    /// `OCR_UNAVAILABLE` if none is.
    pub fn open(languages: &[&str], data: Option<&str>) -> Result<Self, StageError> {
        let asked = languages.join("+");
        let opened = TessApi::new(data, &asked)
            .map(|api| (api, asked))
            .or_else(|_| {
                let installed: Vec<&str> = languages
                    .iter()
                    .copied()
                    .filter(|language| TessApi::new(data, language).is_ok())
                    .collect();
                let found = installed.join("+");
                TessApi::new(data, &found).map(|api| (api, found))
            });
        let (mut api, languages) = opened.map_err(|_| {
            StageError::dependency(
                "OCR_UNAVAILABLE",
                "none of the languages asked for is installed for Tesseract",
            )
        })?;
        for (name, value) in [
            // Light print on dark ground is rare on invoices, and looking for it costs a tenth of the time.
            (c"tessedit_do_invert", c"0"),
            // Its remarks about pages are no use to anybody.
            (c"debug_file", c"/dev/null"),
        ] {
            api.raw
                .set_variable(name, value)
                .map_err(|_| StageError::internal("Tesseract does not know one of its settings"))?;
        }
        Ok(Self { api, languages })
    }

    /// Tries on the middle of a page how it has to be turned; `presumed` unless another way reads clearly better.
    fn turn(&mut self, plane: &Plane, view: &View, presumed: i32) -> Result<i32, StageError> {
        let middle = plane.middle();
        let mut best = (presumed, 0.0);
        for more in [0, 180, 90, 270] {
            let turn = (presumed + more) % 360;
            let reading = worth(&self.recognise(&middle.turned(turn), view)?);
            let bar = if more == 0 { 0.0 } else { 1.5 * best.1 + 1.0 };
            if reading > bar {
                best = (turn, reading);
            }
        }
        Ok(best.0)
    }

    /// One reading. Boxes are in pixels of `plane`.
    fn recognise(&mut self, plane: &Plane, view: &View) -> Result<Vec<Word>, StageError> {
        let prepared = view.prepare(plane);
        let failed = |_| StageError::internal("Tesseract refused the page");
        let mode = if view.strip { BLOCK } else { SPARSE };
        self.api
            .raw
            .set_variable(c"tessedit_pageseg_mode", mode)
            .map_err(|_| StageError::internal("Tesseract does not know its page modes"))?;
        let (width, height) = (prepared.width as i32, prepared.height as i32);
        self.api
            .raw
            .set_image(&prepared.samples, width, height, 1, width)
            .map_err(|_| StageError::internal("Tesseract refused the size of the page"))?;
        self.api.set_source_resolution(view.dpi);
        self.api
            .raw
            .recognize()
            .map_err(|_| StageError::internal("Tesseract gave up on the page"))?;
        let table = self.api.get_tsv_text(0).map_err(failed)?;
        let map = Mapping::new(plane.width, plane.height, view.slope, view.scale);
        Ok(table
            .lines()
            .filter_map(|line| word(line, &map, view.scale))
            .collect())
    }
}

/// How a page is prepared and read.
#[derive(Clone, Copy)]
struct View {
    slope: f64,
    scale: f64,
    strip: bool,
    dpi: i32,
    /// Stretch the contrast.
    stretch: bool,
}

impl View {
    fn new(survey: &Survey, page: &Pixels) -> Self {
        let dpi = page.dpi;
        let tall = !survey.sideways && f64::from(page.height) > TALL * f64::from(page.width);
        let scale = match survey.letter {
            Some(letter) if letter < ENOUGH => (WANTED / letter).min(MOST),
            Some(letter) if letter > PLENTY => (PLENTY * 0.75 / letter).max(0.25),
            Some(_) => 1.0,
            // Hardly any print: only the resolution can tell.
            None => match dpi {
                Some(dpi) if dpi > 400 => 300.0 / f64::from(dpi),
                Some(dpi) if dpi < 200 => (300.0 / f64::from(dpi)).min(MOST),
                _ => 1.0,
            },
        };
        // Letters of ten points are some 22 pixels high at 300 dots an inch.
        let dpi = match (dpi, survey.letter) {
            (Some(dpi), _) => f64::from(dpi) * scale,
            (None, Some(letter)) => letter * scale / 22.0 * 300.0,
            (None, None) => 300.0,
        };
        Self {
            slope: survey.slope,
            scale,
            strip: survey.letter.is_some() && (survey.breadth < STRIP || tall),
            dpi: (dpi.round() as i32).clamp(70, 600),
            stretch: false,
        }
    }

    fn prepare(&self, plane: &Plane) -> Plane {
        let mut prepared = if self.slope == 0.0 && self.scale == 1.0 {
            plane.clone()
        } else if self.scale <= 0.5 {
            plane.halved().straightened(self.slope, self.scale * 2.0)
        } else {
            plane.straightened(self.slope, self.scale)
        };
        if self.stretch {
            prepared = prepared.stretched(0.02, 0.9);
        }
        prepared
    }
}

/// A line of Tesseract's table: level, page, block, paragraph, line, word, left, top, width, height, confidence, text.
fn word(line: &str, map: &Mapping, scale: f64) -> Option<Word> {
    let cells: Vec<&str> = line.splitn(12, '\t').collect();
    let [
        level,
        _,
        _,
        _,
        _,
        _,
        left,
        top,
        width,
        height,
        confidence,
        text,
    ] = cells[..]
    else {
        return None;
    };
    if level != "5" || text.trim().is_empty() {
        return None;
    }
    let number = |cell: &str| cell.parse::<f64>().ok();
    let (width, height) = (number(width)?, number(height)?);
    let (x, y) = map.back(number(left)? + width / 2.0, number(top)? + height / 2.0);
    let (across, down) = (width / scale / 2.0, height / scale / 2.0);
    Some(Word {
        text: text.trim().to_owned(),
        rect: Rect {
            x0: x - across,
            y0: y - down,
            x1: x + across,
            y1: y + down,
        },
        confidence: (number(confidence)? / 100.0).clamp(0.0, 1.0),
    })
}

/// Mean confidence of the words that are more than a mark, and how many there are.
fn quality(words: &[Word]) -> (f64, usize) {
    let sound: Vec<f64> = words
        .iter()
        .filter(|word| {
            word.text
                .chars()
                .filter(|char| char.is_alphanumeric())
                .count()
                > 1
        })
        .map(|word| word.confidence)
        .collect();
    let mean = sound.iter().sum::<f64>() / sound.len().max(1) as f64;
    (mean, sound.len())
}

/// A reading's worth: sure words count, doubtful ones do not.
fn worth(words: &[Word]) -> f64 {
    let (mean, count) = quality(words);
    (mean - 0.3).max(0.0) * count as f64
}

impl Engine for Tesseract {
    fn version(&self) -> (String, String) {
        ("tesseract".to_owned(), version())
    }

    fn languages(&self) -> String {
        self.languages.clone()
    }

    fn read(&mut self, page: &Pixels) -> Result<Recognised, StageError> {
        let plane = Plane::darkest(page);
        let found = survey(&plane);
        let view = View::new(&found, page);
        let turn = if found.sideways { 90 } else { 0 };
        let mut best = (turn, self.recognise(&plane.turned(turn), &view)?);
        let (mean, count) = quality(&best.1);
        if mean < DOUBTED && (count > 0 || found.letter.is_some()) {
            let turn = self.turn(&plane, &view, turn)?;
            let second = View {
                stretch: turn == best.0,
                ..view
            };
            let words = self.recognise(&plane.turned(turn), &second)?;
            if worth(&words) > worth(&best.1) {
                best = (turn, words);
            }
        }
        let (rotation, words) = best;
        let words = words
            .into_iter()
            .map(|word| Word {
                rect: unturned(word.rect, page, rotation),
                ..word
            })
            .collect();
        Ok(Recognised { words, rotation })
    }
}

/// A box of the page that was turned clockwise, as a box of the page as it came.
fn unturned(rect: Rect, page: &Pixels, rotation: i32) -> Rect {
    let (width, height) = (f64::from(page.width), f64::from(page.height));
    let Rect { x0, y0, x1, y1 } = rect;
    match rotation {
        90 => Rect {
            x0: y0,
            y0: height - x1,
            x1: y1,
            y1: height - x0,
        },
        180 => Rect {
            x0: width - x1,
            y0: height - y1,
            x1: width - x0,
            y1: height - y0,
        },
        270 => Rect {
            x0: width - y1,
            y0: x0,
            x1: width - y0,
            y1: x1,
        },
        _ => rect,
    }
}
