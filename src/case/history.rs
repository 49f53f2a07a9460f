use std::collections::VecDeque;
use std::sync::Arc;

use super::{Case, Edit, EditError};

/// How many steps can be undone.
const STEPS: usize = 200;

#[derive(Debug, Clone)]
struct Step {
    case: Arc<Case>,
    /// What the edit between this case and its neighbour towards the present does.
    what: String,
}

/// The case now, and every case it was: undo by value.
#[derive(Debug, Clone, Default)]
pub struct History {
    past: VecDeque<Step>,
    present: Arc<Case>,
    future: Vec<Step>,
}

impl History {
    /// A history that starts at a case.
    pub fn starting_at(case: Case) -> Self {
        Self { present: Arc::new(case), ..Self::default() }
    }

    /// The case now. Two equal pointers are the same state.
    pub fn present(&self) -> &Arc<Case> {
        &self.present
    }

    /// Does an edit: the only way a case changes (invariant 3). An edit that changes nothing is no step.
    pub fn commit(&mut self, edit: Edit) -> Result<(), EditError> {
        let what = edit.describe(&self.present);
        let next = self.present.with(edit)?;
        if next == *self.present {
            return Ok(());
        }
        let case = std::mem::replace(&mut self.present, Arc::new(next));
        self.past.push_back(Step { case, what });
        if self.past.len() > STEPS {
            self.past.pop_front();
        }
        self.future.clear();
        Ok(())
    }

    /// What undo would undo, as in "move length".
    pub fn undo_name(&self) -> Option<&str> {
        self.past.back().map(|step| step.what.as_str())
    }

    /// What redo would do again.
    pub fn redo_name(&self) -> Option<&str> {
        self.future.last().map(|step| step.what.as_str())
    }

    /// Goes one step back; says which.
    pub fn undo(&mut self) -> Option<String> {
        let step = self.past.pop_back()?;
        let case = std::mem::replace(&mut self.present, step.case);
        self.future.push(Step { case, what: step.what.clone() });
        Some(step.what)
    }

    /// Goes one step forward again; says which.
    pub fn redo(&mut self) -> Option<String> {
        let step = self.future.pop()?;
        let case = std::mem::replace(&mut self.present, step.case);
        self.past.push_back(Step { case, what: step.what.clone() });
        Some(step.what)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::{Kind, Measurement, MeasurementId, Points};
    use crate::geometry::PixelPoint;
    use crate::image::{FrameRef, SopInstanceUid};
    use proptest::prelude::*;

    fn points(column: f64) -> Points {
        Points::Pixel {
            frame: FrameRef { sop_instance: SopInstanceUid::new("1.2.3"), frame_number: 2 },
            points: vec![PixelPoint::new(column, 3.5), PixelPoint::new(7.25, -1.0)],
        }
    }

    fn edit(which: u8, id: u32, column: f64) -> Edit {
        let id = MeasurementId(id);
        match which {
            0 | 1 => Edit::Add(Measurement::new(Kind::Length, points(column))),
            2 => Edit::Move(id, points(column)),
            3 => Edit::Remove(id),
            4 => Edit::SetNotes(format!("note {column}")),
            _ => Edit::Relabel(id, format!("label {column}")),
        }
    }

    #[test]
    fn undo_and_redo_speak_and_a_new_edit_ends_the_future() {
        let mut history = History::default();
        history.commit(edit(0, 0, 1.0)).unwrap();
        history.commit(edit(2, 1, 9.0)).unwrap();
        assert_eq!(history.undo_name(), Some("move length"));
        assert_eq!(history.undo().as_deref(), Some("move length"));
        assert_eq!(history.redo_name(), Some("move length"));
        history.commit(Edit::SetNotes("about 38 HU".to_owned())).unwrap();
        assert_eq!((history.redo_name(), history.undo_name()), (None, Some("edit notes")));
        let gone = history.commit(Edit::Remove(MeasurementId(9)));
        assert_eq!(gone, Err(EditError::NoSuchMeasurement(MeasurementId(9))));
        history.commit(Edit::SetNotes("about 38 HU".to_owned())).unwrap();
        assert_eq!(history.past.len(), 2, "an edit that changes nothing is no step");
    }

    #[test]
    fn points_that_cannot_be_are_refused() {
        let mut history = History::default();
        let wrong = Edit::Add(Measurement::new(Kind::Angle, points(1.0)));
        assert_eq!(history.commit(wrong), Err(EditError::PointCount { kind: Kind::Angle, found: 2 }));
        let nan = Edit::Add(Measurement::new(Kind::Length, points(f64::NAN)));
        assert_eq!(history.commit(nan), Err(EditError::NotFinite(Kind::Length)));
    }

    proptest! {
        #[test]
        fn undoing_all_and_redoing_all_is_identity(
            steps in prop::collection::vec((0..6_u8, 1..5_u32, -9.0..9.0_f64), 0..30)
        ) {
            let mut history = History::default();
            for (which, id, column) in steps {
                let _refused = history.commit(edit(which, id, column));
            }
            let last = history.present().as_ref().clone();
            while history.undo().is_some() {}
            prop_assert_eq!(history.present().as_ref(), &Case::default());
            while history.redo().is_some() {}
            prop_assert_eq!(history.present().as_ref(), &last);
        }
    }
}
