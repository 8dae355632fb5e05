//! The joint choice of the parties: who sells and who buys.
//!
//! Every text that may be a name gets points as seller ([`super::supplier`]) and as buyer ([`super::buyer`]); the pair with
//! the most points wins, and no name is both.

use super::address;
use super::buyer;
use super::candidate::Candidate;
use super::names::{self, Name};
use super::near::Side;
use super::supplier;
use super::view::{Found, PageView, View};
use crate::lang::{Label, fold};
use crate::layout::overlap;
use crate::model::Rect;

/// What speaks for a name, besides the name itself.
#[derive(Default)]
pub(super) struct Context {
    /// Labels of parties and the names they lead to.
    pub(super) labelled: Vec<Labelled>,
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

/// A name with its points.
struct Seen {
    name: Name,
    seller: f64,
    buyer: f64,
    proof: f64,
}

/// The parties that were chosen, each with the other readings, best first.
#[derive(Default)]
pub(super) struct Parties {
    /// Sellers.
    pub(super) seller: Vec<Candidate<Name>>,
    /// Buyers.
    pub(super) buyer: Vec<Candidate<Name>>,
    /// The lines under the seller's name: page and box.
    pub(super) seller_zone: Option<(usize, Rect)>,
    /// What belongs to the buyer: the lines under its name and under labels of recipients.
    pub(super) buyer_zones: Vec<(usize, Rect)>,
}

/// Labels of parties.
const PARTIES: &[Label] = &[Label::Vendor, Label::Buyer, Label::ShipTo, Label::RemitTo];
/// Points below which a name is no better than a guess.
const LEAST_SELLER: f64 = 1.2;
/// The same for a buyer, who may well be missing.
const LEAST_BUYER: f64 = 2.0;
/// Points against a seller whose name a label gives to the buyer elsewhere.
const NOT_BOTH: f64 = 3.0;
/// Readings of each side that are combined.
const MOST: usize = 8;

/// Chooses seller and buyer.
pub(super) fn parties(view: &View<'_>, receipt: bool) -> Parties {
    let (names, context) = collect(view);
    let mut seen: Vec<Seen> = Vec::new();
    for name in names {
        let seller = supplier::points(view, &context, &name, receipt);
        let buyer = if receipt {
            f64::NEG_INFINITY
        } else {
            buyer::points(view, &context, &name)
        };
        let proof = supplier::proof(view, &context, &name, receipt);
        seen.push(Seen {
            name,
            seller,
            buyer,
            proof,
        });
    }
    again(view, &mut seen);
    whole(&mut seen);
    // A name that is surely the seller's in one place is nowhere the buyer's.
    let surely: Vec<(String, f64)> = seen
        .iter()
        .filter(|seen| seen.proof > 2.0)
        .map(|seen| (seen.name.key.clone(), seen.proof - 1.0))
        .collect();
    let theirs: Vec<String> = seen
        .iter()
        .filter(|seen| context.strength(&seen.name, Label::Buyer) > 0.5)
        .map(|seen| seen.name.key.clone())
        .collect();
    for one in &mut seen {
        if theirs.contains(&one.name.key) {
            one.seller -= NOT_BOTH;
            continue;
        }
        let against = surely
            .iter()
            .filter(|(key, _)| *key == one.name.key)
            .map(|(_, against)| *against)
            .fold(0.0, f64::max);
        one.buyer -= against;
    }
    let sellers = best(&seen, |seen| seen.seller);
    let buyers = best(&seen, |seen| seen.buyer);
    let mut chosen = (f64::NEG_INFINITY, None, None);
    for s in std::iter::once(None).chain((0..sellers.len().min(MOST)).map(Some)) {
        for b in std::iter::once(None).chain((0..buyers.len().min(MOST)).map(Some)) {
            let points = s.map_or(LEAST_SELLER, |s| sellers[s].points)
                + b.map_or(LEAST_BUYER, |b| buyers[b].points);
            let clash =
                matches!((s, b), (Some(s), Some(b)) if same(&sellers[s].value, &buyers[b].value));
            if !clash && points > chosen.0 + 1e-9 {
                chosen = (points, s, b);
            }
        }
    }
    let mut parties = Parties {
        seller: first(sellers, chosen.1),
        buyer: first(buyers, chosen.2),
        seller_zone: None,
        buyer_zones: context.theirs,
    };
    if let Some(buyer) = parties.buyer.first() {
        parties.buyer_zones.push(zone(view, &buyer.value));
    }
    parties.seller_zone = parties
        .seller
        .first()
        .map(|seller| zone(view, &seller.value));
    parties
}

/// Adds to the best names what their being repeated says: the seller's name stands in logo, letterhead and small print.
fn again(view: &View<'_>, seen: &mut [Seen]) {
    /// What each further block with the name in it adds, and how many count.
    const AGAIN: f64 = 0.6;
    const TIMES: usize = 3;
    let blocks: Vec<(usize, usize, String)> = view
        .pages
        .iter()
        .enumerate()
        .filter(|(number, _)| *number < 2 || *number + 1 == view.pages.len())
        .flat_map(|(number, page)| {
            page.sheet.segments.iter().map(move |segment| {
                (
                    number,
                    segment.block,
                    fold(&page.sheet.text(segment.words.clone())),
                )
            })
        })
        .collect();
    for one in seen.iter_mut() {
        let telling = one.name.legal || one.name.key.contains(' ') || one.proof > 0.0;
        if one.seller < 1.5 || one.name.key.len() < 4 || !telling {
            continue;
        }
        let own = (
            one.name.page,
            view.pages[one.name.page].sheet.segments[one.name.segment].block,
        );
        let mut places: Vec<(usize, usize)> = blocks
            .iter()
            .filter(|(page, block, text)| (*page, *block) != own && text.contains(&one.name.key))
            .map(|(page, block, _)| (*page, *block))
            .collect();
        places.dedup();
        one.seller += AGAIN * places.len().min(TIMES) as f64;
    }
}

/// Gives what speaks for a short form (`Acme`, in a sender's line) to the whole name (`Acme Trading Ltd`).
fn whole(seen: &mut [Seen]) {
    let short: Vec<(String, f64, f64)> = seen
        .iter()
        .filter(|one| !one.name.legal && one.name.key.len() >= 4 && one.seller > 2.0)
        .map(|one| (format!("{} ", one.name.key), one.seller, one.proof))
        .collect();
    for one in seen.iter_mut().filter(|one| one.name.legal) {
        for (key, seller, proof) in &short {
            if one.name.key.starts_with(key) {
                one.seller = one.seller.max(seller + 0.3);
                one.proof = one.proof.max(*proof);
            }
        }
    }
}

/// The list with the chosen reading in front; empty if none was chosen.
fn first(mut list: Vec<Candidate<Name>>, chosen: Option<usize>) -> Vec<Candidate<Name>> {
    let Some(chosen) = chosen else {
        return Vec::new();
    };
    let candidate = list.remove(chosen);
    list.insert(0, candidate);
    list
}

/// Tells whether two names are one party.
fn same(a: &Name, b: &Name) -> bool {
    let (short, long) = if a.key.len() < b.key.len() {
        (&a.key, &b.key)
    } else {
        (&b.key, &a.key)
    };
    a.key == b.key || (short.len() >= 5 && long.contains(short.as_str()))
}

/// The names of one side, equal ones joined to the best place, best first.
fn best(seen: &[Seen], points: impl Fn(&Seen) -> f64) -> Vec<Candidate<Name>> {
    let mut list: Vec<Candidate<Name>> = Vec::new();
    let mut sorted: Vec<&Seen> = seen.iter().filter(|seen| points(seen) > -3.0).collect();
    sorted.sort_by(|a, b| points(b).total_cmp(&points(a)));
    for seen in sorted {
        if list.iter().all(|known| known.value.key != seen.name.key) {
            let name = &seen.name;
            list.push(Candidate::new(
                name.clone(),
                name.page,
                name.words.clone(),
                points(seen),
            ));
        }
    }
    list
}

/// The box around a name and the lines under it.
fn zone(view: &View<'_>, name: &Name) -> (usize, Rect) {
    let page = &view.pages[name.page];
    let rect = names::stack(page, name.segment)
        .into_iter()
        .map(|segment| page.sheet.segments[segment].rect)
        .reduce(Rect::union)
        .unwrap_or_default();
    (name.page, rect)
}

/// All names of the document, and what is known of them.
fn collect(view: &View<'_>) -> (Vec<Name>, Context) {
    let mut names: Vec<Name> = Vec::new();
    let mut context = Context {
        labelled: Vec::new(),
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
        .take(LINES);
    let name = lines.find_map(|below| {
        names::read(page, number, page.sheet.segments[below].words.clone())
            .map(|name| (name, below))
    });
    if let Some((name, below)) = name {
        let gap = (page.sheet.segments[below].rect.y0 - rect.y1).max(0.0) / em;
        let beside = if found.is_empty() { 0.0 } else { 0.3 };
        found.push((name, Side::Below, 0.2 + 0.15 * gap + beside));
    }
    found
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
