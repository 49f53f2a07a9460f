//! A kept view for tests.

use glam::DVec2;
use serde_json::Map;

use super::{SavedLook, SavedView};
use crate::geometry::Mm;
use crate::image::{FrameRef, SeriesUid, SopInstanceUid};
use crate::view::{Framing, Slice};

/// A part of an acquired image, turned a little.
pub(crate) fn saved_view() -> SavedView {
    SavedView {
        series: SeriesUid::new("1.2.3"),
        part: None,
        slice: Slice::Acquired(FrameRef { sop_instance: SopInstanceUid::new("1.2.3.4"), frame_number: 1 }),
        framing: Framing { center: DVec2::new(3.0, 5.0), height: Mm(40.0), turn: 0.1, mirrored: false },
        fitted: false,
        look: SavedLook::default(),
        over: None,
        extra: Map::new(),
    }
}
