use super::{FrameSize, Warning};

/// The samples of one frame, row by row, in the type they were stored in.
///
/// Bits above Bits Stored are already gone and the sign is extended; no rescale is applied.
#[derive(Debug, Clone, PartialEq)]
pub enum Samples {
    /// 1 or 8 bits allocated, unsigned.
    U8(Vec<u8>),
    /// 8 bits allocated, signed.
    I8(Vec<i8>),
    /// 16 bits allocated, unsigned.
    U16(Vec<u16>),
    /// 16 bits allocated, signed.
    I16(Vec<i16>),
    /// 32 bits allocated, unsigned.
    U32(Vec<u32>),
    /// 32 bits allocated, signed.
    I32(Vec<i32>),
    /// Float Pixel Data.
    F32(Vec<f32>),
    /// Double Float Pixel Data.
    F64(Vec<f64>),
    /// Colour as red, green, blue; palettes and YBR are converted.
    Rgb8(Vec<[u8; 3]>),
}

/// The samples of a frame, as far as its file holds them.
#[derive(Debug, Clone, PartialEq)]
pub struct Decoded {
    samples: Samples,
    there: usize,
}

impl Decoded {
    /// Samples of which only the first `there` pixels, row by row, were in the file. The rest is filling.
    pub fn cut_off(samples: Samples, there: usize) -> Self {
        let there = there.min(samples.len());
        Self { samples, there }
    }

    /// Pixels from the top left that the file holds; what follows was never measured.
    pub fn there(&self) -> usize {
        self.there
    }

    /// What to say where the file does not hold every pixel.
    pub fn cut(&self, size: FrameSize) -> Option<Warning> {
        let is_whole = self.there == self.samples.len();
        let rows = self.there.div_ceil(size.columns.max(1));
        (!is_whole).then_some(Warning::CutOff { rows, of: size.rows })
    }
}

impl From<Samples> for Decoded {
    fn from(samples: Samples) -> Self {
        let there = samples.len();
        Self { samples, there }
    }
}

impl std::ops::Deref for Decoded {
    type Target = Samples;

    fn deref(&self) -> &Samples {
        &self.samples
    }
}

/// Runs one body for whichever numeric type the samples have; `$rgb` names the colour samples.
#[macro_export]
macro_rules! with_samples {
    ($samples:expr, $grey:ident => $body:expr, $rgb:ident => $colour:expr) => {
        match $samples {
            $crate::image::Samples::U8($grey) => $body,
            $crate::image::Samples::I8($grey) => $body,
            $crate::image::Samples::U16($grey) => $body,
            $crate::image::Samples::I16($grey) => $body,
            $crate::image::Samples::U32($grey) => $body,
            $crate::image::Samples::I32($grey) => $body,
            $crate::image::Samples::F32($grey) => $body,
            $crate::image::Samples::F64($grey) => $body,
            $crate::image::Samples::Rgb8($rgb) => $colour,
        }
    };
}

impl Samples {
    /// Number of pixels.
    pub fn len(&self) -> usize {
        with_samples!(self, grey => grey.len(), rgb => rgb.len())
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Bytes of memory the samples take.
    pub fn bytes(&self) -> usize {
        with_samples!(self, grey => size_of_val(grey.as_slice()), rgb => size_of_val(rgb.as_slice()))
    }

    /// The stored value of a pixel, counted row by row; `None` outside, and for colour.
    pub fn stored(&self, index: usize) -> Option<f64> {
        with_samples!(self, grey => grey.get(index).map(wide), _rgb => None)
    }

    /// The colour of a pixel; `None` outside, and for grey.
    pub fn color(&self, index: usize) -> Option<[u8; 3]> {
        with_samples!(self, _grey => None, rgb => rgb.get(index).copied())
    }

    /// Smallest and largest stored value; `None` for colour and where no sample is a number.
    pub fn stored_range(&self) -> Option<(f64, f64)> {
        with_samples!(self, grey => {
            let mut range: Option<(f64, f64)> = None;
            for value in grey.iter().map(wide).filter(|v| v.is_finite()) {
                let (low, high) = range.unwrap_or((value, value));
                range = Some((low.min(value), high.max(value)));
            }
            range
        }, _rgb => None)
    }
}

/// Every sample type fits a double without loss.
fn wide<T: Into<f64> + Copy>(sample: &T) -> f64 {
    (*sample).into()
}
