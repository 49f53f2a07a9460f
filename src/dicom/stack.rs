//! Frames sorted by their place in the patient, and the grid that they make or why they make none.

use std::sync::Arc;

use glam::DVec3;

use super::split::same_spacing;
use crate::geometry::{FramePlane, Mm, SliceStack, VolumeGrid};
use crate::image::{Frame, NotAVolume, Warning};

/// Two directions are one where the cosine between them is above this: half a degree.
const SAME_DIRECTION: f64 = 0.999_96;
/// The same beyond the noise of headers, which have four decimals: a twentieth of a degree.
const EXACT_DIRECTION: f64 = 0.999_999_62;
/// Rotational series have some hundreds; beyond, frames stay in the order of their numbers.
const MOST_DIRECTIONS: usize = 512;
/// Frames closer than this lie at one place.
const SAME_PLACE_MM: f64 = 0.001;
/// Slice distances within this part of their median are even: positions in headers are rounded.
const EVEN_PART: f64 = 0.02;
const EVEN_MM: f64 = 0.01;
/// An in-plane shift from slice to slice above this is a tilt.
const TILT_MM: f64 = 0.1;
/// No gantry leans further, in degrees: the standard's scanners stop at 30.
const MOST_TILT: f64 = 35.0;

/// Sorted frames.
pub(super) struct Stack {
    pub frames: Vec<Arc<Frame>>,
    pub grid: Result<VolumeGrid, NotAVolume>,
    pub slices: Result<Arc<SliceStack>, NotAVolume>,
    pub warnings: Vec<Warning>,
}

/// A stack whose frames lie at one place: they stay in the order in which they come.
pub(super) fn film(frames: Vec<Arc<Frame>>) -> Stack {
    let mut warnings = Vec::new();
    varieties(&frames, &mut warnings);
    let why = NotAVolume::DuplicatePositions;
    Stack { frames, grid: Err(why.clone()), slices: Err(why), warnings }
}

/// Sorts frames by direction, then by place along the normal; frames without a place come last, as they came.
pub(super) fn stack(frames: Vec<Arc<Frame>>) -> Stack {
    let directions = directions(&frames);
    let place = |frame: &Frame| -> (usize, f64) {
        let Some(plane) = frame.plane else { return (usize::MAX, 0.0) };
        let which = directions.iter().position(|direction| same_direction(direction, &plane));
        let normal = which.and_then(|which| directions.get(which)).map_or(plane.normal(), FramePlane::normal);
        (which.unwrap_or(directions.len()), plane.origin().0.dot(normal))
    };
    let mut placed: Vec<_> = frames.into_iter().map(|frame| (place(&frame), frame)).collect();
    // Stable, so frames at one place stay in the order in which they came.
    placed.sort_by(|((group_a, at_a), _), ((group_b, at_b), _)| {
        group_a.cmp(group_b).then(at_a.total_cmp(at_b))
    });
    let frames: Vec<Arc<Frame>> = placed.into_iter().map(|(_, frame)| frame).collect();
    let mut warnings = Vec::new();
    if directions.len() > 1 {
        warnings.push(Warning::SeveralOrientations { count: directions.len() });
    }
    let mixed = varieties(&frames, &mut warnings);
    let grid = grid(&frames, directions.len(), mixed, &mut warnings);
    let slices = slices(&frames, &grid);
    Stack { frames, grid, slices, warnings }
}

/// The slices at their true places: also where their steps are not even.
fn slices(
    frames: &[Arc<Frame>],
    grid: &Result<VolumeGrid, NotAVolume>,
) -> Result<Arc<SliceStack>, NotAVolume> {
    if let Err(why) = grid
        && *why != NotAVolume::UnevenSpacing
    {
        return Err(why.clone());
    }
    let planes: Vec<FramePlane> = frames.iter().filter_map(|frame| frame.plane).collect();
    let thickness: Vec<Option<Mm>> = frames.iter().map(|frame| frame.thickness).collect();
    let size = frames.first().map_or([0; 2], |frame| [frame.size.columns, frame.size.rows]);
    SliceStack::new(&planes, size, &thickness).map(Arc::new).ok_or(NotAVolume::DuplicatePositions)
}

/// Whether two planes have one direction, in-plane rotation included.
pub(super) fn same_direction(a: &FramePlane, b: &FramePlane) -> bool {
    a.right().dot(b.right()) > SAME_DIRECTION && a.down().dot(b.down()) > SAME_DIRECTION
}

/// The same as exactly as headers are written.
pub(super) fn exactly_one_direction(a: &FramePlane, b: &FramePlane) -> bool {
    a.right().dot(b.right()) > EXACT_DIRECTION && a.down().dot(b.down()) > EXACT_DIRECTION
}

/// One plane for each direction that the frames have.
fn directions(frames: &[Arc<Frame>]) -> Vec<FramePlane> {
    let mut directions: Vec<FramePlane> = Vec::new();
    for plane in frames.iter().filter_map(|frame| frame.plane) {
        if directions.len() < MOST_DIRECTIONS
            && !directions.iter().any(|direction| same_direction(direction, &plane))
        {
            directions.push(plane);
        }
    }
    directions
}

/// Warns where frames differ in size, spacing or rescale; whether the first two keep them from one grid.
fn varieties(frames: &[Arc<Frame>], warnings: &mut Vec<Warning>) -> bool {
    let Some(first) = frames.first() else { return false };
    let sizes = frames.iter().any(|frame| frame.size != first.size);
    let spacings = frames.iter().any(|frame| !same_spacing(frame.spacing, first.spacing));
    if sizes {
        warnings.push(Warning::MixedSizes);
    }
    if spacings {
        warnings.push(Warning::SpacingVaries);
    }
    if frames.iter().any(|frame| frame.transform != first.transform) {
        warnings.push(Warning::RescaleVaries);
    }
    sizes || spacings
}

fn grid(
    frames: &[Arc<Frame>],
    directions: usize,
    mixed: bool,
    warnings: &mut Vec<Warning>,
) -> Result<VolumeGrid, NotAVolume> {
    let planes: Vec<FramePlane> = frames.iter().filter_map(|frame| frame.plane).collect();
    let (Some(first), Some(last), true) = (planes.first(), planes.last(), frames.len() > 1) else {
        return Err(if frames.len() > 1 { NotAVolume::NoPosition } else { NotAVolume::OneFrame });
    };
    if planes.len() < frames.len() {
        return Err(NotAVolume::NoPosition);
    }
    if directions > 1 {
        return Err(NotAVolume::SeveralOrientations);
    }
    let steps: Vec<DVec3> = planes
        .windows(2)
        .filter_map(|pair| Some(pair.get(1)?.origin().0 - pair.first()?.origin().0))
        .collect();
    if leans(&steps, first.normal()) {
        return Err(NotAVolume::SinglePlanes);
    }
    let evenness = evenness(&steps, first.normal(), warnings);
    thickness(frames, &steps, first.normal(), warnings);
    if mixed {
        return Err(NotAVolume::MixedSizes);
    }
    if frames.iter().any(|frame| frame.color) {
        return Err(NotAVolume::Color);
    }
    evenness?;
    let step = (last.origin().0 - first.origin().0) / steps.len() as f64;
    let size = frames.first().map_or([0; 3], |frame| [frame.size.columns, frame.size.rows, frames.len()]);
    Ok(VolumeGrid::new(first, step, size))
}

/// Whether the steps from slice to slice are all alike, with a warning for each way in which they are not.
fn evenness(steps: &[DVec3], normal: DVec3, warnings: &mut Vec<Warning>) -> Result<(), NotAVolume> {
    let gaps: Vec<f64> = steps.iter().map(|step| step.dot(normal)).collect();
    tilt(steps, normal, warnings);
    let duplicates = gaps.iter().filter(|gap| **gap < SAME_PLACE_MM).count();
    if duplicates > 0 {
        warnings.push(Warning::DuplicatePositions { count: duplicates });
    }
    let mut distinct: Vec<f64> = gaps.iter().copied().filter(|gap| *gap >= SAME_PLACE_MM).collect();
    distinct.sort_by(f64::total_cmp);
    let usual = distinct.get(distinct.len().saturating_sub(1) / 2).copied();
    let (Some(usual), Some(&least), Some(&most)) = (usual, distinct.first(), distinct.last()) else {
        return Err(NotAVolume::DuplicatePositions);
    };
    let tolerance = (usual * EVEN_PART).max(EVEN_MM);
    let uneven = |gap: &f64| (gap - usual).abs() > tolerance;
    if distinct.iter().any(uneven) {
        warnings.push(unevenness(&gaps, usual, tolerance, least, most));
        return Err(NotAVolume::UnevenSpacing);
    }
    if duplicates > 0 {
        return Err(NotAVolume::DuplicatePositions);
    }
    let mean = steps.iter().sum::<DVec3>() / steps.len() as f64;
    if steps.iter().any(|step| step.distance(mean) > tolerance.max(TILT_MM)) {
        // Evenly spaced, but shifted against each other by different amounts: no affine grid.
        warnings.push(Warning::UnevenSpacing { least: Mm(least), most: Mm(most) });
        return Err(NotAVolume::UnevenSpacing);
    }
    Ok(())
}

/// Missing slices where every odd distance is a multiple of the usual one, otherwise uneven spacing.
fn unevenness(gaps: &[f64], usual: f64, tolerance: f64, least: f64, most: f64) -> Warning {
    let mut missing = 0;
    let mut after = None;
    for (index, gap) in gaps.iter().enumerate().filter(|(_, gap)| (**gap - usual).abs() > tolerance) {
        if *gap < SAME_PLACE_MM {
            continue;
        }
        let times = (gap / usual).round();
        if !(2.0..=1000.0).contains(&times) || (gap - times * usual).abs() > tolerance * times {
            return Warning::UnevenSpacing { least: Mm(least), most: Mm(most) };
        }
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 2 and 1000")]
        let times = times as usize;
        missing += times - 1;
        after.get_or_insert(index);
    }
    Warning::Gap { missing, after: after.unwrap_or(0) }
}

/// The angle between the way from the first slice to the last and their normal, in degrees.
fn lean(steps: &[DVec3], normal: DVec3) -> f64 {
    let total: DVec3 = steps.iter().sum();
    let along = total.dot(normal);
    (total - normal * along).length().atan2(along.abs()).to_degrees()
}

/// Whether the planes are further shifted beside each other than any gantry tilts, not only by rounding.
fn leans(steps: &[DVec3], normal: DVec3) -> bool {
    let apart = steps.iter().any(|step| step.dot(normal) >= SAME_PLACE_MM);
    let beside = steps.iter().any(|step| (*step - normal * step.dot(normal)).length() > TILT_MM);
    apart && beside && lean(steps, normal) > MOST_TILT
}

fn tilt(steps: &[DVec3], normal: DVec3, warnings: &mut Vec<Warning>) {
    let in_plane = |step: &DVec3| (*step - normal * step.dot(normal)).length();
    if steps.iter().any(|step| in_plane(step) > TILT_MM && step.dot(normal) >= SAME_PLACE_MM) {
        warnings.push(Warning::Tilt { degrees: lean(steps, normal) });
    }
}

/// Notes where slices overlap, or have tissue between them that no slice shows.
fn thickness(frames: &[Arc<Frame>], steps: &[DVec3], normal: DVec3, warnings: &mut Vec<Warning>) {
    let Some(thickness) = frames.first().and_then(|frame| frame.thickness) else { return };
    if frames.iter().any(|frame| frame.thickness != Some(thickness)) {
        return;
    }
    let mut gaps: Vec<f64> =
        steps.iter().map(|step| step.dot(normal)).filter(|gap| *gap >= SAME_PLACE_MM).collect();
    gaps.sort_by(f64::total_cmp);
    let Some(&usual) = gaps.get(gaps.len().saturating_sub(1) / 2) else { return };
    let tolerance = (usual * EVEN_PART).max(EVEN_MM);
    let spacing = Mm(usual);
    if thickness.0 > usual + tolerance {
        warnings.push(Warning::Overlap { thickness, spacing });
    } else if thickness.0 < usual - tolerance {
        warnings.push(Warning::BetweenSlices { thickness, spacing });
    }
}
