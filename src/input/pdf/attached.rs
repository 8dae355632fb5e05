//! The files within a PDF, wherever it may hold them: name tree, associated files of document and pages, file annotations.
//!
//! What a file is shows in its content; its name is a label for people, and a hint which of several invoices is meant.

use std::collections::BTreeSet;

use lopdf::{Dictionary, Document as Pdf, Object};

use crate::input::limits;
use crate::stage::StageError;

/// No attachment is larger; what inflates to more is no document.
const MAX_ATTACHMENT: usize = 64 * 1024 * 1024;

/// A file within a PDF.
pub(in crate::input) struct Attached {
    /// Its name.
    pub(in crate::input) name: Option<String>,
    /// Its bytes, or why they cannot be had.
    pub(in crate::input) content: Result<Vec<u8>, StageError>,
}

/// The files within a PDF, each once, in the order of the places they can be in.
///
/// A PDF whose structure cannot be read, for instance because it is encrypted, has none for us.
///
/// # Errors
/// `ATTACHMENT_LOOP` if its name tree runs in a circle, `TOO_MANY_PARTS`.
pub(in crate::input) fn list(pdf: &[u8]) -> Result<Vec<Attached>, StageError> {
    let Ok(pdf) = Pdf::load_mem(pdf) else {
        return Ok(Vec::new());
    };
    let mut specifications = Vec::new();
    if let Ok(catalog) = pdf.catalog() {
        if let Some(names) = dictionary(&pdf, catalog, b"Names")
            && let Some(tree) = dictionary(&pdf, names, b"EmbeddedFiles")
        {
            let mut tree_walk = NameTree {
                pdf: &pdf,
                seen: BTreeSet::new(),
                found: &mut specifications,
            };
            tree_walk.node(tree)?;
        }
        specifications.extend(array(&pdf, catalog, b"AF"));
    }
    for page in pdf.get_pages().into_values() {
        let Ok(page) = pdf.get_dictionary(page) else {
            continue;
        };
        specifications.extend(array(&pdf, page, b"AF"));
        for annotation in array(&pdf, page, b"Annots") {
            if let Ok(annotation) = annotation.as_dict()
                && let Some(specification) = resolved(&pdf, annotation, b"FS")
            {
                specifications.push(specification);
            }
        }
    }
    // The same specification usually stands in the name tree and in `/AF`.
    let mut seen = BTreeSet::new();
    specifications.retain(|specification| seen.insert(std::ptr::from_ref(*specification)));
    too_many(specifications.len())?;
    let mut left = limits::MAX_UNPACKED;
    let mut files = Vec::new();
    for specification in specifications {
        files.extend(file(&pdf, specification, &mut left));
    }
    Ok(files)
}

fn too_many(count: usize) -> Result<(), StageError> {
    if count > limits::MAX_PARTS {
        return Err(StageError::input(
            "TOO_MANY_PARTS",
            format!("the PDF holds more than {} files", limits::MAX_PARTS),
        ));
    }
    Ok(())
}

/// A walk over the nodes of a name tree, each once.
struct NameTree<'p, 'f> {
    pdf: &'p Pdf,
    seen: BTreeSet<*const Dictionary>,
    found: &'f mut Vec<&'p Object>,
}

impl<'p> NameTree<'p, '_> {
    fn node(&mut self, root: &'p Dictionary) -> Result<(), StageError> {
        let mut waiting = vec![root];
        while let Some(node) = waiting.pop() {
            if !self.seen.insert(std::ptr::from_ref(node)) {
                return Err(StageError::input(
                    "ATTACHMENT_LOOP",
                    "the PDF's list of files leads back to itself",
                ));
            }
            // Names and specifications take turns.
            let names = array(self.pdf, node, b"Names");
            self.found.extend(names.into_iter().skip(1).step_by(2));
            too_many(self.found.len())?;
            let kids = array(self.pdf, node, b"Kids");
            waiting.extend(kids.iter().rev().filter_map(|kid| kid.as_dict().ok()));
        }
        Ok(())
    }
}

/// `None` where a specification names a file elsewhere, or is none.
fn file(pdf: &Pdf, specification: &Object, left: &mut usize) -> Option<Attached> {
    let specification = specification.as_dict().ok()?;
    let embedded = dictionary(pdf, specification, b"EF")?;
    let stream = [b"UF".as_slice(), b"F"]
        .into_iter()
        .find_map(|key| resolved(pdf, embedded, key)?.as_stream().ok())?;
    let name = [b"UF".as_slice(), b"F"]
        .into_iter()
        .find_map(|key| resolved(pdf, specification, key)?.as_str().ok())
        .map(text);
    let most = MAX_ATTACHMENT.min(*left);
    let content = if stream.dict.has(b"Filter") {
        stream.decompressed_content_with_limit(most).map_err(|_| {
            StageError::input(
                "ATTACHMENT_UNREADABLE",
                format!(
                    "a file in the PDF cannot be unpacked, or unpacks to more than {most} bytes"
                ),
            )
        })
    } else {
        Ok(stream.content.clone())
    };
    *left = left.saturating_sub(content.as_ref().map_or(0, Vec::len));
    Some(Attached { name, content })
}

/// A PDF's text string: UTF-16 or UTF-8 with a mark, else bytes that agree with Latin 1 as far as names go.
fn text(bytes: &[u8]) -> String {
    if bytes.starts_with(b"\xfe\xff") || bytes.starts_with(b"\xff\xfe") {
        let encoding = match bytes[0] {
            0xfe => encoding_rs::UTF_16BE,
            _ => encoding_rs::UTF_16LE,
        };
        return encoding.decode(bytes).0.into_owned();
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => text.trim_start_matches('\u{feff}').to_owned(),
        Err(_) => bytes.iter().map(|byte| char::from(*byte)).collect(),
    }
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
pub(in crate::input) mod tests {
    use lopdf::{Stream, dictionary};

    use super::*;

    /// Where a PDF holds its files.
    #[derive(Clone, Copy)]
    pub(in crate::input) enum Place {
        NameTree,
        Associated,
        Annotation,
    }

    /// A PDF of one page with attachments of these names and contents.
    pub(in crate::input) fn pdf(files: &[(&str, &[u8])], place: Place) -> Vec<u8> {
        let mut pdf = Pdf::with_version("1.7");
        let mut specifications: Vec<Object> = Vec::new();
        for (name, content) in files {
            let mut stream =
                Stream::new(dictionary! { "Type" => "EmbeddedFile" }, content.to_vec());
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
        finish(pdf, page, catalog)
    }

    fn finish(mut pdf: Pdf, mut page: Dictionary, mut catalog: Dictionary) -> Vec<u8> {
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

    #[test]
    fn files_are_found_wherever_they_are_and_each_once() {
        for place in [Place::NameTree, Place::Associated, Place::Annotation] {
            let bytes = pdf(&[("a", b"1"), ("b", b"2")], place);
            let files = list(&bytes).expect("reads");
            let shown: Vec<_> = files
                .iter()
                .map(|file| (file.name.as_deref(), file.content.as_deref().ok()))
                .collect();
            assert_eq!(
                shown,
                [(Some("a"), Some(&b"1"[..])), (Some("b"), Some(b"2"))]
            );
        }
        assert!(list(b"%PDF-1.7 torn").expect("no error").is_empty());
    }

    #[test]
    fn circles_and_crowds_are_refused() {
        let mut looped = Pdf::with_version("1.7");
        let node = looped.new_object_id();
        let kids = vec![Object::from(node), node.into()];
        looped
            .objects
            .insert(node, dictionary! { "Kids" => kids }.into());
        let names = dictionary! { "EmbeddedFiles" => node };
        let catalog = dictionary! { "Type" => "Catalog", "Names" => names };
        let page = dictionary! { "Type" => "Page", "MediaBox" => vec![0.into(), 0.into(), 100.into(), 100.into()] };
        let code = |bytes: &[u8]| list(bytes).err().map(|error| error.code);
        assert_eq!(
            code(&finish(looped, page, catalog)),
            Some("ATTACHMENT_LOOP")
        );
        let files = vec![("n", &b"x"[..]); limits::MAX_PARTS + 1];
        assert_eq!(code(&pdf(&files, Place::NameTree)), Some("TOO_MANY_PARTS"));
    }

    #[test]
    fn names_are_texts_of_several_kinds() {
        for (bytes, name) in [
            (&b"a.pdf"[..], "a.pdf"),
            (b"\xfe\xff\0\xfc", "ü"),
            (b"\xef\xbb\xbf\xc3\xbc", "ü"),
            (b"\xfc", "ü"),
        ] {
            assert_eq!(text(bytes), name);
        }
    }
}
