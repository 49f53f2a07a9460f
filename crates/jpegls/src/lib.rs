//! Decoder of JPEG-LS: ITU-T T.87 (ISO/IEC 14495-1), 2 to 16 bits, lossless and near-lossless, grey and colour.
//!
//! Safe Rust without a build script. The inner loop is compiled once for each level of the processor's bit instructions
//! and chosen when the program runs.
//!
//! # Example
//!
//! ```
//! // Eleven columns and six rows of 8 bits, as CharLS writes them.
//! let stream = b"\xFF\xD8\xFF\xF7\x00\x0B\x08\x00\x06\x00\x0B\x01\x01\x11\x00\xFF\xDA\x00\x08\x01\x01\x00\x00\x00\
//!     \x00\x58\xD5\x63\x86\x8F\x13\x4A\x44\xD5\xAA\x6D\xE7\x95\x9A\xAD\x72\x5D\x9D\x13\x2A\xA4\x2B\xA1\
//!     \x34\xFC\xEE\x24\x60\xFF\xD9";
//! assert!(jpegls::is_jpegls(stream));
//! let header = jpegls::Header::read(stream)?;
//! assert_eq!((header.columns, header.rows, header.components, header.bits), (11, 6, 1, 8));
//!
//! let image = jpegls::decode(stream, &jpegls::Limits::default())?;
//! assert_eq!(image.complete_rows, 6);
//! let jpegls::Samples::U8(samples) = &image.samples else { unreachable!("8 bits") };
//! assert_eq!(samples.len(), 66);
//!
//! // A stream that is cut off gives the rows that it has.
//! let part = jpegls::decode(&stream[..stream.len() - 24], &jpegls::Limits::default())?;
//! assert!(part.complete_rows < 6);
//! # Ok::<(), jpegls::Error>(())
//! ```
//!
//! # What is decoded
//!
//! * Precisions of 2 to 16 bits, NEAR 0 to 255 (clause A.4), one to 255 components without interleaving, two to four
//!   interleaved by line or by sample (Annex B).
//! * Presets of thresholds, reset and largest value (LSE of type 1, C.2.4.1), restart intervals, fill bytes before
//!   markers.
//!
//! # What is refused by name
//!
//! Mapping tables (palettes), sides above 65535 (LSE of type 4), subsampled components, point transforms, HP's colour
//! transform, extensions of Part 2. No colour transform is applied: the standard has none.
//!
//! # Damage and limits
//!
//! No stream makes the decoder panic. Nothing is allocated before the size has been held against [`Limits`]; then
//! decoding takes the result, two lines and once the length of the stream. A stream that is cut off or spoiled gives
//! its complete rows from the top ([`Image::complete_rows`]).

#![forbid(unsafe_code)]

mod bits;
mod error;
mod header;
mod params;
mod scan;
#[cfg(test)]
mod streams;
#[cfg(test)]
mod tests;

pub use error::Error;

use bits::Segment;
use error::Result;
use header::{Frame, Interleave, Markers, ScanHeader};
use params::Parameters;
use scan::Scan;

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

/// What the frame header says (C.2.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Header {
    /// Width in samples.
    pub columns: usize,
    /// Height in samples.
    pub rows: usize,
    /// Samples of a pixel.
    pub components: usize,
    /// Bits of a sample, 2 to 16.
    pub bits: u32,
}

impl Header {
    /// Reads as far as the frame header.
    ///
    /// # Errors
    ///
    /// [`Error::Damaged`] where there is none, [`Error::Unsupported`] where its components differ in size.
    pub fn read(stream: &[u8]) -> Result<Self> {
        let (_, frame) = Markers::open(stream).ok_or_else(no_header)?;
        Ok(Self::of(&frame?))
    }

    fn of(frame: &Frame) -> Self {
        let Frame { precision: bits, rows, columns, ref components } = *frame;
        Self { columns, rows, components: components.len(), bits }
    }
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
    /// Size and depth.
    pub header: Header,
    /// As many as the header says; those of rows that are not complete mean nothing.
    pub samples: Samples,
    /// Rows from the top that the stream has to their end, in every component.
    pub complete_rows: usize,
}

/// Whether a stream that begins like a JPEG is JPEG-LS.
pub fn is_jpegls(stream: &[u8]) -> bool {
    Markers::open(stream).is_some()
}

/// Decodes as many rows as the stream holds.
///
/// # Errors
///
/// [`Error`] says why there are no samples: the headers are damaged, the stream is of an unsupported kind, or its image
/// is larger than `limits` allow. A stream that is cut off behind its first scan header is no error.
pub fn decode(stream: &[u8], limits: &Limits) -> Result<Image> {
    let (mut markers, frame) = Markers::open(stream).ok_or_else(no_header)?;
    let frame = frame?;
    // In no standard, and no file to try it on.
    if markers.transform != 0 {
        let what = format!("JPEG-LS with HP's colour transform {}", markers.transform);
        return Err(Error::Unsupported(what));
    }
    let Header { columns, rows, components: planes, bits } = Header::of(&frame);
    let count = rows.checked_mul(columns).and_then(|pixels| pixels.checked_mul(planes));
    let count = count.filter(|count| *count <= limits.samples);
    let count = count.ok_or(Error::TooLarge { columns, rows, components: planes })?;
    let mut samples = if bits <= 8 { Samples::U8(vec![0; count]) } else { Samples::U16(vec![0; count]) };
    let mut complete = vec![0; planes];
    // A stream of zeros has every row: only the scans tell.
    while let Some(scan) = markers.next_scan(&frame)? {
        let parameters = Parameters::new(bits, scan.near, scan.preset)?;
        let frame = &frame;
        let done = match &mut samples {
            Samples::U8(out) => Output { samples: out, frame, planes }.scan(&mut markers, &scan, &parameters),
            Samples::U16(out) => {
                Output { samples: out, frame, planes }.scan(&mut markers, &scan, &parameters)
            }
        };
        for &component in &scan.components {
            if let Some(rows) = complete.get_mut(component) {
                *rows = done;
            }
        }
        if done < rows {
            break;
        }
    }
    let complete_rows = complete.into_iter().min().unwrap_or(0);
    Ok(Image { header: Header::of(&frame), samples, complete_rows })
}

fn no_header() -> Error {
    Error::Damaged("no frame header".to_owned())
}

/// Where the samples of a scan go: the components of a pixel stand together.
#[derive(Debug)]
struct Output<'o, S> {
    samples: &'o mut [S],
    frame: &'o Frame,
    planes: usize,
}

/// A sample of the precision's own width.
trait Narrow: Copy {
    /// The value, which the precision bounds.
    fn narrowed(value: i32) -> Self;
}

impl Narrow for u8 {
    #[inline]
    fn narrowed(value: i32) -> Self {
        value.to_le_bytes()[0]
    }
}

impl Narrow for u16 {
    #[inline]
    fn narrowed(value: i32) -> Self {
        let [low, high, ..] = value.to_le_bytes();
        Self::from_le_bytes([low, high])
    }
}

impl<S: Narrow> Output<'_, S> {
    /// Decodes one scan; how many rows it has.
    fn scan(&mut self, markers: &mut Markers<'_>, scan: &ScanHeader, parameters: &Parameters) -> usize {
        match (scan.interleave, scan.components.len()) {
            (Interleave::Line, _) => self.lines::<1>(markers, scan, parameters),
            (Interleave::Sample, 2) => self.lines::<2>(markers, scan, parameters),
            (Interleave::Sample, 3) => self.lines::<3>(markers, scan, parameters),
            (Interleave::Sample, _) => self.lines::<4>(markers, scan, parameters),
        }
    }

    /// The lines of a scan, `N` components at a time.
    fn lines<const N: usize>(
        &mut self,
        markers: &mut Markers<'_>,
        scan: &ScanHeader,
        parameters: &Parameters,
    ) -> usize {
        let width = self.frame.columns;
        let groups = scan.components.as_chunks::<N>().0;
        let interval = if scan.restart == 0 { self.frame.rows } else { scan.restart };
        let mut row = 0;
        while row < self.frame.rows {
            if row > 0 && !markers.restart_marker() {
                break;
            }
            let (segment, length) = Segment::unstuffed(markers.rest());
            let mut reader = segment.reader();
            let mut state = Scan::new(parameters);
            let blank = || vec![[0; N]; width + 2];
            let mut lines: Vec<_> = groups.iter().map(|_| (blank(), blank(), 0)).collect();
            for _ in 0..interval.min(self.frame.rows - row) {
                for ((above, line, run_index), group) in lines.iter_mut().zip(groups) {
                    let sound = state.line(&mut reader, above, line, run_index);
                    if !sound || reader.is_over() {
                        return row;
                    }
                    self.store(row, line, *group);
                    std::mem::swap(above, line);
                }
                row += 1;
            }
            markers.skip(length);
        }
        row
    }

    fn store<const N: usize>(&mut self, row: usize, line: &[[i32; N]], places: [usize; N]) {
        let step = self.frame.columns * self.planes;
        let Some(out) = self.samples.get_mut(row * step..(row + 1) * step) else { return };
        let line = line.iter().skip(1);
        if self.planes == N && places.is_sorted() {
            for (pixel, values) in out.as_chunks_mut::<N>().0.iter_mut().zip(line) {
                *pixel = values.map(S::narrowed);
            }
            return;
        }
        for (pixel, values) in out.chunks_exact_mut(self.planes).zip(line) {
            for (&value, &place) in values.iter().zip(&places) {
                if let Some(sample) = pixel.get_mut(place) {
                    *sample = S::narrowed(value);
                }
            }
        }
    }
}
