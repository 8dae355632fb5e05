#![allow(clippy::all, clippy::pedantic, clippy::disallowed_methods)]
mod logit;
mod sure;
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
fn lines(path: &str) -> Vec<serde_json::Value> {
    std::fs::read_to_string(path)
        .unwrap()
        .lines()
        .map(|l| serde_json::from_str(l).unwrap())
        .collect()
}
fn main() {
    let a: Vec<String> = std::env::args().collect();
    let file: BTreeMap<String, BTreeMap<String, f64>> =
        toml::from_str(&std::fs::read_to_string(&a[2]).unwrap()).unwrap();
    if a[1] == "sure" {
        calibrate(&file["default"], &lines(&a[3]));
        return;
    }
    let lines = lines(&a[3]);
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
                weight: l["weight"].as_f64().unwrap_or(1.0)
                    / sizes[l["group"].as_str().unwrap()].powf(POW),
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
        let mut tally = BTreeMap::<String, [[f64; 4]; 2]>::new();
        for f in 0..5 {
            let train: Vec<&Choice> = choices.iter().filter(|c| fold(&c.group) != f).collect();
            let model = learn(&train, &prior);
            for (ci, c) in choices
                .iter()
                .enumerate()
                .filter(|(_, c)| fold(&c.group) == f)
            {
                let l = of[ci];
                if !model.right(c) {
                    eprintln!(
                        "  {} {} want {} got {:?}",
                        role,
                        l["file"].as_str().unwrap().rsplit('/').next().unwrap(),
                        l["truth"],
                        model.choose(c).map(|a| l["cands"][a]["value"].clone())
                    );
                }
                let e = tally
                    .entry(l["source"].as_str().unwrap_or("corpus").to_owned())
                    .or_default();
                for (i, m) in [&prior, &model].into_iter().enumerate() {
                    let r = f64::from(u8::from(m.right(c)));
                    e[i][0] += 1.0;
                    e[i][1] += r;
                    e[i][2] += f64::from(u8::from(m.choose(c).is_some() && r == 0.0));
                    e[i][3] += f64::from(u8::from(c.none || c.candidates.iter().any(|x| x.1)));
                }
            }
        }
        for (s, e) in tally {
            eprintln!(
                "{role} {s}: {} reach {:.3}; prior {:.3} wrong {}; learned {:.3} wrong {}",
                e[0][0],
                e[0][3] / e[0][0],
                e[0][1] / e[0][0],
                e[0][2],
                e[1][1] / e[1][0],
                e[1][2]
            );
        }
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
fn calibrate(prior: &BTreeMap<String, f64>, lines: &[serde_json::Value]) {
    use sure::*;
    let keys = [
        "bias", "read", "points", "lead", "proven", "pixels", "unread",
    ];
    let prior: Vec<f64> = keys
        .iter()
        .map(|k| prior.get(*k).copied().unwrap_or(0.0))
        .collect();
    let free: Vec<bool> = keys
        .iter()
        .map(|k| ["bias", "pixels", "unread"].contains(k))
        .collect();
    let mut by: BTreeMap<String, Vec<Made>> = BTreeMap::new();
    let mut sizes: BTreeMap<(String, String), f64> = BTreeMap::new();
    for l in lines {
        *sizes
            .entry((
                l["field"].as_str().unwrap().into(),
                l["group"].as_str().unwrap().into(),
            ))
            .or_default() += 1.0;
    }
    for l in lines {
        let (f, g) = (
            l["field"].as_str().unwrap().to_owned(),
            l["group"].as_str().unwrap().to_owned(),
        );
        let weight = sizes[&(f.clone(), g.clone())].powf(-0.3);
        let made = || Made {
            group: g.clone(),
            weight,
            right: l["right"].as_bool().unwrap(),
            signals: keys
                .iter()
                .enumerate()
                .map(|(i, k)| {
                    if i == 0 {
                        1.0
                    } else {
                        l["signals"][*k].as_f64().unwrap_or(0.0)
                    }
                })
                .collect(),
        };
        by.entry(f).or_default().push(made());
        by.entry("default".into()).or_default().push(made());
    }
    let all: Vec<&Made> = by["default"].iter().collect();
    let default = learn(&all, &prior, &free);
    let mut bands: Vec<(f64, bool, bool)> = Vec::new();
    for (field, made) in &by {
        if field != "default" && made.len() < 40 {
            continue;
        }
        for f in 0..5 {
            let train: Vec<&Made> = made.iter().filter(|m| fold(&m.group) != f).collect();
            let base: Vec<&Made> = all
                .iter()
                .copied()
                .filter(|m| fold(&m.group) != f)
                .collect();
            let d = learn(&base, &prior, &free);
            let w = if field == "default" {
                d
            } else {
                learn(&train, &d, &free)
            };
            let key = ["invoice_number", "invoice_date", "vendor_name", "total"]
                .contains(&field.as_str());
            if field != "default" {
                for m in made.iter().filter(|m| fold(&m.group) == f) {
                    bands.push((probability(&w, &m.signals), m.right, key));
                }
            }
        }
        let w = if field == "default" {
            default.clone()
        } else {
            learn(&made.iter().collect::<Vec<_>>(), &default, &free)
        };
        println!("\n[{field}]");
        for (k, c) in keys.iter().zip(&w) {
            if c.abs() >= 0.005 {
                println!("{k} = {c:.2}");
            }
        }
    }
    for only in [false, true] {
        eprintln!("{}", if only { "key fields" } else { "all fields" });
        for (lo, hi) in [
            (0.0, 0.5),
            (0.5, 0.7),
            (0.7, 0.8),
            (0.8, 0.9),
            (0.9, 0.95),
            (0.95, 0.98),
            (0.98, 1.01),
        ] {
            let of: Vec<_> = bands
                .iter()
                .filter(|b| b.0 >= lo && b.0 < hi && (b.2 || !only))
                .collect();
            let n = of.len() as f64;
            eprintln!(
                "  {lo:.2}-{hi:.2}: {n} mean {:.3} right {:.3}",
                of.iter().map(|b| b.0).sum::<f64>() / n,
                of.iter().filter(|b| b.1).count() as f64 / n
            );
        }
    }
}
