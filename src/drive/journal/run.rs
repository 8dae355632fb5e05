//! Runs: who ran what, and how it ended, so that the next stage of a pipe can ask.

use rusqlite::{OptionalExtension, params};

use super::chain::Entry;
use super::error::JournalError;
use super::{Journal, Writer};

/// On whose behalf a run works.
#[derive(Clone, Debug, Default)]
pub struct Actor {
    /// The person, as the system or `--by` names them.
    pub name: String,
    /// The machine.
    pub host: String,
    /// Where the person came from: an address for a remote login, else the terminal.
    pub login: String,
}

/// Names one end of a pipe: device and inode are the same for the writer and the reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PipeEnd {
    /// Device.
    pub device: u64,
    /// Inode.
    pub inode: u64,
}

impl std::fmt::Display for PipeEnd {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.device, self.inode)
    }
}

/// How a run ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunEnd {
    /// Its exit code.
    pub exit: u8,
}

/// What the journal knows of the stages before this one in the pipe.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Upstream {
    /// Every stage up to the source ended well.
    Complete,
    /// This stage did not: its verb, and its exit code if it ended at all.
    Broken {
        /// The verb.
        verb: String,
        /// Its exit code.
        exit: Option<i64>,
    },
    /// Something that is no `vouch` stands between, or nothing is known.
    Unknown,
}

/// Exit codes with which every line was written: fine, strict findings, unreadable inputs.
const COMPLETE: [i64; 3] = [0, 1, 4];

/// Writes the run's row.
pub(super) fn start(
    writer: &Writer<'_>,
    verb: &str,
    actor: &Actor,
    pipes: &(Option<PipeEnd>, Option<PipeEnd>),
) -> rusqlite::Result<i64> {
    let id = writer
        .tx
        .query_row("SELECT coalesce(max(id), 0) + 1 FROM run", [], |row| {
            row.get::<_, i64>(0)
        })?;
    writer.tx.execute(
        "INSERT INTO run (id, verb, started, host, pid, login, actor, version, stdin, stdout)
         VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10)",
        params![
            id,
            verb,
            writer.at,
            actor.host,
            std::process::id(),
            actor.login,
            actor.name,
            env!("CARGO_PKG_VERSION"),
            pipes.0.map(|end| end.to_string()),
            pipes.1.map(|end| end.to_string()),
        ],
    )?;
    if writer.keeps {
        let detail = serde_json::json!({
            "verb": verb, "actor": actor.name, "host": actor.host, "pid": std::process::id(),
            "login": actor.login, "version": env!("CARGO_PKG_VERSION"),
        });
        let entry = Entry {
            action: "run",
            detail: Some(detail.to_string()),
            ..Entry::default()
        };
        super::chain::append(&writer.tx, &writer.at, id, &entry)?;
    }
    Ok(id)
}

impl Journal {
    /// Marks the run as ended; done before stdout closes, so that the next stage finds it.
    ///
    /// # Errors
    /// If the journal cannot be written.
    pub fn end_run(&mut self, end: &RunEnd) -> Result<(), JournalError> {
        if !self.keeps() {
            return Ok(());
        }
        let run = self.run;
        self.write("end the run", |writer| {
            writer.tx.execute(
                "UPDATE run SET ended = ?2, exit = ?3 WHERE id = ?1",
                params![run, writer.at, end.exit],
            )?;
            Ok(())
        })
    }

    /// Follows the pipe upstream from this run's standard input.
    ///
    /// # Errors
    /// If the journal cannot be read.
    pub fn upstream(&self, stdin: Option<PipeEnd>) -> Result<Upstream, JournalError> {
        let Some(mut end) = stdin.map(|end| end.to_string()) else {
            return Ok(Upstream::Unknown);
        };
        // A pipe has a handful of stages; the bound keeps a journal with reused inodes from being followed for ever.
        for _ in 0..32 {
            let row = self.reading(
                self.db
                    .query_row(
                        "SELECT verb, exit, stdin FROM run WHERE stdout = ?1 AND id < ?2 + 64 ORDER BY id DESC LIMIT 1",
                        params![end, self.run],
                        |row| Ok((row.get::<_, String>(0)?, row.get::<_, Option<i64>>(1)?, row.get::<_, Option<String>>(2)?)),
                    )
                    .optional(),
            )?;
            match row {
                Some((verb, exit, _)) if !exit.is_some_and(|exit| COMPLETE.contains(&exit)) => {
                    return Ok(Upstream::Broken { verb, exit });
                }
                // These take files in: nothing before them can break.
                Some((verb, _, _)) if matches!(verb.as_str(), "ocr" | "run") => {
                    return Ok(Upstream::Complete);
                }
                None | Some((_, _, None)) => return Ok(Upstream::Unknown),
                Some((_, _, Some(stdin))) => end = stdin,
            }
        }
        Ok(Upstream::Unknown)
    }

    /// The id under which log lines name this run: run number and process, unique on this journal.
    pub fn run_name(&self) -> String {
        format!("{}-{}", self.run, std::process::id())
    }
}
