//! FatturaPA 1.1 and 1.2, the Italian national format.
//!
//! One file holds one header and a body for each invoice: each body is a document of its own. Elements have no
//! namespace below the root, and the root's own is misspelt often enough that only its name counts. Amounts to pay may
//! be less than the total: withheld tax, and VAT that the buyer pays to the state itself (split payment).

mod money;
mod party;

#[cfg(test)]
mod tests;

use mail_parser::decoders::base64::base64_decode;

use super::xml::fields::{Fields, Reading};
use super::xml::{self, Element, Tree, prolog};
use super::{Context, Reader, derived};
use crate::model::{Attachment, Document, Field, Invoice, PrecedingInvoice};
use crate::stage::StageError;

/// FatturaPA.
pub(super) const FATTURAPA: Reader = Reader {
    name: "fatturapa",
    media_type: "application/xml",
    extension: "xml",
    reads: "FatturaPA 1.1 and 1.2 (Italy), one document for each body",
    sniff,
    read,
};

/// `TipoDocumento` as UNTDID 1001. TD16 to TD20 and TD27 to TD29 are made out by the buyer or for oneself.
const DOCUMENT_TYPES: &[(&str, &str)] = &[
    ("TD01", "380"),
    ("TD02", "386"),
    ("TD03", "386"),
    ("TD04", "381"),
    ("TD05", "383"),
    ("TD06", "380"),
    ("TD16", "389"),
    ("TD17", "389"),
    ("TD18", "389"),
    ("TD19", "389"),
    ("TD20", "389"),
    ("TD21", "389"),
    ("TD22", "380"),
    ("TD23", "380"),
    ("TD24", "380"),
    ("TD25", "380"),
    ("TD26", "380"),
    ("TD27", "389"),
    ("TD28", "389"),
    ("TD29", "389"),
];

fn sniff(bytes: &[u8]) -> bool {
    prolog::root_is(
        bytes,
        &[
            ("", "FatturaElettronica"),
            ("", "FatturaElettronicaSemplificata"),
        ],
    )
}

fn read(bytes: &[u8], context: &mut Context<'_>) -> Result<Vec<Document>, StageError> {
    let text = xml::decode(bytes)?;
    let tree = Tree::parse(&text)?;
    let root = tree.root();
    let bodies = root.all("FatturaElettronicaBody");
    if root.name() != "FatturaElettronica" || bodies.is_empty() {
        return Err(StageError::input(
            "UNSUPPORTED_TYPE",
            format!(
                "no ordinary FatturaPA invoice: the root is `{}`",
                root.name()
            ),
        ));
    }
    let mut documents = Vec::new();
    for (index, body) in bodies.iter().enumerate() {
        let id = match bodies.len() {
            1 => context.id.clone(),
            _ => context.id.part(&format!("#{}", index + 1)),
        };
        documents.push(invoice(&tree, root, *body).into_document(&id));
    }
    Ok(documents)
}

fn invoice<'t>(tree: &'t Tree<'t>, root: Element<'t>, body: Element<'t>) -> Reading {
    let general = body.at("DatiGenerali/DatiGeneraliDocumento");
    let currency = general.and_then(|general| general.at("Divisa"));
    let mut f = Fields::new(tree, currency.map(Element::text));
    let mut invoice = Invoice::default();
    identity(&mut f, root, general, &mut invoice);
    references(&mut f, body, &mut invoice);
    party::read(&mut f, root, body, &mut invoice);
    money::read(&mut f, body, general, &mut invoice);
    derived::complete(&mut f, &mut invoice);
    f.finish(invoice)
}

fn identity<'t>(
    f: &mut Fields<'t>,
    root: Element<'t>,
    general: Option<Element<'t>>,
    invoice: &mut Invoice,
) {
    let at = |path: &str| general.and_then(|general| general.at(path));
    invoice.invoice_number = f.text("invoice_number", at("Numero"));
    invoice.document_type = f.code("document_type", at("TipoDocumento"), DOCUMENT_TYPES);
    invoice.invoice_date = f.date("invoice_date", at("Data"));
    invoice.currency = f.text("currency", at("Divisa"));
    let causes = general.map(|general| general.all("Causale"));
    invoice.notes = f.texts("notes", causes.unwrap_or_default());
    invoice.profile = f.text(
        "profile",
        root.first(&[
            "@versione",
            "FatturaElettronicaHeader/DatiTrasmissione/FormatoTrasmissione",
        ]),
    );
}

fn references<'t>(f: &mut Fields<'t>, body: Element<'t>, invoice: &mut Invoice) {
    let general = body.at("DatiGenerali");
    let at = |paths: &[&str]| general.and_then(|general| general.first(paths));
    let all = |path: &str| general.map(|general| general.all(path)).unwrap_or_default();
    derived::purchase_orders(f, invoice, all("DatiOrdineAcquisto/IdDocumento"));
    invoice.order_date = f.date("order_date", at(&["DatiOrdineAcquisto/Data"]));
    invoice.contract_reference = f.text(
        "contract_reference",
        at(&["DatiContratto/IdDocumento", "DatiConvenzione/IdDocumento"]),
    );
    invoice.receipt_reference = f.text("receipt_reference", at(&["DatiRicezione/IdDocumento"]));
    invoice.despatch_reference = f.text("despatch_reference", at(&["DatiDDT/NumeroDDT"]));
    // The codes of a public tender (CIG) and project (CUP) stand at whichever document they belong to.
    let of_any = |code: &str| {
        let places = [
            "DatiOrdineAcquisto",
            "DatiContratto",
            "DatiConvenzione",
            "DatiRicezione",
        ];
        places
            .iter()
            .find_map(|place| at(&[&format!("{place}/{code}")]))
    };
    invoice.tender_reference = f.text("tender_reference", of_any("CodiceCIG"));
    invoice.project_reference = f.text(
        "project_reference",
        of_any("CodiceCUP").or_else(|| of_any("CodiceCommessaConvenzione")),
    );
    invoice.delivery_date = f.date(
        "delivery_date",
        at(&[
            "DatiTrasporto/DataOraConsegna",
            "DatiTrasporto/DataInizioTrasporto",
            "DatiDDT/DataDDT",
        ]),
    );
    let linked = all("DatiFattureCollegate")
        .into_iter()
        .filter(|linked| linked.at("IdDocumento").is_some())
        .collect();
    invoice.preceding_invoices =
        f.list("preceding_invoices", linked, |f, linked| PrecedingInvoice {
            number: f.text("number", linked.at("IdDocumento")),
            date: f.date("date", linked.at("Data")),
        });
    invoice.attachments = f.list("attachments", body.all("Allegati"), |f, file| Attachment {
        name: f.text("name", file.at("NomeAttachment")),
        description: f.prose("description", file.at("DescrizioneAttachment")),
        // `FormatoAttachment` is an extension or a name of its writer's choosing; the content tells the type.
        media_type: media_type(f, file.at("Attachment")),
        ..Attachment::default()
    });
}

/// The type of a file in base64, by its first bytes.
fn media_type<'t>(f: &mut Fields<'t>, content: Option<Element<'t>>) -> Field<String> {
    let head = |element: Element<'t>| -> Option<Vec<u8>> {
        let text = element.text();
        let digits = text.bytes().filter(|byte| !byte.is_ascii_whitespace());
        base64_decode(&digits.take(64).collect::<Vec<u8>>())
    };
    let reader = content.and_then(head).and_then(|head| super::sniff(&head));
    if let (Some(element), Some(_)) = (content, reader) {
        f.read_from("media_type", element);
    }
    Field::found(reader.map(|reader| reader.media_type.to_owned()))
}
