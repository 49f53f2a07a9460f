//! Views as the case file keeps them: what is shown and how, by UIDs, without a patient attribute and without pixels.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::image::{Frame, Lut, SeriesUid, Voi, Window};
use crate::view::{ColorMap, Framing, Interpolation, Look, Slice};

/// A window, or a table of the file.
///
/// A table is named, not copied: it has up to 65,536 entries, and the file that holds it is there whenever the view
/// can be shown.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SavedVoi {
    /// A window, in modality values.
    Window(Window),
    /// The table of the file with this LUT Explanation.
    FileTable(String),
}

/// How a series is shown.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct SavedLook {
    /// The window or table; `None` leaves it to the file, as when a series is first shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub voi: Option<SavedVoi>,
    /// Black and white exchanged.
    #[serde(default)]
    pub inverted: bool,
    /// The colours.
    #[serde(default)]
    pub colors: ColorMap,
    /// How values between samples come about.
    #[serde(default)]
    pub interpolation: Interpolation,
    /// Fields of a newer version, kept as they are.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// Another series in colours over a view.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SavedOver {
    /// The series.
    pub series: SeriesUid,
    /// Which stack of the series, where it holds several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part: Option<Arc<str>>,
    /// Its window and colours.
    pub look: SavedLook,
    /// 0 for nothing of it, 1 for nothing of what is under it.
    pub opacity: f32,
    /// Fields of a newer version, kept as they are.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// One view of a series: what a viewport showed, enough to show it again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SavedView {
    /// The series.
    pub series: SeriesUid,
    /// Which stack of the series, where it holds several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part: Option<Arc<str>>,
    /// The frame, or the plane cut through the series.
    pub slice: Slice,
    /// Which part of the plane is seen.
    pub framing: Framing,
    /// Whether that is all of it, whatever the size of the viewport.
    #[serde(default)]
    pub fitted: bool,
    /// Window, colours, interpolation.
    pub look: SavedLook,
    /// What lies over it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub over: Option<SavedOver>,
    /// Fields of a newer version, kept as they are.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// The layout and what each viewport showed when the case was saved.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SavedWorkspace {
    /// Rows of viewports.
    pub rows: usize,
    /// Viewports in a row.
    pub columns: usize,
    /// The one that keys went to, row by row from 0.
    #[serde(default)]
    pub active: usize,
    /// The viewports row by row; `None` for an empty place.
    #[serde(default)]
    pub viewports: Vec<Option<Arc<SavedView>>>,
    /// Fields of a newer version, kept as they are.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// Names a key image within its case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct KeyImageId(pub u32);

/// A view that the reader marked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct KeyImage {
    /// Its name within the case.
    pub id: KeyImageId,
    /// The reader's words.
    #[serde(default)]
    pub label: String,
    /// The view.
    pub view: Arc<SavedView>,
    /// Fields of a newer version, kept as they are.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

impl KeyImage {
    /// A key image without words. The case gives it its id when it is added.
    pub fn new(view: SavedView) -> Self {
        Self { id: KeyImageId(0), label: String::new(), view: Arc::new(view), extra: Map::new() }
    }
}

impl SavedLook {
    /// The look of a frame; `settled` where its window is one that was chosen or taken from samples.
    pub fn of(look: &Look, frame: &Frame, settled: bool) -> Self {
        let voi = match &look.voi {
            Voi::Window(window) => settled.then_some(SavedVoi::Window(*window)),
            Voi::Lut(lut) => table_name(frame, lut).map(SavedVoi::FileTable),
        };
        let Look { inverted, colors, interpolation, .. } = *look;
        Self { voi, inverted, colors, interpolation, extra: Map::new() }
    }

    /// The look on a frame; its window is what `first` says where none was saved or the file has no such table.
    ///
    /// The second value says whether the window is settled.
    pub fn on(&self, frame: &Frame, first: impl FnOnce() -> Voi) -> (Look, bool) {
        let voi = match &self.voi {
            Some(SavedVoi::Window(window)) if is_sound(window) => Some(Voi::Window(window.valid())),
            Some(SavedVoi::FileTable(name)) => table(frame, name),
            Some(SavedVoi::Window(_)) | None => None,
        };
        let settled = voi.is_some();
        let look = Look {
            voi: voi.unwrap_or_else(first),
            inverted: self.inverted,
            colors: self.colors,
            interpolation: self.interpolation,
        };
        (look, settled)
    }

    fn is_finite(&self) -> bool {
        match &self.voi {
            Some(SavedVoi::Window(window)) => is_sound(window),
            Some(SavedVoi::FileTable(_)) | None => true,
        }
    }
}

fn is_sound(window: &Window) -> bool {
    window.center.is_finite() && window.width.is_finite()
}

fn table_name(frame: &Frame, lut: &Lut) -> Option<String> {
    let is_it = |voi: &Voi| matches!(voi, Voi::Lut(own) if own == lut);
    frame.presets.iter().find(|preset| is_it(&preset.voi)).map(|preset| preset.name.clone())
}

fn table(frame: &Frame, name: &str) -> Option<Voi> {
    let is_it = |voi: &Voi| matches!(voi, Voi::Lut(_));
    let found = frame.presets.iter().find(|preset| is_it(&preset.voi) && preset.name == name);
    found.map(|preset| preset.voi.clone())
}

impl SavedView {
    /// Whether every number can be drawn with: a file may be written by anybody.
    pub fn is_sound(&self) -> bool {
        let slice = match &self.slice {
            Slice::Acquired(_) => true,
            Slice::Reformat(reformat) => {
                let plane = &reformat.plane;
                let unit = |part: glam::DVec3| (part.length() - 1.0).abs() < 1e-6;
                let thickness = reformat.slab.thickness.0;
                plane.through.0.is_finite()
                    && unit(plane.right)
                    && unit(plane.down)
                    && plane.right.dot(plane.down).abs() < 1e-6
                    && thickness.is_finite()
                    && thickness >= 0.0
            }
        };
        let Framing { center, height, turn, mirrored: _ } = self.framing;
        let framing = center.is_finite() && height.0.is_finite() && height.0 > 0.0 && turn.is_finite();
        let over = self
            .over
            .as_ref()
            .is_none_or(|over| over.look.is_finite() && (0.0..=1.0).contains(&over.opacity));
        slice && framing && self.look.is_finite() && over
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::image::NamedVoi;
    use crate::image::testing::oblique_frame;

    fn lut(first: i32) -> Voi {
        Voi::Lut(Lut { first, entries: [0, 70, 255].into(), bits: 8 })
    }

    #[test]
    fn a_table_is_kept_by_the_name_that_its_file_gives_it() {
        let mut frame = oblique_frame();
        let named = |name: &str, voi: Voi| NamedVoi { name: name.to_owned(), voi };
        let window = Voi::Window(Window::linear(3.0, 9.0));
        frame.presets = [named("BONE", window.clone()), named("SOFT", lut(-5)), named("BONE", lut(7))].into();
        let look = Look { voi: lut(7), inverted: true, ..Look::with_window(Window::linear(0.0, 1.0)) };
        let saved = SavedLook::of(&look, &frame, true);
        assert_eq!(saved.voi, Some(SavedVoi::FileTable("BONE".to_owned())));
        assert_eq!(saved.on(&frame, || window.clone()), (look, true));
        // Without the table the file's first window is used, and a window nobody chose is left to the file.
        frame.presets = [].into();
        assert_eq!(saved.on(&frame, || window.clone()).0.voi, window);
        let unsettled = SavedLook::of(&Look::with_window(Window::linear(0.0, 1.0)), &frame, false);
        assert_eq!((&unsettled.voi, unsettled.on(&frame, || window.clone()).1), (&None, false));
    }
}
