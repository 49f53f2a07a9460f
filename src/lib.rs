//! Isodense: a desktop DICOM viewer for lesions. How dense, how big, has it changed?

pub mod case;
pub mod dicom;
pub mod geometry;
pub mod image;
pub mod sample;
pub mod view;
pub mod work;
