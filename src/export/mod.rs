//! What leaves the program: pictures of views, without patient data.

mod figure;
mod file;
mod options;
mod table;
mod view;

pub use figure::write_figure;
pub use file::write_picture;
pub use options::{ExportError, ExportOptions, FileFormat, OutputSize};
pub use table::{Table, TableError};
pub use view::{ViewExport, view_picture};
