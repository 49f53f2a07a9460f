//! The few colours that are drawn on images.

use super::Color;

/// A mark.
pub const MARK: Color = Color([255, 214, 84, 255]);
/// The mark under the pointer.
pub const HOVERED: Color = Color([255, 236, 168, 255]);
/// The selected mark.
pub const SELECTED: Color = Color([92, 214, 255, 255]);
/// A shape that is still being drawn.
pub const DRAFT: Color = Color([92, 214, 255, 255]);
/// Letters and lines of the overlay.
pub const OVERLAY: Color = Color([226, 232, 238, 255]);
/// The letters at the edges.
pub const LETTERS: Color = Color([255, 214, 84, 255]);
/// Badges: something about the image needs care.
pub const BADGE: Color = Color([255, 176, 58, 255]);
/// Overlay planes of the file.
pub const GRAPHIC: Color = Color([120, 226, 160, 255]);
/// The rim of lines and letters.
pub const HALO: Color = Color([0, 0, 0, 190]);
/// The rim of letters: darker, for their strokes are thin.
pub const TEXT_HALO: Color = Color([0, 0, 0, 225]);
/// The crosshair.
pub const CROSSHAIR: Color = Color([92, 214, 255, 255]);
/// Viewports by their place, and the lines that stand for them in the others.
pub const VIEWPORTS: [Color; 6] = [
    Color([240, 110, 110, 255]),
    Color([110, 220, 130, 255]),
    Color([120, 160, 255, 255]),
    Color([250, 200, 90, 255]),
    Color([215, 130, 240, 255]),
    Color([90, 215, 215, 255]),
];
