//! The invoice XML that a hybrid PDF (Factur-X, ZUGFeRD, XRechnung in PDF) carries as an attachment.
//!
//! Attachments are looked for wherever a PDF may hold them (name tree, associated files of document and pages, file
//! annotations) and judged by the root element of their content: the standards fix a name, but writers do not keep to it.

use lopdf::{Dictionary, Document as Pdf, Object};

use super::xml::fields::Reading;
use super::xml::{self, Tree, prolog};
use super::{cii, conformance, ubl};
use crate::stage::StageError;

/// No invoice is larger; what inflates to more is no invoice.
const MAX_ATTACHMENT: usize = 64 * 1024 * 1024;
/// More attachments than any invoice has.
const MAX_ATTACHMENTS: usize = 200;
/// Name trees are shallow.
const MAX_DEPTH: u32 = 20;
/// The names of the standards, which win where a PDF carries several invoices.
const USUAL_NAMES: &[&str] = &[
    "factur-x.xml",
    "zugferd-invoice.xml",
    "xrechnung.xml",
    "cii-invoice.xml",
];

/// Finds and reads the invoice among the PDF's attachments; `None` if it carries none.
///
/// A PDF whose structure cannot be read, for instance because it is encrypted, has no attachment for us.
///
/// # Errors
/// If an attachment is an invoice by its root element but cannot be read.
pub(super) fn attached_invoice(pdf: &[u8]) -> Result<Option<Reading>, StageError> {
    let Ok(pdf) = Pdf::load_mem(pdf) else {
        return Ok(None);
    };
    let mut attachments = attachments(&pdf);
    // Stable: within each half the order in the file stays.
    attachments.sort_by_key(|attachment| !attachment.has_usual_name);
    for attachment in attachments {
        if let Some(invoice) = read(&attachment.content)? {
            return Ok(Some(invoice));
        }
    }
    Ok(None)
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

struct Attachment {
    has_usual_name: bool,
    content: Vec<u8>,
}

/// The XML attachments of a PDF, each once, in the order of the places they can be in.
fn attachments(pdf: &Pdf) -> Vec<Attachment> {
    let mut specifications = Vec::new();
    if let Ok(catalog) = pdf.catalog() {
        if let Some(tree) = dictionary(pdf, catalog, b"Names")
            .and_then(|names| dictionary(pdf, names, b"EmbeddedFiles"))
        {
            name_tree(pdf, tree, MAX_DEPTH, &mut specifications);
        }
        specifications.extend(array(pdf, catalog, b"AF"));
    }
    for page in pdf.get_pages().into_values() {
        let Ok(page) = pdf.get_dictionary(page) else {
            continue;
        };
        specifications.extend(array(pdf, page, b"AF"));
        for annotation in array(pdf, page, b"Annots") {
            if let Ok(annotation) = annotation.as_dict()
                && let Some(specification) = resolved(pdf, annotation, b"FS")
            {
                specifications.push(specification);
            }
        }
    }
    let mut seen = Vec::new();
    let mut attachments = Vec::new();
    for specification in specifications.into_iter().take(MAX_ATTACHMENTS) {
        // The same specification usually stands in the name tree and in `/AF`.
        if !seen
            .iter()
            .any(|earlier| std::ptr::eq(*earlier, specification))
        {
            seen.push(specification);
            attachments.extend(attachment(pdf, specification));
        }
    }
    attachments
}

fn name_tree<'p>(pdf: &'p Pdf, node: &'p Dictionary, depth: u32, found: &mut Vec<&'p Object>) {
    // Names and specifications take turns.
    found.extend(array(pdf, node, b"Names").into_iter().skip(1).step_by(2));
    if depth > 0 && found.len() < 2 * MAX_ATTACHMENTS {
        for kid in array(pdf, node, b"Kids") {
            if let Ok(kid) = kid.as_dict() {
                name_tree(pdf, kid, depth - 1, found);
            }
        }
    }
}

fn attachment(pdf: &Pdf, specification: &Object) -> Option<Attachment> {
    let specification = specification.as_dict().ok()?;
    let embedded = dictionary(pdf, specification, b"EF")?;
    let stream = [b"UF".as_slice(), b"F"]
        .into_iter()
        .find_map(|key| resolved(pdf, embedded, key)?.as_stream().ok())?;
    let content = if stream.dict.has(b"Filter") {
        stream
            .decompressed_content_with_limit(MAX_ATTACHMENT)
            .ok()?
    } else {
        stream.content.clone()
    };
    let has_usual_name = [b"UF".as_slice(), b"F"]
        .into_iter()
        .filter_map(|key| resolved(pdf, specification, key)?.as_str().ok())
        .map(|name| {
            // File names are PDF text strings, in UTF-16 or in bytes.
            let bytes: Vec<u8> = name.iter().copied().filter(|byte| *byte != 0).collect();
            String::from_utf8_lossy(&bytes).to_lowercase()
        })
        .any(|name| USUAL_NAMES.iter().any(|usual| name.ends_with(usual)));
    Some(Attachment {
        has_usual_name,
        content,
    })
}

fn resolved<'p>(pdf: &'p Pdf, parent: &'p Dictionary, key: &[u8]) -> Option<&'p Object> {
    let object = parent.get(key).ok()?;
    pdf.dereference(object).ok().map(|(_, object)| object)
}

fn dictionary<'p>(pdf: &'p Pdf, parent: &'p Dictionary, key: &[u8]) -> Option<&'p Dictionary> {
    resolved(pdf, parent, key)?.as_dict().ok()
}

/// The entries of an array, each followed to what it refers to; empty if there is none.
fn array<'p>(pdf: &'p Pdf, parent: &'p Dictionary, key: &[u8]) -> Vec<&'p Object> {
    let entries = resolved(pdf, parent, key).and_then(|object| object.as_array().ok());
    let followed = entries
        .into_iter()
        .flatten()
        .filter_map(|entry| pdf.dereference(entry).ok().map(|(_, object)| object));
    followed.collect()
}

#[cfg(test)]
mod tests {
    use lopdf::{Stream, dictionary};

    use super::*;

    const INVOICE: &str = "<rsm:CrossIndustryInvoice xmlns:rsm='urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100'>\
        <ExchangedDocument><ID>NUMBER</ID></ExchangedDocument></rsm:CrossIndustryInvoice>";

    #[derive(Clone, Copy)]
    enum Place {
        NameTree,
        Associated,
        Annotation,
    }

    /// A PDF of one page with attachments of these names and contents.
    fn pdf(files: &[(&str, &str)], place: Place) -> Vec<u8> {
        let mut pdf = Pdf::with_version("1.7");
        let mut specifications: Vec<Object> = Vec::new();
        for (name, content) in files {
            let mut stream = Stream::new(
                dictionary! { "Type" => "EmbeddedFile" },
                content.as_bytes().to_vec(),
            );
            stream.compress().expect("compresses");
            let stream = pdf.add_object(stream);
            let specification = pdf.add_object(dictionary! {
                "Type" => "Filespec",
                "F" => Object::string_literal(*name),
                "EF" => dictionary! { "F" => stream },
            });
            specifications.push(specification.into());
        }
        let mut page = dictionary! { "Type" => "Page", "MediaBox" => vec![0.into(), 0.into(), 100.into(), 100.into()] };
        let mut catalog = dictionary! { "Type" => "Catalog" };
        match place {
            Place::NameTree => {
                let names: Vec<Object> = specifications
                    .into_iter()
                    .flat_map(|specification| [Object::string_literal("n"), specification])
                    .collect();
                let leaf = pdf.add_object(dictionary! { "Names" => names });
                let tree = dictionary! { "Kids" => vec![leaf.into()] };
                catalog.set("Names", dictionary! { "EmbeddedFiles" => tree });
            }
            Place::Associated => catalog.set("AF", specifications),
            Place::Annotation => {
                let annotations: Vec<Object> = specifications
                    .into_iter()
                    .map(|specification| {
                        dictionary! { "Subtype" => "FileAttachment", "FS" => specification }.into()
                    })
                    .collect();
                page.set("Annots", annotations);
            }
        }
        let pages = pdf.new_object_id();
        page.set("Parent", pages);
        let page = pdf.add_object(page);
        pdf.objects.insert(
            pages,
            dictionary! { "Type" => "Pages", "Kids" => vec![page.into()], "Count" => 1 }.into(),
        );
        catalog.set("Pages", pages);
        let catalog = pdf.add_object(catalog);
        pdf.trailer.set("Root", catalog);
        let mut bytes = Vec::new();
        pdf.save_to(&mut bytes).expect("saves");
        bytes
    }

    fn number_in(bytes: &[u8]) -> Option<String> {
        let found = attached_invoice(bytes).expect("no invoice that cannot be read")?;
        found
            .structured
            .invoice
            .invoice_number
            .text()
            .map(str::to_owned)
    }

    #[test]
    fn wherever_it_is_and_whatever_its_name() {
        let one = INVOICE.replace("NUMBER", "1");
        for place in [Place::NameTree, Place::Associated, Place::Annotation] {
            for name in ["factur-x.xml", "ZUGFeRD-invoice.xml", "data.bin"] {
                let bytes = pdf(&[("notes.xml", "<notes/>"), (name, &one)], place);
                assert_eq!(number_in(&bytes).as_deref(), Some("1"), "{name}");
            }
        }
    }

    #[test]
    fn the_usual_name_wins() {
        let (one, two) = (
            INVOICE.replace("NUMBER", "1"),
            INVOICE.replace("NUMBER", "2"),
        );
        let bytes = pdf(
            &[("old.xml", &one), ("factur-x.xml", &two)],
            Place::NameTree,
        );
        assert_eq!(number_in(&bytes).as_deref(), Some("2"));
    }

    #[test]
    fn no_invoice_is_no_error_but_a_broken_one_is() {
        let order = "<o:CrossIndustryOrder xmlns:o='urn:un:unece:uncefact:data:x'/>";
        for bytes in [
            pdf(&[], Place::NameTree),
            pdf(
                &[("order-x.xml", order), ("a.txt", "text")],
                Place::NameTree,
            ),
            b"%PDF-1.7 torn".to_vec(),
            Vec::new(),
        ] {
            assert!(attached_invoice(&bytes).expect("no error").is_none());
        }
        let torn = &INVOICE[..INVOICE.len() - 10];
        let error = attached_invoice(&pdf(&[("factur-x.xml", torn)], Place::NameTree));
        assert_eq!(error.err().map(|error| error.code), Some("CORRUPT_FILE"));
    }
}
