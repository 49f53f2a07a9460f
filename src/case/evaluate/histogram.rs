use crate::image::ValueUnit;

/// The most bars.
const MOST_BARS: usize = 48;

/// How often values occur: bars of one width from the lowest value on.
#[derive(Debug, Clone, PartialEq)]
pub struct Histogram {
    /// Where the first bar begins.
    pub low: f64,
    /// Width of a bar.
    pub width: f64,
    /// Values in each bar; the last bar holds its upper end too.
    pub counts: Vec<usize>,
    /// The unit of the values.
    pub unit: ValueUnit,
}

impl Histogram {
    /// The histogram of finite values; `None` of none. Whole numbers get bars of whole width, each number in one bar.
    pub fn new(values: &[f64], unit: ValueUnit) -> Option<Self> {
        let finite = || values.iter().copied().filter(|value| value.is_finite());
        let (low, high) = finite().fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), v| (l.min(v), h.max(v)));
        if low > high {
            return None;
        }
        let whole = finite().all(|value| value.fract() == 0.0);
        let (low, span) = if whole { (low - 0.5, high - low + 1.0) } else { (low, high - low) };
        let width = span / MOST_BARS as f64;
        let width = if whole { width.ceil() } else { width };
        if width <= 0.0 || !width.is_finite() {
            return Some(Self { low, width: 0.0, counts: vec![finite().count()], unit });
        }
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "at most so many bars")]
        let bars = ((span / width).ceil() as usize).clamp(1, MOST_BARS);
        let mut counts = vec![0; bars];
        for value in finite() {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "not below the first bar"
            )]
            let bar = (((value - low) / width) as usize).min(bars - 1);
            counts[bar] += 1;
        }
        Some(Self { low, width, counts, unit })
    }

    /// Where the last bar ends.
    pub fn high(&self) -> f64 {
        self.low + self.width * self.counts.len() as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_is_in_one_bar() {
        let of = |values: &[f64]| Histogram::new(values, ValueUnit::Hounsfield);
        let whole = of(&[29.0, 30.0, 30.0, 33.0]).unwrap();
        assert_eq!((whole.low, whole.width), (28.5, 1.0));
        assert_eq!(whole.counts, [1, 2, 0, 0, 1]);
        let wide: Vec<f64> = (0..1000).map(f64::from).collect();
        let wide = of(&wide).unwrap();
        assert_eq!((wide.width, wide.counts.iter().sum::<usize>()), (21.0, 1000));
        assert!(wide.counts.len() <= MOST_BARS && wide.counts[0] == 21);
        let parts = of(&[0.25, 0.5, 0.75, f64::NAN]).unwrap();
        assert_eq!(parts.counts.iter().sum::<usize>(), 3);
        assert!((parts.high() - 0.75).abs() < 1e-12);
        assert_eq!(of(&[0.3, 0.3]).unwrap().counts, [2]);
        assert_eq!(of(&[f64::NAN]), None);
    }
}
