//! What leaves the program: pictures of views and figures, and films of series, reports of notebooks, without patient data.

mod animation;
mod bands;
mod faces;
mod figure;
mod file;
mod jpeg;
mod options;
mod panels;
mod pdf;
mod pdf_drawing;
mod pdf_fonts;
mod report;
mod svg;
mod table;
mod view;
mod xml;

pub use animation::{Animation, AnimationColors, AnimationFormat, write_animation, write_animation_file};
pub use figure::write_figure;
pub use file::write_picture;
pub use options::{ExportError, ExportOptions, FileFormat, OutputSize};
pub use pdf::{pdf_bytes, write_pdf};
pub use report::{ReportKind, report_bytes, report_markdown, write_report};
pub use svg::{svg_bytes, write_svg};
pub use table::{Table, TableError};
pub use view::{ViewExport, view_picture};
