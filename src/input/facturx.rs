//! The invoice XML that a hybrid PDF (Factur-X, ZUGFeRD, XRechnung in PDF) carries as an attachment.
//!
//! Attachments are judged by the root element of their content: the standards fix a name, but writers do not keep to it.

use super::pdf::Attached;
use super::xml::fields::Reading;
use super::xml::{self, Tree, prolog};
use super::{cii, conformance, ubl};
use crate::model::Invoice;
use crate::stage::StageError;

/// The names of the standards, which win where a PDF carries several invoices.
const USUAL_NAMES: &[&str] = &[
    "factur-x.xml",
    "zugferd-invoice.xml",
    "xrechnung.xml",
    "cii-invoice.xml",
];

/// Finds and reads the invoice among a PDF's attachments, and tells which it is; `None` if there is none.
///
/// # Errors
/// If an attachment is an invoice by its root element but cannot be read.
pub(super) fn among(files: &[Attached]) -> Result<Option<(usize, Reading)>, StageError> {
    let mut order: Vec<usize> = (0..files.len()).collect();
    // Stable: within each half the order in the file stays.
    order.sort_by_key(|index| !has_usual_name(&files[*index]));
    for index in order {
        if let Ok(content) = &files[index].content
            && let Some(invoice) = read(content)?
        {
            return Ok(Some((index, invoice)));
        }
    }
    Ok(None)
}

/// Counts the other invoices among the attachments: those with another number than the one that was read.
pub(super) fn others(files: &[Attached], read_at: usize, invoice: &Invoice) -> usize {
    let other = |file: &Attached| {
        let found = file
            .content
            .as_deref()
            .ok()
            .and_then(|content| read(content).ok()?);
        found.is_some_and(|found| found.structured.invoice.invoice_number != invoice.invoice_number)
    };
    let files = files.iter().enumerate();
    files
        .filter(|(at, file)| *at != read_at && other(file))
        .count()
}

fn has_usual_name(file: &Attached) -> bool {
    let name = file.name.as_deref().unwrap_or_default().to_lowercase();
    USUAL_NAMES.iter().any(|usual| name.ends_with(usual))
}

/// The invoice in an attachment; `None` if it is something else.
fn read(content: &[u8]) -> Result<Option<Reading>, StageError> {
    let is_cii = prolog::root_is(content, cii::INVOICES);
    if !is_cii && !prolog::root_is(content, ubl::INVOICES) {
        return Ok(None);
    }
    let text = xml::decode(content)?;
    let tree = Tree::parse(&text)?;
    let mut reading = if is_cii {
        cii::invoice(&tree)?
    } else {
        ubl::invoice(&tree, tree.root())?
    };
    reading.conformance = conformance::judge(&text, tree.root());
    Ok(Some(reading))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::pdf::attached::list;
    use crate::input::pdf::attached::tests::{Place, pdf};

    const INVOICE: &str = "<rsm:CrossIndustryInvoice xmlns:rsm='urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100'>\
        <ExchangedDocument><ID>NUMBER</ID></ExchangedDocument></rsm:CrossIndustryInvoice>";

    fn found(bytes: &[u8]) -> Result<Option<(usize, Reading)>, StageError> {
        among(&list(bytes).expect("lists"))
    }

    fn number_in(bytes: &[u8]) -> Option<String> {
        let (_, found) = found(bytes).expect("no invoice that cannot be read")?;
        let number = found.structured.invoice.invoice_number;
        number.text().map(str::to_owned)
    }

    #[test]
    fn wherever_it_is_and_whatever_its_name() {
        let one = INVOICE.replace("NUMBER", "1");
        for place in [Place::NameTree, Place::Associated, Place::Annotation] {
            for name in ["factur-x.xml", "ZUGFeRD-invoice.xml", "data.bin"] {
                let files: [(&str, &[u8]); 2] =
                    [("notes.xml", b"<notes/>"), (name, one.as_bytes())];
                assert_eq!(
                    number_in(&pdf(&files, place)).as_deref(),
                    Some("1"),
                    "{name}"
                );
            }
        }
    }

    #[test]
    fn the_usual_name_wins() {
        let (one, two) = (
            INVOICE.replace("NUMBER", "1"),
            INVOICE.replace("NUMBER", "2"),
        );
        let files = [
            ("old.xml", one.as_bytes()),
            ("factur-x.xml", two.as_bytes()),
        ];
        let bytes = pdf(&files, Place::NameTree);
        assert_eq!(number_in(&bytes).as_deref(), Some("2"));
        let files = list(&bytes).expect("lists");
        let (at, found) = among(&files).expect("reads").expect("an invoice");
        assert_eq!(others(&files, at, &found.structured.invoice), 1);
    }

    #[test]
    fn no_invoice_is_no_error_but_a_broken_one_is() {
        let order = "<o:CrossIndustryOrder xmlns:o='urn:un:unece:uncefact:data:x'/>";
        for bytes in [
            pdf(&[], Place::NameTree),
            pdf(
                &[("order-x.xml", order.as_bytes()), ("a.txt", b"text")],
                Place::NameTree,
            ),
            b"%PDF-1.7 torn".to_vec(),
            Vec::new(),
        ] {
            assert!(found(&bytes).expect("no error").is_none());
        }
        let torn = &INVOICE[..INVOICE.len() - 10];
        let error = found(&pdf(&[("factur-x.xml", torn.as_bytes())], Place::NameTree));
        assert_eq!(error.err().map(|error| error.code), Some("CORRUPT_FILE"));
    }
}
