//! Small DICOM files of a patient with an unmistakable name: not square, not axial, not at zero.

use std::fs;
use std::path::{Path, PathBuf};

use glam::DVec3;
use isodense::dicom::write::{
    Modality, ObjectToWrite, Patient, SeriesToWrite, Study, Syntax, uid_from_text, write_object,
};
use isodense::geometry::{FramePlane, Mm, PatientPoint, PixelSpacing};

use crate::put::put;

pub(crate) const SLICES: usize = 3;
const COLUMNS: u16 = 36;
const ROWS: usize = 20;

/// Writes a series of [`SLICES`] images into a folder below `root`, which it names.
pub(crate) fn write(root: &Path, name: &str, syntax: Syntax) -> PathBuf {
    let folder = root.join(name);
    fs::create_dir_all(&folder).expect("a folder");
    let patient = Patient {
        name: "Quixote^Zebulon".to_owned(),
        id: "PID-7741".to_owned(),
        birth_date: "19680314".to_owned(),
        sex: "O".to_owned(),
        age: "051Y".to_owned(),
    };
    let study = Study {
        uid: uid_from_text(&format!("{name} study")),
        frame_of_reference: uid_from_text(&format!("{name} space")),
        date: "20200229".to_owned(),
        time: "101500".to_owned(),
        id: "7".to_owned(),
        description: name.to_owned(),
    };
    let series = SeriesToWrite {
        uid: uid_from_text(&format!("{name} series")),
        number: 4,
        time: "101600".to_owned(),
        description: name.to_owned(),
        thickness_mm: 3.0,
        between_slices_mm: 4.0,
        windows: vec![(35.0, 90.0, "OWN".to_owned())],
        modality: Modality::Ct { tilt_degrees: 0.0, intercept: -1000.0, signed: false },
    };
    let spacing = PixelSpacing::new(Mm(0.7), Mm(0.4)).expect("a spacing");
    for slice in 0..SLICES {
        let origin = DVec3::new(-7.5, 12.25, -31.0) + slice as f64 * 4.0 * DVec3::new(0.0, 0.28, 0.96);
        let plane = FramePlane::new(PatientPoint(origin), DVec3::X, DVec3::new(0.0, 0.96, -0.28), spacing);
        let samples: Vec<u16> = (0..20 * COLUMNS).map(|i| 1000 + i % 97).collect();
        assert_eq!(samples.len(), ROWS * usize::from(COLUMNS));
        let object = ObjectToWrite {
            patient: &patient,
            study: &study,
            series: &series,
            sop_instance: &uid_from_text(&format!("{name} image {slice}")),
            instance_number: slice + 1,
            plane: plane.expect("a plane"),
            columns: COLUMNS,
            samples: &samples,
            syntax,
        };
        write_object(&folder.join(format!("{slice}.dcm")), &object).expect("it is written");
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
