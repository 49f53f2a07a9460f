//! What is written over an image: who, when, how, and what needs care.

use crate::image::StudyUid;
use crate::render::{Corners, DrawingList, OverlayInput, Style, overlay};
use crate::session::{OverlayLevel, Readiness, Session, Shown, ViewportId};
use crate::typography::typeset;
use crate::view::Resolved;

/// Letters, ruler, corners and badges of a viewport, as far as the overlay level goes.
pub(super) fn overlays(
    session: &Session,
    id: ViewportId,
    shown: &Shown<'_>,
    resolved: &Resolved,
    style: &Style,
) -> DrawingList {
    let level = session.workspace().overlays;
    if level == OverlayLevel::Off {
        return DrawingList::default();
    }
    let full = level == OverlayLevel::Full;
    let corners = if full { corners(session, shown, resolved, style) } else { Corners::default() };
    let badges = badges(session, id, shown);
    overlay(&OverlayInput {
        frame: shown.frame,
        resolved,
        style,
        fonts: session.fonts(),
        corners: &corners,
        badges: &badges,
        letters: true,
        ruler: full,
    })
}

/// The series' warnings and the frame's own, each once.
fn badges(session: &Session, id: ViewportId, shown: &Shown<'_>) -> Vec<String> {
    let mut badges: Vec<String> = Vec::new();
    let ready = matches!(session.readiness(id), Readiness::Ready | Readiness::InPart { .. });
    if ready && shown.viewport.view.reformat().is_some() {
        // Also for good: an image that cannot be read, or not to its end, leaves a hole in every plane.
        let (whole, of) = session.whole_of_plane(shown).unwrap_or_default();
        if whole < of {
            badges.push(format!("{whole} OF {of} IMAGES"));
        }
    }
    if session.over(shown).is_some() {
        // Without the corner texts the image alone must say that it is two.
        let full = session.workspace().overlays == OverlayLevel::Full;
        badges.extend(super::over::words(session, shown).into_iter().flatten().filter(|_| !full));
        let (whole, of) = session.whole_of_over(shown).unwrap_or_default();
        if whole < of {
            badges.push(format!("OVERLAY {whole} OF {of} IMAGES"));
        }
    }
    badges.extend(super::links::lock_badges(session, id));
    let cut = session.samples(shown.frame).and_then(|samples| samples.cut(shown.frame.size));
    let misfit = session.samples(shown.frame).filter(|_| !shown.frame.color);
    let misfit = misfit.and_then(|samples| crate::render::window_misfit(shown.frame, samples));
    let warnings = shown.series.warnings.iter().chain(&shown.frame.warnings).chain(&cut).chain(&misfit);
    for warning in warnings.filter(|warning| !warning.is_note()) {
        let badge = warning.badge();
        if !badges.contains(&badge) {
            badges.push(badge);
        }
    }
    badges
}

/// A date as people write it: 2015-05-12.
pub(super) fn date(text: &str) -> String {
    match (text.get(0..4), text.get(4..6), text.get(6..8)) {
        (Some(year), Some(month), Some(day)) => format!("{year}-{month}-{day}"),
        _ => text.to_owned(),
    }
}

/// How much of the text a viewport has room for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Room {
    /// Who, when, what, which window, which slice.
    Least,
    /// And where, how large.
    Little,
    /// And how it was acquired.
    Much,
}

impl Room {
    fn of(resolved: &Resolved, style: &Style) -> Self {
        let [width, height] = [resolved.size.width, resolved.size.height].map(f64::from);
        let holds = |columns: f64, rows: f64| width >= style.px(columns) && height >= style.px(rows);
        if holds(440.0, 360.0) {
            Self::Much
        } else if holds(260.0, 220.0) {
            Self::Little
        } else {
            Self::Least
        }
    }
}

fn corners(session: &Session, shown: &Shown<'_>, resolved: &Resolved, style: &Style) -> Corners {
    let room = Room::of(resolved, style);
    let [top_left, top_right] = who(session, shown, room);
    let mut corners = Corners {
        top_left,
        top_right,
        bottom_left: how(session, shown, room, resolved.mm_per_pixel),
        bottom_right: place(shown, room),
    };
    for list in [&mut corners.top_left, &mut corners.top_right, &mut corners.bottom_left] {
        list.retain(|line| !line.trim().is_empty());
    }
    corners
}

/// The patient; the study and the series.
fn who(session: &Session, shown: &Shown<'_>, room: Room) -> [Vec<String>; 2] {
    let series = shown.series;
    let hidden = session.workspace().patient_hidden;
    let patient = &series.patient;
    let mut left = Vec::new();
    let mut right = Vec::new();
    if hidden {
        left.push("PATIENT DATA HIDDEN".to_owned());
        right.push(hidden_day(session, &series.study.uid));
    } else {
        left.push(patient.name.reveal().to_string());
        if room > Room::Least {
            left.push(patient.id.reveal().clone());
            right.push(series.study.institution.reveal().clone());
        }
        if room == Room::Much {
            let born = date(patient.birth_date.reveal());
            left.push(format!("{born} {}", patient.sex.reveal()).trim().to_owned());
        }
        right.push(series.study.date.as_deref().map_or_else(String::new, date));
        if room > Room::Least {
            right.push(series.study.description.clone());
        }
    }
    right.push(format!("{} {}", series.info.modality, series.info.description).trim().to_owned());
    right.extend(series.part.as_ref().map(|part| format!("{} ({})", part.name, part.place())));
    [left, right]
}

/// What stands for the date of a study while dates are hidden: its day, as the ledger counts them.
pub(super) fn hidden_day(session: &Session, study: &StudyUid) -> String {
    let ledger = session.ledger();
    let column = ledger.column_of(study).and_then(|at| ledger.columns.get(at));
    match column.and_then(|column| column.day) {
        Some(day) => format!("day {}", day.to_string().replace('-', "\u{2212}")),
        None => "date hidden".to_owned(),
    }
}

/// How it was acquired and how it is shown.
fn how(session: &Session, shown: &Shown<'_>, room: Room, mm_per_pixel: f64) -> Vec<String> {
    let (frame, look) = (shown.frame, &shown.viewport.view.look);
    let mut lines = Vec::new();
    if room == Room::Much {
        let technique = frame.technique.iter().map(|(name, value)| format!("{name} {value}"));
        lines.extend(technique.collect::<Vec<_>>().chunks(3).map(|some| some.join("   ")));
    }
    if !frame.color {
        let window = look.voi.as_window();
        let number = |v: f64| crate::numbers::fitting(v, window.width);
        let inverted = if look.inverted { "  inverted" } else { "" };
        lines.push(format!("W {}  L {}{inverted}", number(window.width), number(window.center)));
    }
    if look.interpolation != crate::view::Interpolation::default() {
        lines.push(format!("Between pixels: {}", look.interpolation.name()));
    }
    lines.extend(super::over::words(session, shown).into_iter().flatten());
    if room > Room::Least {
        let zoom = frame.display_spacing().between_columns.0 / mm_per_pixel * 100.0;
        lines.push(format!("Zoom {} %", crate::numbers::decimal(zoom, 0)));
    }
    typeset_all(&lines)
}

/// Where the slice lies and which of them it is.
fn place(shown: &Shown<'_>, room: Room) -> Vec<String> {
    let Shown { frame, index, count, viewport, .. } = shown;
    let mut lines = Vec::new();
    if let Some(plane) = frame.plane.as_ref().filter(|_| room > Room::Least) {
        let at = plane.position_along_normal();
        let axis = crate::geometry::direction_letters(plane.normal());
        lines.push(format!("{axis} {at}"));
    }
    if let Some(reformat) = viewport.view.reformat() {
        lines.push(crate::session::plane_words(reformat));
    } else if let Some(thickness) = frame.thickness.filter(|_| room > Room::Least) {
        lines.push(format!("thickness {thickness}"));
    }
    lines.push(format!("{} / {count}", index + 1));
    typeset_all(&lines)
}

fn typeset_all(lines: &[String]) -> Vec<String> {
    lines.iter().map(|line| typeset(line)).collect()
}
