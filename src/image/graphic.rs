use std::sync::Arc;

use super::FrameSize;

/// A graphic of one bit a pixel that the file lays over an image (PS3.3 C.9.2). It is no part of any value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OverlayPlane {
    /// Column and row of the image under the graphic's first pixel, from 0; may lie outside.
    pub origin: (i32, i32),
    /// Columns and rows of the graphic, which need not be the image's.
    pub size: FrameSize,
    /// Its bits.
    pub bits: OverlayBits,
}

/// Where the bits of an overlay plane are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OverlayBits {
    /// Row by row without gaps, the lowest bit of a byte first.
    Packed {
        /// The bits of all frames of the graphic.
        bytes: Arc<[u8]>,
        /// The first bit of this frame's.
        first: usize,
    },
    /// One bit of every stored pixel that does not belong to its value; `dicom::load_overlays` takes it out.
    InPixels {
        /// Its place, from 0.
        bit: u16,
    },
}

impl OverlayPlane {
    /// Whether the graphic covers that pixel of the image.
    pub fn covers(&self, column: i64, row: i64) -> bool {
        let inside = |at: i64, origin: i32, length: usize| {
            usize::try_from(at - i64::from(origin)).ok().filter(|at| *at < length)
        };
        let (Some(column), Some(row)) =
            (inside(column, self.origin.0, self.size.columns), inside(row, self.origin.1, self.size.rows))
        else {
            return false;
        };
        self.bit(row * self.size.columns + column)
    }

    fn bit(&self, index: usize) -> bool {
        let OverlayBits::Packed { bytes, first } = &self.bits else { return false };
        let at = first.saturating_add(index);
        bytes.get(at / 8).is_some_and(|byte| byte >> (at % 8) & 1 == 1)
    }

    /// Column and row of the image under every pixel of the graphic that is set.
    pub fn set_pixels(&self) -> impl Iterator<Item = (i64, i64)> {
        let columns = self.size.columns.max(1);
        let place =
            move |origin: i32, at: usize| i64::from(origin) + i64::try_from(at).unwrap_or(i64::MAX / 2);
        // A header may claim four thousand million bits and hold none of them.
        let there = match &self.bits {
            OverlayBits::Packed { bytes, first } => bytes.len().saturating_mul(8).saturating_sub(*first),
            OverlayBits::InPixels { .. } => 0,
        };
        (0..self.size.pixels().min(there))
            .filter(|index| self.bit(*index))
            .map(move |index| (place(self.origin.0, index % columns), place(self.origin.1, index / columns)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_lie_where_the_origin_says() {
        // 3 columns, 2 rows, the second frame of two: bits 6.. of 0b1_00110_000000.
        let bits = OverlayBits::Packed { bytes: [0b1000_0000, 0b0000_1001].into(), first: 6 };
        let plane = OverlayPlane { origin: (-1, 4), size: FrameSize { columns: 3, rows: 2 }, bits };
        assert_eq!(plane.set_pixels().collect::<Vec<_>>(), [(0, 4), (1, 4), (1, 5)]);
        assert!(plane.covers(0, 4) && plane.covers(1, 5));
        // Looking for what is there takes no longer than there is; the bits before the frame's are another one's.
        let vast = OverlayPlane { size: FrameSize { columns: 65_535, rows: 65_535 }, ..plane.clone() };
        assert_eq!(vast.set_pixels().count(), 3);
        assert!(!plane.covers(-1, 4) && !plane.covers(2, 4) && !plane.covers(0, 6));
    }
}
