use std::collections::{BTreeMap, BTreeSet};

use pdf_writer::types::UnicodeCmap;
use skrifa::instance::{LocationRef, Size};
use skrifa::raw::types::Tag;
use skrifa::string::StringId;
use skrifa::{FontRef, GlyphId, MetadataProvider as _};
use subsetter::GlyphRemapper;

use crate::render::text::letters;
use crate::render::{DrawingList, FaceId, Fonts, Item, Letter, Page};

/// The faces that a page's letters are taken from, each cut down to the glyphs that are used.
#[derive(Debug, Default)]
pub(super) struct Faces(BTreeMap<FaceId, Face>);

/// One face, cut down. Its glyphs have new numbers, 1 and up in the order of the old ones.
#[derive(Debug)]
pub(super) struct Face {
    /// Its name inside a file.
    pub(super) name: String,
    /// The font file, without the table that finds a glyph by its character.
    pub(super) file: Vec<u8>,
    /// The new number of each glyph.
    numbers: BTreeMap<GlyphId, u16>,
    /// What each glyph alone says, by new number: one thing of several that have the same glyph.
    pub(super) characters: BTreeMap<u16, String>,
    /// The glyph of every character that is set by itself.
    pub(super) glyphs: BTreeMap<char, u16>,
    /// The advance of each glyph, by new number, in thousandths of the font size.
    pub(super) widths: Vec<f32>,
    /// What the font calls itself.
    pub(super) family: String,
}

/// What of a face is used: its glyphs with what each says alone, and the characters that are set by themselves.
#[derive(Debug, Default)]
struct Used {
    glyphs: BTreeMap<GlyphId, BTreeSet<String>>,
    characters: BTreeMap<char, GlyphId>,
}

impl Faces {
    /// The faces of every letter of a page, and the regular one, which has the empty glyph behind hollow boxes.
    ///
    /// A face whose outlines can be cut down in no way (bitmaps, CFF2) is not among them.
    pub(super) fn of(page: &Page, fonts: &Fonts) -> Self {
        Self::of_letters(page_letters(page, fonts), fonts)
    }

    /// [`Self::of`] letters.
    pub(super) fn of_letters(letters: impl Iterator<Item = Letter>, fonts: &Fonts) -> Self {
        let mut used = BTreeMap::from([(FaceId::REGULAR, Used::default())]);
        for letter in letters {
            let Some(face) = letter.face else { continue };
            let used = used.entry(face).or_default();
            for glyph in &letter.glyphs {
                used.glyphs.entry(glyph.id).or_default();
            }
            if let [glyph] = letter.glyphs.as_slice() {
                used.characters.extend(letter.character().map(|character| (character, glyph.id)));
                used.glyphs.entry(glyph.id).or_default().insert(letter.left_to_right());
            }
        }
        let cut = |(place, (id, used)): (usize, (FaceId, Used))| {
            let (data, index) = fonts.file(id)?;
            Some((id, Face::cut(format!("F{place}"), data, index, &used)?))
        };
        Self(used.into_iter().enumerate().filter_map(cut).collect())
    }

    /// The faces in a fixed order.
    pub(super) fn iter(&self) -> impl Iterator<Item = (FaceId, &Face)> {
        self.0.iter().map(|(id, face)| (*id, face))
    }

    /// A face; `None` when it could not be cut down.
    pub(super) fn get(&self, id: FaceId) -> Option<&Face> {
        self.0.get(&id)
    }

    /// Whether a letter can be set in one of the faces. If not, its outline has to be drawn.
    pub(super) fn have(&self, letter: &Letter) -> bool {
        letter.face.is_some_and(|face| self.0.contains_key(&face))
    }
}

/// Every letter of a page.
pub(super) fn page_letters<'a>(page: &'a Page, fonts: &'a Fonts) -> impl Iterator<Item = Letter> + 'a {
    lists(page).flat_map(|list| texts(list, fonts)).flatten()
}

/// Every list of a page.
fn lists(page: &Page) -> impl Iterator<Item = &DrawingList> {
    page.panels.iter().map(|panel| &panel.list).chain([&page.list])
}

/// The letters of every line of text of a list.
fn texts<'a>(list: &'a DrawingList, fonts: &'a Fonts) -> impl Iterator<Item = Vec<Letter>> + 'a {
    list.items.iter().filter_map(|item| match item {
        Item::Text { text, size_px, weight, .. } => Some(letters(fonts, text, *size_px, *weight)),
        Item::Line { .. } | Item::Fill { .. } => None,
    })
}

impl Face {
    fn cut(name: String, data: &[u8], index: u32, used: &Used) -> Option<Self> {
        let font = FontRef::from_index(data, index).ok()?;
        let map = font.charmap();
        let mut remapper = GlyphRemapper::new();
        let (mut numbers, mut characters) = (BTreeMap::new(), BTreeMap::new());
        for (glyph, texts) in &used.glyphs {
            let new = remapper.remap(u16::try_from(glyph.to_u32()).ok()?);
            numbers.insert(*glyph, new);
            // A bracket that is read from the right has the glyph of the other: the font's own word comes first.
            let own = |text: &&String| {
                let mut characters = text.chars();
                characters.next().and_then(|c| map.map(c)) == Some(*glyph) && characters.next().is_none()
            };
            if let Some(text) = texts.iter().find(own).or(texts.first()) {
                characters.insert(new, text.clone());
            }
        }
        let glyphs =
            used.characters.iter().filter_map(|(c, glyph)| Some((*c, *numbers.get(glyph)?))).collect();
        let file = subsetter::subset(data, index, &remapper).ok()?;
        let metrics = font.glyph_metrics(Size::unscaled(), LocationRef::default());
        let em = f32::from(font.metrics(Size::unscaled(), LocationRef::default()).units_per_em.max(1));
        let width = |old: u16| {
            let units = metrics.advance_width(GlyphId::from(old)).unwrap_or_default();
            units * 1000.0 / em
        };
        let widths = remapper.remapped_gids().map(width).collect();
        let family = font.localized_strings(StringId::FAMILY_NAME).english_or_first();
        let family = family.map_or_else(|| "Unnamed".to_owned(), |family| family.chars().collect());
        Some(Self { name, file, numbers, characters, glyphs, widths, family })
    }

    /// The new number of a glyph.
    pub(super) fn number(&self, glyph: GlyphId) -> Option<u16> {
        self.numbers.get(&glyph).copied()
    }

    /// The advance of a glyph by its new number, over the font size.
    pub(super) fn width(&self, number: u16) -> f64 {
        f64::from(self.widths.get(usize::from(number)).copied().unwrap_or_default()) / 1000.0
    }

    /// The table of that name in the cut-down file.
    pub(super) fn table(&self, name: [u8; 4]) -> Option<&[u8]> {
        let font = FontRef::new(&self.file).ok()?;
        Some(font.table_data(Tag::new(&name))?.as_bytes())
    }

    /// The character of every glyph, as a PDF wants it.
    pub(super) fn to_unicode(&self) -> Vec<u8> {
        let mut map = UnicodeCmap::new(pdf_writer::Name(b"Characters"), super::pdf_fonts::SYSTEM);
        for (glyph, text) in &self.characters {
            map.pair_with_multiple(*glyph, text.chars());
        }
        map.finish().into_vec()
    }

    /// The font file with the tables that a browser asks for and a PDF does without: which glyph a character has
    /// (`cmap`), and of the whole font its metrics on every system (`OS/2`).
    pub(super) fn web_font(&self, whole: &FontRef<'_>) -> Option<Vec<u8>> {
        let cut = FontRef::new(&self.file).ok()?;
        let mut tables: BTreeMap<[u8; 4], Vec<u8>> = BTreeMap::new();
        for record in cut.table_directory.table_records() {
            let tag = record.tag();
            tables.insert(tag.to_be_bytes(), cut.table_data(tag)?.as_bytes().to_vec());
        }
        if let Some(metrics) = whole.table_data(Tag::new(b"OS/2")) {
            tables.insert(*b"OS/2", metrics.as_bytes().to_vec());
        }
        tables.insert(*b"cmap", self.character_table());
        Some(font_file(self.file.get(..4)?, &tables))
    }

    /// A `cmap` of format 12, one group a character.
    fn character_table(&self) -> Vec<u8> {
        let groups = u32::try_from(self.glyphs.len()).unwrap_or(u32::MAX);
        // Version 0 and one encoding: platform 3 (Windows), 10 (all of Unicode), 12 bytes from the start.
        let mut table: Vec<u8> = [0_u16, 1, 3, 10].into_iter().flat_map(u16::to_be_bytes).collect();
        table.extend(12_u32.to_be_bytes());
        table.extend([12_u16, 0].into_iter().flat_map(u16::to_be_bytes));
        let head = [16 + 12 * groups, 0, groups];
        let rows = self.glyphs.iter().flat_map(|(character, glyph)| {
            let code = u32::from(*character);
            [code, code, u32::from(*glyph)]
        });
        table.extend(head.into_iter().chain(rows).flat_map(u32::to_be_bytes));
        table
    }
}

/// A font file of these tables.
fn font_file(kind: &[u8], tables: &BTreeMap<[u8; 4], Vec<u8>>) -> Vec<u8> {
    let count = u16::try_from(tables.len()).unwrap_or(u16::MAX);
    let selector = count.checked_ilog2().unwrap_or(0);
    let range = 16 << selector;
    let mut file = kind.to_vec();
    let search = [count, range, u16::try_from(selector).unwrap_or(0), count * 16 - range];
    file.extend(search.into_iter().flat_map(u16::to_be_bytes));
    let mut place = 12 + 16 * tables.len();
    for (tag, data) in tables {
        file.extend(tag);
        let numbers = [sum(data), whole(place), whole(data.len())];
        file.extend(numbers.into_iter().flat_map(u32::to_be_bytes));
        place += data.len().next_multiple_of(4);
    }
    for data in tables.values() {
        file.extend(data);
        file.resize(file.len().next_multiple_of(4), 0);
    }
    file
}

fn whole(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

/// The checksum of a table.
fn sum(data: &[u8]) -> u32 {
    let word = |bytes: &[u8]| {
        let mut word = [0; 4];
        word[..bytes.len()].copy_from_slice(bytes);
        u32::from_be_bytes(word)
    };
    data.chunks(4).map(word).fold(0, u32::wrapping_add)
}

#[cfg(test)]
pub(super) mod tests {
    use glam::DVec2;

    use super::*;
    use crate::render::{Color, FontFace, Weight};
    use crate::view::ViewportSize;

    /// A page with one line of text.
    pub(in crate::export) fn page_of(text: &str) -> Page {
        let mut list = DrawingList::default();
        list.text(DVec2::ONE, 10.0, text, Color([0, 0, 0, 255]));
        let size = ViewportSize { width: 10, height: 10 };
        Page { size_mm: DVec2::splat(10.0), size, dpi: 25.4, panels: Vec::new(), list }
    }

    /// Makes the glyph of one character that of another too, as some fonts have it.
    pub(in crate::export) fn share_glyph(faces: &mut Faces, first: char, second: char) {
        let face = faces.0.get_mut(&FaceId::REGULAR).unwrap();
        let [to, from] = [first, second].map(|character| face.glyphs[&character]);
        face.numbers.values_mut().filter(|number| **number == from).for_each(|number| *number = to);
        face.glyphs.insert(second, to);
    }

    #[test]
    fn a_cut_down_font_has_the_letters_of_the_page_as_they_were_and_no_other() {
        let fonts = Fonts::default();
        let text = "Größe 12 µ";
        let faces = Faces::of(&page_of(text), &fonts);
        let face = faces.get(FaceId::REGULAR).unwrap();
        let whole = FontRef::new(crate::render::text::REGULAR).unwrap();
        let file = face.web_font(&whole).unwrap();
        let font = FontRef::new(&file).unwrap();
        assert!(file.len() < 20_000 && font.charmap().map('x').is_none());
        for (index, letter) in letters(&fonts, text, 1000.0, Weight::Regular).iter().enumerate() {
            let glyph = font.charmap().map(letter.character().unwrap()).unwrap();
            let width = f64::from(face.widths[glyph.to_u32() as usize]);
            assert!((width - letter.advance).abs() < 0.01, "{index}");
            let metrics = font.glyph_metrics(Size::new(1000.0), LocationRef::default());
            assert!((f64::from(metrics.advance_width(glyph).unwrap()) - letter.advance).abs() < 0.01);
        }
        for record in font.table_directory.table_records() {
            let table = font.table_data(record.tag()).unwrap();
            assert_eq!(sum(table.as_bytes()), record.checksum(), "{}", record.tag());
        }
        let unicode = String::from_utf8(face.to_unicode()).unwrap();
        assert!(unicode.contains("<00F6>") && unicode.contains("beginbfchar"));
    }

    #[test]
    fn a_font_that_cannot_be_cut_down_is_left_to_be_drawn() {
        // Hack without the table of its outlines.
        let mut data = epaint_default_fonts::HACK_REGULAR.to_vec();
        let place = data.windows(4).position(|tag| tag == b"glyf").unwrap();
        data[place] = b'x';
        let fonts = Fonts::new(vec![FontFace::new(data.clone(), 0)]);
        assert!(Face::cut(String::new(), epaint_default_fonts::HACK_REGULAR, 0, &Used::default()).is_some());
        assert!(Face::cut(String::new(), &data, 0, &Used::default()).is_none());
        let faces = Faces::of(&page_of("aᚠ"), &fonts);
        let have: Vec<bool> =
            letters(&fonts, "aᚠ", 1.0, Weight::Regular).iter().map(|letter| faces.have(letter)).collect();
        assert_eq!(have, [true, false]);
    }
}
