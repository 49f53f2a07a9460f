//! A picture as a series of one image: so it is shown, measured, calibrated and put into figures like any other.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::case::{Case, CasePicture};
use crate::image::{
    Calibration, ContrastAgent, Frame, FrameIndex, FrameOfReference, FrameRef, FrameSize, Lossy,
    ModalityTransform, NotAVolume, PatientInfo, Phi, Photometric, PixelLocation, SampleLayout, Series,
    SeriesInfo, StoredImage, StudyInfo, StudyUid, ValueUnit,
};

/// What stands for a modality: no DICOM file has it.
const MODALITY: &str = "PHOTO";

/// The pictures of a case whose files are there, as series, and those that are nowhere.
///
/// `place` knows where some are, by their hash; the others are looked for in `folders`, one after the other.
pub fn case_pictures<'a>(
    case: &'a Case,
    place: impl Fn(&str) -> Option<PathBuf>,
    folders: &[PathBuf],
) -> (Vec<Series>, Vec<&'a CasePicture>) {
    let (mut found, mut missing) = (Vec::new(), Vec::new());
    for (index, picture) in case.pictures.iter().enumerate() {
        let known = place(&picture.sha256);
        let others = folders.iter().map(|folder| folder.join(picture.file_name()));
        match known.into_iter().chain(others).find(|path| path.is_file()) {
            Some(path) => found.push(series(picture, index, &path)),
            None => missing.push(picture.as_ref()),
        }
    }
    (found, missing)
}

fn series(picture: &CasePicture, index: usize, path: &Path) -> Series {
    let uid = picture.series_uid();
    let study = StudyInfo {
        uid: StudyUid::new("pictures"),
        date: None,
        time: None,
        description: "Pictures".to_owned(),
        institution: Phi::default(),
    };
    let info = SeriesInfo {
        uid: uid.clone(),
        number: i32::try_from(index + 1).ok(),
        modality: MODALITY.to_owned(),
        description: picture.words(),
        date: None,
    };
    Series {
        patient: Arc::new(PatientInfo::default()),
        study: Arc::new(study),
        info,
        part: None,
        space: FrameOfReference::OnlyThisSeries(uid),
        frames: vec![Arc::new(frame(picture, path))],
        grid: Err(NotAVolume::OneFrame),
        slices: Err(NotAVolume::OneFrame),
        files: 1,
        warnings: Vec::new(),
        index: FrameIndex::default(),
    }
}

fn frame(picture: &CasePicture, path: &Path) -> Frame {
    let layout = SampleLayout {
        bits_allocated: 8,
        bits_stored: 8,
        high_bit: 7,
        signed: false,
        float: false,
        samples_per_pixel: 3,
        planar: false,
        photometric: Photometric::Rgb,
        palette: None,
    };
    let stored = StoredImage {
        path: path.into(),
        archive: None,
        state: None,
        transfer_syntax: "".into(),
        layout,
        location: PixelLocation::Picture { sha256: Arc::clone(&picture.sha256) },
        frames: 1,
    };
    Frame {
        of: FrameRef { sop_instance: picture.sop_instance(), frame_number: 1 },
        instance_number: None,
        size: FrameSize { columns: picture.width as usize, rows: picture.height as usize },
        plane: None,
        spacing: None,
        calibration: Calibration::None,
        pixel_aspect: 1.0,
        thickness: None,
        inverted: false,
        color: true,
        transform: ModalityTransform::IDENTITY,
        unit: ValueUnit::Stored,
        step: Some(1.0),
        real_world: Arc::new([]),
        regions: Arc::new([]),
        padding: None,
        presets: Arc::new([]),
        // Most come from a camera's JPEG, and nothing says so any more.
        lossy: Some(Lossy { ratio: None, certain: false }),
        technique: Arc::new([]),
        contrast: ContrastAgent::NotStated,
        varying: Arc::new([]),
        rate: None,
        stored: Arc::new(stored),
        overlays: Arc::new([]),
        tile: None,
        warnings: Vec::new(),
    }
}
