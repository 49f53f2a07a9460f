//! Fields for numbers: dragging them gives round numbers, and they show no more digits than that.

use egui::emath::Numeric;
use egui::{DragValue, RichText, Ui};

use super::theme;
use crate::numbers;

/// A field for a number: a drag or an arrow key goes by `dragged` decimals at most, and what was typed or came from a
/// file shows with up to `shown`. What is not touched stays what it is, to the last bit.
pub(super) fn number_field<N: Numeric>(value: &mut N, dragged: usize, shown: usize) -> DragValue<'_> {
    with_words(value, dragged, move |value| numbers::shortest(value, shown))
}

fn with_words<'a, N: Numeric>(
    value: &'a mut N,
    dragged: usize,
    words: impl 'a + Clone + Fn(f64) -> String,
) -> DragValue<'a> {
    let now = value.to_f64();
    let written = words(now);
    DragValue::new(value)
        .max_decimals(dragged)
        .custom_formatter(move |value, _| words(value))
        // Who only visits a field reads its text back: that text is the value, not its rounding.
        .custom_parser(move |typed| if typed.trim() == written { Some(now) } else { read(typed) })
}

/// A number as people type it, with a true minus or a decimal comma too.
fn read(typed: &str) -> Option<f64> {
    let plain = |sign: char| match sign {
        '\u{2212}' => '-',
        ',' => '.',
        sign => sign,
    };
    let typed: String = typed.chars().filter(|sign| !sign.is_whitespace()).map(plain).collect();
    typed.parse().ok().filter(|value: &f64| value.is_finite())
}

/// A named field of the toolbar.
#[derive(Debug, Clone, Copy)]
pub(super) struct Field<'a> {
    /// The letters before it.
    pub(super) short: &'a str,
    /// What it is, for those who do not see it.
    pub(super) name: &'a str,
    /// What a point of dragging changes.
    pub(super) speed: f64,
    /// The smallest value.
    pub(super) least: f64,
    /// The decimals that a drag rounds to.
    pub(super) dragged: usize,
    /// How many digits show follows from values of this size: of a window its width.
    pub(super) span: f64,
}

impl Field<'_> {
    pub(super) fn show(self, ui: &mut Ui, value: &mut f64) {
        let Self { short, name, speed, least, dragged, span } = self;
        ui.label(RichText::new(short).color(theme::WEAK));
        let words = move |value: f64| numbers::fitting(value, span);
        let field = with_words(value, dragged, words).speed(speed).range(least..=f64::INFINITY);
        let response = ui.add_sized([56.0, 24.0], field).on_hover_text(name);
        let value = *value;
        response.widget_info(|| {
            let mut info = egui::WidgetInfo::labeled(egui::Role::SpinButton, true, name);
            info.value = Some(value);
            info.current_text_value = Some(words(value));
            info
        });
    }
}

/// Width and center of a window; the names begin with those words.
pub(super) fn window(
    ui: &mut Ui,
    names: [&str; 2],
    window: crate::image::Window,
) -> Option<crate::image::Window> {
    let span = window.width;
    let speed = (span / 200.0).max(1e-12);
    let (mut width, mut center) = (window.width, window.center);
    let least = crate::image::Window::least_width(window.function);
    let [wide, middle] = names;
    let field = Field { short: "W", name: wide, speed, least, dragged: numbers::drag_decimals(span), span };
    field.show(ui, &mut width);
    Field { short: "L", name: middle, least: f64::NEG_INFINITY, ..field }.show(ui, &mut center);
    let changed = (width, center) != (window.width, window.center);
    changed.then(|| crate::image::Window { center, width, ..window }.valid())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_people_type_them() {
        let typed = ["53", " 1 702 ", "-0.5", "\u{2212}600", "0,8", "1e3"];
        assert_eq!(typed.map(read), [53.0, 1702.0, -0.5, -600.0, 0.8, 1000.0].map(Some));
        assert_eq!(["", "wide", "inf", "NaN", "1.2.3"].map(read), [None; 5]);
    }
}
