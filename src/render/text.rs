//! Words to outlines: fonts, widths, glyphs. Left to right, one glyph for each character.

use std::sync::Arc;

use epaint_default_fonts::HACK_REGULAR;
use glam::DVec2;
use skrifa::instance::{LocationRef, Size};
use skrifa::outline::{DrawSettings, OutlinePen};
use skrifa::{FontRef, GlyphId, MetadataProvider as _};
use tiny_skia::{Path, PathBuilder};

use super::paint::narrow;

/// Liberation Sans, of the same widths as Arial: what journals ask for. On the screen and in files.
pub const REGULAR: &[u8] = include_bytes!("../../assets/fonts/LiberationSans-Regular.ttf");
/// Its bold face.
pub const BOLD: &[u8] = include_bytes!("../../assets/fonts/LiberationSans-Bold.ttf");

/// Height of a line over the font size.
pub(super) const LINE_HEIGHT: f64 = 1.15;
/// From the top of a line to its base line, over the font size.
pub const ASCENT: f64 = 0.905;
/// Width of the box that stands for a character no font has, over the font size.
const BOX_WIDTH: f64 = 0.6;

/// How heavy letters are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Weight {
    /// As text is.
    #[default]
    Regular,
    /// As the letters of panels often are.
    Bold,
}

/// A font file and which of its faces.
#[derive(Debug, Clone)]
pub struct FontFace {
    /// The file's bytes.
    pub data: Arc<[u8]>,
    /// The face in a collection (`.ttc`), 0 otherwise.
    pub index: u32,
}

/// The fonts letters are taken from: the bundled ones, then the given ones.
#[derive(Debug, Clone, Default)]
pub struct Fonts {
    /// Faces for characters that the bundled fonts lack; the first that has one is used.
    pub faces: Vec<FontFace>,
}

/// Which face of [`Fonts`], whatever the weight that is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FaceId(usize);

impl FaceId {
    /// [`REGULAR`].
    pub const REGULAR: Self = Self(0);
    /// [`BOLD`].
    pub const BOLD: Self = Self(1);
    const SYMBOLS: Self = Self(2);
    const FIRST_GIVEN: usize = 3;
}

impl Fonts {
    /// The bytes of a face and which it is in its file; `None` when these fonts have no such face.
    pub fn file(&self, face: FaceId) -> Option<(&[u8], u32)> {
        match face {
            FaceId::REGULAR => Some((REGULAR, 0)),
            FaceId::BOLD => Some((BOLD, 0)),
            FaceId::SYMBOLS => Some((HACK_REGULAR, 0)),
            FaceId(given) => {
                self.faces.get(given - FaceId::FIRST_GIVEN).map(|face| (face.data.as_ref(), face.index))
            }
        }
    }

    /// Every face that can be read, in order of preference.
    fn readable(&self, weight: Weight) -> Vec<(FaceId, FontRef<'_>)> {
        let own = match weight {
            Weight::Regular => FaceId::REGULAR,
            Weight::Bold => FaceId::BOLD,
        };
        let given = (FaceId::FIRST_GIVEN..).map(FaceId).take(self.faces.len());
        let read = |face| {
            let (data, index) = self.file(face)?;
            Some((face, FontRef::from_index(data, index).ok()?))
        };
        [own, FaceId::SYMBOLS].into_iter().chain(given).filter_map(read).collect()
    }

    /// Whether some face has this character.
    pub fn has(&self, character: char) -> bool {
        self.readable(Weight::Regular).iter().any(|(_, font)| glyph(font, character).is_some())
    }
}

fn glyph(font: &FontRef<'_>, character: char) -> Option<GlyphId> {
    font.charmap().map(character).filter(|glyph| *glyph != GlyphId::NOTDEF)
}

/// One character of a line of text, and what stands for it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Letter {
    /// The character.
    pub character: char,
    /// A face and its glyph; `None` for a character that no face has: a hollow box stands for it.
    pub glyph: Option<(FaceId, GlyphId)>,
    /// From here to the next letter, in output pixels.
    pub advance: f64,
}

/// The letters of one line of text, from left to right.
pub fn letters(fonts: &Fonts, text: &str, size_px: f64, weight: Weight) -> Vec<Letter> {
    let mut letters = Vec::new();
    for_each_letter(fonts, text, size_px, weight, |letter, _| letters.push(*letter));
    letters
}

/// Width and line height of one line of text, in the unit of `size_px`.
pub fn measure(fonts: &Fonts, text: &str, size_px: f64) -> DVec2 {
    measure_in(fonts, text, size_px, Weight::Regular)
}

/// [`measure`] for letters of a weight.
pub fn measure_in(fonts: &Fonts, text: &str, size_px: f64, weight: Weight) -> DVec2 {
    let mut width = 0.0;
    for_each_letter(fonts, text, size_px, weight, |letter, _| width += letter.advance);
    DVec2::new(width, size_px * LINE_HEIGHT)
}

/// The outline of one line of text whose top left corner is at `at`; `None` when it has no ink.
///
/// Only the letters that `wanted` names are drawn; the others leave their gap.
pub fn outline(
    fonts: &Fonts,
    text: &str,
    size_px: f64,
    weight: Weight,
    at: DVec2,
    wanted: impl Fn(&Letter) -> bool,
) -> Option<Path> {
    let mut pen = Pen { path: PathBuilder::new(), origin: at + DVec2::new(0.0, size_px * ASCENT) };
    let size = Size::new(narrow(size_px));
    for_each_letter(fonts, text, size_px, weight, |letter, font| {
        match letter.glyph.zip(font).filter(|_| wanted(letter)) {
            Some(((_, glyph), font)) => {
                if let Some(outline) = font.outline_glyphs().get(glyph) {
                    // What cannot be drawn is left out, as a space is.
                    let settings = DrawSettings::unhinted(size, LocationRef::default());
                    outline.draw(settings, &mut pen).ok();
                }
            }
            None if wanted(letter) => pen.missing(size_px),
            None => {}
        }
        pen.origin.x += letter.advance;
    });
    pen.path.finish()
}

/// Calls `each(letter, its font)` for the characters of a line; no font for a missing character.
fn for_each_letter<'a>(
    fonts: &'a Fonts,
    text: &str,
    size_px: f64,
    weight: Weight,
    mut each: impl FnMut(&Letter, Option<&FontRef<'a>>),
) {
    let readable = fonts.readable(weight);
    for character in text.chars().filter(|c| !c.is_control()) {
        let found = readable.iter().find_map(|(face, font)| Some((*face, font, glyph(font, character)?)));
        let advance = found.and_then(|(_, font, glyph)| {
            font.glyph_metrics(Size::new(narrow(size_px)), LocationRef::default()).advance_width(glyph)
        });
        let letter = Letter {
            character,
            glyph: found.map(|(face, _, glyph)| (face, glyph)),
            advance: advance.map_or(size_px * BOX_WIDTH, f64::from),
        };
        each(&letter, found.map(|(_, font, _)| font));
    }
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
    use super::*;

    #[test]
    fn latin_greek_cyrillic_and_units_are_there() {
        let fonts = Fonts::default();
        for character in "AZaz09äçñøß ΑΩαω АЯая °²³µ±×–—…•→≤≥ő".chars() {
            assert!(fonts.has(character), "{character}");
        }
    }

    #[test]
    fn a_missing_character_is_a_box_and_a_broken_font_no_panic() {
        let broken = FontFace { data: Arc::from([1_u8, 2, 3]), index: 9 };
        let fonts = Fonts { faces: vec![broken] };
        assert!(!fonts.has('漢'));
        assert!((measure(&fonts, "漢", 10.0).x - 6.0).abs() < 1e-9);
        let bounds = outline(&fonts, "漢", 10.0, Weight::Regular, DVec2::ZERO, |_| true).unwrap().bounds();
        assert!((bounds.width() - 4.4).abs() < 1e-4 && (bounds.height() - 7.0).abs() < 1e-4);
        assert!(outline(&fonts, " \n\u{7f}", 10.0, Weight::Bold, DVec2::ZERO, |_| true).is_none());
    }

    #[test]
    fn a_letter_says_where_its_glyph_is_and_an_outline_can_leave_letters_out() {
        let fonts = Fonts::default();
        let faces: Vec<Option<FaceId>> = letters(&fonts, "a∅漢", 10.0, Weight::Bold)
            .iter()
            .map(|letter| letter.glyph.map(|(face, _)| face))
            .collect();
        assert_eq!(faces, [Some(FaceId::BOLD), Some(FaceId::SYMBOLS), None]);
        assert!(fonts.file(FaceId::SYMBOLS).is_some() && fonts.file(FaceId(3)).is_none());
        let bounds = |wanted: fn(&Letter) -> bool| {
            outline(&fonts, "a漢", 10.0, Weight::Regular, DVec2::ZERO, wanted).map(|path| path.bounds())
        };
        let missing = bounds(|letter| letter.glyph.is_none()).unwrap();
        assert!((missing.width() - 4.4).abs() < 1e-4 && missing.left() > 5.0);
        assert!(bounds(|letter| letter.glyph.is_some()).unwrap().right() < 6.0);
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
