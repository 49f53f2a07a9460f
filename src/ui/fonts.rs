//! Fonts: the bundled one, icons, and the system's for scripts that the bundled one lacks.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use egui::epaint::text::{FallbackRequest, FontInsert, FontPriority, FontProvider, InsertFontFamily};
use egui::{FontData, FontFamily, FontId};
use egui_system_font_provider::SystemFontProvider;

use crate::render::{Fonts, Weight, text};

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
}
