//! The seller: what speaks for a name, and its address, mail, telephone and web site.
//!
//! Points: a label says so (5), a sender's line over the address (3.5), the domain of a mail or web address is the name
//! (3), the top of the first page (up to 1.6), a legal form (1.3), the block of the register and bank data (1.2), the
//! foot of the page (1), large print (0.8), an address under it (1.5); less for what belongs to the recipient (5) or stands
//! among the lines of the invoice (1.5).

use super::address;
use super::candidate::{Candidate, Place, confidence};
use super::choose::{Context, inside, is_addressed};
use super::draft::Draft;
use super::names::{self, Name};
use super::near::Side;
use super::view::View;
use crate::lang::{Label, fold, lexicon};
use crate::model::{Address, Field, Rect};

/// Writes the seller that was chosen, and the address under its name.
pub(super) fn find(view: &View<'_>, draft: &mut Draft) {
    if let Some(at) = fuller(&draft.parties.seller) {
        draft.parties.seller[..=at].rotate_right(1);
    }
    let sellers = &draft.parties.seller;
    if let Some(evidence) = view.evidence_of(sellers, |name| name.text.clone()) {
        draft.evidence.insert("vendor_name".to_owned(), evidence);
    }
    draft.invoice.vendor_name =
        Field::found(sellers.first().map(|seller| seller.value.text.clone()));
    let address = sellers
        .first()
        .and_then(|seller| address_of(view, &seller.value));
    if let Some((_, place)) = &address {
        let evidence = view.evidence(place, confidence(view.read(place), 3.0, 1.0));
        draft.evidence.insert("vendor_address".to_owned(), evidence);
    }
    draft.invoice.vendor_address = Field::found(address.map(|(address, _)| address));
}

/// The place of a name with a legal form that the chosen one, without, is a part of: a logo shows the short name.
fn fuller(sellers: &[Candidate<Name>]) -> Option<usize> {
    let chosen = &sellers.first()?.value;
    if chosen.legal {
        return None;
    }
    let parts: Vec<&str> = chosen.key.split_whitespace().collect();
    sellers.iter().position(|seller| {
        let words: Vec<&str> = seller.value.key.split_whitespace().collect();
        let holds = words
            .windows(parts.len().max(1))
            .any(|window| window == parts);
        seller.value.legal && holds && seller.points > 0.0
    })
}

/// The address under a name, or behind it in a sender's line, wherever the name stands.
pub(super) fn address_of(view: &View<'_>, name: &Name) -> Option<(Address, Place)> {
    let page = &view.pages[name.page];
    let stack = names::stack(page, name.segment);
    let under = stack.get(1..).unwrap_or_default();
    let lines = names::texts(page, under);
    let at = lines
        .iter()
        .position(|line| address::postal(&line.split_whitespace().collect::<Vec<_>>()).is_some());
    if let Some(at) = at {
        let found = address::parse(&lines[..(at + 2).min(lines.len())])?;
        let last = under[at];
        let words = page.sheet.segments[under[0]].words.start..page.sheet.segments[last].words.end;
        // Other columns may stand between the lines: the box is that of the words of the address only.
        let words = if words.len() > 40 {
            page.sheet.segments[last].words.clone()
        } else {
            words
        };
        return Some((
            found,
            Place {
                page: name.page,
                words,
            },
        ));
    }
    let segment = &page.sheet.segments[name.segment];
    let rest = name.words.end..segment.words.end;
    let text = page.sheet.text(rest.clone());
    let lines: Vec<String> = text
        .split(['•', '·', '|', '●', ','])
        .map(|part| part.trim_matches([' ', '-', '–']).to_owned())
        .filter(|part| !part.is_empty())
        .collect();
    address::parse(&lines).map(|found| {
        (
            found,
            Place {
                page: name.page,
                words: rest,
            },
        )
    })
}

/// Points of what only a seller has: label, sender's line, domain, register block, foot of the page.
pub(super) fn proof(view: &View<'_>, context: &Context, name: &Name, receipt: bool) -> f64 {
    let page = &view.pages[name.page];
    let mut points =
        5.0 * context.strength(name, Label::Vendor) + 1.2 * context.strength(name, Label::RemitTo);
    if name.sender && !receipt {
        points += 3.5;
    }
    points += domain(&name.key, context);
    if is_foot(page.depth(name.words.start), name) {
        points += 1.0;
    }
    if beside_register(view, name) {
        points += 1.2;
    }
    points
}

/// Tells whether a name with a legal form stands at the foot of the page.
fn is_foot(depth: f64, name: &Name) -> bool {
    depth > 0.82 && name.legal
}

/// Points for a name as the seller's.
pub(super) fn points(view: &View<'_>, context: &Context, name: &Name, receipt: bool) -> f64 {
    let page = &view.pages[name.page];
    let sheet = &page.sheet;
    let segment = &sheet.segments[name.segment];
    let rect = sheet.rect(name.words.clone());
    let depth = page.depth(name.words.start);
    let mut points = proof(view, context, name, receipt);
    if name.legal {
        points += if receipt { 2.2 } else { 1.3 };
    }
    if name.page == 0 {
        let span = if receipt { 0.16 } else { 0.25 } * sheet.height;
        let top = 1.0 - (rect.y0 - context.first[0]) / span.max(1.0);
        points += if receipt { 2.2 } else { 1.6 } * top.clamp(0.0, 1.0);
    }
    if segment.em > 1.3 * sheet.em {
        points += 0.8;
    }
    if is_addressed(page, name) {
        points += if name.page == 0 && depth < 0.45 {
            1.5
        } else {
            0.8
        };
    }
    if context.is_theirs(name.page, rect) {
        points -= 5.0;
    }
    if context.strength(name, Label::Vendor) < 0.3 {
        if !receipt && !name.spelled && (0.42..0.82).contains(&depth) {
            points -= 1.5;
        }
        if name.page > 0 && !is_foot(depth, name) {
            points -= 0.8;
        }
        if page.label_of[name.words.start]
            .is_some_and(|label| page.labels[label].strength(Label::BankName) > 0.0)
        {
            points -= 3.0;
        }
    }
    // A label that goes on as if it were a name.
    let party = page.label_of[name.words.start].is_some_and(|label| {
        let label = &page.labels[label];
        label.strength(Label::Vendor) >= 1.0 || label.strength(Label::Buyer) >= 1.0
    });
    if party && !name.legal {
        points -= 2.2;
    }
    points - shape(name) - 2.0 * (1.0 - sheet.confidence(name.words.clone())).clamp(0.0, 0.7)
}

/// Points against a text that names seldom look like.
pub(super) fn shape(name: &Name) -> f64 {
    let words = name.text.split_whitespace().count();
    let mut against = 0.0;
    if words > 6 && !name.legal {
        against += 0.8;
    }
    if !name
        .text
        .starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit())
    {
        against += 0.8;
    }
    if name.text.chars().filter(|c| c.is_alphabetic()).count() < 4 {
        against += 0.8;
    }
    if name.text.ends_with(['.', '!', '?']) && !name.legal && words > 2 {
        against += 1.0;
    }
    against
}

/// Points for a name that a domain repeats.
fn domain(key: &str, context: &Context) -> f64 {
    let compact: String = key.chars().filter(|c| c.is_alphanumeric()).collect();
    if compact.len() < 3 {
        return 0.0;
    }
    let first = key.split(' ').next().unwrap_or("");
    context
        .domains
        .iter()
        .filter(|domain| {
            // Mail and web addresses follow the lines of an address with a little space.
            let raised = Rect {
                y0: domain.rect.y0 - 3.0 * domain.rect.height(),
                y1: domain.rect.y1 - 3.0 * domain.rect.height(),
                ..domain.rect
            };
            !inside(&context.theirs, domain.page, domain.rect)
                && !inside(&context.theirs, domain.page, raised)
        })
        .map(|domain| &domain.name)
        .map(|domain| {
            if *domain == compact {
                3.0
            } else if compact.len() >= 4
                && domain.len() >= 4
                && (domain.contains(&compact) || compact.contains(domain.as_str()))
            {
                1.8
            } else if first.len() >= 5 && *domain == first {
                1.5
            } else {
                0.0
            }
        })
        .fold(0.0, f64::max)
}

/// Names that are nothing but a domain spelled out in words, wherever they stand in the text.
pub(super) fn spelled(view: &View<'_>, context: &Context) -> Vec<Name> {
    /// Words such a name has at most.
    const MOST: usize = 4;
    /// Letters of a domain that does not turn up by chance.
    const LEAST: usize = 5;
    let mut found = Vec::new();
    for (number, page) in view.pages.iter().enumerate() {
        for segment in &page.sheet.segments {
            if address::postal(&page.texts[segment.words.clone()]).is_some() {
                continue;
            }
            for at in segment.words.clone() {
                if !page.texts[at].starts_with(char::is_uppercase)
                    || page.texts[at].contains(['@', '/'])
                {
                    continue;
                }
                let mut joined = String::new();
                for end in at + 1..=segment.words.end.min(at + MOST) {
                    joined.extend(
                        fold(page.texts[end - 1])
                            .chars()
                            .filter(|c| c.is_alphanumeric()),
                    );
                    if joined.len() >= LEAST
                        && context.domains.iter().any(|domain| domain.name == joined)
                    {
                        found.extend(names::read(page, number, at..end).map(|name| Name {
                            spelled: true,
                            ..name
                        }));
                    }
                }
            }
        }
    }
    found
}

/// A second-level domain and where it stands.
pub(super) struct Domain {
    /// Without dashes.
    pub(super) name: String,
    /// Page, counted from 0.
    page: usize,
    /// Box of its word.
    rect: Rect,
}

/// The second-level domains of the document, without those of providers of mail.
pub(super) fn domains(view: &View<'_>) -> Vec<Domain> {
    let mut found: Vec<Domain> = Vec::new();
    for (number, page) in view.pages.iter().enumerate() {
        for (word, text) in page
            .texts
            .iter()
            .enumerate()
            .filter(|(_, text)| text.contains('.'))
        {
            if let Some(name) = domain_of(text)
                && !lexicon().is_shared_domain(&name)
            {
                found.push(Domain {
                    name,
                    page: number,
                    rect: page.sheet.words[word].rect,
                });
            }
        }
    }
    found
}

/// The second-level domain of a mail or web address, without dashes.
pub(super) fn domain_of(text: &str) -> Option<String> {
    let host = host_of(text)?;
    let parts: Vec<&str> = host.split('.').collect();
    let top = parts.len().checked_sub(2)?;
    // `co.uk`, `com.my`: the name stands one before.
    let at = if top > 0 && parts[top].len() <= 3 && parts[top + 1].len() == 2 {
        top - 1
    } else {
        top
    };
    let name: String = fold(parts[at])
        .chars()
        .filter(|c| c.is_alphanumeric())
        .collect();
    (name.len() >= 2).then_some(name)
}

/// The host of a mail or web address in a word.
pub(super) fn host_of(text: &str) -> Option<String> {
    let lower = text.to_lowercase();
    let mut rest = lower.as_str();
    let mut sure = false;
    for start in ["https://", "http://"] {
        if let Some(at) = rest.find(start) {
            rest = &rest[at + start.len()..];
            sure = true;
        }
    }
    if let Some((_, host)) = rest.split_once('@') {
        rest = host;
        sure = true;
    }
    if let Some(at) = rest.find("www.") {
        rest = &rest[at + 4..];
        sure = true;
    }
    let end = rest
        .find(|c: char| !(c.is_alphanumeric() || matches!(c, '.' | '-')))
        .unwrap_or(rest.len());
    let host = rest[..end].trim_matches(['.', '-']);
    let parts: Vec<&str> = host.split('.').collect();
    let top = parts.last()?;
    let plausible = parts.len() >= 2
        && parts.iter().all(|part| !part.is_empty())
        && (2..=10).contains(&top.len())
        && top.chars().all(|c| c.is_ascii_alphabetic())
        && host.chars().filter(|c| c.is_alphabetic()).count() >= 4;
    let known = matches!(
        *top,
        "com"
            | "net"
            | "org"
            | "de"
            | "at"
            | "ch"
            | "fr"
            | "be"
            | "nl"
            | "it"
            | "es"
            | "pt"
            | "pl"
            | "eu"
            | "io"
            | "uk"
            | "dk"
            | "se"
            | "no"
            | "fi"
            | "cz"
            | "info"
            | "biz"
            | "shop"
    );
    // `GmbH.de` without a sign of the web may be two words; only well-known ends count then.
    (plausible && (sure || known && parts[parts.len() - 2].len() >= 3)).then(|| host.to_owned())
}

/// Tells whether a name stands in the block of VAT id, register or bank data.
fn beside_register(view: &View<'_>, name: &Name) -> bool {
    let page = &view.pages[name.page];
    let block = page.sheet.segments[name.segment].block;
    let line = page.sheet.segments[name.segment].line;
    page.labels.iter().enumerate().any(|(index, label)| {
        let other = &page.sheet.segments[label.segment];
        (other.block == block || other.line == line && page.depth(name.words.start) > 0.75)
            && [Label::VatId, Label::Registration, Label::TaxNumber]
                .iter()
                .any(|kind| label.strength(*kind) >= 1.0)
            // In the head of a table the label has no number behind it.
            && page.slots(index).iter().filter(|slot| slot.side <= Side::Right).any(|slot| {
                let digits = page.texts[slot.words.clone()].iter().take(6).flat_map(|text| text.chars());
                digits.filter(char::is_ascii_digit).count() >= 5
            })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn domains_of_words() {
        for (text, expected) in [
            ("info@some-company.de", Some("somecompany")),
            ("https://www.example.co.uk/x", Some("example")),
            ("E-Mail:office@firma.com.my", Some("firma")),
            ("www.weclapp.com", Some("weclapp")),
            ("sp.z.o.o", None),
            ("12.50", None),
            ("S.r.l.", None),
        ] {
            assert_eq!(domain_of(text).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn a_domain_speaks_for_its_name() {
        let context = Context {
            domains: vec![Domain {
                name: "medienpilot".to_owned(),
                page: 0,
                rect: Rect::default(),
            }],
            ..Context::default()
        };
        assert!(domain("medienpilot", &context) > domain("medien", &context));
        assert!(domain("other company", &context) < 0.1);
    }
}
