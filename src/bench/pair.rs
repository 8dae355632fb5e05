//! Which record is of which document: by the end of their paths.
//!
//! Truth files name documents from a folder of their own, records as they were given on a command line. So the last parts of
//! the paths are compared; a path that is wholly the end of the other goes before, then the longer common end. Two documents
//! that fit equally well fit neither.

use std::collections::BTreeMap;

use super::read::{Prediction, Truth};

/// Records by the documents they are of.
#[derive(Debug, Default)]
pub(super) struct Pairs<'a> {
    /// Place in the truth to the first record that is of it.
    pub(super) found: BTreeMap<usize, &'a Prediction>,
    /// Paths of the records that are of no document, or of several.
    pub(super) unknown: Vec<String>,
    /// Paths of the records whose document has one already.
    pub(super) repeated: Vec<String>,
}

/// Pairs records with documents.
pub(super) fn pair<'a>(truth: &[Truth], predictions: &'a [Prediction]) -> Pairs<'a> {
    let mut by_name: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (place, document) in truth.iter().enumerate() {
        let name = document.file.rsplit('/').next().unwrap_or_default();
        by_name.entry(name).or_default().push(place);
    }
    let mut pairs = Pairs::default();
    for prediction in predictions {
        let path = prediction.path();
        let name = path.rsplit('/').next().unwrap_or_default();
        let mut fits: Vec<(bool, usize, usize)> = by_name
            .get(name)
            .into_iter()
            .flatten()
            .map(|&place| {
                let (whole, parts) = fit(&truth[place].file, &path);
                (whole, parts, place)
            })
            .collect();
        fits.sort_unstable_by(|a, b| b.cmp(a));
        match fits.as_slice() {
            [] => pairs.unknown.push(path),
            [first, second, ..] if first.0 == second.0 && first.1 == second.1 => {
                pairs.unknown.push(path);
            }
            [(_, _, place), ..] => {
                if pairs.found.contains_key(place) {
                    pairs.repeated.push(path);
                } else {
                    pairs.found.insert(*place, prediction);
                }
            }
        }
    }
    pairs
}

/// Whether one path is the end of the other, and how many of their last parts are the same.
fn fit(a: &str, b: &str) -> (bool, usize) {
    let same = a
        .rsplit('/')
        .zip(b.rsplit('/'))
        .take_while(|(a, b)| a == b)
        .count();
    let parts = |path: &str| path.split('/').count();
    (same == parts(a) || same == parts(b), same)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_the_path_decides() {
        let truth: Vec<Truth> = [
            "a/x.pdf",
            "b/x.pdf",
            "c/a/x.pdf",
            "y.pdf",
            "d/z.pdf",
            "e/z.pdf",
        ]
        .into_iter()
        .map(|file| Truth {
            file: file.to_owned(),
            ..Truth::default()
        })
        .collect();
        for (path, place) in [
            ("in/b/x.pdf", Some(1)),
            ("in/c/a/x.pdf", Some(2)),
            ("in/a/x.pdf", Some(0)),
            ("y.pdf", Some(3)),
            ("in/y.pdf", Some(3)),
            ("in\\\\y.pdf", Some(3)),
            // As good as one another.
            ("z.pdf", None),
            ("in/z.pdf", None),
            ("x.pdf", None),
            ("in/w.pdf", None),
            ("", None),
        ] {
            let line = format!("{{\"source\":{{\"path\":\"{path}\"}}}}");
            let records = super::super::predictions(line.as_bytes()).expect("reads");
            let pairs = pair(&truth, &records);
            assert_eq!(pairs.found.keys().next().copied(), place, "{path}");
            assert_eq!(pairs.unknown.len(), usize::from(place.is_none()), "{path}");
        }
    }

    #[test]
    fn the_first_record_of_a_document_counts() {
        let truth = [Truth {
            file: "y.pdf".to_owned(),
            ..Truth::default()
        }];
        let lines = "{\"source\":\"y.pdf\",\"invoice\":{\"total\":1}}\n{\"source\":\"y.pdf\"}\n";
        let records = super::super::predictions(lines.as_bytes()).expect("reads");
        let pairs = pair(&truth, &records);
        assert!(pairs.found[&0].value("total").is_some());
        assert_eq!(pairs.repeated, ["y.pdf"]);
    }
}
