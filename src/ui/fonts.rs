//! Fonts: the bundled one, icons, and the system's for scripts that the bundled one lacks.

use std::sync::Arc;

use crate::render::{FontFace, Fonts};

/// One letter each of the scripts that patient names come in beside Latin, Greek and Cyrillic.
const SAMPLES: [char; 4] = ['\u{6f22}', '\u{3042}', '\u{d55c}', '\u{645}'];

/// The system's faces for other scripts, for labels in exported pictures: the first that has each sample letter.
pub(super) fn for_export() -> Fonts {
    let mut database = fontdb::Database::new();
    database.load_system_fonts();
    let mut faces: Vec<(fontdb::ID, FontFace)> = Vec::new();
    for sample in SAMPLES {
        let has = |id: fontdb::ID| {
            database
                .with_face_data(id, |data, index| {
                    skrifa::FontRef::from_index(data, index)
                        .is_ok_and(|font| skrifa::MetadataProvider::charmap(&font).map(sample).is_some())
                })
                .unwrap_or(false)
        };
        if faces.iter().any(|(id, _)| has(*id)) {
            continue;
        }
        let normal = |face: &&fontdb::FaceInfo| {
            face.style == fontdb::Style::Normal && face.weight == fontdb::Weight::NORMAL
        };
        let found = database.faces().filter(normal).map(|face| face.id).find(|id| has(*id));
        let data = found.and_then(|id| {
            let face =
                database.with_face_data(id, |data, index| FontFace { data: Arc::from(data), index })?;
            Some((id, face))
        });
        faces.extend(data);
    }
    Fonts { faces: faces.into_iter().map(|(_, face)| face).collect() }
}

/// Gives egui the icons. System fonts are found by eframe itself.
pub(super) fn set_up(ctx: &egui::Context) {
    egui_material_icons::initialize(ctx);
}

/// A text that the fonts at hand cannot show.
pub(super) fn is_illegible(ctx: &egui::Context, text: &str) -> bool {
    let font = egui::FontId::proportional(13.0);
    let beyond_latin = |c: &char| *c >= '\u{0590}' && !c.is_whitespace() && !c.is_control();
    ctx.fonts_mut(|fonts| text.chars().filter(beyond_latin).any(|c| !fonts.has_glyph(&font, c)))
}
