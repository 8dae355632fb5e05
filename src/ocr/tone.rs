//! Other preparations of the same pixels: what one misses, another shows.
//!
//! No single preparation is best; two that differ, read one after the other, beat any refinement of one (measured on
//! receipts: the total stands in one reading of .87 of them, in either of two of .98).

use super::plane::Plane;

impl Plane {
    /// Contrast stretched so that the darkest fiftieth is black and the brightest tenth white: faint print.
    pub(super) fn stretched(&self) -> Self {
        let mut counts = [0_usize; 256];
        for sample in &self.samples {
            counts[usize::from(*sample)] += 1;
        }
        let at = |percent: usize| {
            let wanted = self.samples.len() * percent / 100;
            let mut sum = 0;
            counts
                .iter()
                .position(|count| {
                    sum += count;
                    sum > wanted
                })
                .unwrap_or(255)
        };
        let (black, white) = (at(2), at(90));
        let range = (white - black).max(1);
        self.mapped(|value| (value.saturating_sub(black) * 255 / range).min(255))
    }

    /// Middle tones made darker (gamma 2.2): thin and coloured print.
    pub(super) fn darkened(&self) -> Self {
        self.mapped(|value| ((value as f64 / 255.0).powf(2.2) * 255.0).round() as usize)
    }

    fn mapped(&self, tone: impl Fn(usize) -> usize) -> Self {
        let table: Vec<u8> = (0..256).map(|value| tone(value).min(255) as u8).collect();
        Self {
            samples: self
                .samples
                .iter()
                .map(|sample| table[usize::from(*sample)])
                .collect(),
            ..*self
        }
    }

    /// Blurred by about a pixel: the dots of a needle printer run together to strokes.
    pub(super) fn blurred(&self) -> Self {
        let (width, height) = (self.width, self.height);
        // The binomial of five has a deviation of one.
        let five = |line: &dyn Fn(usize) -> u8, at: usize, end: usize| {
            let sample = |at: usize| u32::from(line(at.min(end - 1)));
            let (one, two) = (at.saturating_sub(1), at.saturating_sub(2));
            ((sample(two)
                + 4 * sample(one)
                + 6 * sample(at)
                + 4 * sample(at + 1)
                + sample(at + 2)
                + 8)
                / 16) as u8
        };
        let mut across = Vec::with_capacity(self.samples.len());
        for row in self.samples.chunks_exact(width.max(1)) {
            across.extend((0..width).map(|x| five(&|at| row[at], x, width)));
        }
        let mut samples = Vec::with_capacity(self.samples.len());
        for y in 0..height {
            samples.extend((0..width).map(|x| five(&|at| across[at * width + x], y, height)));
        }
        Self { samples, ..*self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plane(width: usize, samples: Vec<u8>) -> Plane {
        Plane {
            width,
            height: samples.len() / width,
            samples,
        }
    }

    #[test]
    fn faint_print_becomes_black_on_white() {
        let mut samples = vec![200; 100];
        samples[..10].fill(150);
        let stretched = plane(10, samples).stretched();
        assert_eq!((stretched.samples[0], stretched.samples[99]), (0, 255));
    }

    #[test]
    fn middle_tones_darken_and_the_ends_stay() {
        let darkened = plane(3, vec![0, 128, 255]).darkened();
        assert_eq!(darkened.samples, [0, 56, 255]);
    }

    #[test]
    fn dots_run_together() {
        let dots: Vec<u8> = (0..81)
            .map(|at| if at % 2 == 0 { 0 } else { 255 })
            .collect();
        let blurred = plane(9, dots).blurred();
        let (low, high) = (
            blurred.samples.iter().min().copied(),
            blurred.samples.iter().max().copied(),
        );
        assert!(low > Some(90) && high < Some(165), "{low:?} {high:?}");
        assert_eq!(plane(4, vec![7; 16]).blurred().samples, vec![7; 16]);
    }
}
