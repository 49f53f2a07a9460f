//! The tag browser by keys and accessible labels, without a display.

#![expect(clippy::expect_used, reason = "a test ends where something is missing")]

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use egui::{Event, Key, Modifiers, MouseWheelUnit, OutputCommand, TouchPhase, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use isodense::session::{Action, Elements, Environment, Session, ViewportId};
use isodense::store::write_atomic;
use isodense::ui::{App, FileDialogs};

#[expect(
    dead_code,
    clippy::unwrap_used,
    reason = "shared with other tests, which use all of it and may panic"
)]
#[path = "ways/zip.rs"]
mod zip;

struct Bench(Harness<'static, App>);

impl Bench {
    fn open(path: PathBuf) -> Self {
        Self::sized([1280.0, 800.0], path)
    }

    fn sized(size: [f32; 2], path: PathBuf) -> Self {
        let mut session = Session::new(Environment::for_tests());
        session.apply(Action::Open(vec![path]));
        let harness = Harness::builder().with_size(size).allow_missing_glyphs().build_ui_state(
            |ui, app: &mut App| {
                let ctx = ui.ctx().clone();
                app.logic(&ctx);
                app.ui(ui);
            },
            App::new(session, FileDialogs::typed()),
        );
        let mut bench = Self(harness);
        bench.wait_until("the scan is over", |session| session.scan().is_none());
        bench
    }

    fn session(&self) -> &Session {
        self.0.state().session().expect("the session lives as long as the window")
    }

    fn wait_until(&mut self, what: &str, done: impl Fn(&Session) -> bool) {
        let start = Instant::now();
        while !done(self.session()) {
            assert!(start.elapsed() < Duration::from_mins(1), "never happened: {what}");
            std::thread::sleep(Duration::from_millis(5));
            self.0.run_steps(1);
        }
        self.0.run_steps(2);
    }

    fn wait_for_elements(&mut self) {
        self.wait_until("the elements are read", |session| matches!(session.elements(), Elements::Ready(_)));
    }

    fn keys(&mut self, modifiers: Modifiers, key: Key) {
        self.0.key_press_modifiers(modifiers, key);
        self.0.run_steps(3);
    }

    fn key(&mut self, key: Key) {
        self.keys(Modifiers::NONE, key);
    }

    fn find(&mut self, text: &str) {
        self.keys(Modifiers::COMMAND, Key::A);
        self.0.get_by_label("Find elements").type_text(text);
        self.0.run_steps(3);
    }

    fn has(&self, row: &str) -> bool {
        self.0.query_all_by_label_contains(row).count() > 0
    }

    /// Ctrl+C as the window system sends it, and what it puts on the clipboard.
    fn copied(&mut self, modifiers: Modifiers) -> Option<String> {
        self.0.event(Event::ModifiersChanged(modifiers));
        self.0.step();
        self.0.event(Event::Copy);
        self.0.step();
        let commands = self.0.output().platform_output.commands.clone();
        self.0.run_steps(2);
        commands
            .into_iter()
            .find_map(|command| if let OutputCommand::CopyText(text) = command { Some(text) } else { None })
    }
}

fn sample() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("sample_dicom/2015-05-12_CT")
}

#[test]
fn elements_are_found_copied_and_hidden_by_keys() {
    let mut bench = Bench::open(sample());
    bench.keys(Modifiers::COMMAND, Key::T);
    bench.wait_for_elements();
    let id = bench.session().shown(ViewportId(0)).unwrap().series.patient.id.reveal().clone();
    assert!(bench.has("(0002,0010) UI Transfer Syntax UID"));

    // Found by tag, by keyword and by name.
    for text in ["0018,0050", "00180050", "SliceThickness", "slice thick"] {
        bench.find(text);
        assert!(bench.has("(0018,0050) DS Slice Thickness") && !bench.has("(0008,0060)"), "{text}");
        assert!(bench.has("1 of "), "{text}");
    }
    let before = bench.session().shown(ViewportId(0)).unwrap().index;
    bench.key(Key::ArrowDown);
    let row = bench.copied(Modifiers::NONE).unwrap();
    let value = bench.copied(Modifiers::SHIFT).unwrap();
    assert_eq!(row, format!("(0018,0050) DS Slice Thickness {value}"));
    assert!(value.parse::<f64>().unwrap() > 0.0);
    assert_eq!(bench.session().shown(ViewportId(0)).unwrap().index, before, "keys stay in the window");

    // The patient's data: there, then hidden, then not even found.
    bench.find("0010,0020");
    assert!(bench.has(&format!("(0010,0020) LO Patient ID {id}")));
    bench.key(Key::Escape);
    assert!(!bench.has("1 of "), "the first Escape empties the search");
    bench.key(Key::Escape);
    assert!(bench.session().elements_of().is_none(), "the second one closes the window");
    bench.key(Key::Y);
    bench.keys(Modifiers::COMMAND, Key::T);
    bench.wait_for_elements();
    bench.find("0010,0020");
    assert!(bench.has("(0010,0020) LO Patient ID hidden") && !bench.has(&id));
    bench.key(Key::ArrowDown);
    assert_eq!(bench.copied(Modifiers::NONE).as_deref(), Some("(0010,0020) LO Patient ID hidden"));
    assert_eq!(bench.copied(Modifiers::SHIFT), None, "a hidden value is not copied");
    bench.find(&id);
    assert!(bench.has("0 of "), "what is hidden is not found");
    bench.key(Key::Escape);
    bench.key(Key::Escape);
    bench.keys(Modifiers::COMMAND, Key::T);
    bench.wait_for_elements();
    bench.0.get_by_label("Copy list").click();
    bench.0.step();
    let commands = bench.0.output().platform_output.commands.clone();
    let all = commands
        .into_iter()
        .find_map(|command| if let OutputCommand::CopyText(text) = command { Some(text) } else { None });
    let all = all.expect("the list was copied");
    assert!(all.lines().count() > 40 && all.contains("(7FE0,0010)") && !all.contains(&id));
}

#[test]
fn the_list_follows_the_slice() {
    let mut bench = Bench::open(sample());
    bench.keys(Modifiers::COMMAND, Key::T);
    bench.wait_for_elements();
    let first = bench.session().elements_path().unwrap().to_owned();
    // Below the window the image is in reach of the wheel.
    let image = bench.0.get_by_label("Image 1").rect();
    bench.0.hover_at(egui::pos2(image.center().x, image.bottom() - 8.0));
    bench.0.run_steps(1);
    bench.0.event(Event::MouseWheel {
        unit: MouseWheelUnit::Line,
        delta: vec2(0.0, -1.0),
        phase: TouchPhase::Move,
        modifiers: Modifiers::NONE,
        source: egui::MouseWheelSource::Wheel,
    });
    bench.0.run_steps(3);
    bench.wait_for_elements();
    let second = bench.session().elements_path().unwrap().to_owned();
    assert_ne!(first, second);
    assert_eq!(second, &*bench.session().shown(ViewportId(0)).unwrap().frame.stored.path);
    let Elements::Ready(list) = bench.session().elements() else { panic!("they were read") };
    let sop = bench.session().shown(ViewportId(0)).unwrap().frame.of.sop_instance.as_str().to_owned();
    assert!(list.rows.iter().any(|row| row.keyword == "SOPInstanceUID" && row.value(true) == sop));
}

#[test]
fn files_that_are_not_used_show_their_elements() {
    let folder = tempfile::tempdir().unwrap();
    let index = [
        vec![0; 128],
        b"DICM".to_vec(),
        element(2, 2, b"UI", b"1.2.840.10008.1.3.10"),
        element(2, 0x10, b"UI", b"1.2.840.10008.1.2.1\0"),
        element(4, 0x1130, b"CS", b"HOSPITAL"),
    ];
    write_atomic(&folder.path().join("DICOMDIR"), &index.concat()).unwrap();
    write_atomic(&folder.path().join("notes.txt"), b"no DICOM at all").unwrap();
    let mut bench = Bench::open(folder.path().to_owned());
    bench.key(Key::F4);
    bench.0.get_by_label("Elements of DICOMDIR").click();
    bench.0.run_steps(3);
    bench.wait_for_elements();
    assert!(bench.has("(0004,1130) CS File Set ID HOSPITAL"));
    bench.key(Key::Escape);
    bench.key(Key::F4);
    bench.0.get_by_label("Elements of notes.txt").click();
    bench.0.run_steps(3);
    bench.wait_until("it has none", |session| matches!(session.elements(), Elements::Failed(_)));
    assert!(bench.has("No elements: not DICOM"));
}

/// An element of explicit little endian.
fn element(group: u16, number: u16, vr: &[u8], value: &[u8]) -> Vec<u8> {
    let length = u16::try_from(value.len()).expect("a short value").to_le_bytes();
    [&group.to_le_bytes()[..], &number.to_le_bytes(), vr, &length, value].concat()
}

/// A file with a header that makes no sense: 17 of 16 bits.
fn refused() -> Vec<u8> {
    [
        vec![0; 128],
        b"DICM".to_vec(),
        element(2, 0x10, b"UI", b"1.2.840.10008.1.2.1\0"),
        element(8, 0x60, b"CS", b"MR"),
        element(0x28, 2, b"US", &[1, 0]),
        element(0x28, 0x10, b"US", &[2, 0]),
        element(0x28, 0x11, b"US", &[3, 0]),
        element(0x28, 0x100, b"US", &[16, 0]),
        element(0x28, 0x101, b"US", &[17, 0]),
        [&[0xE0, 0x7F, 0x10, 0, b'O', b'W', 0, 0, 12, 0, 0, 0][..], &[0; 12]].concat(),
    ]
    .concat()
}

#[test]
fn what_is_refused_in_an_archive_shows_its_elements() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("export.zip");
    let mut secret = zip::stored("secret.dcm", &refused());
    secret.flags = 1;
    let all =
        [zip::stored("a/plain.dcm", &refused()), zip::deflated("a/packed.dcm", &refused()), secret].to_vec();
    zip::write(&path, &all);
    let mut bench = Bench::open(path);
    for name in ["plain.dcm", "packed.dcm"] {
        bench.key(Key::F4);
        assert!(bench.has("17 bits stored in 16 bits allocated"));
        bench.0.get_by_label(&format!("Elements of {name}")).click();
        bench.0.run_steps(3);
        bench.wait_for_elements();
        assert!(bench.has("(0028,0101) US Bits Stored 17"), "{name}");
        bench.key(Key::Escape);
    }
    bench.key(Key::F4);
    let button = bench.0.get_by_label("Elements of secret.dcm");
    assert!(button.accesskit_node().is_disabled(), "nothing can be read of it");
    bench.key(Key::Escape);
}

#[test]
fn paths_are_hidden_with_the_patient_data() {
    let folder = tempfile::tempdir().unwrap();
    let inner = folder.path().join("DOE^JANE");
    std::fs::create_dir(&inner).unwrap();
    let slice = std::fs::read(sample().join("IM001.dcm")).unwrap();
    write_atomic(&inner.join("1.dcm"), &slice).unwrap();
    write_atomic(&inner.join("DOE^JANE.dcm"), &slice).unwrap();
    let mut bench = Bench::open(folder.path().to_owned());
    bench.key(Key::F4);
    assert!(bench.has("same image as ") && bench.has("DOE^JANE"));
    bench.key(Key::Escape);
    bench.key(Key::Y);
    bench.key(Key::F4);
    assert!(bench.has("second copy of an image") && bench.has("Paths are hidden") && !bench.has("DOE^JANE"));
}

#[test]
fn everything_fits_in_the_smallest_window() {
    let folder = tempfile::tempdir().unwrap();
    for number in 0..40 {
        let bytes = [b"%PDF", b"GIF8", b"\x89PNG", b"\xFF\xD8\xFF\xE0"][number % 4];
        write_atomic(&folder.path().join(format!("{number}.bin")), bytes).unwrap();
    }
    write_atomic(&folder.path().join("1.dcm"), &refused()).unwrap();
    let mut bench = Bench::sized([640.0, 480.0], folder.path().to_owned());
    bench.key(Key::F4);
    for label in ["Close", "Elements of 1.dcm"] {
        let rect = bench.0.get_by_label(label).rect();
        assert!(rect.min.x >= 8.0 && rect.max.x <= 632.0 && rect.max.y <= 472.0, "{label} {rect:?}");
    }
    bench.0.get_by_label("Elements of 1.dcm").click();
    bench.0.run_steps(3);
    bench.wait_for_elements();
    let find = bench.0.get_by_label("Find elements").rect();
    let buttons = ["Open all", "Close all", "Copy list"].map(|name| bench.0.get_by_label(name).rect());
    for (a, b) in [(find, buttons[0]), (buttons[0], buttons[1]), (buttons[1], buttons[2])] {
        assert!(a.max.x <= b.min.x, "{a:?} {b:?}");
    }
    assert!(buttons[2].max.x <= 632.0);
    bench.key(Key::Escape);
    bench.key(Key::F1);
    let close = bench.0.get_by_label("Close").rect();
    assert!(close.max.y <= 472.0 && close.min.x >= 8.0, "{close:?}");
    assert!(bench.has("Left drag") || bench.has("left drag"));
}
