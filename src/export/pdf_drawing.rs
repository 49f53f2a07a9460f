use std::collections::BTreeSet;

use glam::DVec2;
use pdf_writer::types::{LineCapStyle, LineJoinStyle, TextRenderingMode};
use pdf_writer::{Content, Name, Str, TextStr};
use tiny_skia::{Path, PathSegment, Point};

use super::faces::Faces;
use crate::render::text::{ASCENT, letters, outline};
use crate::render::{Color, DrawingList, FaceId, Fonts, Item, Letter, TEXT_HALO, Weight, narrow, polygon};

/// The operators of a page, as its lists are drawn.
pub(super) struct Drawing<'a> {
    /// The operators.
    pub(super) content: Content,
    /// The alphas that they name.
    pub(super) alphas: BTreeSet<u8>,
    /// The faces that they name.
    pub(super) faces: BTreeSet<FaceId>,
    fonts: &'a Fonts,
    cut: &'a Faces,
}

/// The name of the graphics state that has an alpha.
pub(super) fn alpha_name(alpha: u8) -> String {
    format!("A{alpha}")
}

/// One line of text, as its item has it.
#[derive(Debug, Clone, Copy)]
struct Line<'a> {
    text: &'a str,
    size_px: f64,
    weight: Weight,
    at: DVec2,
}

impl<'a> Drawing<'a> {
    /// An empty drawing. Lines will have round ends and corners.
    pub(super) fn new(fonts: &'a Fonts, cut: &'a Faces) -> Self {
        let mut content = Content::new();
        content.set_line_cap(LineCapStyle::RoundCap).set_line_join(LineJoinStyle::RoundJoin);
        Self { content, alphas: BTreeSet::new(), faces: BTreeSet::new(), fonts, cut }
    }

    /// Draws every item, as [`crate::render::paint`] does.
    pub(super) fn list(&mut self, list: &DrawingList) {
        for item in &list.items {
            match item {
                Item::Line { points, closed, stroke } => {
                    let Some(path) = polygon(points, *closed) else { continue };
                    if let Some(halo) = stroke.halo {
                        self.stroke(&path, halo, stroke.width + 2.0 * stroke.halo_width());
                    }
                    self.stroke(&path, stroke.color, stroke.width);
                }
                Item::Fill { points, color } => {
                    if let Some(path) = polygon(points, true) {
                        self.fill(&path, *color);
                    }
                }
                Item::Text { at, size_px, text, weight, color, halo } => {
                    let line = Line { text, size_px: *size_px, weight: *weight, at: at.0 };
                    self.text(line, *color, *halo);
                }
            }
        }
    }

    /// The rim is drawn as a shape, for letters that are stroked and filled would be found twice by a reader.
    fn text(&mut self, line: Line<'_>, color: Color, halo: Option<Color>) {
        let (fonts, cut) = (self.fonts, self.cut);
        let Line { text, size_px, weight, at } = line;
        // A number that is none would break the file.
        if !(at.is_finite() && size_px.is_finite()) {
            return;
        }
        let path = |wanted: &dyn Fn(&Letter) -> bool| outline(fonts, text, size_px, weight, at, wanted);
        if let Some((halo, path)) = halo.zip(path(&|_| true)) {
            self.stroke(&path, halo, size_px * TEXT_HALO);
        }
        if let Some(path) = path(&|letter| !cut.have(letter)) {
            self.fill(&path, color);
        }
        let start = at + DVec2::new(0.0, size_px * ASCENT);
        self.letters(&letters(fonts, text, size_px, weight), size_px, start, 0.0, color);
    }

    /// Fills the outlines of the letters of a line that no face has: a reader finds them in [`Self::letters`], but does
    /// not see them.
    pub(super) fn missing(
        &mut self,
        letters: &[Letter],
        size: f64,
        weight: Weight,
        start: DVec2,
        color: Color,
    ) {
        let (fonts, cut) = (self.fonts, self.cut);
        if letters.iter().all(|letter| cut.have(letter)) {
            return;
        }
        let text: String = letters.iter().map(|letter| letter.character).collect();
        let corner = start - DVec2::new(0.0, size * ASCENT);
        let wanted = |letter: &Letter| !cut.have(letter);
        if let Some(path) = outline(fonts, &text, size, weight, corner, wanted) {
            self.fill(&path, color);
        }
    }

    /// Writes letters whose base line begins at `start`, leaning by `slant`: how far to the right for each step up.
    pub(super) fn letters(&mut self, letters: &[Letter], size: f64, start: DVec2, slant: f32, color: Color) {
        let runs = runs(self.cut, letters);
        if runs.is_empty() {
            return;
        }
        self.color(color);
        self.content.begin_text();
        for run in &runs {
            self.run(run, size, start, slant);
        }
        self.content.end_text();
    }

    fn run(&mut self, run: &Run, size_px: f64, start: DVec2, slant: f32) {
        let Some(face) = self.cut.get(run.face) else { return };
        self.faces.insert(run.face);
        let (x, y) = (start.x + run.x, start.y);
        let content = &mut self.content;
        content.set_font(Name(face.name.as_bytes()), narrow(size_px));
        // The page's y axis is down, that of letters up.
        content.set_text_matrix([1.0, 0.0, slant, -1.0, narrow(x), narrow(y)]);
        if let Some(character) = run.instead_of {
            let mut buffer = [0; 4];
            let words = TextStr(character.encode_utf8(&mut buffer));
            content.begin_marked_content_with_properties(Name(b"Span")).properties().actual_text(words);
        }
        let unseen = run.unseen_width.map(|width| {
            let own = f64::from(face.widths.first().copied().unwrap_or_default()) / 1000.0 * size_px;
            if own > 0.0 { width / own * 100.0 } else { 100.0 }
        });
        if let Some(percent) = unseen {
            content.set_text_rendering_mode(TextRenderingMode::Invisible);
            content.set_horizontal_scaling(narrow(percent));
        }
        content.show(Str(&run.codes));
        if unseen.is_some() {
            content.set_text_rendering_mode(TextRenderingMode::Fill);
            content.set_horizontal_scaling(100.0);
        }
        if run.instead_of.is_some() {
            content.end_marked_content();
        }
    }

    fn stroke(&mut self, path: &Path, color: Color, width: f64) {
        self.color(color);
        self.content.set_line_width(narrow(width.max(0.0)));
        self.path(path);
        self.content.stroke();
    }

    fn fill(&mut self, path: &Path, color: Color) {
        self.color(color);
        self.path(path);
        self.content.fill_nonzero();
    }

    /// Fills a rectangle.
    pub(super) fn area(&mut self, min: DVec2, size: DVec2, color: Color) {
        self.color(color);
        let [x, y, width, height] = [min.x, min.y, size.x, size.y].map(narrow);
        self.content.rect(x, y, width, height).fill_nonzero();
    }

    fn color(&mut self, color: Color) {
        let Color([red, green, blue, alpha]) = color;
        let [red, green, blue] = [red, green, blue].map(|part| f32::from(part) / 255.0);
        self.alphas.insert(alpha);
        self.content.set_parameters(Name(alpha_name(alpha).as_bytes()));
        self.content.set_stroke_rgb(red, green, blue).set_fill_rgb(red, green, blue);
    }

    fn path(&mut self, path: &Path) {
        let content = &mut self.content;
        let mut last = Point::zero();
        for segment in path.segments() {
            match segment {
                PathSegment::MoveTo(to) => {
                    content.move_to(to.x, to.y);
                    last = to;
                }
                PathSegment::LineTo(to) => {
                    content.line_to(to.x, to.y);
                    last = to;
                }
                PathSegment::QuadTo(by, to) => {
                    // A PDF has cubic curves only; this one is the same curve.
                    let toward = |from: f32, by: f32| from + (by - from) * (2.0 / 3.0);
                    let (ax, ay) = (toward(last.x, by.x), toward(last.y, by.y));
                    content.cubic_to(ax, ay, toward(to.x, by.x), toward(to.y, by.y), to.x, to.y);
                    last = to;
                }
                PathSegment::CubicTo(first, second, to) => {
                    content.cubic_to(first.x, first.y, second.x, second.y, to.x, to.y);
                    last = to;
                }
                PathSegment::Close => {
                    content.close_path();
                }
            }
        }
    }
}

/// Letters that are shown in one go: their advances are those of the font.
#[derive(Debug, PartialEq)]
struct Run {
    face: FaceId,
    /// From the start of the line, in output pixels.
    x: f64,
    /// Two bytes for each glyph.
    codes: Vec<u8>,
    /// The one character that it stands for, where the font's table of characters says another or none.
    instead_of: Option<char>,
    /// The width of a letter whose outline is drawn: a reader finds the character there, and sees the outline.
    unseen_width: Option<f64>,
}

/// Splits a line of text at the changes of its face, and where a glyph alone does not tell the character.
fn runs(cut: &Faces, letters: &[Letter]) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    let mut x = 0.0;
    for Letter { character, glyph, advance } in letters {
        let found = glyph.and_then(|(id, _)| {
            let face = cut.get(id)?;
            let code = face.glyphs.get(character)?;
            Some((id, *code, face.characters.get(code) == Some(character)))
        });
        let (face, code, plain) = found.unwrap_or((FaceId::REGULAR, 0, false));
        let codes = code.to_be_bytes();
        match runs.last_mut() {
            Some(run) if plain && run.face == face && run.instead_of.is_none() => run.codes.extend(codes),
            Some(_) | None => runs.push(Run {
                face,
                x,
                codes: codes.to_vec(),
                instead_of: (!plain).then_some(*character),
                unseen_width: found.is_none().then_some(*advance),
            }),
        }
        x += advance;
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::faces::tests::{page_of, share_glyph};

    #[test]
    fn letters_are_shown_together_unless_a_glyph_does_not_tell_the_character() {
        let fonts = Fonts::default();
        let text = "aµμb∅漢";
        let mut cut = Faces::of(&page_of(text), &fonts);
        share_glyph(&mut cut, 'µ', 'μ');
        let letters = letters(&fonts, text, 10.0, Weight::Regular);
        let runs = runs(&cut, &letters);
        // The micro sign and the Greek letter share a glyph, which tells the first of them.
        let told: Vec<(usize, Option<char>, bool)> = runs
            .iter()
            .map(|run| (run.codes.len() / 2, run.instead_of, run.unseen_width.is_some()))
            .collect();
        let expected = [
            (2, None, false),
            (1, Some('μ'), false),
            (1, None, false),
            (1, None, false),
            (1, Some('漢'), true),
        ];
        assert_eq!(told, expected);
        assert!(runs[3].face != FaceId::REGULAR && runs[4].codes == [0, 0]);
        let width: f64 = letters[..5].iter().map(|letter| letter.advance).sum();
        assert!((runs[4].x - width).abs() < 1e-9);
    }

    #[test]
    fn what_is_not_a_number_is_not_written() {
        let fonts = Fonts::default();
        let cut = Faces::of(&page_of("a"), &fonts);
        let mut drawing = Drawing::new(&fonts, &cut);
        let mut list = DrawingList::default();
        list.text(DVec2::new(f64::NAN, 1.0), 10.0, "a", Color([0; 4]));
        list.text(DVec2::ONE, f64::INFINITY, "a", Color([0; 4]));
        list.text(DVec2::ONE, 10.0, "", Color([0; 4]));
        drawing.list(&list);
        assert_eq!(drawing.content.finish().as_slice(), b"1 J\n1 j");
    }
}
