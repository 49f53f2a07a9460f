//! The grid of up to 4 x 4 from which a layout is chosen, by hand or by keys.

use egui::containers::menu::MenuButton;
use egui::{Button, Id, Key, Modifiers, Popup, Rect, Response, RichText, Sense, StrokeKind, Ui, vec2};
use egui_material_icons::icons as icon;

use super::commands::Command;
use super::theme;
use super::toolbar::with_keys;
use crate::session::{Action, Layout, Session};

/// A cell and what lies between two.
const CELL: egui::Vec2 = vec2(30.0, 24.0);
const GAP: f32 = 3.0;

/// Opens the grid in the next frame, or closes it.
pub(super) fn toggle(ctx: &egui::Context) {
    ctx.data_mut(|data| data.insert_temp(wanted(), true));
}

fn wanted() -> Id {
    Id::unique("the grid of layouts is wanted")
}

/// The button, and while it is open the grid.
pub(super) fn layouts(ui: &mut Ui, session: &Session, actions: &mut Vec<Action>) {
    let glyph = icon::ICON_GRID_VIEW.rich_text().size(18.0);
    let button = Button::new(glyph).min_size(vec2(26.0, 26.0));
    let (response, _) = MenuButton::from_button(button).ui(ui, |ui| {
        let now = session.workspace().layout;
        if let Some(layout) = grid(ui, now) {
            actions.push(Action::SetLayout(layout));
            ui.close();
        }
    });
    if ui.ctx().data_mut(|data| data.remove_temp::<bool>(wanted())).is_some() {
        Popup::toggle_id(ui.ctx(), Popup::default_response_id(&response));
    }
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, "Layout"));
    response.on_hover_text(with_keys(ui, Command::ChooseLayout, "Layout: rows x columns"));
}

/// Draws the cells; gives the layout whose last cell was clicked, or chosen by Enter.
fn grid(ui: &mut Ui, now: Layout) -> Option<Layout> {
    let side = |cell: f32| (cell + GAP) * Layout::MOST as f32 - GAP;
    let (area, _) = ui.allocate_exact_size(vec2(side(CELL.x), side(CELL.y)), Sense::hover());
    let cells: Vec<(Layout, Rect, Response)> = (0..Layout::MOST * Layout::MOST)
        .map(|index| {
            let (row, column) = (index / Layout::MOST, index % Layout::MOST);
            let corner = area.min + vec2(column as f32, row as f32) * (CELL + egui::Vec2::splat(GAP));
            let rect = Rect::from_min_size(corner, CELL);
            let layout = Layout { columns: column + 1, rows: row + 1 };
            // Between two cells the pointer is over the nearer one: nothing flickers.
            let reach = rect.expand(GAP / 2.0);
            (layout, rect, ui.interact(reach, ui.scope_id().with(("layout", index)), Sense::click()))
        })
        .collect();
    let focused = cells.iter().find(|(.., cell)| cell.has_focus()).map(|(layout, ..)| *layout);
    if focused.is_none()
        && let Some((.., cell)) = cells.iter().find(|(layout, ..)| *layout == now)
    {
        cell.request_focus();
    }
    let at = step(ui, &cells, focused.unwrap_or(now));
    let hovered = cells.iter().find(|(.., cell)| cell.hovered()).map(|(layout, ..)| *layout);
    // The hand that moved last says what is meant.
    let mark = ui.scope_id().with("meant by keys");
    let moved = ui.input(|i| i.pointer.delta() != egui::Vec2::ZERO);
    let by_keys = (focused.is_some_and(|focused| focused != at) || keys_lead(ui, mark)) && !moved;
    ui.data_mut(|data| data.insert_temp(mark, by_keys));
    let meant = hovered.filter(|_| !by_keys).unwrap_or(at);
    for (layout, rect, cell) in &cells {
        let lit = layout.columns <= meant.columns && layout.rows <= meant.rows;
        let (fill, line) = if lit { (theme::CHOSEN, theme::ACCENT) } else { (theme::PANEL, theme::WEAK) };
        ui.painter().rect(*rect, 3.0, fill, egui::Stroke::new(1.0, line), StrokeKind::Inside);
        let name = format!("{} viewports", layout.name());
        cell.widget_info(|| egui::WidgetInfo::selected(egui::Role::Button, true, *layout == now, &name));
    }
    let words = format!("{} x {}", meant.rows, meant.columns);
    ui.vertical_centered(|ui| ui.label(RichText::new(words).color(theme::TEXT)));
    cells.iter().find(|(.., cell)| cell.clicked()).map(|(layout, ..)| *layout)
}

fn keys_lead(ui: &Ui, mark: Id) -> bool {
    ui.data(|data| data.get_temp(mark)).unwrap_or(true)
}

/// Moves the focus by the arrow keys, and gives where it is then.
fn step(ui: &Ui, cells: &[(Layout, Rect, Response)], from: Layout) -> Layout {
    let Some((.., cell)) = cells.iter().find(|(layout, ..)| *layout == from) else { return from };
    // Else egui takes the arrows for a walk through the whole window.
    let filter = egui::EventFilter { horizontal_arrows: true, vertical_arrows: true, ..Default::default() };
    ui.memory_mut(|memory| memory.set_focus_lock_filter(cell.id, filter));
    let count = |key| ui.input_mut(|input| input.count_and_consume_key(Modifiers::NONE, key));
    let moved = |at: usize, back: usize, on: usize| (at + on).saturating_sub(back).clamp(1, Layout::MOST);
    let to = Layout {
        columns: moved(from.columns, count(Key::ArrowLeft), count(Key::ArrowRight)),
        rows: moved(from.rows, count(Key::ArrowUp), count(Key::ArrowDown)),
    };
    if to != from
        && let Some((.., cell)) = cells.iter().find(|(layout, ..)| *layout == to)
    {
        cell.request_focus();
    }
    to
}
