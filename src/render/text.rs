//! Words to outlines: widths, shapes.

use glam::DVec2;
use skrifa::instance::{LocationRef, Size};
use skrifa::outline::{DrawSettings, OutlinePen};
use skrifa::{FontRef, MetadataProvider as _};
use tiny_skia::{Path, PathBuilder};

pub use super::fonts::{BOLD, REGULAR};
use super::fonts::{Fonts, Weight};
use super::paint::narrow;
use super::shape::Letter;
pub use super::shape::letters;

/// Height of a line over the font size.
pub(super) const LINE_HEIGHT: f64 = 1.15;
/// From the top of a line to its base line, over the font size.
pub const ASCENT: f64 = 0.905;

/// The width of letters in a row, in their own unit.
pub fn width(letters: &[Letter]) -> f64 {
    letters.iter().map(|letter| letter.advance).sum()
}

/// Width and line height of one line of text, in the unit of `size_px`.
pub fn measure(fonts: &Fonts, text: &str, size_px: f64) -> DVec2 {
    measure_in(fonts, text, size_px, Weight::Regular)
}

/// [`measure`] for letters of a weight.
pub fn measure_in(fonts: &Fonts, text: &str, size_px: f64, weight: Weight) -> DVec2 {
    DVec2::new(width(&letters(fonts, text, size_px, weight)), size_px * LINE_HEIGHT)
}

/// The outline of one line of text whose top left corner is at `at`; `None` when it has no ink.
pub fn outline(fonts: &Fonts, text: &str, size_px: f64, weight: Weight, at: DVec2) -> Option<Path> {
    let line = letters(fonts, text, size_px, weight);
    outline_of(fonts, &line, size_px, at + DVec2::new(0.0, size_px * ASCENT), |_| true)
}

/// [`outline`] of letters whose base line begins at `start`.
///
/// Only the letters that `wanted` names are drawn; the others leave their gap.
pub fn outline_of(
    fonts: &Fonts,
    letters: &[Letter],
    size_px: f64,
    start: DVec2,
    wanted: impl Fn(&Letter) -> bool,
) -> Option<Path> {
    let mut pen = Pen { path: PathBuilder::new(), origin: start };
    let size = Size::new(narrow(size_px));
    let mut x = start.x;
    for run in letters.chunk_by(|a, b| a.face == b.face) {
        let font = run.first().and_then(|letter| fonts.font(letter.face?));
        let outlines = font.as_ref().map(FontRef::outline_glyphs);
        for letter in run {
            let place = DVec2::new(x, start.y);
            x += letter.advance;
            pen.origin = place;
            match &outlines {
                _ if !wanted(letter) => {}
                Some(outlines) => {
                    for glyph in &letter.glyphs {
                        pen.origin = place + glyph.at;
                        if let Some(outline) = outlines.get(glyph.id) {
                            // What cannot be drawn is left out, as a space is.
                            let settings = DrawSettings::unhinted(size, LocationRef::default());
                            outline.draw(settings, &mut pen).ok();
                        }
                    }
                }
                None => pen.missing(size_px),
            }
        }
    }
    pen.path.finish()
}

struct Pen {
    path: PathBuilder,
    /// Where the glyph's base line starts.
    origin: DVec2,
}

impl Pen {
    /// Font outlines have their y axis up.
    fn place(&self, x: f32, y: f32) -> (f32, f32) {
        (narrow(self.origin.x) + x, narrow(self.origin.y) - y)
    }

    /// A hollow box, so that a missing character is seen to be missing.
    fn missing(&mut self, size_px: f64) {
        let size = narrow(size_px);
        // The inner rectangle runs the other way round: by the winding rule it is a hole.
        for (inset, reversed) in [(0.0, false), (0.07, true)] {
            let (left, right) = ((0.08 + inset) * size, (0.52 - inset) * size);
            let (bottom, top) = (inset * size, (0.7 - inset) * size);
            let mut corners = [(left, bottom), (right, bottom), (right, top), (left, top)];
            if reversed {
                corners.reverse();
            }
            self.move_to(corners[0].0, corners[0].1);
            corners[1..].iter().for_each(|(x, y)| self.line_to(*x, *y));
            self.close();
        }
    }
}

impl OutlinePen for Pen {
    fn move_to(&mut self, x: f32, y: f32) {
        let (x, y) = self.place(x, y);
        self.path.move_to(x, y);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        let (x, y) = self.place(x, y);
        self.path.line_to(x, y);
    }

    fn quad_to(&mut self, cx: f32, cy: f32, x: f32, y: f32) {
        let ((cx, cy), (x, y)) = (self.place(cx, cy), self.place(x, y));
        self.path.quad_to(cx, cy, x, y);
    }

    fn curve_to(&mut self, ax: f32, ay: f32, bx: f32, by: f32, x: f32, y: f32) {
        let ((ax, ay), (bx, by), (x, y)) = (self.place(ax, ay), self.place(bx, by), self.place(x, y));
        self.path.cubic_to(ax, ay, bx, by, x, y);
    }

    fn close(&mut self) {
        self.path.close();
    }
}

#[cfg(test)]
mod tests {
    use super::super::fonts::{FaceId, FontFace};
    use super::*;

    #[test]
    fn a_missing_character_is_a_box_and_a_broken_font_no_panic() {
        let broken = FontFace::new([1_u8, 2, 3], 9);
        let fonts = Fonts::new(vec![broken]);
        assert!(!fonts.has('ᚠ'));
        assert!((measure(&fonts, "ᚠ", 10.0).x - 6.0).abs() < 1e-9);
        let bounds = outline(&fonts, "ᚠ", 10.0, Weight::Regular, DVec2::ZERO).unwrap().bounds();
        assert!((bounds.width() - 4.4).abs() < 1e-4 && (bounds.height() - 7.0).abs() < 1e-4);
        assert!(outline(&fonts, " \n\u{7f}", 10.0, Weight::Bold, DVec2::ZERO).is_none());
    }

    #[test]
    fn a_letter_says_where_its_glyph_is_and_an_outline_can_leave_letters_out() {
        let fonts = Fonts::default();
        let faces: Vec<Option<FaceId>> =
            letters(&fonts, "a∅ᚠ", 10.0, Weight::Bold).iter().map(|letter| letter.face).collect();
        assert_eq!(faces, [Some(FaceId::BOLD), Some(FaceId::SYMBOLS), None]);
        let bounds = |wanted: fn(&Letter) -> bool| {
            let line = letters(&fonts, "aᚠ", 10.0, Weight::Regular);
            outline_of(&fonts, &line, 10.0, DVec2::ZERO, wanted).map(|path| path.bounds())
        };
        let missing = bounds(|letter| letter.face.is_none()).unwrap();
        assert!((missing.width() - 4.4).abs() < 1e-4 && missing.left() > 5.0);
        assert!(bounds(|letter| letter.face.is_some()).unwrap().right() < 6.0);
        assert_eq!(bounds(|_| false), None);
    }

    #[test]
    fn width_grows_with_size_and_with_words() {
        let fonts = Fonts::default();
        let small = measure(&fonts, "12.3 mm", 10.0);
        let large = measure(&fonts, "12.3 mm", 20.0);
        assert!((large.x - 2.0 * small.x).abs() < 1e-3 && small.x > 25.0 && small.x < 50.0);
        assert!((measure(&fonts, "", 10.0).x).abs() < f64::EPSILON);
    }
}
