use glam::DVec3;

use super::bits::Bits;
use super::lattice::Lattice;
use super::swept::Swept;
use super::{Mask, MaskError};
use crate::geometry::{Mm, PatientPoint, SliceStack};

/// Gives the pixels of a slice within the thresholds as [`grow`](fn@super::grow) takes them.
pub type Accepts<'a> = dyn Fn(usize) -> Option<Vec<u64>> + Sync + 'a;

/// What a stroke touches.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Tip {
    /// A disc that stays in one slice, whatever the stroke's place along the normal.
    Disc {
        /// Slice index.
        slice: usize,
    },
    /// A ball.
    Ball,
    /// A disc on any plane, with the voxels near to it; the stroke is laid into the plane along its normal.
    Plane {
        /// A point of the plane.
        point: PatientPoint,
        /// Its normal; of any length but 0.
        normal: DVec3,
        /// How far it reaches on either side.
        half: Mm,
    },
}

/// What is moved along a stroke.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Brush {
    /// Radius of the tip.
    pub radius: Mm,
    /// Shape of the tip.
    pub tip: Tip,
    /// Takes voxels away instead of adding them.
    pub erase: bool,
}

impl Mask {
    /// The mask after a stroke through patient points, one alone being a dab: voxels change whose centre lies within
    /// the brush's radius of the stroke's line, the edge included.
    ///
    /// With `accepts`, only voxels within the thresholds change, and none where the pixels are missing.
    pub fn paint(
        &self,
        stack: &SliceStack,
        stroke: &[PatientPoint],
        brush: &Brush,
        accepts: Option<&Accepts<'_>>,
    ) -> Result<Self, MaskError> {
        let lattice = Lattice::of(self, stack)?;
        let swept = Swept::new(&lattice, stroke, brush)?;
        let mut mask = self.clone();
        for slice in swept.slices.clone() {
            let Some(mut bits) = swept.pixels(&lattice, slice) else { continue };
            if let Some(accepts) = accepts {
                let [columns, rows] = lattice.slice_size();
                let words = accepts(slice).filter(|words| words.len() == (columns * rows).div_ceil(64));
                bits.intersect(&Bits::of_words(&words.unwrap_or_default(), columns, bits.area()));
            }
            let touched = bits.runs();
            let own = self.slice(slice).cloned().unwrap_or_default();
            let erase = brush.erase;
            mask.put(slice, own.joined(&touched, |own, hit| if erase { own && !hit } else { own || hit }));
        }
        Ok(mask)
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{DOWN, RIGHT, centre, even, noise, stack};
    use super::*;
    use proptest::prelude::*;

    /// Distance of a point to a polyline.
    fn apart(point: DVec3, stroke: &[DVec3]) -> f64 {
        let pieces = stroke.windows(2).map(|ends| {
            let axis = ends[1] - ends[0];
            let share = (point - ends[0]).dot(axis) / axis.length_squared().max(1e-30);
            point.distance(ends[0] + axis * share.clamp(0.0, 1.0))
        });
        pieces.fold(stroke[0].distance(point), f64::min)
    }

    fn sheared() -> SliceStack {
        stack(&[0.0, 1.7, 4.2, 5.9, 9.0, 11.0], [0.2, -0.3], [0.7, 0.45], [23, 31])
    }

    #[test]
    fn a_stroke_shares_the_slices_that_it_does_not_touch() {
        let stack = stack(&even(1.0, 300), [0.0, 0.0], [0.45, 0.55], [70, 60]);
        let mask = noise([70, 60, 300], 7, 1);
        let at = PatientPoint(centre(&stack, 33, 30, 120));
        let brush = Brush { radius: Mm(1.3), tip: Tip::Ball, erase: false };
        let painted = mask.paint(&stack, &[at], &brush, None).unwrap();
        let changed: Vec<usize> = (0..300).filter(|slice| !painted.shares_slice(&mask, *slice)).collect();
        assert_eq!(changed, [119, 120, 121]);
        assert!(painted.count() > mask.count());
        // Painting what is there already changes nothing, and shares all.
        let again = painted.paint(&stack, &[at], &brush, None).unwrap();
        assert!((0..300).all(|slice| again.shares_slice(&painted, slice)));
        assert!(!mask.shares_slice(&mask, 300));
    }

    #[test]
    fn the_edge_of_a_dab_belongs_to_it() {
        // 0.4 x 0.7 mm: within 0.8 mm of a centre are 5 pixels of its row and 3 of the rows beside it.
        let stack = stack(&even(2.5, 3), [0.0, 0.0], [0.4, 0.7], [12, 9]);
        let at = PatientPoint(centre(&stack, 5, 4, 0));
        let brush = Brush { radius: Mm(0.8), tip: Tip::Disc { slice: 2 }, erase: false };
        let dab = Mask::empty([12, 9, 3]).paint(&stack, &[at], &brush, None).unwrap();
        let runs: Vec<_> = dab.slice_runs(2).map(|run| (run.row, run.first, run.last)).collect();
        assert_eq!(runs, [(3, 5, 5), (4, 3, 7), (5, 5, 5)]);
        assert_eq!(dab.count(), 7);
        let gone = dab.paint(&stack, &[at], &Brush { erase: true, ..brush }, None).unwrap();
        assert!(gone.is_empty());
        // Only within the thresholds, and not where pixels are missing.
        let odd = |slice: usize| (slice == 2).then(|| vec![0xAAAA_AAAA_AAAA_AAAA; 2]);
        let some = Mask::empty([12, 9, 3]).paint(&stack, &[at], &brush, Some(&odd)).unwrap();
        assert_eq!(some.count(), 5);
        let none = |_: usize| None;
        assert!(Mask::empty([12, 9, 3]).paint(&stack, &[at], &brush, Some(&none)).unwrap().is_empty());
        let wrong = Brush { radius: Mm(f64::NAN), ..brush };
        assert!(matches!(dab.paint(&stack, &[at], &wrong, None), Err(MaskError::Length(_))));
    }

    proptest! {
        #[test]
        fn strokes_touch_what_trying_all_voxels_finds(
            points in proptest::collection::vec((-3.0..25.0_f64, -3.0..33.0_f64, -0.5..5.5_f64), 1..4),
            radius in 0.1..6.0_f64, tip in 0..3_u8, half in 0.1..3.0_f64,
            normal in (-1.0..1.0_f64, -1.0..1.0_f64, 0.1..1.0_f64),
        ) {
            let stack = sheared();
            let stroke: Vec<DVec3> =
                points.iter().map(|(x, y, z)| stack.patient_from_voxel(DVec3::new(*x, *y, *z)).0).collect();
            let normal = RIGHT * normal.0 + DOWN * normal.1 + RIGHT.cross(DOWN) * normal.2;
            let point = stroke[0] + normal * 0.3;
            let tip = match tip {
                0 => Tip::Ball,
                1 => Tip::Disc { slice: 3 },
                _ => Tip::Plane { point: PatientPoint(point), normal, half: Mm(half) },
            };
            let brush = Brush { radius: Mm(radius), tip, erase: false };
            let ends: Vec<PatientPoint> = stroke.iter().map(|point| PatientPoint(*point)).collect();
            let painted = Mask::empty([23, 31, 6]).paint(&stack, &ends, &brush, None).unwrap();
            let unit = match tip {
                Tip::Ball => DVec3::ZERO,
                Tip::Disc { .. } => RIGHT.cross(DOWN),
                Tip::Plane { .. } => normal.normalize(),
            };
            let flat = |v: DVec3| v - unit * v.dot(unit);
            let laid: Vec<DVec3> = stroke.iter().map(|point| flat(*point)).collect();
            let tried = Mask::from_fn([23, 31, 6], |column, row, slice| {
                let at = centre(&stack, column, row, slice);
                let near = match tip {
                    Tip::Ball => true,
                    Tip::Disc { slice: only } => slice == only,
                    Tip::Plane { .. } => (at - point).dot(unit).abs() <= half,
                };
                near && apart(flat(at), &laid) <= radius
            });
            prop_assert_eq!(painted.count(), tried.count());
            prop_assert_eq!(painted, tried);
        }
    }
}
