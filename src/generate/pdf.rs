//! Sheets → PDF bytes. No date and no random id goes in: equal sheets give equal bytes.

use krilla::color::rgb;
use krilla::geom::{PathBuilder, Point, Rect};
use krilla::num::NormalizedF32;
use krilla::page::PageSettings;
use krilla::paint::{Fill, Stroke};
use krilla::surface::Surface;
use krilla::text::{Font, GlyphId, KrillaGlyph};

use super::GenerateError;
use super::page::{Colour, FACES, Face, Ink, Sheet};

/// Writes sheets as a PDF.
pub(super) fn write(sheets: &[Sheet]) -> Result<Vec<u8>, GenerateError> {
    let fonts: Vec<Font> = FACES
        .iter()
        .map(|bytes| Font::new((*bytes).into(), 0).expect("the fonts of the program are fonts"))
        .collect();
    let mut document = krilla::Document::new();
    for sheet in sheets {
        let settings =
            PageSettings::from_wh(sheet.width, sheet.height).ok_or(GenerateError::Sheet)?;
        let mut page = document.start_page_with(settings);
        let mut surface = page.surface();
        for ink in &sheet.inks {
            draw(&mut surface, &fonts, ink);
        }
        surface.finish();
        page.finish();
    }
    document
        .finish()
        .map_err(|error| GenerateError::Pdf(format!("{error:?}")))
}

fn fill(colour: Colour) -> Fill {
    Fill {
        paint: rgb::Color::new(colour[0], colour[1], colour[2]).into(),
        opacity: NormalizedF32::ONE,
        rule: krilla::paint::FillRule::default(),
    }
}

fn stroke(colour: Colour, width: f32) -> Stroke {
    Stroke {
        paint: rgb::Color::new(colour[0], colour[1], colour[2]).into(),
        width,
        ..Stroke::default()
    }
}

fn draw(surface: &mut Surface<'_>, fonts: &[Font], ink: &Ink) {
    match ink {
        Ink::Text {
            x,
            y,
            size,
            face,
            colour,
            text,
        } => {
            surface.set_fill(Some(fill(*colour)));
            surface.set_stroke(None);
            let font = fonts[*face as usize].clone();
            surface.draw_glyphs(
                Point::from_xy(*x, *y),
                &glyphs(*face, text),
                font,
                text,
                *size,
                false,
            );
        }
        Ink::Line {
            from,
            to,
            width,
            colour,
        } => {
            let mut path = PathBuilder::new();
            path.move_to(from.0, from.1);
            path.line_to(to.0, to.1);
            surface.set_fill(None);
            surface.set_stroke(Some(stroke(*colour, *width)));
            if let Some(path) = path.finish() {
                surface.draw_path(&path);
            }
        }
        Ink::Box {
            from,
            to,
            fill: inside,
            edge,
        } => {
            let mut path = PathBuilder::new();
            if let Some(rect) = Rect::from_ltrb(from.0, from.1, to.0, to.1) {
                path.push_rect(rect);
            }
            surface.set_fill(inside.map(fill));
            surface.set_stroke(edge.map(|colour| stroke(colour, 0.6)));
            if let Some(path) = path.finish() {
                surface.draw_path(&path);
            }
        }
    }
}

fn glyphs(face: Face, text: &str) -> Vec<KrillaGlyph> {
    face.glyphs(text)
        .into_iter()
        .map(|glyph| KrillaGlyph {
            glyph_id: GlyphId::new(glyph.id),
            text_range: glyph.bytes,
            x_advance: glyph.advance,
            x_offset: 0.0,
            y_offset: 0.0,
            y_advance: 0.0,
            location: None,
        })
        .collect()
}
