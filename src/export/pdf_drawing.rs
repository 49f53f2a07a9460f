use std::collections::BTreeSet;

use glam::DVec2;
use pdf_writer::types::{LineCapStyle, LineJoinStyle, TextRenderingMode};
use pdf_writer::{Content, Name, Str, TextStr};
use tiny_skia::{Path, PathSegment, Point};
use unicode_bidi::{BidiClass, bidi_class};

use super::faces::Faces;
use crate::render::text::{ASCENT, letters, outline_of};
use crate::render::{Color, DrawingList, FaceId, Fonts, Item, Letter, TEXT_HALO, narrow, polygon};

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
                    // A number that is none would break the file.
                    if at.0.is_finite() && size_px.is_finite() {
                        let letters = letters(self.fonts, text, *size_px, *weight);
                        let start = at.0 + DVec2::new(0.0, size_px * ASCENT);
                        self.rim(&letters, *size_px, start, *halo);
                        self.letters(&letters, *size_px, start, 0.0, *color);
                    }
                }
            }
        }
    }

    /// The rim is drawn as a shape, for letters that are stroked and filled would be found twice by a reader.
    fn rim(&mut self, letters: &[Letter], size: f64, start: DVec2, halo: Option<Color>) {
        let Some(halo) = halo else { return };
        if let Some(path) = outline_of(self.fonts, letters, size, start, |_| true) {
            self.stroke(&path, halo, size * TEXT_HALO);
        }
    }

    /// Writes letters whose base line begins at `start`, leaning by `slant`: how far to the right for each step up.
    ///
    /// The outlines of letters that no face has are drawn: a reader finds these too, but does not see them.
    pub(super) fn letters(&mut self, letters: &[Letter], size: f64, start: DVec2, slant: f32, color: Color) {
        let cut = self.cut;
        if !letters.iter().all(|letter| cut.have(letter))
            && let Some(path) = outline_of(self.fonts, letters, size, start, |letter| !cut.have(letter))
        {
            self.fill(&path, color);
        }
        let words = words(cut, letters, size);
        if words.is_empty() {
            return;
        }
        self.color(color);
        self.content.begin_text();
        for word in &words {
            if let Some(text) = &word.instead_of {
                let mut span = self.content.begin_marked_content_with_properties(Name(b"Span"));
                span.properties().actual_text(TextStr(text));
            }
            for run in &word.runs {
                self.run(run, size, start, slant);
            }
            if word.instead_of.is_some() {
                self.content.end_marked_content();
            }
        }
        self.content.end_text();
    }

    fn run(&mut self, run: &Run, size: f64, start: DVec2, slant: f32) {
        let Some(face) = self.cut.get(run.face) else { return };
        self.faces.insert(run.face);
        let at = start + run.at;
        let content = &mut self.content;
        content.set_font(Name(face.name.as_bytes()), narrow(size));
        // The page's y axis is down, that of letters up.
        content.set_text_matrix([1.0, 0.0, slant, -1.0, narrow(at.x), narrow(at.y)]);
        if let Some(width) = run.unseen_width {
            let own = face.width(0) * size;
            content.set_text_rendering_mode(TextRenderingMode::Invisible);
            content.set_horizontal_scaling(narrow(if own > 0.0 { width / own * 100.0 } else { 100.0 }));
        }
        if let [(_, codes)] = run.codes.as_slice() {
            content.show(Str(codes));
        } else {
            let mut shown = content.show_positioned();
            let mut items = shown.items();
            for (gap, codes) in &run.codes {
                if *gap != 0.0 {
                    items.adjust(narrow(-gap));
                }
                items.show(Str(codes));
            }
        }
        if run.unseen_width.is_some() {
            content.set_text_rendering_mode(TextRenderingMode::Fill);
            content.set_horizontal_scaling(100.0);
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

/// Letters in a row that a reader finds by their glyphs; or one letter that the glyphs do not tell.
#[derive(Debug, PartialEq)]
struct Word {
    /// What stands there, where the font's table of characters says another thing or none.
    instead_of: Option<String>,
    runs: Vec<Run>,
}

/// Glyphs of one face on one line that are shown in one go.
#[derive(Debug, PartialEq)]
struct Run {
    face: FaceId,
    /// From the start of the line, in output pixels.
    at: DVec2,
    /// Where a reader's pen is after it.
    end: f64,
    /// Two bytes for each glyph; before them, how far the pen moves, thousandths of the font size: the advances are
    /// those of the font, and pairs of letters are closer.
    codes: Vec<(f64, Vec<u8>)>,
    /// The width of a letter whose outline is drawn: a reader finds the character there, and sees the outline.
    unseen_width: Option<f64>,
}

impl Run {
    fn new(face: FaceId, at: DVec2) -> Self {
        Self { face, at, end: at.x, codes: Vec::new(), unseen_width: None }
    }

    /// Adds a glyph at `x`.
    fn push(&mut self, code: u16, x: f64, width: f64, size: f64) {
        // What is less than half a thousandth is the rounding of the widths.
        let gap = Some((x - self.end) / size * 1000.0).filter(|gap| gap.abs() > 0.5);
        match (gap, self.codes.last_mut()) {
            (None, Some((_, codes))) => codes.extend(code.to_be_bytes()),
            (gap, _) => self.codes.push((gap.unwrap_or(0.0), code.to_be_bytes().to_vec())),
        }
        self.end += gap.unwrap_or(0.0) / 1000.0 * size + width;
    }
}

/// The letters of a line with where each is, part for part in the order of reading: readers take words in the order of
/// the file, and turn those around that are read from the right. A sign beside such a word is a part by itself, for they
/// would not turn it.
fn in_order(letters: &[Letter]) -> Vec<(f64, &Letter)> {
    let mut x = 0.0;
    let placed: Vec<(f64, &Letter)> = letters
        .iter()
        .map(|letter| {
            x += letter.advance;
            (x - letter.advance, letter)
        })
        .collect();
    let next = |a: &Letter, b: &Letter| a.at + a.text.len() == b.at;
    let one_run = |(_, a): &(f64, &Letter), (_, b): &(f64, &Letter)| {
        a.right_to_left == b.right_to_left && if a.right_to_left { next(b, a) } else { next(a, b) }
    };
    let mut parts = Vec::new();
    for run in placed.chunk_by(one_run) {
        let strong = |(_, letter): &(f64, &Letter)| !letter.right_to_left || is_right_to_left(&letter.text);
        let first = run.iter().position(strong).unwrap_or(run.len());
        let end = run.iter().rposition(strong).map_or(first, |last| last + 1);
        parts.extend(run[..first].chunks(1).chain([&run[first..end]]).chain(run[end..].chunks(1)));
    }
    parts.sort_by_key(|part| part.iter().map(|(_, letter)| letter.at).min());
    parts.concat()
}

/// Whether characters are of a script that is read from the right, and no signs that stand in it.
fn is_right_to_left(text: &str) -> bool {
    text.chars().any(|c| matches!(bidi_class(c), BidiClass::R | BidiClass::AL))
}

/// Splits a line of text at the changes of its face, and where a glyph alone does not tell the characters.
fn words(cut: &Faces, letters: &[Letter], size: f64) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    let mut before: Option<(f64, bool)> = None;
    for (x, letter) in in_order(letters) {
        // Where the order is not that on the paper, another word begins.
        let turns = before.is_some_and(|(end, right_to_left)| {
            right_to_left != letter.right_to_left || (end - x).abs() > 1e-6 * size
        });
        before = Some((x + letter.advance, letter.right_to_left));
        let codes = letter.face.and_then(|id| {
            let face = cut.get(id)?;
            let codes: Option<Vec<u16>> = letter.glyphs.iter().map(|glyph| face.number(glyph.id)).collect();
            Some((id, face, codes?))
        });
        if let Some((id, face, codes)) = codes {
            let text = letter.left_to_right();
            let told = matches!(codes.as_slice(), [code] if face.characters.get(code) == Some(&text));
            if turns || !told || words.last().is_none_or(|word| word.instead_of.is_some()) {
                words.push(Word { instead_of: (!told).then_some(text), runs: Vec::new() });
            }
            let Some(word) = words.last_mut() else { continue };
            for (glyph, code) in letter.glyphs.iter().zip(codes) {
                let at = DVec2::new(x, 0.0) + glyph.at;
                if word.runs.last().is_none_or(|run| run.face != id || (run.at.y - at.y).abs() > 1e-6 * size)
                {
                    word.runs.push(Run::new(id, at));
                }
                if let Some(run) = word.runs.last_mut() {
                    run.push(code, at.x, face.width(code) * size, size);
                }
            }
        } else {
            let mut run = Run::new(FaceId::REGULAR, DVec2::new(x, 0.0));
            run.push(0, x, letter.advance, size);
            run.unseen_width = Some(letter.advance);
            words.push(Word { instead_of: Some(letter.left_to_right()), runs: vec![run] });
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::faces::tests::{page_of, share_glyph};
    use crate::render::Weight;

    #[test]
    fn letters_are_shown_together_unless_a_glyph_does_not_tell_the_character() {
        let fonts = Fonts::default();
        let text = "aµμb∅ᚠ";
        let mut cut = Faces::of(&page_of(text), &fonts);
        share_glyph(&mut cut, 'µ', 'μ');
        let letters = letters(&fonts, text, 10.0, Weight::Regular);
        let words = words(&cut, &letters, 10.0);
        // The micro sign and the Greek letter share a glyph, which tells the first of them.
        let told: Vec<(Vec<usize>, Option<&str>, bool)> = words
            .iter()
            .map(|word| {
                let glyphs = |run: &Run| run.codes.iter().map(|(_, codes)| codes.len() / 2).sum();
                let unseen = word.runs.iter().any(|run| run.unseen_width.is_some());
                (word.runs.iter().map(glyphs).collect(), word.instead_of.as_deref(), unseen)
            })
            .collect();
        let expected = [
            (vec![2], None, false),
            (vec![1], Some("μ"), false),
            (vec![1, 1], None, false),
            (vec![1], Some("ᚠ"), true),
        ];
        assert_eq!(told, expected);
        let last = &words[3].runs[0];
        assert!(words[2].runs[1].face != FaceId::REGULAR && last.codes == [(0.0, vec![0, 0])]);
        let width: f64 = letters[..5].iter().map(|letter| letter.advance).sum();
        assert!((last.at.x - width).abs() < 1e-9);
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
