//! The rows in columns, only those in sight.

use egui::{Align2, Color32, FontId, Pos2, Rect, Sense, Ui, Vec2};

use super::Copied;
use super::rows::Rows;
use crate::dicom::{ElementList, ElementRow, one_line};
use crate::ui::theme;

const ROW: f32 = 21.0;
/// Where the value representation starts, from the row's left: a nested tag fits before it.
const VR: f32 = 176.0;
/// A table that is narrower has no column of lengths.
const WIDE: f32 = 700.0;
/// Of each level of nesting; beyond the sixth the rows stay where they are.
const INDENT: f32 = 10.0;
const INDENTED: u16 = 7;
/// Letters of a value that are laid out: more than the widest screen shows.
const LETTERS: usize = 400;

/// Where the columns are, from the row's left.
#[derive(Debug, Clone, Copy)]
struct Columns {
    /// Right edge of the lengths.
    length_end: Option<f32>,
    name: f32,
    value: f32,
}

impl Columns {
    fn of(width: f32) -> Self {
        if width >= WIDE {
            return Self { length_end: Some(284.0), name: 298.0, value: 520.0 };
        }
        let name = VR + 36.0;
        // The rest is shared, so that something of each value shows in the smallest window.
        Self { length_end: None, name, value: name + (width - name).max(0.0) * 0.45 }
    }
}

/// What the table shows.
pub(super) struct View<'a> {
    pub(super) list: &'a ElementList,
    pub(super) hidden: bool,
    /// The list is of what was shown before.
    pub(super) stale: bool,
    pub(super) rows: &'a Rows,
    pub(super) selected: Option<usize>,
}

/// What the pointer did.
#[derive(Debug, Default)]
pub(super) struct Touched {
    pub(super) clicked: Option<usize>,
    pub(super) toggled: Option<usize>,
    pub(super) copied: Option<Copied>,
}

pub(super) fn show(ui: &mut Ui, view: &View<'_>, reveal: bool) -> Touched {
    let mut touched = Touched::default();
    header(ui);
    let below = 26.0 + 20.0 * view.list.notes.len() as f32;
    let height = (ui.available_height() - below).max(3.0 * ROW);
    let visible = view.rows.visible();
    let mut area = egui::ScrollArea::vertical().auto_shrink(false).max_height(height);
    if reveal && let Some(at) = view.selected.and_then(|row| visible.binary_search(&row).ok()) {
        let top = at as f32 * ROW;
        let id = ui.make_persistent_id("element rows");
        let offset = ui.data(|data| data.get_temp::<f32>(id)).unwrap_or(0.0);
        if top < offset {
            area = area.vertical_scroll_offset(top);
        } else if top + ROW > offset + height {
            area = area.vertical_scroll_offset(top + ROW - height);
        }
    }
    ui.spacing_mut().item_spacing.y = 0.0;
    let output = area.show_rows(ui, ROW, visible.len(), |ui, range| {
        for at in visible.get(range).unwrap_or_default() {
            if let Some(element) = view.list.rows.get(*at) {
                row(ui, view, *at, element, &mut touched);
            }
        }
    });
    let id = ui.make_persistent_id("element rows");
    ui.data_mut(|data| data.insert_temp(id, output.state.clamped_offset().y));
    ui.spacing_mut().item_spacing.y = 6.0;
    touched
}

fn header(ui: &mut Ui) {
    let (rect, _) = ui.allocate_exact_size(Vec2::new(ui.available_width(), ROW), Sense::hover());
    let painter = ui.painter_at(rect);
    let middle = rect.center().y;
    let columns = Columns::of(rect.width());
    for (x, align, text) in [
        (Some(8.0), Align2::LEFT_CENTER, "Tag"),
        (Some(VR), Align2::LEFT_CENTER, "VR"),
        (columns.length_end, Align2::RIGHT_CENTER, "Bytes"),
        (Some(columns.name), Align2::LEFT_CENTER, "Name"),
        (Some(columns.value), Align2::LEFT_CENTER, "Value"),
    ] {
        let Some(x) = x else { continue };
        let at = Pos2::new(rect.left() + x, middle);
        painter.text(at, align, text, FontId::proportional(12.0), theme::WEAK);
    }
    painter.hline(rect.x_range(), rect.bottom() - 0.5, egui::Stroke::new(1.0, theme::LINE));
}

fn row(ui: &mut Ui, view: &View<'_>, at: usize, element: &ElementRow, touched: &mut Touched) {
    let (rect, response) = ui.allocate_exact_size(Vec2::new(ui.available_width(), ROW), Sense::click());
    let selected = view.selected == Some(at);
    response.widget_info(|| {
        egui::WidgetInfo::selected(egui::Role::Button, true, selected, element.line(view.hidden).trim_start())
    });
    let indent = f32::from(element.depth.min(INDENTED)) * INDENT;
    let can_open = element.below > 0 && !view.rows.is_search();
    if response.clicked() {
        let on_arrow = response.interact_pointer_pos().is_some_and(|p| p.x < rect.left() + indent + 18.0);
        if can_open && on_arrow {
            touched.toggled = Some(at);
        }
        touched.clicked = Some(at);
    }
    if can_open && response.double_clicked() {
        touched.toggled = Some(at);
    }
    let fill = if selected {
        theme::CHOSEN
    } else if response.hovered() {
        Color32::from_rgb(38, 43, 49)
    } else {
        Color32::TRANSPARENT
    };
    ui.painter().rect_filled(rect, 2.0, fill);
    if can_open {
        arrow(ui, Pos2::new(rect.left() + indent + 8.0, rect.center().y), view.rows.is_open(view.list, at));
    }
    cells(ui, view, at, element, rect, indent);
    menu(&response, view, at, element, touched);
    let value_from = rect.left() + Columns::of(rect.width()).value;
    let on_value = response.hover_pos().is_some_and(|p| p.x > value_from);
    if on_value && !element.value(view.hidden).is_empty() {
        let text: String = element.value(view.hidden).chars().take(2000).collect();
        let about = format!("{}, at byte {}", element.keyword, element.offset);
        response.on_hover_text(if element.keyword.is_empty() { text } else { format!("{text}\n{about}") });
    }
}

fn cells(ui: &Ui, view: &View<'_>, at: usize, element: &ElementRow, rect: Rect, indent: f32) {
    let left = rect.left();
    let columns = Columns::of(rect.width());
    let faint = view.stale || view.rows.is_way(at);
    let strong = if faint { theme::WEAK } else { theme::TEXT };
    let mono = FontId::monospace(12.5);
    let words = FontId::proportional(13.0);
    let cell = |from: f32, to: f32, text: &str, font: &FontId, color: Color32| {
        let text: String = text.chars().take(LETTERS).collect();
        let mut job = egui::text::LayoutJob::simple_singleline(text, font.clone(), color);
        job.wrap = egui::text::TextWrapping::truncate_at_width((to - from - 8.0).max(8.0));
        let galley = ui.ctx().fonts_mut(|fonts| fonts.layout_job(job));
        let y = rect.center().y - galley.size().y / 2.0;
        ui.painter().galley(Pos2::new(from, y), galley, color);
    };
    cell(
        left + indent + 18.0,
        left + VR,
        &element.tag(),
        &mono,
        if faint { theme::WEAK } else { theme::ACCENT },
    );
    // What only the dictionary says is fainter.
    let vr = if element.vr_in_file() { strong } else { theme::WEAK };
    cell(left + VR, left + VR + 40.0, element.vr(), &mono, vr);
    if let Some(end) = columns.length_end {
        let length = element.length.map_or_else(|| "–".to_owned(), |length| length.to_string());
        let end = Pos2::new(left + end, rect.center().y);
        ui.painter().text(end, Align2::RIGHT_CENTER, length, mono.clone(), theme::WEAK);
    }
    cell(left + columns.name, left + columns.value, &element.name(), &words, strong);
    let hidden = element.is_hidden(view.hidden);
    let value = one_line(element.value(view.hidden));
    cell(left + columns.value, rect.right(), &value, &words, if hidden { theme::WEAK } else { strong });
}

fn arrow(ui: &Ui, at: Pos2, open: bool) {
    let corners = if open {
        vec![at + Vec2::new(-4.0, -2.5), at + Vec2::new(4.0, -2.5), at + Vec2::new(0.0, 3.0)]
    } else {
        vec![at + Vec2::new(-2.5, -4.0), at + Vec2::new(3.0, 0.0), at + Vec2::new(-2.5, 4.0)]
    };
    ui.painter().add(egui::Shape::convex_polygon(corners, theme::WEAK, egui::Stroke::NONE));
}

fn menu(response: &egui::Response, view: &View<'_>, at: usize, element: &ElementRow, touched: &mut Touched) {
    response.context_menu(|ui| {
        if ui.button("Copy row").clicked() {
            touched.copied = Some(Copied::Row(at));
        }
        let can = !element.is_hidden(view.hidden) && !element.value(false).is_empty();
        if ui.add_enabled(can, egui::Button::new("Copy value")).clicked() {
            touched.copied = Some(Copied::Value(at));
        }
        if ui.button("Copy list").clicked() {
            touched.copied = Some(Copied::List);
        }
    });
}
