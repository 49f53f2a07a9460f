//! Decoded samples on their way to `Samples`: their own width, then the header's type, sign and colour.

use bytemuck::Pod;

use super::color::rgb_from;
use super::error::{DicomError, Result};
use crate::image::{Frame, Photometric, SampleLayout, Samples};

/// Samples as a codec gives them, pixel by pixel; the components of a pixel stand together.
#[derive(Debug)]
pub(super) enum Raster {
    /// Bit patterns of one byte.
    U8(Vec<u8>),
    /// Bit patterns of two bytes.
    U16(Vec<u16>),
    /// Bit patterns of four bytes.
    U32(Vec<u32>),
}

/// Whether the codec has already made red, green and blue of the stream's colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Colors {
    /// As the photometric interpretation says.
    AsDeclared,
    /// Red, green, blue.
    Rgb,
}

/// A sample type that bit patterns are narrowed in.
pub(super) trait Bits: Pod + Send + Sync {
    /// Bits of the type.
    const WIDTH: u32;
    /// The bytes in the other order.
    fn swapped(self) -> Self;
    /// `bits` bits below and with `high_bit`, sign extended where the type is signed.
    fn narrowed(self, high_bit: u32, bits: u32) -> Self;
    /// The low bits of a value.
    fn truncated(value: i64) -> Self;
}

macro_rules! bits {
    ($($type:ty),*) => {$(
        impl Bits for $type {
            const WIDTH: u32 = <$type>::BITS;
            fn swapped(self) -> Self {
                self.swap_bytes()
            }
            fn narrowed(self, high_bit: u32, bits: u32) -> Self {
                (self << (Self::BITS - 1 - high_bit)) >> (Self::BITS - bits)
            }
            #[allow(clippy::allow_attributes, clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the low bits are wanted, in every type")]
            fn truncated(value: i64) -> Self {
                value as Self
            }
        }
    )*};
}
bits!(u8, i8, u16, i16, u32, i32);

/// Drops bits outside Bits Stored and extends the sign, in place; nothing to do for most files.
pub(super) fn narrow<T: Bits>(samples: &mut [T], high_bit: u16, bits_stored: u16) {
    let (high_bit, bits) = (u32::from(high_bit), u32::from(bits_stored));
    if bits >= T::WIDTH || bits == 0 || high_bit >= T::WIDTH {
        return;
    }
    for sample in samples {
        *sample = sample.narrowed(high_bit, bits);
    }
}

/// Little endian samples of two bytes, without the bits outside Bits Stored and with the sign extended.
///
/// In one go, for most frames are such, and each look at all of them takes as long as a tenth of unpacking RLE.
pub(super) fn words<T: Bits>(bytes: &[u8], bits_stored: u16) -> Vec<T> {
    let bits = if bits_stored == 0 { T::WIDTH } else { T::WIDTH.min(bits_stored.into()) };
    let word = |two: &[u8; 2]| T::truncated(u16::from_le_bytes(*two).into()).narrowed(bits - 1, bits);
    bytes.as_chunks().0.iter().map(word).collect()
}

/// Turns decoded samples into the frame's.
pub(super) fn finish(frame: &Frame, raster: Raster, colors: Colors) -> Result<Samples> {
    let layout = &frame.stored.layout;
    let expected = frame.size.pixels() * usize::from(layout.samples_per_pixel);
    let found = match &raster {
        Raster::U8(v) => v.len(),
        Raster::U16(v) => v.len(),
        Raster::U32(v) => v.len(),
    };
    if found != expected {
        return Err(DicomError::Damaged(format!("{found} samples instead of {expected}")));
    }
    if frame.color {
        return Ok(Samples::Rgb8(rgb_from(layout, raster, colors)));
    }
    match (layout.bits_allocated, layout.signed) {
        (1 | 8, false) => Ok(Samples::U8(typed(raster, layout))),
        (1 | 8, true) => Ok(Samples::I8(typed(raster, layout))),
        (12 | 16, false) => Ok(Samples::U16(typed(raster, layout))),
        (12 | 16, true) => Ok(Samples::I16(typed(raster, layout))),
        (32, false) => Ok(Samples::U32(typed(raster, layout))),
        (32, true) => Ok(Samples::I32(typed(raster, layout))),
        (bits, _) => Err(DicomError::Unsupported(format!("{bits} bits allocated in a compressed image"))),
    }
}

fn typed<T: Bits>(raster: Raster, layout: &SampleLayout) -> Vec<T> {
    // A stream holds Bits Stored bits from bit 0 up, wherever High Bit was in the original.
    let (patterns, bits) = match raster {
        Raster::U8(v) => (cast(v), layout.bits_stored.min(8)),
        Raster::U16(v) => (cast(v), layout.bits_stored),
        Raster::U32(v) => (cast(v), layout.bits_stored),
    };
    let mut patterns: Vec<T> = patterns;
    narrow(&mut patterns, bits - 1, bits);
    patterns
}

/// The same vector where the type only differs in sign, otherwise a converted one.
fn cast<S: Pod + Into<i64>, T: Bits>(source: Vec<S>) -> Vec<T> {
    match bytemuck::try_cast_vec(source) {
        Ok(same) if size_of::<S>() == size_of::<T>() => same,
        Ok(other) => bytemuck::cast_slice::<T, S>(&other).iter().map(|&s| T::truncated(s.into())).collect(),
        Err((_, source)) => source.into_iter().map(|s| T::truncated(s.into())).collect(),
    }
}

/// Whether the declared photometric interpretation is luminance and chrominance that nobody converted.
pub(super) fn needs_ybr(layout: &SampleLayout, colors: Colors) -> bool {
    colors == Colors::AsDeclared
        && matches!(layout.photometric, Photometric::YbrFull | Photometric::YbrFull422)
}
