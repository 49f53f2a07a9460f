use glam::{DAffine2, DVec2};

use super::Framing;
use crate::geometry::{Mm, PixelPoint};
use crate::image::{Frame, FrameRef};

/// A viewport's size in physical screen pixels (or output pixels, in a file).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ViewportSize {
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
}

impl ViewportSize {
    /// Width over height.
    pub fn aspect(self) -> f64 {
        f64::from(self.width.max(1)) / f64::from(self.height.max(1))
    }

    /// The middle, in pixels from the corner.
    pub fn middle(self) -> DVec2 {
        DVec2::new(f64::from(self.width), f64::from(self.height)) / 2.0
    }
}

/// A point in a viewport: pixels right and down from its top left **corner**.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ScreenPoint(pub DVec2);

impl ScreenPoint {
    /// The point at that many pixels right and down.
    pub const fn new(x: f64, y: f64) -> Self {
        Self(DVec2::new(x, y))
    }
}

/// One drawing of a view: which frame, how large, and the map between screen and frame.
#[derive(Debug, Clone, PartialEq)]
pub struct Resolved {
    /// The frame shown.
    pub frame: FrameRef,
    /// Size of the drawing.
    pub size: ViewportSize,
    /// Plane mm of one screen pixel.
    pub mm_per_pixel: f64,
    pixel_from_screen: DAffine2,
    screen_from_pixel: DAffine2,
}

impl Resolved {
    /// The drawing of a part of a frame.
    pub fn new(frame: &Frame, framing: &Framing, size: ViewportSize) -> Self {
        let mm_per_pixel = framing.mm_per_pixel(size);
        let spacing = frame.display_spacing();
        let pixel_from_mm = DAffine2::from_scale(DVec2::new(
            spacing.between_columns.0.recip(),
            spacing.between_rows.0.recip(),
        ));
        let pixel_from_screen = pixel_from_mm
            * DAffine2::from_translation(framing.center)
            * DAffine2::from_mat2(framing.plane_from_screen())
            * DAffine2::from_scale(DVec2::splat(mm_per_pixel))
            * DAffine2::from_translation(-size.middle());
        Self {
            frame: frame.of.clone(),
            size,
            mm_per_pixel,
            pixel_from_screen,
            screen_from_pixel: pixel_from_screen.inverse(),
        }
    }

    /// The affine map from screen pixels (corner at 0) to frame pixels (first centre at 0).
    pub fn pixel_from_screen_map(&self) -> DAffine2 {
        self.pixel_from_screen
    }

    /// The frame point under a screen point.
    pub fn pixel_from_screen(&self, screen: ScreenPoint) -> PixelPoint {
        PixelPoint(self.pixel_from_screen.transform_point2(screen.0))
    }

    /// Where a frame point is on the screen.
    pub fn screen_from_pixel(&self, pixel: PixelPoint) -> ScreenPoint {
        ScreenPoint(self.screen_from_pixel.transform_point2(pixel.0))
    }

    /// Screen pixels that a plane length takes.
    pub fn screen_from_mm(&self, length: Mm) -> f64 {
        length.0 / self.mm_per_pixel
    }
}
