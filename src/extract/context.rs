//! The texts of a document that may be names of parties, and what labels and addresses say of them.

use super::address;
use super::names::{self, Name};
use super::near::Side;
use super::supplier;
use super::view::{Found, PageView, View};
use crate::lang::{Label, fold};
use crate::layout::overlap;
use crate::model::Rect;

/// Labels of parties.
const PARTIES: &[Label] = &[Label::Vendor, Label::Buyer, Label::ShipTo, Label::RemitTo];

/// What speaks for a name, besides the name itself.
#[derive(Default)]
pub(super) struct Context {
    /// Labels of parties and the names they lead to.
    pub(super) labelled: Vec<Labelled>,
    /// The cities of the document's addresses, folded.
    pub(super) cities: Vec<String>,
    /// Second-level domains of the document's mail and web addresses.
    pub(super) domains: Vec<supplier::Domain>,
    /// Where the text of each page begins, in points from the top.
    pub(super) first: Vec<f64>,
    /// The part of a page that a label gives to buyer or recipient: page and box.
    pub(super) theirs: Vec<(usize, Rect)>,
    /// Lines in which a sender and its address stand: page and box.
    pub(super) senders: Vec<(usize, Rect)>,
}

/// A name that a label leads to.
pub(super) struct Labelled {
    /// Page and first word of the name.
    pub(super) at: (usize, usize),
    /// What the label says it is.
    pub(super) label: Label,
    /// How surely, 0 to 1.
    pub(super) strength: f64,
}

/// All names of the document, and what is known of them.
pub(super) fn collect(view: &View<'_>) -> (Vec<Name>, Context) {
    let mut names: Vec<Name> = Vec::new();
    let mut context = Context {
        labelled: Vec::new(),
        cities: Vec::new(),
        domains: supplier::domains(view),
        first: Vec::new(),
        theirs: Vec::new(),
        senders: Vec::new(),
    };
    for (number, page) in view.pages.iter().enumerate() {
        for (index, label) in page.labels.iter().enumerate() {
            for &kind in PARTIES {
                let strength = label.strength(kind);
                if strength > 0.0 {
                    lead(
                        page,
                        number,
                        index,
                        kind,
                        strength,
                        (&mut names, &mut context),
                    );
                }
            }
        }
        context
            .first
            .push(page.sheet.lines.first().map_or(0.0, |line| line.rect.y0));
        for segment in &page.sheet.segments {
            if let Some(found) = address::postal(&page.texts[segment.words.clone()]) {
                context.cities.push(fold(&found.city));
            }
            if let Some(name) = names::read(page, number, segment.words.clone()) {
                if name.sender {
                    context.senders.push((number, segment.rect));
                }
                if !names
                    .iter()
                    .any(|known| known.page == number && known.words.start == name.words.start)
                {
                    names.push(name);
                }
            }
        }
    }
    for name in supplier::spelled(view, &context) {
        if !names
            .iter()
            .any(|known| known.page == name.page && known.words.start == name.words.start)
        {
            names.push(name);
        }
    }
    (names, context)
}

/// Adds the name that a label of a party leads to, and the part of the page that belongs to a recipient.
fn lead(
    page: &PageView<'_>,
    number: usize,
    index: usize,
    kind: Label,
    strength: f64,
    (names, context): (&mut Vec<Name>, &mut Context),
) {
    let label = &page.labels[index];
    let trust = trust(page, label, kind);
    for (name, side, cost) in led(page, number, index) {
        let addressed = is_addressed(page, &name);
        let mut strength = strength * trust * (1.0 - 0.3 * cost.min(2.0));
        if side == Side::Same && !label.colon {
            strength *= 0.15;
        }
        // Of the lines beside and below a label, those of an address are meant.
        if !addressed && side != Side::Same {
            strength *= 0.75;
        }
        let depth = page.depth(name.words.start);
        if kind == Label::Vendor && depth > 0.7 {
            // The foot of a page names managers and holders of accounts.
            strength *= 0.2;
        } else if !addressed && (depth > 0.5 || number > 0) {
            strength *= 0.5;
        }
        let stack = names::stack(page, name.segment);
        if matches!(kind, Label::Buyer | Label::ShipTo) && strength > 0.3 {
            let rects = stack
                .iter()
                .map(|segment| page.sheet.segments[*segment].rect);
            context
                .theirs
                .extend(rects.reduce(Rect::union).map(|rect| (number, rect)));
        }
        // A person stands over the company: the company is the party.
        let company = stack
            .iter()
            .skip(1)
            .take(2)
            .filter(|_| !name.legal)
            .find_map(|&segment| {
                names::read(page, number, page.sheet.segments[segment].words.clone())
                    .filter(|name| name.legal)
            });
        for (name, strength) in company
            .into_iter()
            .map(|name| (name, strength + 0.1))
            .chain([(name, strength)])
        {
            context.labelled.push(Labelled {
                at: (number, name.words.start),
                label: kind,
                strength,
            });
            if !names
                .iter()
                .any(|known| known.page == number && known.words.start == name.words.start)
            {
                names.push(name);
            }
        }
    }
}

/// The names that a label leads to: behind it, or else the first beside it and the first below it, with the cost of each.
fn led(page: &PageView<'_>, number: usize, index: usize) -> Vec<(Name, Side, f64)> {
    /// Lines below a label that are looked at: a contact or a number may stand before the name.
    const LINES: usize = 3;
    /// From this distance on, in heights of a letter, what stands beside a label is another column.
    const APART: f64 = 4.0;
    let label = &page.labels[index];
    let mut found: Vec<(Name, Side, f64)> = Vec::new();
    for slot in page.slots(index) {
        if slot.side > Side::Right || found.iter().any(|(_, side, _)| *side == slot.side) {
            continue;
        }
        if let Some(name) = names::read(page, number, slot.words.clone()) {
            let same = slot.side == Side::Same;
            found.push((name, slot.side, slot.cost));
            if same {
                return found;
            }
        }
    }
    // A heading (`Address of the client`) is as wide as its segment.
    let heading = page.sheet.segments[label.segment].words.end == label.words.end;
    let rect = if heading {
        page.sheet.segments[label.segment].rect
    } else {
        page.sheet.rect(label.words.clone())
    };
    let em = page.sheet.em.max(page.sheet.segments[label.segment].em);
    let value = page.slots(index).iter().any(|slot| {
        let code = |word: &&str| word.chars().filter(char::is_ascii_digit).count() >= 5;
        slot.side == Side::Same && page.texts[slot.words.clone()].iter().take(2).any(code)
    });
    if value {
        // It announces a number (`Client VAT: GB123456789`), and has it.
        return found;
    }
    let mut lines = page
        .sheet
        .lines
        .iter()
        .skip(page.sheet.segments[label.segment].line + 1)
        .take_while(|line| line.rect.y0 - rect.y1 < 4.5 * em)
        .flat_map(|line| line.segments.clone())
        .filter(|&below| {
            let other = page.sheet.segments[below].rect;
            let under = overlap(rect, other) > 0.0
                && ((other.x0 - rect.x0).abs() < 2.5 * em
                    || (other.center_x() - rect.center_x()).abs() < 2.0 * em);
            // The block may be set in, right of its label.
            let inset = other.x0 > rect.x0
                && other.x0 - rect.x1 < 3.5 * em
                && other.y0 - rect.y1 < 1.5 * em;
            other.center_y() > rect.y1 && (under || inset)
        })
        .take(LINES)
        // What another party's label announces is not this one's.
        .take_while(|&below| !announces(page, below));
    let name = lines.find_map(|below| {
        names::read(page, number, page.sheet.segments[below].words.clone())
            .map(|name| (name, below))
    });
    if let Some((name, below)) = name {
        let under = page.sheet.segments[below].rect;
        let gap = (under.y0 - rect.y1).max(0.0) / em;
        // A name that stands directly under its label is meant, not what begins another column in the label's line.
        let flush = gap < 1.0 && (under.x0 - rect.x0).abs() < em;
        if flush && (name.legal || is_addressed(page, &name)) {
            found.retain(|(other, ..)| {
                page.sheet.segments[other.segment].rect.x0 - rect.x1 < APART * em
            });
        }
        let beside = if found.is_empty() { 0.0 } else { 0.3 };
        found.push((name, Side::Below, 0.2 + 0.15 * gap + beside));
    }
    found
}

/// Tells whether a segment is the label of a party and nothing else.
fn announces(page: &PageView<'_>, segment: usize) -> bool {
    let words = page.sheet.segments[segment].words.clone();
    page.label_of[words.start].is_some_and(|label| {
        let label = &page.labels[label];
        let whole = label.words.end == words.end || page.texts[words.end - 1].ends_with(':');
        whole && PARTIES.iter().any(|kind| label.strength(*kind) >= 1.0)
    })
}

/// How far a label's place lets it be one: it begins its segment, and a small word needs a colon or its own line; the
/// seller's label begins a block.
fn trust(page: &PageView<'_>, label: &Found, kind: Label) -> f64 {
    let segment = &page.sheet.segments[label.segment];
    if label.strength(Label::Vendor) > 0.0 && label.strength(Label::Buyer) > 0.0 {
        return 0.0;
    }
    if kind == Label::Vendor && page.sheet.blocks[segment.block].segments[0] != label.segment {
        return 0.4;
    }
    let letters: usize = page.texts[label.words.clone()]
        .iter()
        .map(|word| word.chars().filter(|c| c.is_alphabetic()).count())
        .sum();
    if letters < 2 && !label.colon {
        return 0.0;
    }
    let alone = label.words.len() == segment.words.len();
    let heading = label.words.end == segment.words.end
        && segment.words.len() <= 4
        && !page.texts[segment.words.clone()]
            .iter()
            .any(|word| word.contains(|c: char| c.is_ascii_digit()));
    if heading && letters >= 4 && kind != Label::Vendor {
        1.0
    } else if letters < 4 && label.words.start != segment.words.start {
        // The end of a label that is not known (`Em nome de:`).
        0.0
    } else if label.words.start != segment.words.start && !label.colon {
        0.25
    } else if letters < 4 && !label.colon && !alone {
        0.15
    } else if letters < 5 && !label.colon && !alone {
        0.35
    } else {
        1.0
    }
}

impl Context {
    /// How surely a label says that the name is `label`, 0 to 1.
    pub(super) fn strength(&self, name: &Name, label: Label) -> f64 {
        self.labelled
            .iter()
            .filter(|lead| lead.label == label && lead.at == (name.page, name.words.start))
            .map(|lead| lead.strength)
            .fold(0.0, f64::max)
    }

    /// Tells whether a name stands in what a label gives to a recipient.
    pub(super) fn is_theirs(&self, page: usize, rect: Rect) -> bool {
        inside(&self.theirs, page, rect)
    }

    /// Tells whether a sender's line stands directly over a box, as in the window of an envelope.
    pub(super) fn under_sender(&self, page: usize, rect: Rect, em: f64) -> bool {
        self.senders.iter().any(|(number, sender)| {
            *number == page
                && rect.y0 > sender.center_y()
                && rect.y0 - sender.y1 < 8.0 * em
                && (rect.x0 - sender.x0).abs() < 4.0 * em
        })
    }
}

/// Tells whether the middle of a box lies in one of the zones.
pub(super) fn inside(zones: &[(usize, Rect)], page: usize, rect: Rect) -> bool {
    zones.iter().any(|(number, zone)| {
        *number == page
            && rect.center_y() > zone.y0
            && rect.center_y() < zone.y1
            && overlap(*zone, rect) > 0.5 * rect.width().min(zone.width())
    })
}

/// Tells whether an address stands under a name.
pub(super) fn is_addressed(page: &PageView<'_>, name: &Name) -> bool {
    names::stack(page, name.segment)
        .iter()
        .skip(1)
        .any(|&segment| {
            let words = &page.texts[page.sheet.segments[segment].words.clone()];
            address::postal(words).is_some()
        })
}
