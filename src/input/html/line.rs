//! Lines of a page: white space collapses, blocks end a line, what stands beside each other shares its columns.

use crate::input::flow::{Align, Block, Cell, Text};

/// Blocks that are being made, and the line that is open.
#[derive(Default)]
pub(super) struct Flow {
    /// What stands below each other.
    pub(super) blocks: Vec<Block>,
    /// The open line.
    pub(super) line: String,
    /// Where text stands.
    pub(super) align: Option<Align>,
    /// The last block is a row of elements beside each other, which the next such row continues.
    pub(super) row: bool,
}

impl Flow {
    /// Adds text, its white space as browsers show it.
    pub(super) fn say(&mut self, text: &str, keep: bool) {
        if keep {
            self.line.push_str(text);
            return;
        }
        for (at, word) in text.split(is_blank).enumerate() {
            if at > 0 && !self.line.is_empty() && !self.line.ends_with([' ', '\n']) {
                self.line.push(' ');
            }
            self.line.push_str(word);
        }
    }

    /// Ends the line.
    pub(super) fn end(&mut self) {
        let line = std::mem::take(&mut self.line);
        let text = line.trim_matches(is_blank);
        if text.is_empty() {
            return;
        }
        self.row = false;
        self.blocks.push(Block::Text(Text {
            said: text.to_owned(),
            align: self.align,
            ..Text::default()
        }));
    }

    /// Leaves room, once.
    pub(super) fn room(&mut self) {
        self.end();
        if !matches!(self.blocks.last(), None | Some(Block::Gap)) {
            self.blocks.push(Block::Gap);
            self.row = false;
        }
    }

    /// Puts cells beside each other, under those of the row before where they are as many.
    pub(super) fn beside(&mut self, cells: Vec<Cell>) {
        self.end();
        if let (true, Some(Block::Table(rows))) = (self.row, self.blocks.last_mut())
            && rows.last().is_some_and(|row| row.len() == cells.len())
        {
            rows.push(cells);
            return;
        }
        self.blocks.push(Block::Table(vec![cells]));
        self.row = true;
    }

    /// The blocks, without room at their end.
    pub(super) fn finish(mut self) -> Vec<Block> {
        self.end();
        while matches!(self.blocks.last(), Some(Block::Gap)) {
            self.blocks.pop();
        }
        self.blocks
    }
}

/// White space that collapses; a no-break space does not.
fn is_blank(c: char) -> bool {
    c.is_ascii_whitespace()
}
