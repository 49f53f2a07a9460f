//! A long stack of small slices: not square, not at zero, and axial.

use std::path::Path;

use glam::DVec3;
use isodense::dicom::write::{uid_from_text, write_bytes};

use crate::made::MadeSeries;

/// Columns and rows of a slice.
pub(crate) const COLUMNS: u16 = 120;
pub(crate) const ROWS: u16 = 88;
/// Bytes of a slice as it is held: two a sample.
pub(crate) const SLICE: usize = 2 * COLUMNS as usize * ROWS as usize;
/// mm from slice to slice.
pub(crate) const STEP: f64 = 1.5;

/// The Series Instance UID of a stack.
pub(crate) fn uid(name: &str) -> String {
    uid_from_text(&format!("{name} series"))
}

/// Writes so many slices, head first, each with values of its own.
pub(crate) fn write(folder: &Path, name: &str, slices: usize) {
    let mut made = MadeSeries::ct(name, [DVec3::X, DVec3::Y], STEP, COLUMNS);
    made.series.windows = vec![(300.0, 900.0, "OWN".to_owned())];
    for slice in 0..slices {
        let at = u16::try_from(slice % 500).unwrap();
        let samples: Vec<u16> = (0..COLUMNS * ROWS).map(|i| 1000 + i % 97 + at).collect();
        write_bytes(&folder.join(format!("{slice:04}.dcm")), &made.file(slice, slice, &samples)).unwrap();
    }
}
