//! The one palette of the window: dark, calm, image first; sizes on an 8-point grid.

use egui::{Color32, CornerRadius, FontId, Stroke, TextStyle, Visuals};

/// Behind panels.
pub(super) const PANEL: Color32 = Color32::from_rgb(24, 27, 31);
/// Behind the toolbar and headers.
pub(super) const BAR: Color32 = Color32::from_rgb(31, 35, 40);
/// Lines between panels.
pub(super) const LINE: Color32 = Color32::from_rgb(48, 54, 61);
/// Text.
pub(super) const TEXT: Color32 = Color32::from_rgb(222, 227, 232);
/// Text that matters less.
pub(super) const WEAK: Color32 = Color32::from_rgb(146, 155, 164);
/// What is chosen or active.
pub(super) const ACCENT: Color32 = Color32::from_rgb(92, 214, 255);
/// The fill of what is chosen.
pub(super) const CHOSEN: Color32 = Color32::from_rgb(24, 74, 94);
/// Something needs care.
pub(super) const WARNING: Color32 = Color32::from_rgb(255, 176, 58);
/// Something failed.
pub(super) const ERROR: Color32 = Color32::from_rgb(255, 110, 100);
/// Behind images.
pub(super) const IMAGE: Color32 = Color32::BLACK;

/// Gives egui the palette and sizes.
pub(super) fn set_up(ctx: &egui::Context) {
    ctx.set_theme(egui::Theme::Dark);
    ctx.style_mut_of(egui::Theme::Dark, |style| {
        style.visuals = visuals();
        style.spacing.item_spacing = egui::vec2(8.0, 6.0);
        style.spacing.button_padding = egui::vec2(8.0, 4.0);
        style.spacing.interact_size.y = 24.0;
        style.text_styles = [
            (TextStyle::Small, FontId::proportional(11.0)),
            (TextStyle::Body, FontId::proportional(13.5)),
            (TextStyle::Button, FontId::proportional(13.5)),
            (TextStyle::Heading, FontId::proportional(17.0)),
            (TextStyle::Monospace, FontId::monospace(12.5)),
        ]
        .into();
    });
}

fn visuals() -> Visuals {
    let mut visuals = Visuals::dark();
    visuals.panel_fill = PANEL;
    visuals.window_fill = BAR;
    visuals.extreme_bg_color = Color32::from_rgb(16, 18, 21);
    visuals.window_stroke = Stroke::new(1.0, LINE);
    visuals.override_text_color = None;
    visuals.selection.bg_fill = CHOSEN;
    visuals.selection.stroke = Stroke::new(1.0, ACCENT);
    visuals.hyperlink_color = ACCENT;
    visuals.warn_fg_color = WARNING;
    visuals.error_fg_color = ERROR;
    let widgets = &mut visuals.widgets;
    widgets.noninteractive.bg_stroke = Stroke::new(1.0, LINE);
    widgets.noninteractive.fg_stroke = Stroke::new(1.0, TEXT);
    widgets.inactive.weak_bg_fill = Color32::from_rgb(40, 45, 51);
    widgets.inactive.bg_fill = Color32::from_rgb(40, 45, 51);
    widgets.inactive.fg_stroke = Stroke::new(1.0, TEXT);
    widgets.hovered.weak_bg_fill = Color32::from_rgb(54, 61, 69);
    widgets.hovered.bg_fill = Color32::from_rgb(54, 61, 69);
    for widget in [
        &mut widgets.noninteractive,
        &mut widgets.inactive,
        &mut widgets.hovered,
        &mut widgets.active,
        &mut widgets.open,
    ] {
        widget.corner_radius = CornerRadius::same(4);
    }
    visuals
}
