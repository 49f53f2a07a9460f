//! Which part is shown, and how? A [`View`] is durable and in patient units; [`Resolved`] is one drawing of it.

mod framing;
mod look;
mod plane;
mod preset;
mod resolved;

use serde::{Deserialize, Serialize};

pub use framing::Framing;
pub use look::{ColorMap, Look};
pub use plane::{Interpolation, Plane, Slab, SlabMode};
pub use preset::{Preset, standard_presets};
pub use resolved::{Resolved, ScreenPoint, ViewportSize};

use crate::image::{Frame, FrameRef};

/// What is sliced.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Slice {
    /// A frame as it was acquired.
    Acquired(FrameRef),
}

/// One view of a series: slice, framing and look. The only durable state of a viewport.
#[derive(Debug, Clone, PartialEq)]
pub struct View {
    /// What is sliced.
    pub of: Slice,
    /// Which part of the plane is seen.
    pub framing: Framing,
    /// Window, colours, interpolation.
    pub look: Look,
}

impl View {
    /// The frame that an acquired slice shows.
    pub fn frame(&self) -> &FrameRef {
        let Slice::Acquired(frame) = &self.of;
        frame
    }

    /// The drawing of this view on `frame`, in a viewport of that size.
    pub fn resolve(&self, frame: &Frame, size: ViewportSize) -> Resolved {
        Resolved::new(frame, &self.framing, size)
    }
}
