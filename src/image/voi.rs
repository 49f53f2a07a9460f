use serde::{Deserialize, Serialize};

use super::Lut;

/// How a window maps values to brightness (PS3.3 C.11.2.1.2 and C.11.2.1.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VoiFunction {
    /// The default, with its half-unit offsets.
    #[default]
    Linear,
    /// A plain ramp from `center - width / 2` to `center + width / 2`.
    LinearExact,
    /// `1 / (1 + exp(-4 (x - center) / width))`.
    Sigmoid,
}

/// A window: which values are spread over the grey scale. In modality values.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Window {
    /// The value at mid-grey.
    pub center: f64,
    /// The span of values shown: at least 1 for `Linear`, above 0 otherwise.
    pub width: f64,
    /// The shape of the ramp.
    #[serde(default)]
    pub function: VoiFunction,
}

impl Window {
    /// A linear window.
    pub const fn linear(center: f64, width: f64) -> Self {
        Self { center, width, function: VoiFunction::Linear }
    }

    /// Brightness of a value, 0 to 1 (PS3.3 C.11.2.1.2.1, C.11.2.1.3.1, C.11.2.1.3.2).
    pub fn brightness(&self, value: f64) -> f64 {
        let (c, w) = (self.center, self.width);
        match self.function {
            // A width of exactly 1 is a threshold: the clause's two comparisons leave no ramp between.
            VoiFunction::Linear => {
                if value <= c - 0.5 - (w - 1.0) / 2.0 {
                    0.0
                } else if value > c - 0.5 + (w - 1.0) / 2.0 {
                    1.0
                } else {
                    (value - (c - 0.5)) / (w - 1.0) + 0.5
                }
            }
            VoiFunction::LinearExact => {
                if value <= c - w / 2.0 {
                    0.0
                } else if value > c + w / 2.0 {
                    1.0
                } else {
                    (value - c) / w + 0.5
                }
            }
            VoiFunction::Sigmoid => 1.0 / (1.0 + (-4.0 * (value - c) / w).exp()),
        }
    }

    /// The smallest width this function can have.
    pub fn least_width(function: VoiFunction) -> f64 {
        match function {
            VoiFunction::Linear => 1.0,
            VoiFunction::LinearExact | VoiFunction::Sigmoid => 1e-6,
        }
    }

    /// The window with its width raised to the least that its function allows.
    pub fn valid(self) -> Self {
        Self { width: self.width.max(Self::least_width(self.function)), ..self }
    }
}

/// Values of interest: a window, or a table from the file.
#[derive(Debug, Clone, PartialEq)]
pub enum Voi {
    /// A window.
    Window(Window),
    /// VOI LUT Sequence (PS3.3 C.11.2.1.1): its input is the modality value.
    Lut(Lut),
}

impl Voi {
    /// Brightness of a modality value, 0 to 1.
    pub fn brightness(&self, value: f64) -> f64 {
        match self {
            Self::Window(window) => window.brightness(value),
            Self::Lut(lut) => f64::from(lut.entry(value)) / lut.highest(),
        }
    }

    /// The window itself, or the one that spans a table's inputs: where a drag starts from.
    pub fn as_window(&self) -> Window {
        match self {
            Self::Window(window) => *window,
            Self::Lut(lut) => {
                let width = lut.entries.len() as f64;
                Window::linear(f64::from(lut.first) + width / 2.0, width.max(1.0))
            }
        }
    }
}

/// A window or table under the name that the file or the preset list gives it.
#[derive(Debug, Clone, PartialEq)]
pub struct NamedVoi {
    /// Window Center & Width Explanation, LUT Explanation, or the preset's name.
    pub name: String,
    /// What it does.
    pub voi: Voi,
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn near(a: f64, b: f64) {
        assert!((a - b).abs() < 1e-12, "{a} is not {b}");
    }

    #[test]
    fn linear_follows_the_examples_of_the_clause() {
        // PS3.3 C.11.2.1.2.1: c 2048, w 4096 maps 0..4095 to the whole range; c 0, w 1 is a threshold at -0.5.
        let full = Window::linear(2048.0, 4096.0);
        near(full.brightness(0.0), 0.0);
        near(full.brightness(4095.0), 1.0);
        near(full.brightness(2047.5), 0.5);
        let threshold = Window::linear(0.0, 1.0);
        near(threshold.brightness(-0.5), 0.0);
        near(threshold.brightness(-0.499), 1.0);
        let c0w100 = Window::linear(0.0, 100.0);
        near(c0w100.brightness(-50.0), 0.0);
        near(c0w100.brightness(49.0), 1.0);
    }

    #[test]
    fn exact_and_sigmoid_follow_theirs() {
        let exact = Window { center: 0.0, width: 0.5, function: VoiFunction::LinearExact };
        near(exact.brightness(-0.25), 0.0);
        near(exact.brightness(0.125), 0.75);
        let sigmoid = Window { center: 40.0, width: 80.0, function: VoiFunction::Sigmoid };
        near(sigmoid.brightness(40.0), 0.5);
        near(sigmoid.brightness(80.0), 1.0 / (1.0 + (-2.0_f64).exp()));
    }

    #[test]
    fn a_table_is_scaled_by_its_bits() {
        let voi = Voi::Lut(Lut { first: 100, entries: [0, 2048, 4095].into(), bits: 12 });
        near(voi.brightness(101.0), 2048.0 / 4095.0);
        near(voi.brightness(900.0), 1.0);
        near(voi.as_window().center, 101.5);
    }

    proptest! {
        #[test]
        fn brighter_values_are_never_darker(
            center in -2000.0..2000.0_f64, width in 1.0..4000.0_f64,
            low in -4000.0..4000.0_f64, step in 0.0..500.0_f64, which in 0..3_usize,
        ) {
            let function = [VoiFunction::Linear, VoiFunction::LinearExact, VoiFunction::Sigmoid][which];
            let window = Window { center, width, function };
            let (dark, bright) = (window.brightness(low), window.brightness(low + step));
            prop_assert!(dark <= bright && (0.0..=1.0).contains(&dark) && (0.0..=1.0).contains(&bright));
        }
    }
}
