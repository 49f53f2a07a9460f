//! How long a key takes in the notebook: medians, in milliseconds. `cargo bench --bench notebook`.
//!
//! Limit: 8 ms a key in a case of 20,000 words. The window's own work for a frame is timed, without painting it; the
//! text is read again for the preview when nobody types, which is timed by itself.

#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a bench prints its figures and ends at the first surprise"
)]

use std::path::Path;
use std::time::{Duration, Instant};

use egui::{Event, Key, Modifiers, Pos2, RawInput, Rect, vec2};
use isodense::case::Edit;
use isodense::session::{Action, Environment, Session};
use isodense::ui::{App, FileDialogs};

const WORDS: usize = 20_000;

fn median(mut times: Vec<f64>) -> (f64, f64) {
    times.sort_by(f64::total_cmp);
    (times[times.len() / 2], times[times.len() * 95 / 100])
}

/// Sections of paragraphs, with a value in every tenth.
fn notes() -> String {
    let sentence =
        "The tumour grows through the left frontal bone and is a little denser than the brain around it. ";
    let words = sentence.split_whitespace().count();
    let mut text = "# A long case: a case report\n".to_owned();
    for index in 0..WORDS / (words * 4) {
        if index % 20 == 0 {
            text += "\n## Section\n";
        }
        text += "\n";
        text += &sentence.repeat(4);
        if index % 10 == 0 {
            text += "It measured {{measurement:2#size|cm 1}}, [about 38 HU](measurement:1#mean~1).";
        }
        text += "\n";
    }
    text
}

fn main() {
    let mut session = Session::new(Environment::for_tests());
    let case = Path::new(env!("CARGO_MANIFEST_DIR")).join("sample_dicom/case.json");
    session.apply(Action::OpenCase(case));
    while session.scan().is_some() {
        if !session.poll() {
            std::thread::sleep(Duration::from_millis(1));
        }
    }
    let notes = notes();
    println!("{} words, {} values", notes.split_whitespace().count(), notes.matches("{{").count());
    session.apply(Action::Commit(Edit::SetNotes(notes.clone())));
    let reading: Vec<f64> = (0..9)
        .map(|_| {
            let start = Instant::now();
            std::hint::black_box(session.notebook_view(&notes));
            start.elapsed().as_secs_f64() * 1000.0
        })
        .collect();
    println!("reading all of it again: {:.1} ms", median(reading).0);
    let mut window =
        Window { context: egui::Context::default(), app: App::new(session, FileDialogs::typed()), time: 0.0 };
    window.frames(3);
    window.key(Modifiers::NONE, Key::F8);
    window.frames(5);
    for (place, key) in [("at the end", Key::End), ("at the start", Key::Home)] {
        window.key(Modifiers::COMMAND, key);
        window.frames(2);
        let times: Vec<f64> = (0..200)
            .map(|index| {
                let letter = if index % 6 == 5 { " " } else { "a" };
                let start = Instant::now();
                window.frame(vec![Event::Text(letter.to_owned())]);
                start.elapsed().as_secs_f64() * 1000.0
            })
            .collect();
        let (half, most) = median(times);
        println!("a key {place}: {half:.1} ms, 95 of 100 within {most:.1} ms, of 8.0");
    }
    window.frames(60);
    let typed = window.app.session().unwrap().case().notes.matches("aaaaa").count();
    assert!(typed >= 60, "the keys went elsewhere: {typed}");
}

/// The window without a screen, and without a screen reader: as most people have it.
struct Window {
    context: egui::Context,
    app: App,
    time: f64,
}

impl Window {
    fn frame(&mut self, events: Vec<Event>) {
        self.time += 0.02;
        let size = Rect::from_min_size(Pos2::ZERO, vec2(1280.0, 800.0));
        let input =
            RawInput { screen_rect: Some(size), time: Some(self.time), events, ..RawInput::default() };
        let app = &mut self.app;
        drop(self.context.run_ui(input, |ui| {
            let context = ui.ctx().clone();
            app.logic(&context);
            app.ui(ui);
        }));
    }

    fn frames(&mut self, count: usize) {
        for _ in 0..count {
            self.frame(Vec::new());
        }
    }

    fn key(&mut self, modifiers: Modifiers, key: Key) {
        let event = |pressed| Event::Key { key, physical_key: None, pressed, repeat: false, modifiers };
        self.frame(vec![Event::ModifiersChanged(modifiers), event(true), event(false)]);
    }
}
