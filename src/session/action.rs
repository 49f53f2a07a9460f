use std::path::PathBuf;

use glam::DVec2;

use super::MaskChange;
use super::elements::ElementsOf;
use super::over::Over;
use super::placing::Pointer;
use super::planes::Cut;
use super::workspace::{Layout, OverlayLevel, ViewportId};
use crate::case::{Edit, KeyImageId, Kind, LabelStyle, Lesion, LesionId, MeasurementId, Reading};
use crate::geometry::{Mm, PatientPoint, PixelPoint};
use crate::image::SeriesKey;
use crate::view::{Framing, Look, Plane, Preset, Slab, ViewportSize};

/// What the left button does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Tool {
    /// Window and level.
    #[default]
    Window,
    /// Move the image.
    Pan,
    /// Magnify.
    Zoom,
    /// Set the window from a drawn rectangle.
    AutoWindow,
    /// Move the crosshair.
    Crosshair,
    /// A click marks what hangs together with it within a range of values; a drag widens or narrows the range.
    Grow,
    /// Paint voxels.
    Brush,
    /// Take painted voxels away.
    Eraser,
    /// A click measures a circle of a fixed area, a drag an ellipse.
    Density,
    /// Draw a measurement.
    Measure(Kind),
}

impl Tool {
    /// The name in menus and the status line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Window => "Window/level",
            Self::Pan => "Pan",
            Self::Zoom => "Zoom",
            Self::AutoWindow => "Auto window",
            Self::Crosshair => "Crosshair",
            Self::Density => "Density",
            Self::Grow => "Grow a region",
            Self::Brush => "Brush",
            Self::Eraser => "Eraser",
            Self::Measure(kind) => match kind {
                Kind::Probe => "Probe",
                Kind::Length => "Length",
                Kind::Angle => "Angle",
                Kind::Bidirectional => "Bidirectional",
                Kind::Ellipse => "Ellipse",
                Kind::Rectangle => "Rectangle",
                Kind::Polygon => "Polygon",
                Kind::Freehand => "Freehand",
                Kind::Arrow => "Arrow",
                Kind::Text => "Text",
                Kind::Size => "Three-axis size",
                Kind::LineDistance => "Distance to a line",
                Kind::MidlineShift => "Midline shift",
                Kind::Height => "Height above a line",
                Kind::Cobb => "Cobb angle",
                Kind::OpenAngle => "Open angle",
                Kind::Mask => "Lesion mask",
            },
        }
    }
}

/// Which part of a drawn shape the reader took hold of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Grip {
    /// One of its points.
    Handle(usize),
    /// The whole shape.
    Body,
    /// Its label.
    Label,
}

/// A shape being changed by a drag, before it is committed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GripDrag {
    /// The shape.
    pub id: MeasurementId,
    /// The part.
    pub grip: Grip,
    /// Where the drag started, in pixels of the frame shown.
    pub from: PixelPoint,
    /// Where it is now.
    pub to: PixelPoint,
    /// For a label: the offset it would be stored with.
    pub label_offset: Option<DVec2>,
}

/// Everything that can happen to a session. Panels return these; [`super::Session::apply`] does them.
#[derive(Debug, Clone, PartialEq)]
pub enum Action {
    /// Scan these files and folders and add what is found.
    Open(Vec<PathBuf>),
    /// Add a PNG, JPEG or TIFF file to the case as a picture, without its metadata.
    AddPicture(PathBuf),
    /// Stop the running scan; what was found stays.
    CancelScan,
    /// Forget all images; the case stays.
    CloseImages,
    /// Close the case and all images; unsaved changes are kept for the next start.
    CloseCase,
    /// A new case for the patient in the active viewport; images of others are closed.
    NewCaseHere,
    /// The patient in the active viewport and that of the case are one person, whatever the files say.
    SamePatient,
    /// Show the case's own images again in the active viewport.
    BackToCase,
    /// Show a series in a viewport.
    ShowSeries(ViewportId, SeriesKey),
    /// Show the previous (-1) or next (1) series in a viewport.
    StepSeries(ViewportId, isize),
    /// Choose how many viewports there are.
    SetLayout(Layout),
    /// Make a viewport the one that keys go to.
    Activate(ViewportId),
    /// Make the next viewport active.
    NextViewport,
    /// One viewport fills the window, or all are back.
    ToggleMaximised(ViewportId),
    /// Go some slices on or back.
    Scroll(ViewportId, isize),
    /// Show other slices of the series: as acquired, or planes in one of the patient's directions.
    SetCut(ViewportId, Cut),
    /// Cut the series' volume in another plane.
    SetPlane(ViewportId, Plane),
    /// Choose the thickness of the plane shown, and what is shown of it.
    SetSlab(ViewportId, Slab),
    /// Three planes and a free one of the series in a viewport.
    ShowPlanes(ViewportId),
    /// Move the crosshair to a point of the patient, in the space of the series in a viewport.
    PointAt(ViewportId, PatientPoint),
    /// Show or hide the crosshair.
    ToggleCrosshair,
    /// Show or hide the lines where the viewports cut each other.
    ToggleReferenceLines,
    /// Go to a slice, counted from 0.
    GoToSlice(ViewportId, usize),
    /// The viewport has this size now.
    Resized(ViewportId, ViewportSize),
    /// Show another part of the plane.
    SetFraming(ViewportId, Framing),
    /// Show the whole image.
    Fit(ViewportId),
    /// Change the window, colours or interpolation.
    SetLook(ViewportId, Look),
    /// Use the n-th window of [`super::Session::presets`], from 0.
    UsePreset(ViewportId, usize),
    /// Set the window from the values of the whole image.
    AutoWindow(ViewportId),
    /// Play or stop the series as a film.
    ToggleCine(ViewportId),
    /// Replace the window presets.
    SetPresets(Vec<Preset>),
    /// Invert the up-down sense of window drags.
    SetWindowDragInverted(bool),
    /// How large a pixel of the screen is; the active viewport then shows its image in true size.
    SetScreenPixel(Mm),
    /// As large on the screen as in the patient.
    TrueSize(ViewportId),
    /// Choose a tool.
    Choose(Tool),
    /// The pointer does something with the placing tool, in pixels of the frame shown.
    Place(ViewportId, Pointer<PixelPoint>),
    /// Take the region that [`super::Session::growth_question`] asks about into the case, or drop it.
    AnswerGrowth(bool),
    /// Keep the names that [`super::Session::places_asked`] asks about.
    KeepPlaces,
    /// Drop the half-drawn shape; with none, drop the selection; with none, go back to window/level.
    Escape,
    /// Select a measurement, or none.
    Select(Option<MeasurementId>),
    /// A grip is dragged: shown, not yet in the case.
    DragGrip(ViewportId, GripDrag),
    /// The grip is let go: one edit.
    DropGrip,
    /// Change the case.
    Commit(Edit),
    /// What is being typed and will become this edit: it is autosaved, but is no step yet.
    Typing(Option<Edit>),
    /// The words of the text that was just placed; `None` drops it.
    GiveWords(Option<String>),
    /// Remove the selected measurement.
    DeleteSelected,
    /// Change the selected mask as a whole.
    ChangeMask(MaskChange),
    /// Draw a margin around the selected mask, or none.
    ToggleMargin,
    /// Mark what the selected mask marks in the active viewport's series.
    CopyMask,
    /// How the selected mask lies to another of its lesion.
    CompareMasks,
    /// The radius of the brush, mm.
    SetBrush(f64),
    /// The brush is a ball, or a disc.
    ToggleBall,
    /// The selected length is so long: it gives a scale to its image, which has none.
    Calibrate(Mm),
    /// Take back the scale that the reader gave to the image shown.
    Uncalibrate,
    /// Draw the selected region again on the other side, as its reference.
    MirrorRegion,
    /// Measure the selected region again in another series at the same place.
    MeasureThereToo,
    /// New measurements join this lesion, or none.
    Focus(Option<LesionId>),
    /// The next lesion is in focus; none after the last.
    NextLesion,
    /// Follow a new lesion, which is then in focus.
    NewLesion(Lesion),
    /// Show where a lesion was measured at the time point in that column of the ledger, from 0.
    GoToCell(LesionId, usize),
    /// Open the matching series at the matching place, with the tool that measured the lesion elsewhere.
    MeasureSame(LesionId, usize),
    /// What was read of a lesion in that column without a measurement.
    ReadLesion(LesionId, usize, Option<Reading>),
    /// Count days from the time point in that column.
    SetDayZero(usize),
    /// Compare what follows with the time point in that column, or no longer.
    SetBaseline(usize, bool),
    /// Call the time point in that column so.
    NameTimePoint(usize, String),
    /// The studies of that column become part of the time point before it.
    JoinTimePoint(usize),
    /// The studies of that column become time points of their own.
    PartTimePoint(usize),
    /// Show lengths in labels so.
    SetLabelStyle(LabelStyle),
    /// One step back.
    Undo,
    /// One step forward again.
    Redo,
    /// Show the slice that a measurement was drawn on.
    GoToMeasurement(MeasurementId),
    /// How much is written over the images.
    SetOverlays(OverlayLevel),
    /// Next overlay level.
    CycleOverlays,
    /// Show or hide the graphics that files lay over their images.
    ToggleGraphics,
    /// Show or hide patient data in the overlays and the browser.
    TogglePatientData,
    /// Look at the elements of a file, or at none.
    WatchElements(Option<ElementsOf>),
    /// Write the case to a file.
    SaveCase(PathBuf),
    /// Open a case file.
    OpenCase(PathBuf),
    /// A new, blank case.
    NewCase,
    /// Take over the case that the last run lost.
    Recover,
    /// Do not recover it.
    DiscardRecovered,
    /// Look for the case's missing images in a folder; `None` stops asking.
    FindMissing(Option<PathBuf>),
    /// Let something leave the program, if nothing in it is left that could say who the patient is.
    Leave(super::Leaving),
    /// Decide what of it stays, and whether it leaves.
    Gate(super::GateAction),
    /// Do something with the notebook.
    Notebook(super::NotebookAction),
    /// Stop writing a file.
    CancelWriting,
    /// Close a notice.
    Dismiss(usize),
    /// Tell the user something (from the window itself: clipboard, dialogues).
    Tell(super::Notice),
    /// Do something with a figure.
    Figure(super::FigureAction),
    /// Mark what a viewport shows as a key image of the case.
    MarkKeyImage(ViewportId),
    /// Show a key image.
    GoToKeyImage(KeyImageId),
    /// Show the next key image, round and round.
    NextKeyImage,
    /// Lay another series over what a viewport shows, change how it lies there, or take it away.
    SetOver(ViewportId, Option<Over>),
    /// Link or part the viewports in one respect.
    ToggleLink(super::Link),
    /// What the active viewport and one of another date show is the same place.
    LockSlices,
    /// The active viewport's Frame of Reference is locked to no other any more.
    UnlockSlices,
    /// Lock the active viewport and one of another date by what their images look like.
    ProposeLock,
    /// Dates side by side, matched series below each other.
    ShowComparison,
}

impl Action {
    /// Whether it does nothing with what the viewports show: the window says how large they are, the reader opens more,
    /// reads a notice or puts the viewports elsewhere.
    pub(super) fn leaves_images_alone(&self) -> bool {
        matches!(
            self,
            Self::Open(_)
                | Self::AddPicture(_)
                | Self::CancelScan
                | Self::SetLayout(_)
                | Self::Activate(_)
                | Self::NextViewport
                | Self::ToggleMaximised(_)
                | Self::ToggleCrosshair
                | Self::ToggleReferenceLines
                | Self::Resized(..)
                | Self::SetPresets(_)
                | Self::SetWindowDragInverted(_)
                | Self::SetLabelStyle(_)
                | Self::SetOverlays(_)
                | Self::CycleOverlays
                | Self::ToggleGraphics
                | Self::TogglePatientData
                | Self::WatchElements(_)
                | Self::Dismiss(_)
                | Self::Tell(_)
        )
    }
}
