//! Three axes of a lesion at right angles, and the box that they span.

use glam::DVec3;

use crate::geometry::{FramePlane, PatientPoint, PixelPoint};

/// The box of a three-axis size, in patient space, mm.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SizeBox {
    corner: DVec3,
    edges: [DVec3; 3],
}

impl SizeBox {
    /// The box of six points: two axes of one plane, then the axis across them. `None` where they span none.
    ///
    /// Its edges lie along the first axis, across it in the plane of the first two, and across that plane.
    pub fn new(points: &[PatientPoint]) -> Option<Self> {
        let [a, b, c, d, e, f] = points else { return None };
        let first = (b.0 - a.0).try_normalize()?;
        let third = first.cross(d.0 - c.0).try_normalize()?;
        let second = third.cross(first);
        let mut corner = DVec3::ZERO;
        let mut edges = [DVec3::ZERO; 3];
        for (edge, (along, [from, to])) in
            edges.iter_mut().zip([(first, [a, b]), (second, [c, d]), (third, [e, f])])
        {
            let (from, to) = (from.0.dot(along), to.0.dot(along));
            corner += along * from.min(to);
            *edge = along * (to - from).abs();
        }
        (corner.is_finite() && edges.iter().all(|edge| edge.is_finite())).then_some(Self { corner, edges })
    }

    /// Its middle.
    pub fn center(&self) -> PatientPoint {
        PatientPoint(self.corner + (self.edges[0] + self.edges[1] + self.edges[2]) / 2.0)
    }

    fn corners(&self) -> [DVec3; 8] {
        std::array::from_fn(|index| {
            let part = |axis: usize| if index >> axis & 1 == 1 { self.edges[axis] } else { DVec3::ZERO };
            self.corner + part(0) + part(1) + part(2)
        })
    }

    /// Whether it reaches a slice that extends so far (mm) against and along the normal of its plane.
    pub fn meets(&self, plane: &FramePlane, reach: [f64; 2]) -> bool {
        let off = self.corners().map(|corner| plane.pixel_from_patient(PatientPoint(corner)).1.0);
        let [low, high] =
            off.iter().fold([f64::INFINITY, f64::NEG_INFINITY], |[l, h], off| [l.min(*off), h.max(*off)]);
        -reach[0] <= high && low < reach[1]
    }

    /// Where a plane cuts it, in the plane's pixels: corners in order; empty where it does not.
    pub fn cut(&self, plane: &FramePlane) -> Vec<PixelPoint> {
        let corners = self.corners().map(|corner| plane.pixel_from_patient(PatientPoint(corner)));
        let mut cut = Vec::new();
        for from in 0..8_usize {
            for to in (0..3).map(|axis| from | 1 << axis).filter(|to| *to != from) {
                let ((a, below), (b, above)) = (corners[from], corners[to]);
                if (below.0 < 0.0) != (above.0 < 0.0) {
                    cut.push(a.0.lerp(b.0, below.0 / (below.0 - above.0)));
                }
            }
        }
        let middle = cut.iter().sum::<glam::DVec2>() / cut.len().max(1) as f64;
        cut.sort_by(|a, b| (*a - middle).to_angle().total_cmp(&(*b - middle).to_angle()));
        cut.into_iter().map(PixelPoint).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::{Mm, PixelSpacing};

    /// 22 x 35 x 40 mm, turned in space.
    fn points() -> (Vec<PatientPoint>, [DVec3; 3]) {
        let u = DVec3::new(2.0, -1.0, 2.0) / 3.0;
        let v = DVec3::new(1.0, 2.0, 0.0).normalize();
        let w = u.cross(v);
        let centre = DVec3::new(31.0, -42.0, 13.5);
        let ends = [(u, 22.0), (v, 35.0), (w, 40.0)].map(|(axis, length)| {
            [PatientPoint(centre - axis * length / 2.0), PatientPoint(centre + axis * length / 2.0)]
        });
        (ends.concat(), [u, v, w])
    }

    #[test]
    fn a_plane_across_an_axis_cuts_a_rectangle_of_the_other_two() {
        let (points, [u, v, w]) = points();
        let body = SizeBox::new(&points).unwrap();
        assert!(body.center().distance(PatientPoint::new(31.0, -42.0, 13.5)).0 < 1e-12);
        let spacing = PixelSpacing::new(Mm(0.7), Mm(0.4)).unwrap();
        let plane =
            FramePlane::new(PatientPoint(body.center().0 + w * 19.0 - u * 30.0), u, v, spacing).unwrap();
        let cut = body.cut(&plane);
        assert_eq!(cut.len(), 4);
        let mm = |a: usize, b: usize| spacing.mm_from_pixel(cut[b].0 - cut[a].0).length();
        let sides = [mm(0, 1), mm(1, 2)];
        let (short, long) = (sides[0].min(sides[1]), sides[0].max(sides[1]));
        assert!((short - 22.0).abs() < 1e-9 && (long - 35.0).abs() < 1e-9, "{sides:?}");
        let beyond = FramePlane::new(PatientPoint(body.center().0 + w * 20.5), u, v, spacing).unwrap();
        assert_eq!(body.cut(&beyond), []);
        assert!(body.meets(&plane, [0.1, 0.1]) && !body.meets(&beyond, [0.4, 0.4]));
        assert!(body.meets(&beyond, [0.6, 0.4]), "half a slice reaches back to it");
    }

    #[test]
    fn axes_on_each_other_span_no_box() {
        let (mut flat, _) = points();
        flat.swap(0, 2);
        flat[1] = flat[0];
        assert_eq!(SizeBox::new(&flat), None);
        assert_eq!(SizeBox::new(&flat[..4]), None);
    }
}
