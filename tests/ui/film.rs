//! Films of many frames: each plays at the rate of its file, with the mouse free.

use std::path::{Path, PathBuf};

use egui::{Key, Modifiers};
use isodense::session::ViewportId;

use super::{Bench, CT, FIRST, sample};

const FRAMES: usize = 40;
const COLUMNS: u16 = 7;
const ROWS: u16 = 5;

/// A multi-frame secondary capture that wants to be shown with 8 frames a second.
pub(super) fn film(folder: &Path) -> PathBuf {
    let us = |value: u16| value.to_le_bytes().to_vec();
    let text = |text: &str| text.as_bytes().to_vec();
    let pixels =
        (0..FRAMES * usize::from(COLUMNS * ROWS)).map(|i| u8::try_from(i % 251).expect("small")).collect();
    let elements: Vec<(u16, u16, &str, Vec<u8>)> = vec![
        (0x0002, 0x0010, "UI", text("1.2.840.10008.1.2.1")),
        (0x0008, 0x0016, "UI", text("1.2.840.10008.5.1.4.1.1.7.2")),
        (0x0008, 0x0018, "UI", text("2.25.771.1")),
        (0x0008, 0x0060, "CS", text("OT")),
        (0x0008, 0x2144, "IS", text("8")),
        (0x0018, 0x0040, "IS", text("30")),
        (0x0020, 0x000D, "UI", text("2.25.771.2")),
        (0x0020, 0x000E, "UI", text("2.25.771.3")),
        (0x0028, 0x0002, "US", us(1)),
        (0x0028, 0x0004, "CS", text("MONOCHROME2")),
        (0x0028, 0x0008, "IS", text("40")),
        (0x0028, 0x0010, "US", us(ROWS)),
        (0x0028, 0x0011, "US", us(COLUMNS)),
        (0x0028, 0x0100, "US", us(8)),
        (0x0028, 0x0101, "US", us(8)),
        (0x0028, 0x0102, "US", us(7)),
        (0x0028, 0x0103, "US", us(0)),
        (0x7FE0, 0x0010, "OB", pixels),
    ];
    let mut bytes = vec![0; 128];
    bytes.extend(b"DICM");
    for (group, element, kind, mut value) in elements {
        if value.len() % 2 == 1 {
            value.push(if kind == "UI" || kind == "OB" { 0 } else { b' ' });
        }
        bytes.extend(group.to_le_bytes());
        bytes.extend(element.to_le_bytes());
        bytes.extend(kind.bytes());
        let length = u32::try_from(value.len()).expect("small");
        if kind == "OB" {
            bytes.extend([0, 0]);
            bytes.extend(length.to_le_bytes());
        } else {
            bytes.extend(u16::try_from(length).expect("small").to_le_bytes());
        }
        bytes.extend(value);
    }
    let path = folder.join("film.dcm");
    isodense::store::write_atomic(&path, &bytes).expect("it is written");
    path
}

#[test]
fn each_viewport_plays_at_the_rate_of_its_own_file() {
    const SECOND: ViewportId = ViewportId(1);
    let folder = tempfile::tempdir().unwrap();
    film(folder.path());
    let mut bench = Bench::new();
    bench.open(folder.path());
    bench.keys(Modifiers::COMMAND, Key::Num2);
    // What is opened shows in the active viewport.
    bench.key(Key::Tab);
    bench.keys(Modifiers::COMMAND, Key::O);
    bench.type_path(&sample().join(CT));
    bench.wait_until("both are shown", |session| session.scan().is_none() && session.shown(SECOND).is_some());
    bench.key(Key::Tab);
    assert_eq!(bench.session().workspace().active, FIRST);
    assert!((bench.session().cine_rate(FIRST) - 8.0).abs() < 1e-9);
    assert!((bench.session().cine_rate(SECOND) - 15.0).abs() < 1e-9, "the CT does not say: the usual rate");
    let index = |bench: &Bench, id: ViewportId| bench.session().shown(id).unwrap().index;
    bench.key(Key::Home);
    bench.key(Key::C);
    bench.key(Key::Tab);
    bench.key(Key::Home);
    bench.key(Key::C);
    let now = |bench: &Bench| bench.0.ctx.input(|input| input.time);
    let start = (now(&bench), index(&bench, FIRST), index(&bench, SECOND));
    // The mouse is free: the pointer goes over the image, the film goes on.
    let center = bench.screen(3.0, 2.0);
    for step in 0..12_u8 {
        bench.0.hover_at(center + egui::vec2(f32::from(step), 0.0));
        bench.steps(1);
    }
    let seconds = now(&bench) - start.0;
    assert!(seconds > 0.15, "{seconds}");
    let moved = |id: ViewportId, from: usize, count: usize| (index(&bench, id) + count - from) % count;
    for (id, from, rate) in [(FIRST, start.1, 8.0), (SECOND, start.2, 15.0)] {
        let count = bench.session().shown(id).unwrap().count;
        let expected = (seconds * rate) % count as f64;
        let moved = moved(id, from, count) as f64;
        let off = (moved - expected).abs();
        assert!(off.min(count as f64 - off) <= 1.01, "{id:?}: {moved} is not {expected}");
    }
    let status = bench.0.state().status().expect("the pointer is over the film");
    assert!(status.contains("column"), "{status}");
    bench.key(Key::C);
    let stopped = index(&bench, SECOND);
    bench.steps(4);
    assert_eq!(index(&bench, SECOND), stopped);
}
