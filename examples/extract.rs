//! Throw-away: stdin JSONL -> stdout JSONL.
#![allow(clippy::all, clippy::pedantic)]
use std::io::{BufRead, Write};
use vouch::stage::Stage;
fn main() {
    let stage = vouch::extract::Extract::new(Default::default());
    let mut out = std::io::BufWriter::new(std::io::stdout());
    let (mut time, mut n, mut max) = (
        std::time::Duration::ZERO,
        0,
        (std::time::Duration::ZERO, String::new()),
    );
    for line in std::io::stdin().lock().lines() {
        let line = line.unwrap();
        let Ok(document) = serde_json::from_str::<vouch::model::Document>(&line) else {
            eprintln!("bad line {}", &line[..200.min(line.len())]);
            continue;
        };
        let path = document.source.path.clone().unwrap_or_default();
        let start = std::time::Instant::now();
        let result = stage.apply(document, &Default::default());
        let t = start.elapsed();
        if n > 0 {
            time += t;
            if t > max.0 {
                max = (t, path.clone());
            }
        }
        n += 1;
        match result {
            Ok(document) => writeln!(out, "{}", serde_json::to_string(&document).unwrap()).unwrap(),
            Err(error) => eprintln!("{path}: {error}"),
        }
    }
    eprintln!("{n} documents, mean {:?}, max {:?}", time / n.max(1), max);
}
