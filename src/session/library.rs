//! What is open: series as they are found, pixels as they are read, and what could not be used.

mod pictures;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::fmt;
use std::hash::{Hash, Hasher};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::case::{DrawnPlane, ReaderCalibration};
use crate::dicom::{self, Content, Instance, Problem, Whereabouts};
use crate::geometry::PatientPoint;
use crate::image::{
    Decoded, Frame, FrameRef, OverlayPlane, Phi, Series, SeriesKey, SeriesUid, SopInstanceUid,
};
use crate::render::Picture;

/// The pixels of one frame.
#[derive(Debug, Clone)]
pub enum Pixels {
    /// They are there.
    Loaded(Arc<Decoded>),
    /// They cannot be read; why.
    Failed(String),
}

/// Bytes at the end of a path that its hash is made of.
const HASHED: usize = 24;

/// One frame of one file. Two files may claim to be one image and hold different pixels: a patient's pixels never
/// show under another's name.
#[derive(Debug, Clone, Eq)]
pub(super) struct Place {
    path: Arc<Path>,
    frame_number: u32,
}

impl Place {
    pub(super) fn of(frame: &Frame) -> Self {
        Self { path: Arc::clone(&frame.stored.path), frame_number: frame.of.frame_number }
    }
}

// As text: comparing paths part by part costs ten times as much.
impl PartialEq for Place {
    fn eq(&self, other: &Self) -> bool {
        let same_path =
            || Arc::ptr_eq(&self.path, &other.path) || self.path.as_os_str() == other.path.as_os_str();
        self.frame_number == other.frame_number && same_path()
    }
}

impl Hash for Place {
    fn hash<H: Hasher>(&self, state: &mut H) {
        // The names of files tell them apart, not those of the folders before them; a thousand are hashed for a step.
        let path = self.path.as_os_str().as_encoded_bytes();
        path.get(path.len().saturating_sub(HASHED)..).hash(state);
        self.frame_number.hash(state);
    }
}
/// The small picture of a stack, and the frame that it shows.
type Thumbnail = (FrameRef, Option<Arc<Picture>>);

/// Everything that is open.
#[derive(Default)]
pub struct Library {
    instances: HashMap<SeriesKey, BTreeMap<Arc<Path>, Arc<Instance>>>,
    dirty: BTreeSet<SeriesKey>,
    series: Vec<Arc<Series>>,
    /// The pictures of the case, without the scales that the reader gave them.
    pictures: Vec<Series>,
    duplicates: BTreeMap<SeriesKey, Vec<Problem>>,
    problems: BTreeMap<PathBuf, Problem>,
    pixels: HashMap<Place, Pixels>,
    /// Counts whatever changed the pixels held: a picture of many frames is drawn again then.
    changes: u64,
    overlays: HashMap<Place, Arc<[OverlayPlane]>>,
    thumbnails: HashMap<SeriesKey, Thumbnail>,
    /// Scales that the reader gave to images without one.
    calibrations: Vec<ReaderCalibration>,
    bytes: usize,
    /// How often series were put together.
    assembled: u64,
}

/// No pixels: they are millions of numbers, and the patient's.
impl fmt::Debug for Library {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Library")
            .field("series", &self.series)
            .field("problems", &self.problems)
            .field("bytes", &self.bytes)
            .finish_non_exhaustive()
    }
}

impl Library {
    /// Series in the order of the browser: by patient, newest study first, by series number.
    pub fn browse(&self) -> Vec<&Arc<Series>> {
        let mut list: Vec<_> = self.series.iter().collect();
        list.sort_by(|a, b| {
            let newest_first = (&b.study.date, &b.study.time).cmp(&(&a.study.date, &a.study.time));
            let number = |s: &Series| s.info.number.unwrap_or(i32::MAX);
            let part = |s: &Series| s.part.as_ref().map(|part| part.number);
            // Pictures of the case are of no patient that a file names: they come last.
            (a.is_picture().cmp(&b.is_picture()))
                .then_with(|| a.patient.cmp(&b.patient))
                .then(newest_first)
                .then_with(|| a.study.uid.cmp(&b.study.uid))
                .then_with(|| number(a).cmp(&number(b)))
                .then_with(|| a.info.uid.cmp(&b.info.uid))
                .then_with(|| part(a).cmp(&part(b)))
        });
        list
    }

    /// Whether nothing is open.
    pub fn is_empty(&self) -> bool {
        self.series.is_empty()
    }

    /// Every series, in no order.
    pub(super) fn all(&self) -> impl Iterator<Item = &Arc<Series>> {
        self.series.iter()
    }

    /// A series by its key.
    pub fn series(&self, key: &SeriesKey) -> Option<&Arc<Series>> {
        self.series.iter().find(|series| series.is(key))
    }

    /// Whether a series with that UID is open, whoever the patient.
    pub(super) fn has_uid(&self, uid: &SeriesUid) -> bool {
        self.series.iter().any(|series| series.info.uid == *uid)
    }

    /// The stack that holds a frame now, of the series that a key named before more of its files came.
    pub(super) fn stack_with(&self, key: &SeriesKey, frame: &FrameRef) -> Option<&Arc<Series>> {
        self.series.iter().find(|series| series.is_of(key) && series.index_of(frame).is_some())
    }

    /// The series of a UID, or the stack of it, as case files name them: whoever the patient.
    pub(super) fn part(&self, uid: &SeriesUid, part: Option<&Arc<str>>) -> Option<&Arc<Series>> {
        let mut of_uid = self.series.iter().filter(|series| series.info.uid == *uid);
        of_uid.find(|series| series.part_id() == part)
    }

    /// The series, or the stack of it, that something was drawn on.
    ///
    /// Files that came since may have split it: then the stack that is a volume around the place.
    pub(super) fn drawn_on(&self, drawn: &DrawnPlane) -> Option<&Arc<Series>> {
        let around = || self.volume_around(&drawn.series, drawn.reformat.plane.through);
        self.part(&drawn.series, drawn.part.as_ref()).or_else(around)
    }

    /// The stack of a series that is a volume around a place.
    pub(super) fn volume_around(&self, uid: &SeriesUid, place: PatientPoint) -> Option<&Arc<Series>> {
        self.series.iter().filter(|series| series.info.uid == *uid).find(|series| holds(series, place))
    }

    /// Whether the pixels of a frame are there, to the last.
    pub fn is_whole(&self, frame: &Frame) -> bool {
        match self.pixels(frame) {
            Some(Pixels::Loaded(samples)) => samples.cut(frame.size).is_none(),
            Some(Pixels::Failed(_)) | None => false,
        }
    }

    /// The stack that is a volume around a place, of the series that a key named before more of its files came.
    pub(super) fn stack_around(&self, key: &SeriesKey, place: PatientPoint) -> Option<&Arc<Series>> {
        self.series.iter().find(|series| series.is_of(key) && holds(series, place))
    }

    /// The stacks of the DICOM series that one of them belongs to, in their order.
    pub fn stacks(&self, series: &Series) -> Vec<&Arc<Series>> {
        let mut stacks: Vec<_> = self.series.iter().filter(|other| other.same_series(series)).collect();
        stacks.sort_by_key(|stack| stack.part.as_ref().map(|part| part.number));
        stacks
    }

    /// The series that holds a frame, and the frame's index in it.
    pub fn find_frame(&self, frame: &FrameRef) -> Option<(&Arc<Series>, usize)> {
        self.series.iter().find_map(|series| Some((series, series.index_of(frame)?)))
    }

    /// The pixels of a frame, if anybody asked for them yet.
    pub fn pixels(&self, frame: &Frame) -> Option<&Pixels> {
        self.pixels.get(&Place::of(frame))
    }

    /// The graphics that the file lays over a frame, as far as their bits were read.
    pub fn overlays<'a>(&'a self, frame: &'a Frame) -> &'a [OverlayPlane] {
        self.overlays.get(&Place::of(frame)).unwrap_or(&frame.overlays)
    }

    /// How many frames of a series have their pixels.
    pub fn loaded(&self, series: &Series) -> usize {
        series.frames.iter().filter(|frame| self.pixels.contains_key(&Place::of(frame))).count()
    }

    /// The small picture of a series; `None` while it is not made, `Some(None)` where there is none.
    pub fn thumbnail(&self, series: &SeriesKey) -> Option<Option<&Arc<Picture>>> {
        self.thumbnails.get(series).map(|(_, picture)| picture.as_ref())
    }

    /// The frame that the small picture of a series shows, once it is made.
    pub(super) fn thumbnail_of(&self, series: &SeriesKey) -> Option<&FrameRef> {
        self.thumbnails.get(series).map(|(frame, _)| frame)
    }

    /// The files of a series.
    pub fn files(&self, key: &SeriesKey) -> impl Iterator<Item = &Path> {
        self.instances.get(key).into_iter().flat_map(BTreeMap::keys).map(AsRef::as_ref)
    }

    /// Where the bytes of a file are, whether it is used or not.
    pub(super) fn whereabouts(&self, path: &Path) -> Whereabouts {
        let used = self.instances.values().find_map(|files| files.get(path));
        let problem = || self.problems.get(path).map(|problem| problem.bytes.clone());
        used.map(|found| found.content.whereabouts()).or_else(problem).unwrap_or(Whereabouts::File)
    }

    /// Files that were not used, with the reason.
    pub fn problems(&self) -> impl Iterator<Item = &Problem> {
        self.problems.values().chain(self.duplicates.values().flatten())
    }

    /// A number that is another one whenever pixels came or went.
    pub fn changes(&self) -> u64 {
        self.changes
    }

    /// How often series were put together: whoever looks at all of them looks again when it changes.
    pub(super) fn assembled(&self) -> u64 {
        self.assembled
    }

    /// Forgets every series that is not to stay; pictures of the case are no such series.
    pub(super) fn retain(&mut self, stays: impl Fn(&Series) -> bool) {
        let (kept, gone): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.series).into_iter().partition(|s| s.is_picture() || stays(s));
        self.series = kept;
        for series in &gone {
            self.instances.retain(|key, _| !series.is_of(key));
            self.duplicates.retain(|key, _| !series.is_of(key));
            for place in series.frames.iter().map(|frame| Place::of(frame)) {
                self.overlays.remove(&place);
                if let Some(Pixels::Loaded(samples)) = self.pixels.remove(&place) {
                    self.bytes -= samples.bytes();
                }
            }
        }
        self.forget_old_thumbnails();
        self.changes += 1;
        self.assembled += 1;
    }

    /// Bytes of pixels in memory.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    pub(super) fn add(&mut self, found: Vec<Instance>) {
        for instance in found {
            let key = SeriesKey::new(&instance.patient, &instance.study, &instance.series);
            self.dirty.insert(key.clone());
            self.problems.remove(&*instance.path);
            // A file that is scanned again is the same file, not a second copy of the image.
            let instance = Arc::new(instance);
            let files = self.instances.entry(key).or_default();
            if let Some(old) = files.insert(Arc::clone(&instance.path), Arc::clone(&instance)) {
                self.forget_pixels(&old, &instance);
            }
        }
    }

    /// Of a file that is opened again: drops what could not be read, and everything where the file has changed.
    fn forget_pixels(&mut self, old: &Instance, new: &Instance) {
        let state = |instance: &Instance| instance.frames.first().map(|frame| frame.stored.state);
        let changed = state(old) != state(new);
        for place in old.frames.iter().map(|frame| Place::of(frame)) {
            if changed || matches!(self.pixels.get(&place), Some(Pixels::Failed(_))) {
                self.overlays.remove(&place);
                if let Some(Pixels::Loaded(samples)) = self.pixels.remove(&place) {
                    self.bytes -= samples.bytes();
                }
            }
        }
    }

    /// The bytes of every object, by what it claims to be; of two that claim one thing, either.
    pub(super) fn contents(&self) -> HashMap<(SeriesKey, SopInstanceUid), Content> {
        let of = |(key, all): (&SeriesKey, &BTreeMap<Arc<Path>, Arc<Instance>>)| {
            let one = |i: &Arc<Instance>| ((key.clone(), i.sop_instance.clone()), i.content.clone());
            all.values().map(one).collect::<Vec<_>>()
        };
        self.instances.iter().flat_map(of).collect()
    }

    /// How many files were not used for each reason, most first.
    pub fn problem_counts(&self) -> Vec<(String, usize)> {
        dicom::by_reason(self.problems())
    }

    pub(super) fn add_problems(&mut self, problems: Vec<Problem>) {
        self.problems.extend(problems.into_iter().map(|problem| (problem.path.clone(), problem)));
    }

    /// Puts the series that grew together again.
    pub(super) fn assemble(&mut self) {
        if !self.dirty.is_empty() {
            self.assembled += 1;
        }
        for key in std::mem::take(&mut self.dirty) {
            let Some(instances) = self.instances.get(&key) else { continue };
            let instances: Vec<_> = instances.values().map(Arc::clone).collect();
            let (parts, problems) = dicom::assemble_series(&instances);
            self.series.retain(|series| !series.is_of(&key));
            let scaled = |series| Arc::new(calibrated(series, &self.calibrations));
            self.series.extend(parts.into_iter().map(scaled));
            if problems.is_empty() {
                self.duplicates.remove(&key);
            } else {
                self.duplicates.insert(key, problems);
            }
        }
    }

    /// Takes the case's scales; tells whether any of what is open has another one now.
    pub(super) fn calibrate(&mut self, calibrations: &[ReaderCalibration]) -> bool {
        if self.calibrations == calibrations {
            return false;
        }
        let of = |list: &[ReaderCalibration]| list.iter().map(|c| c.sop_instance.clone()).collect::<Vec<_>>();
        let touched = [of(&self.calibrations), of(calibrations)].concat();
        let touched: HashSet<SopInstanceUid> = touched.into_iter().collect();
        self.calibrations = calibrations.to_vec();
        let has = |all: &BTreeMap<Arc<Path>, Arc<Instance>>| {
            all.values().any(|i| touched.contains(&i.sop_instance))
        };
        let keys = self.instances.iter().filter(|(_, all)| has(all)).map(|(key, _)| key.clone());
        self.dirty.extend(keys);
        let changed = !self.dirty.is_empty();
        self.assemble();
        self.settle_pictures() || changed
    }

    pub(super) fn put_pixels(&mut self, frame: &Frame, pixels: Pixels) {
        self.changes += 1;
        if let Pixels::Loaded(samples) = &pixels {
            self.bytes += samples.bytes();
        }
        if let Some(Pixels::Loaded(old)) = self.pixels.insert(Place::of(frame), pixels) {
            self.bytes -= old.bytes();
        }
    }

    pub(super) fn put_overlays(&mut self, frame: &Frame, planes: Vec<OverlayPlane>) {
        self.overlays.insert(Place::of(frame), planes.into());
    }

    pub(super) fn put_thumbnail(&mut self, series: SeriesKey, frame: FrameRef, picture: Option<Picture>) {
        self.thumbnails.insert(series, (frame, picture.map(Arc::new)));
    }

    /// Drops the small pictures of stacks that were split or joined since.
    pub(super) fn forget_old_thumbnails(&mut self) {
        let there: HashSet<SeriesKey> = self.series.iter().map(|series| series.key()).collect();
        self.thumbnails.retain(|key, _| there.contains(key));
    }

    /// Drops pixels until they take somewhat less than `budget` bytes: those of series that nobody shows first, then
    /// those that lie furthest from the slices shown. What is in `kept` stays.
    pub(super) fn trim(&mut self, budget: usize, shown: &[(SeriesKey, Range<usize>)], kept: &HashSet<Place>) {
        if self.bytes <= budget {
            return;
        }
        // Somewhat less: not all is looked at again for the next image.
        let enough = budget - budget / 16;
        let mut droppable: Vec<(usize, Place)> = Vec::new();
        for series in &self.series {
            let parts: Vec<&Range<usize>> =
                shown.iter().filter(|(key, _)| series.is(key)).map(|(_, part)| part).collect();
            let off = |index: usize| {
                let off = |part: &&Range<usize>| {
                    part.start.saturating_sub(index).max((index + 1).saturating_sub(part.end))
                };
                parts.iter().map(off).min().unwrap_or(usize::MAX)
            };
            let places = series.frames.iter().map(|frame| Place::of(frame)).enumerate();
            let held = places.filter(|(_, place)| self.pixels.contains_key(place) && !kept.contains(place));
            droppable.extend(held.map(|(index, place)| (off(index), place)));
        }
        // Of those equally far off the first ones go last, as they always did.
        droppable.sort_by_key(|(off, _)| *off);
        while let Some((_, place)) = droppable.pop().filter(|_| self.bytes > enough) {
            if let Some(Pixels::Loaded(samples)) = self.pixels.get(&place) {
                self.changes += 1;
                self.bytes -= samples.bytes();
                self.pixels.remove(&place);
            }
        }
    }

    /// The ways a patient is named, for tests that look for leaks.
    pub fn patient_names(&self) -> Vec<Phi<String>> {
        let patients = self.series.iter().filter(|series| !series.is_picture());
        patients.map(|series| Phi::new(series.patient.name.reveal().to_string())).collect()
    }
}

/// Whether a series is a volume around a place.
fn holds(series: &Series, place: PatientPoint) -> bool {
    series.slices.as_ref().is_ok_and(|slices| slices.voxel_from_patient(place).is_some())
}

/// A series whose images have the scales that the reader gave them.
pub fn calibrated(mut series: Series, calibrations: &[ReaderCalibration]) -> Series {
    if calibrations.is_empty() {
        return series;
    }
    let of: HashMap<_, _> =
        calibrations.iter().map(|calibration| (&calibration.sop_instance, calibration)).collect();
    for frame in &mut series.frames {
        let calibration = of.get(&frame.of.sop_instance);
        if let Some(scaled) = calibration.and_then(|calibration| calibration.on(frame)) {
            *frame = Arc::new(scaled);
        }
    }
    series
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_a_problem_once_and_only_until_it_is_used() {
        let mut library = Library::default();
        let problem = |reason: &str| Problem::new(Path::new("a.dcm"), reason);
        library.add_problems(vec![problem("cancelled")]);
        library.add_problems(vec![problem("not DICOM")]);
        assert_eq!(library.problems().collect::<Vec<_>>(), [&problem("not DICOM")]);
    }
}
