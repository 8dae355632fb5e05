//! Rules on what the elements of an e-invoice must be for a model to hold them: mandatory amounts, decimals, currencies.
//!
//! The library's model cannot be without a total and cannot hold a third decimal, so its rules on them never fire; here the
//! elements themselves are looked at, by the table `mandatory.csv`.

use crate::input::xml::Element;
use crate::model::{BrokenRule, Severity, minor_units};

/// See its head.
const TABLE: &str = include_str!("../data/mandatory.csv");
/// Decimals an amount may have.
const DECIMALS: usize = 2;
/// What the places of CII are written short for.
const SHORT: &[(&str, &str)] = &[
    (
        "S",
        "SupplyChainTradeTransaction/ApplicableHeaderTradeSettlement",
    ),
    (
        "L",
        "SupplyChainTradeTransaction/IncludedSupplyChainTradeLineItem",
    ),
];
/// The rule that currencies are those of ISO 4217; the official rules of UBL alone have it.
const CURRENCIES: (&str, &str) = (
    "BR-CL-03",
    "currencyID MUST be coded using ISO code list 4217 alpha-3",
);

/// The rules that an e-invoice breaks; each once.
pub(super) fn broken(root: Element<'_>) -> Vec<BrokenRule> {
    let cii = root.name() == "CrossIndustryInvoice";
    let mut broken = Vec::new();
    for row in rows() {
        let (group, element) = if cii {
            (row.cii_group, row.cii_element)
        } else {
            (row.ubl_group, row.ubl_element)
        };
        if group.is_empty() {
            continue;
        }
        let places = walk(root, &long(group));
        let faults = places
            .into_iter()
            .map(|place| row.faults(place, element))
            .sum();
        push(&mut broken, row.rule, Some(row.term), row.text, faults);
    }
    if !cii {
        push(
            &mut broken,
            CURRENCIES.0,
            None,
            CURRENCIES.1,
            unknown_currencies(root),
        );
    }
    broken
}

fn push(broken: &mut Vec<BrokenRule>, rule: &str, path: Option<&str>, text: &str, times: u32) {
    if times > 0 {
        broken.push(BrokenRule {
            rule: rule.to_owned(),
            severity: Some(Severity::Error),
            path: path.map(str::to_owned),
            message: text.to_owned(),
            expected: None,
            actual: None,
            times,
        });
    }
}

/// A row of the table.
struct Row {
    rule: &'static str,
    present: bool,
    term: &'static str,
    ubl_group: &'static str,
    ubl_element: &'static str,
    cii_group: &'static str,
    cii_element: &'static str,
    text: &'static str,
}

impl Row {
    /// How often the rule is broken in one group.
    fn faults(&self, group: Element<'_>, element: &str) -> u32 {
        let found = walk(group, element);
        let fails = if self.present {
            found.is_empty()
        } else {
            found.iter().any(|amount| too_fine(&amount.text()))
        };
        u32::from(fails)
    }
}

fn rows() -> impl Iterator<Item = Row> {
    let lines = TABLE.lines().filter(|line| line.starts_with("BR-"));
    lines.filter_map(|line| {
        let mut cells = line.splitn(8, ',');
        let mut next = || cells.next();
        Some(Row {
            rule: next()?,
            present: next()? == "present",
            term: next()?,
            ubl_group: next()?,
            ubl_element: next()?,
            cii_group: next()?,
            cii_element: next()?,
            text: next()?,
        })
    })
}

/// Tells whether an amount has more decimals than allowed, counted as written.
fn too_fine(amount: &str) -> bool {
    amount
        .split_once('.')
        .is_some_and(|(_, decimals)| decimals.chars().count() > DECIMALS)
}

fn long(path: &str) -> String {
    let (first, rest) = path.split_once('/').unwrap_or((path, ""));
    let known = SHORT.iter().find(|(short, _)| *short == first);
    match known {
        Some((_, whole)) if rest.is_empty() => (*whole).to_owned(),
        Some((_, whole)) => format!("{whole}/{rest}"),
        None => path.to_owned(),
    }
}

/// All elements down a path whose steps may have several names (`A|B`) and ask for an indicator (`A[true]`).
fn walk<'t>(from: Element<'t>, path: &str) -> Vec<Element<'t>> {
    let mut found = vec![from];
    for step in path.split('/') {
        let (names, indicator) = match step.split_once('[') {
            Some((names, asked)) => (names, asked.strip_suffix(']')),
            None => (step, None),
        };
        found = found
            .into_iter()
            .flat_map(Element::children)
            .filter(|child| names.split('|').any(|name| name == child.name()))
            .filter(|child| indicator.is_none_or(|asked| indicates(*child, asked)))
            .collect();
    }
    found
}

/// Tells whether an allowance or charge is what is asked for.
fn indicates(element: Element<'_>, asked: &str) -> bool {
    let said = element.first(&["ChargeIndicator/Indicator", "ChargeIndicator"]);
    match said.map(Element::text).as_deref() {
        Some("true" | "1") => asked == "true",
        Some("false" | "0") => asked == "false",
        _ => false,
    }
}

fn unknown_currencies(element: Element<'_>) -> u32 {
    let unknown = element
        .attribute("currencyID")
        .is_some_and(|currency| minor_units(&currency.text()).is_none());
    u32::from(unknown) + element.children().map(unknown_currencies).sum::<u32>()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::xml::Tree;

    fn rules(xml: &str) -> Vec<(String, u32)> {
        let tree = Tree::parse(xml).expect("well-formed");
        let broken = broken(tree.root()).into_iter();
        broken.map(|broken| (broken.rule, broken.times)).collect()
    }

    #[test]
    fn every_row_is_whole_and_its_rule_one_that_the_library_cannot_break() {
        let mut seen = Vec::new();
        for row in rows() {
            assert!(
                !row.text.is_empty() && !row.cii_element.is_empty(),
                "{}",
                row.rule
            );
            assert!(
                row.present || row.rule.starts_with("BR-DEC-"),
                "{}",
                row.rule
            );
            let known =
                en16931::validation::rules::explain(row.rule).expect("a rule of the standard");
            assert_eq!(known.text, row.text);
            assert!(!seen.contains(&row.rule), "{} twice", row.rule);
            seen.push(row.rule);
        }
        let lines = TABLE.lines().filter(|line| line.starts_with("BR-"));
        assert_eq!(seen.len(), lines.count());
    }

    #[test]
    fn elements_are_looked_for_in_both_syntaxes() {
        let ubl = "<Invoice><LegalMonetaryTotal><LineExtensionAmount currencyID='EUR'>1.005</LineExtensionAmount>\
            <TaxExclusiveAmount currencyID='EUR'/><PayableAmount currencyID='EURO'>1</PayableAmount></LegalMonetaryTotal>\
            <AllowanceCharge><ChargeIndicator>false</ChargeIndicator><TaxCategory><ID>S</ID></TaxCategory></AllowanceCharge>\
            <InvoiceLine><InvoicedQuantity>1</InvoicedQuantity><Price><PriceAmount>1.00500</PriceAmount></Price></InvoiceLine>\
            <InvoiceLine><LineExtensionAmount>1.00</LineExtensionAmount></InvoiceLine></Invoice>";
        let expected = [
            ("BR-14", 1),
            ("BR-22", 1),
            ("BR-24", 1),
            ("BR-26", 1),
            ("BR-31", 1),
            ("BR-DEC-09", 1),
            ("BR-CL-03", 1),
        ];
        assert_eq!(
            rules(ubl),
            expected.map(|(rule, times)| (rule.to_owned(), times))
        );
        let cii = "<CrossIndustryInvoice><SupplyChainTradeTransaction>\
            <IncludedSupplyChainTradeLineItem><SpecifiedLineTradeDelivery><BilledQuantity>1</BilledQuantity></SpecifiedLineTradeDelivery>\
            </IncludedSupplyChainTradeLineItem>\
            <ApplicableHeaderTradeSettlement><ApplicableTradeTax><BasisAmount>1.000</BasisAmount></ApplicableTradeTax>\
            <SpecifiedTradeAllowanceCharge><ChargeIndicator><Indicator>true</Indicator></ChargeIndicator><ActualAmount>1</ActualAmount>\
            </SpecifiedTradeAllowanceCharge></ApplicableHeaderTradeSettlement></SupplyChainTradeTransaction></CrossIndustryInvoice>";
        let expected = [
            ("BR-24", 1),
            ("BR-26", 1),
            ("BR-37", 1),
            ("BR-46", 1),
            ("BR-DEC-19", 1),
        ];
        assert_eq!(
            rules(cii),
            expected.map(|(rule, times)| (rule.to_owned(), times))
        );
    }
}
