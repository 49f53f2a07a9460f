//! A region against the other side, and against the series before contrast.

use isodense::case::{ComparedRole, Kind, QuantityKind};
use isodense::geometry::{PatientPoint, PixelPoint};
use isodense::session::placing::{Moved, Pointer};
use isodense::session::{Action, Layout, Tool, ViewportId};

use super::{Drive, FIRST, both_dates, drive, last, value, values};

fn circle(drive: &mut Drive, at: PatientPoint) {
    drive.apply(Action::Choose(Tool::Density));
    let pixel: PixelPoint = drive.shown().frame.plane.expect("a place").pixel_from_patient(at).0;
    drive.apply(Action::Place(FIRST, Pointer::Press(pixel)));
    drive.apply(Action::Place(FIRST, Pointer::Release(pixel, Moved::No)));
}

#[test]
fn one_key_measures_the_other_side_as_the_reference() {
    let (mut drive, truths) = both_dates();
    circle(&mut drive, truths[0].center);
    let id = last(&drive);
    let area = value(&values(&drive, id), QuantityKind::Area);
    assert!((area - 20.0).abs() < 1e-6, "{area}");
    let steps = drive.session.history().undo_name().map(ToOwned::to_owned);
    assert_eq!(steps.as_deref(), Some("draw ellipse"));
    drive.apply(Action::MirrorRegion);
    let case = drive.session.case();
    let own = case.measurement(id).expect("it is there");
    let compared = own.compared.as_ref().expect("it is compared");
    assert_eq!(compared.role, ComparedRole::Reference);
    let other = case.measurement(compared.with).expect("the other side is there");
    assert_eq!((other.kind, other.lesion), (Kind::Ellipse, None), "reference tissue is no lesion");
    let (here, there) = (own.points.middle().expect("a point"), other.points.middle().expect("a point"));
    // The sample's head is symmetric about x = 0.
    assert!((there.0.x + here.0.x).abs() < 2.0, "{here:?} {there:?}");
    assert!((there.0.y - here.0.y).abs() < 1e-6);
    let line = drive.session.compared_line(own).expect("both have values");
    assert!(line.contains(" x region ") && line.contains(" HU)"), "{line}");
    drive.apply(Action::Undo);
    assert_eq!(drive.session.case().measurements.len(), 1, "one step");
}

#[test]
fn a_region_is_measured_again_after_contrast() {
    let mut drive = Drive::open(&[drive::sample("2015-05-12_MR_T1"), drive::sample("2015-05-12_MR_T1C")]);
    let second = ViewportId(1);
    drive.apply(Action::SetLayout(Layout { columns: 2, rows: 1 }));
    let (plain, enhanced) =
        (drive.series("20150512", "T1 SE"), drive.series("20150512", "T1 SE with contrast"));
    drive.apply(Action::ShowSeries(second, enhanced.key()));
    drive.apply(Action::ShowSeries(FIRST, plain.key()));
    drive.settle();
    let center = PatientPoint::new(46.0, -61.0, 22.0);
    drive.apply(Action::PointAt(FIRST, center));
    drive.settle();
    drive.apply(Action::Choose(Tool::Density));
    circle(&mut drive, center);
    drive.apply(Action::MeasureThereToo);
    drive.settle();
    let case = drive.session.case();
    assert_eq!(case.measurements.len(), 2);
    let [before, after] = [&case.measurements[0], &case.measurements[1]];
    let compared = after.compared.as_ref().expect("the one with contrast is compared");
    assert_eq!((compared.with, compared.role), (before.id, ComparedRole::Plain));
    let mean = |id| value(&values(&drive, id), QuantityKind::Mean);
    assert!(mean(after.id) > 1.3 * mean(before.id), "the tumour takes up contrast");
    let line = drive.session.compared_line(after).expect("both have values");
    assert!(line.starts_with('+') && line.contains("from plain region 1 (+"), "{line}");
}
