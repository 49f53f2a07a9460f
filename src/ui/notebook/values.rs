//! The values of the notes and how they are written; the claims, and whether they agree.

use egui::{RichText, Role, Ui};

use super::NotebookPanel;
use super::words::chip;
use crate::case::Claim;
use crate::case::notebook::{Live, LiveOf, lives, spliced};
use crate::session::{Action, Chip, ChipOf};
use crate::ui::named::named;
use crate::ui::number::number_field;
use crate::ui::theme;

impl NotebookPanel {
    pub(super) fn values(&mut self, ui: &mut Ui, text: &mut String, actions: &mut Vec<Action>) {
        let chips = self.reading.view.chips.clone();
        // What was typed since is read in a moment.
        let current = self.reading.text == *text;
        let claims: Vec<&Chip> = chips.iter().filter(|chip| matches!(chip.of, ChipOf::Claim(..))).collect();
        ui.label(RichText::new(format!("Claims ({})", claims.len())).size(15.0).strong());
        if claims.is_empty() {
            let hint = "Select a number in the text and tie it to a measurement: it is then checked.";
            ui.label(RichText::new(hint).color(theme::WEAK));
        }
        for (index, one) in claims.into_iter().enumerate() {
            let ChipOf::Claim(claim, measured) = &one.of else { continue };
            let (verdict, color) = match (&one.problem, measured) {
                (None, Some(measured)) => (format!("measured {measured}: agrees"), theme::TEXT),
                (Some(problem), Some(_)) => (format!("{problem}: does not agree"), theme::WARNING),
                (Some(problem), None) => (problem.clone(), theme::WARNING),
                (None, None) => continue,
            };
            actions.extend(chip(ui, one, 13.0));
            let words = format!("claimed {} of measurement {}; {verdict}", claim.text, claim.measurement.0);
            ui.label(RichText::new(words).size(13.0).color(color));
            if current && let Some(new) = tolerance(ui, claim, index) {
                *text = spliced(text, &one.range, &new);
                self.change(ui, text, actions);
            }
            ui.add_space(8.0);
        }
        ui.separator();
        let all: Vec<&Chip> = chips.iter().filter(|chip| matches!(chip.of, ChipOf::Live(_))).collect();
        ui.label(RichText::new(format!("Values ({})", all.len())).size(15.0).strong());
        if all.is_empty() {
            ui.label(RichText::new("Type {{ in the text, or press Insert value.").color(theme::WEAK));
        }
        for (index, one) in all.into_iter().enumerate() {
            actions.extend(chip(ui, one, 13.0));
            if let Some(problem) = &one.problem {
                ui.label(RichText::new(problem).size(13.0).color(theme::WARNING));
            }
            let typed = text.get(one.range.clone()).unwrap_or_default().to_owned();
            if current && let Some(new) = form(ui, &typed, index) {
                *text = spliced(text, &one.range, &new);
                self.change(ui, text, actions);
            }
            ui.add_space(8.0);
        }
    }
}

/// How far a claim may be off; what it is typed as, once that is changed.
fn tolerance(ui: &mut Ui, claim: &Claim, index: usize) -> Option<String> {
    let mut off = claim.tolerance;
    let unit = format!(" {}", claim.unit);
    let field = number_field(&mut off, 1, 3).range(0.0..=1000.0).speed(0.1);
    let field = ui.add(field.prefix("give or take ").suffix(unit));
    named(&field, Role::SpinButton, &format!("Tolerance of claim {}", index + 1));
    let (words, id, what) = (&claim.text, claim.measurement.0, &claim.what);
    let off = crate::numbers::shortest(off, 3);
    field.changed().then(|| format!("[{words}](measurement:{id}#{what}~{off})"))
}

/// How a value is written; what it is typed as, once that is changed.
fn form(ui: &mut Ui, typed: &str, index: usize) -> Option<String> {
    let live = lives(typed).into_iter().next()?;
    let of = live.of?;
    let mut format = live.format;
    let number = index + 1;
    ui.horizontal_wrapped(|ui| match &of {
        LiveOf::Measurement(..) | LiveOf::Lesion(..) => {
            let cm = ui.checkbox(&mut format.in_cm, "cm");
            named(&cm, Role::CheckBox, &format!("Value {number} in cm"));
            let about = ui.checkbox(&mut format.about, "about");
            named(&about, Role::CheckBox, &format!("Value {number} with about"));
            let mut digits = format.decimals.unwrap_or(1);
            let field = ui.add(number_field(&mut digits, 0, 0).range(0..=6).prefix("digits "));
            named(&field, Role::SpinButton, &format!("Digits of value {number}"));
            if field.changed() {
                format.decimals = Some(digits);
            }
        }
        LiveOf::TimePoint(_) | LiveOf::Event(_) => {
            let date = ui.checkbox(&mut format.as_date, "as a date");
            named(&date, Role::CheckBox, &format!("Value {number} as a date"));
        }
        LiveOf::Panel(..) | LiveOf::Clock | LiveOf::Timeline | LiveOf::TimelineTable | LiveOf::Ledger => {}
    });
    (format != live.format).then(|| Live::typed(&of, format))
}
