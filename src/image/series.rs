use std::sync::Arc;

use super::{Frame, FrameIndex, FrameOfReference, FrameRef, PersonName, Phi, SeriesUid, StudyUid, Warning};
use crate::geometry::{SliceStack, VolumeGrid};

/// The patient as the files name them. Equal only when name and ID are.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct PatientInfo {
    /// Patient's Name, in all its scripts.
    pub name: Phi<PersonName>,
    /// Patient ID.
    pub id: Phi<String>,
    /// Patient's Birth Date, `YYYYMMDD`.
    pub birth_date: Phi<String>,
    /// Patient's Sex.
    pub sex: Phi<String>,
}

impl PatientInfo {
    /// What tells patients apart: the ID; the name where there is no ID, since one name may be written in two ways.
    pub fn identity(&self) -> Phi<String> {
        if self.id.reveal().is_empty() { Phi::new(self.name.reveal().to_string()) } else { self.id.clone() }
    }
}

/// One visit to the scanner.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct StudyInfo {
    /// Study Instance UID.
    pub uid: StudyUid,
    /// Study Date, `YYYYMMDD`, only if it is a date.
    pub date: Option<String>,
    /// Study Time, `HHMMSS`, only if it is a time.
    pub time: Option<String>,
    /// Study Description.
    pub description: String,
    /// Institution Name.
    pub institution: Phi<String>,
}

impl StudyInfo {
    /// What the series of one study say of it: what most of the images say.
    ///
    /// A presentation state or a report, which others made later, has its own words for the study and often a lower
    /// series number than the images. `None` of no series.
    pub fn of_series<'s>(series: impl IntoIterator<Item = &'s Series>) -> Option<&'s Self> {
        let mut said: Vec<(&Self, usize)> = Vec::new();
        for one in series {
            // Documents count where there are no images, and words before none.
            let weight = if one.study.description.is_empty() { 0 } else { one.frames.len() * 2 };
            let weight = weight + usize::from(!one.study.description.is_empty());
            match said.iter_mut().find(|(study, _)| study.description == one.study.description) {
                Some((_, total)) => *total += weight,
                None => said.push((&one.study, weight)),
            }
        }
        // The first of those that say as much.
        said.iter().rev().max_by_key(|(_, weight)| *weight).map(|(study, _)| *study)
    }
}

/// What a series is called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeriesInfo {
    /// Series Instance UID.
    pub uid: SeriesUid,
    /// Series Number.
    pub number: Option<i32>,
    /// Modality, as in the file: `CT`, `MR`, `PT`.
    pub modality: String,
    /// Series Description.
    pub description: String,
    /// When the series was acquired, `YYYYMMDD`, only if it is a date.
    pub date: Option<String>,
}

/// Which series: one UID under two patients is two series, never merged in silence.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SeriesKey {
    /// [`PatientInfo::identity`].
    patient: Phi<String>,
    study: StudyUid,
    series: SeriesUid,
    /// Which stack of a series that holds several.
    part: Option<Arc<str>>,
}

impl SeriesKey {
    /// The key of a whole series of that patient and study.
    pub fn new(patient: &PatientInfo, study: &StudyInfo, series: &SeriesInfo) -> Self {
        Self { patient: patient.identity(), study: study.uid.clone(), series: series.uid.clone(), part: None }
    }

    /// Whether two keys name series of one patient.
    pub fn same_patient(&self, other: &Self) -> bool {
        self.patient == other.patient
    }

    /// Whether two keys name stacks of one DICOM series.
    pub fn same_series(&self, other: &Self) -> bool {
        self.series == other.series && self.study == other.study && self.patient == other.patient
    }
}

/// Which of the stacks of a DICOM series that holds more than one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// What tells it from the other stacks, for keys: by values, so it stays while more files come.
    pub id: Arc<str>,
    /// What tells it from the other stacks, for people: `TE 80 ms`.
    pub name: String,
    /// Its number, from 1.
    pub number: usize,
    /// How many stacks there are.
    pub count: usize,
    /// Files of the whole DICOM series.
    pub files: usize,
}

impl Part {
    /// `stack 2 of 3`.
    pub fn place(&self) -> String {
        format!("stack {} of {}", self.number, self.count)
    }
}

/// What a series can be used as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SeriesKind {
    /// A regular, possibly sheared grid of slices.
    Volume,
    /// Several images that are not one grid.
    Stack,
    /// One image.
    Single,
    /// No image: a report, a presentation state, a segmentation that is not shown.
    Document,
}

impl SeriesKind {
    /// The word for JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Volume => "volume",
            Self::Stack => "stack",
            Self::Single => "single",
            Self::Document => "document",
        }
    }
}

/// Why a series is not one grid: shown, not guessed around.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotAVolume {
    /// Fewer than two frames.
    #[error("there is only one image")]
    OneFrame,
    /// Some frame has no place in the patient.
    #[error("the images do not say where they lie in the patient")]
    NoPosition,
    /// Frames point in several directions.
    #[error("the images point in several directions")]
    SeveralOrientations,
    /// Frames have several sizes or spacings.
    #[error("the images have different sizes or pixel spacings")]
    MixedSizes,
    /// Planes that lie further beside each other than in front: scouts, not slices of one body.
    #[error("the images are single planes beside each other, not slices of one volume")]
    SinglePlanes,
    /// Slices are missing or unevenly spaced.
    #[error("the slices are not evenly spaced")]
    UnevenSpacing,
    /// Two frames lie at one place.
    #[error("several images lie at the same place")]
    DuplicatePositions,
    /// Colour images are not interpolated between slices.
    #[error("the images are in colour")]
    Color,
}

/// One series, or one stack of a series that holds several, sorted by place, with everything but the samples.
#[derive(Debug, Clone)]
pub struct Series {
    /// The patient.
    pub patient: Arc<PatientInfo>,
    /// The study.
    pub study: Arc<StudyInfo>,
    /// What it is called.
    pub info: SeriesInfo,
    /// Which stack of the series it is; `None` where it is all of it.
    pub part: Option<Part>,
    /// The space its points belong to.
    pub space: FrameOfReference,
    /// Frames by ascending place along the normal; by instance and frame number where there is no place.
    pub frames: Vec<Arc<Frame>>,
    /// The grid of the frames, or why they are none.
    pub grid: Result<VolumeGrid, NotAVolume>,
    /// The frames as slices at their true places, which planes can be cut through; or why not. Uneven steps and gaps
    /// are no reason why not.
    pub slices: Result<Arc<SliceStack>, NotAVolume>,
    /// Files that belong to it; a file of many frames may belong to several stacks.
    pub files: usize,
    /// Problems that did not stop the work, each once.
    pub warnings: Vec<Warning>,
    /// Where each frame stands.
    pub index: FrameIndex,
}

impl Series {
    /// Which series it is.
    pub fn key(&self) -> SeriesKey {
        SeriesKey { part: self.part_id().cloned(), ..SeriesKey::new(&self.patient, &self.study, &self.info) }
    }

    /// Which stack of its series it is, where that holds several.
    pub fn part_id(&self) -> Option<&Arc<str>> {
        self.part.as_ref().map(|part| &part.id)
    }

    /// The frame that stands for all: a first window and a small picture come from it.
    pub fn middle(&self) -> Option<&Arc<Frame>> {
        self.frames.get(self.frames.len() / 2)
    }

    /// Every frame, those beside the one of that index first.
    pub fn frames_around(&self, index: usize) -> impl Iterator<Item = &Arc<Frame>> + use<'_> {
        // Step by step: whoever wants the nearest few of ten thousand does not pay for all.
        let count = self.frames.len();
        let index = index.min(count.saturating_sub(1));
        let here = (0..count.min(1)).map(move |_| index);
        let beside = move |off: usize| [index.checked_sub(off), index.checked_add(off)].into_iter().flatten();
        here.chain((1..count).flat_map(beside)).filter_map(|at| self.frames.get(at))
    }

    /// Whether places in both mean the same: careless copies of files give two patients one Frame of Reference.
    pub fn shares_space(&self, other: &Self) -> bool {
        self.space == other.space && self.key().same_patient(&other.key())
    }

    /// Whether this key names it.
    pub fn is(&self, key: &SeriesKey) -> bool {
        // The series first: no key is made for those that it cannot be.
        self.info.uid == key.series && self.key() == *key
    }

    /// Whether it is the series of this key or a stack of it.
    pub fn is_of(&self, key: &SeriesKey) -> bool {
        self.info.uid == key.series && self.key().same_series(key)
    }

    /// Whether two are one DICOM series.
    pub fn same_series(&self, other: &Self) -> bool {
        self.info.uid == other.info.uid && self.is_of(&other.key())
    }

    /// Whether it is a picture of the case, and no DICOM series: it has no place in the patient and no date.
    pub fn is_picture(&self) -> bool {
        self.frames.first().is_some_and(|frame| frame.stored.is_picture())
    }

    /// What the series can be used as.
    pub fn kind(&self) -> SeriesKind {
        match (self.frames.len(), &self.grid) {
            (0, _) => SeriesKind::Document,
            (1, _) => SeriesKind::Single,
            (_, Ok(_)) => SeriesKind::Volume,
            (_, Err(_)) => SeriesKind::Stack,
        }
    }

    /// The index of a frame in the sorted series.
    pub fn index_of(&self, frame: &FrameRef) -> Option<usize> {
        self.index.find(&self.frames, frame)
    }

    /// How far (mm) the slice at an index extends against and along its normal: half way to its neighbours.
    ///
    /// Every point of the patient between the first and last slice belongs to exactly one slice. At the ends, and
    /// without neighbours, half the slice thickness counts (0.5 mm where the file does not say it).
    pub fn reach(&self, index: usize) -> [f64; 2] {
        let Some(frame) = self.frames.get(index) else { return [0.0; 2] };
        let Some(plane) = &frame.plane else { return [0.0; 2] };
        let half = frame.thickness.map_or(0.5, |thickness| (thickness.0 / 2.0).max(0.01));
        let distance = |neighbour: Option<&Arc<Frame>>| {
            let other = neighbour?.plane.as_ref().filter(|p| p.normal().dot(plane.normal()) > 0.999)?;
            let step = (other.origin().0 - plane.origin().0).dot(plane.normal());
            (step.abs() > 1e-3).then_some(step)
        };
        let before = index.checked_sub(1).and_then(|i| distance(self.frames.get(i)));
        let after = distance(self.frames.get(index + 1));
        [
            before.filter(|step| *step < 0.0).map_or(half, |step| -step / 2.0),
            after.filter(|step| *step > 0.0).map_or(half, |step| step / 2.0),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::image::testing;

    fn series(count: u32) -> Series {
        let frame = |number| {
            let mut frame = testing::oblique_frame();
            frame.of.frame_number = number;
            Arc::new(frame)
        };
        testing::series("1.2.3", (1..=count).map(frame).collect())
    }

    fn numbers<'a>(frames: impl Iterator<Item = &'a Arc<Frame>>) -> Vec<u32> {
        frames.map(|frame| frame.of.frame_number).collect()
    }

    #[test]
    fn the_nearest_come_first_and_every_frame_once() {
        let five = series(5);
        assert_eq!(numbers(five.frames_around(1)), [2, 1, 3, 4, 5]);
        assert_eq!(numbers(five.frames_around(4)), [5, 4, 3, 2, 1]);
        assert_eq!(numbers(five.frames_around(9)), [5, 4, 3, 2, 1], "beyond the last is the last");
        assert!(numbers(series(0).frames_around(3)).is_empty());
    }

    #[test]
    fn every_frame_is_found_where_it_stands_however_many_there_are() {
        for count in [3, 63, 64, 1_000] {
            let mut many = series(count);
            let twin = Arc::clone(&many.frames[1]);
            many.frames.push(twin);
            for at in [0, 1, 2, count as usize - 1] {
                assert_eq!(many.index_of(&many.frames[at].of), Some(at), "of {count}");
            }
            assert_eq!(many.index_of(&FrameRef::computed()), None);
            // A copy that is changed knows its own frames.
            let mut copy = many.clone();
            copy.frames.reverse();
            assert_eq!(copy.index_of(&many.frames[0].of), Some(count as usize), "of {count}");
        }
    }
}
