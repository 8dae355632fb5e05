//! PDF: words from the text layer where there is a sound one, else from pixels, and the invoice a hybrid file carries.
//!
//! One document a file. What nobody can see on the page never becomes a word; it is reported as `HIDDEN_TEXT`.

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

use hayro_interpret::hayro_syntax::object::Dict;
use hayro_interpret::hayro_syntax::page::Page as PdfPage;
use hayro_interpret::hayro_syntax::{DecryptionError, LoadPdfError, Pdf};
use hayro_interpret::kurbo::Rect;
use hayro_interpret::{
    Context as Interpreter, InterpreterCache, InterpreterSettings, TransformExt, interpret_page,
};

use super::{Context, Reader, codes, facturx, limits, recognise, text};
use crate::model::{Document, Ocr, Page, PageCode, PageMethod, Warning};
use crate::stage::StageError;
use device::Watcher;
use glyph::{Glyph, Scene};
use judge::Choice;

/// PDF.
pub(super) const PDF: Reader = Reader {
    name: "pdf",
    media_type: "application/pdf",
    extension: "pdf",
    reads: "text layer, scanned pages, and the XML of a Factur-X or ZUGFeRD file",
    sniff,
    read,
};

/// A PDF may begin with some bytes of something else, as mail gateways leave them; viewers look into the first 1,024.
fn sniff(bytes: &[u8]) -> bool {
    contains(&bytes[..bytes.len().min(1024)], b"%PDF-")
}

fn read(bytes: &[u8], context: &mut Context<'_>) -> Result<Vec<Document>, StageError> {
    // The parsers below check what they read, but not everything: a panic of theirs costs this file and no other.
    catch_unwind(AssertUnwindSafe(|| read_guarded(bytes, context))).unwrap_or_else(|_| {
        Err(StageError::input(
            "CORRUPT_FILE",
            "the PDF is damaged in a way its parser cannot cope with",
        ))
    })
}

fn read_guarded(bytes: &[u8], context: &mut Context<'_>) -> Result<Vec<Document>, StageError> {
    let pdf = open(bytes)?;
    let pages = pdf.pages();
    if pages.is_empty() {
        return Err(StageError::input("CORRUPT_FILE", "the PDF has no pages"));
    }
    limits::pages(pages.len())?;
    let mut warnings = damage(bytes, &pdf);
    let mut document = Document::new(context.id.clone());
    let mut conformance = None;
    let mut codes = Vec::new();
    if carries_files(bytes, &pdf) {
        match facturx::attached_invoice(bytes) {
            Ok(Some(reading)) => {
                document.invoice = Some(reading.structured.invoice);
                document.evidence = reading.structured.evidence;
                warnings.extend(reading.warnings);
                conformance = reading.conformance;
            }
            Ok(None) => {}
            // The page can still be read: held with this reason rather than lost.
            Err(error) => warnings.push(Warning {
                code: "ATTACHMENT_UNREADABLE".to_owned(),
                message: format!("the attached invoice cannot be read: {}", error.message),
                page: None,
            }),
        }
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

/// Tells whether it is worth looking for attachments: the catalogue says so, or, in a file whose catalogue cannot be
/// read, the bytes do.
fn carries_files(bytes: &[u8], pdf: &Pdf) -> bool {
    match catalog(pdf) {
        Some(catalog) => {
            catalog.contains_key("AF")
                || catalog
                    .get::<Dict<'_>>("Names")
                    .is_some_and(|names| names.contains_key("EmbeddedFiles"))
        }
        None => contains(bytes, b"/EmbeddedFile"),
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
