//! The only place that names a DICOM tag: find, read, decode and write objects.

mod assemble;
mod calibrate;
mod codec;
mod color;
mod element;
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
mod split;
mod stack;
mod tables;
mod technique;
#[cfg(test)]
mod tests;
mod text;
mod value;
mod varying;
pub mod write;

pub use assemble::{assemble, assemble_series};
pub use error::DicomError;
pub use header::{Instance, read_header};
pub use load::{load_frame, load_frames};
pub use scan::{Problem, ScanEvent, scan};
