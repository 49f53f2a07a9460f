//! Fonts: the bundled one, icons, and the system's for scripts that the bundled one lacks.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use egui::epaint::text::{FallbackRequest, FontInsert, FontPriority, FontProvider, InsertFontFamily};
use egui::{FontData, FontFamily, FontId};
use egui_system_font_provider::SystemFontProvider;
use fontdb::{Database, FaceInfo, Style};

use crate::render::{FontFace, Fonts, Weight, text};
use crate::session::FontFinder;

/// Faces that one search gives at most: a text in more scripts than that is no name.
const MOST: usize = 8;

/// Looks through the system's fonts for labels in exported pictures. The window's own text finds them by itself.
pub(super) fn finder() -> FontFinder {
    FontFinder::new(|letters| {
        // Read anew each time, which is seldom: what is installed is known, and nothing stays in memory.
        let mut database = Database::new();
        database.load_system_fonts();
        search(&database, letters)
    })
}

fn search(database: &Database, letters: &[char]) -> Vec<FontFace> {
    let mut faces: Vec<&FaceInfo> = database.faces().filter(|face| face.style == Style::Normal).collect();
    // The same face for the same fonts, whatever order the folders are read in.
    faces.sort_by_cached_key(|face| (rank(face), face.post_script_name.clone(), face.index));
    let mut chosen: Vec<&FaceInfo> = Vec::new();
    for letter in letters {
        if chosen.len() < MOST && !chosen.iter().any(|face| has(database, face, *letter)) {
            chosen.extend(faces.iter().find(|face| has(database, face, *letter)));
        }
    }
    let load = |face: &&FaceInfo| database.with_face_data(face.id, |data, index| FontFace::new(data, index));
    chosen.iter().filter_map(load).collect()
}

/// Plain text faces before others: upright weight, no serifs, and of the Chinese characters the Japanese forms,
/// which the window shows as well.
fn rank(face: &FaceInfo) -> (u16, bool, bool) {
    let family = face.families.first().map_or("", |(name, _)| name.as_str());
    let weight = face.weight.0.abs_diff(fontdb::Weight::NORMAL.0);
    let is_other_han = family.contains("CJK") && !family.contains("JP");
    (weight, !family.contains("Sans") || family.contains("Mono"), is_other_han)
}

fn has(database: &Database, face: &FaceInfo, letter: char) -> bool {
    let found = database.with_face_data(face.id, |data, index| {
        skrifa::FontRef::from_index(data, index)
            .is_ok_and(|font| skrifa::MetadataProvider::charmap(&font).map(letter).is_some())
    });
    found.unwrap_or(false)
}

/// The system's fonts for the window's own text, found when a letter needs one.
pub(super) fn system() -> Arc<dyn FontProvider> {
    Arc::new(Guarded { fonts: SystemFontProvider::new(), broken: AtomicBool::new(false) })
}

/// A source of fonts that cannot take the window down: where a system has no font at all, the crate that reads
/// them panics. Then there are none, and names in other scripts show as boxes.
struct Guarded<P> {
    fonts: P,
    broken: AtomicBool,
}

impl<P: FontProvider> FontProvider for Guarded<P> {
    fn font_for(&self, request: &FallbackRequest<'_>) -> Option<FontInsert> {
        if self.broken.load(Ordering::Relaxed) {
            return None;
        }
        catch_unwind(AssertUnwindSafe(|| self.fonts.font_for(request))).unwrap_or_else(|_panic| {
            self.broken.store(true, Ordering::Relaxed);
            log::warn!("the system's fonts cannot be read");
            None
        })
    }
}

const BOLD_FAMILY: &str = "bold";

/// The bundled face for a letter that Liberation Sans lacks, so that the window shows what its files do.
fn packed(request: &FallbackRequest<'_>) -> Option<FontInsert> {
    let (id, data) = Fonts::packed_face(request.cluster.chars().next()?)?;
    let family = InsertFontFamily { family: request.family.clone(), priority: FontPriority::Lowest };
    Some(FontInsert::new(&format!("bundled {id:?}"), FontData::from_static(data), vec![family]))
}

/// Gives egui the program's own letters, the same as in its files, and the icons.
pub(super) fn set_up(ctx: &egui::Context) {
    let bold = FontFamily::Name(BOLD_FAMILY.into());
    for (name, data, family) in
        [("regular", text::REGULAR, FontFamily::Proportional), ("bold", text::BOLD, bold)]
    {
        let families = vec![InsertFontFamily { family, priority: FontPriority::Highest }];
        ctx.add_font(FontInsert::new(
            &format!("Liberation Sans {name}"),
            FontData::from_static(data),
            families,
        ));
    }
    ctx.add_font_provider(Arc::new(packed));
    egui_material_icons::initialize(ctx);
}

/// The program's own letters in a size.
pub(super) fn face(size: f32, weight: Weight) -> FontId {
    match weight {
        Weight::Regular => FontId::proportional(size),
        Weight::Bold => FontId::new(size, FontFamily::Name(BOLD_FAMILY.into())),
    }
}

/// A text that the fonts at hand cannot show.
pub(super) fn is_illegible(ctx: &egui::Context, text: &str) -> bool {
    let font = FontId::proportional(13.0);
    let beyond_latin = |c: &char| *c >= '\u{0590}' && !c.is_whitespace() && !c.is_control();
    ctx.fonts_mut(|fonts| text.chars().filter(beyond_latin).any(|c| !fonts.has_glyph(&font, c)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As where fontconfig finds nothing.
    struct NoFonts(Arc<std::sync::atomic::AtomicUsize>);

    impl FontProvider for NoFonts {
        fn font_for(&self, _request: &FallbackRequest<'_>) -> Option<FontInsert> {
            self.0.fetch_add(1, Ordering::Relaxed);
            panic!("no match");
        }
    }

    #[test]
    fn a_system_without_fonts_shows_boxes_and_goes_on() {
        let asked = Arc::new(std::sync::atomic::AtomicUsize::new(0));
        let fonts = Guarded { fonts: NoFonts(Arc::clone(&asked)), broken: AtomicBool::new(false) };
        let ctx = egui::Context::default();
        ctx.add_font_provider(Arc::new(fonts));
        let mut illegible = false;
        for _ in 0..3 {
            let mut output = ctx.run_ui(egui::RawInput::default(), |ui| {
                ui.label("山田 홍길동 קבאני");
                illegible = is_illegible(ui.ctx(), "山田");
            });
            // Nobody paints them.
            output.textures_delta.clear();
        }
        assert!(illegible, "the window says that letters are missing");
        assert_eq!(asked.load(Ordering::Relaxed), 1, "asked once, never again");
    }

    #[test]
    fn names_of_many_scripts_are_legible_without_any_font_of_the_system() {
        let ctx = egui::Context::default();
        set_up(&ctx);
        let mut illegible = Vec::new();
        // The first frame has the fonts before the program's.
        for _ in 0..2 {
            let mut output = ctx.run_ui(egui::RawInput::default(), |ui| {
                let names = ["山田 太郎", "王 小东", "홍 길동", "קבאני", "قباني", "शर्मा", "ᚠ"];
                illegible = names.map(|name| is_illegible(ui.ctx(), name)).to_vec();
            });
            // Nobody paints them.
            output.textures_delta.clear();
        }
        assert_eq!(illegible, [false, false, false, false, false, false, true]);
    }

    #[test]
    fn a_machine_without_fonts_gives_none() {
        assert!(search(&Database::new(), &['漢', 'م']).is_empty());
    }

    #[test]
    fn the_systems_fonts_have_what_they_are_chosen_for() {
        let start = std::time::Instant::now();
        let mut database = Database::new();
        database.load_system_fonts();
        let scanned = start.elapsed();
        let letters = ['山', '한', 'ท', 'ع', 'ש', '东'];
        let there: Vec<char> =
            letters.into_iter().filter(|c| database.faces().any(|face| has(&database, face, *c))).collect();
        let faces = search(&database, &there);
        let bytes: usize = faces.iter().map(FontFace::size).sum();
        let fonts = Fonts::new(faces);
        println!("{} faces in {scanned:?}, {} chosen, {bytes} bytes", database.len(), fonts.faces.len());
        assert!(there.iter().all(|c| fonts.has(*c)), "{there:?}");
    }
}
