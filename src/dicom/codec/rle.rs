//! RLE Lossless (PS3.5 annex G).

use super::target::{Samples, Target};
use crate::dicom::error::{DicomError, Result};
use crate::image::FrameSize;

/// One segment for each byte of each component, the highest byte first.
pub(super) fn decode(target: &Target<'_>, bytes: &[u8]) -> Result<Vec<u8>> {
    let width = (target.bits_allocated as usize / 8).max(1);
    if !matches!(width, 1 | 2 | 4) {
        return Err(DicomError::Unsupported(format!("RLE of {} bits", target.bits_allocated)));
    }
    let FrameSize { columns, rows } = target.size;
    let shape = Shape { columns, rows, components: target.components, width };
    let Unpacked { samples, rows } = pixels(shape, bytes)?;
    target.bytes(Samples::Bytes(samples), rows)
}

/// What the header says of the frame.
#[derive(Debug, Clone, Copy)]
struct Shape {
    columns: usize,
    rows: usize,
    components: usize,
    /// Bytes of a sample: 1, 2 or 4.
    width: usize,
}

/// What the segments hold, also where one ends early.
#[derive(Debug)]
struct Unpacked {
    /// All samples, little endian; zeros where they are missing.
    samples: Vec<u8>,
    /// Rows from the top that are complete.
    rows: usize,
}

/// Decodes as many rows as all the segments hold; what is missing is zero.
fn pixels(shape: Shape, bytes: &[u8]) -> Result<Unpacked> {
    let pixels = shape.rows * shape.columns;
    let needed = shape.components * shape.width;
    // Two bytes make 128 at most.
    if pixels * needed > bytes.len() * 64 {
        return Err(DicomError::Damaged(format!("{} bytes of RLE are too few for the image", bytes.len())));
    }
    let words: Vec<u32> = bytes.as_chunks::<4>().0.iter().take(16).map(|w| u32::from_le_bytes(*w)).collect();
    let count = words.first().copied().unwrap_or(0) as usize;
    let offsets = words.get(1..=count.min(15)).unwrap_or_default();
    if count != needed || offsets.len() != needed {
        let what = format!("{count} RLE segments instead of {needed}");
        return Err(DicomError::Damaged(what));
    }
    let segments = offsets.iter().enumerate().map(|(index, &offset)| {
        let end = offsets.get(index + 1).map_or(bytes.len(), |&next| next as usize);
        Segment::new(bytes.get(offset as usize..end.min(bytes.len())).unwrap_or_default())
    });
    let mut segments: Vec<Segment<'_>> = segments.collect();
    let components = shape.components;
    let samples = match shape.width {
        1 => joined(&mut segments, components, pixels, |[byte]| byte),
        2 => joined(&mut segments, components, pixels, |[high, low]| [low, high]).into_flattened(),
        _ => joined(&mut segments, components, pixels, |[d, c, b, a]| [a, b, c, d]).into_flattened(),
    };
    let complete = segments.iter().map(|segment| segment.written).min().unwrap_or(0);
    let rows = complete.checked_div(shape.columns).unwrap_or(0);
    Ok(Unpacked { samples, rows })
}

/// Pixels unpacked at a time: all segments' bytes of so many stay in the fastest cache until they are joined, and no
/// memory as large as the frame is taken beside the frame.
const BLOCK: usize = 4096;

/// The samples of all components, pixel by pixel, each joined from the bytes of its `WIDTH` segments.
fn joined<T: Copy + Default, const WIDTH: usize>(
    segments: &mut [Segment<'_>],
    components: usize,
    pixels: usize,
    join: impl Fn([u8; WIDTH]) -> T + Copy,
) -> Vec<T> {
    let mut out = Vec::with_capacity(pixels * components);
    let mut planes = [[0_u8; BLOCK]; WIDTH];
    for first in (0..pixels).step_by(BLOCK) {
        let count = BLOCK.min(pixels - first);
        let start = out.len();
        if components > 1 {
            out.resize(start + count * components, T::default());
        }
        for (component, segments) in segments.chunks_exact_mut(WIDTH).enumerate() {
            for (segment, plane) in segments.iter_mut().zip(&mut planes) {
                segment.unpack(plane.get_mut(..count).unwrap_or_default());
            }
            let samples = (0..count).map(|at| join(planes.each_ref().map(|plane| plane[at & (BLOCK - 1)])));
            // One component needs no stepping, which the compiler can then do by vectors.
            if components == 1 {
                out.extend(samples);
            } else {
                let slots = out.get_mut(start..).unwrap_or_default().iter_mut();
                slots.skip(component).step_by(components).zip(samples).for_each(|(slot, one)| *slot = one);
            }
        }
    }
    out
}

/// One byte of one component of all pixels, unpacked piece by piece.
#[derive(Debug)]
struct Segment<'a> {
    /// What is not unpacked yet, without the code that `left` comes from.
    packed: &'a [u8],
    /// Bytes that the last code still stands for.
    left: usize,
    /// Whether it repeats the next byte, or takes the next ones as they are.
    repeats: bool,
    /// Bytes unpacked so far.
    written: usize,
}

impl<'a> Segment<'a> {
    fn new(packed: &'a [u8]) -> Self {
        Self { packed, left: 0, repeats: false, written: 0 }
    }

    /// The next bytes into `out`; zeros where the segment has ended.
    fn unpack(&mut self, out: &mut [u8]) {
        let written = self.fill(out);
        self.written += written;
        out.iter_mut().skip(written).for_each(|slot| *slot = 0);
    }

    /// As many of the next bytes as there are; how many.
    fn fill(&mut self, out: &mut [u8]) -> usize {
        let whole = out.len();
        let mut free = out;
        while !free.is_empty() && (self.left > 0 || self.next_code()) {
            // A run needs its byte, a literal ends with the segment.
            let there = if self.repeats { self.packed.len() * 128 } else { self.packed.len() };
            let count = self.left.min(free.len()).min(there);
            let (slots, after) = free.split_at_mut(count);
            free = after;
            self.left -= count;
            let [byte, ..] = self.packed else { break };
            let used = if self.repeats {
                slots.fill(*byte);
                usize::from(self.left == 0)
            } else {
                let literal = self.packed.get(..count).unwrap_or_default();
                // Noise makes short literals, for which a call of memcpy costs more than the copy.
                if count < 16 {
                    slots.iter_mut().zip(literal).for_each(|(slot, byte)| *slot = *byte);
                } else {
                    slots.copy_from_slice(literal);
                }
                count
            };
            self.packed = self.packed.get(used..).unwrap_or_default();
        }
        whole - free.len()
    }

    /// Reads the next code that stands for bytes; `false` at the end.
    fn next_code(&mut self) -> bool {
        while let [code, rest @ ..] = self.packed {
            self.packed = rest;
            let code = usize::from(*code);
            if code != 128 {
                self.repeats = code > 128;
                self.left = if self.repeats { 257 - code } else { code + 1 };
                return true;
            }
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a segment unpacks to in pieces of so many bytes, and how many of them it wrote.
    fn unpacked(packed: &[u8], whole: usize, piece: usize) -> (Vec<u8>, usize) {
        let mut segment = Segment::new(packed);
        let mut out = vec![77; whole];
        out.chunks_mut(piece).for_each(|piece| segment.unpack(piece));
        (out, segment.written)
    }

    #[test]
    fn literals_and_runs_unpack_in_pieces_of_any_size() {
        for piece in 1..=7 {
            // Literal of 2, nothing, run of 3, literal of 1.
            let (out, written) = unpacked(&[1, 7, 8, 0x80, 0xFE, 9, 0, 5], 7, piece);
            assert_eq!((out.as_slice(), written), (&[7, 8, 9, 9, 9, 5, 0][..], 6));
            // More than there is room for.
            assert_eq!(unpacked(&[0x81, 3, 0, 4], 7, piece), (vec![3; 7], 7));
            // Literals and runs that are cut off.
            assert_eq!(unpacked(&[3, 1, 2], 5, piece), (vec![1, 2, 0, 0, 0], 2));
            assert_eq!(unpacked(&[0, 6, 0xFE], 3, piece), (vec![6, 0, 0], 1));
        }
    }

    /// A frame of literals; samples of `width` bytes, the first counted from 1.
    fn frame(shape: Shape) -> Vec<u8> {
        let pixels = shape.rows * shape.columns;
        let segments = shape.components * shape.width;
        let mut out = vec![u32::try_from(segments).unwrap()];
        out.extend((0..segments).map(|index| u32::try_from(64 + index * (pixels + 1)).unwrap()));
        out.resize(16, 0);
        let mut bytes: Vec<u8> = out.iter().flat_map(|word| word.to_le_bytes()).collect();
        for segment in 0..segments {
            bytes.push(u8::try_from(pixels - 1).unwrap());
            bytes.extend((0..pixels).map(|pixel| u8::try_from(segment * 16 + pixel).unwrap()));
        }
        bytes
    }

    /// The samples of a frame as numbers.
    fn samples(shape: Shape, bytes: &[u8]) -> Vec<u32> {
        let samples = pixels(shape, bytes).unwrap().samples;
        let number = |bytes: &[u8]| bytes.iter().rev().fold(0, |high, &low| high << 8 | u32::from(low));
        samples.chunks_exact(shape.width).map(number).collect()
    }

    #[test]
    fn bytes_and_components_are_put_together() {
        let shape = Shape { columns: 2, rows: 2, components: 1, width: 2 };
        assert_eq!(samples(shape, &frame(shape)), [0x0010, 0x0111, 0x0212, 0x0313]);
        let shape = Shape { components: 1, width: 4, ..shape };
        assert_eq!(samples(shape, &frame(shape))[1], 0x0111_2131);
        let shape = Shape { components: 3, width: 1, ..shape };
        assert_eq!(samples(shape, &frame(shape))[3..6], [1, 17, 33]);
        let shape = Shape { components: 2, width: 2, ..shape };
        assert_eq!(samples(shape, &frame(shape))[2..4], [0x0111, 0x2131]);
    }

    #[test]
    fn a_frame_that_ends_early_gives_the_rows_that_it_has() {
        let shape = Shape { columns: 2, rows: 3, components: 1, width: 2 };
        let bytes = frame(shape);
        // The low bytes of the last three samples are cut off.
        let part = &bytes[..bytes.len() - 3];
        assert_eq!(pixels(shape, part).unwrap().rows, 1);
        assert_eq!(samples(shape, part)[..3], [0x0010, 0x0111, 0x0212]);
    }
}
