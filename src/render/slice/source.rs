#![expect(clippy::inline_always, reason = "has to be compiled with the caller's vector instructions")]

use std::ops::Range;

use crate::render::reader::{Reader, Stored};

/// Rows of values to interpolate, `CHANNELS` numbers for each pixel.
pub(super) trait Source<const CHANNELS: usize>: Sync {
    /// Calls `each(place, value)` for the numbers of some columns of a row, in order.
    fn row(&self, row: usize, columns: Range<usize>, each: impl FnMut(usize, f32));
}

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
