//! Figure 1 of the sample: two rows of five, each lesion in four images before its operation and one after it.

use glam::DVec2;
use serde_json::Map;

use super::lesion::{FIRST_CENTRE, RADIAL, SECOND_CENTRE};
use super::{SampleError, plan};
use crate::case::figure::{Figure, FigureMark, FigureShape, LetterForm, Panel};
use crate::case::{SavedLook, SavedView};
use crate::geometry::{GeometryError, Mm, PatientPoint};
use crate::image::{FrameRef, SeriesUid, SopInstanceUid};
use crate::view::{Framing, Slice};

/// The middle of what the panels show, mm; its height is that of the lesion.
const HEAD: [f64; 2] = [0.0, -1.0];
/// How much of the patient a panel shows from front to back, mm.
const HEIGHT_MM: f64 = 214.0;
/// From the tip of an arrow to its tail: from within the head outwards to the lesion, pt.
const TAIL_PT: DVec2 = DVec2::new(-17.0, 12.0);
/// How far inwards of the lesion's middle the tip lies, mm: at its edge.
const INWARDS_MM: f64 = 11.0;

/// The figure, as the window would have made it.
pub(super) fn sample_figure() -> Result<Figure, SampleError> {
    let mut figure = Figure {
        title: "Tumour of the left frontal bone and its recurrence".to_owned(),
        column_headings: ["CT", "T1WI", "T2WI", "T1WI+C", "CT after surgery"].map(ToOwned::to_owned).to_vec(),
        row_headings: ["first", "second"].map(ToOwned::to_owned).to_vec(),
        closing: "Arrows: tumour; arrowheads: site of the resection".to_owned(),
        ..Figure::new()
    };
    figure.page.columns = 5;
    figure.page.aspect = 0.82;
    figure.letters.form = LetterForm::Lower;
    for (index, plan) in plan::all().iter().enumerate() {
        let centre = if index < 5 { FIRST_CENTRE } else { SECOND_CENTRE };
        let after = index % 5 == 4;
        figure.push(Panel { scale_bar: index % 5 == 0, ..panel(plan, PatientPoint(centre), after)? });
    }
    Ok(figure)
}

/// The slice of a series that is nearest to a lesion, with a mark at it.
fn panel(plan: &plan::Plan, lesion: PatientPoint, after: bool) -> Result<Panel, GeometryError> {
    let (slice, plane) = plan.nearest_slice(lesion)?;
    let place = |point: PatientPoint| plane.spacing().mm_from_pixel(plane.pixel_from_patient(point).0.0);
    let head = PatientPoint::new(HEAD[0], HEAD[1], lesion.0.z);
    let view = SavedView {
        series: SeriesUid::new(&plan.series_uid()),
        part: None,
        slice: Slice::Acquired(FrameRef {
            sop_instance: SopInstanceUid::new(&plan.sop_uid(slice)),
            frame_number: 1,
        }),
        framing: Framing { center: place(head), height: Mm(HEIGHT_MM), turn: 0.0, mirrored: false },
        fitted: false,
        look: SavedLook::default(),
        over: None,
        extra: Map::new(),
    };
    let shape = if after {
        FigureShape::Arrowhead { tail_pt: TAIL_PT }
    } else {
        FigureShape::Arrow { tail_pt: TAIL_PT }
    };
    let tip = PatientPoint(lesion.0 - RADIAL * INWARDS_MM);
    Ok(Panel { marks: vec![FigureMark::new(shape, place(tip))], ..Panel::new(view) })
}
