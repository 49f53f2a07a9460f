//! One series in colours over another: which may be, its numbers, its pixels.

use isodense::dicom::write::Syntax;
use isodense::geometry::PatientPoint;
use isodense::image::{Decoded, Voi, Window};
use isodense::render::color_table;
use isodense::session::{Action, Cut, Over, WindowOrigin};
use isodense::view::{ColorMap, Look};

use crate::drive::{CT, Drive, FIRST, sample};
use crate::tiny;

const T1: &str = "2015-05-12_MR_T1";

fn colours(drive: &Drive, point: PatientPoint) -> [u8; 3] {
    let shown = drive.shown();
    let resolved = shown.viewport.view.resolve(shown.frame, drive.session.workspace().size(FIRST));
    let at = resolved.screen_from_pixel(shown.frame.plane.unwrap().pixel_from_patient(point).0).0;
    let picture = drive.session.view_picture(FIRST).unwrap();
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "within the picture")]
    let [r, g, b, _] = picture.pixel(at.x as u32, at.y as u32).unwrap();
    [r, g, b]
}

fn overlaid(drive: &mut Drive, change: impl Fn(&mut Over)) {
    let mut over = drive.viewport().over.clone().unwrap();
    change(&mut over);
    drive.apply(Action::SetOver(FIRST, Some(over)));
}

fn wait_for_over(drive: &mut Drive) {
    drive.wait("every frame of the overlay is there", |session| {
        let shown = session.shown(FIRST).unwrap();
        let (over, series) = session.over(&shown).unwrap();
        session.library().loaded(series) == series.frames.len() && over.window == WindowOrigin::Settled
    });
}

#[test]
fn only_volumes_of_the_same_space_are_offered_and_their_voxels_keep_their_values() {
    let root = tempfile::tempdir().unwrap();
    let other = tiny::write(root.path(), "other", Syntax::Plain);
    let mut drive = Drive::open(&[sample(CT), sample(T1), sample("2015-05-26_CT"), other]);
    let (ct, t1) = (drive.series("20150512", "CT"), drive.series("20150512", "MR"));
    drive.show(&ct.key());
    let offered: Vec<_> = drive.session.overlays_for(FIRST).iter().map(|series| series.key()).collect();
    assert_eq!(offered, [t1.key()], "not itself, not another day's space, not another patient's");
    let foreign = drive.session.first_over(&drive.series("20200229", "other").key());
    drive.apply(Action::SetOver(FIRST, foreign));
    assert!(drive.viewport().over.is_none());
    drive.apply(Action::SetOver(FIRST, drive.session.first_over(&t1.key())));
    wait_for_over(&mut drive);
    // A voxel centre of the overlay has the voxel's own value, whatever the plane it is seen on.
    let frame = &t1.frames[11];
    let point = frame.plane.unwrap().patient_from_pixel(isodense::geometry::PixelPoint::new(97.0, 120.0));
    let samples: &Decoded = drive.session.samples(frame).unwrap();
    let stored = samples.stored(120 * frame.size.columns + 97).unwrap();
    let value = drive.session.over_value(&drive.shown(), point).unwrap();
    assert!((value - frame.transform.value(stored)).abs() < 1e-6 && value > 0.0, "{value} {stored}");
    let far = PatientPoint::new(5000.0, 0.0, 0.0);
    assert_eq!(drive.session.over_value(&drive.shown(), far), None);
    drive.apply(Action::SetCut(FIRST, Cut::Coronal));
    assert!(drive.viewport().over.is_some(), "it stays on another plane");
    drive.apply(Action::SetOver(FIRST, None));
    assert!(drive.viewport().over.is_none());
}

/// The window maps 600 of the MR to the top of its colours: nothing, half or all of it shows.
#[test]
fn opacity_mixes_the_pixels_and_black_lets_everything_through() {
    let mut drive = Drive::open(&[sample(CT), sample(T1)]);
    let (ct, t1) = (drive.series("20150512", "CT").key(), drive.series("20150512", "MR").key());
    drive.show(&ct);
    let shown = drive.shown();
    let plane = shown.frame.plane.unwrap();
    let point = plane.patient_from_pixel(isodense::geometry::PixelPoint::new(128.0, 160.0));
    let grey = colours(&drive, point);
    drive.apply(Action::SetOver(FIRST, drive.session.first_over(&t1)));
    wait_for_over(&mut drive);
    let value = drive.session.over_value(&drive.shown(), point).unwrap();
    // A window of that value's own: a little above the middle everywhere near.
    let look = Look { colors: ColorMap::Viridis, ..Look::with_window(Window::linear(value, value * 40.0)) };
    overlaid(&mut drive, |over| *over = Over { look: look.clone(), opacity: 1.0, ..over.clone() });
    let all = colours(&drive, point);
    let expected = color_table(ColorMap::Viridis)[128];
    assert!((0..3).all(|i| all[i].abs_diff(expected[i]) <= 3), "{all:?} {expected:?}");
    overlaid(&mut drive, |over| over.opacity = 0.25);
    let mixed = colours(&drive, point);
    for i in 0..3 {
        let exact = f64::from(grey[i]) * 0.75 + f64::from(all[i]) * 0.25;
        assert!((f64::from(mixed[i]) - exact).abs() <= 1.0, "{mixed:?} of {grey:?} and {all:?}");
    }
    overlaid(&mut drive, |over| over.opacity = 0.0);
    assert_eq!(colours(&drive, point), grey);
    // What its window shows black is not there.
    let dark = Voi::Window(Window::linear(value * 100.0, value));
    overlaid(&mut drive, |over| {
        *over = Over {
            opacity: 1.0,
            look: Look { voi: dark.clone(), colors: ColorMap::HotIron, ..over.look.clone() },
            ..over.clone()
        }
    });
    assert_eq!(colours(&drive, point), grey);
}

/// Spheres of known uptake on a real CT.
#[test]
fn the_spheres_of_a_pet_over_a_ct_have_their_uptake() {
    let Some(data) = crate::common::data() else { return };
    let text = std::fs::read_to_string(data.join("generated/objects.json")).unwrap();
    let known: serde_json::Value = serde_json::from_str(&text).unwrap();
    let pet = &known["synthetic_pet"][0];
    let mut drive =
        Drive::open(&[data.join(pet["on_ct"].as_str().unwrap()), data.join("generated/petct_synthetic")]);
    let find = |drive: &Drive, modality: &str| {
        let list = drive.session.library().browse();
        let is =
            |s: &&&std::sync::Arc<isodense::image::Series>| s.info.modality == modality && s.frames.len() > 9;
        list.iter().find(is).expect("the series is open").key()
    };
    let (ct, pt) = (find(&drive, "CT"), find(&drive, "PT"));
    drive.show(&ct);
    drive.apply(Action::SetOver(FIRST, drive.session.first_over(&pt)));
    wait_for_over(&mut drive);
    let factor = pet["suv_factor_bw"].as_f64().unwrap();
    for point in pet["points"].as_array().unwrap() {
        let mm: Vec<f64> =
            point["patient_mm"].as_array().unwrap().iter().filter_map(serde_json::Value::as_f64).collect();
        let at = PatientPoint::new(mm[0], mm[1], mm[2]);
        let value = drive.session.over_value(&drive.shown(), at).expect("the PET holds the point");
        let suv = point["SUVbw"].as_f64().unwrap();
        assert!((value * factor - suv).abs() < 1e-6 * suv.max(1.0), "{} is not {suv}", value * factor);
    }
}
