//! Films of a series: every frame is what the viewport shows at that slice, and nothing else is in the file.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::disallowed_methods,
    reason = "a test may panic and leave half a file"
)]

#[expect(dead_code, reason = "other tests drive more")]
#[path = "scenario/drive.rs"]
mod drive;
#[expect(dead_code, reason = "frames are drawn elsewhere")]
#[path = "animation/readers.rs"]
mod readers;

use std::fs;
use std::path::Path;

use drive::{CT, Drive, FIRST, assert_nameless, sample};
use isodense::case::Kind;
use isodense::cli::{self, Outcome};
use isodense::export::{AnimationFormat, ViewExport, view_picture};
use isodense::geometry::Mm;
use isodense::image::{Voi, Window};
use isodense::memory::Memory;
use isodense::render::{MarkInput, Picture};
use isodense::session::{Action, CineOptions, Cut, Environment, Leaving, Mark, Readiness, Slices, Tool};
use isodense::view::{Slab, SlabMode, ViewportSize};
use isodense::work::Cancel;
use readers::{blocks, chunks, read};

const PLAIN: CineOptions = CineOptions {
    slices: Slices { from: 3, to: 30, step: 9 },
    frames_per_second: None,
    width: 180,
    marks: false,
    letters: false,
    ruler: false,
};
const SLICES: [usize; 4] = [3, 12, 21, 30];

fn opened() -> Drive {
    let mut drive = Drive::open(&[sample(CT)]);
    prepare(&mut drive);
    drive
}

/// A window and a size of the viewport that no default has.
fn prepare(drive: &mut Drive) {
    drive.apply(Action::Resized(FIRST, ViewportSize { width: 500, height: 400 }));
    let mut look = drive.viewport().view.look.clone();
    look.voi = Voi::Window(Window::linear(40.0, 160.0));
    drive.apply(Action::SetLook(FIRST, look));
}

fn cine(drive: &mut Drive, path: &Path, options: CineOptions) -> Result<u64, String> {
    let path = path.to_owned();
    if path.exists() {
        fs::remove_file(&path).unwrap();
    }
    drive.apply(Action::Leave(Leaving::Cine(FIRST, path, options)));
    drive.wait("the cine is written", |session| session.leaving().is_none() && session.writing().is_none());
    drive.session.written().cloned().unwrap_or_else(|| Err("refused".to_owned()))
}

/// What a picture of the viewport at each of those slices would be.
fn pictures(drive: &mut Drive, options: &CineOptions) -> Vec<Picture> {
    let one = |index: usize| {
        drive.apply(Action::GoToSlice(FIRST, index));
        drive.wait("the slice is there", |session| session.readiness(FIRST) == Readiness::Ready);
        let session = &drive.session;
        let (shown, image) = (session.shown(FIRST).unwrap(), session.shown_image(FIRST).unwrap());
        let marks = session.marks(FIRST);
        let marks: Vec<MarkInput<'_>> = marks.iter().map(Mark::input).collect();
        let (view, viewport) = (&shown.viewport.view, session.workspace().size(FIRST));
        let export =
            ViewExport { image: image.image(), view, viewport, marks: &marks, fonts: session.fonts() };
        view_picture(&export, &options.view(), &Cancel::default()).unwrap()
    };
    SLICES.map(one).into()
}

#[test]
fn a_frame_is_the_picture_of_its_slice() {
    let folder = tempfile::tempdir().unwrap();
    let mut drive = opened();
    let expected = pictures(&mut drive, &PLAIN);
    assert!(expected.windows(2).all(|two| two[0] != two[1]) && expected[0].is_grey());
    for (name, delay) in [("a.gif", (10, 100)), ("a.png", (1, 10)), ("a.apng", (1, 10))] {
        let path = folder.path().join(name);
        let size = cine(&mut drive, &path, PLAIN).unwrap();
        let bytes = fs::read(&path).unwrap();
        assert_eq!(size, bytes.len() as u64);
        let film = read(AnimationFormat::of(&path).unwrap(), &bytes);
        assert!(film.shown == expected, "{name}");
        assert_eq!(film.delays, [delay; 4]);
        assert!(film.forever);
    }
    let export = drive.session.written();
    assert!(export.is_some() && drive.has_notice("The cine was written."));
}

#[test]
fn marks_letters_and_ruler_are_those_of_a_picture() {
    let folder = tempfile::tempdir().unwrap();
    let mut drive = opened();
    drive.apply(Action::GoToSlice(FIRST, 12));
    drive.settle();
    drive.apply(Action::Choose(Tool::Measure(Kind::Ellipse)));
    drive.drag([120.0, 140.0], [160.0, 171.0]);
    let options =
        CineOptions { marks: true, letters: true, ruler: true, frames_per_second: Some(4.0), ..PLAIN };
    let expected = pictures(&mut drive, &options);
    let [gif, png] = ["a.gif", "a.png"].map(|name| folder.path().join(name));
    cine(&mut drive, &png, options).unwrap();
    let film = read(AnimationFormat::Apng, &fs::read(&png).unwrap());
    assert!(film.shown == expected);
    assert_eq!(film.delays, [(1, 4); 4]);
    cine(&mut drive, &gif, options).unwrap();
    for (before, after) in expected.iter().zip(read(AnimationFormat::Gif, &fs::read(&gif).unwrap()).shown) {
        let (worst, rms) = readers::errors(before, &after);
        assert!(worst <= 1 && rms < 8.0, "{worst} {rms}");
    }
    // Marks alone are in colour on their slice; without them nothing is.
    let color = |drive: &mut Drive, options| {
        cine(drive, &png, options).unwrap();
        fs::read(&png).unwrap()[25]
    };
    assert_eq!(color(&mut drive, PLAIN), 0);
    assert_eq!(color(&mut drive, CineOptions { marks: true, ..PLAIN }), 2);
    assert_eq!(color(&mut drive, CineOptions { ruler: true, ..PLAIN }), 2);
}

#[test]
fn planes_and_slices_that_are_not_loaded_are_frames_too() {
    let folder = tempfile::tempdir().unwrap();
    let (gif, other) = (folder.path().join("a.gif"), folder.path().join("b.gif"));
    let mut drive = opened();
    cine(&mut drive, &gif, PLAIN).unwrap();
    // So little memory that only the slices near the one shown are kept.
    let mut poor = Drive::with(Environment { memory: Memory::Fixed(1 << 16), ..Environment::for_tests() });
    poor.apply(Action::Open(vec![sample(CT)]));
    poor.settle();
    prepare(&mut poor);
    let series = poor.shown().series;
    assert!(poor.session.library().loaded(series) < series.frames.len());
    cine(&mut poor, &other, PLAIN).unwrap();
    assert!(fs::read(&gif).unwrap() == fs::read(&other).unwrap());
    drive.apply(Action::SetCut(FIRST, Cut::Coronal));
    drive.apply(Action::SetSlab(FIRST, Slab { thickness: Mm(8.0), mode: SlabMode::Mean }));
    drive.settle();
    let expected = pictures(&mut drive, &PLAIN);
    cine(&mut drive, &gif, PLAIN).unwrap();
    assert!(read(AnimationFormat::Gif, &fs::read(&gif).unwrap()).shown == expected);
}

#[test]
fn a_cancelled_cine_leaves_what_was_there() {
    let folder = tempfile::tempdir().unwrap();
    let mut drive = opened();
    let path = folder.path().join("a.gif");
    fs::write(&path, b"old").unwrap();
    for start in ["a.gif", "b.png"] {
        let path = folder.path().join(start);
        let options = CineOptions { slices: Slices::ALL, width: 2000, ..PLAIN };
        let export = Leaving::Cine(FIRST, path.clone(), options);
        drive.apply(Action::Leave(export.clone()));
        drive.wait("it is being written", |session| session.writing().is_some());
        assert!(drive.session.writing().is_some_and(|export| export.path == path));
        drive.apply(Action::Leave(export));
        assert!(drive.has_notice("Another file is being written"));
        drive.apply(Action::CancelWriting);
        drive.wait("it is cancelled", |session| session.writing().is_none());
        assert_eq!(drive.session.written(), Some(&Err("cancelled".to_owned())));
    }
    assert_eq!(fs::read(&path).unwrap(), b"old");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing half-written stays");
}

#[test]
fn nothing_but_the_frames_is_in_the_file_and_the_same_frames_make_the_same_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let mut drive = opened();
    let options = CineOptions { marks: true, letters: true, ruler: true, ..PLAIN };
    for name in ["a.gif", "a.png"] {
        let path = folder.path().join(name);
        let mut files = Vec::new();
        for _ in 0..2 {
            cine(&mut drive, &path, options).unwrap();
            files.push(fs::read(&path).unwrap());
        }
        assert!(files[0] == files[1], "{name}");
        assert_nameless(name, &files[0]);
        if name == "a.gif" {
            let frames = ["control", "image"].repeat(4);
            assert_eq!(blocks(&files[0]), [&["GIF89a", "NETSCAPE2.0"], &frames[..], &["end"]].concat());
        } else {
            let rest = ["fcTL", "fdAT"].repeat(3);
            let mut found = chunks(&files[0]);
            found.dedup();
            assert_eq!(found, [&["IHDR", "acTL", "fcTL", "IDAT"], &rest[..], &["IEND"]].concat());
        }
    }
}

#[test]
fn what_cannot_be_a_film_is_refused_with_a_reason() {
    let folder = tempfile::tempdir().unwrap();
    let mut drive = Drive::new();
    let path = folder.path().join("a.gif");
    assert!(cine(&mut drive, &path, PLAIN).is_err() && drive.has_notice("Show a series first."));
    let mut drive = opened();
    assert!(cine(&mut drive, &folder.path().join("a.mp4"), PLAIN).is_err());
    assert!(drive.has_notice("Its name must end in .gif, .png or .apng."));
    let fast = CineOptions { frames_per_second: Some(5000.0), ..PLAIN };
    assert!(cine(&mut drive, &path, fast).is_err() && drive.has_notice("is not a speed"));
    let large = CineOptions { width: 29_000, slices: Slices::ALL, ..PLAIN };
    assert!(cine(&mut drive, &path, large).is_err());
    assert!(cine(&mut drive, &folder.path().join("no/a.gif"), PLAIN).is_err());
    assert!(drive.has_notice("The cine was not written."));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn the_command_line_writes_the_same_film() {
    let folder = tempfile::tempdir().unwrap();
    let uid = Drive::open(&[sample(CT)]).shown().series.info.uid.as_str().to_owned();
    let data = sample(CT).display().to_string();
    let run = |more: &[&str]| {
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let all = ["isodense", "cine", &data, "--series", &uid];
        let all = all.iter().chain(more).map(Into::into);
        let Outcome::Exit(code) = cli::run(all, &mut out, &mut err, false) else { panic!("a window") };
        (code, String::from_utf8(out).unwrap(), String::from_utf8(err).unwrap())
    };
    for name in ["a.gif", "a.apng"] {
        let output = folder.path().join(name);
        let path = output.display().to_string();
        let of = ["--from", "31", "--to", "4", "--every", "9", "--window", "40,160", "--width-px", "200"];
        let (code, out, err) = run(&[&of[..], &["--fps", "5", "--plain", "-o", &path]].concat());
        assert_eq!((code, err.as_str()), (0, ""));
        assert!(
            out.starts_with("4 frames, 5.00 a second, ") || out.starts_with("4 frames, 5 a second, "),
            "{out}"
        );
        let bytes = fs::read(&output).unwrap();
        assert_nameless(name, &bytes);
        let film = read(AnimationFormat::of(&output).unwrap(), &bytes);
        assert_eq!((film.shown.len(), film.shown[0].size.width), (4, 200));
        assert!(film.shown.iter().all(Picture::is_grey));
        // Backwards: the first frame is the last slice.
        let (_, _, err) =
            run(&["--plane", "coronal", "--slab", "5", "--every", "60", "--to", "9999", "-o", &path]);
        assert!(err.contains("slices, not 9999"), "{err}");
        let coronal = ["--plane", "coronal", "--slab", "5", "--every", "60", "-o", &path];
        assert_eq!(run(&coronal).0, 1, "the film that is there is not replaced unasked");
        assert_eq!(run(&[&coronal[..], &["--overwrite"]].concat()).0, 0);
    }
    let none = folder.path().join("a.mp4").display().to_string();
    assert_eq!(run(&["-o", &none]).0, 2);
    assert_eq!(run(&["--fps", "0", "-o", &folder.path().join("x.gif").display().to_string()]).0, 1);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
}
