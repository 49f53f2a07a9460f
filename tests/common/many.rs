//! A series of very many small slices: not square, not axial, not at zero.

use std::fs;
use std::path::Path;

use glam::DVec3;
use isodense::dicom::write::{
    Modality, ObjectToWrite, Patient, SeriesToWrite, Study, Syntax, encode, uid_from_text,
};
use isodense::geometry::{FramePlane, Mm, PatientPoint, PixelSpacing};

use crate::put::put;

/// Millimetres from one slice to the next.
const STEP: f64 = 0.5;

/// Writes a CT series of so many slices into a folder; every pixel of a slice holds the slice's number.
pub(crate) fn write_slices(folder: &Path, count: usize, [columns, rows]: [u16; 2]) {
    fs::create_dir_all(folder).unwrap();
    let patient = Patient {
        name: "Quixote^Zebulon".to_owned(),
        id: "PID-7741".to_owned(),
        birth_date: "19680314".to_owned(),
        sex: "O".to_owned(),
        age: "051Y".to_owned(),
    };
    let study = Study {
        uid: uid_from_text("many study"),
        frame_of_reference: uid_from_text("many space"),
        date: "20200229".to_owned(),
        time: "101500".to_owned(),
        id: "7".to_owned(),
        description: "many".to_owned(),
    };
    let series = SeriesToWrite {
        uid: uid_from_text("many series"),
        number: 4,
        time: "101600".to_owned(),
        description: "many".to_owned(),
        thickness_mm: STEP,
        between_slices_mm: STEP,
        windows: vec![(35.0, 90.0, "OWN".to_owned())],
        modality: Modality::Ct { tilt_degrees: 0.0, intercept: -1000.0, signed: false },
    };
    let spacing = PixelSpacing::new(Mm(0.7), Mm(0.4)).unwrap();
    let (across, down) = (DVec3::X, DVec3::new(0.0, 0.96, -0.28));
    for slice in 0..count {
        let origin = DVec3::new(-7.5, 12.25, -31.0) + slice as f64 * STEP * across.cross(down);
        let samples = vec![u16::try_from(slice).unwrap(); usize::from(columns) * usize::from(rows)];
        let object = ObjectToWrite {
            patient: &patient,
            study: &study,
            series: &series,
            sop_instance: &uid_from_text(&format!("many image {slice}")),
            instance_number: slice + 1,
            plane: FramePlane::new(PatientPoint(origin), across, down, spacing).unwrap(),
            columns,
            samples: &samples,
            syntax: Syntax::Plain,
        };
        put(folder.join(format!("{slice:05}.dcm")), &encode(&object).unwrap());
    }
}
