use glam::{DMat3, DVec2, DVec3};

use crate::geometry::SliceStack;

/// How far a slice may lie off the regular place, in steps from slice to slice, to be taken as there: this changes a
/// value by less than 1e-4 of the difference between two slices.
const SAME: f64 = 5e-5;

/// Neighbouring slices whose steps are alike, so that one affine map leads to their voxels; or one slice that holds, at an
/// end of the stack or at a gap.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Zone {
    /// The first slice.
    pub(super) slice: usize,
    /// Steps to the last slice; 0 where one slice holds.
    pub(super) steps: usize,
    /// Where it is: mm along the normal from the stack's first slice.
    pub(super) from: f64,
    /// Where it ends.
    pub(super) to: f64,
    /// From (columns, rows, mm along the normal), from the stack's first voxel, to (column, row, steps from `slice`).
    voxel_from_local: DMat3,
    offset: DVec3,
}

impl Zone {
    fn holding(slice: usize, origin: DVec3, from: f64, to: f64) -> Self {
        let voxel_from_local = DMat3::from_diagonal(DVec3::new(1.0, 1.0, 0.0));
        Self { slice, steps: 0, from, to, voxel_from_local, offset: -origin.truncate().extend(0.0) }
    }

    fn between(slice: usize, steps: usize, first: DVec3, last: DVec3) -> Self {
        let step = (last - first) / steps as f64;
        let shear: DVec2 = -step.truncate() / step.z;
        let voxel_from_local = DMat3::from_cols(DVec3::X, DVec3::Y, shear.extend(step.z.recip()));
        Self {
            slice,
            steps,
            from: first.z,
            to: last.z,
            voxel_from_local,
            offset: -(voxel_from_local * first),
        }
    }

    /// The voxel place of a local point.
    #[inline]
    pub(super) fn voxel(&self, local: DVec3) -> DVec3 {
        self.voxel_from_local * local + self.offset
    }

    /// The voxel step of a local step.
    #[inline]
    pub(super) fn step(&self, local: DVec3) -> DVec3 {
        self.voxel_from_local * local
    }
}

/// The zones of a stack, along its normal.
pub(super) fn zones(stack: &SliceStack) -> Vec<Zone> {
    let local = stack.local_from_patient();
    let origins: Vec<DVec3> =
        stack.origins().iter().map(|origin| local * (*origin - stack.origins()[0])).collect();
    let last = origins.len() - 1;
    // As `place_of` allows for rounding.
    let reach = |slice: usize| stack.reach(slice).0 + 1e-9;
    let mut zones = vec![Zone::holding(0, origins[0], -reach(0), 0.0)];
    let mut slice = 0;
    while slice < last {
        let here = origins[slice].z;
        if stack.gaps()[slice] {
            let next = origins[slice + 1].z;
            let end = next.min(here + reach(slice));
            zones.push(Zone::holding(slice, origins[slice], here, end));
            zones.push(Zone::holding(slice + 1, origins[slice + 1], end.max(next - reach(slice + 1)), next));
            slice += 1;
        } else {
            let steps = alike(stack.gaps(), &origins, slice);
            zones.push(Zone::between(slice, steps, origins[slice], origins[slice + steps]));
            slice += steps;
        }
    }
    zones.push(Zone::holding(last, origins[last], origins[last].z, origins[last].z + reach(last)));
    zones
}

/// How many steps from this slice on are alike: all, half, a quarter, ... at least one.
fn alike(gaps: &[bool], origins: &[DVec3], slice: usize) -> usize {
    let whole = gaps[slice..].iter().take_while(|gap| !**gap).count();
    let regular = |steps: usize| {
        let step = (origins[slice + steps] - origins[slice]) / steps as f64;
        let off = |index: usize| {
            let off = origins[slice + index] - origins[slice] - step * index as f64;
            off.truncate().abs().max_element().max((off.z / step.z).abs())
        };
        (1..steps).all(|index| off(index) < SAME)
    };
    let mut steps = whole;
    while steps > 1 && !regular(steps) {
        steps = steps.div_ceil(2);
    }
    steps
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::{FramePlane, Mm, PatientPoint, PixelSpacing};

    fn stack(places: &[f64], shear: f64) -> SliceStack {
        let right = DVec3::new(0.8, 0.6, 0.0);
        let down = DVec3::new(0.0, 0.0, -1.0);
        let spacing = PixelSpacing::new(Mm(0.7), Mm(0.4)).unwrap();
        let plane = |place: &f64| {
            let origin = DVec3::new(-20.0, 31.5, 7.0) + *place * right.cross(down) + down * (*place * shear);
            FramePlane::new(PatientPoint(origin), right, down, spacing).unwrap()
        };
        let planes: Vec<_> = places.iter().map(plane).collect();
        SliceStack::new(&planes, [10, 6], &vec![Some(Mm(2.0)); places.len()]).unwrap()
    }

    #[test]
    fn blocks_of_equal_steps_are_one_zone_each() {
        let of = |places: &[f64]| -> Vec<(usize, usize)> {
            zones(&stack(places, 0.3)).iter().map(|zone| (zone.slice, zone.steps)).collect()
        };
        assert_eq!(of(&[0.0, 2.0, 4.0, 6.0, 8.0]), [(0, 0), (0, 4), (4, 0)]);
        assert_eq!(of(&[0.0, 2.0, 4.0, 7.0, 10.0]), [(0, 0), (0, 2), (2, 2), (4, 0)]);
        let gapped = [(0, 0), (0, 2), (2, 0), (3, 0), (3, 2), (5, 0)];
        assert_eq!(of(&[0.0, 2.0, 4.0, 9.0, 11.0, 13.0]), gapped);
    }

    #[test]
    fn a_zone_leads_to_the_same_voxel_as_the_stack() {
        for places in [[0.0, 2.0, 4.0, 9.0, 11.0, 13.0], [0.0, 2.0, 4.5, 6.0, 8.0, 10.0]] {
            let stack = stack(&places, 0.3);
            let zones = zones(&stack);
            let mut found = 0;
            for part in 0..160 {
                let along = f64::from(part) * 0.1 - 1.5;
                let point = stack.origins()[0]
                    + stack.first().normal() * along
                    + stack.first().right() * 1.3
                    + stack.first().down() * 2.1;
                let local = stack.local_from_patient() * (point - stack.origins()[0]);
                let zone = zones.iter().find(|zone| (zone.from..=zone.to).contains(&local.z));
                let place = stack.place_of(PatientPoint(point));
                assert_eq!(zone.is_some(), place.is_some(), "{along}");
                if let (Some(zone), Some(place)) = (zone, place) {
                    let voxel = zone.voxel(local) + DVec3::Z * zone.slice as f64;
                    let theirs = place.pixel.extend(place.slice as f64 + place.share);
                    assert!(voxel.distance(theirs) < 1e-9, "{along}: {voxel} {theirs}");
                    found += 1;
                }
            }
            assert!(found > 100);
        }
    }
}
