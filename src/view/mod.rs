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
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Slice {
    /// A frame as it was acquired.
    Acquired(FrameRef),
    /// A plane cut through the frames of a series.
    Reformat(Reformat),
}

/// A plane cut through a volume.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Reformat {
    /// The plane.
    pub plane: Plane,
    /// Its thickness, and what is shown of it.
    #[serde(default)]
    pub slab: Slab,
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
    /// The frame that an acquired slice shows; `None` of a reformatted plane.
    pub fn acquired(&self) -> Option<&FrameRef> {
        match &self.of {
            Slice::Acquired(frame) => Some(frame),
            Slice::Reformat(_) => None,
        }
    }

    /// The plane that is cut through the volume; `None` of an acquired slice.
    pub fn reformat(&self) -> Option<&Reformat> {
        match &self.of {
            Slice::Acquired(_) => None,
            Slice::Reformat(reformat) => Some(reformat),
        }
    }

    /// The drawing of this view on `frame` (acquired, or computed for the plane), in a viewport of that size.
    pub fn resolve(&self, frame: &Frame, size: ViewportSize) -> Resolved {
        Resolved::new(frame, &self.framing, size)
    }
}
