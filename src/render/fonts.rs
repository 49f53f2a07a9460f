//! The faces that letters are taken from, and which of them has a character.

use std::collections::BTreeSet;
use std::fmt;
use std::io::Read as _;
use std::sync::{Arc, LazyLock, Mutex, OnceLock, PoisonError};

use epaint_default_fonts::HACK_REGULAR;
use flate2::read::ZlibDecoder;
use harfrust::{Direction, Script, ShapePlan, Shaper, ShaperData};
use skrifa::{FontRef, GlyphId, MetadataProvider as _};

/// Liberation Sans, of the same widths as Arial: what journals ask for. On the screen and in files.
pub const REGULAR: &[u8] = include_bytes!("../../assets/fonts/LiberationSans-Regular.ttf");
/// Its bold face.
pub const BOLD: &[u8] = include_bytes!("../../assets/fonts/LiberationSans-Bold.ttf");

/// Faces for scripts that Liberation Sans lacks: Noto Sans Arabic, Noto Sans Devanagari, and Droid Sans Fallback for
/// Chinese, Japanese and Korean. They are compressed in the program, and unpacked when a letter asks for them.
static PACKED: [LazyLock<Vec<u8>>; 3] = [
    LazyLock::new(|| unpacked(include_bytes!("../../assets/fonts/NotoSansArabic-Regular.ttf.zlib"))),
    LazyLock::new(|| unpacked(include_bytes!("../../assets/fonts/NotoSansDevanagari-Regular.ttf.zlib"))),
    LazyLock::new(|| unpacked(include_bytes!("../../assets/fonts/DroidSansFallback.ttf.zlib"))),
];

fn unpacked(packed: &[u8]) -> Vec<u8> {
    let mut data = Vec::new();
    // What is part of the program is whole; a face that is not would be passed over like any broken one.
    ZlibDecoder::new(packed).read_to_end(&mut data).map_or_else(|_broken| Vec::new(), |_length| data)
}

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
    data: Arc<[u8]>,
    /// The face in a collection (`.ttc`), 0 otherwise.
    index: u32,
    shaping: Arc<OnceLock<Shaping>>,
}

impl FontFace {
    /// A face of a font file: `index` is which one in a collection (`.ttc`), 0 otherwise.
    pub fn new(data: impl Into<Arc<[u8]>>, index: u32) -> Self {
        Self { data: data.into(), index, shaping: Arc::default() }
    }

    /// The length of the font file, bytes.
    pub fn size(&self) -> usize {
        self.data.len()
    }
}

/// The fonts letters are taken from: the bundled ones, then the given ones.
#[derive(Debug, Clone, Default)]
pub struct Fonts {
    /// Faces for characters that the bundled fonts lack; the first that has one is used.
    pub faces: Vec<FontFace>,
    /// Where characters are noted that were shaped and that no face has.
    lacking: Option<Arc<Mutex<BTreeSet<char>>>>,
}

/// Which face of [`Fonts`], whatever the weight that is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FaceId(usize);

impl FaceId {
    /// [`REGULAR`].
    pub const REGULAR: Self = Self(0);
    /// [`BOLD`].
    pub const BOLD: Self = Self(1);
    pub(super) const SYMBOLS: Self = Self(2);
    const FIRST_PACKED: usize = 3;
    const FIRST_GIVEN: usize = Self::FIRST_PACKED + PACKED.len();
}

/// What shaping keeps of the faces that come with the program, by their number: it follows from their bytes alone.
static BUNDLED: [OnceLock<Shaping>; FaceId::FIRST_GIVEN] = [const { OnceLock::new() }; FaceId::FIRST_GIVEN];

impl Fonts {
    /// The bundled fonts, and these faces for what they lack.
    pub fn new(faces: Vec<FontFace>) -> Self {
        Self { faces, lacking: None }
    }

    /// The same fonts, which note from now on what is drawn as a hollow box: see [`Self::lacking`].
    #[must_use]
    pub fn noting(&self) -> Self {
        Self { faces: self.faces.clone(), lacking: Some(Arc::default()) }
    }

    /// What was drawn with these fonts or a clone of them since [`Self::noting`] and no face has, in words: `no font here
    /// has U+16A0 RUNIC LETTER FEHU FEOH FE F`.
    pub fn lacking(&self) -> Option<String> {
        const NAMED: usize = 5;
        let lacking = self.lacking.as_ref()?.lock().unwrap_or_else(PoisonError::into_inner);
        let name = |c: &char| {
            let name = unicode_names2::name(*c).map_or_else(String::new, |name| format!(" {name}"));
            format!("U+{:04X}{name}", u32::from(*c))
        };
        let mut named: Vec<String> = lacking.iter().take(NAMED).map(name).collect();
        if lacking.len() > NAMED {
            named.push(format!("{} more", lacking.len() - NAMED));
        }
        (!named.is_empty()).then(|| format!("no font here has {}", named.join(", ")))
    }

    pub(super) fn note_lacking(&self, characters: impl Iterator<Item = char>) {
        if let Some(lacking) = &self.lacking {
            lacking.lock().unwrap_or_else(PoisonError::into_inner).extend(characters);
        }
    }

    /// The bytes of a face and which it is in its file; `None` when these fonts have no such face.
    pub fn file(&self, face: FaceId) -> Option<(&[u8], u32)> {
        match face {
            FaceId::REGULAR => Some((REGULAR, 0)),
            FaceId::BOLD => Some((BOLD, 0)),
            FaceId::SYMBOLS => Some((HACK_REGULAR, 0)),
            FaceId(other) => match PACKED.get(other - FaceId::FIRST_PACKED) {
                Some(packed) => Some((packed, 0)),
                None => self.faces.get(other - FaceId::FIRST_GIVEN).map(|face| (&*face.data, face.index)),
            },
        }
    }

    /// The bundled face for other scripts that has a character, and its file.
    pub fn packed_face(character: char) -> Option<(FaceId, &'static [u8])> {
        let ids = (FaceId::FIRST_PACKED..).map(FaceId);
        ids.zip(PACKED.iter().map(|packed| packed.as_slice()))
            .find(|(_, data)| FontRef::new(data).is_ok_and(|font| font.charmap().map(character).is_some()))
    }

    /// A face, read; `None` when these fonts have no such face.
    pub fn font(&self, face: FaceId) -> Option<FontRef<'_>> {
        let (data, index) = self.file(face)?;
        FontRef::from_index(data, index).ok()
    }

    fn read(&self, id: FaceId) -> Option<Face<'_>> {
        let font = self.font(id)?;
        let cell = match BUNDLED.get(id.0) {
            Some(cell) => cell,
            None => &self.faces.get(id.0 - FaceId::FIRST_GIVEN)?.shaping,
        };
        let shaping = cell.get_or_init(|| Shaping::new(&font));
        Some(Face { id, font, shaping })
    }

    /// Whether some face has this character.
    pub fn has(&self, character: char) -> bool {
        Faces::new(self, Weight::Regular).face_of(&[character]).is_some()
    }
}

/// The faces for one text, read when a character asks for them.
pub(super) struct Faces<'a> {
    fonts: &'a Fonts,
    order: Vec<FaceId>,
    /// Those of `order` that were tried; `None` for one that cannot be read.
    read: Vec<Option<Face<'a>>>,
}

/// A face that was read.
pub(super) struct Face<'a> {
    pub(super) id: FaceId,
    pub(super) font: FontRef<'a>,
    shaping: &'a Shaping,
}

impl<'a> Faces<'a> {
    pub(super) fn new(fonts: &'a Fonts, weight: Weight) -> Self {
        let own = match weight {
            Weight::Regular => FaceId::REGULAR,
            Weight::Bold => FaceId::BOLD,
        };
        let others = (FaceId::FIRST_PACKED..).map(FaceId).take(PACKED.len() + fonts.faces.len());
        Self { fonts, order: [own, FaceId::SYMBOLS].into_iter().chain(others).collect(), read: Vec::new() }
    }

    /// The place of a face that was found by [`Self::face_of`].
    pub(super) fn get(&self, place: usize) -> Option<&Face<'a>> {
        self.read.get(place)?.as_ref()
    }

    /// The face of a text's weight, for what shows no ink.
    pub(super) fn own(&mut self) -> Option<usize> {
        self.at(0).map(|_| 0)
    }

    /// The first face that has all of these characters.
    pub(super) fn face_of(&mut self, characters: &[char]) -> Option<usize> {
        (0..self.order.len())
            .find(|place| self.at(*place).is_some_and(|face| characters.iter().all(|c| face.has(*c))))
    }

    /// Notes characters that are drawn as hollow boxes.
    pub(super) fn note_lacking(&self, characters: impl Iterator<Item = char>) {
        self.fonts.note_lacking(characters);
    }

    fn at(&mut self, place: usize) -> Option<&Face<'a>> {
        while self.read.len() <= place {
            let id = *self.order.get(self.read.len())?;
            self.read.push(self.fonts.read(id));
        }
        self.get(place)
    }
}

impl Face<'_> {
    /// Whether the face has a glyph of this character.
    pub(super) fn has(&self, character: char) -> bool {
        self.font.charmap().map(character).is_some_and(|glyph| glyph != GlyphId::NOTDEF)
    }

    /// Calls `with` with what shapes letters of a script in a direction.
    pub(super) fn shaper<T>(
        &self,
        script: Script,
        direction: Direction,
        with: impl FnOnce(&Shaper<'_>, &ShapePlan) -> T,
    ) -> T {
        let shaper = self.shaping.data.shaper(&self.font).build();
        let plan = self.shaping.plan(&shaper, script, direction);
        with(&shaper, &plan)
    }
}

/// What shaping looks up in a font once.
struct Shaping {
    data: ShaperData,
    plans: Mutex<Vec<(Script, Direction, Arc<ShapePlan>)>>,
}

impl Shaping {
    fn new(font: &FontRef<'_>) -> Self {
        Self { data: ShaperData::new(font), plans: Mutex::default() }
    }

    fn plan(&self, shaper: &Shaper<'_>, script: Script, direction: Direction) -> Arc<ShapePlan> {
        let mut plans = self.plans.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, _, plan)) = plans.iter().find(|(s, d, _)| (*s, *d) == (script, direction)) {
            return Arc::clone(plan);
        }
        let plan = Arc::new(ShapePlan::new(shaper, direction, Some(script), None, &[]));
        plans.push((script, direction, Arc::clone(&plan)));
        plan
    }
}

impl fmt::Debug for Shaping {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Shaping")
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
        assert!(fonts.file(FaceId::SYMBOLS).is_some() && fonts.file(FaceId(FaceId::FIRST_GIVEN)).is_none());
    }
}
