//! The joint choice of the parties: who sells and who buys.
//!
//! Every text that may be a name gets its reasons ([`super::party`]), and by their weights ([`super::reasons`]) points as
//! seller and as buyer; the pair with the most points wins, and no name is both.

use super::candidate::Candidate;
use super::context::{Context, collect};
use super::names::{self, Name};
use super::party;
use super::reasons::{self, Reason, Weights};
use super::view::View;
use crate::lang::{Label, fold};
use crate::model::Rect;

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
    /// Points by which the choice leads the best one with another seller, and with another buyer.
    pub(super) leads: [f64; 2],
    /// Where an explanation is asked for: all readings of the seller and of the buyer, best first.
    pub(super) considered: [Vec<Candidate<Name>>; 2],
}

/// Points of a pair, and the places of seller and buyer in their lists.
type Pair = (f64, Option<usize>, Option<usize>);

/// Readings of each side that are combined.
const MOST: usize = 8;

/// Chooses seller and buyer.
pub(super) fn parties(view: &View<'_>, receipt: bool) -> Parties {
    let (names, context) = collect(view);
    let mut seen: Vec<Seen> = Vec::new();
    let roles = reasons::roles();
    let role = if receipt {
        &roles.receipt
    } else {
        &roles.seller
    };
    for mut name in names {
        name.reasons = party::reasons(view, &context, &name, receipt);
        let seller = role.points(&name.reasons);
        let proof = party::proof(&name.reasons);
        seen.push(Seen {
            name,
            seller,
            buyer: f64::NEG_INFINITY,
            proof,
        });
    }
    repeated(view, &mut seen, role);
    both(&context, &mut seen);
    for one in &mut seen {
        one.seller = role.points(&one.name.reasons);
        if !receipt {
            one.buyer = roles.buyer.points(&one.name.reasons);
        }
    }
    whole(&mut seen);
    let sellers = best(&seen, |seen| seen.seller);
    let buyers = best(&seen, |seen| seen.buyer);
    let mut chosen = (f64::NEG_INFINITY, None, None);
    let mut pairs: Vec<Pair> = Vec::new();
    for s in std::iter::once(None).chain((0..sellers.len().min(MOST)).map(Some)) {
        for b in std::iter::once(None).chain((0..buyers.len().min(MOST)).map(Some)) {
            let points = s.map_or(role.none, |s| sellers[s].points)
                + b.map_or(roles.buyer.none, |b| buyers[b].points);
            let clash =
                matches!((s, b), (Some(s), Some(b)) if same(&sellers[s].value, &buyers[b].value));
            if clash {
                continue;
            }
            pairs.push((points, s, b));
            if points > chosen.0 + 1e-9 {
                chosen = (points, s, b);
            }
        }
    }
    let lead = |other: &dyn Fn(&Pair) -> bool| {
        let next = pairs.iter().filter(|pair| other(pair)).map(|pair| pair.0);
        chosen.0 - next.fold(f64::NEG_INFINITY, f64::max)
    };
    let leads = [
        lead(&|pair| pair.1 != chosen.1),
        lead(&|pair| pair.2 != chosen.2),
    ];
    let considered = if view.explain {
        [sellers.clone(), buyers.clone()]
    } else {
        [Vec::new(), Vec::new()]
    };
    let mut parties = Parties {
        seller: first(sellers, chosen.1),
        buyer: first(buyers, chosen.2),
        seller_zone: None,
        buyer_zones: context.theirs,
        leads,
        considered,
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

/// Counts in how many blocks the best names are repeated: the seller's stands in logo, letterhead and small print.
fn repeated(view: &View<'_>, seen: &mut [Seen], role: &Weights) {
    /// How many count.
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
        if one.seller < role.none || one.name.key.len() < 4 || !telling {
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
        one.name
            .reasons
            .set(Reason::Repeated, places.len().min(TIMES) as f64);
    }
}

/// Says of each name what it is in another place: a name that is surely the seller's is nowhere the buyer's, and one that a
/// label gives to the buyer is not the seller's.
fn both(context: &Context, seen: &mut [Seen]) {
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
    for one in seen {
        if theirs.contains(&one.name.key) {
            one.name.reasons.holds(Reason::BuyerElsewhere, true);
            continue;
        }
        let proof = surely
            .iter()
            .filter(|(key, _)| *key == one.name.key)
            .map(|(_, proof)| *proof)
            .fold(0.0, f64::max);
        one.name.reasons.set(Reason::SellerElsewhere, proof);
    }
}

/// Gives what speaks for a short form (`Acme`, in a sender's line) to the whole name (`Acme Trading Ltd`).
fn whole(seen: &mut [Seen]) {
    let short: Vec<(String, f64, f64)> = seen
        .iter()
        .filter(|one| !one.name.legal && one.name.key.len() >= 4 && one.seller > 2.0)
        .map(|one| (format!("{} ", one.name.key), one.seller, one.proof))
        .collect();
    // What a label leads to may begin within a name (`Firma Krzak`).
    let ends: Vec<(usize, std::ops::Range<usize>, f64, f64)> = seen
        .iter()
        .map(|one| {
            let name = &one.name;
            (name.page, name.words.clone(), one.seller, one.proof)
        })
        .collect();
    for one in seen.iter_mut().filter(|one| one.name.legal) {
        let name = &one.name;
        let within = ends.iter().filter(|(page, words, ..)| {
            *page == name.page && words.end == name.words.end && words.start > name.words.start
        });
        let starts = short
            .iter()
            .filter(|(key, ..)| name.key.starts_with(key))
            .map(|(_, seller, proof)| (*seller, *proof));
        let best = within
            .map(|(.., seller, proof)| (*seller, *proof))
            .chain(starts)
            .fold((f64::NEG_INFINITY, 0.0_f64), |best, (seller, proof)| {
                (best.0.max(seller), best.1.max(proof))
            });
        one.seller = one.seller.max(best.0 + 0.3);
        one.proof = one.proof.max(best.1);
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
