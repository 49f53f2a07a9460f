//! The same lesions by masks: grown from a click, and painted.

use std::sync::Arc;

use isodense::case::QuantityKind;
use isodense::geometry::{PatientPoint, PixelPoint};
use isodense::response::Criterion;
use isodense::session::placing::{Moved, Pointer};
use isodense::session::{Action, Cut, MaskChange, Tool};

use super::{Drive, FIRST, Truth, both_dates, last, ledger_words, show, value, values};

fn pixel(drive: &Drive, point: PatientPoint) -> PixelPoint {
    drive.shown().frame.plane.expect("a slice with a place").pixel_from_patient(point).0
}

fn grow(drive: &mut Drive, truth: &Truth, right_mm: f64) {
    drive.apply(Action::Choose(Tool::Grow));
    let from = pixel(drive, truth.center);
    let to = pixel(drive, PatientPoint(truth.center.0 + glam::DVec3::X * right_mm));
    drive.apply(Action::Place(FIRST, Pointer::Press(from)));
    drive.apply(Action::Place(FIRST, Pointer::Move(to)));
    assert!(drive.session.is_drawing());
    drive.apply(Action::Place(FIRST, Pointer::Release(to, Moved::Yes)));
}

/// With a small brush, line by line within the cross-section of the true ellipsoid.
fn paint_slice(drive: &mut Drive, truth: &Truth) {
    const BRUSH_MM: f64 = 0.2;
    drive.apply(Action::Choose(Tool::Brush));
    drive.apply(Action::SetBrush(BRUSH_MM));
    let plane = drive.shown().frame.plane.expect("a slice with a place");
    let off = truth.axes[2].1.dot(plane.origin().0 - truth.center.0);
    let share = 1.0 - (off / (truth.axes[2].0 / 2.0)).powi(2);
    if share <= 0.0 {
        return;
    }
    let middle = truth.center.0 + truth.axes[2].1 * off;
    let half = |axis: usize| truth.axes[axis].0 / 2.0 * share.sqrt();
    let (across, along) = (half(0), half(1));
    let inside = (across - BRUSH_MM, along - BRUSH_MM);
    // One stroke to and fro across the slice.
    let mut way = Vec::new();
    let mut at = -inside.0;
    while inside.0 > 0.0 && inside.1 > 0.0 && at <= inside.0 + 1e-9 {
        let reach = inside.1 * (1.0 - (at / inside.0).powi(2)).max(0.0).sqrt();
        let end = |side: f64| {
            let point = middle + truth.axes[0].1 * at + truth.axes[1].1 * reach * side;
            pixel(drive, PatientPoint(point))
        };
        way.extend([end(-1.0), end(1.0), end(-1.0)]);
        at += 0.35;
    }
    let (Some(first), Some(last)) = (way.first().copied(), way.last().copied()) else { return };
    drive.apply(Action::Place(FIRST, Pointer::Press(first)));
    // The invariants are checked after each slice: they cost more than the brush.
    for at in way {
        drive.session.apply(Action::Place(FIRST, Pointer::Move(at)));
    }
    drive.apply(Action::Place(FIRST, Pointer::Release(last, Moved::Yes)));
}

#[test]
fn a_click_marks_the_lesion_with_the_volume_and_density_of_the_truth() {
    let (mut drive, truths) = both_dates();
    for (column, (truth, right_mm)) in truths.iter().zip([4.0, 8.0]).enumerate() {
        show(&mut drive, truth);
        drive.apply(Action::Select(None));
        let count = drive.session.case().measurements.len();
        grow(&mut drive, truth, right_mm);
        assert_eq!(drive.session.case().measurements.len(), count + 1);
        assert_eq!(drive.session.history().undo_name(), Some("draw lesion mask"));
        drive.apply(Action::ChangeMask(MaskChange::FillHoles));
        let found = values(&drive, last(&drive));
        let volume = value(&found, QuantityKind::Volume) / truth.volume_ml;
        assert!((volume - 1.0).abs() < 0.03, "{volume} of the true volume");
        assert!((value(&found, QuantityKind::Mean) - truth.hu).abs() < 1.0);
        assert!(!ledger_words(&drive, column).is_empty());
    }
}

#[test]
fn a_mask_of_two_parts_says_so_before_its_diameter_is_summed() {
    let (mut drive, truths) = both_dates();
    show(&mut drive, &truths[0]);
    drive.apply(Action::Select(None));
    let middle = drive.shown().index;
    let paint = |drive: &mut Drive, off: usize| {
        drive.apply(Action::GoToSlice(FIRST, middle + off));
        paint_slice(drive, &truths[0]);
    };
    let parts = |drive: &Drive| {
        let found = values(drive, last(drive));
        found.iter().find(|quantity| quantity.kind == QuantityKind::Parts).map(|parts| parts.value)
    };
    let cautions = |drive: &Drive| {
        let answers = drive.session.ledger().answers(drive.session.case(), Criterion::Recist);
        answers.expect("a table")[0].clone().expect("it is measured").cautions
    };
    for off in [0, 3] {
        paint(&mut drive, off);
    }
    assert_eq!(parts(&drive), Some(2.0));
    let said = ledger_words(&drive, 0).join("\n");
    assert!(said.contains("the mask has 2 separate parts"), "{said}");
    let words = "its mask has 2 separate parts";
    assert!(cautions(&drive).iter().any(|caution| caution.contains(words)), "{:?}", cautions(&drive));
    for off in [1, 2] {
        paint(&mut drive, off);
    }
    assert_eq!(parts(&drive), None);
    assert!(!cautions(&drive).iter().any(|caution| caution.contains(words)));
}

#[test]
fn a_painted_mask_reads_the_axes_volume_and_density_of_the_truth() {
    let (mut drive, truths) = both_dates();
    for (column, truth) in truths.iter().enumerate() {
        show(&mut drive, truth);
        drive.apply(Action::Select(None));
        let middle = drive.shown().index;
        for off in -4..=4 {
            drive.apply(Action::GoToSlice(FIRST, middle.saturating_add_signed(off)));
            paint_slice(&mut drive, truth);
        }
        let id = last(&drive);
        let found = values(&drive, id);
        let mut axes = truth.axes.map(|axis| axis.0);
        axes.sort_by(|a, b| b.total_cmp(a));
        let kinds = [QuantityKind::Length, QuantityKind::ShortAxis, QuantityKind::ThirdAxis];
        let sizes = kinds.map(|kind| value(&found, kind));
        // Half a voxel at each end: slices are 4 mm apart, pixels 0.76 mm. Two axes of the recurrence are equally long:
        // either may come first.
        let along = [4.0, if (axes[0] - axes[1]).abs() < 1.0 { 4.0 } else { 0.76 }, 0.76];
        for ((size, axis), most) in sizes.iter().zip(axes).zip(along) {
            assert!((size - axis).abs() <= most + 1e-6, "{sizes:?} of {axes:?}");
        }
        let volume = value(&found, QuantityKind::Volume) / truth.volume_ml;
        assert!((volume - 1.0).abs() < 0.03, "{volume} of the true volume, {sizes:?}");
        assert!(
            (value(&found, QuantityKind::Mean) - truth.hu).abs() < 1.0,
            "{}",
            value(&found, QuantityKind::Mean)
        );
        assert!(ledger_words(&drive, column)[0].ends_with(" mm"));
    }
}

#[test]
fn a_stroke_is_one_step_and_shares_the_slices_that_it_leaves_alone() {
    let (mut drive, truths) = both_dates();
    grow(&mut drive, &truths[0], 0.0);
    let id = last(&drive);
    let mask = |drive: &Drive| {
        Arc::clone(drive.session.case().measurement(id).expect("a mask").mask.as_ref().expect("voxels"))
    };
    let before = mask(&drive);
    drive.apply(Action::Choose(Tool::Eraser));
    let at = pixel(&drive, truths[0].center);
    drive.apply(Action::Place(FIRST, Pointer::Press(at)));
    let to = PixelPoint::new(at.column() + 9.0, at.row() + 4.0);
    drive.apply(Action::Place(FIRST, Pointer::Move(to)));
    assert!(Arc::ptr_eq(&before, &mask(&drive)), "nothing is in the case before the button is let go");
    let seen =
        drive.session.marks(FIRST).into_iter().find(|mark| mark.measurement.id == id).expect("it shows");
    assert!(seen.measurement.mask.as_ref().expect("voxels").voxels.count() < before.voxels.count());
    drive.apply(Action::Place(FIRST, Pointer::Release(to, Moved::Yes)));
    let after = mask(&drive);
    assert_eq!(drive.session.history().undo_name(), Some("erase from mask"));
    let here = drive.shown().index;
    for slice in 0..before.voxels.size()[2] {
        assert_eq!(before.voxels.shares_slice(&after.voxels, slice), slice != here, "slice {slice}");
    }
    drive.apply(Action::Undo);
    assert!(Arc::ptr_eq(&before, &mask(&drive)));
    // Half a stroke is dropped by Escape.
    drive.apply(Action::Place(FIRST, Pointer::Press(at)));
    drive.apply(Action::Escape);
    drive.apply(Action::Place(FIRST, Pointer::Release(at, Moved::No)));
    assert!(Arc::ptr_eq(&before, &mask(&drive)));
}

#[test]
fn a_mask_shows_on_every_plane_that_cuts_it_and_so_does_its_margin() {
    let (mut drive, truths) = both_dates();
    grow(&mut drive, &truths[0], 4.0);
    let id = last(&drive);
    let volume = value(&values(&drive, id), QuantityKind::Volume);
    drive.apply(Action::ToggleMargin);
    drive.wait("the margin is there", |session| {
        session.values(id).is_some_and(|values| {
            values.as_ref().is_ok_and(|list| list.iter().any(|q| q.kind == QuantityKind::MarginVolume))
        })
    });
    let with_margin = value(&values(&drive, id), QuantityKind::MarginVolume);
    // A ball of the same volume with 20 mm around it has 169 mL; a flatter body has more surface, the skull's edge less.
    assert!(with_margin > 6.0 * volume && with_margin < 15.0 * volume, "{volume} mL, {with_margin} mL");
    for cut in [Cut::Axial, Cut::Coronal, Cut::Sagittal, Cut::Acquired] {
        drive.apply(Action::SetCut(FIRST, cut));
        drive.apply(Action::PointAt(FIRST, truths[0].center));
        let mark = drive.session.marks(FIRST).into_iter().find(|mark| mark.measurement.id == id);
        let outlines = mark.expect("the plane cuts it").outlines;
        let area = |lines: &[Vec<PixelPoint>]| -> f64 {
            let twice = |line: &Vec<PixelPoint>| -> f64 {
                line.iter().zip(line.iter().cycle().skip(1)).map(|(a, b)| a.0.perp_dot(b.0)).sum()
            };
            lines.iter().map(twice).sum::<f64>().abs() / 2.0
        };
        let spacing = drive.shown().frame.plane.expect("a plane").spacing().pixel_area_mm2();
        let (body, margin) = (area(&outlines.body) * spacing, area(&outlines.margin) * spacing);
        assert!(body > 500.0 && margin > 3.0 * body, "{cut:?}: {body} mm2, {margin} mm2");
    }
    drive.apply(Action::GoToSlice(FIRST, 0));
    assert!(drive.session.marks(FIRST).is_empty(), "far from it nothing shows");
}

#[test]
fn the_mask_of_one_lesion_takes_nothing_of_another() {
    let (mut drive, truths) = both_dates();
    grow(&mut drive, &truths[0], 0.0);
    let first = last(&drive);
    let before = value(&values(&drive, first), QuantityKind::Volume);
    drive.apply(Action::NewLesion(isodense::case::Lesion::new("other")));
    drive.apply(Action::Choose(Tool::Brush));
    let at = pixel(&drive, PatientPoint(truths[0].center.0 - glam::DVec3::X * 70.0));
    drive.apply(Action::Place(FIRST, Pointer::Press(at)));
    drive.apply(Action::Place(FIRST, Pointer::Release(at, Moved::No)));
    let second = drive.session.case().measurement(last(&drive)).expect("a second mask");
    assert_ne!(second.id, first);
    assert_eq!(second.lesion, Some(drive.session.case().lesions[1].id));
    assert!((value(&values(&drive, first), QuantityKind::Volume) - before).abs() < 1e-12);
}

#[test]
fn a_mask_is_copied_to_another_series_of_its_space_and_reads_its_density() {
    let center = PatientPoint::new(46.0, -61.0, 22.0);
    let mut drive = Drive::open(&[super::sample("2015-05-12_CT"), super::sample("2015-05-12_MR_T1C")]);
    for what in ["CT", "T1 SE with contrast"] {
        let series = drive.series("20150512", what);
        drive.show(&series.key());
        drive.wait("it is loaded", |session| session.library().loaded(&series) == series.frames.len());
    }
    drive.apply(Action::PointAt(FIRST, center));
    drive.apply(Action::SetBrush(6.0));
    drive.apply(Action::ToggleBall);
    drive.apply(Action::Choose(Tool::Brush));
    let at = pixel(&drive, center);
    drive.apply(Action::Place(FIRST, Pointer::Press(at)));
    drive.apply(Action::Place(FIRST, Pointer::Release(at, Moved::No)));
    let on_mr = value(&values(&drive, last(&drive)), QuantityKind::Volume);
    let ct = drive.series("20150512", "CT");
    drive.show(&ct.key());
    drive.apply(Action::CopyMask);
    drive.settle();
    let copy = values(&drive, last(&drive));
    let (volume, mean) = (value(&copy, QuantityKind::Volume), value(&copy, QuantityKind::Mean));
    assert!((volume / on_mr - 1.0).abs() < 0.15, "{volume} mL of {on_mr} mL on slices twice as thick");
    assert!((mean - 38.0).abs() < 1.5, "{mean} HU");
}

#[test]
fn a_large_mask_is_changed_beside_the_reader_and_escape_stops_it() {
    let (mut drive, truths) = both_dates();
    drive.apply(Action::SetBrush(100.0));
    drive.apply(Action::ToggleBall);
    drive.apply(Action::Choose(Tool::Brush));
    let at = pixel(&drive, PatientPoint(truths[0].center.0 - glam::DVec3::X * 46.0));
    drive.apply(Action::Place(FIRST, Pointer::Press(at)));
    drive.apply(Action::Place(FIRST, Pointer::Release(at, Moved::No)));
    let id = last(&drive);
    let mask =
        |drive: &Drive| drive.session.case().measurement(id).expect("it stays").mask.clone().expect("voxels");
    let before = mask(&drive);
    drive.apply(Action::ChangeMask(MaskChange::Enlarge(isodense::geometry::Mm(1.0))));
    assert!(Arc::ptr_eq(&before, &mask(&drive)), "it is not waited for");
    drive.apply(Action::Escape);
    assert!(drive.has_notice("The change was stopped."));
    drive.apply(Action::ChangeMask(MaskChange::Enlarge(isodense::geometry::Mm(1.0))));
    drive.wait("it is larger", |session| session.history().undo_name() == Some("enlarge mask"));
    assert!(mask(&drive).voxels.count() > before.voxels.count());
    drive.apply(Action::Undo);
    assert!(Arc::ptr_eq(&before, &mask(&drive)), "one step");
}

/// Both dates as a reader would mark them: the first where it enhances, the second on CT. Every extent is within half a
/// voxel of the truth in all, not only at each end; the density of the first is that of its copy on CT.
#[test]
fn the_ledger_reads_what_the_truth_says_by_masks_alone() {
    let truths = super::truths();
    let folders = ["2015-05-12_MR_T1C", "2015-05-12_CT", "2017-09-28_CT"].map(super::sample);
    let mut drive = Drive::open(&folders);
    drive.apply(Action::NewLesion(isodense::case::Lesion::new("frontal")));
    for (column, (truth, what)) in truths.iter().zip(["T1 SE with contrast", "CT"]).enumerate() {
        let series = drive.series(truth.date, what);
        drive.show(&series.key());
        drive.wait("it is loaded", |session| session.library().loaded(&series) == series.frames.len());
        drive.apply(Action::PointAt(FIRST, truth.center));
        let middle = drive.shown().index;
        for off in -5..=5 {
            drive.apply(Action::GoToSlice(FIRST, middle.saturating_add_signed(off)));
            paint_slice(&mut drive, truth);
        }
        let ledger = drive.session.ledger();
        let cell = &ledger.rows[0].1[column];
        let mut axes = truth.axes.map(|axis| axis.0);
        axes.sort_by(|a, b| b.total_cmp(a));
        let spacing = series.frames[0].spacing.expect("a spacing");
        let in_slice = spacing.between_rows.0.max(spacing.between_columns.0) / 2.0;
        for (measured, (axis, most)) in cell.size.iter().zip(axes.into_iter().zip([2.0, in_slice, in_slice]))
        {
            let off = measured.quantity.value - axis;
            assert!(off.abs() <= most, "{off} mm off {axis} mm");
        }
        let volume = cell.volume.as_ref().expect("a volume").quantity.value;
        assert!((volume / truth.volume_ml - 1.0).abs() < 0.03, "{volume} mL");
        if what != "CT" {
            let ct = drive.series(truth.date, "CT");
            drive.show(&ct.key());
            drive.apply(Action::CopyMask);
            let copy = last(&drive);
            drive.wait("it has values", |session| session.values(copy).is_some_and(Result::is_ok));
        }
        let ledger = drive.session.ledger();
        let density = ledger.rows[0].1[column].density.as_ref().expect("a density").quantity.clone();
        assert_eq!(density.unit.label(), "HU");
        assert!((density.value - truth.hu).abs() < 1.0, "{} HU", density.value);
    }
}

/// The volume of a margin that the slices do not hold whole is never shown as if it were whole.
#[test]
fn a_margin_that_the_slices_cut_off_says_so_wherever_its_volume_shows() {
    let (mut drive, truths) = both_dates();
    drive.apply(Action::SetBrush(6.0));
    drive.apply(Action::ToggleBall);
    drive.apply(Action::Choose(Tool::Brush));
    // 20 mm around the first slice go on below it.
    drive.apply(Action::GoToSlice(FIRST, 0));
    let at = pixel(&drive, truths[0].center);
    drive.apply(Action::Place(FIRST, Pointer::Press(at)));
    drive.apply(Action::Place(FIRST, Pointer::Release(at, Moved::No)));
    let id = last(&drive);
    drive.apply(Action::ToggleMargin);
    drive.wait("the margin is there", |session| {
        session.values(id).is_some_and(|values| {
            values.as_ref().is_ok_and(|list| list.iter().any(|q| q.kind == QuantityKind::MarginVolume))
        })
    });
    let found = values(&drive, id);
    let margin = isodense::case::Quantity::find(&found, QuantityKind::MarginVolume).expect("a margin");
    assert_eq!(margin.unit.label(), "mL (cut off)");
    let cut = format!("with its margin {:.1} mL (cut off)", margin.value);
    let style = isodense::case::LabelStyle::default();
    assert!(isodense::case::label_lines(&found).contains(&cut), "{found:?}");
    assert!(isodense::case::mask_lines(&found, style).contains(&cut));
    let table = drive.session.measurement_table();
    let of = |name: &str| {
        let at = table.columns.iter().position(|column| column == name).expect("a column");
        table.rows[0][at].clone()
    };
    assert_eq!(of("margin_cut_off"), serde_json::json!(true));
    assert!(of("margin_volume_ml").is_number());
    // In the notes, and of the same case without a window.
    drive.apply(Action::Commit(isodense::case::Edit::SetNotes(format!(
        "{{{{measurement:{}#margin_volume}}}}",
        id.0
    ))));
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("case.json");
    drive.apply(Action::SaveCase(path.clone()));
    let run = |command: &[&str]| {
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let words = ["isodense"].iter().chain(command).copied().chain([path.to_str().expect("a path")]);
        isodense::cli::run(words.map(Into::into), &mut out, &mut err, false);
        String::from_utf8(out).expect("text")
    };
    let said = run(&["verify"]);
    assert!(said.contains("mL (cut off)\n") && said.contains("as recorded"), "{said}");
    let said = run(&["measure", "--json"]);
    assert!(said.contains("\"margin_cut_off\": true") || said.contains("\"margin_cut_off\":true"), "{said}");
    // One that is whole says nothing of the kind.
    let (mut drive, truths) = both_dates();
    grow(&mut drive, &truths[0], 4.0);
    let id = last(&drive);
    drive.apply(Action::ToggleMargin);
    drive.wait("the margin is there", |session| {
        session.values(id).is_some_and(|values| {
            values.as_ref().is_ok_and(|list| list.iter().any(|q| q.kind == QuantityKind::MarginVolume))
        })
    });
    assert!(!isodense::case::label_lines(&values(&drive, id)).join(" ").contains("cut off"));
}
