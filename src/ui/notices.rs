//! What the user should know, in the lower right corner of the images.

use egui::{Align2, Context, RichText, Vec2};

use super::theme;
use crate::session::{Action, Session, Severity};

/// Seconds that good news stay; warnings and errors stay until they are dismissed.
const GOOD_NEWS: f64 = 6.0;

/// Shows the notices; `since` remembers when each piece of good news was first seen.
pub(super) fn show(
    ctx: &Context,
    session: &Session,
    since: &mut Vec<(String, f64)>,
    actions: &mut Vec<Action>,
) {
    let now = ctx.input(|i| i.time);
    since.retain(|(summary, _)| session.notices().iter().any(|notice| notice.summary == *summary));
    if session.notices().is_empty() {
        return;
    }
    for (index, notice) in session.notices().iter().enumerate() {
        if notice.severity != Severity::Info {
            continue;
        }
        match since.iter().find(|(summary, _)| *summary == notice.summary) {
            None => {
                since.push((notice.summary.clone(), now));
                ctx.request_repaint_after_secs(6.1);
            }
            Some((_, first)) if now - first > GOOD_NEWS => {
                // One at a time: the places of the others change.
                actions.push(Action::Dismiss(index));
                break;
            }
            Some(_) => {}
        }
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
                                let close = ui.small_button("Dismiss").on_hover_text("Close this notice");
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
