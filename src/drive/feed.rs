//! What a run works on: files, or lines of an earlier stage.

use std::io::{self, BufRead};
use std::sync::mpsc::{Receiver, Sender};

use super::files::Files;

/// Longest line that is read, in bytes; a longer one is refused and skipped.
pub const MAX_LINE: usize = 64 << 20;

/// Where documents come from.
pub enum Feed {
    /// Files to take in.
    Files(Files),
    /// Lines of an earlier stage.
    Lines(Box<dyn BufRead + Send>),
}

/// A line as read.
#[derive(Debug)]
pub(super) enum Line {
    /// Its text, without the end.
    Text(Vec<u8>),
    /// Longer than [`MAX_LINE`]; how long.
    TooLong(u64),
    /// No more.
    End,
    /// Reading failed.
    Failed(io::Error),
}

/// Reads lines until the end, one for each credit, so that a fast writer cannot fill the memory.
pub(super) fn read_lines<E>(
    mut input: Box<dyn BufRead + Send>,
    credits: &Receiver<()>,
    events: &Sender<E>,
    event: impl Fn(Line) -> E,
) {
    while credits.recv().is_ok() {
        let line = loop {
            match next_line(&mut *input) {
                Ok(Some(Line::Text(text))) if text.iter().all(u8::is_ascii_whitespace) => {}
                Ok(Some(line)) => break line,
                Ok(None) => break Line::End,
                Err(error) => break Line::Failed(error),
            }
        };
        let last = matches!(line, Line::End | Line::Failed(_));
        if events.send(event(line)).is_err() || last {
            return;
        }
    }
}

fn next_line(input: &mut dyn BufRead) -> io::Result<Option<Line>> {
    let mut text = Vec::new();
    let mut length: u64 = 0;
    loop {
        let piece = match input.fill_buf() {
            Ok(piece) => piece,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        if piece.is_empty() {
            return Ok((length > 0).then(|| finished(text, length)));
        }
        let (taken, ended) = match piece.iter().position(|byte| *byte == b'\n') {
            Some(end) => (end + 1, true),
            None => (piece.len(), false),
        };
        length += taken as u64;
        if text.len() <= MAX_LINE {
            text.extend_from_slice(&piece[..taken]);
        }
        input.consume(taken);
        if ended {
            return Ok(Some(finished(text, length)));
        }
    }
}

fn finished(mut text: Vec<u8>, length: u64) -> Line {
    if length > MAX_LINE as u64 {
        return Line::TooLong(length);
    }
    while matches!(text.last(), Some(b'\n' | b'\r')) {
        text.pop();
    }
    Line::Text(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_come_one_a_credit_and_blank_ones_not_at_all() {
        let (credit, credits) = std::sync::mpsc::channel();
        let (send, events) = std::sync::mpsc::channel();
        for _ in 0..4 {
            credit.send(()).expect("open");
        }
        read_lines(
            Box::new(&b"{\"a\":1}\r\n\n  \nx"[..]),
            &credits,
            &send,
            |line| line,
        );
        let text = |line| match line {
            Line::Text(text) => String::from_utf8(text).expect("text"),
            other => format!("{other:?}"),
        };
        let got: Vec<String> = events.try_iter().map(text).collect();
        assert_eq!(got, ["{\"a\":1}", "x", "End"]);
    }
}
