//! The menu bar and the toolbar.

use egui::{Button, RichText, Ui};
use egui_material_icons::MaterialIcon;
use egui_material_icons::icons as icon;

use super::commands::{self, Asked, Command};
use super::layouts::layouts;
use super::number::{self, Field};
use super::{presets, theme};
use crate::case::Kind;
use crate::geometry::Mm;
use crate::image::Voi;
use crate::session::{Action, Cut, Session, Tool};
use crate::view::{ColorMap, Slab, SlabMode};

const TOOLS: [(Tool, MaterialIcon); 20] = [
    (Tool::Window, icon::ICON_CONTRAST),
    (Tool::Pan, icon::ICON_DRAG_PAN),
    (Tool::Zoom, icon::ICON_ZOOM_IN),
    (Tool::AutoWindow, icon::ICON_CROP_FREE),
    (Tool::Crosshair, icon::ICON_MY_LOCATION),
    (Tool::Density, icon::ICON_ADJUST),
    (Tool::Measure(Kind::Probe), icon::ICON_POINT_SCAN),
    (Tool::Measure(Kind::Length), icon::ICON_STRAIGHTEN),
    (Tool::Measure(Kind::Bidirectional), icon::ICON_OPEN_WITH),
    (Tool::Measure(Kind::Size), icon::ICON_DEPLOYED_CODE),
    (Tool::Measure(Kind::Angle), icon::ICON_SQUARE_FOOT),
    (Tool::Measure(Kind::Ellipse), icon::ICON_CIRCLE),
    (Tool::Measure(Kind::Rectangle), icon::ICON_RECTANGLE),
    (Tool::Measure(Kind::Polygon), icon::ICON_PENTAGON),
    (Tool::Measure(Kind::Freehand), icon::ICON_GESTURE),
    (Tool::Grow, icon::ICON_WAND_STARS),
    (Tool::Brush, icon::ICON_BRUSH),
    (Tool::Eraser, icon::ICON_INK_ERASER),
    (Tool::Measure(Kind::Arrow), icon::ICON_NORTH_EAST),
    (Tool::Measure(Kind::Text), icon::ICON_TEXT_FIELDS),
];

/// A button that is an icon on screen and a name for everyone else.
pub(super) fn icon_button(ui: &mut Ui, glyph: MaterialIcon, name: &str, chosen: bool) -> egui::Response {
    let color = if chosen { theme::ACCENT } else { theme::TEXT };
    let text = glyph.rich_text().size(18.0).color(color);
    let button = Button::new(text).selected(chosen).min_size(egui::vec2(26.0, 26.0));
    let response = ui.add(button).on_hover_text(name);
    response.widget_info(|| egui::WidgetInfo::selected(egui::Role::Button, true, chosen, name));
    response
}

pub(super) fn with_keys(ui: &Ui, command: Command, name: &str) -> String {
    match commands::of(command) {
        Some(row) => format!("{name} ({})", row.keys_text(ui.ctx())),
        None => name.to_owned(),
    }
}

/// The menu bar, and beside it what belongs to the active viewport.
pub(super) fn menus(ui: &mut Ui, session: &Session, asked: &mut Asked) {
    // As high as its highest button: what comes later would stand lower than what came before.
    ui.spacing_mut().interact_size.y = 26.0;
    egui::MenuBar::new().ui(ui, |ui| {
        let mut last = "";
        let groups: Vec<&str> = commands::shortcuts_table()
            .iter()
            .filter_map(|row| {
                let new = row.group != last;
                last = row.group;
                new.then_some(row.group)
            })
            .collect();
        for group in groups {
            let title = group.split(' ').next().unwrap_or(group);
            ui.menu_button(title, |ui| {
                for row in commands::shortcuts_table().iter().filter(|row| row.group == group) {
                    let Some(text) = entry(row, session) else { continue };
                    let button = Button::new(text).shortcut_text(row.keys_text(ui.ctx()));
                    if ui.add_enabled(is_enabled(row.command, session), button).clicked() {
                        asked.commands.push(row.command);
                    }
                }
            });
        }
        if !narrow(ui) {
            ui.add_space(24.0);
            // Fields and boxes, not menu entries.
            ui.reset_style();
            active(ui, session, &mut asked.actions);
        }
    });
}

/// The words of an entry; `None` for the key of a preset that is not there.
fn entry(row: &commands::Shortcut, session: &Session) -> Option<String> {
    let history = session.history();
    Some(match (row.command, history.undo_name(), history.redo_name()) {
        (Command::Undo, Some(what), _) => format!("Undo: {what}"),
        (Command::Redo, _, Some(what)) => format!("Redo: {what}"),
        (Command::Preset(digit), ..) => {
            let offers = session.presets(session.workspace().active);
            presets::words(offers.iter().find(|offer| offer.digit == Some(digit))?)
        }
        _ => row.text.to_owned(),
    })
}

fn is_enabled(command: Command, session: &Session) -> bool {
    match command {
        Command::Undo => session.history().undo_name().is_some(),
        Command::Redo => session.history().redo_name().is_some(),
        Command::Delete => session.selected().is_some(),
        Command::FileWindow => session.presets(session.workspace().active).iter().any(|offer| offer.of_file),
        _ => true,
    }
}

/// The toolbar: files, tools, window, view.
pub(super) fn show(ui: &mut Ui, session: &Session, asked: &mut Asked) {
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = egui::vec2(2.0, 4.0);
        ui.spacing_mut().button_padding = egui::vec2(5.0, 3.0);
        for (command, glyph, name) in [
            (Command::OpenFolder, icon::ICON_FOLDER_OPEN, "Open folder"),
            (Command::Save, icon::ICON_SAVE, "Save case"),
            (Command::Export, icon::ICON_IMAGE, "Export view"),
        ] {
            command_button(ui, command, glyph, name, &mut asked.commands);
        }
        ui.separator();
        for (tool, glyph) in TOOLS {
            let command = match tool {
                Tool::Measure(Kind::Arrow | Kind::Text) => Command::ArrowOrText,
                Tool::Crosshair => Command::Crosshair,
                tool => Command::Choose(tool),
            };
            let name = with_keys(ui, command, tool.name());
            if icon_button(ui, glyph, &name, session.tool() == tool).clicked() {
                match command {
                    Command::Crosshair => asked.commands.push(command),
                    _ => asked.actions.push(Action::Choose(tool)),
                }
            }
        }
        ui.separator();
        undo_button(ui, Command::Undo, session.history().undo_name(), &mut asked.commands);
        undo_button(ui, Command::Redo, session.history().redo_name(), &mut asked.commands);
        ui.separator();
        layouts(ui, session, &mut asked.actions);
        command_button(
            ui,
            Command::Planes,
            icon::ICON_VIEW_IN_AR,
            "Three planes and a free one",
            &mut asked.commands,
        );
        super::links::buttons(ui, session, &mut asked.commands);
        command_button(ui, Command::Fit, icon::ICON_FIT_SCREEN, "Fit image", &mut asked.commands);
        let hidden = session.workspace().patient_hidden;
        let name = with_keys(ui, Command::HidePatient, "Hide patient data");
        if icon_button(ui, icon::ICON_VISIBILITY_OFF, &name, hidden).clicked() {
            asked.commands.push(Command::HidePatient);
        }
        command_button(ui, Command::Help, icon::ICON_HELP, "Help", &mut asked.commands);
        if narrow(ui) {
            ui.end_row();
            active(ui, session, &mut asked.actions);
        }
    });
}

/// Whether the menu bar has no room for what belongs to the active viewport.
fn narrow(ui: &Ui) -> bool {
    ui.ctx().content_rect().width() < 1120.0
}

/// The window, colours, plane and overlay of the active viewport.
fn active(ui: &mut Ui, session: &Session, actions: &mut Vec<Action>) {
    ui.spacing_mut().item_spacing = egui::vec2(2.0, 4.0);
    ui.spacing_mut().button_padding = egui::vec2(5.0, 3.0);
    window(ui, session, actions);
    plane(ui, session, actions);
    super::over::button(ui, session, actions);
}

/// Which slices of the volume, how thick, and what of the thickness.
fn plane(ui: &mut Ui, session: &Session, actions: &mut Vec<Action>) {
    let id = session.workspace().active;
    let Some(shown) = session.shown(id).filter(|shown| shown.series.slices.is_ok()) else { return };
    let reformat = shown.viewport.view.reformat().copied();
    let now = reformat.map_or("As acquired", |reformat| reformat.plane.name());
    let mut cut = None;
    egui::ComboBox::from_id_salt("plane")
        .selected_text(now)
        .width(88.0)
        .show_ui(ui, |ui| {
            for choice in Cut::ALL {
                if ui.selectable_label(choice.name().eq_ignore_ascii_case(now), choice.name()).clicked() {
                    cut = Some(choice);
                }
            }
        })
        .response
        .widget_info(|| egui::WidgetInfo::labeled(egui::Role::ComboBox, true, "Plane"));
    actions.extend(cut.map(|cut| Action::SetCut(id, cut)));
    let Some(reformat) = reformat else { return };
    let Slab { thickness, mode } = reformat.slab;
    let mut mm = thickness.0;
    // A tenth for the hand; what was typed, or the volume's own, to a thousandth.
    let field = Field { short: "mm", name: "Slab thickness", speed: 0.1, least: 0.0, dragged: 1, span: 0.1 };
    field.show(ui, &mut mm);
    let mut chosen = mode;
    egui::ComboBox::from_id_salt("slab")
        .selected_text(slab_name(mode))
        .width(64.0)
        .show_ui(ui, |ui| {
            for mode in [SlabMode::Mean, SlabMode::Mip, SlabMode::MinIp] {
                ui.selectable_value(&mut chosen, mode, slab_name(mode));
            }
        })
        .response
        .widget_info(|| egui::WidgetInfo::labeled(egui::Role::ComboBox, true, "Slab mode"));
    let slab = Slab { thickness: Mm(mm), mode: chosen };
    if slab != reformat.slab {
        actions.push(Action::SetSlab(id, slab));
    }
}

fn slab_name(mode: SlabMode) -> &'static str {
    match mode {
        SlabMode::Mean => "Mean",
        SlabMode::Mip => "MIP",
        SlabMode::MinIp => "MinIP",
    }
}

/// A button of a command, with its keys in its name.
pub(super) fn command_button(
    ui: &mut Ui,
    command: Command,
    glyph: MaterialIcon,
    name: &str,
    out: &mut Vec<Command>,
) {
    let name = with_keys(ui, command, name);
    if icon_button(ui, glyph, &name, false).clicked() {
        out.push(command);
    }
}

/// How far a file is that is being written, and a button that stops it.
pub(super) fn writing(ui: &mut Ui, session: &Session, part: &str, actions: &mut Vec<Action>) {
    if let Some(writing) = session.writing() {
        let (done, total) = (writing.progress.done(), writing.progress.total());
        ui.label(RichText::new(format!("writing: {part}{done} of {total}")).color(theme::WEAK));
        if ui.button("Cancel writing").clicked() {
            actions.push(Action::CancelWriting);
        }
    }
}

fn undo_button(ui: &mut Ui, command: Command, what: Option<&str>, out: &mut Vec<Command>) {
    let (verb, glyph) =
        if command == Command::Undo { ("Undo", icon::ICON_UNDO) } else { ("Redo", icon::ICON_REDO) };
    let name =
        what.map_or_else(|| format!("Nothing to {}", verb.to_lowercase()), |what| format!("{verb}: {what}"));
    ui.add_enabled_ui(what.is_some(), |ui| {
        if icon_button(ui, glyph, &name, false).clicked() {
            out.push(command);
        }
    });
}

/// Width, centre, presets, colours, invert.
fn window(ui: &mut Ui, session: &Session, actions: &mut Vec<Action>) {
    let id = session.workspace().active;
    let Some(shown) = session.shown(id).filter(|shown| !shown.frame.color) else { return };
    let look = &shown.viewport.view.look;
    let names = ["Window width", "Window center"];
    if let Some(window) = number::window(ui, names, look.voi.as_window()) {
        let voi = Voi::Window(window);
        actions.push(Action::SetLook(id, crate::view::Look { voi, ..look.clone() }));
    }
    presets::button(ui, session, id, actions);
    let mut colors = look.colors;
    egui::ComboBox::from_id_salt("colour map")
        .selected_text(colors.name())
        .width(72.0)
        .show_ui(ui, |ui| {
            for map in ColorMap::ALL {
                ui.selectable_value(&mut colors, map, map.name());
            }
        })
        .response
        .widget_info(|| egui::WidgetInfo::labeled(egui::Role::ComboBox, true, "Colour map"));
    if colors != look.colors {
        actions.push(Action::SetLook(id, crate::view::Look { colors, ..look.clone() }));
    }
    if icon_button(ui, icon::ICON_INVERT_COLORS, "Invert (I)", look.inverted).clicked() {
        actions.push(Action::SetLook(id, crate::view::Look { inverted: !look.inverted, ..look.clone() }));
    }
}
