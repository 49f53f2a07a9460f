use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{FigureMark, PageSetup};
use crate::case::SavedView;

/// Names a panel within its figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PanelId(pub u32);

/// Which measurements of the case a panel shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MeasurementsShown {
    /// None.
    #[default]
    None,
    /// Their lines.
    Lines,
    /// Their lines, words and values.
    Values,
}

impl MeasurementsShown {
    /// Every choice, in menu order.
    pub const ALL: [Self; 3] = [Self::None, Self::Lines, Self::Values];

    /// The name in menus.
    pub fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Lines => "lines",
            Self::Values => "lines and values",
        }
    }
}

/// One view in a figure.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "independent switches")]
pub struct Panel {
    /// Its name within the figure.
    pub id: PanelId,
    /// What is seen. The height of its framing is that of the panel; the width follows from the panel's shape.
    pub view: Arc<SavedView>,
    /// Columns it takes.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub columns: usize,
    /// Rows it takes.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub rows: usize,
    /// The cell of its top left corner (row, column), where it was put by hand; else the next free one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<[usize; 2]>,
    /// What the author drew.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub marks: Vec<FigureMark>,
    /// Which measurements of the case are drawn.
    #[serde(default)]
    pub measurements: MeasurementsShown,
    /// A bar of a round length.
    #[serde(default)]
    pub scale_bar: bool,
    /// The letters of the patient's sides.
    #[serde(default)]
    pub orientation: bool,
    /// The window in words.
    #[serde(default)]
    pub window: bool,
    /// The author's caption; `None` leaves it to the program, and it then follows the panel.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub caption: Option<String>,
    /// Fields of a newer version, kept as they are.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

fn one() -> usize {
    1
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde's signature")]
fn is_one(value: &usize) -> bool {
    *value == 1
}

impl Panel {
    /// A panel with nothing drawn on it. The figure gives it its id when it is added.
    pub fn new(view: SavedView) -> Self {
        Self {
            id: PanelId(0),
            view: Arc::new(view),
            columns: 1,
            rows: 1,
            place: None,
            marks: Vec::new(),
            measurements: MeasurementsShown::default(),
            scale_bar: false,
            orientation: false,
            window: false,
            caption: None,
            extra: Map::new(),
        }
    }

    pub(super) fn is_sound(&self) -> bool {
        const MOST: usize = PageSetup::MOST_COLUMNS;
        let spans = (1..=MOST).contains(&self.columns) && (1..=MOST).contains(&self.rows);
        let place = self.place.is_none_or(|place| place.iter().all(|at| *at < 10 * MOST));
        spans && place && self.view.is_sound() && self.marks.iter().all(FigureMark::is_sound)
    }
}
