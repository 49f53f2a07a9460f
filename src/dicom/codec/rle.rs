//! RLE Lossless (PS3.5 annex G).

use super::{Colors, Raster, Unpacked};
use crate::dicom::error::{DicomError, Result};
use crate::image::Frame;

/// One segment for each byte of each component, the highest byte first.
pub(super) fn decode(frame: &Frame, bytes: &[u8]) -> Result<Unpacked> {
    let layout = &frame.stored.layout;
    let width = usize::from(layout.bits_allocated / 8).max(1);
    if !matches!(width, 1 | 2 | 4) {
        return Err(DicomError::Unsupported(format!("RLE of {} bits", layout.bits_allocated)));
    }
    let shape = Shape {
        columns: frame.size.columns,
        rows: frame.size.rows,
        components: usize::from(layout.samples_per_pixel),
        width,
    };
    pixels(shape, bytes)
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
    let raster = match shape.width {
        1 => Raster::U8(joined(&mut segments, shape, |[byte]: [u8; 1]| byte)),
        2 => Raster::U16(joined(&mut segments, shape, u16::from_be_bytes)),
        _ => Raster::U32(joined(&mut segments, shape, u32::from_be_bytes)),
    };
    let complete = segments.iter().map(|segment| segment.written).min().unwrap_or(0);
    let rows = complete.checked_div(shape.columns).unwrap_or(0);
    Ok(Unpacked { raster, colors: Colors::AsDeclared, rows })
}

/// Pixels unpacked at a time: all segments' bytes of so many stay in the fastest cache until they are joined, and no
/// memory as large as the frame is taken beside the frame.
const BLOCK: usize = 4096;

/// The samples of all components, pixel by pixel, each joined from the bytes of its `WIDTH` segments.
fn joined<T: Copy + Default, const WIDTH: usize>(
    segments: &mut [Segment<'_>],
    shape: Shape,
    join: impl Fn([u8; WIDTH]) -> T + Copy,
) -> Vec<T> {
    let mut out = vec![T::default(); shape.rows * shape.columns * shape.components];
    let mut planes = [[0_u8; BLOCK]; WIDTH];
    for block in out.chunks_mut(BLOCK * shape.components) {
        let pixels = block.len() / shape.components;
        for (component, segments) in segments.chunks_exact_mut(WIDTH).enumerate() {
            for (segment, plane) in segments.iter_mut().zip(&mut planes) {
                segment.unpack(plane.get_mut(..pixels).unwrap_or_default());
            }
            let sample = |pixel: usize| join(planes.each_ref().map(|plane| plane[pixel]));
            place(block, component, shape.components, (0..pixels.min(BLOCK)).map(sample));
        }
    }
    out
}

/// Writes one component's samples between the others'.
fn place<T>(out: &mut [T], component: usize, components: usize, samples: impl Iterator<Item = T>) {
    // One component needs no stepping, which the compiler can then do by vectors.
    if components == 1 {
        out.iter_mut().zip(samples).for_each(|(slot, sample)| *slot = sample);
    } else {
        let slots = out.iter_mut().skip(component).step_by(components);
        slots.zip(samples).for_each(|(slot, sample)| *slot = sample);
    }
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

    #[test]
    fn bytes_and_components_are_put_together() {
        let shape = Shape { columns: 2, rows: 2, components: 1, width: 2 };
        let Raster::U16(samples) = pixels(shape, &frame(shape)).unwrap().raster else { panic!() };
        assert_eq!(samples, [0x0010, 0x0111, 0x0212, 0x0313]);
        let shape = Shape { components: 1, width: 4, ..shape };
        let Raster::U32(samples) = pixels(shape, &frame(shape)).unwrap().raster else { panic!() };
        assert_eq!(samples[1], 0x0111_2131);
        let shape = Shape { components: 3, width: 1, ..shape };
        let Raster::U8(samples) = pixels(shape, &frame(shape)).unwrap().raster else { panic!() };
        assert_eq!(samples[3..6], [1, 17, 33]);
        let shape = Shape { components: 2, width: 2, ..shape };
        let Raster::U16(samples) = pixels(shape, &frame(shape)).unwrap().raster else { panic!() };
        assert_eq!(samples[2..4], [0x0111, 0x2131]);
    }

    #[test]
    fn a_frame_that_ends_early_gives_the_rows_that_it_has() {
        let shape = Shape { columns: 2, rows: 3, components: 1, width: 2 };
        let bytes = frame(shape);
        // The low bytes of the last three samples are cut off.
        let part = pixels(shape, &bytes[..bytes.len() - 3]).unwrap();
        assert_eq!(part.rows, 1);
        let Raster::U16(samples) = part.raster else { panic!() };
        assert_eq!(samples[..3], [0x0010, 0x0111, 0x0212]);
    }
}
