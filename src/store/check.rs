//! What serde cannot know of a case: what is ambiguous is refused, what points to nothing is let go.

use std::collections::HashSet;
use std::hash::Hash;
use std::path::Path;
use std::sync::Arc;

use super::StoreError;
use super::case_file::damaged;
use crate::case::{Case, DrawnOn, DrawnPlane, Figure, Kind, Measurement, Recorded};

/// The case if it can be used, and in words what had to be let go.
///
/// A view that cannot be shown leaves an empty place, and what points to a lesion, time point or region that is not
/// there points to nothing: neither is a reason to refuse the rest.
pub(super) fn sound(path: &Path, mut case: Case) -> Result<(Case, Vec<String>), StoreError> {
    check(&case).map_err(|reason| damaged(path, &reason))?;
    empty_unsound_views(&mut case);
    let mended = mend(&mut case);
    Ok((case, mended))
}

/// Nobody follows more lesions, or sees them at more dates.
const MOST_FOLLOWED: usize = 1000;

/// No margin is wider: drawing it would take minutes.
const MOST_MARGIN_MM: f64 = 500.0;

/// Why a measurement cannot be drawn.
pub(super) fn check_measurement(measurement: &Measurement) -> Result<(), String> {
    let (id, found) = (measurement.id.0, measurement.points.len());
    let (least, most) = measurement.kind.point_count();
    if !(least..=most).contains(&found) {
        return Err(format!("measurement {id} ({}) has {found} points", measurement.kind.name()));
    }
    if (measurement.kind == Kind::Mask) != measurement.mask.is_some() {
        return Err(format!(
            "measurement {id} ({}) must have voxels if it is a mask, and only then",
            measurement.kind.name()
        ));
    }
    let margin = measurement.mask.as_ref().and_then(|mask| mask.margin);
    if margin.is_some_and(|margin| !(0.0..=MOST_MARGIN_MM).contains(&margin.0)) {
        return Err(format!("the margin of measurement {id} is not between 0 and {MOST_MARGIN_MM} mm"));
    }
    Ok(())
}

/// JSON has no word for NaN: it would become `null` and the case could not be read again.
pub(super) fn finite(case: &Case) -> Result<(), StoreError> {
    if let Some(m) = case.measurements.iter().find(|m| !is_finite(m)) {
        return Err(StoreError::NotFinite { id: m.id.0 });
    }
    if case.space_links.iter().any(|link| !link.offset.is_finite()) {
        return Err(StoreError::UnsoundLock);
    }
    let is_number = |recorded: &Recorded| recorded.values.iter().all(|value| value.value.is_finite());
    if case.calibrations.iter().any(|calibration| !calibration.is_sound()) {
        return Err(StoreError::UnsoundLock);
    }
    if let Some(recorded) = case.recorded.iter().find(|recorded| !is_number(recorded)) {
        return Err(StoreError::NotFinite { id: recorded.measurement.0 });
    }
    let shown = case.workspace.iter().flat_map(|workspace| workspace.viewports.iter().flatten());
    let mut views = case.key_images.iter().map(|key| &key.view).chain(shown);
    let figures = case.figures.iter().all(|figure| figure.is_sound());
    if figures && views.all(|view| view.is_sound()) { Ok(()) } else { Err(StoreError::UnsoundView) }
}

fn is_finite(measurement: &Measurement) -> bool {
    let third = measurement.third_axis_on.as_deref().and_then(|on| match on {
        DrawnOn::Plane(plane) => Some(plane),
        DrawnOn::Frame(_) => None,
    });
    let cut = |drawn: &DrawnPlane| {
        let (plane, slab) = (&drawn.reformat.plane, &drawn.reformat.slab);
        let directions = plane.right.is_finite() && plane.down.is_finite();
        directions && plane.through.0.is_finite() && slab.thickness.0.is_finite()
    };
    measurement.points.is_finite()
        && measurement.label_offset.is_none_or(glam::DVec2::is_finite)
        && measurement.drawn_on_plane.iter().chain(third).all(cut)
}

/// Whether a figure can be drawn.
pub(super) fn check_figure(figure: &Figure) -> Result<(), String> {
    let id = figure.id.0;
    if !figure.is_sound() || figure.panels.len() > Figure::MOST_PANELS {
        return Err(format!("figure {id} has a size or a place that cannot be drawn"));
    }
    unique(figure.panels.iter().map(|panel| panel.id.0), |panel| {
        format!("two panels of figure {id} have the id {panel}")
    })
}

fn check(case: &Case) -> Result<(), String> {
    if case.lesions.len() > MOST_FOLLOWED || case.time_points.len() > MOST_FOLLOWED {
        return Err(format!("it follows more than {MOST_FOLLOWED} lesions or time points"));
    }
    unique(case.measurements.iter().map(|m| m.id.0), |id| format!("two measurements have the id {id}"))?;
    for measurement in &case.measurements {
        check_measurement(measurement)?;
    }
    unique(case.key_images.iter().map(|key| key.id.0), |id| format!("two key images have the id {id}"))?;
    if let Some(key) = case.key_images.iter().find(|key| !key.view.is_sound()) {
        return Err(format!("the view of key image {} cannot be shown", key.id.0));
    }
    unique(case.figures.iter().map(|figure| figure.id.0), |id| format!("two figures have the id {id}"))?;
    for figure in &case.figures {
        check_figure(figure)?;
    }
    if !case.notebook.is_sound() {
        return Err("an event of its course is too far away, or two have one number".to_owned());
    }
    if case.pictures.iter().any(|picture| !picture.is_sound()) {
        return Err("a picture has no size, or no hash of 64 digits".to_owned());
    }
    unique(case.pictures.iter().map(|picture| &*picture.sha256), |hash| {
        format!("the picture {hash} is in it twice")
    })?;
    unique(case.lesions.iter().map(|lesion| lesion.id.0), |id| format!("two lesions have the id {id}"))?;
    unique(case.time_points.iter().map(|at| at.id.0), |id| format!("two time points have the id {id}"))?;
    if case.time_points.iter().any(|point| point.id.0 == 0) {
        return Err("a time point has the id 0, which means none".to_owned());
    }
    let studies = case.time_points.iter().flat_map(|point| {
        let once: HashSet<_> = point.studies.iter().collect();
        once.into_iter().collect::<Vec<_>>()
    });
    unique(studies, |study| format!("the study {study} is in two time points"))?;
    unique(case.calibrations.iter().map(|c| c.sop_instance.as_str()), |image| {
        format!("the image {image} is calibrated twice")
    })?;
    if let Some(unsound) = case.calibrations.iter().find(|calibration| !calibration.is_sound()) {
        return Err(format!("the calibration of the image {} is no scale", unsound.sop_instance));
    }
    unique(case.readings.iter().map(|r| (r.lesion.0, r.time_point.0)), |(lesion, at)| {
        format!("lesion {lesion} has two readings at time point {at}")
    })
}

fn unique<T: Copy + Eq + Hash>(
    all: impl Iterator<Item = T>,
    twice: impl Fn(T) -> String,
) -> Result<(), String> {
    let mut seen = HashSet::new();
    for one in all {
        if !seen.insert(one) {
            return Err(twice(one));
        }
    }
    Ok(())
}

fn empty_unsound_views(case: &mut Case) {
    if let Some(workspace) = &mut case.workspace
        && workspace.viewports.iter().flatten().any(|view| !view.is_sound())
    {
        for view in &mut Arc::make_mut(workspace).viewports {
            *view = view.take().filter(|view| view.is_sound());
        }
    }
}

/// Lets go of references to nothing; only the reference goes, never what it stood in.
fn mend(case: &mut Case) -> Vec<String> {
    let lesions: HashSet<_> = case.lesions.iter().map(|lesion| lesion.id).collect();
    let points: HashSet<_> = case.time_points.iter().map(|point| point.id).collect();
    let drawn: HashSet<_> = case.measurements.iter().map(|m| m.id).collect();
    let mut mended = Vec::new();
    for measurement in &mut case.measurements {
        let id = measurement.id.0;
        if let Some(lesion) = measurement.lesion.filter(|lesion| !lesions.contains(lesion)) {
            mended.push(format!("measurement {id} belonged to lesion {}", lesion.0));
            Arc::make_mut(measurement).lesion = None;
        }
        if let Some(with) =
            measurement.compared.as_ref().map(|to| to.with).filter(|with| !drawn.contains(with))
        {
            mended.push(format!("measurement {id} was compared with measurement {}", with.0));
            Arc::make_mut(measurement).compared = None;
        }
    }
    case.readings.retain(|reading| {
        let is = lesions.contains(&reading.lesion) && points.contains(&reading.time_point);
        if !is {
            let (lesion, at) = (reading.lesion.0, reading.time_point.0);
            mended.push(format!("lesion {lesion} was read at time point {at}: {}", reading.reading.name()));
        }
        is
    });
    case.baselines.retain(|baseline| {
        let is = points.contains(baseline);
        if !is {
            mended.push(format!("a baseline was time point {}", baseline.0));
        }
        is
    });
    case.counting.retain(|counting| {
        let is = drawn.contains(counting);
        if !is {
            mended.push(format!("measurement {} was chosen as a size", counting.0));
        }
        is
    });
    // Nothing that the reader said: it is written anew with every save.
    case.recorded.retain(|recorded| drawn.contains(&recorded.measurement));
    if let Some(day) = case.day_zero.filter(|day| !points.contains(day)) {
        mended.push(format!("days were counted from time point {}", day.0));
        case.day_zero = None;
    }
    mended
}
