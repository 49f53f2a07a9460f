//! A line of text to glyphs in their places: the one home of directions, faces and shaping.
//!
//! The Unicode bidirectional algorithm (UAX #9, the direction of a paragraph from its first strong letter) cuts a line
//! into runs of one direction and puts these in order from left to right; a run is cut where its script or its face
//! changes; `harfrust`, which is `HarfBuzz`, joins, reorders and places the glyphs of each piece.

use std::ops::Range;

use glam::DVec2;
use harfrust::{Direction, Tag, UnicodeBuffer};
use skrifa::GlyphId;
use unicode_bidi::{Level, ParagraphBidiInfo};
use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;
use unicode_script::{Script, UnicodeScript as _};

use super::fonts::{Face, FaceId, Faces, Fonts, Weight};

/// Width of the box that stands for a character no font has, over the font size.
const BOX_WIDTH: f64 = 0.6;

/// A glyph of a letter.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Glyph {
    /// Its number in the face.
    pub id: GlyphId,
    /// Its origin from the start of its letter on the base line, in output pixels: x to the right, y down.
    pub at: DVec2,
}

/// What is drawn for characters that are not drawn one by one (a cluster): mostly one glyph for one character.
#[derive(Debug, Clone, PartialEq)]
pub struct Letter {
    /// The characters, in the order of reading.
    pub text: String,
    /// Where they begin in the text that was shaped, bytes.
    pub at: usize,
    /// The face of the glyphs; `None` when no face has the characters: a hollow box stands for them.
    pub face: Option<FaceId>,
    /// The glyphs from left to right.
    pub glyphs: Vec<Glyph>,
    /// From here to the next letter to the right, in output pixels.
    pub advance: f64,
    /// Whether it is read from right to left.
    pub right_to_left: bool,
}

impl Letter {
    /// The face and the glyph of a letter that is one glyph on the base line.
    pub fn single(&self) -> Option<(FaceId, GlyphId)> {
        match self.glyphs.as_slice() {
            [glyph] if glyph.at == DVec2::ZERO => Some((self.face?, glyph.id)),
            _ => None,
        }
    }

    /// The characters from left to right. So files say what glyphs stand for: their readers turn words around that are read
    /// from the right, and with them the characters of one glyph (poppler 22.12, `MuPDF` 1.28).
    pub fn left_to_right(&self) -> String {
        if self.right_to_left { self.text.chars().rev().collect() } else { self.text.clone() }
    }

    /// The character of a letter that is set by itself from left to right, as fonts without rules do it.
    pub fn character(&self) -> Option<char> {
        let mut characters = self.text.chars();
        let first = characters.next().filter(|_| !self.right_to_left && self.glyphs.len() <= 1)?;
        characters.next().is_none().then_some(first)
    }
}

/// The directions of the letters of a paragraph.
#[derive(Debug)]
pub struct Paragraph<'a> {
    text: &'a str,
    /// `None` where nothing is read from right to left.
    levels: Option<ParagraphBidiInfo<'a>>,
}

impl<'a> Paragraph<'a> {
    /// Of the words of a paragraph, which its first strong letter gives its direction.
    pub fn new(text: &'a str) -> Self {
        // No letter before the Hebrew ones is read from right to left, and no sign says that others are.
        let levels = text.chars().any(|c| c >= '\u{590}').then(|| {
            let signed = signed(text);
            let ParagraphBidiInfo { original_classes, levels, paragraph_level, is_pure_ltr, .. } =
                ParagraphBidiInfo::new(&signed, None);
            ParagraphBidiInfo { text, original_classes, levels, paragraph_level, is_pure_ltr }
        });
        Self { text, levels: levels.filter(ParagraphBidiInfo::has_rtl) }
    }

    /// The runs of one direction of a line, in bytes of the paragraph, from left to right; whether each is read from
    /// right to left.
    pub fn runs(&self, line: Range<usize>) -> Vec<(Range<usize>, bool)> {
        match &self.levels {
            _ if line.is_empty() => Vec::new(),
            None => vec![(line, false)],
            Some(info) => {
                let (levels, runs) = info.visual_runs(line);
                let turned = |run: Range<usize>| {
                    let right_to_left = levels.get(run.start).is_some_and(Level::is_rtl);
                    (run, right_to_left)
                };
                runs.into_iter().map(turned).collect()
            }
        }
    }

    /// The letters of a part of one run, from left to right.
    pub fn letters(
        &self,
        part: Range<usize>,
        right_to_left: bool,
        fonts: &Fonts,
        size_px: f64,
        weight: Weight,
    ) -> Vec<Letter> {
        self.shaped(part, right_to_left, &mut Faces::new(fonts, weight), size_px)
    }

    fn shaped(
        &self,
        part: Range<usize>,
        right_to_left: bool,
        faces: &mut Faces<'_>,
        size_px: f64,
    ) -> Vec<Letter> {
        let mut pieces = pieces(self.text, part, faces);
        if right_to_left {
            pieces.reverse();
        }
        let mut letters = Vec::new();
        for piece in pieces {
            if let Some(face) = piece.face.and_then(|place| faces.get(place)) {
                let shaped = shape(self.text, &piece, right_to_left, face, size_px);
                let boxes = shaped.iter().filter(|l| l.glyphs.iter().any(|g| g.id == GlyphId::NOTDEF));
                let characters = boxes.flat_map(|letter| letter.text.chars());
                faces.note_lacking(characters.filter(|c| !is_unseen(*c) && !face.has(*c)));
                letters.extend(shaped);
            } else {
                let letter = missing(self.text, piece.range, right_to_left, size_px);
                faces.note_lacking(letter.text.chars().filter(|c| !is_unseen(*c)));
                letters.push(letter);
            }
        }
        letters
    }
}

/// The letters of one line of text, from left to right.
pub fn letters(fonts: &Fonts, text: &str, size_px: f64, weight: Weight) -> Vec<Letter> {
    let mut faces = Faces::new(fonts, weight);
    let paragraph = Paragraph::new(text);
    let runs = paragraph.runs(0..text.len()).into_iter();
    runs.flat_map(|(run, right_to_left)| paragraph.shaped(run, right_to_left, &mut faces, size_px)).collect()
}

/// The text with a digit for every sign of a number, each of as many bytes: so the sign stays at the left of its number
/// among Hebrew and Arabic letters too. By the bidirectional algorithm alone, and in browsers, -5 HU is 5- HU there; that
/// a higher protocol says otherwise is allowed (UAX #9, HL2 and HL3).
fn signed(text: &str) -> String {
    let mut before = ' ';
    let mut rest = text.chars().peekable();
    let mut signed = String::with_capacity(text.len());
    while let Some(character) = rest.next() {
        let sign = !before.is_alphanumeric() && rest.peek().is_some_and(char::is_ascii_digit);
        signed.push(match character {
            '-' | '+' if sign => '0',
            '\u{2212}' if sign => '\u{ff10}',
            other => other,
        });
        before = character;
    }
    signed
}

/// Characters in a row of one script and one face.
struct Piece {
    range: Range<usize>,
    script: Script,
    /// Which of the [`Faces`]; `None` for one letter that no face has.
    face: Option<usize>,
}

/// Cuts a run where its script or its face changes, in the order of reading.
fn pieces(text: &str, run: Range<usize>, faces: &mut Faces<'_>) -> Vec<Piece> {
    let common = |script| matches!(script, Script::Common | Script::Inherited | Script::Unknown);
    let mut pieces: Vec<Piece> = Vec::new();
    let mut rest = run.start;
    while rest < run.end {
        let cluster = cluster(&text[rest..run.end]);
        let range = rest..rest + cluster.len();
        rest = range.end;
        let script = cluster.chars().map(|c| c.script()).find(|s| !common(*s)).unwrap_or(Script::Common);
        let face = face_of(cluster, faces);
        match pieces.last_mut() {
            Some(last)
                if face.is_some()
                    && last.face == face
                    && (last.script == script || common(last.script) || common(script)) =>
            {
                last.range.end = range.end;
                if common(last.script) {
                    last.script = script;
                }
            }
            Some(_) | None => pieces.push(Piece { range, script, face }),
        }
    }
    pieces
}

/// The first character of a text and what changes its looks: marks, joiners, variation selectors.
fn cluster(text: &str) -> &str {
    let extends = |c: char| is_combining_mark(c) || matches!(c, '\u{200c}' | '\u{200d}');
    let end = text.char_indices().skip(1).find(|(_, c)| !extends(*c));
    &text[..end.map_or(text.len(), |(at, _)| at)]
}

/// The first face that has a letter and its marks, by themselves or as one; else one that has the letter.
fn face_of(cluster: &str, faces: &mut Faces<'_>) -> Option<usize> {
    let mut characters = cluster.chars();
    let first = characters.next()?;
    if first.is_whitespace() || first.is_control() || is_unseen(first) {
        return faces.face_of(&[first]).or_else(|| faces.own());
    }
    if characters.next().is_none() {
        return faces.face_of(&[first]);
    }
    let seen: Vec<char> = cluster.chars().filter(|c| !is_unseen(*c)).collect();
    let whole: Vec<char> = seen.iter().copied().nfc().collect();
    faces.face_of(&whole).or_else(|| faces.face_of(&seen)).or_else(|| faces.face_of(&[first]))
}

/// Whether a line may end between this letter and another such: Chinese and Japanese have no spaces.
pub(crate) fn is_spaceless(letter: char) -> bool {
    matches!(letter.script(), Script::Han | Script::Hiragana | Script::Katakana)
}

/// Characters that say how others are shown and have no ink of their own (`Default_Ignorable_Code_Point`).
fn is_unseen(character: char) -> bool {
    matches!(character,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fff8}'
        | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

fn printed(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).collect()
}

fn missing(text: &str, range: Range<usize>, right_to_left: bool, size_px: f64) -> Letter {
    let (at, text) = (range.start, printed(&text[range]));
    Letter { text, at, face: None, glyphs: Vec::new(), advance: size_px * BOX_WIDTH, right_to_left }
}

/// The letters of a piece, from left to right.
fn shape(text: &str, piece: &Piece, right_to_left: bool, face: &Face<'_>, size_px: f64) -> Vec<Letter> {
    let Range { start, end } = piece.range.clone();
    let direction = if right_to_left { Direction::RightToLeft } else { Direction::LeftToRight };
    let script = Tag::new_checked(piece.script.short_name().as_bytes()).ok();
    let script = script.and_then(harfrust::Script::from_iso15924_tag).unwrap_or(harfrust::script::COMMON);
    let mut buffer = UnicodeBuffer::new();
    buffer.set_direction(direction);
    buffer.set_script(script);
    buffer.set_pre_context(&text[..start]);
    for (at, character) in text[start..end].char_indices().filter(|(_, c)| !c.is_control()) {
        buffer.add(character, u32::try_from(start + at).unwrap_or(u32::MAX));
    }
    buffer.set_post_context(&text[end..]);
    let (shaped, em) = face.shaper(script, direction, |shaper, plan| {
        let options = harfrust::ShapeOptions::new().plan(Some(plan));
        (shaper.shape(buffer, options), f64::from(shaper.units_per_em().max(1)))
    });
    let pixels = |units: i32| f64::from(units) * size_px / em;
    let glyphs: Vec<_> = shaped.glyph_infos().iter().zip(shaped.glyph_positions()).collect();
    let mut letters = Vec::with_capacity(glyphs.len());
    let mut last_start = end;
    let mut groups = glyphs.chunk_by(|(a, _), (b, _)| a.cluster == b.cluster).peekable();
    while let Some(group) = groups.next() {
        let begins =
            |group: &[(&harfrust::GlyphInfo, _)]| group.first().map(|(info, _)| info.cluster as usize);
        let from = begins(group).unwrap_or(start);
        let to = if right_to_left {
            last_start
        } else {
            groups.peek().and_then(|next| begins(next)).unwrap_or(end)
        };
        last_start = from;
        let mut pen = DVec2::ZERO;
        let placed = group.iter().map(|(info, place)| {
            let at = pen + DVec2::new(pixels(place.x_offset), -pixels(place.y_offset));
            pen += DVec2::new(pixels(place.x_advance), -pixels(place.y_advance));
            Glyph { id: GlyphId::new(info.glyph_id), at }
        });
        let glyphs = placed.collect();
        let text = printed(text.get(from..to).unwrap_or_default());
        letters.push(Letter { text, at: from, face: Some(face.id), glyphs, advance: pen.x, right_to_left });
    }
    letters
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The glyphs of a line from left to right, in units of Liberation Sans: number, where its letter's characters
    /// begin, where it is on the line.
    fn set(text: &str) -> Vec<(u32, usize, [f64; 2])> {
        let mut x = 0.0;
        let mut found = Vec::new();
        for letter in letters(&Fonts::default(), text, 2048.0, Weight::Regular) {
            let glyphs = letter.glyphs.iter();
            found.extend(glyphs.map(|g| (g.id.to_u32(), letter.at, [x + g.at.x, g.at.y])));
            x += letter.advance;
        }
        found
    }

    /// Glyphs in a row on the base line: number, where its characters begin, advance.
    fn row(glyphs: &[(u32, usize, f64)]) -> Vec<(u32, usize, [f64; 2])> {
        let mut x = 0.0;
        let mut place = |advance: f64| {
            x += advance;
            x - advance
        };
        glyphs.iter().map(|(id, at, advance)| (*id, *at, [place(*advance), 0.0])).collect()
    }

    /// The numbers are those of `HarfBuzz` 15.0 (`uharfbuzz` 0.57) with the same font, one call for each run.
    #[test]
    fn hebrew_is_set_from_the_right_and_what_stands_in_it_from_the_left() {
        let expected = row(&[
            (11, 15, 682.0), // the closing bracket, turned
            (43, 13, 1479.0),
            (56, 14, 1479.0),
            (3, 12, 569.0),
            (22, 10, 1139.0),
            (27, 11, 1139.0),
            (12, 9, 682.0),
            (3, 8, 569.0),
            (1293, 6, 1389.0),
            (1285, 4, 532.0),
            (1292, 2, 1085.0),
            (1305, 0, 1495.0),
        ]);
        assert_eq!(set("שלום (38 HU)"), expected);
    }

    #[test]
    fn words_of_two_directions_stand_in_the_order_of_their_paragraph() {
        let text = |text: &str| -> String {
            let letters = letters(&Fonts::default(), text, 10.0, Weight::Regular);
            letters.iter().map(|letter| letter.text.as_str()).collect()
        };
        // A Latin paragraph: the Hebrew name alone is turned.
        assert_eq!(text("L1 שלום 12.3 mm"), "L1 12.3 םולש mm");
        assert_eq!(text("L1 (שלום), 12.3 mm"), "L1 (םולש), 12.3 mm");
        // A Hebrew one, and signs that say otherwise.
        assert_eq!(text("שלום 12.3 mm"), "mm 12.3 םולש");
        assert_eq!(text("שלום 5 × 3 mm"), "mm 3 × 5 םולש");
        // A sign stays at its number.
        assert_eq!(text("שלום \u{2212}5, -12 HU"), "HU -12 ,\u{2212}5 םולש");
        assert_eq!(text("L1 שלום -5 HU"), "L1 -5 םולש HU");
        assert_eq!(text("שלום 2024-01-05"), "2024-01-05 םולש");
        assert_eq!(text("\u{200e}שלום, a"), "\u{200e}םולש, a");
        assert_eq!(text("אב\u{2067}ab\u{2069}"), "\u{2069}ab\u{2067}בא");
        assert_eq!(text("a\tb\u{7f}"), "ab");
    }

    /// Where each letter begins from left to right, and the end of the line, as Chromium 156 says with the same faces at
    /// 1000 px and `dir="auto"`.
    #[test]
    fn lines_are_set_as_a_browser_sets_them() {
        let browser: [(&str, &str, &[i32]); 5] = [
            (
                "قباني (T2) 12 mm",
                "1|2| |m|m| |)|T|2|(| |ي|ن|ا|ب|ق",
                &[
                    0, 556, 1112, 1390, 2223, 3056, 3334, 3667, 4278, 4834, 5167, 5445, 6181, 6450, 6741,
                    7084, 7531,
                ],
            ),
            (
                "محمّد قباني",
                "ي|ن|ا|ب|ق| |د|م\u{651}|ح|م",
                &[0, 736, 1005, 1296, 1639, 2086, 2364, 2896, 3474, 4111, 4636],
            ),
            (
                "L1 שלום 12.3 mm",
                "L|1| |1|2|.|3| |ם|ו|ל|ש| |m|m",
                &[0, 556, 1112, 1390, 1946, 2502, 2780, 3336, 3614, 4292, 4552, 5082, 5812, 6090, 6923, 7756],
            ),
            ("शर्मा क्षत्रिय", "श|र्मा| |क्ष|त्रि|य", &[0, 680, 1537, 1815, 2527, 3338, 3918]),
            ("山田 太郎", "山|田| |太|郎", &[0, 1000, 2000, 2278, 3278, 4278]),
        ];
        for (text, expected, places) in browser {
            let letters = letters(&Fonts::default(), text, 1000.0, Weight::Regular);
            let found: Vec<&str> = letters.iter().map(|letter| letter.text.as_str()).collect();
            assert_eq!(found.join("|"), expected);
            let mut x = 0.0;
            for (place, advance) in
                places.iter().zip(letters.iter().map(|letter| letter.advance).chain([0.0]))
            {
                assert!((x - f64::from(*place)).abs() < 1.0, "{text}: {x} {place}");
                x += advance;
            }
            assert_eq!(letters.len() + 1, places.len());
        }
    }

    /// The numbers are those of `HarfBuzz` 15.0 (`uharfbuzz` 0.57) with the same faces: glyph, where its cluster begins,
    /// advance of the cluster, in units of the face.
    #[test]
    fn arabic_letters_join_and_indic_ones_reorder() {
        let glyphs = |text: &str, em: f64| -> Vec<(Vec<u32>, usize, f64)> {
            let letters = letters(&Fonts::default(), text, em, Weight::Bold);
            let ids = |letter: &Letter| letter.glyphs.iter().map(|glyph| glyph.id.to_u32()).collect();
            letters.iter().map(|letter| (ids(letter), letter.at, letter.advance)).collect()
        };
        let name = [
            (vec![1489], 8, 736.0),
            (vec![833], 6, 269.0),
            (vec![47], 4, 291.0),
            (vec![104], 2, 343.0),
            (vec![947], 0, 447.0),
        ];
        assert_eq!(glyphs("قباني", 1000.0), name);
        // Lam and alef are one glyph; a mark is over its letter.
        assert_eq!(glyphs("لا", 1000.0), [(vec![704], 0, 582.0)]);
        let marked = letters(&Fonts::default(), "محمّد", 1000.0, Weight::Regular);
        assert_eq!(
            marked[1].glyphs.iter().map(|g| (g.id.to_u32(), g.at)).collect::<Vec<_>>(),
            [(1154, DVec2::new(128.0, 96.0)), (773, DVec2::ZERO),]
        );
        // The reph of `rm` is over the vowel sign that follows; a vowel sign i stands before its letters.
        assert_eq!(glyphs("शर्मा", 1000.0), [(vec![58], 0, 680.0), (vec![50, 66, 181], 3, 857.0)]);
        let word = [(vec![179], 0, 712.0), (vec![607, 269], 9, 811.0), (vec![51], 21, 580.0)];
        assert_eq!(glyphs("क्षत्रिय", 1000.0), word);
        assert_eq!(glyphs("山田", 256.0), [(vec![4238], 0, 256.0), (vec![10573], 3, 256.0)]);
    }

    #[test]
    fn what_no_font_has_is_told_by_name_once_it_is_drawn() {
        let fonts = Fonts::default().noting();
        let draw = |text: &str| letters(&fonts.clone(), text, 10.0, Weight::Regular).len();
        assert_eq!((draw("a م 山 \u{200e}\n\u{2003}"), fonts.lacking()), (8, None));
        draw("\u{16a0}b\u{16a0}");
        let named = "no font here has U+16A0 RUNIC LETTER FEHU FEOH FE F";
        assert_eq!(fonts.lacking().as_deref(), Some(named));
        // A mark of another script over a letter that is there.
        draw("a\u{1b34}");
        assert_eq!(fonts.lacking(), Some(format!("{named}, U+1B34 BALINESE SIGN REREKAN")));
        draw("\u{13000}\u{13001}\u{13002}\u{13003}");
        assert!(fonts.lacking().unwrap().ends_with("U+13002 EGYPTIAN HIEROGLYPH A003, 1 more"));
        assert_eq!((Fonts::default().lacking(), fonts.noting().lacking()), (None, None));
    }

    #[test]
    fn pairs_are_closer_and_marks_are_over_their_letters() {
        let advances = [1214.0, 1214.0, 1214.0, 1099.0, 1366.0, 1479.0, 532.0, 1024.0, 1139.0];
        let glyphs = [36, 57, 36, 55, 36, 53, 3, 55, 82];
        let kerned: Vec<_> = (0..9).map(|at| (glyphs[at], at, advances[at])).collect();
        assert_eq!(set("AVATAR To"), row(&kerned));
        // One glyph for the letter with its accent where the font has it, else two.
        assert_eq!(set("e\u{301}"), [(171, 0, [0.0, 0.0])]);
        assert_eq!(set("q\u{301}"), [(84, 0, [0.0, 0.0]), (707, 0, [775.0, 340.0])]);
        // Shin with its dot and a vowel.
        assert_eq!(set("\u{5e9}\u{5c1}\u{5b8}"), [(1264, 0, [720.0, 0.0]), (2292, 0, [0.0, 0.0])]);
    }

    #[test]
    fn letters_say_their_characters_and_how_they_are_set() {
        let fonts = Fonts::default();
        let line = letters(&fonts, "aq\u{301}ש\u{1f600}\u{fe0f} \u{2003}", 10.0, Weight::Regular);
        let told: Vec<(&str, bool, Option<char>, bool)> = line
            .iter()
            .map(|l| (l.text.as_str(), l.face.is_some(), l.character(), l.single().is_some()))
            .collect();
        let expected = [
            ("a", true, Some('a'), true),
            ("q\u{301}", true, None, false),
            ("ש", true, None, true),
            ("\u{1f600}\u{fe0f}", false, None, false),
            (" ", true, Some(' '), true),
            ("\u{2003}", true, Some('\u{2003}'), true),
        ];
        assert_eq!(told, expected);
        assert!((line[3].advance - 6.0).abs() < 1e-9, "a box");
    }

    #[test]
    fn nothing_is_lost_and_nothing_panics() {
        let fonts = Fonts::default();
        for text in [
            "\u{301}",
            "\u{200d}\u{200c}",
            "\u{202e}abc",
            "\u{e000}\u{10ffff}",
            "א\n1\u{5b8}",
            "\u{16a0}\u{16a2} שלום",
        ] {
            let line = letters(&fonts, text, 10.0, Weight::Bold);
            let mut all: Vec<char> = line.iter().flat_map(|letter| letter.text.chars()).collect();
            let mut given: Vec<char> = text.chars().filter(|c| !c.is_control()).collect();
            all.sort_unstable();
            given.sort_unstable();
            assert_eq!(all, given, "{text:?}");
        }
    }
}
