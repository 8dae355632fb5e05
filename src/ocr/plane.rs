//! One channel of pixels, and what is done with it before an engine reads it.

use crate::stage::Pixels;

/// Side of the squares whose paper is judged together.
pub(super) const TILE: usize = 32;

/// Grey pixels, row by row.
#[derive(Clone)]
pub(super) struct Plane {
    /// Width in pixels.
    pub width: usize,
    /// Height in pixels.
    pub height: usize,
    /// `width * height` values, 0 is black.
    pub samples: Vec<u8>,
}

impl Plane {
    /// The darkest channel of each pixel: coloured and faint ink keeps its contrast, which luminance takes from it.
    pub(super) fn darkest(pixels: &Pixels) -> Self {
        let samples = if pixels.channels == 1 {
            pixels.samples.clone()
        } else {
            pixels
                .samples
                .chunks_exact(usize::from(pixels.channels.max(1)))
                .map(|pixel| pixel.iter().copied().min().unwrap_or(255))
                .collect()
        };
        Self {
            width: pixels.width as usize,
            height: pixels.height as usize,
            samples,
        }
    }

    fn at(&self, x: usize, y: usize) -> u8 {
        self.samples[y * self.width + x]
    }

    /// Half as wide and half as high, each pixel the mean of four.
    pub(super) fn halved(&self) -> Self {
        let (width, height) = (self.width / 2, self.height / 2);
        let mut samples = Vec::with_capacity(width * height);
        for y in 0..height {
            let upper = &self.samples[2 * y * self.width..][..2 * width];
            let lower = &self.samples[(2 * y + 1) * self.width..][..2 * width];
            samples.extend(
                upper
                    .chunks_exact(2)
                    .zip(lower.chunks_exact(2))
                    .map(|(a, b)| {
                        ((u16::from(a[0])
                            + u16::from(a[1])
                            + u16::from(b[0])
                            + u16::from(b[1])
                            + 2)
                            / 4) as u8
                    }),
            );
        }
        Self {
            width,
            height,
            samples,
        }
    }

    /// The middle of the plane: half as wide and half as high.
    pub(super) fn middle(&self) -> Self {
        let (width, height) = ((self.width / 2).max(1), (self.height / 2).max(1));
        self.cut(self.width / 4, self.height / 4, width, height)
    }

    /// A part: from left and top on, so wide and high, as far as the plane reaches.
    pub(super) fn cut(&self, left: usize, top: usize, width: usize, height: usize) -> Self {
        let (left, top) = (left.min(self.width), top.min(self.height));
        let (width, height) = (width.min(self.width - left), height.min(self.height - top));
        let samples = (top..top + height)
            .flat_map(|y| &self.samples[y * self.width + left..][..width])
            .copied()
            .collect();
        Self {
            width,
            height,
            samples,
        }
    }

    /// Turned clockwise by a multiple of 90 degrees.
    pub(super) fn turned(&self, degrees: i32) -> Self {
        let (width, height) = (self.width, self.height);
        let (wide, high) = if degrees % 180 == 0 {
            (width, height)
        } else {
            (height, width)
        };
        let mut samples = Vec::with_capacity(self.samples.len());
        for y in 0..high {
            match degrees {
                90 => samples.extend((0..wide).map(|x| self.at(y, height - 1 - x))),
                180 => samples.extend((0..wide).map(|x| self.at(width - 1 - x, height - 1 - y))),
                270 => samples.extend((0..wide).map(|x| self.at(width - 1 - y, x))),
                _ => samples.extend_from_slice(&self.samples[y * width..][..width]),
            }
        }
        Self {
            width: wide,
            height: high,
            samples,
        }
    }

    /// Turned about its middle by `slope` (the tangent of the angle by which lines fall to the right) and scaled.
    pub(super) fn straightened(&self, slope: f64, scale: f64) -> Self {
        let width = ((self.width as f64 * scale).round() as usize).max(1);
        let height = ((self.height as f64 * scale).round() as usize).max(1);
        let map = Mapping::new(self.width, self.height, slope, scale);
        // Places in 1/65,536 of a pixel: whole numbers are exact and the same on every machine.
        let fixed = |value: f64| (value * 65_536.0).round() as i64;
        let (most_x, most_y) = (
            fixed(self.width as f64 - 1.0),
            fixed(self.height as f64 - 1.0),
        );
        let (origin, right) = (map.back(0.0, 0.0), map.back(1.0, 0.0));
        let step = (fixed(right.0 - origin.0), fixed(right.1 - origin.1));
        let mut samples = Vec::with_capacity(width * height);
        for y in 0..height {
            let begin = map.back(0.5, y as f64 + 0.5);
            let (mut sx, mut sy) = (fixed(begin.0 - 0.5), fixed(begin.1 - 0.5));
            for _ in 0..width {
                let (cx, cy) = (sx.clamp(0, most_x), sy.clamp(0, most_y));
                let (left, top) = ((cx >> 16) as usize, (cy >> 16) as usize);
                let beside = usize::from(left + 1 < self.width);
                let below = if top + 1 < self.height { self.width } else { 0 };
                let (fx, fy) = ((cx as u32 & 0xffff) >> 8, (cy as u32 & 0xffff) >> 8);
                let at = top * self.width + left;
                let sample = |at: usize| u32::from(self.samples[at]);
                let upper = sample(at) * (256 - fx) + sample(at + beside) * fx;
                let lower = sample(at + below) * (256 - fx) + sample(at + below + beside) * fx;
                samples.push(((upper * (256 - fy) + lower * fy + 32_768) >> 16) as u8);
                sx += step.0;
                sy += step.1;
            }
        }
        Self {
            width,
            height,
            samples,
        }
    }

    /// How bright the paper is, for each tile: the brightest tenth of it and of the tiles around it.
    pub(super) fn paper(&self) -> Vec<u8> {
        let (across, down) = (self.width.div_ceil(TILE), self.height.div_ceil(TILE));
        let mut bright = vec![0u8; across * down];
        let mut values = Vec::with_capacity(TILE * TILE);
        for row in 0..down {
            for column in 0..across {
                values.clear();
                let (left, right) = (column * TILE, ((column + 1) * TILE).min(self.width));
                for y in (row * TILE..((row + 1) * TILE).min(self.height)).step_by(2) {
                    let line = &self.samples[y * self.width..][..self.width];
                    values.extend(line[left..right].iter().step_by(2));
                }
                let at = values.len() * 9 / 10;
                if at < values.len() {
                    bright[row * across + column] = *values.select_nth_unstable(at).1;
                }
            }
        }
        let mut paper = vec![0; bright.len()];
        for row in 0..down {
            for column in 0..across {
                let rows = row.saturating_sub(1)..=(row + 1).min(down - 1);
                let columns = column.saturating_sub(1)..=(column + 1).min(across - 1);
                paper[row * across + column] = rows
                    .flat_map(|y| columns.clone().map(move |x| y * across + x))
                    .map(|at| bright[at])
                    .max()
                    .unwrap_or(255);
            }
        }
        paper
    }

    /// The print as it would be on equally white paper: shadows of photos taken out.
    pub(super) fn evened(&self) -> Self {
        let paper = self.paper();
        let (across, down) = (self.width.div_ceil(TILE), self.height.div_ceil(TILE));
        // Between the middles of tiles the paper changes evenly.
        let between = |at: usize, tiles: usize| {
            let place = (at + TILE / 2).saturating_sub(TILE);
            let tile = (place / TILE).min(tiles - 1);
            let share = if at < TILE / 2 { 0 } else { place % TILE };
            (tile, (tile + 1).min(tiles - 1), share as u32)
        };
        let tile = TILE as u32;
        let places: Vec<(usize, usize, u32)> =
            (0..self.width).map(|x| between(x, across)).collect();
        let mut samples = Vec::with_capacity(self.samples.len());
        for (y, row) in self.samples.chunks_exact(self.width).enumerate() {
            let (upper, lower, share) = between(y, down);
            let whites: Vec<u32> = (0..across)
                .map(|column| {
                    u32::from(paper[upper * across + column]) * (tile - share)
                        + u32::from(paper[lower * across + column]) * share
                })
                .collect();
            samples.extend(
                row.iter()
                    .zip(&places)
                    .map(|(sample, (left, right, share))| {
                        let white = (whites[*left] * (tile - share) + whites[*right] * share) >> 10;
                        (u32::from(*sample) * 250 / white.max(1)).min(255) as u8
                    }),
            );
        }
        Self { samples, ..*self }
    }
}

/// From the pixels of a straightened plane back to those it was made of.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mapping {
    cos: f64,
    sin: f64,
    scale: f64,
    middle: (f64, f64),
}

impl Mapping {
    /// The mapping of [`Plane::straightened`].
    pub(super) fn new(width: usize, height: usize, slope: f64, scale: f64) -> Self {
        let angle = slope.atan();
        Self {
            cos: angle.cos(),
            sin: angle.sin(),
            scale,
            middle: (width as f64 / 2.0, height as f64 / 2.0),
        }
    }

    /// Pixels of the straightened plane for one of the plane it was made of.
    pub(super) fn scale(&self) -> f64 {
        self.scale
    }

    /// A place in the straightened plane as one in the plane it was made of.
    pub(super) fn back(&self, x: f64, y: f64) -> (f64, f64) {
        let dx = x / self.scale - self.middle.0;
        let dy = y / self.scale - self.middle.1;
        (
            self.middle.0 + dx * self.cos - dy * self.sin,
            self.middle.1 + dx * self.sin + dy * self.cos,
        )
    }

    /// A place of the plane it was made of as one in the straightened plane.
    pub(super) fn forth(&self, x: f64, y: f64) -> (f64, f64) {
        let (dx, dy) = (x - self.middle.0, y - self.middle.1);
        (
            (self.middle.0 + dx * self.cos + dy * self.sin) * self.scale,
            (self.middle.1 - dx * self.sin + dy * self.cos) * self.scale,
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plane(width: usize, samples: &[u8]) -> Plane {
        Plane {
            width,
            height: samples.len() / width,
            samples: samples.to_vec(),
        }
    }

    #[test]
    fn red_ink_is_dark() {
        let pixels = Pixels {
            width: 2,
            height: 1,
            channels: 3,
            samples: vec![255, 40, 40, 255, 255, 255],
            dpi: None,
        };
        assert_eq!(Plane::darkest(&pixels).samples, [40, 255]);
    }

    #[test]
    fn turning_and_halving() {
        let six = plane(3, &[1, 2, 3, 4, 5, 6]);
        for (degrees, width, samples) in [
            (0, 3, [1, 2, 3, 4, 5, 6]),
            (90, 2, [4, 1, 5, 2, 6, 3]),
            (180, 3, [6, 5, 4, 3, 2, 1]),
            (270, 2, [3, 6, 2, 5, 1, 4]),
        ] {
            let turned = six.turned(degrees);
            assert_eq!(
                (turned.width, turned.samples.as_slice()),
                (width, &samples[..]),
                "{degrees}"
            );
        }
        assert_eq!(plane(2, &[0, 100, 100, 200]).halved().samples, [100]);
    }

    #[test]
    fn straightening_by_nothing_changes_nothing() {
        let six = plane(3, &[1, 2, 3, 4, 5, 6]);
        assert_eq!(six.straightened(0.0, 1.0).samples, six.samples);
        let (x, y) = Mapping::new(100, 100, 0.0, 2.0).back(20.0, 40.0);
        assert_eq!((x, y), (10.0, 20.0));
        let map = Mapping::new(100, 60, 0.05, 1.5);
        let (x, y) = map.back(30.0, 40.0);
        let (x, y) = map.forth(x, y);
        assert!((x - 30.0).abs() < 1e-9 && (y - 40.0).abs() < 1e-9);
    }

    #[test]
    fn a_part_ends_where_the_plane_does() {
        let six = plane(3, &[1, 2, 3, 4, 5, 6]);
        assert_eq!(six.cut(1, 0, 2, 2).samples, [2, 3, 5, 6]);
        assert_eq!(six.cut(2, 1, 9, 9).samples, [6]);
        assert!(six.cut(9, 9, 1, 1).samples.is_empty());
    }

    #[test]
    fn shadows_are_taken_out() {
        // Paper that darkens from 240 to 120, with ink of half its brightness in every eighth column.
        let mut photo = plane(256, &vec![0; 256 * 64]);
        for (at, sample) in photo.samples.iter_mut().enumerate() {
            let paper = 240 - (at % 256) * 120 / 256;
            *sample = (if at % 8 == 0 { paper / 2 } else { paper }) as u8;
        }
        let evened = photo.evened();
        for x in [16, 64, 128, 192, 240] {
            let (ink, paper) = (evened.at(x, 30), evened.at(x + 4, 30));
            assert!(ink < 140 && paper > 200, "{x}: {ink} on {paper}");
        }
    }
}
