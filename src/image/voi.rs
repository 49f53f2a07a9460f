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

    /// Decimals that its numbers are written with: none from a width of 10, three digits of a width below 1.
    pub fn decimals(&self) -> usize {
        match self.width {
            width if width >= 10.0 => 0,
            width if width >= 1.0 || width <= 0.0 => 2,
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "2 to 14")]
            width => (2.0 - width.log10()).ceil().clamp(2.0, 14.0) as usize,
        }
    }

    /// The smallest width this function can have.
    pub fn least_width(function: VoiFunction) -> f64 {
        match function {
            VoiFunction::Linear => 1.0,
            VoiFunction::LinearExact | VoiFunction::Sigmoid => 1e-12,
        }
    }

    /// The window as it works on values of that kind: on fractional ones a linear window narrower than 1 is exact.
    ///
    /// The clause asks for a linear width of at least 1, since its half-unit offsets count whole numbers; files with
    /// maps of small values (ADC in mm²/s) have narrower ones and mean the plain ramp.
    pub fn on_values(self, fractional: bool) -> Self {
        let narrow = self.function == VoiFunction::Linear && self.width < 1.0 && fractional;
        let function = if narrow { VoiFunction::LinearExact } else { self.function };
        Self { function, ..self }.valid()
    }

    /// The same window over values of another unit, `factor` of it for one of this.
    ///
    /// A linear window becomes the exact one with its very ends.
    pub fn scaled(self, factor: f64) -> Self {
        let exact = match self.function {
            VoiFunction::Linear => {
                let (center, width) = (self.center - 0.5, self.width - 1.0);
                Self { center, width, function: VoiFunction::LinearExact }
            }
            VoiFunction::LinearExact | VoiFunction::Sigmoid => self,
        };
        Self { center: exact.center * factor, width: exact.width * factor, ..exact }.valid()
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
    /// Whether it shows all values of a range as black or all as white, and so shows nothing of them.
    pub fn hides(&self, [low, high]: [f64; 2]) -> bool {
        let dark = |value| self.brightness(value) * 255.0 < 0.5;
        let bright = |value| self.brightness(value) * 255.0 >= 254.5;
        match self {
            Self::Window(_) => (dark(low) && dark(high)) || (bright(low) && bright(high)),
            Self::Lut(lut) => {
                let [first, last] = [f64::from(lut.first), f64::from(lut.first) + lut.entries.len() as f64];
                high < first || low > last
            }
        }
    }

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
    fn a_narrow_window_is_exact_on_fractions_and_a_threshold_on_whole_numbers() {
        let file = Window::linear(0.000_88, 0.000_16);
        let shown = file.on_values(true);
        // 255 (v - 800) / 160.
        let level = |value: f64| shown.brightness(value * 1e-6) * 255.0;
        for (value, right) in [(800.0, 0.0), (848.0, 76.5), (888.0, 140.25), (928.0, 204.0), (965.0, 255.0)] {
            assert!((level(value) - right).abs() < 1e-6, "{} is not {right}", level(value));
        }
        assert_eq!(file.on_values(false), Window::linear(0.000_88, 1.0));
        assert_eq!(Window::linear(0.5, 1.0).on_values(true), Window::linear(0.5, 1.0));
    }

    #[test]
    fn a_window_in_thousandths_keeps_its_ends_in_whole_units() {
        let window = Window::linear(2140.0, 401.0);
        let scaled = window.scaled(0.001);
        for value in [1900.0, 1939.5, 2000.0, 2139.5, 2300.0, 2339.5, 2400.0] {
            near(window.brightness(value), scaled.brightness(value * 0.001));
        }
    }

    #[test]
    fn a_window_hides_what_lies_beside_it() {
        let window = |center, width| Voi::Window(Window::linear(center, width));
        assert!(window(880.0, 160.0).hides([0.0, 0.0041]) && window(500.0, 1000.0).hides([0.0, 0.0041]));
        assert!(window(-500.0, 100.0).hides([0.0, 255.0]));
        assert!(!window(100.0, 160.0).hides([0.0, 255.0]) && !window(1e9, 1e12).hides([0.0, 255.0]));
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
