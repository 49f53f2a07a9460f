//! Every command, its keys and its words: one table for shortcuts, menus and the help overlay.

mod actions;
mod table;

pub(super) use actions::actions;
pub(super) use table::{FreeKeys, MOUSE, Page, of, pressed};
pub use table::{Shortcut, shortcuts_table};

use crate::session::{Action, Cut, Link, Tool};

/// What the panels ask for while they are shown.
#[derive(Debug, Default)]
pub(super) struct Asked {
    pub(super) commands: Vec<Command>,
    pub(super) actions: Vec<Action>,
}

/// What is done with the lesion in focus at the date that the active viewport shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AtDate {
    /// Measure it the same as elsewhere.
    Measure,
    /// Go to where it was measured.
    Go,
    /// It is gone.
    Gone,
    /// It is too small to measure.
    TooSmall,
    /// Count days from there.
    DayZero,
    /// Read it with the date before.
    Join,
    /// Read each of its studies by itself.
    Part,
}

/// What is done with the selected mask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MaskCommand {
    /// Fill its holes.
    Fill,
    /// Smooth its surface.
    Smooth,
    /// Keep its largest part.
    Largest,
    /// Fill slices between painted ones.
    Interpolate,
    /// One mm more all round.
    Enlarge,
    /// One mm less all round.
    Shrink,
    /// Draw a margin, or none.
    Margin,
    /// Mark the same place in the active viewport's series.
    Copy,
    /// Compare with another mask of its lesion.
    Compare,
    /// Paint a ball or a disc.
    Ball,
}

/// Something that a key, a menu item or a button does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Command {
    /// Ask for a folder of images.
    OpenFolder,
    /// Ask for image files.
    OpenFiles,
    /// Ask for a file to add to the case as a picture.
    AddPicture,
    /// Ask for a case.
    OpenCase,
    /// Save the case.
    Save,
    /// Save the case under another name.
    SaveAs,
    /// A new, blank case.
    NewCase,
    /// Close the case and all images.
    CloseCase,
    /// Stop the running scan.
    CancelScan,
    /// Close the newest notice.
    Dismiss,
    /// Export the view.
    Export,
    /// Copy the view, or the selected measurement's text.
    Copy,
    /// Undo.
    Undo,
    /// Redo.
    Redo,
    /// Delete the selected measurement.
    Delete,
    /// Drop the draft, then the selection, then the tool.
    Escape,
    /// Go to the next measurement.
    NextMeasurement,
    /// Write the label of the selected measurement.
    WriteLabel,
    /// Write notes.
    WriteNotes,
    /// Change the selected mask as a whole.
    Mask(MaskCommand),
    /// A larger (1) or smaller (-1) brush.
    BrushSize(i8),
    /// Type how long the selected length is.
    Calibrate,
    /// Take the scale of the image shown back.
    Uncalibrate,
    /// Call the date shown something.
    NameDate,
    /// The selected region again on the other side.
    Mirror,
    /// The selected region again in another series.
    ThereToo,
    /// Follow a new lesion.
    NewLesion,
    /// The next lesion is in focus.
    NextLesion,
    /// Something with the lesion in focus at the date that is shown.
    AtDate(AtDate),
    /// Lengths in mm or cm.
    Centimetres,
    /// Axes as drawn or by size.
    SortAxes,
    /// Show or hide the ledger.
    Ledger,
    /// The notebook, or back to the viewports.
    Notebook,
    /// Export the notebook as a report.
    ExportReport,
    /// Export the timeline.
    ExportTimeline,
    /// Export every measurement as a table.
    ExportTable,
    /// Copy the ledger as a table.
    CopyTable,
    /// Choose a tool.
    Choose(Tool),
    /// Arrow, then text.
    ArrowOrText,
    /// Some slices on or back.
    Scroll(isize),
    /// First or last slice.
    End(bool),
    /// Previous or next series.
    Series(isize),
    /// Next viewport.
    NextViewport,
    /// Maximise or restore.
    Maximise,
    /// Open the grid of layouts.
    ChooseLayout,
    /// A layout of so many rows and columns.
    Layout(usize, usize),
    /// Three planes and a free one.
    Planes,
    /// Other slices of the series.
    Cut(Cut),
    /// Turn the plane about the screen's vertical (first) or horizontal axis, by some degrees.
    TurnPlane(i8, i8),
    /// A thicker (1) or thinner (-1) plane.
    Thickness(i8),
    /// What a thick plane shows: mean, largest, smallest.
    SlabMode,
    /// Crosshair: choose its tool and show it, or hide it.
    Crosshair,
    /// Type a point to go to.
    GoToPoint,
    /// Show or hide the lines where viewports cut each other.
    ReferenceLines,
    /// Turn the view clockwise by a quarter.
    Rotate,
    /// Exchange left and right (true) or top and bottom of the view.
    Flip(bool),
    /// One image pixel on one screen pixel.
    OneToOne,
    /// As large as in the patient.
    TrueSize,
    /// Compare the screen with a card, for true sizes.
    MeasureScreen,
    /// Magnify or shrink.
    Zoom(bool),
    /// Fit the image.
    Fit,
    /// The preset of that digit, from 1.
    Preset(usize),
    /// The next of the windows that the file brings.
    FileWindow,
    /// Window from the image's values.
    AutoWindow,
    /// Swap black and white.
    Invert,
    /// Next colour map.
    NextColors,
    /// Next way to interpolate, or show pixels.
    Smooth,
    /// Turn round which way window drags go.
    InvertDrag,
    /// Next overlay level.
    CycleOverlays,
    /// Hide or show the graphics that the file lays over the image.
    Graphics,
    /// Hide or show patient data.
    HidePatient,
    /// Play or stop.
    Cine,
    /// Put the view into the figure.
    SendToFigure,
    /// Show the figure, or the viewports again.
    Figure,
    /// Begin another figure.
    NewFigure,
    /// Write the figure to a file.
    ExportFigure,
    /// Ask which slices become a montage.
    Montage,
    /// Ask which slices become a film.
    ExportCine,
    /// Show the panel in hand in a viewport.
    OpenPanel,
    /// Move the panel in hand back (-1) or on (1).
    MovePanel(i8),
    /// All panels at one scale.
    EqualScale,
    /// Mark the view as a key image.
    MarkKeyImage,
    /// Go to the next key image.
    NextKeyImage,
    /// Write the label of the key image shown last.
    WriteKeyLabel,
    /// Move that key image up (-1) or down (1) its list.
    MoveKeyImage(i8),
    /// Delete that key image.
    DeleteKeyImage,
    /// Lay the next series of the same space over the image, or none.
    NextOver,
    /// More (1) or less (-1) of the series over the image.
    OverOpacity(i8),
    /// Show or hide the study browser.
    Browser,
    /// Show or hide measurements and notes.
    Notes,
    /// Files that were not used.
    Problems,
    /// Every element of the image shown.
    Elements,
    /// Edit the presets.
    Presets,
    /// Full screen.
    FullScreen,
    /// The help overlay.
    Help,
    /// Link or part the viewports in one respect.
    Link(Link),
    /// What two dates show is the same place.
    LockSlices,
    /// The active viewport's date scrolls by itself again.
    UnlockSlices,
    /// Lock two dates by what they look like.
    ProposeLock,
    /// Dates side by side.
    Compare,
}
