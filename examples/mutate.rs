//! Damages fixtures by a seeded generator and reads them with `vouch ocr`: one record or more a file, no bug, no hang.
//!
//! The stable counterpart of coverage-guided fuzzing: it needs no nightly compiler, goes through the whole program with
//! its worker processes, and the same seed makes the same files. What fails is kept in `fuzz/artifacts`.

#![expect(
    clippy::disallowed_methods,
    reason = "a tool for developers: it writes files and starts the program"
)]
#![expect(
    clippy::print_stderr,
    reason = "a tool for developers: it says what it does"
)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

/// Files of one call of the program.
const ROUND: usize = 32;
/// Longest time one round may take: its files are damaged fixtures, each read in well under a second.
const PATIENCE: Duration = Duration::from_mins(5);
/// Bytes that parsers take for something: signs of formats, numbers at an edge.
const TOKENS: [&[u8]; 14] = [
    b"<",
    b">",
    b"&",
    b"]]>",
    b"<!DOCTYPE x [",
    b"endobj",
    b"stream\n",
    b"/Length 999999999",
    b"<<",
    b"1e999",
    b"-0",
    b"99999999999999999999999999999999",
    b"\xff\xff\xff\xff",
    b"\0\0\0\0",
];

/// Numbers that look random and are the same for the same seed.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(bound.max(1)).unwrap_or(1)).unwrap_or(0)
    }

    fn range(&mut self, length: usize, most: usize) -> std::ops::Range<usize> {
        let start = self.below(length);
        start..(start + 1 + self.below(most)).min(length)
    }
}

/// Makes one to eight changes, of which one may be a splice with another file.
fn mutate(random: &mut Random, original: &[u8], other: &[u8]) -> Vec<u8> {
    let mut bytes = original.to_vec();
    for _ in 0..=random.below(8) {
        let length = bytes.len();
        if length == 0 {
            break;
        }
        match random.below(7) {
            0 => bytes[random.below(length)] ^= 1 << random.below(8),
            1 => bytes.truncate(random.below(length)),
            2 => drop(bytes.drain(random.range(length, 512))),
            3 => {
                let copied = bytes[random.range(length, 512)].to_vec();
                let at = random.below(length);
                bytes.splice(at..at, copied);
            }
            4 => {
                let at = random.below(length);
                bytes.splice(at..at, TOKENS[random.below(TOKENS.len())].iter().copied());
            }
            5 => {
                let digits: Vec<usize> = (0..length)
                    .filter(|at| bytes[*at].is_ascii_digit())
                    .collect();
                if !digits.is_empty() {
                    bytes[digits[random.below(digits.len())]] = b"09"[random.below(2)];
                }
            }
            _ if !other.is_empty() => {
                let from = random.range(other.len(), 2048);
                let at = random.below(length);
                bytes.splice(at..at, other[from].iter().copied());
            }
            _ => {}
        }
    }
    bytes
}

/// Reads a folder with the program and says what is wrong with the outcome.
fn read(program: &Path, folder: &Path, files: &BTreeSet<String>) -> Result<usize, String> {
    let began = Instant::now();
    let output = Command::new(program)
        .args([
            "ocr",
            "--exit-zero",
            "--quiet",
            "--no-progress",
            "--now",
            "2026-01-20",
        ])
        .arg(folder)
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .map_err(|error| format!("cannot start `{}`: {error}", program.display()))?;
    if output.status.code() != Some(0) {
        return Err(format!("ended with {}", output.status));
    }
    if began.elapsed() > PATIENCE {
        return Err(format!("took {} s", began.elapsed().as_secs()));
    }
    let mut seen = BTreeSet::new();
    let mut refused = 0;
    for line in output
        .stdout
        .split(|byte| *byte == b'\n')
        .filter(|line| !line.is_empty())
    {
        let record: serde_json::Value =
            serde_json::from_slice(line).map_err(|error| format!("a line is no JSON: {error}"))?;
        let name = record["source"]["filename"]
            .as_str()
            .unwrap_or_default()
            .to_owned();
        if let Some(code) = record["error"]["code"].as_str() {
            refused += 1;
            // A reader that dies is contained, but it is a parser's bug that we want to see.
            if ["INTERNAL", "READER_DIED", "TIMEOUT"].contains(&code) {
                return Err(format!("{name}: {code}"));
            }
        }
        seen.insert(name);
    }
    let lost: Vec<&String> = files.difference(&seen).collect();
    if lost.is_empty() {
        Ok(refused)
    } else {
        Err(format!("no record of {lost:?}"))
    }
}

fn main() -> std::io::Result<ExitCode> {
    let mut numbers = std::env::args().skip(1).map(|text| text.parse::<u64>());
    let (Some(Ok(seconds)), Some(Ok(seed))) = (numbers.next(), numbers.next()) else {
        eprintln!("usage: mutate SECONDS SEED");
        return Ok(ExitCode::from(2));
    };
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let program =
        std::env::var_os("VOUCH").map_or_else(|| root.join("target/release/vouch"), PathBuf::from);
    let mut seeds = Vec::new();
    for folder in ["fixtures/inbox", "fixtures/bad"] {
        let mut paths: Vec<PathBuf> = fs::read_dir(root.join(folder))?
            .map(|entry| entry.map(|entry| entry.path()))
            .collect::<Result<_, _>>()?;
        paths.sort();
        for path in paths.iter().filter(|path| path.is_file()) {
            let extension = path
                .extension()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            seeds.push((extension, fs::read(path)?));
        }
    }
    // The generator stands still at zero.
    let mut random = Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
    let (began, mut files, mut refused) = (Instant::now(), 0, 0);
    while began.elapsed() < Duration::from_secs(seconds) {
        let folder = tempfile::tempdir()?;
        let mut names = BTreeSet::new();
        for number in 0..ROUND {
            let (extension, original) = &seeds[random.below(seeds.len())];
            let (_, other) = &seeds[random.below(seeds.len())];
            let name = format!("{:08}.{extension}", files + number);
            fs::write(
                folder.path().join(&name),
                mutate(&mut random, original, other),
            )?;
            names.insert(name);
        }
        match read(&program, folder.path(), &names) {
            Ok(count) => refused += count,
            Err(what) => {
                let kept = root
                    .join("fuzz/artifacts")
                    .join(format!("seed-{seed}-round-{}", files / ROUND));
                fs::create_dir_all(&kept)?;
                for name in &names {
                    fs::copy(folder.path().join(name), kept.join(name))?;
                }
                eprintln!(
                    "mutate: seed {seed}: {what}; the round's files are in {}",
                    kept.display()
                );
                return Ok(ExitCode::FAILURE);
            }
        }
        files += ROUND;
    }
    eprintln!(
        "mutate: seed {seed}: {files} files in {} s, {refused} refused, all accounted for",
        began.elapsed().as_secs()
    );
    Ok(ExitCode::SUCCESS)
}
