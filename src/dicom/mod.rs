//! The only place that names a DICOM tag: find, read, decode and write objects.

mod archive;
mod archive_name;
mod archive_walk;
mod assemble;
mod bytes;
mod calibrate;
mod codec;
mod color;
mod copies;
mod csa;
mod decoder;
mod elements;
mod encapsulated;
mod error;
mod groups;
mod header;
mod heads;
mod index;
pub mod limits;
mod load;
mod long_path;
mod look;
mod marks;
mod mosaic;
mod native;
mod object;
mod overlay;
mod pixels;
mod place;
mod raster;
mod rate;
mod real_world;
mod region;
mod scan;
mod sniff;
mod source;
mod split;
mod stack;
mod suv;
mod tables;
mod technique;
#[cfg(test)]
mod tests;
mod text;
mod value;
mod varying;
pub mod write;

pub use assemble::{assemble, assemble_series};
pub use copies::Content;
pub use elements::{
    ElementList, ElementQuery, ElementRow, HIDDEN, Identity, PixelHints, RowKind, one_line, read_elements,
    read_elements_at, read_identity,
};
pub use error::DicomError;
pub use header::{Instance, read_header};
pub use load::{load_frame, load_frames};
pub use object::{Object, read_object};
pub use overlay::load_overlays;
pub use scan::{Problem, ScanEvent, Whereabouts, by_reason, scan};
