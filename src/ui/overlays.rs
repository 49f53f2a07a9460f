//! What is written over an image: who, when, how, and what needs care.

use crate::render::{Corners, DrawingList, OverlayInput, Style, overlay};
use crate::session::{OverlayLevel, Readiness, Session, Shown, ViewportId};
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
    let corners = if full { corners(session, shown, resolved.mm_per_pixel) } else { Corners::default() };
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
    if let Readiness::InPart { loaded, of } = session.readiness(id) {
        badges.push(format!("{loaded} OF {of} IMAGES"));
    }
    if let Some((_, series)) = session.over(shown) {
        // Without the corner texts the image alone must say that it is two.
        let full = session.workspace().overlays == OverlayLevel::Full;
        badges.extend(super::over::words(session, shown).into_iter().flatten().filter(|_| !full));
        let (loaded, of) = (session.library().loaded(series), series.frames.len());
        if loaded < of {
            badges.push(format!("OVERLAY {loaded} OF {of} IMAGES"));
        }
    }
    badges.extend(super::links::lock_badges(session, id));
    let cut = session.samples(shown.frame).and_then(|samples| samples.cut(shown.frame.size));
    let warnings = shown.series.warnings.iter().chain(&shown.frame.warnings).chain(&cut);
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

fn corners(session: &Session, shown: &Shown<'_>, mm_per_pixel: f64) -> Corners {
    let Shown { series, frame, index, count, viewport } = shown;
    let mut corners = Corners::default();
    if !session.workspace().patient_hidden {
        let patient = &series.patient;
        let born = date(patient.birth_date.reveal());
        corners.top_left = vec![
            patient.name.reveal().to_string(),
            patient.id.reveal().clone(),
            format!("{born} {}", patient.sex.reveal()).trim().to_owned(),
        ];
        corners.top_right = vec![
            series.study.institution.reveal().clone(),
            series.study.date.as_deref().map_or_else(String::new, date),
        ];
    }
    corners.top_right.extend([
        series.study.description.clone(),
        format!("{} {}", series.info.modality, series.info.description).trim().to_owned(),
    ]);
    corners.top_right.extend(series.part.as_ref().map(|part| format!("{} ({})", part.name, part.place())));
    let zoom = frame.display_spacing().between_columns.0 / mm_per_pixel * 100.0;
    let window = viewport.view.look.voi.as_window();
    let number = |v: f64| crate::case::number(v, if window.width < 10.0 { 2 } else { 0 });
    let technique = frame.technique.iter().map(|(name, value)| format!("{name} {value}")).collect::<Vec<_>>();
    corners.bottom_left.extend(technique.chunks(3).map(|some| some.join("   ")));
    if !frame.color {
        corners.bottom_left.push(format!(
            "W {}  L {}{}",
            number(window.width),
            number(window.center),
            if viewport.view.look.inverted { "  inverted" } else { "" }
        ));
    }
    let between = viewport.view.look.interpolation;
    if between != crate::view::Interpolation::default() {
        corners.bottom_left.push(format!("Between pixels: {}", between.name()));
    }
    corners.bottom_left.extend(super::over::words(session, shown).into_iter().flatten());
    corners.bottom_left.push(format!("Zoom {zoom:.0} %"));
    if let Some(plane) = &frame.plane {
        let at = plane.position_along_normal();
        let axis = crate::geometry::direction_letters(plane.normal());
        corners.bottom_right.push(format!("{axis} {:.1} mm", at.0));
    }
    if let Some(reformat) = viewport.view.reformat() {
        corners.bottom_right.push(crate::session::plane_words(reformat));
    } else if let Some(thickness) = frame.thickness {
        corners.bottom_right.push(format!("thickness {thickness}"));
    }
    corners.bottom_right.push(format!("{} / {count}", index + 1));
    for list in [&mut corners.top_left, &mut corners.top_right, &mut corners.bottom_left] {
        list.retain(|line| !line.trim().is_empty());
    }
    corners
}
