//! One file's header as an instance: who, what, where, and every frame but its samples.

use std::path::Path;
use std::sync::Arc;

use dicom_core::Tag;
use dicom_dictionary_std::tags;
use glam::DVec3;

use super::calibrate::{Spacing, spacing};
use super::element::{Dataset, End};
use super::error::Result;
use super::groups::{FrameGroups, Groups};
use super::look::{lossy, modality, padding, presets};
use super::pixels::{Pixels, pixels};
use super::source::{Header, with_header};
use super::technique::technique;
use super::text::{Charset, person_name};
use super::value::Expected;
use super::varying;
use crate::geometry::{FramePlane, Mm, PatientPoint, PixelSpacing};
use crate::image::{
    Attribute, Frame, FrameRef, NamedVoi, PatientInfo, Phi, Photometric, SeriesInfo, SeriesUid,
    SopInstanceUid, StoredImage, StudyInfo, StudyUid, Varying, Warning,
};

/// What one file's header says: an image with its frames, or a document with none.
#[derive(Debug, Clone)]
pub struct Instance {
    /// The file. It is never written.
    pub path: Arc<Path>,
    /// The patient.
    pub patient: Arc<PatientInfo>,
    /// The study.
    pub study: Arc<StudyInfo>,
    /// The series.
    pub series: SeriesInfo,
    /// SOP Class UID: what kind of object it is.
    pub sop_class: Arc<str>,
    /// SOP Instance UID.
    pub sop_instance: SopInstanceUid,
    /// Instance Number: for listing only, never for sorting images that have a place.
    pub instance_number: Option<i32>,
    /// Frame of Reference UID, if the file declares one.
    pub frame_of_reference: Option<Arc<str>>,
    /// Many slices tiled in one image (Image Type MOSAIC).
    pub mosaic: bool,
    /// The frames, in the file's order; none for reports, presentation states and other documents.
    pub frames: Vec<Arc<Frame>>,
    /// Problems of the whole file.
    pub warnings: Vec<Warning>,
}

/// Reads a file's header. The pixels are not touched; where they are is kept in the frames.
pub fn read_header(path: &Path) -> Result<Instance> {
    with_header(path, |header| instance(path, header))
}

fn instance(path: &Path, header: &Header<'_>) -> Result<Instance> {
    let top = &header.dataset;
    let charset = Charset::new(top.get(tags::SPECIFIC_CHARACTER_SET).map(|e| e.value).unwrap_or_default());
    let info = Info { top, charset: &charset };
    let mut warnings: Vec<Warning> =
        header.start.repairs.iter().map(|what| Warning::Repaired((*what).to_owned())).collect();
    if matches!(header.end, End::Broken) {
        let what = "The file ends inside its header; what came before is used.";
        warnings.push(Warning::Repaired(what.to_owned()));
    }
    let patient = Arc::new(info.patient());
    let study = Arc::new(info.study());
    let mut series = info.series(&study);
    if series.uid.as_str().is_empty() {
        warnings.push(Warning::Repaired("The file has no Series Instance UID.".to_owned()));
        // The images of one study in one folder: what has no name must not run together from everywhere.
        let folder = hash_of(&(whole(path).parent(), study.uid.as_str()));
        series.uid = SeriesUid::new(&format!("no-uid-{folder:016x}"));
    }
    let path: Arc<Path> = path.into();
    let sop_class: Arc<str> = info.uid(tags::SOP_CLASS_UID).into();
    let own_uid = info.uid(tags::SOP_INSTANCE_UID);
    let sop_instance = if own_uid.is_empty() {
        warnings.push(Warning::Repaired("The file has no SOP Instance UID.".to_owned()));
        // Something that names this file and no other, and holds no name of a patient.
        SopInstanceUid::new(&format!("no-uid-{:016x}", hash_of(&whole(&path))))
    } else {
        SopInstanceUid::new(&own_uid)
    };
    let instance_number = info.integer(tags::INSTANCE_NUMBER);
    let frame_of_reference =
        Some(info.uid(tags::FRAME_OF_REFERENCE_UID)).filter(|uid| !uid.is_empty()).map(Arc::from);
    let mosaic = top.text(tags::IMAGE_TYPE).is_some_and(|kind| kind.contains("MOSAIC"));
    let frames = if let Some(pixels) = pixels(header)? {
        warnings.extend(pixels.warnings.iter().cloned());
        let stored = Arc::new(StoredImage {
            path: Arc::clone(&path),
            transfer_syntax: header.start.transfer_syntax.as_str().into(),
            layout: pixels.layout.clone(),
            location: pixels.location.clone(),
            frames: pixels.frames,
        });
        let about = About {
            top,
            charset: &charset,
            modality: &series.modality,
            sop_instance: &sop_instance,
            instance_number,
            pixels: &pixels,
            stored: &stored,
        };
        about.frames()
    } else {
        if top.get(tags::ROWS).is_some() {
            let what = "The file describes an image but holds no pixels.";
            warnings.push(Warning::Unreadable(what.to_owned()));
        }
        Vec::new()
    };
    Ok(Instance {
        path,
        patient,
        study,
        series,
        sop_class,
        sop_instance,
        instance_number,
        frame_of_reference,
        mosaic,
        frames,
        warnings,
    })
}

/// The path from the root, however the file was named.
fn whole(path: &Path) -> std::path::PathBuf {
    path.canonicalize().unwrap_or_else(|_| path.to_owned())
}

fn hash_of(what: &impl std::hash::Hash) -> u64 {
    use std::hash::{DefaultHasher, Hasher as _};
    let mut hasher = DefaultHasher::new();
    what.hash(&mut hasher);
    hasher.finish()
}

/// Reads the attributes that are not pixels.
struct Info<'h> {
    top: &'h Dataset<'h>,
    charset: &'h Charset,
}

impl Info<'_> {
    fn text(&self, tag: Tag) -> String {
        self.top.get(tag).map(|element| self.charset.decode(element.value)).unwrap_or_default()
    }

    fn uid(&self, tag: Tag) -> String {
        self.top.text(tag).unwrap_or_default().into_owned()
    }

    fn integer(&self, tag: Tag) -> Option<i32> {
        self.top.text(tag)?.trim().parse().ok()
    }

    /// A date `YYYYMMDD`, only if it is one; the dots of an old form are taken out.
    fn date(&self, tag: Tag) -> Option<String> {
        let text = self.top.text(tag)?.replace('.', "");
        let number =
            |range: std::ops::Range<usize>| text.get(range).and_then(|part| part.parse::<u32>().ok());
        let valid = text.len() == 8
            && text.bytes().all(|b| b.is_ascii_digit())
            && number(4..6).is_some_and(|month| (1..=12).contains(&month))
            && number(6..8).is_some_and(|day| (1..=31).contains(&day));
        valid.then_some(text)
    }

    /// A time `HHMMSS`, only if it is one.
    fn time(&self, tag: Tag) -> Option<String> {
        let text = self.top.text(tag)?.replace(':', "");
        let whole = text.split('.').next()?;
        let digits = whole.bytes().all(|b| b.is_ascii_digit()) && matches!(whole.len(), 2 | 4 | 6);
        let hours_valid = whole.get(..2)?.parse::<u32>().is_ok_and(|hours| hours < 24);
        (digits && hours_valid).then(|| format!("{whole:0<6}"))
    }

    fn patient(&self) -> PatientInfo {
        PatientInfo {
            name: Phi::new(person_name(&self.text(tags::PATIENT_NAME))),
            id: Phi::new(self.text(tags::PATIENT_ID)),
            birth_date: Phi::new(self.text(tags::PATIENT_BIRTH_DATE)),
            sex: Phi::new(self.text(tags::PATIENT_SEX)),
        }
    }

    fn study(&self) -> StudyInfo {
        StudyInfo {
            uid: StudyUid::new(&self.uid(tags::STUDY_INSTANCE_UID)),
            date: self.date(tags::STUDY_DATE),
            time: self.time(tags::STUDY_TIME),
            description: self.text(tags::STUDY_DESCRIPTION),
            institution: Phi::new(self.text(tags::INSTITUTION_NAME)),
        }
    }

    fn series(&self, study: &StudyInfo) -> SeriesInfo {
        SeriesInfo {
            uid: SeriesUid::new(&self.uid(tags::SERIES_INSTANCE_UID)),
            number: self.integer(tags::SERIES_NUMBER),
            modality: self.uid(tags::MODALITY),
            description: self.text(tags::SERIES_DESCRIPTION),
            date: self
                .date(tags::SERIES_DATE)
                .or_else(|| self.date(tags::ACQUISITION_DATE))
                .or_else(|| study.date.clone()),
        }
    }
}

/// Everything that the frames of one object share.
struct About<'h> {
    top: &'h Dataset<'h>,
    charset: &'h Charset,
    modality: &'h str,
    sop_instance: &'h SopInstanceUid,
    instance_number: Option<i32>,
    pixels: &'h Pixels,
    stored: &'h Arc<StoredImage>,
}

impl About<'_> {
    fn frames(&self) -> Vec<Arc<Frame>> {
        let groups = Groups::new(self.top);
        let offsets = self.top.numbers(tags::GRID_FRAME_OFFSET_VECTOR, Expected::Text);
        let mut shared_presets: Option<Arc<[NamedVoi]>> = None;
        let mut shared_technique = None;
        let shared_values = varying::Shared::new(self.top, groups.shared());
        let presets_vary = groups.varies(tags::FRAME_VOILUT_SEQUENCE);
        let mut frames = Vec::with_capacity(self.pixels.frames as usize);
        for index in 0..self.pixels.frames {
            let group = groups.frame(index as usize);
            let mut warnings = Vec::new();
            let own_presets = match &shared_presets {
                Some(presets) if !presets_vary => Arc::clone(presets),
                Some(_) | None => presets(group, self.top, self.charset, &mut warnings),
            };
            shared_presets.get_or_insert_with(|| Arc::clone(&own_presets));
            let lines = shared_technique.get_or_insert_with(|| technique(group, self.top, self.charset));
            let place = Place {
                group,
                groups: &groups,
                index: index as usize,
                frames: self.pixels.frames,
                offset: offsets.get(index as usize).copied(),
            };
            let words = Words {
                presets: own_presets,
                technique: Arc::clone(lines),
                varying: shared_values.frame(group.own()),
            };
            frames.push(Arc::new(self.frame(index, place, words, warnings)));
        }
        frames
    }

    fn frame(&self, index: u32, place: Place<'_, '_>, words: Words, mut warnings: Vec<Warning>) -> Frame {
        let Spacing { between: spacing, calibration, aspect } =
            spacing(place.group, self.top, self.modality, &mut warnings);
        let (transform, unit) = modality(place.group, self.top, self.modality, &mut warnings);
        let plane = spacing.and_then(|spacing| place.plane(self.top, spacing, &mut warnings));
        let photometric = self.stored.layout.photometric;
        let color = !matches!(photometric, Photometric::Monochrome1 | Photometric::Monochrome2);
        let inverse_shape =
            self.top.text(tags::PRESENTATION_LUT_SHAPE).is_some_and(|shape| shape == "INVERSE");
        let thickness = place.group.read(tags::PIXEL_MEASURES_SEQUENCE, tags::SLICE_THICKNESS, |from| {
            from.decimal(tags::SLICE_THICKNESS)
        });
        Frame {
            of: FrameRef { sop_instance: self.sop_instance.clone(), frame_number: index + 1 },
            instance_number: self.instance_number,
            size: self.pixels.size,
            plane,
            spacing,
            calibration,
            pixel_aspect: aspect,
            thickness: thickness.filter(|thickness| *thickness > 0.0).map(Mm),
            inverted: photometric == Photometric::Monochrome1 || inverse_shape,
            color,
            transform,
            unit,
            padding: padding(self.top, self.stored.layout.signed),
            presets: words.presets,
            lossy: lossy(self.top, &self.stored.transfer_syntax),
            technique: words.technique,
            varying: words.varying,
            stored: Arc::clone(self.stored),
            warnings,
        }
    }
}

/// What frames often share.
struct Words {
    presets: Arc<[NamedVoi]>,
    technique: Arc<[(String, String)]>,
    varying: Arc<[(Attribute, Varying)]>,
}

/// Where one frame's position may stand.
#[derive(Clone, Copy)]
struct Place<'g, 'a> {
    group: FrameGroups<'g, 'a>,
    groups: &'g Groups<'a>,
    index: usize,
    frames: u32,
    /// Of Grid Frame Offset Vector (RT dose).
    offset: Option<f64>,
}

impl Place<'_, '_> {
    fn plane(
        self,
        top: &Dataset<'_>,
        spacing: PixelSpacing,
        warnings: &mut Vec<Warning>,
    ) -> Option<FramePlane> {
        let read = |sequence, tag| {
            self.group.read(sequence, tag, |from| Some(from.numbers(tag, Expected::Text))).unwrap_or_default()
        };
        let position = read(tags::PLANE_POSITION_SEQUENCE, tags::IMAGE_POSITION_PATIENT);
        let orientation = read(tags::PLANE_ORIENTATION_SEQUENCE, tags::IMAGE_ORIENTATION_PATIENT);
        if position.is_empty() && orientation.is_empty() {
            return None;
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
            let offset = match (self.index, self.offset) {
                // Relative where the first is zero, else along the axis itself (PS3.3 C.8.8.3.2).
                (_, Some(offset)) => offset - top.decimal(tags::GRID_FRAME_OFFSET_VECTOR).unwrap_or(0.0),
                (0, None) => 0.0,
                (_, None) => return None,
            };
            origin += right.cross(down) * offset;
        }
        match FramePlane::new(PatientPoint(origin), right, down, spacing) {
            Ok(plane) => Some(plane),
            Err(error) => {
                warnings.push(Warning::Ignored(format!("No place in the patient: {error}.")));
                None
            }
        }
    }
}
