//! A region that took the air is asked about in the window, by keys and by buttons.

use egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable as _;

use super::{Bench, CT, FIRST, sample};

/// The CT, and a click of the growing tool into the air beside the head.
fn grown() -> Bench {
    let mut bench = Bench::new();
    bench.open(&sample().join(CT));
    bench.wait_until("every slice", |session| {
        session.shown(FIRST).is_some_and(|s| session.library().loaded(s.series) == s.series.frames.len())
    });
    bench.keys(Modifiers::SHIFT, Key::G);
    click_in_air(&mut bench);
    bench
}

fn click_in_air(bench: &mut Bench) {
    let at = bench.screen(24.0, 30.0);
    bench.drag(at, at + egui::vec2(40.0, 0.0));
    let asked = bench.session().growth_question().map(isodense::session::GrowthQuestion::text);
    let asked = asked.expect("it is asked about");
    bench.0.get_by_label(&asked);
    assert!(asked.contains("air") && asked.ends_with("mL. Take it anyway?"), "{asked}");
    assert!(bench.session().case().measurements.is_empty());
}

#[test]
fn a_region_of_air_is_dropped_or_taken_by_keys_and_by_buttons() {
    let mut bench = grown();
    for no in ["N", "Esc", "Drop it"] {
        match no {
            "N" => bench.key(Key::N),
            "Esc" => bench.key(Key::Escape),
            button => bench.click(button),
        }
        bench.steps(3);
        assert!(bench.session().growth_question().is_none() && !bench.session().is_drawing(), "{no}");
        assert!(bench.0.query_by_label_contains("Take it anyway?").is_none(), "{no}");
        assert!(bench.session().case().measurements.is_empty(), "{no}");
        // Keys that are commands beside the question have not become one.
        assert_eq!(bench.session().tool(), isodense::session::Tool::Grow, "{no}");
        click_in_air(&mut bench);
    }
    for yes in ["Y", "Enter", "Take it"] {
        match yes {
            "Y" => bench.key(Key::Y),
            "Enter" => bench.key(Key::Enter),
            button => bench.click(button),
        }
        bench.steps(3);
        assert_eq!(bench.session().case().measurements.len(), 1, "{yes}");
        assert_eq!(bench.session().history().undo_name(), Some("draw lesion mask"), "{yes}");
        assert!(bench.0.query_by_label_contains("Take it anyway?").is_none(), "{yes}");
        bench.keys(Modifiers::COMMAND, Key::Z);
        if yes != "Take it" {
            click_in_air(&mut bench);
        }
    }
    // The image stays in sight: the question lies at the lower edge, and Tab reaches its buttons.
    click_in_air(&mut bench);
    let below = bench.0.get_by_label("Drop it").rect();
    assert!(below.top() > 550.0, "{below:?}");
    bench.0.get_by_label("Drop it").focus();
    bench.steps(1);
    bench.key(Key::Enter);
    bench.steps(3);
    assert!(bench.session().case().measurements.is_empty(), "Enter on the button that drops it drops it");
}
