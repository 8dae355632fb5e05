//! How alike two texts are: the share of characters in matching blocks (Ratcliff and Obershelp).
//!
//! The same number as Python's `difflib.SequenceMatcher(None, a, b, autojunk=False).ratio()`, with its choice of the
//! first of several longest blocks, so that scores can be compared with those of other programs.

use std::collections::BTreeMap;

/// `2 · matched / (length of both)`, in characters; 1 for two empty texts.
pub(super) fn ratio(one: &str, other: &str) -> f64 {
    let one: Vec<char> = one.chars().collect();
    let other: Vec<char> = other.chars().collect();
    let length = one.len() + other.len();
    if length == 0 {
        return 1.0;
    }
    2.0 * matched(&one, &other) as f64 / length as f64
}

/// Characters in matching blocks: the longest block, then those left and right of it.
fn matched(one: &[char], other: &[char]) -> usize {
    let mut places: BTreeMap<char, Vec<usize>> = BTreeMap::new();
    for (place, character) in other.iter().enumerate() {
        places.entry(*character).or_default().push(place);
    }
    let mut open = vec![(0, one.len(), 0, other.len())];
    let mut sum = 0;
    while let Some((from, to, low, high)) = open.pop() {
        let (start, begin, size) = longest(&one[from..to], &places, low, high);
        let start = from + start;
        if size == 0 {
            continue;
        }
        sum += size;
        open.push((from, start, low, begin));
        open.push((start + size, to, begin + size, high));
    }
    sum
}

/// The first longest block: place in `one`, place in the other text (between `low` and `high`), length.
fn longest(
    one: &[char],
    places: &BTreeMap<char, Vec<usize>>,
    low: usize,
    high: usize,
) -> (usize, usize, usize) {
    let mut best = (0, low, 0);
    // Length of the block that ends at this place of the other text and at the character before.
    let mut before: BTreeMap<usize, usize> = BTreeMap::new();
    for (index, character) in one.iter().enumerate() {
        let mut here = BTreeMap::new();
        for &place in places.get(character).map_or(&[][..], Vec::as_slice) {
            if place < low || place >= high {
                continue;
            }
            let size = 1 + place
                .checked_sub(1)
                .and_then(|left| before.get(&left))
                .copied()
                .unwrap_or(0);
            here.insert(place, size);
            if size > best.2 {
                best = (index + 1 - size, place + 1 - size, size);
            }
        }
        before = here;
    }
    best
}

#[cfg(test)]
mod tests {
    use super::ratio;

    #[test]
    fn the_numbers_are_those_of_difflib() {
        for (one, other, expected) in [
            ("", "", 1.0),
            ("abc", "", 0.0),
            ("abcd", "bcde", 0.75),
            ("tide", "diet", 0.25),
            ("diet", "tide", 0.5),
            (
                "private thread",
                "private volatile",
                0.666_666_666_666_666_6,
            ),
            ("qabxcd", "abycdf", 0.666_666_666_666_666_6),
            ("müllersöhne", "mullersohne", 0.818_181_818_181_818_2),
            ("aaaaabbbbb", "bbbbbaaaaa", 0.5),
        ] {
            assert!(
                (ratio(one, other) - expected).abs() < 1e-12,
                "{one} {other}"
            );
        }
    }
}
