//! The reasons that speak for or against a text being the name of seller or buyer.

use super::address;
use super::amounts::Money;
use super::context::{Context, inside, is_addressed};
use super::names::{self, Name};
use super::near::Side;
use super::reasons::{Reason, Reasons};
use super::view::{PageView, View};
use crate::lang::{Label, fold, lexicon};
use crate::model::Rect;

/// The reasons of a name, without those that depend on what the other names are.
pub(super) fn reasons(view: &View<'_>, context: &Context, name: &Name, receipt: bool) -> Reasons {
    let page = &view.pages[name.page];
    let mut reasons = Reasons::default();
    let depth = page.depth(name.words.start);
    labels(page, context, name, &mut reasons);
    place(view, context, name, receipt, &mut reasons);
    shape(name, &mut reasons);
    reasons.holds(Reason::SenderLine, name.sender && !receipt);
    if let Some(domain) = domain(&name.key, context) {
        reasons.holds(domain, true);
    }
    let named = reasons.get(Reason::LabelSeller) >= 0.3;
    let middle = !receipt && !name.spelled && (0.42..0.82).contains(&depth);
    reasons.holds(Reason::Middle, middle && !named);
    reasons.holds(
        Reason::Later,
        name.page > 0 && !is_foot(depth, name) && !named,
    );
    let bank = page.label_of[name.words.start]
        .is_some_and(|label| page.labels[label].strength(Label::BankName) > 0.0);
    reasons.holds(Reason::Bank, bank && !named);
    let called = reasons.get(Reason::LabelBuyer) >= 0.3;
    reasons.holds(Reason::Low, (depth > 0.48 || name.page > 0) && !called);
    let rect = page.sheet.rect(name.words.clone());
    let within = !context.is_theirs(name.page, rect) && is_inside(page, name);
    reasons.holds(Reason::Inside, within && !called);
    let read = page.sheet.confidence(name.words.clone());
    reasons.set(Reason::Unread, (1.0 - read).clamp(0.0, 0.7));
    reasons
}

/// What labels say.
fn labels(page: &PageView<'_>, context: &Context, name: &Name, reasons: &mut Reasons) {
    for (reason, label) in [
        (Reason::LabelSeller, Label::Vendor),
        (Reason::LabelBuyer, Label::Buyer),
        (Reason::LabelShipTo, Label::ShipTo),
        (Reason::LabelRemitTo, Label::RemitTo),
    ] {
        reasons.set(reason, context.strength(name, label));
    }
    // A label that goes on as if it were a name.
    let party = page.label_of[name.words.start].is_some_and(|label| {
        let label = &page.labels[label];
        // `De` begins many a name.
        let word = page.texts[name.words.start].chars().count() > 3 || label.colon;
        word && (label.strength(Label::Vendor) >= 1.0 || label.strength(Label::Buyer) >= 1.0)
    });
    reasons.holds(Reason::PartyWord, party && !name.legal);
    let words = name.words.len().max(1) as f64;
    let known = name
        .words
        .clone()
        .filter(|word| page.label_of[*word].is_some())
        .count() as f64;
    reasons.set(Reason::Vocabulary, known / words);
    let folded: Vec<String> = name.text.split_whitespace().map(fold).collect();
    let headings = folded.iter().filter(|word| lexicon().is_no_name(word));
    reasons.set(
        Reason::NoName,
        headings.count() as f64 / folded.len().max(1) as f64,
    );
    let greeted = folded
        .first()
        .is_some_and(|word| lexicon().is_salutation(word));
    reasons.holds(Reason::Salutation, greeted);
    let last = name.text.rsplit(',').next().unwrap_or("").trim();
    let country = name.text.contains(',') && lexicon().country(last).is_some();
    let city = is_place(&name.text) || context.cities.contains(&folded.join(" "));
    reasons.holds(Reason::City, country || city);
}

/// Where it stands.
fn place(view: &View<'_>, context: &Context, name: &Name, receipt: bool, reasons: &mut Reasons) {
    /// Of the height of a page, the part that its head takes: of a till receipt, and of any other.
    const HEAD: [f64; 2] = [0.16, 0.25];
    let page = &view.pages[name.page];
    let sheet = &page.sheet;
    let segment = &sheet.segments[name.segment];
    let rect = sheet.rect(name.words.clone());
    let depth = page.depth(name.words.start);
    if name.page == 0 {
        let span = HEAD[usize::from(!receipt)] * sheet.height;
        let top = 1.0 - (rect.y0 - context.first[0]) / span.max(1.0);
        reasons.set(Reason::Top, top.clamp(0.0, 1.0));
        reasons.holds(Reason::FirstText, name.words.start == 0);
    }
    let larger = segment.em / sheet.em.max(1e-6);
    reasons.holds(Reason::Large, larger > 1.3);
    reasons.set(Reason::Larger, ((larger - 1.0) * 2.0).clamp(0.0, 4.0));
    let addressed = is_addressed(page, name);
    let upper = name.page == 0 && (0.05..0.48).contains(&depth);
    reasons.holds(Reason::Addressed, addressed);
    reasons.holds(
        Reason::AddressedUpper,
        addressed && name.page == 0 && depth < 0.48,
    );
    reasons.holds(Reason::OverStreet, is_over_street(page, name));
    let last = page.texts[segment.words.end - 1];
    let ends = name.words.end == segment.words.end && last.ends_with(',');
    reasons.holds(Reason::Comma, !name.legal && ends);
    reasons.holds(Reason::OverLegal, !name.legal && is_over_legal(page, name));
    reasons.holds(Reason::Upper, upper);
    let window = context.under_sender(name.page, rect, sheet.em);
    reasons.holds(Reason::UnderSender, window && upper && !name.sender);
    reasons.holds(Reason::Theirs, context.is_theirs(name.page, rect));
    reasons.holds(Reason::Foot, is_foot(depth, name));
    reasons.holds(Reason::Register, beside_register(page, name));
    reasons.holds(Reason::Contact, beside_contact(page, name));
    let line = &sheet.lines[segment.line];
    let priced = page.money[page.money_in(line.words.clone())]
        .iter()
        .any(Money::is_priced);
    reasons.holds(Reason::Priced, priced);
    let middle = (rect.center_x() / sheet.width.max(1.0)).clamp(0.0, 1.0);
    reasons.holds(Reason::Right, middle > 0.55);
    reasons.holds(Reason::Centred, (0.42..0.58).contains(&middle));
}

/// What it looks like.
fn shape(name: &Name, reasons: &mut Reasons) {
    let words = name.text.split_whitespace().count();
    let letters = || name.text.chars().filter(|c| c.is_alphabetic());
    let begins = name
        .text
        .starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit());
    reasons.holds(Reason::Legal, name.legal);
    reasons.holds(Reason::Long, words > 6 && !name.legal);
    reasons.holds(Reason::Small, !begins);
    reasons.holds(Reason::Short, letters().count() < 4);
    let sentence = name.text.ends_with(['.', '!', '?']) && !name.legal && words > 2;
    reasons.holds(Reason::Sentence, sentence);
    reasons.holds(Reason::Capitals, letters().all(char::is_uppercase));
    let digits = name.text.contains(|c: char| c.is_ascii_digit());
    reasons.holds(Reason::Digits, digits);
    reasons.holds(Reason::OneWord, words == 1 && !name.legal);
}

/// Tells whether a text is made of well-known cities and regions.
fn is_place(text: &str) -> bool {
    let words: Vec<&str> = text.split_whitespace().collect();
    let mut at = 0;
    while at < words.len() {
        let Some((_, taken)) = lexicon().place_at(&words[at..]) else {
            return false;
        };
        at += taken;
    }
    true
}

/// Points of what only a seller has: label, sender's line, domain, register block, foot of the page. From 2 on it is sure.
pub(super) fn proof(reasons: &Reasons) -> f64 {
    [
        (Reason::LabelSeller, 5.0),
        (Reason::LabelRemitTo, 1.2),
        (Reason::SenderLine, 3.5),
        (Reason::DomainWhole, 3.0),
        (Reason::DomainPart, 1.8),
        (Reason::DomainFirst, 1.5),
        (Reason::Foot, 1.0),
        (Reason::Register, 1.2),
    ]
    .into_iter()
    .map(|(reason, points)| points * reasons.get(reason))
    .sum()
}

/// Tells whether a name with a legal form stands at the foot of the page.
fn is_foot(depth: f64, name: &Name) -> bool {
    depth > 0.82 && name.legal
}

/// Tells whether the line directly under a name is a name with a legal form.
fn is_over_legal(page: &PageView<'_>, name: &Name) -> bool {
    names::stack(page, name.segment)
        .get(1)
        .is_some_and(|&segment| {
            let words = page.sheet.segments[segment].words.clone();
            names::read(page, name.page, words).is_some_and(|under| under.legal)
        })
}

/// Tells whether the line directly under a name is a street.
fn is_over_street(page: &PageView<'_>, name: &Name) -> bool {
    names::stack(page, name.segment)
        .get(1)
        .is_some_and(|&segment| {
            let words = &page.texts[page.sheet.segments[segment].words.clone()];
            address::is_street(words)
        })
}

/// Tells whether a line of the same block stands over the name: then it is the second line of an address.
fn is_inside(page: &PageView<'_>, name: &Name) -> bool {
    let block = &page.sheet.blocks[page.sheet.segments[name.segment].block];
    block
        .segments
        .first()
        .is_some_and(|first| *first != name.segment)
}

/// Tells whether mail, telephone or web site stand in a name's block.
fn beside_contact(page: &PageView<'_>, name: &Name) -> bool {
    let block = &page.sheet.blocks[page.sheet.segments[name.segment].block];
    block.segments.iter().any(|&segment| {
        let words = page.sheet.segments[segment].words.clone();
        words.clone().any(|word| {
            let text = page.texts[word];
            let labelled = page.label_of[word].is_some_and(|label| {
                let label = &page.labels[label];
                label.strength(Label::Phone) >= 1.0 || label.strength(Label::Email) >= 1.0
            });
            labelled || text.contains('@') || text.starts_with("www.")
        })
    })
}

/// How a domain repeats a name, the strongest way.
fn domain(key: &str, context: &Context) -> Option<Reason> {
    let compact: String = key.chars().filter(|c| c.is_alphanumeric()).collect();
    if compact.len() < 3 {
        return None;
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
        .filter_map(|domain| {
            if *domain == compact {
                Some(Reason::DomainWhole)
            } else if compact.len() >= 4
                && domain.len() >= 4
                && (domain.contains(&compact) || compact.contains(domain.as_str()))
            {
                Some(Reason::DomainPart)
            } else if first.len() >= 5 && *domain == first {
                Some(Reason::DomainFirst)
            } else {
                None
            }
        })
        .min_by_key(|reason| *reason as usize)
}

/// Tells whether a name stands in the block of VAT id, register or bank data.
fn beside_register(page: &PageView<'_>, name: &Name) -> bool {
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
    use crate::extract::supplier::Domain;

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
        for (key, reason) in [
            ("medienpilot", Some(Reason::DomainWhole)),
            ("medien pilot", Some(Reason::DomainWhole)),
            ("medien", Some(Reason::DomainPart)),
            ("medienpilot nord", Some(Reason::DomainPart)),
            ("other company", None),
        ] {
            assert_eq!(domain(key, &context), reason, "{key}");
        }
    }
}
