//! The worker's side: limits itself, then reads one file after the other until its input ends.

use std::io::{self, Write};
use std::os::fd::OwnedFd;
use std::panic::{AssertUnwindSafe, catch_unwind};

use rustix::process::{Resource, Rlimit, Signal, setrlimit};

use super::frame;
use crate::drive::laid::line;
use crate::drive::task::fail;
use crate::model::{DocId, Document};
use crate::stage::StageError;

/// Reads a file's bytes into its documents; calls back before each page.
pub type Reading<'a> =
    dyn FnMut(&DocId, &[u8], &mut dyn FnMut(u32)) -> Result<Vec<Document>, StageError> + 'a;

/// Serves until the pool closes the input.
///
/// `memory` is the most bytes of address space this process may have: an allocation beyond it ends the process, and
/// the pool makes that one document's failure.
///
/// # Errors
/// If the pool went away or the limits cannot be set.
pub fn serve(memory: u64, read: &mut Reading<'_>) -> io::Result<()> {
    let limit = |bytes| Rlimit {
        current: Some(bytes),
        maximum: Some(bytes),
    };
    setrlimit(Resource::As, limit(memory))?;
    setrlimit(Resource::Core, limit(0))?;
    // A worker that outlives a killed pool would go on reading for nobody.
    rustix::process::set_parent_process_death_signal(Some(Signal::KILL))?;
    let mut out = private_stdout()?;
    let mut input = io::stdin().lock();
    while let Some((_, id)) = frame::read(&mut input)? {
        let Some((frame::FILE, bytes)) = frame::read(&mut input)? else {
            return Err(io::ErrorKind::InvalidData.into());
        };
        let id = DocId::from_text(String::from_utf8_lossy(&id).into_owned());
        let documents = guarded(&id, &bytes, read, &mut out);
        let mut lines = Vec::new();
        for document in &documents {
            lines.extend_from_slice(&line(document));
            lines.push(b'\n');
        }
        frame::write(&mut out, frame::DOCUMENTS, &lines)?;
    }
    Ok(())
}

/// Reads a file; a failure or a panic is the file's own failed document.
fn guarded(
    id: &DocId,
    bytes: &[u8],
    read: &mut Reading<'_>,
    out: &mut std::fs::File,
) -> Vec<Document> {
    let mut page = |number: u32| {
        // If the pool is gone the next write says so.
        let _ = frame::write(out, frame::PAGE, &number.to_le_bytes());
    };
    let outcome =
        catch_unwind(AssertUnwindSafe(|| read(id, bytes, &mut page))).unwrap_or_else(|_| {
            Err(StageError::input(
                "CORRUPT_FILE",
                "the file breaks its reader: it is damaged or made to do harm",
            ))
        });
    outcome.unwrap_or_else(|error| {
        let mut document = Document::new(id.clone());
        fail(&mut document, "ocr", error);
        vec![document]
    })
}

/// Takes standard output for the frames, so that nothing a C library prints gets between them.
fn private_stdout() -> io::Result<std::fs::File> {
    let frames: OwnedFd = rustix::io::dup(io::stdout())?;
    io::stdout().flush()?;
    rustix::stdio::dup2_stdout(io::stderr())?;
    Ok(std::fs::File::from(frames))
}
