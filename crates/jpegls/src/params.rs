//! Coding parameters and what follows from them (T.87 A.2.1, C.2.4.1).

use super::error::{Error, Result};

/// The parameters of an LSE segment of type 1; zero stands for the default.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Preset {
    pub(super) max_value: u16,
    pub(super) thresholds: [u16; 3],
    pub(super) reset: u16,
}

/// Everything that a scan needs to know beforehand.
#[derive(Debug, Clone)]
pub(super) struct Parameters {
    pub(super) max_value: i32,
    pub(super) near: i32,
    /// Number of different errors.
    pub(super) range: i32,
    pub(super) reset: u16,
    /// Longest code in bits.
    pub(super) limit: u32,
    /// Bits of an error that is written plainly.
    pub(super) plain: u32,
    /// Region of a gradient, -4 to 4, at `max_value + gradient`.
    pub(super) regions: Vec<i8>,
}

impl Parameters {
    /// Defaults filled in, or refused where the numbers contradict each other.
    pub(super) fn new(precision: u32, near: u8, preset: Preset) -> Result<Self> {
        let highest = (1_i32 << precision) - 1;
        let max_value = if preset.max_value == 0 { highest } else { i32::from(preset.max_value) };
        let near = i32::from(near);
        if max_value > highest || near > 255.min(max_value / 2) {
            return Err(Error::Damaged("parameters out of range".to_owned()));
        }
        let defaults = default_thresholds(max_value, near);
        let mut lowest = near + 1;
        let mut thresholds = [0; 3];
        for ((out, given), default) in thresholds.iter_mut().zip(preset.thresholds).zip(defaults) {
            *out = if given == 0 { default } else { i32::from(given) };
            if *out < lowest || *out > max_value {
                return Err(Error::Damaged("thresholds out of range".to_owned()));
            }
            lowest = *out;
        }
        let reset = if preset.reset == 0 { 64 } else { preset.reset };
        if reset < 3 {
            return Err(Error::Damaged("reset value out of range".to_owned()));
        }
        let range = (max_value + 2 * near) / (2 * near + 1) + 1;
        let bits = bits_for(max_value + 1).max(2);
        Ok(Self {
            max_value,
            near,
            range,
            reset,
            limit: 2 * (bits + bits.max(8)),
            plain: bits_for(range),
            regions: (-max_value..=max_value).map(|gradient| region(gradient, near, thresholds)).collect(),
        })
    }

    /// Whether all sums can be taken modulo a power of two, without a tolerance.
    pub(super) fn is_exact(&self) -> bool {
        self.near == 0 && (self.max_value + 1).cast_unsigned().is_power_of_two()
    }
}

/// Bits that count to `values` values.
fn bits_for(values: i32) -> u32 {
    32 - (values - 1).leading_zeros()
}

fn default_thresholds(max_value: i32, near: i32) -> [i32; 3] {
    // What is out of range becomes the lower end of it.
    let clamped = |value: i32, low: i32| if value > max_value || value < low { low } else { value };
    let raw = if max_value >= 128 {
        let factor = (max_value.min(4095) + 128) / 256;
        [factor + 2 + 3 * near, factor * 4 + 3 + 5 * near, factor * 17 + 4 + 7 * near]
    } else {
        let factor = 256 / (max_value + 1);
        [(3 / factor + 3 * near).max(2), (7 / factor + 5 * near).max(3), (21 / factor + 7 * near).max(4)]
    };
    let first = clamped(raw[0], near + 1);
    let second = clamped(raw[1], first);
    [first, second, clamped(raw[2], second)]
}

fn region(gradient: i32, near: i32, thresholds: [i32; 3]) -> i8 {
    let size = gradient.abs();
    let steps =
        thresholds.iter().fold(i8::from(size > near), |steps, limit| steps + i8::from(size >= *limit));
    if gradient < 0 { -steps } else { steps }
}
