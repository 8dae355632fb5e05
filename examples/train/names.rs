//! The weights of the reasons, by role.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use vouch::bench::same;

use crate::logit::{Choice, Model, learn};
use crate::{FOLDS, Known, Tables, fold, print_table};

/// Documents of a group count by the root of their number: a template that came a hundred times is not a hundred templates.
const GROUP: f64 = -0.5;
/// What a document of a further set counts: the first is real.
const FURTHER: f64 = 0.2;

pub(crate) fn train(known: &[Known], prior: &Tables) {
    println!(
        "# What the reasons of a party's name are worth: see `reasons.rs`. Learned by `make train`."
    );
    for (role, field) in [
        ("seller", "vendor_name"),
        ("receipt", "vendor_name"),
        ("buyer", "buyer_name"),
    ] {
        let of: Vec<&Known> = known
            .iter()
            .filter(|known| {
                known.truth.truth.contains_key(field) && role_of(known, field) == Some(role)
            })
            .collect();
        let keys = keys(&of, field, &prior[role]);
        let choices = choices(&of, field, &keys);
        let hand = Model {
            each: keys
                .iter()
                .map(|key| prior[role].get(key).copied().unwrap_or(0.0))
                .collect(),
            none: prior[role]["none"],
        };
        // What does worse on groups it has not seen is not learned.
        let model = if better(role, &choices, &hand) {
            learn(&choices.iter().collect::<Vec<_>>(), &hand)
        } else {
            hand
        };
        let none = ("none", model.none);
        let each = keys
            .iter()
            .map(String::as_str)
            .zip(model.each.iter().copied());
        print_table(role, std::iter::once(none).chain(each));
    }
}

/// The role whose weights chose the field of a document.
fn role_of(known: &Known, field: &str) -> Option<&'static str> {
    let receipt = known.record["evidence"][field]["signals"]["receipt"].as_f64()? > 0.0;
    match (field, receipt) {
        ("buyer_name", false) => Some("buyer"),
        ("buyer_name", true) => None,
        (_, true) => Some("receipt"),
        (_, false) => Some("seller"),
    }
}

fn considered<'a>(known: &'a Known, field: &str) -> &'a [Value] {
    known.record["evidence"][field]["considered"]
        .as_array()
        .map_or(&[], Vec::as_slice)
}

fn keys(of: &[&Known], field: &str, prior: &BTreeMap<String, f64>) -> Vec<String> {
    let mut keys: BTreeSet<String> = prior.keys().filter(|key| *key != "none").cloned().collect();
    for candidate in of.iter().flat_map(|known| considered(known, field)) {
        keys.extend(
            candidate["reasons"]
                .as_object()
                .into_iter()
                .flat_map(|map| map.keys().cloned()),
        );
    }
    keys.into_iter().collect()
}

fn choices(of: &[&Known], field: &str, keys: &[String]) -> Vec<Choice> {
    let mut sizes: BTreeMap<&str, f64> = BTreeMap::new();
    for known in of {
        *sizes.entry(&known.truth.group).or_default() += 1.0;
    }
    of.iter()
        .map(|known| {
            let wanted = &known.truth.truth[field];
            Choice {
                set: known.set,
                group: known.truth.group.clone(),
                weight: sizes[known.truth.group.as_str()].powf(GROUP)
                    * if known.set == 0 { 1.0 } else { FURTHER },
                none: wanted.is_null(),
                candidates: considered(known, field)
                    .iter()
                    .map(|candidate| {
                        let features = keys
                            .iter()
                            .map(|key| candidate["reasons"][key].as_f64().unwrap_or(0.0))
                            .collect();
                        let right = !wanted.is_null() && same(field, &candidate["value"], wanted);
                        (features, right)
                    })
                    .collect(),
            }
        })
        .collect()
}

/// Tells, and says, whether learned weights do as well on held-out groups as those set by hand.
fn better(role: &str, choices: &[Choice], hand: &Model) -> bool {
    let sets = choices.iter().map(|choice| choice.set + 1).max();
    // Of each set: documents, right among the candidates, by hand, learned.
    let mut right = vec![[0; 4]; sets.unwrap_or(0)];
    for held in 0..FOLDS {
        let rest: Vec<&Choice> = choices
            .iter()
            .filter(|choice| fold(&choice.group) != held)
            .collect();
        let model = learn(&rest, hand);
        for choice in choices.iter().filter(|choice| fold(&choice.group) == held) {
            let reach = choice.none || choice.candidates.iter().any(|(_, right)| *right);
            let of = [true, reach, hand.right(choice), model.right(choice)];
            for (sum, one) in right[choice.set].iter_mut().zip(of) {
                *sum += usize::from(one);
            }
        }
    }
    for (set, [documents, reach, by_hand, learned]) in right.iter().enumerate() {
        let share = |right: &usize| *right as f64 / (*documents).max(1) as f64;
        eprintln!(
            "{role}, set {set}: {documents} documents, right among the candidates {:.3}, chosen by hand-set weights {:.3}, by learned \
             ones {:.3} (held-out groups)",
            share(reach),
            share(by_hand),
            share(learned)
        );
    }
    // Two in a hundred documents are chance.
    right
        .iter()
        .all(|[documents, _, by_hand, learned]| learned + documents / 50 >= *by_hand)
}
