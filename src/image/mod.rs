//! What was acquired? Series, frames, samples as stored, and what their numbers mean.
//!
//! Nothing here reads a file: `dicom` fills these types, everything above reads them. Samples keep their
//! stored type; a rescale belongs to each frame; a spacing carries where it came from.

mod archive;
mod calibration;
mod contrast;
mod fingerprint;
mod frame;
mod frame_index;
mod graphic;
mod ids;
mod name;
mod palette;
mod phi;
mod real_world;
mod region;
mod same_patient;
mod samples;
mod series;
mod stored;
#[cfg(test)]
pub(crate) mod testing;
mod value;
mod varying;
mod voi;
mod volume;
mod warning;

pub use archive::{Archive, ArchiveEntry, Kept};
pub use calibration::{Calibration, ReaderLength};
pub use contrast::ContrastAgent;
pub use fingerprint::{digest, fingerprint};
pub use frame::{CompressionRatio, Frame, FrameSize, Lossy, PaddingRange, Tile};
pub use frame_index::FrameIndex;
pub use graphic::{OverlayBits, OverlayPlane};
pub use ids::{FrameOfReference, FrameRef, SeriesUid, SopInstanceUid, StudyUid};
pub use name::PersonName;
pub use palette::{Palette, PaletteColors};
pub use phi::Phi;
pub use real_world::{RealWorldFunction, RealWorldMap};
pub use region::{Scale, UltrasoundRegion};
pub use same_patient::SamePatient;
pub use samples::{Decoded, Samples};
pub use series::{NotAVolume, Part, PatientInfo, Series, SeriesInfo, SeriesKey, SeriesKind, StudyInfo};
pub(crate) use stored::FragmentMap;
pub use stored::{FileState, Fragments, Photometric, PixelLocation, SampleLayout, StoredImage};
pub use value::{Lut, ModalityTransform, ValueUnit};
pub use varying::{Attribute, Varying};
pub use voi::{NamedVoi, Voi, VoiFunction, Window};
pub use volume::Volume;
pub use warning::Warning;
