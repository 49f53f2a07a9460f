use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{
    CasePicture, Figure, KeyImage, KeyImageId, Lesion, LesionReading, Measurement, MeasurementId, Notebook,
    ReaderCalibration, Recorded, SavedWorkspace, Seal, SpaceLink, TimePoint, TimePointId,
};
use crate::image::{SeriesUid, StudyUid};

/// A series that the case speaks of, and where it was when the case was saved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// The series.
    pub series: SeriesUid,
    /// Its study.
    pub study: StudyUid,
    /// Its folder, relative to the case file where possible, with `/` between names.
    pub folder: String,
    /// Fields of a newer version, kept as they are.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// The document: what the reader said. No pixels, no values, no patient attribute.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Case {
    /// A title for people.
    #[serde(default)]
    pub title: String,
    /// Notes in Markdown.
    #[serde(default)]
    pub notes: String,
    /// Events, consent, and what is kept in a report on purpose.
    #[serde(default, skip_serializing_if = "Notebook::is_empty")]
    pub notebook: Arc<Notebook>,
    /// Everything drawn, oldest first.
    #[serde(default)]
    pub measurements: Vec<Arc<Measurement>>,
    /// What the reader follows, in the reader's order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lesions: Vec<Arc<Lesion>>,
    /// Which studies are read as one, in the reader's order; studies in none of them are proposed by their dates.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub time_points: Vec<TimePoint>,
    /// The time point that days are counted from; without one, the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub day_zero: Option<TimePointId>,
    /// Time points that later ones are compared with from there on, beside day 0: after an operation, for one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub baselines: Vec<TimePointId>,
    /// Measurements that the reader chose as the size of their lesion where several were drawn.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub counting: Vec<MeasurementId>,
    /// What was read where nothing could be measured.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub readings: Vec<LesionReading>,
    /// Where the images were.
    #[serde(default)]
    pub sources: Vec<Source>,
    /// The views that the reader marked, in the reader's order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub key_images: Vec<Arc<KeyImage>>,
    /// The figures, in the order of their numbers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub figures: Vec<Arc<Figure>>,
    /// The pictures that are not DICOM, in the order that they were added.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pictures: Vec<Arc<CasePicture>>,
    /// What was on the screen when the case was saved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub workspace: Option<Arc<SavedWorkspace>>,
    /// Scales that the reader gave to images without one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub calibrations: Vec<ReaderCalibration>,
    /// What the measurements were worth when the case was saved.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub recorded: Vec<Recorded>,
    /// What it held when it was saved, part by part; cases of older programs have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seal: Option<Arc<Seal>>,
    /// How spaces of different visits lie to each other. Each two have at most one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub space_links: Vec<SpaceLink>,
    /// Studies that the reader said are of one patient, whatever their files say; without a patient attribute.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub same_patient: Vec<StudyUid>,
    /// Fields of a newer version, kept as they are.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

impl Case {
    /// The measurement of that name.
    pub fn measurement(&self, id: MeasurementId) -> Option<&Arc<Measurement>> {
        self.measurements.iter().find(|m| m.id == id)
    }

    /// A name that no measurement has.
    pub fn free_id(&self) -> MeasurementId {
        let own = self.measurements.iter().map(|m| m.id.0);
        // What the notes say of a measurement that is gone must not be said of a new one.
        let said = super::notebook::measurements_in(&self.notes).map(|id| id.0);
        MeasurementId(own.chain(said).max().map_or(1, |id| id.saturating_add(1)))
    }

    /// The key image of that name.
    pub fn key_image(&self, id: KeyImageId) -> Option<&Arc<KeyImage>> {
        self.key_images.iter().find(|key| key.id == id)
    }

    /// Whether nothing was said yet. What is on the screen says nothing.
    pub fn is_blank(&self) -> bool {
        self.measurements.is_empty()
            && self.key_images.is_empty()
            && self.figures.is_empty()
            && self.pictures.is_empty()
            && self.notes.trim().is_empty()
            && self.notebook.is_empty()
            && self.title.is_empty()
            && self.space_links.is_empty()
            && self.lesions.is_empty()
            && self.time_points.is_empty()
            && self.calibrations.is_empty()
    }
}
