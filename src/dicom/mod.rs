//! The only place that names a DICOM tag: find, read, decode and write objects.

mod assemble;
mod calibrate;
mod codec;
mod color;
mod element;
mod elements;
mod encapsulated;
mod error;
mod groups;
mod header;
mod load;
mod look;
mod native;
mod pixels;
mod raster;
mod scan;
mod sniff;
mod source;
mod stack;
mod tables;
mod technique;
#[cfg(test)]
mod tests;
mod text;
mod value;
pub mod write;

pub use assemble::{assemble, assemble_series};
pub use elements::{ElementList, ElementQuery, ElementRow, HIDDEN, RowKind, one_line, read_elements};
pub use error::DicomError;
pub use header::{Instance, read_header};
pub use load::{load_frame, load_frames};
pub use scan::{Problem, ScanEvent, scan};
