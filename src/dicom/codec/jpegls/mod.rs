//! JPEG-LS (ISO 14495-1, ITU-T T.87): 2 to 16 bits, lossless and near-lossless, grey and colour.
//!
//! Our own: `pure_jpegls` knows no colour, and no crate found gives the rows of a stream that ends early.

mod bits;
mod header;
mod params;
mod scan;
#[cfg(test)]
mod streams;
#[cfg(test)]
mod tests;

use super::{Colors, Raster, Shape, Unpacked, check};
use crate::dicom::error::{DicomError, Result};
use crate::image::Frame;
use bits::Segment;
use header::{Image, Interleave, Markers, ScanHeader};
use params::Parameters;
use scan::Scan;

pub(super) fn decode(frame: &Frame, bytes: &[u8]) -> Result<Unpacked> {
    let none = || DicomError::Damaged("no JPEG-LS header".to_owned());
    let (markers, image) = Markers::open(bytes).ok_or_else(none)?;
    let image = image?;
    let shape = Shape {
        columns: image.columns,
        rows: image.rows,
        components: image.components.len(),
        bits: image.precision,
    };
    check(frame, bytes, shape)?;
    pixels(markers, &image)
}

/// Whether a stream that begins like a JPEG is JPEG-LS.
pub(super) fn is_stream(bytes: &[u8]) -> bool {
    Markers::open(bytes).is_some()
}

/// Decodes as many rows as the stream holds; the rest is zero. The caller has checked the size.
fn pixels(mut markers: Markers<'_>, image: &Image) -> Result<Unpacked> {
    // In no standard, and no file to try it on.
    if markers.transform != 0 {
        return Err(DicomError::Unsupported(format!(
            "JPEG-LS with HP's colour transform {}",
            markers.transform
        )));
    }
    let planes = image.components.len();
    let samples = image.rows * image.columns * planes;
    let mut raster =
        if image.precision <= 8 { Raster::U8(vec![0; samples]) } else { Raster::U16(vec![0; samples]) };
    let mut rows = vec![0; planes];
    // A stream of zeros has every row: only the scans tell.
    while let Some(scan) = markers.next_scan(image)? {
        let parameters = Parameters::new(image.precision, scan.near, scan.preset)?;
        let done = match &mut raster {
            Raster::U8(out) => Output { samples: out, image, planes }.scan(&mut markers, &scan, &parameters),
            Raster::U16(out) => Output { samples: out, image, planes }.scan(&mut markers, &scan, &parameters),
            Raster::U32(_) | Raster::Values(_) => 0,
        };
        for &component in &scan.components {
            if let Some(rows) = rows.get_mut(component) {
                *rows = done;
            }
        }
        if done < image.rows {
            break;
        }
    }
    Ok(Unpacked { raster, colors: Colors::AsDeclared, rows: rows.into_iter().min().unwrap_or(0) })
}

/// Where the samples of a scan go: the components of a pixel stand together.
#[derive(Debug)]
struct Output<'o, S> {
    samples: &'o mut [S],
    image: &'o Image,
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
        let width = self.image.columns;
        let groups = scan.components.as_chunks::<N>().0;
        let interval = if scan.restart == 0 { self.image.rows } else { scan.restart };
        let mut row = 0;
        while row < self.image.rows {
            if row > 0 && !markers.restart_marker() {
                break;
            }
            let (segment, length) = Segment::unstuffed(markers.rest());
            let mut reader = segment.reader();
            let mut state = Scan::new(parameters);
            let blank = || vec![[0; N]; width + 2];
            let mut lines: Vec<_> = groups.iter().map(|_| (blank(), blank(), 0)).collect();
            for _ in 0..interval.min(self.image.rows - row) {
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
        let step = self.image.columns * self.planes;
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
