//! Every command, its keys and its words: one table for shortcuts, menus and the help overlay.

use egui::{Key, Modifiers};

use super::{over, planes};
use crate::case::{Edit, Kind};
use crate::session::{Action, Cut, ElementsOf, Layout, Link, Session, Tool};
use crate::view::ColorMap;

/// Something that a key, a menu item or a button does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Command {
    /// Ask for a folder of images.
    OpenFolder,
    /// Ask for image files.
    OpenFiles,
    /// Ask for a case.
    OpenCase,
    /// Save the case.
    Save,
    /// Save the case under another name.
    SaveAs,
    /// A new, blank case.
    NewCase,
    /// Forget all images; the case stays.
    CloseImages,
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
    /// The n-th preset.
    Preset(usize),
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

/// A row of the table.
#[derive(Debug, Clone, Copy)]
pub struct Shortcut {
    /// The heading it stands under.
    pub group: &'static str,
    /// What it does, in words.
    pub text: &'static str,
    /// The command.
    pub command: Command,
    /// Its keys, any of them.
    pub keys: &'static [(Modifiers, Key)],
}

const NONE: Modifiers = Modifiers::NONE;
const ALT: Modifiers = Modifiers::ALT;
const ALT_SHIFT: Modifiers = Modifiers { shift: true, ..Modifiers::ALT };
const CTRL: Modifiers = Modifiers::COMMAND;
const SHIFT: Modifiers = Modifiers::SHIFT;
const CTRL_SHIFT: Modifiers = Modifiers { shift: true, ..Modifiers::COMMAND };

const fn row(
    group: &'static str,
    text: &'static str,
    command: Command,
    keys: &'static [(Modifiers, Key)],
) -> Shortcut {
    Shortcut { group, text, command, keys }
}

const fn tool(text: &'static str, kind: Kind, keys: &'static [(Modifiers, Key)]) -> Shortcut {
    row("Tools (left button)", text, Command::Choose(Tool::Measure(kind)), keys)
}

const FILE: &str = "File";
const EDIT: &str = "Edit";
const TOOLS: &str = "Tools (left button)";
const SLICES: &str = "Slices and series";
const PLANES: &str = "Planes and crosshair";
const WINDOW: &str = "Window and colours";
const VIEW: &str = "View";
const LINKS: &str = "Links and dates";

/// Every command with its keys, in the order of the help overlay.
#[rustfmt::skip]
const TABLE: &[Shortcut] = &[
    row(FILE, "Open folder", Command::OpenFolder, &[(CTRL, Key::O)]),
    row(FILE, "Open files", Command::OpenFiles, &[(CTRL_SHIFT, Key::O)]),
    row(FILE, "Open case", Command::OpenCase, &[(CTRL, Key::L)]),
    row(FILE, "Save case", Command::Save, &[(CTRL, Key::S)]),
    row(FILE, "Save case as", Command::SaveAs, &[(CTRL_SHIFT, Key::S)]),
    row(FILE, "New case", Command::NewCase, &[(CTRL, Key::N)]),
    row(FILE, "Export view", Command::Export, &[(CTRL, Key::E)]),
    row(FILE, "Close all images", Command::CloseImages, &[(CTRL, Key::W)]),
    row(FILE, "Cancel scan", Command::CancelScan, &[(CTRL, Key::Period)]),
    row(FILE, "Close notice", Command::Dismiss, &[(CTRL, Key::D)]),
    row(FILE, "Files not used", Command::Problems, &[(NONE, Key::F4)]),
    row(EDIT, "Undo", Command::Undo, &[(CTRL, Key::Z)]),
    row(EDIT, "Redo", Command::Redo, &[(CTRL_SHIFT, Key::Z), (CTRL, Key::Y)]),
    row(EDIT, "Copy view or measurement", Command::Copy, &[(CTRL, Key::C)]),
    row(EDIT, "Delete", Command::Delete, &[(NONE, Key::Delete), (NONE, Key::Backspace)]),
    row(EDIT, "Next measurement", Command::NextMeasurement, &[(NONE, Key::Q)]),
    row(EDIT, "Label the selected measurement", Command::WriteLabel, &[(NONE, Key::Enter)]),
    row(EDIT, "Write notes", Command::WriteNotes, &[(CTRL, Key::M)]),
    row(EDIT, "Mark the view as a key image", Command::MarkKeyImage, &[(NONE, Key::K)]),
    row(EDIT, "Next key image", Command::NextKeyImage, &[(SHIFT, Key::K)]),
    row(EDIT, "Label the key image", Command::WriteKeyLabel, &[(SHIFT, Key::Enter)]),
    row(EDIT, "Move the key image up", Command::MoveKeyImage(-1), &[(ALT, Key::PageUp)]),
    row(EDIT, "Move the key image down", Command::MoveKeyImage(1), &[(ALT, Key::PageDown)]),
    row(EDIT, "Delete the key image", Command::DeleteKeyImage, &[(SHIFT, Key::Delete)]),
    row(EDIT, "Drop draft, selection, tool", Command::Escape, &[(NONE, Key::Escape)]),
    row(TOOLS, "Window/level", Command::Choose(Tool::Window), &[(NONE, Key::W)]),
    row(TOOLS, "Zoom", Command::Choose(Tool::Zoom), &[(NONE, Key::Z)]),
    row(TOOLS, "Pan", Command::Choose(Tool::Pan), &[(NONE, Key::T)]),
    row(TOOLS, "Auto window from a region", Command::Choose(Tool::AutoWindow), &[(NONE, Key::G)]),
    tool("Length", Kind::Length, &[(NONE, Key::D), (NONE, Key::L)]),
    tool("Angle", Kind::Angle, &[(NONE, Key::A)]),
    tool("Bidirectional", Kind::Bidirectional, &[(NONE, Key::B)]),
    tool("Ellipse", Kind::Ellipse, &[(NONE, Key::E)]),
    tool("Rectangle", Kind::Rectangle, &[(NONE, Key::R)]),
    tool("Polygon", Kind::Polygon, &[(NONE, Key::P)]),
    tool("Freehand", Kind::Freehand, &[(NONE, Key::F)]),
    tool("Probe", Kind::Probe, &[(NONE, Key::X)]),
    row(TOOLS, "Arrow, then text", Command::ArrowOrText, &[(NONE, Key::N)]),
    row(SLICES, "Previous slice", Command::Scroll(-1), &[(NONE, Key::ArrowUp)]),
    row(SLICES, "Next slice", Command::Scroll(1), &[(NONE, Key::ArrowDown)]),
    row(SLICES, "10 slices back", Command::Scroll(-10), &[(NONE, Key::PageUp)]),
    row(SLICES, "10 slices on", Command::Scroll(10), &[(NONE, Key::PageDown)]),
    row(SLICES, "First slice", Command::End(false), &[(NONE, Key::Home)]),
    row(SLICES, "Last slice", Command::End(true), &[(NONE, Key::End)]),
    row(SLICES, "Previous series", Command::Series(-1), &[(NONE, Key::ArrowLeft)]),
    row(SLICES, "Next series", Command::Series(1), &[(NONE, Key::ArrowRight)]),
    row(SLICES, "Play or stop", Command::Cine, &[(NONE, Key::C)]),
    row(PLANES, "Three planes and a free one", Command::Planes, &[(CTRL, Key::Num3)]),
    row(PLANES, "Axial", Command::Cut(Cut::Axial), &[(SHIFT, Key::A)]),
    row(PLANES, "Coronal", Command::Cut(Cut::Coronal), &[(SHIFT, Key::C)]),
    row(PLANES, "Sagittal", Command::Cut(Cut::Sagittal), &[(SHIFT, Key::S)]),
    row(PLANES, "Slices as acquired", Command::Cut(Cut::Acquired), &[(SHIFT, Key::O)]),
    row(PLANES, "Turn the plane left", Command::TurnPlane(-5, 0), &[(ALT, Key::ArrowLeft)]),
    row(PLANES, "Turn the plane right", Command::TurnPlane(5, 0), &[(ALT, Key::ArrowRight)]),
    row(PLANES, "Turn the plane up", Command::TurnPlane(0, -5), &[(ALT, Key::ArrowUp)]),
    row(PLANES, "Turn the plane down", Command::TurnPlane(0, 5), &[(ALT, Key::ArrowDown)]),
    row(PLANES, "Thicker slab", Command::Thickness(1), &[(NONE, Key::CloseBracket)]),
    row(PLANES, "Thinner slab", Command::Thickness(-1), &[(NONE, Key::OpenBracket)]),
    row(PLANES, "Slab: mean, MIP, MinIP", Command::SlabMode, &[(SHIFT, Key::M)]),
    row(PLANES, "Crosshair: move, hide", Command::Crosshair, &[(NONE, Key::H)]),
    row(PLANES, "Go to coordinates", Command::GoToPoint, &[(CTRL, Key::G)]),
    row(PLANES, "Hide or show reference lines", Command::ReferenceLines, &[(SHIFT, Key::L)]),
    row(LINKS, "Compare dates side by side", Command::Compare, &[(CTRL, Key::Num5)]),
    row(LINKS, "Link scrolling", Command::Link(Link::Scroll), &[(NONE, Key::J)]),
    row(LINKS, "Link window", Command::Link(Link::Window), &[(SHIFT, Key::J)]),
    row(LINKS, "Link scale", Command::Link(Link::Scale), &[(SHIFT, Key::Z)]),
    row(LINKS, "Lock slices of two dates", Command::LockSlices, &[(CTRL, Key::J)]),
    row(LINKS, "Unlock slices", Command::UnlockSlices, &[(CTRL_SHIFT, Key::J)]),
    row(LINKS, "Propose a lock of two dates", Command::ProposeLock, &[(ALT, Key::J)]),
    row(WINDOW, "Preset 1 (the file's own come first)", Command::Preset(0), &[(NONE, Key::Num1)]),
    row(WINDOW, "Preset 2", Command::Preset(1), &[(NONE, Key::Num2)]),
    row(WINDOW, "Preset 3", Command::Preset(2), &[(NONE, Key::Num3)]),
    row(WINDOW, "Preset 4", Command::Preset(3), &[(NONE, Key::Num4)]),
    row(WINDOW, "Preset 5", Command::Preset(4), &[(NONE, Key::Num5)]),
    row(WINDOW, "Preset 6", Command::Preset(5), &[(NONE, Key::Num6)]),
    row(WINDOW, "Preset 7", Command::Preset(6), &[(NONE, Key::Num7)]),
    row(WINDOW, "Preset 8", Command::Preset(7), &[(NONE, Key::Num8)]),
    row(WINDOW, "Preset 9", Command::Preset(8), &[(NONE, Key::Num9)]),
    row(WINDOW, "Auto window", Command::AutoWindow, &[(NONE, Key::Num0)]),
    row(WINDOW, "Edit presets", Command::Presets, &[(NONE, Key::F6)]),
    row(WINDOW, "Invert", Command::Invert, &[(NONE, Key::I)]),
    row(WINDOW, "Next colour map", Command::NextColors, &[(NONE, Key::V)]),
    row(WINDOW, "Between pixels: linear, cubic, none", Command::Smooth, &[(NONE, Key::S)]),
    row(WINDOW, "Turn window drags round", Command::InvertDrag, &[(SHIFT, Key::W)]),
    row(VIEW, "Zoom in", Command::Zoom(true), &[(NONE, Key::Plus), (SHIFT, Key::Plus)]),
    row(VIEW, "Zoom out", Command::Zoom(false), &[(NONE, Key::Minus)]),
    row(VIEW, "Fit image", Command::Fit, &[(NONE, Key::Equals)]),
    row(VIEW, "Next viewport", Command::NextViewport, &[(NONE, Key::Tab)]),
    row(VIEW, "Maximise or restore viewport", Command::Maximise, &[(NONE, Key::M)]),
    row(VIEW, "Layout 1x1", Command::Layout(1, 1), &[(CTRL, Key::Num1)]),
    row(VIEW, "Layout 1x2", Command::Layout(1, 2), &[(CTRL, Key::Num2)]),
    row(VIEW, "Layout 2x2", Command::Layout(2, 2), &[(CTRL, Key::Num4)]),
    row(VIEW, "Layout 2x3", Command::Layout(2, 3), &[(CTRL, Key::Num6)]),
    row(VIEW, "Layout 3x3", Command::Layout(3, 3), &[(CTRL, Key::Num9)]),
    row(VIEW, "Rotate by 90 degrees", Command::Rotate, &[(SHIFT, Key::R)]),
    row(VIEW, "Flip left and right", Command::Flip(true), &[(SHIFT, Key::F)]),
    row(VIEW, "Flip top and bottom", Command::Flip(false), &[(SHIFT, Key::V)]),
    row(VIEW, "One image pixel per screen pixel", Command::OneToOne, &[(SHIFT, Key::P)]),
    row(VIEW, "True size in mm", Command::TrueSize, &[(ALT, Key::P)]),
    row(VIEW, "Measure the screen for true sizes", Command::MeasureScreen, &[(ALT_SHIFT, Key::P)]),
    row(VIEW, "Next series over the image, or none", Command::NextOver, &[(SHIFT, Key::B)]),
    row(VIEW, "Less of the series over the image", Command::OverOpacity(-1), &[(NONE, Key::Semicolon)]),
    row(VIEW, "More of the series over the image", Command::OverOpacity(1), &[(NONE, Key::Quote)]),
    row(VIEW, "Overlays: full, minimal, none", Command::CycleOverlays, &[(NONE, Key::Space)]),
    row(VIEW, "Hide or show the file's overlay graphics", Command::Graphics, &[(NONE, Key::O)]),
    row(VIEW, "Hide or show patient data", Command::HidePatient, &[(NONE, Key::Y)]),
    row(VIEW, "Study browser", Command::Browser, &[(NONE, Key::F2)]),
    row(VIEW, "Measurements and notes", Command::Notes, &[(NONE, Key::F3)]),
    row(VIEW, "DICOM elements of the image", Command::Elements, &[(CTRL, Key::T)]),
    row(VIEW, "Full screen", Command::FullScreen, &[(NONE, Key::F11)]),
    row(VIEW, "This help", Command::Help, &[(SHIFT, Key::Questionmark), (NONE, Key::Questionmark), (NONE, Key::F1)]),
];

/// What the mouse does: shown in the help overlay beside the keys.
pub(super) const MOUSE: [(&str, &str); 13] = [
    ("Left drag", "the tool, or window/level"),
    ("Middle drag", "pan"),
    ("Right drag", "zoom"),
    ("Right click", "menu"),
    ("Wheel", "slices; with Shift ten"),
    ("Ctrl+wheel", "zoom at the pointer"),
    ("Alt+wheel", "thickness of a plane"),
    ("Shift+move", "crosshair follows"),
    ("Line, ring", "drag to move, turn a plane"),
    ("Double click", "maximise; ends a polygon"),
    ("Handle, label", "drag to reshape, to place"),
    ("Window drag", "right: wider, up: brighter"),
    ("Drag a series", "from the browser onto an image"),
];

/// The table of commands and keys.
pub fn shortcuts_table() -> &'static [Shortcut] {
    TABLE
}

/// The words and first key of a command.
pub(super) fn of(command: Command) -> Option<&'static Shortcut> {
    TABLE.iter().find(|row| row.command == command)
}

impl Shortcut {
    /// The keys for people: `Ctrl+Z`.
    pub(super) fn keys_text(&self, ctx: &egui::Context) -> String {
        let one = |(modifiers, key): &(Modifiers, Key)| match key {
            Key::Questionmark => "?".to_owned(),
            Key::Plus => "+".to_owned(),
            Key::Minus => "-".to_owned(),
            Key::Equals => "=".to_owned(),
            key => ctx.format_shortcut(&egui::KeyboardShortcut::new(*modifiers, *key)),
        };
        let mut texts: Vec<String> = self.keys.iter().map(one).collect();
        texts.dedup();
        texts.join(" or ")
    }
}

/// The commands that this frame's key presses ask for.
pub(super) fn pressed(ctx: &egui::Context) -> Vec<Command> {
    ctx.input(|input| {
        let mut commands = Vec::new();
        for event in &input.events {
            match event {
                egui::Event::Copy => commands.push(Command::Copy),
                egui::Event::Key { key, pressed: true, modifiers, .. } => {
                    let typed = |(wanted, wanted_key): &(Modifiers, Key)| {
                        key == wanted_key && modifiers.matches_exact(*wanted)
                    };
                    commands
                        .extend(TABLE.iter().find(|row| row.keys.iter().any(typed)).map(|row| row.command));
                }
                _ => {}
            }
        }
        commands
    })
}

/// The actions of a command that only needs the session.
#[expect(clippy::too_many_lines, reason = "one arm for each command")]
pub(super) fn actions(command: Command, session: &Session) -> Vec<Action> {
    let id = session.workspace().active;
    let shown = session.shown(id);
    let look = |change: &dyn Fn(&mut crate::view::Look)| {
        let mut look = shown.as_ref()?.viewport.view.look.clone();
        change(&mut look);
        Some(Action::SetLook(id, look))
    };
    let action = match command {
        Command::CloseImages => Some(Action::CloseImages),
        Command::CancelScan => Some(Action::CancelScan),
        Command::Dismiss => session.notices().len().checked_sub(1).map(Action::Dismiss),
        Command::NextMeasurement => next_measurement(session),
        Command::InvertDrag => Some(Action::SetWindowDragInverted(!session.settings().inverted_window_drag)),
        Command::Undo => Some(Action::Undo),
        Command::Redo => Some(Action::Redo),
        Command::Delete => Some(Action::DeleteSelected),
        Command::Escape => Some(Action::Escape),
        Command::Choose(tool) => Some(Action::Choose(tool)),
        Command::ArrowOrText => {
            let arrow = Tool::Measure(Kind::Arrow);
            let text = Tool::Measure(Kind::Text);
            Some(Action::Choose(if session.tool() == arrow { text } else { arrow }))
        }
        Command::Scroll(steps) => Some(Action::Scroll(id, steps)),
        Command::End(last) => {
            let count = shown.map_or(0, |shown| shown.series.frames.len());
            Some(Action::GoToSlice(id, if last { count.saturating_sub(1) } else { 0 }))
        }
        Command::Series(step) => Some(Action::StepSeries(id, step)),
        Command::NextViewport => Some(Action::NextViewport),
        Command::Maximise => Some(Action::ToggleMaximised(id)),
        Command::Layout(rows, columns) => Some(Action::SetLayout(Layout { columns, rows })),
        Command::Planes => Some(Action::ShowPlanes(id)),
        Command::Cut(cut) => Some(Action::SetCut(id, cut)),
        Command::TurnPlane(across, down) => planes::turn(session, id, across, down),
        Command::Thickness(steps) => planes::thicker(session, id, f64::from(steps)),
        Command::SlabMode => planes::next_mode(session, id),
        Command::Crosshair => return planes::crosshair(session),
        Command::ReferenceLines => Some(Action::ToggleReferenceLines),
        Command::Link(link) => Some(Action::ToggleLink(link)),
        Command::LockSlices => Some(Action::LockSlices),
        Command::UnlockSlices => Some(Action::UnlockSlices),
        Command::ProposeLock => Some(Action::ProposeLock),
        Command::Compare => Some(Action::ShowComparison),
        Command::Rotate => shown.map(|shown| Action::SetFraming(id, shown.viewport.view.framing.rotated())),
        Command::Flip(across) => {
            shown.map(|shown| Action::SetFraming(id, shown.viewport.view.framing.flipped(across)))
        }
        Command::OneToOne => shown.map(|shown| {
            let framing = shown.viewport.view.framing.one_to_one(shown.frame, session.workspace().size(id));
            Action::SetFraming(id, framing)
        }),
        Command::TrueSize => Some(Action::TrueSize(id)),
        Command::Zoom(inward) => shown.map(|shown| {
            let size = session.workspace().size(id);
            let factor = if inward { 1.25 } else { 0.8 };
            Action::SetFraming(id, shown.viewport.view.framing.zoomed(factor, size.middle(), size))
        }),
        Command::Fit => Some(Action::Fit(id)),
        Command::Preset(index) => Some(Action::UsePreset(id, index)),
        Command::AutoWindow => Some(Action::AutoWindow(id)),
        Command::Invert => look(&|look| look.inverted = !look.inverted),
        Command::Smooth => look(&|look| look.interpolation = look.interpolation.next()),
        Command::NextColors => look(&|look| {
            let at = ColorMap::ALL.iter().position(|map| *map == look.colors).unwrap_or(0);
            look.colors = ColorMap::ALL[(at + 1) % ColorMap::ALL.len()];
        }),
        Command::CycleOverlays => Some(Action::CycleOverlays),
        Command::Graphics => Some(Action::ToggleGraphics),
        Command::HidePatient => Some(Action::TogglePatientData),
        Command::Cine => Some(Action::ToggleCine(id)),
        Command::MarkKeyImage => Some(Action::MarkKeyImage(id)),
        Command::NextKeyImage => Some(Action::NextKeyImage),
        Command::MoveKeyImage(places) => {
            session.key_image().map(|id| Action::Commit(Edit::MoveKey(id, isize::from(places))))
        }
        Command::DeleteKeyImage => session.key_image().map(|id| Action::Commit(Edit::RemoveKey(id))),
        Command::NextOver => over::next(session, id),
        Command::OverOpacity(steps) => over::more(session, id, steps),
        Command::Elements => {
            let of = session.elements_of().is_none().then_some(ElementsOf::Shown);
            Some(Action::WatchElements(of))
        }
        // The window's own: dialogues, panels, clipboard.
        Command::OpenFolder
        | Command::OpenFiles
        | Command::OpenCase
        | Command::Save
        | Command::SaveAs
        | Command::NewCase
        | Command::Export
        | Command::Copy
        | Command::WriteLabel
        | Command::WriteNotes
        | Command::WriteKeyLabel
        | Command::Browser
        | Command::Notes
        | Command::Problems
        | Command::Presets
        | Command::GoToPoint
        | Command::MeasureScreen
        | Command::FullScreen
        | Command::Help => None,
    };
    action.into_iter().collect()
}

/// The measurement after the selected one, round and round.
fn next_measurement(session: &Session) -> Option<Action> {
    let list = &session.case().measurements;
    let at = session.selected().and_then(|id| list.iter().position(|m| m.id == id));
    let next = at.map_or(0, |at| at + 1) % list.len().max(1);
    list.get(next).map(|measurement| Action::GoToMeasurement(measurement.id))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_key_means_two_things() {
        let mut seen = Vec::new();
        for row in TABLE {
            for keys in row.keys {
                assert!(!seen.contains(keys), "{} has a key twice: {keys:?}", row.text);
                seen.push(*keys);
            }
        }
    }
}
