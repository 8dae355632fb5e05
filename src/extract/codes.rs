//! Codes behind labels: numbers of invoices, orders, customers, registers.
//!
//! A code is one word with a digit in it, with short words in capitals before it that belong to it (`FV 1/05/2021`), and
//! with what a dash or slash joins to it.

use std::ops::Range;

use super::address::postal;
use super::candidate::Candidate;
use super::near::{Side, Slot};
use super::view::{Found, PageView, View};
use super::{iban, vat_id};
use crate::lang::{Label, fold, lexicon};
use crate::model::compact;

/// A code and the words it takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Code {
    /// As printed.
    pub(super) text: String,
    /// Its words.
    pub(super) words: Range<usize>,
    /// It reads like a date or an amount as well.
    pub(super) doubtful: bool,
}

/// Words that may stand between a label and its code; small ones count less.
const MOST_SKIPPED: f64 = 2.0;
/// Points against a label that goes on after the known phrase up to its colon: it announces something else.
const LONGER: f64 = 1.5;
/// Longest code in characters.
const LONGEST: usize = 40;

/// What a label is worth for a field, see [`candidates`].
pub(super) struct Claim {
    /// The label.
    pub(super) label: Label,
    /// Points where the label is certain.
    pub(super) points: f64,
    /// The sides on which its value may stand.
    pub(super) sides: &'static [Side],
}

/// Every side a value may stand on.
pub(super) const ANY: &[Side] = &[Side::Same, Side::Right, Side::Below, Side::Above];

/// The codes that labels name, with points: those of the label, less what the distance costs, less two if another label
/// is nearer, and some for a form that codes have.
pub(super) fn candidates(view: &View<'_>, claims: &[Claim]) -> Vec<Candidate<String>> {
    let mut found = Vec::new();
    for (number, page) in view.pages.iter().enumerate() {
        let accounts = iban::on_page(page);
        for (index, label) in page.labels.iter().enumerate() {
            let Some((claim, strength)) = claims
                .iter()
                .map(|claim| (claim, label.strength(claim.label)))
                .filter(|(_, strength)| *strength > 0.0)
                .max_by(|a, b| (a.1.total_cmp(&b.1)).then((a.0.points).total_cmp(&b.0.points)))
            else {
                continue;
            };
            let mut points = claim.points * strength;
            if claim.label.is_title() && label.colon {
                points += 0.6;
            }
            if strength < label.best() && !claim.label.is_title() {
                points -= 0.5;
            }
            if label.words.len() == 1
                && lexicon().is_number_word(&fold(page.texts[label.words.start]))
            {
                points *= 0.4;
            }
            if let Some(text) = glued(page, label) {
                let points = points + form(&text, false);
                found.push(Candidate::new(
                    text,
                    number,
                    label.words.end - 1..label.words.end,
                    points,
                ));
                continue;
            }
            for slot in page.slots(index) {
                if !claim.sides.contains(&slot.side) {
                    continue;
                }
                let Some(code) = in_slot(page, label, slot) else {
                    continue;
                };
                let account = |(_, words): &(_, Range<usize>)| words.contains(&code.words.start);
                let beside = slot.side != Side::Same;
                if accounts.iter().any(account) || beside && is_post_code(page, &code) {
                    continue;
                }
                let mut points = points + form(&code.text, code.doubtful) - 1.2 * slot.cost;
                if slot.side == Side::Same && page.has_colon(label.words.end..code.words.start) {
                    points -= LONGER;
                }
                if strength < 1.0 {
                    points -= 0.6 * page.depth(code.words.start);
                }
                if page.owned_by_other(code.words.end - 1, index, slot.cost) {
                    points -= 2.0;
                }
                points -= 0.3 * number.min(2) as f64;
                found.push(Candidate::new(code.text, number, code.words, points));
            }
        }
    }
    found
}

/// Tells whether a code is the post code of an address.
fn is_post_code(page: &PageView<'_>, code: &Code) -> bool {
    let segment = &page.sheet.segments[page.segment_of[code.words.start]];
    let rest = &page.texts[code.words.start..segment.words.end];
    postal(rest).is_some_and(|found| found.start == 0)
}

/// The code glued to a label's last word.
fn glued(page: &PageView<'_>, label: &Found) -> Option<String> {
    let bytes = label.glued.clone()?;
    let text = trim(page.texts[label.words.end - 1].get(bytes)?);
    is_code(text).then(|| text.to_owned())
}

/// The code in a slot.
fn in_slot(page: &PageView<'_>, label: &Found, slot: &Slot) -> Option<Code> {
    let words = match slot.side {
        // Of a row of cells that were read as one, the one under the label.
        Side::Below => under(page, label, slot.words.clone()),
        _ => slot.words.clone(),
    };
    read(page, words)
}

/// The words of a slot below a label that stand under it; the slot begins with a label's value, so all of it if it is
/// flush with the label.
fn under(page: &PageView<'_>, label: &Found, words: Range<usize>) -> Range<usize> {
    let rect = page.sheet.rect(label.words.clone());
    let em = page.sheet.em;
    let start = words
        .clone()
        .find(|&word| page.sheet.words[word].rect.x1 > rect.x0 - 0.5 * em)
        .unwrap_or(words.start);
    start..words.end
}

/// The code that words begin with.
pub(super) fn read(page: &PageView<'_>, words: Range<usize>) -> Option<Code> {
    let mut prefix: Option<usize> = None;
    let mut skipped = 0.0;
    for at in words.clone() {
        let text = trim(page.texts[at]);
        if text.chars().any(|c| c.is_ascii_digit()) {
            if !is_code(text) {
                return None;
            }
            let end = joined_end(page, at, words.end);
            let start = prefix.unwrap_or(at);
            let text = trim_owned(&page.sheet.text(start..end));
            let date = page.days_in(at..at + 1).next().is_some();
            let money = page.money[page.money_in(at..at + 1)].iter().any(|money| {
                money.words.start == at
                    && (money.percent || money.decimals > 0 || money.currency.is_some())
            });
            if date && prefix.is_none() && page.days_in(at..at + 1).any(|day| day.words.len() > 1) {
                return None;
            }
            return (text.chars().count() <= LONGEST).then_some(Code {
                text,
                words: start..end,
                doubtful: (date || money) && prefix.is_none(),
            });
        }
        let letters = text.chars().filter(|c| c.is_alphabetic()).count();
        let short_capitals = (1..=3).contains(&letters)
            && text
                .chars()
                .all(|c| c.is_uppercase() || matches!(c, '-' | '/' | '.' | '_'));
        if short_capitals && page.label_of[at].is_none() {
            prefix = prefix.or(Some(at));
        } else if letters > 0 {
            prefix = None;
            // In a sentence small words may stand between: `the invoice number for this job is A-17`.
            let small = text.chars().all(char::is_lowercase);
            let capitals = letters <= 5 && text.chars().all(char::is_uppercase);
            let filler = letters <= 3 || page.label_of[at].is_some() || small || capitals;
            if !filler {
                return None;
            }
            skipped += if small { 0.4 } else { 1.0 };
        } else {
            skipped += 0.5;
        }
        if skipped > MOST_SKIPPED {
            return None;
        }
    }
    None
}

/// The end of a code that goes on in the next words: what a dash or slash joins.
fn joined_end(page: &PageView<'_>, at: usize, end: usize) -> usize {
    let mut last = at;
    while last + 1 < end {
        let next = page.texts[last + 1];
        let gap = page.sheet.words[last + 1].rect.x0 - page.sheet.words[last].rect.x1;
        let joins =
            page.texts[last].ends_with(['/', '-', '_']) || next.starts_with(['/', '-', '_']);
        let part = next.chars().any(|c| c.is_ascii_digit()) || matches!(next, "/" | "-");
        if !(joins && part)
            || gap > 0.6 * page.sheet.em
            || page.days_in(last + 1..last + 2).next().is_some()
        {
            break;
        }
        last += 1;
    }
    if matches!(page.texts[last], "/" | "-") {
        last
    } else {
        last + 1
    }
}

/// Tells whether a word with a digit can be a code at all.
fn is_code(text: &str) -> bool {
    let compact = compact(text);
    let others = text
        .chars()
        .filter(|c| {
            !c.is_alphanumeric()
                && !matches!(
                    c,
                    '-' | '/' | '.' | '_' | '#' | '\\' | '|' | '+' | '(' | ')'
                )
        })
        .count();
    !compact.is_empty()
        && text.chars().any(|c| c.is_ascii_digit())
        && text.chars().count() <= LONGEST
        && others * 4 <= text.chars().count()
        && !text.contains(['@', '%', '€', '$', '£'])
        && !iban::is_iban(&compact)
        && !text.starts_with("www.")
        && !text.starts_with("http")
        && !text.contains("**")
}

/// Points of a form: letters and digits or a good length speak for a code, what could be something else against it.
fn form(text: &str, doubtful: bool) -> f64 {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    let mut points: f64 = 0.0;
    if digits >= 4 || (letters > 0 && digits >= 2) {
        points += 0.5;
    }
    if letters == 0 && digits <= 2 {
        points -= 0.8;
    }
    if letters == 0 && digits == 4 && (text.starts_with("19") || text.starts_with("20")) {
        points -= 0.8;
    }
    if digits + letters > 24 || letters > digits + 8 {
        points -= 0.5;
    }
    if text.starts_with('+')
        || vat_id::VatId::parse(text).is_some_and(|id| id.check == vat_id::Check::Right)
    {
        points -= 2.0;
    }
    if doubtful {
        points -= 1.5;
    }
    points
}

/// A word without what surrounds a code.
fn trim(text: &str) -> &str {
    let text =
        text.trim_matches(|c: char| !c.is_alphanumeric() && !matches!(c, '+' | '*' | '(' | ')'));
    let open = text.matches('(').count();
    if open == text.matches(')').count() {
        text
    } else {
        text.trim_matches(['(', ')'])
    }
}

fn trim_owned(text: &str) -> String {
    text.trim_matches(|c: char| !c.is_alphanumeric() && !matches!(c, ')'))
        .trim_start_matches([')', '('])
        .to_owned()
}
