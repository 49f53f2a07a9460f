//! Which of many points is nearest?

use glam::DVec3;

/// Points sorted so that the middle one of each part splits the rest of it by one of its coordinates (J. L. Bentley,
/// Multidimensional binary search trees, CACM 18 (1975)).
#[derive(Debug)]
pub(super) struct Nearest {
    points: Vec<DVec3>,
    /// Of the middle of each part, the coordinate that it is split by.
    axes: Vec<u8>,
}

/// Parts of so few points are searched through.
const FEW: usize = 8;

impl Nearest {
    pub(super) fn new(mut points: Vec<DVec3>) -> Self {
        let mut axes = vec![0; points.len()];
        split(&mut points, &mut axes);
        Self { points, axes }
    }

    /// Distance of each point to the nearest of these; infinite where there are none.
    pub(super) fn distances(&self, from: &[DVec3]) -> Vec<f64> {
        let mut last: Option<(DVec3, f64)> = None;
        let one = |point: &DVec3| {
            // No farther than the last point's nearest one: with points side by side little is left to search.
            let known = last.map_or(f64::INFINITY, |(other, distance)| distance + other.distance(*point));
            let mut least = known * known * (1.0 + 1e-9) + 1e-12;
            self.search(*point, 0, self.points.len(), &mut least);
            last = Some((*point, least.sqrt()));
            least.sqrt()
        };
        from.iter().map(one).collect()
    }

    fn search(&self, from: DVec3, first: usize, end: usize, least: &mut f64) {
        if end - first <= FEW {
            let near = self.points[first..end].iter().map(|point| point.distance_squared(from));
            *least = near.fold(*least, f64::min);
            return;
        }
        let middle = usize::midpoint(first, end);
        let point = self.points[middle];
        *least = least.min(point.distance_squared(from));
        let axis = usize::from(self.axes[middle]);
        let off = from[axis] - point[axis];
        let (near, far) = if off < 0.0 {
            ((first, middle), (middle + 1, end))
        } else {
            ((middle + 1, end), (first, middle))
        };
        self.search(from, near.0, near.1, least);
        if off * off < *least {
            self.search(from, far.0, far.1, least);
        }
    }
}

fn split(points: &mut [DVec3], axes: &mut [u8]) {
    if points.len() <= FEW {
        return;
    }
    let (low, high) = points.iter().fold((DVec3::INFINITY, DVec3::NEG_INFINITY), |(low, high), point| {
        (low.min(*point), high.max(*point))
    });
    let size = high - low;
    let axis = if size.x >= size.y && size.x >= size.z { 0 } else { 1 + u8::from(size.z > size.y) };
    let middle = points.len() / 2;
    points.select_nth_unstable_by(middle, |a, b| a[usize::from(axis)].total_cmp(&b[usize::from(axis)]));
    axes[middle] = axis;
    let (before, after) = points.split_at_mut(middle);
    let (own, others) = axes.split_at_mut(middle);
    split(before, own);
    split(&mut after[1..], &mut others[1..]);
}
