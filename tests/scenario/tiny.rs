//! Small DICOM files of a patient with an unmistakable name: not square, not axial, not at zero.

use std::fs;
use std::path::{Path, PathBuf};

use glam::DVec3;
use isodense::dicom::write::{Syntax, write_bytes};

use crate::made::MadeSeries;
use crate::put::put;

pub(crate) const SLICES: usize = 3;
const COLUMNS: u16 = 36;
const ROWS: usize = 20;

/// Writes a series of [`SLICES`] images into a folder below `root`, which it names.
pub(crate) fn write(root: &Path, name: &str, syntax: Syntax) -> PathBuf {
    let folder = root.join(name);
    fs::create_dir_all(&folder).expect("a folder");
    let mut made = MadeSeries::ct(name, [DVec3::X, DVec3::new(0.0, 0.96, -0.28)], 4.0, COLUMNS);
    made.series.thickness_mm = 3.0;
    made.syntax = syntax;
    let samples: Vec<u16> = (0..20 * COLUMNS).map(|i| 1000 + i % 97).collect();
    assert_eq!(samples.len(), ROWS * usize::from(COLUMNS));
    for slice in 0..SLICES {
        let file = made.file(slice, slice, &samples);
        write_bytes(&folder.join(format!("{slice}.dcm")), &file).expect("it is written");
    }
    folder
}

/// Rewrites every file of a folder.
pub(crate) fn patch(folder: &Path, change: impl Fn(&mut Vec<u8>)) {
    for entry in fs::read_dir(folder).expect("the folder") {
        let path = entry.expect("an entry").path();
        let mut bytes = fs::read(&path).expect("it reads");
        change(&mut bytes);
        put(&path, &bytes);
    }
}

/// Where a byte string is.
pub(crate) fn find(bytes: &[u8], what: &[u8]) -> usize {
    bytes.windows(what.len()).position(|part| part == what).expect("it is in the file")
}

/// Fills the only fragment of an encapsulated image with nonsense.
pub(crate) fn spoil(bytes: &mut [u8]) {
    let table = find(bytes, &[0xE0, 0x7F, 0x10, 0x00]) + 12;
    let length = bytes[table + 4..table + 8].try_into().expect("four bytes");
    let fragment = table + 8 + u32::from_le_bytes(length) as usize + 8;
    let end = bytes.len() - 8;
    bytes[fragment..end].fill(0xEE);
}
