use crate::geometry::{PatientPoint, SliceStack, StackPlace, WEIGHTLESS};
use crate::image::Volume;
use crate::view::Interpolation;

/// The samples of a volume between its voxels, in full precision: what the fast way is measured by.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sampler<'a> {
    volume: &'a Volume,
    interpolation: Interpolation,
    /// The value that padding, and what is not a number, counts as; `None`: nothing is there.
    fill: Option<f64>,
}

/// Voxels along one axis that a value is made of, and how much of each.
#[derive(Debug, Clone, Copy)]
struct Taps {
    places: [usize; 4],
    weights: [f64; 4],
}

impl Taps {
    const fn one(place: usize) -> Self {
        Self { places: [place; 4], weights: [1.0, 0.0, 0.0, 0.0] }
    }

    /// Those that count. A voxel without weight is not looked at: it may not be there.
    fn iter(&self) -> impl Iterator<Item = (usize, f64)> {
        self.places.into_iter().zip(self.weights).filter(|(_, weight)| *weight != 0.0)
    }

    /// Along a row or column of `count` voxels; the edge holds beyond it.
    fn within(place: f64, count: usize, interpolation: Interpolation) -> Self {
        let last = count.saturating_sub(1);
        let place = place.clamp(0.0, last as f64);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to the axis")]
        let (before, nearest) = (place as usize, (place + 0.5) as usize);
        let share = place - before as f64;
        let next = (before + 1).min(last);
        match interpolation {
            Interpolation::Nearest => Self::one(nearest.min(last)),
            _ if share <= 0.0 => Self::one(before),
            Interpolation::Linear => {
                Self { places: [before, next, before, before], weights: [1.0 - share, share, 0.0, 0.0] }
            }
            Interpolation::Cubic => Self {
                places: [before.saturating_sub(1), before, next, (before + 2).min(last)],
                weights: spline(share, [1.0; 3]),
            },
        }
    }
}

/// Weights of four values around a place between the two in the middle (Catmull-Rom), with the steps between them.
///
/// With uneven steps the slope at a value is that between its neighbours, so that what is linear stays so.
pub(in crate::render) fn spline(share: f64, [before, step, after]: [f64; 3]) -> [f64; 4] {
    let (square, cube) = (share * share, share * share * share);
    let (near, far) = (2.0 * cube - 3.0 * square + 1.0, 3.0 * square - 2.0 * cube);
    let leave = (cube - 2.0 * square + share) * step / (before + step);
    let arrive = (cube - square) * step / (step + after);
    [-leave, near - arrive, far + leave, arrive]
}

impl<'a> Sampler<'a> {
    pub(super) fn new(volume: &'a Volume, interpolation: Interpolation, fill: Option<f64>) -> Self {
        Self { volume, interpolation, fill }
    }

    /// The modality value at a point; `None` outside the stack, in its gaps and where samples are missing.
    pub(super) fn value(&self, point: PatientPoint) -> Option<f64> {
        let stack = &*self.volume.slices;
        let place = stack.place_of(point)?;
        let [columns, rows] = stack.size();
        let inside = |at: f64, count: usize| (-0.5..=count as f64 - 0.5).contains(&at);
        if !inside(place.pixel.x, columns) || !inside(place.pixel.y, rows) {
            return None;
        }
        let across = Taps::within(place.pixel.x, columns, self.interpolation);
        let down = Taps::within(place.pixel.y, rows, self.interpolation);
        let mut sum = 0.0;
        for (slice, depth) in self.through(stack, place).iter() {
            for (row, height) in down.iter() {
                for (column, width) in across.iter() {
                    sum += self.voxel(slice, row * columns + column)? * (width * height * depth);
                }
            }
        }
        Some(sum)
    }

    /// The slices that a value is made of; no spline reaches over a gap or to a slice that is not there.
    fn through(&self, stack: &SliceStack, StackPlace { slice, share, .. }: StackPlace) -> Taps {
        match self.interpolation {
            Interpolation::Nearest => Taps::one(slice + usize::from(share >= 0.5)),
            _ if share <= WEIGHTLESS => Taps::one(slice),
            _ if share >= 1.0 - WEIGHTLESS => Taps::one(slice + 1),
            Interpolation::Linear => {
                Taps { places: [slice, slice + 1, slice, slice], weights: [1.0 - share, share, 0.0, 0.0] }
            }
            Interpolation::Cubic => {
                let [before, after] = around(self.volume, slice);
                let places = [before, slice, slice + 1, after];
                let at = stack.places();
                let step = at[slice + 1] - at[slice];
                let beside = |from: usize, to: usize| if from == to { step } else { at[to] - at[from] };
                let steps = [beside(before, slice), step, beside(slice + 1, after)];
                Taps { places, weights: spline(share, steps) }
            }
        }
    }

    fn voxel(&self, slice: usize, index: usize) -> Option<f64> {
        let frame = self.volume.frames.get(slice)?;
        let decoded = self.volume.samples.get(slice)?.as_ref()?;
        let stored = decoded.stored(index).filter(|_| index < decoded.there())?;
        frame.measured(stored).or(self.fill)
    }
}

/// The slices before and after a step from slice to slice that a spline uses; its own ends where there are none.
pub(super) fn around(volume: &Volume, slice: usize) -> [usize; 2] {
    let there = |slice: usize| volume.samples.get(slice).is_some_and(Option::is_some);
    let whole = |step: usize| volume.slices.gaps().get(step) == Some(&false);
    let before = slice.checked_sub(1).filter(|before| whole(*before) && there(*before));
    let after = Some(slice + 2).filter(|after| whole(slice + 1) && there(*after));
    [before.unwrap_or(slice), after.unwrap_or(slice + 1)]
}
