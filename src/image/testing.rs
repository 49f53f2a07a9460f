//! A frame and a series for tests: never square, never axial, never zero.

use std::path::Path;
use std::sync::Arc;

use glam::DVec3;

use super::{
    Calibration, ContrastAgent, Frame, FrameIndex, FrameOfReference, FrameRef, FrameSize, ModalityTransform,
    NotAVolume, PaddingRange, Phi, Photometric, PixelLocation, SampleLayout, Series, SeriesInfo, SeriesUid,
    SopInstanceUid, StoredImage, StudyInfo, StudyUid, ValueUnit,
};
use crate::geometry::{FramePlane, Mm, PatientPoint, PixelSpacing};

/// 10 columns of 0.4 mm, 6 rows of 0.7 mm, oblique, off centre; CT with slope 2 and intercept -1000.
pub(crate) fn oblique_frame() -> Frame {
    let spacing = PixelSpacing { between_rows: Mm(0.7), between_columns: Mm(0.4) };
    let plane = FramePlane::new(
        PatientPoint::new(-20.0, 31.5, 7.0),
        DVec3::new(0.8, 0.6, 0.0),
        DVec3::new(0.0, 0.0, -1.0),
        spacing,
    );
    Frame {
        of: FrameRef { sop_instance: SopInstanceUid::new("1.2.3.4"), frame_number: 1 },
        instance_number: Some(7),
        size: FrameSize { columns: 10, rows: 6 },
        plane: plane.ok(),
        spacing: Some(spacing),
        calibration: Calibration::InPatient,
        pixel_aspect: 1.0,
        thickness: Some(Mm(3.0)),
        inverted: false,
        color: false,
        transform: ModalityTransform::Rescale { slope: 2.0, intercept: -1000.0 },
        unit: ValueUnit::Hounsfield,
        padding: Some(PaddingRange { low: -2000.0, high: -2000.0 }),
        presets: Arc::new([]),
        lossy: None,
        rate: None,
        technique: Arc::new([]),
        contrast: ContrastAgent::NotStated,
        varying: Arc::new([]),
        stored: Arc::new(StoredImage {
            path: Arc::from(Path::new("none.dcm")),
            archive: None,
            state: None,
            transfer_syntax: "1.2.840.10008.1.2.1".into(),
            layout: SampleLayout {
                bits_allocated: 16,
                bits_stored: 16,
                high_bit: 15,
                signed: true,
                float: false,
                samples_per_pixel: 1,
                planar: false,
                photometric: Photometric::Monochrome2,
                palette: None,
            },
            location: PixelLocation::Native { offset: 0, length: 120, big_endian: false },
            frames: 1,
        }),
        real_world: Arc::new([]),
        regions: Arc::new([]),
        overlays: Arc::new([]),
        step: Some(2.0),
        tile: None,
        warnings: Vec::new(),
    }
}

/// A CT series of these frames, with nothing said of it and no volume.
pub(crate) fn series(uid: &str, frames: Vec<Arc<Frame>>) -> Series {
    let uid = SeriesUid::new(uid);
    Series {
        patient: Arc::default(),
        study: Arc::new(StudyInfo {
            uid: StudyUid::new("1.2"),
            date: None,
            time: None,
            description: String::new(),
            institution: Phi::default(),
        }),
        info: SeriesInfo {
            uid: uid.clone(),
            number: None,
            modality: "CT".to_owned(),
            description: String::new(),
            date: None,
        },
        part: None,
        space: FrameOfReference::OnlyThisSeries(uid),
        files: frames.len(),
        frames,
        grid: Err(NotAVolume::DuplicatePositions),
        slices: Err(NotAVolume::DuplicatePositions),
        warnings: Vec::new(),
        index: FrameIndex::default(),
    }
}
