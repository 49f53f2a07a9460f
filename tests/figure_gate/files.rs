//! DICOM files of a patient whose every value is unmistakable.

use std::fs;
use std::path::{Path, PathBuf};

use glam::DVec3;
use isodense::dicom::write::write_bytes;
use isodense::geometry::{Mm, PixelSpacing};

use crate::made::MadeSeries;

/// What must not be in any output, however it is written.
pub(crate) const TOKENS: [&str; 16] = [
    "quixote",
    "zebulon",
    "pid-7741",
    "pid7741",
    "19680314",
    "14.03.1968",
    "1968-03-14",
    "toboso",
    "acc-55021",
    "acc55021",
    "panza",
    "2015-05-12",
    "2015-05-26",
    "20150512",
    "20150526",
    "rocinante",
];

/// An element: tag, value representation, value.
pub(crate) type Planted = (u32, &'static str, &'static str);

/// In every file.
const PLANTED: [Planted; 5] = [
    (0x0008_0050, "SH", "ACC-55021"),
    (0x0008_0080, "LO", "Hospital Toboso"),
    (0x0008_0090, "PN", "Panza^Sancho"),
    (0x0008_1010, "SH", "ROCINANTE7"),
    (0x0008_1070, "PN", "Carrasco^Sanson"),
];

/// Writes a CT of 6 slices below `root` for each date, with more elements planted.
pub(crate) fn write(root: &Path, dates: &[&str], planted: &[Planted]) -> PathBuf {
    for (number, date) in dates.iter().enumerate() {
        // A case names the folders of its images.
        let folder = root.join(format!("visit {}", number + 1));
        fs::create_dir_all(&folder).unwrap();
        for slice in 0..6 {
            let bytes = planted_in(&slice_of(date, slice), &[&PLANTED, planted].concat());
            write_bytes(&folder.join(format!("{slice}.dcm")), &bytes).unwrap();
        }
    }
    root.to_owned()
}

fn slice_of(date: &str, slice: usize) -> Vec<u8> {
    let mut made = MadeSeries::ct(&format!("gate {date}"), [DVec3::X, DVec3::Y], 4.0, 32);
    made.patient.age = "047Y".into();
    made.study.date = date.into();
    made.study.description = "CT".into();
    made.series.description = "CT".into();
    made.series.windows = vec![(40.0, 80.0, "BRAIN".to_owned())];
    made.origin = DVec3::new(-16.0, -16.0, 0.0);
    made.spacing = PixelSpacing::new(Mm(1.0), Mm(1.0)).unwrap();
    let samples: Vec<u16> = (0..32 * 32).map(|i| 1000 + i % 97).collect();
    made.file(slice, slice, &samples)
}

/// The file with elements added, or changed; one without a value is taken out.
fn planted_in(file: &[u8], planted: &[Planted]) -> Vec<u8> {
    let mut elements: Vec<(u32, Vec<u8>)> = Vec::new();
    let mut rest = &file[132..];
    while !rest.is_empty() {
        let short = |at: usize| u16::from_le_bytes([rest[at], rest[at + 1]]);
        let tag = u32::from(short(0)) << 16 | u32::from(short(2));
        let long = matches!(&rest[4..6], b"OB" | b"OW" | b"SQ" | b"UN" | b"UT");
        let length = if long {
            12 + u32::from_le_bytes(rest[8..12].try_into().unwrap()) as usize
        } else {
            8 + usize::from(short(6))
        };
        elements.push((tag, rest[..length].to_vec()));
        rest = &rest[length..];
    }
    for (tag, vr, value) in planted {
        elements.retain(|(other, _)| other != tag);
        let mut value = value.as_bytes().to_vec();
        if value.is_empty() {
            continue;
        }
        if value.len() % 2 == 1 {
            value.push(if *vr == "UI" { 0 } else { b' ' });
        }
        let group = u16::try_from(tag >> 16).unwrap().to_le_bytes();
        let element = u16::try_from(tag & 0xFFFF).unwrap().to_le_bytes();
        let length = u16::try_from(value.len()).unwrap().to_le_bytes();
        elements.push((*tag, [&group, &element, vr.as_bytes(), &length, value.as_slice()].concat()));
    }
    elements.sort_by_key(|(tag, _)| *tag);
    let elements = elements.into_iter().flat_map(|(_, bytes)| bytes);
    file[..132].iter().copied().chain(elements).collect()
}

/// Fails where bytes, as they are or as UTF-16, hold what was planted.
pub(crate) fn assert_clean(what: &str, bytes: &[u8]) {
    let plain = String::from_utf8_lossy(bytes).to_lowercase();
    let wide: String = bytes.iter().filter(|byte| **byte != 0).map(|byte| char::from(*byte)).collect();
    let wide = wide.to_lowercase();
    for token in TOKENS {
        assert!(!plain.contains(token) && !wide.contains(token), "{what} holds {token}");
    }
}
