//! Colour samples to red, green and blue of 8 bits.

use super::raster::{Colors, Raster, needs_ybr};
use crate::image::{Palette, Photometric, SampleLayout};

/// Pixels of three interleaved components, or palette indices, as RGB.
pub(super) fn rgb_from(layout: &SampleLayout, raster: Raster, colors: Colors) -> Vec<[u8; 3]> {
    if let (Photometric::PaletteColor, Some(palette)) = (layout.photometric, &layout.palette) {
        return from_palette(layout, palette, &raster);
    }
    let mut pixels = match raster {
        // The same bytes: a copy would cost as much as some codecs take for a tenth of their work.
        Raster::U8(v) if layout.bits_stored >= 8 => {
            bytemuck::try_cast_vec(v).unwrap_or_else(|(_, v)| triples(&v, |v| v))
        }
        Raster::U8(v) => triples(&v, |v| eight_bits(u32::from(v), layout.bits_stored)),
        Raster::U16(v) => triples(&v, |v| eight_bits(u32::from(v), layout.bits_stored)),
        Raster::U32(v) => triples(&v, |v| eight_bits(v, layout.bits_stored)),
    };
    if needs_ybr(layout, colors) {
        for pixel in &mut pixels {
            *pixel = rgb_from_ybr(*pixel);
        }
    }
    pixels
}

fn triples<T: Copy>(samples: &[T], eight: impl Fn(T) -> u8) -> Vec<[u8; 3]> {
    samples.as_chunks::<3>().0.iter().map(|&[a, b, c]| [eight(a), eight(b), eight(c)]).collect()
}

/// The stored range spread over 0 to 255; 8 bits and fewer stay as they are.
fn eight_bits(value: u32, bits_stored: u16) -> u8 {
    let highest = (1_u64 << bits_stored.clamp(8, 32)) - 1;
    let scaled = (u64::from(value) * 255 + highest / 2) / highest;
    u8::try_from(scaled).unwrap_or(u8::MAX)
}

/// PS3.3 C.7.6.3.1.2, `YBR_FULL`, inverted.
pub(super) fn rgb_from_ybr([y, cb, cr]: [u8; 3]) -> [u8; 3] {
    let (y, cb, cr) = (f32::from(y), f32::from(cb) - 128.0, f32::from(cr) - 128.0);
    let byte = |value: f32| {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped")]
        let byte = value.round().clamp(0.0, 255.0) as u8;
        byte
    };
    [byte(y + 1.402 * cr), byte(y - 0.344_136 * cb - 0.714_136 * cr), byte(y + 1.772 * cb)]
}

/// Two pixels of `YBR_FULL_422` stand as Y1 Y2 Cb Cr.
pub(super) fn rgb_from_422(bytes: &[u8], pixels: usize) -> Vec<[u8; 3]> {
    let mut rgb = Vec::with_capacity(pixels);
    for &[first, second, cb, cr] in bytes.as_chunks::<4>().0 {
        rgb.push(rgb_from_ybr([first, cb, cr]));
        rgb.push(rgb_from_ybr([second, cb, cr]));
    }
    rgb.resize(pixels, [0; 3]);
    rgb
}

fn from_palette(layout: &SampleLayout, palette: &Palette, raster: &Raster) -> Vec<[u8; 3]> {
    let colors = palette.colors();
    let look = |index: i64| colors.at(index);
    let mask = if layout.bits_stored >= 32 { u32::MAX } else { (1 << layout.bits_stored) - 1 };
    let signed = |bits: u32| {
        let up = 32 - u32::from(layout.bits_stored.clamp(1, 32));
        if layout.signed { i64::from((bits << up).cast_signed() >> up) } else { i64::from(bits & mask) }
    };
    match raster {
        Raster::U8(v) => v.iter().map(|&i| look(signed(i.into()))).collect(),
        Raster::U16(v) => v.iter().map(|&i| look(signed(i.into()))).collect(),
        Raster::U32(v) => v.iter().map(|&i| look(signed(i))).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ybr_follows_the_formulas() {
        assert_eq!(rgb_from_ybr([100, 128, 128]), [100, 100, 100]);
        // R = 81 + 1.402 * 112, G = 81 + 0.344136 * 38 - 0.714136 * 112, B = 81 - 1.772 * 38
        assert_eq!(rgb_from_ybr([81, 90, 240]), [238, 14, 14]);
        assert_eq!(rgb_from_422(&[81, 100, 128, 128], 2), [[81, 81, 81], [100, 100, 100]]);
    }
}
