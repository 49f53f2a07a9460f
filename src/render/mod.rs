//! What does it look like? Slices to pixels, marks to drawing lists, lists to pictures. Pure.
//!
//! Nothing here reads a clock, a file or a global: the same input gives the same bytes on every machine and
//! thread count. So no fused multiply-add, and no sum whose order depends on threads.

mod auto;
mod colored;
mod colors;
mod drawing;
mod figure;
mod fonts;
mod graphics;
mod guides;
mod marks;
mod overlay;
mod page;
mod paint;
pub mod palette;
mod picture;
mod raster;
mod reader;
mod reformat;
mod shape;
mod slice;
pub mod text;
mod timeline;
mod tone;
mod view;
mod wrap;

pub use auto::{auto_window, default_voi, thumbnail, window_misfit};
pub use colors::color_table;
pub use drawing::{Color, DrawingList, Item, ScreenRect, Stroke, Style};
pub use figure::{
    FigureLayout, FittedLabels, Headings, PanelImage, PaperRect, acquired_dpi, figure_headings,
    figure_layout, figure_page, figure_panel, figure_size, fitted_labels, framing_on,
};
pub use fonts::{FaceId, FontFace, Fonts, Weight};
pub use graphics::graphics;
pub use guides::{GuideLine, guides};
pub use marks::{Hit, MarkDrawing, MarkInput, MarkScene, MarkShape, Part, hit_test, marks, marks_clear_of};
pub use overlay::{Corners, OverlayInput, Ruler, overlay, ruler};
pub use page::{Page, PagePanel};
pub(crate) use paint::narrow;
pub use paint::{TEXT_HALO, paint, paint_from, polygon};
pub use picture::Picture;
pub use raster::{TooLarge, page_size, raster_size};
pub use reformat::{ReformatRenderer, sample_plane, slices_of_part, slices_of_plane, value_at};
pub(crate) use shape::is_spaceless;
pub use shape::{Glyph, Letter, Paragraph};
pub use slice::SliceRenderer;
pub use text::{measure, measure_in};
pub use timeline::{TimelineEntry, timeline_page};
pub use view::{Layer, ViewImage, ViewPixels, ViewRenderer, layer_look};
pub use wrap::{Wrapped, wrapped};
