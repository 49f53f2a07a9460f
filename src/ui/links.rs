//! The toolbar's buttons for linked viewports, locked slices and the comparison.

use egui::Ui;
use egui_material_icons::MaterialIcon;
use egui_material_icons::icons as icon;

use super::commands::Command;
use super::overlays::date;
use super::toolbar::{icon_button, with_keys};
use crate::session::{Link, Session, ViewportId};

/// Links matter between viewports: with one there are no buttons for them.
pub(super) fn buttons(ui: &mut Ui, session: &Session, commands: &mut Vec<Command>) {
    let mut button = |command: Command, glyph: MaterialIcon, name: &str, chosen: bool| {
        let name = with_keys(ui, command, name);
        if icon_button(ui, glyph, &name, chosen).clicked() {
            commands.push(command);
        }
    };
    button(Command::Compare, icon::ICON_COMPARE, "Compare dates", false);
    let workspace = session.workspace();
    if workspace.layout.count() < 2 {
        return;
    }
    for link in Link::ALL {
        let glyph = match link {
            Link::Scroll => icon::ICON_LINK,
            Link::Window => icon::ICON_BRIGHTNESS_6,
            Link::Scale => icon::ICON_ASPECT_RATIO,
        };
        button(Command::Link(link), glyph, link.name(), workspace.links.is_on(link));
    }
    let locked = !session.locked_to(workspace.active).is_empty();
    if locked {
        button(Command::UnlockSlices, icon::ICON_LOCK, "Unlock slices", true);
    } else {
        button(Command::LockSlices, icon::ICON_LOCK_OPEN, "Lock slices", false);
    }
    button(Command::ProposeLock, icon::ICON_SYNC_LOCK, "Propose a lock", false);
}

/// What the slices of a viewport are locked to: dates, or places while patient data are hidden.
pub(super) fn lock_badges(session: &Session, id: ViewportId) -> Vec<String> {
    let name = |other: ViewportId| {
        let series = &session.shown(other)?.series;
        let when = series.study.date.as_deref().filter(|_| !session.workspace().patient_hidden);
        Some(when.map_or_else(|| format!("IMAGE {}", other.0 + 1), date))
    };
    let mut names: Vec<String> = session.locked_to(id).into_iter().filter_map(name).collect();
    names.dedup();
    if names.is_empty() { Vec::new() } else { vec![format!("LOCKED TO {}", names.join(", "))] }
}
