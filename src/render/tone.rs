use crate::image::{Frame, Lut, ModalityTransform, Voi, VoiFunction, Window};
use crate::render::color_table;
use crate::view::{ColorMap, Look};

/// Steeper than any ramp: makes a threshold of it. Finite, so that zero times it stays zero.
const STEEPEST: f64 = 1e30;
/// Entries of a sampled sigmoid: a quarter of a grey level apart where it is steepest.
const SIGMOID_ENTRIES: u32 = 4096;
/// 2^23: adding it to an f32 of 0 to 255 leaves the nearest integer in the low bits of its mantissa.
const TO_INTEGER: f32 = 8_388_608.0;

/// From a value, as its [`Origin`] says, to a colour: window, inversion, colour map in one.
#[derive(Debug)]
pub(super) struct Tone {
    /// Value at which the ramp or table starts, in the reader's values.
    low: f32,
    /// Grey levels, or table entries, per value; negative where the rescale slope is.
    gain: f32,
    /// Grey levels of the entries; empty for a ramp.
    levels: Vec<u8>,
    /// Exchanges black and white.
    flip: u8,
    /// Colours by grey level after the exchange; empty for grey.
    colors: Vec<[u8; 4]>,
}

/// How stored values become the tone's input.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Origin {
    /// What is subtracted, a whole number near the window so that f32 keeps its digits.
    pub(super) base: f64,
    /// The input that stands for padding and for what is not a number: black in the file's own presentation.
    pub(super) fill: f32,
    /// Whether values are stored values (the rescale is folded into the tone), not modality values.
    pub(super) folded: bool,
}

impl Tone {
    /// The tone of a frame's samples.
    pub(super) fn new(frame: &Frame, look: &Look) -> (Self, Origin) {
        Self::of(&frame.transform, frame.inverted, look)
    }

    /// The tone of values that this transform makes modality values of; `inverted` where low ones are white in the file.
    pub(super) fn of(transform: &ModalityTransform, inverted: bool, look: &Look) -> (Self, Origin) {
        let (slope, intercept, folded) = match *transform {
            ModalityTransform::Rescale { slope, intercept }
                if slope.is_finite() && slope.abs() > 1e-30 && intercept.is_finite() =>
            {
                (slope, intercept, true)
            }
            ModalityTransform::Rescale { .. } | ModalityTransform::Lut { .. } => (1.0, 0.0, false),
        };
        let (low, gain, levels) = match &look.voi {
            Voi::Window(window) => window_curve(window.valid()),
            Voi::Lut(lut) => (f64::from(lut.first), 1.0, lut_levels(lut)),
        };
        let low = (low - intercept) / slope;
        // Whole and small enough that f32 subtracts it from a 16-bit sample without rounding.
        let base = if low.is_finite() { low.round() } else { 0.0 };
        let colors = match look.colors {
            ColorMap::Grey => Vec::new(),
            ColorMap::HotIron | ColorMap::Pet | ColorMap::Rainbow | ColorMap::Viridis => {
                color_table(look.colors).iter().map(|[r, g, b]| [*r, *g, *b, 255]).collect()
            }
        };
        let flip = if inverted == look.inverted { 0 } else { 255 };
        let gain = narrow((gain * slope).clamp(-STEEPEST, STEEPEST));
        let tone = Self { low: narrow(low - base), gain, levels, flip, colors };
        let fill = tone.input_of_extreme(inverted);
        (tone, Origin { base, fill, folded })
    }

    /// The input that gives the brightest or the darkest level before inversion.
    fn input_of_extreme(&self, brightest: bool) -> f32 {
        let entry = if self.levels.is_empty() {
            if brightest { 255.0 } else { 0.0 }
        } else {
            let by_level = |(_, level): &(usize, &u8)| **level;
            let entries = self.levels.iter().enumerate();
            let found = if brightest { entries.max_by_key(by_level) } else { entries.min_by_key(by_level) };
            narrow(found.map_or(0.0, |(index, _)| index as f64))
        };
        // A threshold's ramp is too short for f32: one step of its input is past it.
        let step = entry / self.gain;
        if entry > 0.0 && step.abs() < 1e-3 {
            self.low + 1e-3_f32.copysign(self.gain)
        } else {
            self.low + step
        }
    }

    /// The colours of a row of values.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "has to be compiled with the caller's vector instructions")]
    pub(super) fn apply(&self, values: &[f32], out: &mut [[u8; 4]]) {
        if self.levels.is_empty() {
            let flip = u32::from(self.flip);
            for (pixel, value) in out.iter_mut().zip(values) {
                #[expect(clippy::manual_clamp, reason = "not a number becomes 0 this way")]
                let level = ((value - self.low) * self.gain).max(0.0).min(255.0) + TO_INTEGER;
                let grey = (level.to_bits() & 0xff) ^ flip;
                *pixel = (0xff00_0000 | (grey * 0x01_0101)).to_le_bytes();
            }
        } else {
            let last = narrow(self.levels.len() as f64 - 1.0);
            for (pixel, value) in out.iter_mut().zip(values) {
                let place = ((value - self.low) * self.gain).max(0.0).min(last) + 0.5;
                #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "in the table")]
                let level = self.levels.get(place as usize).copied().unwrap_or(0) ^ self.flip;
                *pixel = [level, level, level, 255];
            }
        }
        if !self.colors.is_empty() {
            for pixel in out {
                *pixel = self.colors[usize::from(pixel[0])];
            }
        }
    }
}

/// Where a window's ramp starts, its levels per value, and its table if it is no ramp.
fn window_curve(window: Window) -> (f64, f64, Vec<u8>) {
    let Window { center, width, function } = window;
    match function {
        VoiFunction::Linear => {
            let gain = if width > 1.0 { 255.0 / (width - 1.0) } else { STEEPEST };
            (center - 0.5 - (width - 1.0) / 2.0, gain, Vec::new())
        }
        VoiFunction::LinearExact => (center - width / 2.0, 255.0 / width, Vec::new()),
        VoiFunction::Sigmoid => {
            // Two widths from the centre the sigmoid is a tenth of a grey level from its ends.
            let (low, step) = (center - 2.0 * width, 4.0 * width / f64::from(SIGMOID_ENTRIES - 1));
            let level = |index: u32| to_level(window.brightness(low + step * f64::from(index)));
            (low, step.recip(), (0..SIGMOID_ENTRIES).map(level).collect())
        }
    }
}

fn lut_levels(lut: &Lut) -> Vec<u8> {
    lut.entries.iter().map(|entry| to_level(f64::from(*entry) / lut.highest())).collect()
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to 0 to 255")]
fn to_level(brightness: f64) -> u8 {
    (brightness * 255.0).round().clamp(0.0, 255.0) as u8
}

#[expect(clippy::cast_possible_truncation, reason = "rounding to f32 is what it is for")]
pub(super) fn narrow(value: f64) -> f32 {
    value as f32
}
