//! Planes cut through a volume, and the point that all viewports share.

use std::path::Path;

use glam::DVec2;
use isodense::case::{Kind, Measurement, Points, Quantity, QuantityKind};
use isodense::export::{ExportOptions, OutputSize};
use isodense::geometry::{Mm, PatientPoint, PixelPoint};
use isodense::image::{Samples, Voi, Window};
use isodense::session::placing::{Moved, Pointer};
use isodense::session::{
    Action, Cut, GateAction, Leaving, LineOf, Readiness, Tool, ViewportId, WindowOrigin,
};
use isodense::view::{Look, Plane, Slab, SlabMode, ViewportSize};
use tempfile::TempDir;

use crate::drive::{CT, Drive, FIRST, assert_nameless, sample};
use crate::tiny;

const ALL: [ViewportId; 4] = [ViewportId(0), ViewportId(1), ViewportId(2), ViewportId(3)];
const T1: &str = "2015-05-12_MR_T1";
const CORONAL: ViewportId = ViewportId(1);

/// The sample's CT in three planes and a free one, with all of its pixels.
fn planes() -> Drive {
    let mut drive = Drive::open(&[sample(CT)]);
    drive.apply(Action::ShowPlanes(FIRST));
    drive.wait("every plane has its volume", |session| {
        ALL.iter().all(|id| session.readiness(*id) == Readiness::Ready)
    });
    drive
}

/// A point in the left half of the sample's head.
const POINT: PatientPoint = PatientPoint::new(21.3, -30.7, 40.2);

fn plane(drive: &Drive, id: ViewportId) -> Plane {
    drive.session.shown(id).unwrap().viewport.view.reformat().unwrap().plane
}

/// Every plane goes through the point, and in every viewport the lines of all others go through its crosshair.
fn crosshair_and_lines_agree(drive: &Drive, point: PatientPoint) {
    for id in ALL {
        assert!(plane(drive, id).distance(point).0.abs() < 1e-9);
        let at = drive.session.crosshair_on(id).unwrap();
        let frame = drive.session.shown(id).unwrap().frame.plane.unwrap();
        assert!(frame.patient_from_pixel(at).distance(point).0 < 1e-9);
        let lines = drive.session.reference_lines(id);
        assert_eq!(lines.iter().filter(|line| line.slice == LineOf::Shown && line.movable).count(), 3);
        for line in lines {
            let [a, b] = line.ends.map(|end| end.0);
            let off = (at.0 - a).perp_dot((b - a).normalize());
            assert!(off.abs() < 1e-6, "{off} pixels from the line of viewport {}", line.of.0);
        }
    }
}

#[test]
fn crosshair_and_lines_agree_at_any_point_on_planes_of_any_direction() {
    let mut drive = planes();
    let middle = drive.shown().series.slices.as_ref().unwrap().middle();
    for step in 0..40_usize {
        let turn = step as f64;
        let off = glam::DVec3::new((turn * 1.3).sin(), (turn * 2.1).cos(), (turn * 0.7).sin());
        let point = PatientPoint(middle.0 + off * glam::DVec3::new(60.0, 70.0, 35.0));
        // Never along an axis, and never two in one direction.
        for (index, id) in ALL.into_iter().enumerate() {
            let lean = 0.37 + turn * 0.11;
            let plane = Plane::coronal(point)
                .turned(point, glam::DVec3::Z, lean + index as f64 * 0.7)
                .turned(point, glam::DVec3::X, 0.23 + lean * 0.6 + index as f64 * 0.31);
            drive.apply(Action::SetPlane(id, plane));
        }
        drive.apply(Action::PointAt(ALL[step % 4], point));
        crosshair_and_lines_agree(&drive, point);
    }
}

#[test]
fn three_planes_and_a_free_one_go_where_the_crosshair_points() {
    let mut drive = planes();
    let names: Vec<_> = ALL.iter().map(|id| plane(&drive, *id).name()).collect();
    assert_eq!(names, ["axial", "coronal", "sagittal", "oblique"]);
    drive.apply(Action::PointAt(FIRST, POINT));
    crosshair_and_lines_agree(&drive, POINT);
    // The wheel goes on by the voxels' own distance, which is not that between pixels.
    let slices = drive.shown().series.slices.clone().unwrap();
    let axial = plane(&drive, FIRST);
    drive.apply(Action::Scroll(FIRST, 2));
    let moved = axial.distance(plane(&drive, FIRST).through).0;
    assert!((moved - 2.0 * slices.between_slices().0).abs() < slices.between_slices().0, "{moved}");
    drive.apply(Action::Scroll(FIRST, 100_000));
    let last = drive.shown();
    assert_eq!(last.index + 1, last.count);
    drive.apply(Action::SetCut(FIRST, Cut::Acquired));
    assert!(drive.shown().viewport.view.acquired().is_some());
}

#[test]
fn a_turned_plane_keeps_its_middle_and_shows_the_slab_that_was_asked_for() {
    let mut drive = planes();
    drive.apply(Action::PointAt(FIRST, POINT));
    let middle = drive.session.shown(CORONAL).unwrap().middle().unwrap();
    let turned = plane(&drive, CORONAL).turned(POINT, glam::DVec3::Z, 0.4);
    drive.apply(Action::SetPlane(CORONAL, turned));
    let now = drive.session.shown(CORONAL).unwrap().middle().unwrap();
    // What was in the middle is there again, but for how far the plane has turned away from it.
    assert!(turned.distance(middle).0.abs() + 1e-6 >= now.distance(middle).0, "{middle:?} {now:?}");
    drive.apply(Action::SetSlab(CORONAL, Slab { thickness: Mm(12.5), mode: SlabMode::Mip }));
    let shown = drive.session.shown(CORONAL).unwrap();
    assert_eq!(shown.viewport.view.reformat().unwrap().slab.thickness, Mm(12.5));
    assert_eq!(shown.frame.thickness, Some(Mm(12.5)));
    let thick = drive.session.values_shown(CORONAL).unwrap();
    // Under the pointer is what the picture shows, not the value in its middle.
    let (size, frame) = (shown.frame.size, shown.frame.plane.unwrap());
    let (column, row) = (size.columns * 3 / 5, size.rows / 2);
    let point = frame.patient_from_pixel(PixelPoint::new(column as f64, row as f64));
    let value = drive.session.value_on_plane(&shown, shown.series, point).unwrap();
    let Samples::F32(pixels) = &**thick else { panic!("interpolated values") };
    let picture = f64::from(pixels[row * size.columns + column]);
    assert!((value - picture).abs() < 0.5, "{value} under the pointer, {picture} in the picture");
    drive.apply(Action::SetSlab(CORONAL, Slab::default()));
    let thin = drive.session.values_shown(CORONAL).unwrap();
    let high = |samples: &isodense::image::Decoded| samples.stored_range().unwrap().1;
    assert!(high(&thick) >= high(&thin));
    assert_ne!(thick, thin);
}

/// Draws an ellipse of so many mm around a point on what a viewport shows.
fn ellipse(drive: &mut Drive, id: ViewportId, around: PatientPoint, radius: f64) {
    let frame = drive.session.shown(id).unwrap().frame.plane.unwrap();
    let middle = frame.pixel_from_patient(around).0.0;
    let reach = DVec2::splat(radius) / frame.spacing().between_rows.0;
    drive.apply(Action::Choose(Tool::Measure(Kind::Ellipse)));
    drive.apply(Action::Place(id, Pointer::Press(PixelPoint(middle - reach))));
    drive.apply(Action::Place(id, Pointer::Move(PixelPoint(middle + reach))));
    drive.apply(Action::Place(id, Pointer::Release(PixelPoint(middle + reach), Moved::Yes)));
}

/// The middle of the lesion that the sample's case measures.
fn lesion() -> PatientPoint {
    let case = isodense::store::load_case(&sample("case.json")).unwrap();
    let first = case.measurements.iter().find(|m| m.kind == Kind::Ellipse).unwrap();
    let Points::Patient { points, .. } = &first.points else { panic!("in the patient") };
    points[0]
}

/// `isodense measure CASE.json` says the same numbers, and on what plane.
fn measured_by_the_command_line(case: &Path, values: &[Quantity]) {
    let run = std::process::Command::new(env!("CARGO_BIN_EXE_isodense"))
        .args(["measure".as_ref(), case.as_os_str(), "--json".as_ref()])
        .output()
        .unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    let found: serde_json::Value = serde_json::from_slice(&run.stdout).unwrap();
    let first = &found["measurements"][0];
    for (name, kind) in
        [("mean", QuantityKind::Mean), ("sd", QuantityKind::Sd), ("area_mm2", QuantityKind::Area)]
    {
        let expected = Quantity::find(values, kind).unwrap().value;
        assert!((first[name].as_f64().unwrap() - expected).abs() < 1e-9, "{name}: {first}");
    }
    let down = first["plane"]["plane"]["down"].clone();
    assert_eq!(down, serde_json::json!([0.0, 0.0, -1.0]), "{first}");
    assert!(first.get("sop_instance_uid").is_none(), "no image: {first}");
}

#[test]
fn what_is_drawn_on_a_plane_has_its_values_and_outlives_the_program() {
    let mut drive = planes();
    let lesion = lesion();
    drive.apply(Action::PointAt(FIRST, lesion));
    ellipse(&mut drive, CORONAL, lesion, 4.0);
    let drawn: Measurement = drive.session.case().measurements[0].as_ref().clone();
    assert_eq!(drawn.points.drawn_on(), None, "no acquired frame");
    assert_eq!(drawn.drawn_on_plane.as_ref().unwrap().reformat.plane.name(), "coronal");
    let values = drive.session.values(drawn.id).unwrap().clone().unwrap();
    let value = |kind| Quantity::find(&values, kind).unwrap().value;
    let mean = value(QuantityKind::Mean);
    // The sample's lesion is about 38 HU.
    assert!((mean - 38.0).abs() < 4.0, "{mean} HU");
    assert!((value(QuantityKind::Area) - std::f64::consts::PI * 16.0).abs() < 0.01);
    let finest = drive.shown().series.slices.as_ref().unwrap().finest().0;
    let expected = value(QuantityKind::Area) / (finest * finest);
    assert!((value(QuantityKind::Count) / expected - 1.0).abs() < 0.05);
    // It shows in the planes that hold it: here, and not in those across it or a slice further.
    let on = |drive: &Drive, id: ViewportId| drive.session.marks(id).len();
    assert_eq!(ALL.map(|id| on(&drive, id)), [0, 1, 0, 0]);
    drive.apply(Action::Scroll(CORONAL, 3));
    assert_eq!(on(&drive, CORONAL), 0);

    let folder = TempDir::new().unwrap();
    let path = folder.path().join("case.json");
    drive.apply(Action::SaveCase(path.clone()));
    let bytes = std::fs::read(&path).unwrap();
    assert_nameless("the case", &bytes);
    measured_by_the_command_line(&path, &values);
    let mut again = Drive::new();
    again.apply(Action::OpenCase(path));
    again.settle();
    again.apply(Action::GoToMeasurement(drawn.id));
    again.wait("its volume is there", |session| session.values(drawn.id).is_some_and(Result::is_ok));
    // The layout came back with the case: the viewport that shows coronal planes goes there.
    let active = again.session.workspace().active;
    assert_eq!(active, CORONAL);
    assert_eq!(plane(&again, active), drawn.drawn_on_plane.as_ref().unwrap().reformat.plane);
    assert_eq!(again.session.values(drawn.id).unwrap().as_ref(), Ok(&values));
    assert_eq!(on(&again, active), 1);
}

#[test]
fn a_series_that_is_no_volume_says_why() {
    let root = TempDir::new().unwrap();
    let folder = tiny::write(root.path(), "one", isodense::dicom::write::Syntax::Plain);
    let mut files: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    for file in &files[1..] {
        std::fs::remove_file(file).unwrap();
    }
    let mut drive = Drive::open(&[folder]);
    drive.apply(Action::SetCut(FIRST, Cut::Coronal));
    assert!(drive.shown().viewport.view.acquired().is_some());
    let said = drive.session.notices().last().unwrap();
    assert!(said.details.contains("there is only one image"), "{}", said.details);
    // A point in space is still a point: nothing else to go to, nothing breaks.
    drive.apply(Action::PointAt(FIRST, POINT));
    drive.apply(Action::PointAt(FIRST, PatientPoint::new(f64::NAN, 0.0, 0.0)));
    assert_eq!(drive.session.crosshair().unwrap().point, POINT);
}

#[test]
fn a_stack_of_three_slices_is_a_volume_with_its_own_distances() {
    let root = TempDir::new().unwrap();
    let folder = tiny::write(root.path(), "three", isodense::dicom::write::Syntax::Plain);
    let mut drive = Drive::open(&[folder]);
    let slices = drive.shown().series.slices.clone().unwrap();
    // 4 mm along the normal (0, 0.28, 0.96): upright slices of 0.4 x 0.7 mm pixels.
    assert!((slices.between_slices().0 - 4.0).abs() < 1e-4 && (slices.finest().0 - 0.4).abs() < 1e-9);
    drive.apply(Action::SetCut(FIRST, Cut::Sagittal));
    drive.wait("the volume is there", |session| session.readiness(FIRST) == Readiness::Ready);
    let values = drive.session.values_shown(FIRST).unwrap();
    assert!(values.stored_range().is_some());
    let picture = drive.session.view_picture(FIRST).unwrap();
    assert!(picture.pixels.iter().any(|pixel| pixel[0] > 0));
}

#[test]
fn the_command_line_draws_the_very_picture_of_the_viewport() {
    let folder = TempDir::new().unwrap();
    let (ours, theirs) = (folder.path().join("window.png"), folder.path().join("command.png"));
    let mut drive = Drive::open(&[sample(CT), sample(T1)]);
    let (ct, t1) = (drive.series("20150512", "CT"), drive.series("20150512", "MR"));
    drive.show(&ct.key());
    // Double oblique, 12 mm of maxima, the MR in colours over it.
    let plane =
        Plane::coronal(lesion()).turned(lesion(), glam::DVec3::Z, 0.4).turned(lesion(), glam::DVec3::X, 0.3);
    let slab = Slab { thickness: Mm(12.0), mode: SlabMode::Mip };
    drive.apply(Action::SetCut(FIRST, Cut::Coronal));
    drive.apply(Action::SetPlane(FIRST, plane));
    drive.apply(Action::SetSlab(FIRST, slab));
    drive.apply(Action::SetOver(FIRST, drive.session.first_over(&t1.key())));
    let look = Look { voi: Voi::Window(Window::linear(60.0, 300.0)), ..drive.viewport().view.look.clone() };
    drive.apply(Action::SetLook(FIRST, look));
    // A viewport of the plane's own shape shows what the command line shows.
    let shown = drive.shown();
    let spacing = shown.frame.display_spacing();
    let size = shown.frame.size;
    let [width, height] =
        [size.columns as f64 * spacing.between_columns.0, size.rows as f64 * spacing.between_rows.0];
    let scale = 4096.0 / width.max(height);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "up to 4096")]
    let [width, height] = [width, height].map(|mm| (mm * scale).round() as u32);
    drive.apply(Action::Resized(FIRST, ViewportSize { width, height }));
    drive.apply(Action::Fit(FIRST));
    drive.wait("both volumes are there", |session| {
        let shown = session.shown(FIRST).unwrap();
        let over = session.over(&shown).is_some_and(|(over, series)| {
            let whole = session.library().loaded(series) == series.frames.len();
            whole && over.window == WindowOrigin::Settled
        });
        over && session.readiness(FIRST) == Readiness::Ready
    });
    drive.settle();
    let options =
        ExportOptions { size: OutputSize::Pixels { width: 400, dpi: 150.0 }, ..ExportOptions::default() };
    drive.apply(Action::Leave(Leaving::View(FIRST, ours.clone(), options)));
    drive.wait("the reader is asked", |session| session.asked_at_gate().is_some());
    let gate = drive.session.asked_at_gate().unwrap();
    let [face] = gate.findings.as_slice() else { panic!("a thick slab may show the face: {gate:?}") };
    let key = face.key.clone();
    drive.apply(Action::Gate(GateAction::Keep(key.clone())));
    drive.apply(Action::Gate(GateAction::GoOn));
    drive.wait("the picture is written", |_| ours.exists());

    let numbers = |v: glam::DVec3| format!("{},{},{}", v.x, v.y, v.z);
    let named = [plane.through.0, plane.right, plane.down].map(numbers).join(";");
    let run = std::process::Command::new(env!("CARGO_BIN_EXE_isodense"))
        .args(["render", "--series", ct.info.uid.as_str(), "--plane", &named])
        .args(["--slab", "12", "--mode", "mip", "--overlay", t1.info.uid.as_str()])
        .args(["--window", "60,300", "--width-px", "400", "--keep", &key, "-o"])
        .arg(&theirs)
        .args([sample(CT), sample(T1)])
        .output()
        .unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    let (ours, theirs) = (std::fs::read(ours).unwrap(), std::fs::read(theirs).unwrap());
    assert!(ours.len() > 20_000, "a picture, not an empty plane: {} bytes", ours.len());
    assert!(ours == theirs, "{} and {} bytes", ours.len(), theirs.len());
}

#[test]
fn no_picture_leaves_before_all_that_it_is_made_from_is_there() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("early.png");
    let mut drive = Drive::open(&[sample(CT), sample(T1)]);
    let t1 = drive.series("20150512", "MR");
    drive.apply(Action::ShowSeries(FIRST, t1.key()));
    drive.apply(Action::SetCut(FIRST, Cut::Coronal));
    assert_ne!(drive.session.readiness(FIRST), Readiness::Ready, "there is nothing to test");
    drive.apply(Action::Leave(Leaving::View(FIRST, path.clone(), ExportOptions::default())));
    let said = &drive.session.notices().last().unwrap().summary;
    assert!(said.contains("images that it is made from are loaded yet"), "{said}");
    assert!(drive.session.view_picture(FIRST).is_err() && !path.exists());
    drive.wait("the volume is there", |session| session.readiness(FIRST) == Readiness::Ready);
    drive.apply(Action::Leave(Leaving::View(FIRST, path.clone(), ExportOptions::default())));
    drive.wait("the picture is written", |_| path.exists());
}
