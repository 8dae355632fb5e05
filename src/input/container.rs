//! Files that hold files: mails, archives, signed envelopes. Every part becomes a record of its own.
//!
//! A part that is no invoice (letter, logo, terms, signature) is set aside with the reason; a part that cannot be read is an
//! error record; neither costs the others. Parts are numbered through the whole file, `#1` on, however deep they lie.
//! Names inside are labels for people and never paths.

use std::collections::BTreeMap;

use super::{Context, READERS, eml, limits, mbox, msg, p7m, page, pdf, zip};
use crate::model::{Digest, Document, Ocr, SourceKind, Status, Warning};
use crate::stage::StageError;

/// What a part is to the container it lies in.
pub(super) enum Role {
    /// A file, judged by its content.
    File,
    /// The text of a mail that carries nothing else: read as a page.
    Body,
    /// The pages of the container itself, a PDF.
    Pages,
    /// No invoice by its place; the text says why.
    Aside(&'static str),
    /// A container that lies open in the one around it, without bytes of its own.
    Opened(Box<Unpacked>),
}

/// One part of a container.
pub(super) struct Part {
    /// Its bytes; text as UTF-8.
    pub(super) bytes: Vec<u8>,
    /// What it is to the container.
    pub(super) role: Role,
    /// What the container calls it: a label for people, never a path.
    pub(super) name: Option<String>,
}

/// A mail's own words about itself.
#[derive(Clone, Default)]
pub(super) struct Mail {
    /// Message-ID.
    pub(super) message_id: Option<String>,
    /// Address of who sent it, in small letters.
    pub(super) sender: Option<String>,
}

/// A container taken apart.
#[derive(Default)]
pub(super) struct Unpacked {
    /// Of a mail.
    pub(super) mail: Option<Mail>,
    /// Its parts, or why one cannot be had.
    pub(super) parts: Vec<Result<Part, StageError>>,
    /// What people should know of everything in it.
    pub(super) warning: Option<Warning>,
}

/// What is left of the limits of one file.
pub(super) struct Budget {
    parts: usize,
    bytes: usize,
}

impl Budget {
    /// All that one file may take.
    pub(super) fn full() -> Self {
        Self {
            parts: limits::MAX_PARTS,
            bytes: limits::MAX_UNPACKED,
        }
    }

    /// Bytes that may still be unpacked.
    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }

    /// Takes one part of this size.
    ///
    /// # Errors
    /// `TOO_MANY_PARTS`, `TOO_LARGE_UNPACKED`.
    pub(super) fn take(&mut self, bytes: usize) -> Result<(), StageError> {
        let (Some(parts), left) = (self.parts.checked_sub(1), self.bytes.checked_sub(bytes)) else {
            return Err(StageError::input(
                "TOO_MANY_PARTS",
                format!("the file holds more than {} parts", limits::MAX_PARTS),
            ));
        };
        self.parts = parts;
        self.bytes = left.ok_or_else(too_large)?;
        Ok(())
    }
}

/// The error of a file that unpacks to more than we take.
pub(super) fn too_large() -> StageError {
    StageError::input(
        "TOO_LARGE_UNPACKED",
        format!(
            "the file unpacks to more than {} bytes",
            limits::MAX_UNPACKED
        ),
    )
}

/// The error of a container that lies within too many others.
pub(super) fn too_deep() -> StageError {
    StageError::input(
        "TOO_DEEP",
        format!(
            "more than {} containers lie within each other",
            limits::MAX_DEPTH
        ),
    )
}

/// Takes a container apart.
pub(super) type Unpack = fn(&[u8], &mut Budget) -> Result<Unpacked, StageError>;

/// Tells by content whether a file is a container of a format.
pub(super) type Sniff = fn(&[u8]) -> bool;

/// The formats that hold files.
const CONTAINERS: &[(Sniff, Unpack)] = &[
    (zip::sniff, zip::unpack),
    (mbox::sniff, mbox::unpack),
    (eml::sniff, eml::unpack),
    (msg::sniff, msg::unpack),
    (p7m::sniff, p7m::unpack),
    (pdf::carries_documents, pdf::unpack),
];

/// Of these, those that are nothing but what they hold.
pub(super) const HOLD_FILES: &[Sniff] = &[zip::sniff, mbox::sniff, eml::sniff, msg::sniff];

/// A part that is no container, with what its containers tell about it.
struct Leaf {
    part: Result<Part, StageError>,
    around: Around,
}

/// What the containers around a part tell about it.
#[derive(Clone, Default)]
struct Around {
    /// The innermost mail.
    mail: Option<Mail>,
    warnings: Vec<Warning>,
    /// Digests of the containers, the outermost first; none of one that lies open in another.
    bytes: Vec<Digest>,
    depth: usize,
}

/// Reads a container: a document for each invoice in it and for each part that is none.
///
/// # Errors
/// If the container itself cannot be opened, or holds nothing.
pub(super) fn read(
    bytes: &[u8],
    unpack: Unpack,
    context: &mut Context<'_>,
) -> Result<Vec<Document>, StageError> {
    let mut budget = Budget::full();
    let mut leaves = Vec::new();
    let opened = unpack(bytes, &mut budget)?;
    let around = Around {
        bytes: vec![Digest::of(bytes)],
        ..Around::default()
    };
    spread(opened, around, &mut budget, &mut leaves);
    if leaves.is_empty() {
        return Err(StageError::input("EMPTY_FILE", "there is nothing in it"));
    }
    let mut seen = BTreeMap::new();
    let mut documents = Vec::new();
    for leaf in leaves {
        let first = documents.len() + 1;
        let read = match &leaf.part {
            Err(error) => vec![failed(context, error.clone())],
            Ok(part) => {
                let same = seen.get(&Digest::of(&part.bytes)).copied();
                let read = match same {
                    Some(n) if matches!(part.role, Role::File) => {
                        vec![aside(context, &format!("the same bytes as part #{n}"))]
                    }
                    _ => read_part(part, context),
                };
                seen.entry(Digest::of(&part.bytes)).or_insert(first);
                read
            }
        };
        for mut document in read {
            document.id = context.id.part(&format!("#{}", documents.len() + 1));
            document.source.parent_id = Some(context.id.clone());
            if let Ok(part) = &leaf.part {
                document.source.file_id.clone_from(&part.name);
            }
            if let Some(mail) = &leaf.around.mail {
                document.source.kind = Some(SourceKind::Email);
                document.source.message_id.clone_from(&mail.message_id);
                document.source.uploaded_by.clone_from(&mail.sender);
            }
            if !leaf.around.warnings.is_empty() {
                let ocr = document.ocr.get_or_insert_with(Ocr::default);
                ocr.warnings.extend(leaf.around.warnings.iter().cloned());
            }
            documents.push(document);
        }
    }
    set_terms_aside(&mut documents);
    Ok(documents)
}

/// Follows the parts down to what is no container.
fn spread(opened: Unpacked, mut around: Around, budget: &mut Budget, leaves: &mut Vec<Leaf>) {
    around.mail = opened.mail.or(around.mail);
    around.warnings.extend(opened.warning);
    around.depth += 1;
    for part in opened.parts {
        let part = match part {
            Ok(part) => match open(part, &around, budget) {
                Ok(Opening::Leaf(part)) => Ok(part),
                Ok(Opening::Container(inner, digest)) => {
                    let mut around = around.clone();
                    around.bytes.extend(digest);
                    spread(*inner, around, budget, leaves);
                    continue;
                }
                Err(error) => Err(error),
            },
            Err(error) => Err(error),
        };
        leaves.push(Leaf {
            part,
            around: around.clone(),
        });
    }
}

/// What a part turns out to be.
enum Opening {
    Leaf(Part),
    Container(Box<Unpacked>, Option<Digest>),
}

fn open(part: Part, around: &Around, budget: &mut Budget) -> Result<Opening, StageError> {
    let unpack = match part.role {
        Role::Opened(_) if around.depth >= limits::MAX_DEPTH => return Err(too_deep()),
        Role::Opened(inner) => return Ok(Opening::Container(inner, None)),
        Role::File => CONTAINERS.iter().find(|(sniff, _)| sniff(&part.bytes)),
        Role::Body | Role::Pages | Role::Aside(_) => None,
    };
    let Some((_, unpack)) = unpack else {
        return Ok(Opening::Leaf(part));
    };
    if around.depth >= limits::MAX_DEPTH {
        return Err(too_deep());
    }
    let digest = Digest::of(&part.bytes);
    if around.bytes.contains(&digest) {
        return Err(StageError::input(
            "ATTACHMENT_LOOP",
            "the file holds itself",
        ));
    }
    let inner = unpack(&part.bytes, budget)?;
    Ok(Opening::Container(Box::new(inner), Some(digest)))
}

/// The documents of a part; a failure of one is its own record.
fn read_part(part: &Part, context: &mut Context<'_>) -> Vec<Document> {
    match &part.role {
        Role::Aside(reason) => return vec![aside(context, reason)],
        Role::Pages => {
            let read = pdf::pages(&part.bytes, context);
            return read.unwrap_or_else(|error| vec![failed(context, error)]);
        }
        Role::Body => {
            let text = String::from_utf8_lossy(&part.bytes);
            if !page::has_amount(&text) {
                return vec![aside(context, "a letter without any amount")];
            }
            return match page::document(&text, context) {
                Ok(document) => vec![document],
                Err(error) => vec![failed(context, error)],
            };
        }
        Role::File | Role::Opened(_) => {}
    }
    if part.bytes.len() > context.max_part {
        let error = StageError::input(
            "FILE_TOO_LARGE",
            format!(
                "the part has {} bytes, the limit is {} (--max-size)",
                part.bytes.len(),
                context.max_part
            ),
        );
        return vec![failed(context, error)];
    }
    let reader = READERS.iter().find(|reader| (reader.sniff)(&part.bytes));
    let Some(reader) = reader else {
        return vec![unread(&part.bytes, context)];
    };
    let mut documents =
        (reader.read)(&part.bytes, context).unwrap_or_else(|error| vec![failed(context, error)]);
    for document in &mut documents {
        (document.source.media_type).get_or_insert_with(|| reader.media_type.to_owned());
    }
    documents
}

/// A part that nobody reads: text is a letter, anything else may be an invoice in a format unknown here.
fn unread(bytes: &[u8], context: &Context<'_>) -> Document {
    if bytes.is_empty() {
        return aside(context, "an empty file");
    }
    let is_text = std::str::from_utf8(bytes).is_ok_and(|text| {
        !text.chars().any(|c| c.is_control() && !c.is_whitespace()) && !page::has_amount(text)
    });
    if is_text {
        return aside(context, "a text without any amount");
    }
    failed(
        context,
        StageError::input(
            "UNSUPPORTED_TYPE",
            "the part is of none of the formats read here",
        ),
    )
}

/// Terms and letters beside an invoice are read like one; without any amount they are none.
fn set_terms_aside(documents: &mut [Document]) {
    let says_amounts = |document: &Document| {
        document.invoice.is_some()
            || document.ocr.as_ref().is_some_and(|ocr| {
                let mut texts = ocr.pages.iter().filter_map(|page| page.text.as_deref());
                // A scan that nothing was read from may say anything: a person has to look.
                texts.clone().all(|text| text.trim().is_empty()) || texts.any(page::has_amount)
            })
    };
    let live = |document: &&mut Document| document.status == Status::Pending;
    if !documents
        .iter()
        .any(|document| document.status == Status::Pending && says_amounts(document))
    {
        return;
    }
    for document in documents.iter_mut().filter(live) {
        if !says_amounts(document) {
            put_aside(document, "pages without any amount beside an invoice");
        }
    }
}

fn aside(context: &Context<'_>, reason: &str) -> Document {
    let mut document = Document::new(context.id.clone());
    put_aside(&mut document, reason);
    document
}

fn put_aside(document: &mut Document, reason: &str) {
    document.status = Status::SetAside;
    let ocr = document.ocr.get_or_insert_with(Ocr::default);
    ocr.warnings.push(Warning {
        code: "NO_INVOICE".to_owned(),
        message: format!("set aside: {reason}"),
        page: None,
    });
}

fn failed(context: &Context<'_>, error: StageError) -> Document {
    let mut document = Document::new(context.id.clone());
    document.status = Status::Error;
    document.error = Some(error.into_failed("ocr"));
    document
}

#[cfg(test)]
mod tests;
