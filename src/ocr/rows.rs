//! Words as rows: what stands beside what, on a page that may be a little crooked.

use crate::model::Word;

/// Indices of the words, row by row from above, each row from the left. `slope` is the tangent of the angle by which
/// rows fall to the right.
pub(super) fn rows(words: &[Word], slope: f64) -> Vec<Vec<usize>> {
    let middle = |word: &Word| {
        let across = f64::midpoint(word.rect.x0, word.rect.x1);
        f64::midpoint(word.rect.y0, word.rect.y1) - slope * across
    };
    let mut order: Vec<usize> = (0..words.len()).collect();
    order.sort_by(|a, b| middle(&words[*a]).total_cmp(&middle(&words[*b])));
    let mut heights: Vec<f64> = words.iter().map(|word| word.rect.height()).collect();
    heights.sort_by(f64::total_cmp);
    let letter = heights.get(heights.len() / 2).copied().unwrap_or(1.0);
    let mut rows: Vec<Vec<usize>> = Vec::new();
    let mut last = f64::NEG_INFINITY;
    for at in order {
        let place = middle(&words[at]);
        match rows.last_mut() {
            // The place of a row is that of its word before: a slope that is left is followed.
            Some(row) if place - last < 0.45 * letter => row.push(at),
            _ => rows.push(vec![at]),
        }
        last = place;
    }
    for row in &mut rows {
        row.sort_by(|a, b| words[*a].rect.x0.total_cmp(&words[*b].rect.x0));
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Rect;

    fn word(text: &str, x0: f64, y0: f64) -> Word {
        Word {
            text: text.to_owned(),
            rect: Rect {
                x0,
                y0,
                x1: x0 + 30.0,
                y1: y0 + 10.0,
            },
            confidence: 0.9,
        }
    }

    #[test]
    fn words_of_a_crooked_page_stand_in_their_rows() {
        // Rows that fall by a tenth, 14 apart.
        let words: Vec<Word> = [
            ("d", 300.0, 44.0),
            ("a", 0.0, 0.0),
            ("b", 300.0, 30.0),
            ("c", 0.0, 14.0),
        ]
        .map(|(text, x, y)| word(text, x, y))
        .to_vec();
        assert_eq!(rows(&words, 0.1), [vec![1, 2], vec![3, 0]]);
        assert_eq!(rows(&words, 0.0).len(), 4);
        assert!(rows(&[], 0.0).is_empty());
    }
}
