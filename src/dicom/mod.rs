//! The only place that names a DICOM tag: find, read, decode and write objects.

pub mod write;
