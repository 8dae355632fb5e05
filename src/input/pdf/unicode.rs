//! From what a PDF calls text to characters.

use hayro_interpret::hayro_cmap::BfString;

use super::glyph::Text;

/// The text of a glyph, as its font tells it.
pub(super) fn text_of(unicode: Option<BfString>) -> Text {
    match unicode {
        None => Text::Unknown,
        // Producers write zero where they do not know.
        Some(BfString::Char(char)) if char.is_control() => Text::Unknown,
        Some(BfString::Char(char)) => Text::One(char),
        Some(BfString::String(text)) => {
            let mut chars = text.chars();
            match (chars.next(), chars.next()) {
                (None, _) => Text::Unknown,
                (Some(char), None) => text_of(Some(BfString::Char(char))),
                _ => Text::Many(text.into_boxed_str()),
            }
        }
    }
}

/// A text string of a PDF: UTF-16 or UTF-8 by its mark, else one byte a character (ISO 32000-2, 7.9.2.2).
pub(super) fn text_string(bytes: &[u8]) -> String {
    match bytes {
        [0xfe, 0xff, rest @ ..] => {
            let units: Vec<u16> = rest
                .chunks_exact(2)
                .map(|pair| u16::from_be_bytes([pair[0], pair[1]]))
                .collect();
            String::from_utf16_lossy(&units)
        }
        [0xef, 0xbb, 0xbf, rest @ ..] => String::from_utf8_lossy(rest).into_owned(),
        bytes => bytes.iter().copied().map(char::from).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_of_each_encoding() {
        for (bytes, text) in [
            (&b"\xfe\xff\0A\x20\xac"[..], "A\u{20ac}"),
            (b"\xef\xbb\xbf\xc3\xa4", "\u{e4}"),
            (b"\xe4b", "\u{e4}b"),
            (b"", ""),
        ] {
            assert_eq!(text_string(bytes), text);
        }
    }

    #[test]
    fn zero_is_no_character() {
        assert_eq!(text_of(Some(BfString::Char('\0'))), Text::Unknown);
        assert_eq!(
            text_of(Some(BfString::String("x".to_owned()))),
            Text::One('x')
        );
        assert_eq!(
            text_of(Some(BfString::String("fi".to_owned()))),
            Text::Many("fi".into())
        );
    }
}
