//! The diameter that counts of each lesion over time: its longest axis in its plane, or the short axis of a node.

use egui::{Align2, Color32, FontId, Pos2, Rect, Sense, Stroke, Ui, pos2, vec2};

use crate::case::{Ledger, LesionCourse, number};
use crate::session::Session;
use crate::ui::theme;

const NAME: &str = "Diameter over time";
const SIZE: egui::Vec2 = vec2(260.0, 132.0);

/// Told apart by brightness too, for those who do not tell the hues apart.
const COLORS: [Color32; 5] = [
    theme::ACCENT,
    theme::WARNING,
    Color32::from_rgb(150, 220, 130),
    Color32::from_rgb(230, 150, 210),
    Color32::from_rgb(200, 205, 210),
];

/// A lesion's places over time, in runs that nothing was taken out between.
#[derive(Debug, Default, PartialEq)]
struct Runs(Vec<Vec<(i64, f64)>>);

impl Runs {
    /// What is not in mm is not drawn beside what is.
    fn of(ledger: &Ledger, row: usize, course: &LesionCourse) -> Self {
        let Some((_, cells)) = ledger.rows.get(row) else { return Self::default() };
        let mut runs: Vec<Vec<(i64, f64)>> = Vec::new();
        for (at, (cell, column)) in cells.iter().zip(&ledger.columns).enumerate() {
            let Some(value) = course.values.get(at).copied().flatten() else { continue };
            let in_mm = cell.in_slice.iter().all(|axis| axis.value_in("mm").is_some());
            let joined = course.joined.get(at).copied().unwrap_or_default();
            if !joined || !in_mm || runs.is_empty() {
                runs.push(Vec::new());
            }
            if let Some((day, run)) = column.day.filter(|_| in_mm).zip(runs.last_mut()) {
                run.push((day, value));
            }
        }
        runs.retain(|run| !run.is_empty());
        Self(runs)
    }

    fn places(&self) -> impl Iterator<Item = (i64, f64)> {
        self.0.iter().flatten().copied()
    }
}

/// The words of a day on which an examination was.
fn day_words(ledger: &Ledger, day: i64) -> String {
    let at = ledger.columns.iter().position(|column| column.day == Some(day));
    at.map_or_else(String::new, |at| ledger.columns[at].when_short.clone())
}

/// The runs of each lesion that has a size at two dates or more; nothing where none has.
pub(super) fn show(ui: &mut Ui, session: &Session, ledger: &Ledger) {
    let lines: Vec<(usize, Runs)> = ledger
        .rows
        .iter()
        .enumerate()
        .filter_map(|(row, (id, _))| {
            Some((row, Runs::of(ledger, row, &ledger.course(session.case().lesion(*id)?))))
        })
        .filter(|(_, runs)| runs.places().count() > 1)
        .collect();
    let all: Vec<(i64, f64)> = lines.iter().flat_map(|(_, runs)| runs.places()).collect();
    let (Some(first), Some(last)) = (all.iter().map(|p| p.0).min(), all.iter().map(|p| p.0).max()) else {
        return;
    };
    let most = all.iter().map(|p| p.1).fold(0.0, f64::max);
    if first == last || most <= 0.0 {
        return;
    }
    let (rect, response) = ui.allocate_exact_size(SIZE, Sense::hover());
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Image, true, NAME));
    let area = Rect::from_min_max(rect.min + vec2(36.0, 12.0), rect.max - vec2(12.0, 24.0));
    let painter = ui.painter_at(rect);
    let font = FontId::proportional(11.0);
    let axis = Stroke::new(1.0, theme::LINE);
    painter.line_segment([area.left_bottom(), area.right_bottom()], axis);
    painter.line_segment([area.left_bottom(), area.left_top()], axis);
    let label = |at: Pos2, align, text: String| painter.text(at, align, text, font.clone(), theme::WEAK);
    label(area.right_top() - vec2(0.0, 8.0), Align2::RIGHT_CENTER, NAME.to_owned());
    label(area.left_top() - vec2(4.0, 0.0), Align2::RIGHT_CENTER, format!("{} mm", number(most, 0)));
    label(area.left_bottom() - vec2(4.0, 0.0), Align2::RIGHT_CENTER, "0".to_owned());
    label(area.left_bottom() + vec2(0.0, 4.0), Align2::LEFT_TOP, day_words(ledger, first));
    label(area.right_bottom() + vec2(0.0, 4.0), Align2::RIGHT_TOP, day_words(ledger, last));
    #[expect(clippy::cast_possible_truncation, reason = "screen points")]
    let place = |(day, value): (i64, f64)| {
        let x = (day - first) as f64 / (last - first) as f64;
        pos2(
            egui::lerp(area.x_range(), x as f32),
            egui::lerp(area.bottom()..=area.top(), (value / most) as f32),
        )
    };
    for (row, runs) in lines {
        let color = COLORS[row % COLORS.len()];
        let focus = session.focus().is_some_and(|id| ledger.rows.get(row).is_some_and(|(own, _)| *own == id));
        for run in runs.0 {
            let places: Vec<Pos2> = run.into_iter().map(place).collect();
            for at in &places {
                painter.circle_filled(*at, 3.0, color);
            }
            painter.line(places, Stroke::new(if focus { 2.0 } else { 1.0 }, color));
        }
    }
}
