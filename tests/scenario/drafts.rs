//! What the label of a shape says while it is drawn: the very words that it has when it is finished.

use std::fs;

use isodense::case::Kind;
use isodense::dicom::write::Syntax;
use isodense::geometry::PixelPoint;
use isodense::session::placing::{Moved, Pointer};
use isodense::session::{Action, DraftMark, Tool};

use super::drive::{CT, Drive, FIRST, sample};
use super::tiny;

/// Not square, not along an axis.
const CLICKS: [[f64; 2]; 4] = [[12.0, 4.0], [21.0, 9.0], [15.5, 13.0], [18.5, 3.5]];

fn at([column, row]: [f64; 2]) -> PixelPoint {
    PixelPoint::new(column, row)
}

fn put(drive: &mut Drive, pointer: Pointer<PixelPoint>) {
    drive.apply(Action::Place(FIRST, pointer));
}

fn draft(drive: &Drive) -> DraftMark {
    drive.session.draft(FIRST).expect("something is being drawn")
}

fn last_lines(drive: &Drive) -> Vec<String> {
    let last = drive.session.case().measurements.last().expect("it is drawn");
    drive.session.lines_of(last)
}

/// How many clicks a kind takes; `None` for an outline, which has no fixed number.
fn clicks(kind: Kind) -> Option<usize> {
    match kind {
        Kind::Length | Kind::Bidirectional | Kind::Ellipse | Kind::Rectangle => Some(2),
        Kind::Angle | Kind::LineDistance | Kind::MidlineShift | Kind::Height => Some(3),
        Kind::Cobb | Kind::OpenAngle => Some(4),
        Kind::Polygon | Kind::Freehand => None,
        // These have no shape that grows, no value, or a third axis that is looked at by itself.
        Kind::Probe | Kind::Text | Kind::Arrow | Kind::Mask | Kind::Size => Some(0),
    }
}

/// Draws a kind click by click; gives the lines before the last click and after it, and the lines while its first line
/// was in hand.
fn draw(drive: &mut Drive, kind: Kind) -> Option<[Vec<String>; 3]> {
    drive.apply(Action::Choose(Tool::Measure(kind)));
    let count = clicks(kind).unwrap_or(CLICKS.len());
    let (last, before) = CLICKS[..count].split_last()?;
    if kind == Kind::Freehand {
        put(drive, Pointer::Press(at(CLICKS[0])));
        for point in &CLICKS[1..] {
            put(drive, Pointer::Move(at(*point)));
        }
        let live = draft(drive).lines;
        put(drive, Pointer::Release(at(*last), Moved::Yes));
        return Some([live.clone(), last_lines(drive), live]);
    }
    let mut first = Vec::new();
    for (index, point) in before.iter().enumerate() {
        put(drive, Pointer::Move(at(*point)));
        if index == 1 {
            first = draft(drive).lines;
        }
        put(drive, Pointer::Press(at(*point)));
        put(drive, Pointer::Release(at(*point), Moved::No));
    }
    put(drive, Pointer::Move(at(*last)));
    let live = draft(drive);
    assert_eq!(live.pointer, Some(at(*last)), "the label of {} goes with the pointer", kind.name());
    if count == 2 {
        first.clone_from(&live.lines);
    }
    put(drive, Pointer::Press(at(*last)));
    put(drive, Pointer::Release(at(*last), Moved::No));
    if kind == Kind::Polygon {
        put(drive, Pointer::Finish);
    }
    Some([live.lines, last_lines(drive), first])
}

/// One image of 36 x 20 pixels, with its spacing or without any.
#[expect(clippy::disallowed_methods, reason = "a test may leave half a file")]
fn image(folder: &std::path::Path, calibrated: bool) -> Drive {
    let stack = tiny::write(folder, if calibrated { "with" } else { "without" }, Syntax::Plain);
    if !calibrated {
        for file in fs::read_dir(&stack).unwrap().map(|entry| entry.unwrap().path()) {
            let mut bytes = fs::read(&file).unwrap();
            // Pixel Spacing becomes an element that nobody knows.
            let spacing = bytes.windows(6).position(|tag| tag == [0x28, 0, 0x30, 0, b'D', b'S']).unwrap();
            bytes[spacing + 2] = 0x33;
            fs::write(&file, bytes).unwrap();
        }
    }
    Drive::open(&[stack])
}

#[test]
fn every_shape_says_its_value_while_it_is_drawn_as_it_says_it_afterwards() {
    let folder = tempfile::tempdir().unwrap();
    for calibrated in [true, false] {
        let mut drive = image(folder.path(), calibrated);
        let unit = if calibrated { "\u{a0}mm" } else { "\u{a0}px" };
        let mut drawn = 0;
        for kind in Kind::ALL {
            let Some([live, finished, first]) = draw(&mut drive, kind) else { continue };
            drawn += 1;
            assert!(!live.is_empty(), "{} says nothing while it is drawn", kind.name());
            assert_eq!(live, finished, "{}, calibrated: {calibrated}", kind.name());
            assert!(
                first.iter().any(|line| line.contains(unit)),
                "the first line of {} says {first:?}, not {unit}",
                kind.name()
            );
            let other = if calibrated { "\u{a0}px" } else { "\u{a0}mm" };
            let lengths = live.iter().filter(|line| !line.contains("\u{a0}HU") && !line.contains("n ="));
            for line in lengths.filter(|line| !line.starts_with("area ")) {
                assert!(!line.contains(other), "{} says {line:?}", kind.name());
            }
        }
        assert_eq!(drawn, 12);
    }
}

#[test]
fn a_size_of_three_axes_says_every_axis_as_it_comes() {
    let mut drive = Drive::open(&[sample(CT)]);
    drive.apply(Action::Choose(Tool::Measure(Kind::Size)));
    let corners = [[120.0, 140.0], [160.0, 143.0], [151.0, 181.0], [135.0, 120.0]];
    let mut said = Vec::new();
    for point in corners {
        put(&mut drive, Pointer::Move(at(point)));
        said.push(drive.session.draft(FIRST).map_or_else(Vec::new, |draft| draft.lines));
        put(&mut drive, Pointer::Press(at(point)));
        put(&mut drive, Pointer::Release(at(point), Moved::No));
    }
    let axes = |lines: &[String]| lines.first().map_or(0, |line| line.matches('\u{d7}').count() + 1);
    assert_eq!(said.iter().map(|lines| axes(lines)).collect::<Vec<_>>(), [0, 1, 0, 2]);
    assert!(drive.session.wants_third_axis());
    let waiting = drive.session.in_plane_draft(FIRST).expect("two axes are seen").lines;
    assert_eq!(axes(&waiting), 2, "{waiting:?}");
    assert_eq!(waiting, said[3], "what was said at the last point is what was drawn");
    drive.apply(Action::Scroll(FIRST, -6));
    put(&mut drive, Pointer::Press(at([141.0, 160.0])));
    put(&mut drive, Pointer::Release(at([141.0, 160.0]), Moved::No));
    drive.apply(Action::Scroll(FIRST, 10));
    put(&mut drive, Pointer::Move(at([139.0, 160.0])));
    let live = draft(&drive);
    assert_eq!(axes(&live.lines), 3, "{:?}", live.lines);
    let pointer = live.pointer.expect("the pointer is over the image");
    assert!(pointer.0.distance(at([139.0, 160.0]).0) < 1e-6, "{pointer:?}");
    put(&mut drive, Pointer::Press(at([139.0, 160.0])));
    put(&mut drive, Pointer::Release(at([139.0, 160.0]), Moved::No));
    assert_eq!(last_lines(&drive), live.lines);
}

#[test]
fn a_shape_without_extent_says_nothing() {
    let mut drive = Drive::open(&[sample(CT)]);
    for kind in [Kind::Ellipse, Kind::Length, Kind::Polygon, Kind::Angle] {
        drive.apply(Action::Choose(Tool::Measure(kind)));
        put(&mut drive, Pointer::Press(at([120.0, 140.0])));
        put(&mut drive, Pointer::Move(at([120.1, 140.0])));
        assert!(draft(&drive).lines.is_empty(), "{}", kind.name());
        put(&mut drive, Pointer::Cancel);
    }
    // The tool that only looks for a window measures nothing.
    drive.apply(Action::Choose(Tool::AutoWindow));
    put(&mut drive, Pointer::Press(at([120.0, 140.0])));
    put(&mut drive, Pointer::Move(at([150.0, 170.0])));
    assert!(draft(&drive).lines.is_empty());
}
