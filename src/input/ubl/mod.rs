//! UBL 2.x invoices and credit notes: EN 16931, XRechnung, Peppol, and the national dialects before and beside them.
//!
//! Every dialect keeps the vocabulary and bends the meaning of a few elements; those places say so where they are read.

mod header;
mod line;
mod party;
mod payment;
mod totals;

#[cfg(test)]
mod tests;

use super::xml::fields::{Fields, Reading};
use super::xml::{self, Element, Tree, prolog};
use super::{Context, Reader, conformance, derived};
use crate::model::{Document, Invoice};
use crate::stage::StageError;

/// UBL 2.x.
pub(super) const UBL: Reader = Reader {
    name: "ubl",
    media_type: "application/xml",
    extension: "xml",
    reads: "UBL 2.x invoices and credit notes (EN 16931, XRechnung, Peppol and national dialects)",
    sniff,
    read,
};

/// What the namespaces of all UBL documents begin with.
const NAMESPACE: &str = "urn:oasis:names:specification:ubl:schema:xsd:";
/// The roots of the usual invoices, by the beginning of their namespace.
pub(super) const INVOICES: &[(&str, &str)] = &[(NAMESPACE, "Invoice"), (NAMESPACE, "CreditNote")];
/// The envelope of the Peppol network.
const ENVELOPE: &str = "http://www.unece.org/cefact/namespaces/StandardBusinessDocumentHeader";

/// A kind of invoice: its root, the name of its lines, and its type where the file states none.
struct Kind {
    root: &'static str,
    line: &'static str,
    document_type: &'static str,
}

/// The kinds of UBL 2.1 to 2.4 that ask for money or give it back.
const KINDS: &[Kind] = &[
    Kind {
        root: "Invoice",
        line: "InvoiceLine",
        document_type: "380",
    },
    Kind {
        root: "CreditNote",
        line: "CreditNoteLine",
        document_type: "381",
    },
    Kind {
        root: "DebitNote",
        line: "DebitNoteLine",
        document_type: "383",
    },
    Kind {
        root: "SelfBilledInvoice",
        line: "InvoiceLine",
        document_type: "389",
    },
    Kind {
        root: "SelfBilledCreditNote",
        line: "CreditNoteLine",
        document_type: "261",
    },
];

fn sniff(bytes: &[u8]) -> bool {
    prolog::root_is(bytes, &[(NAMESPACE, "*"), (ENVELOPE, "*")])
}

fn read(bytes: &[u8], context: &mut Context<'_>) -> Result<Vec<Document>, StageError> {
    let text = xml::decode(bytes)?;
    let tree = Tree::parse(&text)?;
    let root = tree.root();
    if root.namespace().starts_with(NAMESPACE) {
        let mut reading = invoice(&tree, root)?;
        reading.conformance = conformance::judge(&text, root);
        return Ok(vec![reading.into_document(context.id)]);
    }
    let documents: Vec<Element<'_>> = root
        .children()
        .filter(|child| child.name() != "StandardBusinessDocumentHeader")
        .collect();
    if documents.is_empty() {
        return Err(unsupported(root));
    }
    let mut read = Vec::new();
    for (index, root) in documents.iter().enumerate() {
        let id = match documents.len() {
            1 => context.id.clone(),
            _ => context.id.part(&format!("#{}", index + 1)),
        };
        read.push(invoice(&tree, *root)?.into_document(&id));
    }
    Ok(read)
}

/// Reads the invoice whose root this is.
///
/// # Errors
/// `UNSUPPORTED_TYPE` if it is another document of UBL, such as an order.
pub(super) fn invoice<'t>(tree: &'t Tree<'t>, root: Element<'t>) -> Result<Reading, StageError> {
    let kind = KINDS
        .iter()
        .find(|kind| kind.root == root.name() && root.namespace().starts_with(NAMESPACE))
        .ok_or_else(|| unsupported(root))?;
    let currency = header::currency(root).map(Element::text);
    let mut f = Fields::new(tree, currency);
    let mut invoice = Invoice::default();
    header::read(&mut f, root, kind, &mut invoice);
    party::read(&mut f, root, &mut invoice);
    payment::read(&mut f, root, &mut invoice);
    totals::read(&mut f, root, &mut invoice);
    invoice.line_items = line::read(&mut f, root, kind.line);
    derived::complete(&mut f, &mut invoice);
    Ok(f.finish(invoice))
}

fn unsupported(root: Element<'_>) -> StageError {
    StageError::input(
        "UNSUPPORTED_TYPE",
        format!(
            "the UBL document is no invoice: its root is `{}`",
            root.name()
        ),
    )
}
