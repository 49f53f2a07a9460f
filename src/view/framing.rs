use glam::{DMat2, DVec2};
use serde::{Deserialize, Serialize};

use super::ViewportSize;
use crate::geometry::Mm;
use crate::image::Frame;

/// Which part of the plane is seen: mm in the plane, from the first pixel's centre, right and down.
///
/// Where a frame has no spacing one pixel width counts as 1 mm, for drawing only.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Framing {
    /// What is in the middle of the viewport: mm right and down of the first pixel's centre.
    pub center: DVec2,
    /// How much plane the viewport's height shows.
    pub height: Mm,
    /// Clockwise turn of the image on the screen, in radians.
    pub turn: f64,
    /// Whether left and right are exchanged (before the turn).
    pub mirrored: bool,
}

impl Framing {
    /// The least and the most plane a viewport may show.
    const HEIGHTS: [f64; 2] = [0.5, 50_000.0];

    /// The whole frame in the middle of a viewport.
    pub fn fit(frame: &Frame, size: ViewportSize) -> Self {
        let spacing = frame.display_spacing();
        let (columns, rows) = (frame.size.columns as f64, frame.size.rows as f64);
        let extent = frame.display_extent();
        let height = extent.y.max(extent.x / size.aspect());
        Self {
            center: spacing.mm_from_pixel(DVec2::new((columns - 1.0) / 2.0, (rows - 1.0) / 2.0)),
            height: Mm(height.clamp(Self::HEIGHTS[0], Self::HEIGHTS[1])),
            turn: 0.0,
            mirrored: false,
        }
    }

    /// mm in the plane of one screen pixel.
    pub fn mm_per_pixel(&self, size: ViewportSize) -> f64 {
        self.height.0 / f64::from(size.height.max(1))
    }

    /// In-plane mm (right, down) of a screen step of (right, down) mm: undoes turn and mirror.
    pub(super) fn plane_from_screen(&self) -> DMat2 {
        let mirror = DVec2::new(if self.mirrored { -1.0 } else { 1.0 }, 1.0);
        DMat2::from_diagonal(mirror) * DMat2::from_angle(-self.turn)
    }

    /// Turned clockwise by a quarter, whatever is mirrored.
    pub fn rotated(self) -> Self {
        let turn = (self.turn + std::f64::consts::FRAC_PI_2).rem_euclid(std::f64::consts::TAU);
        // Four quarters are none, to the last bit: a view that is not turned is drawn faster.
        let turn = if (turn - std::f64::consts::TAU).abs() < 1e-9 { 0.0 } else { turn };
        Self { turn, ..self }
    }

    /// Left and right of the screen exchanged (`across`), or top and bottom.
    pub fn flipped(self, across: bool) -> Self {
        // Mirroring comes before the turn: on the screen it is the opposite turn of a mirrored image.
        let half = if across { 0.0 } else { std::f64::consts::PI };
        let turn = (half - self.turn).rem_euclid(std::f64::consts::TAU);
        Self { turn, mirrored: !self.mirrored, ..self }
    }

    /// One image pixel on one screen pixel; of pixels that are not square, their height.
    pub fn one_to_one(self, frame: &Frame, size: ViewportSize) -> Self {
        let height = frame.display_spacing().between_rows.0 * f64::from(size.height);
        Self { height: Mm(height.clamp(Self::HEIGHTS[0], Self::HEIGHTS[1])), ..self }
    }

    /// As large as in the patient, on a screen whose pixels are so many mm.
    pub fn true_size(self, screen_pixel: Mm, size: ViewportSize) -> Self {
        let height = screen_pixel.0 * f64::from(size.height);
        Self { height: Mm(height.clamp(Self::HEIGHTS[0], Self::HEIGHTS[1])), ..self }
    }

    /// Moves the image with the pointer, by screen pixels.
    pub fn panned(self, drag: DVec2, size: ViewportSize) -> Self {
        let step = self.plane_from_screen() * (drag * self.mm_per_pixel(size));
        Self { center: self.center - step, ..self }
    }

    /// The same picture with one pixel for `step` by `step` of the screen's: its framing and its size.
    ///
    /// Where the viewport is no multiple of that, the picture goes on to the right and below.
    pub fn coarser(self, size: ViewportSize, step: u32) -> (Self, ViewportSize) {
        let step = step.max(1);
        let coarse = ViewportSize { width: size.width.div_ceil(step), height: size.height.div_ceil(step) };
        let beyond = coarse.middle() * f64::from(step) - size.middle();
        let height = self.mm_per_pixel(size) * f64::from(coarse.height.max(1) * step);
        (Self { height: Mm(height), ..self.panned(-beyond, size) }, coarse)
    }

    /// Magnifies by `factor`, keeping what is under `anchor` (screen pixels from the viewport's corner).
    pub fn zoomed(self, factor: f64, anchor: DVec2, size: ViewportSize) -> Self {
        let height = (self.height.0 / factor).clamp(Self::HEIGHTS[0], Self::HEIGHTS[1]);
        let from_middle = anchor - size.middle();
        let per_pixel = f64::from(size.height.max(1)).recip();
        let step = self.plane_from_screen() * (from_middle * (self.height.0 - height) * per_pixel);
        Self { center: self.center + step, height: Mm(height), ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::image::testing::oblique_frame;
    use crate::view::{Look, ScreenPoint, Slice, View};
    use crate::{geometry::PixelPoint, image::Window};
    use proptest::prelude::*;

    const SIZE: ViewportSize = ViewportSize { width: 300, height: 200 };

    fn view(framing: Framing) -> View {
        let frame = oblique_frame();
        View { of: Slice::Acquired(frame.of), framing, look: Look::with_window(Window::linear(40.0, 80.0)) }
    }

    #[test]
    fn fit_shows_every_corner_and_one_step_right_is_the_column_spacing() {
        // 10 columns of 0.4 mm and 6 rows of 0.7 mm: 4.0 x 4.2 mm in a 3:2 viewport, so the height decides.
        let frame = oblique_frame();
        let framing = Framing::fit(&frame, SIZE);
        assert!((framing.height.0 - 4.2).abs() < 1e-12);
        let resolved = view(framing).resolve(&frame, SIZE);
        let a = resolved.screen_from_pixel(PixelPoint::new(0.0, 0.0)).0;
        let right = resolved.screen_from_pixel(PixelPoint::new(1.0, 0.0)).0 - a;
        let down = resolved.screen_from_pixel(PixelPoint::new(0.0, 1.0)).0 - a;
        assert!(right.distance(DVec2::new(0.4 / 4.2 * 200.0, 0.0)) < 1e-9);
        assert!(down.distance(DVec2::new(0.0, 0.7 / 4.2 * 200.0)) < 1e-9);
        let first_corner = resolved.screen_from_pixel(PixelPoint::new(-0.5, -0.5)).0;
        assert!(first_corner.y.abs() < 1e-9 && first_corner.x > 0.0);
    }

    #[test]
    fn a_turn_of_90_degrees_brings_the_top_to_the_right() {
        let frame = oblique_frame();
        let turned = Framing { turn: std::f64::consts::FRAC_PI_2, ..Framing::fit(&frame, SIZE) };
        let resolved = view(turned).resolve(&frame, SIZE);
        let top = resolved.screen_from_pixel(PixelPoint::new(4.5, -0.5)).0 - SIZE.middle();
        assert!(top.x > 50.0 && top.y.abs() < 1e-9);
    }

    #[test]
    fn flips_and_turns_are_of_the_screen() {
        let frame = oblique_frame();
        let start = Framing { turn: 0.3, ..Framing::fit(&frame, SIZE) };
        let at = |framing: Framing| {
            view(framing).resolve(&frame, SIZE).screen_from_pixel(PixelPoint::new(7.0, 1.0)).0 - SIZE.middle()
        };
        let here = at(start);
        assert!(at(start.flipped(true)).distance(DVec2::new(-here.x, here.y)) < 1e-9);
        assert!(at(start.flipped(false)).distance(DVec2::new(here.x, -here.y)) < 1e-9);
        assert!(at(start.rotated()).distance(DVec2::new(-here.y, here.x)) < 1e-9, "clockwise");
        assert!(at(start.flipped(true).rotated()).distance(DVec2::new(-here.y, -here.x)) < 1e-9);
        let upright = Framing::fit(&frame, SIZE);
        let around = upright.rotated().rotated().rotated().rotated();
        assert_eq!((around.turn, upright.flipped(true).flipped(true).turn), (0.0, 0.0));
        // 200 rows of 0.7 mm.
        assert!((upright.one_to_one(&frame, SIZE).height.0 - 140.0).abs() < 1e-9);
        // 200 screen pixels of 0.25 mm.
        let true_size = upright.true_size(Mm(0.25), SIZE);
        assert!((true_size.height.0 - 50.0).abs() < 1e-9 && true_size.center == upright.center);
    }

    proptest! {
        #[test]
        fn pan_and_zoom_keep_what_is_under_the_pointer(
            x in 0.0..300.0_f64, y in 0.0..200.0_f64, dx in -50.0..50.0_f64, dy in -50.0..50.0_f64,
            factor in 0.2..5.0_f64, turn in -3.0..3.0_f64, mirrored: bool,
        ) {
            let frame = oblique_frame();
            let framing = Framing { turn, mirrored, ..Framing::fit(&frame, SIZE) };
            let under = |framing: Framing, at: DVec2|
                view(framing).resolve(&frame, SIZE).pixel_from_screen(ScreenPoint(at)).0;
            let (at, drag) = (DVec2::new(x, y), DVec2::new(dx, dy));
            let before = under(framing, at);
            prop_assert!(under(framing.panned(drag, SIZE), at + drag).distance(before) < 1e-9);
            prop_assert!(under(framing.zoomed(factor, at, SIZE), at).distance(before) < 1e-9);
        }

        #[test]
        fn a_coarse_picture_lies_where_the_fine_one_does(
            x in 0.0..300.0_f64, y in 0.0..200.0_f64, step in 1_u32..=4, turn in -3.0..3.0_f64, mirrored: bool,
            width in 1_u32..400, height in 1_u32..400,
        ) {
            let frame = oblique_frame();
            let size = ViewportSize { width, height };
            let framing = Framing { turn, mirrored, ..Framing::fit(&frame, size) };
            let (coarser, coarse) = framing.coarser(size, step);
            prop_assert_eq!(coarse.width, width.div_ceil(step));
            let at = DVec2::new(x, y);
            let fine = view(framing).resolve(&frame, size).pixel_from_screen(ScreenPoint(at)).0;
            let found = view(coarser).resolve(&frame, coarse);
            let found = found.pixel_from_screen(ScreenPoint(at / f64::from(step))).0;
            prop_assert!(found.distance(fine) < 1e-6 * (1.0 + fine.length()), "{} {}", found, fine);
        }
    }
}
