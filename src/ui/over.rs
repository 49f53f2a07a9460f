//! Choosing what lies over an image: the series, its colours, how much of it shows.

use egui::Ui;

use super::overlays::date;
use crate::image::{Series, Voi};
use crate::session::{Action, Over, Session, Shown, ViewportId, WindowOrigin};
use crate::view::ColorMap;

/// One step of the opacity keys.
const STEP: f32 = 0.1;

/// What a series is called here; the date tells those of two studies apart.
pub(super) fn name(series: &Series) -> String {
    let day = series.study.date.as_deref().map(date).unwrap_or_default();
    format!("{} {day}", plain_name(series)).trim().to_owned()
}

fn plain_name(series: &Series) -> String {
    let part = series.part.as_ref().map_or_else(String::new, |part| format!(" {}", part.name));
    format!("{} {}{part}", series.info.modality, series.info.description).trim().to_owned()
}

/// What lies over a viewport's image; in a second line how much of it shows, and its window.
pub(super) fn words(session: &Session, shown: &Shown<'_>) -> Option<[String; 2]> {
    let (over, series) = session.over(shown)?;
    let window = over.look.voi.as_window();
    let number = |value: f64| crate::numbers::fitting(value, window.width);
    let unit = series.frames.first().map_or("", |frame| frame.unit.label());
    let (width, center) = (number(window.width), number(window.center));
    let same = series.study.uid == shown.series.study.uid;
    let name = if same { plain_name(series) } else { name(series) };
    let percent = crate::numbers::decimal(f64::from(over.opacity) * 100.0, 0);
    Some([format!("Over: {name}"), format!("Over {percent} %  W {width}  L {center} {unit}")])
}

/// The next series that can lie there, then none, and round again.
pub(super) fn next(session: &Session, id: ViewportId) -> Option<Action> {
    let choices = session.overlays_for(id);
    let now = session.workspace().viewport(id)?.over.as_ref();
    let next = match now {
        None => choices.first(),
        Some(over) => {
            let at = choices.iter().position(|series| series.is(&over.series));
            at.and_then(|at| choices.get(at + 1))
        }
    };
    if next.is_none() && now.is_none() {
        let why = "No other open series is a volume in the same Frame of Reference.";
        return Some(Action::Tell(crate::session::Notice::info(
            "There is nothing to lay over this image.",
            why,
        )));
    }
    Some(Action::SetOver(id, next.and_then(|series| session.first_over(&series.key()))))
}

/// More (1) or less (-1) of what lies over the image.
pub(super) fn more(session: &Session, id: ViewportId, steps: i8) -> Option<Action> {
    let over = session.workspace().viewport(id)?.over.clone()?;
    // Whole tenths: steps do not add up to something that is not 0 or 1.
    let opacity = ((over.opacity / STEP).round() + f32::from(steps)) * STEP;
    Some(Action::SetOver(id, Some(Over { opacity: opacity.clamp(0.0, 1.0), ..over })))
}

/// The choices as a menu.
pub(super) fn menu(ui: &mut Ui, session: &Session, id: ViewportId, actions: &mut Vec<Action>) {
    let now = session.workspace().viewport(id).and_then(|viewport| viewport.over.as_ref());
    if ui.selectable_label(now.is_none(), "No overlay").clicked() {
        actions.push(Action::SetOver(id, None));
        ui.close();
    }
    for series in session.overlays_for(id) {
        let chosen = now.is_some_and(|over| series.is(&over.series));
        if ui.selectable_label(chosen, name(series)).clicked() {
            actions.push(Action::SetOver(id, session.first_over(&series.key())));
            ui.close();
        }
    }
    if let Some(over) = now {
        ui.separator();
        controls(ui, id, over, actions);
    }
}

/// The menu as a button of the toolbar, where there is anything to choose.
pub(super) fn button(ui: &mut Ui, session: &Session, actions: &mut Vec<Action>) {
    let id = session.workspace().active;
    let Some(viewport) = session.workspace().viewport(id) else { return };
    if viewport.over.is_none() && session.overlays_for(id).is_empty() {
        return;
    }
    let text = if viewport.over.is_some() { "Overlay: on" } else { "Overlay: none" };
    // Sliders do not close it.
    let config = egui::containers::menu::MenuConfig::new()
        .close_behavior(egui::PopupCloseBehavior::CloseOnClickOutside);
    egui::containers::menu::MenuButton::new(text).config(config).ui(ui, |ui| menu(ui, session, id, actions));
}

fn controls(ui: &mut Ui, id: ViewportId, over: &Over, actions: &mut Vec<Action>) {
    let mut new = over.clone();
    let mut percent = f64::from(over.opacity) * 100.0;
    let slider = egui::Slider::new(&mut percent, 0.0..=100.0).suffix(" %").max_decimals(0);
    let response = ui.add(slider.text("Opacity"));
    response.widget_info(|| {
        let mut info = egui::WidgetInfo::labeled(egui::Role::Slider, true, "Overlay opacity");
        info.value = Some(percent);
        info
    });
    #[expect(clippy::cast_possible_truncation, reason = "0 to 1")]
    if response.changed() {
        new.opacity = (percent / 100.0) as f32;
    }
    let names = ["Overlay window width", "Overlay window center"];
    let window = over.look.voi.as_window();
    if let Some(window) = ui.horizontal(|ui| super::number::window(ui, names, window)).inner {
        new.look.voi = Voi::Window(window);
        new.window = WindowOrigin::Settled;
    }
    egui::ComboBox::from_id_salt("overlay colours")
        .selected_text(over.look.colors.name())
        .show_ui(ui, |ui| {
            for map in ColorMap::ALL {
                ui.selectable_value(&mut new.look.colors, map, map.name());
            }
        })
        .response
        .widget_info(|| egui::WidgetInfo::labeled(egui::Role::ComboBox, true, "Overlay colour map"));
    if new != *over {
        actions.push(Action::SetOver(id, Some(new)));
    }
}
