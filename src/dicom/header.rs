//! One file's header as an instance: who, what, where, and every frame but its samples.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use dicom_core::Tag;
use dicom_dictionary_std::tags;
use dicom_object::InMemDicomObject;

use super::calibrate::{Spacing, spacing};
use super::copies::Content;
use super::error::Result;
use super::groups::Groups;
use super::heads::End;
use super::long_path;
use super::look::{fitted, lossy, misfit, modality, padding, presets};
use super::marks::{Mark, marks};
use super::mosaic;
use super::overlay::Overlays;
use super::pixels::{Pixels, pixels};
use super::place::Place;
use super::rate::display_rate;
use super::real_world::real_world;
use super::region::regions;
use super::source::{Header, read_front};
use super::suv::Pet;
use super::technique::{contrast_agent, technique, varies};
use super::text::Charset;
use super::value::{Attributes as _, ElementValue, Expected};
use super::varying;
use crate::geometry::Mm;
use crate::image::{
    ArchiveEntry, Attribute, Calibration, ContrastAgent, FileState, Frame, FrameRef, NamedVoi, PatientInfo,
    PersonName, Phi, Photometric, SeriesInfo, SeriesUid, SopInstanceUid, StoredImage, StudyInfo, StudyUid,
    UltrasoundRegion, Varying, Warning,
};

/// What one file's header says: an image with its frames, or a document with none.
#[derive(Debug, Clone)]
pub struct Instance {
    /// The file. It is never written. Of a file in an archive the archive's path and the name in it.
    pub path: Arc<Path>,
    /// Its bytes, to compare with those of another file that claims to be the same object.
    pub content: Content,
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
    /// Many slices tiled in one image (Image Type MOSAIC), which could not be told apart.
    pub mosaic: bool,
    /// The frames, in the file's order; none for reports, presentation states and other documents.
    pub frames: Vec<Arc<Frame>>,
    /// Problems of the whole file.
    pub warnings: Vec<Warning>,
    /// What a PET image says of its dose; its frames get their SUV when the series is known.
    pub(super) pet: Option<Arc<Pet>>,
    /// What tells it from images at the same place, where nothing that is understood does.
    pub(super) marks: Arc<[Mark]>,
}

/// Reads a file's header. The pixels are not touched; where they are is kept in the frames.
pub fn read_header(path: &Path) -> Result<Instance> {
    let file = long_path::open(path)?;
    let about = file.metadata()?;
    let origin = Origin { path, archive: None, state: Some(FileState::from(&about)) };
    instance(&origin, &read_front(file, about.len())?)
}

/// Reads the header of a file in an archive from its first bytes. `path` is for showing and telling apart.
pub(super) fn read_entry_header(
    path: &Path,
    entry: &Arc<ArchiveEntry>,
    reader: impl Read,
) -> Result<Instance> {
    let origin = Origin { path, archive: Some(entry), state: None };
    instance(&origin, &read_front(reader, entry.size)?)
}

/// Where an object's bytes are.
struct Origin<'a> {
    path: &'a Path,
    archive: Option<&'a Arc<ArchiveEntry>>,
    state: Option<FileState>,
}

fn instance(origin: &Origin<'_>, header: &Header) -> Result<Instance> {
    let Origin { path, archive, state } = *origin;
    let top = &header.dataset;
    let charset =
        Charset::new(&top.get(tags::SPECIFIC_CHARACTER_SET).map(ElementValue::bytes).unwrap_or_default());
    let info = Info { top, charset: &charset };
    let mut warnings = repairs(header);
    let patient = Arc::new(info.patient());
    let study = Arc::new(info.study());
    let mut series = info.series(&study);
    if series.uid.as_str().is_empty() {
        warnings.push(Warning::Repaired("The file has no Series Instance UID.".to_owned()));
        // The images of one study in one folder: what has no name must not run together from everywhere.
        let folder = hash_of(&(whole(path, archive).parent(), study.uid.as_str()));
        series.uid = SeriesUid::new(&format!("no-uid-{folder:016x}"));
    }
    let path: Arc<Path> = path.into();
    let content = Content::new(&path, archive, header.start.file_length);
    let sop_class: Arc<str> = info.uid(tags::SOP_CLASS_UID).into();
    let sop_instance = identity(&info, || whole(&path, archive), &mut warnings);
    let instance_number = info.integer(tags::INSTANCE_NUMBER);
    let frame_of_reference =
        Some(info.uid(tags::FRAME_OF_REFERENCE_UID)).filter(|uid| !uid.is_empty()).map(Arc::from);
    let mut mosaic = mosaic::is_mosaic(top);
    let frames = if let Some(pixels) = pixels(header)? {
        warnings.extend(pixels.warnings.iter().cloned());
        let stored = Arc::new(StoredImage {
            path: Arc::clone(&path),
            archive: archive.map(Arc::clone),
            state,
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
        let mut frames = about.frames();
        let overlays = Overlays::new(top, &stored, pixels.size, &mut warnings);
        if !overlays.is_empty() {
            for (index, frame) in frames.iter_mut().enumerate() {
                Arc::make_mut(frame).overlays = overlays.of_frame(index);
            }
        }
        if mosaic {
            mosaic = !mosaic::split_all(top, &mut frames);
        }
        frames
    } else {
        if top.get(tags::ROWS).is_some() {
            let what = "The file describes an image but holds no pixels.";
            warnings.push(Warning::Unreadable(what.to_owned()));
        }
        Vec::new()
    };
    let marks = marks(top, &header.private);
    Ok(Instance {
        pet: Pet::read(top, &sop_class).map(Arc::new),
        path,
        content: content.of_image(&frames, &marks),
        marks,
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

/// The SOP Instance UID, or something that names this file and no other, and holds no name of a patient.
fn identity(info: &Info<'_>, whole: impl FnOnce() -> PathBuf, warnings: &mut Vec<Warning>) -> SopInstanceUid {
    let uid = info.uid(tags::SOP_INSTANCE_UID);
    if !uid.is_empty() {
        return SopInstanceUid::new(&uid);
    }
    warnings.push(Warning::Repaired("The file has no SOP Instance UID.".to_owned()));
    SopInstanceUid::new(&format!("no-uid-{:016x}", hash_of(&whole())))
}

/// What was wrong with the file around its data set.
fn repairs(header: &Header) -> Vec<Warning> {
    let cut_off = matches!(header.end, End::Broken)
        .then_some("The file ends inside its header; what came before is used.");
    let repairs = header.start.repairs.iter().copied().chain(cut_off);
    repairs.map(|what| Warning::Repaired(what.to_owned())).collect()
}

/// The path from the root, however the file was named. A name in an archive is not looked for on disk.
fn whole(path: &Path, archive: Option<&Arc<ArchiveEntry>>) -> PathBuf {
    let real = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let Some(entry) = archive else { return real(path) };
    let archive = entry.archive.path();
    real(archive).join(path.strip_prefix(archive).unwrap_or(Path::new("")))
}

fn hash_of(what: &impl std::hash::Hash) -> u64 {
    use std::hash::{DefaultHasher, Hasher as _};
    let mut hasher = DefaultHasher::new();
    what.hash(&mut hasher);
    hasher.finish()
}

/// Reads the attributes that are not pixels.
struct Info<'h> {
    top: &'h InMemDicomObject,
    charset: &'h Charset,
}

impl Info<'_> {
    fn text(&self, tag: Tag) -> String {
        self.top.get(tag).map(|element| self.charset.decode(&element.bytes())).unwrap_or_default()
    }

    fn person(&self, tag: Tag) -> PersonName {
        let name = self.top.get(tag).map(|element| self.charset.decode_name(&element.bytes()));
        PersonName::parse(&name.unwrap_or_default())
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
            name: Phi::new(self.person(tags::PATIENT_NAME)),
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
    top: &'h InMemDicomObject,
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
        let slices = self.top.numbers(tags::SLICE_VECTOR, Expected::Whole);
        let mut shared_presets: Option<Arc<[NamedVoi]>> = None;
        let mut shared_technique = None;
        let lines_vary = varies(&groups);
        let mut shared_maps = None;
        let maps_vary = groups.varies(tags::REAL_WORLD_VALUE_MAPPING_SEQUENCE);
        let mut of_regions = Vec::new();
        let regions: Arc<[UltrasoundRegion]> = regions(self.top, self.pixels.size, &mut of_regions).into();
        let shared_values = varying::Shared::new(self.top, groups.shared());
        let presets_vary = groups.varies(tags::FRAME_VOILUT_SEQUENCE);
        let rate = display_rate(self.top);
        let mut frames = Vec::with_capacity(self.pixels.frames as usize);
        for index in 0..self.pixels.frames {
            let group = groups.frame(index as usize);
            let mut warnings = of_regions.clone();
            let signed = self.stored.layout.signed;
            let own_maps = match &shared_maps {
                Some(maps) if !maps_vary => Arc::clone(maps),
                Some(_) | None => real_world(group, signed, self.charset, &mut warnings),
            };
            shared_maps.get_or_insert_with(|| Arc::clone(&own_maps));
            let own_presets = match &shared_presets {
                Some(presets) if !presets_vary => Arc::clone(presets),
                Some(_) | None => presets(group, self.top, self.charset, &mut warnings),
            };
            shared_presets.get_or_insert_with(|| Arc::clone(&own_presets));
            if lines_vary {
                shared_technique = None;
            }
            let lines = shared_technique.get_or_insert_with(|| technique(group, self.top, self.charset));
            let place = Place {
                group,
                groups: &groups,
                index: index as usize,
                frames: self.pixels.frames,
                offset: offsets.get(index as usize).copied(),
                slice: slices.get(index as usize).copied(),
            };
            let words = Words {
                presets: own_presets,
                technique: Arc::clone(lines),
                contrast: contrast_agent(group, self.top, self.charset),
                varying: shared_values.frame(group.own()),
                rate,
            };
            let mut frame = self.frame(index, place, words, warnings);
            frame.real_world = own_maps;
            if frame.plane.is_none() && !regions.is_empty() {
                in_regions(&mut frame, &regions);
            }
            frames.push(Arc::new(frame));
        }
        frames
    }

    fn frame(&self, index: u32, place: Place<'_>, words: Words, mut warnings: Vec<Warning>) -> Frame {
        let Spacing { between: spacing, calibration, aspect } =
            spacing(place.group, self.top, self.modality, &mut warnings);
        let layout = &self.stored.layout;
        let meaning = modality(place.group, self.top, self.modality, &mut warnings);
        let step = (!layout.float).then(|| meaning.transform.step());
        let fractional = step.is_none_or(|step| step.fract() != 0.0);
        let presets = fitted(&words.presets, &meaning, fractional, &mut warnings);
        let plane = spacing.and_then(|spacing| place.plane(self.top, spacing, &mut warnings));
        let photometric = self.stored.layout.photometric;
        let color = !matches!(photometric, Photometric::Monochrome1 | Photometric::Monochrome2);
        warnings.extend(misfit(&presets, &meaning.transform, layout).filter(|_| !color));
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
            transform: meaning.transform,
            unit: meaning.unit,
            step,
            real_world: Arc::from([]),
            regions: Arc::from([]),
            padding: padding(self.top, layout),
            presets,
            lossy: lossy(self.top, &self.stored.transfer_syntax, self.pixels.smaller),
            technique: words.technique,
            contrast: words.contrast,
            varying: words.varying,
            rate: words.rate,
            stored: Arc::clone(self.stored),
            overlays: Arc::from([]),
            tile: None,
            warnings,
        }
    }
}

/// What frames often share.
struct Words {
    presets: Arc<[NamedVoi]>,
    technique: Arc<[(String, String)]>,
    contrast: ContrastAgent,
    varying: Arc<[(Attribute, Varying)]>,
    rate: Option<f64>,
}

/// Lengths hold inside the regions and nowhere else, whatever spacing the whole image declares.
fn in_regions(frame: &mut Frame, regions: &Arc<[UltrasoundRegion]>) {
    let scale = regions.iter().find_map(|region| region.spacing);
    if let Some(spacing) = scale {
        frame.pixel_aspect = spacing.between_rows / spacing.between_columns;
    }
    frame.spacing = None;
    frame.calibration = Calibration::None;
    frame.regions = Arc::clone(regions);
}
