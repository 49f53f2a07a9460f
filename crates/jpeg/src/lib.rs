//! Decoder of JPEG: ITU-T T.81 (ISO/IEC 10918-1), for those who measure what they decode.
//!
//! Other decoders of safe Rust stop at 8 bits with loss, or at lossless streams that are slow or, with a point
//! transform, wrong. This one decodes the processes that instruments write: 8 and 12 bits with loss, 2 to 16 bits
//! without.
//!
//! # Example
//!
//! ```
//! // Two columns and two rows of 8 bits, lossless, predicted from the left: each difference is zero.
//! let stream = b"\xFF\xD8\xFF\xC3\x00\x0B\x08\x00\x02\x00\x02\x01\x01\x11\x00\
//!     \xFF\xC4\x00\x14\x00\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\
//!     \xFF\xDA\x00\x08\x01\x01\x00\x01\x00\x00\x0F\xFF\xD9";
//! let header = jpeg_t81::Header::read(stream)?;
//! assert_eq!((header.columns, header.rows, header.components, header.bits), (2, 2, 1, 8));
//! assert_eq!(header.process, jpeg_t81::Process::Lossless);
//!
//! let image = jpeg_t81::decode(stream, &jpeg_t81::Limits::default())?;
//! assert_eq!(image.samples, jpeg_t81::Samples::U8(vec![128; 4]));
//! assert_eq!(image.complete_rows, 2);
//! # Ok::<(), jpeg_t81::Error>(())
//! ```
//!
//! # What is decoded
//!
//! * Lossless, Huffman coded (SOF3, Annex H): 2 to 16 bits, predictors 1 to 7, point transform, restart intervals of
//!   whole rows, one or three components in one scan or in a scan each.
//! * Baseline and extended sequential, Huffman coded (SOF0, SOF1, Annex F): 8 and 12 bits, grey and three components,
//!   sampling factors that divide each other, restarts, several scans. The cosine transform is the accurate one of libjpeg,
//!   chrominance is spread as libjpeg does it ("fancy"), and colours follow T.871.
//! * Progressive of 8 bits (SOF2, Annex G), by `jpeg-decoder`: all of it or nothing.
//!
//! # What is refused by name
//!
//! Arithmetic coding, hierarchical streams, progressive streams of 12 bits, a number of rows behind the image (DNL), two or
//! four components, lossless streams that restart within a row.
//!
//! # Colours
//!
//! With loss, luminance and chrominance become red, green and blue where a JFIF or Adobe marker says so, or where three
//! components have no marker and are not called "RGB" ([`decode_unmarked`] turns that guess). Lossless samples
//! are given as they are.
//!
//! # Damage and limits
//!
//! No stream makes this decoder panic. Nothing is allocated before the size has been held against [`Limits`]; then
//! decoding takes the result and the blocks of one row, or as much as the result again where each component
//! has a scan of its own. A stream that is cut off or spoiled gives its complete rows from the top ([`Image::complete_rows`]).

#![forbid(unsafe_code)]

mod bits;
mod color;
mod cosine;
mod error;
mod header;
mod lossless;
mod lossy;
mod progressive;
mod sample;
mod stream;
#[cfg(target_arch = "x86_64")]
mod wide;

pub use error::Error;
pub use header::{Header, Process};

use error::Result;
use sample::Sample;
use stream::{FrameHeader, Stream};

/// How large an image may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Samples of all components together; each takes one or two bytes in the result.
    pub samples: usize,
}

impl Default for Limits {
    /// 2^28 samples.
    fn default() -> Self {
        Self { samples: 1 << 28 }
    }
}

/// What three components are that no marker tells of and that are not called "RGB".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unmarked {
    /// Luminance and chrominance, which become red, green and blue.
    YCbCr,
    /// Red, green and blue already.
    Rgb,
}

/// The samples of all rows; the components of a pixel stand together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Samples {
    /// Of 2 to 8 bits.
    U8(Vec<u8>),
    /// Of 9 to 16 bits.
    U16(Vec<u16>),
}

/// A decoded image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Image {
    /// Size, depth and process.
    pub header: Header,
    /// As many as the header says; those of rows that are not complete mean nothing.
    pub samples: Samples,
    /// Rows from the top that the stream has to their end, in every component.
    pub complete_rows: usize,
    /// Luminance and chrominance have become red, green and blue.
    pub converted: bool,
}

/// The samples of the rows that a stream has; the components of a pixel stand together.
#[derive(Debug, Default, PartialEq, Eq)]
struct Decoded<S> {
    samples: Vec<S>,
    /// Rows that are there to their end.
    rows: usize,
}

/// Decodes as many rows as the stream holds; three unmarked components are luminance and chrominance.
///
/// # Errors
///
/// [`Error`] says why there are no samples: the headers are damaged, the stream is of an unsupported kind, or its image
/// is larger than `limits` allow. A stream that is cut off behind its first scan header is no error.
pub fn decode(stream: &[u8], limits: &Limits) -> Result<Image> {
    decode_unmarked(stream, limits, Unmarked::YCbCr)
}

/// Decodes as [`decode`] does, where the container tells what three unmarked components are.
///
/// # Errors
///
/// Those of [`decode`].
pub fn decode_unmarked(bytes: &[u8], limits: &Limits, unmarked: Unmarked) -> Result<Image> {
    let mut stream = Stream::open(bytes)?;
    let frame = stream.read_frame()?;
    let header = Header::of(&frame);
    let Header { columns, rows, components, bits, process } = header;
    let samples = columns.checked_mul(rows).and_then(|pixels| pixels.checked_mul(components));
    if samples.is_none_or(|samples| samples > limits.samples) {
        return Err(Error::TooLarge { columns, rows, components });
    }
    if rows == 0 || columns == 0 {
        return Err(Error::from("an image without rows or without columns"));
    }
    // The tables of the scan may follow the frame header, but not the markers that tell of colours.
    let ycbcr = components == 3 && is_ycbcr(&stream, &frame, unmarked);
    let lossy = |complete_rows, samples| Image { header, samples, complete_rows, converted: ycbcr };
    match (process, bits) {
        (Process::Lossless, _) => {
            let Decoded { samples, rows } = padded(lossless::decode(&mut stream, &frame)?, header);
            let samples = if bits > 8 {
                Samples::U16(samples)
            } else {
                Samples::U8(samples.into_iter().map(|sample| sample.to_le_bytes()[0]).collect())
            };
            Ok(Image { header, samples, complete_rows: rows, converted: false })
        }
        (Process::Baseline | Process::Extended | Process::Progressive, _) if !matches!(components, 1 | 3) => {
            Err(Error::Unsupported(format!("JPEG of {components} colours")))
        }
        (Process::Baseline | Process::Extended, 8) => {
            let Decoded { samples, rows } = sequential(&mut stream, &frame, ycbcr)?;
            Ok(lossy(rows, Samples::U8(samples)))
        }
        (Process::Extended, 12) => {
            let Decoded { samples, rows } = sequential(&mut stream, &frame, ycbcr)?;
            Ok(lossy(rows, Samples::U16(samples)))
        }
        (Process::Progressive, 8) => Ok(lossy(rows, Samples::U8(progressive::decode(bytes, header, ycbcr)?))),
        (Process::Hierarchical, _) => Err(Error::Unsupported("hierarchical JPEG".to_owned())),
        (Process::Arithmetic, _) => Err(Error::Unsupported("JPEG with arithmetic coding".to_owned())),
        (Process::Progressive, _) => Err(Error::Unsupported(format!("progressive JPEG of {bits} bits"))),
        (Process::Baseline | Process::Extended, _) => {
            Err(Error::Unsupported(format!("JPEG with {bits} bits and loss")))
        }
    }
}

fn sequential<S: Sample>(stream: &mut Stream<'_>, frame: &FrameHeader, ycbcr: bool) -> Result<Decoded<S>> {
    Ok(padded(lossy::decode(stream, frame, ycbcr)?, Header::of(frame)))
}

/// Whether three components are luminance and chrominance: markers, then the caller, then names tell.
fn is_ycbcr(stream: &Stream<'_>, frame: &FrameHeader, unmarked: Unmarked) -> bool {
    if stream.jfif {
        return true;
    }
    if let Some(transform) = stream.adobe {
        return transform != 0;
    }
    let names = frame.components.iter().map(|component| component.identifier);
    unmarked == Unmarked::YCbCr && !names.eq(*b"RGB")
}

/// As many samples as the frame has; those of missing rows mean nothing.
fn padded<S: Copy + Default>(mut decoded: Decoded<S>, header: Header) -> Decoded<S> {
    decoded.samples.resize(header.rows * header.columns * header.components, S::default());
    decoded
}
