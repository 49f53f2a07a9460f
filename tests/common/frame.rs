//! A CT frame without a file, for what is drawn from samples that a test makes.

use std::path::Path;
use std::sync::Arc;

use isodense::geometry::{FramePlane, Mm};
use isodense::image::{
    Calibration, ContrastAgent, Frame, FrameRef, FrameSize, ModalityTransform, Photometric, PixelLocation,
    SampleLayout, SopInstanceUid, StoredImage, ValueUnit,
};

/// 16-bit samples in HU + 1024, slices of 2.5 mm.
pub(crate) fn ct_frame(plane: FramePlane, size: FrameSize) -> Frame {
    let layout = SampleLayout {
        bits_allocated: 16,
        bits_stored: 16,
        high_bit: 15,
        signed: true,
        float: false,
        samples_per_pixel: 1,
        planar: false,
        photometric: Photometric::Monochrome2,
        palette: None,
    };
    let stored = StoredImage {
        path: Arc::from(Path::new("none.dcm")),
        archive: None,
        state: None,
        transfer_syntax: "1.2.840.10008.1.2.1".into(),
        layout,
        location: PixelLocation::Native { offset: 0, length: 2 * size.pixels() as u64, big_endian: false },
        frames: 1,
    };
    Frame {
        of: FrameRef { sop_instance: SopInstanceUid::new("1.2.3"), frame_number: 1 },
        instance_number: Some(1),
        size,
        plane: Some(plane),
        spacing: Some(plane.spacing()),
        calibration: Calibration::InPatient,
        pixel_aspect: 1.0,
        thickness: Some(Mm(2.5)),
        inverted: false,
        color: false,
        transform: ModalityTransform::Rescale { slope: 1.0, intercept: -1024.0 },
        unit: ValueUnit::Hounsfield,
        padding: None,
        presets: Arc::new([]),
        lossy: None,
        rate: None,
        technique: Arc::new([]),
        contrast: ContrastAgent::NotStated,
        varying: Arc::new([]),
        stored: Arc::new(stored),
        real_world: Arc::new([]),
        regions: Arc::new([]),
        overlays: Arc::new([]),
        step: Some(1.0),
        tile: None,
        warnings: Vec::new(),
    }
}
