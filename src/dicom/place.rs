//! Where one frame lies in the patient: by its groups, the top level, or offsets from the first one.

use dicom_dictionary_std::tags;
use dicom_object::InMemDicomObject;
use glam::DVec3;

use super::groups::{FrameGroups, Groups};
use super::value::{Attributes as _, Expected};
use crate::geometry::{FramePlane, PatientPoint, PixelSpacing};
use crate::image::Warning;

/// Where one frame's position may stand.
#[derive(Clone, Copy)]
pub(super) struct Place<'g> {
    pub group: FrameGroups<'g>,
    pub groups: &'g Groups<'g>,
    pub index: usize,
    pub frames: u32,
    /// Of Grid Frame Offset Vector (RT dose).
    pub offset: Option<f64>,
    /// Of Slice Vector (nuclear medicine): which slice it is, from 1.
    pub slice: Option<f64>,
}

impl Place<'_> {
    pub(super) fn plane(
        self,
        top: &InMemDicomObject,
        spacing: PixelSpacing,
        warnings: &mut Vec<Warning>,
    ) -> Option<FramePlane> {
        let read = |sequence, tag| {
            self.group.read(sequence, tag, |from| Some(from.numbers(tag, Expected::Text))).unwrap_or_default()
        };
        let position = read(tags::PLANE_POSITION_SEQUENCE, tags::IMAGE_POSITION_PATIENT);
        let orientation = read(tags::PLANE_ORIENTATION_SEQUENCE, tags::IMAGE_ORIENTATION_PATIENT);
        if position.is_empty() && orientation.is_empty() {
            return self.on_detector(top, spacing, warnings);
        }
        let (Some(p), Some(o)) = (position.first_chunk::<3>(), orientation.first_chunk::<6>()) else {
            let what = "Position or orientation of the image is incomplete; it is not used.";
            warnings.push(Warning::Ignored(what.to_owned()));
            return None;
        };
        let (right, down) = (DVec3::new(o[0], o[1], o[2]), DVec3::new(o[3], o[4], o[5]));
        let mut origin = DVec3::from_array(*p);
        if self.frames > 1 && !self.groups.any() {
            // One position for many frames is the first one's alone, unless the offsets are given.
            origin = match (self.index, self.offset) {
                (_, Some(offset)) => offset_origin(top, origin, right.cross(down), offset),
                (0, None) => origin,
                (_, None) => return None,
            };
        }
        match FramePlane::new(PatientPoint(origin), right, down, spacing) {
            Ok(plane) => Some(plane),
            Err(error) => {
                warnings.push(Warning::Ignored(format!("No place in the patient: {error}.")));
                None
            }
        }
    }

    /// By the Detector Information Sequence of nuclear medicine, which places the first slice of a reconstruction.
    ///
    /// Slice k lies k times Spacing Between Slices along the normal, against it where that is negative
    /// (PS3.3 C.8.4.15.1.2). Of projections it places the detector as it turns, not an image.
    fn on_detector(
        self,
        top: &InMemDicomObject,
        spacing: PixelSpacing,
        warnings: &mut Vec<Warning>,
    ) -> Option<FramePlane> {
        let detector = top.item(tags::DETECTOR_INFORMATION_SEQUENCE)?;
        let position = detector.numbers(tags::IMAGE_POSITION_PATIENT, Expected::Text);
        let orientation = detector.numbers(tags::IMAGE_ORIENTATION_PATIENT, Expected::Text);
        let (Some(p), Some(o)) = (position.first_chunk::<3>(), orientation.first_chunk::<6>()) else {
            return None;
        };
        let kind = top.text(tags::IMAGE_TYPE).unwrap_or_default();
        let reconstructed = kind.split('\\').nth(2).is_some_and(|kind| kind.trim().starts_with("RECON"));
        if !reconstructed {
            warnings.push(Warning::PlacesDetector);
            return None;
        }
        let (right, down) = (DVec3::new(o[0], o[1], o[2]), DVec3::new(o[3], o[4], o[5]));
        let slice = self.slice.map_or(self.index as f64, |slice| slice - 1.0);
        let between = match top.decimal(tags::SPACING_BETWEEN_SLICES) {
            Some(between) if between != 0.0 => between,
            Some(_) | None if slice == 0.0 => 0.0,
            Some(_) | None => {
                let what =
                    "The file does not say how far apart its slices are; only the first one has a place.";
                warnings.push(Warning::Ignored(what.to_owned()));
                return None;
            }
        };
        let origin = DVec3::from_array(*p) + right.cross(down).normalize_or_zero() * (between * slice);
        match FramePlane::new(PatientPoint(origin), right, down, spacing) {
            Ok(plane) => Some(plane),
            Err(error) => {
                warnings.push(Warning::Ignored(format!("No place in the patient: {error}.")));
                None
            }
        }
    }
}

/// The origin of a frame with an entry in Grid Frame Offset Vector (PS3.3 C.8.8.3.2).
fn offset_origin(top: &InMemDicomObject, origin: DVec3, normal: DVec3, offset: f64) -> DVec3 {
    let first = top.decimal(tags::GRID_FRAME_OFFSET_VECTOR).unwrap_or(0.0);
    // Relative along the normal where the first is zero; else it is the first frame's own z, and so are the others.
    if first != 0.0 && (first - origin.z).abs() < 0.01 {
        return origin.with_z(offset);
    }
    origin + normal * (offset - first)
}
