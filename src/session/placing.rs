//! The one machine that places every shape: points come in, a finished shape comes out.

use crate::case::Kind;

/// What the pointer does, in the coordinates that shapes are placed in.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Pointer<P> {
    /// The button goes down.
    Press(P),
    /// The pointer moves, button up or down.
    Move(P),
    /// The button comes up; `moved` when that was further away than a click's tremble.
    Release(P, Moved),
    /// The shape is finished as it is: double click or Enter.
    Finish,
    /// Drop the shape.
    Cancel,
}

/// Whether the pointer moved between press and release.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Moved {
    /// A click.
    No,
    /// A drag.
    Yes,
}

/// How a kind takes its points.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Manner {
    /// One click.
    Point,
    /// Press, drag, release; or click, move, click.
    Corners,
    /// That many clicks; the first two may be one drag.
    Clicks(usize),
    /// Clicks until it is finished.
    Outline,
    /// One stroke with the button down.
    Stroke,
}

impl Manner {
    fn of(kind: Kind) -> Self {
        match kind {
            Kind::Probe | Kind::Text | Kind::Mask => Self::Point,
            Kind::Length | Kind::Arrow | Kind::Ellipse | Kind::Rectangle | Kind::Bidirectional => {
                Self::Corners
            }
            Kind::Angle | Kind::LineDistance | Kind::MidlineShift | Kind::Height => Self::Clicks(3),
            // Of a three-axis size the two axes in one plane.
            Kind::Cobb | Kind::OpenAngle | Kind::Size => Self::Clicks(4),
            Kind::Polygon => Self::Outline,
            Kind::Freehand => Self::Stroke,
        }
    }
}

/// A shape being placed. The points are the clicks, not yet the points of the kind.
#[derive(Debug, Clone, PartialEq)]
pub struct Placing<P> {
    /// What is drawn.
    pub kind: Kind,
    placed: Vec<P>,
    /// Where the pointer is: the point that is not placed yet.
    moving: Option<P>,
}

impl<P: Copy + PartialEq> Placing<P> {
    /// Nothing placed yet.
    pub fn new(kind: Kind) -> Self {
        Self { kind, placed: Vec::new(), moving: None }
    }

    /// The points so far, the moving one last.
    pub fn points(&self) -> Vec<P> {
        self.placed.iter().copied().chain(self.moving).collect()
    }

    /// Whether something was placed.
    pub fn is_started(&self) -> bool {
        !self.placed.is_empty()
    }

    /// Takes one event; gives the finished clicks when that was the last one, and starts anew.
    pub fn update(&mut self, pointer: Pointer<P>) -> Option<Vec<P>> {
        match pointer {
            Pointer::Cancel => {
                *self = Self::new(self.kind);
                None
            }
            Pointer::Finish => self.finish(),
            Pointer::Press(at) => self.press(at),
            Pointer::Move(at) => {
                self.move_to(at);
                None
            }
            Pointer::Release(at, moved) => self.release(at, moved),
        }
    }

    fn press(&mut self, at: P) -> Option<Vec<P>> {
        self.moving = None;
        match Manner::of(self.kind) {
            Manner::Stroke => self.placed = vec![at],
            Manner::Point | Manner::Corners | Manner::Clicks(_) | Manner::Outline => {
                if self.placed.last() != Some(&at) {
                    self.placed.push(at);
                }
            }
        }
        None
    }

    fn move_to(&mut self, at: P) {
        match Manner::of(self.kind) {
            Manner::Stroke if self.is_started() => self.placed.push(at),
            Manner::Stroke | Manner::Point => {}
            Manner::Corners | Manner::Clicks(_) | Manner::Outline => {
                self.moving = self.is_started().then_some(at);
            }
        }
    }

    fn release(&mut self, at: P, moved: Moved) -> Option<Vec<P>> {
        if !self.is_started() {
            return None;
        }
        self.moving = None;
        match Manner::of(self.kind) {
            Manner::Point => Some(self.take()),
            Manner::Corners => {
                if moved == Moved::Yes && self.placed.len() == 1 {
                    self.placed.push(at);
                }
                if self.placed.len() >= 2 { Some(self.take()) } else { None }
            }
            Manner::Clicks(count) => {
                if moved == Moved::Yes {
                    self.placed.push(at);
                }
                if self.placed.len() >= count { Some(self.take()) } else { None }
            }
            Manner::Outline => None,
            Manner::Stroke => self.finish(),
        }
    }

    fn finish(&mut self) -> Option<Vec<P>> {
        self.moving = None;
        let least = match Manner::of(self.kind) {
            Manner::Outline | Manner::Stroke => 3,
            Manner::Clicks(count) => count,
            Manner::Point => 1,
            Manner::Corners => 2,
        };
        // A double click brings a second press at the same place: it is not another corner.
        self.placed.dedup();
        if self.placed.len() >= least {
            return Some(self.take());
        }
        if Manner::of(self.kind) == Manner::Stroke {
            self.placed.clear();
        }
        None
    }

    fn take(&mut self) -> Vec<P> {
        self.moving = None;
        std::mem::take(&mut self.placed)
    }
}

#[cfg(test)]
mod tests {
    use super::Pointer::{Cancel, Finish, Move, Press, Release};
    use super::*;

    fn run(kind: Kind, events: &[Pointer<i32>]) -> (Vec<Vec<i32>>, Placing<i32>) {
        let mut placing = Placing::new(kind);
        let done = events.iter().filter_map(|event| placing.update(*event)).collect();
        (done, placing)
    }

    #[test]
    fn one_drag_draws_an_ellipse_and_so_do_two_clicks() {
        let drag = [Press(3), Move(5), Move(9), Release(9, Moved::Yes)];
        assert_eq!(run(Kind::Ellipse, &drag).0, [[3, 9]]);
        let clicks = [Press(3), Release(3, Moved::No), Move(7), Press(9), Release(9, Moved::No)];
        assert_eq!(run(Kind::Ellipse, &clicks).0, [[3, 9]]);
    }

    #[test]
    fn an_angle_takes_three_clicks_or_a_drag_and_a_click() {
        let clicks = [
            Press(1),
            Release(1, Moved::No),
            Press(2),
            Release(2, Moved::No),
            Press(3),
            Release(3, Moved::No),
        ];
        assert_eq!(run(Kind::Angle, &clicks).0, [[1, 2, 3]]);
        let drag = [Press(1), Release(2, Moved::Yes), Move(5), Press(3), Release(3, Moved::No)];
        assert_eq!(run(Kind::Angle, &drag).0, [[1, 2, 3]]);
    }

    #[test]
    fn a_polygon_ends_with_a_double_click_and_needs_three_corners() {
        let mut events = vec![Press(1), Release(1, Moved::No), Press(2), Release(2, Moved::No), Finish];
        let (done, placing) = run(Kind::Polygon, &events);
        assert!(done.is_empty() && placing.points() == [1, 2]);
        events.extend([Press(3), Release(3, Moved::No), Press(3), Finish]);
        assert_eq!(run(Kind::Polygon, &events).0, [[1, 2, 3]]);
    }

    #[test]
    fn a_stroke_keeps_its_way_and_escape_drops_it() {
        let stroke = [Press(1), Move(2), Move(4), Move(3), Release(3, Moved::Yes)];
        assert_eq!(run(Kind::Freehand, &stroke).0, [[1, 2, 4, 3]]);
        let (done, placing) = run(Kind::Length, &[Press(1), Move(2), Cancel, Release(2, Moved::Yes)]);
        assert!(done.is_empty() && !placing.is_started());
        let (done, placing) = run(Kind::Freehand, &[Press(1), Release(1, Moved::No)]);
        assert!(done.is_empty() && !placing.is_started(), "a click draws no stroke");
    }
}
