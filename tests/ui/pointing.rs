//! Tools that point (crosshair, probe, density) point at what was measured as well: drawings do not stand in their way.

use egui::{CursorIcon, Event, Key, Modifiers, Pos2, vec2};
use egui_kittest::kittest::Queryable as _;
use isodense::case::{Kind, MeasurementId};
use isodense::session::Tool;

use super::{Bench, CT, FIRST, button, draw, sample};

fn click_with(bench: &mut Bench, at: Pos2, modifiers: Modifiers) {
    bench.0.event(Event::ModifiersChanged(modifiers));
    bench.0.hover_at(at);
    bench.steps(1);
    bench.0.drag_at(at);
    bench.steps(1);
    bench.0.drop_at(at);
    bench.steps(2);
    bench.0.event(Event::ModifiersChanged(Modifiers::NONE));
    bench.steps(1);
}

fn click(bench: &mut Bench, at: Pos2) {
    click_with(bench, at, Modifiers::NONE);
}

/// Nothing selected, no tool in the hand.
fn let_go(bench: &mut Bench) {
    for _ in 0..3 {
        if (bench.session().tool(), bench.session().selected()) != (Tool::Window, None) {
            bench.key(Key::Escape);
        }
    }
    assert_eq!((bench.session().tool(), bench.session().selected()), (Tool::Window, None));
}

/// The tools that point.
#[derive(Clone, Copy)]
enum Points {
    Crosshair,
    Probe,
    Density,
}

const TOOLS: [Points; 3] = [Points::Crosshair, Points::Probe, Points::Density];

/// The tools that point do their work at that place, and select nothing.
fn assert_pointed_at(bench: &mut Bench, at: Pos2, what: &str, tools: &[Points]) {
    let before = bench.session().case().measurements.len();
    for tool in tools {
        let (modifiers, key, drawn) = match tool {
            Points::Crosshair => (Modifiers::NONE, Key::H, None),
            Points::Probe => (Modifiers::SHIFT, Key::X, Some(Kind::Probe)),
            Points::Density => (Modifiers::NONE, Key::X, Some(Kind::Ellipse)),
        };
        bench.keys(modifiers, key);
        click(bench, at);
        if let Some(drawn) = drawn {
            let all = &bench.session().case().measurements;
            assert_eq!(all.len(), before + 1, "{what}: {} measures nothing", drawn.name());
            assert_eq!(all[before].kind, drawn, "{what}");
            bench.keys(Modifiers::COMMAND, Key::Z);
            assert_eq!(bench.session().case().measurements.len(), before);
        } else {
            assert_eq!(bench.session().tool(), Tool::Crosshair);
            let shown = bench.session().crosshair_on(FIRST).expect("the crosshair is shown");
            let there = bench.screen(shown.0.x, shown.0.y);
            assert!(there.distance(at) < 1.0, "{what}: the crosshair is at {there}, not at {at}");
            assert_eq!(bench.session().selected(), None, "{what}: the crosshair selects nothing");
        }
        let_go(bench);
    }
}

/// The new measurement of a kind on a slice of its own.
fn drawn(bench: &mut Bench, kind: Kind) -> MeasurementId {
    bench.key(Key::ArrowDown);
    match button(kind) {
        Ok(name) => bench.click(name),
        Err((modifiers, key)) => bench.keys(modifiers, key),
    }
    draw(bench, kind);
    if kind == Kind::Text {
        bench.0.get_by_label("Text").type_text("oedema");
        bench.steps(2);
        bench.key(Key::Enter);
    }
    if bench.session().wants_words() {
        bench.key(Key::Escape);
    }
    let_go(bench);
    bench.session().case().measurements.last().expect("it was drawn").id
}

#[test]
fn every_kind_is_pointed_through_at_its_handles_and_its_body() {
    let mut bench = Bench::new();
    bench.open(&sample().join(CT));
    for (kind, index) in Kind::ALL.into_iter().zip(0..) {
        let id = drawn(&mut bench, kind);
        // The places where it is taken hold of without a tool.
        let places = [(60.0, 80.0), (90.0, 87.5), (120.0, 95.0), (90.0, 150.0), (90.0, 80.0), (58.0, 77.0)];
        let mut through = 0;
        for (column, row) in places {
            let at = bench.screen(column, row);
            click(&mut bench, at);
            let hit = bench.session().selected() == Some(id);
            let_go(&mut bench);
            if !hit {
                continue;
            }
            // Each kind by one tool in turn, for no rule knows both kind and tool; the first three by all.
            let tools = if index < 3 { &TOOLS[..] } else { &TOOLS[index % 3..=index % 3] };
            assert_pointed_at(&mut bench, at, &format!("{} at {column}, {row}", kind.name()), tools);
            // With Ctrl it is selected all the same.
            bench.key(Key::H);
            click_with(&mut bench, at, Modifiers::COMMAND);
            assert_eq!(bench.session().selected(), Some(id), "{}: Ctrl-click selects", kind.name());
            let_go(&mut bench);
            through += 1;
            break;
        }
        assert!(through > 0 || kind == Kind::Mask, "{} was hit nowhere", kind.name());
    }
}

#[test]
fn a_label_is_pointed_through_and_the_handle_of_the_selected_one_still_moves_it() {
    let mut bench = Bench::new();
    bench.open(&sample().join(CT));
    let id = drawn(&mut bench, Kind::Length);
    let image = bench.0.get_by_label("Image 1").rect();
    let line = (bench.screen(60.0, 80.0), bench.screen(120.0, 95.0));
    let mut label = None;
    'found: for down in 0..24 {
        for across in 0..14 {
            let at = line.0 + vec2(across as f32 * 22.0 - 60.0, down as f32 * 9.0 - 60.0);
            let along = egui::emath::Rect::from_two_pos(line.0, line.1).expand(14.0);
            if !image.contains(at) || along.contains(at) {
                continue;
            }
            bench.0.hover_at(at);
            bench.steps(1);
            if bench.0.output().platform_output.cursor_icon == CursorIcon::Grab {
                label = Some(at);
                break 'found;
            }
        }
    }
    let label = label.expect("the length has a label");
    click(&mut bench, label);
    assert_eq!(bench.session().selected(), Some(id), "without a tool the label selects");
    let_go(&mut bench);
    assert_pointed_at(&mut bench, label, "the label", &TOOLS);

    // Selected, its handle is dragged by a tool that points; its body and its label are not.
    for (modifiers, key) in [(Modifiers::NONE, Key::H), (Modifiers::SHIFT, Key::X), (Modifiers::NONE, Key::X)]
    {
        click(&mut bench, line.0);
        assert_eq!(bench.session().selected(), Some(id));
        bench.keys(modifiers, key);
        assert_eq!(bench.session().selected(), Some(id), "taking a tool in the hand does not let go");
        let (before, count) = (
            bench.session().case().measurements[0].points.clone(),
            bench.session().case().measurements.len(),
        );
        bench.drag(line.0, line.0 + vec2(-9.0, 14.0));
        assert_ne!(bench.session().case().measurements[0].points, before, "the handle moves");
        assert_eq!(bench.session().case().measurements.len(), count, "nothing is drawn by that");
        bench.keys(Modifiers::COMMAND, Key::Z);
        assert_eq!(bench.session().case().measurements[0].points, before);
        let_go(&mut bench);
    }
}
