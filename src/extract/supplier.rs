//! The seller: its name and address, and the domains of the document that may be its own.

use super::address;
use super::calibration::sure;
use super::candidate::{Candidate, Place};
use super::context::Context;
use super::draft::Draft;
use super::names::{self, Name};
use super::view::View;
use crate::lang::{fold, lexicon};
use crate::model::{Address, Field, Rect};

/// Writes the seller that was chosen, and the address under its name.
pub(super) fn find(view: &View<'_>, draft: &mut Draft) {
    if let Some(at) = fuller(&draft.parties.seller) {
        draft.parties.seller[..=at].rotate_right(1);
    }
    let parties = std::mem::take(&mut draft.parties);
    let sellers = &parties.seller;
    names::explain(
        view,
        draft,
        ("vendor_name", parties.leads[0]),
        sellers,
        &parties.considered[0],
    );
    draft.invoice.vendor_name =
        Field::found(sellers.first().map(|seller| seller.value.text.clone()));
    let address = sellers
        .first()
        .and_then(|seller| address_of(view, &seller.value));
    if let Some((_, place)) = &address {
        let evidence = view.evidence(place, sure("vendor_address", view.signals(place, 3.0, 1.0)));
        draft.evidence.insert("vendor_address".to_owned(), evidence);
    }
    draft.invoice.vendor_address = Field::found(address.map(|(address, _)| address));
    draft.parties = parties;
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
    pub(super) page: usize,
    /// Box of its word.
    pub(super) rect: Rect,
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
}
