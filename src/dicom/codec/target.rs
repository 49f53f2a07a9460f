//! What an object says of its frame, and what its codec's stream is held against before anything is allocated.

use dicom_encoding::adapters::PixelDataObject;

use crate::dicom::error::{DicomError, Result};
use crate::dicom::limits::{FREE_SAMPLES, MOST_SAMPLES_PER_BYTE};
use crate::image::FrameSize;

/// A frame as its object describes it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Target<'o> {
    pub(super) size: FrameSize,
    pub(super) components: usize,
    pub(super) bits_allocated: u32,
    pub(super) photometric: &'o str,
}

/// What a stream says of itself.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shape {
    pub(super) columns: usize,
    pub(super) rows: usize,
    pub(super) components: usize,
    pub(super) bits: u32,
}

/// Samples as a codec gives them; the components of a pixel stand together.
#[derive(Debug)]
pub(super) enum Samples {
    /// Little endian, as wide as Bits Allocated says.
    Bytes(Vec<u8>),
    /// Bit patterns of one byte.
    U8(Vec<u8>),
    /// Bit patterns of two bytes.
    U16(Vec<u16>),
    /// True values, sign included.
    Values(Vec<i32>),
}

impl<'o> Target<'o> {
    /// `None` where the object lacks an attribute that says how large its frame is.
    pub(super) fn of(object: &'o dyn PixelDataObject) -> Option<Self> {
        Some(Self {
            size: FrameSize { columns: object.cols()?.into(), rows: object.rows()?.into() },
            components: object.samples_per_pixel()?.into(),
            bits_allocated: object.bits_allocated()?.into(),
            photometric: object.photometric_interpretation()?,
        })
    }

    pub(super) fn samples(&self) -> usize {
        self.size.pixels() * self.components
    }

    /// Bytes of the frame where it is not compressed; of `YBR_FULL_422` two pixels share their chrominance.
    pub(super) fn native_bytes(&self) -> u64 {
        let samples = if self.photometric == "YBR_FULL_422" { 2 } else { self.components as u64 };
        (self.size.pixels() as u64 * samples * u64::from(self.bits_allocated)).div_ceil(8)
    }

    /// Refuses a stream that is of another size, kind or depth than the header says, or far too short for it.
    pub(super) fn check(&self, stream: &[u8], shape: Shape) -> Result<()> {
        let Shape { columns, rows, components, bits } = shape;
        let size = FrameSize { columns, rows };
        if (size, components) != (self.size, self.components) || bits > self.bits_allocated {
            return Err(DicomError::Mismatch {
                expected: describe(self.size, self.components, self.bits_allocated),
                found: describe(size, components, bits),
            });
        }
        plausible(size, components, stream.len() as u64)
    }

    /// The first `rows` rows of a frame as bytes, little endian and as wide as Bits Allocated says.
    pub(super) fn bytes(&self, samples: Samples, rows: usize) -> Result<Vec<u8>> {
        if rows == 0 {
            return Err(DicomError::Damaged("no row of the image is complete".to_owned()));
        }
        let (mut bytes, width) = match self.bits_allocated {
            1 | 8 => (self.widened::<1>(samples), 1),
            12 | 16 => (self.widened::<2>(samples), 2),
            32 => (self.widened::<4>(samples), 4),
            bits => {
                return Err(DicomError::Unsupported(format!("{bits} bits allocated in a compressed image")));
            }
        };
        if bytes.len() != self.samples() * width {
            let found = bytes.len() / width;
            return Err(DicomError::Damaged(format!("{found} samples instead of {}", self.samples())));
        }
        bytes.truncate(rows.min(self.size.rows) * self.size.columns * self.components * width);
        Ok(bytes)
    }

    /// All samples, `WIDTH` bytes each.
    fn widened<const WIDTH: usize>(&self, samples: Samples) -> Vec<u8> {
        // Negative colours are none; of grey samples the low bits count, whatever sign the stream gives them.
        let least = if self.components == 3 { 0 } else { i32::MIN };
        match samples {
            Samples::U8(samples) if WIDTH > 1 => bytes_of(&samples, |sample| low::<WIDTH>(sample.into())),
            Samples::U16(samples) => bytes_of(&samples, |sample| low::<WIDTH>(sample.into())),
            Samples::Values(samples) => {
                bytes_of(&samples, |value| low::<WIDTH>(value.max(least).cast_unsigned()))
            }
            Samples::Bytes(bytes) | Samples::U8(bytes) => bytes,
        }
    }
}

/// The bytes of one sample after the other.
fn bytes_of<T: Copy, const WIDTH: usize>(samples: &[T], bytes: impl Fn(T) -> [u8; WIDTH]) -> Vec<u8> {
    samples.iter().map(|&sample| bytes(sample)).collect::<Vec<_>>().into_flattened()
}

/// The low bytes of a number, lowest first.
fn low<const WIDTH: usize>(number: u32) -> [u8; WIDTH] {
    let bytes = number.to_le_bytes();
    std::array::from_fn(|at| bytes[at & 3])
}

/// Refuses a frame that is far larger than its stream can be meant to hold.
pub(in crate::dicom) fn plausible(size: FrameSize, components: usize, stream: u64) -> Result<()> {
    let samples = size.pixels() as u64 * components as u64;
    if samples > stream.saturating_mul(MOST_SAMPLES_PER_BYTE).saturating_add(FREE_SAMPLES) {
        let FrameSize { columns, rows } = size;
        return Err(DicomError::TooLarge(format!("{columns} x {rows} pixels in {stream} bytes")));
    }
    Ok(())
}

fn describe(FrameSize { columns, rows }: FrameSize, components: usize, bits: u32) -> String {
    format!("{columns} x {rows} x {components} of {bits} bits")
}
