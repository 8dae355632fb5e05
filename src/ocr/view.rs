//! How a page is prepared for reading, from what was found out about it.

use super::plane::Plane;
use super::survey::Survey;
use crate::stage::Pixels;

/// Letter height in pixels, capitals and small letters together, from which on more pixels do not help.
const ENOUGH: f64 = 12.0;
/// Letter height to which smaller print is scaled up.
const WANTED: f64 = 20.0;
/// By how much at most.
const MOST: f64 = 2.2;
/// Letter height above which the page is scaled down: it only costs time.
const PLENTY: f64 = 44.0;
/// Height of a page in its own widths from which on it is a receipt, whatever is printed on it.
const TALL: f64 = 1.9;
/// Breadth of the print, in letter heights, up to which it is one column: a receipt.
const STRIP: f64 = 62.0;

/// Pixels of a side and of a page that an engine is given at most: Tesseract counts sides in fifteen bits.
const LONGEST: f64 = 30_000.0;
const LARGEST: f64 = 40_000_000.0;

/// Letter height up to which a page is enlarged for a faint reading.
const LARGE: f64 = 34.0;

/// What is done to the shades of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tone {
    /// Nothing: the first reading.
    Plain,
    /// Contrast stretched, enlarged by half and blurred a little: faint and dotted print.
    Faint,
    /// Paper made equally bright and middle tones darkened: thin and coloured print.
    Dark,
}

/// How a page is prepared and read.
#[derive(Clone, Copy)]
pub(super) struct View {
    /// Tangent of the angle by which rows fall to the right.
    pub(super) slope: f64,
    /// Pixels of the prepared page for one of the page as it came.
    pub(super) scale: f64,
    /// One column: a receipt.
    pub(super) strip: bool,
    /// Dots an inch after scaling.
    pub(super) dpi: i32,
    /// Take out shadows first.
    pub(super) even: bool,
    /// What is done to the shades.
    pub(super) tone: Tone,
}

impl View {
    /// The way to read a page of which that was found out.
    pub(super) fn new(survey: &Survey, page: &Pixels) -> Self {
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
        let (width, height) = (f64::from(page.width), f64::from(page.height));
        let scale = scale
            .min(LONGEST / width.max(height))
            .min((LARGEST / (width * height)).sqrt());
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
            even: survey.uneven,
            tone: Tone::Plain,
        }
    }

    /// The same page in another preparation, for another reading.
    pub(super) fn toned(&self, tone: Tone, plane: &Plane, letter: Option<f64>) -> Self {
        let pixels = (plane.width * plane.height) as f64 * self.scale * self.scale;
        let longest = plane.width.max(plane.height) as f64 * self.scale;
        let small = letter.is_none_or(|letter| letter * self.scale * 1.5 <= LARGE);
        let fits = pixels * 2.25 <= LARGEST && longest * 1.5 <= LONGEST;
        let more = if tone == Tone::Faint && small && fits {
            1.5
        } else {
            1.0
        };
        Self {
            scale: self.scale * more,
            dpi: ((f64::from(self.dpi) * more).round() as i32).clamp(70, 600),
            even: self.even || tone == Tone::Dark,
            tone,
            ..*self
        }
    }

    /// The page as the engine gets it.
    pub(super) fn prepare(&self, plane: &Plane) -> Plane {
        let evened = self.even.then(|| plane.evened());
        let plane = evened.as_ref().unwrap_or(plane);
        match self.tone {
            Tone::Plain => self.straighten(plane),
            Tone::Faint => self.straighten(&plane.stretched()).blurred(),
            Tone::Dark => self.straighten(&plane.darkened()),
        }
    }

    fn straighten(&self, plane: &Plane) -> Plane {
        if self.slope.abs() < 1e-9 && (self.scale - 1.0).abs() < 1e-9 {
            plane.clone()
        } else if self.scale <= 0.5 {
            plane.halved().straightened(self.slope, self.scale * 2.0)
        } else {
            plane.straightened(self.slope, self.scale)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_view_follows_the_print() {
        let found = |letter, breadth| Survey {
            letter,
            slope: 0.0,
            sideways: false,
            certain: true,
            uneven: false,
            breadth,
        };
        let page = |width, height, dpi| Pixels {
            width,
            height,
            channels: 1,
            samples: Vec::new(),
            dpi,
        };
        // A page at 300 dots, a small picture of one, a receipt, a page at 600 dots, an empty fax.
        for (survey, page, scale, strip, dpi) in [
            (
                found(Some(22.0), 90.0),
                page(2480, 3508, Some(300)),
                1.0,
                false,
                300,
            ),
            (
                found(Some(10.0), 80.0),
                page(1200, 893, None),
                2.0,
                false,
                273,
            ),
            (
                found(Some(18.0), 40.0),
                page(900, 3000, None),
                1.0,
                true,
                245,
            ),
            (
                found(Some(18.0), 70.0),
                page(900, 3000, None),
                1.0,
                true,
                245,
            ),
            (
                found(Some(66.0), 90.0),
                page(4960, 7016, Some(600)),
                0.5,
                false,
                300,
            ),
            (
                found(None, 0.0),
                page(826, 1169, Some(100)),
                2.2,
                false,
                220,
            ),
            (
                found(None, 0.0),
                page(60_000, 1_000, Some(300)),
                0.5,
                false,
                150,
            ),
        ] {
            let view = View::new(&survey, &page);
            assert!(
                (view.scale - scale).abs() < 0.01,
                "{survey:?}: {}",
                view.scale
            );
            assert_eq!((view.strip, view.dpi), (strip, dpi), "{survey:?}");
        }
    }
}
