//! Standard output: data, written whole or reported.

use std::io::{self, BufWriter, IsTerminal, StdoutLock, Write};

/// Standard output with a buffer that is written when a window of documents is done.
pub struct Out {
    out: BufWriter<StdoutLock<'static>>,
}

impl Out {
    /// Takes standard output for the rest of the run.
    pub fn lock() -> Self {
        Self {
            out: BufWriter::with_capacity(1 << 16, io::stdout().lock()),
        }
    }
}

impl Write for Out {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.out.write(bytes)
    }
    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// Tells whether people look at standard output.
pub fn is_terminal() -> bool {
    io::stdout().is_terminal()
}

/// Writes text to standard output at once. A reader that went away is no failure.
///
/// # Errors
/// If it cannot be written.
pub fn write_out(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        outcome => outcome,
    }
}
