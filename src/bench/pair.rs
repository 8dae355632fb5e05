//! Which prediction belongs to which truth: by the end of the path.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

/// A document and what is certainly on it.
#[derive(Clone, Debug, Default, serde::Deserialize)]
pub struct Truth {
    /// Its file, relative to wherever the collection is.
    pub file: String,
    /// Kind of file, such as `pdf-text`.
    #[serde(default)]
    pub kind: String,
    /// Language.
    #[serde(default)]
    pub lang: String,
    /// Kind of document, such as `invoice` or `receipt`.
    #[serde(default)]
    pub doc_type: String,
    /// Documents of one vendor or template.
    #[serde(default)]
    pub group: String,
    /// By field: a text, a list of which any is right, or null for what is not on the document. A missing field is not
    /// known and not scored.
    pub truth: Map<String, Value>,
}

/// What was read from a document.
#[derive(Clone, Debug, Default)]
pub struct Prediction {
    /// Path as the record has it.
    pub path: String,
    /// The invoice's fields; empty for a record without one.
    pub invoice: Map<String, Value>,
    /// Confidence by field, 0 to 1.
    pub confidence: BTreeMap<String, f64>,
}

impl Prediction {
    /// What a record says, as any stage after `ocr` writes it.
    pub fn of(record: &Value) -> Self {
        let source = &record["source"];
        let path = source.get("path").unwrap_or(source).as_str();
        let evidence = record["evidence"].as_object();
        Self {
            path: path.unwrap_or_default().replace('\\', "/"),
            invoice: record["invoice"].as_object().cloned().unwrap_or_default(),
            confidence: evidence
                .into_iter()
                .flatten()
                .filter_map(|(field, found)| Some((field.clone(), found["confidence"].as_f64()?)))
                .collect(),
        }
    }
}

/// The outcome of pairing.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Pairs {
    /// By truth: number of its prediction.
    pub of: Vec<Option<usize>>,
    /// Predictions without a truth, or with two that fit equally well.
    pub unknown: usize,
    /// Predictions for a truth that has one already; the first counts.
    pub repeated: usize,
}

/// Gives each prediction to the truth whose path shares the longest end with its own, a whole path first.
pub fn pair(truths: &[Truth], predictions: &[Prediction]) -> Pairs {
    let mut by_name: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (index, truth) in truths.iter().enumerate() {
        by_name.entry(last(&truth.file)).or_default().push(index);
    }
    let mut pairs = Pairs {
        of: vec![None; truths.len()],
        ..Pairs::default()
    };
    for (number, prediction) in predictions.iter().enumerate() {
        let candidates = by_name.get(last(&prediction.path));
        let mut best: Vec<((bool, usize), usize)> = candidates
            .into_iter()
            .flatten()
            .map(|&index| (likeness(&truths[index].file, &prediction.path), index))
            .collect();
        best.sort_unstable_by(|one, other| other.cmp(one));
        match best.as_slice() {
            [] => pairs.unknown += 1,
            [first, second, ..] if first.0 == second.0 => pairs.unknown += 1,
            [(_, index), ..] => match &mut pairs.of[*index] {
                place @ None => *place = Some(number),
                Some(_) => pairs.repeated += 1,
            },
        }
    }
    pairs
}

fn last(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// Whether one path is the end of the other, and how many parts they share.
fn likeness(one: &str, other: &str) -> (bool, usize) {
    let shared = one
        .rsplit('/')
        .zip(other.rsplit('/'))
        .take_while(|(one, other)| one == other)
        .count();
    let whole = [one, other].map(|path| path.split('/').count());
    (whole.contains(&shared), shared)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_common_end_decides_and_a_tie_decides_nothing() {
        let truths = [
            "a/one.pdf",
            "b/one.pdf",
            "c/two.pdf",
            "x/y/three.pdf",
            "y/three.pdf",
        ];
        let truths = truths.map(|file| Truth {
            file: file.to_owned(),
            ..Truth::default()
        });
        for (paths, of, unknown, repeated) in [
            (
                &["/data/b/one.pdf"][..],
                [None, Some(0), None, None, None],
                0,
                0,
            ),
            (&["one.pdf"], [None; 5], 1, 0),
            (
                &["/data/z/two.pdf", "c/two.pdf"],
                [None, None, Some(0), None, None],
                0,
                1,
            ),
            (&["x/y/three.pdf"], [None, None, None, Some(0), None], 0, 0),
            (&["four.pdf", ""], [None; 5], 2, 0),
        ] {
            let predictions: Vec<Prediction> = paths
                .iter()
                .map(|path| Prediction::of(&serde_json::json!({ "source": { "path": path } })))
                .collect();
            let expected = Pairs {
                of: of.to_vec(),
                unknown,
                repeated,
            };
            assert_eq!(pair(&truths, &predictions), expected, "{paths:?}");
        }
    }
}
