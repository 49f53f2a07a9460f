//! What a reader must find: sizes, places and densities that follow from the formulas.

use glam::DVec3;
use serde::Serialize;

use crate::geometry::{GeometryError, PatientPoint};

use super::SampleError;
use super::lesion::{DEFECT_MM, FIRST_CENTRE, Lesion};
use super::plan::{self, Plan};

/// A lesion as a reader would have measured it, in patient mm on one image.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ReadyLesion {
    /// `first` or `recurrence`.
    pub name: &'static str,
    /// Date of the study, `YYYY-MM-DD`.
    pub date: &'static str,
    /// Series Instance UID of the CT.
    pub series: String,
    /// The image through the lesion's centre.
    pub sop_instance: String,
    /// Frame of Reference UID.
    pub frame_of_reference: String,
    /// An ellipse wholly inside the lesion, in the image's plane: centre and the ends of two half axes.
    pub region: [PatientPoint; 3],
    /// Ends of the longer axis in the image's plane.
    pub long_axis: [PatientPoint; 2],
    /// Ends of the shorter axis in the image's plane.
    pub short_axis: [PatientPoint; 2],
    /// Ends of the axis across the slices.
    pub through_plane: [PatientPoint; 2],
}

/// The two lesions on the CT of their day.
fn lesions_on_ct() -> Vec<(Lesion, Plan)> {
    let plans = plan::all();
    [(Lesion::first(), "2015-05-12_CT"), (Lesion::recurrence(), "2017-09-28_CT")]
        .into_iter()
        .filter_map(|(lesion, folder)| Some((lesion, plans.iter().find(|p| p.folder == folder)?.clone())))
        .collect()
}

/// The share of a lesion's axes that the suggested region covers.
const REGION_SHARE: f64 = 0.85;

/// Plain data for a case that measures the lesion at both dates.
pub fn ready_case() -> Result<Vec<ReadyLesion>, GeometryError> {
    lesions_on_ct().iter().map(|(lesion, plan)| ready(lesion, plan)).collect()
}

fn ready(lesion: &Lesion, plan: &Plan) -> Result<ReadyLesion, GeometryError> {
    let (slice, _) = plan.nearest_slice(PatientPoint(lesion.centre))?;
    let [radial, tangential, upward] = Lesion::directions();
    let semi = lesion.semi_axes();
    let at = |offset: DVec3| PatientPoint(lesion.centre + offset);
    let ends = |half: DVec3| [at(-half), at(half)];
    Ok(ReadyLesion {
        name: lesion.name,
        date: plan.date(),
        series: plan.series_uid(),
        sop_instance: plan.sop_uid(slice),
        frame_of_reference: plan.study_to_write().frame_of_reference,
        region: [at(DVec3::ZERO), at(REGION_SHARE * semi.y * tangential), at(REGION_SHARE * semi.x * radial)],
        long_axis: ends(semi.y * tangential),
        short_axis: ends(semi.x * radial),
        through_plane: ends(semi.z * upward),
    })
}

#[derive(Debug, Serialize)]
struct Truth {
    about: &'static str,
    coordinate_system: &'static str,
    units: &'static str,
    pixel_coordinates: &'static str,
    lesions: Vec<LesionTruth>,
    defect: Defect,
    series: Vec<SeriesTruth>,
}

#[derive(Debug, Serialize)]
struct LesionTruth {
    name: &'static str,
    date: &'static str,
    shape: &'static str,
    centre: DVec3,
    axes: [Axis; 3],
    volume_ml: f64,
    mean_hu: f64,
    sampled_mean_hu: f64,
    sampled_sd_hu: f64,
    sampled_step_mm: f64,
    images: Vec<OnImage>,
}

#[derive(Debug, Serialize)]
struct Axis {
    name: &'static str,
    direction: DVec3,
    length_mm: f64,
}

#[derive(Debug, Serialize)]
struct OnImage {
    folder: &'static str,
    file: String,
    sop_instance_uid: String,
    centre_to_plane_mm: f64,
    roi: Roi,
    /// Ends of the two axes that lie in the plane, as `[column, row]`; absent on turned images.
    #[serde(skip_serializing_if = "Option::is_none")]
    in_plane_axes: Option<Vec<PixelAxis>>,
}

#[derive(Debug, Serialize)]
struct Roi {
    column: f64,
    row: f64,
    semi_columns: f64,
    semi_rows: f64,
}

#[derive(Debug, Serialize)]
struct PixelAxis {
    name: &'static str,
    length_mm: f64,
    ends: [[f64; 2]; 2],
}

#[derive(Debug, Serialize)]
struct Defect {
    dates: [&'static str; 3],
    centre: DVec3,
    directions: [DVec3; 2],
    sides_mm: [f64; 2],
    cover: &'static str,
}

#[derive(Debug, Serialize)]
struct SeriesTruth {
    folder: &'static str,
    date: &'static str,
    description: &'static str,
    series_instance_uid: String,
    study_instance_uid: String,
    frame_of_reference_uid: String,
    transfer_syntax_uid: &'static str,
    columns: u16,
    rows: u16,
    slices: usize,
    between_rows_mm: f64,
    between_columns_mm: f64,
    between_slices_mm: f64,
    slice_thickness_mm: f64,
    gantry_tilt_degrees: f64,
    right: DVec3,
    down: DVec3,
    first_position: DVec3,
    step: DVec3,
    noise_sd: f64,
}

/// The text of `truth.json`.
pub(super) fn json() -> Result<Vec<u8>, SampleError> {
    let plans = plan::all();
    let lesions = lesions_on_ct()
        .iter()
        .map(|(lesion, ct)| lesion_truth(lesion, ct.date(), &plans))
        .collect::<Result<Vec<_>, GeometryError>>()?;
    let [_, tangential, upward] = Lesion::directions();
    let truth = Truth {
        about: "What the formulas of the synthetic head say. Nobody measured these numbers.",
        coordinate_system: "LPS",
        units: "mm, mL, HU",
        pixel_coordinates: "the first pixel's centre is column 0, row 0",
        lesions,
        defect: Defect {
            dates: ["2015-05-26", "2017-09-28", "2017-10-16"],
            centre: FIRST_CENTRE,
            directions: [tangential, upward],
            sides_mm: DEFECT_MM,
            cover: "titanium mesh",
        },
        series: plans.iter().map(series_truth).collect(),
    };
    let mut text = serde_json::to_vec_pretty(&truth)?;
    text.push(b'\n');
    Ok(text)
}

fn lesion_truth(lesion: &Lesion, date: &'static str, plans: &[Plan]) -> Result<LesionTruth, GeometryError> {
    const STEP_MM: f64 = 0.8;
    let (sampled_mean_hu, sampled_sd_hu) = lesion.sampled(STEP_MM);
    let [radial, tangential, upward] = Lesion::directions();
    let axis = |name, direction, length_mm| Axis { name, direction, length_mm };
    Ok(LesionTruth {
        name: lesion.name,
        date,
        shape: "ellipsoid",
        centre: lesion.centre,
        axes: [
            axis("radial", radial, lesion.axes_mm[0]),
            axis("tangential", tangential, lesion.axes_mm[1]),
            axis("upward", upward, lesion.axes_mm[2]),
        ],
        volume_ml: lesion.volume_ml(),
        mean_hu: lesion.mean_hu,
        sampled_mean_hu,
        sampled_sd_hu,
        sampled_step_mm: STEP_MM,
        images: plans
            .iter()
            .filter(|plan| plan.date() == date)
            .map(|plan| on_image(lesion, plan))
            .collect::<Result<_, _>>()?,
    })
}

fn on_image(lesion: &Lesion, plan: &Plan) -> Result<OnImage, GeometryError> {
    let (slice, plane) = plan.nearest_slice(PatientPoint(lesion.centre))?;
    let pixel = |p: DVec3| plane.pixel_from_patient(PatientPoint(p)).0.0;
    let (centre, off) = plane.pixel_from_patient(PatientPoint(lesion.centre));
    let semi = lesion.semi_axes();
    let [radial, tangential, _] = Lesion::directions();
    let ends = |half: DVec3| [pixel(lesion.centre - half).to_array(), pixel(lesion.centre + half).to_array()];
    let axes = [("tangential", semi.y, tangential), ("radial", semi.x, radial)];
    let upright = plane.normal().dot(DVec3::Z) > 1.0 - 1e-9;
    // A circle in mm, well inside the shortest half axis.
    let reach = 0.75 * semi.x;
    Ok(OnImage {
        folder: plan.folder,
        file: format!("{}/{}", plan.folder, Plan::file_name(slice)),
        sop_instance_uid: plan.sop_uid(slice),
        centre_to_plane_mm: off.0,
        roi: Roi {
            column: centre.column(),
            row: centre.row(),
            semi_columns: reach / plan.between_columns,
            semi_rows: reach / plan.between_rows,
        },
        in_plane_axes: upright.then(|| {
            axes.iter()
                .map(|(name, half, direction)| PixelAxis {
                    name,
                    length_mm: 2.0 * half,
                    ends: ends(*half * *direction),
                })
                .collect()
        }),
    })
}

fn series_truth(plan: &Plan) -> SeriesTruth {
    let study = plan.study_to_write();
    SeriesTruth {
        folder: plan.folder,
        date: plan.date(),
        description: plan.description,
        series_instance_uid: plan.series_uid(),
        study_instance_uid: study.uid,
        frame_of_reference_uid: study.frame_of_reference,
        transfer_syntax_uid: plan.syntax.uid(),
        columns: plan.columns,
        rows: plan.rows,
        slices: plan.slices,
        between_rows_mm: plan.between_rows,
        between_columns_mm: plan.between_columns,
        between_slices_mm: plan.between_slices_mm(),
        slice_thickness_mm: plan.thickness_mm,
        gantry_tilt_degrees: plan.tilt_degrees,
        right: plan.right,
        down: plan.down,
        first_position: plan.origin,
        step: plan.step,
        noise_sd: plan.noise,
    }
}
