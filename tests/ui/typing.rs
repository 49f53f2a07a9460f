//! What is typed is text: no letter reaches a command where the reader writes, may write, or answers a dialogue.

use egui::{Event, Key, Modifiers};
use egui_kittest::kittest::Queryable as _;
use isodense::session::{Severity, ViewportId};

use super::{Bench, CT, FIRST, sample};

const CTRL_SHIFT: Modifiers = Modifiers { ctrl: true, command: true, shift: true, ..Modifiers::NONE };
const ALT_SHIFT: Modifiers = Modifiers { alt: true, shift: true, ..Modifiers::NONE };

/// Every key that types something.
fn typing_keys() -> Vec<Key> {
    let names = "A B C D E F G H I J K L M N O P Q R S T U V W X Y Z 0 1 2 3 4 5 6 7 8 9 Space Enter Backspace \
                 Comma Period Semicolon Quote Minus Plus Equals OpenBracket CloseBracket Slash Backslash Backtick \
                 Colon Pipe Questionmark Exclamationmark";
    names
        .split_whitespace()
        .map(|name| Key::from_name(name).unwrap_or_else(|| panic!("no key {name}")))
        .collect()
}

/// Everything that a command of the window could change, but for what is typed into a field.
fn state(bench: &Bench) -> String {
    let session = bench.session();
    let case = serde_json::to_string(session.case().as_ref()).expect("a case is JSON");
    let shown: Vec<_> = (0..9)
        .map(|id| session.workspace().viewport(ViewportId(id)).map(|viewport| format!("{viewport:?}")))
        .collect();
    let workspace = session.workspace();
    format!(
        "{case} {:?} {:?} {shown:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?}",
        session.tool(),
        session.selected(),
        (workspace.layout, workspace.active, workspace.maximised, workspace.overlays),
        (workspace.graphics_hidden, workspace.patient_hidden, workspace.crosshair_hidden),
        (workspace.lines_hidden, workspace.links),
        session.settings(),
        session.focus(),
        session.figure().map(|figure| figure.id),
        // Good news goes by itself.
        session.notices().iter().filter(|notice| notice.severity != Severity::Info).collect::<Vec<_>>(),
    )
}

/// Keys go down and come up one after the other within one frame, as a quick hand or a pasting program does it.
fn tap(bench: &mut Bench, modifiers: Modifiers, keys: &[Key]) {
    for key in keys {
        let event = |pressed| Event::Key { key: *key, physical_key: None, pressed, repeat: false, modifiers };
        bench.0.input_mut().events.extend([event(true), event(false)]);
    }
    bench.steps(1);
}

/// Types every one of these keys, alone and with Shift: none of them does anything.
///
/// A frame takes several of them. Keys that undo each other stand side by side on a keyboard and in the list: they come
/// in different frames. What a key chooses a later one may choose back: each lot comes in both orders.
fn nothing_happens(bench: &mut Bench, what: &str, keys: &[Key], mut between: impl FnMut(&mut Bench)) {
    const LOTS: usize = 4;
    between(bench);
    let before = state(bench);
    for modifiers in [Modifiers::NONE, Modifiers::SHIFT] {
        for lot in 0..LOTS {
            let mut lot: Vec<Key> = keys.iter().skip(lot).step_by(LOTS).copied().collect();
            for _ in 0..2 {
                between(bench);
                tap(bench, modifiers, &lot);
                assert_eq!(state(bench), before, "{modifiers:?} {lot:?} did something in {what}");
                lot.reverse();
            }
        }
    }
    // What a key begins may end a frame later.
    bench.steps(2);
    assert_eq!(state(bench), before, "a key did something in {what} after its frame");
}

/// Types every letter, alone and with Shift, as a keyboard does, where the field has lost its cursor.
fn type_everything(bench: &mut Bench, what: &str) {
    nothing_happens(bench, what, &typing_keys(), |bench| {
        let ctx = bench.0.ctx.clone();
        let Some(id) = ctx.memory(egui::Memory::focused) else { return };
        ctx.memory_mut(|memory| memory.surrender_focus(id));
        bench.steps(1);
        assert!(!ctx.text_edit_focused(), "the cursor is gone from {what}");
    });
}

fn drawn() -> Bench {
    let mut bench = Bench::new();
    bench.open(&sample().join(CT));
    bench.key(Key::D);
    bench.drag(bench.screen(60.0, 70.0), bench.screen(110.0, 90.0));
    bench
}

fn type_word(bench: &mut Bench, word: &str) {
    for letter in word.chars() {
        let key = Key::from_name(&letter.to_uppercase().to_string()).expect("a letter has a key");
        bench.0.event(Event::Key {
            key,
            physical_key: None,
            pressed: true,
            repeat: false,
            modifiers: Modifiers::NONE,
        });
        bench.0.event(Event::Text(letter.to_string()));
        bench.steps(1);
    }
}

#[test]
fn an_arrow_asks_for_its_words_at_once() {
    let mut bench = Bench::new();
    bench.open(&sample().join(CT));
    bench.key(Key::N);
    bench.drag(bench.screen(60.0, 70.0), bench.screen(110.0, 90.0));
    assert_eq!(bench.session().case().measurements.len(), 1);
    bench.0.get_by_label("Text on the image");
    let before = (bench.session().tool(), format!("{:?}", bench.session().workspace().viewport(FIRST)));
    type_word(&mut bench, "infarct");
    assert_eq!(
        (bench.session().tool(), format!("{:?}", bench.session().workspace().viewport(FIRST))),
        before,
        "letters are words, not commands"
    );
    bench.key(Key::Enter);
    assert_eq!(bench.session().case().measurements[0].label, "infarct");
    assert!(bench.0.query_by_label("Text on the image").is_none());

    // Without words it stays an arrow.
    bench.drag(bench.screen(160.0, 70.0), bench.screen(180.0, 110.0));
    bench.0.get_by_label("Text on the image");
    bench.key(Key::Escape);
    assert!(bench.0.query_by_label("Text on the image").is_none());
    let case = std::sync::Arc::clone(bench.session().case());
    assert_eq!((case.measurements.len(), case.measurements[1].label.as_str()), (2, ""));
    assert!(!bench.session().wants_words());
}

#[test]
fn no_letter_drives_the_viewports_behind_the_notebook_or_a_figure() {
    let mut bench = drawn();
    bench.key(Key::F8);
    type_everything(&mut bench, "the notebook");
    bench.key(Key::F8);
    bench.key(Key::K);
    bench.key(Key::F9);
    assert!(bench.session().figure().is_some(), "the figure is shown");
    type_everything(&mut bench, "the figure");
}

#[test]
fn no_letter_is_a_command_while_a_dialogue_waits() {
    let mut bench = drawn();
    let dialogues: [(&str, Modifiers, Key, &str); 9] = [
        ("help", Modifiers::NONE, Key::F1, "Keys and mouse"),
        ("files not used", Modifiers::NONE, Key::F4, "Files not used"),
        ("presets", Modifiers::NONE, Key::F6, "Window presets"),
        ("export of the view", Modifiers::COMMAND, Key::E, "Export view"),
        ("montage", CTRL_SHIFT, Key::M, "Montage"),
        ("film", Modifiers::ALT, Key::C, "film"),
        ("a path", Modifiers::COMMAND, Key::O, "Open a folder of images"),
        ("coordinates", Modifiers::COMMAND, Key::G, "Go to coordinates"),
        ("the screen", ALT_SHIFT, Key::P, "screen"),
    ];
    // These two are the dialogue's own.
    let keys: Vec<Key> =
        typing_keys().into_iter().filter(|key| !matches!(key, Key::Enter | Key::Space)).collect();
    for (what, modifiers, key, heading) in dialogues {
        let before = bench.0.query_all_by_label_contains(heading).count();
        bench.keys(modifiers, key);
        assert!(bench.0.query_all_by_label_contains(heading).count() > before, "{what} is open");
        nothing_happens(&mut bench, what, &keys, |_| {});
        bench.key(Key::Escape);
    }
}

#[test]
fn alt_with_a_letter_types_nothing() {
    let mut bench = drawn();
    bench.type_into("Notes", "ab");
    // A window's event of a key and what it types come in one frame.
    bench.0.input_mut().events.extend([
        Event::Key {
            key: Key::J,
            physical_key: None,
            pressed: true,
            repeat: false,
            modifiers: Modifiers::ALT,
        },
        Event::Text("j".to_owned()),
    ]);
    bench.steps(8);
    assert_eq!(bench.session().case().notes, "ab");
    // AltGr, which some systems report as Ctrl and Alt, types.
    bench.0.event(Event::Key {
        key: Key::Q,
        physical_key: None,
        pressed: true,
        repeat: false,
        modifiers: Modifiers { alt: true, ctrl: true, ..Modifiers::NONE },
    });
    bench.0.event(Event::Text("@".to_owned()));
    bench.steps(8);
    assert_eq!(bench.session().case().notes, "ab@");
}
