//! The toolbar and the pointer: lists and Escape, short clicks, numbers, presets, the grid of layouts.

use egui::{Event, Key, Modifiers, PointerButton};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use isodense::case::Kind;
use isodense::session::{Layout, Session, Tool, ViewportId};

use super::{Bench, CT, FIRST, sample};

fn open_lists(bench: &Bench) -> bool {
    egui::Popup::is_any_open(&bench.0.ctx)
}

fn value(bench: &Bench, label: &str) -> String {
    bench.0.get_by_label(label).value().expect("a field has a text")
}

#[test]
fn escape_closes_a_list_and_keeps_the_tool() {
    let mut bench = Bench::new();
    bench.open(&sample().join(CT));
    bench.click("Length (D or L)");
    let tool = Tool::Measure(Kind::Length);
    for list in ["Presets", "Colour map", "Plane", "Layout", "View"] {
        bench.click(list);
        assert!(open_lists(&bench), "{list} is open");
        bench.key(Key::Escape);
        assert!(!open_lists(&bench), "{list} is closed");
        assert_eq!(bench.session().tool(), tool, "after {list}");
    }
    let at = bench.0.get_by_label("Image 1").rect().center();
    bench.0.hover_at(at);
    bench.0.get_by_label("Image 1").click_secondary();
    bench.steps(3);
    assert!(open_lists(&bench), "the menu of the image is open");
    bench.key(Key::Escape);
    assert!(!open_lists(&bench));
    assert_eq!(bench.session().tool(), tool, "after the menu of the image");
    // A dialogue, and a field with the cursor.
    bench.key(Key::F6);
    bench.0.get_by_label("Window presets for CT");
    bench.key(Key::Escape);
    assert!(bench.0.query_by_label("Window presets for CT").is_none());
    assert_eq!(bench.session().tool(), tool, "after a dialogue");
    bench.type_into("Notes", "words");
    bench.key(Key::Escape);
    assert!(!bench.0.ctx.text_edit_focused(), "the cursor is out of the notes");
    assert_eq!(bench.session().tool(), tool, "after a field");
    bench.key(Key::Escape);
    assert_eq!(bench.session().tool(), Tool::Window, "with nothing open it drops the tool");
}

#[test]
fn keys_that_walk_through_an_open_list_turn_no_slice() {
    let mut bench = Bench::new();
    bench.open(&sample().join(CT));
    bench.go_to(7);
    bench.click("Colour map");
    for key in [Key::ArrowDown, Key::ArrowUp, Key::ArrowDown, Key::PageDown, Key::End, Key::Home] {
        bench.key(key);
        assert_eq!(bench.index(), 7, "{key:?}");
    }
    bench.key(Key::Escape);
    bench.key(Key::ArrowDown);
    assert_eq!(bench.index(), 8);
}

/// Press and release in one frame, as a tap on a touchpad or a remote desktop sends them.
fn tap(bench: &mut Bench, label: &str, button: PointerButton) {
    let pos = bench.0.get_by_label(label).rect().center();
    let event = |pressed| Event::PointerButton { pos, button, pressed, modifiers: Modifiers::NONE };
    bench.0.input_mut().events.extend([Event::PointerMoved(pos), event(true), event(false)]);
    bench.steps(3);
}

#[test]
fn a_click_within_one_frame_activates_a_viewport() {
    let mut bench = Bench::new();
    bench.open(&sample());
    bench.keys(Modifiers::COMMAND, Key::Num4);
    for (label, id) in [("Image 4", 3), ("Image 2", 1), ("Image 3", 2), ("Image 1", 0)] {
        tap(&mut bench, label, PointerButton::Primary);
        assert_eq!(bench.session().workspace().active, ViewportId(id), "{label}");
    }
    tap(&mut bench, "Image 2", PointerButton::Secondary);
    assert_eq!(bench.session().workspace().active, ViewportId(1));
}

#[test]
fn a_window_that_is_dragged_ends_at_numbers_without_a_tail() {
    let mut bench = Bench::new();
    bench.open(&sample().join(CT));
    let at = bench.0.get_by_label("Image 1").rect().center();
    for step in [(-67.3, 31.7), (211.9, -13.3), (-3.1, 77.7)] {
        bench.drag(at, at + egui::vec2(step.0, step.1));
        let (width, center) = bench.window();
        assert!(width.fract() == 0.0 && center.fract() == 0.0, "W {width} L {center}");
        assert_eq!(value(&bench, "Window width"), format!("{width}"));
        assert_eq!(value(&bench, "Window center"), format!("{center}"));
    }
    // The fields themselves.
    for field in ["Window width", "Window center"] {
        let from = bench.0.get_by_label(field).rect().center();
        bench.drag(from, from + egui::vec2(23.7, 0.0));
        let (width, center) = bench.window();
        assert!(width.fract() == 0.0 && center.fract() == 0.0, "W {width} L {center}");
    }
    // What is typed is kept as it is, however it is written; whoever only visits a field changes nothing.
    let typed = |bench: &mut Bench, field: &str, words: &str| {
        bench.retype(field, words);
        bench.key(Key::Enter);
    };
    typed(&mut bench, "Window width", "53.0881");
    typed(&mut bench, "Window center", "\u{2212}0,25");
    assert_eq!(bench.window(), (53.0881, -0.25));
    assert_eq!([value(&bench, "Window width"), value(&bench, "Window center")], ["53.09", "-0.25"]);
    for field in ["Window width", "Window center"] {
        bench.0.get_by_label(field).focus();
        bench.steps(2);
        bench.key(Key::Enter);
        bench.0.get_by_label("Notes").focus();
        bench.steps(2);
    }
    assert_eq!(bench.window(), (53.0881, -0.25));
}

/// Every field of numbers comes from one place, which rounds what a hand drags.
#[test]
fn every_number_field_rounds_what_is_dragged() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/ui");
    let (mut folders, mut seen) = (vec![root], 0);
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if entry.is_dir() {
                folders.push(entry);
                continue;
            }
            let own = entry.file_name().is_some_and(|name| name == "number.rs");
            let makes = std::fs::read_to_string(&entry).unwrap().matches("DragValue::new").count();
            assert!(own || makes == 0, "{} makes a field of its own", entry.display());
            seen += makes;
        }
    }
    assert_eq!(seen, 1);
}

#[test]
fn a_key_means_the_same_preset_whatever_the_file_brings() {
    let mut bench = Bench::new();
    bench.open(&sample().join(CT));
    let offers = bench.session().presets(FIRST);
    let names: Vec<&str> = offers.iter().map(|offer| offer.name.as_str()).collect();
    assert_eq!(names[..4], ["Brain", "Stroke", "Subdural", "Bone"]);
    assert!(names.iter().all(|name| !name.starts_with("File")), "BRAIN and BONE of the file are the presets");
    let keys = [Key::Num1, Key::Num2, Key::Num3, Key::Num4, Key::Num5, Key::Num6];
    for (key, window) in
        keys.into_iter().zip([(80.0, 40.0), (40.0, 40.0), (200.0, 75.0), (2500.0, 480.0), (4000.0, 600.0)])
    {
        bench.key(key);
        assert_eq!(bench.window(), window, "{key:?}");
    }
    // The windows of the file have a key of their own, one after the other.
    let mut own = Vec::new();
    for _ in 0..3 {
        bench.keys(Modifiers::ALT, Key::W);
        own.push(bench.window());
    }
    assert_eq!(own, [(80.0, 40.0), (2500.0, 480.0), (80.0, 40.0)]);
    bench.click("Presets");
    let is_marked = |bench: &Bench, label: &str| {
        bench.0.get_by_label(label).accesskit_node().toggled() == Some(egui::accesskit::Toggled::True)
    };
    assert!(is_marked(&bench, "Brain   W 80  L 40"), "the one that is shown is marked");
    assert!(!is_marked(&bench, "Bone   W 2500  L 480"));
    bench.click("Bone   W 2500  L 480");
    assert_eq!(bench.window(), (2500.0, 480.0));
    bench.click("Presets");
    assert!(is_marked(&bench, "Bone   W 2500  L 480") && !is_marked(&bench, "Brain   W 80  L 40"));
    bench.key(Key::Escape);
    let at = bench.0.get_by_label("Image 1").rect().center();
    bench.drag(at, at + egui::vec2(31.0, 0.0));
    assert!(
        bench.session().presets(FIRST).iter().all(|offer| !offer.active),
        "a window of one's own is none"
    );
}

#[test]
fn without_presets_the_digits_are_the_files_windows() {
    let mut bench = Bench::new();
    bench.open(&sample().join("2015-05-12_MR_T1"));
    let offers = bench.session().presets(FIRST);
    assert!(!offers.is_empty() && offers[0].of_file && offers[0].digit == Some(1), "{offers:?}");
    let own = offers[0].voi.as_window();
    let at = bench.0.get_by_label("Image 1").rect().center();
    bench.drag(at, at + egui::vec2(40.0, 0.0));
    assert_ne!(bench.window(), (own.width, own.center));
    bench.key(Key::Num1);
    assert_eq!(bench.window(), (own.width, own.center));
}

fn layout(session: &Session) -> (usize, usize) {
    let Layout { columns, rows } = session.workspace().layout;
    (rows, columns)
}

#[test]
fn the_grid_of_layouts_says_what_the_pointer_means() {
    let mut bench = Bench::new();
    bench.open(&sample().join(CT));
    bench.click("Layout");
    bench.0.get_by_label("1 x 1");
    for (cell, words) in [("2x3 viewports", "2 x 3"), ("4x4 viewports", "4 x 4"), ("3x1 viewports", "3 x 1")]
    {
        let at = bench.0.get_by_label(cell).rect().center();
        bench.0.hover_at(at);
        bench.steps(2);
        bench.0.get_by_label(words);
        assert_eq!(layout(bench.session()), (1, 1), "hovering changes nothing");
    }
    bench.click("2x3 viewports");
    assert_eq!(layout(bench.session()), (2, 3));
    assert!(!open_lists(&bench));
}

#[test]
fn the_grid_of_layouts_answers_to_keys() {
    let mut bench = Bench::new();
    bench.open(&sample().join(CT));
    bench.go_to(5);
    bench.keys(Modifiers::COMMAND, Key::Num0);
    bench.0.get_by_label("1 x 1");
    for (key, words) in [
        (Key::ArrowRight, "1 x 2"),
        (Key::ArrowRight, "1 x 3"),
        (Key::ArrowDown, "2 x 3"),
        (Key::ArrowDown, "3 x 3"),
        (Key::ArrowLeft, "3 x 2"),
        (Key::ArrowUp, "2 x 2"),
        (Key::ArrowUp, "1 x 2"),
        (Key::ArrowUp, "1 x 2"),
        (Key::ArrowDown, "2 x 2"),
        (Key::ArrowDown, "3 x 2"),
    ] {
        bench.key(key);
        bench.0.get_by_label(words);
    }
    bench.key(Key::Enter);
    assert_eq!(layout(bench.session()), (3, 2));
    assert!(!open_lists(&bench));
    assert_eq!(bench.index(), 5, "the arrows turned no slice");
    bench.keys(Modifiers::COMMAND, Key::Num0);
    bench.key(Key::ArrowRight);
    bench.key(Key::Escape);
    assert!(!open_lists(&bench));
    assert_eq!(layout(bench.session()), (3, 2), "Escape changes nothing");
}

#[test]
fn the_dialogue_of_presets_shows_whole_names() {
    let mut bench = Bench::new();
    bench.open(&sample().join("2015-05-12_MR_T1"));
    bench.key(Key::F6);
    bench.0.get_by_label("Window presets for CT");
    bench.0.get_by_label_contains("The image shown is no CT");
    let mut whole = 0;
    for (index, preset) in bench.session().settings().presets.iter().enumerate() {
        // The list scrolls: what lies below is not there yet.
        let label = format!("Name of preset {}", index + 1);
        let Some(field) = bench.0.query_by_label(&label) else { continue };
        let font = egui::TextStyle::Body.resolve(&bench.0.ctx.style_of(egui::Theme::Dark));
        let words = preset.name.clone();
        let text = bench.0.ctx.fonts_mut(|fonts| fonts.layout_no_wrap(words, font, egui::Color32::WHITE));
        let room = field.rect().width() - 8.0;
        assert!(text.size().x <= room, "{} needs {} of {room}", preset.name, text.size().x);
        whole += 1;
    }
    assert!(whole >= 9, "only {whole} names are seen");
}
