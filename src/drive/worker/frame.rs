//! The frames between the pool and a worker: a tag, a length, the bytes.

use std::io::{self, Read, Write};

/// Longest frame either side accepts, in bytes: a reply of words is long, but not endless.
pub(super) const MAX_FRAME: u64 = 1 << 30;

/// To the worker: the id of a file. From it: its documents, one JSON line each.
pub(super) const DOCUMENTS: u8 = b'D';
/// From the worker: a page is begun.
pub(super) const PAGE: u8 = b'P';
/// To the worker: the bytes of a file.
pub(super) const FILE: u8 = b'F';

/// Length of a frame's head.
pub(super) const HEAD: usize = 9;

/// The head of a frame.
pub(super) fn head(tag: u8, length: usize) -> [u8; HEAD] {
    let mut head = [tag; HEAD];
    head[1..].copy_from_slice(&(length as u64).to_le_bytes());
    head
}

/// Reads a head: the tag and the length of what follows.
pub(super) fn parsed(head: [u8; HEAD]) -> io::Result<(u8, usize)> {
    let [tag, length @ ..] = head;
    let length = u64::from_le_bytes(length);
    match usize::try_from(length) {
        Ok(size) if length <= MAX_FRAME => Ok((tag, size)),
        _ => Err(io::Error::new(
            io::ErrorKind::InvalidData,
            "a frame longer than any",
        )),
    }
}

/// Writes a frame.
pub(super) fn write(out: &mut dyn Write, tag: u8, bytes: &[u8]) -> io::Result<()> {
    out.write_all(&head(tag, bytes.len()))?;
    out.write_all(bytes)?;
    out.flush()
}

/// Reads a frame; `None` at the end of the input.
pub(super) fn read(input: &mut dyn Read) -> io::Result<Option<(u8, Vec<u8>)>> {
    let mut start = [0; HEAD];
    match input.read_exact(&mut start) {
        Ok(()) => {}
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
        Err(error) => return Err(error),
    }
    let (tag, length) = parsed(start)?;
    let mut bytes = vec![0; length];
    input.read_exact(&mut bytes)?;
    Ok(Some((tag, bytes)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_survive_and_absurd_lengths_are_refused() {
        let mut pipe = Vec::new();
        write(&mut pipe, FILE, b"abc").expect("written");
        write(&mut pipe, PAGE, b"").expect("written");
        let mut input = pipe.as_slice();
        assert_eq!(
            read(&mut input).expect("read"),
            Some((FILE, b"abc".to_vec()))
        );
        assert_eq!(read(&mut input).expect("read"), Some((PAGE, Vec::new())));
        assert_eq!(read(&mut input).expect("read"), None);
        assert!(parsed([0xff; HEAD]).is_err());
    }
}
