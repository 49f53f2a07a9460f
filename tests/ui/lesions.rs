//! Lesions, ledger and masks by labels and keys.

use egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable as _;
use isodense::case::{Kind, LesionRole};
use isodense::session::Tool;

use super::{Bench, FIRST, sample};

const CTRL_SHIFT: Modifiers = Modifiers { shift: true, ..Modifiers::COMMAND };

#[test]
fn a_lesion_is_followed_named_and_measured_by_keys() {
    let mut bench = Bench::new();
    bench.open(&sample().join("2015-05-12_CT"));
    bench.keys(CTRL_SHIFT, Key::L);
    bench.steps(2);
    assert_eq!(bench.session().case().lesions[0].name, "Lesion 1");
    // The keyboard is in the name.
    bench.keys(Modifiers::COMMAND, Key::A);
    bench.0.get_by_label("Name of the lesion").type_text("frontal mass");
    bench.steps(2);
    bench.key(Key::Enter);
    bench.steps(2);
    assert_eq!(bench.session().case().lesions[0].name, "frontal mass");
    bench.0.get_by_label("Lesion frontal mass");
    bench.key(Key::U);
    assert_eq!(bench.session().tool(), Tool::Measure(Kind::Size));
    let at = |bench: &Bench, column, row| bench.screen(column, row);
    let (a, b) = (at(&bench, 60.0, 80.0), at(&bench, 120.0, 80.0));
    bench.drag(a, b);
    let (a, b) = (at(&bench, 90.0, 60.0), at(&bench, 90.0, 110.0));
    bench.drag(a, b);
    assert!(bench.session().wants_third_axis());
    bench.key(Key::PageUp);
    bench.drag(a, a);
    bench.key(Key::PageDown);
    bench.key(Key::ArrowDown);
    bench.drag(a, a);
    let case = bench.session().case();
    assert_eq!((case.measurements.len(), case.measurements[0].lesion), (1, Some(case.lesions[0].id)));
    assert_eq!(bench.session().history().undo_name(), Some("draw three-axis size"));
    // 60 columns of 0.72 mm, 50 rows of 0.76 mm, and so many slices of 4 mm.
    let ledger = bench.session().ledger();
    let size: Vec<f64> = ledger.rows[0].1[0].size.iter().map(|axis| axis.quantity.value).collect();
    assert!((size[0] - 43.2).abs() < 1.0 && (size[1] - 38.0).abs() < 1.0, "{size:?}");
    assert!((size[2] - 44.0).abs() < 0.01, "eleven slices: {size:?}");
    // Undo takes the size, and the lesion stays.
    bench.key(Key::Escape);
    bench.keys(Modifiers::COMMAND, Key::Z);
    assert!(bench.session().case().measurements.is_empty() && !bench.session().case().lesions.is_empty());
}

#[test]
fn the_ledger_of_the_sample_leads_to_its_pixels_and_says_what_the_criteria_make_of_it() {
    let mut bench = Bench::new();
    bench.keys(Modifiers::COMMAND, Key::L);
    bench.type_path(&sample().join("case.json"));
    bench.wait_until("the case and its images are open", |session| {
        let ledger = session.ledger();
        session.scan().is_none()
            && ledger.rows.first().is_some_and(|row| row.1.iter().filter(|c| !c.size.is_empty()).count() == 2)
    });
    bench.0.get_by_label("days from the first operation");
    bench.0.get_by_label("6 days before, baseline");
    // It came back after a resection: no change, and progression rather than stable disease, by every criterion.
    let words = "tumour, time point 3: 35.0 x 16.0 x 35.0 mm\n560.0 mm\u{b2}, 10.3 mL\n38.9 HU\nrecurrent\n\
        not compared with the baseline: the first operation between";
    bench.click(&isodense::typography::typeset(words));
    let shown = bench.session().shown(FIRST).expect("an image");
    assert_eq!(shown.series.study.date.as_deref(), Some("20170928"), "the cell leads to its image");
    bench.0.get_by_label("tumour, time point 2: gone, resected");
    for (at, category) in [(2, "NE: not evaluable"), (3, "PD: progressive disease"), (4, "NE: not evaluable")]
    {
        bench.0.get_by_label(&format!("RECIST 1.1 at time point {at}: {category}"));
    }
    let why = "Not evaluable: operation \"First operation, resection of the tumour and a titanium mesh\" between 6 days before the \
        first operation and 8 days after the first operation";
    assert!(bench.0.query_all_by_label_contains(why).count() > 0);
    bench.0.get_by_label("Diameter over time");
    bench.0.get_by_label("Arithmetic, not a diagnosis.");
    // The table goes to a file.
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("table.csv");
    bench.keys(CTRL_SHIFT, Key::E);
    bench.type_path(&path);
    bench.wait_until("it is asked", |session| session.asked_at_gate().is_some());
    bench.steps(2);
    bench.click("Keep on purpose: columns of UIDs: with access to the archive a UID leads to the patient");
    bench.click("Export");
    bench.steps(2);
    let table = std::fs::read_to_string(&path).expect("the table was written");
    assert_eq!(table.lines().count(), 5, "{table}");
    assert!(
        table.contains("length_mm")
            && !table.contains("2015-05")
            && !table.contains("20150512")
            && !table.contains("Sample"),
        "{table}"
    );
    // What it counts as, by its box.
    bench.0.get_by_label("Lesion tumour");
    bench.click("lymph node");
    bench.steps(2);
    let lesion = &bench.session().case().lesions[0];
    assert_eq!((lesion.node, lesion.role), (true, LesionRole::Target));
    assert!(bench.0.query_all_by_label_contains("a node counts by its short axis").count() > 0);
}

#[test]
fn where_a_number_comes_from_is_shown_on_demand() {
    let mut bench = Bench::new();
    bench.open(&sample().join("2015-05-12_CT"));
    bench.key(Key::X);
    let at = bench.screen(110.0, 120.0);
    bench.drag(at, at);
    let drawn = &bench.session().case().measurements;
    assert_eq!((drawn.len(), drawn[0].kind), (1, Kind::Ellipse), "a click drops a circle");
    bench.click("Where ellipse 1 comes from");
    bench.0.get_by_label("Thickness: 3.0 mm");
    bench.0.get_by_label("Histogram of its values");
    bench.0.get_by_label_contains("0.7600 x 0.7200 mm, pixel spacing in the patient");
}

#[test]
fn a_mask_grows_is_painted_and_changed_by_keys() {
    let mut bench = Bench::new();
    bench.open(&sample().join("2015-05-12_CT"));
    bench.wait_until("every slice", |session| {
        session.shown(FIRST).is_some_and(|s| session.library().loaded(s.series) == s.series.frames.len())
    });
    bench.keys(Modifiers::SHIFT, Key::G);
    assert_eq!(bench.session().tool(), Tool::Grow);
    let at = bench.screen(120.0, 140.0);
    bench.drag(at, at);
    // Brain goes on beyond 60 mm, where the region is cut off: that is asked about.
    bench.key(Key::Enter);
    assert_eq!(bench.session().history().undo_name(), Some("draw lesion mask"));
    for (modifiers, key, what) in [
        (Modifiers::ALT, Key::Comma, "shrink mask"),
        (Modifiers::ALT, Key::Period, "enlarge mask"),
        (Modifiers::ALT, Key::R, "margin of mask"),
    ] {
        bench.keys(modifiers, key);
        assert_eq!(bench.session().history().undo_name(), Some(what));
    }
    bench.keys(Modifiers::ALT, Key::E);
    assert_eq!(bench.session().tool(), Tool::Eraser);
    let before = bench.session().settings().brush_mm;
    bench.key(Key::Period);
    assert!(bench.session().settings().brush_mm > before);
    bench.drag(at, bench.screen(130.0, 146.0));
    assert_eq!(bench.session().history().undo_name(), Some("erase from mask"));
}
