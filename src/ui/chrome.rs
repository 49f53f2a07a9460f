//! Which panels are open, and what the pointer is over.

use crate::geometry::PixelPoint;
use crate::session::ViewportId;

/// What the pointer is over.
#[derive(Debug, Clone, Copy)]
pub(super) struct Hover {
    /// The viewport.
    pub(super) id: ViewportId,
    /// The place, in pixels of the frame shown.
    pub(super) at: PixelPoint,
}

/// Which panels are open.
#[derive(Debug, Clone, Copy)]
pub(super) struct Chrome {
    /// The study browser.
    pub(super) browser: bool,
    /// Measurements and notes.
    pub(super) notes: bool,
}

impl Default for Chrome {
    fn default() -> Self {
        Self { browser: true, notes: true }
    }
}
