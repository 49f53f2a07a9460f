//! How large a pixel of the screen is: no system says it rightly, so the user compares with a card.

use egui::{Rect, RichText, Sense, Stroke, StrokeKind, Ui, Vec2, vec2};

use super::dialogs::{Outcome, heading};
use super::theme;
use crate::geometry::Mm;
use crate::session::{Action, Session};
use crate::store::Settings;

/// Width and height of a card of the format ID-1 (ISO/IEC 7810), in mm.
const CARD_MM: [f64; 2] = [85.60, 53.98];
/// Points that a millimetre has on a screen of 96 dots per inch: where the user starts.
const USUAL: f64 = 96.0 / 25.4;

/// The width of the card in points, as far as it is known or as it usually is.
pub(super) fn card_width(session: &Session, pixels_per_point: f32) -> f64 {
    let points_per_mm = session
        .settings()
        .screen_pixel
        .map_or(USUAL, |pixel| (pixel.0 * f64::from(pixels_per_point)).recip());
    CARD_MM[0] * points_per_mm
}

/// The dialogue: a card to compare with one that is held to the screen.
pub(super) fn show(ui: &mut Ui, width: &mut f64) -> Outcome {
    let per_point = f64::from(ui.ctx().pixels_per_point());
    let pixel = |width: f64| CARD_MM[0] / (width * per_point);
    let room = f64::from(ui.ctx().content_rect().width()) - 80.0;
    // What the settings take, and the window.
    let least = CARD_MM[0] / (Settings::SCREEN_PIXELS.end() * per_point);
    let most = (CARD_MM[0] / (Settings::SCREEN_PIXELS.start() * per_point)).min(room.max(200.0));
    heading(ui, "Measure the screen");
    let help = "Hold a bank card or an identity card to the screen and change the width until the frame is as large.";
    ui.label(RichText::new(help).color(theme::WEAK));
    ui.add_space(8.0);
    card(ui, *width);
    ui.add_space(8.0);
    let slider = egui::Slider::new(width, least.max(100.0)..=most).step_by(0.5).show_value(false);
    ui.spacing_mut().slider_width = 320.0;
    let response = ui.add(slider);
    response.widget_info(|| egui::WidgetInfo::slider(true, *width, "Width of the card"));
    ui.label(format!("One pixel of the screen is {:.4}.", Mm(pixel(*width))));
    ui.add_space(8.0);
    ui.horizontal(|ui| {
        if ui.button("OK").clicked() {
            return Outcome::Do(Action::SetScreenPixel(Mm(pixel(*width))));
        }
        if ui.button("Cancel").clicked() { Outcome::Closed } else { Outcome::Open }
    })
    .inner
}

fn card(ui: &mut Ui, width: f64) {
    #[expect(clippy::cast_possible_truncation, reason = "points of a screen")]
    let size = Vec2::new(width as f32, (width * CARD_MM[1] / CARD_MM[0]) as f32);
    let (rect, _) = ui.allocate_exact_size(size, Sense::hover());
    let stroke = Stroke::new(1.0, theme::ACCENT);
    ui.painter().rect_stroke(rect, 8.0, stroke, StrokeKind::Inside);
    let chip = Rect::from_min_size(rect.min + size * vec2(0.12, 0.36), size * vec2(0.13, 0.2));
    ui.painter().rect_stroke(chip, 3.0, Stroke::new(1.0, theme::LINE), StrokeKind::Inside);
}
