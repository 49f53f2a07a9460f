//! One test for every kind of measurement: placed, drawn, evaluated, saved, changed, undone, deleted.

#![expect(clippy::expect_used, reason = "a test ends where something is missing")]

#[path = "scenario/drive.rs"]
#[expect(dead_code, reason = "shared with scenario.rs, which uses all of it")]
mod drive;

use std::collections::HashSet;
use std::sync::Arc;

use drive::{CT, Drive, FIRST, assert_nameless, sample};
use glam::DVec2;
use isodense::case::{Case, Edit, EvaluateError, Kind, MeasurementId, label_lines};
use isodense::geometry::PixelPoint;
use isodense::render::{MarkDrawing, MarkInput, MarkScene, Style, marks};
use isodense::session::placing::{Moved, Pointer};
use isodense::session::{Action, Grip, GripDrag, MaskChange, Tool};
use isodense::store;
use isodense::view::ScreenPoint;

/// How the pointer places a kind, and what must come of it. No `_` arm: a new kind does not compile.
struct Expected {
    /// Column and row of each click; two for one drag.
    clicks: Vec<[f64; 2]>,
    by: By,
    /// What the label's lines must name, one each.
    units: &'static [&'static str],
    /// Whether single points can be taken hold of.
    handles: bool,
}

#[derive(Clone, Copy, PartialEq)]
enum By {
    Clicks,
    Drag,
    ClicksAndFinish,
    Stroke,
    /// One stroke of the brush.
    Brush,
    /// Four clicks, then one on a slice before and one on a slice after.
    ThreeAxes,
}

fn expected(kind: Kind) -> Expected {
    let drag = vec![[120.0, 140.0], [163.0, 171.0]];
    let outline = vec![[120.0, 140.0], [160.0, 143.0], [151.0, 181.0], [117.0, 166.0]];
    let region: &[&str] = &["mean ", "min ", "area "];
    let with = |clicks, by, units, handles| Expected { clicks, by, units, handles };
    match kind {
        Kind::Probe => with(vec![[130.0, 150.0]], By::Clicks, &[" HU"], true),
        Kind::Length => with(drag, By::Drag, &[" mm"], true),
        Kind::Bidirectional => with(drag, By::Drag, &[" mm", "product "], true),
        Kind::Size => with(outline, By::ThreeAxes, &[" mm", "product "], true),
        Kind::LineDistance | Kind::MidlineShift | Kind::Height => {
            with(outline[..3].to_vec(), By::Clicks, &[" mm"], true)
        }
        Kind::Mask => with(vec![[130.0, 150.0], [141.0, 158.0]], By::Brush, MASK, false),
        Kind::Cobb | Kind::OpenAngle => with(outline, By::Clicks, &["\u{b0}"], true),
        Kind::Angle => with(outline[..3].to_vec(), By::Clicks, &["\u{b0}"], true),
        Kind::Ellipse | Kind::Rectangle => with(drag, By::Drag, region, true),
        Kind::Polygon => with(outline, By::ClicksAndFinish, region, true),
        Kind::Freehand => with(outline, By::Stroke, region, false),
        Kind::Arrow => with(drag, By::Drag, &[], true),
        Kind::Text => with(vec![[130.0, 150.0]], By::Clicks, &[], true),
    }
}

/// What the label of a mask says, line by line.
const MASK: &[&str] = &["mean ", "min ", " mm", "volume ", "in one slice ", "product "];

/// The tool that draws a kind.
fn tool(kind: Kind) -> Tool {
    if kind == Kind::Mask { Tool::Brush } else { Tool::Measure(kind) }
}

fn place(drive: &mut Drive, kind: Kind) {
    drive.apply(Action::Choose(tool(kind)));
    let expected = expected(kind);
    let at: Vec<PixelPoint> = expected.clicks.iter().map(|[c, r]| PixelPoint::new(*c, *r)).collect();
    let (first, last) = (at[0], at[at.len() - 1]);
    let mut events = Vec::new();
    match expected.by {
        By::Drag | By::Brush => events.extend([Pointer::Press(first), Pointer::Move(last)]),
        By::Stroke => {
            events.push(Pointer::Press(first));
            events.extend(at[1..].iter().map(|p| Pointer::Move(*p)));
        }
        By::Clicks | By::ClicksAndFinish | By::ThreeAxes => {
            for p in &at {
                events.extend([Pointer::Move(*p), Pointer::Press(*p), Pointer::Release(*p, Moved::No)]);
            }
        }
    }
    match expected.by {
        By::Drag | By::Stroke | By::Brush => events.push(Pointer::Release(last, Moved::Yes)),
        By::ClicksAndFinish => events.push(Pointer::Finish),
        By::Clicks | By::ThreeAxes => {}
    }
    for event in events {
        drive.apply(Action::Place(FIRST, event));
    }
    if expected.by == By::ThreeAxes {
        third_axis(drive);
    }
}

/// From six slices before to four after, in the same viewport.
fn third_axis(drive: &mut Drive) {
    assert!(drive.session.wants_third_axis() && drive.session.case().measurements.is_empty());
    for (steps, column) in [(-6, 141.0), (10, 139.0)] {
        drive.apply(Action::Scroll(FIRST, steps));
        let at = PixelPoint::new(column, 160.0);
        drive.apply(Action::Place(FIRST, Pointer::Press(at)));
        drive.apply(Action::Place(FIRST, Pointer::Release(at, Moved::No)));
    }
    drive.apply(Action::Scroll(FIRST, -4));
}

fn only(drive: &Drive) -> MeasurementId {
    let all = &drive.session.case().measurements;
    assert_eq!(all.len(), 1);
    all[0].id
}

fn drawing(drive: &Drive) -> MarkDrawing {
    let session = &drive.session;
    let shown = drive.shown();
    let resolved = shown.viewport.view.resolve(shown.frame, session.workspace().size(FIRST));
    let style = &Style::screen(1.0);
    let scene = MarkScene { frame: shown.frame, resolved: &resolved, style, fonts: session.fonts() };
    let list = session.marks(FIRST);
    let inputs: Vec<MarkInput<'_>> = list.iter().map(isodense::session::Mark::input).collect();
    marks(&inputs, &scene).pop().expect("the mark is drawn")
}

fn on_outline(drawing: &MarkDrawing) -> Vec<DVec2> {
    let along = |pair: &[ScreenPoint]| -> Vec<DVec2> {
        (0..=20).map(|step| pair[0].0.lerp(pair[1].0, f64::from(step) / 20.0)).collect()
    };
    drawing.outline.iter().flat_map(|line| line.windows(2)).flat_map(along).collect()
}

fn steps(drive: &mut Drive) -> usize {
    let mut steps = 0;
    while drive.session.history().undo_name().is_some() {
        drive.apply(Action::Undo);
        steps += 1;
    }
    for _ in 0..steps {
        drive.apply(Action::Redo);
    }
    steps
}

/// Takes hold of a part and lets go of it elsewhere; the drag shows before it is in the case.
fn dragged(drive: &mut Drive, id: MeasurementId, grip: Grip, undo_name: &str) {
    let before = Arc::clone(drive.session.case());
    let (from, to) = (PixelPoint::new(130.0, 150.0), PixelPoint::new(137.5, 156.25));
    let label_offset = (grip == Grip::Label).then_some(DVec2::new(11.0, -4.5));
    let drag = GripDrag { id, grip, from, to, label_offset };
    let count = steps(drive);
    drive.apply(Action::DragGrip(FIRST, drag));
    let seen = Arc::clone(&drive.session.marks(FIRST)[0].measurement);
    assert_ne!(*seen, *before.measurements[0], "{grip:?} shows where it would be");
    drive.apply(Action::Escape);
    drive.apply(Action::DropGrip);
    assert!(Arc::ptr_eq(&before, drive.session.case()), "escape leaves the case as it was");
    drive.apply(Action::DragGrip(FIRST, GripDrag { to: from, label_offset: None, ..drag }));
    drive.apply(Action::DragGrip(FIRST, drag));
    drive.apply(Action::DropGrip);
    assert_eq!(drive.session.case().measurements[0], seen, "{grip:?} stays where it showed");
    assert_eq!(drive.session.history().undo_name(), Some(undo_name));
    assert_eq!(steps(drive), count + 1, "one gesture is one step");
    drive.apply(Action::Undo);
    assert_eq!(drive.session.case(), &before);
    drive.apply(Action::Redo);
    assert_eq!(drive.session.case().measurements[0], seen);
}

/// `isodense measure CASE.json` finds the same values, and `verify` finds them as recorded.
fn measured_headless(drive: &mut Drive, id: MeasurementId) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("case.json");
    drive.apply(Action::SaveCase(path.clone()));
    let run = |command: &str| -> serde_json::Value {
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let arguments = ["isodense", command, path.to_str().expect("a path"), "--json"];
        let outcome = isodense::cli::run(arguments.map(Into::into), &mut out, &mut err, false);
        assert_eq!(outcome, isodense::cli::Outcome::Exit(0), "{}", String::from_utf8_lossy(&err));
        serde_json::from_slice(&out).expect("it answers in JSON")
    };
    let headless = &run("measure")["measurements"][0];
    let numbers: Vec<f64> =
        headless.as_object().expect("an object").values().filter_map(serde_json::Value::as_f64).collect();
    let Some(Ok(values)) = drive.session.values(id) else { panic!("it has values") };
    for quantity in values {
        let is_it = |number: &f64| (number - quantity.value).abs() <= 1e-9 * quantity.value.abs().max(1.0);
        assert!(numbers.iter().any(is_it), "{:?} is not in {headless}", quantity.kind);
    }
    let verified = &run("verify")["measurements"][0];
    assert_eq!((&verified["recorded"], &verified["agrees"]), (&true.into(), &true.into()), "{verified}");
}

/// Voxels do not move and have no handles: they are painted, and changed as a whole.
fn change_a_mask(drive: &mut Drive, id: MeasurementId) {
    let before = Arc::clone(drive.session.case());
    let count = steps(drive);
    drive.apply(Action::Select(Some(id)));
    place(drive, Kind::Mask);
    assert_eq!(drive.session.case(), &before, "painting what is painted changes nothing");
    let more = PixelPoint::new(150.0, 170.0);
    for pointer in [Pointer::Press(more), Pointer::Release(more, Moved::No)] {
        drive.apply(Action::Place(FIRST, pointer));
    }
    assert_eq!(drive.session.history().undo_name(), Some("paint mask"));
    drive.apply(Action::ChangeMask(MaskChange::LargestIsland));
    assert_eq!(drive.session.history().undo_name(), Some("keep largest part of mask"));
    assert_eq!(steps(drive), count + 2, "one gesture is one step");
    let voxels = |case: &Case| case.measurements[0].mask.as_ref().map(|mask| mask.voxels.clone());
    assert_eq!(voxels(drive.session.case()), voxels(&before), "the dab was an island of its own");
    drive.apply(Action::Undo);
    drive.apply(Action::Undo);
    assert_eq!(drive.session.case(), &before);
    drive.apply(Action::Choose(Tool::Window));
}

fn survives_the_disk(case: &Case) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("case.json");
    store::save_case(&path, case).expect("it saves");
    assert_eq!(store::load_case(&path).expect("it loads"), *case);
    assert_nameless("the case file", &std::fs::read(&path).expect("it reads"));
}

fn every_step_of_its_life(drive: &mut Drive, kind: Kind) {
    drive.apply(Action::NewCase);
    place(drive, kind);
    if kind == Kind::Text {
        assert!(drive.session.wants_words() && drive.session.case().measurements.is_empty());
        drive.apply(Action::GiveWords(Some("oedema".to_owned())));
    }
    if kind == Kind::Arrow {
        assert!(drive.session.wants_words() && drive.session.case().measurements.len() == 1);
        drive.apply(Action::GiveWords(None));
    }
    assert!(!drive.session.wants_words());
    let (id, expected) = (only(drive), expected(kind));
    let placed = Arc::clone(drive.session.case());
    let points = placed.measurements[0].points.len();
    assert_eq!(drive.session.selected(), Some(id), "what was drawn is selected");
    assert_eq!(drive.session.history().undo_name(), Some(format!("draw {}", kind.name()).as_str()));
    assert!((kind.point_count().0..=kind.point_count().1).contains(&points));

    // It has values, each with a unit.
    let lines = match drive.session.values(id) {
        Some(Ok(values)) => label_lines(values),
        other => panic!("{kind:?} has no values: {other:?}"),
    };
    assert_eq!(lines.len(), expected.units.len(), "{lines:?}");
    for (line, unit) in lines.iter().zip(expected.units) {
        assert!(line.contains(unit), "{unit} is not in {line}");
    }
    if kind.is_region() {
        assert!(
            lines[1].ends_with(" HU") && lines[2].contains(" mm\u{b2}, ") && lines[2].ends_with(" px"),
            "{lines:?}"
        );
    }

    // It is drawn, and its label stands beside it.
    drive.apply(Action::Commit(Edit::Relabel(id, "words".to_owned())));
    drive.apply(Action::Select(Some(id)));
    let drawn = drawing(drive);
    assert_eq!(drawn.id, Some(id));
    assert!(!drawn.list.items.is_empty());
    assert_eq!(drawn.handles.len(), if expected.handles { points } else { 0 });
    let label = drawn.label.expect("words have a place");
    for point in on_outline(&drawn) {
        assert!(!label.contains(point), "{kind:?}: the label covers the shape at {point}");
    }
    assert_eq!(drawn.outline.is_empty(), kind == Kind::Text, "a text is only its words");
    drive.apply(Action::Undo);
    assert_eq!(drive.session.case(), &placed);

    // It is measured headless, and is a row of the table.
    if !expected.units.is_empty() {
        measured_headless(drive, id);
    }
    let table = drive.session.measurement_table();
    assert_eq!((table.rows.len(), &table.rows[0][1]), (1, &kind.name().into()));

    // It changes by one step at a time.
    survives_the_disk(&placed);
    if kind == Kind::Mask {
        change_a_mask(drive, id);
    } else {
        dragged(drive, id, Grip::Body, &format!("move {}", kind.name()));
    }
    // The ends of the third axis are not on this slice.
    let handle = if kind == Kind::Size { 3 } else { points - 1 };
    if kind != Kind::Mask {
        dragged(drive, id, Grip::Handle(handle), &format!("reshape {}", kind.name()));
    }
    dragged(drive, id, Grip::Label, &format!("move label of {}", kind.name()));
    survives_the_disk(drive.session.case());

    // It goes and comes back.
    let last = Arc::clone(drive.session.case());
    drive.apply(Action::Select(Some(id)));
    drive.apply(Action::DeleteSelected);
    assert!(drive.session.case().measurements.is_empty() && drive.session.selected().is_none());
    assert!(drive.session.marks(FIRST).is_empty());
    drive.apply(Action::Undo);
    assert_eq!(drive.session.case(), &last);
    assert!(!matches!(drive.session.values(id), None | Some(Err(EvaluateError::NotOnFrame))));
    drive.apply(Action::Redo);
    assert!(drive.session.case().measurements.is_empty());
    while drive.session.history().undo_name().is_some() {
        drive.apply(Action::Undo);
    }
    assert_eq!(drive.session.case().as_ref(), &Case::default());
}

#[test]
fn every_kind_is_placed_drawn_evaluated_saved_changed_undone_and_deleted() {
    let mut drive = Drive::open(&[sample(CT)]);
    assert_eq!(Kind::ALL.iter().collect::<HashSet<_>>().len(), Kind::ALL.len());
    for kind in Kind::ALL {
        every_step_of_its_life(&mut drive, kind);
    }
}

#[test]
fn escape_drops_every_half_drawn_kind() {
    let mut drive = Drive::open(&[sample(CT)]);
    for kind in Kind::ALL {
        drive.apply(Action::Choose(tool(kind)));
        drive.apply(Action::Place(FIRST, Pointer::Press(PixelPoint::new(90.0, 120.0))));
        drive.apply(Action::Place(FIRST, Pointer::Move(PixelPoint::new(99.0, 128.0))));
        assert!(drive.session.is_drawing());
        drive.apply(Action::Escape);
        assert!(!drive.session.is_drawing() && drive.session.tool() == tool(kind));
        drive.apply(Action::Place(FIRST, Pointer::Release(PixelPoint::new(99.0, 128.0), Moved::Yes)));
        assert!(drive.session.case().is_blank(), "{kind:?} came back after Escape");
        assert!(drive.session.history().undo_name().is_none());
    }
}
