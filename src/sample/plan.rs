//! The ten series: when, how and where each was acquired.

use glam::DVec3;

use crate::dicom::write::{Modality, Patient, SeriesToWrite, Study, Syntax, uid_from_text};
use crate::geometry::{FramePlane, GeometryError, Mm, PatientPoint, PixelSpacing};

use super::head::State;
use super::tissue::Contrast;

/// How one series was acquired.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Plan {
    /// Folder name, such as `2015-05-12_CT`.
    pub(super) folder: &'static str,
    pub(super) state: State,
    pub(super) contrast: Contrast,
    pub(super) study: usize,
    pub(super) number: u32,
    pub(super) description: &'static str,
    pub(super) columns: u16,
    pub(super) rows: u16,
    pub(super) slices: usize,
    pub(super) between_rows: f64,
    pub(super) between_columns: f64,
    pub(super) right: DVec3,
    pub(super) down: DVec3,
    /// Centre of the first pixel of the first slice.
    pub(super) origin: DVec3,
    /// From one slice to the next: not along the normal where the gantry is tilted.
    pub(super) step: DVec3,
    pub(super) thickness_mm: f64,
    /// Standard deviation of the noise: HU or MR signal.
    pub(super) noise: f64,
    /// Added to a stored value to get HU.
    pub(super) intercept: f64,
    pub(super) tilt_degrees: f64,
    pub(super) syntax: Syntax,
}

/// The four visits: date, time and what was asked for.
const STUDIES: [(&str, &str, &str); 4] = [
    ("20150512", "091000", "Head CT and MRI: mass of the left frontal bone"),
    ("20150526", "161000", "Head CT after resection"),
    ("20170928", "101000", "Head CT and MRI: follow-up"),
    ("20171016", "151000", "Head CT after second resection"),
];

/// `(1 - t^2) / (1 + t^2)` and `2 t / (1 + t^2)`: cosine and sine of an angle, without a library's rounding.
const fn turn(half_tangent: f64) -> (f64, f64) {
    let square = half_tangent * half_tangent;
    ((1.0 - square) / (1.0 + square), 2.0 * half_tangent / (1.0 + square))
}

impl Plan {
    /// The slices' plane, slice 0 at the feet end.
    pub(super) fn plane(&self, slice: usize) -> Result<FramePlane, GeometryError> {
        let spacing = PixelSpacing::new(Mm(self.between_rows), Mm(self.between_columns))?;
        let origin = PatientPoint(self.origin + slice as f64 * self.step);
        FramePlane::new(origin, self.right, self.down, spacing)
    }

    /// The slice whose plane is nearest to a point.
    pub(super) fn nearest_slice(&self, to: PatientPoint) -> Result<(usize, FramePlane), GeometryError> {
        let mut best = (0, self.plane(0)?);
        let off = |plane: &FramePlane| plane.pixel_from_patient(to).1.abs();
        for slice in 1..self.slices {
            let plane = self.plane(slice)?;
            if off(&plane) < off(&best.1) {
                best = (slice, plane);
            }
        }
        Ok(best)
    }

    /// Distance between slices along their normal.
    pub(super) fn between_slices_mm(&self) -> f64 {
        self.step.dot(self.right.cross(self.down)).abs()
    }

    pub(super) fn series_uid(&self) -> String {
        uid_from_text(&format!("isodense sample series {}", self.folder))
    }

    pub(super) fn sop_uid(&self, slice: usize) -> String {
        uid_from_text(&format!("isodense sample image {} {slice}", self.folder))
    }

    /// `YYYY-MM-DD`.
    pub(super) fn date(&self) -> &'static str {
        self.folder.split('_').next().unwrap_or(self.folder)
    }

    /// Contents of the file name of a slice.
    pub(super) fn file_name(slice: usize) -> String {
        format!("IM{:03}.dcm", slice + 1)
    }

    /// The study it belongs to.
    pub(super) fn study_to_write(&self) -> Study {
        let (date, time, description) = STUDIES[self.study];
        Study {
            uid: uid_from_text(&format!("isodense sample study {date}")),
            frame_of_reference: uid_from_text(&format!("isodense sample frame of reference {date}")),
            date: date.to_owned(),
            time: time.to_owned(),
            id: (self.study + 1).to_string(),
            description: description.to_owned(),
        }
    }

    /// The attributes that its images share.
    pub(super) fn series_to_write(&self) -> SeriesToWrite {
        let windows: &[(f64, f64, &str)] = match self.contrast {
            Contrast::Ct => &[(40.0, 80.0, "BRAIN"), (480.0, 2500.0, "BONE")],
            Contrast::T1 => &[(380.0, 760.0, "STANDARD")],
            Contrast::T2 => &[(500.0, 1000.0, "STANDARD")],
            Contrast::T1Gadolinium => &[(460.0, 920.0, "STANDARD")],
        };
        let hour = STUDIES[self.study].1;
        let minutes = 15 + 5 * self.number;
        SeriesToWrite {
            uid: self.series_uid(),
            number: self.number,
            time: format!("{}{minutes:02}00", &hour[..2]),
            description: self.description.to_owned(),
            thickness_mm: self.thickness_mm,
            between_slices_mm: self.between_slices_mm(),
            windows: windows.iter().map(|w| (w.0, w.1, w.2.to_owned())).collect(),
            modality: self.modality(),
        }
    }

    fn modality(&self) -> Modality {
        let mr = |repetition_ms, echo_ms, echo_train, agent: Option<&str>| Modality::Mr {
            sequence: "SE".to_owned(),
            variant: if echo_train > 1 { "SK" } else { "NONE" }.to_owned(),
            repetition_ms,
            echo_ms,
            echo_train,
            agent: agent.map(str::to_owned),
        };
        match self.contrast {
            Contrast::Ct => Modality::Ct {
                tilt_degrees: self.tilt_degrees,
                intercept: self.intercept,
                signed: self.intercept == 0.0,
            },
            Contrast::T1 => mr(520.0, 9.0, 1, None),
            Contrast::T2 => mr(4200.0, 98.0, 15, None),
            Contrast::T1Gadolinium => mr(520.0, 9.0, 1, Some("Gadolinium chelate (simulated)")),
        }
    }
}

/// The invented patient: a name in two scripts.
pub(super) fn patient(plan: &Plan) -> Patient {
    Patient {
        name: "Sample^Isodense=\u{6837}\u{4f8b}^\u{7b49}\u{5bc6}\u{5ea6}".to_owned(),
        id: "ISODENSE-SAMPLE".to_owned(),
        birth_date: "19680314".to_owned(),
        sex: "F".to_owned(),
        age: if plan.study < 2 { "047Y" } else { "049Y" }.to_owned(),
    }
}

/// A CT with upright slices 4 mm apart.
fn ct(folder: &'static str, study: usize, state: State) -> Plan {
    Plan {
        folder,
        state,
        contrast: Contrast::Ct,
        study,
        number: 2,
        description: "Head without contrast",
        columns: 272,
        rows: 316,
        slices: 38,
        between_rows: 0.76,
        between_columns: 0.72,
        right: DVec3::X,
        down: DVec3::Y,
        origin: DVec3::new(-97.3, -124.6, -58.0),
        step: DVec3::new(0.0, 0.0, 4.0),
        thickness_mm: 3.0,
        noise: 3.0,
        intercept: -1024.0,
        tilt_degrees: 0.0,
        syntax: Syntax::Deflated,
    }
}

/// An MR series whose middle is `centre` and whose axes are turned by those half-angle tangents about z, y, x.
fn mr(folder: &'static str, study: usize, contrast: Contrast, number: u32, turns: [f64; 3]) -> Plan {
    let [(cz, sz), (cy, sy), (cx, sx)] = turns.map(turn);
    // Columns of Rz * Ry * Rx.
    let right = DVec3::new(cz * cy, sz * cy, -sy);
    let down = DVec3::new(cz * sy * sx - sz * cx, sz * sy * sx + cz * cx, cy * sx);
    let normal = right.cross(down);
    let (columns, rows, slices) = (184_u16, 206_u16, 32_usize);
    let (between_rows, between_columns) = (1.12, 1.04);
    let step = 4.0 * normal;
    let centre = DVec3::new(0.7, -8.0, 15.0);
    let origin = centre
        - f64::from(columns / 2) * between_columns * right
        - f64::from(rows / 2) * between_rows * down
        - (slices / 2) as f64 * step;
    let description = match contrast {
        Contrast::T2 => "T2 TSE",
        Contrast::T1Gadolinium => "T1 SE with contrast",
        Contrast::T1 | Contrast::Ct => "T1 SE",
    };
    Plan {
        folder,
        state: if study == 0 { State::FirstLesion } else { State::Recurrence },
        contrast,
        study,
        number,
        description,
        columns,
        rows,
        slices,
        between_rows,
        between_columns,
        right,
        down,
        origin,
        step,
        thickness_mm: 3.6,
        noise: 7.0,
        intercept: 0.0,
        tilt_degrees: 0.0,
        syntax: Syntax::Deflated,
    }
}

/// The T2 of 2015: turned about all three axes, with pixels far from square.
fn oblique() -> Plan {
    let mut plan = mr("2015-05-12_MR_T2", 0, Contrast::T2, 4, [1.0 / 20.0, -1.0 / 25.0, -1.0 / 8.0]);
    plan.columns = 224;
    plan.between_columns = 0.8;
    plan.description = "T2 TSE oblique";
    plan
}

/// The CT of 2015-05-26: gantry tilted, the table moves straight, so the stack is sheared.
fn tilted() -> Plan {
    let (cos, sin) = turn(1.0 / 7.0);
    let mut plan = ct("2015-05-26_CT", 1, State::AfterFirst);
    plan.description = "Head without contrast, tilted gantry";
    plan.down = DVec3::new(0.0, cos, -sin);
    plan.origin = DVec3::new(-98.1, -120.2, -24.0);
    plan.slices = 37;
    plan.step = DVec3::new(0.0, 0.0, 4.0);
    plan.tilt_degrees = -16.26;
    plan.between_rows = 0.77;
    plan.intercept = 0.0;
    plan
}

/// All ten, in the order of the paper's figure.
pub(super) fn all() -> Vec<Plan> {
    let mut late = ct("2017-09-28_CT", 2, State::Recurrence);
    late.origin = DVec3::new(-95.9, -122.2, -58.0);
    late.between_columns = 0.73;
    late.intercept = 0.0;
    let mut last = ct("2017-10-16_CT", 3, State::AfterSecond);
    last.origin = DVec3::new(-99.0, -125.0, -57.0);
    last.between_rows = 0.78;
    let mut t1 = mr("2015-05-12_MR_T1", 0, Contrast::T1, 3, [0.0; 3]);
    t1.syntax = Syntax::Rle;
    let mut late_t1 = mr("2017-09-28_MR_T1", 2, Contrast::T1, 3, [0.0, 0.0, -1.0 / 12.0]);
    late_t1.syntax = Syntax::Plain;
    vec![
        ct("2015-05-12_CT", 0, State::FirstLesion),
        t1,
        oblique(),
        mr("2015-05-12_MR_T1C", 0, Contrast::T1Gadolinium, 5, [0.0; 3]),
        tilted(),
        late,
        late_t1,
        mr("2017-09-28_MR_T2", 2, Contrast::T2, 4, [0.0, 0.0, -1.0 / 12.0]),
        mr("2017-09-28_MR_T1C", 2, Contrast::T1Gadolinium, 5, [0.0, 0.0, -1.0 / 12.0]),
        last,
    ]
}
