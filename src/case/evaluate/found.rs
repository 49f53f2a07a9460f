use super::mapped::Mapped;
use super::{EvaluateError, Padding};
use crate::case::{Quantity, QuantityKind, QuantityUnit};
use crate::image::Frame;

/// The values of a region or mask so far, and how many pixels gave none.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) values: Vec<f64>,
    /// Pixels of padding, and pixels that the file or the volume does not hold.
    pub(super) padding: usize,
    /// Pixels that hold no number.
    pub(super) nan: usize,
    pub(super) mapped: Mapped,
}

impl Found {
    /// One more pixel of a frame: its value, or why it is left out.
    pub(super) fn take(&mut self, frame: &Frame, stored: f64, policy: Padding) {
        // On a computed plane what is no number lies outside the volume.
        let outside = frame.of.is_computed() && stored.is_nan();
        let padding = policy == Padding::Exclude && frame.padding.is_some_and(|range| range.contains(stored));
        let value = frame.transform.value(stored);
        if outside || padding {
            self.padding += 1;
        } else if value.is_finite() {
            self.values.push(value);
            self.mapped.add(&frame.real_world, stored);
        } else {
            self.nan += 1;
        }
    }

    /// Count, mean, SD (n - 1), median, extremes, and how many were left out. The order of the values is lost.
    pub(super) fn summary(
        &mut self,
        unit: &QuantityUnit,
        counted: &QuantityUnit,
    ) -> Result<Vec<Quantity>, EvaluateError> {
        let values = &mut self.values;
        let n = values.len();
        if n == 0 {
            return Err(match (self.padding, self.nan) {
                (0, 0) => EvaluateError::NoPixelInside,
                (0, _) => EvaluateError::OnlyNan,
                _ => EvaluateError::OnlyPadding,
            });
        }
        let mean = values.iter().sum::<f64>() / n as f64;
        let squares = values.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>();
        let range = values.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |r, v| (r.0.min(*v), r.1.max(*v)));
        let value = |kind, value| Quantity { kind, value, unit: unit.clone() };
        let count = |kind, n: usize| Quantity { kind, value: n as f64, unit: counted.clone() };
        let mut quantities = vec![count(QuantityKind::Count, n), value(QuantityKind::Mean, mean)];
        // One pixel has no deviation: leave it out rather than show 0 or NaN.
        if n > 1 {
            quantities.push(value(QuantityKind::Sd, (squares / (n as f64 - 1.0)).sqrt()));
        }
        quantities.extend([
            value(QuantityKind::Median, median(values)),
            value(QuantityKind::Min, range.0),
            value(QuantityKind::Max, range.1),
            count(QuantityKind::PaddingCount, self.padding),
        ]);
        if self.nan > 0 {
            quantities.push(count(QuantityKind::NanCount, self.nan));
        }
        Ok(quantities)
    }
}

/// The middle value, or the mean of the two in the middle. `values` is not empty; its order is lost.
fn median(values: &mut [f64]) -> f64 {
    let half = values.len() / 2;
    let (below, middle, _) = values.select_nth_unstable_by(half, f64::total_cmp);
    let upper = *middle;
    if below.len() < half || values.len() % 2 == 1 {
        return upper;
    }
    let lower = values[..half].iter().copied().fold(f64::NEG_INFINITY, f64::max);
    f64::midpoint(lower, upper)
}
