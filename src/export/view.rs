use super::{ExportError, ExportOptions};
use crate::image::{Frame, Samples};
use crate::render::{Fonts, MarkInput, Picture, SliceRenderer};
use crate::view::{View, ViewportSize};
use crate::work::Cancel;

/// A view to render again for a file.
#[derive(Debug, Clone, Copy)]
pub struct ViewExport<'a> {
    /// The frame.
    pub frame: &'a Frame,
    /// Its samples, as stored.
    pub samples: &'a Samples,
    /// Framing and look.
    pub view: &'a View,
    /// The viewport on the screen: the file shows the same part of the plane.
    pub viewport: ViewportSize,
    /// The marks, drawn when the options say so. Selection and hovering are ignored.
    pub marks: &'a [MarkInput<'a>],
    /// Fonts.
    pub fonts: &'a Fonts,
}

/// Renders a view from its stored samples at output size. No corner text, so no patient data.
pub fn view_picture(
    export: &ViewExport<'_>,
    options: &ExportOptions,
    cancel: &Cancel,
) -> Result<Picture, ExportError> {
    let size = options.size.pixels(export.viewport.aspect())?;
    if cancel.is_cancelled() {
        return Err(ExportError::Cancelled);
    }
    let resolved = export.view.resolve(export.frame, size);
    let mut picture = Picture::new(size);
    SliceRenderer::default().render(export.frame, export.samples, &resolved, &export.view.look, &mut picture);
    Ok(picture)
}
