use hayro_interpret::font::*;
use hayro_interpret::kurbo::*;
use hayro_interpret::*;
struct D;
impl Device<'_> for D {
    fn draw_path(&mut self, _: &BezPath, _: DrawProps<'_>, _: &DrawMode) {}
    fn push_clip_path(&mut self, _: &ClipPath) {}
    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'_>>, _: BlendMode) {}
    fn draw_image(&mut self, _: Image<'_, '_>, _: ImageDrawProps<'_>) {}
    fn pop_clip(&mut self) {}
    fn pop_transparency_group(&mut self) {}
    fn draw_glyph_run(&mut self, r: &GlyphRun<'_, '_>, p: DrawProps<'_>, m: &DrawMode) {
        for g in r.glyphs() {
            let t = p.transform * g.transform();
            let o = t * Point::ZERO;
            let (adv, el) = match &**g {
                Glyph::Outline(o) => (o.advance_width(), o.outline().elements().len()),
                Glyph::Type3(t) => (t.advance_width(), 999),
            };
            println!(
                "{:?} code {} adv {:?} el {} at {:.1},{:.1} coeffs {:?} mode {:?}",
                g.as_unicode().map(|b| match b {
                    hayro_cmap::BfString::Char(c) => c.to_string(),
                    hayro_cmap::BfString::String(s) => s,
                }),
                g.char_code(),
                adv,
                el,
                o.x,
                o.y,
                &t.as_coeffs()[..4],
                matches!(m, DrawMode::Invisible)
            );
        }
        println!("--");
    }
}
fn main() {
    let a: Vec<String> = std::env::args().collect();
    let pdf = hayro_interpret::hayro_syntax::Pdf::new(std::fs::read(&a[1]).unwrap()).unwrap();
    let pg = &pdf.pages()[a[2].parse::<usize>().unwrap()];
    let c = InterpreterCache::new();
    let mut x = Context::new(
        pg.initial_transform(true).to_kurbo(),
        kurbo::Rect::new(0., 0., 1000., 1000.),
        &c,
        pdf.xref(),
        InterpreterSettings::default(),
    );
    interpret_page(pg, &mut x, &mut D);
}
