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
    // Component by component; in each the planes of its bytes, the highest first.
    let mut planes = vec![0_u8; pixels * needed];
    let mut complete = pixels;
    for (index, &offset) in offsets.iter().enumerate() {
        let end = offsets.get(index + 1).map_or(bytes.len(), |&next| next as usize);
        let segment = bytes.get(offset as usize..end.min(bytes.len())).unwrap_or_default();
        let plane = planes.get_mut(index * pixels..(index + 1) * pixels).unwrap_or_default();
        complete = complete.min(unpack(segment, plane));
    }
    let rows = complete.checked_div(shape.columns).unwrap_or(0);
    Ok(Unpacked { raster: interleaved(planes, shape), colors: Colors::AsDeclared, rows })
}

/// The bytes of each sample put together, and the components of each pixel.
fn interleaved(planes: Vec<u8>, shape: Shape) -> Raster {
    let pixels = shape.rows * shape.columns;
    let components = shape.components;
    if shape.width == 1 && components == 1 {
        return Raster::U8(planes);
    }
    let mut parts = planes.chunks_exact(pixels.max(1));
    let mut next = || parts.next().unwrap_or_default();
    match shape.width {
        1 if components == 3 => {
            let (red, green, blue) = (next(), next(), next());
            let mut out = vec![0; 3 * pixels];
            for (((out, r), g), b) in out.as_chunks_mut::<3>().0.iter_mut().zip(red).zip(green).zip(blue) {
                *out = [*r, *g, *b];
            }
            Raster::U8(out)
        }
        1 => {
            let mut out = vec![0; components * pixels];
            for component in 0..components {
                let slots = out.iter_mut().skip(component).step_by(components);
                slots.zip(next()).for_each(|(slot, byte)| *slot = *byte);
            }
            Raster::U8(out)
        }
        2 => {
            let mut out = vec![0; components * pixels];
            for component in 0..components {
                let (high, low) = (next(), next());
                let samples = high.iter().zip(low).map(|(h, l)| u16::from_be_bytes([*h, *l]));
                place(&mut out, component, components, samples);
            }
            Raster::U16(out)
        }
        _ => {
            let mut out = vec![0; components * pixels];
            for component in 0..components {
                let (first, second, third, fourth) = (next(), next(), next(), next());
                let bytes = first.iter().zip(second).zip(third).zip(fourth);
                let samples = bytes.map(|(((a, b), c), d)| u32::from_be_bytes([*a, *b, *c, *d]));
                place(&mut out, component, components, samples);
            }
            Raster::U32(out)
        }
    }
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

/// Unpacks one segment into its plane; how many bytes it wrote.
fn unpack(mut segment: &[u8], plane: &mut [u8]) -> usize {
    let whole = plane.len();
    let mut left = plane;
    while let [code, rest @ ..] = segment {
        if left.is_empty() {
            break;
        }
        let length = usize::from(*code);
        match (length, rest) {
            (0..128, _) => {
                let count = (length + 1).min(rest.len()).min(left.len());
                let (slots, after) = left.split_at_mut(count);
                let (literal, tail) = rest.split_at(count);
                // Noise makes short literals, for which a call of memcpy costs more than the copy.
                if count < 16 {
                    slots.iter_mut().zip(literal).for_each(|(slot, byte)| *slot = *byte);
                } else {
                    slots.copy_from_slice(literal);
                }
                (left, segment) = (after, tail);
            }
            (128, _) => segment = rest,
            (_, [byte, tail @ ..]) => {
                let (slots, after) = left.split_at_mut((257 - length).min(left.len()));
                slots.fill(*byte);
                (left, segment) = (after, tail);
            }
            (_, []) => break,
        }
    }
    whole - left.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_and_runs_unpack() {
        let mut out = [0; 7];
        // Literal of 2, nothing, run of 3, literal of 1.
        assert_eq!(unpack(&[1, 7, 8, 0x80, 0xFE, 9, 0, 5], &mut out), 6);
        assert_eq!(out, [7, 8, 9, 9, 9, 5, 0]);
        // More than there is room for.
        assert_eq!(unpack(&[0x81, 3, 0, 4], &mut out), 7);
        assert_eq!(out, [3; 7]);
        // Literals and runs that are cut off.
        assert_eq!(unpack(&[3, 1, 2], &mut out), 2);
        assert_eq!(unpack(&[0xFE], &mut out), 0);
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
