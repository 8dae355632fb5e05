//! How alike two texts are: twice the letters in common blocks over all letters (Ratcliff and Obershelp, "gestalt").
//!
//! The longest common block is taken first, the earliest of several; then the same left and right of it. These ties decide
//! the result, so they are kept as in Python's `difflib.SequenceMatcher` without its heuristics, whose numbers people know.

use std::ops::Range;

/// 1 for equal texts, 0 for texts without a common letter.
pub(super) fn ratio(a: &str, b: &str) -> f64 {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let all = a.len() + b.len();
    if all == 0 {
        return 1.0;
    }
    2.0 * common(&a, &b) as f64 / all as f64
}

/// How many letters are in common blocks.
fn common(a: &[char], b: &[char]) -> usize {
    let mut open = vec![(0..a.len(), 0..b.len())];
    let mut sum = 0;
    while let Some((in_a, in_b)) = open.pop() {
        let (start_a, start_b, size) = longest(a, b, &in_a, &in_b);
        if size == 0 {
            continue;
        }
        sum += size;
        open.push((in_a.start..start_a, in_b.start..start_b));
        open.push((start_a + size..in_a.end, start_b + size..in_b.end));
    }
    sum
}

/// The longest common block of two ranges, the earliest in `a` and then in `b`: where it starts in each, and its length.
fn longest(
    a: &[char],
    b: &[char],
    in_a: &Range<usize>,
    in_b: &Range<usize>,
) -> (usize, usize, usize) {
    let mut best = (in_a.start, in_b.start, 0);
    // How long a block ends at each letter of `b`, for the letter of `a` before this one.
    let mut before = vec![0; in_b.len() + 1];
    for i in in_a.clone() {
        let mut now = vec![0; in_b.len() + 1];
        for (place, j) in in_b.clone().enumerate() {
            if a[i] == b[j] {
                let size = before[place] + 1;
                now[place + 1] = size;
                if size > best.2 {
                    best = (i + 1 - size, j + 1 - size, size);
                }
            }
        }
        before = now;
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The values of `difflib.SequenceMatcher(None, a, b, autojunk=False).ratio()`.
    #[test]
    fn the_numbers_are_those_people_know() {
        for (a, b, expected) in [
            ("", "", 1.0),
            ("abc", "", 0.0),
            ("abcd", "bcde", 0.75),
            ("tide", "diet", 0.25),
            ("diet", "tide", 0.5),
            ("acmetrading", "acmetradng", 0.952_380_952_380_952_4),
            ("wikimedia", "wikimania", 0.777_777_777_777_777_8),
            ("müller", "muller", 0.833_333_333_333_333_4),
            ("qabxcd", "abycdf", 0.666_666_666_666_666_6),
        ] {
            assert!(
                (ratio(a, b) - expected).abs() < 1e-12,
                "{a} {b}: {}",
                ratio(a, b)
            );
        }
    }
}
