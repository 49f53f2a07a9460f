//! Keys, words and groups of every command.

use egui::{Key, Modifiers};

use super::{AtDate, Command, MaskCommand};
use crate::case::Kind;
use crate::session::{Cut, Link, Tool};

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
    /// The pages on which its keys reach it: what drives the viewports rests while they are out of sight.
    pub(in crate::ui) pages: &'static [Page],
}

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
    Shortcut { group, text, command, keys, pages: &[Page::Viewports] }
}

/// What is done to a panel too.
const fn on_figures(
    group: &'static str,
    text: &'static str,
    command: Command,
    keys: &'static [(Modifiers, Key)],
) -> Shortcut {
    Shortcut { pages: &[Page::Viewports, Page::Figure], ..row(group, text, command, keys) }
}

/// What is the same wherever the reader is: files, steps back, pages and dialogues.
const fn everywhere(
    group: &'static str,
    text: &'static str,
    command: Command,
    keys: &'static [(Modifiers, Key)],
) -> Shortcut {
    let pages = &[Page::Viewports, Page::Figure, Page::Notebook];
    Shortcut { pages, ..row(group, text, command, keys) }
}

const fn tool(text: &'static str, kind: Kind, keys: &'static [(Modifiers, Key)]) -> Shortcut {
    row("Tools (left button)", text, Command::Choose(Tool::Measure(kind)), keys)
}

const FILE: &str = "File";
const EDIT: &str = "Edit";
const TOOLS: &str = "Tools (left button)";
const LESIONS: &str = "Lesions";
const MASKS: &str = "Masks";
const FIGURE: &str = "Figure";
const NOTEBOOK: &str = "Notebook";
const SLICES: &str = "Slices and series";
const PLANES: &str = "Planes and crosshair";
const WINDOW: &str = "Window and colours";
const VIEW: &str = "View";
const LINKS: &str = "Links and dates";

/// Every command with its keys, in the order of the help overlay.
#[rustfmt::skip]
const TABLE: &[Shortcut] = &[
    everywhere(FILE, "Open folder", Command::OpenFolder, &[(CTRL, Key::O)]),
    everywhere(FILE, "Open files", Command::OpenFiles, &[(CTRL_SHIFT, Key::O)]),
    everywhere(FILE, "Add a picture to the case", Command::AddPicture, &[(CTRL, Key::I)]),
    everywhere(FILE, "Open case", Command::OpenCase, &[(CTRL, Key::L)]),
    everywhere(FILE, "Save case", Command::Save, &[(CTRL, Key::S)]),
    everywhere(FILE, "Save case as", Command::SaveAs, &[(CTRL_SHIFT, Key::S)]),
    everywhere(FILE, "New case", Command::NewCase, &[(CTRL, Key::N)]),
    row(FILE, "Export view", Command::Export, &[(CTRL, Key::E)]),
    row(FILE, "Export the series as a film", Command::ExportCine, &[(ALT, Key::C)]),
    everywhere(FILE, "Close case", Command::CloseCase, &[(CTRL, Key::W)]),
    everywhere(FILE, "Cancel scan", Command::CancelScan, &[(CTRL, Key::Period)]),
    everywhere(FILE, "Close notice", Command::Dismiss, &[(CTRL, Key::D)]),
    everywhere(FILE, "Files not used", Command::Problems, &[(NONE, Key::F4)]),
    everywhere(EDIT, "Undo", Command::Undo, &[(CTRL, Key::Z)]),
    everywhere(EDIT, "Redo", Command::Redo, &[(CTRL_SHIFT, Key::Z), (CTRL, Key::Y)]),
    row(EDIT, "Copy view or measurement", Command::Copy, &[(CTRL, Key::C)]),
    on_figures(EDIT, "Delete", Command::Delete, &[(NONE, Key::Delete), (NONE, Key::Backspace)]),
    row(EDIT, "Next measurement", Command::NextMeasurement, &[(NONE, Key::Q)]),
    row(EDIT, "Label the selected measurement", Command::WriteLabel, &[(NONE, Key::Enter)]),
    row(EDIT, "Write notes", Command::WriteNotes, &[(CTRL, Key::M)]),
    row(EDIT, "Mark the view as a key image", Command::MarkKeyImage, &[(CTRL, Key::K)]),
    row(EDIT, "Next key image", Command::NextKeyImage, &[(SHIFT, Key::K)]),
    row(EDIT, "Label the key image", Command::WriteKeyLabel, &[(SHIFT, Key::Enter)]),
    row(EDIT, "Move the key image up", Command::MoveKeyImage(-1), &[(ALT, Key::PageUp)]),
    row(EDIT, "Move the key image down", Command::MoveKeyImage(1), &[(ALT, Key::PageDown)]),
    row(EDIT, "Delete the key image", Command::DeleteKeyImage, &[(SHIFT, Key::Delete)]),
    everywhere(EDIT, "Drop draft, selection, tool", Command::Escape, &[(NONE, Key::Escape)]),
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
    row(TOOLS, "Density: click a circle, drag an ellipse", Command::Choose(Tool::Density), &[(NONE, Key::X)]),
    tool("Probe of one pixel", Kind::Probe, &[(SHIFT, Key::X)]),
    tool("Three-axis size", Kind::Size, &[(NONE, Key::U)]),
    tool("Distance of a point to a line", Kind::LineDistance, &[(SHIFT, Key::D)]),
    tool("Midline shift", Kind::MidlineShift, &[(SHIFT, Key::I)]),
    tool("Height above a base line", Kind::Height, &[(SHIFT, Key::H)]),
    tool("Cobb angle", Kind::Cobb, &[(SHIFT, Key::U)]),
    tool("Open angle between two lines", Kind::OpenAngle, &[(ALT, Key::A)]),
    row(TOOLS, "Arrow, then text", Command::ArrowOrText, &[(NONE, Key::N)]),
    row(LESIONS, "Follow a new lesion", Command::NewLesion, &[(CTRL_SHIFT, Key::L)]),
    row(LESIONS, "Next lesion in focus, or none", Command::NextLesion, &[(SHIFT, Key::Q)]),
    row(LESIONS, "Compare the region with the other side", Command::Mirror, &[(ALT, Key::M)]),
    row(LESIONS, "Compare the region with another series", Command::ThereToo, &[(ALT, Key::N)]),
    row(LESIONS, "Calibrate the image by the selected length", Command::Calibrate, &[(ALT, Key::L)]),
    row(LESIONS, "Measure the same at this date", Command::AtDate(AtDate::Measure), &[(ALT, Key::Q)]),
    row(LESIONS, "Go to the lesion at this date", Command::AtDate(AtDate::Go), &[(ALT, Key::G)]),
    row(LESIONS, "The lesion is gone at this date", Command::AtDate(AtDate::Gone), &[(ALT, Key::X)]),
    row(LESIONS, "Too small to measure at this date", Command::AtDate(AtDate::TooSmall), &[(ALT, Key::Z)]),
    row(LESIONS, "Read with the date before", Command::AtDate(AtDate::Join), &[(ALT, Key::Minus)]),
    row(LESIONS, "Read each study by itself", Command::AtDate(AtDate::Part), &[(ALT, Key::Equals)]),
    row(LESIONS, "Name this date", Command::NameDate, &[(ALT, Key::T)]),
    row(LESIONS, "Take the calibration back", Command::Uncalibrate, &[(ALT_SHIFT, Key::L)]),
    row(LESIONS, "Count days from this date", Command::AtDate(AtDate::DayZero), &[(ALT, Key::Num0)]),
    row(LESIONS, "Lengths in mm or cm", Command::Centimetres, &[(ALT, Key::U)]),
    row(LESIONS, "Axes as drawn or by size", Command::SortAxes, &[(ALT, Key::S)]),
    row(LESIONS, "Ledger of lesions", Command::Ledger, &[(NONE, Key::F5)]),
    everywhere(LESIONS, "Export measurements as a table", Command::ExportTable, &[(CTRL_SHIFT, Key::E)]),
    everywhere(LESIONS, "Copy the ledger as a table", Command::CopyTable, &[(CTRL_SHIFT, Key::C)]),
    row(FIGURE, "Send the view to the figure", Command::SendToFigure, &[(NONE, Key::K)]),
    everywhere(FIGURE, "Figure, or back to the viewports", Command::Figure, &[(NONE, Key::F9)]),
    everywhere(FIGURE, "New figure", Command::NewFigure, &[(SHIFT, Key::F9)]),
    on_figures(FIGURE, "Montage of the series", Command::Montage, &[(CTRL_SHIFT, Key::M)]),
    on_figures(FIGURE, "Open the panel in a viewport", Command::OpenPanel, &[(CTRL, Key::Enter)]),
    on_figures(FIGURE, "Panel one place back", Command::MovePanel(-1), &[(CTRL_SHIFT, Key::ArrowLeft)]),
    on_figures(FIGURE, "Panel one place on", Command::MovePanel(1), &[(CTRL_SHIFT, Key::ArrowRight)]),
    on_figures(FIGURE, "All panels at one scale", Command::EqualScale, &[(CTRL_SHIFT, Key::Equals)]),
    everywhere(FIGURE, "Export the figure", Command::ExportFigure, &[(CTRL_SHIFT, Key::F)]),
    everywhere(NOTEBOOK, "Notebook, or back to the viewports", Command::Notebook, &[(NONE, Key::F8)]),
    everywhere(NOTEBOOK, "Export the notebook as a report", Command::ExportReport, &[(CTRL_SHIFT, Key::R)]),
    everywhere(NOTEBOOK, "Export the timeline", Command::ExportTimeline, &[(CTRL_SHIFT, Key::T)]),
    row(MASKS, "Grow a region from a click", Command::Choose(Tool::Grow), &[(SHIFT, Key::G)]),
    row(MASKS, "Brush", Command::Choose(Tool::Brush), &[(ALT, Key::B)]),
    row(MASKS, "Eraser", Command::Choose(Tool::Eraser), &[(ALT, Key::E)]),
    row(MASKS, "Larger brush", Command::BrushSize(1), &[(NONE, Key::Period)]),
    row(MASKS, "Smaller brush", Command::BrushSize(-1), &[(NONE, Key::Comma)]),
    row(MASKS, "Brush: ball or disc", Command::Mask(MaskCommand::Ball), &[(ALT, Key::Num3)]),
    row(MASKS, "Fill holes", Command::Mask(MaskCommand::Fill), &[(ALT, Key::F)]),
    row(MASKS, "Smooth", Command::Mask(MaskCommand::Smooth), &[(ALT, Key::O)]),
    row(MASKS, "Keep the largest part", Command::Mask(MaskCommand::Largest), &[(ALT, Key::K)]),
    row(MASKS, "Fill slices between painted ones", Command::Mask(MaskCommand::Interpolate), &[(ALT, Key::I)]),
    row(MASKS, "1 mm more", Command::Mask(MaskCommand::Enlarge), &[(ALT, Key::Period)]),
    row(MASKS, "1 mm less", Command::Mask(MaskCommand::Shrink), &[(ALT, Key::Comma)]),
    row(MASKS, "Margin around it, or none", Command::Mask(MaskCommand::Margin), &[(ALT, Key::R)]),
    row(MASKS, "Copy it to the series shown", Command::Mask(MaskCommand::Copy), &[(ALT, Key::V)]),
    row(MASKS, "Compare with another mask", Command::Mask(MaskCommand::Compare), &[(ALT, Key::D)]),
    on_figures(SLICES, "Previous slice", Command::Scroll(-1), &[(NONE, Key::ArrowUp)]),
    on_figures(SLICES, "Next slice", Command::Scroll(1), &[(NONE, Key::ArrowDown)]),
    on_figures(SLICES, "10 slices back", Command::Scroll(-10), &[(NONE, Key::PageUp)]),
    on_figures(SLICES, "10 slices on", Command::Scroll(10), &[(NONE, Key::PageDown)]),
    row(SLICES, "First slice", Command::End(false), &[(NONE, Key::Home)]),
    row(SLICES, "Last slice", Command::End(true), &[(NONE, Key::End)]),
    on_figures(SLICES, "Previous series", Command::Series(-1), &[(NONE, Key::ArrowLeft)]),
    on_figures(SLICES, "Next series", Command::Series(1), &[(NONE, Key::ArrowRight)]),
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
    row(WINDOW, "Preset 1", Command::Preset(1), &[(NONE, Key::Num1)]),
    row(WINDOW, "Preset 2", Command::Preset(2), &[(NONE, Key::Num2)]),
    row(WINDOW, "Preset 3", Command::Preset(3), &[(NONE, Key::Num3)]),
    row(WINDOW, "Preset 4", Command::Preset(4), &[(NONE, Key::Num4)]),
    row(WINDOW, "Preset 5", Command::Preset(5), &[(NONE, Key::Num5)]),
    row(WINDOW, "Preset 6", Command::Preset(6), &[(NONE, Key::Num6)]),
    row(WINDOW, "Preset 7", Command::Preset(7), &[(NONE, Key::Num7)]),
    row(WINDOW, "Preset 8", Command::Preset(8), &[(NONE, Key::Num8)]),
    row(WINDOW, "Preset 9", Command::Preset(9), &[(NONE, Key::Num9)]),
    row(WINDOW, "Next window of the file", Command::FileWindow, &[(ALT, Key::W)]),
    row(WINDOW, "Auto window", Command::AutoWindow, &[(NONE, Key::Num0)]),
    everywhere(WINDOW, "Edit presets", Command::Presets, &[(NONE, Key::F6)]),
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
    row(VIEW, "Choose a layout", Command::ChooseLayout, &[(CTRL, Key::Num0)]),
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
    everywhere(VIEW, "DICOM elements of the image", Command::Elements, &[(CTRL, Key::T)]),
    everywhere(VIEW, "Full screen", Command::FullScreen, &[(NONE, Key::F11)]),
    everywhere(VIEW, "This help", Command::Help, &[(SHIFT, Key::Questionmark), (NONE, Key::Questionmark), (NONE, Key::F1)]),
];

/// What the mouse does: shown in the help overlay beside the keys.
pub(in crate::ui) const MOUSE: [(&str, &str); 14] = [
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
    ("Ctrl+click", "selects with crosshair, probe, density"),
    ("Window drag", "right: wider, up: brighter"),
    ("Drag a series", "from the browser onto an image"),
];

/// The table of commands and keys.
pub fn shortcuts_table() -> &'static [Shortcut] {
    TABLE
}

/// The words and first key of a command.
pub(in crate::ui) fn of(command: Command) -> Option<&'static Shortcut> {
    TABLE.iter().find(|row| row.command == command)
}

impl Shortcut {
    /// The keys for people: `Ctrl+Z`, `[`, `Ctrl+.`.
    pub(in crate::ui) fn keys_text(&self, ctx: &egui::Context) -> String {
        let one = |(modifiers, key): &(Modifiers, Key)| {
            let Some((sign, with_shift)) = sign(*key) else {
                return ctx.format_shortcut(&egui::KeyboardShortcut::new(*modifiers, *key));
            };
            // Whoever types the sign holds Shift already.
            let shift = modifiers.shift && !with_shift;
            let modifiers = Modifiers { shift, ..*modifiers };
            match ctx.format_modifiers(modifiers) {
                names if names.is_empty() => sign.to_owned(),
                names => format!("{names}+{sign}"),
            }
        };
        let mut texts: Vec<String> = self.keys.iter().map(one).collect();
        texts.dedup();
        texts.join(" or ")
    }
}

/// The sign on a key, as people write it, and whether Shift is held to type it.
fn sign(key: Key) -> Option<(&'static str, bool)> {
    Some(match key {
        Key::Questionmark => ("?", true),
        Key::Plus => ("+", true),
        Key::Colon => (":", true),
        Key::Pipe => ("|", true),
        Key::Exclamationmark => ("!", true),
        Key::OpenCurlyBracket => ("{", true),
        Key::CloseCurlyBracket => ("}", true),
        Key::Minus => ("-", false),
        Key::Equals => ("=", false),
        Key::Comma => (",", false),
        Key::Period => (".", false),
        Key::Semicolon => (";", false),
        Key::Quote => ("'", false),
        Key::Slash => ("/", false),
        Key::Backslash => ("\\", false),
        Key::Backtick => ("`", false),
        Key::OpenBracket => ("[", false),
        Key::CloseBracket => ("]", false),
        _ => return None,
    })
}

/// Which keys are commands now, beside those with Ctrl or Alt and the function keys.
#[expect(clippy::struct_excessive_bools, reason = "each is a group of keys of its own")]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::ui) struct FreeKeys {
    /// Keys that type something.
    pub(in crate::ui) letters: bool,
    /// Keys that go somewhere: arrows, Home, End, the pages, Tab. An open list has them for itself.
    pub(in crate::ui) moves: bool,
    /// Escape: what is open or typed in is left first.
    pub(in crate::ui) escape: bool,
}

impl FreeKeys {
    fn has(self, key: Key, modifiers: Modifiers) -> bool {
        match key {
            Key::Escape => self.escape,
            _ if is_typing(key, modifiers) => self.letters,
            _ if is_move(key) && !(modifiers.command || modifiers.ctrl || modifiers.alt) => self.moves,
            _ => true,
        }
    }
}

/// The commands that this frame's key presses ask for on a page.
pub(in crate::ui) fn pressed(ctx: &egui::Context, page: Page, free: FreeKeys) -> Vec<Command> {
    ctx.input(|input| {
        let mut commands = Vec::new();
        for event in &input.events {
            match event {
                egui::Event::Copy if page == Page::Viewports => commands.push(Command::Copy),
                egui::Event::Key { key, modifiers, .. } if !free.has(*key, *modifiers) => {}
                egui::Event::Key { key, pressed: true, modifiers, .. } => {
                    let typed = |(wanted, wanted_key): &(Modifiers, Key)| {
                        key == wanted_key && modifiers.matches_exact(*wanted)
                    };
                    let row = TABLE.iter().find(|row| row.keys.iter().any(typed));
                    commands.extend(row.filter(|row| row.pages.contains(&page)).map(|row| row.command));
                }
                _ => {}
            }
        }
        commands
    })
}

/// Whether a key press puts something into a text, or takes the letter before the cursor away.
fn is_typing(key: Key, modifiers: Modifiers) -> bool {
    let does = is_move(key)
        || matches!(key, Key::Escape | Key::Insert | Key::Delete)
        || (Key::F1..=Key::F35).contains(&key);
    !(modifiers.ctrl || modifiers.alt || modifiers.command || modifiers.mac_cmd || does)
}

fn is_move(key: Key) -> bool {
    matches!(
        key,
        Key::Tab
            | Key::Home
            | Key::End
            | Key::PageUp
            | Key::PageDown
            | Key::ArrowUp
            | Key::ArrowDown
            | Key::ArrowLeft
            | Key::ArrowRight
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_called_what_stands_on_them() {
        let ctx = egui::Context::default();
        let text = |command| of(command).map(|row| row.keys_text(&ctx)).unwrap_or_default();
        assert_eq!(text(Command::Thickness(-1)), "[");
        assert_eq!(text(Command::Thickness(1)), "]");
        assert_eq!(text(Command::CancelScan), "Ctrl+.");
        assert_eq!(text(Command::OverOpacity(-1)), ";");
        assert_eq!(text(Command::OverOpacity(1)), "'");
        assert_eq!(text(Command::EqualScale), "Ctrl+Shift+=");
        assert_eq!(text(Command::Mask(MaskCommand::Enlarge)), "Alt+.");
        assert_eq!(text(Command::AtDate(AtDate::Join)), "Alt+-");
        assert_eq!(text(Command::Help), "? or F1");
        assert_eq!(text(Command::Zoom(true)), "+");
        assert_eq!(text(Command::Undo), "Ctrl+Z");
        for row in TABLE {
            let keys = row.keys_text(&ctx);
            for name in
                ["Bracket", "Period", "Comma", "Semicolon", "Quote", "Minus", "Plus", "Equals", "Question"]
            {
                assert!(!keys.contains(name), "{}: {keys}", row.text);
            }
        }
    }

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
