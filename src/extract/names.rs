//! Texts that may be the name of a party, and the lines that stand under them.
//!
//! A name is the part of a segment before a separator, an address or a label; what reads like a street, a date, a number
//! or the label of something else is none.

use std::ops::Range;

use super::address::{is_street, postal};
use super::amounts::Money;
use super::candidate::{Candidate, Proof};
use super::draft::Draft;
use super::reasons::Reasons;
use super::view::{PageView, View};
use crate::lang::{Label, fold, lexicon};

/// A text that may be a party's name.
#[derive(Clone, Debug)]
pub(super) struct Name {
    /// As printed.
    pub(super) text: String,
    /// Folded, without the legal form: what two names are compared by.
    pub(super) key: String,
    /// Page, counted from 0.
    pub(super) page: usize,
    /// Its words.
    pub(super) words: Range<usize>,
    /// Its segment.
    pub(super) segment: usize,
    /// It carries a legal form.
    pub(super) legal: bool,
    /// An address follows in the same line: a sender's line.
    pub(super) sender: bool,
    /// It is a domain of the document spelled out in words.
    pub(super) spelled: bool,
    /// What speaks for and against it.
    pub(super) reasons: Reasons,
}

/// Separators that always part a name from what follows.
const HARD: &[char] = &['•', '·', '|', '●', '∙', '■', '▪', '◦', '‧', '⋅', '¦'];
/// Separators that part it only from an address.
const SOFT: &[&str] = &["-", "–", "—", "*", "/", "~", "_"];
/// More words than a name has.
const LONGEST: usize = 9;

/// Reads the name that words begin with.
pub(super) fn read(page: &PageView<'_>, number: usize, words: Range<usize>) -> Option<Name> {
    let segment = *page.segment_of.get(words.start)?;
    let mut parts: Vec<&str> = Vec::new();
    let mut end = words.start;
    let whole = words.clone();
    let words = words.start
        ..street(page, words.clone())
            .unwrap_or(words.end)
            .max(words.start);
    for at in words.clone() {
        let word = page.texts[at];
        let rest = &page.texts[at + 1..words.end];
        if word.chars().all(|c| HARD.contains(&c)) {
            if parts.is_empty() {
                continue;
            }
            break;
        }
        if !parts.is_empty() {
            let soft = SOFT.contains(&word) && has_address(rest);
            let number = word.starts_with('(') && word.chars().any(|c| c.is_ascii_digit());
            let label = page.label_of[at]
                .map(|label| &page.labels[label])
                .is_some_and(|label| {
                    label.words.start == at
                        && (label.colon || label.sure && ends_name(&label.kinds))
                });
            let address =
                word.contains('@') || word.starts_with("www.") || word.starts_with("http");
            if soft || number || label || address {
                break;
            }
        }
        end = at + 1;
        if let Some((before, _)) = word.split_once(HARD) {
            if !before.is_empty() {
                parts.push(before);
            }
            break;
        }
        parts.push(word);
        if word.ends_with([',', ';'])
            && lexicon().legal_form_at(rest).is_none()
            && has_address(rest)
        {
            break;
        }
    }
    let rest = &page.texts[end..whole.end];
    let text = parts.join(" ");
    if text.ends_with(',') && !has_legal_form(&parts) && is_house_number(rest) {
        return None;
    }
    let announced = parts.iter().position(|part| part.ends_with(':'));
    if announced.is_some_and(|at| {
        (parts.get(at + 1)).is_none_or(|next| next.contains(|c: char| c.is_ascii_digit()))
    }) {
        // An unknown label, alone or with the number it announces.
        return None;
    }
    let text = text.trim_matches(|c: char| {
        matches!(
            c,
            ',' | ';' | ':' | '-' | '–' | '—' | '*' | '"' | '„' | '“' | '”' | '_' | '=' | '#'
        ) || c.is_whitespace()
    });
    let settled = if page.is_ocr() { initials(text) } else { None };
    let text = settled.as_deref().unwrap_or(text);
    let parts: Vec<&str> = text.split_whitespace().collect();
    if !is_name(page, words.start..end, &parts) || lexicon().is_legal_form(text) {
        return None;
    }
    let (key, mut legal) = key(&parts);
    let mut text = text.to_owned();
    if !legal
        && end == whole.end
        && let Some(form) = form_below(page, segment)
    {
        text = format!("{text} {form}");
        legal = true;
    }
    Some(Name {
        text,
        key,
        page: number,
        sender: has_address(rest) && postal_somewhere(rest),
        spelled: false,
        reasons: Reasons::default(),
        words: words.start..end,
        segment,
        legal,
    })
}

/// A name whose initials were read as digits or signs of the same look, mended (`D.1.Y.` to `D.I.Y.`): between points stand
/// letters. `None` where nothing is to be mended.
fn initials(text: &str) -> Option<String> {
    /// What is read, and the letter it looks like.
    const ALIKE: &[(char, char)] = &[
        ('1', 'I'),
        ('|', 'I'),
        ('!', 'I'),
        ('0', 'O'),
        ('5', 'S'),
        ('8', 'B'),
        ('¥', 'Y'),
        ('$', 'S'),
        ('€', 'C'),
        ('£', 'L'),
    ];
    let mut chars: Vec<char> = text.chars().collect();
    let mut mended = false;
    for at in 2..chars.len().saturating_sub(1) {
        let letters =
            chars[at - 1] == '.' && chars[at + 1] == '.' && !chars[at - 2].is_whitespace();
        if let Some((_, letter)) = ALIKE.iter().find(|(read, _)| letters && *read == chars[at]) {
            chars[at] = *letter;
            mended = true;
        }
    }
    // Points part the thousands of a number as well: without a letter it is none.
    let initial = chars
        .windows(2)
        .any(|pair| pair[0].is_uppercase() && pair[1] == '.');
    (mended && initial).then(|| chars.into_iter().collect())
}

/// Where the street begins in a line of name, street, post code and city without separators: at the word before the
/// house number.
fn street(page: &PageView<'_>, words: Range<usize>) -> Option<usize> {
    let texts = &page.texts[words.clone()];
    let number = texts
        .iter()
        .position(|word| word.starts_with(|c: char| c.is_ascii_digit()))?;
    let separated = texts[..number]
        .iter()
        .any(|word| word.contains(HARD) || SOFT.contains(word) || word.ends_with(','));
    let plain = number >= 3
        && !separated
        && texts[number].len() <= 5
        && postal(&texts[number + 1..]).is_some();
    plain.then(|| words.start + number - 1)
}

/// Tells whether a house number and nothing of a street follows: what stands before it is the street (`Via Garibaldi, 12`,
/// `Calle Mayor, 3, 28001 Madrid`).
fn is_house_number(rest: &[&str]) -> bool {
    let number = rest.first().is_some_and(|word| {
        let word = word.trim_end_matches([',', ';']);
        word.starts_with(|c: char| c.is_ascii_digit()) && word.chars().count() <= 4
    });
    let ends = rest.first().is_some_and(|word| word.ends_with([',', ';']))
        || rest.get(1).is_none_or(|next| {
            SOFT.contains(next)
                || next.starts_with(HARD)
                || next.starts_with(|c: char| c.is_ascii_digit())
        });
    number && ends
}

/// The legal form that stands alone in the line under a name.
fn form_below(page: &PageView<'_>, segment: usize) -> Option<String> {
    let from = &page.sheet.segments[segment];
    let below = page.sheet.below(segment, 0.9 * from.em);
    let text = page
        .sheet
        .text(page.sheet.segments[*below.first()?].words.clone());
    let text = text.trim_matches(|c: char| !c.is_alphanumeric() && !matches!(c, '.' | ')'));
    (text.starts_with(char::is_uppercase) && lexicon().is_legal_form(text)).then(|| text.to_owned())
}

/// Labels that end a name which stands before them in the same segment.
fn ends_name(kinds: &[(Label, f32)]) -> bool {
    kinds.iter().any(|(label, strength)| {
        *strength >= 1.0
            && matches!(
                label,
                Label::InvoiceNumber
                    | Label::InvoiceDate
                    | Label::DueDate
                    | Label::VatId
                    | Label::TaxNumber
                    | Label::Registration
                    | Label::Iban
                    | Label::Phone
                    | Label::Fax
                    | Label::Email
                    | Label::CustomerNumber
                    | Label::OrderNumber
                    | Label::Buyer
                    | Label::Vendor
                    | Label::ShipTo
            )
    })
}

/// Tells whether what follows has an address in it: a house number or a post code.
fn has_address(rest: &[&str]) -> bool {
    rest.iter()
        .take(14)
        .any(|word| word.chars().any(|c| c.is_ascii_digit()) && !word.contains(['@', ':']))
}

/// Tells whether street and post code stand in what follows a name.
fn postal_somewhere(rest: &[&str]) -> bool {
    let words: Vec<&str> = rest
        .iter()
        .flat_map(|word| word.split(HARD))
        .filter(|word| !word.is_empty())
        .collect();
    postal(&words).is_some_and(|found| found.start > 0)
}

/// Tells whether the words can be a name at all.
fn is_name(page: &PageView<'_>, words: Range<usize>, parts: &[&str]) -> bool {
    if parts.is_empty() || parts.len() > LONGEST {
        return false;
    }
    let (mut letters, mut digits, mut others) = (0, 0, 0);
    for c in parts.iter().flat_map(|part| part.chars()) {
        if c.is_alphabetic() {
            letters += 1;
        } else if c.is_ascii_digit() {
            digits += 1;
        } else if !matches!(
            c,
            '.' | '&' | ',' | '\'' | '’' | '-' | '(' | ')' | '/' | '+' | '!'
        ) {
            others += 1;
        }
    }
    let legal = has_legal_form(parts);
    if letters < 2 || letters < 2 * digits || others * 4 > letters || letters + digits > 90 {
        return false;
    }
    if parts
        .iter()
        .any(|part| part.contains('@') || part.starts_with("www.") || part.starts_with("http"))
    {
        return false;
    }
    // `16th Street, SE`: what follows a house number is a quarter of the city, no legal form.
    let numbered = parts[0].starts_with(|c: char| c.is_ascii_digit());
    if (!legal || numbered) && (postal(parts).is_some() || is_street(parts)) {
        return false;
    }
    let priced = page.money[page.money_in(words.clone())]
        .iter()
        .any(Money::is_priced);
    if priced && !legal {
        return false;
    }
    // A label is no name, unless a legal form says that a company is called so.
    let labelled = page.label_of[words.start].is_some_and(|label| {
        let label = &page.labels[label];
        let covers = label.words.end >= words.end;
        label.words.start == words.start && (covers || label.colon || label.sure)
    });
    if labelled && !legal {
        return false;
    }
    // Headings of a table, and a title with the document's number, are none in any case.
    let heading = |word: usize| {
        page.label_of[word].is_some_and(|label| {
            let kinds = &page.labels[label].kinds;
            kinds.iter().any(|(label, _)| label.is_column())
        })
    };
    let title = page.label_of[words.start].is_some_and(|label| {
        let kinds = &page.labels[label].kinds;
        kinds.iter().any(|(label, _)| label.is_title())
    });
    if words.clone().all(heading) || title && digits > 1 && !legal {
        return false;
    }
    // One word of letters and digits is a code.
    if digits > 0 && parts.len() == 1 && !legal && digits * 4 > letters {
        return false;
    }
    if parts
        .iter()
        .all(|part| lexicon().is_salutation(&fold(part)))
    {
        return false;
    }
    let country = lexicon().country(&parts.join(" ")).is_some();
    let month = parts.iter().any(|part| lexicon().month(part).is_some()) && digits > 0;
    !country
        && !month
        && (letters > 3
            || parts
                .iter()
                .all(|part| part.chars().all(char::is_uppercase)))
}

/// Tells whether one of the words, or several in a row, are a legal form; the first word never is.
pub(super) fn has_legal_form(parts: &[&str]) -> bool {
    (1..parts.len()).any(|at| {
        lexicon().legal_form_at(&parts[at..]).is_some_and(|taken| {
            // What follows a form is no house number.
            if parts[at + taken..]
                .iter()
                .any(|part| part.contains(|c: char| c.is_ascii_digit()))
            {
                return false;
            }
            // `as`, `se`, `company` are words of many languages: a form begins with a capital or has dots.
            let word = parts[at].trim_matches(|c: char| !c.is_alphanumeric());
            taken > 1
                || word.chars().count() > 2
                || word.chars().any(char::is_uppercase)
                || word.contains(['.', '/'])
        })
    })
}

/// The folded name without its legal form, and whether it has one.
fn key(parts: &[&str]) -> (String, bool) {
    let legal = has_legal_form(parts);
    let mut kept: Vec<String> = Vec::new();
    let mut at = 0;
    while at < parts.len() {
        if at > 0
            && let Some(taken) = lexicon().legal_form_at(&parts[at..])
        {
            at += taken;
            continue;
        }
        kept.push(fold(parts[at]));
        at += 1;
    }
    kept.retain(|part| !part.is_empty());
    (kept.join(" "), legal)
}

/// The segments under a segment that belong together with it: the lines of an address.
pub(super) fn stack(page: &PageView<'_>, segment: usize) -> Vec<usize> {
    let sheet = &page.sheet;
    let mut lines = vec![segment];
    let mut last = segment;
    while lines.len() < 8 {
        let from = &sheet.segments[last];
        let em = from.em.max(0.7 * sheet.em);
        let next = sheet.below(last, 1.7 * em).into_iter().find(|&below| {
            let other = &sheet.segments[below];
            let left = (other.rect.x0 - sheet.segments[segment].rect.x0).abs();
            let middle = (other.rect.center_x() - from.rect.center_x()).abs();
            let right = (other.rect.x1 - from.rect.x1).abs();
            left < 1.5 * em || middle < 0.8 * em || right < 0.5 * em
        });
        let Some(next) = next else { break };
        lines.push(next);
        last = next;
    }
    lines
}

/// The texts of segments.
pub(super) fn texts(page: &PageView<'_>, segments: &[usize]) -> Vec<String> {
    segments
        .iter()
        .map(|&segment| page.sheet.text(page.sheet.segments[segment].words.clone()))
        .collect()
}

/// Writes the evidence of a party's name; where an explanation is asked for, with the reasons of all readings, and also if
/// none was chosen. `lead` is that of the joint choice.
pub(super) fn explain(
    view: &View<'_>,
    draft: &mut Draft,
    (field, lead): (&str, f64),
    chosen: &[Candidate<Name>],
    considered: &[Candidate<Name>],
) {
    let show = |name: &Name| name.text.clone();
    let mut evidence = view
        .evidence_where(
            field,
            chosen,
            Proof {
                lead: Some(lead),
                ..Proof::default()
            },
            show,
        )
        .unwrap_or_default();
    if view.explain {
        evidence.considered = view.considered(considered, show);
        for (considered, candidate) in evidence.considered.iter_mut().zip(considered) {
            considered.reasons = candidate.value.reasons.named();
        }
        let receipt = f64::from(u8::from(draft.receipt));
        evidence.signals.insert("receipt".to_owned(), receipt);
    } else if chosen.is_empty() {
        return;
    }
    draft.evidence.insert(field.to_owned(), evidence);
}
