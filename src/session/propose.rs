//! How one stack lies to another along their slices: a first guess from how much body each place shows.
//!
//! Both volumes are cut in the planes of the first, 1 mm apart, on one grid. Of each plane three numbers count: the
//! area of the body, and mean and spread of the values well within it. The shift at which the two rows of numbers agree best is
//! the proposal, to a part of a mm by the parabola through the best three.

use glam::DVec3;

use crate::geometry::{FramePlane, Mm, PatientPoint, PixelSpacing};
use crate::image::{FrameSize, Samples, Volume};
use crate::render::sample_plane;
use crate::view::{Interpolation, Slab};

/// mm between the planes that are compared.
const STEP: f64 = 1.0;
/// mm between the points of a plane.
const GRID: f64 = 4.0;
/// Planes that two stacks must have in common at least.
const FEWEST: usize = 10;
/// Of the shorter stack this share must lie within the other.
const SHARE: f64 = 0.5;
/// A likeness below this says nothing; 1 is the same.
const LEAST: f64 = 0.5;

/// Where a volume lies in another one's space.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Proposal {
    /// mm, LPS: what leads from a place in the first volume to the same in the second.
    pub(super) offset: DVec3,
    /// How alike they are there, up to 1.
    pub(super) likeness: f64,
}

/// What a plane shows of the body.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Cross {
    /// mm² of body.
    area: f64,
    /// mm² within its outline: bone and air are dark in one modality and bright in another.
    outline: f64,
    mean: f64,
    spread: f64,
    /// mm right and down, from the patient's origin.
    center: [f64; 2],
}

/// The planes of a volume, one each [`STEP`], the first at `first` steps from the patient's origin.
#[derive(Debug, Clone, PartialEq)]
struct Profile {
    first: i64,
    planes: Vec<Option<Cross>>,
}

/// The offset at which the planes of two volumes look most alike; `None` where they say too little.
///
/// `same` where their values mean the same, such as two CTs; otherwise only the outline counts.
pub(super) fn by_profiles(a: &Volume, b: &Volume, plane: &FramePlane, same: bool) -> Option<Proposal> {
    let (a, b) = (profile(a, plane)?, profile(b, plane)?);
    let count = |profile: &Profile| i64::try_from(profile.planes.len()).ok();
    let shifts = (b.first - a.first - count(&a)?)..=(b.first - a.first + count(&b)?);
    let scores: Vec<(i64, f64)> =
        shifts.filter_map(|shift| Some((shift, likeness(&a, &b, shift, same)?))).collect();
    let at = (0..scores.len()).max_by(|i, j| scores[*i].1.total_cmp(&scores[*j].1))?;
    let (shift, best) = scores[at];
    if best < LEAST {
        return None;
    }
    let beside = |step: i64| scores.iter().find(|(other, _)| *other == shift + step).map(|(_, score)| *score);
    let part = match (beside(-1), beside(1)) {
        (Some(before), Some(after)) if before + after < 2.0 * best => {
            (before - after) / (2.0 * (before - 2.0 * best + after))
        }
        (..) => 0.0,
    };
    let across = drift(&a, &b, shift);
    let along = (shift as f64 + part) * STEP;
    let offset = plane.normal() * along + plane.right() * across[0] + plane.down() * across[1];
    Some(Proposal { offset, likeness: best })
}

/// How alike planes are when `b` is `shift` steps on from `a`: up to 1.
fn likeness(a: &Profile, b: &Profile, shift: i64, same: bool) -> Option<f64> {
    let pairs = pairs(a, b, shift);
    let there = |profile: &Profile| profile.planes.iter().flatten().count();
    let fewest = (there(a).min(there(b)) as f64 * SHARE).max(FEWEST as f64);
    if (pairs.len() as f64) < fewest {
        return None;
    }
    // Areas are mm² in both: they must be equal, not only rise and fall together.
    if !same {
        return Some(agreement(pairs.iter().map(|(a, b)| [a.outline, b.outline]), true));
    }
    let area = agreement(pairs.iter().map(|(a, b)| [a.area, b.area]), true);
    let mean = agreement(pairs.iter().map(|(a, b)| [a.mean, b.mean]), false);
    let spread = agreement(pairs.iter().map(|(a, b)| [a.spread, b.spread]), false);
    Some((2.0 * area + mean + spread) / 4.0)
}

fn pairs(a: &Profile, b: &Profile, shift: i64) -> Vec<(Cross, Cross)> {
    let places = a.planes.iter().enumerate();
    let pair = |(index, own): (usize, &Option<Cross>)| {
        let there = usize::try_from(a.first + i64::try_from(index).ok()? + shift - b.first).ok()?;
        Some(((*own)?, (*b.planes.get(there)?)?))
    };
    places.filter_map(pair).collect()
}

/// How far the body has moved to the right and down: the mean over planes, by area.
fn drift(a: &Profile, b: &Profile, shift: i64) -> [f64; 2] {
    let pairs = pairs(a, b, shift);
    let weight: f64 = pairs.iter().map(|(a, b)| a.area.min(b.area)).sum();
    [0, 1].map(|axis| {
        let moved = |(a, b): &(Cross, Cross)| (b.center[axis] - a.center[axis]) * a.area.min(b.area);
        if weight > 0.0 { pairs.iter().map(moved).sum::<f64>() / weight } else { 0.0 }
    })
}

/// Pearson's correlation; where values are `absolute`, Lin's, which falls as they differ.
fn agreement(pairs: impl Iterator<Item = [f64; 2]> + Clone, absolute: bool) -> f64 {
    let count = pairs.clone().count().max(1) as f64;
    let mean = [0, 1].map(|side| pairs.clone().map(|pair| pair[side]).sum::<f64>() / count);
    let [mut own, mut other, mut both] = [0.0; 3];
    for [a, b] in pairs {
        let (a, b) = (a - mean[0], b - mean[1]);
        own += a * a / count;
        other += b * b / count;
        both += a * b / count;
    }
    let whole =
        if absolute { (own + other + (mean[0] - mean[1]).powi(2)) / 2.0 } else { (own * other).sqrt() };
    if whole > 0.0 { both / whole } else { 0.0 }
}

/// The planes of a volume along a normal.
fn profile(volume: &Volume, plane: &FramePlane) -> Option<Profile> {
    let corners = volume.slices.corners();
    let range = |axis: DVec3, step: f64| {
        let along = corners.map(|corner| corner.0.dot(axis) / step);
        let low = along.iter().copied().fold(f64::INFINITY, f64::min).ceil();
        let high = along.iter().copied().fold(f64::NEG_INFINITY, f64::max).floor();
        #[expect(clippy::cast_possible_truncation, reason = "a stack is some metres long at most")]
        let ends = (low as i64, high as i64);
        (ends.1 - ends.0 < 4000).then_some(ends)
    };
    let (left, right) = range(plane.right(), GRID)?;
    let (top, bottom) = range(plane.down(), GRID)?;
    let (first, last) = range(plane.normal(), STEP)?;
    let count = |low: i64, high: i64| usize::try_from(high - low + 1).unwrap_or(0);
    let size = FrameSize { columns: count(left, right), rows: count(top, bottom) };
    let corner = plane.right() * (left as f64 * GRID) + plane.down() * (top as f64 * GRID);
    let sheets: Vec<Vec<f32>> = (first..=last)
        .map(|place| sheet(volume, plane, corner + plane.normal() * (place as f64 * STEP), size))
        .collect::<Option<_>>()?;
    let least = threshold(&sheets)?;
    let whole = sheets.iter().map(|sheet| sheet.iter().filter(|value| value.is_finite()).count()).max()?;
    let cross = |sheet: &Vec<f32>| cross(sheet, size.columns, [left, top], least, whole);
    let planes: Vec<Option<Cross>> = sheets.iter().map(cross).collect();
    Some(Profile { first, planes: smoothed(&planes, volume.slices.between_slices().0 / STEP) })
}

/// Each plane as the mean over one step from slice to slice.
///
/// Between two slices values are interpolated and less noisy: without this, stacks match where their slices meet.
fn smoothed(planes: &[Option<Cross>], step: f64) -> Vec<Option<Cross>> {
    let half = step / 2.0;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a slice is some mm thick")]
    let reach = half.clamp(0.0, 50.0).ceil() as usize;
    let mean = |index: usize| {
        planes[index]?;
        let [mut whole, mut area, mut outline, mut mean, mut spread, mut right, mut down] = [0.0; 7];
        let near = planes.iter().enumerate().take(index + reach + 1).skip(index.saturating_sub(reach));
        for (other, cross) in near {
            // Of the outermost plane only the part within the step counts.
            let share = (half + 0.5 - other.abs_diff(index) as f64).clamp(0.0, 1.0);
            let Some(cross) = cross.filter(|_| share > 0.0) else { continue };
            whole += share;
            area += share * cross.area;
            outline += share * cross.outline;
            mean += share * cross.mean;
            spread += share * cross.spread;
            right += share * cross.center[0];
            down += share * cross.center[1];
        }
        let [area, outline, mean, spread] = [area, outline, mean, spread].map(|sum| sum / whole);
        Some(Cross { area, outline, mean, spread, center: [right / whole, down / whole] })
    };
    (0..planes.len()).map(mean).collect()
}

/// The values of a volume on one plane, not a number outside.
fn sheet(volume: &Volume, plane: &FramePlane, corner: DVec3, size: FrameSize) -> Option<Vec<f32>> {
    let spacing = PixelSpacing::new(Mm(GRID), Mm(GRID)).ok()?;
    let at = FramePlane::new(PatientPoint(corner), plane.right(), plane.down(), spacing).ok()?;
    let samples = sample_plane(volume, &at, size, Slab::default(), Interpolation::Linear);
    let Samples::F32(values) = samples else { return None };
    Some(values)
}

/// The value that tells body from air: 0.4 of the way from the darkest to the mean of what is above the mean.
fn threshold(sheets: &[Vec<f32>]) -> Option<f64> {
    let mut values: Vec<f32> = sheets.iter().flatten().copied().filter(|value| value.is_finite()).collect();
    if values.is_empty() {
        return None;
    }
    let mean_of = |values: &mut dyn Iterator<Item = f32>| {
        let (sum, count) =
            values.fold((0.0, 0.0), |(sum, count), value| (sum + f64::from(value), count + 1.0));
        if count > 0.0 { sum / count } else { 0.0 }
    };
    let mean = mean_of(&mut values.iter().copied());
    let bright = mean_of(&mut values.iter().copied().filter(|value| f64::from(*value) > mean));
    // Not the very darkest: a few values are far below air.
    let dark = values.len() / 50;
    let (_, dark, _) = values.select_nth_unstable_by(dark, f32::total_cmp);
    let dark = f64::from(*dark);
    (bright > dark).then_some(dark + 0.4 * (bright - dark))
}

/// The body on a plane; `None` where the stack covers too little of it.
fn cross(sheet: &[f32], columns: usize, from: [i64; 2], least: f64, whole: usize) -> Option<Cross> {
    let there = sheet.iter().filter(|value| value.is_finite()).count();
    if there * 5 < whole * 4 {
        return None;
    }
    let is_body = |index: Option<usize>| {
        index.and_then(|index| sheet.get(index)).is_some_and(|value| f64::from(*value) > least)
    };
    let [mut count, mut right, mut down] = [0.0; 3];
    let [mut within, mut sum, mut squares] = [0.0; 3];
    for (index, value) in sheet.iter().enumerate().filter(|(index, _)| is_body(Some(*index))) {
        count += 1.0;
        right += (index % columns) as f64;
        down += (index / columns) as f64;
        // The rim is half air, the more so the thicker the slices: its values say nothing.
        let beside =
            [index.checked_sub(1), Some(index + 1), index.checked_sub(columns), Some(index + columns)];
        if beside.into_iter().all(is_body) {
            let value = f64::from(*value);
            within += 1.0;
            sum += value;
            squares += value * value;
        }
    }
    let mean = if within > 0.0 { sum / within } else { least };
    let spread = if within > 0.0 { (squares / within - mean * mean).max(0.0).sqrt() } else { 0.0 };
    let center = [(right, from[0]), (down, from[1])]
        .map(|(sum, from)| if count > 0.0 { (sum / count + from as f64) * GRID } else { 0.0 });
    let outline = outlined(sheet, columns, least) * GRID * GRID;
    Some(Cross { area: count * GRID * GRID, outline, mean, spread, center })
}

/// How many points have body, or are body, on all four sides.
fn outlined(sheet: &[f32], columns: usize, least: f64) -> f64 {
    let rows = sheet.len() / columns.max(1);
    let nothing = (usize::MAX, 0);
    let (mut across, mut along) = (vec![nothing; rows], vec![nothing; columns]);
    let widen = |ends: &mut (usize, usize), at: usize| *ends = (ends.0.min(at), ends.1.max(at));
    let places = || (0..rows).flat_map(|row| (0..columns).map(move |column| (row, column)));
    for (row, column) in places() {
        if f64::from(sheet[row * columns + column]) > least {
            widen(&mut across[row], column);
            widen(&mut along[column], row);
        }
    }
    let within = |ends: (usize, usize), at: usize| ends.0 <= at && at <= ends.1;
    let inside = |&(row, column): &(usize, usize)| within(across[row], column) && within(along[column], row);
    places().filter(inside).count() as f64
}

#[cfg(test)]
#[path = "propose/tests.rs"]
mod tests;
