//! A reader who does anything in any order.

use std::sync::{Mutex, PoisonError};

use isodense::case::{Case, Edit, Kind, MeasurementId};
use isodense::geometry::{Mm, PatientPoint, PixelPoint};
use isodense::session::placing::{Moved, Pointer};
use isodense::session::{Action, Cut, Grip, GripDrag, Layout, Link, Tool};
use isodense::view::{Plane, Slab, SlabMode};
use proptest::prelude::*;

use crate::drive::{CT, Drive, FIRST, sample};

/// One session for all walks: each starts with a new case.
static DRIVE: Mutex<Option<Drive>> = Mutex::new(None);

fn point() -> impl Strategy<Value = PixelPoint> {
    (-5.0..280.0_f64, -5.0..320.0_f64).prop_map(|(column, row)| PixelPoint::new(column, row))
}

fn pointer() -> impl Strategy<Value = Pointer<PixelPoint>> {
    prop_oneof![
        3 => point().prop_map(Pointer::Press),
        2 => point().prop_map(Pointer::Move),
        4 => (point(), any::<bool>())
            .prop_map(|(at, moved)| Pointer::Release(at, if moved { Moved::Yes } else { Moved::No })),
        1 => Just(Pointer::Finish),
        1 => Just(Pointer::Cancel),
    ]
}

fn action() -> impl Strategy<Value = Action> {
    let id = || (0..4_u32).prop_map(MeasurementId);
    let grip = prop_oneof![(0..5_usize).prop_map(Grip::Handle), Just(Grip::Body), Just(Grip::Label)];
    let drag = (id(), grip, point(), point()).prop_map(|(id, grip, from, to)| {
        let label_offset = Some(to.0 - from.0);
        Action::DragGrip(FIRST, GripDrag { id, grip, from, to, label_offset })
    });
    prop_oneof![
        3 => prop::sample::select(Kind::ALL.to_vec()).prop_map(|kind| Action::Choose(Tool::Measure(kind))),
        12 => pointer().prop_map(|pointer| Action::Place(FIRST, pointer)),
        3 => drag,
        3 => Just(Action::DropGrip),
        3 => Just(Action::Undo),
        2 => Just(Action::Redo),
        1 => Just(Action::Escape),
        2 => id().prop_map(|id| Action::Select(Some(id))),
        1 => Just(Action::DeleteSelected),
        1 => id().prop_map(|id| Action::Commit(Edit::Remove(id))),
        1 => (id(), "[a-z]{0,6}").prop_map(|(id, words)| Action::Commit(Edit::Relabel(id, words))),
        1 => "[a-z]{0,6}".prop_map(|notes| Action::Commit(Edit::SetNotes(notes))),
        2 => (-2..3_isize).prop_map(|steps| Action::Scroll(FIRST, steps)),
        1 => id().prop_map(Action::GoToMeasurement),
        2 => elsewhere(),
    ]
}

/// Other planes, other places, other layouts.
fn elsewhere() -> impl Strategy<Value = Action> {
    let place = (-90.0..90.0_f64, -90.0..90.0_f64, -60.0..90.0_f64);
    let place = place.prop_map(|(x, y, z)| PatientPoint::new(x, y, z));
    let turned = |(through, angle): (PatientPoint, f64)| {
        Action::SetPlane(FIRST, Plane::sagittal(through).turned(through, glam::DVec3::Y, angle))
    };
    let slab = (0.0..30.0_f64).prop_map(|mm| Slab { thickness: Mm(mm), mode: SlabMode::Mip });
    let layout = (1..3_usize, 1..3_usize).prop_map(|(columns, rows)| Layout { columns, rows });
    prop_oneof![
        prop::sample::select(Cut::ALL.to_vec()).prop_map(|cut| Action::SetCut(FIRST, cut)),
        (place.clone(), -3.0..3.0_f64).prop_map(turned),
        slab.prop_map(|slab| Action::SetSlab(FIRST, slab)),
        place.prop_map(|place| Action::PointAt(FIRST, place)),
        layout.prop_map(Action::SetLayout),
        Just(Action::MarkKeyImage(FIRST)),
        Just(Action::NextKeyImage),
        Just(Action::NextViewport),
        prop::sample::select(Link::ALL.to_vec()).prop_map(Action::ToggleLink),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn the_invariants_hold_on_any_way(actions in prop::collection::vec(action(), 30)) {
        let mut slot = DRIVE.lock().unwrap_or_else(PoisonError::into_inner);
        let drive = slot.get_or_insert_with(|| Drive::open(&[sample(CT)]));
        drive.apply(Action::NewCase);
        drive.apply(Action::SetLayout(Layout { columns: 1, rows: 1 }));
        drive.apply(Action::SetCut(FIRST, Cut::Acquired));
        drive.apply(Action::GoToSlice(FIRST, 18));
        for action in actions {
            drive.apply(action);
            drive.session.poll();
        }
        let last = drive.session.case().as_ref().clone();
        let mut undone = 0;
        while drive.session.history().undo_name().is_some() {
            drive.apply(Action::Undo);
            undone += 1;
        }
        prop_assert_eq!(drive.session.case().as_ref(), &Case::default());
        prop_assert!(!drive.session.has_unsaved_changes());
        for _ in 0..undone {
            drive.apply(Action::Redo);
        }
        prop_assert_eq!(drive.session.case().as_ref(), &last);
    }
}
