//! PDF: words from the text layer where there is a sound one, else from pixels, and the invoice a hybrid file carries.
//!
//! One document a file, or one for each invoice on its pages (`split`). A hybrid file is one invoice, whatever else it carries. A file that carries documents beside its pages (a portfolio, a letter
//! with its enclosures) is taken apart like a mail. What nobody can see on the page never becomes a word; it is reported as `HIDDEN_TEXT`.

pub(super) mod attached;
mod device;
mod forms;
mod glyph;
mod hidden;
mod judge;
mod painted;
mod pixels;
#[cfg(test)]
mod tests;
mod unicode;
mod words;

use std::panic::{AssertUnwindSafe, catch_unwind};

use hayro_interpret::hayro_syntax::object::{Array, Dict};
use hayro_interpret::hayro_syntax::page::Page as PdfPage;
use hayro_interpret::hayro_syntax::{DecryptionError, LoadPdfError, Pdf};
use hayro_interpret::kurbo::Rect;
use hayro_interpret::{
    Context as Interpreter, InterpreterCache, InterpreterSettings, TransformExt, interpret_page,
};

use super::container::{self, Budget, Part, Role, Unpacked};
use super::{Context, READERS, Reader, codes, facturx, limits, recognise, split, text};
use crate::model::{
    Attachment, Conformance, Document, Evidence, Field, Method, Ocr, Page, PageCode, PageMethod,
    Warning,
};
use crate::stage::StageError;
pub(super) use attached::Attached;
use device::Watcher;
use glyph::{Glyph, Scene};
use judge::Choice;

/// PDF.
pub(super) const PDF: Reader = Reader {
    name: "pdf",
    media_type: "application/pdf",
    extension: "pdf",
    reads: "text layer, scanned pages, the XML of a Factur-X or ZUGFeRD file, and documents within the PDF",
    sniff,
    read,
};

/// A PDF may begin with some bytes of something else, as mail gateways leave them; viewers look into the first 1,024.
fn sniff(bytes: &[u8]) -> bool {
    contains(&bytes[..bytes.len().min(1024)], b"%PDF-")
}

fn read(bytes: &[u8], context: &mut Context<'_>) -> Result<Vec<Document>, StageError> {
    if carries_documents(bytes) {
        return container::read(bytes, unpack, context);
    }
    pages(bytes, context)
}

/// Does something with a PDF. Its parsers check what they read, but not everything: a panic of theirs costs this file and
/// no other.
fn guarded<T>(work: impl FnOnce() -> Result<T, StageError>) -> Result<T, StageError> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| {
        Err(StageError::input(
            "CORRUPT_FILE",
            "the PDF is damaged in a way its parser cannot cope with",
        ))
    })
}

/// Tells whether a PDF carries documents that stand for themselves. What it carries beside an invoice of its own is only
/// a supporting document of that.
pub(super) fn carries_documents(bytes: &[u8]) -> bool {
    sniff(bytes)
        && guarded(|| {
            let pdf = open(bytes)?;
            // What cannot be listed is refused by whoever lists it in earnest.
            let files = files(bytes, &pdf).unwrap_or_default();
            let hybrid = facturx::among(&files).is_ok_and(|found| found.is_some());
            // XML that is no invoice, or a torn one, is the page's own data: the page speaks for it.
            let some = files.iter().any(|file| is_document(file) && !is_xml(file));
            Ok(is_portfolio(&pdf, &files) || (some && !hybrid))
        })
        .unwrap_or(false)
}

/// Tells whether a PDF says that it is there for its files, several of which are documents.
fn is_portfolio(pdf: &Pdf, files: &[Attached]) -> bool {
    catalog(pdf).is_some_and(|catalog| catalog.contains_key("Collection"))
        && files.iter().filter(|file| is_document(file)).count() > 1
}

fn is_document(file: &Attached) -> bool {
    (file.content.as_ref())
        .is_ok_and(|content| READERS.iter().any(|reader| (reader.sniff)(content)))
}

fn is_xml(file: &Attached) -> bool {
    let content = file.content.as_deref().unwrap_or_default();
    let reader = READERS.iter().find(|reader| (reader.sniff)(content));
    reader.is_some_and(|reader| reader.media_type.ends_with("/xml"))
}

/// The pages and each of the files.
pub(super) fn unpack(bytes: &[u8], budget: &mut Budget) -> Result<Unpacked, StageError> {
    let files = guarded(|| files(bytes, &open(bytes)?))?;
    budget.take(bytes.len())?;
    let mut opened = Unpacked::default();
    opened.parts.push(Ok(Part {
        bytes: bytes.to_vec(),
        role: Role::Pages,
        name: None,
    }));
    for file in files {
        let role = if is_document(&file) {
            Role::File
        } else {
            Role::Aside("a file within the PDF of a type that no invoice has")
        };
        budget.take(file.content.as_ref().map_or(0, Vec::len))?;
        opened.parts.push(file.content.map(|bytes| Part {
            bytes,
            role,
            name: file.name,
        }));
    }
    Ok(opened)
}

/// Reads the pages, with the invoice of a hybrid file; documents within the PDF are left alone.
pub(super) fn pages(bytes: &[u8], context: &mut Context<'_>) -> Result<Vec<Document>, StageError> {
    guarded(|| read_pages(bytes, context))
}

fn read_pages(bytes: &[u8], context: &mut Context<'_>) -> Result<Vec<Document>, StageError> {
    let pdf = open(bytes)?;
    let pages = pdf.pages();
    if pages.is_empty() {
        return Err(StageError::input("CORRUPT_FILE", "the PDF has no pages"));
    }
    limits::pages(pages.len())?;
    let mut warnings = damage(bytes, &pdf);
    let mut document = Document::new(context.id.clone());
    let files = files(bytes, &pdf)?;
    let mut conformance = None;
    let mut codes = Vec::new();
    if !is_portfolio(&pdf, &files) {
        conformance = add_invoice(&files, &mut document, &mut warnings);
    }
    let cache = InterpreterCache::new();
    let unpainted = forms::unpainted(&pdf);
    let mut read = Vec::with_capacity(pages.len());
    for (at, page) in pages.iter().enumerate() {
        let n = at as u32 + 1;
        (context.page)(n);
        let structured = document.invoice.is_some();
        let mut scene = watch(page, &cache);
        limits::glyphs(scene.glyphs.len(), n)?;
        if unpainted {
            forms::add(page, &mut scene);
        }
        read.push(read_page(
            n,
            page,
            scene,
            structured,
            context,
            &mut warnings,
            &mut codes,
        )?);
    }
    if document.invoice.is_none() {
        return Ok(split::documents(read, &warnings, &codes, context));
    }
    document.source.pages = Some(read.len() as u32);
    let engine = context.engine.as_deref_mut();
    document.ocr = Some(Ocr {
        codes,
        conformance,
        ..recognise::summary(read, warnings, engine)
    });
    Ok(vec![document])
}

fn open(bytes: &[u8]) -> Result<Pdf, StageError> {
    Pdf::new(bytes.to_vec()).map_err(|error| match error {
        LoadPdfError::Decryption(DecryptionError::PasswordProtected) => {
            StageError::input("ENCRYPTED_FILE", "the PDF opens with a password only")
        }
        LoadPdfError::Decryption(_) => StageError::input(
            "ENCRYPTED_FILE",
            "the PDF is encrypted in a way that cannot be read",
        ),
        LoadPdfError::Invalid => {
            StageError::input("CORRUPT_FILE", "the file begins like a PDF but is none")
        }
    })
}

/// What the file's frame tells about its state.
fn damage(bytes: &[u8], pdf: &Pdf) -> Vec<Warning> {
    let mut warnings = Vec::new();
    let tail = &bytes[bytes.len().saturating_sub(2048)..];
    if !contains(tail, b"%%EOF") {
        warnings.push(Warning {
            code: "FILE_TRUNCATED".to_owned(),
            message: "the PDF ends before its end mark".to_owned(),
            page: None,
        });
    }
    let told = catalog(pdf)
        .and_then(|catalog| catalog.get::<Dict<'_>>("Pages"))
        .and_then(|pages| pages.get::<u32>("Count"))
        .unwrap_or(0);
    let found = pdf.pages().len();
    if told as usize > found {
        warnings.push(Warning {
            code: "PAGES_MISSING".to_owned(),
            message: format!("the PDF says it has {told} pages and {found} can be read"),
            page: None,
        });
    }
    warnings
}

fn catalog(pdf: &Pdf) -> Option<Dict<'_>> {
    pdf.xref().get(pdf.xref().root_id())
}

/// The files in a PDF. Looked for only where its frame speaks of some: in the catalogue, on a page, or, in a file whose
/// catalogue cannot be read, somewhere in its bytes.
fn files(bytes: &[u8], pdf: &Pdf) -> Result<Vec<Attached>, StageError> {
    let on_pages = || {
        (pdf.pages().iter()).any(|page| {
            let annotations = page.raw().get::<Array<'_>>("Annots");
            page.raw().contains_key("AF")
                || annotations.is_some_and(|all| {
                    (all.iter::<Dict<'_>>()).any(|annotation| annotation.contains_key("FS"))
                })
        })
    };
    let some = match catalog(pdf) {
        Some(catalog) => {
            let names = catalog.get::<Dict<'_>>("Names");
            catalog.contains_key("AF")
                || names.is_some_and(|names| names.contains_key("EmbeddedFiles"))
                || on_pages()
        }
        None => contains(bytes, b"/EmbeddedFile"),
    };
    if some {
        attached::list(bytes)
    } else {
        Ok(Vec::new())
    }
}

/// Puts the invoice of a hybrid file into the document, the other files as its supporting documents; returns how it keeps the
/// rules of its profile.
fn add_invoice(
    files: &[Attached],
    document: &mut Document,
    warnings: &mut Vec<Warning>,
) -> Option<Conformance> {
    match facturx::among(files) {
        Ok(Some((at, reading))) => {
            let mut invoice = reading.structured.invoice;
            warnings.extend(reading.warnings);
            let others = facturx::others(files, at, &invoice);
            if others > 0 {
                warnings.push(Warning {
                    code: "SEVERAL_INVOICES".to_owned(),
                    message: format!(
                        "the PDF carries {} invoices as XML; only one of them is read",
                        others + 1
                    ),
                    page: None,
                });
            }
            for (index, file) in files.iter().enumerate() {
                if index != at {
                    let path = format!("attachments[{}].name", invoice.attachments.len());
                    invoice.attachments.push(supporting(file));
                    let evidence = Evidence {
                        text: Some("EmbeddedFiles".to_owned()),
                        method: Some(Method::PdfText),
                        ..Evidence::default()
                    };
                    document.evidence.insert(path, evidence);
                }
            }
            document.invoice = Some(invoice);
            document.evidence.extend(reading.structured.evidence);
            return reading.conformance;
        }
        Ok(None) => {}
        // The page can still be read: held with this reason rather than lost.
        Err(error) => warnings.push(Warning {
            code: "ATTACHMENT_UNREADABLE".to_owned(),
            message: format!("the attached invoice cannot be read: {}", error.message),
            page: None,
        }),
    }
    None
}

fn supporting(file: &Attached) -> Attachment {
    let reader = (file.content.as_ref().ok())
        .and_then(|content| READERS.iter().find(|reader| (reader.sniff)(content)));
    let media_type = reader.map(|reader| reader.media_type.to_owned());
    Attachment {
        name: Field::found(file.name.clone()),
        media_type: Field::found(media_type),
        ..Attachment::default()
    }
}

fn contains(bytes: &[u8], what: &[u8]) -> bool {
    bytes.windows(what.len()).any(|window| window == what)
}

/// Reads one page. `structured`: the document's values are known from its XML, so that a page which could only be
/// recognised may go without words where there is no engine.
fn read_page<'a>(
    n: u32,
    page: &'a PdfPage<'a>,
    mut scene: Scene,
    structured: bool,
    context: &mut Context<'_>,
    warnings: &mut Vec<Warning>,
    codes: &mut Vec<PageCode>,
) -> Result<Page, StageError> {
    let mut warn = |code: &str, message: String| {
        warnings.push(Warning {
            code: code.to_owned(),
            message,
            page: Some(n),
        });
    };
    if page.raw().contains_key("Contents") && page.page_stream().is_none() {
        warn(
            "PAGE_DAMAGED",
            "the content of the page cannot be unpacked".to_owned(),
        );
    }
    let choice = judge::choose(&scene);
    let rotation = if choice == Choice::Recognise {
        0
    } else {
        upright(&mut scene)
    };
    let kept = |glyph: &&Glyph| match choice {
        Choice::Layer => judge::in_layer(glyph),
        Choice::Printed => glyph.unseen.is_none(),
        Choice::Recognise | Choice::Blank => false,
    };
    let mut words = words::words(scene.glyphs.iter().filter(kept));
    if let Some(message) = hidden::report(&scene, choice, &words) {
        warn("HIDDEN_TEXT", message);
    }
    if choice == Choice::Recognise {
        match &mut context.engine {
            Some(engine) => {
                let (pixels, frame) = pixels::of(page, &scene)?;
                codes.extend(codes::on_page(n, &pixels, &frame));
                return recognise::page(n, &pixels, &frame, &mut **engine);
            }
            None if structured => warn("OCR_UNAVAILABLE", recognise::unavailable().message),
            None => return Err(recognise::unavailable()),
        }
    }
    if rotation == 0 {
        codes.extend(codes_of(n, page, &scene));
    }
    let text = text::order(&mut words);
    Ok(Page {
        n,
        width: recognise::hundredths(scene.width),
        height: recognise::hundredths(scene.height),
        rotation: (rotation != 0).then_some(rotation),
        method: Some(PageMethod::PdfText),
        text: Some(text),
        words,
    })
}

/// Width in points of the largest image that is a code: a larger one is a slip or a scan, which is looked at once.
const LARGEST_CODE: f64 = 255.0;

/// The payment codes of a page that is read from its text layer: those of its images, and those that are drawn. A drawn one is
/// rendered coarsely, and finely where that leaves it unread.
fn codes_of<'a>(n: u32, page: &'a PdfPage<'a>, scene: &Scene) -> Vec<PageCode> {
    let mut found = Vec::new();
    if scene.may_picture_code() {
        for (pixels, frame) in pixels::pictures(page, scene) {
            let size = f64::from(pixels.width) * frame.scale.0;
            found.extend(if size > LARGEST_CODE {
                codes::at_first_sight(n, &pixels, &frame).unwrap_or_default()
            } else {
                codes::on_page(n, &pixels, &frame)
            });
        }
    }
    if found.is_empty() && scene.may_draw_code() {
        let (pixels, frame) = pixels::rendered(page, scene, codes::DPI);
        found = codes::at_first_sight(n, &pixels, &frame).unwrap_or_else(|| {
            let (pixels, frame) = pixels::rendered(page, scene, pixels::DPI);
            codes::on_page(n, &pixels, &frame)
        });
    }
    found
}

/// Lets a page be painted and watches.
fn watch<'a>(page: &'a PdfPage<'a>, cache: &InterpreterCache<'a>) -> Scene {
    let (width, height) = page.render_dimensions();
    let (width, height) = (f64::from(width), f64::from(height));
    let mut watcher = Watcher::new(width, height);
    let mut interpreter = Interpreter::new(
        page.initial_transform(true).to_kurbo(),
        Rect::new(0.0, 0.0, width, height),
        cache,
        page.xref(),
        InterpreterSettings::default(),
    );
    interpret_page(page, &mut interpreter, &mut watcher);
    watcher.finish()
}

/// Turns a page whose text runs another way until it can be read; returns by how many degrees clockwise.
fn upright(scene: &mut Scene) -> i32 {
    let mut ways = [0usize; 4];
    for glyph in scene.glyphs.iter().filter(|glyph| !glyph.text.is_space()) {
        let (dx, dy) = glyph.direction;
        let way = if dx.abs() >= dy.abs() {
            if dx > 0.0 { 0 } else { 2 }
        } else if dy < 0.0 {
            1
        } else {
            3
        };
        ways[way] += 1;
    }
    let all: usize = ways.iter().sum();
    let turns = (1..4).find(|way| ways[*way] * 10 > all * 8).unwrap_or(0);
    for _ in 0..turns {
        for glyph in &mut scene.glyphs {
            (glyph.x, glyph.y) = (scene.height - glyph.y, glyph.x);
            let (dx, dy) = glyph.direction;
            glyph.direction = (-dy, dx);
        }
        (scene.width, scene.height) = (scene.height, scene.width);
    }
    [0, 90, 180, 270][turns]
}
