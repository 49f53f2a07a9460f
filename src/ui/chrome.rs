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
    /// Lesions by time points; until the reader says so it is open when the case has lesions.
    pub(super) ledger: Option<bool>,
}

impl Chrome {
    /// Whether the ledger is open.
    pub(super) fn shows_ledger(self, lesions: usize) -> bool {
        self.ledger.unwrap_or(lesions > 0)
    }
}

impl Default for Chrome {
    fn default() -> Self {
        Self { browser: true, notes: true, ledger: None }
    }
}
