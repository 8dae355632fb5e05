//! The text of an RTF letter: words and line ends, nothing of how they look.
//!
//! RTF that was made of HTML holds both: the tags in groups that are passed over like all that a reader need not know, and
//! between `\htmlrtf` and `\htmlrtf0` what stands for them in RTF, which is passed over too.

use encoding_rs::{Encoding, WINDOWS_1252};

/// Groups that hold no text of the letter.
const NO_TEXT: &[&str] = &[
    "fonttbl",
    "colortbl",
    "stylesheet",
    "info",
    "pict",
    "object",
    "header",
    "footer",
    "listtable",
    "generator",
];
/// Groups within each other; deeper ones are passed over.
const MAX_GROUPS: usize = 500;

/// What holds within a group.
#[derive(Clone, Copy)]
struct Group {
    /// Its text is none of the letter's.
    silent: bool,
    /// Characters after `\u` that stand for it where it is not understood.
    stands_for: usize,
}

struct Reading {
    group: Group,
    outer: Vec<Group>,
    encoding: &'static Encoding,
    /// Bytes in the encoding that are not decoded yet.
    bytes: Vec<u8>,
    /// Characters to be passed over.
    skip: usize,
    /// Between `\htmlrtf` and `\htmlrtf0`.
    twin: bool,
    out: String,
}

/// The text.
pub(super) fn text(rtf: &[u8]) -> String {
    let mut reading = Reading {
        group: Group {
            silent: false,
            stands_for: 1,
        },
        outer: Vec::new(),
        encoding: WINDOWS_1252,
        bytes: Vec::new(),
        skip: 0,
        twin: false,
        out: String::new(),
    };
    let mut rest = rtf;
    while let Some((&byte, after)) = rest.split_first() {
        rest = match byte {
            b'\\' => reading.control(after),
            b'{' => {
                reading.open();
                after
            }
            b'}' => {
                reading.close();
                after
            }
            b'\r' | b'\n' => after,
            _ => {
                reading.put(byte);
                after
            }
        };
    }
    reading.flush();
    reading.out
}

impl Reading {
    fn open(&mut self) {
        self.outer.push(self.group);
        self.group.silent |= self.outer.len() > MAX_GROUPS;
    }

    fn close(&mut self) {
        self.flush();
        if let Some(outer) = self.outer.pop() {
            self.group = outer;
        }
    }

    /// A byte of text.
    fn put(&mut self, byte: u8) {
        if self.skip > 0 {
            self.skip -= 1;
        } else if !self.group.silent && !self.twin {
            self.bytes.push(byte);
        }
    }

    fn push(&mut self, char: char) {
        self.flush();
        if !self.group.silent && !self.twin {
            self.out.push(char);
        }
    }

    /// Bytes are decoded together, since some encodings take two for a character.
    fn flush(&mut self) {
        if !self.bytes.is_empty() {
            let text = self.encoding.decode_without_bom_handling(&self.bytes).0;
            self.out.push_str(&text);
            self.bytes.clear();
        }
    }

    /// What follows a backslash; returns what follows that.
    fn control<'r>(&mut self, rest: &'r [u8]) -> &'r [u8] {
        let Some((&first, after)) = rest.split_first() else {
            return rest;
        };
        match first {
            b'\'' => {
                let digits = after.get(..2).and_then(|hex| std::str::from_utf8(hex).ok());
                if let Some(byte) = digits.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
                    self.put(byte);
                }
                return after.get(2..).unwrap_or_default();
            }
            b'*' => {
                self.group.silent = true;
                return after;
            }
            b'~' => self.push(' '),
            b'_' => self.push('-'),
            b'\\' | b'{' | b'}' => self.put(first),
            b'\r' | b'\n' => self.push('\n'),
            _ if first.is_ascii_alphabetic() => return self.word(rest),
            _ => {}
        }
        after
    }

    fn word<'r>(&mut self, rest: &'r [u8]) -> &'r [u8] {
        let is_letter = |byte: &u8| byte.is_ascii_alphabetic();
        let (name, rest) = rest.split_at(rest.iter().take_while(|byte| is_letter(byte)).count());
        let signed = usize::from(rest.first() == Some(&b'-'));
        let digits = rest[signed..].iter().take(10);
        let digits = digits.take_while(|byte| byte.is_ascii_digit()).count();
        let (number, rest) = if digits == 0 {
            (None, rest)
        } else {
            let (number, rest) = rest.split_at(signed + digits);
            let number = std::str::from_utf8(number).ok();
            (number.and_then(|number| number.parse::<i64>().ok()), rest)
        };
        let name = std::str::from_utf8(name).unwrap_or_default();
        self.act(name, number);
        rest.strip_prefix(b" ").unwrap_or(rest)
    }

    fn act(&mut self, name: &str, number: Option<i64>) {
        match name {
            "par" | "line" | "row" | "page" | "sect" => self.push('\n'),
            "tab" | "cell" => self.push('\t'),
            "emdash" | "endash" => self.push('-'),
            "lquote" | "rquote" => self.push('\''),
            "ldblquote" | "rdblquote" => self.push('"'),
            "htmlrtf" => {
                self.flush();
                self.twin = number != Some(0);
            }
            "uc" => {
                self.group.stands_for = number.and_then(|n| usize::try_from(n).ok()).unwrap_or(1);
            }
            "u" => {
                // Units above 32,767 are written as negative numbers.
                let unit = number.map_or(0, |n| n.rem_euclid(0x1_0000));
                let char = u32::try_from(unit).ok().and_then(char::from_u32);
                self.push(char.unwrap_or(char::REPLACEMENT_CHARACTER));
                self.skip = self.group.stands_for;
            }
            "ansicpg" => {
                let label = format!("windows-{}", number.unwrap_or(1252));
                self.encoding = Encoding::for_label(label.as_bytes()).unwrap_or(WINDOWS_1252);
            }
            _ if NO_TEXT.contains(&name) => self.group.silent = true,
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::text;

    #[test]
    fn words_and_line_ends_remain() {
        for (rtf, expected) in [
            (
                r"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0 Arial;}}\f0\fs20 Total: 1.234,50 \'80\par bye}",
                "Total: 1.234,50 €\nbye",
            ),
            (
                r"{\rtf1\ansi\uc1 Gr\u252 ?\u223 ?e \{x\} a\tab b}",
                "Grüße {x} a\tb",
            ),
            (r"{\rtf1{\*\generator Riched;}a\~b{\pict 00ff}c}", "a bc"),
            (
                r"{\rtf1\fromhtml1{\*\htmltag64 <p>}\htmlrtf {\f1 \htmlrtf0 Due{\*\htmltag84 &nbsp;}\htmlrtf \~\htmlrtf0 5.00\htmlrtf }\htmlrtf0 }",
                "Due5.00",
            ),
            ("", ""),
            (r"{\rtf1 \", ""),
            (r"\'4", ""),
        ] {
            assert_eq!(text(rtf.as_bytes()), expected, "{rtf}");
        }
        assert_eq!(text("{".repeat(100_000).as_bytes()), "");
    }
}
