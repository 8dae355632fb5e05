//! Files that are there whole or not at all: a temporary file beside the place, synced, renamed, the folder synced.

use std::fs::{DirBuilder, File};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

/// Begins every temporary name, so that what a kill leaves behind is known and removed.
const MARK: &str = ".vouch-";
static NEXT: AtomicU64 = AtomicU64::new(0);

/// Writes a file that only its owner reads, making its folders.
pub(super) fn write_private(path: &Path, bytes: &[u8]) -> io::Result<()> {
    if let Some(folder) = path.parent().filter(|folder| !folder.is_dir()) {
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(folder)?;
        // A new folder must be as durable as what is put into it, up to the first that may have been there.
        folder
            .ancestors()
            .take(4)
            .filter(|folder| folder.exists())
            .try_for_each(sync_folder)?;
    }
    let mut file = AtomicFile::with_mode(path, 0o600)?;
    file.write_all(bytes)?;
    file.commit()
}

/// Writes a file whole, making its folders.
///
/// # Errors
/// If it cannot be written; then the old one stands.
pub fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = AtomicFile::create(path)?;
    file.write_all(bytes)?;
    file.commit()
}

/// A file that appears under its name when it is committed, and leaves nothing behind when it is dropped.
#[derive(Debug)]
pub struct AtomicFile {
    file: io::BufWriter<File>,
    temporary: Option<PathBuf>,
    path: PathBuf,
}

impl AtomicFile {
    /// Starts a file, making its folders.
    ///
    /// # Errors
    /// If the folder cannot be made or written.
    pub fn create(path: &Path) -> io::Result<Self> {
        if let Some(folder) = path
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty())
        {
            std::fs::create_dir_all(folder)?;
        }
        Self::with_mode(path, 0o666)
    }

    fn with_mode(path: &Path, mode: u32) -> io::Result<Self> {
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let temporary =
            path.with_file_name(format!("{MARK}{}-{number}-{name}.tmp", std::process::id()));
        let file = File::options()
            .create_new(true)
            .write(true)
            .mode(mode)
            .open(&temporary)?;
        Ok(Self {
            file: io::BufWriter::with_capacity(1 << 16, file),
            temporary: Some(temporary),
            path: path.to_owned(),
        })
    }

    /// Makes the content durable and puts it under its name.
    ///
    /// # Errors
    /// If it cannot be made durable; then the old file stands.
    #[expect(clippy::disallowed_methods, reason = "the one place that renames")]
    pub fn commit(mut self) -> io::Result<()> {
        self.file.flush()?;
        self.file.get_ref().sync_all()?;
        if let Some(temporary) = self.temporary.as_ref() {
            std::fs::rename(temporary, &self.path)?;
        }
        self.temporary = None;
        sync_folder(&self.path)
    }
}

impl Write for AtomicFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }
    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Drop for AtomicFile {
    fn drop(&mut self) {
        if let Some(temporary) = &self.temporary {
            // Whoever comes next removes what could not be removed now.
            let _ = std::fs::remove_file(temporary);
        }
    }
}

/// Makes a new name durable.
fn sync_folder(path: &Path) -> io::Result<()> {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    File::options().read(true).open(folder)?.sync_all()
}

/// Removes what killed runs left in a folder: temporary files whose process is gone.
pub fn sweep(folder: &Path) {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return;
    };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let Some(rest) = name.to_str().and_then(|name| name.strip_prefix(MARK)) else {
            continue;
        };
        let process = rest.split('-').next().unwrap_or_default();
        let gone = process
            .parse::<u32>()
            .is_ok_and(|pid| !Path::new(&format!("/proc/{pid}")).exists());
        if gone && rest.strip_suffix(".tmp").is_some() {
            let _ = std::fs::remove_file(entry.path());
        }
    }
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "the test looks at the files")]
mod tests {
    use super::*;

    #[test]
    fn a_file_appears_whole_or_not_at_all() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("out/bills.csv");
        write(&path, b"old").expect("written");
        let mut torn = AtomicFile::create(&path).expect("started");
        torn.write_all(b"half").expect("written");
        drop(torn);
        assert_eq!(std::fs::read(&path).expect("there"), b"old");
        assert_eq!(
            std::fs::read_dir(path.parent().expect("a folder"))
                .expect("read")
                .count(),
            1
        );
        write(&path, b"new").expect("written");
        assert_eq!(std::fs::read(&path).expect("there"), b"new");
    }

    #[test]
    fn sweeping_takes_only_what_dead_processes_left() {
        let folder = tempfile::tempdir().expect("a folder");
        let live = folder
            .path()
            .join(format!("{MARK}{}-0-a.tmp", std::process::id()));
        let dead = folder.path().join(format!("{MARK}4194399-0-a.tmp"));
        std::fs::write(&live, b"").expect("written");
        std::fs::write(&dead, b"").expect("written");
        sweep(folder.path());
        assert!(live.exists() && !dead.exists());
    }
}
