//! Figures: pages of panels, each a view of a series with marks, a letter and a caption. No pixels.

mod edit;
mod grid;
mod journal;
mod letters;
mod mark;
mod panel;
mod share;
mod warn;

use std::ops::RangeInclusive;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

pub use self::grid::{Grid, GridPlace};
pub use self::journal::{FileKind, Journal, journals};
pub use self::letters::{Corner, LetterForm, Letters};
pub use self::mark::{FigureMark, FigureShape, Ink};
pub use self::panel::{MeasurementsShown, Panel, PanelId};
pub use self::share::{Along, Sharing};
pub use self::warn::{FigureWarning, PanelFacts, warnings};

/// Names a figure within its case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct FigureId(pub u32);

/// The paper, and how the panels are laid out on it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PageSetup {
    /// The journal whose rules are kept; empty for none.
    #[serde(default)]
    pub journal: String,
    /// Width of the figure, mm.
    pub width_mm: f64,
    /// Output pixels per inch.
    pub dpi: f64,
    /// Panels in a row.
    pub columns: usize,
    /// Width of a panel over its height.
    pub aspect: f64,
    /// Between panels, mm.
    pub gap_mm: f64,
    /// Size of headings and other text beside and on panels, pt.
    pub text_pt: f64,
    /// Width of lines, pt.
    pub line_pt: f64,
    /// Colour of measurements, scale bars and words on panels.
    #[serde(default)]
    pub ink: Ink,
    /// Fields of a newer version, kept as they are.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

impl Default for PageSetup {
    fn default() -> Self {
        Self {
            journal: String::new(),
            width_mm: 180.0,
            dpi: 600.0,
            columns: 4,
            aspect: 1.0,
            gap_mm: 1.0,
            text_pt: 8.0,
            line_pt: 0.9,
            ink: Ink::WHITE,
            extra: Map::new(),
        }
    }
}

impl PageSetup {
    /// Widths that are drawn, mm.
    pub const WIDTHS_MM: RangeInclusive<f64> = 10.0..=1000.0;
    /// Resolutions that are drawn, pixels per inch.
    pub const RESOLUTIONS: RangeInclusive<f64> = 30.0..=2400.0;
    /// The most panels in a row.
    pub const MOST_COLUMNS: usize = 26;

    /// The nearest setup that can be drawn: a file may be written by anybody.
    #[must_use]
    pub fn sound(mut self) -> Self {
        let within = |value: f64, range: RangeInclusive<f64>, or: f64| {
            if value.is_finite() { value.clamp(*range.start(), *range.end()) } else { or }
        };
        self.width_mm = within(self.width_mm, Self::WIDTHS_MM, 180.0);
        self.dpi = within(self.dpi, Self::RESOLUTIONS, 600.0);
        self.columns = self.columns.clamp(1, Self::MOST_COLUMNS);
        self.aspect = within(self.aspect, 0.2..=5.0, 1.0);
        self.gap_mm = within(self.gap_mm, 0.0..=20.0, 1.0);
        self.text_pt = within(self.text_pt, 1.0..=72.0, 8.0);
        self.line_pt = within(self.line_pt, 0.05..=10.0, 0.9);
        self
    }
}

/// A page of panels.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Figure {
    /// Its name within the case.
    pub id: FigureId,
    /// The first words of the legend.
    #[serde(default)]
    pub title: String,
    /// The paper.
    pub page: PageSetup,
    /// The letters of the panels.
    #[serde(default)]
    pub letters: Letters,
    /// Over the columns, from the left.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub column_headings: Vec<String>,
    /// Beside the rows, from the top.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub row_headings: Vec<String>,
    /// What panels have in common.
    #[serde(default)]
    pub sharing: Sharing,
    /// In the order of their letters.
    #[serde(default)]
    pub panels: Vec<Arc<Panel>>,
    /// The last words of the legend: abbreviations, arrows.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub closing: String,
    /// What may leave the program although it may say who the patient is: the names of such findings.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub kept: Vec<String>,
    /// Fields of a newer version, kept as they are.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

impl Figure {
    /// No page has more panels: each is rendered.
    pub const MOST_PANELS: usize = 500;

    /// An empty figure. The case gives it its id when it is added.
    pub fn new() -> Self {
        Self {
            id: FigureId(0),
            title: String::new(),
            page: PageSetup::default(),
            letters: Letters::default(),
            column_headings: Vec::new(),
            row_headings: Vec::new(),
            sharing: Sharing::default(),
            panels: Vec::new(),
            closing: String::new(),
            kept: Vec::new(),
            extra: Map::new(),
        }
    }

    /// The panel of that name.
    pub fn panel(&self, id: PanelId) -> Option<&Arc<Panel>> {
        self.panels.iter().find(|panel| panel.id == id)
    }

    /// Its index, which is also that of its letter.
    pub fn index_of(&self, id: PanelId) -> Option<usize> {
        self.panels.iter().position(|panel| panel.id == id)
    }

    /// A panel to change.
    pub fn panel_mut(&mut self, id: PanelId) -> Option<&mut Panel> {
        self.panels.iter_mut().find(|panel| panel.id == id).map(Arc::make_mut)
    }

    /// Adds a panel after the others and names it.
    pub fn push(&mut self, mut panel: Panel) -> PanelId {
        let last = self.panels.iter().map(|panel| panel.id.0).max().unwrap_or(0);
        panel.id = PanelId(last.saturating_add(1));
        let id = panel.id;
        self.panels.push(Arc::new(panel));
        id
    }

    /// Moves a panel to an index; the others close up.
    pub fn move_panel(&mut self, id: PanelId, to: usize) {
        let Some(from) = self.index_of(id) else { return };
        let panel = self.panels.remove(from);
        self.panels.insert(to.min(self.panels.len()), panel);
    }

    /// Where the panels lie.
    pub fn grid(&self) -> Grid {
        Grid::of(self)
    }

    /// Whether every number can be drawn with: a file may be written by anybody.
    pub fn is_sound(&self) -> bool {
        self.page == self.page.clone().sound() && self.panels.iter().all(|panel| panel.is_sound())
    }
}

impl Default for Figure {
    fn default() -> Self {
        Self::new()
    }
}
