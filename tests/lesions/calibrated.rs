//! An image without a scale takes one from a length that the reader knows.

use isodense::case::{Kind, QuantityKind, label_lines};
use isodense::geometry::{Mm, PixelPoint};
use isodense::session::placing::{Moved, Pointer};
use isodense::session::{Action, Tool};

use super::{Drive, FIRST, drive::sample, last, value, values};

/// An image of the sample whose Pixel Spacing nobody can find any more.
fn without_scale(folder: &std::path::Path) {
    const SPACING: [u8; 6] = [0x28, 0x00, 0x30, 0x00, b'D', b'S'];
    let mut bytes = std::fs::read(sample("2017-09-28_MR_T1/IM018.dcm")).expect("the sample");
    let at = bytes.windows(6).position(|window| window == SPACING).expect("it has a spacing");
    bytes[at + 2] = 0x32;
    let mut file = std::fs::File::create(folder.join("image.dcm")).expect("a file");
    std::io::Write::write_all(&mut file, &bytes).expect("it is written");
}

#[test]
fn a_known_length_gives_the_scale_and_every_value_follows_it() {
    let folder = tempfile::tempdir().expect("a folder");
    without_scale(folder.path());
    let mut drive = Drive::open(&[folder.path().to_owned()]);
    assert_eq!(drive.shown().frame.spacing, None);
    drive.apply(Action::Choose(Tool::Measure(Kind::Length)));
    let (from, to) = (PixelPoint::new(60.0, 90.0), PixelPoint::new(140.0, 90.0));
    for pointer in [Pointer::Press(from), Pointer::Move(to), Pointer::Release(to, Moved::Yes)] {
        drive.apply(Action::Place(FIRST, pointer));
    }
    let id = last(&drive);
    let says = |drive: &Drive| label_lines(&values(drive, id)).join(" ");
    assert_eq!(says(&drive), "80.0 px");
    drive.apply(Action::Calibrate(Mm(50.0)));
    assert_eq!(says(&drive), "50.0 mm (calibrated by hand)");
    assert_eq!(drive.session.history().undo_name(), Some("calibrate image"));
    drive.apply(Action::Undo);
    assert_eq!(says(&drive), "80.0 px");
    drive.apply(Action::Redo);
    // Typed wrong: the same line corrects it, also after the case was opened again.
    let path = folder.path().join("case.json");
    drive.apply(Action::SaveCase(path.clone()));
    let mut drive = Drive::new();
    drive.apply(Action::OpenCase(path.clone()));
    drive.settle();
    drive.wait("it has values", |session| session.values(id).is_some_and(Result::is_ok));
    assert_eq!(says(&drive), "50.0 mm (calibrated by hand)");
    drive.apply(Action::Select(Some(id)));
    drive.apply(Action::Calibrate(Mm(40.0)));
    assert!((value(&values(&drive, id), QuantityKind::Length) - 40.0).abs() < 1e-9);
    assert_eq!(drive.session.case().calibrations.len(), 1);
    drive.apply(Action::SaveCase(path.clone()));
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let arguments = ["isodense", "verify", path.to_str().expect("a path")];
    let outcome = isodense::cli::run(arguments.map(Into::into), &mut out, &mut err, false);
    assert_eq!(outcome, isodense::cli::Outcome::Exit(0), "{}", String::from_utf8_lossy(&out));
    drive.apply(Action::Uncalibrate);
    assert_eq!(says(&drive), "80.0 px");
}
