//! Decoded pixels, and how samples of any depth become them.

/// Rows of 8-bit samples: one or three of each pixel, opaque.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Raster {
    pub width: u32,
    pub height: u32,
    /// Red, green and blue instead of grey.
    pub color: bool,
    pub samples: Vec<u8>,
}

/// The sample of 8 bits that is nearest to one of which the largest is `most`.
#[expect(clippy::cast_possible_truncation, reason = "at most 255")]
pub(super) fn reduce(value: u32, most: u32) -> u8 {
    ((value.min(most) * 255 + most / 2) / most) as u8
}

/// A sample over white, both of the same depth.
pub(super) fn over_white(value: u32, alpha: u32, most: u32) -> u32 {
    let (value, alpha, most) = (u64::from(value), u64::from(alpha), u64::from(most));
    let sum = value * alpha + most * (most - alpha.min(most));
    u32::try_from((sum + most / 2) / most).unwrap_or(u32::MAX)
}

/// The light that an amount of ink and of black leave, of 255.
pub(super) fn through_inks(ink: u8, black: u8) -> u8 {
    let left = (255 - u32::from(ink)) * (255 - u32::from(black));
    reduce(left, 255 * 255)
}

/// Red, green and blue of four inks, of which 0 is none.
pub(super) fn from_inks([cyan, magenta, yellow, black]: [u8; 4]) -> [u8; 3] {
    [cyan, magenta, yellow].map(|ink| through_inks(ink, black))
}
