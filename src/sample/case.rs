//! The sample's case file: both lesions, measured on the CT of their day, and a case report about them.

use std::path::Path;
use std::sync::Arc;

use serde_json::Map;

use super::truth::{ReadyLesion, ready_case};
use super::{SampleError, notebook, plan};
use crate::case::{Case, Edit, Kind, Lesion, Measurement, Points, Reading, Source, TimePointId};
use crate::geometry::PatientPoint;
use crate::image::{FrameOfReference, FrameRef, SeriesUid, SopInstanceUid, StudyUid};
use crate::store::save_case_new;

const TITLE: &str = "Tumour of the left frontal bone (synthetic)";

const SITE: &str = "left frontal bone";

/// The examinations after the first and the second operation.
const AFTER_OPERATIONS: [TimePointId; 2] = [TimePointId(2), TimePointId(4)];

/// The case: one lesion at two dates, each time a region and the three axes on the slice through its middle; read as gone
/// after each operation.
pub fn sample_case() -> Result<Case, SampleError> {
    let mut case = Case { title: TITLE.to_owned(), ..Case::default() };
    case.sources = plan::all()
        .iter()
        .map(|plan| Source {
            series: SeriesUid::new(&plan.series_uid()),
            study: StudyUid::new(&plan.study_to_write().uid),
            folder: plan.folder.to_owned(),
            extra: Map::new(),
        })
        .collect();
    case = case.with(Edit::AddLesion(Lesion { site: SITE.to_owned(), ..Lesion::new("tumour") }))?;
    let followed = case.lesions.first().map(|lesion| lesion.id);
    for lesion in ready_case()? {
        let size = axes(&lesion).concat();
        for (kind, words, points) in
            [(Kind::Ellipse, "density", lesion.region.as_slice()), (Kind::Size, "size", &size)]
        {
            let label = format!("{} {words}", lesion.name);
            let drawn = drawn(&lesion, kind, label, points);
            case = case.with(Edit::Add(Measurement { lesion: followed, ..drawn }))?;
        }
    }
    case = case.with(Edit::AddFigure(super::figure::sample_figure()?))?;
    case = case.with(Edit::SetTimePoints(notebook::time_points()))?;
    // After each operation the tumour is gone: not by itself, as the ledger concludes from the operation before.
    for at in AFTER_OPERATIONS {
        let read = |lesion| Edit::Read(lesion, at, Some(Reading::Absent));
        case = followed.map_or_else(|| Ok(case.clone()), |lesion| case.with(read(lesion)))?;
    }
    case = case.with(Edit::ChangeNotebook(Arc::new(notebook::sample_notebook()), "begin"))?;
    // Last: what the notes speak of would be taken for measurements that are gone, whose numbers stay theirs.
    case = case.with(Edit::SetNotes(notebook::NOTES.to_owned()))?;
    super::record::record_all(&mut case)?;
    Ok(case)
}

/// Two axes in the plane of the slice, then the one across it, in the order that the readers gave them.
fn axes(lesion: &ReadyLesion) -> [[PatientPoint; 2]; 3] {
    match lesion.name {
        "first" => [lesion.short_axis, lesion.long_axis, lesion.through_plane],
        _ => [lesion.long_axis, lesion.short_axis, lesion.through_plane],
    }
}

/// Writes the case file beside the series' folders. One that a reader changed is left as it is, and is an error.
pub fn write_case_file(out_dir: &Path) -> Result<(), SampleError> {
    Ok(save_case_new(&out_dir.join("case.json"), &sample_case()?)?)
}

fn drawn(lesion: &ReadyLesion, kind: Kind, label: String, points: &[PatientPoint]) -> Measurement {
    let points = Points::Patient {
        space: FrameOfReference::Declared(lesion.frame_of_reference.as_str().into()),
        points: points.to_vec(),
        drawn_on: Some(FrameRef { sop_instance: SopInstanceUid::new(&lesion.sop_instance), frame_number: 1 }),
    };
    let plans = plan::all();
    let plan = plans.iter().find(|plan| plan.series_uid() == lesion.series);
    let study = plan.map(|plan| StudyUid::new(&plan.study_to_write().uid));
    Measurement { label, study, ..Measurement::new(kind, points) }
}
