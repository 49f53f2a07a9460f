//! The window's contents driven by accessible labels, without a display or GPU.

#![expect(
    clippy::expect_used,
    clippy::cast_possible_truncation,
    reason = "a test ends where something is missing; screen coordinates fit f32"
)]

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use egui::{Event, Key, Modifiers, MouseWheelUnit, Pos2, TouchPhase, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use isodense::case::{Kind, Quantity, QuantityKind};
use isodense::files::Existing;
use isodense::geometry::PixelPoint;
use isodense::session::{Environment, Session, Tool, ViewportId};
use isodense::ui::{App, FileDialogs, shortcuts_table};

#[path = "ui/cases.rs"]
mod cases;
#[path = "ui/figure.rs"]
mod figure;
#[path = "ui/film.rs"]
mod film;
#[path = "ui/gate.rs"]
mod gate;
#[path = "ui/growth.rs"]
mod growth;
#[path = "ui/keys.rs"]
mod keys;
#[path = "ui/lesions.rs"]
mod lesions;
#[path = "ui/links.rs"]
mod links;
#[path = "ui/montage.rs"]
mod montage;
#[path = "ui/notebook.rs"]
mod notebook;
#[path = "ui/pictures.rs"]
mod pictures;
#[path = "ui/planes.rs"]
mod planes;
#[path = "ui/pointing.rs"]
mod pointing;
#[path = "common/put.rs"]
mod put;
#[path = "ui/replace.rs"]
mod replace;
#[path = "ui/tools.rs"]
mod tools;
#[path = "ui/typing.rs"]
mod typing;
#[path = "ui/words.rs"]
mod words;

const CT: &str = "2015-05-12_CT";
const FIRST: ViewportId = ViewportId(0);

fn sample() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("sample_dicom")
}

struct Bench(Harness<'static, App>);

impl Bench {
    fn new() -> Self {
        Self::with_state(None)
    }

    fn with_state(state_dir: Option<PathBuf>) -> Self {
        let session = Session::new(Environment {
            state_dir,
            // As in the window: what asks for a path has asked whether a file is replaced.
            existing: Existing::Replace,
            ..Environment::for_tests()
        });
        let harness = Harness::builder().with_size([1280.0, 800.0]).allow_missing_glyphs().build_ui_state(
            |ui, app: &mut App| {
                let ctx = ui.ctx().clone();
                app.logic(&ctx);
                app.ui(ui);
            },
            App::new(session, FileDialogs::typed()),
        );
        let mut bench = Self(harness);
        bench.steps(3);
        bench
    }

    fn steps(&mut self, count: usize) {
        self.0.run_steps(count);
    }

    fn session(&self) -> &Session {
        self.0.state().session().expect("the session lives as long as the window")
    }

    /// Waits for background work. The limit only ends a test that would never end.
    fn wait_until(&mut self, what: &str, done: impl Fn(&Session) -> bool) {
        let start = Instant::now();
        while !done(self.session()) {
            assert!(start.elapsed() < Duration::from_mins(1), "never happened: {what}");
            std::thread::sleep(Duration::from_millis(5));
            self.steps(1);
        }
        self.steps(2);
    }

    fn keys(&mut self, modifiers: Modifiers, key: Key) {
        self.0.key_press_modifiers(modifiers, key);
        self.steps(3);
    }

    fn key(&mut self, key: Key) {
        self.keys(Modifiers::NONE, key);
    }

    fn click(&mut self, label: &str) {
        self.0.get_by_label(label).click();
        self.steps(3);
    }

    /// Types words into a field.
    fn type_into(&mut self, label: &str, words: &str) {
        self.0.get_by_label(label).focus();
        self.steps(2);
        self.0.get_by_label(label).type_text(words);
        self.steps(2);
    }

    /// Types words into a field in place of what is there.
    fn retype(&mut self, label: &str, words: &str) {
        self.0.get_by_label(label).focus();
        self.steps(1);
        self.keys(Modifiers::COMMAND, Key::A);
        self.type_into(label, words);
    }

    /// Answers the dialogue that asks for a path.
    fn type_path(&mut self, path: &Path) {
        self.steps(2);
        self.retype("Path", &path.display().to_string());
        self.click("OK");
    }

    fn open(&mut self, path: &Path) {
        self.keys(Modifiers::COMMAND, Key::O);
        self.type_path(path);
        self.wait_until("the first image shows", |session| {
            session.scan().is_none()
                && session.shown(FIRST).is_some_and(|shown| session.samples(shown.frame).is_some())
        });
    }

    /// Where a pixel of the shown frame is in the window.
    fn screen(&self, column: f64, row: f64) -> Pos2 {
        let session = self.session();
        let shown = session.shown(FIRST).expect("a series is shown");
        let resolved = shown.viewport.view.resolve(shown.frame, session.workspace().size(FIRST));
        let at = resolved.screen_from_pixel(PixelPoint::new(column, row)).0;
        self.0.get_by_label("Image 1").rect().min + vec2(at.x as f32, at.y as f32)
    }

    fn drag(&mut self, from: Pos2, to: Pos2) {
        self.0.hover_at(from);
        self.steps(1);
        self.0.drag_at(from);
        self.steps(1);
        for part in [0.3, 0.7, 1.0] {
            self.0.hover_at(from + (to - from) * part);
            self.steps(1);
        }
        self.0.drop_at(to);
        self.steps(3);
    }

    fn wheel(&mut self, notches: f32, modifiers: Modifiers) {
        let center = self.0.get_by_label("Image 1").rect().center();
        self.0.hover_at(center);
        self.steps(1);
        let event = Event::MouseWheel {
            unit: MouseWheelUnit::Line,
            delta: vec2(0.0, notches),
            phase: TouchPhase::Move,
            modifiers,
            source: egui::MouseWheelSource::Wheel,
        };
        self.0.event(event);
        self.steps(3);
    }

    fn index(&self) -> usize {
        self.session().shown(FIRST).expect("a series is shown").index
    }

    fn window(&self) -> (f64, f64) {
        let shown = self.session().shown(FIRST).expect("a series is shown");
        let window = shown.viewport.view.look.voi.as_window();
        (window.width, window.center)
    }

    /// Goes to the slice of a frame by the keys a reader would press.
    fn go_to(&mut self, index: usize) {
        self.key(Key::Home);
        for _ in 0..index {
            self.key(Key::ArrowDown);
        }
        assert_eq!(self.index(), index);
        self.wait_until("the slice is loaded", |session| {
            session.shown(FIRST).is_some_and(|shown| session.samples(shown.frame).is_some())
        });
    }

    fn mean(&self) -> f64 {
        let id = self.session().case().measurements.last().expect("something was drawn").id;
        let values = self.session().values(id).expect("it has values").as_ref().expect("they are numbers");
        Quantity::find(values, QuantityKind::Mean).expect("it is a region").value
    }
}

/// The lesion on the first CT as `truth.json` gives it: slice index, then centre and half axes in pixels.
fn lesion(session: &Session) -> (usize, [PixelPoint; 3]) {
    let ready = isodense::sample::ready_case().expect("the sample has its numbers");
    let first = &ready[0];
    let shown = session.shown(FIRST).expect("the CT is shown");
    let index = shown
        .series
        .frames
        .iter()
        .position(|frame| frame.of.sop_instance.as_str() == first.sop_instance)
        .expect("the image through the lesion");
    let plane = shown.series.frames[index].plane.expect("it has a place");
    (index, first.region.map(|point| plane.pixel_from_patient(point).0))
}

#[test]
fn open_scroll_window_measure_undo_save_and_reopen() {
    let folder = tempfile::tempdir().unwrap();
    let mut bench = Bench::new();
    bench.open(&sample().join(CT));

    let before = bench.index();
    bench.wheel(-1.0, Modifiers::NONE);
    assert_eq!(bench.index(), before + 1, "one notch towards the reader is one slice on");
    bench.wheel(1.0, Modifiers::NONE);
    assert_eq!(bench.index(), before);
    let height = |bench: &Bench| bench.session().shown(FIRST).unwrap().viewport.view.framing.height.0;
    let fitted = height(&bench);
    bench.wheel(2.0, Modifiers::COMMAND);
    assert!(height(&bench) < fitted / 1.2, "Ctrl+wheel zooms in");
    bench.key(Key::Equals);
    assert!((height(&bench) - fitted).abs() < 1e-9, "= fits again");

    let presets = bench.session().presets(FIRST);
    let bone = presets.iter().position(|preset| preset.name == "Bone").unwrap();
    let number = [Key::Num1, Key::Num2, Key::Num3, Key::Num4, Key::Num5, Key::Num6, Key::Num7][bone];
    bench.key(number);
    assert_eq!(bench.window(), (2500.0, 480.0));
    bench.key(Key::Num1);
    assert_eq!(bench.window(), (presets[0].voi.as_window().width, presets[0].voi.as_window().center));

    // An ellipse on the lesion: the box around an upright ellipse wholly inside it.
    let (index, [center, first, second]) = lesion(bench.session());
    bench.go_to(index);
    let shorter = (first.0 - center.0).length().min((second.0 - center.0).length()) * 0.9;
    let corner = |sign: f64| (center.column() + sign * shorter, center.row() + sign * shorter);
    let (from, to) = (corner(-1.0), corner(1.0));
    bench.key(Key::E);
    assert_eq!(bench.session().tool(), Tool::Measure(Kind::Ellipse));
    let (from, to) = (bench.screen(from.0, from.1), bench.screen(to.0, to.1));
    bench.drag(from, to);
    assert_eq!(bench.session().case().measurements.len(), 1);
    let mean = bench.mean();
    assert!((mean - 38.0).abs() < 1.0, "the lesion measures 38 +/- 1 HU, not {mean}");
    let label = format!("mean {mean:.1}\u{a0}HU, SD ");
    bench.0.get_by_label_contains(&label);
    let read: f64 = label
        .split([' ', '\u{a0}'])
        .nth(1)
        .and_then(|number| number.parse().ok())
        .expect("a number comes second");
    assert_eq!(format!("{read:.0} HU"), "38 HU", "what a reader would say of \"{label}\"");

    // A handle edits it: one step, in words.
    let tip = bench.session().case().measurements[0].points.clone();
    let handle = {
        let session = bench.session();
        let shown = session.shown(FIRST).unwrap();
        tip.on_frame(shown.frame).unwrap()[1]
    };
    let at = bench.screen(handle.column(), handle.row());
    bench.drag(at, at - vec2(12.0, 0.0));
    assert_ne!(bench.session().case().measurements[0].points, tip);
    bench.0.get_by_label_contains("Undo: reshape ellipse");
    bench.keys(Modifiers::COMMAND, Key::Z);
    assert_eq!(bench.session().case().measurements[0].points, tip);
    bench.keys(Modifiers::COMMAND, Key::Z);
    assert!(bench.session().case().measurements.is_empty());
    bench.keys(Modifiers::COMMAND | Modifiers::SHIFT, Key::Z);
    assert!((bench.mean() - mean).abs() < 1e-12, "redo brings the same number back");

    let notes = bench.0.get_by_label("Notes");
    notes.focus();
    bench.steps(1);
    bench.0.get_by_label("Notes").type_text("About **38 HU**.");
    bench.steps(8);
    assert_eq!(bench.session().case().notes, "About **38 HU**.");
    bench.0.get_by_label("Image 1").click();
    bench.steps(2);

    let file = folder.path().join("case.json");
    bench.keys(Modifiers::COMMAND, Key::S);
    bench.type_path(&file);
    assert!(file.exists() && !bench.session().has_unsaved_changes());
    let saved = bench.session().case().measurements.clone();

    let mut again = Bench::new();
    again.open(&file);
    again.wait_until("the mark shows again", |session| {
        session.marks(FIRST).first().is_some_and(|mark| mark.lines.iter().any(|line| line.contains("HU")))
    });
    assert_eq!(again.session().case().measurements, saved);
    assert_eq!(again.session().case().notes, "About **38 HU**.");
    assert_eq!(again.index(), index, "it opens where the first measurement is");
    assert!((again.mean() - mean).abs() < 1e-12);
    again.0.get_by_label_contains(&label);
}

#[test]
fn escape_drops_a_draft_and_delete_removes() {
    let mut bench = Bench::new();
    bench.open(&sample().join(CT));
    bench.key(Key::D);
    let (a, b) = (bench.screen(60.0, 70.0), bench.screen(110.0, 90.0));
    bench.0.hover_at(a);
    bench.steps(1);
    bench.0.drag_at(a);
    bench.steps(1);
    bench.0.hover_at(b);
    bench.steps(2);
    assert!(bench.session().is_drawing());
    bench.key(Key::Escape);
    assert!(!bench.session().is_drawing());
    bench.0.drop_at(b);
    bench.steps(3);
    assert!(bench.session().case().measurements.is_empty(), "an escaped draft never reaches the case");
    bench.drag(a, b);
    assert_eq!(bench.session().case().measurements.len(), 1);
    assert_eq!(bench.session().tool(), Tool::Measure(Kind::Length), "a tool stays chosen after one use");
    bench.key(Key::Delete);
    assert!(bench.session().case().measurements.is_empty());
    bench.keys(Modifiers::COMMAND, Key::Y);
    assert!(bench.session().case().measurements.is_empty(), "there is nothing to redo");
    bench.keys(Modifiers::COMMAND, Key::Z);
    assert_eq!(bench.session().case().measurements.len(), 1, "undo brings a deleted length back");
}

/// The accessible name of a tool's button; kinds without one are chosen by their key.
fn button(kind: Kind) -> Result<&'static str, (Modifiers, Key)> {
    Ok(match kind {
        Kind::Probe => "Probe (Shift+X)",
        Kind::Length => "Length (D or L)",
        Kind::Angle => "Angle (A)",
        Kind::Bidirectional => "Bidirectional (B)",
        Kind::Ellipse => "Ellipse (E)",
        Kind::Rectangle => "Rectangle (R)",
        Kind::Polygon => "Polygon (P)",
        Kind::Freehand => "Freehand (F)",
        Kind::Arrow => "Arrow (N)",
        Kind::Text => "Text (N)",
        Kind::Size => "Three-axis size (U)",
        Kind::LineDistance => return Err((Modifiers::SHIFT, Key::D)),
        Kind::MidlineShift => return Err((Modifiers::SHIFT, Key::I)),
        Kind::Height => return Err((Modifiers::SHIFT, Key::H)),
        Kind::Cobb => return Err((Modifiers::SHIFT, Key::U)),
        Kind::OpenAngle => return Err((Modifiers::ALT, Key::A)),
        Kind::Mask => "Brush (Alt+B)",
    })
}

/// Draws a kind with its tool in the hand: from (60, 80) to (120, 95), what has a third point to (90, 150).
fn draw(bench: &mut Bench, kind: Kind) {
    let (a, b, c) = (bench.screen(60.0, 80.0), bench.screen(120.0, 95.0), bench.screen(90.0, 150.0));
    match kind {
        Kind::Angle | Kind::Polygon | Kind::LineDistance | Kind::MidlineShift | Kind::Height => {
            for point in [a, b, c] {
                bench.drag(point, point);
            }
            if kind == Kind::Polygon {
                bench.drag(a, a);
                bench.0.hover_at(a);
                bench.steps(1);
            }
        }
        Kind::Cobb | Kind::OpenAngle => {
            bench.drag(a, b);
            bench.drag(c, b + vec2(9.0, 40.0));
        }
        Kind::Size => {
            bench.drag(a, b);
            bench.drag(c, a + vec2(30.0, -20.0));
            bench.key(Key::ArrowUp);
            bench.drag(c, c);
            bench.key(Key::ArrowDown);
            bench.key(Key::ArrowDown);
            bench.drag(a, a);
            bench.key(Key::ArrowUp);
        }
        Kind::Freehand => {
            bench.0.hover_at(a);
            bench.steps(1);
            bench.0.drag_at(a);
            bench.steps(1);
            for point in [b, c, a + vec2(-3.0, 8.0)] {
                bench.0.hover_at(point);
                bench.steps(1);
            }
            bench.0.drop_at(a + vec2(-3.0, 8.0));
            bench.steps(3);
        }
        Kind::Probe
        | Kind::Length
        | Kind::Bidirectional
        | Kind::Ellipse
        | Kind::Rectangle
        | Kind::Arrow
        | Kind::Mask
        | Kind::Text => bench.drag(a, b),
    }
}

#[test]
fn every_tool_draws_its_kind() {
    let mut bench = Bench::new();
    bench.open(&sample().join(CT));
    for kind in Kind::ALL {
        match button(kind) {
            Ok(name) => bench.click(name),
            Err((modifiers, key)) => bench.keys(modifiers, key),
        }
        let tool = if kind == Kind::Mask { Tool::Brush } else { Tool::Measure(kind) };
        assert_eq!(bench.session().tool(), tool);
        let before = bench.session().case().measurements.len();
        // Far from the others' labels: a press there would take hold of them.
        bench.key(Key::ArrowDown);
        draw(&mut bench, kind);
        if kind == Kind::Text {
            assert_eq!(bench.session().case().measurements.len(), before, "a text waits for its words");
            bench.0.get_by_label("Text").type_text("oedema");
            bench.steps(2);
            bench.key(Key::Enter);
            assert_eq!(
                bench.session().history().undo_name(),
                Some("draw text"),
                "placing and words are one step"
            );
        }
        let measurements = &bench.session().case().measurements;
        assert_eq!(measurements.len(), before + 1, "{} was not drawn", kind.name());
        assert_eq!(measurements[before].kind, kind);
        bench.key(Key::Escape);
        bench.key(Key::Escape);
    }
}

#[test]
fn layouts_overlays_and_help_answer_to_keys_and_labels() {
    let mut bench = Bench::new();
    bench.open(&sample());
    bench.wait_until("all ten series", |session| session.library().browse().len() == 10);
    bench.click("Layout");
    bench.steps(3);
    bench.click("2x2 viewports");
    bench.steps(3);
    for label in ["Image 1", "Image 2", "Image 3", "Image 4"] {
        bench.0.get_by_label(label);
    }
    bench.keys(Modifiers::COMMAND, Key::Num2);
    assert!(bench.0.query_by_label("Image 3").is_none());
    bench.key(Key::Tab);
    assert_eq!(bench.session().workspace().active, ViewportId(1));
    bench.key(Key::M);
    assert_eq!(bench.session().workspace().maximised, Some(ViewportId(1)));
    bench.key(Key::M);
    let name = bench.session().library().patient_names()[0].clone();
    bench.0.get_by_label(name.reveal());
    bench.key(Key::Y);
    assert!(bench.0.query_by_label(name.reveal()).is_none(), "patient data are hidden by one key");
    bench.keys(Modifiers::SHIFT, Key::Questionmark);
    for row in shortcuts_table().iter().filter(|row| !row.text.starts_with("Preset ")) {
        assert!(bench.0.query_all_by_label(row.text).count() > 0, "{} is not in the help", row.text);
    }
    bench.click("Close");
    bench.key(Key::I);
    assert!(bench.session().shown(ViewportId(1)).unwrap().viewport.view.look.inverted);
}

#[test]
fn the_status_line_says_value_stored_value_pixel_and_place() {
    let mut bench = Bench::new();
    bench.open(&sample().join(CT));
    let (index, [center, ..]) = lesion(bench.session());
    bench.go_to(index);
    let at = bench.screen(center.column().round(), center.row().round());
    bench.0.hover_at(at);
    bench.steps(2);
    let status = bench.0.state().status().expect("the pointer is over the image");
    for part in [" HU", "stored ", &format!("column {:.0}, row {:.0}", center.column(), center.row())] {
        assert!(status.contains(part), "{part} is not in {status}");
    }
    assert!(status.contains(&format!("slice {} of", index + 1)), "{status}");
    assert!(status.contains("L ") && status.contains("A ") && status.ends_with("mm"), "{status}");
}

#[test]
fn a_case_that_was_never_saved_is_offered_again() {
    let state = tempfile::tempdir().unwrap();
    {
        let mut bench = Bench::with_state(Some(state.path().to_owned()));
        bench.open(&sample().join(CT));
        bench.key(Key::D);
        let (a, b) = (bench.screen(60.0, 70.0), bench.screen(110.0, 90.0));
        bench.drag(a, b);
        let autosaves = state.path().join("autosave");
        let written = |session: &Session| {
            session.next_wake().is_none()
                && std::fs::read_dir(&autosaves).is_ok_and(|mut files| {
                    files.any(|f| f.is_ok_and(|f| f.path().extension().is_some_and(|e| e == "json")))
                })
        };
        bench.wait_until("the first autosave", written);
        // Dropped without closing, as by kill -9.
    }
    let mut bench = Bench::with_state(Some(state.path().to_owned()));
    bench.steps(2);
    bench.click("Recover");
    bench.wait_until("its images", |session| {
        session.scan().is_none()
            && session.marks(FIRST).iter().any(|mark| mark.lines.iter().any(|l| l.contains("mm")))
    });
    assert_eq!(bench.session().case().measurements[0].kind, Kind::Length);
    assert!(bench.session().has_unsaved_changes());
}

#[test]
fn nothing_to_show_is_said_and_every_file_has_its_reason() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::copy(Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml"), folder.path().join("notes.txt"))
        .unwrap();
    let mut bench = Bench::new();
    bench.keys(Modifiers::COMMAND, Key::O);
    bench.type_path(folder.path());
    bench.wait_until("the scan is over", |session| session.scan().is_none() && !session.notices().is_empty());
    bench.0.get_by_label("No DICOM images were found.");
    bench.click("1 file not used…");
    let path = folder.path().canonicalize().unwrap().join("notes.txt");
    bench.0.get_by_label(&path.display().to_string());
    bench.0.get_by_label("Elements of notes.txt");
}

#[test]
fn a_probe_is_kept_and_labelled_by_keys_and_closing_asks() {
    let mut bench = Bench::new();
    bench.open(&sample().join(CT));
    bench.keys(Modifiers::SHIFT, Key::X);
    let at = bench.screen(100.0, 100.0);
    bench.drag(at, at);
    let index = bench.index();
    bench.key(Key::Escape);
    bench.key(Key::ArrowDown);
    assert!(bench.session().marks(FIRST).is_empty(), "a probe shows on its own slice");
    bench.key(Key::Q);
    assert_eq!((bench.index(), bench.session().marks(FIRST).len()), (index, 1));
    bench.key(Key::Enter);
    bench.0.get_by_label("Label of probe 1").type_text("white matter");
    bench.steps(2);
    bench.key(Key::Enter);
    assert_eq!(bench.session().case().measurements[0].label, "white matter");
    // Closing closes the images and the case, and asks before.
    bench.keys(Modifiers::COMMAND, Key::W);
    bench.0.get_by_label("The case has unsaved changes");
    bench.click("Cancel");
    assert!(!bench.session().library().is_empty());
    assert_eq!(bench.session().case().measurements.len(), 1);
}

#[test]
fn quitting_asks_and_ends_only_once_the_case_is_saved() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut bench = Bench::new();
    bench.open(&sample().join(CT));
    bench.key(Key::D);
    let (a, b) = (bench.screen(60.0, 70.0), bench.screen(110.0, 90.0));
    bench.drag(a, b);
    let close = |bench: &mut Bench| {
        let viewport = bench.0.input_mut().viewports.entry(egui::ViewportId::ROOT).or_default();
        viewport.events.push(egui::ViewportEvent::Close);
        bench.steps(1);
        bench.steps(2);
    };
    close(&mut bench);
    bench.0.get_by_label("Save and quit").click();
    bench.steps(2);
    let nowhere = folder.path().join("no/such/folder/case.json");
    bench.type_path(&nowhere);
    assert!(bench.session().has_unsaved_changes());
    bench.0.get_by_label("There is no such folder.");
    bench.click("Cancel");
    // Had the failed save ended the program, it would not ask again.
    close(&mut bench);
    bench.0.get_by_label("Quit without saving");
    bench.click("Cancel");
    assert_eq!(bench.session().case().measurements.len(), 1);
}

#[derive(Debug)]
struct Dropped(PathBuf);

impl egui::DroppedFile for Dropped {
    fn path(&self) -> &Path {
        &self.0
    }

    fn bytes(&self) -> Result<Vec<u8>, String> {
        std::fs::read(&self.0).map_err(|error| error.to_string())
    }
}

#[test]
fn a_folder_dropped_on_the_window_opens() {
    let mut bench = Bench::new();
    bench.0.input_mut().dropped_files.push(std::sync::Arc::new(Dropped(sample().join(CT))));
    bench.steps(1);
    bench.wait_until("the dropped series shows", |session| {
        session.scan().is_none() && session.shown(FIRST).is_some_and(|shown| shown.series.frames.len() == 38)
    });
}

#[test]
fn drags_window_pan_and_zoom_the_way_hands_know() {
    let mut bench = Bench::new();
    bench.open(&sample().join(CT));
    let center = bench.0.get_by_label("Image 1").rect().center();
    let (width, level) = bench.window();
    bench.drag(center, center + vec2(80.0, 0.0));
    assert!(bench.window().0 > width && (bench.window().1 - level).abs() < 1e-9, "right is wider");
    let (width, level) = bench.window();
    bench.drag(center, center - vec2(0.0, 60.0));
    assert!(bench.window().1 < level && (bench.window().0 - width).abs() < 1e-9, "up is brighter");

    let framing = |bench: &Bench| bench.session().shown(FIRST).expect("it shows").viewport.view.framing;
    let button = |bench: &mut Bench, button: egui::PointerButton, to: egui::Vec2| {
        let press = |pos: Pos2, pressed: bool| Event::PointerButton {
            pos,
            button,
            pressed,
            modifiers: Modifiers::NONE,
        };
        bench.0.hover_at(center);
        bench.steps(1);
        bench.0.event(press(center, true));
        bench.steps(1);
        bench.0.hover_at(center + to);
        bench.steps(1);
        bench.0.event(press(center + to, false));
        bench.steps(3);
    };
    let before = framing(&bench);
    button(&mut bench, egui::PointerButton::Middle, vec2(50.0, 20.0));
    let after = framing(&bench);
    assert!(
        after.center.x < before.center.x && after.center.y < before.center.y,
        "the image follows the hand"
    );
    assert!((after.height.0 - before.height.0).abs() < 1e-9);
    button(&mut bench, egui::PointerButton::Secondary, vec2(0.0, -60.0));
    assert!(framing(&bench).height.0 < after.height.0, "up magnifies");
    let where_it_is = bench.window();
    bench.key(Key::T);
    bench.drag(center, center + vec2(30.0, 0.0));
    assert_eq!(bench.window(), where_it_is, "with the pan tool the left button leaves the window alone");
}

/// Two patients whose files say nothing of a study: each has a heading of its own.
#[test]
fn studies_without_a_uid_close_one_by_one() {
    let folder = tempfile::tempdir().unwrap();
    let element = |group: u16, number: u16, vr: &[u8], value: &[u8]| {
        let length = u16::try_from(value.len()).unwrap().to_le_bytes();
        [&group.to_le_bytes()[..], &number.to_le_bytes(), vr, &length, value].concat()
    };
    for patient in [b"A1", b"B2"] {
        let file = [
            vec![0; 128],
            b"DICM".to_vec(),
            element(2, 0x10, b"UI", b"1.2.840.10008.1.2.1\0"),
            element(8, 0x60, b"CS", b"SR"),
            element(0x10, 0x20, b"LO", patient),
            element(0x20, 0x11, b"IS", &patient[1..].repeat(2)),
        ];
        let path = folder.path().join(String::from_utf8_lossy(patient).into_owned());
        isodense::store::write_atomic(&path, &file.concat()).unwrap();
    }
    let mut bench = Bench::new();
    bench.keys(Modifiers::COMMAND, Key::O);
    bench.type_path(folder.path());
    bench.wait_until("the scan is over", |session| {
        session.scan().is_none() && session.library().browse().len() == 2
    });
    bench.0.get_by_label_contains("SR #11");
    bench.0.get_by_label_contains("SR #22");
    let first = bench.0.get_all_by_label_contains("No date").next().expect("a study");
    first.click();
    bench.steps(40);
    assert!(bench.0.query_by_label_contains("SR #11").is_none());
    assert!(bench.0.query_by_label_contains("SR #22").is_some(), "the other patient's stays open");
}
