#![expect(clippy::inline_always, reason = "has to be compiled with the caller's vector instructions")]

use super::tone::{Origin, narrow};
use crate::image::{Frame, ModalityTransform};

/// Far beyond any window, and small enough that no product of interpolation overflows.
const FAR: f64 = 1e30;

/// How a stored sample becomes a number of the tone.
#[derive(Debug)]
pub(super) struct Reader<'a> {
    transform: &'a ModalityTransform,
    pub(super) origin: Origin,
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
    fn plain(&self, stored: f32) -> f32 {
        stored - self.base_f32
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

    /// Whether no stored value is padding.
    pub(super) fn is_plain(&self) -> bool {
        self.padding[0] > self.padding[1]
    }

    /// The slow way: a table, or a slope that cannot be divided by.
    pub(super) fn by_value(&self, stored: f64) -> f32 {
        let padding = self.padding[0] <= stored && stored <= self.padding[1];
        let value = self.transform.value(stored);
        if padding || !value.is_finite() { self.origin.fill } else { narrow(value - self.origin.base) }
    }
}

/// A stored sample type.
pub(super) trait Stored: Copy + Into<f64> + Sync {
    /// Whether every sample is a number, so that only padding takes the fill value.
    const WHOLE: bool;

    /// The sample for the tone, with the rescale folded into the tone.
    fn read(self, reader: &Reader<'_>) -> f32;

    /// The same, for readers that are plain.
    fn read_plain(self, reader: &Reader<'_>) -> f32;
}

macro_rules! stored {
    ($whole:literal, $how:ident, $plain:ident: $($sample:ty => $wide:ty),+) => {
        $(impl Stored for $sample {
            const WHOLE: bool = $whole;

            #[inline(always)]
            fn read(self, reader: &Reader<'_>) -> f32 {
                reader.$how(<$wide>::from(self))
            }

            #[inline(always)]
            fn read_plain(self, reader: &Reader<'_>) -> f32 {
                reader.$plain(<$wide>::from(self))
            }
        })+
    };
}
stored!(true, small, plain: u8 => f32, i8 => f32, u16 => f32, i16 => f32);
stored!(false, large, large: u32 => f64, i32 => f64, f32 => f64, f64 => f64);
