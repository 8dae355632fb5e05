//! Who may import whom, and what pure modules may not touch: read from the sources themselves.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Each top-level module with the modules it may import.
const MAY_IMPORT: &[(&str, &[&str])] = &[
    ("model", &[]),
    ("stage", &["model"]),
    ("lang", &["model"]),
    ("input", &["stage", "lang", "model"]),
    ("ocr", &["stage", "lang", "model"]),
    ("layout", &["stage", "lang", "model"]),
    ("extract", &["layout", "stage", "lang", "model"]),
    ("enrich", &["stage", "lang", "model"]),
    ("rules", &["stage", "lang", "model"]),
    ("route", &["stage", "lang", "model"]),
    ("export", &["stage", "lang", "model"]),
    ("generate", &["stage", "lang", "model"]),
    ("bench", &["model"]),
    ("drive", &["stage", "model"]),
    ("ui", &["drive", "model"]),
];

/// Modules that take values and return values.
const PURE: &[&str] = &[
    "model", "stage", "lang", "input", "layout", "extract", "enrich", "rules", "route", "export",
    "generate", "bench",
];

/// What only the edges touch.
const WORLD: &[&str] = &[
    "std::fs",
    "std::env",
    "std::net",
    "std::process",
    "std::thread",
    "std::time",
    "std::io::stdin",
    "std::io::stdout",
    "tracing::",
    "rayon::",
    "rusqlite::",
    "println!",
    "eprintln!",
    "rustix::",
];

/// Every source file with the top-level module it belongs to, and its text without its tests.
#[expect(clippy::disallowed_methods, reason = "the test reads the sources")]
fn sources() -> Vec<(String, PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut open = vec![root.clone()];
    let mut files = Vec::new();
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).expect("readable").flatten() {
            let path = entry.path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let inside = path.strip_prefix(&root).expect("below src");
                let module = inside
                    .components()
                    .next()
                    .expect("has a name")
                    .as_os_str()
                    .to_string_lossy()
                    .into_owned();
                let text = std::fs::read_to_string(&path).expect("text");
                let text = text
                    .split("\n#[cfg(test)]")
                    .next()
                    .unwrap_or_default()
                    .to_owned();
                files.push((
                    module.trim_end_matches(".rs").to_owned(),
                    inside.to_owned(),
                    text,
                ));
            }
        }
    }
    files.sort();
    files
}

#[test]
fn imports_follow_the_table() {
    let table: BTreeMap<&str, &[&str]> = MAY_IMPORT.iter().copied().collect();
    let mut faults = BTreeSet::new();
    for (module, path, text) in sources() {
        let Some(allowed) = table.get(module.as_str()) else {
            continue;
        };
        for (place, _) in text.match_indices("crate::") {
            let imported: String = text[place + "crate::".len()..]
                .chars()
                .take_while(|c| c.is_alphanumeric() || *c == '_')
                .collect();
            let ours = table.contains_key(imported.as_str()) || imported == "cli";
            if ours && imported != module && !allowed.contains(&imported.as_str()) {
                faults.insert(format!("{}: imports {imported}", path.display()));
            }
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
}

#[test]
fn pure_modules_touch_nothing_of_the_world() {
    let mut faults = BTreeSet::new();
    for (module, path, text) in sources() {
        if !PURE.contains(&module.as_str()) {
            continue;
        }
        for line in text
            .lines()
            .filter(|line| !line.trim_start().starts_with("//"))
        {
            for world in WORLD.iter().filter(|world| line.contains(**world)) {
                faults.insert(format!("{}: touches {world}", path.display()));
            }
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
}

#[test]
fn work_is_spread_over_threads_in_one_place_only() {
    for (module, path, text) in sources() {
        assert!(
            module == "drive" || !text.contains("rayon::"),
            "{}",
            path.display()
        );
        assert!(
            !text.contains("par_iter"),
            "{}: the loop is drive's",
            path.display()
        );
    }
}

#[test]
fn files_are_short_and_say_what_they_are_for() {
    let mut faults = Vec::new();
    for (_, path, text) in sources() {
        if !text.starts_with("//!") {
            faults.push(format!("{}: does not open with `//!`", path.display()));
        }
        let lines = text.lines().count();
        if lines > 600 {
            faults.push(format!(
                "{}: {lines} lines without its tests",
                path.display()
            ));
        }
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        if ["util", "utils", "common", "helper", "helpers", "misc"].contains(&name.as_ref()) {
            faults.push(format!("{}: a drawer", path.display()));
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
}
