//! What was acquired? Series, frames, samples as stored, and what their numbers mean.
//!
//! Nothing here reads a file: `dicom` fills these types, everything above reads them. Samples keep their
//! stored type; a rescale belongs to each frame; a spacing carries where it came from.

mod calibration;
mod frame;
mod ids;
mod phi;
mod samples;
mod series;
mod stored;
#[cfg(test)]
pub(crate) mod testing;
mod value;
mod varying;
mod voi;
mod warning;

pub use calibration::{Calibration, ReaderLength};
pub use frame::{Frame, FrameSize, Lossy, PaddingRange};
pub use ids::{FrameOfReference, FrameRef, SeriesUid, SopInstanceUid, StudyUid};
pub use phi::Phi;
pub use samples::Samples;
pub use series::{NotAVolume, Part, PatientInfo, Series, SeriesInfo, SeriesKey, SeriesKind, StudyInfo};
pub use stored::{Palette, Photometric, PixelLocation, SampleLayout, StoredImage};
pub use value::{Lut, ModalityTransform, ValueUnit};
pub use varying::{Attribute, Varying};
pub use voi::{NamedVoi, Voi, VoiFunction, Window};
pub use warning::Warning;
