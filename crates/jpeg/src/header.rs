use super::error::Result;
use super::stream::{FrameHeader, Stream};

/// How the samples are coded (T.81 table B.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Process {
    /// SOF0: sequential, 8 bits.
    Baseline,
    /// SOF1: sequential, 8 or 12 bits.
    Extended,
    /// SOF2.
    Progressive,
    /// SOF3.
    Lossless,
    /// SOF5 to SOF7: differences to another image.
    Hierarchical,
    /// SOF9 to SOF15: arithmetic coding.
    Arithmetic,
}

/// What the frame header says (T.81 B.2.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Header {
    /// Width in samples.
    pub columns: usize,
    /// Height in samples.
    pub rows: usize,
    /// Samples of a pixel.
    pub components: usize,
    /// Bits of a sample.
    pub bits: u32,
    /// How they are coded.
    pub process: Process,
}

impl Header {
    /// Reads as far as the frame header.
    ///
    /// # Errors
    ///
    /// [`Error::Damaged`](crate::Error::Damaged) where there is none, or a table before it makes no sense.
    pub fn read(stream: &[u8]) -> Result<Self> {
        Ok(Self::of(&Stream::open(stream)?.read_frame()?))
    }

    pub(super) fn of(frame: &FrameHeader) -> Self {
        let process = match frame.process {
            0xC0 => Process::Baseline,
            0xC1 => Process::Extended,
            0xC2 => Process::Progressive,
            0xC3 => Process::Lossless,
            0xC5..=0xC7 => Process::Hierarchical,
            _ => Process::Arithmetic,
        };
        let FrameHeader { precision: bits, rows, columns, ref components, .. } = *frame;
        Self { columns, rows, components: components.len(), bits, process }
    }
}
