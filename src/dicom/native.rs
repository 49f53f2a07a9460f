//! Uncompressed frames: straight from the file into the typed vector, then only what is needed.

use std::io::{self, Read, Seek as _, SeekFrom};

use bytemuck::Pod;
use flate2::read::DeflateDecoder;

use super::bytes;
use super::codec::plausible;
use super::color::rgb_from_422;
use super::error::{DicomError, Result};
use super::pixels::frame_bits;
use super::raster::{Bits, Colors, Raster, finish, narrow};
use crate::image::{Decoded, Frame, Photometric, PixelLocation, Samples};

/// Where one frame's bytes can be read from.
struct Input {
    reader: Box<dyn Read>,
    /// Bytes of the frame that there are at most.
    available: u64,
    big_endian: bool,
    /// Bits to skip in the first byte: 1-bit frames follow each other without padding.
    skip_bits: usize,
    /// Bytes to skip in the first word, where words hold two samples.
    skip_bytes: usize,
}

/// Reads one frame of uncompressed pixels.
pub(super) fn load(frame: &Frame) -> Result<Decoded> {
    let mut input = open(frame)?;
    let samples = read(frame, &mut input)?;
    // Only now: how much of a deflated data set there is shows when it is read.
    let bits = input.available.saturating_mul(8).saturating_sub(input.skip_bits as u64);
    Ok(Decoded::cut_off(samples, pixels_held(frame, bits)))
}

/// Pixels from the top left that so many bits of a frame hold whole.
fn pixels_held(frame: &Frame, bits: u64) -> usize {
    let layout = &frame.stored.layout;
    let samples = u64::from(layout.samples_per_pixel.max(1));
    let held = if layout.planar && samples > 1 {
        // One colour after the other: a pixel is there when its last sample is.
        let plane = frame.size.pixels() as u64 * u64::from(layout.bits_allocated);
        bits.saturating_sub(plane * (samples - 1)).checked_div(u64::from(layout.bits_allocated))
    } else {
        bits.checked_div(layout.bits_per_pixel())
    };
    held.and_then(|held| usize::try_from(held).ok()).unwrap_or(usize::MAX)
}

/// The frame whose uncompressed bytes are these: little endian, no more and no less than it takes.
pub(super) fn of_bytes(frame: &Frame, bytes: Vec<u8>) -> Result<Samples> {
    let available = bytes.len() as u64;
    let reader = Box::new(io::Cursor::new(bytes));
    read(frame, &mut Input { reader, available, big_endian: false, skip_bits: 0, skip_bytes: 0 })
}

fn read(frame: &Frame, input: &mut Input) -> Result<Samples> {
    let layout = &frame.stored.layout;
    let pixels = frame.size.pixels();
    if layout.bits_allocated == 1 {
        let mut bytes = vec![0; (pixels + input.skip_bits).div_ceil(8)];
        input.fill(&mut bytes)?;
        let bit = |i: usize| bytes.get(i / 8).map_or(0, |byte| byte >> (i % 8) & 1);
        let bits = (input.skip_bits..input.skip_bits + pixels).map(bit).collect();
        return finish(frame, Raster::U8(bits), Colors::AsDeclared);
    }
    if layout.bits_allocated == 12 {
        return packed(frame, input);
    }
    if layout.photometric == Photometric::YbrFull422 && layout.bits_allocated == 8 {
        let mut bytes = vec![0; pixels * 2];
        input.fill(&mut bytes)?;
        return Ok(Samples::Rgb8(rgb_from_422(&bytes, pixels)));
    }
    if frame.color {
        let raster = match layout.bits_allocated {
            8 => Raster::U8(interleaved(input.read_color(frame)?, frame)),
            16 => Raster::U16(interleaved(input.read_color(frame)?, frame)),
            32 => Raster::U32(interleaved(input.read_color(frame)?, frame)),
            bits => return Err(DicomError::Unsupported(format!("colour of {bits} bits"))),
        };
        return finish(frame, raster, Colors::AsDeclared);
    }
    if layout.float {
        return if layout.bits_allocated == 64 {
            let bits: Vec<u64> = input.read(pixels, u64::swap_bytes, 0)?;
            Ok(Samples::F64(bytemuck::cast_vec(bits)))
        } else {
            let bits: Vec<u32> = input.read(pixels, u32::swap_bytes, 0)?;
            Ok(Samples::F32(bytemuck::cast_vec(bits)))
        };
    }
    match (layout.bits_allocated, layout.signed) {
        (8, false) => Ok(Samples::U8(input.read_grey(frame)?)),
        (8, true) => Ok(Samples::I8(input.read_grey(frame)?)),
        (16, false) => Ok(Samples::U16(input.read_grey(frame)?)),
        (16, true) => Ok(Samples::I16(input.read_grey(frame)?)),
        (32, false) => Ok(Samples::U32(input.read_grey(frame)?)),
        (32, true) => Ok(Samples::I32(input.read_grey(frame)?)),
        (bits, _) => Err(DicomError::Unsupported(format!("{bits} bits allocated"))),
    }
}

/// Samples of 12 bits without gaps, the low bits first (PS3.5 8.1.1): three bytes hold two.
fn packed(frame: &Frame, input: &mut Input) -> Result<Samples> {
    if input.big_endian {
        return Err(DicomError::Unsupported("12 bits allocated in big endian words".to_owned()));
    }
    let pixels = frame.size.pixels();
    let first = input.skip_bits / 4;
    let mut bytes = vec![0; (pixels * 3 + first).div_ceil(2)];
    input.fill(&mut bytes)?;
    let half = |at: usize| u16::from(bytes.get(at / 2).map_or(0, |byte| byte >> (at % 2 * 4) & 0xF));
    let sample = |index: usize| {
        let at = first + index * 3;
        half(at) | half(at + 1) << 4 | half(at + 2) << 8
    };
    finish(frame, Raster::U16((0..pixels).map(sample).collect()), Colors::AsDeclared)
}

fn open(frame: &Frame) -> Result<Input> {
    let stored = &frame.stored;
    let bits = frame_bits(frame.size, &stored.layout);
    let start_bit = bits * frame.of.frame_index() as u64;
    let mut start = start_bit / 8;
    let mut skip_bytes = 0;
    let skip_bits = usize::try_from(start_bit % 8).unwrap_or(0);
    let (mut file, total) = bytes::open(stored)?;
    let (reader, length, big_endian): (Box<dyn Read>, u64, bool) = match stored.location {
        PixelLocation::Native { offset, length, big_endian } => {
            if big_endian && stored.layout.bits_allocated == 8 && start % 2 == 1 {
                (start, skip_bytes) = (start - 1, 1);
            }
            file.seek(SeekFrom::Start(offset.saturating_add(start)))?;
            (Box::new(file), length, big_endian)
        }
        PixelLocation::Deflated { start: deflated_at, offset, length } => {
            plausible(frame.size, stored.layout.samples_per_pixel.into(), total)?;
            file.seek(SeekFrom::Start(deflated_at))?;
            let mut inflated = DeflateDecoder::new(io::BufReader::with_capacity(1 << 16, file));
            let skipped = io::copy(&mut (&mut inflated).take(offset.saturating_add(start)), &mut io::sink());
            match skipped {
                Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Err(ended()),
                skipped => skipped?,
            };
            (Box::new(inflated), length, false)
        }
        PixelLocation::Encapsulated { .. } => {
            return Err(DicomError::Damaged("compressed pixels in an uncompressed file".to_owned()));
        }
        PixelLocation::Picture { .. } => return Err(DicomError::NotDicom("it is a picture")),
    };
    let available = length.saturating_sub(start);
    Ok(Input { reader: reader.take_box(available), available, big_endian, skip_bits, skip_bytes })
}

fn ended() -> DicomError {
    DicomError::Damaged("the pixel data end before this image".to_owned())
}

trait TakeBox {
    fn take_box(self, limit: u64) -> Box<dyn Read>;
}

impl TakeBox for Box<dyn Read> {
    fn take_box(self, limit: u64) -> Box<dyn Read> {
        Box::new(self.take(limit))
    }
}

impl Input {
    /// Fills the buffer as far as there are bytes; how many there were.
    fn fill(&mut self, mut buffer: &mut [u8]) -> io::Result<usize> {
        let wanted = buffer.len();
        while !buffer.is_empty() {
            match self.reader.read(buffer) {
                Ok(0) => break,
                // A deflated data set that is cut off holds what came before.
                Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => break,
                Ok(read) => buffer = buffer.get_mut(read..).unwrap_or_default(),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        if !buffer.is_empty() {
            self.available = self.available.min((wanted - buffer.len()) as u64);
        }
        Ok(wanted - buffer.len())
    }

    /// Whole samples in the machine's own byte order; what is not there is `missing`.
    fn read<T: Pod>(&mut self, count: usize, swap: impl Fn(T) -> T, missing: T) -> Result<Vec<T>> {
        if self.big_endian && size_of::<T>() == 1 {
            return self.read_bytes_of_words(count, missing);
        }
        let mut samples = vec![T::zeroed(); count];
        let found = self.fill(bytemuck::cast_slice_mut(&mut samples))? / size_of::<T>();
        if found == 0 && self.available == 0 {
            return Err(ended());
        }
        if self.big_endian != cfg!(target_endian = "big") && size_of::<T>() > 1 {
            for sample in &mut samples {
                *sample = swap(*sample);
            }
        }
        if let Some(rest) = samples.get_mut(found..) {
            rest.fill(missing);
        }
        Ok(samples)
    }

    /// Single bytes out of big endian words, from a start that may lie inside a word.
    fn read_bytes_of_words<T: Pod>(&mut self, count: usize, missing: T) -> Result<Vec<T>> {
        let mut words = vec![0_u8; (self.skip_bytes + count).next_multiple_of(2)];
        let found = self.fill(&mut words)?;
        words.as_chunks_mut::<2>().0.iter_mut().for_each(|word| word.swap(0, 1));
        let there = words.get(self.skip_bytes..found).unwrap_or_default();
        let mut samples = bytemuck::cast_slice::<u8, T>(there.get(..count).unwrap_or(there)).to_vec();
        samples.resize(count, missing);
        Ok(samples)
    }

    fn read_grey<T: Bits>(&mut self, frame: &Frame) -> Result<Vec<T>> {
        let layout = &frame.stored.layout;
        let mut samples = self.read(frame.size.pixels(), T::swapped, T::truncated(missing_value(frame)))?;
        narrow(&mut samples, layout.high_bit, layout.bits_stored);
        Ok(samples)
    }

    fn read_color<T: Bits>(&mut self, frame: &Frame) -> Result<Vec<T>> {
        let layout = &frame.stored.layout;
        let count = frame.size.pixels() * usize::from(layout.samples_per_pixel);
        let mut samples = self.read(count, T::swapped, T::zeroed())?;
        // Palette indices may carry overlay bits above.
        narrow(&mut samples, layout.high_bit, layout.bits_stored);
        Ok(samples)
    }
}

/// The stored value for pixels that a truncated file does not have: padding, or the lowest there is.
fn missing_value(frame: &Frame) -> i64 {
    let layout = &frame.stored.layout;
    let value = match frame.padding {
        #[expect(clippy::cast_possible_truncation, reason = "a value of 16 bits")]
        Some(padding) => padding.low as i64,
        None if layout.signed => -(1_i64 << (layout.bits_stored - 1)),
        None => 0,
    };
    // `narrow` runs afterwards and takes bits from High Bit down.
    value << (layout.high_bit + 1 - layout.bits_stored)
}

/// Samples of one pixel together, where the file has one colour after the other.
fn interleaved<T: Copy>(samples: Vec<T>, frame: &Frame) -> Vec<T> {
    if !frame.stored.layout.planar || frame.stored.layout.samples_per_pixel != 3 {
        return samples;
    }
    let pixels = frame.size.pixels();
    let (red, rest) = samples.split_at(pixels.min(samples.len()));
    let (green, blue) = rest.split_at(pixels.min(rest.len()));
    red.iter().zip(green).zip(blue).flat_map(|((&r, &g), &b)| [r, g, b]).collect()
}
