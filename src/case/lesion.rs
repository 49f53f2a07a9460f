//! Lesions, time points, and what was read of one at the other without a measurement.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{Case, EditError, MeasurementId};
use crate::image::StudyUid;

/// Names a lesion within its case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct LesionId(pub u32);

/// What a lesion counts as in the response criteria.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LesionRole {
    /// Its diameter is part of the sum.
    #[default]
    Target,
    /// It is only there or gone.
    NonTarget,
    /// It came after the baseline.
    New,
}

impl LesionRole {
    /// Every role, in menu order.
    pub const ALL: [Self; 3] = [Self::Target, Self::NonTarget, Self::New];

    /// The word in menus and tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::Target => "target",
            Self::NonTarget => "non-target",
            Self::New => "new",
        }
    }
}

/// Something that the reader follows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Lesion {
    /// Its name within the case.
    pub id: LesionId,
    /// What the reader calls it.
    pub name: String,
    /// Where it is: an organ or region.
    #[serde(default)]
    pub site: String,
    /// The reader's words.
    #[serde(default)]
    pub text: String,
    /// What it counts as.
    #[serde(default)]
    pub role: LesionRole,
    /// A lymph node: its short axis counts.
    #[serde(default)]
    pub node: bool,
    /// Fields of a newer version, kept as they are.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

impl Lesion {
    /// A target of that name. The case gives it its id when it is added.
    pub fn new(name: &str) -> Self {
        Self {
            id: LesionId(0),
            name: name.to_owned(),
            site: String::new(),
            text: String::new(),
            role: LesionRole::default(),
            node: false,
            extra: Map::new(),
        }
    }
}

/// Names a time point within its case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TimePointId(pub u32);

/// Studies that are read as one: a column of the ledger. No date: dates are in the images.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TimePoint {
    /// Its name within the case.
    pub id: TimePointId,
    /// What the reader calls it; may be empty.
    #[serde(default)]
    pub name: String,
    /// Its studies. A study belongs to one time point at most.
    pub studies: Vec<StudyUid>,
    /// Fields of a newer version, kept as they are.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

impl TimePoint {
    /// A time point of these studies. The case gives it its id.
    pub fn new(studies: Vec<StudyUid>) -> Self {
        Self { id: TimePointId(0), name: String::new(), studies, extra: Map::new() }
    }
}

/// What a reader saw of a lesion where there is nothing to measure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reading {
    /// It is gone.
    Absent,
    /// It is there, too small to measure.
    TooSmall,
    /// It was taken out.
    Resected,
    /// It came back after it had been taken out; what is measured of it counts as well.
    Recurrent,
}

impl Reading {
    /// The words in the ledger.
    pub fn name(self) -> &'static str {
        match self {
            Self::Absent => "gone",
            Self::TooSmall => "too small to measure",
            Self::Resected => "resected",
            Self::Recurrent => "recurrent",
        }
    }
}

/// The reading of one lesion at one time point.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LesionReading {
    /// Which lesion.
    pub lesion: LesionId,
    /// When.
    pub time_point: TimePointId,
    /// What.
    pub reading: Reading,
    /// Fields of a newer version, kept as they are.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

impl Case {
    /// The lesion of that name.
    pub fn lesion(&self, id: LesionId) -> Option<&Lesion> {
        self.lesions.iter().find(|lesion| lesion.id == id).map(AsRef::as_ref)
    }

    /// The time point that a study belongs to.
    pub fn time_point_of(&self, study: &StudyUid) -> Option<TimePointId> {
        let has = |point: &&TimePoint| point.studies.contains(study);
        self.time_points.iter().find(has).map(|point| point.id)
    }

    /// What was read of a lesion at a time point without a measurement.
    pub fn reading(&self, lesion: LesionId, at: TimePointId) -> Option<Reading> {
        let is = |reading: &&LesionReading| reading.lesion == lesion && reading.time_point == at;
        self.readings.iter().find(is).map(|reading| reading.reading)
    }

    /// The number that the next lesion gets: that of none, nor of one that the notes speak of and that is gone.
    pub fn free_lesion(&self) -> LesionId {
        let own = self.lesions.iter().map(|lesion| lesion.id.0);
        let said = super::notebook::lesions_in(&self.notes).map(|id| id.0);
        LesionId(own.chain(said).max().map_or(1, |id| id.saturating_add(1)))
    }

    pub(super) fn add_lesion(&mut self, mut lesion: Lesion) {
        lesion.id = self.free_lesion();
        self.lesions.push(lesion.into());
    }

    pub(super) fn change_lesion(&mut self, lesion: Lesion) -> Result<(), EditError> {
        let id = lesion.id;
        let slot = self.lesions.iter_mut().find(|old| old.id == id);
        *slot.ok_or(EditError::NoSuchLesion(id))? = lesion.into();
        Ok(())
    }

    /// The measurements stay, without a lesion.
    pub(super) fn remove_lesion(&mut self, id: LesionId) -> Result<(), EditError> {
        let at = self.lesions.iter().position(|lesion| lesion.id == id);
        self.lesions.remove(at.ok_or(EditError::NoSuchLesion(id))?);
        self.readings.retain(|reading| reading.lesion != id);
        for measurement in &mut self.measurements {
            if measurement.lesion == Some(id) {
                std::sync::Arc::make_mut(measurement).lesion = None;
            }
        }
        Ok(())
    }

    /// Time points of which none has the number 0: new ones get numbers that no other ever had here.
    pub fn numbered(&self, mut points: Vec<TimePoint>) -> Vec<TimePoint> {
        let mut next = points.iter().chain(&self.time_points).map(|point| point.id.0).max().unwrap_or(0);
        for point in points.iter_mut().filter(|point| point.id.0 == 0) {
            next = next.saturating_add(1);
            point.id = TimePointId(next);
        }
        points
    }

    /// Numbers those that have none yet, and drops what they leave behind.
    pub(super) fn set_time_points(&mut self, points: Vec<TimePoint>) -> Result<(), EditError> {
        let mut studies = std::collections::HashSet::new();
        if !points.iter().flat_map(|point| &point.studies).all(|study| studies.insert(study.clone())) {
            return Err(EditError::StudyTwice);
        }
        self.time_points = self.numbered(points);
        let is = |id: TimePointId| self.time_points.iter().any(|point| point.id == id);
        self.readings.retain(|reading| is(reading.time_point));
        self.day_zero = self.day_zero.filter(|id| is(*id));
        self.baselines.retain(|id| is(*id));
        Ok(())
    }

    pub(super) fn set_baseline(&mut self, id: TimePointId, is_baseline: bool) -> Result<(), EditError> {
        if !self.time_points.iter().any(|point| point.id == id) {
            return Err(EditError::NoSuchTimePoint(id));
        }
        self.baselines.retain(|old| *old != id);
        self.baselines.extend(is_baseline.then_some(id));
        Ok(())
    }

    /// One size counts at a time point: what was chosen there before counts no more.
    pub(super) fn count_size(&mut self, id: MeasurementId, counts: bool) -> Result<(), EditError> {
        let own = self.measurement(id).ok_or(EditError::NoSuchMeasurement(id))?;
        let (lesion, study) = (own.lesion, own.study.clone());
        let rival = |other: &MeasurementId| {
            let other = self.measurements.iter().find(|m| m.id == *other);
            other.is_none_or(|other| other.id == id || (other.lesion == lesion && other.study == study))
        };
        let mut kept: Vec<MeasurementId> = self.counting.iter().copied().filter(|id| !rival(id)).collect();
        kept.extend(counts.then_some(id));
        self.counting = kept;
        Ok(())
    }

    pub(super) fn set_day_zero(&mut self, id: Option<TimePointId>) -> Result<(), EditError> {
        if let Some(id) = id
            && !self.time_points.iter().any(|point| point.id == id)
        {
            return Err(EditError::NoSuchTimePoint(id));
        }
        self.day_zero = id;
        Ok(())
    }

    pub(super) fn read(
        &mut self,
        lesion: LesionId,
        at: TimePointId,
        reading: Option<Reading>,
    ) -> Result<(), EditError> {
        if self.lesion(lesion).is_none() {
            return Err(EditError::NoSuchLesion(lesion));
        }
        if !self.time_points.iter().any(|point| point.id == at) {
            return Err(EditError::NoSuchTimePoint(at));
        }
        self.readings.retain(|old| old.lesion != lesion || old.time_point != at);
        let fresh = |reading| LesionReading { lesion, time_point: at, reading, extra: Map::new() };
        self.readings.extend(reading.map(fresh));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::{Edit, Kind, Measurement, Points};
    use crate::geometry::PatientPoint;
    use crate::image::FrameOfReference;

    fn case() -> Case {
        let study = |text: &str| StudyUid::new(text);
        let case = Case::default().with(Edit::AddLesion(Lesion::new("left frontal"))).unwrap();
        let case = case.with(Edit::AddLesion(Lesion::new("node"))).unwrap();
        let mut drawn = Measurement::new(
            Kind::Length,
            Points::Patient {
                space: FrameOfReference::Declared("1.2".into()),
                points: vec![PatientPoint::new(1.0, -2.0, 3.5), PatientPoint::new(4.0, 2.0, 3.5)],
                drawn_on: None,
            },
        );
        drawn.lesion = Some(LesionId(2));
        let case = case.with(Edit::Add(drawn)).unwrap();
        let points =
            vec![TimePoint::new(vec![study("1.1"), study("1.2")]), TimePoint::new(vec![study("1.3")])];
        case.with(Edit::SetTimePoints(points)).unwrap()
    }

    #[test]
    fn a_lesion_that_goes_leaves_its_measurements() {
        let case = case().with(Edit::Read(LesionId(2), TimePointId(1), Some(Reading::Absent))).unwrap();
        assert_eq!(case.reading(LesionId(2), TimePointId(1)), Some(Reading::Absent));
        let less = case.with(Edit::RemoveLesion(LesionId(2))).unwrap();
        assert_eq!((less.lesions.len(), less.measurements.len(), less.readings.len()), (1, 1, 0));
        assert_eq!(less.measurements[0].lesion, None);
        assert_eq!(case.measurements[0].lesion, Some(LesionId(2)), "the case before stays as it was");
        assert!(less.with(Edit::RemoveLesion(LesionId(2))).is_err());
        assert!(less.with(Edit::Assign(less.measurements[0].id, Some(LesionId(9)))).is_err());
        assert_eq!(case.with(Edit::RemoveLesion(LesionId(1))).unwrap().free_lesion(), LesionId(3));
        let said = less.with(Edit::SetNotes("{{lesion:2@1#size}}".to_owned())).unwrap();
        assert_eq!((less.free_lesion(), said.free_lesion()), (LesionId(2), LesionId(3)));
    }

    #[test]
    fn time_points_keep_their_numbers_and_share_no_study() {
        let case = case().with(Edit::SetDayZero(Some(TimePointId(2)))).unwrap();
        assert_eq!(case.time_point_of(&StudyUid::new("1.3")), Some(TimePointId(2)));
        let kept = TimePoint { name: "after".to_owned(), ..case.time_points[1].clone() };
        let again = case.with(Edit::SetTimePoints(vec![TimePoint::new(vec![StudyUid::new("1.1")]), kept]));
        let again = again.unwrap();
        let ids: Vec<u32> = again.time_points.iter().map(|point| point.id.0).collect();
        assert_eq!((ids, again.day_zero), (vec![3, 2], Some(TimePointId(2))));
        let twice =
            vec![TimePoint::new(vec![StudyUid::new("1.1")]), TimePoint::new(vec![StudyUid::new("1.1")])];
        assert_eq!(case.with(Edit::SetTimePoints(twice)), Err(EditError::StudyTwice));
        let none = case.with(Edit::SetTimePoints(Vec::new())).unwrap();
        assert_eq!((none.day_zero, none.time_points.len()), (None, 0));
        assert!(none.with(Edit::Read(LesionId(1), TimePointId(2), None)).is_err());
    }
}
