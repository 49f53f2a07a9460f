//! What keys, wheel and toolbar do with planes and the crosshair.

use crate::geometry::{Mm, PatientPoint};
use crate::session::{Action, Session, Tool, ViewportId};
use crate::view::{Reformat, Slab, SlabMode};

/// The plane of a viewport that shows one through a volume.
fn plane(session: &Session, id: ViewportId) -> Option<Reformat> {
    session.shown(id)?.viewport.view.reformat().copied()
}

/// Another thickness, by whole millimetres.
pub(super) fn thicker(session: &Session, id: ViewportId, steps: f64) -> Option<Action> {
    let slab = plane(session, id)?.slab;
    let whole = if steps > 0.0 { slab.thickness.0.floor() } else { slab.thickness.0.ceil() };
    Some(Action::SetSlab(id, Slab { thickness: Mm((whole + steps).max(0.0)), ..slab }))
}

/// Mean, largest, smallest value, and round again.
pub(super) fn next_mode(session: &Session, id: ViewportId) -> Option<Action> {
    let reformat = plane(session, id)?;
    let mode = match reformat.slab.mode {
        SlabMode::Mean => SlabMode::Mip,
        SlabMode::Mip => SlabMode::MinIp,
        SlabMode::MinIp => SlabMode::Mean,
    };
    Some(Action::SetSlab(id, Slab { mode, ..reformat.slab }))
}

/// Turns the plane about the vertical and the horizontal line through the crosshair, by degrees.
pub(super) fn turn(session: &Session, id: ViewportId, across: i8, down: i8) -> Option<Action> {
    let Reformat { plane, .. } = plane(session, id)?;
    let shown = session.shown(id)?;
    let crosshair = session.crosshair_in(&shown.series.space);
    let on_plane = crosshair.filter(|point| plane.distance(*point).0.abs() < 1e-3);
    let about = on_plane.or_else(|| shown.middle())?;
    let turned = plane.turned(about, plane.down, f64::from(across).to_radians());
    Some(Action::SetPlane(id, turned.turned(about, turned.right, f64::from(down).to_radians())))
}

/// The crosshair's key: first its tool, then it goes.
pub(super) fn crosshair(session: &Session) -> Vec<Action> {
    let hidden = session.workspace().crosshair_hidden;
    if session.tool() == Tool::Crosshair && !hidden {
        return vec![Action::ToggleCrosshair, Action::Choose(Tool::Window)];
    }
    let show = hidden.then_some(Action::ToggleCrosshair);
    show.into_iter().chain([Action::Choose(Tool::Crosshair)]).collect()
}

/// A typed point: three numbers, with letters for the side (`R 12.3  P 4  H 88`) or bare in LPS order.
pub(super) fn typed_point(text: &str) -> Option<PatientPoint> {
    let text = text.to_uppercase().replace("MM", " ");
    let mut numbers = [None; 3];
    let mut bare = 0;
    let mut side: Option<(usize, f64)> = None;
    let spaced: String =
        text.chars().flat_map(|c| if c.is_alphabetic() { vec![' ', c, ' '] } else { vec![c] }).collect();
    for word in
        spaced.split(|c: char| c.is_whitespace() || c == ',' || c == ';').filter(|word| !word.is_empty())
    {
        side = match (word, side) {
            ("L", None) => Some((0, 1.0)),
            ("R", None) => Some((0, -1.0)),
            ("P", None) => Some((1, 1.0)),
            ("A", None) => Some((1, -1.0)),
            ("H" | "S", None) => Some((2, 1.0)),
            ("F" | "I", None) => Some((2, -1.0)),
            (number, side) => {
                let (axis, sign) = side.unwrap_or((bare, 1.0));
                let number: f64 = number.parse().ok().filter(|number: &f64| number.is_finite())?;
                let slot = numbers.get_mut(axis)?;
                if slot.is_some() {
                    return None;
                }
                *slot = Some(number * sign);
                bare += 1;
                None
            }
        };
    }
    let [x, y, z] = numbers;
    Some(PatientPoint::new(x?, y?, z?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_point_is_typed_with_letters_or_bare() {
        let point = Some(PatientPoint::new(-12.3, 4.0, 88.0));
        for text in
            ["-12.3, 4, 88", "R 12.3  P 4.0  H 88.0 mm", "r12.3 p4 h88", "H 88 R 12.3 P 4", "-12.3 4 88mm"]
        {
            assert_eq!(typed_point(text), point, "{text}");
        }
        for text in ["", "1 2", "1 2 3 4", "R 1 L 2 H 3", "R 1 P x H 3", "1 2 NaN", "R R 1 2 3"] {
            assert_eq!(typed_point(text), None, "{text}");
        }
    }
}
