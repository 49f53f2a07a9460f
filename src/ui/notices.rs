//! What the user should know, in the lower right corner of the images.

use egui::{Align2, Context, RichText, Vec2};

use super::theme;
use crate::session::{Action, Session, Severity};

pub(super) fn show(ctx: &Context, session: &Session, actions: &mut Vec<Action>) {
    if session.notices().is_empty() {
        return;
    }
    egui::Area::new(egui::Id::unique("notices"))
        .anchor(Align2::RIGHT_BOTTOM, Vec2::new(-16.0, -44.0))
        .order(egui::Order::Foreground)
        .show(ctx, |ui| {
            for (index, notice) in session.notices().iter().enumerate() {
                let color = match notice.severity {
                    Severity::Info => theme::ACCENT,
                    Severity::Warning => theme::WARNING,
                    Severity::Error => theme::ERROR,
                };
                egui::Frame::popup(ui.style()).inner_margin(12).stroke(egui::Stroke::new(1.0, color)).show(
                    ui,
                    |ui| {
                        ui.set_width(340.0);
                        ui.horizontal(|ui| {
                            ui.add(
                                egui::Label::new(RichText::new(&notice.summary).color(color).strong()).wrap(),
                            );
                            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                                let close = ui.small_button("Close").on_hover_text("Close this notice");
                                if close.clicked() {
                                    actions.push(Action::Dismiss(index));
                                }
                            });
                        });
                        if !notice.details.is_empty() {
                            ui.add(
                                egui::Label::new(RichText::new(&notice.details).small().color(theme::TEXT))
                                    .wrap(),
                            );
                        }
                    },
                );
            }
        });
}
