//! Words beside controls: nothing is squeezed into a column of letters, in a narrow window as in a wide one.

use egui::accesskit::Role;
use egui::{Key, Modifiers, Rect, vec2};
use egui_kittest::kittest::{By, NodeT as _, Queryable as _};

use super::{Bench, FIRST, sample};

const SIZES: [[f32; 2]; 3] = [[1280.0, 800.0], [700.0, 500.0], [1920.0, 1080.0]];

/// The bundled case in a window of this size.
fn opened(size: [f32; 2]) -> Bench {
    let mut bench = Bench::new();
    bench.0.set_size(size.into());
    bench.keys(Modifiers::COMMAND, Key::L);
    bench.type_path(&sample().join("case.json"));
    bench.wait_until("the case and its images are open", |session| {
        session.scan().is_none() && session.case().measurements.len() >= 4 && session.shown(FIRST).is_some()
    });
    bench.steps(8);
    bench
}

/// What is said and where it stands, of everything that has words.
fn words(bench: &Bench) -> Vec<(Role, String, Rect)> {
    let all = bench.0.query_all(By::new().predicate(|node| node.label().is_some() || node.value().is_some()));
    all.map(|node| {
        let own = node.accesskit_node();
        let words = own.label().or_else(|| own.value()).unwrap_or_default();
        (own.role(), words, node.rect())
    })
    .collect()
}

/// Whatever has a word of four letters is as wide as two of them, and no taller than words of its width need.
fn assert_no_column(bench: &Bench, place: &str) -> usize {
    let mut seen = 0;
    for (role, said, rect) in words(bench) {
        if !matches!(role, Role::Label | Role::Button | Role::CheckBox | Role::ComboBox | Role::RadioButton) {
            continue;
        }
        // An icon has a name, but shows one letter.
        let long = said.split_whitespace().any(|word| word.chars().count() >= 4);
        if !long || rect.height() < 30.0 {
            continue;
        }
        seen += 1;
        let letters = said.chars().count() as f32;
        // 24 points a line, 4 points a letter at the least; a line for a long word's rest, one for the padding.
        let lines = (letters * 16.0 / rect.width().max(1.0)).ceil() + 2.0 + said.lines().count() as f32;
        assert!(
            rect.width() > 24.0 && rect.height() <= lines * 24.0,
            "{place}: {role:?} {said:?} stands in {rect:?}"
        );
    }
    seen
}

/// How many values of the notes are in sight; each stands in one line, within the pane, on the line of its words.
fn assert_values_whole(bench: &Bench, width: f32) -> usize {
    let all = words(bench);
    let mut whole = 0;
    for (_, said, rect) in
        all.iter().filter(|(role, said, _)| *role == Role::Button && said.starts_with("Value "))
    {
        // Those of the side panel stand alone.
        let around = all.iter().find(|(role, _, around)| {
            *role == Role::Label
                && around.expand(4.0).contains_rect(*rect)
                && around.width() > rect.width() + 8.0
        });
        let Some((_, paragraph, around)) = around else { continue };
        let value = said.trim_start_matches("Value ").split(": ").next().unwrap_or_default();
        assert!(paragraph.contains(value), "{paragraph:?} says {value:?}");
        assert!(rect.right() < width, "{said:?} runs out of the window: {rect:?}");
        let letters = value.chars().count() as f32;
        let body = rect.height() / 1.3;
        assert!(rect.height() < 34.0, "{width}: {said:?} is more than a line tall: {rect:?}");
        // Where the pane is narrow a long value is broken between its words: its first word is seen here.
        let all = letters * body * 0.3;
        let least = if all < 0.35 * around.width() { all } else { 2.0 * body };
        assert!(rect.width() > least, "{width}: {said:?} is squeezed: {rect:?}");
        // The lines of a paragraph are equally high: the value stands in one of them, not between two.
        let line = (rect.center().y - around.top()) / rect.height();
        let off = (line - 0.5).rem_euclid(1.0).min((0.5 - line).rem_euclid(1.0));
        let lines = (around.height() / rect.height()).round();
        assert!(
            off * rect.height() < 3.0 + 0.2 * lines,
            "{said:?} stands {off} of a line off in {paragraph:?}"
        );
        whole += 1;
    }
    whole
}

#[test]
fn a_value_at_the_end_of_a_line_goes_whole_to_the_next_at_every_width() {
    for size in SIZES {
        let mut bench = opened(size);
        bench.key(Key::F8);
        bench.steps(8);
        // The whole report is read, a page at a time.
        let pane = bench.0.get_by_label_contains("A made-up head; no patient").rect();
        let mut whole = 0;
        for _ in 0..8 {
            whole += assert_values_whole(&bench, size[0]);
            assert_no_column(&bench, "notebook");
            bench.0.hover_at(egui::pos2(pane.center().x, size[1] * 0.6));
            bench.steps(1);
            bench.0.event(egui::Event::MouseWheel {
                unit: egui::MouseWheelUnit::Point,
                delta: vec2(0.0, -size[1] * 0.6),
                phase: egui::TouchPhase::Move,
                modifiers: Modifiers::NONE,
                source: egui::MouseWheelSource::Wheel,
            });
            bench.steps(6);
        }
        assert!(whole >= 12, "only {whole} values were in sight at {size:?}");
    }
}

#[test]
fn no_panel_squeezes_words_into_a_column() {
    for size in SIZES {
        let mut bench = opened(size);
        let mut seen = assert_no_column(&bench, "viewports");
        for (key, place) in
            [(Key::F5, "ledger"), (Key::F9, "figure"), (Key::F8, "notebook"), (Key::F1, "help")]
        {
            bench.key(key);
            bench.steps(6);
            seen += assert_no_column(&bench, place);
        }
        assert!(seen > 10, "only {seen} of several lines at {size:?}");
    }
}

#[test]
fn a_value_among_words_is_reached_by_tab_and_leads_to_its_pixels() {
    let mut bench = opened(SIZES[0]);
    bench.key(Key::F8);
    bench.steps(8);
    // "2.2 x 3.5 x 4.0 cm" in the abstract is a claim of measurement 2.
    let claim =
        words(&bench).into_iter().find(|(role, said, _)| *role == Role::Button && said.contains("4.0 cm"));
    let (_, said, rect) = claim.expect("the abstract is in sight");
    assert!(said.starts_with("Value "), "{said}");
    // A click at its end, where only its ground is.
    bench.0.hover_at(rect.right_center() - vec2(1.0, 0.0));
    bench.steps(2);
    bench.0.drag_at(rect.right_center() - vec2(1.0, 0.0));
    bench.0.drop_at(rect.right_center() - vec2(1.0, 0.0));
    bench.steps(4);
    assert_eq!(bench.session().selected().map(|id| id.0), Some(2));

    // And by the keyboard.
    bench.key(Key::F8);
    bench.steps(4);
    bench.0.get_all_by_label(&said).next().expect("still there").focus();
    bench.steps(2);
    bench.key(Key::Enter);
    bench.steps(2);
    assert_eq!(bench.session().selected().map(|id| id.0), Some(2));
    assert!(bench.0.query_by_label("Notebook text").is_none(), "it leads to the viewports");
}
