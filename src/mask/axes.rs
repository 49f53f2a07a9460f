use glam::{DMat3, DVec3};

use super::Mask;
use super::diameter::{Corners, width_along};
use super::lattice::Lattice;
use crate::geometry::Mm;

/// How far a mask extends along one of its own axes.
///
/// Between centres of voxels, and half a voxel's width along the axis beyond each: right on average, where the whole
/// boxes of thick slices are long. Never longer than the mask's [`Diameter`](super::Diameter).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Extent {
    /// Unit vector of the axis in patient space, LPS.
    pub axis: DVec3,
    /// From end to end, the outermost voxels included.
    pub length: Mm,
}

/// Volume, centroid and second moments of the voxels' boxes, in the stack's own frame.
#[derive(Debug, Clone, Copy)]
pub(super) struct Moments {
    /// mm³.
    pub(super) volume: f64,
    /// mm.
    pub(super) centroid: DVec3,
    /// mm² about the centroid.
    pub(super) spread: DMat3,
}

impl Moments {
    /// `None` for an empty mask.
    pub(super) fn of(mask: &Mask, lattice: &Lattice<'_>) -> Option<Self> {
        let bounds = mask.bounds()?;
        // Sums are taken from a place near to the mask, or the squares would lose digits.
        let near = lattice.centre(bounds.first[0], bounds.first[1], bounds.first[2]);
        let (mut volume, mut first, mut second) = (0.0, DVec3::ZERO, DMat3::ZERO);
        mask.for_each_run(|slice, run| {
            let count = run.count() as f64;
            let box_mm3 = lattice.voxel_mm3(slice);
            let voxel = lattice.voxel(slice);
            let [before, after] = lattice.reach[slice];
            let ends = [run.first, run.last].map(|column| lattice.centre(column, run.row, slice));
            let middle = (ends[0] + ends[1]) / 2.0 - near + DVec3::Z * ((after - before) / 2.0);
            let own = DVec3::new(voxel.x * count, voxel.y, voxel.z);
            let weight = box_mm3 * count;
            volume += weight;
            first += middle * weight;
            second += (outer(middle) + DMat3::from_diagonal(own * own / 12.0)) * weight;
        });
        let centre = first / volume;
        Some(Self { volume, centroid: centre + near, spread: second * (1.0 / volume) - outer(centre) })
    }

    /// The mask's own axes, unit vectors at right angles.
    fn axes(&self) -> [DVec3; 3] {
        let vectors = eigenvectors(self.spread);
        [vectors.x_axis, vectors.y_axis, vectors.z_axis]
    }
}

/// Extents along the axes of the second moments, long to short.
pub(super) fn extents(moments: &Moments, lattice: &Lattice<'_>, corners: &[Corners]) -> [Extent; 3] {
    let mut extents = moments.axes().map(|axis| {
        let mut ends = [(f64::INFINITY, DVec3::ONE), (f64::NEG_INFINITY, DVec3::ONE)];
        for own in corners {
            let voxel = lattice.voxel(own.slice);
            for at in own.points.iter().map(|point| point.dot(axis)) {
                if at < ends[0].0 {
                    ends[0] = (at, voxel);
                }
                if at > ends[1].0 {
                    ends[1] = (at, voxel);
                }
            }
        }
        let voxel = (ends[0].1 + ends[1].1) / 2.0;
        let length = Mm(ends[1].0 - ends[0].0 + width_along(voxel, axis));
        Extent { axis: lattice.direction(axis).normalize(), length }
    });
    extents.sort_by(|a, b| b.length.0.total_cmp(&a.length.0));
    extents
}

fn outer(v: DVec3) -> DMat3 {
    DMat3::from_cols(v * v.x, v * v.y, v * v.z)
}

/// Eigenvectors of a symmetric matrix by Jacobi rotations (Golub and Van Loan, Matrix Computations, 8.5).
fn eigenvectors(mut matrix: DMat3) -> DMat3 {
    let mut vectors = DMat3::IDENTITY;
    let scale = matrix.x_axis.x.abs() + matrix.y_axis.y.abs() + matrix.z_axis.z.abs();
    // Each sweep squares what is left beside the diagonal.
    for _ in 0..12 {
        for (p, q) in [(0, 1), (0, 2), (1, 2)] {
            let off = matrix.col(q)[p];
            if off.abs() <= 1e-15 * scale {
                continue;
            }
            let theta = (matrix.col(q)[q] - matrix.col(p)[p]) / (2.0 * off);
            let tangent = theta.signum() / (theta.abs() + theta.hypot(1.0));
            let cosine = 1.0 / tangent.hypot(1.0);
            let sine = tangent * cosine;
            let mut turn = DMat3::IDENTITY;
            turn.col_mut(p)[p] = cosine;
            turn.col_mut(q)[q] = cosine;
            turn.col_mut(q)[p] = sine;
            turn.col_mut(p)[q] = -sine;
            matrix = turn.transpose() * matrix * turn;
            vectors *= turn;
        }
    }
    vectors
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn axes_of_a_turned_matrix_are_found() {
        let turn = DMat3::from_axis_angle(DVec3::new(1.0, -2.0, 0.5).normalize(), 0.9);
        let matrix = turn * DMat3::from_diagonal(DVec3::new(5.0, 1.0, 9.0)) * turn.transpose();
        let found = eigenvectors(matrix);
        for axis in [found.x_axis, found.y_axis, found.z_axis] {
            let value = axis.dot(matrix * axis);
            assert!((matrix * axis - axis * value).length() < 1e-12);
        }
        assert!((found * found.transpose()).abs_diff_eq(DMat3::IDENTITY, 1e-12));
    }
}
