//! Which commands keys reach on which page: what drives the viewports rests while they are out of sight.

use super::Command;

/// What fills the window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::ui) enum Page {
    /// The images.
    Viewports,
    /// A figure.
    Figure,
    /// The notebook.
    Notebook,
}

impl Page {
    /// Whether a key does a command here.
    pub(super) fn has(self, command: Command) -> bool {
        match self {
            Self::Viewports => true,
            Self::Figure => {
                is_of_every_page(command)
                    || matches!(
                        command,
                        Command::Delete
                            | Command::Series(_)
                            | Command::Scroll(_)
                            | Command::OpenPanel
                            | Command::MovePanel(_)
                            | Command::EqualScale
                            | Command::Montage
                    )
            }
            Self::Notebook => is_of_every_page(command),
        }
    }
}

/// Whether a command does the same wherever the reader is: files, steps back, pages and dialogues.
#[expect(clippy::too_many_lines, reason = "one arm for each command")]
fn is_of_every_page(command: Command) -> bool {
    match command {
        Command::OpenFolder
        | Command::OpenFiles
        | Command::AddPicture
        | Command::OpenCase
        | Command::Save
        | Command::SaveAs
        | Command::NewCase
        | Command::CloseCase
        | Command::CancelScan
        | Command::Dismiss
        | Command::Undo
        | Command::Redo
        | Command::Escape
        | Command::Notebook
        | Command::ExportReport
        | Command::ExportTimeline
        | Command::ExportTable
        | Command::CopyTable
        | Command::Figure
        | Command::NewFigure
        | Command::ExportFigure
        | Command::Problems
        | Command::Elements
        | Command::Presets
        | Command::FullScreen
        | Command::Help => true,
        Command::Export
        | Command::Copy
        | Command::Delete
        | Command::NextMeasurement
        | Command::WriteLabel
        | Command::WriteNotes
        | Command::Mask(_)
        | Command::BrushSize(_)
        | Command::Calibrate
        | Command::Uncalibrate
        | Command::NameDate
        | Command::Mirror
        | Command::ThereToo
        | Command::NewLesion
        | Command::NextLesion
        | Command::AtDate(_)
        | Command::Centimetres
        | Command::SortAxes
        | Command::Ledger
        | Command::Choose(_)
        | Command::ArrowOrText
        | Command::Scroll(_)
        | Command::End(_)
        | Command::Series(_)
        | Command::NextViewport
        | Command::Maximise
        | Command::ChooseLayout
        | Command::Layout(..)
        | Command::Planes
        | Command::Cut(_)
        | Command::TurnPlane(..)
        | Command::Thickness(_)
        | Command::SlabMode
        | Command::Crosshair
        | Command::GoToPoint
        | Command::ReferenceLines
        | Command::Rotate
        | Command::Flip(_)
        | Command::OneToOne
        | Command::TrueSize
        | Command::MeasureScreen
        | Command::Zoom(_)
        | Command::Fit
        | Command::Preset(_)
        | Command::FileWindow
        | Command::AutoWindow
        | Command::Invert
        | Command::NextColors
        | Command::Smooth
        | Command::InvertDrag
        | Command::CycleOverlays
        | Command::Graphics
        | Command::HidePatient
        | Command::Cine
        | Command::SendToFigure
        | Command::Montage
        | Command::ExportCine
        | Command::OpenPanel
        | Command::MovePanel(_)
        | Command::EqualScale
        | Command::MarkKeyImage
        | Command::NextKeyImage
        | Command::WriteKeyLabel
        | Command::MoveKeyImage(_)
        | Command::DeleteKeyImage
        | Command::NextOver
        | Command::OverOpacity(_)
        | Command::Browser
        | Command::Notes
        | Command::Link(_)
        | Command::LockSlices
        | Command::UnlockSlices
        | Command::ProposeLock
        | Command::Compare => false,
    }
}
