//! UN/CEFACT Cross Industry Invoice: Factur-X, ZUGFeRD 2.x, XRechnung (D16B, D22B), and ZUGFeRD 1.0.
//!
//! ZUGFeRD 1.0 is the same message under older names; where they differ, both names stand side by side in the look-up.

mod header;
mod line;
mod party;
mod settlement;

#[cfg(test)]
mod tests;

use super::xml::fields::{Fields, Reading};
use super::xml::{self, Element, Tree, prolog};
use super::{Context, Reader, conformance, derived};
use crate::model::{Document, Invoice};
use crate::stage::StageError;

/// Cross Industry Invoice.
pub(super) const CII: Reader = Reader {
    name: "cii",
    media_type: "application/xml",
    extension: "xml",
    reads: "UN/CEFACT Cross Industry Invoices (Factur-X, ZUGFeRD 1.0 and 2.x, XRechnung)",
    sniff,
    read,
};

/// Roots by the beginning of their namespace. All messages of the family are ours to answer for, invoices to read.
const ROOTS: &[(&str, &str)] = &[("urn:un:unece:uncefact:data:", "*"), ("urn:ferd:", "*")];

/// Those of them that are invoices.
pub(super) const INVOICES: &[(&str, &str)] = &[
    ("urn:un:unece:uncefact:data:", "CrossIndustryInvoice"),
    ("urn:ferd:", "CrossIndustryDocument"),
    ("urn:ferd:", "Invoice"),
];

fn sniff(bytes: &[u8]) -> bool {
    prolog::root_is(bytes, ROOTS)
}

fn read(bytes: &[u8], context: &mut Context<'_>) -> Result<Vec<Document>, StageError> {
    let text = xml::decode(bytes)?;
    let tree = Tree::parse(&text)?;
    let mut reading = invoice(&tree)?;
    reading.conformance = conformance::judge(&text, tree.root());
    Ok(vec![reading.into_document(context.id)])
}

/// The parts of the message, whichever names they go by.
struct Parts<'t> {
    context: Option<Element<'t>>,
    document: Option<Element<'t>>,
    agreement: Option<Element<'t>>,
    delivery: Option<Element<'t>>,
    settlement: Option<Element<'t>>,
    lines: Vec<Element<'t>>,
}

impl<'t> Parts<'t> {
    fn of(root: Element<'t>) -> Self {
        let transaction = root.first(&[
            "SupplyChainTradeTransaction",
            "SpecifiedSupplyChainTradeTransaction",
        ]);
        let part = |names: &[&str]| transaction.and_then(|transaction| transaction.first(names));
        Self {
            context: root.first(&[
                "ExchangedDocumentContext",
                "SpecifiedExchangedDocumentContext",
            ]),
            document: root.first(&["ExchangedDocument", "HeaderExchangedDocument"]),
            agreement: part(&[
                "ApplicableHeaderTradeAgreement",
                "ApplicableSupplyChainTradeAgreement",
            ]),
            delivery: part(&[
                "ApplicableHeaderTradeDelivery",
                "ApplicableSupplyChainTradeDelivery",
            ]),
            settlement: part(&[
                "ApplicableHeaderTradeSettlement",
                "ApplicableSupplyChainTradeSettlement",
            ]),
            lines: transaction
                .map(|transaction| transaction.all("IncludedSupplyChainTradeLineItem"))
                .unwrap_or_default(),
        }
    }
}

/// The first path that says something below an element that may be missing.
fn at<'t>(parent: Option<Element<'t>>, paths: &[&str]) -> Option<Element<'t>> {
    parent.and_then(|parent| parent.first(paths))
}

/// All elements down a path below an element that may be missing.
fn all<'t>(parent: Option<Element<'t>>, path: &str) -> Vec<Element<'t>> {
    parent.map(|parent| parent.all(path)).unwrap_or_default()
}

/// The number of a referenced document.
fn reference<'t>(parent: Option<Element<'t>>, document: &str) -> Option<Element<'t>> {
    at(
        parent,
        &[
            &format!("{document}/IssuerAssignedID"),
            &format!("{document}/ID"),
        ],
    )
}

/// A date of the unqualified data types, under any of the names it goes by.
fn moment<'t>(parent: Option<Element<'t>>, name: &str) -> Option<Element<'t>> {
    at(
        parent,
        &[
            &format!("{name}/DateTimeString"),
            &format!("{name}/DateString"),
            &format!("{name}/DateTime"),
            &format!("{name}/Date"),
            name,
        ],
    )
}

/// Reads the invoice in a tree.
///
/// # Errors
/// `UNSUPPORTED_TYPE` if it is another message of the family, such as an order.
pub(super) fn invoice<'t>(tree: &'t Tree<'t>) -> Result<Reading, StageError> {
    let root = tree.root();
    if !INVOICES
        .iter()
        .any(|(namespace, name)| root.namespace().starts_with(namespace) && root.name() == *name)
    {
        return Err(StageError::input(
            "UNSUPPORTED_TYPE",
            format!(
                "the UN/CEFACT message is no invoice: its root is `{}`",
                root.name()
            ),
        ));
    }
    let parts = Parts::of(root);
    let currency = at(parts.settlement, header::CURRENCY).map(Element::text);
    let mut f = Fields::new(tree, currency);
    let mut invoice = Invoice::default();
    header::read(&mut f, &parts, &mut invoice);
    party::read(&mut f, &parts, &mut invoice);
    settlement::read(&mut f, &parts, &mut invoice);
    invoice.line_items = line::read(&mut f, &parts.lines);
    derived::complete(&mut f, &mut invoice);
    Ok(f.finish(invoice))
}
