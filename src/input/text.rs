//! Words to text: characters as the record writes them, and lines in reading order.
//!
//! Plain geometry, top to bottom and left to right; columns and tables are the business of `layout`.

use unicode_normalization::{UnicodeNormalization, is_nfc};

use crate::model::Word;

/// A word's characters as the record writes them: ligatures expanded, marks composed, one kind of hyphen, nothing that
/// prints nothing. What a font does not tell stays visible as U+FFFD, so that no amount loses a digit in silence.
pub(super) fn clean(text: &str) -> String {
    if text.bytes().all(|byte| (0x21..0x7f).contains(&byte)) {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    for char in text.chars() {
        match char {
            '\u{fb00}' => out.push_str("ff"),
            '\u{fb01}' => out.push_str("fi"),
            '\u{fb02}' => out.push_str("fl"),
            '\u{fb03}' => out.push_str("ffi"),
            '\u{fb04}' => out.push_str("ffl"),
            '\u{fb05}' | '\u{fb06}' => out.push_str("st"),
            // A soft hyphen that is painted is a hyphen.
            '\u{ad}' | '\u{2010}' | '\u{2011}' => out.push('-'),
            '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{e000}'..='\u{f8ff}'
            | '\u{feff}' => {}
            char if char.is_control() || char.is_whitespace() => {}
            char => out.push(char),
        }
    }
    if is_nfc(&out) {
        out
    } else {
        out.nfc().collect()
    }
}

/// Puts words into reading order and returns the text, one line a printed line.
pub(super) fn order(words: &mut Vec<Word>) -> String {
    let mut lines = lines(std::mem::take(words));
    let mut text = String::new();
    for line in &mut lines {
        if !text.is_empty() {
            text.push('\n');
        }
        for (at, word) in line.iter().enumerate() {
            if at > 0 {
                text.push(' ');
            }
            text.push_str(&word.text);
        }
        words.append(line);
    }
    text
}

/// Groups words into lines, top to bottom; words that run upwards or downwards come last, each on its own.
fn lines(mut words: Vec<Word>) -> Vec<Vec<Word>> {
    words.sort_by(|a, b| {
        (a.rect.center_y().total_cmp(&b.rect.center_y()))
            .then(a.rect.x0.total_cmp(&b.rect.x0))
            .then_with(|| a.text.cmp(&b.text))
    });
    let (upright, turned): (Vec<Word>, Vec<Word>) = words.into_iter().partition(|word| {
        word.rect.height() < 1.8 * word.rect.width() || word.text.chars().count() < 3
    });
    let mut lines: Vec<(f64, f64, Vec<Word>)> = Vec::new();
    for word in upright {
        let (top, bottom) = (word.rect.y0, word.rect.y1);
        // Only the last few lines can still reach down to this word.
        let first = lines.len().saturating_sub(4);
        let best = lines[first..]
            .iter_mut()
            .map(|line| {
                let shared = bottom.min(line.1) - top.max(line.0);
                let least = (bottom - top).min(line.1 - line.0);
                (shared / least.max(1e-6), line)
            })
            .filter(|(share, _)| *share > 0.5)
            .max_by(|a, b| a.0.total_cmp(&b.0));
        if let Some((_, line)) = best {
            line.2.push(word);
        } else {
            lines.push((top, bottom, vec![word]));
        }
    }
    lines.sort_by(|a, b| (a.0 + a.1).total_cmp(&(b.0 + b.1)));
    let mut lines: Vec<Vec<Word>> = lines.into_iter().map(|(_, _, words)| words).collect();
    for line in &mut lines {
        line.sort_by(|a, b| a.rect.x0.total_cmp(&b.rect.x0));
    }
    lines.extend(turned.into_iter().map(|word| vec![word]));
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Rect;

    fn word(text: &str, x0: f64, y0: f64, height: f64) -> Word {
        Word {
            text: text.to_owned(),
            rect: Rect {
                x0,
                y0,
                x1: x0 + 5.0 * text.len() as f64,
                y1: y0 + height,
            },
            confidence: 1.0,
        }
    }

    #[test]
    fn characters_are_those_a_reader_sees() {
        for (from, to) in [
            ("plain", "plain"),
            ("o\u{fb03}ce", "office"),
            ("ko\u{ad}", "ko-"),
            ("u\u{308}ber", "über"),
            ("\u{f0b7}", ""),
            ("1\u{fffd}0", "1\u{fffd}0"),
            ("a\u{200b}b\u{0}", "ab"),
        ] {
            assert_eq!(clean(from), to);
        }
    }

    #[test]
    fn lines_follow_the_page() {
        let mut words = vec![
            word("10.00", 200.0, 21.0, 10.0),
            word("Total", 10.0, 20.0, 12.0),
            word("Invoice", 10.0, 0.0, 12.0),
            word("4711", 60.0, 2.0, 8.0),
        ];
        assert_eq!(order(&mut words), "Invoice 4711\nTotal 10.00");
        let texts: Vec<&str> = words.iter().map(|word| word.text.as_str()).collect();
        assert_eq!(texts, ["Invoice", "4711", "Total", "10.00"]);
    }
}
