//! Words to lines, and lines to segments.
//!
//! Words are taken from left to right; each goes on with the line whose last word stands beside it best. So a line
//! follows a bent page, since only neighbours are compared. Low marks such as a dash do not steer it. What that gives is
//! measured for the slope of the page; if it is skewed, the words are joined again with the slope taken out.

use std::ops::Range;

use super::{Segment, around, median};
use crate::model::{Rect, Word};

/// Share of the lower of two words that has to lie beside the other.
const BESIDE: f64 = 0.5;
/// A word this many times higher than the page's median, and narrower than high, runs upwards.
const UPRIGHT: f64 = 2.5;
/// A wide gap, in heights of the line's words, where boxes are as high as the font.
const GAP: f64 = 1.0;
/// The same where boxes are as high as the letters (from pixels).
const TIGHT_GAP: f64 = 1.35;

/// The same in widths of a letter: print that is wide and low (a till's) has wide blanks.
const LETTERS: f64 = 2.1;

/// How many times as far a lone mark may stand from its neighbour.
const MARK: f64 = 1.8;

/// A line that grows to the right.
struct Open {
    words: Vec<usize>,
    /// Box of the last word that steers.
    last: Rect,
    /// Sum of the vertical middles of its words.
    middles: f64,
}

/// A slope below this changes nothing across a page.
const FLAT: f64 = 0.004;
/// Steeper than this is no skew but something else.
const STEEP: f64 = 0.15;

/// Returns the words in reading order and the range of each line.
pub(super) fn lines<'a>(words: &[&'a Word], em: f64) -> (Vec<&'a Word>, Vec<Range<usize>>) {
    let first = join(words, em, 0.0);
    match slope(&first.0, &first.1, em) {
        Some(slope) if (FLAT..STEEP).contains(&slope.abs()) => join(words, em, slope),
        _ => first,
    }
}

/// The slope of the page: the median over neighbours of equal height. `None` where too few tell.
fn slope(words: &[&Word], lines: &[Range<usize>], em: f64) -> Option<f64> {
    let slopes: Vec<f64> = lines
        .iter()
        .flat_map(|line| words[line.clone()].windows(2))
        .map(|pair| (pair[0].rect, pair[1].rect))
        .filter(|(a, b)| {
            b.x0 - a.x1 < 8.0 * em
                && (a.height() - b.height()).abs() < 0.12 * a.height()
                && b.center_x() - a.center_x() > 2.0 * em
        })
        .map(|(a, b)| (b.center_y() - a.center_y()) / (b.center_x() - a.center_x()))
        .collect();
    (slopes.len() >= 3)
        .then(|| median(slopes.into_iter()))
        .flatten()
}

/// Joins words to lines on a page that falls by `slope` to the right.
fn join<'a>(words: &[&'a Word], em: f64, slope: f64) -> (Vec<&'a Word>, Vec<Range<usize>>) {
    let level = |rect: Rect| {
        let shift = slope * rect.center_x();
        Rect {
            y0: rect.y0 - shift,
            y1: rect.y1 - shift,
            ..rect
        }
    };
    let mut order: Vec<usize> = (0..words.len()).collect();
    order.sort_by(|&a, &b| {
        let (a, b) = (words[a].rect, words[b].rect);
        a.x0.total_cmp(&b.x0).then(a.y0.total_cmp(&b.y0))
    });
    let mut open: Vec<Open> = Vec::new();
    let mut upright = Vec::new();
    for index in order {
        let word = words[index];
        let rect = level(word.rect);
        if rect.height() > UPRIGHT * em
            && rect.height() > 1.5 * rect.width()
            && word.text.chars().nth(2).is_some()
        {
            upright.push(index);
            continue;
        }
        let best = open
            .iter()
            .enumerate()
            .filter(|(_, line)| beside(line.last, rect))
            .map(|(place, line)| (place, (line.last.center_y() - rect.center_y()).abs()))
            .min_by(|a, b| a.1.total_cmp(&b.1));
        if let Some((place, _)) = best {
            let line = &mut open[place];
            line.words.push(index);
            line.middles += rect.center_y();
            if rect.height() >= 0.5 * line.last.height() {
                line.last = rect;
            }
        } else {
            open.push(Open {
                words: vec![index],
                last: rect,
                middles: rect.center_y(),
            });
        }
    }
    open.sort_by(|a, b| {
        let (a, b) = (
            a.middles / a.words.len() as f64,
            b.middles / b.words.len() as f64,
        );
        a.total_cmp(&b)
    });
    upright.sort_by(|&a, &b| words[a].rect.y0.total_cmp(&words[b].rect.y0));

    let mut ordered = Vec::with_capacity(words.len());
    let mut ranges = Vec::with_capacity(open.len() + upright.len());
    let groups = open
        .into_iter()
        .map(|line| line.words)
        .chain(upright.into_iter().map(|index| vec![index]));
    for group in groups {
        let first = ordered.len();
        ordered.extend(group.into_iter().map(|index| words[index]));
        ranges.push(first..ordered.len());
    }
    (ordered, ranges)
}

/// Tells whether two boxes stand beside each other in one line.
fn beside(a: Rect, b: Rect) -> bool {
    let shared = a.y1.min(b.y1) - a.y0.max(b.y0);
    let (low, high) = if a.height() < b.height() {
        (a, b)
    } else {
        (b, a)
    };
    shared >= BESIDE * low.height()
        // A low word between two lines of a high one belongs to neither, but a small word on the foot of a big one does.
        && (high.height() < 2.2 * low.height() || (high.y1 - low.y1).abs() < 0.6 * low.height()
            || low.height() < 0.35 * high.height() && (low.center_y() - high.center_y()).abs() < 0.3 * high.height())
}

/// Parts a line at its wide gaps.
pub(super) fn segments(
    words: &[&Word],
    range: Range<usize>,
    line: usize,
    tight: bool,
) -> Vec<Segment> {
    let em = median(words[range.clone()].iter().map(|word| word.rect.height())).unwrap_or(1.0);
    let wide = if tight {
        let letter = median(words[range.clone()].iter().filter_map(|word| letter(word)));
        f64::max(
            TIGHT_GAP * em,
            LETTERS * letter.unwrap_or(0.0).min(1.3 * em),
        )
    } else {
        GAP * em
    };
    let mut parts = Vec::new();
    let mut first = range.start;
    // The right edge so far: words may overlap, a wide one may reach over the next.
    let mut edge = f64::NEG_INFINITY;
    for index in range.clone() {
        let rect = words[index].rect;
        // A lone mark (a bullet, a colon) leans on its neighbours from further off.
        let mark = is_mark(words[index]) || index > first && is_mark(words[index - 1]);
        if index > first && rect.x0 - edge > wide * if mark { MARK } else { 1.0 } {
            parts.push(segment(words, first..index, line));
            first = index;
        }
        edge = edge.max(rect.x1);
    }
    if first < range.end {
        parts.push(segment(words, first..range.end, line));
    }
    parts
}

/// The width of a word's letters; `None` for one that has too few to tell.
fn letter(word: &Word) -> Option<f64> {
    let letters = word.text.trim().chars().count();
    (letters >= 3).then(|| word.rect.width() / letters as f64)
}

/// Tells whether a word is a single mark, neither letter nor digit.
fn is_mark(word: &Word) -> bool {
    let mut chars = word.text.trim().chars();
    chars.next().is_some_and(|c| !c.is_alphanumeric()) && chars.next().is_none()
}

fn segment(words: &[&Word], range: Range<usize>, line: usize) -> Segment {
    let inside = &words[range.clone()];
    Segment {
        rect: around(inside),
        em: median(inside.iter().map(|word| word.rect.height())).unwrap_or(1.0),
        words: range,
        line,
        block: 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rect(y0: f64, y1: f64) -> Rect {
        Rect {
            x0: 0.0,
            y0,
            x1: 10.0,
            y1,
        }
    }

    #[test]
    fn what_stands_beside_each_other() {
        for (name, a, b, expected) in [
            ("same", rect(0.0, 10.0), rect(0.0, 10.0), true),
            ("half a line down", rect(0.0, 10.0), rect(6.0, 16.0), false),
            ("a dash", rect(0.0, 10.0), rect(5.0, 6.0), true),
            ("a comma", rect(0.0, 10.0), rect(8.0, 11.0), true),
            (
                "small on the foot of big",
                rect(0.0, 30.0),
                rect(20.0, 30.0),
                true,
            ),
            (
                "small at the head of big",
                rect(0.0, 30.0),
                rect(1.0, 12.0),
                false,
            ),
        ] {
            assert_eq!(beside(a, b), expected, "{name}");
        }
    }
}
