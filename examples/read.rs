//! Debugging aid: prints what the readers make of files, one record a line, as `vouch ocr` would before the journal.
//!
//! `cargo run --example read -- FILE…`; `-n` leaves the engine out, `-t` prints times to stderr instead of records,
//! `-e` asks for English only.
#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a debugging aid reads files and prints"
)]

use std::time::Instant;

use vouch::input::{Context, read};
use vouch::model::{Digest, DocId, Document, Status};
use vouch::ocr;

fn main() {
    let mut files: Vec<String> = std::env::args().skip(1).collect();
    let mut take = |flag: &str| {
        let before = files.len();
        files.retain(|argument| argument != flag);
        files.len() < before
    };
    let (without, times, english) = (take("-n"), take("-t"), take("-e"));
    let languages: &[&str] = if english { &["eng"] } else { &[] };
    let mut engine = if without {
        None
    } else {
        ocr::open(languages, None)
            .map_err(|error| eprintln!("{error}"))
            .ok()
    };
    for file in files {
        let bytes = match std::fs::read(&file) {
            Ok(bytes) => bytes,
            Err(error) => {
                eprintln!("{file}: {error}");
                continue;
            }
        };
        let id = DocId::of_bytes(&Digest::of(&bytes));
        let begin = Instant::now();
        let outcome = read(
            &bytes,
            &mut Context {
                max_part: usize::MAX,
                id: &id,
                engine: match &mut engine {
                    Some(engine) => Some(&mut **engine),
                    None => None,
                },
                page: &mut |_| {},
            },
        );
        let took = begin.elapsed();
        let documents = outcome.unwrap_or_else(|error| {
            let mut document = Document::new(id.clone());
            document.status = Status::Error;
            document.error = Some(error.into_failed("ocr"));
            vec![document]
        });
        for mut document in documents {
            document.source.path = Some(file.clone());
            if times {
                let state = document
                    .error
                    .as_ref()
                    .map_or("ok", |error| error.code.as_str());
                eprintln!("{:9.3} ms  {state}  {file}", took.as_secs_f64() * 1000.0);
            } else {
                match serde_json::to_string(&document) {
                    Ok(line) => println!("{line}"),
                    Err(error) => eprintln!("{file}: {error}"),
                }
            }
        }
    }
}
