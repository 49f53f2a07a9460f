//! Isodense: a desktop DICOM viewer for lesions. How dense, how big, has it changed?

pub mod case;
pub mod cli;
pub mod dicom;
pub mod export;
pub mod geometry;
pub mod image;
pub mod render;
pub mod sample;
pub mod session;
pub mod store;
#[cfg(feature = "gui")]
pub mod ui;
pub mod view;
pub mod work;
