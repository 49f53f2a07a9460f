use super::options::go_on;
use super::{ExportError, ExportOptions};
use crate::render::{
    Corners, Fonts, MarkInput, MarkScene, MarkShape, OverlayInput, Picture, Style, ViewImage, ViewRenderer,
    marks_clear_of, overlay, paint,
};
use crate::view::{View, ViewportSize};
use crate::work::Cancel;

/// A view to render again for a file.
#[derive(Debug, Clone, Copy)]
pub struct ViewExport<'a> {
    /// What is shown.
    pub image: ViewImage<'a>,
    /// Framing and look.
    pub view: &'a View,
    /// The viewport on the screen: the file shows the same part of the plane.
    pub viewport: ViewportSize,
    /// The marks, drawn when the options say so. Selection and hovering are ignored, drafts left out.
    pub marks: &'a [MarkInput<'a>],
    /// Fonts.
    pub fonts: &'a Fonts,
}

/// Renders a view from its stored samples at output size. No corner text, so no patient data.
///
/// Letters and lines have their printed sizes: points at the file's dpi.
pub fn view_picture(
    export: &ViewExport<'_>,
    options: &ExportOptions,
    cancel: &Cancel,
) -> Result<Picture, ExportError> {
    let size = options.size.pixels(export.viewport.aspect())?;
    go_on(cancel)?;
    let ViewExport { image, view, fonts, .. } = *export;
    let frame = image.frame;
    let resolved = view.resolve(frame, size);
    let mut picture = Picture::new(size);
    ViewRenderer::default().render(&image, &resolved, &view.look, &mut picture);
    go_on(cancel)?;
    let style = Style::print(options.size.dpi() / 72.0);
    let mut clear = Vec::new();
    if options.letters || options.ruler {
        let (letters, ruler, corners) = (options.letters, options.ruler, &Corners::default());
        let style = &style;
        let input =
            OverlayInput { frame, resolved: &resolved, style, fonts, corners, badges: &[], letters, ruler };
        let list = overlay(&input);
        clear = list.text_areas(fonts);
        paint(&list, &mut picture, fonts);
        go_on(cancel)?;
    }
    if options.marks {
        let plain: Vec<MarkInput<'_>> = export
            .marks
            .iter()
            .filter(|mark| matches!(mark.shape, MarkShape::Measured(_) | MarkShape::Outlined { .. }))
            .map(|mark| MarkInput { selected: false, hovered: false, ..*mark })
            .collect();
        let scene = MarkScene { frame, resolved: &resolved, style: &style, fonts };
        for mark in marks_clear_of(&plain, &scene, &clear) {
            paint(&mark.list, &mut picture, fonts);
        }
    }
    go_on(cancel)?;
    Ok(picture)
}
