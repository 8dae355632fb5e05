//! Tesseract, kept open from page to page.
//!
//! `OMP_THREAD_LIMIT=1` has to be in the environment before the process starts: Debian's Tesseract is built with OpenMP,
//! whose threads fight over each line of text and make it five times slower. Whoever starts the worker sets it; setting
//! it in here would come too late.
//!
//! One reading a page, in one language, where that leaves nothing open. Where something is missing, unproven or unsure
//! ([`doubt`](super::doubt)), or the page is in another language, it is read again, in another preparation and in its own
//! language, and once more if that did not do; the readings are merged word by word ([`merge`](super::merge)). A page that
//! reads badly is tried the other ways up first.

mod handle;

use std::ffi::CStr;

use leptess::tesseract::TessApi;

use self::handle::{handle, installed};
use super::doubt::{doubt, open_rows};
use super::marks::Marks;
use super::mend::mend;
use super::merge::merge;
use super::plane::{Mapping, Plane};
use super::survey::survey;
use super::view::{Tone, View};
use crate::model::{Rect, Word};
use crate::stage::{Engine, Pixels, Recognised, StageError};

/// Mean confidence below which a reading is doubted.
const DOUBTED: f64 = 0.5;

/// The preparations of further readings.
const AGAIN: [Tone; 2] = [Tone::Faint, Tone::Dark];

/// Assume one block of text: receipts.
const BLOCK: &CStr = c"6";
/// Assume one line.
const LINE: &CStr = c"7";
/// Letter height to which a line is scaled that is read closely.
const CLOSE: f64 = 30.0;
/// Find as much text as possible, wherever it stands: pages with columns and tables.
const SPARSE: &CStr = c"11";

/// The engine.
pub struct Tesseract {
    /// One handle a language, opened when first needed; the first language's is always there.
    handles: Vec<(String, Option<TessApi>)>,
    data: Option<String>,
    marks: Marks,
}

/// Version of the Tesseract library.
pub fn version() -> String {
    #[expect(unsafe_code, reason = "the binding has no safe call for the version")]
    // SAFETY: the function takes nothing and returns a static text that ends with a zero byte.
    let version = unsafe { CStr::from_ptr(leptess::capi::TessVersion()) };
    version.to_string_lossy().into_owned()
}

impl Tesseract {
    /// Opens it for those of the languages that are installed, the first of them for the first reading. `data` is the
    /// folder of the language files, where it is not the one Tesseract was built with.
    ///
    /// # Errors
    /// `OCR_UNAVAILABLE` if none is installed.
    pub fn open(languages: &[&str], data: Option<&str>) -> Result<Self, StageError> {
        let mut wanted = languages.iter().copied();
        let first = wanted.find_map(|language| Some((language, handle(language, data)?)));
        let (language, first) = first.ok_or_else(|| {
            StageError::dependency(
                "OCR_UNAVAILABLE",
                "none of the languages asked for is installed for Tesseract",
            )
        })?;
        let mut handles = vec![(language.to_owned(), Some(first))];
        handles.extend(
            wanted
                .filter(|language| installed(language, data))
                .map(|language| (language.to_owned(), None)),
        );
        Ok(Self {
            handles,
            data: data.map(str::to_owned),
            marks: Marks::load(),
        })
    }

    /// One reading in one of the languages. Boxes are in pixels of `plane`.
    fn recognise(
        &mut self,
        plane: &Plane,
        view: &View,
        language: usize,
    ) -> Result<Vec<Word>, StageError> {
        let mode = if view.strip { BLOCK } else { SPARSE };
        let prepared = view.prepare(plane);
        let map = Mapping::new(plane.width, plane.height, view.slope, view.scale);
        self.look(&prepared, mode, view.dpi, language, &map)
    }

    /// One reading of pixels that are prepared; `map` leads from them to those the boxes are to be in.
    fn look(
        &mut self,
        prepared: &Plane,
        mode: &CStr,
        dpi: i32,
        language: usize,
        map: &Mapping,
    ) -> Result<Vec<Word>, StageError> {
        let refused = |what: &str| StageError::internal(format!("Tesseract refused {what}"));
        let (name, handle) = &mut self.handles[language];
        if handle.is_none() {
            *handle = handle::handle(name, self.data.as_deref());
        }
        let api = handle.as_mut().ok_or_else(|| refused("a language"))?;
        api.raw
            .set_variable(c"tessedit_pageseg_mode", mode)
            .map_err(|_| refused("a page mode"))?;
        let side = |side: usize| i32::try_from(side).map_err(|_| refused("the size of the page"));
        let (width, height) = (side(prepared.width)?, side(prepared.height)?);
        api.raw
            .set_image(&prepared.samples, width, height, 1, width)
            .map_err(|_| refused("the size of the page"))?;
        api.set_source_resolution(dpi);
        api.raw.recognize().map_err(|_| refused("the page"))?;
        let table = api
            .get_tsv_text(0)
            .map_err(|_| refused("to tell its words"))?;
        Ok(table.lines().filter_map(|line| word(line, map)).collect())
    }

    /// Reads a page again, in other preparations and in its own language, as long as the words leave something open.
    fn again(
        &mut self,
        plane: &Plane,
        view: &View,
        first: Vec<Word>,
        letter: Option<f64>,
    ) -> Result<Vec<Word>, StageError> {
        let language = self
            .marks
            .language(&first, &self.handles[0].0)
            .and_then(|own| self.handles.iter().position(|(name, _)| name == own));
        let mut readings = vec![first];
        let mut words = mend(readings[0].clone(), &[], view.slope);
        let mut left = doubt(&words, view.slope);
        // A receipt's words are few: its own language alone is no reason to read it again.
        let mut open = !left.none() || (language.is_some() && !view.strip);
        for tone in AGAIN {
            if !open {
                break;
            }
            let other = view.toned(tone, plane, letter);
            readings.push(self.recognise(plane, &other, language.unwrap_or(0))?);
            words = mend(merge(&readings), &readings, view.slope);
            left = doubt(&words, view.slope);
            open = left.missing() || left.unproven;
        }
        if open {
            let lines = self.close(plane, view, letter, &words, language.unwrap_or(0))?;
            if !lines.is_empty() {
                readings.push(lines);
                words = mend(merge(&readings), &readings, view.slope);
            }
        }
        Ok(words)
    }

    /// Reads the rows closely that leave something open, each as a line by itself.
    fn close(
        &mut self,
        plane: &Plane,
        view: &View,
        letter: Option<f64>,
        words: &[Word],
        language: usize,
    ) -> Result<Vec<Word>, StageError> {
        let Some(letter) = letter else {
            return Ok(Vec::new());
        };
        let prepared = view.prepare(plane);
        let map = Mapping::new(plane.width, plane.height, view.slope, view.scale);
        let letter = letter * view.scale;
        let more = (CLOSE / letter).clamp(0.5, 3.0);
        let mut found = Vec::new();
        for row in open_rows(words, view.slope) {
            let (_, middle) = map.forth(row.center_x(), f64::midpoint(row.y0, row.y1));
            let top = (middle - 1.3 * letter).max(0.0) as usize;
            let line = prepared
                .cut(0, top, prepared.width, (2.6 * letter) as usize)
                .straightened(0.0, more);
            let dpi = (f64::from(view.dpi) * more).round().clamp(70.0, 600.0) as i32;
            let own = Mapping::new(prepared.width, (2.6 * letter) as usize, 0.0, more);
            for word in self.look(&line, LINE, dpi, language, &own)? {
                let (x, y) = map.back(
                    word.rect.center_x(),
                    f64::midpoint(word.rect.y0, word.rect.y1) + top as f64,
                );
                let (across, down) = (
                    word.rect.width() / view.scale / 2.0,
                    word.rect.height() / view.scale / 2.0,
                );
                found.push(Word {
                    rect: Rect {
                        x0: x - across,
                        y0: y - down,
                        x1: x + across,
                        y1: y + down,
                    },
                    ..word
                });
            }
        }
        Ok(found)
    }

    /// Tries on the middle of a page how it has to be turned; `presumed` unless another way reads clearly better.
    fn turn(
        &mut self,
        plane: &Plane,
        view: &View,
        presumed: i32,
        certain: bool,
    ) -> Result<i32, StageError> {
        let middle = plane.middle();
        let mut best = (presumed, 0.0);
        let ways: &[i32] = if certain {
            &[0, 180]
        } else {
            &[0, 180, 90, 270]
        };
        for more in ways {
            let turn = (presumed + more) % 360;
            let reading = worth(&self.recognise(&middle.turned(turn), view, 0)?);
            let bar = if *more == 0 { 0.0 } else { 1.5 * best.1 + 1.0 };
            if reading > bar {
                best = (turn, reading);
            }
        }
        Ok(best.0)
    }
}

/// A line of Tesseract's table: level, page, block, paragraph, line, word, left, top, width, height, confidence, text.
fn word(line: &str, map: &Mapping) -> Option<Word> {
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
    let (across, down) = (width / map.scale() / 2.0, height / map.scale() / 2.0);
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
        let names: Vec<&str> = self.handles.iter().map(|(name, _)| name.as_str()).collect();
        names.join("+")
    }

    fn read(&mut self, page: &Pixels) -> Result<Recognised, StageError> {
        let plane = Plane::darkest(page);
        let found = survey(&plane);
        let view = View::new(&found, page);
        let turn = if found.sideways { 90 } else { 0 };
        let mut best = (turn, self.recognise(&plane.turned(turn), &view, 0)?);
        let (mean, count) = quality(&best.1);
        if mean < DOUBTED && (count > 0 || found.letter.is_some()) {
            let turn = self.turn(&plane, &view, turn, found.certain)?;
            let second = View {
                even: view.even != (turn == best.0),
                ..view
            };
            let words = self.recognise(&plane.turned(turn), &second, 0)?;
            if worth(&words) > worth(&best.1) {
                best = (turn, words);
            }
        }
        let (rotation, first) = best;
        let words = self.again(&plane.turned(rotation), &view, first, found.letter)?;
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

#[cfg(test)]
mod tests;
