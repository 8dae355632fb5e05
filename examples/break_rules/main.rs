//! Breaks rules of EN 16931 in e-invoices, one change a copy: what `make peer-check` gives to both validators.
//!
//! `break_rules OUT COUNT FILE…` writes COUNT changed copies of the files (UBL or CII, others are passed over) to the folder OUT.
//! The changes are the rows of `mutations.csv`, taken in turns and each time from another file, so that equal files give equal
//! copies. Text around the change stays as it is.

#![expect(
    clippy::disallowed_methods,
    reason = "a tool for developers: it reads and writes files"
)]
#![expect(
    clippy::print_stderr,
    reason = "a tool for developers: it says what it does"
)]

use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use roxmltree::{Document, Node};
use rust_decimal::Decimal;

const MUTATIONS: &str = include_str!("mutations.csv");
/// What the profiles of the standard begin with: others are judged by nobody.
const STANDARD: &str = "urn:cen.eu:en16931:2017";
/// Most times one change is made to different files.
const ROUNDS: usize = 12;
/// What the beginnings of the paths in CII stand for.
const SHORT: &[(&str, &str)] = &[
    (
        "S",
        "SupplyChainTradeTransaction/ApplicableHeaderTradeSettlement",
    ),
    (
        "M",
        "SupplyChainTradeTransaction/ApplicableHeaderTradeSettlement/SpecifiedTradeSettlementHeaderMonetarySummation",
    ),
    (
        "A",
        "SupplyChainTradeTransaction/ApplicableHeaderTradeAgreement",
    ),
    (
        "D",
        "SupplyChainTradeTransaction/ApplicableHeaderTradeDelivery",
    ),
    (
        "L",
        "SupplyChainTradeTransaction/IncludedSupplyChainTradeLineItem",
    ),
];

/// A row of the table.
struct Mutation<'a> {
    rule: &'a str,
    syntax: &'a str,
    change: &'a str,
    path: String,
    value: &'a str,
}

fn mutations() -> Vec<Mutation<'static>> {
    let rows = MUTATIONS.lines().filter(|line| !line.starts_with('#'));
    rows.map(|line| {
        let mut cells = line.splitn(5, ',');
        let mut next = || cells.next().unwrap_or_default();
        let (rule, syntax, change, path, value) = (next(), next(), next(), next(), next());
        let (first, rest) = path.split_once('/').unwrap_or((path, ""));
        let known = SHORT
            .iter()
            .find(|(short, _)| syntax == "cii" && *short == first);
        let path = match known {
            Some((_, whole)) => format!("{whole}/{rest}").trim_end_matches('/').to_owned(),
            None => path.to_owned(),
        };
        Mutation {
            rule,
            syntax,
            change,
            path,
            value,
        }
    })
    .collect()
}

/// All elements down a path of local names.
fn walk<'a, 'b>(root: Node<'a, 'b>, path: &str) -> Vec<Node<'a, 'b>> {
    let mut found = vec![root];
    for step in path.split('/') {
        found = found
            .into_iter()
            .flat_map(|parent| parent.children().filter(Node::is_element))
            .filter(|child| step.split('|').any(|name| name == child.tag_name().name()))
            .collect();
    }
    found
}

fn syntax(document: &Document<'_>) -> Option<&'static str> {
    match document.root_element().tag_name().name() {
        "Invoice" | "CreditNote" => Some("ubl"),
        "CrossIndustryInvoice" => Some("cii"),
        _ => None,
    }
}

/// The range of an element's text, if it has nothing else in it.
fn text_range(element: Node<'_, '_>) -> Option<Range<usize>> {
    let only = element.first_child().filter(Node::is_text)?;
    only.next_sibling().is_none().then(|| only.range())
}

/// Makes a change; `None` where the file has nothing to change.
fn apply(xml: &str, mutation: &Mutation<'_>) -> Option<String> {
    let document = Document::parse(xml).ok()?;
    if syntax(&document)? != mutation.syntax {
        return None;
    }
    let places = walk(document.root_element(), &mutation.path);
    let first = *places.first()?;
    let mut edits: Vec<(Range<usize>, String)> = match mutation.change {
        "remove" => vec![(first.range(), String::new())],
        "remove-all" => places
            .iter()
            .map(|place| (place.range(), String::new()))
            .collect(),
        "text" => vec![(text_range(first)?, mutation.value.to_owned())],
        "append" => {
            let range = text_range(first)?;
            let cents = xml[range.clone()].trim().split_once('.')?.1.len();
            let zeros = "0".repeat(2_usize.checked_sub(cents)?);
            vec![(range.end..range.end, format!("{zeros}{}", mutation.value))]
        }
        "plus" => {
            let range = text_range(first)?;
            let amount: Decimal = xml[range.clone()].trim().parse().ok()?;
            let by: Decimal = mutation.value.parse().ok()?;
            vec![(range, (amount + by).to_string())]
        }
        "attribute" => {
            let (name, value) = mutation.value.split_once('=')?;
            let attribute = first
                .attributes()
                .find(|attribute| attribute.name() == name)?;
            if value.is_empty() {
                vec![(attribute.range(), String::new())]
            } else {
                vec![(attribute.range_value(), value.to_owned())]
            }
        }
        "after" => {
            let end = first.range().end;
            let start = &xml[first.range().start + 1..];
            let prefix = start.split(['>', ' ', '/']).next()?.split_once(':');
            let prefix = prefix.map_or(String::new(), |(prefix, _)| format!("{prefix}:"));
            let name = format!("{prefix}{}", mutation.value);
            vec![(end..end, format!("<{name}>stated for no reason</{name}>"))]
        }
        _ => return None,
    };
    edits.sort_by_key(|(range, _)| std::cmp::Reverse(range.start));
    let mut changed = xml.to_owned();
    for (range, with) in edits {
        changed.replace_range(range, &with);
    }
    Document::parse(&changed).is_ok().then_some(changed)
}

fn main() -> std::io::Result<ExitCode> {
    let mut arguments = std::env::args().skip(1);
    let (Some(out), Some(count)) = (arguments.next(), arguments.next()) else {
        eprintln!("usage: break_rules OUT COUNT FILE…");
        return Ok(ExitCode::from(2));
    };
    let count: usize = count.parse().unwrap_or(300);
    let mut paths: Vec<PathBuf> = arguments.map(PathBuf::from).collect();
    paths.sort();
    let files: Vec<String> = paths
        .iter()
        .filter_map(|path| fs::read_to_string(path).ok())
        .map(|text| text.trim_start_matches('\u{feff}').to_owned())
        .filter(|text| text.contains(STANDARD))
        .filter(|text| Document::parse(text).is_ok_and(|document| syntax(&document).is_some()))
        .collect();
    let out = Path::new(&out);
    fs::create_dir_all(out)?;
    let mutations = mutations();
    // For each change how many files were tried.
    let mut next = vec![0; mutations.len()];
    let mut written = 0;
    'rounds: for _ in 0..ROUNDS {
        for (at, mutation) in mutations.iter().enumerate() {
            let found = (next[at]..files.len()).find_map(|turn| {
                // Changes begin at different files.
                let text = files.get((at * 7 + turn) % files.len())?;
                Some((turn, apply(text, mutation)?))
            });
            let Some((turn, changed)) = found else {
                continue;
            };
            next[at] = turn + 1;
            written += 1;
            fs::write(
                out.join(format!(
                    "{written:03}-{}-{}.xml",
                    mutation.rule, mutation.syntax
                )),
                changed,
            )?;
            if written == count {
                break 'rounds;
            }
        }
    }
    eprintln!("{written} changed copies of {} files", files.len());
    Ok(ExitCode::SUCCESS)
}
