#![allow(clippy::all, clippy::pedantic, clippy::disallowed_methods)]
mod logit;
use logit::*;
use std::collections::BTreeMap;
const POW: f64 = 0.5;
fn fold(group: &str) -> usize {
    (group
        .bytes()
        .fold(7u64, |h, b| h.wrapping_mul(1099511628211) ^ u64::from(b))
        % 1009
        % 5) as usize
}
fn main() {
    let file: BTreeMap<String, BTreeMap<String, f64>> =
        toml::from_str(&std::fs::read_to_string(std::env::args().nth(1).unwrap()).unwrap())
            .unwrap();
    let labelled = std::fs::read_to_string(std::env::args().nth(2).unwrap()).unwrap();
    let lines: Vec<serde_json::Value> = labelled
        .lines()
        .map(|l| serde_json::from_str(l).unwrap())
        .collect();
    let mut keys: Vec<String> = lines
        .iter()
        .flat_map(|l| {
            l["cands"]
                .as_array()
                .unwrap()
                .iter()
                .flat_map(|c| c["reasons"].as_object().unwrap().keys().cloned())
        })
        .collect();
    keys.extend(
        file.values()
            .flat_map(|t| t.keys().filter(|k| *k != "none").cloned()),
    );
    keys.sort();
    keys.dedup();
    for role in ["seller", "receipt", "buyer"] {
        let mut sizes: BTreeMap<&str, f64> = BTreeMap::new();
        let of: Vec<&serde_json::Value> = lines.iter().filter(|l| l["role"] == role).collect();
        for l in &of {
            *sizes.entry(l["group"].as_str().unwrap()).or_default() += 1.0;
        }
        let choices: Vec<Choice> = of
            .iter()
            .map(|l| Choice {
                group: l["group"].as_str().unwrap().to_owned(),
                weight: 1.0 / sizes[l["group"].as_str().unwrap()].powf(POW),
                none: l["none"].as_bool().unwrap(),
                candidates: l["cands"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|c| {
                        (
                            keys.iter()
                                .map(|k| c["reasons"][k].as_f64().unwrap_or(0.0))
                                .collect(),
                            c["right"].as_bool().unwrap(),
                        )
                    })
                    .collect(),
            })
            .collect();
        let t = &file[role];
        let prior = Model {
            each: keys
                .iter()
                .map(|k| t.get(k).copied().unwrap_or(0.0))
                .collect(),
            none: t["none"],
        };
        let mut tally = [[0.0f64; 4]; 2];
        let mut n = 0.0;
        let mut wn = 0.0;
        let mut reach = 0.0;
        for f in 0..5 {
            let train: Vec<&Choice> = choices.iter().filter(|c| fold(&c.group) != f).collect();
            let model = learn(&train, &prior);
            for (ci, c) in choices
                .iter()
                .enumerate()
                .filter(|(_, c)| fold(&c.group) == f)
            {
                if !model.right(c) {
                    let l = of[ci];
                    eprintln!(
                        "  {} {} want {} got {:?}",
                        role,
                        l["file"].as_str().unwrap().rsplit('/').next().unwrap(),
                        l["truth"],
                        model.choose(c).map(|a| l["cands"][a]["value"].clone())
                    );
                }
                n += 1.0;
                wn += c.weight;
                reach += f64::from(u8::from(c.none || c.candidates.iter().any(|x| x.1)));
                for (i, m) in [&prior, &model].into_iter().enumerate() {
                    let r = f64::from(u8::from(m.right(c)));
                    tally[i][0] += r;
                    tally[i][1] += r * c.weight;
                    tally[i][2] += f64::from(u8::from(m.choose(c).is_some() && r == 0.0));
                }
            }
        }
        eprintln!(
            "{role}: {n} reach {:.3}; prior {:.3} grouped {:.3} wrong {}; learned {:.3} grouped {:.3} wrong {}",
            reach / n,
            tally[0][0] / n,
            tally[0][1] / wn,
            tally[0][2],
            tally[1][0] / n,
            tally[1][1] / wn,
            tally[1][2]
        );
        let all: Vec<&Choice> = choices.iter().collect();
        let model = learn(&all, &prior);
        println!("\n[{role}]\nnone = {:.2}", model.none);
        for (k, w) in keys.iter().zip(&model.each) {
            if w.abs() >= 0.02 {
                println!("{k} = {w:.2}");
            }
        }
    }
}
