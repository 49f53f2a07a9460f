//! A long stack of small slices: not square, not at zero, and tilted where it is asked for.

use std::path::Path;

use glam::DVec3;
use isodense::dicom::write::{
    Modality, ObjectToWrite, Patient, SeriesToWrite, Study, Syntax, uid_from_text, write_object,
};
use isodense::geometry::{FramePlane, Mm, PatientPoint, PixelSpacing};

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
    let patient = Patient {
        name: "Nemo".to_owned(),
        id: "N-1".to_owned(),
        birth_date: String::new(),
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
        uid: uid(name),
        number: 4,
        time: "101600".to_owned(),
        description: name.to_owned(),
        thickness_mm: STEP,
        between_slices_mm: STEP,
        windows: vec![(300.0, 900.0, "OWN".to_owned())],
        modality: Modality::Ct { tilt_degrees: 0.0, intercept: -1000.0, signed: false },
    };
    let spacing = PixelSpacing::new(Mm(0.7), Mm(0.4)).unwrap();
    for slice in 0..slices {
        let origin = DVec3::new(-7.5, 12.25, -31.0 + STEP * slice as f64);
        let plane = FramePlane::new(PatientPoint(origin), DVec3::X, DVec3::Y, spacing).unwrap();
        let at = u16::try_from(slice % 500).unwrap();
        let samples: Vec<u16> = (0..COLUMNS * ROWS).map(|i| 1000 + i % 97 + at).collect();
        let object = ObjectToWrite {
            patient: &patient,
            study: &study,
            series: &series,
            sop_instance: &uid_from_text(&format!("{name} image {slice}")),
            instance_number: slice + 1,
            plane,
            columns: COLUMNS,
            samples: &samples,
            syntax: Syntax::Plain,
        };
        write_object(&folder.join(format!("{slice:04}.dcm")), &object).unwrap();
    }
}
