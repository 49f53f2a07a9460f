#![expect(clippy::inline_always, reason = "has to be compiled with the caller's vector instructions")]

use std::ops::Range;

use crate::image::{Frame, ModalityTransform};
use crate::render::tone::{Origin, narrow};

/// Rows of values to interpolate, `CHANNELS` numbers for each pixel.
pub(super) trait Source<const CHANNELS: usize>: Sync {
    /// Calls `each(place, value)` for the numbers of some columns of a row, in order.
    fn row(&self, row: usize, columns: Range<usize>, each: impl FnMut(usize, f32));
}

/// Far beyond any window, and small enough that no product of interpolation overflows.
const FAR: f64 = 1e30;

/// How a stored sample becomes a number of the tone.
#[derive(Debug)]
pub(super) struct Reader<'a> {
    transform: &'a ModalityTransform,
    origin: Origin,
    padding: [f64; 2],
    /// `origin.base` and `padding` for the types that fit an f32.
    base_f32: f32,
    padding_f32: [f32; 2],
}

impl<'a> Reader<'a> {
    pub(super) fn new(frame: &'a Frame, origin: Origin) -> Self {
        // An interval that holds nothing where there is no padding: no branch in the loop.
        let padding = frame.padding.map_or([f64::INFINITY, f64::NEG_INFINITY], |p| [p.low, p.high]);
        Self {
            transform: &frame.transform,
            origin,
            padding,
            base_f32: narrow(origin.base),
            padding_f32: padding.map(narrow),
        }
    }

    #[inline(always)]
    fn small(&self, stored: f32) -> f32 {
        let padding = self.padding_f32[0] <= stored && stored <= self.padding_f32[1];
        if padding { self.origin.fill } else { stored - self.base_f32 }
    }

    #[inline(always)]
    fn large(&self, stored: f64) -> f32 {
        let padding = self.padding[0] <= stored && stored <= self.padding[1];
        if padding || !stored.is_finite() {
            self.origin.fill
        } else {
            narrow((stored - self.origin.base).clamp(-FAR, FAR))
        }
    }

    /// The slow way: a table, or a slope that cannot be divided by.
    fn by_value(&self, stored: f64) -> f32 {
        let padding = self.padding[0] <= stored && stored <= self.padding[1];
        let value = self.transform.value(stored);
        if padding || !value.is_finite() { self.origin.fill } else { narrow(value - self.origin.base) }
    }
}

/// A stored sample type.
pub(super) trait Stored: Copy + Into<f64> + Sync {
    /// The sample for the tone, with the rescale folded into the tone.
    fn read(self, reader: &Reader<'_>) -> f32;
}

macro_rules! stored {
    ($how:ident: $($sample:ty => $wide:ty),+) => {
        $(impl Stored for $sample {
            #[inline(always)]
            fn read(self, reader: &Reader<'_>) -> f32 {
                reader.$how(<$wide>::from(self))
            }
        })+
    };
}
stored!(small: u8 => f32, i8 => f32, u16 => f32, i16 => f32);
stored!(large: u32 => f64, i32 => f64, f32 => f64, f64 => f64);

/// Grey samples.
#[derive(Debug)]
pub(super) struct Grey<'a, T> {
    pub(super) samples: &'a [T],
    pub(super) columns: usize,
    pub(super) reader: &'a Reader<'a>,
}

impl<T: Stored> Source<1> for Grey<'_, T> {
    #[inline(always)]
    fn row(&self, row: usize, columns: Range<usize>, mut each: impl FnMut(usize, f32)) {
        let start = row * self.columns;
        let samples = &self.samples[start + columns.start..start + columns.end];
        if self.reader.origin.folded {
            samples.iter().enumerate().for_each(|(place, s)| each(place, s.read(self.reader)));
        } else {
            samples.iter().enumerate().for_each(|(place, s)| each(place, self.reader.by_value((*s).into())));
        }
    }
}

/// Colour samples.
#[derive(Debug)]
pub(super) struct Rgb<'a> {
    pub(super) samples: &'a [[u8; 3]],
    pub(super) columns: usize,
}

impl Source<3> for Rgb<'_> {
    #[inline(always)]
    fn row(&self, row: usize, columns: Range<usize>, mut each: impl FnMut(usize, f32)) {
        let start = row * self.columns;
        let samples = self.samples[start + columns.start..start + columns.end].as_flattened();
        samples.iter().enumerate().for_each(|(place, s)| each(place, f32::from(*s)));
    }
}
