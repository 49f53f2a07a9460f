//! A made-up series: the one home of the patient, study and series that tests write to disk.

use glam::DVec3;
use isodense::dicom::write::{
    Modality, ObjectToWrite, Patient, SeriesToWrite, Study, Syntax, encode, uid_from_text,
};
use isodense::geometry::{FramePlane, Mm, PatientPoint, PixelSpacing};

/// What the images of a series share. Its UIDs depend on its name alone.
#[derive(Debug)]
pub(crate) struct MadeSeries {
    name: String,
    pub(crate) patient: Patient,
    pub(crate) study: Study,
    pub(crate) series: SeriesToWrite,
    /// Where the first slice begins, and the step from one to the next, in mm of the patient.
    pub(crate) origin: DVec3,
    pub(crate) step: DVec3,
    /// Directions of a row and of a column.
    pub(crate) axes: [DVec3; 2],
    pub(crate) spacing: PixelSpacing,
    pub(crate) columns: u16,
    pub(crate) syntax: Syntax,
}

impl MadeSeries {
    /// A CT of a patient with an unmistakable name, in these directions of a row and of a column: not square, not at zero,
    /// slices so many mm apart.
    pub(crate) fn ct(name: &str, axes: [DVec3; 2], apart_mm: f64, columns: u16) -> Self {
        let text = str::to_owned;
        let uid = |what| uid_from_text(&format!("{name} {what}"));
        Self {
            name: text(name),
            patient: Patient {
                name: text("Quixote^Zebulon"),
                id: text("PID-7741"),
                birth_date: text("19680314"),
                sex: text("O"),
                age: text("051Y"),
            },
            study: Study {
                uid: uid("study"),
                frame_of_reference: uid("space"),
                date: text("20200229"),
                time: text("101500"),
                id: text("7"),
                description: text(name),
            },
            series: SeriesToWrite {
                uid: uid("series"),
                number: 4,
                time: text("101600"),
                description: text(name),
                thickness_mm: apart_mm,
                between_slices_mm: apart_mm,
                windows: vec![(35.0, 90.0, text("OWN"))],
                modality: Modality::Ct { tilt_degrees: 0.0, intercept: -1000.0, signed: false },
            },
            origin: DVec3::new(-7.5, 12.25, -31.0),
            step: apart_mm * axes[0].cross(axes[1]),
            axes,
            spacing: PixelSpacing { between_rows: Mm(0.7), between_columns: Mm(0.4) },
            columns,
            syntax: Syntax::Plain,
        }
    }

    /// The file of an image at a slice, both from 0. Whole rows of samples.
    pub(crate) fn file(&self, image: usize, slice: usize, samples: &[u16]) -> Vec<u8> {
        let origin = PatientPoint(self.origin + slice as f64 * self.step);
        let plane = FramePlane::new(origin, self.axes[0], self.axes[1], self.spacing);
        let object = ObjectToWrite {
            patient: &self.patient,
            study: &self.study,
            series: &self.series,
            sop_instance: &uid_from_text(&format!("{} image {image}", self.name)),
            instance_number: image + 1,
            plane: plane.unwrap(),
            columns: self.columns,
            samples,
            syntax: self.syntax,
        };
        encode(&object).unwrap()
    }
}
