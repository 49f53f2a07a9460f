//! The row of the response criteria: arithmetic with its inputs, not a diagnosis.

use egui::{RichText, Ui};

use super::{COLUMN, NAMES};
use crate::case::{Ledger, number};
use crate::response::{Answer, Criterion, DISCLAIMER, Figure};
use crate::session::Session;
use crate::ui::theme;

/// The criterion that is shown.
#[derive(Debug)]
pub(super) struct Chosen(Criterion);

impl Default for Chosen {
    fn default() -> Self {
        Self(Criterion::Recist)
    }
}

/// The category at each time point; hovering lists what it was computed from.
pub(super) fn row(ui: &mut Ui, session: &Session, ledger: &Ledger, chosen: &mut Chosen) {
    ui.vertical(|ui| {
        ui.set_width(NAMES);
        let list =
            egui::ComboBox::from_id_salt("criterion").selected_text(chosen.0.name()).width(NAMES - 16.0);
        let list = list.show_ui(ui, |ui| {
            for criterion in Criterion::ALL {
                ui.selectable_value(&mut chosen.0, criterion, criterion.name());
            }
        });
        list.response
            .widget_info(|| egui::WidgetInfo::labeled(egui::Role::ComboBox, true, "Response criterion"));
        ui.label(RichText::new(DISCLAIMER).small().color(theme::WEAK));
    });
    match ledger.answers(session.case(), chosen.0) {
        Ok(answers) => {
            for answer in answers {
                match answer {
                    Some(answer) => cell(ui, &answer),
                    None => {
                        ui.label(RichText::new("not measured").color(theme::WEAK));
                    }
                }
            }
        }
        Err(why) => {
            ui.label(RichText::new(why.to_string()).color(theme::WARNING));
        }
    }
    ui.end_row();
}

fn cell(ui: &mut Ui, answer: &Answer) {
    let category =
        answer.category.map(|category| format!("{}: {}", category.abbreviation(), category.words()));
    let sum = sum_words(answer);
    let inputs = inputs(answer);
    let response = ui.vertical(|ui| {
        ui.set_width(COLUMN);
        ui.spacing_mut().item_spacing.y = 2.0;
        let shown = category.clone().or_else(|| answer.why.first().cloned()).unwrap_or_default();
        let strong = category.is_some();
        let text = RichText::new(&shown).color(if strong { theme::TEXT } else { theme::WEAK });
        let response = ui.add(egui::Label::new(if strong { text.strong() } else { text }).wrap());
        if let Some(sum) = sum {
            ui.label(RichText::new(sum).small().color(theme::WEAK));
        }
        // What is not evaluable or progression without a number says why.
        if let Some(why) = answer.why.first().filter(|_| strong && sum_changes(answer).is_none()) {
            ui.label(RichText::new(why).small().color(theme::WEAK));
        }
        for caution in &answer.cautions {
            ui.label(RichText::new(format!("\u{26a0} {caution}")).small().color(theme::WARNING));
        }
        response.widget_info(|| {
            let name =
                format!("{} at time point {}: {shown}", answer.criterion.name(), answer.time_point + 1);
            egui::WidgetInfo::labeled(egui::Role::Label, true, name)
        });
        response
    });
    response.inner.on_hover_text(inputs);
}

/// The sum and its change: `sum of diameters 35.0 mm (-12 % from the baseline)`.
fn sum_words(answer: &Answer) -> Option<String> {
    let sum = answer.figures.iter().find(|figure| figure.name.starts_with("sum"))?;
    let change = sum_changes(answer)
        .map(|change| format!(" ({} from the baseline)", crate::numbers::percent_change(change.value)));
    Some(format!("{} {} {}{}", sum.name, number(sum.value, 1), unit(sum.unit), change.unwrap_or_default()))
}

/// The change of the sum from the baseline, in percent.
fn sum_changes(answer: &Answer) -> Option<&Figure> {
    let is_change = |figure: &&Figure| {
        figure.unit == "%"
            && figure.name.starts_with("change of the sum")
            && figure.name.ends_with("the baseline")
    };
    answer.figures.iter().find(is_change)
}

/// Everything that an answer rests on.
fn inputs(answer: &Answer) -> String {
    let figures = answer
        .figures
        .iter()
        .map(|figure| format!("{}: {} {}", figure.name, number(figure.value, 1), unit(figure.unit)));
    let not_included = answer.not_included.iter().map(|text| (*text).to_owned());
    let lines: Vec<String> = figures.chain(answer.why.iter().cloned()).chain(not_included).collect();
    lines.join("\n")
}

fn unit(unit: &str) -> String {
    unit.replace("mm2", "mm\u{b2}").replace("mm3", "mm\u{b3}")
}
