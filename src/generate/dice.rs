//! Numbers that look random and follow from a seed: `SplitMix64` (Steele, Lea, Flood 2014).
//!
//! Choices that have a name hang on the name, not on what was drawn before: a layout may ask for a label twice or not at all
//! and the rest of the page stays as it is.

/// A source of numbers.
#[derive(Clone, Debug)]
pub(super) struct Dice(u64);

impl Dice {
    /// The source that belongs to a seed and a name.
    pub(super) fn named(seed: u64, name: &str) -> Self {
        let mixed = name
            .bytes()
            .fold(seed ^ 0x9E37_79B9_7F4A_7C15, |state, byte| {
                (state ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01B3)
            });
        let mut dice = Self(mixed);
        dice.next();
        dice
    }

    /// The next 64 bits.
    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number from 0 to below `end`; 0 if `end` is 0.
    pub(super) fn below(&mut self, end: u64) -> u64 {
        if end == 0 { 0 } else { self.next() % end }
    }

    /// A number from `low` to `high`, both included.
    pub(super) fn between(&mut self, low: u64, high: u64) -> u64 {
        low + self.below(high.saturating_sub(low) + 1)
    }

    /// Tells whether one of `of` equal chances came up.
    pub(super) fn one_in(&mut self, of: u64) -> bool {
        self.below(of) == 0
    }

    /// A number from -1 to 1.
    pub(super) fn swing(&mut self) -> f32 {
        self.below(20_001) as f32 / 10_000.0 - 1.0
    }

    /// One of a list.
    ///
    /// # Panics
    /// If the list is empty: those of the data files are not, their loader sees to it.
    pub(super) fn pick<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.below(list.len() as u64) as usize]
    }

    /// A text after a pattern in which each `9` is a digit; the first is never 0.
    pub(super) fn digits(&mut self, pattern: &str) -> String {
        let mut first = true;
        pattern
            .chars()
            .map(|c| match c {
                '9' => {
                    let low = u64::from(first);
                    first = false;
                    char::from(b'0' + self.between(low, 9) as u8)
                }
                other => other,
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::Dice;

    #[test]
    fn equal_seeds_and_names_give_equal_numbers_and_others_do_not() {
        let draw = |seed, name| Dice::named(seed, name).next();
        assert_eq!(draw(1, "a"), draw(1, "a"));
        assert_ne!(draw(1, "a"), draw(2, "a"));
        assert_ne!(draw(1, "a"), draw(1, "b"));
    }

    #[test]
    fn patterns_keep_what_is_no_nine() {
        let text = Dice::named(3, "x").digits("A-99 9");
        assert!(
            text.starts_with("A-") && text.len() == 6 && !text.contains("A-0"),
            "{text}"
        );
    }
}
