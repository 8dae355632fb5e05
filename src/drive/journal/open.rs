//! Opening: settings, format version, and the repair that a crash may ask for.

use std::fs::File;
use std::io::Read as _;
use std::os::fd::AsFd;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use rusqlite::Connection;
use rustix::fs::{Advice, FlockOperation, fadvise, flock, statfs};

use super::error::JournalError;
use super::gate::Gate;
use super::run::{Actor, PipeEnd};
use super::schema::{APPLICATION_ID, PRAGMAS, TABLES, VERSION};
use super::{Journal, run};

/// What every SQLite file begins with.
const MAGIC: &[u8] = b"SQLite format 3\0";

/// File systems on which write-ahead logging between hosts does not hold.
const NETWORK: &[(u32, &str)] = &[
    (0x6969, "NFS"),
    (0x517b, "SMB"),
    (0xff53_4d42, "CIFS"),
    (0xfe53_4d42, "SMB2"),
    (0x7461_636f, "OCFS2"),
];

impl Journal {
    /// Opens a journal, making it if it does not exist, and starts a run in it.
    ///
    /// # Errors
    /// If it cannot be made, opened or written, is no journal, or was written by a newer version.
    pub fn open(
        path: &Path,
        verb: &str,
        actor: &Actor,
        pipes: (Option<PipeEnd>, Option<PipeEnd>),
    ) -> Result<Self, JournalError> {
        let mut journal = Self::open_idle(path)?;
        journal.run = journal.write("start a run", |writer| {
            run::start(writer, verb, actor, &pipes)
        })?;
        Ok(journal)
    }

    /// Opens a journal only to look into it: no run is started.
    ///
    /// # Errors
    /// As [`Journal::open`].
    pub fn open_idle(path: &Path) -> Result<Self, JournalError> {
        let file = |doing| {
            let path = path.to_owned();
            move |source| JournalError::File {
                path,
                doing,
                source,
            }
        };
        if let Some(folder) = path
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty())
        {
            std::fs::DirBuilder::new()
                .recursive(true)
                .mode(0o700)
                .create(folder)
                .map_err(file("make the folder"))?;
            refuse_network(folder)?;
        }
        // Made by us, so that nobody else may read it.
        let mut opened = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .read(true)
            .mode(0o600)
            .open(path)
            .map_err(file("open"))?;
        let mut head = Vec::new();
        opened
            .by_ref()
            .take(MAGIC.len() as u64)
            .read_to_end(&mut head)
            .map_err(file("read"))?;
        drop(opened);
        if !head.is_empty() && head != MAGIC {
            return Err(JournalError::Foreign {
                path: path.to_owned(),
            });
        }
        let presence = presence(path)?;
        let gate = Gate::open(path)?;
        let db = Connection::open(path).map_err(|source| JournalError::Database {
            path: path.to_owned(),
            doing: "open",
            source,
        })?;
        let mut journal = Self {
            db,
            gate,
            path: Some(path.to_owned()),
            run: 0,
            _presence: Some(presence),
        };
        journal.prepare()?;
        Ok(journal)
    }

    /// A journal for a run that keeps nothing: only what the lines of one input must know of each other.
    ///
    /// # Errors
    /// If there is no memory for it.
    pub fn in_memory() -> Result<Self, JournalError> {
        let db = Connection::open_in_memory().map_err(|source| JournalError::Database {
            path: PathBuf::new(),
            doing: "open",
            source,
        })?;
        let mut journal = Self {
            db,
            gate: Gate::none(),
            path: None,
            run: 0,
            _presence: None,
        };
        journal.prepare()?;
        journal.run = journal.write("start a run", |writer| {
            run::start(writer, "pipe", &Actor::default(), &(None, None))
        })?;
        Ok(journal)
    }

    fn prepare(&mut self) -> Result<(), JournalError> {
        let path = self.path.clone().unwrap_or_default();
        let fail = |doing| {
            let path = path.clone();
            move |source| JournalError::Database {
                path,
                doing,
                source,
            }
        };
        self.db.set_prepared_statement_cache_capacity(64);
        // Before anything is set: the settings would be written into a database that is somebody else's. The tables are
        // counted first, for another process may be making a journal right now, tables and id in one transaction.
        let tables: i64 = self
            .db
            .query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))
            .map_err(fail("read the format"))?;
        let id: i32 = self
            .db
            .query_row("PRAGMA application_id", [], |row| row.get(0))
            .map_err(fail("read the format"))?;
        if tables > 0 && id != APPLICATION_ID {
            return Err(JournalError::Foreign { path });
        }
        self.set_pragmas().map_err(fail("set up"))?;
        let known = |db: &Connection| -> rusqlite::Result<(i32, i32)> {
            let id = db.query_row("PRAGMA application_id", [], |row| row.get(0))?;
            let version = db.query_row("PRAGMA user_version", [], |row| row.get(0))?;
            Ok((id, version))
        };
        let (mut id, mut version) = known(&self.db).map_err(fail("read the format"))?;
        if (id, version) == (0, 0) {
            let turn = self.gate.enter()?;
            let tx = self
                .db
                .transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)
                .map_err(fail("set up"))?;
            // Another process may have made the tables while this one waited.
            (id, version) = known(&tx).map_err(fail("read the format"))?;
            if (id, version) == (0, 0) {
                let tables: i64 = tx
                    .query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))
                    .map_err(fail("read the format"))?;
                if tables > 0 {
                    return Err(JournalError::Foreign { path });
                }
                tx.execute_batch(TABLES).map_err(fail("make the tables"))?;
                tx.pragma_update(None, "application_id", APPLICATION_ID)
                    .map_err(fail("set up"))?;
                tx.pragma_update(None, "user_version", VERSION)
                    .map_err(fail("set up"))?;
                (id, version) = (APPLICATION_ID, VERSION);
            }
            tx.commit().map_err(fail("set up"))?;
            drop(turn);
        }
        if id != APPLICATION_ID {
            return Err(JournalError::Foreign { path });
        }
        if version > VERSION {
            return Err(JournalError::TooNew {
                path,
                found: version,
                known: VERSION,
            });
        }
        Ok(())
    }

    /// Sets the connection up. The change of a new file to a write-ahead log does not wait by itself for those who look at the
    /// file at the same moment, so it is tried again.
    fn set_pragmas(&self) -> rusqlite::Result<()> {
        /// How often, and how long between two tries: a second in all.
        const TRIES: u32 = 100;
        const PAUSE: std::time::Duration = std::time::Duration::from_millis(10);
        for _ in 1..TRIES {
            match self.db.execute_batch(PRAGMAS) {
                Err(error)
                    if error.sqlite_error_code() == Some(rusqlite::ErrorCode::DatabaseBusy) =>
                {
                    std::thread::sleep(PAUSE);
                }
                other => return other,
            }
        }
        self.db.execute_batch(PRAGMAS)
    }
}

/// Marks that this process has the journal open, after cleaning up where nobody else has it.
///
/// After an I/O error the kernel may hold pages that never reached the disk: a rerun on top of them corrupted the
/// journal in 7 of 14 rounds, and in none of 12 where the cached pages and the shared-memory file were dropped first.
fn presence(path: &Path) -> Result<File, JournalError> {
    let mut name = path.as_os_str().to_owned();
    name.push("-open");
    let name = PathBuf::from(name);
    let fail = |source: std::io::Error| JournalError::File {
        path: name.clone(),
        doing: "open",
        source,
    };
    let file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .mode(0o600)
        .open(&name)
        .map_err(fail)?;
    if flock(file.as_fd(), FlockOperation::NonBlockingLockExclusive).is_ok() {
        let beside = |suffix: &str| {
            let mut name = path.as_os_str().to_owned();
            name.push(suffix);
            PathBuf::from(name)
        };
        let log = beside("-wal");
        if std::fs::metadata(&log).is_ok_and(|meta| meta.len() > 0) {
            for cached in [path, log.as_path()] {
                if let Ok(open) = File::options().read(true).open(cached) {
                    // Advice only: where the system does not follow it, the journal is opened as it is.
                    let _ = fadvise(open.as_fd(), 0, None, Advice::DontNeed);
                }
            }
            let _ = std::fs::remove_file(beside("-shm"));
        }
    }
    flock(file.as_fd(), FlockOperation::LockShared).map_err(|error| fail(error.into()))?;
    Ok(file)
}

fn refuse_network(folder: &Path) -> Result<(), JournalError> {
    let Ok(found) = statfs(folder) else {
        return Ok(());
    };
    // The field's width differs between platforms; the magic numbers have 32 bits.
    let magic = (found.f_type as u64 & 0xffff_ffff) as u32;
    match NETWORK.iter().find(|(known, _)| *known == magic) {
        None => Ok(()),
        Some((_, name)) => Err(JournalError::File {
            path: folder.to_owned(),
            doing: "keep a journal on a network file system",
            source: std::io::Error::new(
                std::io::ErrorKind::Unsupported,
                format!("{name} does not share memory between hosts"),
            ),
        }),
    }
}
