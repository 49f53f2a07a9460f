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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::{Action, Environment, Layout};
    use std::path::Path;
    use std::time::{Duration, Instant};

    #[test]
    fn a_badge_names_the_date_only_while_patient_data_show() {
        let mut session = Session::new(Environment::for_tests());
        let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("sample_dicom");
        session.apply(Action::SetLayout(Layout { columns: 2, rows: 1 }));
        session.apply(Action::Open(
            ["2015-05-12_CT", "2017-10-16_CT"].map(|folder| sample.join(folder)).to_vec(),
        ));
        let start = Instant::now();
        while session.scan().is_some() || session.shown(ViewportId(1)).is_none() {
            assert!(start.elapsed() < Duration::from_mins(1), "the sample never opens");
            session.poll();
            std::thread::sleep(Duration::from_millis(2));
        }
        let badges = |session: &Session| [0, 1].map(|id| lock_badges(session, ViewportId(id)).join(" "));
        assert_eq!(badges(&session), ["", ""]);
        session.apply(Action::LockSlices);
        // Which of the two came first depends on the scan.
        let date = |id| date(session.shown(ViewportId(id)).unwrap().series.study.date.as_deref().unwrap());
        let dates = [date(0), date(1)];
        assert_ne!(dates[0], dates[1]);
        assert_eq!(badges(&session), [format!("LOCKED TO {}", dates[1]), format!("LOCKED TO {}", dates[0])]);
        session.apply(Action::TogglePatientData);
        assert_eq!(badges(&session), ["LOCKED TO IMAGE 2", "LOCKED TO IMAGE 1"]);
    }
}
