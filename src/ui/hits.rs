//! What of the drawings is under the pointer: that depends on what the tool in the hand is for.

use crate::case::Kind;
use crate::render::{Hit, MarkDrawing, Part, hit_test};
use crate::session::{Session, Tool};
use crate::view::ScreenPoint;

/// Whether the tool points at a place: what was drawn there does not stand in its way.
pub(super) fn points(tool: Tool) -> bool {
    matches!(tool, Tool::Crosshair | Tool::Density | Tool::Measure(Kind::Probe))
}

/// The drawing under the pointer that a press would take hold of.
///
/// A tool that points sees only the handles of the selected measurement, so that a lesion can be pointed at although it
/// was measured. With Ctrl (`selects`) it takes hold of whatever is there, as without a tool.
pub(super) fn under(
    session: &Session,
    drawings: &[MarkDrawing],
    at: ScreenPoint,
    reach_px: f64,
    selects: bool,
) -> Option<Hit> {
    if selects || !points(session.tool()) {
        return hit_test(drawings, at, reach_px);
    }
    let selected = session.selected()?;
    let index = drawings.iter().position(|drawing| drawing.id == Some(selected))?;
    let hit = hit_test(drawings.get(index..=index)?, at, reach_px)?;
    matches!(hit.part, Part::Handle(_)).then_some(Hit { index, part: hit.part })
}
