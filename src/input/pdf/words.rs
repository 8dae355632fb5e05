//! Glyphs to words: where does one end?
//!
//! A PDF tells places, not words. Glyphs are taken in the order in which they are painted and cut at spaces, at gaps and
//! where the pen jumps; then the pieces of each row are put in order, doubles (bold by painting twice) are dropped,
//! pieces that touch are joined, and so are letters s p a c e d out.

use super::glyph::{Glyph, Text};
use super::painted::Painted;
use crate::model::{Rect, Word};

/// A gap wider than this share of the font's height ends a word.
const GAP: f64 = 0.12;
/// The pen may step back this share of the font's height inside a word (kerning, accents).
const BACK: f64 = 0.35;
/// Baselines nearer than this share of the font's height are the same.
const SHIFT: f64 = 0.2;

/// A word in the making.
#[derive(Clone, Debug)]
struct Piece {
    text: String,
    rect: Rect,
    direction: (f64, f64),
    size: f64,
    /// Where it begins and ends along its baseline.
    start: f64,
    end: f64,
    /// Where its baseline lies across.
    across: f64,
    /// A space was painted before or behind it: what stands there is another word, however near.
    space_before: bool,
    space_after: bool,
    glyphs: usize,
}

impl Piece {
    fn new(glyph: &Glyph, space_before: bool) -> Self {
        let (start, across) = along(glyph);
        let mut text = String::new();
        glyph.text.push_to(&mut text);
        Self {
            text,
            rect: glyph.rect(),
            direction: glyph.direction,
            size: glyph.size,
            start,
            end: start + glyph.advance,
            across,
            space_before,
            space_after: false,
            glyphs: 1,
        }
    }

    fn push(&mut self, glyph: &Glyph) {
        glyph.text.push_to(&mut self.text);
        self.rect = self.rect.union(glyph.rect());
        self.end = self.end.max(along(glyph).0 + glyph.advance);
        self.size = self.size.max(glyph.size);
        self.glyphs += 1;
    }

    fn join(&mut self, next: &Piece) {
        self.text.push_str(&next.text);
        self.rect = self.rect.union(next.rect);
        self.end = self.end.max(next.end);
        self.size = self.size.max(next.size);
        self.space_after = next.space_after;
        self.glyphs += next.glyphs;
    }

    fn parallel(&self, direction: (f64, f64)) -> bool {
        self.direction.0 * direction.0 + self.direction.1 * direction.1 > 0.99
    }
}

/// Place along the baseline, and of the baseline across.
fn along(glyph: &Glyph) -> (f64, f64) {
    let (dx, dy) = glyph.direction;
    (glyph.x * dx + glyph.y * dy, glyph.y * dx - glyph.x * dy)
}

/// Puts glyphs together to words, in rows.
pub(super) fn words<'a>(glyphs: impl IntoIterator<Item = &'a Glyph>) -> Vec<Word> {
    let pieces = cut(glyphs);
    let mut words = Vec::with_capacity(pieces.len());
    for mut row in rows(pieces) {
        row.sort_by(|a, b| a.start.total_cmp(&b.start));
        let row = spaced_out(join_touching(row));
        words.extend(row.iter().filter_map(finish));
    }
    words
}

/// Cuts the stream of glyphs into pieces.
fn cut<'a>(glyphs: impl IntoIterator<Item = &'a Glyph>) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    let mut open = false;
    let mut space_before = false;
    let mut painted = Painted::default();
    for glyph in glyphs {
        if painted.again(glyph) {
            continue;
        }
        if glyph.text.is_space() {
            if let Some(piece) = pieces.last_mut() {
                piece.space_after |= open;
            }
            open = false;
            space_before = true;
            continue;
        }
        let (start, across) = along(glyph);
        let fits = open
            && pieces.last().is_some_and(|piece| {
                let size = piece.size.max(glyph.size);
                let gap = start - piece.end;
                piece.parallel(glyph.direction)
                    && (across - piece.across).abs() < SHIFT * size
                    && gap < GAP * size
                    && gap > -BACK * size
                    && start > piece.start
                    && piece.size.min(glyph.size) > 0.55 * size
            });
        // An accent of no width belongs to the letter it is painted on.
        let accent = open && is_accent(&glyph.text);
        match pieces.last_mut() {
            Some(piece) if fits || accent => piece.push(glyph),
            _ => {
                pieces.push(Piece::new(glyph, space_before));
                open = true;
            }
        }
        space_before = false;
    }
    pieces
}

fn is_accent(text: &Text) -> bool {
    text.first()
        .is_some_and(|char| ('\u{300}'..='\u{36f}').contains(&char))
}

/// Sorts pieces into rows of one direction and one baseline.
fn rows(mut pieces: Vec<Piece>) -> Vec<Vec<Piece>> {
    let turn = |piece: &Piece| {
        let (dx, dy) = piece.direction;
        // Upright text first, then by angle; hundredths, so that noise makes no groups of its own.
        ((1.0 - dx) * 50.0).round() as i64 * 1_000 + (dy * 50.0).round() as i64
    };
    pieces.sort_by(|a, b| {
        turn(a)
            .cmp(&turn(b))
            .then(a.across.total_cmp(&b.across))
            .then(a.start.total_cmp(&b.start))
    });
    let mut rows: Vec<Vec<Piece>> = Vec::new();
    let mut last: Option<(i64, f64)> = None;
    for piece in pieces {
        let (turn, across) = (turn(&piece), piece.across);
        let same = last.is_some_and(|(other, row)| {
            other == turn && (across - row).abs() < SHIFT * piece.size.max(1.0)
        });
        match rows.last_mut() {
            Some(row) if same => row.push(piece),
            _ => {
                rows.push(vec![piece]);
                last = Some((turn, across));
            }
        }
    }
    rows
}

/// Drops doubles and joins pieces between which there is no gap.
fn join_touching(row: Vec<Piece>) -> Vec<Piece> {
    let mut joined: Vec<Piece> = Vec::with_capacity(row.len());
    for piece in row {
        let double = joined.iter().rev().take(3).any(|other| {
            other.text == piece.text
                && (other.start - piece.start).abs() < 0.2 * piece.size
                && (other.end - piece.end).abs() < 0.2 * piece.size
        });
        if double {
            continue;
        }
        match joined.last_mut() {
            Some(last)
                if !last.space_after
                    && !piece.space_before
                    && (piece.start - last.end).abs() < 0.6 * GAP * last.size.min(piece.size)
                    && last.size.min(piece.size) > 0.55 * last.size.max(piece.size) =>
            {
                last.join(&piece);
            }
            _ => joined.push(piece),
        }
    }
    joined
}

/// Joins letters that were spaced out: at least four single letters with even gaps no wider than the font is high.
fn spaced_out(row: Vec<Piece>) -> Vec<Piece> {
    let mut out: Vec<Piece> = Vec::with_capacity(row.len());
    let mut run: Vec<Piece> = Vec::new();
    for piece in row {
        let single = {
            let mut chars = piece.text.chars();
            chars.next().is_some_and(char::is_alphanumeric) && chars.next().is_none()
        };
        let near = run.last().is_none_or(|last| {
            piece.start - last.end < 1.3 * piece.size && piece.size < last.size * 1.2
        });
        if !(single && near) {
            out.append(&mut close(std::mem::take(&mut run)));
        }
        if single {
            run.push(piece);
        } else {
            out.push(piece);
        }
    }
    out.append(&mut close(run));
    out
}

/// Joins a run of single letters, cutting it where a gap is much wider than the others.
fn close(run: Vec<Piece>) -> Vec<Piece> {
    if run.len() < 4 {
        return run;
    }
    let gaps: Vec<f64> = run
        .windows(2)
        .map(|pair| pair[1].start - pair[0].end)
        .collect();
    let mut sorted = gaps.clone();
    sorted.sort_by(f64::total_cmp);
    let median = sorted[sorted.len() / 2];
    let digits = run
        .iter()
        .any(|piece| piece.text.starts_with(|char: char| char.is_numeric()));
    // Single digits are the content of narrow columns too: only many of them with equal gaps are one number.
    if digits && (run.len() < 6 || sorted[sorted.len() - 1] > 1.35 * sorted[0].max(0.0)) {
        return run;
    }
    let mut words: Vec<Piece> = Vec::new();
    let mut wide = true;
    for (at, piece) in run.into_iter().enumerate() {
        if at > 0 {
            wide = gaps[at - 1] > 1.6 * median.max(0.02 * piece.size) + 0.05 * piece.size;
        }
        match words.last_mut() {
            Some(word) if !wide => word.join(&piece),
            _ => words.push(piece),
        }
    }
    words
}

/// The word as the record writes it; `None` if nothing of it can be written.
fn finish(piece: &Piece) -> Option<Word> {
    let text = crate::input::text::clean(&piece.text);
    (!text.is_empty()).then_some(Word {
        text,
        rect: piece.rect,
        confidence: 1.0,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Glyphs of a font 10 points high in which every character is 5 wide.
    fn glyph(char: char, x: f64, y: f64) -> Glyph {
        Glyph {
            text: Text::One(char),
            x,
            y,
            direction: (1.0, 0.0),
            advance: 5.0,
            size: 10.0,
            stretch: 1.0,
            order: 0,
            unseen: None,
        }
    }

    fn line(text: &str, x: f64, y: f64, step: f64) -> Vec<Glyph> {
        text.chars()
            .enumerate()
            .map(|(at, char)| glyph(char, x + at as f64 * step, y))
            .collect()
    }

    fn texts(glyphs: &[Glyph]) -> Vec<String> {
        words(glyphs).into_iter().map(|word| word.text).collect()
    }

    #[test]
    fn words_end_where_a_reader_sees_it() {
        let table: &[(&str, Vec<Glyph>, &[&str])] = &[
            ("a space", line("ab cd", 0.0, 50.0, 5.0), &["ab", "cd"]),
            (
                "a gap",
                [line("ab", 0.0, 50.0, 5.0), line("cd", 12.0, 50.0, 5.0)].concat(),
                &["ab", "cd"],
            ),
            (
                "kerning",
                [line("AV", 0.0, 50.0, 4.2), line("A", 9.5, 50.0, 5.0)].concat(),
                &["AVA"],
            ),
            (
                "another row",
                [line("ab", 0.0, 50.0, 5.0), line("cd", 10.0, 62.0, 5.0)].concat(),
                &["ab", "cd"],
            ),
            (
                "painted out of order",
                [line("cd", 10.0, 50.0, 5.0), line("ab", 0.0, 50.0, 5.0)].concat(),
                &["abcd"],
            ),
            (
                "a space keeps near pieces apart",
                [
                    line("cd", 11.0, 50.0, 5.0),
                    line("ab", 0.0, 50.0, 5.0),
                    line(" ", 10.0, 50.0, 5.0),
                ]
                .concat(),
                &["ab", "cd"],
            ),
            (
                "bold by painting each glyph twice",
                vec![
                    glyph('a', 0.0, 50.0),
                    glyph('a', 0.3, 50.0),
                    glyph('b', 5.0, 50.0),
                    glyph('b', 5.3, 50.0),
                ],
                &["ab"],
            ),
            (
                "bold by painting the word twice",
                [line("abc", 0.0, 50.0, 5.0), line("abc", 0.4, 50.2, 5.0)].concat(),
                &["abc"],
            ),
            ("spaced out", line("INVOICE", 0.0, 50.0, 9.0), &["INVOICE"]),
            (
                "spaced out, two words",
                [line("TAX", 0.0, 50.0, 8.0), line("BILL", 31.0, 50.0, 8.0)].concat(),
                &["TAX", "BILL"],
            ),
            (
                "spaced out by spaces",
                line("T O T A L", 0.0, 50.0, 4.0),
                &["TOTAL"],
            ),
            (
                "single digits of columns stay apart",
                line("1234", 0.0, 50.0, 12.0),
                &["1", "2", "3", "4"],
            ),
        ];
        for (name, glyphs, expected) in table {
            assert_eq!(&texts(glyphs), expected, "{name}");
        }
    }

    #[test]
    fn ligatures_hyphens_and_unknown_glyphs() {
        let mut glyphs = line("o", 0.0, 50.0, 5.0);
        glyphs.push(Glyph {
            text: Text::One('\u{fb03}'),
            ..glyph('x', 5.0, 50.0)
        });
        glyphs.push(glyph('\u{ad}', 10.0, 50.0));
        glyphs.push(Glyph {
            text: Text::Unknown,
            ..glyph('x', 15.0, 50.0)
        });
        assert_eq!(texts(&glyphs), ["offi-\u{fffd}"]);
    }

    #[test]
    #[expect(clippy::float_cmp, reason = "rounded to hundredths of a point")]
    fn the_box_covers_the_word_also_when_it_is_turned() {
        let upright = &words(&line("ab", 100.0, 50.0, 5.0))[0];
        assert_eq!(upright.rect.rounded(), [100.0, 42.2, 110.0, 52.2]);
        let turned: Vec<Glyph> = line("ab", 0.0, 0.0, 5.0)
            .into_iter()
            .enumerate()
            .map(|(at, glyph)| Glyph {
                direction: (0.0, -1.0),
                x: 100.0,
                y: 50.0 - at as f64 * 5.0,
                ..glyph
            })
            .collect();
        let turned = &words(&turned)[0];
        assert_eq!(turned.text, "ab");
        assert_eq!(turned.rect.rounded(), [92.2, 40.0, 102.2, 50.0]);
    }
}
