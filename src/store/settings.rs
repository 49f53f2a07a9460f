use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::atomic::write_to;
use super::{StoreError, case_file};
use crate::case::LabelStyle;
use crate::case::figure::Journal;
use crate::files::{Target, folder_of, private_folder};
use crate::geometry::Mm;
use crate::memory::Memory;
use crate::view::{Preset, standard_presets};

/// How many recent paths are remembered.
const MOST_RECENT: usize = 10;

/// What the user chose for every case.
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own that the user turns")]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// The presets, in the order of the number keys.
    pub presets: Vec<Preset>,
    /// Dragging up darkens and dragging right narrows (IHE Basic Image Review lets the user choose).
    pub inverted_window_drag: bool,
    /// What a pixel of the screen measures; `None` until the user has compared it with something.
    pub screen_pixel: Option<Mm>,
    /// Whether opened paths are remembered. Off at first: a path may name a patient.
    pub remember_recent: bool,
    /// The paths opened last, newest first; empty unless `remember_recent`.
    pub recent: Vec<PathBuf>,
    /// Area of the circle that a click of the density tool measures, in mm².
    pub density_area_mm2: f64,
    /// Radius of the brush, mm.
    pub brush_mm: f64,
    /// The brush paints a ball, not a disc.
    pub brush_is_ball: bool,
    /// A growing region goes through no place that is narrower than twice this, mm; 0 for no such limit.
    pub grow_open_mm: f64,
    /// A growing region goes no farther than this from the click, mm.
    pub grow_reach_mm: f64,
    /// The margin drawn around a mask, mm.
    pub margin_mm: f64,
    /// How labels write lengths.
    pub labels: LabelStyle,
    /// The reader's own journals; one of a known name takes its place.
    pub journals: Vec<Journal>,
    /// How much memory images may take: `800M`, `2G`, or `auto` for a share of what is free. `--memory` and
    /// `ISODENSE_MEMORY` come before it.
    pub memory: String,
    /// What the last exported picture was like.
    pub export: ExportOptions,
    /// Fields of a newer version, kept as they are.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            presets: standard_presets(),
            inverted_window_drag: false,
            screen_pixel: None,
            density_area_mm2: 20.0,
            brush_mm: 5.0,
            brush_is_ball: false,
            grow_open_mm: 1.5,
            grow_reach_mm: 60.0,
            margin_mm: 20.0,
            labels: LabelStyle::default(),
            journals: Vec::new(),
            memory: "auto".to_owned(),
            remember_recent: false,
            recent: Vec::new(),
            export: ExportOptions::default(),
            extra: Map::new(),
        }
    }
}

impl Settings {
    /// Pixels of a screen, in mm: from a telephone's to a projector's.
    pub const SCREEN_PIXELS: RangeInclusive<f64> = 0.02..=5.0;

    /// Puts a path first in the list, if the user wants paths remembered.
    pub fn remember(&mut self, path: &Path) {
        if self.remember_recent {
            self.recent.retain(|known| known != path);
            self.recent.insert(0, path.to_owned());
            self.recent.truncate(MOST_RECENT);
        }
    }

    /// How much memory images may take, where it is fixed.
    pub fn fixed_memory(&self) -> Option<Memory> {
        self.memory.parse().ok().filter(|memory| *memory != Memory::Share)
    }

    /// Numbers that a window or an export can work with, whatever the file said.
    fn sound(mut self) -> Self {
        if !self.remember_recent {
            self.recent.clear();
        }
        self.recent.truncate(MOST_RECENT);
        self.screen_pixel = self.screen_pixel.filter(|pixel| Self::SCREEN_PIXELS.contains(&pixel.0));
        for preset in &mut self.presets {
            preset.window = preset.window.valid();
        }
        if !(0.01..=100_000.0).contains(&self.density_area_mm2) {
            self.density_area_mm2 = Self::default().density_area_mm2;
        }
        let own = Self::default();
        if self.memory.parse::<Memory>().is_err() {
            self.memory.clone_from(&own.memory);
        }
        for (value, usual, range) in [
            (&mut self.brush_mm, own.brush_mm, 0.2..=100.0),
            (&mut self.grow_open_mm, own.grow_open_mm, 0.0..=20.0),
            (&mut self.grow_reach_mm, own.grow_reach_mm, 1.0..=1000.0),
            (&mut self.margin_mm, own.margin_mm, 0.1..=200.0),
        ] {
            if !range.contains(value) {
                *value = usual;
            }
        }
        let usual = ExportOptions::default();
        if !(1.0..=2000.0).contains(&self.export.width_mm) {
            self.export.width_mm = usual.width_mm;
        }
        if !(1.0..=4800.0).contains(&self.export.dpi) {
            self.export.dpi = usual.dpi;
        }
        self
    }
}

/// How a picture is written.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ExportOptions {
    /// Width on paper in mm.
    pub width_mm: f64,
    /// Pixels per inch.
    pub dpi: f64,
    /// The file's extension: `png`, `tif` or `jpg`.
    pub format: String,
    /// Fields of a newer version, kept as they are.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

impl Default for ExportOptions {
    /// One column of most journals.
    fn default() -> Self {
        Self { width_mm: 85.0, dpi: 600.0, format: "png".to_owned(), extra: Map::new() }
    }
}

/// The settings of a file; the defaults where there is none.
///
/// A file that makes no sense is kept beside its place as `.bad`, and the second value says so.
pub fn load_settings(path: &Path) -> (Settings, Option<StoreError>) {
    if !path.exists() {
        return (Settings::default(), None);
    }
    let bytes = match case_file::read(path) {
        Ok(bytes) => bytes,
        Err(error) => return (Settings::default(), Some(error)),
    };
    match serde_json::from_slice::<Settings>(&bytes) {
        Ok(settings) => (settings.sound(), None),
        Err(error) => {
            let mut kept = path.as_os_str().to_owned();
            kept.push(".bad");
            let kept = PathBuf::from(kept);
            let problem = match std::fs::rename(path, &kept) {
                Ok(()) => StoreError::BadSettings { reason: error.to_string(), kept },
                Err(denied) => StoreError::write(&kept)(denied),
            };
            (Settings::default(), Some(problem))
        }
    }
}

/// Writes the settings; makes the folder first where it is missing.
pub fn save_settings(path: &Path, settings: &Settings) -> Result<(), StoreError> {
    let settings = settings.clone().sound();
    private_folder(&folder_of(path)).map_err(StoreError::write(path))?;
    let mut bytes = serde_json::to_vec_pretty(&settings)
        .map_err(|error| StoreError::Write { path: path.to_owned(), source: error.into() })?;
    bytes.push(b'\n');
    write_to(Target::state(path), &bytes)
}
