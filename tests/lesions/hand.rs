//! The three axes and the density, placed by hand.

use isodense::case::{Kind, LesionRole, QuantityKind, Reading};
use isodense::geometry::{FramePlane, PatientPoint, PixelPoint};
use isodense::response::{Category, Criterion};
use isodense::session::placing::{Moved, Pointer};
use isodense::session::{Action, Cut, Tool};

use super::{Drive, FIRST, Truth, both_dates, last, ledger_words, show, value, values};

/// A hand is no better than half a pixel.
fn by_hand(plane: &FramePlane, point: PatientPoint) -> PixelPoint {
    let pixel = plane.pixel_from_patient(point).0.0;
    PixelPoint((pixel * 2.0).round() / 2.0)
}

fn drag(drive: &mut Drive, from: PatientPoint, to: PatientPoint) {
    let plane = drive.shown().frame.plane.expect("the slice has a place");
    let (from, to) = (by_hand(&plane, from), by_hand(&plane, to));
    for pointer in [Pointer::Press(from), Pointer::Move(to), Pointer::Release(to, Moved::Yes)] {
        drive.apply(Action::Place(FIRST, pointer));
    }
}

/// The two axes in the slice in this order, then the third on a coronal plane.
fn measure_size(drive: &mut Drive, truth: &Truth, order: [usize; 2]) {
    drive.apply(Action::Choose(Tool::Measure(Kind::Size)));
    let ends = |axis: usize| {
        let (length, direction) = truth.axes[axis];
        [-0.5, 0.5].map(|side| PatientPoint(truth.center.0 + direction * length * side))
    };
    let count = drive.session.case().measurements.len();
    for axis in order {
        let [from, to] = ends(axis);
        drag(drive, from, to);
    }
    assert!(drive.session.wants_third_axis());
    assert_eq!(drive.session.case().measurements.len(), count, "a half-drawn size is not in the case");
    drive.apply(Action::SetCut(FIRST, Cut::Coronal));
    let [from, to] = ends(2);
    drag(drive, from, to);
    assert!(!drive.session.wants_third_axis());
    drive.apply(Action::SetCut(FIRST, Cut::Acquired));
    drive.apply(Action::PointAt(FIRST, truth.center));
}

fn measure_density(drive: &mut Drive, truth: &Truth) {
    drive.apply(Action::Choose(Tool::Density));
    let half = |axis: usize| truth.axes[axis].0 * truth.axes[axis].1.abs() * 0.3;
    let reach = half(0) + half(1);
    let corner = |side: f64| PatientPoint(truth.center.0 + glam::DVec3::new(reach.x, reach.y, 0.0) * side);
    drag(drive, corner(-0.7), corner(0.7));
}

#[test]
fn the_ledger_reads_what_the_truth_says_by_hand_placed_axes() {
    let (mut drive, truths) = both_dates();
    for (truth, order) in truths.iter().zip([[0, 1], [1, 0]]) {
        show(&mut drive, truth);
        let steps = drive.session.history().undo_name().map(ToOwned::to_owned);
        assert_ne!(steps.as_deref(), Some("draw three-axis size"));
        measure_size(&mut drive, truth, order);
        assert_eq!(drive.session.history().undo_name(), Some("draw three-axis size"));
        let size = values(&drive, last(&drive));
        let kinds = [QuantityKind::Length, QuantityKind::ShortAxis, QuantityKind::ThirdAxis];
        // Half a voxel: 0.38 mm in the slice; across it the plane's pixels are as fine.
        for (kind, axis) in kinds.into_iter().zip([order[0], order[1], 2]) {
            let off = value(&size, kind) - truth.axes[axis].0;
            assert!(off.abs() <= 0.38, "{kind:?} is {off} mm off");
        }
        let volume = value(&size, QuantityKind::EllipsoidVolume) / truth.volume_ml;
        assert!((volume - 1.0).abs() < 0.03, "{volume}");
        measure_density(&mut drive, truth);
        let density = value(&values(&drive, last(&drive)), QuantityKind::Mean);
        assert!((density - truth.hu).abs() < 1.0, "{density}");
        let (count, phrase) = drive.session.density_phrase().expect("it goes to the clipboard");
        assert!(
            count > 0
                && phrase.starts_with("mean ")
                && phrase.contains("\u{a0}HU, SD ")
                && phrase.ends_with("\u{a0}px"),
            "{phrase}"
        );
    }
    let (before, after) = (ledger_words(&drive, 0), ledger_words(&drive, 1));
    let rounded = |line: &str| -> Vec<f64> {
        let numbers = line.split([' ', 'x']).filter_map(|word| word.parse::<f64>().ok());
        numbers.map(f64::round).collect()
    };
    assert_eq!(rounded(&before[0]), [22.0, 35.0, 40.0], "{before:?}");
    assert_eq!(rounded(&after[0]), [35.0, 16.0, 35.0], "{after:?}");
    assert_eq!((rounded(&before[2]), rounded(&after[2])), (vec![38.0], vec![39.0]));
    // 35 mm in the plane of measurement at both dates, as RECIST sums it; what is across the plane is no part of it.
    let basis = "longest axis in its plane ";
    let change = after.iter().find_map(|line| line.strip_prefix(basis)).expect("it is compared");
    let mm: f64 =
        change.split(' ').next().and_then(|mm| mm.replace('\u{2212}', "-").parse().ok()).expect("mm");
    assert!(mm.abs() <= 0.8 && change.contains("%) from the baseline"), "{change}");
    let days: Vec<_> = drive.session.ledger().columns.iter().map(|column| column.day).collect();
    assert_eq!(days, [Some(0), Some(870)]);
}

#[test]
fn a_size_shows_as_a_box_on_every_plane_that_cuts_it_and_its_ends_move_along_their_axes() {
    use isodense::session::{Grip, GripDrag};
    let (mut drive, truths) = both_dates();
    measure_size(&mut drive, &truths[0], [1, 0]);
    let id = last(&drive);
    let shows = |drive: &Drive| drive.session.marks(FIRST).iter().any(|mark| mark.measurement.id == id);
    for (steps, seen) in [(0, true), (4, true), (2, false), (-12, false), (2, true)] {
        drive.apply(Action::Scroll(FIRST, steps));
        assert_eq!(shows(&drive), seen, "at slice {}", drive.shown().index);
    }
    let before = values(&drive, id);
    drive.apply(Action::SetCut(FIRST, Cut::Coronal));
    drive.apply(Action::PointAt(FIRST, truths[0].center));
    assert!(shows(&drive));
    // An end of the third axis, dragged askew: only what lies along the axis counts.
    let plane = drive.shown().frame.plane.expect("a plane");
    let at = PixelPoint(plane.pixel_from_patient(truths[0].center).0.0);
    let spacing = plane.spacing().between_rows.0;
    let to = PixelPoint(at.0 + glam::DVec2::new(7.0, -4.0 / spacing));
    drive.apply(Action::DragGrip(
        FIRST,
        GripDrag { id, grip: Grip::Handle(5), from: at, to, label_offset: None },
    ));
    drive.apply(Action::DropGrip);
    let after = values(&drive, id);
    let change = |kind| value(&after, kind) - value(&before, kind);
    assert!(
        (change(QuantityKind::ThirdAxis).abs() - 4.0).abs() < 1e-6,
        "{}",
        change(QuantityKind::ThirdAxis)
    );
    assert!(change(QuantityKind::Length).abs() < 1e-9 && change(QuantityKind::ShortAxis).abs() < 1e-9);
    assert_eq!(drive.session.history().undo_name(), Some("reshape three-axis size"));
}

#[test]
fn escape_and_enter_end_a_size_without_a_third_axis() {
    let (mut drive, truths) = both_dates();
    drive.apply(Action::Choose(Tool::Measure(Kind::Size)));
    let [a, b] = [-0.5, 0.5].map(|side| PatientPoint(truths[0].center.0 + truths[0].axes[0].1 * 20.0 * side));
    let [c, d] = [-0.5, 0.5].map(|side| PatientPoint(truths[0].center.0 + truths[0].axes[1].1 * 30.0 * side));
    for enter in [false, true] {
        drag(&mut drive, a, b);
        drag(&mut drive, c, d);
        assert!(drive.session.wants_third_axis());
        if enter {
            drive.apply(Action::Place(FIRST, Pointer::Finish));
            let drawn = drive.session.case().measurements.last().expect("two axes stay");
            assert_eq!(drawn.kind, Kind::Bidirectional);
        } else {
            drive.apply(Action::Escape);
            assert!(drive.session.case().measurements.is_empty());
        }
        assert!(!drive.session.wants_third_axis());
    }
}

#[test]
fn what_was_measured_at_one_date_is_measured_the_same_at_another() {
    let (mut drive, truths) = both_dates();
    measure_size(&mut drive, &truths[0], [1, 0]);
    let lesion = drive.session.case().lesions[0].id;
    drive.apply(Action::Focus(None));
    drive.apply(Action::MeasureSame(lesion, 1));
    drive.settle();
    assert_eq!(drive.shown().series.study.date.as_deref(), Some("20170928"), "the other date's CT is shown");
    assert_eq!(drive.session.tool(), Tool::Measure(Kind::Size));
    assert_eq!(drive.session.focus(), Some(lesion));
    // Two visits share no Frame of Reference: the reader is told how to lock them.
    assert!(drive.has_notice("not locked"));
    drive.apply(Action::GoToCell(lesion, 0));
    assert_eq!(drive.shown().series.study.date.as_deref(), Some("20150512"));
    assert_eq!(drive.session.selected(), Some(last(&drive)));
}

#[test]
fn readings_and_roles_reach_the_criteria_and_each_is_one_step() {
    let (mut drive, truths) = both_dates();
    measure_size(&mut drive, &truths[0], [1, 0]);
    let lesion = drive.session.case().lesions[0].id;
    let category = |drive: &Drive| {
        let ledger = drive.session.ledger();
        let answers =
            ledger.answers(drive.session.case(), Criterion::Recist).expect("the numbers make a table");
        answers[1].as_ref().and_then(|answer| answer.category)
    };
    assert_eq!(category(&drive), None, "nothing was measured there");
    drive.apply(Action::ReadLesion(lesion, 1, Some(Reading::Absent)));
    assert_eq!(category(&drive), Some(Category::CompleteResponse));
    assert_eq!(drive.session.history().undo_name(), Some("read lesion frontal"));
    drive.apply(Action::Undo);
    assert!(
        drive.session.case().time_points.is_empty(),
        "the time points came with the reading, and go with it"
    );
    drive.apply(Action::SetBaseline(1, true));
    assert_eq!(drive.session.ledger().baselines, [0, 1]);
    assert_eq!(drive.session.history().undo_name(), Some("set baseline"));
    drive.apply(Action::SetBaseline(1, false));
    assert_eq!(drive.session.ledger().baselines, [0]);
    drive.apply(Action::SetDayZero(1));
    assert_eq!(drive.session.ledger().day_zero, 1);
    drive.apply(Action::NameTimePoint(0, "before".to_owned()));
    assert_eq!(drive.session.ledger().columns[0].point.name, "before");
    drive.apply(Action::JoinTimePoint(1));
    assert_eq!(drive.session.ledger().columns.len(), 1);
    drive.apply(Action::PartTimePoint(0));
    assert_eq!(drive.session.ledger().columns.len(), 2);
    let mut changed = drive.session.case().lesions[0].as_ref().clone();
    changed.role = LesionRole::NonTarget;
    drive.apply(Action::Commit(isodense::case::Edit::ChangeLesion(changed)));
    assert_eq!(drive.session.history().undo_name(), Some("edit lesion frontal"));
}
