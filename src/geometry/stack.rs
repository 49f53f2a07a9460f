use std::ops::Range;

use glam::{DMat3, DVec2, DVec3};

use super::{FramePlane, Mm, PatientPoint, PixelSpacing};

/// Slices closer than this lie at one place.
const SAME_PLACE_MM: f64 = 0.001;
/// A step above this many times the usual one there is a gap: a slice is missing.
const GAP: f64 = 1.5;
/// A slice with less weight than this in a value is not needed for it: rounding alone makes as much.
pub const WEIGHTLESS: f64 = 1e-9;
/// Steps on each side that say what is usual.
const NEIGHBOURS: usize = 2;

/// Parallel slices of one size and spacing at their true places: regular, sheared, uneven or with gaps.
#[derive(Debug, Clone, PartialEq)]
pub struct SliceStack {
    first: FramePlane,
    size: [usize; 2],
    /// Centre of each slice's first pixel, by ascending place.
    origins: Vec<DVec3>,
    /// mm along the normal from the first slice.
    places: Vec<f64>,
    /// Of each step from slice to slice, whether something is missing there.
    gaps: Vec<bool>,
    /// mm that each slice reaches against and along the normal where nothing is interpolated: at ends and gaps.
    reach: Vec<f64>,
    /// From patient mm to (columns, rows, mm along the normal).
    local: DMat3,
}

/// Where a point lies in a stack.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StackPlace {
    /// Column and row, which may be fractional and outside the slices.
    pub pixel: DVec2,
    /// The slice at or before the point.
    pub slice: usize,
    /// Share of the next slice, 0 to 1; 0 where nothing is interpolated.
    pub share: f64,
}

impl SliceStack {
    /// The stack of slices of `size` (columns, rows) on these planes, with the thickness of each as far as it is known.
    ///
    /// The planes share direction and spacing, and ascend along their normal; `None` where two lie at one place, or
    /// there are fewer than two.
    pub fn new(planes: &[FramePlane], size: [usize; 2], thickness: &[Option<Mm>]) -> Option<Self> {
        let first = *planes.first()?;
        let origins: Vec<DVec3> = planes.iter().map(|plane| plane.origin().0).collect();
        let normal = first.normal();
        let places: Vec<f64> =
            origins.iter().map(|origin| (*origin - first.origin().0).dot(normal)).collect();
        let steps: Vec<f64> = places.windows(2).map(|pair| pair[1] - pair[0]).collect();
        if steps.is_empty() || steps.iter().any(|step| step.is_nan() || *step < SAME_PLACE_MM) {
            return None;
        }
        let thick = |slice: usize| thickness.get(slice).copied().flatten().map_or(0.0, |mm| mm.0);
        let usual = |step: usize| usual_near(&steps, step).max(thick(step)).max(thick(step + 1));
        let gaps: Vec<bool> = (0..steps.len()).map(|step| steps[step] > GAP * usual(step)).collect();
        let reach = (0..places.len())
            .map(|slice| {
                let around = [slice.checked_sub(1), Some(slice)].into_iter().flatten();
                let whole = around.filter(|step| gaps.get(*step) == Some(&false)).map(|step| steps[step]);
                let nearest = whole.fold(f64::INFINITY, f64::min);
                let alone = usual_near(&steps, slice.min(steps.len() - 1));
                if nearest.is_finite() { nearest / 2.0 } else { alone.min(thick(slice).max(1.0)) / 2.0 }
            })
            .collect();
        let spacing = first.spacing();
        let local = DMat3::from_cols(
            first.right() * spacing.between_columns.0,
            first.down() * spacing.between_rows.0,
            normal,
        )
        .inverse();
        Some(Self { first, size, origins, places, gaps, reach, local })
    }

    /// The plane of the first slice.
    pub fn first(&self) -> &FramePlane {
        &self.first
    }

    /// Columns and rows of a slice.
    pub fn size(&self) -> [usize; 2] {
        self.size
    }

    /// Number of slices.
    pub fn slices(&self) -> usize {
        self.places.len()
    }

    /// mm of each slice along the normal from the first.
    pub fn places(&self) -> &[f64] {
        &self.places
    }

    /// Centre of the first pixel of each slice.
    pub fn origins(&self) -> &[DVec3] {
        &self.origins
    }

    /// Of each step from slice to slice, whether slices are missing there.
    pub fn gaps(&self) -> &[bool] {
        &self.gaps
    }

    /// mm that a slice reaches along and against the normal at an end of the stack and at a gap.
    pub fn reach(&self, slice: usize) -> Mm {
        Mm(self.reach.get(slice).copied().unwrap_or(0.0))
    }

    /// The linear map from patient mm to (columns, rows, mm along the normal); what it is applied to starts at a slice's
    /// origin.
    pub fn local_from_patient(&self) -> DMat3 {
        self.local
    }

    /// The usual distance from slice to slice, their median.
    pub fn between_slices(&self) -> Mm {
        let mut steps: Vec<f64> = self.places.windows(2).map(|pair| pair[1] - pair[0]).collect();
        steps.sort_by(f64::total_cmp);
        Mm(steps[(steps.len() - 1) / 2])
    }

    /// The smallest distance between neighbouring voxels.
    pub fn finest(&self) -> Mm {
        let spacing = self.first.spacing();
        let between = self.places.windows(2).map(|pair| pair[1] - pair[0]).fold(f64::INFINITY, f64::min);
        Mm(spacing.between_rows.0.min(spacing.between_columns.0).min(between))
    }

    /// Where a point lies: between which slices, at which pixel. `None` before, behind and in a gap of the stack.
    pub fn place_of(&self, point: PatientPoint) -> Option<StackPlace> {
        let at = (self.local * (point.0 - self.origins[0])).z;
        let last = self.places.len() - 1;
        let next = self.places.partition_point(|place| *place <= at);
        let near = |slice: usize| (at - self.places[slice]).abs() <= self.reach[slice] + 1e-9;
        let (slice, share) = match next.checked_sub(1) {
            None => near(0).then_some((0, 0.0))?,
            Some(before) if before == last => near(last).then_some((last, 0.0))?,
            Some(before) if self.gaps[before] => {
                let nearest = [before, next].into_iter().find(|slice| near(*slice));
                (nearest?, 0.0)
            }
            Some(before) => (before, (at - self.places[before]) / (self.places[next] - self.places[before])),
        };
        let own = self.origins[slice];
        let origin = if share > 0.0 { own.lerp(self.origins[slice + 1], share) } else { own };
        Some(StackPlace { pixel: (self.local * (point.0 - origin)).truncate(), slice, share })
    }

    /// The slices between which points lie that reach from the lowest to the highest of these along the normal, with the
    /// one before and the one after: those that values there are interpolated from. Empty beside the stack.
    ///
    /// A point on a slice, but for rounding ([`WEIGHTLESS`]), needs that one alone.
    pub fn slices_between(&self, points: impl IntoIterator<Item = PatientPoint>) -> Range<usize> {
        let along = |point: PatientPoint| (self.local * (point.0 - self.origins[0])).z;
        let [low, high] = points
            .into_iter()
            .map(along)
            .fold([f64::INFINITY, f64::NEG_INFINITY], |[low, high], at| [low.min(at), high.max(at)]);
        let last = self.places.len() - 1;
        let (start, end) = (-self.reach[0], self.places[last] + self.reach[last]);
        if low.is_nan() || high.is_nan() || low > high || high < start - 1e-9 || low > end + 1e-9 {
            return 0..0;
        }
        let step = |slice: usize| {
            let next = (slice + 1).min(last);
            (self.places[next] - self.places[next - 1]).max(SAME_PLACE_MM)
        };
        // The first place at or after the lowest point, and the one before unless that point is on it.
        let after = self.places.partition_point(|place| *place < low).min(last);
        let on = |slice: usize, at: f64| (self.places[slice] - at).abs() <= WEIGHTLESS * step(slice);
        let first = if on(after, low) || self.places[after] < low { after } else { after.saturating_sub(1) };
        let before = self.places.partition_point(|place| *place <= high).saturating_sub(1);
        let end =
            if on(before, high) || self.places[before] > high { before } else { (before + 1).min(last) };
        // A point just below a slice is on it too.
        let first = if first < last && on(first + 1, low) { first + 1 } else { first };
        first.min(end)..end + 1
    }

    /// Fractional (column, row, slice) of a point within the slices' outer edges; `None` outside and in gaps.
    pub fn voxel_from_patient(&self, point: PatientPoint) -> Option<DVec3> {
        let StackPlace { pixel, slice, share } = self.place_of(point)?;
        let [columns, rows] = self.size.map(|count| count as f64 - 0.5);
        let inside = (-0.5..=columns).contains(&pixel.x) && (-0.5..=rows).contains(&pixel.y);
        inside.then_some(pixel.extend(slice as f64 + share))
    }

    /// Centre of a voxel, given as (column, row, slice), which may be fractional; the slice is held within the stack.
    pub fn patient_from_voxel(&self, voxel: DVec3) -> PatientPoint {
        let last = self.places.len() - 1;
        let slice = voxel.z.clamp(0.0, last as f64);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "within the stack")]
        let before = (slice as usize).min(last - 1);
        let origin = self.origins[before].lerp(self.origins[before + 1], slice - before as f64);
        let step = self.first.spacing().mm_from_pixel(voxel.truncate());
        PatientPoint(origin + step.x * self.first.right() + step.y * self.first.down())
    }

    /// The middle of the stack.
    pub fn middle(&self) -> PatientPoint {
        let [columns, rows] = self.size.map(|count| (count as f64 - 1.0) / 2.0);
        let ends = [0.0, self.places.len() as f64 - 1.0]
            .map(|k| self.patient_from_voxel(DVec3::new(columns, rows, k)).0);
        PatientPoint((ends[0] + ends[1]) / 2.0)
    }

    /// The eight corners of the stack: outer edges of the first and last slice's corner voxels.
    pub fn corners(&self) -> [PatientPoint; 8] {
        let [columns, rows] = self.size.map(|count| count as f64 - 0.5);
        let last = self.places.len() - 1;
        let normal = self.first.normal();
        std::array::from_fn(|corner| {
            let column = if corner & 1 == 0 { -0.5 } else { columns };
            let row = if corner & 2 == 0 { -0.5 } else { rows };
            let (slice, out) = if corner & 4 == 0 { (0, -self.reach[0]) } else { (last, self.reach[last]) };
            let point = self.patient_from_voxel(DVec3::new(column, row, slice as f64));
            PatientPoint(point.0 + normal * out)
        })
    }

    /// How far to go along a direction from one slice of voxels to the next: the spacing of the axis nearest to it.
    pub fn step_along(&self, direction: DVec3) -> Mm {
        let spacing = self.first.spacing();
        let axes = [
            (self.first.right(), spacing.between_columns),
            (self.first.down(), spacing.between_rows),
            (self.first.normal(), self.between_slices()),
        ];
        let nearest =
            axes.into_iter().max_by(|a, b| a.0.dot(direction).abs().total_cmp(&b.0.dot(direction).abs()));
        nearest.map_or(self.between_slices(), |(_, step)| step)
    }

    /// A plane through a point as a frame that covers the whole stack: square pixels of the stack's finest spacing,
    /// laid so that they meet the voxels of a plane along its axes; with its columns and rows.
    ///
    /// It is the same but for its place along the normal wherever the point is. `None` where the directions are not
    /// two unit vectors at right angles.
    pub fn covering(
        &self,
        through: PatientPoint,
        right: DVec3,
        down: DVec3,
    ) -> Option<(FramePlane, [usize; 2])> {
        /// More pixels on a side show nothing more.
        const MOST: f64 = 4096.0;
        let axes = [right, down];
        let corners = self.corners();
        let reach = axes.map(|axis| {
            let along = corners.map(|corner| (corner.0 - self.origins[0]).dot(axis));
            along
                .iter()
                .fold([f64::INFINITY, f64::NEG_INFINITY], |[low, high], at| [low.min(*at), high.max(*at)])
        });
        let longest = reach.iter().map(|[low, high]| high - low).fold(0.0, f64::max);
        let step = self.finest().0.max(longest / MOST);
        // In steps from the first voxel: the first pixel's centre, and how many follow.
        let first = reach.map(|[low, _]| (low / step + 0.5 - 1e-6).ceil());
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "at most a few thousand")]
        let size =
            [0, 1].map(|axis| ((reach[axis][1] / step + 0.5 - 1e-6).ceil() - first[axis]).max(1.0) as usize);
        let normal = right.cross(down);
        let off = (through.0 - self.origins[0]).dot(normal);
        let origin = self.origins[0] + normal * off + right * (first[0] * step) + down * (first[1] * step);
        let spacing = PixelSpacing::new(Mm(step), Mm(step)).ok()?;
        Some((FramePlane::new(PatientPoint(origin), right, down, spacing).ok()?, size))
    }
}

/// The median of a step and its neighbours.
fn usual_near(steps: &[f64], step: usize) -> f64 {
    let mut near: Vec<f64> =
        steps[step.saturating_sub(NEIGHBOURS)..(step + NEIGHBOURS + 1).min(steps.len())].to_vec();
    near.sort_by(f64::total_cmp);
    near[(near.len() - 1) / 2]
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Slices at these mm along the normal of an oblique plane, each shifted down by `shear` mm for each mm.
    fn oblique(places: &[f64], shear: f64) -> SliceStack {
        let right = DVec3::new(0.8, 0.6, 0.0);
        let down = DVec3::new(0.0, 0.0, -1.0);
        let spacing = PixelSpacing::new(Mm(0.7), Mm(0.4)).unwrap();
        let plane = |place: &f64| {
            let normal = right.cross(down);
            let origin = DVec3::new(-20.0, 31.5, 7.0) + *place * normal + down * (*place * shear);
            FramePlane::new(PatientPoint(origin), right, down, spacing).unwrap()
        };
        let planes: Vec<_> = places.iter().map(plane).collect();
        SliceStack::new(&planes, [10, 6], &vec![Some(Mm(2.0)); places.len()]).unwrap()
    }

    #[test]
    fn a_point_between_two_slices_has_a_share_of_both() {
        // The normal is (-0.6, 0.8, 0): 1 mm along it from the first slice of 2.5 mm steps is a share of 0.4.
        let stack = oblique(&[0.0, 2.5, 5.0], 0.5);
        let point = stack.first().patient_from_pixel(crate::geometry::PixelPoint::new(3.0, 2.0)).0;
        let there = stack.place_of(PatientPoint(point + DVec3::new(-0.6, 0.8, 0.0))).unwrap();
        assert_eq!(there.slice, 0);
        assert!((there.share - 0.4).abs() < 1e-12);
        // The shear has moved the slice 0.5 mm down there: the point is 0.5 / 0.7 of a row higher in it.
        assert!(there.pixel.distance(DVec2::new(3.0, 2.0 - 0.5 / 0.7)) < 1e-9);
        assert!((stack.between_slices().0 - 2.5).abs() < 1e-12);
        assert!((stack.finest().0 - 0.4).abs() < 1e-12);
    }

    #[test]
    fn a_stretch_along_the_normal_needs_the_slices_on_both_sides_and_no_more() {
        let stack = oblique(&[0.0, 2.5, 5.0, 10.0, 12.5, 15.0], 0.4);
        let at = |mm: f64| {
            let point = stack.patient_from_voxel(DVec3::new(4.0, 3.0, 0.0)).0;
            PatientPoint(point + mm * DVec3::new(-0.6, 0.8, 0.0))
        };
        let between = |low: f64, high: f64| stack.slices_between([at(high), at(low)]);
        assert_eq!(between(3.0, 3.0), 1..3, "between two slices");
        assert_eq!(between(2.5, 2.5), 1..2, "on a slice");
        // Rounding, in steps of 2.5 mm: the neighbours have no weight.
        assert_eq!(between(2.5 + 1e-10, 2.5 + 1e-10), 1..2);
        assert_eq!(between(2.5 - 1e-10, 2.5 - 1e-10), 1..2);
        assert_eq!(between(2.5 - 1e-6, 2.5 - 1e-6), 0..2);
        assert_eq!(between(1.0, 11.0), 0..5);
        assert_eq!(between(2.5, 12.5), 1..5);
        assert_eq!(between(-1.0, -0.5), 0..1, "before the first slice, which holds there");
        assert_eq!(between(15.5, 16.0), 5..6);
        assert_eq!(between(-99.0, 99.0), 0..6);
        assert_eq!(between(-9.0, -8.0), 0..0);
        assert_eq!(between(18.0, 19.0), 0..0);
        assert_eq!(stack.slices_between([]), 0..0);
    }

    #[test]
    fn nothing_is_in_a_gap_but_what_belongs_to_the_slices_beside_it() {
        let stack = oblique(&[0.0, 2.5, 5.0, 10.0, 12.5, 15.0], 0.0);
        assert_eq!(stack.gaps(), [false, false, true, false, false]);
        let at = |mm: f64| {
            let point = stack.patient_from_voxel(DVec3::new(4.0, 3.0, 0.0)).0;
            stack.place_of(PatientPoint(point + mm * DVec3::new(-0.6, 0.8, 0.0)))
        };
        assert_eq!(at(6.2).map(|p| (p.slice, p.share)), Some((2, 0.0)));
        assert_eq!(at(7.5), None);
        assert_eq!(at(8.8).map(|p| (p.slice, p.share)), Some((3, 0.0)));
        assert_eq!(at(-1.2).map(|p| p.slice), Some(0));
        assert_eq!(at(-1.3), None);
        assert_eq!(at(16.3), None);
        // Two blocks of other steps, as of a head scan, have no gap.
        assert!(oblique(&[0.0, 4.0, 8.0, 12.0, 13.1, 20.1, 27.1, 34.1], 0.3).gaps().iter().all(|gap| !gap));
    }

    #[test]
    fn a_plane_along_the_axes_meets_the_voxels() {
        let stack = oblique(&[0.0, 0.4, 0.8], 0.0);
        let through = stack.patient_from_voxel(DVec3::new(2.0, 3.0, 1.0));
        let (plane, [columns, rows]) =
            stack.covering(through, stack.first().right(), stack.first().down()).unwrap();
        assert!(plane.origin().distance(PatientPoint(stack.origins()[1])).0 < 0.36, "half a row at most");
        // 10 columns of 0.4 mm and 6 rows of 0.7 mm in steps of 0.4 mm.
        assert_eq!((columns, rows), (10, 11));
        let (across, size) = stack.covering(through, stack.first().right(), stack.first().normal()).unwrap();
        assert_eq!(size, [10, 3]);
        let voxel = stack.voxel_from_patient(across.origin()).unwrap();
        assert!(voxel.distance(DVec3::new(0.0, 3.0, 0.0)) < 1e-9);
    }

    proptest! {
        #[test]
        fn voxel_and_patient_are_inverse(
            column in -0.4..9.4_f64, row in -0.4..5.4_f64, slice in 0.0..3.0_f64, shear in -0.5..0.5_f64
        ) {
            let stack = oblique(&[0.0, 2.0, 4.5, 6.0], shear);
            let voxel = DVec3::new(column, row, slice);
            let back = stack.voxel_from_patient(stack.patient_from_voxel(voxel)).unwrap();
            prop_assert!(back.distance(voxel) < 1e-9);
        }
    }
}
