//! What kind of page is it? Found out from its dark specks, without reading it.
//!
//! Letters are specks of about one height that stand in rows. From their sizes and places follow the scale an engine
//! wants, the way rows run (across or upwards), their slope, and whether it is a strip with one column (a receipt) or a
//! page with columns and tables.

use super::plane::{Plane, TILE};

/// What was found out.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Survey {
    /// Middle height of the letters in pixels, capital and small ones together; `None` if there is hardly any print.
    pub letter: Option<f64>,
    /// Tangent of the angle by which rows fall to the right; 0 unless it is sure.
    pub slope: f64,
    /// Rows run upwards or downwards: the page lies on its side.
    pub sideways: bool,
    /// Which of the two ways rows run is beyond doubt; never which end is up.
    pub certain: bool,
    /// The paper is not equally bright everywhere: a photo.
    pub uneven: bool,
    /// Width of the print in letter heights.
    pub breadth: f64,
}

/// A dark speck: left, top, right, bottom, inclusive.
type Speck = [u32; 4];

/// Specks kept: enough of any page to judge it.
const MOST: usize = 20_000;

/// Looks at a page.
pub(super) fn survey(plane: &Plane) -> Survey {
    // Half the size tells the same of a large page, in a quarter of the time.
    if plane.width * plane.height > 3_000_000 {
        let half = survey(&plane.halved());
        return Survey {
            letter: half.letter.map(|letter| letter * 2.0),
            ..half
        };
    }
    let paper = plane.paper();
    let uneven = uneven(&paper);
    let letters = letters(&specks(plane, &paper));
    if letters.len() < 20 {
        return Survey {
            letter: None,
            slope: 0.0,
            sideways: false,
            certain: false,
            uneven,
            breadth: 0.0,
        };
    }
    let letter = middling(letters.iter().map(height));
    let across = rows(
        letters
            .iter()
            .map(|speck| (middle(speck[0], speck[2]), f64::from(speck[3]))),
        letter,
    );
    let upwards = rows(
        letters
            .iter()
            .map(|speck| (middle(speck[1], speck[3]), f64::from(speck[2]))),
        letter,
    );
    // Letters are higher than wide; on a page that lies on its side they are not.
    let lying = median(letters.iter().map(width)) > 1.05 * median(letters.iter().map(height));
    let sideways = lying && upwards.score > 1.4 * across.score;
    let (found, letter) = if sideways {
        (&upwards, middling(letters.iter().map(width)))
    } else {
        (&across, letter)
    };
    // Engines cope with half a degree themselves.
    let sure = found.score > 1.12 * found.straight && found.slope.abs() > 0.008;
    let mut edges: Vec<u32> = letters
        .iter()
        .flat_map(|speck| {
            if sideways {
                [speck[1], speck[3]]
            } else {
                [speck[0], speck[2]]
            }
        })
        .collect();
    edges.sort_unstable();
    // Without the outermost hundredth: marks and shadows at the edge.
    let trim = edges.len() / 100;
    let breadth = f64::from(edges[edges.len() - 1 - trim] - edges[trim]) / letter;
    Survey {
        letter: Some(letter),
        // Seen from the side, a fall to the right is a rise.
        slope: match (sure, sideways) {
            (false, _) => 0.0,
            (true, false) => found.slope,
            (true, true) => -found.slope,
        },
        sideways,
        uneven,
        certain: across.score.max(upwards.score) > 1.3 * across.score.min(upwards.score),
        breadth,
    }
}

fn width(speck: &Speck) -> f64 {
    f64::from(speck[2] - speck[0] + 1)
}

fn height(speck: &Speck) -> f64 {
    f64::from(speck[3] - speck[1] + 1)
}

fn middle(from: u32, to: u32) -> f64 {
    f64::midpoint(f64::from(from), f64::from(to))
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(1.0)
}

/// Tells a photo by its shadows: more than a few squares are much darker than the bright ones.
fn uneven(paper: &[u8]) -> bool {
    let mut sorted = paper.to_vec();
    sorted.sort_unstable();
    let at = |share: usize| {
        f64::from(
            sorted
                .get(sorted.len() * share / 100)
                .copied()
                .unwrap_or(255),
        )
    };
    at(15) < 0.8 * at(85)
}

/// The value at which half of the sum of all is reached: dots of a needle printer and dust count for little.
fn middling(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    let half = values.iter().sum::<f64>() / 2.0;
    let mut sum = 0.0;
    values
        .iter()
        .find(|value| {
            sum += **value;
            sum >= half
        })
        .copied()
        .unwrap_or(1.0)
}

/// The specks that can be letters: neither dust nor rules nor pictures.
fn letters(specks: &[Speck]) -> Vec<Speck> {
    let possible: Vec<Speck> = specks
        .iter()
        .filter(|speck| {
            let (width, height) = (width(speck), height(speck));
            height >= 5.0
                && width >= 2.0
                && height <= 120.0
                && width < 4.0 * height
                && height < 8.0 * width
        })
        .copied()
        .collect();
    if possible.is_empty() {
        return possible;
    }
    let middle = median(possible.iter().map(height));
    possible
        .into_iter()
        .filter(|speck| (0.5 * middle..2.2 * middle).contains(&height(speck)))
        .collect()
}

/// How well points fall into rows, and along which slope best.
struct Rows {
    slope: f64,
    score: f64,
    /// The score without any slope.
    straight: f64,
}

/// Searches slopes up to 10 degrees for the one along which the points gather in the fewest rows.
fn rows(points: impl Iterator<Item = (f64, f64)>, letter: f64) -> Rows {
    let points: Vec<(f64, f64)> = points.collect();
    let bin = (letter / 5.0).max(1.0);
    let low = points
        .iter()
        .map(|point| point.1)
        .fold(f64::INFINITY, f64::min);
    let high = points.iter().map(|point| point.1).fold(0.0, f64::max);
    let far = points.iter().map(|point| point.0).fold(0.0, f64::max);
    let margin = far * 0.2;
    let mut counts = vec![0u32; ((high - low + 2.0 * margin) / bin) as usize + 3];
    let mut score = |slope: f64| {
        counts.fill(0);
        for (x, y) in &points {
            let at = ((y - slope * x - low + margin) / bin) as usize;
            if let Some(count) = counts.get_mut(at) {
                *count += 1;
            }
        }
        counts
            .iter()
            .map(|count| f64::from(*count) * f64::from(*count))
            .sum::<f64>()
            / points.len().max(1) as f64
    };
    let straight = score(0.0);
    let mut best = (0.0, straight);
    for step in -44..=44 {
        let slope = f64::from(step) * 0.004;
        let found = score(slope);
        if found > best.1 * 1.000_1 {
            best = (slope, found);
        }
    }
    let coarse = best.0;
    for step in -4..=4 {
        let slope = coarse + f64::from(step) * 0.001;
        let found = score(slope);
        if found > best.1 * 1.000_1 {
            best = (slope, found);
        }
    }
    Rows {
        slope: best.0,
        score: best.1,
        straight,
    }
}

/// Finds the connected dark specks: what is clearly darker than the paper around it.
fn specks(plane: &Plane, paper: &[u8]) -> Vec<Speck> {
    // Ink is clearly darker than the paper around it.
    let ink: Vec<u8> = paper
        .iter()
        .map(|paper| (u16::from(*paper) * 3 / 4) as u8)
        .collect();
    let across = plane.width.div_ceil(TILE);
    // Labels are merged by rows of runs: each run joins those of the row above that touch it.
    let mut boxes: Vec<Speck> = Vec::new();
    let mut parent: Vec<usize> = Vec::new();
    let mut above: Vec<(usize, usize, usize)> = Vec::new();
    for y in 0..plane.height {
        let row = &plane.samples[y * plane.width..][..plane.width];
        let tiles = &ink[y / TILE * across..][..across];
        let mut runs: Vec<(usize, usize, usize)> = Vec::new();
        let mut from = None;
        for x in 0..=plane.width {
            let dark = x < plane.width && row[x] < tiles[x / TILE];
            match (dark, from) {
                (true, None) => from = Some(x),
                (false, Some(begin)) => {
                    runs.push((begin, x - 1, usize::MAX));
                    from = None;
                }
                _ => {}
            }
        }
        let mut first = 0;
        for run in &mut runs {
            while first < above.len() && above[first].1 + 1 < run.0 {
                first += 1;
            }
            let mut at = first;
            while at < above.len() && above[at].0 <= run.1 + 1 {
                let other = root(&mut parent, above[at].2);
                if run.2 == usize::MAX {
                    run.2 = other;
                } else {
                    let own = root(&mut parent, run.2);
                    if own != other {
                        parent[other] = own;
                        boxes[own] = join(boxes[own], boxes[other]);
                    }
                    run.2 = own;
                }
                at += 1;
            }
            let speck = [run.0 as u32, y as u32, run.1 as u32, y as u32];
            if run.2 == usize::MAX {
                run.2 = boxes.len();
                boxes.push(speck);
                parent.push(run.2);
            } else {
                let own = root(&mut parent, run.2);
                boxes[own] = join(boxes[own], speck);
                run.2 = own;
            }
        }
        above = runs;
    }
    (0..boxes.len())
        .filter(|at| parent[*at] == *at)
        .map(|at| boxes[at])
        .filter(|speck| speck[3] > speck[1] + 2)
        .take(MOST)
        .collect()
}

fn root(parent: &mut [usize], mut at: usize) -> usize {
    while parent[at] != at {
        parent[at] = parent[parent[at]];
        at = parent[at];
    }
    at
}

fn join(a: Speck, b: Speck) -> Speck {
    [
        a[0].min(b[0]),
        a[1].min(b[1]),
        a[2].max(b[2]),
        a[3].max(b[3]),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows of "letters" 12 high and 7 wide, falling by `slope`.
    fn print(width: usize, height: usize, slope: f64) -> Plane {
        let mut plane = Plane {
            width,
            height,
            samples: vec![240; width * height],
        };
        for row in (60..height - 60).step_by(40) {
            for (letter, left) in (60..width - 60).step_by(11).enumerate() {
                if letter % 7 == 6 {
                    continue;
                }
                let top = (row as f64 + slope * left as f64) as usize;
                for y in top..(top + 12).min(height) {
                    for x in left..left + 7 {
                        plane.samples[y * width + x] = 30;
                    }
                }
            }
        }
        plane
    }

    #[test]
    fn letters_and_slope_are_found() {
        for slope in [0.0, 0.03, -0.05] {
            let found = survey(&print(900, 700, slope));
            assert_eq!(found.letter, Some(12.0), "{slope}");
            assert!(
                (found.slope - slope).abs() < 0.003,
                "{slope}: {}",
                found.slope
            );
            assert!(!found.sideways);
            assert!((55.0..75.0).contains(&found.breadth), "{}", found.breadth);
        }
    }

    #[test]
    fn a_page_on_its_side_is_noticed() {
        let found = survey(&print(900, 700, 0.02).turned(90));
        assert!(found.sideways);
    }

    #[test]
    fn an_empty_page_tells_nothing() {
        let blank = Plane {
            width: 100,
            height: 100,
            samples: vec![250; 10_000],
        };
        assert_eq!(survey(&blank).letter, None);
    }
}
