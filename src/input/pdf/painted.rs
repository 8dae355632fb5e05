//! Glyphs that are painted more than once.

use std::collections::HashMap;

use super::glyph::Glyph;

/// Where each glyph was painted, to notice the same one in the same place again: bold by painting twice, fill and
/// stroke, a row printed over itself.
#[derive(Default)]
pub(super) struct Painted {
    places: HashMap<(char, i64, i64), Vec<(f64, f64)>>,
}

impl Painted {
    /// Side of the squares by which places are found, in points.
    const SIDE: f64 = 4.0;

    /// Notes a glyph and tells whether it was there already.
    pub(super) fn again(&mut self, glyph: &Glyph) -> bool {
        let Some(char) = glyph.text.first() else {
            return false;
        };
        let near = (glyph.size * 0.1).min(Self::SIDE);
        let square = |at: f64| (at / Self::SIDE).floor() as i64;
        for x in square(glyph.x - near)..=square(glyph.x + near) {
            for y in square(glyph.y - near)..=square(glyph.y + near) {
                let there = self.places.get(&(char, x, y)).is_some_and(|places| {
                    places
                        .iter()
                        .any(|(x, y)| (x - glyph.x).abs() < near && (y - glyph.y).abs() < near)
                });
                if there {
                    return true;
                }
            }
        }
        self.places
            .entry((char, square(glyph.x), square(glyph.y)))
            .or_default()
            .push((glyph.x, glyph.y));
        false
    }
}
