//! The mask of a lesion: which voxels of which stack, and what is drawn around it.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::geometry::Mm;
use crate::image::{Series, SeriesUid, StudyUid};
use crate::mask::Mask;

/// The voxels that a reader marked as a lesion.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LesionMask {
    /// The series whose voxels they are.
    pub series: SeriesUid,
    /// Its study: careless copies give several patients one series.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub study: Option<StudyUid>,
    /// Which stack of the series, where it holds several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part: Option<Arc<str>>,
    /// The voxels, in the order of the stack's slices.
    pub voxels: Mask,
    /// How far the margin drawn around it reaches.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub margin: Option<Mm>,
    /// Fields of a newer version, kept as they are.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

impl LesionMask {
    /// Voxels of a series.
    pub fn new(series: &Series, voxels: Mask) -> Self {
        let part = series.part_id().cloned();
        let study = Some(series.study.uid.clone());
        Self { series: series.info.uid.clone(), study, part, voxels, margin: None, extra: Map::new() }
    }

    /// The same with other voxels.
    pub fn with(&self, voxels: Mask) -> Self {
        Self { voxels, ..self.clone() }
    }

    /// Whether it is of this stack: by name, and by its number of voxels.
    pub fn is_of(&self, series: &Series) -> bool {
        self.series == series.info.uid
            && self.study.as_ref().is_none_or(|study| *study == series.study.uid)
            && self.part.as_ref() == series.part_id()
            && series.slices.as_ref().is_ok_and(|slices| self.voxels.fits(slices))
    }
}
