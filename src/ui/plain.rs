//! Text from documents on its way to a terminal: nothing in it may steer the terminal.

use std::borrow::Cow;

/// The text with control characters made visible; other text is untouched.
///
/// Also direction overrides and invisible characters are shown as escapes: with them a name can look like another one.
pub fn plain(text: &str) -> Cow<'_, str> {
    if !text.chars().any(steers) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 8);
    for character in text.chars() {
        if steers(character) {
            out.extend(character.escape_unicode());
        } else {
            out.push(character);
        }
    }
    Cow::Owned(out)
}

fn steers(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn nothing_steers_the_terminal() {
        for (text, shown) in [
            ("Müller & Söhne", "Müller & Söhne"),
            ("a\u{1b}[31mb", "a\\u{1b}[31mb"),
            ("one\ntwo", "one\\u{a}two"),
            ("gpj.\u{202e}fdp", "gpj.\\u{202e}fdp"),
        ] {
            assert_eq!(plain(text), shown);
        }
    }
}
