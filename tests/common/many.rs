//! A series of very many small slices: not square, not axial, not at zero.

use std::fs;
use std::path::Path;

use glam::DVec3;

use crate::made::MadeSeries;
use crate::put::put;

/// Millimetres from one slice to the next.
const STEP: f64 = 0.5;

/// Writes a CT series of so many slices into a folder; every pixel of a slice holds the slice's number.
pub(crate) fn write_slices(folder: &Path, count: usize, [columns, rows]: [u16; 2]) {
    fs::create_dir_all(folder).unwrap();
    let series = MadeSeries::ct("many", [DVec3::X, DVec3::new(0.0, 0.96, -0.28)], STEP, columns);
    for slice in 0..count {
        let samples = vec![u16::try_from(slice).unwrap(); usize::from(columns) * usize::from(rows)];
        put(folder.join(format!("{slice:05}.dcm")), &series.file(slice, slice, &samples));
    }
}
