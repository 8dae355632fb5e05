//! Pairs of label and value outside of tables: what ends with a colon, and phrases that the vocabularies know.
//!
//! The value is what follows in the same segment, else the segment right of the label, else the one below it; another
//! label is no value. Every label is listed, also those nobody has a field for.

use std::ops::Range;

use super::Sheet;
use crate::lang::lexicon;
use crate::model::{KeyValue, Relation};

/// Longest label, in words.
const LONGEST: usize = 6;
/// Widest gap to a value beside its label, in heights of the page's words: further off is another column of the page.
const BESIDE: f64 = 25.0;
/// Widest gap to a value below its label, likewise.
const BELOW: f64 = 1.6;

/// A label within a segment.
struct Label {
    segment: usize,
    words: Range<usize>,
}

/// The pairs of a page, in reading order; lines of tables are left out.
pub(super) fn pairs(sheet: &Sheet<'_>, tables: &[Range<usize>]) -> Vec<KeyValue> {
    let mut labels: Vec<Option<Label>> = Vec::with_capacity(sheet.segments.len());
    for (index, segment) in sheet.segments.iter().enumerate() {
        let inside = tables.iter().any(|lines| lines.contains(&segment.line));
        labels.push(if inside { None } else { label(sheet, index) });
    }
    let is_label = |segment: usize| labels[segment].is_some();
    let mut pairs = Vec::new();
    let mut taken = vec![false; sheet.segments.len()];
    for label in labels.iter().flatten() {
        let segment = &sheet.segments[label.segment];
        let rest = label.words.end..segment.words.end;
        let value = if rest.is_empty() {
            let right = sheet.right_of(label.segment).filter(|&right| {
                let gap = sheet.segments[right].rect.x0 - segment.rect.x1;
                gap <= BESIDE * sheet.em && !is_label(right)
            });
            let below = || {
                let below = sheet.below(label.segment, BELOW * sheet.em);
                below.first().copied().filter(|&below| !is_label(below))
            };
            let beside = right.map(|right| (right, Relation::Left));
            beside
                .or_else(|| below().map(|below| (below, Relation::Above)))
                .filter(|(found, _)| !std::mem::replace(&mut taken[*found], true))
                .map(|(found, relation)| (sheet.segments[found].words.clone(), relation))
        } else {
            Some((rest, Relation::Same))
        };
        if let Some((words, relation)) = value {
            let key = sheet.text(label.words.clone());
            pairs.push(KeyValue {
                page: sheet.n,
                key: key.trim_end_matches([':', ' ']).to_owned(),
                // A colon set apart from its label begins the value's segment.
                value: sheet
                    .text(words.clone())
                    .trim_start_matches([':', ' '])
                    .to_owned(),
                relation: Some(relation),
                key_bbox: Some(sheet.rect(label.words.clone())),
                value_bbox: Some(sheet.rect(words)),
            });
        }
    }
    pairs
}

/// The label a segment begins with: up to its first colon, or a known phrase that is all of it.
fn label(sheet: &Sheet<'_>, segment: usize) -> Option<Label> {
    let words = sheet.segments[segment].words.clone();
    let texts: Vec<&str> = sheet.words[words.clone()]
        .iter()
        .map(|word| word.text.trim())
        .collect();
    let letters = |texts: &[&str]| texts.iter().any(|text| text.contains(char::is_alphabetic));
    let colon = texts
        .iter()
        .take(LONGEST)
        .position(|text| text.ends_with([':', '：']));
    if let Some(colon) = colon.filter(|&colon| letters(&texts[..=colon])) {
        return Some(Label {
            segment,
            words: words.start..words.start + colon + 1,
        });
    }
    if texts.len() > LONGEST || !letters(&texts) {
        return None;
    }
    let hits = lexicon().label_at(&texts, None);
    let known = hits.first().is_some_and(|hit| {
        hit.words == texts.len() && hit.strength >= 1.0 && !hit.label.is_title()
    });
    known.then_some(Label { segment, words })
}
